/* Elementary effects: M. D. Morris, Technometrics 33 (1991) 161, doi 10.2307/1269043; mu_star and
 * groups: Campolongo, Cariboni, Saltelli, Environ. Model. Softw. 22 (2007) 1509,
 * doi 10.1016/j.envsoft.2006.10.004; stars: Campolongo, Saltelli, Cariboni, Comput. Phys. Commun.
 * 182 (2011) 978, doi 10.1016/j.cpc.2010.12.039.
 *
 * Levels lie in the middle of their cells, so that no point is on the rim of the cube, where a
 * normal quantile would be infinite. Steps of a star have at least a quarter of the range: a short
 * step would turn the noise of a solver into an effect. */
#include "optimize/sensitivity_method.h"

#include "base/random.h"

#include <math.h>
#include <string.h>

enum { LEVELS = 4 };

/* The order of row r comes from this stream + r. */
static const uint64_t ORDER_STREAM = UINT64_C(0x6f72646500000000);

typedef struct plan {
  double start[SENSITIVITY_INPUTS_MAX];
  double step[SENSITIVITY_INPUTS_MAX]; /* signed */
  int order[SENSITIVITY_INPUTS_MAX];   /* factors in the order in which a trajectory moves them */
} plan;

static void plan_trajectory(const sensitivity_method *m, long row, plan *p)
{
  double u[SENSITIVITY_INPUTS_MAX];
  sensitivity_uniform(m, row, m->task->n_inputs, u);
  for (int i = 0; i < m->task->n_inputs; i++) {
    p->start[i] = (floor(LEVELS * u[i]) + 0.5) / LEVELS;
    p->step[i] = p->start[i] < 0.5 ? 0.5 : -0.5;
  }
  random_stream stream = random_open(m->task->seed, ORDER_STREAM + (uint64_t)row);
  sensitivity_shuffle(&stream, m->n_factors, p->order);
}

static void plan_star(const sensitivity_method *m, long row, plan *p)
{
  double u[2 * SENSITIVITY_INPUTS_MAX];
  int n = m->task->n_inputs;
  sensitivity_uniform(m, row, 2 * n, u);
  for (int i = 0; i < n; i++) {
    double end = u[i] + 0.25 + 0.5 * u[n + i];
    end = end < 1 ? end : fmax(end - 1, 0x1p-53);
    p->start[i] = u[i];
    p->step[i] = end - u[i];
  }
}

static void plan_row(const sensitivity_method *m, long row, plan *p)
{
  if (m->variant == MORRIS_RADIAL) {
    plan_star(m, row, p);
  } else {
    plan_trajectory(m, row, p);
  }
}

static void move(const sensitivity_task *task, const plan *p, int factor, double *point)
{
  for (int i = 0; i < task->n_inputs; i++) {
    if (sensitivity_factor(task, i) == factor) {
      point[i] = p->start[i] + p->step[i];
    }
  }
}

static void fill(const sensitivity_method *m, long row, double *points)
{
  const sensitivity_task *task = m->task;
  size_t size = (size_t)task->n_inputs * sizeof *points;
  bool radial = m->variant == MORRIS_RADIAL;
  plan p;
  plan_row(m, row, &p);
  memcpy(points, p.start, size);
  for (int k = 0; k < m->n_factors; k++) {
    double *point = points + (k + 1) * task->n_inputs;
    memcpy(point, radial ? points : point - task->n_inputs, size);
    move(task, &p, radial ? k : p.order[k], point);
  }
}

/* Change per unit step; of a group, absolute change per root mean square step. */
static double effect(const sensitivity_task *task, const plan *p, int factor, double change)
{
  double squares = 0, step = 0;
  int members = 0;
  for (int i = 0; i < task->n_inputs; i++) {
    if (sensitivity_factor(task, i) == factor) {
      step = p->step[i];
      squares += step * step;
      members++;
    }
  }
  return members == 1 ? change / step : fabs(change) / sqrt(squares / members);
}

static void reduce(const sensitivity_method *m, long row, const double *output, double *number)
{
  bool radial = m->variant == MORRIS_RADIAL;
  plan p;
  plan_row(m, row, &p);
  for (int k = 0; k < m->n_factors; k++) {
    int factor = radial ? k : p.order[k];
    double before = output[radial ? 0 : k];
    number[factor] = effect(m->task, &p, factor, output[k + 1] - before);
  }
}

static int place(const sensitivity_method *m, morris_measure measure, int factor)
{
  return (int)measure * m->n_factors + factor;
}

static void estimate_factor(const sensitivity_sample *s, const double *weight, int factor,
                            double *value)
{
  const sensitivity_method *m = s->method;
  double n = 0, sum = 0, absolute = 0, squares = 0;
  for (long r = 0; r < s->rows; r++) {
    double e = s->row[r * m->width + factor];
    if (!isnan(e)) {
      n += weight[r];
      sum += weight[r] * e;
      absolute += weight[r] * fabs(e);
    }
  }
  double mean = n > 0 ? sum / n : (double)NAN;
  for (long r = 0; r < s->rows; r++) {
    double e = s->row[r * m->width + factor] - mean;
    squares += !isnan(e) ? weight[r] * e * e : 0;
  }
  value[place(m, MORRIS_MU, factor)] = mean;
  value[place(m, MORRIS_MU_STAR, factor)] = n > 0 ? absolute / n : (double)NAN;
  value[place(m, MORRIS_SIGMA, factor)] = n > 1 ? sqrt(squares / (n - 1)) : (double)NAN;
  for (int k = 0; k < MORRIS_MEASURES && s->used != NULL; k++) {
    s->used[place(m, (morris_measure)k, factor)] = (long)n;
  }
}

static void estimate(const void *sample, const double *weight, double *value)
{
  const sensitivity_sample *s = sample;
  for (int factor = 0; factor < s->method->n_factors; factor++) {
    estimate_factor(s, weight, factor, value);
  }
}

/* A mean absolute effect or a standard deviation is never below zero, nor is its interval. */
static unsigned checks(const sensitivity_method *m, int value)
{
  return value / m->n_factors == MORRIS_SIGMA ? 0 : SENSITIVITY_CHECK_ZERO;
}

bool morris_run(const sensitivity_task *task, morris_design design, sensitivity_outcome *outcome,
                stepdose_error *error)
{
  *outcome = (sensitivity_outcome){0};
  int n = sensitivity_check_task(task, error);
  if (n == 0) {
    return false;
  }
  sensitivity_method method = {.task = task,
                               .n_factors = n,
                               .block = n + 1,
                               .width = n,
                               .n_values = MORRIS_MEASURES * n,
                               .variant = (int)design,
                               .fill = fill,
                               .reduce = reduce,
                               .estimate = estimate,
                               .checks = checks};
  int dimensions = design == MORRIS_RADIAL ? 2 * task->n_inputs : task->n_inputs;
  return sensitivity_run(&method, dimensions, outcome, error);
}

const sensitivity_index *morris_at(const sensitivity_outcome *outcome, int stage, int output,
                                   morris_measure measure, int factor)
{
  return sensitivity_at(outcome, stage, output, (int)measure * outcome->n_factors + factor);
}
