/* What the benches share: clocks, medians, the reference patient, the label schedule. */
#ifndef BENCH_BENCH_H
#define BENCH_BENCH_H

#include "simulate/simulate.h"

#include <stdlib.h>
#include <time.h>

static inline double bench_seconds(void)
{
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Of all threads of this program: what it costs, whatever else the machine does. */
static inline double bench_cpu_seconds(void)
{
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static inline int bench_by_value(const void *a, const void *b)
{
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* Sorts x. */
static inline double bench_median(double *x, int n)
{
  qsort(x, (size_t)n, sizeof *x, bench_by_value);
  return n % 2 ? x[n / 2] : (x[n / 2 - 1] + x[n / 2]) / 2;
}

/* 4 h infusions of mg[i] on day[i]. */
static inline schedule bench_schedule(int n, const double *day, const double *mg)
{
  schedule s = {.n_doses = n};
  for (int i = 0; i < n; i++) {
    s.doses[i] = (dose){day[i], mg[i], 4.0 / 24, ROUTE_IV};
  }
  return s;
}

static const double bench_label_day[] = {0, 7, 14, 21, 42};
static const double bench_label_mg[] = {1, 2, 60, 60, 30};
enum { BENCH_LABEL_DOSES = 5 };

#endif
