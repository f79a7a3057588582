/* The public header on top of studies and reports. */
#include "stepdose.h"

#include "base/allocate.h"
#include "base/error.h"
#include "base/file.h"
#include "report/page.h"
#include "run_frame.h"
#include "study/robustness.h"
#include "study/selftest.h"

#include <string.h>

stepdose_problem *stepdose_problem_read(const char *path, const char *const *overrides,
                                        size_t n_overrides, stepdose_error *error)
{
  return problem_read(path, overrides, n_overrides, error);
}

void stepdose_problem_free(stepdose_problem *problem) { problem_free(problem); }

void stepdose_text_free(char *characters) { release(characters); }

/* --- studies that search ---------------------------------------------------------------------- */

/* Who stops the run while the card is made gets the proposal without it. */
static bool add_card(study_proposal *p, const study_run *run, stepdose_error *error)
{
  stepdose_error why = {.code = STEPDOSE_OK};
  if (!p->feasible || study_cut_short(p->end)) {
    return true;
  }
  p->card = robustness_run(p->problem, &p->doses, p->design, run, &why);
  if (p->card == NULL && why.code != STEPDOSE_LIMIT_REACHED) {
    *error = why;
    return false;
  }
  return true;
}

static void *run_propose(const stepdose_problem *problem, const char *input, const study_run *run,
                         stepdose_error *error)
{
  (void)input;
  study_proposal *p = study_propose(problem, run, error);
  if (p != NULL && !add_card(p, run, error)) {
    study_proposal_free(p);
    return NULL;
  }
  return p;
}

static void free_proposal(void *made) { study_proposal_free(made); }

static stepdose_status proposal_status(const void *made)
{
  return ((const study_proposal *)made)->status;
}

static bool proposal_cut_short(const void *made)
{
  return study_cut_short(((const study_proposal *)made)->end);
}

static bool write_proposal(const report_run *run, const void *made, char **summary,
                           stepdose_error *error)
{
  return report_proposal(run, made, summary, error);
}

stepdose_result *stepdose_propose(const stepdose_problem *problem,
                                  const stepdose_settings *settings, const char *directory,
                                  stepdose_error *error)
{
  static const run_study study = {
      "propose",          study_can_propose, run_propose, free_proposal, proposal_status,
      proposal_cut_short, write_proposal,    NULL,        NULL};
  return run_study_verb(&study, problem, NULL, settings, directory, error);
}

static void *run_map(const stepdose_problem *problem, const char *input, const study_run *run,
                     stepdose_error *error)
{
  (void)input;
  return study_map_design(problem, run, error);
}

static void free_map(void *made) { study_map_free(made); }

static stepdose_status design_map_status(const void *made)
{
  return ((const study_map *)made)->status;
}

static bool map_cut_short(const void *made)
{
  return study_cut_short(((const study_map *)made)->end);
}

static bool write_map(const report_run *run, const void *made, char **summary,
                      stepdose_error *error)
{
  return report_map(run, made, summary, error);
}

/* No map is drawn over virtual patients yet. */
static bool can_map(const stepdose_problem *problem, stepdose_error *error)
{
  if (problem->reference_patient) {
    return study_can_map(problem, error);
  }
  error_set(error, STEPDOSE_OUT_OF_RANGE, "use --set /population=reference",
            "maps of a design are drawn for the reference patient only");
  error_place(error, problem->path, 0, 0, "/population");
  return false;
}

stepdose_result *stepdose_map(const stepdose_problem *problem, const stepdose_settings *settings,
                              const char *directory, stepdose_error *error)
{
  static const run_study study = {"map",         can_map,   run_map, free_map, design_map_status,
                                  map_cut_short, write_map, NULL,    NULL};
  return run_study_verb(&study, problem, NULL, settings, directory, error);
}

static stepdose_result *report_simulate(const run_frame *f, const study_simulation *s,
                                        stepdose_error *error)
{
  char *summary = NULL;
  report_run run = run_frame_describe(f, STEPDOSE_STATUS_SIMULATED, true);
  run.patients = s->patients;
  return report_simulation(&run, s, &summary, error) ? run_frame_page(f, run.status, summary, error)
                                                     : NULL;
}

/* Who stops the patients finds the directory as it was. */
static stepdose_result *simulate_anew(const run_frame *f, study_simulation *s,
                                      stepdose_error *error)
{
  if (!study_simulate_patients(s, f->threads, f->progress, error)) {
    run_frame_abandon(f);
    return NULL;
  }
  return report_simulate(f, s, error);
}

/* The reference patient is simulated before the directory is touched: nothing is written for a
 * regimen that is refused. */
stepdose_result *stepdose_simulate(const stepdose_problem *problem, const char *regimen_file,
                                   const stepdose_settings *settings, const char *directory,
                                   stepdose_error *error)
{
  run_frame f;
  study_simulation *s = NULL;
  stepdose_result *result = NULL;
  if (run_frame_open(&f, "simulate", problem, regimen_file, settings, directory, error)) {
    s = study_simulate(f.problem, regimen_file, error);
  }
  if (s != NULL && run_frame_claim(&f, settings->overwrite, error)) {
    result = f.state == RUN_FINISHED ? run_frame_finished(&f, error) : simulate_anew(&f, s, error);
  }
  study_simulation_free(s);
  run_frame_close(&f);
  return result;
}

/* --- missed doses ----------------------------------------------------------------------------- */

static stepdose_result *report_rules(const run_frame *f, const study_simulation *s,
                                     const study_restart *r, stepdose_error *error)
{
  char *summary = NULL;
  report_run run = run_frame_describe(f, STEPDOSE_STATUS_SIMULATED, true);
  run.patients = s->patients;
  run.restart = r;
  return report_restart(&run, s, &summary, error) ? run_frame_page(f, run.status, summary, error)
                                                  : NULL;
}

static stepdose_result *restart_anew(const run_frame *f, study_simulation *s, stepdose_error *error)
{
  study_restart *r = NULL;
  stepdose_result *result = NULL;
  if (study_simulate_patients(s, f->threads, f->progress, error)) {
    r = study_restart_run(f->problem, &s->doses, f->threads, f->progress, error);
  }
  if (r != NULL) {
    result = report_rules(f, s, r, error);
  } else {
    run_frame_abandon(f);
  }
  study_restart_free(r);
  return result;
}

stepdose_result *stepdose_restart(const stepdose_problem *problem, const char *regimen_file,
                                  const stepdose_settings *settings, const char *directory,
                                  stepdose_error *error)
{
  run_frame f;
  study_simulation *s = NULL;
  stepdose_result *result = NULL;
  if (run_frame_open(&f, "restart", problem, regimen_file, settings, directory, error)) {
    s = study_simulate(f.problem, regimen_file, error);
  }
  if (s != NULL && run_frame_claim(&f, settings->overwrite, error)) {
    result = f.state == RUN_FINISHED ? run_frame_finished(&f, error) : restart_anew(&f, s, error);
  }
  study_simulation_free(s);
  run_frame_close(&f);
  return result;
}

/* --- sensitivity ------------------------------------------------------------------------------ */

static stepdose_result *report_analysis(const run_frame *f, const study_simulation *of,
                                        const sensitivity_study *s, stepdose_error *error)
{
  char *summary = NULL;
  report_run run = run_frame_describe(f, s->status, s->status != STEPDOSE_STATUS_INTERRUPTED);
  run.patients = of->patients;
  run.sensitivity = s;
  return report_sensitivity(&run, of, &summary, error)
             ? run_frame_page(f, run.status, summary, error)
             : NULL;
}

/* Who stops before there is anything to tell finds the directory as it was. */
static stepdose_result *analyse_anew(const run_frame *f, study_simulation *of, sensitivity_study *s,
                                     const sensitivity_request *request, stepdose_error *error)
{
  if (!study_simulate_patients(of, f->threads, f->progress, error) ||
      !sensitivity_study_run(s, request, error)) {
    run_frame_abandon(f);
    return NULL;
  }
  return report_analysis(f, of, s, error);
}

/* As with simulate, nothing is written for a regimen, an input or an output that is refused. */
stepdose_result *stepdose_sensitivity(const stepdose_problem *problem, const char *regimen_file,
                                      const stepdose_settings *settings, const char *directory,
                                      stepdose_error *error)
{
  run_frame f;
  study_simulation *of = NULL;
  sensitivity_study *s = NULL;
  sensitivity_request request = {0};
  stepdose_result *result = NULL;
  if (run_frame_open(&f, "sensitivity", problem, regimen_file, settings, directory, error)) {
    of = study_simulate(f.problem, regimen_file, error);
  }
  if (of != NULL) {
    request = (sensitivity_request){f.problem, &of->doses, f.threads, f.progress};
    s = sensitivity_study_open(&request, error);
  }
  if (s != NULL && run_frame_claim(&f, settings->overwrite, error)) {
    result = f.state == RUN_FINISHED ? run_frame_finished(&f, error)
                                     : analyse_anew(&f, of, s, &request, error);
  }
  sensitivity_study_free(s);
  study_simulation_free(of);
  run_frame_close(&f);
  return result;
}

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
  return study_preview_patients(problem, threads, &patients, error) &&
                 study_count_patients(problem, &search, error)
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
