/* One start: evaluations through its cache, and the sequence of engine runs. */
#include "optimize/walk.h"

#include "base/random.h"
#include "optimize/engines.h"
#include "optimize/scale.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Steps of an engine in the unit cube: the first run explores, the second polishes. */
static const double FIRST_STEP = 0.2, SECOND_STEP = 0.04;
/* An exact penalty must exceed the multipliers; these are in goal ranges per unit of constraint. */
static const double FIRST_WEIGHT = 10, SECOND_WEIGHT = 100;
/* Engines clip to their bounds up to rounding. */
static const double BOX_SLACK = 1e-12;

void search_range_add(search_range *range, const search_point *p)
{
  if (p->failed) {
    return;
  }
  range->goal_low = range->known ? fmin(range->goal_low, p->goal) : p->goal;
  range->goal_high = range->known ? fmax(range->goal_high, p->goal) : p->goal;
  range->violation_high = fmax(range->violation_high, p->violation);
  range->known = true;
}

/* Penalties are worse than anything seen, but of its order: an engine that builds a model from its
 * points would be thrown off by a cliff of 1e10. */
double search_range_goal(const search_range *range)
{
  return range->goal_low - (range->goal_high - range->goal_low) - 1;
}

double search_range_constraint(const search_range *range) { return range->violation_high + 1; }

bool search_walk_open(search_walk *walk, search_state *state, int index, const search_point *start,
                      long share, const search_range *range)
{
  *walk = (search_walk){.state = state, .share = share, .left = share, .range = *range};
  walk->points = search_points_open(state->task->n_variables, index);
  if (search_points_add(&walk->points, start->value) < 0) {
    return search_state_no_memory(state, "starting a search");
  }
  walk->points.point[0] = *start;
  memcpy(walk->report.start, start->value, sizeof walk->report.start);
  return true;
}

void search_walk_close(search_walk *walk) { search_points_close(&walk->points); }

/* False where u is no place to simulate at. */
static bool place_of(const search_task *task, const double *u, double *value)
{
  for (int i = 0; i < task->n_variables; i++) {
    if (!(u[i] >= -BOX_SLACK && u[i] <= 1 + BOX_SLACK)) { /* also false for NaN */
      return false;
    }
    value[i] = search_scale_from_unit(&task->variable[i], u[i]);
  }
  return true;
}

/* Evaluates a place that is not in the cache. */
static long evaluate_new(search_walk *walk, const double *value)
{
  if (walk->left <= walk->reserve || search_state_ended(walk->state)) {
    walk->refused = true;
    return -1;
  }
  long i = search_points_add(&walk->points, value);
  if (i < 0) {
    walk->refused = true;
    (void)search_state_no_memory(walk->state, "keeping an evaluation");
    return -1;
  }
  if (!search_state_evaluate(walk->state, walk->worker, &walk->points, i)) {
    search_points_drop_pending(&walk->points, i);
    walk->refused = true;
    return -1;
  }
  walk->left--;
  const search_point *p = &walk->points.point[i];
  search_range_add(&walk->range, p);
  walk->report.failures += p->failed;
  if (search_point_better(p, &walk->points.point[walk->best])) {
    walk->best = i;
  }
  return i;
}

long search_walk_evaluate(search_walk *walk, const double *u)
{
  double value[SEARCH_VARIABLES_MAX];
  if (!place_of(walk->state->task, u, value)) {
    return -1;
  }
  long i = search_points_find(&walk->points, value);
  return i >= 0 ? i : evaluate_new(walk, value);
}

static bool is_feasible(const search_walk *walk)
{
  return search_point_feasible(&walk->points.point[walk->best]);
}

/* One run of an engine; how it ended is what the report will say unless another run follows. */
static void run_engine(search_walk *walk, search_engine_order order)
{
  search_engine_result result;
  search_engine_run(walk, &order, &result);
  walk->report.end = result.end;
  walk->report.engine_code = result.code;
  (void)snprintf(walk->report.engine_message, sizeof walk->report.engine_message, "%s",
                 result.message);
}

/* An engine that ended by its own rule, or broke down, gets a second chance from the best point. */
static bool deserves_another_run(const search_walk *walk)
{
  return (walk->report.end == SEARCH_END_CONVERGED ||
          walk->report.end == SEARCH_END_ENGINE_FAILED) &&
         walk->left > walk->state->task->n_variables + 1 && !search_state_ended(walk->state);
}

void search_walk_follow(search_walk *walk, int worker, bool phase_one)
{
  walk->worker = worker;
  walk->report.end = search_state_ended(walk->state) ? (search_end)atomic_load(&walk->state->cut)
                                                     : SEARCH_END_EVALUATIONS;
  const search_task *task = walk->state->task;
  random_stream stream = random_open(task->seed, (uint64_t)walk->points.start + 1);
  search_engine_order order = {.engine = search_engine_of(task->engine),
                               .seed = random_bits(&stream),
                               .step = FIRST_STEP,
                               .weight = FIRST_WEIGHT};
  if (phase_one && !is_feasible(walk)) {
    search_engine_order first = order;
    first.phase_one = true;
    first.reserve = walk->share / 2; /* the other half belongs to the engine itself */
    run_engine(walk, first);
  }
  if (walk->left > 0 && !search_state_ended(walk->state)) {
    run_engine(walk, order);
  }
  if (deserves_another_run(walk)) {
    order.step = SECOND_STEP;
    order.weight = is_feasible(walk) ? FIRST_WEIGHT : SECOND_WEIGHT;
    run_engine(walk, order);
  }
  walk->report.evaluations = walk->share - walk->left;
  walk->report.best = walk->points.point[walk->best];
  walk->report.feasible = is_feasible(walk);
}
