/* The threads that simulate cohorts, and what a call gives them to do. */
#include "simulate/cohort.h"

#include "base/allocate.h"
#include "model/width.h"

#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

/* --- one call, as threads see it -------------------------------------------------------------- */

/* Simulation i of a call: from a list, or patient and regimen of a cohort. */
typedef struct work {
  const cohort_call *call;
  long n;
  int linked;
  const stream_task *tasks; /* a list; or NULL and: */
  const cohort *cohort;
  int first, count;
  const schedule *regimens;
  endpoints *result;
  bool *failed;
} work;

typedef struct worker {
  cohort_engine *engine;
  pthread_t thread;
  stream *stream;
  /* tasks in the lanes; which simulation each is */
  stream_task in_lane[KERNEL_LANES_MAX];
  long index[KERNEL_LANES_MAX];
  bool busy[KERNEL_LANES_MAX];
  long linked_next, linked_end; /* of the linked group that the worker runs */
  long failures, first_failed;
  stepdose_error first_error;
} worker;

struct cohort_engine {
  const model *model;
  int lanes, n_workers;
  worker *workers; /* worker 0 is the caller's thread */
  pthread_mutex_t mutex;
  pthread_cond_t wake, done;
  const work *work;
  long round;  /* counts calls; workers wait for the next */
  int running; /* workers still at it */
  bool closing;
  atomic_long next; /* simulation that nobody has taken yet */
};

/* Where simulation i stands in the caller's table of results. */
static long place_of(const work *k, long i)
{
  if (k->tasks) {
    return i;
  }
  return i / k->count * cohort_patients(k->cohort) + k->first + i % k->count;
}

static stream_task task_of(const work *k, long i)
{
  if (k->tasks) {
    return k->tasks[i];
  }
  const int patient = k->first + (int)(i % k->count);
  return (stream_task){.parameters = cohort_parameters(k->cohort, patient),
                       .derived = cohort_derived(k->cohort, patient),
                       .doses = &k->regimens[i / k->count],
                       .result = &k->result[place_of(k, i)]};
}

/* Puts simulation i into a free place of the worker. */
static const stream_task *hand_out(worker *w, long i)
{
  int p = 0;
  while (w->busy[p]) {
    p++;
  }
  w->busy[p] = true;
  w->index[p] = i;
  w->in_lane[p] = task_of(w->engine->work, i);
  return &w->in_lane[p];
}

static const stream_task *next_of_stream(void *context)
{
  worker *w = context;
  const work *k = w->engine->work;
  const long i = atomic_fetch_add(&w->engine->next, 1);
  if (i >= k->n || (k->call->stop && *k->call->stop)) {
    return NULL;
  }
  return hand_out(w, i);
}

static const stream_task *next_linked(void *context)
{
  worker *w = context;
  return w->linked_next < w->linked_end ? hand_out(w, w->linked_next++) : NULL;
}

/* The failure with the lowest place is the one reported: the same for any number of threads. */
static void note_failure(worker *w, long place, const stepdose_error *error)
{
  w->failures++;
  if (w->first_failed < 0 || place < w->first_failed) {
    w->first_failed = place;
    w->first_error = *error;
  }
}

static void task_done(void *context, const stream_task *task, const stepdose_error *error)
{
  worker *w = context;
  const long p = task - w->in_lane;
  const long place = place_of(w->engine->work, w->index[p]);
  w->busy[p] = false;
  w->engine->work->failed[place] = error != NULL;
  if (error) {
    note_failure(w, place, error);
  }
}

static void run_linked_groups(worker *w, const work *k)
{
  const stream_source source = {w, next_linked, task_done};
  for (;;) {
    const long first = atomic_fetch_add(&w->engine->next, k->linked);
    if (first >= k->n || (k->call->stop && *k->call->stop)) {
      return;
    }
    w->linked_next = first;
    w->linked_end = first + k->linked < k->n ? first + k->linked : k->n;
    stream_run_linked(w->stream, (int)(w->linked_end - first), &source, k->call->request,
                      k->call->settings);
  }
}

static void work_off(worker *w)
{
  const work *k = w->engine->work;
  const stream_source source = {w, next_of_stream, task_done};
  w->failures = 0;
  w->first_failed = -1;
  if (k->linked > 1) {
    run_linked_groups(w, k);
  } else {
    stream_run(w->stream, &source, k->call->request, k->call->settings);
  }
}

/* --- threads ---------------------------------------------------------------------------------- */

static void *worker_main(void *context)
{
  worker *w = context;
  cohort_engine *e = w->engine;
  long seen = 0;
  pthread_mutex_lock(&e->mutex);
  for (;;) {
    while (e->round == seen && !e->closing) {
      pthread_cond_wait(&e->wake, &e->mutex);
    }
    if (e->closing) {
      break;
    }
    seen = e->round;
    pthread_mutex_unlock(&e->mutex);
    work_off(w);
    pthread_mutex_lock(&e->mutex);
    if (--e->running == 0) {
      pthread_cond_signal(&e->done);
    }
  }
  pthread_mutex_unlock(&e->mutex);
  return NULL;
}

static void dispatch(cohort_engine *e, const work *k)
{
  pthread_mutex_lock(&e->mutex);
  e->work = k;
  atomic_store(&e->next, 0);
  e->round++;
  e->running = e->n_workers - 1;
  pthread_cond_broadcast(&e->wake);
  pthread_mutex_unlock(&e->mutex);
  work_off(&e->workers[0]);
  pthread_mutex_lock(&e->mutex);
  while (e->running > 0) {
    pthread_cond_wait(&e->done, &e->mutex);
  }
  pthread_mutex_unlock(&e->mutex);
}

static int processors(void)
{
  const long n = sysconf(_SC_NPROCESSORS_ONLN);
  return n < 1 ? 1 : n > 256 ? 256 : (int)n;
}

static bool open_streams(cohort_engine *e, int wanted, stepdose_error *error)
{
  for (int i = 0; i < wanted; i++) {
    e->workers[i].engine = e;
    e->workers[i].stream = stream_open(e->model, e->lanes, error);
    if (!e->workers[i].stream) {
      return false;
    }
  }
  return true;
}

/* Starts workers 1 .. wanted-1; fewer if the system grants fewer. */
static void start_workers(cohort_engine *e, int wanted)
{
  for (e->n_workers = 1; e->n_workers < wanted; e->n_workers++) {
    worker *w = &e->workers[e->n_workers];
    if (pthread_create(&w->thread, NULL, worker_main, w) != 0) {
      break;
    }
  }
  for (int i = e->n_workers; i < wanted; i++) {
    stream_close(e->workers[i].stream);
  }
}

static void free_engine(cohort_engine *e)
{
  release(e->workers);
  release(e);
}

cohort_engine *cohort_engine_open(const model *m, int threads, int lanes, stepdose_error *error)
{
  const int wanted = threads > 0 ? threads : processors();
  const int width = lanes > 0 ? lanes : width_widest();
  if (!m->kernels(width)) {
    error_set(error, STEPDOSE_INTERNAL, "use 0 for the widest", "%d lanes do not run here", lanes);
    return NULL;
  }
  cohort_engine *e = allocate_zeroed(1, sizeof *e);
  worker *workers = allocate_zeroed((size_t)wanted, sizeof *workers);
  if (!e || !workers) {
    release(e);
    release(workers);
    error_no_memory(error, "the simulation engine");
    return NULL;
  }
  *e = (cohort_engine){.model = m, .lanes = width, .workers = workers};
  if (!open_streams(e, wanted, error)) {
    for (int i = 0; i < wanted; i++) {
      stream_close(workers[i].stream);
    }
    free_engine(e);
    return NULL;
  }
  pthread_mutex_init(&e->mutex, NULL);
  pthread_cond_init(&e->wake, NULL);
  pthread_cond_init(&e->done, NULL);
  start_workers(e, wanted);
  return e;
}

void cohort_engine_close(cohort_engine *e)
{
  if (!e) {
    return;
  }
  pthread_mutex_lock(&e->mutex);
  e->closing = true;
  pthread_cond_broadcast(&e->wake);
  pthread_mutex_unlock(&e->mutex);
  for (int i = 0; i < e->n_workers; i++) {
    if (i > 0) {
      pthread_join(e->workers[i].thread, NULL);
    }
    stream_close(e->workers[i].stream);
  }
  pthread_mutex_destroy(&e->mutex);
  pthread_cond_destroy(&e->wake);
  pthread_cond_destroy(&e->done);
  free_engine(e);
}

int cohort_engine_lanes(const cohort_engine *e) { return e->lanes; }

int cohort_engine_threads(const cohort_engine *e) { return e->n_workers; }

/* --- calls ------------------------------------------------------------------------------------ */

static bool run_call(cohort_engine *e, const work *k, cohort_report *report, stepdose_error *error)
{
  dispatch(e, k);
  *report = (cohort_report){.simulations = k->n, .first_failed = -1};
  for (int i = 0; i < e->n_workers; i++) {
    const worker *w = &e->workers[i];
    report->failures += w->failures;
    if (w->first_failed >= 0 &&
        (report->first_failed < 0 || w->first_failed < report->first_failed)) {
      report->first_failed = w->first_failed;
      report->first_error = w->first_error;
    }
  }
  if (k->call->stop && *k->call->stop) {
    return error_set(error, STEPDOSE_LIMIT_REACHED, "", "simulation was stopped");
  }
  return true;
}

bool cohort_run(cohort_engine *e, const cohort *c, int first, int count, int n_regimens,
                const schedule *regimens, const cohort_call *call, endpoints *result, bool *failed,
                cohort_report *report, stepdose_error *error)
{
  const work k = {.call = call,
                  .n = (long)n_regimens * count,
                  .linked = 1,
                  .cohort = c,
                  .first = first,
                  .count = count,
                  .regimens = regimens,
                  .result = result,
                  .failed = failed};
  return run_call(e, &k, report, error);
}

bool cohort_run_tasks(cohort_engine *e, long n, const stream_task *tasks, int linked,
                      const cohort_call *call, bool *failed, cohort_report *report,
                      stepdose_error *error)
{
  const work k = {.call = call, .n = n, .linked = linked, .tasks = tasks, .failed = failed};
  return run_call(e, &k, report, error);
}
