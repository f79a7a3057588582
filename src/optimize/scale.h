/* Between physical values and the unit cube in which engines move. */
#ifndef OPTIMIZE_SCALE_H
#define OPTIMIZE_SCALE_H

#include "optimize/search.h"

/* Clips into the variable's range; the ends map exactly onto 0 and 1. */
double search_scale_to_unit(const search_variable *v, double value);
double search_scale_from_unit(const search_variable *v, double u);
/* Root mean square distance of two points in the unit cube. */
double search_scale_distance(const search_task *task, const double *a, const double *b);

#endif
