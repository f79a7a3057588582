/* The public function that compares changes. */
#include "base/allocate.h"
#include "report/page_run.h"
#include "verbs/run_frame.h"

#include <string.h>

static void *run_whatif(const stepdose_problem *problem, const char *input, const study_run *run,
                        stepdose_error *error)
{
  return study_whatif_run(problem, input, run, error);
}

static void free_whatif(void *made) { study_whatif_free(made); }

static stepdose_status whatif_status(const void *made)
{
  return ((const study_whatif *)made)->status;
}

static bool whatif_cut_short(const void *made) { return ((const study_whatif *)made)->cut_short; }

static bool write_whatif(const report_run *run, const void *made, char **summary,
                         stepdose_error *error)
{
  report_run told = *run;
  told.whatif = made;
  told.patients = told.whatif->base->patients;
  return report_whatif(&told, summary, error);
}

/* A path that is no regimen file is a run directory; the caller releases. */
static char *regimen_path(const char *base, stepdose_error *error)
{
  const size_t n = strlen(base);
  const bool is_file =
      (n > 4 && strcmp(base + n - 4, ".csv") == 0) || (n > 5 && strcmp(base + n - 5, ".json") == 0);
  if (!is_file) {
    return page_run_regimen(base, error);
  }
  char *path = allocate_copy(base);
  if (path == NULL) {
    error_no_memory(error, "naming a regimen");
  }
  return path;
}

/* What is refused leaves no directory behind. */
static stepdose_result *compare(const stepdose_problem *problem, const char *changes_file,
                                const char *regimen_file, const stepdose_settings *settings,
                                const char *directory, stepdose_error *error)
{
  const run_study study = {.verb = "whatif",
                           .run = run_whatif,
                           .free = free_whatif,
                           .status = whatif_status,
                           .cut_short = whatif_cut_short,
                           .report = write_whatif,
                           .regimen_file = regimen_file};
  return study_whatif_check(problem, changes_file, regimen_file, error)
             ? run_study_verb(&study, problem, changes_file, settings, directory, error)
             : NULL;
}

stepdose_result *stepdose_whatif(const stepdose_problem *problem, const char *changes_file,
                                 const char *base, const stepdose_settings *settings,
                                 const char *directory, stepdose_error *error)
{
  char *regimen_file = base != NULL ? regimen_path(base, error) : NULL;
  if (base != NULL && regimen_file == NULL) {
    return NULL;
  }
  stepdose_result *result =
      compare(problem, changes_file, regimen_file, settings, directory, error);
  release(regimen_file);
  return result;
}
