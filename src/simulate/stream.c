/* A stream of simulations through lanes. */
#include "simulate/stream.h"

#include "base/allocate.h"
#include "simulate/collect.h"
#include "simulate/dosing.h"

#include <math.h>
#include <string.h>

/* Linked lanes share the stops of all of them. */
enum { STOPS_MAX = DOSING_STOPS_OF_DOSES * KERNEL_LANES_MAX + DOSING_STOPS_OF_REQUEST };

static const double FIRST_STEP = 1e-3; /* days, after every change; error control takes over */
/* Days, about 0.1 microseconds: no rate moves a state by a relevant amount in it. Error control
 * asks for less only where a rate jumps (the drug passing its cut-off); such a step is taken as it
 * is. */
static const double SMALLEST_STEP = 1e-12;
enum { FORCED_STEPS_MAX = 20 }; /* in a row: more is no jump but a failure */

/* The run of one patient. */
typedef struct lane_run {
  const stream_task *task; /* NULL: the lane is idle */
  double *stop; /* days at which integration must stop, increasing, ending with the horizon */
  int n_stops, next_stop;
  int next_dose;              /* first dose not yet begun */
  bool reporting;             /* day 0 has been reached */
  double step;                /* days, proposed for the next step */
  bool reaches_stop;          /* the step being tried ends at stop[next_stop] */
  bool at_stop;               /* stop[next_stop - 1] has been reached and not yet been dealt with */
  bool rejected;              /* the last step was */
  int forced;                 /* steps in a row that were taken in spite of their error */
  long steps, steps_rejected; /* here, not in the result: results of two threads lie side by side */
  bool parked;                /* idle, and its arrays repeat those of a running lane */
} lane_run;

struct stream {
  const model *model;
  int lanes;
  rosenbrock r;
  double *state, *scale, *one; /* (n_states x lanes), (n_states) twice: scratch */
  double *scratch;             /* of r */
  void *block;                 /* the one allocation that holds all arrays */
  collector *collector;
  /* the run in progress */
  const stream_source *source;
  const endpoint_request *request;
  const simulate_settings *settings;
  bool linked, exhausted; /* exhausted: the source has no more */
  lane_run lane[KERNEL_LANES_MAX];
  double day[KERNEL_LANES_MAX];
};

/* --- memory ----------------------------------------------------------------------------------- */

static size_t rounded(long count)
{
  const long unit = KERNEL_ALIGNMENT / (long)sizeof(double);
  return (size_t)((count + unit - 1) / unit * unit);
}

/* An aligned place for an array in the block. */
static double *take(double **free_space, long count)
{
  double *taken = *free_space;
  *free_space += rounded(count);
  return taken;
}

static void lay_out(stream *s, double *space)
{
  const model *m = s->model;
  const long states = (long)m->n_states * s->lanes;
  s->r.derived = take(&space, (long)m->n_derived * s->lanes);
  s->state = take(&space, states);
  s->scale = take(&space, m->n_states);
  s->one = take(&space, m->n_states);
  s->scratch = take(&space, rosenbrock_scratch_size(m->n_states, m->kernels(s->lanes)));
  for (int p = 0; p < s->lanes; p++) {
    s->lane[p].stop = take(&space, STOPS_MAX);
  }
  s->collector = (collector *)space;
}

stream *stream_open(const model *m, int lanes, stepdose_error *error)
{
  const long arrays = (long)(rounded((long)m->n_derived * lanes) +
                             rounded((long)m->n_states * lanes) + 2 * rounded(m->n_states) +
                             rounded(rosenbrock_scratch_size(m->n_states, m->kernels(lanes))) +
                             rounded(STOPS_MAX) * (size_t)lanes);
  const size_t bytes = (size_t)arrays * sizeof(double) + sizeof(collector) + 2 * KERNEL_ALIGNMENT;
  stream *s = allocate_zeroed(1, sizeof *s);
  void *block = allocate_zeroed(1, bytes);
  if (!s || !block) {
    release(s);
    release(block);
    error_no_memory(error, "a simulation workspace");
    return NULL;
  }
  *s = (stream){.model = m, .lanes = lanes, .block = block};
  const uintptr_t misaligned = (uintptr_t)block % KERNEL_ALIGNMENT;
  lay_out(s, (double *)((char *)block + (misaligned ? KERNEL_ALIGNMENT - misaligned : 0)));
  for (int i = 0; i < m->n_states; i++) {
    s->scale[i] = m->states[i].scale;
  }
  return s;
}

void stream_close(stream *s)
{
  if (s) {
    release(s->block);
    release(s);
  }
}

int stream_lanes(const stream *s) { return s->lanes; }

/* --- one patient's lane ----------------------------------------------------------------------- */

/* The day on which the patient of a lane begins, and the days at which to stop. */
static void set_stops(stream *s, int p)
{
  lane_run *l = &s->lane[p];
  int n = dosing_stops_of_doses(l->task->doses, l->stop, 0);
  n = dosing_stops_of_request(s->request, l->stop, n);
  s->day[p] = dosing_first_day(l->task->doses);
  l->n_stops = dosing_tidy_stops(l->stop, n, s->day[p], s->request->horizon_days);
}

static void read_lane(const stream *s, int p, double *one)
{
  for (int i = 0; i < s->model->n_states; i++) {
    one[i] = s->r.state[i * s->lanes + p];
  }
}

static void write_lane(stream *s, int p, const double *one)
{
  for (int i = 0; i < s->model->n_states; i++) {
    s->r.state[i * s->lanes + p] = one[i];
  }
}

/* Begins the doses of this day. */
static void begin_doses(stream *s, int p)
{
  lane_run *l = &s->lane[p];
  const schedule *doses = l->task->doses;
  read_lane(s, p, s->one);
  for (; l->next_dose < doses->n_doses; l->next_dose++) {
    const dose *d = &doses->doses[l->next_dose];
    if (d->day > s->day[p] + DOSING_SAME_DAY || d->day >= s->request->horizon_days) {
      break;
    }
    dosing_give(s->model, l->task->parameters, doses, d, s->one);
    if (route_is_engager(d->route)) {
      collect_dose(s->collector, p, s->day[p]);
    }
  }
  write_lane(s, p, s->one);
}

/* Rates of the infusions that run until the next stop. */
static void set_infusions(stream *s, int p)
{
  const lane_run *l = &s->lane[p];
  dosing_infusions(s->model, l->task->parameters, l->task->doses,
                   (s->day[p] + l->stop[l->next_stop]) / 2, s->one);
  for (int i = 0; i < s->model->n_states; i++) {
    s->r.input[i * s->lanes + p] = s->one[i];
  }
}

/* At a stop, or on the first day: everything that changes now. Reporting begins on day 0. */
static void pass_stop(stream *s, int p)
{
  lane_run *l = &s->lane[p];
  if (!l->reporting && s->day[p] >= -DOSING_SAME_DAY) {
    l->reporting = true;
    collect_begin(s->collector, p, l->task);
  }
  begin_doses(s, p);
  set_infusions(s, p);
  rosenbrock_restart(&s->r);
  l->step = l->step < FIRST_STEP ? l->step : FIRST_STEP;
}

static void put_in_lane(stream *s, int p, const stream_task *task)
{
  const model *m = s->model;
  lane_run *l = &s->lane[p];
  *l = (lane_run){.task = task, .stop = l->stop, .step = FIRST_STEP};
  for (int i = 0; i < m->n_derived; i++) {
    s->r.derived[i * s->lanes + p] = task->derived[i];
  }
  m->initial_state(task->parameters, s->one);
  write_lane(s, p, s->one);
  collect_wait(s->collector, p);
}

/* An idle lane computes with its last values and never accepts a step. */
static void end_lane(stream *s, int p, const stepdose_error *error)
{
  lane_run *l = &s->lane[p];
  const stream_task *task = l->task;
  if (!error) {
    task->result->steps = l->steps;
    task->result->rejected_steps = l->steps_rejected;
    collect_end(s->collector, p);
  }
  l->task = NULL;
  s->source->done(s->source->context, task, error);
}

static void fail_lane(stream *s, int p, const char *what)
{
  stepdose_error error;
  const int state = rosenbrock_worst_state(&s->r, p);
  error_set(&error, STEPDOSE_SIMULATION_FAILED, "check parameters and doses for extreme values",
            "integration stopped at day %.6g in state %s: %s", s->day[p],
            s->model->states[state].name, what);
  end_lane(s, p, &error);
}

static double smallest_step(double day) { return SMALLEST_STEP * (day > 1 ? day : 1); }

/* Step to try: the last one before a stop is stretched a little rather than followed by a tiny one.
 */
static double plan_step(stream *s, int p)
{
  lane_run *l = &s->lane[p];
  if (!l->task) {
    return FIRST_STEP;
  }
  const double left = l->stop[l->next_stop] - s->day[p];
  l->reaches_stop = 1.01 * l->step >= left;
  return l->reaches_stop ? left : l->step;
}

static bool is_good(lane_run *l, double error, double h, double day)
{
  if (error <= 1) {
    l->forced = 0;
    return true;
  }
  const bool force = h <= smallest_step(day) && isfinite(error) && l->forced < FORCED_STEPS_MAX;
  l->forced = force ? l->forced + 1 : 0;
  return force;
}

/* The day moves on; step size for the next step. */
static void advance(stream *s, int p, double h, double factor)
{
  lane_run *l = &s->lane[p];
  const double next = h * (l->rejected && factor > 1 ? 1 : factor);
  l->step = l->reaches_stop && l->step > next ? l->step : next;
  l->rejected = false;
  l->steps++;
  l->at_stop = l->reaches_stop;
  s->day[p] = l->reaches_stop ? l->stop[l->next_stop++] : s->day[p] + h;
}

/* NULL, or why the run cannot go on. */
static const char *shorten(stream *s, int p, double h, const step_verdict *v)
{
  lane_run *l = &s->lane[p];
  const double factor = v->factor.at[p];
  const double next = h * (factor < 0.9 ? factor : 0.9), least = smallest_step(s->day[p]);
  if (h <= least) {
    return isfinite(v->error.at[p]) ? "the step size became too small" : "a value is not finite";
  }
  l->step = next > least ? next : least;
  l->rejected = true;
  l->steps_rejected++;
  return NULL;
}

/* --- all lanes -------------------------------------------------------------------------------- */

/* Linked lanes share the smallest step and the largest error. */
static void link_lanes(const stream *s, lane_numbers *x, bool largest)
{
  double shared = largest ? -(double)INFINITY : (double)INFINITY;
  for (int p = 0; p < s->lanes; p++) {
    if (s->lane[p].task) {
      shared = (x->at[p] > shared) == largest ? x->at[p] : shared;
    }
  }
  for (int p = 0; p < s->lanes; p++) {
    x->at[p] = shared;
  }
}

/* Moves lane p on, or makes its next step shorter; NULL, or why the run cannot go on. */
static const char *conclude(stream *s, int p, bool accepted, double h, const step_verdict *v)
{
  const lane_run *l = &s->lane[p];
  const char *wrong = NULL;
  if (accepted) {
    advance(s, p, h, v->factor.at[p]);
  } else {
    wrong = shorten(s, p, h, v);
  }
  if (!wrong && l->steps + l->steps_rejected >= s->settings->steps_max) {
    wrong = "too many steps";
  }
  return wrong;
}

/* Tries one step of every lane and moves those on whose error is small enough. */
static void try_all(stream *s)
{
  lane_numbers h;
  step_verdict v;
  bool accepted[KERNEL_LANES_MAX], any = false;
  for (int p = 0; p < s->lanes; p++) {
    h.at[p] = plan_step(s, p);
  }
  if (s->linked) {
    link_lanes(s, &h, false);
  }
  rosenbrock_try(&s->r, &h, &v);
  if (s->linked) {
    link_lanes(s, &v.error, true);
    link_lanes(s, &v.factor, false);
  }
  for (int p = 0; p < s->lanes; p++) {
    lane_run *l = &s->lane[p];
    accepted[p] = l->task && is_good(l, v.error.at[p], h.at[p], s->day[p]);
    any |= accepted[p];
  }
  if (any) {
    collect_step(s->collector, accepted, s->day, &h);
  }
  for (int p = 0; p < s->lanes; p++) {
    const char *wrong = s->lane[p].task ? conclude(s, p, accepted[p], h.at[p], &v) : NULL;
    if (wrong) {
      fail_lane(s, p, wrong);
    }
  }
  if (any) {
    rosenbrock_accept(&s->r, accepted);
  }
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

static void begin(stream *s, const stream_source *source, const endpoint_request *request,
                  const simulate_settings *settings, bool linked)
{
  double *derived = s->r.derived;
  rosenbrock_open(&s->r, method_for(settings), s->model->kernels(s->lanes), s->model->n_states,
                  s->scale, s->scratch);
  s->r.derived = derived;
  s->r.tolerance = settings->relative_tolerance;
  s->source = source;
  s->request = request;
  s->settings = settings;
  s->linked = linked;
  s->exhausted = false;
  collect_open(s->collector, s->model, request, &s->r, s->state);
  for (int p = 0; p < s->lanes; p++) {
    s->lane[p] = (lane_run){.stop = s->lane[p].stop};
  }
}

/* An idle lane must compute something finite: it repeats a running one. */
static void park(stream *s, int idle, int running)
{
  for (int i = 0; i < s->model->n_derived; i++) {
    s->r.derived[i * s->lanes + idle] = s->r.derived[i * s->lanes + running];
  }
  for (int i = 0; i < s->r.n_states; i++) {
    s->r.state[i * s->lanes + idle] = s->r.state[i * s->lanes + running];
    s->r.input[i * s->lanes + idle] = s->r.input[i * s->lanes + running];
  }
  rosenbrock_restart(&s->r);
}

/* A lane that has reached its last stop is done, one at another stop goes on. */
static void settle(stream *s, int p)
{
  lane_run *l = &s->lane[p];
  if (!l->task || !l->at_stop) {
    return;
  }
  l->at_stop = false;
  if (l->next_stop == l->n_stops) {
    end_lane(s, p, NULL);
  } else {
    pass_stop(s, p);
  }
}

static void fill(stream *s, int p)
{
  const stream_task *task = s->source->next(s->source->context);
  s->exhausted = task == NULL;
  if (task) {
    put_in_lane(s, p, task);
    set_stops(s, p);
    pass_stop(s, p);
  }
}

/* Index of a running lane, or -1. */
static int running_lane(const stream *s)
{
  for (int p = 0; p < s->lanes; p++) {
    if (s->lane[p].task) {
      return p;
    }
  }
  return -1;
}

/* Deals with stops, ends what is done, fills what is idle. False: nothing runs any more. */
static bool tend(stream *s)
{
  for (int p = 0; p < s->lanes; p++) {
    const bool was_running = s->lane[p].task != NULL;
    settle(s, p);
    if (!s->lane[p].task && !s->exhausted) {
      fill(s, p);
    }
    s->lane[p].parked &= !was_running;
  }
  const int running = running_lane(s);
  for (int p = 0; running >= 0 && p < s->lanes; p++) {
    if (!s->lane[p].task && !s->lane[p].parked) {
      park(s, p, running);
      s->lane[p].parked = true;
    }
  }
  return running >= 0;
}

void stream_run(stream *s, const stream_source *source, const endpoint_request *request,
                const simulate_settings *settings)
{
  begin(s, source, request, settings, false);
  while (tend(s)) {
    try_all(s);
  }
}

/* The stops of all linked lanes, for each of them; all begin on the first day of any. */
static void link_stops(stream *s, int count)
{
  double *stop = s->lane[0].stop, first_day = 0;
  int n = 0;
  for (int p = 0; p < count; p++) {
    n = dosing_stops_of_doses(s->lane[p].task->doses, stop, n);
    first_day = fmin(first_day, dosing_first_day(s->lane[p].task->doses));
  }
  n = dosing_stops_of_request(s->request, stop, n);
  n = dosing_tidy_stops(stop, n, first_day, s->request->horizon_days);
  for (int p = 0; p < count; p++) {
    s->day[p] = first_day;
    if (p > 0) {
      memcpy(s->lane[p].stop, stop, (size_t)n * sizeof *stop);
    }
    s->lane[p].n_stops = n;
    pass_stop(s, p);
  }
}

void stream_run_linked(stream *s, int count, const stream_source *source,
                       const endpoint_request *request, const simulate_settings *settings)
{
  begin(s, source, request, settings, true);
  for (int p = 0; p < count; p++) {
    put_in_lane(s, p, source->next(source->context));
  }
  s->exhausted = true;
  link_stops(s, count);
  while (tend(s)) {
    try_all(s);
  }
}
