/* Damage of normal tissue that carries the target: 1 - smallest healthy share [fraction]. Source:
 * simulated outputs of the model. A grade of damage is reached where health falls below its
 * threshold, which the indication declares: the reader turns a grade into a bound. */
#include "objectives/rows.h"

#include <math.h>

/* A model without this tissue has been chosen because nothing can happen there. */
static int limit_values(const limit *l, const endpoints *e, limit_value *values)
{
  bool simulated = PROBLEM_SITE_TISSUE + l->place < e->n_sites;
  peak nadir = simulated ? e->health_nadir[l->place] : (peak){1, NAN};
  values[0] = (limit_value){1 - nadir.value, nadir.day, 0};
  return 1;
}

const objective_row objective_off_tumor = {"off_tumor", NULL, limit_values, objective_margin_log10,
                                           objective_value_at_log10};
