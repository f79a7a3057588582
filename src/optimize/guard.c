/* The watchdog: a thread for foreign code and a supervisor that waits for it.
 *
 * Why ending a thread is safe enough here: cancellation is enabled only between leave and enter,
 * that is, while NLopt's own instructions run. No lock, file or memory of ours is held there, and
 * the thread cannot be cancelled inside a simulation. What is lost is what NLopt had allocated for
 * this run. One risk remains: a thread ended inside malloc would leave that arena locked. The loops
 * known to hang do not allocate, and the alternative, a thread that spins for the rest of the
 * process, is worse. */
#include "optimize/guard.h"

#include <pthread.h>
#include <time.h>

static const double TICK_SECONDS = 0.02;
static const double SHORT_PATIENCE_SECONDS = 1;

struct search_guard {
  const search_guard_job *job;
  pthread_mutex_t lock; /* guards what follows */
  pthread_cond_t changed;
  bool outside;       /* the thread is in foreign code */
  double left_at;     /* its processor time when it went there, s */
  bool done, quit;
};

static double seconds_of(clockid_t clock)
{
  struct timespec t;
  return clock_gettime(clock, &t) == 0 ? (double)t.tv_sec + 1e-9 * (double)t.tv_nsec : 0;
}

void search_guard_leave(search_guard *guard)
{
  int ignored;
  pthread_mutex_lock(&guard->lock);
  guard->outside = true;
  guard->left_at = seconds_of(CLOCK_THREAD_CPUTIME_ID);
  pthread_mutex_unlock(&guard->lock);
  (void)pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, &ignored);
}

void search_guard_enter(search_guard *guard)
{
  int ignored;
  (void)pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &ignored);
  pthread_mutex_lock(&guard->lock);
  guard->outside = false;
  pthread_mutex_unlock(&guard->lock);
}

static void finish(search_guard *guard, bool quit)
{
  pthread_mutex_lock(&guard->lock);
  guard->done = true;
  guard->quit = quit;
  pthread_cond_signal(&guard->changed);
  pthread_mutex_unlock(&guard->lock);
}

void search_guard_quit(search_guard *guard)
{
  finish(guard, true);
  pthread_exit(NULL);
}

static void *guarded(void *context)
{
  search_guard *guard = context;
  int ignored;
  (void)pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &ignored);
  (void)pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, &ignored);
  guard->job->body(guard, guard->job->context);
  finish(guard, false);
  return NULL;
}

/* Waits on the condition for one tick. */
static void wait_a_tick(search_guard *guard)
{
  struct timespec until;
  (void)clock_gettime(CLOCK_MONOTONIC, &until);
  until.tv_nsec += (long)(TICK_SECONDS * 1e9);
  if (until.tv_nsec >= 1000000000L) {
    until.tv_nsec -= 1000000000L;
    until.tv_sec++;
  }
  (void)pthread_cond_timedwait(&guard->changed, &guard->lock, &until);
}

static bool is_hung(const search_guard *guard, clockid_t clock)
{
  if (guard->done || !guard->outside) {
    return false;
  }
  double patience = guard->job->hang_seconds;
  if (patience > SHORT_PATIENCE_SECONDS && guard->job->ending(guard->job->context)) {
    patience = SHORT_PATIENCE_SECONDS;
  }
  return seconds_of(clock) - guard->left_at > patience;
}

static search_guard_end supervise(search_guard *guard, pthread_t thread)
{
  clockid_t clock;
  bool hung = false;
  bool timed = pthread_getcpuclockid(thread, &clock) == 0;
  pthread_mutex_lock(&guard->lock);
  while (!guard->done && !hung) {
    wait_a_tick(guard);
    hung = timed && is_hung(guard, clock);
  }
  if (hung) {
    (void)pthread_cancel(thread);
  }
  pthread_mutex_unlock(&guard->lock);
  (void)pthread_join(thread, NULL);
  if (hung) {
    return SEARCH_GUARD_HUNG;
  }
  return guard->quit ? SEARCH_GUARD_QUIT : SEARCH_GUARD_RETURNED;
}

/* The condition counts on the monotonic clock: setting the date must not wake or delay it. */
static bool open_guard(search_guard *guard)
{
  pthread_condattr_t attributes;
  if (pthread_condattr_init(&attributes) != 0) {
    return false;
  }
  bool done = pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC) == 0 &&
              pthread_cond_init(&guard->changed, &attributes) == 0;
  (void)pthread_condattr_destroy(&attributes);
  if (done && pthread_mutex_init(&guard->lock, NULL) != 0) {
    (void)pthread_cond_destroy(&guard->changed);
    return false;
  }
  return done;
}

search_guard_end search_guard_run(const search_guard_job *job)
{
  search_guard guard = {.job = job};
  if (!open_guard(&guard)) {
    return SEARCH_GUARD_NO_THREAD;
  }
  pthread_t thread;
  search_guard_end end = SEARCH_GUARD_NO_THREAD;
  if (pthread_create(&thread, NULL, guarded, &guard) == 0) {
    end = supervise(&guard, thread);
  }
  (void)pthread_cond_destroy(&guard.changed);
  (void)pthread_mutex_destroy(&guard.lock);
  return end;
}
