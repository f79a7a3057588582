/* One patient, one schedule: the integrator is stopped exactly at every day where something changes. */
#include "simulate/simulate.h"

#include "base/allocate.h"
#include "simulate/collect.h"
#include "simulate/rosenbrock.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { STOPS_MAX = 2 * SCHEDULE_DOSES_MAX + 2 * ENDPOINT_INTERVALS_MAX + ENDPOINT_DAYS_MAX + 4 };

static const double SAME_DAY = 1e-9;     /* days equal up to rounding of decimal input */
static const double FIRST_STEP = 1e-3;   /* days, after every change; error control takes over */
/* Days, about 0.1 microseconds: no rate moves a state by a relevant amount in it. Error control asks for
 * less only where a rate jumps (the drug passing its cut-off); such a step is taken as it is. */
static const double SMALLEST_STEP = 1e-12;
enum { FORCED_STEPS_MAX = 20 }; /* in a row: more is no jump but a failure */

struct simulate_workspace {
  const model *model;
  rosenbrock group;
  double *derived, *scale, *state; /* (n_derived), (n_states), (n_states) */
  double *scratch;                 /* of the group, aligned */
  void *block;                     /* the one allocation that holds them all */
};

simulate_settings simulate_settings_default(void)
{
  return (simulate_settings){.relative_tolerance = SIMULATE_TOLERANCE, .steps_max = 200000};
}

static long rounded(long count)
{
  const long unit = KERNEL_ALIGNMENT / (long)sizeof(double);
  return (count + unit - 1) / unit * unit;
}

simulate_workspace *simulate_workspace_open(const model *m, stepdose_error *error)
{
  const model_kernels *kernels = m->kernels(1);
  const long derived = rounded(m->n_derived), states = rounded(m->n_states);
  const long total = derived + 2 * states + rosenbrock_scratch_size(m->n_states, kernels);
  simulate_workspace *w = allocate_zeroed(1, sizeof *w);
  void *block = allocate_zeroed((size_t)total + KERNEL_ALIGNMENT, sizeof(double));
  if (!w || !block) {
    release(w);
    release(block);
    error_no_memory(error, "a simulation workspace");
    return NULL;
  }
  const uintptr_t misaligned = (uintptr_t)block % KERNEL_ALIGNMENT;
  *w = (simulate_workspace){.model = m, .block = block};
  w->derived = (double *)((char *)block + (misaligned ? KERNEL_ALIGNMENT - misaligned : 0));
  w->scale = w->derived + derived;
  w->state = w->scale + states;
  w->scratch = w->state + states;
  for (int i = 0; i < m->n_states; i++) {
    w->scale[i] = m->states[i].scale;
  }
  return w;
}

void simulate_workspace_close(simulate_workspace *w)
{
  if (w) {
    release(w->block);
    release(w);
  }
}

/* Everything that one run needs to know. */
typedef struct run {
  simulate_workspace *w;
  const double *parameters;
  const schedule *doses;
  const endpoint_request *request;
  const simulate_settings *settings;
  collector collector;
  double step;   /* days, proposed for the next step */
  int next_dose; /* first dose not yet begun */
  stepdose_error *error;
} run;

static int by_value(const void *a, const void *b)
{
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* The days at which integration must stop, increasing, without repeats, ending with the horizon. */
static int stops_of(const run *r, double stop[STOPS_MAX])
{
  const endpoint_request *q = r->request;
  double day[STOPS_MAX];
  int n = 0, kept = 0;
  for (int i = 0; i < r->doses->n_doses; i++) {
    day[n++] = r->doses->doses[i].day;
    day[n++] = r->doses->doses[i].day + r->doses->doses[i].duration_days;
  }
  for (int i = 0; i < q->n_intervals; i++) {
    day[n++] = q->interval[i].from_day;
    day[n++] = q->interval[i].to_day;
  }
  for (int i = 0; i < q->n_days; i++) {
    day[n++] = q->day[i];
  }
  day[n++] = q->horizon_days - q->last_days;
  day[n++] = q->horizon_days;
  qsort(day, (size_t)n, sizeof *day, by_value);
  for (int i = 0; i < n; i++) {
    const double last = kept ? stop[kept - 1] : 0;
    if (day[i] > last + SAME_DAY && day[i] <= q->horizon_days) {
      stop[kept++] = day[i];
    }
  }
  return kept;
}

static bool lasts_at(const dose *d, double day)
{
  return d->day <= day && day < d->day + d->duration_days;
}

/* A continuous infusion whose rate changes is not begun anew. */
static bool continues(const run *r, const dose *d)
{
  for (int i = 0; d->route == ROUTE_CIV && i < r->doses->n_doses; i++) {
    const dose *other = &r->doses->doses[i];
    if (other->route == ROUTE_CIV && other->day < d->day - SAME_DAY &&
        other->day + other->duration_days >= d->day - SAME_DAY) {
      return true;
    }
  }
  return false;
}

/* Begins the doses of this day. */
static void begin_doses(run *r, double day)
{
  const model *m = r->w->model;
  double *state = r->w->group.state;
  for (; r->next_dose < r->doses->n_doses; r->next_dose++) {
    const dose *d = &r->doses->doses[r->next_dose];
    if (d->day > day + SAME_DAY || d->day >= r->request->horizon_days) {
      return;
    }
    if (d->duration_days <= 0) {
      state[m->routes[d->route].into] += d->amount * m->dose_scale(d->route, r->parameters);
    }
    if (!continues(r, d)) {
      m->dose_jump(r->parameters, state);
    }
    collect_dose(&r->collector, day);
  }
}

/* Rates of the infusions that run between two stops. */
static void set_infusions(run *r, double middle)
{
  const model *m = r->w->model;
  double *input = r->w->group.input;
  memset(input, 0, (size_t)m->n_states * sizeof *input);
  for (int i = 0; i < r->doses->n_doses; i++) {
    const dose *d = &r->doses->doses[i];
    if (lasts_at(d, middle)) {
      const double amount = d->amount * m->dose_scale(d->route, r->parameters);
      input[m->routes[d->route].into] +=
          d->route == ROUTE_CIV ? amount : amount / d->duration_days;
    }
  }
}

static bool fail(const run *r, double day, const char *what)
{
  const int i = rosenbrock_worst_state(&r->w->group);
  return error_set(r->error, STEPDOSE_SIMULATION_FAILED,
                   "check parameters and doses for extreme values",
                   "integration stopped at day %.6g in state %s: %s", day,
                   r->w->model->states[i].name, what);
}

/* Adaptive steps from *day to stop. */
static bool integrate(run *r, double *day, double stop)
{
  rosenbrock *g = &r->w->group;
  endpoints *e = r->collector.result;
  bool rejected = false;
  int forced = 0;
  while (*day < stop) {
    /* the last step is stretched a little rather than followed by a tiny one */
    const bool last = *day + 1.01 * r->step >= stop;
    const double h = last ? stop - *day : r->step;
    if (e->steps + e->rejected_steps >= r->settings->steps_max) {
      return fail(r, *day, "too many steps");
    }
    const double error = rosenbrock_try(g, h);
    double factor = rosenbrock_step_factor(g->method, error);
    const bool smallest = h <= SMALLEST_STEP * fmax(1, *day);
    forced = smallest && error > 1 ? forced + 1 : 0;
    if (error <= 1 || (smallest && isfinite(error) && forced <= FORCED_STEPS_MAX)) {
      collect_step(&r->collector, *day, h);
      rosenbrock_accept(g);
      e->steps++;
      *day = last ? stop : *day + h;
      factor = rejected ? fmin(factor, 1) : factor;
      r->step = last ? fmax(r->step, h * factor) : h * factor;
      rejected = false;
    } else {
      e->rejected_steps++;
      r->step = fmax(h * fmin(factor, 0.9), SMALLEST_STEP * fmax(1, *day));
      rejected = true;
      if (smallest) {
        return fail(r, *day, isfinite(error) ? "the step size became too small"
                                             : "a value is not finite");
      }
    }
  }
  return true;
}

/* Measured on this model: Rodas4 is the more accurate for its cost at everyday tolerances, because its
 * shorter steps pass the kinks of homeostasis better; Rodas5P needs a third of its steps when tight. */
static const rosenbrock_method *method_for(const simulate_settings *settings)
{
  if (settings->method) {
    return settings->method;
  }
  return settings->relative_tolerance < SIMULATE_TIGHT ? &rosenbrock_rodas5p : &rosenbrock_rodas4;
}

static bool begin(run *r, endpoints *result, trajectory *samples)
{
  simulate_workspace *w = r->w;
  const model *m = w->model;
  rosenbrock_open(&w->group, method_for(r->settings), m->kernels(1), m->n_states, w->scale,
                  w->scratch);
  if (!m->derive(r->parameters, w->derived, r->error)) {
    return false;
  }
  w->group.derived = w->derived;
  w->group.tolerance = r->settings->relative_tolerance;
  m->initial_state(r->parameters, w->group.state);
  collect_open(&r->collector, r->request, r->doses, &w->group, w->state, result, samples);
  return true;
}

static void count_burden(const run *r, endpoints *e)
{
  schedule given = *r->doses;
  given.n_doses = e->n_windows;
  e->n_doses = given.n_doses;
  e->total_mg = schedule_total_mg(&given);
  e->n_visits = schedule_visits(&given, r->request->horizon_days);
}

bool simulate_patient(simulate_workspace *w, const double *parameters, const schedule *doses,
                      const endpoint_request *request, const simulate_settings *settings,
                      endpoints *result, trajectory *samples, stepdose_error *error)
{
  run r = {.w = w, .parameters = parameters, .doses = doses, .request = request,
           .settings = settings, .error = error};
  if (!begin(&r, result, samples)) {
    return false;
  }
  double stop[STOPS_MAX], day = 0;
  const int n = stops_of(&r, stop);
  r.step = FIRST_STEP;
  for (int i = 0; i < n; i++) {
    begin_doses(&r, day);
    set_infusions(&r, (day + stop[i]) / 2);
    rosenbrock_restart(&w->group);
    r.step = fmin(r.step, FIRST_STEP);
    if (!integrate(&r, &day, stop[i])) {
      return false;
    }
  }
  collect_close(&r.collector);
  count_burden(&r, result);
  return true;
}
