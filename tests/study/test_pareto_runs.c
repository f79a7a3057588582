/* Runs of `pareto`: where there is no front, stopped and continued, out of memory. */
#include "study/pareto_fixtures.h"

#include "base/allocate.h"
#include "base/file.h"

Test(pareto_runs, where_nothing_keeps_the_limits_there_is_no_front)
{
  const char *const changes[] = {COARSE, "/limits/1/max_pg_mL=0.001"};
  for (int bounded = 0; bounded < 2; bounded++) {
    char directory[64];
    stepdose_problem *problem = fixture_problem(FIXTURE_MAIN, changes, COUNT(changes));
    problem->pareto.evaluations_max = bounded ? 60 : problem->pareto.evaluations_max;
    study_pareto *s = fixture_front(problem, fixture_directory(directory));
    cr_expect_eq(s->found.n_front, 0);
    cr_expect_eq(s->chosen, -1);
    cr_expect_eq(s->status, bounded ? STEPDOSE_STATUS_INTERRUPTED : STEPDOSE_STATUS_INFEASIBLE,
                 "only who has tried everything can tell: %s", stepdose_status_name(s->status));
    study_pareto_free(s);
    stepdose_problem_free(problem);
    fixture_remove(directory);
  }
}

Test(pareto_runs, a_problem_with_nothing_to_minimize_is_refused)
{
  const char *const limits[] = {
      "/limits=[]", "/limits=[{\"objective\":\"treatment_burden\",\"total_mg_max\":100}]"};
  for (size_t i = 0; i < COUNT(limits); i++) {
    stepdose_error error;
    stepdose_problem *problem = fixture_problem(FIXTURE_MAIN, &limits[i], 1);
    cr_expect(!study_can_pareto(problem, &error), "%s", limits[i]);
    cr_expect(error.code == STEPDOSE_CONTRADICTION && strcmp(error.pointer, "/pareto") == 0);
    stepdose_problem_free(problem);
  }
}

static const char *const run_changes[] = {COARSE, "/pareto={\"evaluations_max\":150}"};

static char *read_front(const char *directory)
{
  char path[128];
  char *bytes = NULL;
  size_t length = 0;
  stepdose_error error;
  snprintf(path, sizeof path, "%s/pareto.csv", directory);
  cr_assert(file_read(path, 1 << 24, &bytes, &length, &error), "%s", error.message);
  return bytes;
}

static stepdose_result *draw(const stepdose_problem *problem, const char *directory,
                             const stepdose_settings *settings)
{
  stepdose_error error;
  stepdose_result *result = stepdose_pareto(problem, settings, directory, &error);
  cr_assert(result != NULL, "%s", error.message);
  return result;
}

static volatile int stop;

static void stop_early(void *context, const stepdose_progress *p)
{
  (void)context;
  stop = stop || p->done > 30;
}

Test(pareto_runs, a_run_that_was_stopped_goes_on_to_the_same_front)
{
  char whole[64], broken_off[64];
  stepdose_settings settings = stepdose_settings_default();
  stepdose_problem *problem = fixture_problem(FIXTURE_MAIN, run_changes, COUNT(run_changes));
  settings.overwrite = true;
  stepdose_result_free(draw(problem, fixture_directory(whole), &settings));
  settings.overwrite = false;
  fixture_directory(broken_off);
  settings.stop = &stop;
  settings.progress = stop_early;
  stepdose_result *first = draw(problem, broken_off, &settings);
  cr_assert_eq(stepdose_result_status(first), STEPDOSE_STATUS_INTERRUPTED);
  stop = 0;
  settings.progress = NULL;
  stepdose_result *second = draw(problem, broken_off, &settings);
  cr_expect_eq(stepdose_result_status(second), STEPDOSE_STATUS_VERIFIED);
  char *expected = read_front(whole);
  char *found = read_front(broken_off);
  cr_expect(strcmp(expected, found) == 0, "the fronts differ");
  release(expected);
  release(found);
  stepdose_result_free(first);
  stepdose_result_free(second);
  stepdose_problem_free(problem);
  fixture_remove(whole);
  fixture_remove(broken_off);
}

Test(pareto_runs, another_seed_takes_another_way)
{
  char directory[64];
  stepdose_problem *problem = fixture_problem(FIXTURE_DAYS, NULL, 0);
  long first = 0;
  problem->pareto.evaluations_max = 150;
  for (uint64_t seed = 1; seed <= 2; seed++) {
    problem->pareto.seed = seed;
    study_pareto *s = fixture_front(problem, fixture_directory(directory));
    const long hash = (long)(s->found.hypervolume * 1e6);
    cr_expect(seed == 1 || hash != first);
    first = hash;
    study_pareto_free(s);
    fixture_remove(directory);
  }
  stepdose_problem_free(problem);
}

Test(pareto_runs, a_failed_allocation_anywhere_is_a_named_error)
{
  enum { SWEEP = 20 };
  char directory[64];
  stepdose_error error;
  stepdose_settings settings = stepdose_settings_default();
  /* enough for every part of the search */
  const char *const changes[] = {COARSE, "/pareto={\"evaluations_max\":310}", "/horizon_days=28"};
  settings.overwrite = true;
  settings.threads = 1;
  stepdose_problem *problem = fixture_problem(FIXTURE_MAIN, changes, COUNT(changes));
  fixture_directory(directory);
  long before = allocate_count();
  stepdose_result_free(draw(problem, directory, &settings));
  const long needed = allocate_count() - before;
  for (int i = 0; i < SWEEP; i++) {
    const long n = needed * i / SWEEP;
    allocate_fail_after(n, i % 2);
    stepdose_result *result = stepdose_pareto(problem, &settings, directory, &error);
    allocate_fail_after(-1, 0);
    cr_expect(result != NULL || error.code == STEPDOSE_NO_MEMORY, "allocation %ld of %ld: %s: %s",
              n, needed, stepdose_code_name(error.code), error.message);
    stepdose_result_free(result);
  }
  stepdose_problem_free(problem);
  fixture_remove(directory);
}
