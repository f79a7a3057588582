/* Workload W1 as another solver needs it. */
#include "workload.h"

#include "base/allocate.h"

#include <string.h>

static void open_segments(workload *w, const model *m, const double *parameters)
{
  const schedule doses = w1_schedule();
  double jump[SYSTEM_N] = {0};
  m->dose_jump(parameters, jump);
  for (int i = 0; i < doses.n_doses; i++) {
    const dose *d = &doses.doses[i];
    const double end = d->day + d->duration_days;
    const double next = i + 1 < doses.n_doses ? doses.doses[i + 1].day : W1_HORIZON;
    w->segment[2 * i] = (workload_segment){
        .start = d->day,
        .end = end,
        .margination = jump[MARGINATION],
        .drug_rate = d->amount * m->dose_scale(ROUTE_IV, parameters) / d->duration_days};
    w->segment[2 * i + 1] = (workload_segment){.start = end, .end = next};
  }
}

/* Appends the outputs between two daily ones, the latter included. */
static void add_piece(workload_times *t, double from, double to, bool dense)
{
  const int parts = dense ? (int)ceil((to - from) / WORKLOAD_DENSE_DAYS) : 1;
  for (int i = 1; i <= parts; i++) {
    t->day[t->n] = i < parts ? from + (to - from) * i / parts : to;
    t->daily[t->n] = i == parts;
    t->n++;
  }
}

static void open_times(workload *w, bool dense)
{
  for (int s = 0; s < WORKLOAD_SEGMENTS; s++) {
    workload_segment *segment = &w->segment[s];
    segment->first = w->times.n;
    double from = segment->start;
    while (from < segment->end) {
      const double to = fmin(floor(from) + 1, segment->end);
      add_piece(&w->times, from, to, dense);
      from = to;
    }
    segment->last = w->times.n;
  }
}

static bool open_patient(workload *w, const model *m, const double *parameters)
{
  stepdose_error error;
  double defaults[W1_PARAMETERS_MAX];
  model_parameter_defaults(m, defaults);
  const double *own = parameters ? parameters : defaults;
  if (!m->derive(own, w->derived, &error)) {
    return false;
  }
  m->initial_state(own, w->initial);
  open_segments(w, m, own);
  return true;
}

bool workload_open(workload *w, const double *parameters, bool dense)
{
  const model *m = model_find("hosseini2020");
  const size_t room = dense ? (size_t)(2 * W1_HORIZON / WORKLOAD_DENSE_DAYS) : 4 * W1_DAYS;
  *w = (workload){.kernels = m->kernels(1),
                  .times = {.day = allocate_zeroed(room, sizeof(double)),
                            .daily = allocate_zeroed(room, sizeof(bool))}};
  if (!w->times.day || !w->times.daily || !open_patient(w, m, parameters)) {
    workload_close(w);
    return false;
  }
  for (int i = 0; i < SYSTEM_N; i++) {
    w->scale[i] = m->states[i].scale;
  }
  open_times(w, dense);
  return true;
}

void workload_close(workload *w)
{
  release(w->times.day);
  release(w->times.daily);
  w->times = (workload_times){0};
}
