/* The search: screen the box, follow the good starts, descend on the grid, report. */
#include "optimize/search.h"

#include "base/allocate.h"
#include "base/error.h"
#include "optimize/engines.h"
#include "optimize/outcome.h"
#include "optimize/scale.h"
#include "optimize/workers.h"

#include <stdio.h>
#include <string.h>

const char *search_end_name(search_end end)
{
  static const char *const name[SEARCH_END_COUNT] = {
#define X(id, text, meaning) text,
      SEARCH_ENDS(X)
#undef X
  };
  return end >= 0 && end < SEARCH_END_COUNT ? name[end] : "unknown";
}

static bool engine_is_valid(const search_task *task, stepdose_error *error)
{
  if (search_engine_of(task->engine) != NULL) {
    return true;
  }
  char names[256] = "auto";
  for (int i = 0; i < search_engine_count(); i++) {
    size_t used = strlen(names);
    (void)snprintf(names + used, sizeof names - used, ", %s", search_engine_at(i)->name);
  }
  return error_set(error, STEPDOSE_UNKNOWN_NAME, names, "there is no engine \"%s\"", task->engine);
}

static bool task_is_valid(const search_task *task, stepdose_error *error)
{
  if (task->n_variables < 1 || task->n_variables > SEARCH_VARIABLES_MAX ||
      task->n_constraints < 0 || task->n_constraints > SEARCH_CONSTRAINTS_MAX ||
      task->evaluate == NULL) {
    return error_set(error, STEPDOSE_OUT_OF_RANGE, "use fewer variables or limits",
                     "a search takes 1 to %d variables and at most %d constraints",
                     (int)SEARCH_VARIABLES_MAX, (int)SEARCH_CONSTRAINTS_MAX);
  }
  if (task->starts < 0 || task->n_given < 0 || task->starts + task->n_given < 1 ||
      task->evaluations_max < 1 || task->threads < 1) {
    return error_set(error, STEPDOSE_OUT_OF_RANGE, "give at least one of each",
                     "a search needs a start, an evaluation and a thread");
  }
  if (task->given_only && task->n_given < 1) {
    return error_set(error, STEPDOSE_INTERNAL, "give a start", "a search has nothing to start at");
  }
  if (!(task->seconds_max >= 0) || !(task->hang_seconds >= 0) || !(task->near_optimal_loss >= 0)) {
    return error_set(error, STEPDOSE_OUT_OF_RANGE, "give 0 or more",
                     "a time or loss of the search is negative or not a number");
  }
  return engine_is_valid(task, error) &&
         search_scale_check(task->n_variables, task->variable, task->n_given, task->given, error);
}

static void follow_start(void *context, int worker, long index)
{
  search_stages *s = context;
  search_walk_follow(&s->walk[index], worker, !s->screening.feasible);
}

/* Each start has its own budget, cache and random numbers; threads only change who does it when. */
static bool follow_starts(search_stages *s)
{
  int n = s->screening.n_starts;
  s->walk = allocate_zeroed((size_t)n + 1, sizeof *s->walk);
  if (s->walk == NULL) {
    return search_state_no_memory(&s->state, "starting a search");
  }
  for (int k = 0; k < n; k++) {
    const search_point *start = &s->screening.points.point[s->screening.start[k]];
    s->n_walks = k + 1;
    if (!search_walk_open(&s->walk[k], &s->state, k, start, s->budget.share,
                          &s->screening.range)) {
      return false;
    }
  }
  progress_stage(s->state.task->progress, "searching", n * s->budget.share);
  search_workers_run(s->state.task->threads, n, follow_start, s);
  return !atomic_load(&s->state.broken);
}

static long evaluations_left(const search_stages *s)
{
  long left = s->state.task->evaluations_max - s->screening.points.n;
  for (int k = 0; k < s->n_walks; k++) {
    left -= s->walk[k].report.evaluations;
  }
  return left;
}

/* Where each start ended, and the best screened point, best first. Returns how many. */
static long list_bases(const search_stages *s, const search_point **base)
{
  long n = 0, screened = search_points_best(&s->screening.points);
  for (int k = 0; k <= s->n_walks; k++) {
    if (k == s->n_walks && screened < 0) {
      break;
    }
    const search_point *p = k < s->n_walks ? &s->walk[k].report.best
                                           : &s->screening.points.point[screened];
    long at = n;
    while (at > 0 && search_point_better(p, base[at - 1])) {
      base[at] = base[at - 1];
      at--;
    }
    base[at] = p;
    n++;
  }
  return n;
}

static bool search_the_grid(search_stages *s)
{
  search_grid_open(&s->grid, &s->state, evaluations_left(s));
  if (s->grid.n_axes == 0) {
    return true;
  }
  const search_point **base = allocate_zeroed((size_t)s->n_walks + 1, sizeof *base);
  if (base == NULL) {
    return search_state_no_memory(&s->state, "searching the grid");
  }
  search_grid_run(&s->grid, base, list_bases(s, base));
  release(base);
  return !atomic_load(&s->state.broken);
}

static void close_stages(search_stages *s)
{
  search_screening_close(&s->screening);
  for (int k = 0; k < s->n_walks; k++) {
    search_walk_close(&s->walk[k]);
  }
  release(s->walk);
  search_grid_close(&s->grid);
  search_state_close(&s->state);
}

bool search_run(const search_task *task, search_outcome *outcome, stepdose_error *error)
{
  memset(outcome, 0, sizeof *outcome);
  if (!task_is_valid(task, error)) {
    return false;
  }
  search_stages *s = allocate_zeroed(1, sizeof *s);
  if (s == NULL) {
    return error_no_memory(error, "starting a search");
  }
  if (!search_state_open(&s->state, task, error)) {
    release(s);
    return false;
  }
  s->budget = search_budget_of(task);
  bool done = search_screen(&s->screening, &s->state, &s->budget) && follow_starts(s) &&
              search_the_grid(s) && search_outcome_write(s, outcome);
  done = done && !atomic_load(&s->state.broken);
  if (!done) {
    search_outcome_free(outcome);
    if (error != NULL) {
      *error = s->state.error;
    }
  }
  close_stages(s);
  release(s);
  return done;
}

void search_outcome_free(search_outcome *outcome)
{
  release(outcome->start_report);
  release(outcome->points);
  release(outcome->near);
  memset(outcome, 0, sizeof *outcome);
}
