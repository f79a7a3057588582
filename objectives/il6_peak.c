/* Largest interleukin-6 in blood [pg/mL]: the marker of cytokine release that the model gives.
 * Source: simulated outputs of the model, extremes between integration steps included. */
#include "objectives/rows.h"

static int limit_values(const limit *l, const endpoints *e, limit_value *values)
{
  window_peaks peaks = {e->il6, e->il6_course, e->il6_interval};
  return objective_window_values(l, e, peaks, values);
}

const objective_row objective_il6_peak = {"il6_peak", NULL, limit_values, objective_margin_log10,
                                          objective_value_at_log10};
