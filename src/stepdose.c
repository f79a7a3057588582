/* The public header on top of studies and reports: identity of a run, its directory, its journal.
 */
#include "stepdose.h"

#include "base/allocate.h"
#include "base/file.h"
#include "report/page.h"
#include "report/report.h"
#include "study/selftest.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct stepdose_result {
  stepdose_status status;
  char *directory;
  char *summary;
};

/* One run of a verb, from its settings to its result. */
typedef struct run_frame {
  const stepdose_problem *problem;
  stepdose_problem *reseeded; /* owned; the problem with another seed, if one was asked for */
  const char *verb;
  const char *regimen_file; /* NULL: none */
  char identity[HASH_TEXT_SIZE];
  char *directory;
  run_state state;
  int threads;
  progress *progress, *quiet;
} run_frame;

stepdose_problem *stepdose_problem_read(const char *path, const char *const *overrides,
                                        size_t n_overrides, stepdose_error *error)
{
  return problem_read(path, overrides, n_overrides, error);
}

void stepdose_problem_free(stepdose_problem *problem) { problem_free(problem); }

void stepdose_text_free(char *characters) { release(characters); }

static int thread_count(const stepdose_settings *settings)
{
  if (settings->threads > 0) {
    return settings->threads;
  }
  long processors = sysconf(_SC_NPROCESSORS_ONLN);
  return processors > 0 ? (int)processors : 1;
}

/* The seed belongs to the problem, so that problem.json says what was run: of the search, or of the
 * virtual patients where there are any. */
static bool apply_seed(run_frame *f, const stepdose_settings *settings, stepdose_error *error)
{
  char override[64];
  const char *overrides[] = {override};
  const bool one = f->problem->reference_patient;
  if (!settings->has_seed ||
      settings->seed == (one ? f->problem->search.seed : f->problem->population_seed)) {
    return true;
  }
  snprintf(override, sizeof override, "%s=%llu", one ? "/search/seed" : "/population/seed",
           (unsigned long long)settings->seed);
  const char *effective = f->problem->effective;
  f->reseeded =
      problem_read_text(f->problem->path, effective, strlen(effective), overrides, 1, error);
  f->problem = f->reseeded;
  return f->reseeded != NULL;
}

/* Two runs are the same if verb, version, problem and (for simulate) regimen file are. */
static bool identify(run_frame *f, stepdose_error *error)
{
  text what = {0};
  char *bytes = NULL;
  size_t length = 0;
  text_append(&what, "%s %s %s\n", f->verb, stepdose_version(), f->problem->hash);
  if (f->regimen_file != NULL) {
    if (!file_read(f->regimen_file, (size_t)1 << 24, &bytes, &length, error)) {
      text_free(&what);
      return false;
    }
    text_append(&what, "%s\n", f->regimen_file);
    text_append_bytes(&what, bytes, length);
    release(bytes);
  }
  bool done = !what.failed || error_no_memory(error, "identifying the run");
  if (done) {
    hash_sha256(what.bytes, what.length, f->identity);
  }
  text_free(&what);
  return done;
}

static bool name_directory(run_frame *f, const char *directory, stepdose_error *error)
{
  f->directory =
      directory != NULL ? allocate_copy(directory) : run_directory_default(f->problem, f->identity);
  return f->directory != NULL || error_no_memory(error, "naming the run directory");
}

static bool open_progress(run_frame *f, const stepdose_settings *settings, stepdose_error *error)
{
  stepdose_settings unseen = {.stop = settings->stop};
  f->progress = progress_open(settings);
  f->quiet = progress_open(&unseen);
  return (f->progress != NULL && f->quiet != NULL) || error_no_memory(error, "starting the run");
}

/* Cohorts are simulated, but no search works on them yet. */
static bool is_one_patient(const stepdose_problem *problem, stepdose_error *error)
{
  if (problem->reference_patient) {
    return true;
  }
  error_set(error, STEPDOSE_OUT_OF_RANGE,
            "use 1, or \"population\": \"reference\"; `simulate` takes virtual patients",
            "regimens are searched for the reference patient only: a search over virtual "
            "patients is not offered by this version");
  error_place(error, problem->path, 0, 0, "/population/patients");
  return false;
}

static void frame_close(run_frame *f)
{
  progress_close(f->progress);
  progress_close(f->quiet);
  release(f->directory);
  problem_free(f->reseeded);
}

static bool frame_open(run_frame *f, const char *verb, const stepdose_problem *problem,
                       const char *regimen_file, const stepdose_settings *settings,
                       const char *directory, stepdose_error *error)
{
  *f = (run_frame){.problem = problem,
                   .verb = verb,
                   .regimen_file = regimen_file,
                   .threads = thread_count(settings)};
  return apply_seed(f, settings, error) && identify(f, error) &&
         name_directory(f, directory, error) && open_progress(f, settings, error);
}

/* A run that goes on may read its own problem.json: it is written anew with the same bytes. */
static bool spare_inputs(const run_frame *f, bool overwrite, stepdose_error *error)
{
  return (!overwrite || run_directory_spares(f->directory, f->problem->path, error)) &&
         run_directory_spares(f->directory, f->regimen_file, error);
}

/* problem.json goes first: a directory that was left in the middle is known by it. */
static bool frame_claim(run_frame *f, bool overwrite, stepdose_error *error)
{
  const char *effective = f->problem->effective;
  return spare_inputs(f, overwrite, error) &&
         run_directory_claim(f->directory, f->problem, f->identity, overwrite, &f->state, error) &&
         (f->state == RUN_FINISHED ||
          run_directory_write(f->directory, RUN_FILE_PROBLEM, effective, strlen(effective), error));
}

/* Takes the summary in every case. */
static stepdose_result *make_result(stepdose_status status, const char *directory, char *summary,
                                    stepdose_error *error)
{
  stepdose_result *result = allocate_zeroed(1, sizeof *result);
  char *copy = allocate_copy(directory);
  if (result == NULL || copy == NULL || summary == NULL) {
    release(result);
    release(copy);
    release(summary);
    error_no_memory(error, "handing over the result");
    return NULL;
  }
  *result = (stepdose_result){status, copy, summary};
  return result;
}

/* Where the files are belongs to what is shown, not to summary.txt: a run directory may be moved.
 */
static stepdose_result *make_run_result(const run_frame *f, stepdose_status status, char *summary,
                                        stepdose_error *error)
{
  text shown = {0};
  char *files = report_files(f->directory);
  if (files != NULL && summary != NULL) {
    text_append_bytes(&shown, summary, strlen(summary));
    text_append_bytes(&shown, files, strlen(files));
  } else {
    shown.failed = true;
  }
  release(files);
  release(summary);
  return make_result(status, f->directory, text_take(&shown), error);
}

/* The page is made from the files as they are now on disk. Takes the summary in every case. */
static stepdose_result *make_page_and_result(const run_frame *f, stepdose_status status,
                                             char *summary, stepdose_error *error)
{
  if (!page_write(f->directory, error)) {
    release(summary);
    return NULL;
  }
  return make_run_result(f, status, summary, error);
}

static report_run describe_run(const run_frame *f, stepdose_status status, bool finished)
{
  return (report_run){
      .problem = f->problem,
      .verb = f->verb,
      .directory = f->directory,
      .identity = f->identity,
      .status = status,
      .finished = finished,
      .seconds = progress_seconds(f->progress),
      .threads = f->threads,
  };
}

static stepdose_result *finished_result(const run_frame *f, stepdose_error *error)
{
  stored_result *stored = stored_result_read(f->directory, error);
  if (stored == NULL) {
    return NULL;
  }
  char *summary = stored_result_summary(f->directory, stored, error);
  stepdose_status status = stored->claims.status;
  release(stored);
  if (summary == NULL) {
    return NULL;
  }
  return run_directory_has(f->directory, RUN_FILE_REPORT)
             ? make_run_result(f, status, summary, error)
             : make_page_and_result(f, status, summary, error);
}

static stepdose_result *report_propose(const run_frame *f, const study_proposal *p,
                                       stepdose_error *error)
{
  char *summary = NULL;
  report_run run = describe_run(f, p->status, !study_cut_short(p->end));
  return report_proposal(&run, p, &summary, error)
             ? make_page_and_result(f, p->status, summary, error)
             : NULL;
}

/* A problem that cannot be simulated is as good as an invalid one: its directory stays free. */
static void leave_nothing(const run_frame *f, const stepdose_error *error)
{
  if (error != NULL && error->code == STEPDOSE_SIMULATION_FAILED && f->state == RUN_FRESH) {
    run_directory_clear(f->directory, NULL);
  }
}

static search_journal *open_journal(const run_frame *f, stepdose_error *error)
{
  char *path = run_directory_path(f->directory, RUN_FILE_JOURNAL);
  if (path == NULL) {
    error_no_memory(error, "opening the journal");
    return NULL;
  }
  search_journal *journal = journal_open(path, f->identity, error);
  release(path);
  return journal;
}

static study_run describe_study(const run_frame *f, search_journal *journal)
{
  return (study_run){.directory = f->directory,
                     .threads = f->threads,
                     .journal = journal,
                     .progress = f->progress,
                     .quiet = f->quiet};
}

/* The journal is closed before the report is written: a lost record is an error, not a footnote. */
static stepdose_result *propose_anew(const run_frame *f, stepdose_error *error)
{
  search_journal *journal = open_journal(f, error);
  if (journal == NULL) {
    return NULL;
  }
  study_run run = describe_study(f, journal);
  study_proposal *p = study_propose(f->problem, &run, error);
  bool kept = journal_close(journal, p == NULL ? NULL : error);
  if (p == NULL) {
    leave_nothing(f, error);
  }
  stepdose_result *result = p != NULL && kept ? report_propose(f, p, error) : NULL;
  study_proposal_free(p);
  return result;
}

stepdose_result *stepdose_propose(const stepdose_problem *problem,
                                  const stepdose_settings *settings, const char *directory,
                                  stepdose_error *error)
{
  run_frame f;
  stepdose_result *result = NULL;
  if (frame_open(&f, "propose", problem, NULL, settings, directory, error) &&
      is_one_patient(f.problem, error) && study_can_propose(f.problem, error) &&
      frame_claim(&f, settings->overwrite, error)) {
    result = f.state == RUN_FINISHED ? finished_result(&f, error) : propose_anew(&f, error);
  }
  frame_close(&f);
  return result;
}

static stepdose_result *report_design_map(const run_frame *f, const study_map *m,
                                          stepdose_error *error)
{
  char *summary = NULL;
  report_run run = describe_run(f, m->status, !study_cut_short(m->end));
  return report_map(&run, m, &summary, error) ? make_page_and_result(f, m->status, summary, error)
                                              : NULL;
}

static stepdose_result *map_anew(const run_frame *f, stepdose_error *error)
{
  search_journal *journal = open_journal(f, error);
  if (journal == NULL) {
    return NULL;
  }
  study_run run = describe_study(f, journal);
  study_map *m = study_map_design(f->problem, &run, error);
  bool kept = journal_close(journal, m == NULL ? NULL : error);
  if (m == NULL) {
    leave_nothing(f, error);
  }
  stepdose_result *result = m != NULL && kept ? report_design_map(f, m, error) : NULL;
  study_map_free(m);
  return result;
}

stepdose_result *stepdose_map(const stepdose_problem *problem, const stepdose_settings *settings,
                              const char *directory, stepdose_error *error)
{
  run_frame f;
  stepdose_result *result = NULL;
  if (frame_open(&f, "map", problem, NULL, settings, directory, error) &&
      is_one_patient(f.problem, error) && study_can_map(f.problem, error) &&
      frame_claim(&f, settings->overwrite, error)) {
    result = f.state == RUN_FINISHED ? finished_result(&f, error) : map_anew(&f, error);
  }
  frame_close(&f);
  return result;
}

static stepdose_result *report_simulate(const run_frame *f, const study_simulation *s,
                                        stepdose_error *error)
{
  char *summary = NULL;
  report_run run = describe_run(f, STEPDOSE_STATUS_SIMULATED, true);
  run.patients = s->patients;
  return report_simulation(&run, s, &summary, error)
             ? make_page_and_result(f, run.status, summary, error)
             : NULL;
}

/* Who stops the patients finds the directory as it was. */
static stepdose_result *simulate_anew(const run_frame *f, study_simulation *s,
                                      stepdose_error *error)
{
  if (!study_simulate_patients(s, f->threads, f->progress, error)) {
    if (f->state == RUN_FRESH) {
      run_directory_clear(f->directory, NULL);
    }
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
  if (frame_open(&f, "simulate", problem, regimen_file, settings, directory, error)) {
    s = study_simulate(f.problem, regimen_file, error);
  }
  if (s != NULL && frame_claim(&f, settings->overwrite, error)) {
    result = f.state == RUN_FINISHED ? finished_result(&f, error) : simulate_anew(&f, s, error);
  }
  study_simulation_free(s);
  frame_close(&f);
  return result;
}

/* `path` names a run directory or the result.json in it. */
static char *directory_of(const char *path)
{
  const char *name = run_files[RUN_FILE_RESULT].name;
  size_t n = strlen(path);
  size_t m = strlen(name);
  bool is_result = n >= m && strcmp(path + n - m, name) == 0 && (n == m || path[n - m - 1] == '/');
  return is_result ? file_directory(path) : allocate_copy(path);
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
    result = make_result(checks.all_agree ? STEPDOSE_STATUS_REPRODUCED : STEPDOSE_STATUS_MISMATCH,
                         directory, report_verification(&stored->claims, &checks), error);
  }
  release(stored);
  return result;
}

stepdose_result *stepdose_verify(const char *path, const stepdose_settings *settings,
                                 stepdose_error *error)
{
  (void)settings; /* one simulation: nothing to set */
  char *directory = directory_of(path);
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
  char *directory = directory_of(path);
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
  return study_preview_patients(problem, threads, &patients, error)
             ? known_text(report_population_problem(problem, &patients, threads), error)
             : NULL;
}

char *stepdose_check(const stepdose_problem *problem, const stepdose_settings *settings,
                     stepdose_error *error)
{
  run_frame f = {.problem = problem};
  char *shown = apply_seed(&f, settings, error)
                    ? check_problem(f.problem, thread_count(settings), error)
                    : NULL;
  problem_free(f.reseeded);
  return shown;
}

char *stepdose_selftest(const stepdose_settings *settings, bool *passed, stepdose_error *error)
{
  study_checks checks;
  *passed = false;
  if (!study_selftest(thread_count(settings), &checks, error)) {
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
