/* What an engine is told when it calls back. Engines minimise, so they see -goal. */
#include "optimize/dialogue.h"

#include <math.h>
#include <string.h>

/* Of a forward difference in the unit cube; the goal comes from an adaptive integrator, whose noise
 * a smaller step would amplify. */
static const double DIFFERENCE_STEP = 1e-3;
/* An engine that goes on calling after this many refusals or repetitions is not going to stop. */
enum { IDLE_MAX = 100000 };

static bool must_stop(const search_dialogue *d)
{
  const search_walk *walk = d->walk;
  return walk->refused || (d->order->phase_one &&
                           search_point_feasible(&walk->points.point[walk->best]));
}

/* Index of the evaluated point at u, -1: there is none. */
static long ask(search_dialogue *d, const double *u)
{
  long left = d->walk->left;
  long i = search_walk_evaluate(d->walk, u);
  d->idle = d->walk->left < left ? 0 : d->idle + 1;
  if (must_stop(d)) {
    (void)nlopt_force_stop(d->opt);
  }
  if (d->idle > IDLE_MAX) {
    search_guard_quit(d->guard);
  }
  return i;
}

static bool succeeded(const search_dialogue *d, long i)
{
  return i >= 0 && !d->walk->points.point[i].failed;
}

static double goal_at(const search_dialogue *d, long i)
{
  return succeeded(d, i) ? -d->walk->points.point[i].goal : -search_range_goal(&d->walk->range);
}

static double constraint_at(const search_dialogue *d, long i, unsigned k)
{
  return succeeded(d, i) ? d->walk->points.point[i].constraint[k]
                         : search_range_constraint(&d->walk->range);
}

/* Differences along variable j with step h; false if there is nothing to compare with. */
static bool difference(search_dialogue *d, const double *u, long here, int j, double h)
{
  const search_task *task = d->walk->state->task;
  double beside[SEARCH_VARIABLES_MAX];
  memcpy(beside, u, (size_t)task->n_variables * sizeof *u);
  beside[j] += h;
  if (beside[j] < 0 || beside[j] > 1) {
    return false;
  }
  long there = ask(d, beside);
  if (!succeeded(d, there)) {
    return false;
  }
  const search_point *a = &d->walk->points.point[here], *b = &d->walk->points.point[there];
  d->goal_gradient[j] = -(b->goal - a->goal) / h;
  for (int k = 0; k < task->n_constraints; k++) {
    d->constraint_gradient[k][j] = (b->constraint[k] - a->constraint[k]) / h;
  }
  return true;
}

/* All differences at u, kept for the constraints, which are asked for in a call of their own. */
static void find_gradient(search_dialogue *d, const double *u, long here)
{
  int n = d->walk->state->task->n_variables;
  size_t size = (size_t)n * sizeof *u;
  if (d->has_gradient && memcmp(d->gradient_at, u, size) == 0) {
    return;
  }
  bool first = !d->has_gradient;
  memset(d->goal_gradient, 0, sizeof d->goal_gradient);
  memset(d->constraint_gradient, 0, sizeof d->constraint_gradient);
  memcpy(d->gradient_at, u, size);
  d->has_gradient = true;
  double steepest = 0;
  for (int j = 0; j < n && succeeded(d, here); j++) {
    if (!difference(d, u, here, j, DIFFERENCE_STEP)) {
      (void)difference(d, u, here, j, -DIFFERENCE_STEP);
    }
    steepest = fmax(steepest, fabs(d->goal_gradient[j]));
  }
  d->goal_is_flat = first ? steepest <= 0 : d->goal_is_flat;
}

double search_dialogue_goal(unsigned n, const double *u, double *gradient, void *dialogue)
{
  search_dialogue *d = dialogue;
  search_guard_enter(d->guard);
  long i = ask(d, u);
  double answer = goal_at(d, i);
  if (d->order->phase_one) {
    answer = isfinite(u[n - 1]) ? u[n - 1] : SEARCH_SLACK_HIGH;
  } else if (gradient != NULL) {
    find_gradient(d, u, i);
    memcpy(gradient, d->goal_gradient, n * sizeof *gradient);
  }
  search_guard_leave(d->guard);
  return answer;
}

void search_dialogue_constraints(unsigned m, double *result, unsigned n, const double *u,
                                 double *gradient, void *dialogue)
{
  search_dialogue *d = dialogue;
  search_guard_enter(d->guard);
  long i = ask(d, u);
  double slack = d->order->phase_one && isfinite(u[n - 1]) ? u[n - 1] : 0;
  for (unsigned k = 0; k < m; k++) {
    result[k] = constraint_at(d, i, k);
    if (d->order->phase_one) {
      result[k] = result[k] / d->slack_scale - slack;
    }
  }
  if (gradient != NULL) {
    find_gradient(d, u, i);
    for (unsigned k = 0; k < m; k++) {
      memcpy(&gradient[k * n], d->constraint_gradient[k], n * sizeof *gradient);
    }
  }
  search_guard_leave(d->guard);
}

double search_dialogue_penalised(unsigned n, const double *u, double *gradient, void *dialogue)
{
  search_dialogue *d = dialogue;
  (void)n;
  (void)gradient; /* engines without constraints in the table take no gradient either */
  search_guard_enter(d->guard);
  long i = ask(d, u);
  double excess = 0;
  for (int k = 0; k < d->walk->state->task->n_constraints; k++) {
    excess += fmax(constraint_at(d, i, (unsigned)k), 0);
  }
  double answer = goal_at(d, i) + d->weight * excess;
  search_guard_leave(d->guard);
  return answer;
}
