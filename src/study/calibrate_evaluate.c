/* Evaluations of a calibration. In the journal a point stands as several records, each of so many
 * numbers as fit into one; their branch tells them apart. */
#include "study/calibrate_evaluate.h"

#include "base/allocate.h"
#include "base/error.h"

#include <math.h>
#include <string.h>

struct calibrate_evaluation {
  const study_calibration *c;
  search_journal *journal; /* NULL: none */
  evidence_predictor *predictor;
  bool case_used[EVIDENCE_CASES_MAX];
  evidence_prediction found[EVIDENCE_ROWS_MAX];
};

evidence_predictor_settings calibrate_predictor_settings(const study_calibration *c, int threads,
                                                         const bool *case_used)
{
  return (evidence_predictor_settings){.threads = threads,
                                       .has_seed = c->has_patient_seed,
                                       .seed = c->problem->population_seed,
                                       .case_used = case_used};
}

/* A ratio needs the other case too. */
static void mark_cases(calibrate_evaluation *e)
{
  const evidence *of = e->c->evidence;
  for (int i = 0; i < e->c->n_fitted; i++) {
    const evidence_row *row = &of->rows[e->c->fitted[i]];
    evidence_row below;
    e->case_used[row->of_case] = true;
    if (evidence_divisor(of, row, &below)) {
      e->case_used[below.of_case] = true;
    }
  }
}

calibrate_evaluation *calibrate_evaluation_open(const study_calibration *c, const study_run *run,
                                                stepdose_error *error)
{
  calibrate_evaluation *e = allocate_zeroed(1, sizeof *e);
  if (e == NULL) {
    error_no_memory(error, "starting a calibration");
    return NULL;
  }
  e->c = c;
  e->journal = c->evidence->n_parameters <= SEARCH_VARIABLES_MAX ? run->journal : NULL;
  mark_cases(e);
  const evidence_predictor_settings settings =
      calibrate_predictor_settings(c, run->threads, e->case_used);
  e->predictor = evidence_predictor_open(c->evidence, &settings, error);
  if (e->predictor == NULL) {
    calibrate_evaluation_close(e);
    return NULL;
  }
  return e;
}

void calibrate_evaluation_close(calibrate_evaluation *e)
{
  if (e != NULL) {
    evidence_predictor_close(e->predictor);
    release(e);
  }
}

/* --- the journal -------------------------------------------------------------------------------
 */

static int numbers_of(const calibrate_evaluation *e) { return 2 * e->c->n_fitted; }

/* Length of the part of `values` that record `k` holds. */
static int part_of(const calibrate_evaluation *e, int k)
{
  const int left = numbers_of(e) - k * SEARCH_CONSTRAINTS_MAX;
  return left < SEARCH_CONSTRAINTS_MAX ? left : SEARCH_CONSTRAINTS_MAX;
}

static bool recall(const calibrate_evaluation *e, const double *point, double *values)
{
  double unused = 0;
  bool failed = false, found = e->journal != NULL;
  for (int k = 0; found && part_of(e, k) > 0; k++) {
    found = journal_find(e->journal, k, e->c->evidence->n_parameters, point, part_of(e, k), &unused,
                         values + k * SEARCH_CONSTRAINTS_MAX, &failed);
  }
  return found;
}

static void remember(const calibrate_evaluation *e, const double *point, const double *values)
{
  for (int k = 0; e->journal != NULL && part_of(e, k) > 0; k++) {
    journal_add(e->journal, k, e->c->evidence->n_parameters, point, part_of(e, k), 0,
                values + k * SEARCH_CONSTRAINTS_MAX, false);
  }
}

/* --- a point -----------------------------------------------------------------------------------
 */

/* A ratio is one of the same patients under two regimens: what they have by chance cancels, and how
 * far it does not is part of the row's own deviation. */
static double error_of(const evidence *e, const evidence_row *row, const evidence_prediction *p)
{
  evidence_row below;
  return isfinite(p->se) && !evidence_divisor(e, row, &below) ? p->se : 0;
}

/* Predictions, then their standard errors; false: the predictor could not go on. */
static bool predict(calibrate_evaluation *e, const double *point, double *values,
                    stepdose_error *error)
{
  const study_calibration *c = e->c;
  if (!evidence_predictor_run(e->predictor, point, e->found, error)) {
    return false;
  }
  for (int i = 0; i < c->n_fitted; i++) {
    const evidence_prediction *p = &e->found[c->fitted[i]];
    values[i] = p->value;
    values[c->n_fitted + i] = error_of(c->evidence, &c->evidence->rows[c->fitted[i]], p);
  }
  return true;
}

bool calibrate_evaluate(void *context, long n, const double *points, double *values, bool *failed,
                        stepdose_error *error)
{
  calibrate_evaluation *e = context;
  (void)failed; /* what could not be simulated is no number */
  for (long i = 0; i < n; i++) {
    const double *point = points + i * e->c->evidence->n_parameters;
    double *at = values + i * numbers_of(e);
    if (!recall(e, point, at)) {
      if (!predict(e, point, at, error)) {
        return false;
      }
      remember(e, point, at);
    }
  }
  return true;
}
