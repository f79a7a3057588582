/* Cyclic Jacobi rotations (Golub and Van Loan, Matrix Computations, 8.5). */
#include "base/eigen.h"

#include <float.h>
#include <math.h>
#include <string.h>

enum { SWEEPS_MAX = 60 }; /* six are enough for what occurs */

static double off_diagonal(int n, const double *a)
{
  double sum = 0;
  for (int i = 0; i < n; i++) {
    for (int j = 0; j < i; j++) {
      sum += a[i * n + j] * a[i * n + j];
    }
  }
  return sqrt(sum);
}

static double size_of(int n, const double *a)
{
  double largest = 0;
  for (int i = 0; i < n * n; i++) {
    largest = fmax(largest, fabs(a[i]));
  }
  return largest;
}

/* (x, y) -> (c x - s y, s x + c y) */
static void rotate(double *x, double *y, double c, double s)
{
  const double old = *x;
  *x = c * old - s * *y;
  *y = s * old + c * *y;
}

/* Makes a[p][q] zero. */
static void annihilate(int n, double *a, double *vector, int p, int q)
{
  const double apq = a[p * n + q];
  if (fabs(apq) <= 0) {
    return;
  }
  const double theta = (a[q * n + q] - a[p * n + p]) / (2 * apq);
  const double t = copysign(1, theta) / (fabs(theta) + sqrt(theta * theta + 1));
  const double c = 1 / sqrt(t * t + 1), s = t * c;
  for (int k = 0; k < n; k++) {
    rotate(&a[k * n + p], &a[k * n + q], c, s);
  }
  for (int k = 0; k < n; k++) {
    rotate(&a[p * n + k], &a[q * n + k], c, s);
    rotate(&vector[p * n + k], &vector[q * n + k], c, s);
  }
}

static void exchange(int n, double *value, double *vector, int i, int j)
{
  const double kept = value[i];
  value[i] = value[j];
  value[j] = kept;
  for (int k = 0; k < n; k++) {
    const double component = vector[i * n + k];
    vector[i * n + k] = vector[j * n + k];
    vector[j * n + k] = component;
  }
}

static void sort(int n, double *value, double *vector)
{
  for (int i = 0; i < n; i++) {
    int least = i;
    for (int j = i + 1; j < n; j++) {
      least = value[j] < value[least] ? j : least;
    }
    exchange(n, value, vector, i, least);
  }
}

static void point_forward(int n, double *v)
{
  int largest = 0;
  for (int k = 1; k < n; k++) {
    largest = fabs(v[k]) > fabs(v[largest]) ? k : largest;
  }
  for (int k = 0; k < n && v[largest] < 0; k++) {
    v[k] = k == largest ? v[k] : -v[k];
  }
  v[largest] = fabs(v[largest]);
}

void eigen_symmetric(int n, double *matrix, double *value, double *vector)
{
  memset(vector, 0, (size_t)n * (size_t)n * sizeof *vector);
  for (int i = 0; i < n; i++) {
    vector[i * n + i] = 1;
  }
  const double enough = DBL_EPSILON * DBL_EPSILON * size_of(n, matrix);
  for (int sweep = 0; sweep < SWEEPS_MAX && off_diagonal(n, matrix) > enough; sweep++) {
    for (int p = 0; p < n; p++) {
      for (int q = p + 1; q < n; q++) {
        annihilate(n, matrix, vector, p, q);
      }
    }
  }
  for (int i = 0; i < n; i++) {
    value[i] = matrix[i * n + i];
  }
  sort(n, value, vector);
  for (int i = 0; i < n; i++) {
    point_forward(n, &vector[i * n]);
  }
}
