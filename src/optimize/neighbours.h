/* Which grid points are neighbours, and what is known of them. */
#ifndef OPTIMIZE_NEIGHBOURS_H
#define OPTIMIZE_NEIGHBOURS_H

#include "optimize/grid.h"

/* Neighbours are looked at in tiers, the cheap ones first: a descent needs the full neighbourhood
 * only where it ends. */
enum { SEARCH_TIER_SINGLES, SEARCH_TIER_PAIRS, SEARCH_TIER_REST, SEARCH_TIERS };

/* Index in points of the point shifted from point i by (n_axes) levels, added if it is new and can
 * be afforded. -1: off the grid, or not affordable (starved is set). */
long search_grid_shifted(search_grid *grid, long i, const int *shift);

/* The same for all neighbours of one tier: fills found and n_found, and evaluates what is new.
 * False: the search has ended. */
bool search_grid_look(search_grid *grid, long i, int tier);

/* Level index nearest to a value, in the variable's own scale. */
int search_grid_nearest(const search_variable *v, double value);

/* Adds a point and evaluates nothing. -1: not affordable. */
long search_grid_add(search_grid *grid, const double *value);

#endif
