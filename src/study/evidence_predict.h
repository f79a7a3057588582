/* What the model says of every row of evidence.
 *
 *     evidence_predictor *p = evidence_predictor_open(e, &settings, &error);
 *     evidence_predictor_run(p, values, predicted, &error);        as often as wanted
 *     evidence_predictor_close(p);
 *
 * Cases whose patients do not change from one call to the next are not simulated again: changing
 * the anchor of one molecule costs the cases of that molecule, changing coefficients of CRS none.
 * What comes out does not depend on what was asked before, nor on the number of threads. Peaks and
 * CRS count until the tumour has progressed (simulate.h), as they do in risks. */
#ifndef STUDY_EVIDENCE_PREDICT_H
#define STUDY_EVIDENCE_PREDICT_H

#include "base/progress.h"
#include "problem/evidence.h"

typedef struct evidence_predictor evidence_predictor;

typedef struct evidence_predictor_settings {
  int threads;   /* 0: one per processor */
  bool has_seed; /* replaces the seed of the patients of every case */
  uint64_t seed;
  const bool *case_used; /* (n_cases): other cases are not simulated; NULL: all */
  progress *progress;    /* may be NULL */
} evidence_predictor_settings;

/* A row predicted. Patients who cannot be simulated do not count, and `failures` tells how many. */
typedef struct evidence_prediction {
  double value;     /* in the unit of the endpoint; NAN: of no patient, or the case is not used */
  double se;        /* standard error over the patients on the row's scale, as if they were drawn at
                       random (Sobol points do better); 0 of the reference patient; NAN: unknown */
  double low, high; /* 95 % interval: value -+ 1.96 se of a mean; of a quantile between its order
                       statistics */
  int patients;     /* behind the value: 1 of the reference patient */
  long failures;    /* patients of the case (and of the row that it is a ratio to) */
} evidence_prediction;

/* Borrows the evidence, which is not changed. NULL: *error. */
evidence_predictor *evidence_predictor_open(const evidence *e,
                                            const evidence_predictor_settings *settings,
                                            stepdose_error *error);
void evidence_predictor_close(evidence_predictor *p);

/* values (n_parameters): in the unit of each parameter; NAN leaves a number as the files have it;
 * NULL: all of them. out (n_rows). What the model does not accept counts as failures, not as an
 * error. False: stopped by the user (LIMIT_REACHED), or no memory. */
bool evidence_predictor_run(evidence_predictor *p, const double *values, evidence_prediction *out,
                            stepdose_error *error);

/* How far a prediction lies from the observation on the row's scale, with its sign; 0 on the right
 * side of a bound. NAN: not predicted. */
double evidence_error(const evidence_row *row, const evidence_prediction *predicted);

/* Why the first patient of the last run could not be simulated; NULL: all were. */
const stepdose_error *evidence_predictor_failure(const evidence_predictor *p);

/* Cases simulated since the predictor was opened, for tests and for the log. */
long evidence_predictor_simulated(const evidence_predictor *p);

#endif
