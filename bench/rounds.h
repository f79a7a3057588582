/* Interleaved rounds: every case once in each round, so that what else the machine does in a round
 * meets all cases alike, and ratios are taken within a round. */
#ifndef BENCH_ROUNDS_H
#define BENCH_ROUNDS_H

#include "bench/bench.h"

#include <stdbool.h>

enum { ROUNDS_MAX = 15 };

typedef struct timed {
  bool (*run)(void *context);
  void *context;
  double seconds[ROUNDS_MAX], cpu_seconds[ROUNDS_MAX]; /* filled */
} timed;

typedef struct spread {
  double median, least, most;
} spread;

/* Each case runs once in each round; before them, if warm_up, once unmeasured. False: a case
 * failed.
 */
static inline bool rounds_run(int rounds, bool warm_up, int n, timed *cases)
{
  for (int round = warm_up ? -1 : 0; round < rounds; round++) {
    for (int i = 0; i < n; i++) {
      const double start = bench_seconds(), cpu_start = bench_cpu_seconds();
      if (!cases[i].run(cases[i].context)) {
        return false;
      }
      if (round >= 0) {
        cases[i].seconds[round] = bench_seconds() - start;
        cases[i].cpu_seconds[round] = bench_cpu_seconds() - cpu_start;
      }
    }
  }
  return true;
}

/* Of n numbers, each times `factor`. */
static inline spread rounds_spread(int n, const double *x, double factor)
{
  double sorted[ROUNDS_MAX];
  for (int i = 0; i < n; i++) {
    sorted[i] = factor * x[i];
  }
  const double median = bench_median(sorted, n);
  return (spread){median, sorted[0], sorted[n - 1]};
}

/* Of factor * a / b, round by round. */
static inline spread rounds_ratio(int n, const double *a, const double *b, double factor)
{
  double ratio[ROUNDS_MAX];
  for (int i = 0; i < n; i++) {
    ratio[i] = a[i] / b[i];
  }
  return rounds_spread(n, ratio, factor);
}

#endif
