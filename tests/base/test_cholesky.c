/* Cholesky factors of matrices made from known ones. */
#include "base/cholesky.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "base/random.h"

enum { N = 12, CASES = 50 };

/* A A^T + I with random A: well conditioned and positive definite. */
static void make_matrix(random_stream *random, int n, double *matrix)
{
  double a[N * N];
  for (int i = 0; i < n * n; i++) {
    a[i] = random_normal(random);
  }
  for (int i = 0; i < n; i++) {
    for (int j = 0; j < n; j++) {
      matrix[i * n + j] = i == j;
      for (int k = 0; k < n; k++) {
        matrix[i * n + j] += a[i * n + k] * a[j * n + k];
      }
    }
  }
}

Test(base, a_solved_system_gives_back_its_solution)
{
  random_stream random = random_open(1, 0);
  for (int c = 0; c < CASES; c++) {
    double matrix[N * N], x[N], b[N] = {0};
    const int n = 1 + c % N;
    make_matrix(&random, n, matrix);
    for (int i = 0; i < n; i++) {
      x[i] = random_normal(&random);
    }
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        b[i] += matrix[i * n + j] * x[j];
      }
    }
    cr_assert(cholesky_factor(n, matrix), "case %d of size %d", c, n);
    cholesky_solve(n, matrix, b);
    for (int i = 0; i < n; i++) {
      cr_expect(fabs(b[i] - x[i]) < 1e-10, "case %d: %g instead of %g", c, b[i], x[i]);
    }
  }
}

Test(base, the_factor_of_a_correlation_is_as_by_hand)
{
  double matrix[4] = {1, NAN, 0.6, 1}; /* above the diagonal nothing is read */
  cr_assert(cholesky_factor(2, matrix));
  cr_expect(fabs(matrix[2] - 0.6) < 1e-15 && fabs(matrix[3] - 0.8) < 1e-15);
}

Test(base, matrices_that_are_not_positive_definite_are_refused)
{
  static const double matrices[][9] = {
      {1, 0, 0, 0.9, 1, 0, -0.9, 0.9, 1}, /* three such correlations contradict each other */
      {1, 0, 0, 1, 1, 0, 0, 0, 1},        /* singular */
      {-1, 0, 0, 0, 1, 0, 0, 0, 1},
      {1, 0, 0, (double)NAN, 1, 0, 0, 0, 1},
  };
  for (size_t i = 0; i < sizeof matrices / sizeof matrices[0]; i++) {
    double matrix[9];
    memcpy(matrix, matrices[i], sizeof matrix);
    cr_expect(!cholesky_factor(3, matrix), "matrix %zu", i);
  }
}
