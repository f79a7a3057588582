/* Percentile intervals by resampling rows with replacement: B. Efron, R. J. Tibshirani, An
 * Introduction to the Bootstrap (1993), chapter 13. */
#include "optimize/bootstrap.h"

#include "base/allocate.h"
#include "base/error.h"
#include "base/random.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { RESAMPLE_STREAM = 0x626f6f74 };

typedef struct scratch {
  double *weight; /* (rows) */
  double *value;  /* (n_values x resamples) */
  double *one;    /* (n_values) */
} scratch;

static int by_value(const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* Each resample has a stream of its own. */
static void draw_weights(const bootstrap *b, int resample, double *weight)
{
  const double own = b->each > 0 ? b->each * (double)b->rows : (double)b->rows;
  const long draws = own > 1 ? lround(own) : 1;
  random_stream stream = random_open(b->seed, (uint64_t)(RESAMPLE_STREAM + resample));
  memset(weight, 0, (size_t)b->rows * sizeof *weight);
  for (long r = 0; r < draws; r++) {
    long drawn = (long)(random_uniform(&stream) * (double)b->rows);
    weight[drawn < b->rows ? drawn : b->rows - 1] += 1;
  }
}

static void resample_all(const bootstrap *b, const scratch *s)
{
  for (int k = 0; k < b->resamples; k++) {
    draw_weights(b, k, s->weight);
    b->statistic(b->context, s->weight, s->one);
    for (int v = 0; v < b->n_values; v++) {
      s->value[(long)v * b->resamples + k] = s->one[v];
    }
  }
}

/* Percentile of sorted values, with linear interpolation between ranks. */
static double percentile(const double *sorted, long n, double share)
{
  double rank = share * (double)(n - 1);
  long below = (long)floor(rank);
  long above = below + 1 < n ? below + 1 : below;
  return sorted[below] + (rank - (double)below) * (sorted[above] - sorted[below]);
}

static void interval_of(const bootstrap *b, double *value, double *low, double *high)
{
  long n = 0;
  for (int k = 0; k < b->resamples; k++) {
    if (!isnan(value[k])) {
      value[n] = value[k];
      n++;
    }
  }
  *low = *high = NAN;
  if (2 * n >= b->resamples) {
    qsort(value, (size_t)n, sizeof *value, by_value);
    *low = percentile(value, n, (1 - b->level) / 2);
    *high = percentile(value, n, (1 + b->level) / 2);
  }
}

bool bootstrap_intervals(const bootstrap *b, double *low, double *high, stepdose_error *error)
{
  scratch s = {.weight = allocate_zeroed((size_t)b->rows, sizeof *s.weight),
               .value =
                   allocate_zeroed((size_t)b->n_values * (size_t)b->resamples, sizeof *s.value),
               .one = allocate_zeroed((size_t)b->n_values, sizeof *s.one)};
  bool ready = s.weight != NULL && s.value != NULL && s.one != NULL;
  if (ready) {
    resample_all(b, &s);
    for (int v = 0; v < b->n_values; v++) {
      interval_of(b, &s.value[(long)v * b->resamples], &low[v], &high[v]);
    }
  }
  release(s.weight);
  release(s.value);
  release(s.one);
  return ready || error_no_memory(error, "computing bootstrap intervals");
}
