/* Draws of parameters: moments, bounds, seeds. */
#include <criterion/criterion.h>

#include "optimize/fit_draw.h"

#include <math.h>

enum { DRAWS = 20000 };

static fit_distribution pair_of(const double *covariance)
{
  return (fit_distribution){.n = 2,
                            .scale = {FIT_SCALE_LINEAR, FIT_SCALE_LOG10},
                            .value = {2, 100},
                            .low = {-100, 1e-6},
                            .high = {100, 1e12},
                            .covariance = covariance};
}

/* Standard errors of means are sd/141, of variances 1 % of them, of covariances about as much. */
Test(fit_draw, moments_are_those_of_the_distribution)
{
  static const double covariance[] = {0.25, 0.12, 0.12, 0.09};
  const fit_distribution of = pair_of(covariance);
  fit_draws *d = fit_draws_open(&of, 5, NULL);
  double sum[2] = {0}, products[3] = {0};
  for (long i = 0; i < DRAWS; i++) {
    double v[2];
    cr_assert(fit_draw(d, i, v));
    const double x = v[0] - 2, y = log10(v[1]) - 2;
    sum[0] += x / DRAWS;
    sum[1] += y / DRAWS;
    products[0] += x * x / DRAWS;
    products[1] += x * y / DRAWS;
    products[2] += y * y / DRAWS;
  }
  cr_expect(fabs(sum[0]) < 0.015 && fabs(sum[1]) < 0.009, "%g, %g", sum[0], sum[1]);
  cr_expect(fabs(products[0] / 0.25 - 1) < 0.04 && fabs(products[2] / 0.09 - 1) < 0.04);
  cr_expect(fabs(products[1] / 0.12 - 1) < 0.05, "%g", products[1]);
  fit_draws_close(d);
}

/* Cut off at its mean on one side, a normal distribution has the mean sqrt(2 / pi) sd. */
Test(fit_draw, nothing_lies_outside_of_the_bounds)
{
  static const double covariance[] = {4, 0, 0, 0.01};
  fit_distribution of = pair_of(covariance);
  double sum = 0;
  of.low[0] = 2;
  fit_draws *d = fit_draws_open(&of, 6, NULL);
  for (long i = 0; i < DRAWS; i++) {
    double v[2];
    cr_assert(fit_draw(d, i, v));
    cr_assert(v[0] >= 2 && v[0] <= 100);
    sum += (v[0] - 2) / DRAWS;
  }
  cr_expect(fabs(sum - 2 * sqrt(2 / acos(-1))) < 0.04, "%g", sum);
  fit_draws_close(d);
}

Test(fit_draw, a_singular_covariance_keeps_its_line)
{
  static const double covariance[] = {1, 2, 2, 4}; /* the second moves twice as far */
  const fit_distribution of = pair_of(covariance);
  fit_draws *d = fit_draws_open(&of, 7, NULL);
  for (long i = 0; i < 100; i++) {
    double v[2];
    cr_assert(fit_draw(d, i, v));
    cr_expect(fabs(log10(v[1]) - 2 - 2 * (v[0] - 2)) < 1e-6);
  }
  fit_draws_close(d);
}

Test(fit_draw, a_draw_depends_on_its_seed_and_number_alone)
{
  static const double covariance[] = {0.25, 0.12, 0.12, 0.09};
  const fit_distribution of = pair_of(covariance);
  fit_draws *d = fit_draws_open(&of, 8, NULL), *same = fit_draws_open(&of, 8, NULL);
  fit_draws *other = fit_draws_open(&of, 9, NULL);
  double a[2], b[2];
  for (long i = 0; i < 50; i++) {
    fit_draw(d, i, a);
    fit_draw(same, 49 - i, b);
    fit_draw(same, i, b);
    cr_expect(a[0] == b[0] && a[1] == b[1]);
    fit_draw(other, i, b);
    cr_expect_neq(a[0], b[0]);
  }
  fit_draws_close(d);
  fit_draws_close(same);
  fit_draws_close(other);
}

Test(fit_draw, bounds_far_from_everything_are_told)
{
  static const double covariance[] = {1e-6, 0, 0, 1e-6};
  fit_distribution of = pair_of(covariance);
  double v[2];
  of.low[0] = 50;
  fit_draws *d = fit_draws_open(&of, 10, NULL);
  cr_expect(!fit_draw(d, 0, v));
  cr_expect_eq(v[0], 50);
  fit_draws_close(d);
  stepdose_error error = {.code = STEPDOSE_OK};
  static const double broken[] = {1, NAN, NAN, 1};
  of.covariance = broken;
  cr_expect_null(fit_draws_open(&of, 11, &error));
  cr_expect_eq(error.code, STEPDOSE_OUT_OF_RANGE);
}
