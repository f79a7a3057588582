/* Starting points lie in the box of their branch, and a comparator in the box is kept as it is. */
#include "base/number.h"
#include "study/fixtures.h"
#include "study/propose.h"

static const char *const paths[] = {FIXTURE_MAIN, FIXTURE_DAYS, FIXTURE_TIGHT,
                                    STEPDOSE_SOURCE_DIR "/problems/blinatumomab-nhl.json"};

Test(starts, every_start_lies_in_the_box)
{
  for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
    regimen_branch *branch = malloc(sizeof *branch);
    double starts[STUDY_STARTS_MAX * REGIMEN_VARIABLES_MAX];
    stepdose_problem *problem = fixture_problem(paths[i], NULL, 0);
    regimen_branch_open(&problem->regimen, problem->horizon_days, 0, branch);
    int n = study_starts(problem, branch, starts);
    cr_expect(n == problem->n_comparators + 1, "%s: %d starts", paths[i], n);
    for (int s = 0; s < n; s++) {
      for (int v = 0; v < branch->n_variables; v++) {
        double value = starts[s * branch->n_variables + v];
        cr_expect(value >= branch->variable[v].low && value <= branch->variable[v].high,
                  "%s: start %d, %s = %g", paths[i], s, branch->variable[v].name, value);
      }
    }
    stepdose_problem_free(problem);
    free(branch);
  }
}

Test(starts, the_approved_schedule_starts_with_its_own_doses)
{
  const double approved[] = {1, 2, 60, 60}; /* days 0, 7, 14, then 21: US PI */
  regimen_branch *branch = malloc(sizeof *branch);
  double starts[STUDY_STARTS_MAX * REGIMEN_VARIABLES_MAX];
  stepdose_problem *problem = fixture_problem(FIXTURE_MAIN, NULL, 0);
  cr_assert(problem->comparators[0].approved);
  regimen_branch_open(&problem->regimen, problem->horizon_days, 0, branch);
  study_starts(problem, branch, starts);
  for (int v = 0; v < 4; v++) {
    cr_expect(number_same(starts[v], approved[v]), "%s = %g", branch->variable[v].name, starts[v]);
  }
  stepdose_problem_free(problem);
  free(branch);
}
