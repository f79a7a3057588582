/* Searches side by side: see side_by_side.h. Whoever asks last simulates for all. */
#include "optimize/side_by_side.h"

#include "base/allocate.h"
#include "optimize/workers.h"

#include <pthread.h>
#include <stdatomic.h>

/* Simulations at once for each lane: patients differ in length, and full lanes need a queue. */
enum { PER_LANE = 4, WIDTH_MAX = 128 };

struct side_by_side {
  cohort_engine *engine;
  cohort_call call;
  int width;
  pthread_mutex_t lock; /* guards what follows */
  pthread_cond_t simulated;
  int active;  /* jobs at work: none of them is past its last simulation */
  int waiting; /* of those, for the round to come */
  long round;  /* counts rounds done */
  stream_task task[WIDTH_MAX];
  bool failed[WIDTH_MAX];
};

side_by_side *side_by_side_open(const model *m, int threads, const endpoint_request *request,
                                const simulate_settings *settings, stepdose_error *error)
{
  side_by_side *s = allocate_zeroed(1, sizeof *s);
  if (s == NULL) {
    error_no_memory(error, "searching side by side");
    return NULL;
  }
  s->engine = cohort_engine_open(m, threads, 0, error);
  if (s->engine == NULL) {
    release(s);
    return NULL;
  }
  s->call = (cohort_call){.request = request, .settings = settings};
  int wanted = PER_LANE * cohort_engine_lanes(s->engine) * cohort_engine_threads(s->engine);
  s->width = wanted < WIDTH_MAX ? wanted : WIDTH_MAX;
  pthread_mutex_init(&s->lock, NULL);
  pthread_cond_init(&s->simulated, NULL);
  return s;
}

void side_by_side_close(side_by_side *s)
{
  if (s != NULL) {
    pthread_cond_destroy(&s->simulated);
    pthread_mutex_destroy(&s->lock);
    cohort_engine_close(s->engine);
    release(s);
  }
}

int side_by_side_width(const side_by_side *s) { return s->width; }

/* Under the lock: all others wait or have yet to come. */
static void simulate_waiting(side_by_side *s)
{
  cohort_report ignored;
  cohort_run_tasks(s->engine, s->waiting, s->task, 1, &s->call, s->failed, &ignored, NULL);
  s->waiting = 0;
  s->round++;
  pthread_cond_broadcast(&s->simulated);
}

bool side_by_side_simulate(side_by_side *s, const stream_task *task)
{
  pthread_mutex_lock(&s->lock);
  int mine = s->waiting++;
  long round = s->round;
  s->task[mine] = *task;
  if (s->waiting == s->active) {
    simulate_waiting(s);
  }
  while (s->round == round) {
    pthread_cond_wait(&s->simulated, &s->lock);
  }
  bool failed = s->failed[mine]; /* no later round can have begun without this job */
  pthread_mutex_unlock(&s->lock);
  return !failed;
}

static void join(side_by_side *s)
{
  pthread_mutex_lock(&s->lock);
  s->active++;
  pthread_mutex_unlock(&s->lock);
}

static void leave(side_by_side *s)
{
  pthread_mutex_lock(&s->lock);
  s->active--;
  if (s->waiting > 0 && s->waiting == s->active) {
    simulate_waiting(s);
  }
  pthread_mutex_unlock(&s->lock);
}

typedef struct job_queue {
  side_by_side *side;
  side_job *job;
  void *context;
  long count;
  atomic_long next;
} job_queue;

/* One thread stays active from job to job: rounds stay full. */
static void work_off(void *context, int worker, long index)
{
  job_queue *q = context;
  (void)index;
  join(q->side);
  for (long i; (i = atomic_fetch_add(&q->next, 1)) < q->count;) {
    q->job(q->context, worker, i);
  }
  leave(q->side);
}

void side_by_side_run(side_by_side *s, long count, side_job *job, void *context)
{
  job_queue q = {.side = s, .job = job, .context = context, .count = count};
  atomic_init(&q.next, 0);
  int threads = count < s->width ? (int)count : s->width;
  search_workers_run(threads, threads, work_off, &q);
}
