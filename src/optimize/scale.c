/* Between physical values and the unit cube in which engines move. */
#include "optimize/scale.h"

#include <math.h>

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
