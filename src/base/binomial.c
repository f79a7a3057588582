/* The interval of Clopper and Pearson by quantiles of beta distributions: see binomial.h. */
#include "base/binomial.h"

#include "base/quantile.h"

/* Beyond this many trials the interval is narrower than any number that is printed. */
static const double TRIALS_MOST = 1e12;

static binomial_interval interval_of(double events, double others, double confidence)
{
  const double tail = 0.5 * (1 - confidence);
  return (binomial_interval){
      .low = events <= 0 ? 0 : beta_quantile(tail, events, others + 1),
      .high = others <= 0 ? 1 : beta_quantile(1 - tail, events + 1, others),
  };
}

binomial_interval binomial_mean_interval(double mean, double of, double confidence)
{
  if (!(of > 0) || !(mean >= 0 && mean <= 1)) {
    return (binomial_interval){0, 1};
  }
  if (of > TRIALS_MOST) {
    return (binomial_interval){mean, mean};
  }
  return interval_of(mean * of, (1 - mean) * of, confidence);
}

binomial_interval binomial_exact_interval(long count, long of, double confidence)
{
  return interval_of((double)count, (double)(of - count), confidence);
}
