/* The summary of a run that had been finished before. */
#include "base/allocate.h"
#include "report/run_directory.h"

#include <string.h>

static bool summary_unchanged(const study_claims *claims, const char *summary, size_t length)
{
  char hash[HASH_TEXT_SIZE];
  hash_sha256(summary, length, hash);
  for (int i = 0; i < claims->n_files; i++) {
    if (strcmp(claims->file[i].name, run_files[RUN_FILE_SUMMARY].name) == 0) {
      return strcmp(claims->file[i].sha256, hash) == 0;
    }
  }
  return false;
}

char *stored_result_summary(const char *directory, const stored_result *stored,
                            stepdose_error *error)
{
  char *summary = NULL;
  size_t length = 0;
  text out = {0};
  if (!run_directory_read(directory, RUN_FILE_SUMMARY, &summary, &length, error)) {
    return NULL;
  }
  if (!summary_unchanged(&stored->claims, summary, length)) {
    release(summary);
    error_set(error, STEPDOSE_RESULT_INVALID, "run again with --overwrite",
              "summary.txt was changed after the run");
    error_place(error, directory, 0, 0, NULL);
    return NULL;
  }
  text_append(&out, "This run (same problem, seed and version) had been finished before: nothing "
                    "was computed again.\n\n");
  text_append_bytes(&out, summary, length);
  release(summary);
  char *shown = text_take(&out);
  if (shown == NULL) {
    error_no_memory(error, "reading the stored summary");
  }
  return shown;
}
