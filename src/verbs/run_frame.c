/* The frame of a run: see run_frame.h. */
#include "verbs/run_frame.h"

#include "base/allocate.h"
#include "base/file.h"
#include "report/page.h"
#include "study/stratum_count.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

int run_thread_count(const stepdose_settings *settings)
{
  if (settings->threads > 0) {
    return settings->threads;
  }
  long processors = sysconf(_SC_NPROCESSORS_ONLN);
  return processors > 0 ? (int)processors : 1;
}

/* The seed belongs to the problem, so that problem.json says what was run: of the search, or of the
 * virtual patients where there are any. Patients of the verification who already have it, or are of
 * the same set of weights, take the old one: they are never those of the search. */
bool run_frame_reseed(run_frame *f, const stepdose_settings *settings, stepdose_error *error)
{
  char override[64], fresh[64];
  const char *overrides[] = {override, fresh};
  const bool one = f->problem->reference_patient;
  const verification_settings *v = &f->problem->verification;
  const bool exchange = !one && v->patients > 0 &&
                        !population_strangers(f->problem->population, settings->seed, v->seed);
  if (!settings->has_seed ||
      settings->seed == (one ? f->problem->search.seed : f->problem->population_seed)) {
    return true;
  }
  snprintf(override, sizeof override, "%s=%llu", one ? "/search/seed" : "/population/seed",
           (unsigned long long)settings->seed);
  snprintf(fresh, sizeof fresh, "/verification/seed=%llu",
           (unsigned long long)f->problem->population_seed);
  const char *effective = f->problem->effective;
  f->reseeded = problem_read_text(f->problem->path, effective, strlen(effective), overrides,
                                  exchange ? 2 : 1, error);
  f->problem = f->reseeded;
  return f->reseeded != NULL;
}

static bool add_file(text *what, const char *path, stepdose_error *error)
{
  char *bytes = NULL;
  size_t length = 0;
  if (path == NULL) {
    return true;
  }
  if (!file_read(path, (size_t)1 << 24, &bytes, &length, error)) {
    return false;
  }
  text_append(what, "%s\n", path);
  text_append_bytes(what, bytes, length);
  release(bytes);
  return true;
}

/* Two runs are the same if verb, version, problem and given files (for simulate the regimen) are.
 */
static bool identify(run_frame *f, stepdose_error *error)
{
  text what = {0};
  text_append(&what, "%s %s %s\n", f->verb, stepdose_version(), f->problem->hash);
  bool done = add_file(&what, f->input_file, error);
  text_append(&what, "%s", f->input_hash);
  done = done && add_file(&what, f->regimen_file, error);
  if (done && what.failed) {
    done = error_no_memory(error, "identifying the run");
  }
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

void run_frame_close(run_frame *f)
{
  progress_close(f->progress);
  progress_close(f->quiet);
  release(f->directory);
  problem_free(f->reseeded);
}

static bool open_frame(run_frame *f, const stepdose_settings *settings, const char *directory,
                       stepdose_error *error)
{
  f->threads = run_thread_count(settings);
  return run_frame_reseed(f, settings, error) && study_can_count(f->problem, error) &&
         identify(f, error) &&
         name_directory(f, directory, error) && open_progress(f, settings, error);
}

bool run_frame_open(run_frame *f, const char *verb, const stepdose_problem *problem,
                    const char *input_file, const stepdose_settings *settings,
                    const char *directory, stepdose_error *error)
{
  *f = (run_frame){.problem = problem, .verb = verb, .input_file = input_file};
  return open_frame(f, settings, directory, error);
}

/* A run that goes on may read its own problem.json: it is written anew with the same bytes. */
static bool spare_inputs(const run_frame *f, bool overwrite, stepdose_error *error)
{
  return (!overwrite || run_directory_spares(f->directory, f->problem->path, error)) &&
         run_directory_spares(f->directory, f->input_file, error) &&
         run_directory_spares(f->directory, f->regimen_file, error);
}

/* problem.json goes first: a directory that was left in the middle is known by it. */
bool run_frame_claim(run_frame *f, bool overwrite, stepdose_error *error)
{
  const char *effective = f->problem->effective;
  return spare_inputs(f, overwrite, error) &&
         run_directory_claim(f->directory, f->problem, f->identity, overwrite, &f->state, error) &&
         (f->state == RUN_FINISHED ||
          run_directory_write(f->directory, RUN_FILE_PROBLEM, effective, strlen(effective), error));
}

/* Takes the summary in every case. */
stepdose_result *run_result(stepdose_status status, const char *directory, char *summary,
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
  return run_result(status, f->directory, text_take(&shown), error);
}

/* The page is made from the files as they are now on disk. Takes the summary in every case. */
stepdose_result *run_frame_page(const run_frame *f, stepdose_status status, char *summary,
                                stepdose_error *error)
{
  if (!page_write(f->directory, error)) {
    release(summary);
    return NULL;
  }
  return make_run_result(f, status, summary, error);
}

report_run run_frame_describe(const run_frame *f, stepdose_status status, bool finished)
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

stepdose_result *run_frame_finished(const run_frame *f, stepdose_error *error)
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
             : run_frame_page(f, status, summary, error);
}

void run_frame_abandon(const run_frame *f)
{
  if (f->state == RUN_FRESH) {
    run_directory_clear(f->directory, NULL);
  }
}

/* A problem that cannot be simulated is as good as an invalid one: its directory stays free. */
static void leave_unsimulated(const run_frame *f, const stepdose_error *error)
{
  if (error != NULL && error->code == STEPDOSE_SIMULATION_FAILED) {
    run_frame_abandon(f);
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
                     .quiet = f->quiet,
                     .regimen_file = f->regimen_file};
}

/* The journal is closed before the report is written: a lost record is an error, not a footnote. */
static stepdose_result *study_anew(const run_frame *f, const run_study *study,
                                   stepdose_error *error)
{
  search_journal *journal = open_journal(f, error);
  if (journal == NULL) {
    return NULL;
  }
  study_run run = describe_study(f, journal);
  void *made = study->run(f->problem, f->input_file, &run, error);
  bool kept = journal_close(journal, made == NULL ? NULL : error);
  if (made == NULL) {
    leave_unsimulated(f, error);
    return NULL;
  }
  char *summary = NULL;
  stepdose_result *result = NULL;
  report_run told = run_frame_describe(f, study->status(made), !study->cut_short(made));
  if (kept && study->report(&told, made, &summary, error)) {
    result = run_frame_page(f, told.status, summary, error);
  }
  study->free(made);
  return result;
}

stepdose_result *run_study_verb(const run_study *study, const stepdose_problem *problem,
                                const char *input_file, const stepdose_settings *settings,
                                const char *directory, stepdose_error *error)
{
  run_frame f = {.problem = problem,
                 .verb = study->verb,
                 .input_file = input_file,
                 .regimen_file = study->regimen_file};
  stepdose_result *result = NULL;
  if ((study->hash_input == NULL || study->hash_input(input_file, f.input_hash, error)) &&
      open_frame(&f, settings, directory, error) &&
      (study->possible == NULL || study->possible(f.problem, error)) &&
      run_frame_claim(&f, settings->overwrite, error)) {
    result = f.state == RUN_FINISHED ? run_frame_finished(&f, error) : study_anew(&f, study, error);
  }
  run_frame_close(&f);
  return result;
}
