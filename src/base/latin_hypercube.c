/* Latin hypercubes: see latin_hypercube.h. */
#include "base/latin_hypercube.h"

#include "base/allocate.h"
#include "base/random.h"

#include <stddef.h>

/* A stratum for every point, in a random order (Fisher and Yates), at every `stride`. */
static void shuffle(random_stream *random, int n, int stride, int *stratum)
{
  for (int i = 0; i < n; i++) {
    const int j = (int)(random_uniform(random) * (i + 1));
    stratum[i * stride] = stratum[j * stride];
    stratum[j * stride] = i;
  }
}

static long squared_distance(const int *a, const int *b, int dimensions)
{
  long sum = 0;
  for (int k = 0; k < dimensions; k++) {
    const long apart = a[k] - b[k];
    sum += apart * apart;
  }
  return sum;
}

/* Of the two closest points, squared, in strata. */
static long closest(const int *stratum, int n, int dimensions)
{
  long least = -1;
  for (int i = 1; i < n; i++) {
    for (int j = 0; j < i; j++) {
      const long found =
          squared_distance(stratum + i * dimensions, stratum + j * dimensions, dimensions);
      least = least < 0 || found < least ? found : least;
    }
  }
  return least;
}

static void keep_better(const int *tried, int n, int dimensions, long *best, double *point)
{
  const long apart = closest(tried, n, dimensions);
  if (apart <= *best) {
    return;
  }
  *best = apart;
  for (int i = 0; i < n * dimensions; i++) {
    point[i] = (tried[i] + 0.5) / n;
  }
}

bool latin_hypercube(uint64_t seed, int n, int dimensions, double *point)
{
  int *tried = allocate_zeroed((size_t)n * (size_t)dimensions, sizeof *tried);
  long best = -2; /* a single point has no distance: -1 */
  if (tried == NULL) {
    return false;
  }
  for (int trial = 0; trial < LATIN_HYPERCUBE_TRIES; trial++) {
    random_stream random = random_open(seed, (uint64_t)trial);
    for (int k = 0; k < dimensions; k++) {
      shuffle(&random, n, dimensions, tried + k);
    }
    keep_better(tried, n, dimensions, &best, point);
  }
  release(tried);
  return true;
}
