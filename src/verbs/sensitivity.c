/* The public function that asks what moves the outputs. */
#include "verbs/run_frame.h"

static stepdose_result *report_analysis(const run_frame *f, const study_simulation *of,
                                        const sensitivity_study *s, stepdose_error *error)
{
  char *summary = NULL;
  report_run run = run_frame_describe(f, s->status, s->status != STEPDOSE_STATUS_INTERRUPTED);
  run.patients = of->patients;
  run.sensitivity = s;
  return report_sensitivity(&run, of, &summary, error)
             ? run_frame_page(f, run.status, summary, error)
             : NULL;
}

/* Who stops before there is anything to tell finds the directory as it was. */
static stepdose_result *analyse_anew(const run_frame *f, study_simulation *of, sensitivity_study *s,
                                     const sensitivity_request *request, stepdose_error *error)
{
  if (!study_simulate_patients(of, f->threads, f->progress, error) ||
      !sensitivity_study_run(s, request, error)) {
    run_frame_abandon(f);
    return NULL;
  }
  return report_analysis(f, of, s, error);
}

/* As with simulate, nothing is written for a regimen, an input or an output that is refused. */
stepdose_result *stepdose_sensitivity(const stepdose_problem *problem, const char *regimen_file,
                                      const stepdose_settings *settings, const char *directory,
                                      stepdose_error *error)
{
  run_frame f;
  study_simulation *of = NULL;
  sensitivity_study *s = NULL;
  sensitivity_request request = {0};
  stepdose_result *result = NULL;
  if (run_frame_open(&f, "sensitivity", problem, regimen_file, settings, directory, error)) {
    of = study_simulate(f.problem, regimen_file, error);
  }
  if (of != NULL) {
    request = (sensitivity_request){f.problem, &of->doses, f.threads, f.progress};
    s = sensitivity_study_open(&request, error);
  }
  if (s != NULL && run_frame_claim(&f, settings->overwrite, error)) {
    result = f.state == RUN_FINISHED ? run_frame_finished(&f, error)
                                     : analyse_anew(&f, of, s, &request, error);
  }
  sensitivity_study_free(s);
  study_simulation_free(of);
  run_frame_close(&f);
  return result;
}
