/* Activated share of T cells [fraction]: in blood by dose window, at each site over the course, and
 * the days on which it is above a share. Source: simulated outputs of the model, extremes between
 * integration steps included. */
#include "objectives/rows.h"

#include <math.h>

/* A model without this tissue has been chosen because nothing can happen there. */
static limit_value at_site(const limit *l, const endpoints *e)
{
  bool simulated = l->place < e->n_sites;
  if (l->kind == LIMIT_DAYS_ABOVE) {
    return (limit_value){simulated ? e->days_above[l->place] : 0, NAN, 0};
  }
  peak found = simulated ? e->activated[l->place] : (peak){0, NAN};
  return (limit_value){found.value, found.day, 0};
}

static int limit_values(const limit *l, const endpoints *e, limit_value *values)
{
  window_peaks peaks = {e->activated_cd8, e->activated_cd8_course, e->activated_cd8_interval};
  if (l->kind == LIMIT_ACTIVATED_CD8) {
    return objective_window_values(l, e, peaks, values);
  }
  values[0] = at_site(l, e);
  return 1;
}

/* Days are compared by their difference: most regimens have none, and a logarithm would tell them
 * far apart. */
static double margin(const limit *l, double value)
{
  return l->kind == LIMIT_DAYS_ABOVE ? (value - l->bound) / l->bound
                                     : objective_margin_log10(l, value);
}

static double value_at(const limit *l, double of_margin)
{
  return l->kind == LIMIT_DAYS_ABOVE ? objective_value_at_share(l, of_margin)
                                     : objective_value_at_log10(l, of_margin);
}

const objective_row objective_immune_activation = {"immune_activation", NULL, limit_values, margin,
                                                   value_at};
