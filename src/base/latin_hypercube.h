/* Latin hypercubes: few points that spread over many quantities at once. */
#ifndef BASE_LATIN_HYPERCUBE_H
#define BASE_LATIN_HYPERCUBE_H

#include <stdbool.h>
#include <stdint.h>

/* n points in (0, 1)^dimensions: in each coordinate one in the middle of each of n equal strata
 * (McKay, Beckman and Conover 1979, doi 10.1080/00401706.1979.10489755). Of LATIN_HYPERCUBE_TRIES
 * random ones the one whose two closest points are farthest apart (Johnson, Moore and Ylvisaker
 * 1990, doi 10.1016/0378-3758(90)90122-B). point (n x dimensions): coordinate k of point i is at
 * i * dimensions + k. The same seed gives the same points everywhere. False: no memory. */
enum { LATIN_HYPERCUBE_TRIES = 32 };
bool latin_hypercube(uint64_t seed, int n, int dimensions, double *point);

#endif
