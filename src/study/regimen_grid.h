/* All candidates on the grid of one branch, one after the other. */
#ifndef STUDY_REGIMEN_GRID_H
#define STUDY_REGIMEN_GRID_H

#include "optimize/evaluate_regimen.h"

/* How many there are before the rules; INFINITY where a variable has no grid. */
double regimen_grid_size(const regimen_evaluation *e);

/* The first candidate from number *code on that keeps the rules between doses; *code moves behind
 * it. False: there is none. For sizes that a long can count. */
bool regimen_grid_next(const regimen_evaluation *e, long *code, double *value);

/* Whether the grid has no more candidates that keep the rules than a search may try (budget): then
 * it is tried as a whole. A grid that is large before the rules counts as one that has more. */
bool regimen_grid_is_small(const regimen_evaluation *e, long budget);

#endif
