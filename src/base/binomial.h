/* Shares of a count, and how sure they are. */
#ifndef BASE_BINOMIAL_H
#define BASE_BINOMIAL_H

typedef struct binomial_interval {
  double low, high;
} binomial_interval;

/* Exact interval of the probability behind `count` events in `of` trials (Clopper and Pearson,
 * Biometrika 26:404, 1934): it holds the truth in at least `confidence` of all samples, whatever
 * the truth is. 0 <= count <= of; of 0: [0, 1]. */
binomial_interval binomial_exact_interval(long count, long of, double confidence);

/* The same for a mean of probabilities that is known as well as a share of `of` trials, which need
 * be no whole number; of a mean that is no number, or no trials: [0, 1]. An infinite `of`: the mean
 * itself. */
binomial_interval binomial_mean_interval(double mean, double of, double confidence);

#endif
