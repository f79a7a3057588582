/* What the fit of a calibration evaluates: the predictor of the cases that are fitted, with the
 * run's journal in front of it. */
#ifndef STUDY_CALIBRATE_EVALUATE_H
#define STUDY_CALIBRATE_EVALUATE_H

#include "study/calibrate.h"

typedef struct calibrate_evaluation calibrate_evaluation;

/* Borrows both. NULL: *error. */
calibrate_evaluation *calibrate_evaluation_open(const study_calibration *c, const study_run *run,
                                                stepdose_error *error);
void calibrate_evaluation_close(calibrate_evaluation *e);

/* A batch_evaluate; context: a calibrate_evaluation. */
bool calibrate_evaluate(void *context, long n, const double *points, double *values, bool *failed,
                        stepdose_error *error);

/* case_used (n_cases), borrowed; NULL: all of them. */
evidence_predictor_settings calibrate_predictor_settings(const study_calibration *c, int threads,
                                                         const bool *case_used);

#endif
