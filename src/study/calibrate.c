/* A calibration: from evidence to a fit, and its predictions. See calibrate.h. */
#include "study/calibrate.h"

#include "base/allocate.h"
#include "base/error.h"
#include "study/calibrate_evaluate.h"

#include <math.h>
#include <string.h>

/* --- from evidence to a fit --------------------------------------------------------------------
 */

static fit_scale scale_of(evidence_scale scale)
{
  return scale == EVIDENCE_LOG10 ? FIT_SCALE_LOG10 : FIT_SCALE_LINEAR;
}

static void describe_parameters(study_calibration *c)
{
  for (int j = 0; j < c->evidence->n_parameters; j++) {
    const evidence_parameter *p = &c->evidence->parameters[j];
    c->parameter[j] = (fit_parameter){.name = p->name,
                                      .scale = scale_of(p->scale),
                                      .start = evidence_shipped(c->evidence, j),
                                      .low = p->low,
                                      .high = p->high,
                                      .prior = p->has_prior ? p->prior_mean : 0,
                                      .prior_sd = p->has_prior ? p->prior_sd : 0};
  }
}

/* A share of patients is binomial where it was counted; bounds and ratios are not counts. */
static bool is_count(const evidence *e, const evidence_row *row)
{
  evidence_row below;
  return row->n > 0 && row->bound == EVIDENCE_EQUAL && !evidence_divisor(e, row, &below);
}

static fit_row describe_row(const evidence *e, const evidence_row *row, int drug)
{
  static const fit_law laws[EVIDENCE_BOUND_COUNT] = {[EVIDENCE_EQUAL] = FIT_LAW_NORMAL,
                                                     [EVIDENCE_AT_MOST] = FIT_LAW_AT_MOST,
                                                     [EVIDENCE_AT_LEAST] = FIT_LAW_AT_LEAST};
  return (fit_row){.law = is_count(e, row) ? FIT_LAW_BINOMIAL : laws[row->bound],
                   .scale = scale_of(row->scale),
                   .observed = row->observed,
                   .sd = row->sd,
                   .n = (double)row->n,
                   .weight = 1,
                   .group = drug};
}

static int drug_of(study_calibration *c, const char *name)
{
  for (int i = 0; i < c->n_drugs; i++) {
    if (strcmp(c->drug[i], name) == 0) {
      return i;
    }
  }
  if (c->n_drugs == FIT_GROUPS_MAX) {
    return -1;
  }
  c->drug[c->n_drugs] = name;
  return c->n_drugs++;
}

static void describe_rows(study_calibration *c)
{
  for (int i = 0; i < c->evidence->n_rows; i++) {
    const evidence_row *row = &c->evidence->rows[i];
    if (row->use == EVIDENCE_FIT) {
      c->drug_of[c->n_fitted] = drug_of(c, row->drug);
      c->row[c->n_fitted] = describe_row(c->evidence, row, c->drug_of[c->n_fitted]);
      c->fitted[c->n_fitted++] = i;
    }
  }
}

static bool can_be_fitted(const study_calibration *c, stepdose_error *error)
{
  const evidence *e = c->evidence;
  bool done = true;
  if (e->n_parameters == 0) {
    done = error_set(error, STEPDOSE_MISSING_KEY, "declare in \"parameters\" what may be fitted",
                     "the evidence declares no parameter");
  } else if (c->n_fitted == 0) {
    done = error_set(error, STEPDOSE_CONTRADICTION, "give some rows \"use\": \"fit\"",
                     "no row of the evidence may be fitted to");
  }
  if (!done) {
    error_place(error, e->path, 0, 0, c->n_fitted == 0 ? "/rows" : "/parameters");
  }
  return done;
}

static study_calibration *open_calibration(const stepdose_problem *problem,
                                           const char *evidence_file, stepdose_error *error)
{
  study_calibration *c = allocate_zeroed(1, sizeof *c);
  if (c == NULL) {
    error_no_memory(error, "starting a calibration");
    return NULL;
  }
  c->problem = problem;
  c->seed = problem->search.seed;
  c->has_patient_seed = !problem->reference_patient;
  c->evidence =
      evidence_read(evidence_file, problem->reference_patient ? 0 : problem->patients, error);
  if (c->evidence != NULL) {
    describe_parameters(c);
    describe_rows(c);
  }
  if (c->evidence == NULL || !can_be_fitted(c, error)) {
    study_calibration_free(c);
    return NULL;
  }
  return c;
}

void study_calibration_free(study_calibration *c)
{
  if (c != NULL) {
    fit_outcome_free(&c->fit);
    evidence_free(c->evidence);
    release(c);
  }
}

/* --- fitting -----------------------------------------------------------------------------------
 */

static bool run_fit(study_calibration *c, const study_run *run, stepdose_error *error)
{
  calibrate_evaluation *evaluation = calibrate_evaluation_open(c, run, error);
  const int others = c->problem->search.starts - 1;
  const fit_task task = {.n_parameters = c->evidence->n_parameters,
                         .n_rows = c->n_fitted,
                         .n_groups = c->n_drugs,
                         .parameter = c->parameter,
                         .row = c->row,
                         .evaluate = calibrate_evaluate,
                         .context = evaluation,
                         .batch = 1,
                         .seed = c->seed,
                         .screened = others > 0 ? CALIBRATE_SCREENED : 0,
                         .starts = others,
                         .evaluations_max = c->problem->search.evaluations_max,
                         .seconds_max = 60 * c->problem->search.minutes_max,
                         .difference = CALIBRATE_DIFFERENCE,
                         .tolerance = CALIBRATE_TOLERANCE,
                         .profiles = true,
                         .leave_out = c->n_drugs > 1,
                         .progress = run->progress};
  const bool done = evaluation != NULL && fit_run(&task, &c->fit, error);
  calibrate_evaluation_close(evaluation);
  c->status =
      c->fit.end == SEARCH_END_CONVERGED ? STEPDOSE_STATUS_CALIBRATED : STEPDOSE_STATUS_INTERRUPTED;
  return done;
}

/* Every row, also of cases that only check, before and after. */
static bool predict_all(study_calibration *c, const study_run *run, stepdose_error *error)
{
  double value[EVIDENCE_PARAMETERS_MAX];
  const evidence_predictor_settings settings = calibrate_predictor_settings(c, run->threads, NULL);
  evidence_predictor *p = evidence_predictor_open(c->evidence, &settings, error);
  for (int j = 0; j < c->fit.n_parameters; j++) {
    value[j] = c->fit.estimate[j].value;
  }
  const bool done = p != NULL && evidence_predictor_run(p, NULL, c->before, error) &&
                    evidence_predictor_run(p, value, c->after, error);
  evidence_predictor_close(p);
  return done;
}

study_calibration *study_calibrate(const stepdose_problem *problem, const char *evidence_file,
                                   const study_run *run, stepdose_error *error)
{
  study_calibration *c = open_calibration(problem, evidence_file, error);
  if (c != NULL &&
      !(run_fit(c, run, error) && calibrate_warn_grades(c, error) && predict_all(c, run, error))) {
    study_calibration_free(c);
    return NULL;
  }
  return c;
}
