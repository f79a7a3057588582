/* How well a course controls the tumour. Kills are log10(cells at start / cells), positive when the
 * tumour shrinks, with both counts floored at one cell. Kill at one single day can be gamed by a
 * collapse timed just before it: offered, never the default. */
#include "base/number.h"
#include "objectives/rows.h"

#include <math.h>

/* A partial response: shrunk by at least half. */
#define RESPONSE_FRACTION 0.5

/* The problem asks for the goal's day alone, so it is the first of the days; the horizon needs no
 * asking. */
static double tumor_on_goal_day(const goal *g, const endpoints *e, double horizon_days)
{
  if (number_same(g->day, horizon_days)) {
    return e->tumor_final;
  }
  if (e->n_days == 0) {
    return NAN;
  }
  return e->tumor_at[0];
}

static double at_least_one_cell(double cells) { return cells < 1.0 ? 1.0 : cells; }

static double log10_kill(double cells_at_start, double cells)
{
  return log10(at_least_one_cell(cells_at_start)) - log10(at_least_one_cell(cells));
}

/* A goal is larger when better, so a fall of 90 % is the value 90. */
static double fall_percent(double cells_at_start, double cells)
{
  return 100.0 * (cells_at_start - cells) / at_least_one_cell(cells_at_start);
}

static double response(double cells_at_start, double cells)
{
  if (isnan(cells)) {
    return NAN;
  }
  return cells <= RESPONSE_FRACTION * cells_at_start ? 1.0 : 0.0;
}

static double tumor_goal(const goal *g, const endpoints *e, double horizon_days)
{
  double start = e->tumor_initial;
  double cells = tumor_on_goal_day(g, e, horizon_days);
  switch (g->measure) {
  case MEASURE_TIME_AVERAGED_LOG10_KILL:
    return e->log10_kill_average;
  case MEASURE_SMALLEST_LOG10_KILL_LAST_DAYS:
    return e->log10_kill_smallest_last;
  case MEASURE_CHANGE_PERCENT_AT_DAY:
    return fall_percent(start, cells);
  case MEASURE_RESPONSE_RATE:
    return response(start, cells);
  case MEASURE_LOG10_KILL_AT_DAY:
    return log10_kill(start, cells);
  case MEASURE_COUNT:
    break;
  }
  return NAN;
}

const objective_row objective_tumor_control = {"tumor_control", tumor_goal, NULL, NULL, NULL};
