/* Screening, and starts that are good and far apart. */
#include "optimize/screen.h"

#include "base/allocate.h"
#include "base/random.h"
#include "optimize/scale.h"

#include <string.h>

enum { SCREEN_LEAST = 64, SCREEN_PER_VARIABLE = 8 };
/* A start with fewer evaluations than this per variable does not get to its optimum. */
enum { SHARE_PER_VARIABLE = 6 };
/* Starts keep this far apart in the unit cube (root mean square); halved until enough are found. */
static const double SPREAD = 0.2, SPREAD_LEAST = 1e-6;
static const double GRID_FRACTION = 0.4;

static long least(long a, long b) { return a < b ? a : b; }

static long most(long a, long b) { return a > b ? a : b; }

static bool has_grid(const search_task *task)
{
  for (int i = 0; i < task->n_variables; i++) {
    if (task->variable[i].n_levels > 0) {
      return true;
    }
  }
  return false;
}

search_budget search_budget_of(const search_task *task)
{
  long quarter = task->evaluations_max / 4;
  long wanted = most(SCREEN_LEAST, SCREEN_PER_VARIABLE * task->n_variables);
  search_budget budget = {
      .given = least(task->n_given, task->given_only ? task->evaluations_max : quarter),
      .sobol = task->given_only ? 0 : least(wanted, most(quarter, 1))};
  /* good points are known where a caller gives all starts: neighbours on the grid come at once */
  double fraction = task->given_only ? 1 : GRID_FRACTION;
  double grid = has_grid(task) ? fraction * (double)task->evaluations_max : 0;
  long rest = task->evaluations_max - budget.given - budget.sobol - (long)(grid + 0.999);
  if (rest > 0) {
    long enough_for = most(1, rest / (SHARE_PER_VARIABLE * (task->n_variables + 1)));
    long starts = (task->given_only ? 0 : task->starts) + (long)task->n_given;
    budget.starts = (int)least(starts, least(enough_for, rest));
    budget.share = budget.starts > 0 ? rest / budget.starts : 0;
  }
  return budget;
}

static bool add_point(search_screening *s, search_state *state, const double *value)
{
  return search_points_find(&s->points, value) >= 0 || search_points_add(&s->points, value) >= 0 ||
         search_state_no_memory(state, "screening");
}

static bool add_given(search_screening *s, search_state *state, long count)
{
  const search_task *task = state->task;
  for (long k = 0; k < count; k++) {
    double value[SEARCH_VARIABLES_MAX];
    for (int i = 0; i < task->n_variables; i++) {
      const search_variable *v = &task->variable[i];
      double given = task->given[k * task->n_variables + i];
      value[i] = (given < v->low ? v->low : given > v->high ? v->high : given) + 0.0;
    }
    if (!add_point(s, state, value)) {
      return false;
    }
  }
  return true;
}

static bool add_sobol(search_screening *s, search_state *state, long count)
{
  const search_task *task = state->task;
  for (long k = 0; k < count; k++) {
    double u[SEARCH_VARIABLES_MAX], value[SEARCH_VARIABLES_MAX];
    if (!random_sobol(task->seed, task->n_variables, k, u)) {
      return search_state_no_memory(state, "drawing points to screen");
    }
    for (int i = 0; i < task->n_variables; i++) {
      value[i] = search_scale_from_unit(&task->variable[i], u[i]);
    }
    if (!add_point(s, state, value)) {
      return false;
    }
  }
  return true;
}

/* Distance of point i to the nearest start chosen so far. */
static double distance_to_chosen(const search_screening *s, const search_task *task, long i)
{
  double nearest = 1;
  for (int k = 0; k < s->n_starts; k++) {
    double d =
        search_scale_distance(task, s->points.point[i].value, s->points.point[s->start[k]].value);
    nearest = d < nearest ? d : nearest;
  }
  return nearest;
}

static long best_far_from_chosen(const search_screening *s, const search_task *task, double spread)
{
  long best = -1;
  for (long i = 0; i < s->points.n; i++) {
    const search_point *p = &s->points.point[i];
    bool improves = best < 0 || search_point_better(p, &s->points.point[best]);
    if (improves && distance_to_chosen(s, task, i) >= spread) {
      best = i;
    }
  }
  return best;
}

/* Given points first, as far as the budget goes, then the best of the others. */
static void choose_starts(search_screening *s, const search_task *task, long n_given, int wanted)
{
  while (s->n_starts < wanted && s->n_starts < n_given) {
    s->start[s->n_starts] = s->n_starts;
    s->n_starts++;
  }
  double spread = SPREAD;
  while (s->n_starts < wanted && spread >= SPREAD_LEAST) {
    long next = best_far_from_chosen(s, task, spread);
    if (next >= 0) {
      s->start[s->n_starts] = next;
      s->n_starts++;
    } else {
      spread /= 2;
    }
  }
}

bool search_screen(search_screening *s, search_state *state, const search_budget *budget)
{
  const search_task *task = state->task;
  *s = (search_screening){.points = search_points_open(task->n_variables, SEARCH_FROM_SCREENING)};
  s->start = allocate_zeroed((size_t)budget->starts + 1, sizeof *s->start);
  if (s->start == NULL) {
    return search_state_no_memory(state, "screening");
  }
  if (!add_given(s, state, budget->given)) {
    return false;
  }
  long n_given = s->points.n;
  if (!add_sobol(s, state, budget->sobol)) {
    return false;
  }
  progress_stage(task->progress, "screening", s->points.n);
  bool whole = search_state_evaluate_batch(state, &s->points, 0);
  for (long i = 0; i < s->points.n; i++) {
    search_range_add(&s->range, &s->points.point[i]);
    s->feasible = s->feasible || search_point_feasible(&s->points.point[i]);
  }
  if (whole) {
    choose_starts(s, task, n_given, budget->starts);
  }
  return true;
}

void search_screening_close(search_screening *s)
{
  search_points_close(&s->points);
  release(s->start);
  s->start = NULL;
}
