/* Sobol points in up to 256 dimensions, plain or scrambled. random_sobol of base/random.h serves
 * up to 40 dimensions and few points; this one is for designs of many points. */
#ifndef BASE_SOBOL_H
#define BASE_SOBOL_H

#include <stdbool.h>
#include <stdint.h>

#include "stepdose.h"

enum { SOBOL_DIMENSIONS_MAX = 256, SOBOL_INDEX_BITS = 32 };

typedef struct sobol sobol;

/* Scrambled: every dimension by a random lower triangular matrix and a digital shift of its own
 * (Matousek 1998), so that the mean over a set of 2^m points is an unbiased estimate, and the first
 * dimensions are the same for any number of them. Plain: seed is not used. NULL with *error filled
 * if dimensions is not 1 .. SOBOL_DIMENSIONS_MAX or memory is short. The caller closes. */
sobol *sobol_open(int dimensions, bool scrambled, uint64_t seed, stepdose_error *error);
void sobol_close(sobol *sequence);

/* Point `index` (0, 1, ... below 2^SOBOL_INDEX_BITS) in (0,1)^dimensions, never an end point: the
 * origin of the plain sequence becomes 2^-53. In Gray-code order, as published lists have it. */
void sobol_point(const sobol *sequence, uint64_t index, double *point);

#endif
