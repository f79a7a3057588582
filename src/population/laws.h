/* From a uniform number to a value of a law. */
#ifndef POPULATION_LAWS_H
#define POPULATION_LAWS_H

#include "problem/population_description.h"

/* u in (0, 1), z its normal score. */
double population_law_value(const population_description *d, int coordinate, double u, double z);

#endif
