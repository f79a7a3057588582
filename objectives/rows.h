/* The table of objectives, and what several of them share. */
#ifndef OBJECTIVES_ROWS_H
#define OBJECTIVES_ROWS_H

#include "objectives/objective.h"

/* One objective; functions that it does not offer are NULL; objective.h tells what they return. */
typedef struct objective_row {
  const char *name; /* as in problem files */
  double (*goal)(const goal *g, const endpoints *e, double horizon_days);
  int (*limit_values)(const limit *l, const endpoints *e, limit_value *values);
  double (*margin)(const limit *l, double value);
  double (*value_at)(const limit *l, double margin); /* its inverse */
} objective_row;

/* Every objective: a new one adds its line here and defines its row in a file of its own. */
#define OBJECTIVES(X)                                                                              \
  X(tumor_control)                                                                                 \
  X(il6_peak)                                                                                      \
  X(crs)                                                                                           \
  X(off_tumor)                                                                                     \
  X(immune_activation)                                                                             \
  X(treatment_burden)

#define X(name) extern const objective_row objective_##name;
OBJECTIVES(X)
#undef X

/* The same extreme in every window of a run. */
typedef struct window_peaks {
  const peak *windows; /* (endpoints.n_windows) */
  peak course;
  const peak *intervals; /* (endpoints.n_intervals) */
} window_peaks;

/* The peaks that the window of a limit selects. */
int objective_window_values(const limit *l, const endpoints *e, window_peaks peaks,
                            limit_value *values);

/* log10(value / bound), floored twelve decades below the bound so that it stays finite at 0. */
double objective_margin_log10(const limit *l, double value);
double objective_value_at_log10(const limit *l, double margin);
/* The inverse of (value - bound) / bound. */
double objective_value_at_share(const limit *l, double margin);

#endif
