/* Points of the unit cube that patients are made of, any one by its index alone. */
#ifndef POPULATION_POINTS_H
#define POPULATION_POINTS_H

#include "base/random.h"
#include "problem/population_description.h"

enum { POINTS_BITS = 16 }; /* 2^POINTS_BITS is POPULATION_PATIENTS_MAX */

typedef struct population_points {
  population_sampling sampling;
  int dimensions;
  uint64_t seed;
  /* of Sobol points, as fractions of 2^53 */
  uint64_t shift[RANDOM_SOBOL_DIMENSIONS];
  uint64_t direction[RANDOM_SOBOL_DIMENSIONS][POINTS_BITS];
} population_points;

/* False: more dimensions than there are Sobol points of. */
bool population_points_open(population_points *p, population_sampling sampling, int dimensions,
                            uint64_t seed);

/* Point `index`, 0 .. 2^POINTS_BITS - 1, in (0, 1)^dimensions. */
void population_point(const population_points *p, long index, double *u);

#endif
