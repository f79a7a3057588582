/* A group of patients in lockstep, from day 0 to the horizon. */
#include "simulate/group.h"

#include "base/allocate.h"
#include "simulate/collect.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
  STOPS_OF_PATIENT = 2 * SCHEDULE_DOSES_MAX,
  STOPS_MAX = STOPS_OF_PATIENT * KERNEL_LANES_MAX + 2 * ENDPOINT_INTERVALS_MAX + ENDPOINT_DAYS_MAX + 4
};

static const double SAME_DAY = 1e-9;   /* days equal up to rounding of decimal input */
static const double FIRST_STEP = 1e-3; /* days, after every change; error control takes over */
/* Days, about 0.1 microseconds: no rate moves a state by a relevant amount in it. Error control asks
 * for less only where a rate jumps (the drug passing its cut-off); such a step is taken as it is. */
static const double SMALLEST_STEP = 1e-12;
enum { FORCED_STEPS_MAX = 20 }; /* in a row: more is no jump but a failure */

struct group {
  const model *model;
  int lanes;
  rosenbrock r;
  double *derived, *state, *scale, *one; /* (n_derived x lanes), (n_states x lanes), (n_states) twice */
  double *scratch;
  void *block; /* the one allocation that holds them all */
  collector *collector;
  /* the run in progress */
  const group_member *member;
  const endpoint_request *request;
  const simulate_settings *settings;
  int next_dose[KERNEL_LANES_MAX]; /* first dose not yet begun */
  double step;                     /* days, proposed for the next step */
  double stop[STOPS_MAX];
  long rejected;
};

static size_t rounded(long count)
{
  const long unit = KERNEL_ALIGNMENT / (long)sizeof(double);
  return (size_t)((count + unit - 1) / unit * unit);
}

/* An aligned place for each array in one block. */
static double *take(double **free_space, long count)
{
  double *taken = *free_space;
  *free_space += rounded(count);
  return taken;
}

group *group_open(const model *m, int lanes, stepdose_error *error)
{
  const model_kernels *kernels = m->kernels(lanes);
  const long states = (long)m->n_states * lanes, derived = (long)m->n_derived * lanes;
  const long scratch = rosenbrock_scratch_size(m->n_states, kernels);
  const size_t total = rounded(derived) + rounded(states) + 2 * rounded(m->n_states) +
                       rounded(scratch) + rounded((long)(sizeof(collector) / sizeof(double)));
  group *g = allocate_zeroed(1, sizeof *g);
  void *block = allocate_zeroed(total + 2 * KERNEL_ALIGNMENT, sizeof(double));
  if (!g || !block) {
    release(g);
    release(block);
    error_no_memory(error, "a simulation workspace");
    return NULL;
  }
  const uintptr_t misaligned = (uintptr_t)block % KERNEL_ALIGNMENT;
  double *space = (double *)((char *)block + (misaligned ? KERNEL_ALIGNMENT - misaligned : 0));
  *g = (group){.model = m, .lanes = lanes, .block = block};
  g->derived = take(&space, derived);
  g->state = take(&space, states);
  g->scale = take(&space, m->n_states);
  g->one = take(&space, m->n_states);
  g->scratch = take(&space, scratch);
  g->collector = (collector *)space;
  for (int i = 0; i < m->n_states; i++) {
    g->scale[i] = m->states[i].scale;
  }
  return g;
}

void group_close(group *g)
{
  if (g) {
    release(g->block);
    release(g);
  }
}

int group_lanes(const group *g) { return g->lanes; }

static int by_value(const void *a, const void *b)
{
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* Sorts days, drops repeats and what lies outside (0, horizon]; returns how many are left. */
static int tidy_stops(double *day, int n, double horizon)
{
  int kept = 0;
  qsort(day, (size_t)n, sizeof *day, by_value);
  for (int i = 0; i < n; i++) {
    const double last = kept ? day[kept - 1] : 0;
    if (day[i] > last + SAME_DAY && day[i] <= horizon) {
      day[kept++] = day[i];
    }
  }
  return kept;
}

/* The days at which integration must stop, increasing, ending with the horizon. */
static int make_stops(group *g, int lanes)
{
  const endpoint_request *q = g->request;
  double *day = g->stop;
  int n = 0;
  for (int p = 0; p < lanes; p++) {
    const schedule *s = g->member[p].doses;
    if (p > 0 && s == g->member[p - 1].doses) {
      continue; /* the usual case: one schedule for all */
    }
    for (int i = 0; i < s->n_doses; i++) {
      day[n++] = s->doses[i].day;
      day[n++] = s->doses[i].day + s->doses[i].duration_days;
    }
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
  return tidy_stops(day, n, q->horizon_days);
}

/* A continuous infusion whose rate changes is not begun anew. */
static bool continues(const schedule *s, const dose *d)
{
  for (int i = 0; d->route == ROUTE_CIV && i < s->n_doses; i++) {
    const dose *other = &s->doses[i];
    if (other->route == ROUTE_CIV && other->day < d->day - SAME_DAY &&
        other->day + other->duration_days >= d->day - SAME_DAY) {
      return true;
    }
  }
  return false;
}

/* Changes the state of one patient as the dose does at its start. */
static void begin_dose(group *g, int p, const dose *d)
{
  const model *m = g->model;
  const int lanes = g->r.kernels->lanes;
  const double *parameters = g->member[p].parameters;
  double *one = g->one;
  for (int i = 0; i < m->n_states; i++) {
    one[i] = g->r.state[i * lanes + p];
  }
  if (d->duration_days <= 0) {
    one[m->routes[d->route].into] += d->amount * m->dose_scale(d->route, parameters);
  }
  if (!continues(g->member[p].doses, d)) {
    m->dose_jump(parameters, one);
  }
  for (int i = 0; i < m->n_states; i++) {
    g->r.state[i * lanes + p] = one[i];
  }
}

/* Begins the doses of this day. */
static void begin_doses(group *g, double day)
{
  for (int p = 0; p < g->r.kernels->lanes; p++) {
    const schedule *s = g->member[p].doses;
    for (; g->next_dose[p] < s->n_doses; g->next_dose[p]++) {
      const dose *d = &s->doses[g->next_dose[p]];
      if (d->day > day + SAME_DAY || d->day >= g->request->horizon_days) {
        break;
      }
      begin_dose(g, p, d);
      collect_dose(g->collector, p, day);
    }
  }
}

static bool lasts_at(const dose *d, double day)
{
  return d->day <= day && day < d->day + d->duration_days;
}

/* Rates of the infusions that run between two stops. */
static void set_infusions(group *g, double middle)
{
  const model *m = g->model;
  const int lanes = g->r.kernels->lanes;
  memset(g->r.input, 0, (size_t)g->r.n * sizeof(double));
  for (int p = 0; p < lanes; p++) {
    const schedule *s = g->member[p].doses;
    for (int i = 0; i < s->n_doses; i++) {
      const dose *d = &s->doses[i];
      if (lasts_at(d, middle)) {
        const double amount = d->amount * m->dose_scale(d->route, g->member[p].parameters);
        g->r.input[m->routes[d->route].into * lanes + p] +=
            d->route == ROUTE_CIV ? amount : amount / d->duration_days;
      }
    }
  }
}

static bool fail(const group *g, double day, const char *what, int *culprit, stepdose_error *error)
{
  const rosenbrock_blame blame = rosenbrock_worst(&g->r);
  *culprit = blame.patient;
  return error_set(error, STEPDOSE_SIMULATION_FAILED,
                   "check parameters and doses for extreme values",
                   "integration stopped at day %.6g in state %s: %s", day,
                   g->model->states[blame.state].name, what);
}

/* Adaptive steps from *day to stop; NULL, or what went wrong. */
static const char *integrate(group *g, double *day, double stop)
{
  rosenbrock *r = &g->r;
  const long *steps = &g->member[0].result->steps;
  bool rejected = false;
  int forced = 0;
  while (*day < stop) {
    /* the last step is stretched a little rather than followed by a tiny one */
    const bool last = *day + 1.01 * g->step >= stop;
    const double h = last ? stop - *day : g->step;
    const bool smallest = h <= SMALLEST_STEP * (*day > 1 ? *day : 1);
    if (*steps + g->rejected >= g->settings->steps_max) {
      return "too many steps";
    }
    const double error = rosenbrock_try(r, h);
    const double factor = rosenbrock_step_factor(r->method, error);
    forced = smallest && error > 1 ? forced + 1 : 0;
    if (error <= 1 || (smallest && isfinite(error) && forced <= FORCED_STEPS_MAX)) {
      collect_step(g->collector, *day, h);
      rosenbrock_accept(r);
      const double next = h * (rejected && factor > 1 ? 1 : factor);
      g->step = last && g->step > next ? g->step : next;
      *day = last ? stop : *day + h;
      rejected = false;
    } else if (smallest) {
      return isfinite(error) ? "the step size became too small" : "a value is not finite";
    } else {
      const double least = SMALLEST_STEP * (*day > 1 ? *day : 1);
      const double next = h * (factor < 0.9 ? factor : 0.9);
      g->step = next > least ? next : least;
      g->rejected++;
      rejected = true;
    }
  }
  return NULL;
}

/* Measured on this model (bench/README.md): Rodas4 is the more accurate for its cost at everyday
 * tolerances, because its shorter steps pass the kinks of homeostasis better; Rodas5P needs a third
 * of its steps when tight. */
static const rosenbrock_method *method_for(const simulate_settings *settings)
{
  if (settings->method) {
    return settings->method;
  }
  return settings->relative_tolerance < SIMULATE_TIGHT ? &rosenbrock_rodas5p : &rosenbrock_rodas4;
}

static void begin(group *g, int lanes)
{
  const model *m = g->model;
  rosenbrock_open(&g->r, method_for(g->settings), m->kernels(lanes), m->n_states, g->scale,
                  g->scratch);
  g->r.derived = g->derived;
  g->r.tolerance = g->settings->relative_tolerance;
  for (int p = 0; p < lanes; p++) {
    for (int i = 0; i < m->n_derived; i++) {
      g->derived[i * lanes + p] = g->member[p].derived[i];
    }
    m->initial_state(g->member[p].parameters, g->one);
    for (int i = 0; i < m->n_states; i++) {
      g->r.state[i * lanes + p] = g->one[i];
    }
    g->next_dose[p] = 0;
  }
  g->step = FIRST_STEP;
  g->rejected = 0;
  collect_open(g->collector, g->request, g->member, &g->r, g->state);
}

bool group_run(group *g, int lanes, const group_member *member, const endpoint_request *request,
               const simulate_settings *settings, int *culprit, stepdose_error *error)
{
  g->member = member;
  g->request = request;
  g->settings = settings;
  begin(g, lanes);
  const int n_stops = make_stops(g, lanes);
  double day = 0;
  for (int i = 0; i < n_stops; i++) {
    begin_doses(g, day);
    set_infusions(g, (day + g->stop[i]) / 2);
    rosenbrock_restart(&g->r);
    g->step = g->step < FIRST_STEP ? g->step : FIRST_STEP;
    const char *wrong = integrate(g, &day, g->stop[i]);
    if (wrong) {
      return fail(g, day, wrong, culprit, error);
    }
  }
  for (int p = 0; p < lanes; p++) {
    member[p].result->rejected_steps = g->rejected;
  }
  collect_close(g->collector);
  return true;
}
