/* Points of the unit cube that patients are made of, any one by its index alone. */
#ifndef POPULATION_POINTS_H
#define POPULATION_POINTS_H

#include "base/random.h"
#include "base/sobol.h"
#include "problem/population_description.h"

enum { POINTS_BITS = 16 }; /* 2^POINTS_BITS is POPULATION_PATIENTS_MAX */

typedef struct population_points {
  population_sampling sampling;
  int dimensions;
  uint64_t seed;
  /* of Sobol points, as fractions of 2^53 */
  uint64_t shift[RANDOM_SOBOL_DIMENSIONS];
  uint64_t direction[RANDOM_SOBOL_DIMENSIONS][POINTS_BITS];
  sobol *wide; /* more dimensions than that: these; owned */
} population_points;

/* False with *error: no dimension, or no memory. The caller closes, also after a failure. */
bool population_points_open(population_points *p, population_sampling sampling, int dimensions,
                            uint64_t seed, stepdose_error *error);
void population_points_close(population_points *p);

/* Point `index`, 0 .. 2^POINTS_BITS - 1, in (0, 1)^dimensions. */
void population_point(const population_points *p, long index, double *u);

#endif
