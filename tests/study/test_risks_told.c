/* A search over virtual patients must know what of them each limit bounds. */
#include "study/fixtures.h"
#include "study/propose.h"

#define COHORT STEPDOSE_SOURCE_DIR "/problems/mosunetuzumab-dlbcl-population.json"

Test(study, a_limit_without_risk_is_refused_for_virtual_patients_only)
{
  static const char *const untold[] = {"/limits/1={\"objective\":\"il6_peak\",\"max_pg_mL\":2000}",
                                       "/population=reference"};
  stepdose_error error = {.code = STEPDOSE_OK};
  stepdose_problem *problem = fixture_problem(COHORT, untold, 0);
  cr_expect(study_can_propose(problem, &error), "every risk is told: %s", error.message);
  problem_free(problem);
  problem = fixture_problem(COHORT, untold, 1);
  cr_expect(!study_can_propose(problem, &error), "a risk is missing");
  cr_expect_eq(error.code, STEPDOSE_MISSING_KEY);
  cr_expect_str_eq(error.pointer, "/limits/1");
  for (int r = 0; r < RISK_COUNT; r++) {
    cr_expect_not_null(strstr(error.remedy, problem_risk_keys[r]), "%s", error.remedy);
  }
  problem_free(problem);
  problem = fixture_problem(COHORT, untold, 2);
  cr_expect(study_can_propose(problem, &error), "one patient needs no risk: %s", error.message);
  problem_free(problem);
}
