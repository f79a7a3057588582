/* The public function that simulates one given regimen. */
#include "verbs/run_frame.h"

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
