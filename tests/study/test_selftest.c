/* The installation check passes here, and notices what it is there to notice. */
#include "study/cost.h"
#include "study/fixtures.h"
#include "study/selftest.h"

#include <math.h>
#include <stdlib.h>

Test(selftest, every_check_passes_and_says_what_it_found)
{
  study_checks checks;
  stepdose_error error;
  cr_assert(study_selftest(2, &checks, &error), "%s", error.message);
  cr_expect(checks.n >= 7, "only %d checks", checks.n);
  for (int i = 0; i < checks.n; i++) {
    cr_expect(checks.check[i].agrees, "%s: %s", checks.check[i].what, checks.check[i].found);
    cr_expect(checks.check[i].found[0] != 0, "%s: nothing found", checks.check[i].what);
  }
}

Test(selftest, a_directory_that_cannot_be_written_fails_the_check_of_files)
{
  study_checks checks;
  stepdose_error error;
  setenv("TMPDIR", "/proc/nowhere", 1);
  cr_assert(study_selftest(1, &checks, &error), "%s", error.message);
  cr_expect(!checks.all_agree);
}

Test(cost, a_problem_of_which_nothing_can_be_simulated_is_an_error)
{
  const char *const changes[] = {FIXTURE_CANNOT_BE_SIMULATED};
  stepdose_error error;
  study_cost cost;
  stepdose_problem *problem = fixture_problem(FIXTURE_MAIN, changes, 1);
  cr_expect(!study_estimate_cost(problem, 1, &cost, &error));
  cr_expect(error.code == STEPDOSE_SIMULATION_FAILED, "%s", error.message);
  stepdose_problem_free(problem);
}

Test(cost, the_regimens_of_the_grid_that_keep_the_rules_are_counted)
{
  stepdose_error error;
  study_cost cost;
  stepdose_problem *problem = fixture_problem(FIXTURE_MAIN, NULL, 0);
  cr_assert(study_estimate_cost(problem, 1, &cost, &error), "%s", error.message);
  cr_expect(cost.n_variables_least == 4 && cost.n_variables_most == 4);
  /* 4 doses of 17 vials that never fall: C(17 + 4 - 1, 4) */
  cr_expect(cost.grid_counted && cost.grid_regimens == 4845, "%g", cost.grid_regimens);
  cr_expect(cost.simulation_seconds > 0 && cost.seconds_most > 0);
  stepdose_problem_free(problem);
}
