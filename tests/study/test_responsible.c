/* Who breaks a limit, and in what he differs: against counting by hand and counting pairs. */
#include "study/cohort_fixtures.h"
#include "study/responsible.h"

#include <math.h>

enum { PATIENTS = 96 };

static responsible_patients found_of(const cohort_study *c, int k)
{
  responsible_patients found;
  stepdose_error error = {.code = STEPDOSE_OK};
  cr_assert(responsible_patients_find(c, &c->outcome[0], k, &found, &error), "%s", error.message);
  return found;
}

static bool is_beyond(const cohort_study *c, int i, double bound)
{
  return fixture_value(c, i, fixture_row(c, "il6_peak", 1)) > bound;
}

/* Cliff's delta of one covariate, pair by pair. */
static double difference_by_pairs(const cohort_study *c, int covariate, double bound)
{
  double larger = 0;
  double pairs = 0;
  for (int i = 0; i < c->n_patients; i++) {
    for (int j = 0; j < c->n_patients; j++) {
      if (is_beyond(c, i, bound) && !is_beyond(c, j, bound)) {
        const double x = c->covariate[i * c->n_covariates + covariate];
        const double y = c->covariate[j * c->n_covariates + covariate];
        larger += (x > y) - (x < y);
        pairs++;
      }
    }
  }
  return larger / pairs;
}

Test(responsible, they_are_those_beyond_the_bound_in_the_order_of_their_numbers)
{
  stepdose_problem *problem = fixture_risks(PATIENTS);
  cohort_study *c = fixture_cohort(problem, PATIENTS, 2);
  const responsible_patients found = found_of(c, 0);
  long n = 0;
  for (int i = 0; i < PATIENTS; i++) {
    if (is_beyond(c, i, 300)) {
      cr_expect(n >= found.n_named || found.named[n] == i + 1, "patient %d", i + 1);
      n++;
    }
  }
  cr_assert(n > 3 && n < PATIENTS);
  cr_expect(found.count == n && found.of == PATIENTS && found.window == 1, "%ld and %ld",
            found.count, n);
  cr_expect(found.n_named == (n < RESPONSIBLE_NAMED ? n : RESPONSIBLE_NAMED));
  cohort_study_free(c);
  stepdose_problem_free(problem);
}

Test(responsible, differences_are_those_of_counted_pairs_and_the_largest_of_all)
{
  stepdose_problem *problem = fixture_risks(PATIENTS);
  cohort_study *c = fixture_cohort(problem, PATIENTS, 2);
  const responsible_patients found = found_of(c, 0);
  cr_assert(found.n_covariates == RESPONSIBLE_COVARIATES);
  double smallest_listed = 1;
  for (int k = 0; k < found.n_covariates; k++) {
    const responsible_covariate *r = &found.covariate[k];
    const double counted = difference_by_pairs(c, r->covariate, 300);
    cr_expect(fabs(r->difference - counted) < 1e-12, "covariate %d: %g and %g", r->covariate,
              r->difference, counted);
    cr_expect((r->difference > 0) == (r->theirs > r->others), "medians of %d", r->covariate);
    cr_expect(k == 0 || fabs(r->difference) <= fabs(found.covariate[k - 1].difference));
    smallest_listed = fabs(r->difference);
  }
  /* the first peak depends on how many B cells there are in blood, which also make the partition
   * of the tumour small, and on what they release (rank correlations 0.68 each in 4096 patients) */
  static const char *const wanted[] = {"il6_production", "blood_b", "tumor_b_partition"};
  for (int k = 0; k < found.n_covariates; k++) {
    const char *name = problem->population->quantity[found.covariate[k].covariate].name;
    bool expected = false;
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
      expected = expected || strcmp(name, wanted[i]) == 0;
    }
    cr_expect(expected && fabs(found.covariate[k].difference) > 0.3, "%s", name);
  }
  int larger = 0;
  for (int j = 0; j < c->n_covariates; j++) {
    larger += fabs(difference_by_pairs(c, j, 300)) > smallest_listed + 1e-12;
  }
  cr_expect(larger >= RESPONSIBLE_COVARIATES - 1 && larger <= 2 * RESPONSIBLE_COVARIATES,
            "%d covariates differ more than the last one listed", larger);
  cohort_study_free(c);
  stepdose_problem_free(problem);
}

Test(responsible, a_limit_of_one_stratum_counts_its_patients_alone)
{
  stepdose_problem *problem = fixture_risks(PATIENTS);
  cohort_study *c = fixture_cohort(problem, PATIENTS, 2);
  const responsible_patients found = found_of(c, 1);
  const int stratum = problem->limits[1].stratum;
  cr_expect(found.of == c->in_stratum[stratum] && found.of < PATIENTS, "%ld", found.of);
  for (int i = 0; i < found.n_named; i++) {
    const int patient = found.named[i] - 1;
    cr_expect(c->member[patient * problem->population->n_strata + stratum], "patient %d",
              found.named[i]);
  }
  cohort_study_free(c);
  stepdose_problem_free(problem);
}

/* All patients share a burden: they differ in nothing. */
Test(responsible, everybody_or_nobody_differs_in_nothing)
{
  stepdose_problem *problem = fixture_risks(PATIENTS);
  cohort_study *c = fixture_cohort(problem, PATIENTS, 2);
  const responsible_patients nobody = found_of(c, 3);
  cr_expect(nobody.count == 0 && nobody.n_covariates == 0 && nobody.of == PATIENTS);
  problem->limits[3].bound = 1;
  const responsible_patients everybody = found_of(c, 3);
  cr_expect(everybody.count == PATIENTS && everybody.n_covariates == 0);
  cr_expect(everybody.n_named == RESPONSIBLE_NAMED && everybody.named[0] == 1);
  cohort_study_free(c);
  stepdose_problem_free(problem);
}
