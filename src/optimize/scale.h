/* Between physical values and the unit cube in which engines move. */
#ifndef OPTIMIZE_SCALE_H
#define OPTIMIZE_SCALE_H

#include "optimize/search.h"

/* Variables have a range and increasing levels within it, and all given points (n_given x
 * n_variables) are finite. */
bool search_scale_check(int n_variables, const search_variable *variable, int n_given,
                        const double *given, stepdose_error *error);
/* Clips into the variable's range; the ends map exactly onto 0 and 1. */
double search_scale_to_unit(const search_variable *v, double value);
double search_scale_from_unit(const search_variable *v, double u);
/* Root mean square distance of two points in the unit cube. */
double search_scale_distance(const search_task *task, const double *a, const double *b);

#endif
