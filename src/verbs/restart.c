/* The public function of rules after a missed dose. */
#include "verbs/run_frame.h"

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
  if (s != NULL && study_restart_check(f.problem, &s->doses, error) &&
      run_frame_claim(&f, settings->overwrite, error)) {
    result = f.state == RUN_FINISHED ? run_frame_finished(&f, error) : restart_anew(&f, s, error);
  }
  study_simulation_free(s);
  run_frame_close(&f);
  return result;
}
