/* Between physical values and the unit cube in which engines move. */
#include "optimize/scale.h"

#include "base/error.h"

#include <math.h>

static bool levels_are_valid(const search_variable *v)
{
  for (int k = 0; k < v->n_levels; k++) {
    bool inside = v->level[k] >= v->low && v->level[k] <= v->high;
    if (!inside || (k > 0 && v->level[k] <= v->level[k - 1])) {
      return false;
    }
  }
  return v->n_levels >= 0;
}

bool search_scale_check(int n_variables, const search_variable *variable, int n_given,
                        const double *given, stepdose_error *error)
{
  for (int i = 0; i < n_variables; i++) {
    const search_variable *v = &variable[i];
    if (!isfinite(v->low) || !isfinite(v->high) || v->low >= v->high ||
        (v->logarithmic && v->low <= 0) || !levels_are_valid(v)) {
      return error_set(error, STEPDOSE_EMPTY_RANGE,
                       "give low < high (low > 0 on a logarithmic scale) and increasing levels "
                       "within them",
                       "variable %d of the search has no valid range", i);
    }
  }
  for (long k = 0; k < (long)n_given * n_variables; k++) {
    if (!isfinite(given[k])) {
      return error_set(error, STEPDOSE_NOT_FINITE, "give finite numbers",
                       "a given starting point of the search is not finite");
    }
  }
  return true;
}

double search_scale_to_unit(const search_variable *v, double value)
{
  if (!(value > v->low)) {
    return 0;
  }
  if (value >= v->high) {
    return 1;
  }
  double u = v->logarithmic ? log(value / v->low) / log(v->high / v->low)
                            : (value - v->low) / (v->high - v->low);
  return fmin(fmax(u, 0), 1);
}

double search_scale_from_unit(const search_variable *v, double u)
{
  if (u <= 0) {
    return v->low + 0.0; /* never a negative zero: points are compared by bits */
  }
  if (u >= 1) {
    return v->high + 0.0;
  }
  double value = v->logarithmic ? v->low * exp(u * log(v->high / v->low))
                                : v->low + u * (v->high - v->low);
  return fmin(fmax(value, v->low), v->high) + 0.0;
}

double search_scale_distance(const search_task *task, const double *a, const double *b)
{
  double sum = 0;
  for (int i = 0; i < task->n_variables; i++) {
    const search_variable *v = &task->variable[i];
    double d = search_scale_to_unit(v, a[i]) - search_scale_to_unit(v, b[i]);
    sum += d * d;
  }
  return sqrt(sum / task->n_variables);
}
