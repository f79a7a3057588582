/* One number per virtual patient, summed up: percentiles, mean, shares with exact intervals. */
#ifndef STUDY_COHORT_STATISTICS_H
#define STUDY_COHORT_STATISTICS_H

#include "base/binomial.h"
#include "objectives/risk.h"

/* X(ID, name in files, share of the weight below it; the mean has none). */
#define COHORT_STATISTICS(X)                                                                       \
  X(P5, "p5", 0.05)                                                                                \
  X(P25, "p25", 0.25)                                                                              \
  X(MEDIAN, "median", 0.5)                                                                         \
  X(P75, "p75", 0.75)                                                                              \
  X(P95, "p95", 0.95)                                                                              \
  X(MEAN, "mean", NAN)

typedef enum cohort_statistic {
#define X(id, name, share) COHORT_##id,
  COHORT_STATISTICS(X)
#undef X
      COHORT_STATISTIC_COUNT
} cohort_statistic;
extern const char *const cohort_statistic_names[COHORT_STATISTIC_COUNT];

typedef struct cohort_figure {
  double at[COHORT_STATISTIC_COUNT]; /* all NAN where nothing has a weight */
} cohort_figure;

/* Sorts the values. A percentile is the smallest value with at least that share of the weight up to
 * it (the inverted distribution). Values that are no number, and weights of 0, do not count. */
cohort_figure cohort_figure_of(int n, weighted_value *values);

#define COHORT_CONFIDENCE 0.95

typedef struct cohort_share {
  long count, of; /* patients */
  double share;   /* of their weight; NAN of none */
  binomial_interval interval;
} cohort_share;

cohort_share cohort_share_of(long count, long of); /* patients of equal weight */
/* Of weighted patients; the interval is that of as many patients as they are worth (`effective`,
 * rounded). */
cohort_share cohort_share_weighted(long count, long of, double share, double effective);

#endif
