/* Small models to fit, with data made or given, and helpers to run them. */
#ifndef TESTS_OPTIMIZE_FIT_PROBLEMS_H
#define TESTS_OPTIMIZE_FIT_PROBLEMS_H

#include "base/random.h"
#include "optimize/fit.h"

#include <math.h>

enum { FIT_TEST_ROWS = 64 };

/* What a row predicts, from the parameters and its own number x. */
typedef double fit_curve(const double *value, double x);

typedef struct fit_model {
  fit_curve *curve;
  int n_parameters, n_rows;
  fit_parameter parameter[8];
  fit_row row[FIT_TEST_ROWS];
  double x[FIT_TEST_ROWS];
  double error[FIT_TEST_ROWS];        /* of predictions, on the scale of the row */
  bool (*fails)(const double *value); /* may be NULL */
} fit_model;

static inline bool run_fit_model(void *context, long n, const double *points, double *values,
                                 bool *failed, stepdose_error *error)
{
  const fit_model *m = context;
  (void)error;
  for (long i = 0; i < n; i++) {
    const double *value = &points[i * m->n_parameters];
    failed[i] = m->fails != NULL && m->fails(value);
    for (int r = 0; r < m->n_rows; r++) {
      values[i * 2 * m->n_rows + r] = m->curve(value, m->x[r]);
      values[i * 2 * m->n_rows + m->n_rows + r] = m->error[r];
    }
  }
  return true;
}

static inline fit_task fit_task_of(fit_model *m)
{
  return (fit_task){.n_parameters = m->n_parameters,
                    .n_rows = m->n_rows,
                    .parameter = m->parameter,
                    .row = m->row,
                    .evaluate = run_fit_model,
                    .context = m,
                    .seed = 1};
}

static inline fit_row normal_row(double observed, double sd)
{
  return (fit_row){.law = FIT_LAW_NORMAL, .observed = observed, .sd = sd, .weight = 1, .group = -1};
}

static inline fit_row binomial_row(double share, double n)
{
  return (fit_row){.law = FIT_LAW_BINOMIAL, .observed = share, .n = n, .weight = 1, .group = -1};
}

static inline fit_parameter linear_parameter(const char *name, double start, double low,
                                             double high)
{
  return (fit_parameter){.name = name, .start = start, .low = low, .high = high};
}

static inline fit_parameter log_parameter(const char *name, double start, double low, double high)
{
  return (fit_parameter){
      .name = name, .scale = FIT_SCALE_LOG10, .start = start, .low = low, .high = high};
}

static inline double line(const double *v, double x) { return v[0] + v[1] * x; }
static inline double decay(const double *v, double x) { return v[0] * exp(-v[1] * x); }
static inline double logistic(const double *v, double x)
{
  return 1 / (1 + exp(-(v[0] + v[1] * x)));
}
/* Only the product of the first two shows. */
static inline double product(const double *v, double x) { return v[0] * v[1] * exp(-v[2] * x); }

/* Observations around the curve at `truth`, and starts away from it. */
static inline void make_observations(fit_model *m, const double *truth, random_stream *random)
{
  for (int r = 0; r < m->n_rows; r++) {
    fit_row *row = &m->row[r];
    const double eta = m->curve(truth, m->x[r]);
    if (row->law == FIT_LAW_BINOMIAL) {
      int count = 0;
      for (int i = 0; i < (int)row->n; i++) {
        count += random_uniform(random) < eta;
      }
      row->observed = count / row->n;
    } else {
      row->observed =
          fit_unscaled(row->scale, fit_scaled(row->scale, eta) + row->sd * random_normal(random));
    }
  }
}

#endif
