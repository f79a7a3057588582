/* One patient's lane of a stream: its stops and doses, and the size of its steps. */
#include "simulate/stream_lane.h"

#include "simulate/dosing.h"

#include <math.h>

static const double FIRST_STEP = 1e-3; /* days, after every change; error control takes over */
/* Days, about 0.1 microseconds: no rate moves a state by a relevant amount in it. Error control
 * asks for less only where a rate jumps (the drug passing its cut-off); such a step is taken as it
 * is. */
static const double SMALLEST_STEP = 1e-12;
enum { FORCED_STEPS_MAX = 20 }; /* in a row: more is no jump but a failure */

void stream_lane_set_stops(stream *s, int p)
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

void stream_lane_pass_stop(stream *s, int p)
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

void stream_lane_put(stream *s, int p, const stream_task *task)
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

double stream_lane_plan_step(stream *s, int p)
{
  lane_run *l = &s->lane[p];
  if (!l->task) {
    return FIRST_STEP;
  }
  const double left = l->stop[l->next_stop] - s->day[p];
  l->reaches_stop = 1.01 * l->step >= left;
  return l->reaches_stop ? left : l->step;
}

bool stream_lane_accepts(stream *s, int p, double error, double h)
{
  lane_run *l = &s->lane[p];
  if (error <= 1) {
    l->forced = 0;
    return true;
  }
  const bool force =
      h <= smallest_step(s->day[p]) && isfinite(error) && l->forced < FORCED_STEPS_MAX;
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

void stream_lane_conclude(stream *s, int p, bool accepted, double h, const step_verdict *v)
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
  if (wrong) {
    fail_lane(s, p, wrong);
  }
}

void stream_lane_settle(stream *s, int p)
{
  lane_run *l = &s->lane[p];
  if (!l->task || !l->at_stop) {
    return;
  }
  l->at_stop = false;
  if (l->next_stop == l->n_stops) {
    end_lane(s, p, NULL);
  } else {
    stream_lane_pass_stop(s, p);
  }
}
