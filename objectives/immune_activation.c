/* Largest activated share of the CD8 T cells in blood [fraction]. Source: simulated outputs
 * of the model, extremes between integration steps included. */
#include "objectives/rows.h"

static int limit_values(const limit *l, const endpoints *e, limit_value *values)
{
  window_peaks peaks = {e->activated_cd8, e->activated_cd8_course, e->activated_cd8_interval};
  return objective_window_values(l, e, peaks, values);
}

const objective_row objective_immune_activation = {"immune_activation", NULL, limit_values,
                                                   objective_margin_log10};
