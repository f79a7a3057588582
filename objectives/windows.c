/* Windows of limits on peaks: see problem.h for their names. */
#include "objectives/rows.h"

#include <math.h>

/* Values this many times below a bound count as that: a margin stays finite. */
#define MARGIN_FLOOR 1e-12

static void add(limit_value *values, int *n, peak found, int window)
{
  values[(*n)++] = (limit_value){found.value, found.day, window};
}

int objective_window_values(const limit *l, const endpoints *e, window_peaks peaks,
                            limit_value *values)
{
  int n = 0;
  int first = l->window == WINDOW_LATER_DOSES ? 1 : 0;
  int end = l->window == WINDOW_FIRST_DOSE && e->n_windows > 1 ? 1 : e->n_windows;
  switch (l->window) {
  case WINDOW_COURSE:
    add(values, &n, peaks.course, 0);
    break;
  case WINDOW_FIRST_DOSE:
  case WINDOW_LATER_DOSES:
  case WINDOW_EACH_DOSE:
    for (int w = first; w < end; w++) {
      add(values, &n, peaks.windows[w], w + 1);
    }
    break;
  case WINDOW_DAYS:
    add(values, &n, peaks.intervals[l->interval], 0);
    break;
  case WINDOW_KIND_COUNT:
    break;
  }
  return n;
}

double objective_margin_log10(const limit *l, double value)
{
  double floor_value = MARGIN_FLOOR * l->bound;
  /* written so that a NAN stays a NAN */
  return log10((value < floor_value ? floor_value : value) / l->bound);
}

double objective_value_at_log10(const limit *l, double margin)
{
  return l->bound * pow(10, margin);
}

double objective_value_at_share(const limit *l, double margin) { return l->bound * (1 + margin); }
