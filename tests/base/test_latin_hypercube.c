/* Latin hypercubes: strata, spread, seeds. */
#include "base/allocate.h"
#include "base/latin_hypercube.h"
#include "base/random.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const struct {
  int n, dimensions;
} sizes[] = {{1, 1}, {1, 8}, {2, 2}, {7, 3}, {16, 2}, {64, 8}, {129, 5}, {1000, 2}};
enum { SIZES = sizeof sizes / sizeof sizes[0] };

static double *points_of(uint64_t seed, int n, int dimensions)
{
  double *point = calloc((size_t)(n * dimensions), sizeof *point);
  cr_assert(point != NULL && latin_hypercube(seed, n, dimensions, point));
  return point;
}

Test(latin_hypercube, every_coordinate_has_one_point_in_the_middle_of_each_stratum)
{
  for (int s = 0; s < SIZES; s++) {
    const int n = sizes[s].n, dimensions = sizes[s].dimensions;
    for (uint64_t seed = 0; seed < 3; seed++) {
      double *point = points_of(seed, n, dimensions);
      for (int k = 0; k < dimensions; k++) {
        int *points_in = calloc((size_t)n, sizeof *points_in);
        for (int i = 0; i < n; i++) {
          const double at = point[i * dimensions + k] * n;
          cr_assert(at > 0 && at < n);
          cr_expect(fabs(at - floor(at) - 0.5) < 1e-9);
          points_in[(int)floor(at)]++;
        }
        for (int j = 0; j < n; j++) {
          cr_assert_eq(points_in[j], 1, "%d points, seed %d, coordinate %d, stratum %d: %d", n,
                       (int)seed, k, j, points_in[j]);
        }
        free(points_in);
      }
      free(point);
    }
  }
}

Test(latin_hypercube, a_seed_gives_the_same_points_and_another_one_others)
{
  double *first = points_of(5, 64, 4), *again = points_of(5, 64, 4), *other = points_of(6, 64, 4);
  cr_expect(memcmp(first, again, 256 * sizeof *first) == 0);
  cr_expect(memcmp(first, other, 256 * sizeof *first) != 0);
  free(first);
  free(again);
  free(other);
}

static double closest(const double *point, int n, int dimensions)
{
  double least = INFINITY;
  for (int i = 1; i < n; i++) {
    for (int j = 0; j < i; j++) {
      double sum = 0;
      for (int k = 0; k < dimensions; k++) {
        const double apart = point[i * dimensions + k] - point[j * dimensions + k];
        sum += apart * apart;
      }
      least = fmin(least, sum);
    }
  }
  return sqrt(least);
}

/* Independent points of the same number, on average over seeds. */
Test(latin_hypercube, points_keep_apart_better_than_independent_ones)
{
  enum { N = 32, DIMENSIONS = 3, SEEDS = 20 };
  double latin = 0, independent = 0;
  for (uint64_t seed = 0; seed < SEEDS; seed++) {
    double *point = points_of(seed, N, DIMENSIONS);
    latin += closest(point, N, DIMENSIONS);
    random_stream random = random_open(seed, 99);
    for (int i = 0; i < N * DIMENSIONS; i++) {
      point[i] = random_uniform(&random);
    }
    independent += closest(point, N, DIMENSIONS);
    free(point);
  }
  cr_expect_gt(latin, 1.5 * independent, "%g, %g", latin / SEEDS, independent / SEEDS);
}

/* A linear function of strata has the mean of the middle: exactly, as each coordinate has. */
Test(latin_hypercube, the_mean_of_every_coordinate_is_one_half)
{
  double *point = points_of(1, 200, 6);
  for (int k = 0; k < 6; k++) {
    double sum = 0;
    for (int i = 0; i < 200; i++) {
      sum += point[i * 6 + k];
    }
    cr_expect(fabs(sum / 200 - 0.5) < 1e-12);
  }
  free(point);
}

Test(latin_hypercube, without_memory_it_says_so)
{
  double point[6];
  allocate_fail_after(0, 1);
  const bool done = latin_hypercube(1, 3, 2, point);
  allocate_fail_after(-1, 0);
  cr_expect(!done);
}
