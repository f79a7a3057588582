/* The public function that searches the best regimen of each molecule. */
#include "verbs/run_frame.h"

#include "base/error.h"

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
