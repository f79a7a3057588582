/* Cholesky factors of small symmetric positive definite matrices, in memory of the caller. */
#ifndef BASE_CHOLESKY_H
#define BASE_CHOLESKY_H

#include <stdbool.h>

/* matrix (n x n), row by row: its lower triangle is replaced by L with matrix = L L^T; what stands
 * above the diagonal is neither read nor written. False: not positive definite (or not finite). */
bool cholesky_factor(int n, double *matrix);

/* Solves L L^T x = b in place. factor as cholesky_factor leaves it. */
void cholesky_solve(int n, const double *factor, double *b);

#endif
