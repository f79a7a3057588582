/* The public function that fits parameters to evidence. */
#include "stepdose.h"

#include "study/calibrate.h"
#include "verbs/run_frame.h"

#include <string.h>

/* Molecules and patients of the cases are as much a part of the run as the evidence itself. */
static bool hash_evidence(const char *input, char hash[HASH_TEXT_SIZE], stepdose_error *error)
{
  evidence *e = evidence_read(input, 0, error);
  if (e != NULL) {
    memcpy(hash, e->hash, sizeof e->hash);
  }
  evidence_free(e);
  return e != NULL;
}

static void *run_calibration(const stepdose_problem *problem, const char *input,
                             const study_run *run, stepdose_error *error)
{
  return study_calibrate(problem, input, run, error);
}

static void free_calibration(void *made) { study_calibration_free(made); }

static stepdose_status calibration_status(const void *made)
{
  return ((const study_calibration *)made)->status;
}

static bool calibration_cut_short(const void *made)
{
  return study_cut_short(((const study_calibration *)made)->fit.end);
}

static bool write_calibration(const report_run *run, const void *made, char **summary,
                              stepdose_error *error)
{
  report_run told = *run;
  told.calibration = made;
  return report_calibration(&told, summary, error);
}

stepdose_result *stepdose_calibrate(const stepdose_problem *problem, const char *evidence_file,
                                    const stepdose_settings *settings, const char *directory,
                                    stepdose_error *error)
{
  static const run_study study = {.verb = "calibrate",
                                  .run = run_calibration,
                                  .free = free_calibration,
                                  .status = calibration_status,
                                  .cut_short = calibration_cut_short,
                                  .report = write_calibration,
                                  .hash_input = hash_evidence};
  return run_study_verb(&study, problem, evidence_file, settings, directory, error);
}
