/* One patient, one schedule: a stream of one. */
#include "simulate/simulate.h"

#include "base/allocate.h"
#include "simulate/stream.h"

struct simulate_workspace {
  const model *model;
  stream *stream;
  double *derived; /* (n_derived) */
};

simulate_settings simulate_settings_default(void)
{
  return (simulate_settings){.relative_tolerance = SIMULATE_TOLERANCE, .steps_max = 200000};
}

simulate_workspace *simulate_workspace_open(const model *m, stepdose_error *error)
{
  simulate_workspace *w = allocate_zeroed(1, sizeof *w);
  double *derived = allocate_zeroed((size_t)m->n_derived, sizeof *derived);
  if (!w || !derived) {
    release(w);
    release(derived);
    error_no_memory(error, "a simulation workspace");
    return NULL;
  }
  *w = (simulate_workspace){m, stream_open(m, 1, error), derived};
  if (!w->stream) {
    simulate_workspace_close(w);
    return NULL;
  }
  return w;
}

void simulate_workspace_close(simulate_workspace *w)
{
  if (w) {
    stream_close(w->stream);
    release(w->derived);
    release(w);
  }
}

/* The one task of a run, and how it ended. */
typedef struct single {
  const stream_task *task; /* NULL once it was taken */
  bool failed;
  stepdose_error *error;
} single;

static const stream_task *take_single(void *context)
{
  single *s = context;
  const stream_task *task = s->task;
  s->task = NULL;
  return task;
}

static void single_done(void *context, const stream_task *task, const stepdose_error *error)
{
  single *s = context;
  (void)task;
  s->failed = error != NULL;
  if (error && s->error) {
    *s->error = *error;
  }
}

bool simulate_patient(simulate_workspace *w, const double *parameters, const schedule *doses,
                      const endpoint_request *request, const simulate_settings *settings,
                      endpoints *result, trajectory *samples, stepdose_error *error)
{
  if (!w->model->derive(parameters, w->derived, error)) {
    return false;
  }
  const stream_task task = {parameters, w->derived, doses, result, samples};
  single run = {.task = &task, .error = error};
  const stream_source source = {&run, take_single, single_done};
  stream_run(w->stream, &source, request, settings);
  return !run.failed;
}
