/* Starting points lie in the box of their branch, and a comparator in the box is kept as it is. */
#include "base/number.h"
#include "study/fixtures.h"
#include "study/propose.h"

static const char *const paths[] = {FIXTURE_MAIN, FIXTURE_DAYS, FIXTURE_TIGHT,
                                    STEPDOSE_SOURCE_DIR "/problems/blinatumomab-nhl.json"};

Test(starts, every_start_lies_in_the_box)
{
  for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
    double starts[STUDY_STARTS_MAX * SEARCH_VARIABLES_MAX];
    stepdose_problem *problem = fixture_problem(paths[i], NULL, 0);
    regimen_evaluation *e = regimen_evaluation_open(problem, 0, -1, 0, NULL);
    cr_assert(e != NULL);
    int n = study_starts(e, starts);
    cr_expect(n == problem->n_comparators + 1, "%s: %d starts", paths[i], n);
    for (int s = 0; s < n; s++) {
      for (int v = 0; v < e->n_variables; v++) {
        double value = starts[s * e->n_variables + v];
        cr_expect(value >= e->variable[v].low && value <= e->variable[v].high,
                  "%s: start %d, %s = %g", paths[i], s, e->variable[v].name, value);
      }
    }
    regimen_evaluation_close(e);
    stepdose_problem_free(problem);
  }
}

Test(starts, the_approved_schedule_starts_with_its_own_doses)
{
  const double approved[] = {1, 2, 60, 60}; /* days 0, 7, 14, then 21: US PI */
  double starts[STUDY_STARTS_MAX * SEARCH_VARIABLES_MAX];
  stepdose_problem *problem = fixture_problem(FIXTURE_MAIN, NULL, 0);
  cr_assert(problem->comparators[0].approved);
  regimen_evaluation *e = regimen_evaluation_open(problem, 0, -1, 0, NULL);
  cr_assert(e != NULL);
  study_starts(e, starts);
  for (int v = 0; v < 4; v++) {
    cr_expect(number_same(starts[v], approved[v]), "%s = %g", e->variable[v].name, starts[v]);
  }
  regimen_evaluation_close(e);
  stepdose_problem_free(problem);
}
