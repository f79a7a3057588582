/* Quantiles and means of weighted patients, counted without the code under test. */
#ifndef TESTS_POPULATION_WEIGHTED_H
#define TESTS_POPULATION_WEIGHTED_H

#include "base/allocate.h"

#include <math.h>
#include <stdlib.h>

typedef struct weighted_number {
  double value, weight;
} weighted_number;

static inline int weighted_by_value(const void *a, const void *b)
{
  const double x = ((const weighted_number *)a)->value;
  const double y = ((const weighted_number *)b)->value;
  return (x > y) - (x < y);
}

static inline double weighted_weight(const double *weights, int i)
{
  return weights != NULL ? weights[i] : 1;
}

/* The smallest value with a share q of the weight up to it. weights may be NULL: all equal. */
static inline double weighted_quantile(int n, const double *values, const double *weights, double q)
{
  weighted_number *sorted = allocate_zeroed((size_t)n, sizeof *sorted);
  double total = 0;
  double below = 0;
  double found = NAN;
  for (int i = 0; i < n; i++) {
    sorted[i] = (weighted_number){values[i], weighted_weight(weights, i)};
    total += sorted[i].weight;
  }
  qsort(sorted, (size_t)n, sizeof *sorted, weighted_by_value);
  for (int i = 0; i < n && isnan(found); i++) {
    below += sorted[i].weight;
    found = below >= q * total ? sorted[i].value : found;
  }
  release(sorted);
  return found;
}

static inline double weighted_mean(int n, const double *values, const double *weights)
{
  double sum = 0;
  double total = 0;
  for (int i = 0; i < n; i++) {
    sum += weighted_weight(weights, i) * values[i];
    total += weighted_weight(weights, i);
  }
  return sum / total;
}

#endif
