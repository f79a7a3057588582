/* Eigenvalues of matrices that are made of known ones, and of one known by hand. */
#include "base/eigen.h"

#include "base/random.h"

#include <criterion/criterion.h>
#include <math.h>

enum { N = 12, CASES = 60 };

/* Gram and Schmidt. */
static void make_rotation(random_stream *random, int n, double *q)
{
  for (int i = 0; i < n; i++) {
    for (int k = 0; k < n; k++) {
      q[i * n + k] = random_normal(random);
    }
    for (int pass = 0; pass < 2; pass++) {
      for (int j = 0; j < i; j++) {
        double dot = 0;
        for (int k = 0; k < n; k++) {
          dot += q[i * n + k] * q[j * n + k];
        }
        for (int k = 0; k < n; k++) {
          q[i * n + k] -= dot * q[j * n + k];
        }
      }
    }
    double length = 0;
    for (int k = 0; k < n; k++) {
      length += q[i * n + k] * q[i * n + k];
    }
    for (int k = 0; k < n; k++) {
      q[i * n + k] /= sqrt(length);
    }
  }
}

/* Sum of value[a] q_a q_a^T. */
static void compose(int n, const double *value, const double *q, double *matrix)
{
  for (int i = 0; i < n * n; i++) {
    matrix[i] = 0;
    for (int a = 0; a < n; a++) {
      matrix[i] += value[a] * q[a * n + i / n] * q[a * n + i % n];
    }
  }
}

Test(base, eigenvalues_are_those_that_the_matrix_was_made_of)
{
  random_stream random = random_open(2, 0);
  for (int c = 0; c < CASES; c++) {
    double q[N * N], matrix[N * N], known[N], value[N], vector[N * N];
    const int n = 1 + c % N;
    make_rotation(&random, n, q);
    for (int a = 0; a < n; a++) { /* increasing over ten decades, the smallest negative */
      known[a] = a == 0 ? -1e-3 : pow(10, -6 + 10.0 * a / N);
    }
    compose(n, known, q, matrix);
    eigen_symmetric(n, matrix, value, vector);
    for (int a = 0; a < n; a++) {
      double along = 0;
      for (int k = 0; k < n; k++) {
        along += vector[a * n + k] * q[a * n + k];
      }
      cr_expect(fabs(value[a] - known[a]) < 1e-14 * 1e4, "case %d: %g instead of %g", c, value[a],
                known[a]);
      cr_expect(fabs(fabs(along) - 1) < 1e-5, "case %d, direction %d: cosine %g", c, a, along);
    }
  }
}

Test(base, eigenvectors_compose_the_matrix_again)
{
  random_stream random = random_open(3, 0);
  for (int c = 0; c < CASES; c++) {
    double given[N * N], matrix[N * N], value[N], vector[N * N], again[N * N];
    const int n = 1 + c % N;
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        given[i * n + j] = given[j * n + i] = random_normal(&random);
      }
    }
    for (int i = 0; i < n * n; i++) {
      matrix[i] = given[i];
    }
    eigen_symmetric(n, matrix, value, vector);
    compose(n, value, vector, again);
    for (int i = 0; i < n * n; i++) {
      cr_expect(fabs(again[i] - given[i]) < 1e-13 * n, "case %d, element %d", c, i);
    }
    for (int a = 1; a < n; a++) {
      cr_expect_leq(value[a - 1], value[a]);
    }
  }
}

/* [[2, 1], [1, 2]]: 1 along (1, -1), 3 along (1, 1). */
Test(base, eigenvalues_of_two_by_two_are_as_by_hand)
{
  double matrix[4] = {2, 1, 1, 2}, value[2], vector[4];
  eigen_symmetric(2, matrix, value, vector);
  cr_expect(fabs(value[0] - 1) < 1e-15 && fabs(value[1] - 3) < 1e-15);
  cr_expect(fabs(vector[0] * vector[1] + 0.5) < 1e-15);
  cr_expect(fabs(vector[2] * vector[3] - 0.5) < 1e-15);
}
