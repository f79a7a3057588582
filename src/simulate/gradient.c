/* Central differences in linked lanes. */
#include "simulate/gradient.h"

#include "base/allocate.h"
#include "simulate/rosenbrock.h"

#include <math.h>
#include <string.h>

/* Half a difference: relative for amounts and parameters, in days for days. The error of the
 * quotient is its square times a third derivative. Steps being shared, rounding is far below for
 * amounts and parameters; doses that begin at different times meet the common steps in different
 * phases, so days need the wider difference (1.2 hours; what a day's shift changes, changes over
 * days). */
static const double RELATIVE_STEP = 1e-3, DAY_STEP = 0.05;

/* One changed copy of the patient. */
typedef struct changed_copy {
  schedule doses;
  double *parameters, *derived; /* (n_parameters), (n_derived) */
  endpoints result;
  double at; /* value of the variable */
} changed_copy;

struct gradient {
  const model *model;
  int room;             /* directions */
  changed_copy *copies; /* (2 x room): down, up */
  stream_task *tasks;   /* (2 x room) */
  bool *failed;         /* (2 x room) */
  double *numbers;      /* parameters and derived of all copies */
};

simulate_settings gradient_settings(void)
{
  simulate_settings settings = simulate_settings_default();
  settings.relative_tolerance = 1e-5;
  settings.method = &rosenbrock_rodas5p;
  return settings;
}

gradient *gradient_open(const model *m, int n_directions, stepdose_error *error)
{
  const size_t copies = 2 * (size_t)n_directions;
  const size_t each = (size_t)m->n_parameters + (size_t)m->n_derived;
  gradient *g = allocate_zeroed(1, sizeof *g);
  if (!g) {
    error_no_memory(error, "gradients");
    return NULL;
  }
  *g = (gradient){.model = m, .room = n_directions};
  g->copies = allocate_zeroed(copies, sizeof *g->copies);
  g->tasks = allocate_zeroed(copies, sizeof *g->tasks);
  g->failed = allocate_zeroed(copies, sizeof *g->failed);
  g->numbers = allocate_zeroed(copies, each * sizeof *g->numbers);
  if (!g->copies || !g->tasks || !g->failed || !g->numbers) {
    gradient_close(g);
    error_no_memory(error, "gradients");
    return NULL;
  }
  for (size_t i = 0; i < copies; i++) {
    g->copies[i].parameters = g->numbers + i * each;
    g->copies[i].derived = g->copies[i].parameters + m->n_parameters;
  }
  return g;
}

void gradient_close(gradient *g)
{
  if (g) {
    release(g->copies);
    release(g->tasks);
    release(g->failed);
    release(g->numbers);
    release(g);
  }
}

/* Value of the variable before any change. */
static double value_of(const gradient_direction *d, const schedule *doses, const double *parameters)
{
  switch (d->kind) {
  case GRADIENT_AMOUNT:
    return doses->doses[d->first].amount;
  case GRADIENT_DAY:
    return doses->doses[d->first].day;
  default:
    return parameters[d->parameter];
  }
}

/* The copy with the variable at x, sign -1 or 1 times a step. */
static void change(const gradient_direction *d, double x, double sign, changed_copy *copy)
{
  double step = d->kind == GRADIENT_DAY ? DAY_STEP : RELATIVE_STEP * (x != 0 ? fabs(x) : 1);
  if (d->kind != GRADIENT_PARAMETER && x >= 0 && x - step < 0) {
    step = sign < 0 ? 0 : step; /* doses and days of engager are not negative */
  }
  copy->at = x + sign * step;
  for (int i = d->first; d->kind == GRADIENT_AMOUNT && i <= d->last; i++) {
    copy->doses.doses[i].amount *= x != 0 ? copy->at / x : 1;
    copy->doses.doses[i].amount += x != 0 ? 0 : copy->at;
  }
  for (int i = d->first; d->kind == GRADIENT_DAY && i <= d->last; i++) {
    copy->doses.doses[i].day += copy->at - x;
  }
  if (d->kind == GRADIENT_PARAMETER) {
    copy->parameters[d->parameter] = copy->at;
  }
}

static bool make_copies(gradient *g, const double *parameters, const schedule *doses, int n,
                        const gradient_direction *directions, stepdose_error *error)
{
  for (int i = 0; i < 2 * n; i++) {
    const gradient_direction *d = &directions[i / 2];
    changed_copy *copy = &g->copies[i];
    copy->doses = *doses;
    memcpy(copy->parameters, parameters, (size_t)g->model->n_parameters * sizeof *parameters);
    change(d, value_of(d, doses, parameters), i % 2 ? 1 : -1, copy);
    if (!g->model->derive(copy->parameters, copy->derived, error)) {
      return false;
    }
    g->tasks[i] = (stream_task){copy->parameters, copy->derived, &copy->doses, &copy->result, NULL};
  }
  return true;
}

static double log10_cells(double cells) { return log10(cells > 1 ? cells : 1); }

static void peak_slopes(int n, const peak *down, const peak *up, double width, double *slope)
{
  for (int i = 0; i < n; i++) {
    slope[i] = (up[i].value - down[i].value) / width;
  }
}

static void difference(const model *m, const changed_copy *down, const changed_copy *up,
                       endpoint_slopes *s)
{
  const endpoints *a = &down->result, *b = &up->result;
  const double width = up->at - down->at;
  const int windows = a->n_windows < b->n_windows ? a->n_windows : b->n_windows;
  memset(s, 0, sizeof *s);
  peak_slopes(windows, a->il6, b->il6, width, s->il6);
  peak_slopes(windows, a->activated_cd8, b->activated_cd8, width, s->activated_cd8);
  peak_slopes(windows, a->drive, b->drive, width, s->drive);
  peak_slopes(a->n_intervals, a->il6_interval, b->il6_interval, width, s->il6_interval);
  peak_slopes(a->n_intervals, a->activated_cd8_interval, b->activated_cd8_interval, width,
              s->activated_cd8_interval);
  peak_slopes(a->n_intervals, a->drive_interval, b->drive_interval, width, s->drive_interval);
  peak_slopes(1, &a->il6_course, &b->il6_course, width, &s->il6_course);
  peak_slopes(1, &a->activated_cd8_course, &b->activated_cd8_course, width,
              &s->activated_cd8_course);
  peak_slopes(1, &a->drive_course, &b->drive_course, width, &s->drive_course);
  peak_slopes(m->n_tissues, a->health_nadir, b->health_nadir, width, s->health_nadir);
  for (int i = 0; i < a->n_days; i++) {
    s->log10_tumor_at[i] = (log10_cells(b->tumor_at[i]) - log10_cells(a->tumor_at[i])) / width;
  }
  s->log10_tumor_final = (log10_cells(b->tumor_final) - log10_cells(a->tumor_final)) / width;
  s->log10_kill_average = (b->log10_kill_average - a->log10_kill_average) / width;
  s->log10_kill_smallest_last = (b->log10_kill_smallest_last - a->log10_kill_smallest_last) / width;
}

bool gradient_run(gradient *g, cohort_engine *e, const double *parameters, const schedule *doses,
                  int n_directions, const gradient_direction *directions, const cohort_call *call,
                  endpoint_slopes *slopes, stepdose_error *error)
{
  cohort_report report;
  if (cohort_engine_lanes(e) < 2 || n_directions > g->room) {
    return error_set(error, STEPDOSE_INTERNAL, "open the engine with two lanes or more",
                     "gradients need both copies of a pair side by side");
  }
  if (!make_copies(g, parameters, doses, n_directions, directions, error) ||
      !cohort_run_tasks(e, 2 * n_directions, g->tasks, cohort_engine_lanes(e), call, g->failed,
                        &report, error)) {
    return false;
  }
  if (report.failures > 0) {
    if (error) {
      *error = report.first_error;
    }
    return false;
  }
  for (int i = 0; i < n_directions; i++) {
    difference(g->model, &g->copies[2 * i], &g->copies[2 * i + 1], &slopes[i]);
  }
  return true;
}

gradient_copy gradient_copy_of(const gradient *g, int direction, bool upper)
{
  const changed_copy *copy = &g->copies[2 * direction + (upper ? 1 : 0)];
  return (gradient_copy){copy->at, copy->parameters, &copy->result};
}
