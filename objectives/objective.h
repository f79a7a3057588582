/* Objectives: endpoints of one patient -> the value of the goal, and the values of limits. One file
 * per objective; each adds one line to the table in rows.h. They see endpoints only. */
#ifndef OBJECTIVES_OBJECTIVE_H
#define OBJECTIVES_OBJECTIVE_H

#include "problem/problem.h"

/* Value of the goal for one patient; larger is better (so change_percent_at_day is the fall in
 * percent). A measure at a day reads tumor_at[0], the one day that a problem asks for, or
 * tumor_final on the last day. */
double objective_goal(const goal *g, const endpoints *e, double horizon_days);

/* One limit covers one or several windows: the values that are compared with its bound. */
enum { OBJECTIVE_VALUES_MAX = SCHEDULE_WINDOWS_MAX };
typedef struct limit_value {
  double value;
  double day; /* when it was reached; NAN for burden */
  int window; /* dose number from 1, or 0 for a course, a range of days, or burden */
} limit_value;

/* Returns how many values were written (at most OBJECTIVE_VALUES_MAX). */
int objective_limit_values(const limit *l, const endpoints *e, limit_value *values);

/* The margin of a value in the scale that the search uses: <= 0 holds, 0 is at the bound.
 * log10(value / bound) for concentrations, shares and damage; log10 of the ratio of the odds for
 * probabilities; (value - bound) / bound for burden and days. */
double objective_margin(const limit *l, double value);
/* The value that has this margin, down to where margins stop to fall. */
double objective_value_at(const limit *l, double margin);

#endif
