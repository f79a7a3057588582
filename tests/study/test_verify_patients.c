/* What a result claims about its virtual patients is found again, and a wrong claim is seen. */
#include "base/allocate.h"
#include "study/cohort_fixtures.h"
#include "study/verify.h"

enum { PATIENTS = 40 };

static claimed_patients *claims_of(const cohort_study *c)
{
  const cohort_outcome *o = &c->outcome[0];
  claimed_patients *claims = allocate_zeroed(1, sizeof *claims);
  cr_assert(claims != NULL);
  *claims = (claimed_patients){.given = true,
                               .drawn = c->n_patients,
                               .plausible = c->n_included,
                               .failures = o->failures,
                               .responses = o->response.count,
                               .any_limit = o->any_limit.count,
                               .seed = c->seed,
                               .tolerance = c->tolerance,
                               .goal_median = o->goal_figure.at[COHORT_MEDIAN],
                               .goal = o->goal_value,
                               .holds = cohort_outcome_holds(o),
                               .n_risks = o->n_risks};
  for (int r = 0; r < o->n_risks; r++) {
    claims->risk[r] = o->risk[r];
  }
  return claims;
}

static bool agrees(const claimed_patients *claimed, const stepdose_problem *problem)
{
  stepdose_error error;
  study_checks checks;
  checks_open(&checks);
  cr_assert(study_verify_patients(claimed, problem, problem->parameters,
                                  &problem->comparators[0].doses, &checks, &error));
  return checks.all_agree;
}

/* Claims that are wrong in one thing each. */
static void spoil(claimed_patients *c, int what)
{
  switch (what) {
  case 0:
    c->plausible--;
    break;
  case 1:
    c->failures++;
    break;
  case 2:
    c->responses++;
    break;
  case 3:
    c->any_limit--;
    break;
  case 4:
    c->goal_median *= 1.001;
    break;
  case 5:
    c->given = false;
    break;
  case 6:
    c->goal *= 1.001;
    break;
  case 7:
    c->holds = !c->holds;
    break;
  case 8:
    c->n_risks--;
    break;
  case 9:
    c->risk[0].value *= 1.001;
    break;
  case 10:
    c->risk[0].count++;
    break;
  case 11:
    c->risk[0].holds = !c->risk[0].holds;
    break;
  case 12:
    c->seed++; /* other patients than the problem asks for */
    break;
  case 13:
    c->drawn--;
    break;
  case 14:
    c->tolerance *= 2;
    break;
  default:
    c->fresh = true; /* patients of the search cannot be fresh */
  }
}
enum { SPOILED = 16 };

Test(verify_patients, right_claims_agree_and_each_wrong_one_does_not)
{
  stepdose_problem *problem = fixture_risks(PATIENTS);
  cohort_study *c = fixture_cohort(problem, PATIENTS, 1);
  claimed_patients *right = claims_of(c);
  claimed_patients *wrong = claims_of(c);
  cr_expect(agrees(right, problem));
  for (int i = 0; i < SPOILED; i++) {
    *wrong = *right;
    spoil(wrong, i);
    cr_expect(!agrees(wrong, problem), "wrong claim %d", i);
  }
  release(right);
  release(wrong);
  cohort_study_free(c);
  stepdose_problem_free(problem);
}

/* Without a risk there is no verdict to agree on: what it claims of one does not matter. */
Test(verify_patients, limits_without_a_risk_are_not_judged)
{
  stepdose_problem *problem = fixture_patients(PATIENTS);
  cohort_study *c = fixture_cohort(problem, PATIENTS, 1);
  claimed_patients *claims = claims_of(c);
  claims->holds = !claims->holds;
  cr_expect(agrees(claims, problem));
  release(claims);
  cohort_study_free(c);
  stepdose_problem_free(problem);
}
