/* Draws of fitted parameters: normal on their scales with the covariance of the fit, cut off at the
 * bounds. For "the probability that a limit holds" over what the evidence leaves open. */
#ifndef OPTIMIZE_FIT_DRAW_H
#define OPTIMIZE_FIT_DRAW_H

#include "optimize/fit.h"

typedef struct fit_distribution {
  int n; /* at most FIT_PARAMETERS_MAX */
  fit_scale scale[FIT_PARAMETERS_MAX];
  double value[FIT_PARAMETERS_MAX], low[FIT_PARAMETERS_MAX], high[FIT_PARAMETERS_MAX];
  const double *covariance; /* (n x n) on the scales, symmetric; may be singular; borrowed */
} fit_distribution;

typedef struct fit_draws fit_draws;

/* Copies what it needs. NULL with *error filled: no memory, or numbers that are not finite. */
fit_draws *fit_draws_open(const fit_distribution *of, uint64_t seed, stepdose_error *error);
void fit_draws_close(fit_draws *d);

/* Draw `index` (0, 1, ...), the same for the same seed whatever was drawn before: value (n). False:
 * nothing within the bounds was met in many tries, and the last one was moved to its nearest
 * bounds. May be called from several threads. */
bool fit_draw(const fit_draws *d, long index, double *value);

#endif
