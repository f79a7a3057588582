/* Lagrange multipliers by least squares on slopes: see multipliers.h. The active set method is that
 * of C. L. Lawson, R. J. Hanson, Solving Least Squares Problems (1974), chapter 23, begun from all
 * active constraints. */
#include "optimize/multipliers.h"

#include "base/allocate.h"
#include "base/cholesky.h"
#include "base/error.h"

#include <math.h>
#include <string.h>

static const double ridge = 1e-10; /* of the largest diagonal: constraints that move alike */
static const double on_bound = 1e-9;

typedef struct slopes {
  int n_free, n_active;
  int variable[SEARCH_VARIABLES_MAX];
  int constraint[SEARCH_CONSTRAINTS_MAX];
  double goal[SEARCH_VARIABLES_MAX];
  double of[SEARCH_CONSTRAINTS_MAX][SEARCH_VARIABLES_MAX]; /* (n_active x n_free) */
} slopes;

static double to_unit(const search_variable *v, double value)
{
  return v->logarithmic ? log(value / v->low) / log(v->high / v->low)
                        : (value - v->low) / (v->high - v->low);
}

static double from_unit(const search_variable *v, double unit)
{
  return v->logarithmic ? v->low * pow(v->high / v->low, unit) : v->low + unit * (v->high - v->low);
}

static bool evaluate_at(const search_task *task, const double *value, int variable, double unit,
                        double *goal, double *constraint, stepdose_error *error)
{
  double moved[SEARCH_VARIABLES_MAX];
  memcpy(moved, value, (size_t)task->n_variables * sizeof *moved);
  if (variable >= 0) {
    moved[variable] = from_unit(&task->variable[variable], unit);
  }
  return task->evaluate(task->context, 0, moved, goal, constraint, error);
}

static bool slope_of(const search_task *task, const double *value, int at, slopes *s,
                     stepdose_error *error)
{
  double below[SEARCH_CONSTRAINTS_MAX], above[SEARCH_CONSTRAINTS_MAX];
  double goal_below, goal_above;
  const int variable = s->variable[at];
  const double unit = to_unit(&task->variable[variable], value[variable]);
  const double low = fmax(unit - MULTIPLIER_STEP, 0);
  const double high = fmin(unit + MULTIPLIER_STEP, 1);
  if (!evaluate_at(task, value, variable, low, &goal_below, below, error) ||
      !evaluate_at(task, value, variable, high, &goal_above, above, error)) {
    return false;
  }
  s->goal[at] = (goal_above - goal_below) / (high - low);
  for (int i = 0; i < s->n_active; i++) {
    s->of[i][at] = (above[s->constraint[i]] - below[s->constraint[i]]) / (high - low);
  }
  return true;
}

static bool find_slopes(const search_task *task, const double *value, double active, slopes *s,
                        stepdose_error *error)
{
  double goal, constraint[SEARCH_CONSTRAINTS_MAX];
  if (!evaluate_at(task, value, -1, 0, &goal, constraint, error)) {
    return false;
  }
  for (int i = 0; i < task->n_constraints; i++) {
    if (constraint[i] >= -active) {
      s->constraint[s->n_active++] = i;
    }
  }
  for (int i = 0; i < task->n_variables; i++) {
    const double unit = to_unit(&task->variable[i], value[i]);
    if (unit > on_bound && unit < 1 - on_bound) {
      s->variable[s->n_free++] = i;
    }
  }
  bool done = true;
  for (int i = 0; done && i < s->n_free; i++) {
    done = slope_of(task, value, i, s, error);
  }
  return done;
}

static double product(const slopes *s, const double *a, const double *b)
{
  double sum = 0;
  for (int i = 0; i < s->n_free; i++) {
    sum += a[i] * b[i];
  }
  return sum;
}

/* Least squares with the constraints in `used` (n) alone. */
static bool solve(const slopes *s, int n, const int *used, double *matrix, double *x)
{
  double largest = 0;
  for (int i = 0; i < n; i++) {
    largest = fmax(largest, product(s, s->of[used[i]], s->of[used[i]]));
  }
  for (int i = 0; i < n; i++) {
    for (int j = 0; j <= i; j++) {
      const double damped = i == j ? ridge * largest : 0;
      matrix[i * n + j] = product(s, s->of[used[i]], s->of[used[j]]) + damped;
    }
    x[i] = product(s, s->of[used[i]], s->goal);
  }
  if (!cholesky_factor(n, matrix)) {
    return false;
  }
  cholesky_solve(n, matrix, x);
  return true;
}

/* Drops the most negative multiplier until none is. */
static void descend(const slopes *s, double *matrix, double *multiplier)
{
  int n = s->n_active;
  int used[SEARCH_CONSTRAINTS_MAX];
  double x[SEARCH_CONSTRAINTS_MAX];
  for (int i = 0; i < n; i++) {
    used[i] = i;
  }
  while (n > 0) {
    int worst = 0;
    if (!solve(s, n, used, matrix, x)) {
      return;
    }
    for (int i = 1; i < n; i++) {
      worst = x[i] < x[worst] ? i : worst;
    }
    if (x[worst] >= 0) {
      break;
    }
    used[worst] = used[--n];
  }
  for (int i = 0; i < n; i++) {
    multiplier[used[i]] = x[i];
  }
}

static double unexplained(const slopes *s, const double *multiplier)
{
  double left[SEARCH_VARIABLES_MAX];
  for (int j = 0; j < s->n_free; j++) {
    left[j] = s->goal[j];
    for (int i = 0; i < s->n_active; i++) {
      left[j] -= multiplier[i] * s->of[i][j];
    }
  }
  const double whole = sqrt(product(s, s->goal, s->goal));
  return whole > 0 ? sqrt(product(s, left, left)) / whole : (double)NAN;
}

bool search_multipliers(const search_task *task, const double *value, double active, double *lambda,
                        double *residual, stepdose_error *error)
{
  double multiplier[SEARCH_CONSTRAINTS_MAX] = {0};
  slopes *s = allocate_zeroed(1, sizeof *s);
  double *matrix =
      allocate_zeroed((size_t)SEARCH_CONSTRAINTS_MAX * SEARCH_CONSTRAINTS_MAX, sizeof *matrix);
  bool done = (s != NULL && matrix != NULL) || error_no_memory(error, "computing multipliers");
  done = done && find_slopes(task, value, active, s, error);
  if (done) {
    memset(lambda, 0, (size_t)task->n_constraints * sizeof *lambda);
    descend(s, matrix, multiplier);
    *residual = unexplained(s, multiplier);
    for (int i = 0; i < s->n_active; i++) {
      lambda[s->constraint[i]] = multiplier[i];
    }
  }
  release(s);
  release(matrix);
  return done;
}
