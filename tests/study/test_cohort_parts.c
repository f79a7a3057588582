/* Findings that only reports ask for: strata against recounted patients, CRS by grade against the
 * patients' probabilities and the limits on them. */
#include "study/cohort_fixtures.h"
#include "study/cohort_parts.h"

#include <math.h>

enum { PATIENTS = 96, ILL = 64 };

Test(cohort_parts, a_stratum_is_judged_by_its_own_patients)
{
  stepdose_error error;
  stratum_findings found[POPULATION_STRATA_MAX];
  stepdose_problem *problem = fixture_risks(PATIENTS);
  cohort_study *c = fixture_cohort(problem, PATIENTS, 2);
  const cohort_outcome *o = &c->outcome[0];
  const int n_strata = problem->population->n_strata;
  const int row = fixture_row(c, "il6_peak", 1);
  cr_assert(cohort_by_stratum(c, o, found, &error) && n_strata > 1);
  for (int s = 0; s < n_strata; s++) {
    double goal_sum = 0;
    int n = 0;
    int beyond = 0;
    for (int i = 0; i < PATIENTS; i++) {
      if (c->member[i * n_strata + s]) {
        goal_sum += o->goal[i];
        beyond += fixture_value(c, i, row) > 300;
        n++;
      }
    }
    cr_expect(found[s].patients == n, "stratum %d", s);
    cr_expect(fabs(found[s].goal - goal_sum / n) < 1e-12, "stratum %d", s);
    cr_expect(fabs(found[s].risk[0] - (double)beyond / n) < 1e-12, "stratum %d", s);
    cr_expect(isnan(found[s].risk[1]) == (s != problem->limits[1].stratum), "stratum %d", s);
  }
  cohort_study_free(c);
  stepdose_problem_free(problem);
}

static stepdose_problem *ill_patients(void)
{
  const char *const changes[] = {
      "/population={\"file\":\"populations/synapse-nhl.json\",\"patients\":64,\"seed\":5}",
      "/limits=[{\"objective\":\"crs\",\"grade_at_least\":2,\"window\":\"each_dose\","
      "\"probability_max\":0.3},"
      "{\"objective\":\"crs\",\"grade_at_least\":1,\"window\":\"course\",\"probability_max\":0.6}"
      "]"};
  return fixture_problem(STEPDOSE_SOURCE_DIR "/problems/synapse-mosunetuzumab-dlbcl.json", changes,
                         2);
}

static const crs_share *share_of(const crs_share *share, int n, int grade, int window)
{
  for (int i = 0; i < n; i++) {
    if (share[i].grade == grade && share[i].window == window) {
      return &share[i];
    }
  }
  cr_assert_fail("no share of grade %d in window %d", grade, window);
  return NULL;
}

Test(cohort_parts, crs_shares_are_means_of_probabilities_and_the_risks_of_limits_on_them)
{
  static crs_share share[CRS_SHARES_MAX];
  stepdose_error error;
  int n = 0;
  stepdose_problem *problem = ill_patients();
  cohort_study *c = fixture_cohort(problem, ILL, 2);
  const cohort_outcome *o = &c->outcome[0];
  cr_assert(cohort_crs_shares(c, o, &n, share, &error));
  cr_assert(n > 0 && n % PROBLEM_GRADES == 0, "%d", n);
  for (int i = 0; i < n; i++) {
    char name[64];
    double sum = 0;
    snprintf(name, sizeof name, "crs_probability_grade%d", share[i].grade);
    const int row = fixture_row(c, name, share[i].window);
    for (int p = 0; p < ILL; p++) {
      sum += fixture_value(c, p, row);
    }
    const cohort_risk *risk = &share[i].risk;
    cr_expect(fabs(risk->value - sum / ILL) < 1e-12, "%s in %d", name, share[i].window);
    cr_expect(risk->low <= risk->high && risk->of == ILL, "%s in %d", name, share[i].window);
  }
  for (int r = 0; r < o->n_risks; r++) {
    const cohort_risk *of_limit = &o->risk[r];
    const int grade = problem->limits[of_limit->limit].grade;
    const crs_share *same = share_of(share, n, grade, of_limit->window);
    cr_expect(same->risk.value == of_limit->value && same->risk.count == of_limit->count,
              "grade %d in %d", grade, of_limit->window);
  }
  cohort_study_free(c);
  stepdose_problem_free(problem);
}

/* An event of grade 3 is one of grade 2: the same number is drawn for all grades. */
Test(cohort_parts, a_higher_grade_is_no_more_frequent)
{
  static crs_share share[CRS_SHARES_MAX];
  stepdose_error error;
  int n = 0;
  stepdose_problem *problem = ill_patients();
  cohort_study *c = fixture_cohort(problem, ILL, 2);
  cr_assert(cohort_crs_shares(c, &c->outcome[0], &n, share, &error));
  for (int i = 0; i < n; i++) {
    if (share[i].grade > 1) {
      const crs_share *lower = share_of(share, n, share[i].grade - 1, share[i].window);
      cr_expect(share[i].risk.value <= lower->risk.value &&
                    share[i].risk.count <= lower->risk.count,
                "grade %d in %d", share[i].grade, share[i].window);
    }
  }
  cohort_study_free(c);
  stepdose_problem_free(problem);
}

Test(cohort_parts, a_model_without_crs_has_no_shares)
{
  static crs_share share[CRS_SHARES_MAX];
  stepdose_error error;
  int n = -1;
  stepdose_problem *problem = fixture_patients(8);
  cohort_study *c = fixture_cohort(problem, 8, 1);
  cr_expect(cohort_crs_shares(c, &c->outcome[0], &n, share, &error) && n == 0);
  cohort_study_free(c);
  stepdose_problem_free(problem);
}

Test(cohort_parts, shown_courses_are_those_of_the_first_patients)
{
  stepdose_problem *problem = fixture_patients(PATIENTS);
  cohort_study *many = fixture_cohort(problem, PATIENTS, 2);
  cohort_study *one = fixture_cohort(problem, 1, 1);
  const int n = one->n_days * problem->model->n_outputs;
  cr_assert(many->n_shown == COHORT_COURSES_SHOWN && one->n_shown == 1);
  cr_expect(many->shown[0] == 0 && many->n_days == one->n_days);
  /* of one patient all percentiles are he */
  for (int k = 0; k < n; k++) {
    cr_expect(many->shown_course[k] == one->course[k].at[COHORT_MEDIAN], "value %d", k);
  }
  cohort_study_free(many);
  cohort_study_free(one);
  stepdose_problem_free(problem);
}
