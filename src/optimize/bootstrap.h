/* Percentile intervals of any statistic of independent rows by resampling the rows. */
#ifndef OPTIMIZE_BOOTSTRAP_H
#define OPTIMIZE_BOOTSTRAP_H

#include "stepdose.h"

/* Values (n_values) of the statistic where row r counts weight[r] times (0, 1, 2, ...); NAN where a
 * value is not defined. With all weights 1 it is the estimate from all rows. */
typedef void bootstrap_statistic(const void *context, const double *weight, double *value);

typedef struct bootstrap {
  long rows;
  double each; /* how much of a row of its own everyone is: 0 or 1, all of it; less where some are
                  the same twice. A resample draws so many fewer, and spreads so much more */
  int n_values;
  int resamples; /* >= 2 */
  double level;  /* for example 0.95: from the 2.5th to the 97.5th percentile */
  uint64_t seed;
  bootstrap_statistic *statistic;
  const void *context; /* borrowed */
} bootstrap;

/* Fills low and high (n_values each). A value that is NAN in more than half of the resamples has
 * the interval NAN to NAN; otherwise such resamples are left out. Rows of a design of scrambled
 * Sobol points are more evenly spread than independent ones: then intervals are rather too wide.
 * False: no memory. */
bool bootstrap_intervals(const bootstrap *b, double *low, double *high, stepdose_error *error);

#endif
