/* Predicts and judges the rows of an evidence file: see validate.h. */
#include "study/validate.h"

#include "base/allocate.h"

#include <math.h>
#include <stdio.h>

const char *const validation_words[VALIDATION_VERDICT_COUNT] = {
#define X(id, word) word,
    VALIDATION_VERDICTS(X)
#undef X
};

static bool predict(study_validation *v, const validation_request *request, stepdose_error *error)
{
  const evidence_predictor_settings settings = {.threads = request->threads,
                                                .has_seed = request->has_seed,
                                                .seed = request->seed,
                                                .progress = request->progress};
  evidence_predictor *p = evidence_predictor_open(v->evidence, &settings, error);
  const bool done = p != NULL && evidence_predictor_run(p, NULL, v->predicted, error);
  const stepdose_error *failure = done ? evidence_predictor_failure(p) : NULL;
  snprintf(v->failure, sizeof v->failure, "%s", failure != NULL ? failure->message : "");
  evidence_predictor_close(p);
  return done;
}

study_validation *study_validate(const validation_request *request, stepdose_error *error)
{
  study_validation *v = allocate_zeroed(1, sizeof *v);
  if (v == NULL) {
    error_no_memory(error, "validating");
    return NULL;
  }
  v->evidence = evidence_read(request->evidence_file, request->patients, error);
  v->predicted = allocate_zeroed(EVIDENCE_ROWS_MAX, sizeof *v->predicted);
  bool done = v->evidence != NULL;
  if (done && v->predicted == NULL) {
    done = error_no_memory(error, "validating");
  }
  if (!done || !predict(v, request, error)) {
    study_validation_free(v);
    return NULL;
  }
  return v;
}

void study_validation_free(study_validation *v)
{
  if (v != NULL) {
    evidence_free(v->evidence);
    release(v->predicted);
    release(v);
  }
}

validation_verdict validation_judge(const evidence_row *row, const evidence_prediction *p)
{
  return isnan(p->value)        ? VALIDATION_UNKNOWN
         : p->value < row->low  ? VALIDATION_BELOW
         : p->value > row->high ? VALIDATION_ABOVE
                                : VALIDATION_WITHIN;
}

bool validation_asks(const evidence_row *row) { return !isnan(row->asked); }

/* Of decimal numbers in files. */
static const double rounding = 1e-12;

bool validation_meets(const evidence_row *row, const evidence_prediction *p)
{
  return fabs(evidence_error(row, p)) <= row->asked + rounding; /* false where it is no number */
}

validation_count validation_count_of(const study_validation *v, evidence_use use)
{
  validation_count count = {0};
  for (int i = 0; i < v->evidence->n_rows; i++) {
    const evidence_row *row = &v->evidence->rows[i];
    if (row->use == use) {
      count.rows++;
      count.within += validation_judge(row, &v->predicted[i]) == VALIDATION_WITHIN;
    }
  }
  return count;
}

validation_count validation_count_asked(const study_validation *v)
{
  validation_count count = {0};
  for (int i = 0; i < v->evidence->n_rows; i++) {
    const evidence_row *row = &v->evidence->rows[i];
    count.rows += validation_asks(row);
    count.within += validation_asks(row) && validation_meets(row, &v->predicted[i]);
  }
  return count;
}
