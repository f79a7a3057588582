/* Progress of a run: counts steps under one lock and calls the user's function not too often. */
#include "base/progress.h"

#include <math.h>
#include <pthread.h>
#include <time.h>

#include "base/allocate.h"

static const double SECONDS_BETWEEN_REPORTS = 0.1;

struct progress {
  void (*callback)(void *context, const stepdose_progress *progress);
  void *context;
  const volatile int *stop;
  double opened; /* [s] of the monotonic clock */

  pthread_mutex_t lock; /* guards what follows, and holds while the callback runs */
  const char *stage;
  long done, total;
  double best_goal, worst_violation;
  double stage_opened, reported; /* [s] of the monotonic clock */
  bool changed;                  /* something happened since the last report */
};

static double monotonic_seconds(void)
{
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

progress *progress_open(const stepdose_settings *settings)
{
  progress *p = allocate_zeroed(1, sizeof *p);
  if (p == NULL || pthread_mutex_init(&p->lock, NULL) != 0) {
    release(p);
    return NULL;
  }
  if (settings != NULL) {
    p->callback = settings->progress;
    p->context = settings->progress_context;
    p->stop = settings->stop;
  }
  p->best_goal = NAN;
  p->worst_violation = NAN;
  p->reported = -INFINITY;
  p->opened = monotonic_seconds();
  return p;
}

/* The rest of the stage at the pace so far. */
static double seconds_left(const progress *p, double now)
{
  if (p->done <= 0 || p->total < p->done) {
    return NAN;
  }
  return (now - p->stage_opened) * (double)(p->total - p->done) / (double)p->done;
}

static void report(progress *p, double now)
{
  p->reported = now;
  p->changed = false;
  if (p->callback == NULL) {
    return;
  }
  stepdose_progress state = {
      .stage = p->stage,
      .done = p->done,
      .total = p->total,
      .best_goal = p->best_goal,
      .worst_violation = p->worst_violation,
      .seconds = now - p->opened,
      .seconds_left = seconds_left(p, now),
  };
  p->callback(p->context, &state);
}

/* Whatever was counted since the last report is not lost when a stage ends. */
static void report_end(progress *p, double now)
{
  if (p->stage != NULL && p->changed) {
    report(p, now);
  }
}

void progress_stage(progress *p, const char *stage, long total)
{
  if (p == NULL) {
    return;
  }
  pthread_mutex_lock(&p->lock);
  double now = monotonic_seconds();
  report_end(p, now);
  p->stage = stage;
  p->total = total;
  p->done = 0;
  p->stage_opened = now;
  p->changed = true;
  pthread_mutex_unlock(&p->lock);
}

void progress_step(progress *p, long done_now)
{
  if (p == NULL) {
    return;
  }
  pthread_mutex_lock(&p->lock);
  double now = monotonic_seconds();
  bool ends = p->done < p->total && p->done + done_now >= p->total;
  p->done += done_now;
  p->changed = true;
  if (p->stage != NULL && (ends || now - p->reported >= SECONDS_BETWEEN_REPORTS)) {
    report(p, now);
  }
  pthread_mutex_unlock(&p->lock);
}

void progress_best(progress *p, double best_goal, double violation)
{
  if (p == NULL) {
    return;
  }
  pthread_mutex_lock(&p->lock);
  p->best_goal = best_goal;
  p->worst_violation = violation;
  p->changed = true;
  pthread_mutex_unlock(&p->lock);
}

void progress_close(progress *p)
{
  if (p == NULL) {
    return;
  }
  pthread_mutex_lock(&p->lock);
  report_end(p, monotonic_seconds());
  pthread_mutex_unlock(&p->lock);
  pthread_mutex_destroy(&p->lock);
  release(p);
}

bool progress_stopped(const progress *p) { return p != NULL && p->stop != NULL && *p->stop != 0; }

double progress_seconds(const progress *p)
{
  return p != NULL ? monotonic_seconds() - p->opened : 0.0;
}
