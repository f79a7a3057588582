/* A stream of simulations through lanes. */
#include "simulate/stream.h"

#include "base/allocate.h"
#include "simulate/dosing.h"
#include "simulate/stream_lane.h"

#include <math.h>
#include <string.h>

/* Linked lanes share the stops of all of them. */
enum { STOPS_MAX = DOSING_STOPS_OF_DOSES * KERNEL_LANES_MAX + DOSING_STOPS_OF_REQUEST };

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

/* Tries one step of every lane and moves those on whose error is small enough. */
static void try_all(stream *s)
{
  lane_numbers h;
  step_verdict v;
  bool accepted[KERNEL_LANES_MAX], any = false;
  for (int p = 0; p < s->lanes; p++) {
    h.at[p] = stream_lane_plan_step(s, p);
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
    accepted[p] = s->lane[p].task && stream_lane_accepts(s, p, v.error.at[p], h.at[p]);
    any |= accepted[p];
  }
  if (any) {
    collect_step(s->collector, accepted, s->day, &h);
  }
  for (int p = 0; p < s->lanes; p++) {
    if (s->lane[p].task) {
      stream_lane_conclude(s, p, accepted[p], h.at[p], &v);
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

static void fill(stream *s, int p)
{
  const stream_task *task = s->source->next(s->source->context);
  s->exhausted = task == NULL;
  if (task) {
    stream_lane_put(s, p, task);
    stream_lane_set_stops(s, p);
    stream_lane_pass_stop(s, p);
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
    stream_lane_settle(s, p);
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
    stream_lane_pass_stop(s, p);
  }
}

void stream_run_linked(stream *s, int count, const stream_source *source,
                       const endpoint_request *request, const simulate_settings *settings)
{
  begin(s, source, request, settings, true);
  for (int p = 0; p < count; p++) {
    stream_lane_put(s, p, source->next(source->context));
  }
  s->exhausted = true;
  link_stops(s, count);
  while (tend(s)) {
    try_all(s);
  }
}
