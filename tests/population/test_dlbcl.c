/* The DLBCL populations against the table that their laws were fitted with (population recipe for
 * Hosseini 2020: 4096 scrambled Sobol patients, another integrator), and against the printed
 * percentiles after weighting. */
#include "population/weights.h"
#include "tests/population/dlbcl.h"

enum { PATIENTS = 2048, SEED = 1 };

/* Percentiles of the first IL-6 peak (pg/mL), medians of the activated share (%) in the first and
 * the next window, responders (%): recipe columns. NAN: not in the table. */
typedef struct recipe_row {
  double p5, p50, p95, activated, later_activated, responders;
} recipe_row;

static const recipe_row recipe[DLBCL_REGIMENS] = {
    {10, 523, 7410, 26.3, 7.1, 70.4},   {7.5, 409, 6096, 20.7, 13.4, 69.9},
    {4.3, 255, 4073, 12.1, 11.9, 68.6}, {4.3, 255, 4073, 12.1, 12.9, 68.5},
    {5.8, 302, 4156, NAN, NAN, NAN},    {11, 583, 7695, NAN, NAN, NAN},
};

static double mean(int n, const double *values, const double *weights)
{
  double sum = 0;
  double total = 0;
  for (int i = 0; i < n; i++) {
    sum += (weights != NULL ? weights[i] : 1) * values[i];
    total += weights != NULL ? weights[i] : 1;
  }
  return sum / total;
}

static void expect_share(const char *name, const char *what, double found, double expected,
                         double share)
{
  cr_log_info("%-14s %-14s %9.4g, recipe %9.4g (%+.1f %%)\n", name, what, found, expected,
              100 * (found / expected - 1));
  cr_expect(fabs(found / expected - 1) <= share, "%s: %s is %g, recipe %g", name, what, found,
            expected);
}

static void expect_points(const char *name, const char *what, double found, double expected,
                          double points)
{
  if (!isnan(expected)) {
    cr_log_info("%-14s %-14s %9.4g, recipe %9.4g (%+.1f points)\n", name, what, found, expected,
                found - expected);
    cr_expect(fabs(found - expected) <= points, "%s: %s is %g, recipe %g", name, what, found,
              expected);
  }
}

/* 15, 20 and 30 % for median, 95 % and 5 % point, 2 points of activated share, 3 of responders. */
Test(population, dlbcl_patients_meet_the_table_of_the_recipe, .timeout = 120)
{
  stepdose_problem *problem = fixture_population("dlbcl-virtual.json", PATIENTS);
  for (int r = 0; r < DLBCL_REGIMENS; r++) {
    const char *name = dlbcl_regimens[r].name;
    dlbcl_outcome o = dlbcl_run(problem, SEED, PATIENTS, &dlbcl_regimens[r]);
    const recipe_row *e = &recipe[r];
    expect_share(name, "median peak", fixture_quantile(PATIENTS, o.first_peak, NULL, 0.5), e->p50,
                 0.15);
    expect_share(name, "95 % peak", fixture_quantile(PATIENTS, o.first_peak, NULL, 0.95), e->p95,
                 0.20);
    expect_share(name, "5 % peak", fixture_quantile(PATIENTS, o.first_peak, NULL, 0.05), e->p5,
                 0.30);
    expect_points(name, "activated", fixture_quantile(PATIENTS, o.activated, NULL, 0.5),
                  e->activated, 2);
    expect_points(name, "later share", fixture_quantile(PATIENTS, o.later_activated[0], NULL, 0.5),
                  e->later_activated, 2);
    expect_points(name, "responders", 100 * mean(PATIENTS, o.responds, NULL), e->responders, 3);
    dlbcl_release(&o);
  }
  problem_free(problem);
}
