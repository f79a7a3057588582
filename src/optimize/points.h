/* A growing set of evaluated points, found again by the bits of their values. It is the cache of a
 * start, the memory of the grid, and the archive from which the best point is taken: an engine's
 * own answer is never trusted to be the best that it has seen. */
#ifndef OPTIMIZE_POINTS_H
#define OPTIMIZE_POINTS_H

#include "optimize/search.h"

typedef struct search_points {
  int n_variables, start; /* `start` of every point added */
  long n, capacity;
  search_point *point;
  long *slot; /* (n_slots) hash table: index of a point + 1; 0: empty */
  long n_slots;
  long failed_first; /* smallest index of a failed point whose message is kept; -1: none */
  char failure[512];
} search_points;

search_points search_points_open(int n_variables, int start); /* holds nothing yet */
void search_points_close(search_points *points);
long search_points_find(const search_points *points, const double *value); /* -1: not there */
/* Index of a new point that is not evaluated yet, -1: no memory. The value must not be there yet.
 * Pointers into `point` do not survive it. */
long search_points_add(search_points *points, const double *value);
/* Drops the points from index `first` that were not evaluated. */
void search_points_drop_pending(search_points *points, long first);

bool search_point_feasible(const search_point *p);
/* Feasible before infeasible before failed; then larger goal, or smaller violation. Equal ones are
 * not better, so that the earlier of two stays. */
bool search_point_better(const search_point *a, const search_point *b);
long search_points_best(const search_points *points); /* -1 if empty */

#endif
