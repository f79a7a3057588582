/* Quantities that a problem fixes, gives as a range, or lists. */
#include <math.h>

#include "base/number.h"
#include "problem/reader.h"

static bool decision_read_range(reader *r, const cJSON *item, decision *d)
{
  const cJSON *grid = json_get(item, "grid");
  d->low = reader_number(item, "min");
  d->high = reader_number(item, "max");
  d->grid = grid != NULL ? grid->valuedouble : 0;
  if (grid != NULL && d->grid > d->high - d->low) {
    return reader_fail(r, grid, OUT_OF_RANGE, "make it smaller, or give a single number",
                       "the grid is wider than its range");
  }
  if (grid != NULL && (d->high - d->low) / d->grid > PROBLEM_LEVELS_MAX - 1) {
    return reader_fail(r, grid, OUT_OF_RANGE, "at most 128 values are allowed",
                       "the grid is too fine for its range");
  }
  return true;
}

static bool decision_read_list(reader *r, const cJSON *item, decision *d)
{
  for (const cJSON *child = item->child; child != NULL; child = child->next) {
    if (d->n_choices == PROBLEM_CHOICES_MAX) {
      return reader_fail(r, child, OUT_OF_RANGE, "at most 32 choices are allowed",
                         "the list has too many choices");
    }
    d->choice[d->n_choices++] = child->valuedouble;
  }
  d->low = d->choice[0];
  d->high = d->choice[d->n_choices - 1];
  return true;
}

bool decision_read(reader *r, const cJSON *item, decision *d)
{
  *d = (decision){.given = item != NULL};
  if (item == NULL) {
    return true;
  }
  if (cJSON_IsObject(item)) {
    return decision_read_range(r, item, d);
  }
  if (cJSON_IsArray(item)) {
    return decision_read_list(r, item, d);
  }
  d->low = d->high = item->valuedouble;
  return true;
}

bool decision_fixed(const decision *d) { return d->low == d->high; }

/* The nearest of increasing `values` at or beyond `bound`, upwards or downwards. */
static double listed(const double *values, int n, double bound, bool upwards)
{
  double found = (double)NAN;
  for (int i = 0; i < n; i++) {
    double value = values[i];
    bool beyond = number_same(value, bound) || (upwards ? value > bound : value < bound);
    if (beyond && (isnan(found) || !upwards)) {
      found = value;
    }
  }
  return found;
}

/* The same on the grid low, low + grid, ... */
static double gridded(const decision *d, double bound, bool upwards)
{
  const double rounding = 1e-9; /* of decimal input, in grid lengths */
  double steps = (bound - d->low) / d->grid;
  double last = floor((d->high - d->low) / d->grid + rounding);
  double index = upwards ? fmax(ceil(steps - rounding), 0) : fmin(floor(steps + rounding), last);
  return index < 0 || index > last ? (double)NAN : d->low + index * d->grid;
}

static double nearest_allowed(const decision *d, double bound, const double *level, int n_levels,
                              bool upwards)
{
  if (d->n_choices > 0) {
    return listed(d->choice, d->n_choices, bound, upwards);
  }
  double from = upwards ? fmax(bound, d->low) : fmin(bound, d->high);
  if (n_levels > 0) {
    from = listed(level, n_levels, from, upwards);
  } else if (d->grid > 0) {
    from = gridded(d, from, upwards);
  }
  bool inside = from >= d->low || number_same(from, d->low);
  inside = inside && (from <= d->high || number_same(from, d->high));
  return inside ? from : (double)NAN;
}

double decision_above(const decision *d, double bound, const double *level, int n_levels)
{
  return nearest_allowed(d, bound, level, n_levels, true);
}

double decision_below(const decision *d, double bound, const double *level, int n_levels)
{
  return nearest_allowed(d, bound, level, n_levels, false);
}
