/* One start of the search: its own budget, its own cache, its own archive. Nothing is shared with
 * other starts, so that what it does and what it costs do not depend on how starts are spread over
 * threads. */
#ifndef OPTIMIZE_WALK_H
#define OPTIMIZE_WALK_H

#include "optimize/state.h"

/* What was seen of succeeded evaluations: the scale for penalties. */
typedef struct search_range {
  bool known;
  double goal_low, goal_high, violation_high;
} search_range;

void search_range_add(search_range *range, const search_point *p);
double search_range_goal(const search_range *range);       /* goal given to a failed point */
double search_range_constraint(const search_range *range); /* its constraints */

typedef struct search_walk {
  search_state *state;
  int worker;
  long share, left;     /* evaluations that it was given, and that it may still make */
  long reserve;         /* of those, what the present engine run must leave */
  bool refused;         /* an evaluation was asked for that could not be made */
  search_points points; /* [0] is the start, from the screening, not counted here */
  long best;            /* index */
  search_range range;
  search_start_report report;
} search_walk;

/* False: no memory. */
bool search_walk_open(search_walk *walk, search_state *state, int index, const search_point *start,
                      long share, const search_range *range);
void search_walk_close(search_walk *walk);

/* Index of the evaluated point at u (unit cube); -1 where u is not a number, lies outside the cube,
 * or no evaluation is left: the caller then answers from a constant. */
long search_walk_evaluate(search_walk *walk, const double *u);

/* Follows the start with the task's engine: phase one first where it is asked for (nothing feasible
 * is known), then the engine, and once more from the best point with a smaller step. Fills the
 * report. */
void search_walk_follow(search_walk *walk, int worker, bool phase_one);

#endif
