/* The public functions that need no run directory of their own: reading and checking a problem,
 * verifying and showing runs, checking an installation. The others are in verbs/. */
#include "stepdose.h"

#include "base/allocate.h"
#include "base/error.h"
#include "base/file.h"
#include "report/page.h"
#include "study/selftest.h"
#include "study/stratum_count.h"
#include "verbs/run_frame.h"

#include <string.h>

stepdose_problem *stepdose_problem_read(const char *path, const char *const *overrides,
                                        size_t n_overrides, stepdose_error *error)
{
  return problem_read(path, overrides, n_overrides, error);
}

void stepdose_problem_free(stepdose_problem *problem) { problem_free(problem); }

void stepdose_text_free(char *characters) { release(characters); }

static stepdose_result *verify_directory(const char *directory, stepdose_error *error)
{
  stored_result *stored = stored_result_read(directory, error);
  if (stored == NULL) {
    return NULL;
  }
  study_checks checks;
  stepdose_result *result = NULL;
  if (study_verify(&stored->claims, &checks, error)) {
    result = run_result(checks.all_agree ? STEPDOSE_STATUS_REPRODUCED : STEPDOSE_STATUS_MISMATCH,
                        directory, report_verification(&stored->claims, &checks), error);
  }
  release(stored);
  return result;
}

stepdose_result *stepdose_verify(const char *path, const stepdose_settings *settings,
                                 stepdose_error *error)
{
  (void)settings; /* one simulation: nothing to set */
  char *directory = run_directory_named(path);
  if (directory == NULL) {
    error_no_memory(error, "verifying a result");
    return NULL;
  }
  stepdose_result *result = verify_directory(directory, error);
  release(directory);
  return result;
}

char *stepdose_report(const char *path, stepdose_error *error)
{
  char *page = NULL;
  char *directory = run_directory_named(path);
  if (directory == NULL) {
    error_no_memory(error, "naming a run directory");
    return NULL;
  }
  if (page_write(directory, error)) {
    page = run_directory_path(directory, RUN_FILE_REPORT);
    if (page == NULL) {
      error_no_memory(error, "naming a report");
    }
  }
  release(directory);
  return page;
}

static char *known_text(char *made, stepdose_error *error)
{
  if (made == NULL) {
    error_no_memory(error, "describing the problem");
  }
  return made;
}

static char *check_problem(const stepdose_problem *problem, int threads, stepdose_error *error)
{
  study_cost cost;
  study_preview patients;
  if (problem->reference_patient) {
    return study_estimate_cost(problem, threads, &cost, error)
               ? known_text(report_problem(problem, &cost, threads), error)
               : NULL;
  }
  study_patients_cost search;
  return study_count_patients(problem, &search, error) && study_can_count(problem, error) &&
                 (!search.searched || study_can_verify(problem, error)) &&
                 study_preview_patients(problem, threads, &patients, error)
             ? known_text(report_population_problem(problem, &patients, &search, threads), error)
             : NULL;
}

char *stepdose_check(const stepdose_problem *problem, const stepdose_settings *settings,
                     stepdose_error *error)
{
  run_frame f = {.problem = problem};
  char *shown = run_frame_reseed(&f, settings, error)
                    ? check_problem(f.problem, run_thread_count(settings), error)
                    : NULL;
  problem_free(f.reseeded);
  return shown;
}

char *stepdose_selftest(const stepdose_settings *settings, bool *passed, stepdose_error *error)
{
  study_checks checks;
  *passed = false;
  if (!study_selftest(run_thread_count(settings), &checks, error)) {
    return NULL;
  }
  *passed = checks.all_agree;
  char *shown = report_selftest(&checks);
  if (shown == NULL) {
    error_no_memory(error, "describing the checks");
  }
  return shown;
}

stepdose_status stepdose_result_status(const stepdose_result *result) { return result->status; }

const char *stepdose_result_directory(const stepdose_result *result) { return result->directory; }

const char *stepdose_result_summary(const stepdose_result *result) { return result->summary; }

void stepdose_result_free(stepdose_result *result)
{
  if (result != NULL) {
    release(result->directory);
    release(result->summary);
    release(result);
  }
}
