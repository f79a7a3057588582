/* Functions of the unit cube with known sensitivity, and helpers to run them. */
#ifndef TESTS_OPTIMIZE_SENSITIVITY_PROBLEMS_H
#define TESTS_OPTIMIZE_SENSITIVITY_PROBLEMS_H

#include "base/hash.h"
#include "optimize/global_sensitivity.h"

#include <math.h>

static const double PI = 3.14159265358979323846;

/* Ishigami and Homma (1990), a = 7, b = 0.1, inputs over (-pi, pi). */
static inline double ishigami(const double *u)
{
  double x = PI * (2 * u[0] - 1), y = PI * (2 * u[1] - 1), z = PI * (2 * u[2] - 1);
  return sin(x) + 7 * sin(y) * sin(y) + 0.1 * z * z * z * z * sin(x);
}

static inline double ishigami_variance(void)
{
  return 49.0 / 8 + 0.1 * pow(PI, 4) / 5 + 0.01 * pow(PI, 8) / 18 + 0.5;
}

static inline double ishigami_first(int i)
{
  double partial[3] = {0.5 * pow(1 + 0.1 * pow(PI, 4) / 5, 2), 49.0 / 8, 0};
  return partial[i] / ishigami_variance();
}

static inline double ishigami_interaction(void)
{
  return 0.01 * pow(PI, 8) * (1.0 / 18 - 1.0 / 50) / ishigami_variance();
}

static inline double ishigami_total(int i)
{
  return ishigami_first(i) + (i == 1 ? 0 : ishigami_interaction());
}

/* Sobol's g-function (Saltelli and Sobol 1995): product of (|4 u_i - 2| + a_i) / (1 + a_i). */
typedef struct g_function {
  int n;
  const double *a;
} g_function;

static const double G_8[8] = {0, 1, 4.5, 9, 99, 99, 99, 99};

static inline double g_partial(const g_function *g, int i)
{
  return 1 / (3 * (1 + g->a[i]) * (1 + g->a[i]));
}

static inline double g_variance(const g_function *g)
{
  double product = 1;
  for (int i = 0; i < g->n; i++) {
    product *= 1 + g_partial(g, i);
  }
  return product - 1;
}

static inline double g_first(const g_function *g, int i) { return g_partial(g, i) / g_variance(g); }

static inline double g_total(const g_function *g, int i)
{
  double v = g_partial(g, i);
  return v * (g_variance(g) + 1) / (1 + v) / g_variance(g);
}

static inline double g_second(const g_function *g, int i, int j)
{
  return g_partial(g, i) * g_partial(g, j) / g_variance(g);
}

static inline double g_value(const g_function *g, const double *u)
{
  double product = 1;
  for (int i = 0; i < g->n; i++) {
    product *= (fabs(4 * u[i] - 2) + g->a[i]) / (1 + g->a[i]);
  }
  return product;
}

static inline bool run_ishigami(void *context, long n, const double *points, double *values,
                                bool *failed, stepdose_error *error)
{
  (void)context;
  (void)failed;
  (void)error;
  for (long i = 0; i < n; i++) {
    values[i] = ishigami(points + 3 * i);
  }
  return true;
}

static inline bool run_g(void *context, long n, const double *points, double *values, bool *failed,
                         stepdose_error *error)
{
  const g_function *g = context;
  (void)failed;
  (void)error;
  for (long i = 0; i < n; i++) {
    values[i] = g_value(g, points + g->n * i);
  }
  return true;
}

/* Wraps another evaluation: makes runs fail, asks to stop, counts. Context of run_watched(). */
typedef struct watch {
  batch_evaluate *inner;
  void *context;
  int n_inputs, n_outputs;
  double failing_share; /* of the runs, chosen by the bits of the point */
  bool by_nan;          /* the last output becomes NAN instead of the run failing */
  long runs, failed, calls;
  long stop_at; /* calls; 0: never */
  volatile int stop;
} watch;

static inline bool run_watched(void *context, long n, const double *points, double *values,
                               bool *failed, stepdose_error *error)
{
  watch *w = context;
  w->calls++;
  w->stop = w->stop_at > 0 && w->calls >= w->stop_at;
  if (!w->inner(w->context, n, points, values, failed, error)) {
    return false;
  }
  for (long i = 0; i < n; i++) {
    uint64_t bits = hash_64(points + i * w->n_inputs, (size_t)w->n_inputs * sizeof *points);
    if ((double)(bits >> 11) < w->failing_share * 9007199254740992.0) {
      failed[i] = !w->by_nan;
      values[(i + 1) * w->n_outputs - 1] = (double)NAN;
      w->failed++;
    }
  }
  w->runs += n;
  return true;
}

/* FNV-1a over everything in an outcome. */
static inline uint64_t sensitivity_bits(const sensitivity_outcome *o)
{
  uint64_t hash = 14695981039346656037ULL;
  long counts[] = {o->n_stages, o->rows, o->runs, o->failures, o->stopped, o->n_values};
  hash ^= hash_64(counts, sizeof counts);
  for (long i = 0; i < (long)o->n_stages * o->n_outputs * o->n_values; i++) {
    const sensitivity_index *x = &o->index[i];
    double numbers[] = {x->value, x->low, x->high, (double)x->rows, x->flags};
    hash = (hash ^ hash_64(numbers, sizeof numbers)) * 1099511628211ULL;
  }
  return hash;
}

static inline bool holds(const sensitivity_index *index, double truth)
{
  return index->low <= truth && truth <= index->high;
}

#endif
