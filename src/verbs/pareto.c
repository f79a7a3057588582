/* The public function of the front between goals. */
#include "verbs/run_frame.h"

static void *run_pareto(const stepdose_problem *problem, const char *input, const study_run *run,
                        stepdose_error *error)
{
  (void)input;
  return study_pareto_run(problem, run, error);
}

static void free_pareto(void *made) { study_pareto_free(made); }

static stepdose_status pareto_status(const void *made)
{
  return ((const study_pareto *)made)->status;
}

static bool pareto_cut_short(const void *made)
{
  return study_cut_short(((const study_pareto *)made)->end);
}

static bool write_pareto(const report_run *run, const void *made, char **summary,
                         stepdose_error *error)
{
  report_run told = *run;
  told.front = made;
  told.patients = told.front->patients;
  return report_front(&told, summary, error);
}

stepdose_result *stepdose_pareto(const stepdose_problem *problem, const stepdose_settings *settings,
                                 const char *directory, stepdose_error *error)
{
  static const run_study study = {.verb = "pareto",
                                  .possible = study_can_pareto,
                                  .run = run_pareto,
                                  .free = free_pareto,
                                  .status = pareto_status,
                                  .cut_short = pareto_cut_short,
                                  .report = write_pareto};
  return run_study_verb(&study, problem, NULL, settings, directory, error);
}
