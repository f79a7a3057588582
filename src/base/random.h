/* Seeded random streams and scrambled low-discrepancy points. The same seed gives the same numbers
 * everywhere. */
#ifndef BASE_RANDOM_H
#define BASE_RANDOM_H

#include <stdbool.h>
#include <stdint.h>

/* A stream is its state; streams with different (seed, stream) are independent for our purposes
 * (splitmix64). */
typedef struct random_stream {
  uint64_t state;
} random_stream;

random_stream random_open(uint64_t seed, uint64_t stream);
uint64_t random_bits(random_stream *stream);
double random_uniform(random_stream *stream); /* in (0, 1), never an end point */
double random_normal(random_stream *stream);  /* mean 0, standard deviation 1 */

enum { RANDOM_SOBOL_DIMENSIONS = 40 };

/* Point `index` (0, 1, ... below 2^30) of a Sobol sequence with a seeded digital shift, in
 * (0,1)^dimensions. dimensions <= RANDOM_SOBOL_DIMENSIONS; false otherwise. The cost grows with
 * index (0.04 ms for the thousandth point): meant for hundreds of starts, not for millions of
 * samples. */
bool random_sobol(uint64_t seed, int dimensions, long index, double *point);

#endif
