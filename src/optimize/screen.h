/* The first look at the box: given points and low-discrepancy ones, and the starts chosen. */
#ifndef OPTIMIZE_SCREEN_H
#define OPTIMIZE_SCREEN_H

#include "optimize/walk.h"

/* How evaluations_max is divided. Depends on the task alone. */
typedef struct search_budget {
  long given, sobol; /* screening */
  int starts;
  long share;        /* of each start */
} search_budget;

search_budget search_budget_of(const search_task *task);

typedef struct search_screening {
  search_points points; /* given ones first */
  search_range range;
  bool feasible;        /* one of the points is */
  int n_starts;
  long *start;          /* (n_starts) indices of points */
} search_screening;

/* False: no memory. An end of the search leaves fewer points and no starts. */
bool search_screen(search_screening *screening, search_state *state, const search_budget *budget);
void search_screening_close(search_screening *screening);

#endif
