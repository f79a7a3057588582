/* Sobol indices from Saltelli's design: A. Saltelli et al., Comput. Phys. Commun. 181 (2010) 259,
 * doi 10.1016/j.cpc.2009.09.018, which has the estimators of the first order (its eq. b) and of the
 * total index (eq. f, Jansen 1999); second order: A. Saltelli, Comput. Phys. Commun. 145 (2002)
 * 280, doi 10.1016/S0010-4655(02)00280-1.
 *
 * A row has the runs a = f(A), b = f(B), f(AB_i): A with factor i of B, and for the second order
 * f(BA_i): B with factor i of A. Then A and B may change places in every estimator, and the mean of
 * both is taken. Outputs are counted from their mean, which takes most of the error out of products
 * of two outputs. */
#include "optimize/sensitivity_method.h"

#include <math.h>
#include <string.h>

/* Weighted sums over pairs of runs. */
typedef struct sums {
  double weight, first, total;
} sums;

static int pairs_of(int n) { return n * (n - 1) / 2; }

/* Where an estimate stands among the n_values of an output. */
static int first_place(int factor) { return factor; }

static int total_place(int n, int factor) { return n + factor; }

static int output_place(int n, sobol_measure measure) { return 2 * n + (int)measure; }

static int second_place(int n, int a, int b)
{
  int low = a < b ? a : b, high = a < b ? b : a;
  return 2 * n + SOBOL_MEASURES + low * n - low * (low + 1) / 2 + high - low - 1;
}

static void mix(const sensitivity_task *task, const double *base, const double *donor, int factor,
                double *point)
{
  for (int i = 0; i < task->n_inputs; i++) {
    point[i] = sensitivity_factor(task, i) == factor ? donor[i] : base[i];
  }
}

static void fill(const sensitivity_method *m, long row, double *points)
{
  const sensitivity_task *task = m->task;
  int k = task->n_inputs, n = m->n_factors;
  double u[2 * SENSITIVITY_INPUTS_MAX];
  sensitivity_uniform(m, row, 2 * k, u);
  const double *a = u, *b = u + k;
  memcpy(points, u, 2 * (size_t)k * sizeof *u);
  for (int i = 0; i < n; i++) {
    mix(task, a, b, i, points + (2 + i) * k);
    if (m->second_order) {
      mix(task, b, a, i, points + (2 + n + i) * k);
    }
  }
}

static void reduce(const sensitivity_method *m, long row, const double *output, double *number)
{
  (void)row;
  memcpy(number, output, (size_t)m->block * sizeof *output);
}

/* Run j of row r, counted from the centre. */
static double run_at(const sensitivity_sample *s, long r, int j)
{
  return s->row[r * s->method->width + j] - s->centre;
}

/* Mean and variance over all independent runs, those of A and B. */
static double estimate_output(const sensitivity_sample *s, const double *weight, double *value)
{
  int n = s->method->n_factors;
  double count = 0, sum = 0, squares = 0;
  for (long r = 0; r < s->rows; r++) {
    for (int j = 0; j < 2; j++) {
      double y = run_at(s, r, j);
      if (!isnan(y)) {
        count += weight[r];
        sum += weight[r] * y;
        squares += weight[r] * y * y;
      }
    }
  }
  double mean = sum / count, variance = squares / count - mean * mean;
  value[output_place(n, SOBOL_MEAN)] = mean + s->centre;
  value[output_place(n, SOBOL_VARIANCE)] = variance;
  return variance > 0 ? variance : (double)NAN;
}

/* x, y: two independent runs; xy: x with one factor of y. */
static void add_pair(sums *s, int estimator, double weight, double x, double y, double xy)
{
  if (isnan(x + y + xy)) {
    return;
  }
  s->weight += weight;
  s->first += weight * (estimator == SOBOL_FIRST_JANSEN ? 0.5 * (y - xy) * (y - xy) : y * (xy - x));
  s->total += weight * 0.5 * (x - xy) * (x - xy);
}

static sums sum_factor(const sensitivity_sample *s, const double *weight, int factor)
{
  const sensitivity_method *m = s->method;
  sums all = {0};
  for (long r = 0; r < s->rows; r++) {
    double a = run_at(s, r, 0), b = run_at(s, r, 1);
    add_pair(&all, m->variant, weight[r], a, b, run_at(s, r, 2 + factor));
    if (m->second_order) {
      add_pair(&all, m->variant, weight[r], b, a, run_at(s, r, 2 + m->n_factors + factor));
    }
  }
  return all;
}

static void estimate_factor(const sensitivity_sample *s, const double *weight, double variance,
                            int factor, double *value)
{
  const sensitivity_method *m = s->method;
  sums all = sum_factor(s, weight, factor);
  double first = all.first / all.weight / variance;
  int places[2] = {first_place(factor), total_place(m->n_factors, factor)};
  value[places[0]] = m->variant == SOBOL_FIRST_JANSEN ? 1 - first : first;
  value[places[1]] = all.total / all.weight / variance;
  for (int k = 0; k < 2 && s->used != NULL; k++) {
    s->used[places[k]] = (long)(all.weight / (m->second_order ? 2 : 1));
  }
}

/* f(BA_i) and f(AB_j) share the factors i and j only, and so do f(AB_i) and f(BA_j). */
static void estimate_pair(const sensitivity_sample *s, const double *weight, double variance, int i,
                          int j, double *value)
{
  int n = s->method->n_factors, place = second_place(n, i, j);
  double count = 0, sum = 0;
  for (long r = 0; r < s->rows; r++) {
    double shared = run_at(s, r, 2 + n + i) * run_at(s, r, 2 + j) +
                    run_at(s, r, 2 + i) * run_at(s, r, 2 + n + j);
    double product = 0.5 * shared - run_at(s, r, 0) * run_at(s, r, 1);
    if (!isnan(product)) {
      count += weight[r];
      sum += weight[r] * product;
    }
  }
  value[place] = sum / count / variance - value[first_place(i)] - value[first_place(j)];
  if (s->used != NULL) {
    s->used[place] = (long)count;
  }
}

static void estimate(const void *sample, const double *weight, double *value)
{
  const sensitivity_sample *s = sample;
  int n = s->method->n_factors;
  double variance = estimate_output(s, weight, value), sum = 0;
  for (int i = 0; i < n; i++) {
    estimate_factor(s, weight, variance, i, value);
    sum += value[first_place(i)];
  }
  value[output_place(n, SOBOL_FIRST_SUM)] = sum;
  for (int i = 0; i < n && s->method->second_order; i++) {
    for (int j = i + 1; j < n; j++) {
      estimate_pair(s, weight, variance, i, j, value);
    }
  }
  for (int k = 0; k < SOBOL_MEASURES && s->used != NULL; k++) {
    s->used[output_place(n, (sobol_measure)k)] = s->rows;
  }
}

static unsigned checks(const sensitivity_method *m, int value)
{
  int n = m->n_factors;
  bool of_output = value >= 2 * n && value < 2 * n + SOBOL_MEASURES;
  return of_output ? 0 : SENSITIVITY_CHECK_NEGATIVE | SENSITIVITY_CHECK_ZERO;
}

static void compare(const sensitivity_method *m, sensitivity_index *index)
{
  for (int i = 0; i < m->n_factors; i++) {
    sensitivity_index *first = &index[first_place(i)];
    sensitivity_index *total = &index[total_place(m->n_factors, i)];
    if (first->low > total->high) {
      first->flags |= SENSITIVITY_FIRST_ABOVE_TOTAL;
      total->flags |= SENSITIVITY_FIRST_ABOVE_TOTAL;
    }
  }
}

bool sobol_indices_run(const sensitivity_task *task, sobol_estimator first, bool second_order,
                       sensitivity_outcome *outcome, stepdose_error *error)
{
  *outcome = (sensitivity_outcome){0};
  int n = sensitivity_check_task(task, error);
  if (n == 0) {
    return false;
  }
  int block = second_order ? 2 + 2 * n : 2 + n;
  sensitivity_method method = {.task = task,
                               .n_factors = n,
                               .block = block,
                               .width = block,
                               .n_values = second_place(n, 0, 1) + (second_order ? pairs_of(n) : 0),
                               .variant = (int)first,
                               .second_order = second_order,
                               .fill = fill,
                               .reduce = reduce,
                               .estimate = estimate,
                               .checks = checks,
                               .compare = compare};
  return sensitivity_run(&method, 2 * task->n_inputs, outcome, error);
}

const sensitivity_index *sobol_first_at(const sensitivity_outcome *outcome, int stage, int output,
                                        int factor)
{
  return sensitivity_at(outcome, stage, output, first_place(factor));
}

const sensitivity_index *sobol_total_at(const sensitivity_outcome *outcome, int stage, int output,
                                        int factor)
{
  return sensitivity_at(outcome, stage, output, total_place(outcome->n_factors, factor));
}

const sensitivity_index *sobol_second_at(const sensitivity_outcome *outcome, int stage, int output,
                                         int a, int b)
{
  int place = second_place(outcome->n_factors, a, b);
  return place < outcome->n_values ? sensitivity_at(outcome, stage, output, place) : NULL;
}

const sensitivity_index *sobol_output_at(const sensitivity_outcome *outcome, int stage, int output,
                                         sobol_measure measure)
{
  return sensitivity_at(outcome, stage, output, output_place(outcome->n_factors, measure));
}
