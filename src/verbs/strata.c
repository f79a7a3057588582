/* The public function of regimens by stratum. */
#include "verbs/run_frame.h"

static void *run_strata(const stepdose_problem *problem, const char *input, const study_run *run,
                        stepdose_error *error)
{
  (void)input;
  return study_strata_run(problem, run, error);
}

static void free_strata(void *made) { study_strata_free(made); }

static stepdose_status strata_status(const void *made)
{
  return ((const study_strata *)made)->status;
}

static bool strata_cut_short(const void *made)
{
  return study_cut_short(((const study_strata *)made)->end);
}

static bool write_strata(const report_run *run, const void *made, char **summary,
                         stepdose_error *error)
{
  report_run told = *run;
  told.strata = made;
  const patients_answer *searched = told.strata->common->patients;
  told.patients = told.strata->judged;
  if (told.patients == NULL && searched != NULL) {
    told.patients = searched->fresh; /* cut short */
  }
  return report_strata(&told, summary, error);
}

stepdose_result *stepdose_strata(const stepdose_problem *problem, const stepdose_settings *settings,
                                 const char *directory, stepdose_error *error)
{
  static const run_study study = {.verb = "strata",
                                  .possible = study_can_strata,
                                  .run = run_strata,
                                  .free = free_strata,
                                  .status = strata_status,
                                  .cut_short = strata_cut_short,
                                  .report = write_strata};
  return run_study_verb(&study, problem, NULL, settings, directory, error);
}
