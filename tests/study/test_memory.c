/* Memory that runs out anywhere in a run is a named error and leaves no result behind. */
#include "base/allocate.h"
#include "base/file.h"
#include "study/fixtures.h"

enum { SWEEP = 60 };

static stepdose_result *simulate(const stepdose_problem *problem, const char *directory,
                                 stepdose_error *error)
{
  stepdose_settings settings = stepdose_settings_default();
  settings.overwrite = true;
  return stepdose_simulate(problem, NULL, &settings, directory, error);
}

Test(memory, a_failed_allocation_anywhere_in_simulate_is_a_named_error)
{
  char directory[64];
  char result_path[128];
  stepdose_error error;
  stepdose_problem *problem = fixture_problem(FIXTURE_MAIN, NULL, 0);
  fixture_directory(directory);
  snprintf(result_path, sizeof result_path, "%s/result.json", directory);
  long before = allocate_count();
  stepdose_result_free(simulate(problem, directory, &error));
  long needed = allocate_count() - before;
  cr_assert(needed > 10);
  for (int i = 0; i < SWEEP; i++) {
    long n = needed * i / SWEEP;
    allocate_fail_after(n, 1);
    stepdose_result *result = simulate(problem, directory, &error);
    allocate_fail_after(-1, 0);
    cr_expect(result == NULL, "allocation %ld of %ld failed unnoticed", n, needed);
    cr_expect(result != NULL || error.code == STEPDOSE_NO_MEMORY, "allocation %ld of %ld: %s: %s",
              n, needed, stepdose_code_name(error.code), error.message);
    stepdose_result_free(result);
  }
  stepdose_problem_free(problem);
  fixture_remove(directory);
}

Test(memory, a_failed_allocation_anywhere_in_propose_is_a_named_error)
{
  const char *const changes[] = {"/search/evaluations_max=60", "/search/starts=1"};
  char directory[64];
  stepdose_error error;
  stepdose_settings settings = stepdose_settings_default();
  settings.overwrite = true;
  settings.threads = 1;
  stepdose_problem *problem = fixture_problem(FIXTURE_MAIN, changes, 2);
  fixture_directory(directory);
  long before = allocate_count();
  stepdose_result_free(stepdose_propose(problem, &settings, directory, &error));
  long needed = allocate_count() - before;
  for (int i = 0; i < SWEEP / 2; i++) {
    long n = needed * i / (SWEEP / 2);
    allocate_fail_after(n, 1);
    stepdose_result *result = stepdose_propose(problem, &settings, directory, &error);
    allocate_fail_after(-1, 0);
    cr_expect(result != NULL || error.code == STEPDOSE_NO_MEMORY, "allocation %ld of %ld: %s: %s",
              n, needed, stepdose_code_name(error.code), error.message);
    cr_expect(result == NULL, "allocation %ld of %ld failed unnoticed", n, needed);
    stepdose_result_free(result);
  }
  stepdose_problem_free(problem);
  fixture_remove(directory);
}
