/* What a result claims about its virtual patients is found again, and a wrong claim is seen. */
#include "study/cohort_fixtures.h"
#include "study/verify.h"

enum { PATIENTS = 40 };

static claimed_patients claims_of(const cohort_study *c)
{
  const cohort_outcome *o = &c->outcome[0];
  return (claimed_patients){.given = true,
                            .plausible = c->n_included,
                            .failures = o->failures,
                            .responses = o->response.count,
                            .any_limit = o->any_limit.count,
                            .goal_median = o->goal_figure.at[COHORT_MEDIAN]};
}

static bool agrees(const claimed_patients *claimed, const stepdose_problem *problem)
{
  stepdose_error error;
  study_checks checks;
  checks_open(&checks);
  cr_assert(
      study_verify_patients(claimed, problem, &problem->comparators[0].doses, &checks, &error));
  return checks.all_agree;
}

Test(verify_patients, right_claims_agree_and_each_wrong_one_does_not)
{
  stepdose_problem *problem = fixture_patients(PATIENTS);
  cohort_study *c = fixture_cohort(problem, PATIENTS, 1);
  const claimed_patients right = claims_of(c);
  claimed_patients wrong[] = {right, right, right, right, right, right};
  wrong[0].plausible--;
  wrong[1].failures++;
  wrong[2].responses++;
  wrong[3].any_limit--;
  wrong[4].goal_median *= 1.001;
  wrong[5].given = false;
  cr_expect(agrees(&right, problem));
  for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
    cr_expect(!agrees(&wrong[i], problem), "wrong claim %zu", i);
  }
  cohort_study_free(c);
  stepdose_problem_free(problem);
}
