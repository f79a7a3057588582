/* Row-wise Cholesky decomposition (Golub and Van Loan, Matrix Computations, 4.2). */
#include "base/cholesky.h"

#include <math.h>

/* A pivot below this share of its diagonal is rounding noise: the matrix counts as singular. */
static const double PIVOT_SHARE = 1e-14;

static double dot(const double *a, const double *b, int n)
{
  double sum = 0;
  for (int i = 0; i < n; i++) {
    sum += a[i] * b[i];
  }
  return sum;
}

bool cholesky_factor(int n, double *matrix)
{
  for (int i = 0; i < n; i++) {
    double *row = matrix + i * n;
    for (int j = 0; j < i; j++) {
      const double *other = matrix + j * n;
      row[j] = (row[j] - dot(row, other, j)) / other[j];
    }
    const double pivot = row[i] - dot(row, row, i);
    if (!(pivot > PIVOT_SHARE * row[i]) || !isfinite(pivot)) {
      return false;
    }
    row[i] = sqrt(pivot);
  }
  return true;
}

void cholesky_solve(int n, const double *factor, double *b)
{
  for (int i = 0; i < n; i++) {
    b[i] = (b[i] - dot(factor + i * n, b, i)) / factor[i * n + i];
  }
  for (int i = n - 1; i >= 0; i--) {
    for (int k = i + 1; k < n; k++) {
      b[i] -= factor[k * n + i] * b[k];
    }
    b[i] /= factor[i * n + i];
  }
}
