/* One joint evaluation, guarded: journal first, then the caller's function; what is not finite is a
 * failure. */
#include "optimize/state.h"

#include "optimize/journal.h"
#include "optimize/workers.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static double now_seconds(void)
{
  struct timespec t;
  return clock_gettime(CLOCK_MONOTONIC, &t) == 0 ? (double)t.tv_sec + 1e-9 * (double)t.tv_nsec : 0;
}

bool search_state_open(search_state *state, const search_task *task, stepdose_error *error)
{
  *state = (search_state){.task = task, .began = now_seconds()};
  if (pthread_mutex_init(&state->lock, NULL) != 0) {
    return error_no_memory(error, "starting a search");
  }
  state->branch = task->journal != NULL ? journal_current_branch(task->journal) : 0;
  atomic_init(&state->cut, SEARCH_END_COUNT);
  atomic_init(&state->broken, false);
  atomic_init(&state->journal_answers, 0);
  return true;
}

void search_state_close(search_state *state) { (void)pthread_mutex_destroy(&state->lock); }

/* The first reason stays. */
static void cut_short(search_state *state, search_end end)
{
  int none = SEARCH_END_COUNT;
  (void)atomic_compare_exchange_strong(&state->cut, &none, (int)end);
}

bool search_state_ended(search_state *state)
{
  if (atomic_load(&state->cut) != SEARCH_END_COUNT) {
    return true;
  }
  const search_task *task = state->task;
  if (progress_stopped(task->progress)) {
    cut_short(state, SEARCH_END_STOPPED);
  } else if (task->seconds_max > 0 && now_seconds() - state->began >= task->seconds_max) {
    cut_short(state, SEARCH_END_TIME);
  }
  return atomic_load(&state->cut) != SEARCH_END_COUNT;
}

bool search_state_no_memory(search_state *state, const char *what)
{
  pthread_mutex_lock(&state->lock);
  if (!atomic_load(&state->broken)) {
    (void)error_no_memory(&state->error, what);
    atomic_store(&state->broken, true);
  }
  pthread_mutex_unlock(&state->lock);
  cut_short(state, SEARCH_END_STOPPED);
  return false;
}

/* Says which of goal and constraints is not finite; -1: all are, 0: goal, i: constraint i-1. */
static int first_not_finite(const search_point *p, int n_constraints)
{
  if (!isfinite(p->goal)) {
    return 0;
  }
  for (int i = 0; i < n_constraints; i++) {
    if (!isfinite(p->constraint[i])) {
      return i + 1;
    }
  }
  return -1;
}

bool search_state_ask(search_state *state, int worker, search_point *p, char *why, size_t size)
{
  const search_task *task = state->task;
  stepdose_error error;
  error_clear(&error);
  if (!task->evaluate(task->context, worker, p->value, &p->goal, p->constraint, &error)) {
    (void)snprintf(why, size, "%s", error.message[0] ? error.message : "the evaluation failed");
    return false;
  }
  int bad = first_not_finite(p, task->n_constraints);
  if (bad == 0) {
    (void)snprintf(why, size, "the goal is not finite");
  } else if (bad > 0) {
    (void)snprintf(why, size, "constraint %d is not finite", bad - 1);
  }
  return bad < 0;
}

/* A failed point carries nothing that could be mistaken for a result. */
static void set_verdict(search_point *p, int n_constraints, bool succeeded)
{
  p->failed = !succeeded;
  p->violation = succeeded ? 0 : INFINITY;
  for (int i = 0; i < n_constraints; i++) {
    if (!succeeded) {
      p->constraint[i] = NAN;
    } else if (p->constraint[i] > SEARCH_TOLERANCE && p->constraint[i] > p->violation) {
      p->violation = p->constraint[i];
    }
  }
  if (!succeeded) {
    p->goal = NAN;
  }
}

static bool answered_by_journal(search_state *state, search_point *p)
{
  const search_task *task = state->task;
  bool failed = false;
  if (task->journal == NULL ||
      !journal_find(task->journal, state->branch, task->n_variables, p->value, task->n_constraints,
                    &p->goal, p->constraint, &failed)) {
    return false;
  }
  atomic_fetch_add(&state->journal_answers, 1);
  set_verdict(p, task->n_constraints, !failed && first_not_finite(p, task->n_constraints) < 0);
  return true;
}

/* `why` is empty where the journal answered: it does not keep messages. */
static void remember_failure(search_state *state, search_points *points, long i, const char *why)
{
  pthread_mutex_lock(&state->lock);
  if (points->failed_first < 0 || i < points->failed_first) {
    points->failed_first = i;
    (void)snprintf(points->failure, sizeof points->failure, "%s", why);
  }
  pthread_mutex_unlock(&state->lock);
}

static void report_progress(search_state *state, const search_point *p)
{
  if (state->task->progress == NULL) {
    return;
  }
  pthread_mutex_lock(&state->lock);
  search_point best = {.goal = state->best_goal, .violation = state->best_violation};
  if (!p->failed && (!state->has_best || search_point_better(p, &best))) {
    state->has_best = true;
    state->best_goal = p->goal;
    state->best_violation = p->violation;
    progress_best(state->task->progress, search_point_feasible(p) ? p->goal : (double)NAN,
                  p->violation);
  }
  pthread_mutex_unlock(&state->lock);
  progress_step(state->task->progress, 1);
}

bool search_state_evaluate(search_state *state, int worker, search_points *points, long i)
{
  if (search_state_ended(state)) {
    return false;
  }
  const search_task *task = state->task;
  search_point *p = &points->point[i];
  char why[sizeof points->failure] = "";
  if (!answered_by_journal(state, p)) {
    bool succeeded = search_state_ask(state, worker, p, why, sizeof why);
    set_verdict(p, task->n_constraints, succeeded);
    if (task->journal != NULL) {
      journal_add(task->journal, state->branch, task->n_variables, p->value, task->n_constraints,
                  p->goal, p->constraint, p->failed);
    }
  }
  p->evaluation = i;
  if (p->failed) {
    remember_failure(state, points, i, why);
  }
  report_progress(state, p);
  return true;
}

typedef struct batch {
  search_state *state;
  search_points *points;
  long first;
} batch;

static void evaluate_one(void *context, int worker, long index)
{
  const batch *b = context;
  (void)search_state_evaluate(b->state, worker, b->points, b->first + index);
}

bool search_state_evaluate_batch(search_state *state, search_points *points, long first)
{
  batch b = {state, points, first};
  search_workers_run(state->task->threads, points->n - first, evaluate_one, &b);
  if (!search_state_ended(state)) {
    return true;
  }
  search_points_drop_pending(points, first);
  return false;
}
