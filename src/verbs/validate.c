/* The public function that compares the model with evidence. */
#include "stepdose.h"

#include "base/allocate.h"
#include "base/file.h"
#include "report/validation.h"
#include "verbs/run_frame.h"

/* A table of an earlier run is replaced only where that was asked for. */
static bool spare(const char *path, const stepdose_settings *settings, stepdose_error *error)
{
  if (settings->overwrite || !file_exists(path)) {
    return true;
  }
  error_set(error, STEPDOSE_RUN_EXISTS, "use --overwrite, or another directory",
            "there is a table of an earlier validation");
  error_place(error, path, 0, 0, NULL);
  return false;
}

typedef void write_validation(const study_validation *v, text *out);

static bool write_file(const study_validation *v, write_validation *written, const char *path,
                       stepdose_error *error)
{
  text out = {0};
  written(v, &out);
  const bool done = out.failed ? error_no_memory(error, "writing a validation")
                               : file_write(path, out.bytes, out.length, error);
  text_free(&out);
  return done;
}

/* The table, which tells that a validation is there, comes last. */
static bool write_files(const study_validation *v, const char *directory, const char *table,
                        stepdose_error *error)
{
  char *page = file_join(directory, VALIDATION_PAGE);
  const bool done = page != NULL ? write_file(v, page_validation, page, error) &&
                                       write_file(v, csv_validation, table, error)
                                 : error_no_memory(error, "writing a validation");
  release(page);
  return done;
}

static char *told(const study_validation *v, stepdose_error *error)
{
  char *shown = report_validation(v);
  if (shown == NULL) {
    error_no_memory(error, "describing a validation");
  }
  return shown;
}

static char *validate(const validation_request *request, const char *directory, const char *path,
                      stepdose_error *error)
{
  study_validation *v = study_validate(request, error);
  char *shown = NULL;
  if (v != NULL && (path == NULL || write_files(v, directory, path, error))) {
    shown = told(v, error);
  }
  study_validation_free(v);
  return shown;
}

char *stepdose_validate(const char *evidence_file, int patients, const char *directory,
                        const stepdose_settings *settings, stepdose_error *error)
{
  char *path = directory != NULL ? file_join(directory, VALIDATION_CSV) : NULL;
  progress *watched = progress_open(settings);
  const validation_request request = {.evidence_file = evidence_file,
                                      .patients = patients,
                                      .has_seed = settings->has_seed,
                                      .seed = settings->seed,
                                      .threads = run_thread_count(settings),
                                      .progress = watched};
  char *shown = NULL;
  if (watched == NULL || (directory != NULL && path == NULL)) {
    error_no_memory(error, "validating");
  } else if (path == NULL ||
             (spare(path, settings, error) && file_make_directory(directory, error))) {
    shown = validate(&request, directory, path, error);
  }
  progress_close(watched);
  release(path);
  return shown;
}
