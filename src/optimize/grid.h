/* The grid stage: from the best points off the grid to the best point on it. Every neighbour of the
 * result is evaluated, so that "no better neighbour" is a statement and not a hope. */
#ifndef OPTIMIZE_GRID_H
#define OPTIMIZE_GRID_H

#include "optimize/state.h"

/* With 3^n - 1 neighbours up to this, a neighbour differs in any number of variables by one level
 * (n <= 7); beyond, in one or two. */
enum { SEARCH_NEIGHBOURS_MAX = 2200 };

typedef struct search_grid {
  search_state *state;
  int n_axes;                     /* variables with levels; the others keep their value */
  int axis[SEARCH_VARIABLES_MAX]; /* their indices */
  long left;                      /* evaluations */
  bool starved;                   /* some neighbour could not be afforded */
  search_points points;
  long n_found;                   /* scratch: neighbours of the point in hand */
  long found[SEARCH_NEIGHBOURS_MAX];
} search_grid;

/* Nothing to do (n_axes 0) where no variable has levels. */
void search_grid_open(search_grid *grid, search_state *state, long left);
void search_grid_close(search_grid *grid);

/* bases: (n_bases) points off the grid, best first. Ends by itself, or with the budget or the
 * search. */
void search_grid_run(search_grid *grid, const search_point *const *bases, long n_bases);

/* Counts the neighbours of point i; true if all were evaluated and none is better. */
bool search_grid_neighbours(search_grid *grid, long i, long *count);

#endif
