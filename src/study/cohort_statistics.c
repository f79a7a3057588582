/* One number per virtual patient, summed up: see cohort_statistics.h. */
#include "study/cohort_statistics.h"

#include <math.h>
#include <stdlib.h>

const char *const cohort_statistic_names[COHORT_STATISTIC_COUNT] = {
#define X(id, name, share) name,
    COHORT_STATISTICS(X)
#undef X
};

static const double below[COHORT_STATISTIC_COUNT] = {
#define X(id, name, share) share,
    COHORT_STATISTICS(X)
#undef X
};

/* Allows for the rounding of a sum of weights. */
static const double rounding = 1e-12;

static int by_value(const void *a, const void *b)
{
  const double x = ((const weighted_value *)a)->value;
  const double y = ((const weighted_value *)b)->value;
  return (x > y) - (x < y);
}

/* Moves what counts to the front. */
static int keep_counted(int n, weighted_value *values)
{
  int kept = 0;
  for (int i = 0; i < n; i++) {
    if (!isnan(values[i].value) && values[i].weight > 0) {
      values[kept++] = values[i];
    }
  }
  return kept;
}

cohort_figure cohort_figure_of(int n, weighted_value *values)
{
  cohort_figure figure;
  double total = 0;
  double sum = 0;
  const int kept = keep_counted(n, values);
  qsort(values, (size_t)kept, sizeof *values, by_value);
  for (int i = 0; i < kept; i++) {
    total += values[i].weight;
    sum += values[i].weight * values[i].value;
  }
  for (int s = 0; s < COHORT_MEAN; s++) {
    double up_to = kept > 0 ? values[0].weight : 0;
    int i = 0;
    while (i + 1 < kept && up_to < below[s] * total * (1 - rounding)) {
      up_to += values[++i].weight;
    }
    figure.at[s] = kept > 0 ? values[i].value : (double)NAN;
  }
  figure.at[COHORT_MEAN] = kept > 0 ? sum / total : (double)NAN;
  return figure;
}

cohort_share cohort_share_of(long count, long of)
{
  const double share = of > 0 ? (double)count / (double)of : (double)NAN;
  return cohort_share_weighted(count, of, share, (double)of);
}

cohort_share cohort_share_weighted(long count, long of, double share, double effective)
{
  const long worth = lround(effective);
  const long events = worth > 0 ? lround(share * (double)worth) : 0;
  return (cohort_share){.count = count,
                        .of = of,
                        .share = share,
                        .interval = binomial_exact_interval(events, worth, COHORT_CONFIDENCE)};
}
