/* The report of a search, put together from what its stages hold. */
#ifndef OPTIMIZE_OUTCOME_H
#define OPTIMIZE_OUTCOME_H

#include "optimize/grid.h"
#include "optimize/screen.h"

typedef struct search_stages {
  search_state state;
  search_budget budget;
  search_screening screening;
  int n_walks;
  search_walk *walk; /* (n_walks) */
  search_grid grid;
} search_stages;

/* False: no memory (noted in the state). */
bool search_outcome_write(search_stages *stages, search_outcome *outcome);

#endif
