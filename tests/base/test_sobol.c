/* Sobol points: published values, property A, one point per interval, evenness against the
 * generator of GSL, unbiased means of scrambled sets. */
#include <criterion/criterion.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include <gsl/gsl_qrng.h>

#include "base/allocate.h"
#include "base/error.h"
#include "base/random.h"
#include "base/sobol.h"

enum { POINTS = 256, GSL_DIMENSIONS = 40 };

static double point[POINTS][SOBOL_DIMENSIONS_MAX];

static void fill(int dimensions, bool scrambled, uint64_t seed)
{
  sobol *s = sobol_open(dimensions, scrambled, seed, NULL);
  cr_assert_not_null(s);
  for (int i = 0; i < POINTS; i++) {
    sobol_point(s, (uint64_t)i, point[i]);
  }
  sobol_close(s);
}

/* S. Joe and F. Y. Kuo, web.maths.unsw.edu.au/~fkuo/sobol: N = 10, D = 3. */
Test(sobol, the_first_points_are_the_published_ones)
{
  const double published[10][3] = {{0.0, 0.0, 0.0},          {0.5, 0.5, 0.5},
                                   {0.75, 0.25, 0.25},       {0.25, 0.75, 0.75},
                                   {0.375, 0.375, 0.625},    {0.875, 0.875, 0.125},
                                   {0.625, 0.125, 0.875},    {0.125, 0.625, 0.375},
                                   {0.1875, 0.3125, 0.9375}, {0.6875, 0.8125, 0.4375}};
  fill(3, false, 0);
  for (int i = 0; i < 10; i++) {
    for (int k = 0; k < 3; k++) {
      cr_expect_eq(point[i][k] - 0x1p-53, published[i][k], "point %d, coordinate %d", i, k);
    }
  }
}

/* Sobol(256, scramble=False, bits=30).random(1024) of SciPy 1.10.1, times 2^30. */
Test(sobol, points_in_256_dimensions_are_those_of_scipy)
{
  const int dimension[] = {9, 39, 63, 99, 129, 200, 255};
  const struct {
    uint64_t index;
    double times_2_pow_30[7];
  } expected[] = {
      {3, {268435456, 805306368, 268435456, 268435456, 268435456, 268435456, 268435456}},
      {100, {746586112, 142606336, 696254464, 947912704, 343932928, 914358272, 612368384}},
      {777, {347078656, 384827392, 458227712, 548405248, 751828992, 1064304640, 682622976}},
      {1000, {74448896, 514850816, 479199232, 200278016, 688914432, 808452096, 267386880}},
      {1023, {913309696, 749731840, 42991616, 569376768, 319815680, 707788800, 904921088}}};
  sobol *s = sobol_open(SOBOL_DIMENSIONS_MAX, false, 0, NULL);
  cr_assert_not_null(s);
  for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
    double p[SOBOL_DIMENSIONS_MAX];
    sobol_point(s, expected[i].index, p);
    for (int k = 0; k < 7; k++) {
      cr_expect_eq(floor(ldexp(p[dimension[k]], 30)), expected[i].times_2_pow_30[k],
                   "point %d, dimension %d", (int)expected[i].index, dimension[k]);
    }
  }
  sobol_close(s);
}

/* Property A: the first 2^d points put one into each of the 2^d halves of halves; so it is where
 * the first bits of the first d direction numbers, as a d x d matrix over GF(2), have rank d.
 * Joe and Kuo state it for the first 1111 dimensions of the table. The direction numbers are read
 * off the points: in Gray-code order neighbours 2^k - 1 and 2^k differ by number k. Only 32 of
 * them are within reach. */
Test(sobol, the_first_32_dimensions_have_property_a)
{
  uint32_t row[SOBOL_INDEX_BITS] = {0};
  sobol *s = sobol_open(SOBOL_INDEX_BITS, false, 0, NULL);
  cr_assert_not_null(s);
  for (int k = 0; k < SOBOL_INDEX_BITS; k++) {
    double a[SOBOL_INDEX_BITS], b[SOBOL_INDEX_BITS];
    sobol_point(s, (UINT64_C(1) << k) - 1, a);
    sobol_point(s, UINT64_C(1) << k, b);
    for (int i = 0; i < SOBOL_INDEX_BITS; i++) {
      row[i] |= (uint32_t)((a[i] < 0.5) != (b[i] < 0.5)) << k;
    }
  }
  sobol_close(s);
  for (int d = 1; d <= SOBOL_INDEX_BITS; d++) {
    uint32_t m[SOBOL_INDEX_BITS];
    uint32_t mask = d == 32 ? UINT32_MAX : (UINT32_C(1) << d) - 1;
    int rank = 0;
    for (int i = 0; i < d; i++) {
      m[i] = row[i] & mask;
      for (int j = 0; j < rank; j++) {
        uint32_t lead = m[j] & (0 - m[j]);
        m[i] ^= (m[i] & lead) != 0 ? m[j] : 0;
      }
      if (m[i] != 0) {
        m[rank] = m[i];
        rank++;
      }
    }
    cr_expect_eq(rank, d, "%d dimensions: rank %d", d, rank);
  }
}

Test(sobol, every_coordinate_visits_every_interval_once_scrambled_or_not)
{
  for (int scrambled = 0; scrambled <= 1; scrambled++) {
    fill(SOBOL_DIMENSIONS_MAX, scrambled, 11);
    for (int k = 0; k < SOBOL_DIMENSIONS_MAX; k++) {
      int visits[POINTS] = {0};
      for (int i = 0; i < POINTS; i++) {
        cr_assert(point[i][k] > 0 && point[i][k] < 1);
        visits[(int)(point[i][k] * POINTS)]++;
      }
      for (int j = 0; j < POINTS; j++) {
        cr_assert_eq(visits[j], 1, "scrambled %d, dimension %d, interval %d", scrambled, k, j);
      }
    }
  }
}

/* Square of the centred L2 discrepancy (Hickernell 1998, eq. 5.1c) of coordinates a and b. */
static double discrepancy(int a, int b)
{
  double single = 0, pairs = 0;
  for (int i = 0; i < POINTS; i++) {
    double x = fabs(point[i][a] - 0.5), y = fabs(point[i][b] - 0.5);
    single += (1 + x / 2 - x * x / 2) * (1 + y / 2 - y * y / 2);
    for (int j = 0; j < POINTS; j++) {
      double u = fabs(point[j][a] - 0.5), v = fabs(point[j][b] - 0.5);
      pairs += (1 + x / 2 + u / 2 - fabs(point[i][a] - point[j][a]) / 2) *
               (1 + y / 2 + v / 2 - fabs(point[i][b] - point[j][b]) / 2);
    }
  }
  return 13.0 / 12 * 13 / 12 - 2 * single / POINTS + pairs / POINTS / POINTS;
}

static double mean_discrepancy(void)
{
  double sum = 0;
  for (int a = 0; a < GSL_DIMENSIONS; a++) {
    for (int b = 0; b < a; b++) {
      sum += discrepancy(a, b);
    }
  }
  return sum / (GSL_DIMENSIONS * (GSL_DIMENSIONS - 1) / 2);
}

static void fill_from_gsl(void)
{
  gsl_qrng *generator = gsl_qrng_alloc(gsl_qrng_sobol, GSL_DIMENSIONS);
  memset(point[0], 0, sizeof point[0]);
  for (int i = 1; i < POINTS; i++) {
    cr_assert_eq(gsl_qrng_get(generator, point[i]), 0);
  }
  gsl_qrng_free(generator);
}

static void fill_at_random(void)
{
  random_stream stream = random_open(3, 0);
  for (int i = 0; i < POINTS; i++) {
    for (int k = 0; k < GSL_DIMENSIONS; k++) {
      point[i][k] = random_uniform(&stream);
    }
  }
}

/* Better two-dimensional projections are what these direction numbers were made for. */
Test(sobol, pairs_of_the_first_40_dimensions_are_at_least_as_even_as_those_of_gsl)
{
  fill_at_random();
  double chance = mean_discrepancy();
  fill_from_gsl();
  double gsl = mean_discrepancy();
  fill(GSL_DIMENSIONS, false, 0);
  double plain = mean_discrepancy();
  fill(GSL_DIMENSIONS, true, 5);
  double scrambled = mean_discrepancy();
  printf("mean squared discrepancy: chance %.3g, GSL %.3g, plain %.3g, scrambled %.3g\n", chance,
         gsl, plain, scrambled);
  cr_expect_lt(plain, gsl);
  cr_expect_lt(scrambled, gsl);
  cr_expect_lt(plain, chance / 10);
  cr_expect_lt(scrambled, chance / 10);
}

/* The mean of a smooth product over a scrambled set: no bias, and a far smaller error than the
 * 1/sqrt(n) of random points. */
Test(sobol, means_over_scrambled_points_are_unbiased_and_sharp)
{
  enum { SEEDS = 200, DIMENSIONS = 5 };
  double sum = 0, squares = 0, variance = pow(1 + 1.0 / 12, DIMENSIONS) - 1;
  for (uint64_t seed = 0; seed < SEEDS; seed++) {
    fill(DIMENSIONS, true, seed);
    double mean = 0;
    for (int i = 0; i < POINTS; i++) {
      double product = 1;
      for (int k = 0; k < DIMENSIONS; k++) {
        product *= point[i][k] + 0.5;
      }
      mean += product / POINTS;
    }
    sum += (mean - 1) / SEEDS;
    squares += (mean - 1) * (mean - 1) / SEEDS;
  }
  double spread = sqrt(squares), random_spread = sqrt(variance / POINTS);
  cr_expect_lt(fabs(sum), 4 * spread / sqrt(SEEDS), "bias %g, spread %g", sum, spread);
  cr_expect_lt(spread, random_spread / 10, "spread %g, of random points %g", spread, random_spread);
}

Test(sobol, a_point_depends_on_seed_and_index_and_not_on_the_number_of_dimensions)
{
  double first[3][SOBOL_DIMENSIONS_MAX];
  const int dimensions[] = {SOBOL_DIMENSIONS_MAX, 7};
  for (int i = 0; i < 2; i++) {
    fill(dimensions[i], true, 21);
    memcpy(first[i], point[77], sizeof first[i]);
  }
  fill(7, true, 22);
  for (int k = 0; k < 7; k++) {
    cr_expect_eq(memcmp(&first[0][k], &first[1][k], sizeof(double)), 0, "dimension %d", k);
    cr_expect_neq(memcmp(&first[0][k], &point[77][k], sizeof(double)), 0, "dimension %d", k);
  }
}

Test(sobol, dimensions_that_do_not_exist_and_missing_memory_are_errors)
{
  const int refused[] = {-1, 0, SOBOL_DIMENSIONS_MAX + 1};
  for (int i = 0; i < 3; i++) {
    stepdose_error error;
    error_clear(&error);
    cr_expect_null(sobol_open(refused[i], true, 1, &error));
    cr_expect_eq(error.code, STEPDOSE_OUT_OF_RANGE);
  }
  stepdose_error error;
  error_clear(&error);
  allocate_fail_after(0, 1);
  cr_expect_null(sobol_open(3, true, 1, &error));
  allocate_fail_after(-1, 0);
  cr_expect_eq(error.code, STEPDOSE_NO_MEMORY);
}
