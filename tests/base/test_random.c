/* Streams and Sobol points: published values, even filling, never an end point, one seed one
 * result. */
#include <criterion/criterion.h>

#include <math.h>
#include <string.h>

#include "base/number.h"
#include "base/random.h"

enum { SEED = 7, POINTS = 256, SAMPLES = 400000 };

/* Five outputs from state 1234567: Rosetta Code, "Pseudo-random numbers/Splitmix64". */
Test(base, splitmix64_gives_its_published_numbers)
{
  const uint64_t published[] = {UINT64_C(6457827717110365317), UINT64_C(3203168211198807973),
                                UINT64_C(9817491932198370423), UINT64_C(4593380528125082431),
                                UINT64_C(16408922859458223821)};
  random_stream stream = {.state = 1234567};
  for (size_t i = 0; i < sizeof published / sizeof *published; i++) {
    cr_expect_eq(random_bits(&stream), published[i], "number %zu", i);
  }
}

Test(base, a_stream_repeats_with_its_seed_and_only_with_it)
{
  for (uint64_t seed = 0; seed < 50; seed++) {
    for (uint64_t number = 0; number < 50; number++) {
      random_stream stream = random_open(seed, number);
      random_stream same = random_open(seed, number);
      random_stream other_seed = random_open(seed + 1, number);
      random_stream other_stream = random_open(seed, number + 1);
      random_stream swapped = random_open(number, seed);
      uint64_t first = random_bits(&stream);
      cr_assert_eq(random_bits(&same), first);
      cr_assert_neq(random_bits(&other_seed), first);
      cr_assert_neq(random_bits(&other_stream), first);
      cr_assert(seed == number || random_bits(&swapped) != first);
    }
  }
}

/* Standard error of a correlation of n pairs is 1/sqrt(n): five of them are never reached by
 * chance. */
Test(base, neighbouring_streams_are_uncorrelated)
{
  enum { PAIRS = 20000 };
  for (uint64_t number = 0; number < 20; number++) {
    random_stream a = random_open(SEED, number);
    random_stream b = random_open(SEED, number + 1);
    double sum = 0.0;
    for (int i = 0; i < PAIRS; i++) {
      sum += (random_uniform(&a) - 0.5) * (random_uniform(&b) - 0.5);
    }
    double correlation = 12.0 * sum / PAIRS;
    cr_expect_lt(fabs(correlation), 5.0 / sqrt((double)PAIRS), "streams %d and %d: %g", (int)number,
                 (int)number + 1, correlation);
  }
}

Test(base, uniform_numbers_stay_inside_and_are_even)
{
  enum { BINS = 50 };
  long count[BINS] = {0};
  random_stream stream = random_open(SEED, 0);
  for (int i = 0; i < SAMPLES; i++) {
    double u = random_uniform(&stream);
    cr_assert(u > 0.0 && u < 1.0, "seed %d, sample %d: %a", SEED, i, u);
    count[(int)(u * BINS)]++;
  }
  double chi2 = 0.0;
  for (int i = 0; i < BINS; i++) {
    double expected = (double)SAMPLES / BINS;
    double excess = (double)count[i] - expected;
    chi2 += excess * excess / expected;
  }
  /* 49 degrees of freedom: mean 49, standard deviation 9.9 */
  cr_expect(chi2 > 15.0 && chi2 < 99.0, "chi-square %g", chi2);
}

/* Splitmix64 turns state 0 into 0, the smallest of all outputs. */
Test(base, the_smallest_bits_are_not_an_end_point)
{
  random_stream stream = {.state = 0 - UINT64_C(0x9e3779b97f4a7c15)};
  random_stream same = stream;
  cr_assert_eq(random_bits(&same), 0);
  cr_expect_eq(number_bits(random_uniform(&stream)), number_bits(0x1p-53));
}

Test(base, normal_numbers_have_the_moments_of_a_normal_distribution)
{
  random_stream stream = random_open(SEED, 3);
  double sum[5] = {0.0};
  for (int i = 0; i < SAMPLES; i++) {
    double z = random_normal(&stream);
    cr_assert(isfinite(z), "sample %d", i);
    double power = 1.0;
    for (int k = 0; k < 5; k++) {
      sum[k] += power / SAMPLES;
      power *= z;
    }
  }
  /* moments 0, 1, 0, 3 with standard errors sqrt(1, 2, 15, 96) / sqrt(n); five of them */
  const double moment[5] = {1.0, 0.0, 1.0, 0.0, 3.0};
  const double variance[5] = {0.0, 1.0, 2.0, 15.0, 96.0};
  for (int k = 1; k < 5; k++) {
    cr_expect_lt(fabs(sum[k] - moment[k]), 5.0 * sqrt(variance[k] / SAMPLES), "moment %d: %g", k,
                 sum[k]);
  }
}

/* The 53 bits behind a coordinate; the last one is always set and tells nothing. */
static uint64_t coordinate_bits(double coordinate)
{
  return (uint64_t)(coordinate * 9007199254740992.0) >> 1;
}

/* First eight points in two dimensions, in Gray-code order: S. Joe and F. Y. Kuo,
 * web.maths.unsw.edu.au/~fkuo/sobol; also Sobol(2, scramble=False).random_base2(3) of SciPy. The
 * shift is point 0, and xor takes it off. */
Test(base, without_the_shift_the_points_are_the_published_ones)
{
  const double published[8][2] = {{0.0, 0.0},     {0.5, 0.5},     {0.75, 0.25},   {0.25, 0.75},
                                  {0.375, 0.375}, {0.875, 0.875}, {0.625, 0.125}, {0.125, 0.625}};
  for (uint64_t seed = 0; seed < 20; seed++) {
    double origin[2];
    cr_assert(random_sobol(seed, 2, 0, origin));
    for (long i = 0; i < 8; i++) {
      double point[2];
      cr_assert(random_sobol(seed, 2, i, point));
      for (int k = 0; k < 2; k++) {
        uint64_t bits = coordinate_bits(point[k]) ^ coordinate_bits(origin[k]);
        cr_expect_eq(bits, coordinate_bits(published[i][k]), "seed %d, point %ld, coordinate %d",
                     (int)seed, i, k);
      }
    }
  }
}

Test(base, every_coordinate_visits_every_interval_once)
{
  static double point[RANDOM_SOBOL_DIMENSIONS];
  static int visits[RANDOM_SOBOL_DIMENSIONS][POINTS];
  memset(visits, 0, sizeof visits);
  for (long i = 0; i < POINTS; i++) {
    cr_assert(random_sobol(SEED, RANDOM_SOBOL_DIMENSIONS, i, point));
    for (int k = 0; k < RANDOM_SOBOL_DIMENSIONS; k++) {
      cr_assert(point[k] > 0.0 && point[k] < 1.0);
      visits[k][(int)(point[k] * POINTS)]++;
    }
  }
  for (int k = 0; k < RANDOM_SOBOL_DIMENSIONS; k++) {
    for (int j = 0; j < POINTS; j++) {
      cr_assert_eq(visits[k][j], 1, "coordinate %d, interval %d: %d points", k, j, visits[k][j]);
    }
  }
}

/* Largest gap between the share of points in [0,x) x [0,y) and its area, over corners on a grid. */
static double star_discrepancy(double points[][2], int n)
{
  enum { GRID = 32 };
  double worst = 0.0;
  for (int i = 1; i <= GRID; i++) {
    for (int j = 1; j <= GRID; j++) {
      int inside = 0;
      for (int k = 0; k < n; k++) {
        inside += points[k][0] * GRID < i && points[k][1] * GRID < j;
      }
      worst = fmax(worst, fabs((double)inside / n - (double)(i * j) / (GRID * GRID)));
    }
  }
  return worst;
}

/* A random set of 256 points has about 0.07; the bound of a (0,8,2)-net is (8 + 4)/2/256 = 0.023
 * (Niederreiter 1992, theorem 4.5, base 2, rounded up). */
Test(base, points_fill_the_square_more_evenly_than_chance)
{
  for (uint64_t seed = 0; seed < 20; seed++) {
    double points[POINTS][2];
    for (long i = 0; i < POINTS; i++) {
      cr_assert(random_sobol(seed, 2, i, points[i]));
    }
    double discrepancy = star_discrepancy(points, POINTS);
    cr_expect_lt(discrepancy, 0.025, "seed %d: %g", (int)seed, discrepancy);
  }
}

Test(base, a_point_depends_on_seed_and_index_only)
{
  double first[6], again[6], other[6];
  for (long i = 0; i < 100; i++) {
    cr_assert(random_sobol(SEED, 6, i, first));
    cr_assert(random_sobol(SEED + 1, 6, i, other));
    cr_assert(random_sobol(SEED, 6, i, again));
    cr_expect_eq(memcmp(first, again, sizeof first), 0);
    for (int k = 0; k < 6; k++) {
      cr_expect_neq(number_bits(first[k]), number_bits(other[k]));
    }
  }
}

Test(base, points_that_do_not_exist_are_refused)
{
  double point[RANDOM_SOBOL_DIMENSIONS + 1];
  cr_expect(!random_sobol(SEED, 0, 0, point));
  cr_expect(!random_sobol(SEED, -1, 0, point));
  cr_expect(!random_sobol(SEED, RANDOM_SOBOL_DIMENSIONS + 1, 0, point));
  cr_expect(!random_sobol(SEED, 2, -1, point));
  cr_expect(!random_sobol(SEED, 2, 1L << 30, point));
  cr_expect(random_sobol(SEED, RANDOM_SOBOL_DIMENSIONS, 0, point));
}
