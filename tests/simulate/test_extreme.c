/* What lies between the ends of a step, on quartics whose answer is known. */
#include "base/random.h"
#include "simulate/extreme.h"

#include <criterion/criterion.h>
#include <math.h>

static void sample(double (*f)(double), double g[EXTREME_POINTS])
{
  for (int i = 0; i < EXTREME_POINTS; i++) {
    g[i] = f(i / 4.0);
  }
}

static double hill(double x) { return 1 - 16 * pow(x - 0.3, 4); }

static double valley(double x) { return (x - 0.6) * (x - 0.6); }

static double waves(double x) { return (x - 0.1) * (x - 0.3) * (x - 0.6) * (x - 0.95); }

static double falling(double x) { return -x; }

Test(extreme, the_largest_value_is_found_near_the_vertex)
{
  static const struct {
    double (*f)(double);
    double vertex, value, at;
  } cases[] = {{hill, 0.4, 1, 0.3}, {falling, 0, 0, 0}, {valley, 0, 0.36, 0}, {valley, 1, 0.16, 1}};
  for (int i = 0; i < 4; i++) {
    double g[EXTREME_POINTS];
    sample(cases[i].f, g);
    const extreme found = extreme_largest(g, cases[i].vertex);
    cr_expect(fabs(found.value - cases[i].value) < 1e-6, "case %d: %.9g", i, found.value);
    cr_expect(fabs(found.at - cases[i].at) < 1e-2, "case %d: at %.9g", i, found.at);
  }
}

Test(extreme, the_share_above_a_level_ends_at_the_roots)
{
  static const struct {
    double (*f)(double);
    double level, share;
  } cases[] = {{hill, 0.9, 0}, /* set below */
               {hill, 2, 0},           {hill, -10, 1},         {valley, 0.01, 0.8},
               {valley, 0, 1},         {falling, -0.25, 0.25}, {waves, 0, 0.1 + 0.3 + 0.05},
               {valley, 0.2025, 0.15}, {falling, 0, 0}};
  for (int i = 0; i < 9; i++) {
    double g[EXTREME_POINTS];
    sample(cases[i].f, g);
    /* 1 - 16 (x - 0.3)^4 > 0.9 within (0.1/16)^(1/4) of 0.3 */
    const double expected = i == 0 ? 2 * pow(0.1 / 16, 0.25) : cases[i].share;
    const double found = extreme_share_above(g, cases[i].level);
    cr_expect(fabs(found - expected) < 1e-7, "case %d: %.9g, expected %.9g", i, found, expected);
  }
}

Test(extreme, shares_above_and_below_add_up)
{
  const uint64_t seed = 5;
  random_stream random = random_open(seed, 0);
  for (int trial = 0; trial < 1000; trial++) {
    double g[EXTREME_POINTS], below[EXTREME_POINTS];
    for (int i = 0; i < EXTREME_POINTS; i++) {
      g[i] = random_normal(&random);
      below[i] = -g[i];
    }
    const double level = random_normal(&random);
    const double sum = extreme_share_above(g, level) + extreme_share_above(below, -level);
    cr_expect(fabs(sum - 1) < 1e-7, "seed 5 trial %d: %.9g", trial, sum);
  }
}
