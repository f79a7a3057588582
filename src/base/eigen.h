/* Eigenvalues and eigenvectors of small symmetric matrices, in memory of the caller. */
#ifndef BASE_EIGEN_H
#define BASE_EIGEN_H

/* matrix (n x n), row by row, symmetric and finite: is used up. value (n): the eigenvalues, the
 * smallest first; vector (n x n): row i is the unit eigenvector of value[i], its largest component
 * positive. Jacobi's rotations: small eigenvalues are exact to rounding of the largest. */
void eigen_symmetric(int n, double *matrix, double *value, double *vector);

#endif
