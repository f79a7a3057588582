/* Which properties of a Latin hypercube of molecules go with the goal: rank correlations. */
#include "study/map_parts.h"

#include "base/allocate.h"

#include <math.h>

enum { MOLECULES_LEAST = 5 };

/* Ranks from 0.5 on; equal values share theirs. */
static void find_ranks(const double *value, int n, double *rank)
{
  for (int i = 0; i < n; i++) {
    int below = 0, equal = 0;
    for (int j = 0; j < n; j++) {
      below += value[j] < value[i];
      equal += value[j] == value[i];
    }
    rank[i] = below + 0.5 * equal;
  }
}

/* The mean of ranks is n / 2. NAN where all of one kind are equal. */
static double correlation(const double *a, const double *b, int n)
{
  double both = 0, of_a = 0, of_b = 0;
  for (int i = 0; i < n; i++) {
    const double x = a[i] - 0.5 * n, y = b[i] - 0.5 * n;
    both += x * y;
    of_a += x * x;
    of_b += y * y;
  }
  return of_a > 0 && of_b > 0 ? both / sqrt(of_a * of_b) : (double)NAN;
}

static bool keeps_limits(const map_point *p)
{
  return p->status == MAP_VERIFIED || p->status == MAP_IN_SAMPLE_ONLY;
}

/* Values of an axis (-1: the goal) of the molecules that keep every limit; how many. */
static int collect(const study_map *m, int axis, double *value)
{
  int n = 0;
  for (long i = 0; i < m->n_points; i++) {
    if (keeps_limits(&m->point[i])) {
      value[n++] = axis < 0 ? m->point[i].goal : m->at[i * m->n_axes + axis];
    }
  }
  return n;
}

bool map_find_influence(study_map *m)
{
  if (!m->sampled) {
    return true;
  }
  double *scratch = allocate_zeroed(3 * (size_t)m->n_points, sizeof *scratch);
  if (scratch == NULL) {
    return false;
  }
  double *value = scratch, *goal_rank = scratch + m->n_points, *rank = goal_rank + m->n_points;
  const int n = collect(m, -1, value);
  find_ranks(value, n, goal_rank);
  for (int k = 0; k < m->n_axes && n >= MOLECULES_LEAST; k++) {
    collect(m, k, value);
    find_ranks(value, n, rank);
    m->axis[k].influence = correlation(rank, goal_rank, n);
  }
  release(scratch);
  return true;
}
