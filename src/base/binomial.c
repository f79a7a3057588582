/* The interval of Clopper and Pearson by quantiles of beta distributions: see binomial.h. */
#include "base/binomial.h"

#include "base/quantile.h"

binomial_interval binomial_exact_interval(long count, long of, double confidence)
{
  const double tail = 0.5 * (1 - confidence);
  const double events = (double)count;
  const double others = (double)(of - count);
  return (binomial_interval){
      .low = count <= 0 ? 0 : beta_quantile(tail, events, others + 1),
      .high = count >= of ? 1 : beta_quantile(1 - tail, events + 1, others),
  };
}
