/* Fitted parameters as a file ("stepdose-parameters-1"): what `stepdose calibrate` writes and a
 * problem may name as its "calibration". */
#ifndef PROBLEM_CALIBRATION_H
#define PROBLEM_CALIBRATION_H

#include "problem/evidence.h"

#define CALIBRATION_FORMAT "stepdose-parameters-1"

typedef struct calibrated_parameter {
  char name[PROBLEM_PARAMETER_KEY_SIZE];
  evidence_scale scale;
  double low, high; /* bounds of the fit: draws stay within them */
  double value, sd; /* sd: on the scale, from the covariance */
  int n_targets;
  evidence_target target[EVIDENCE_TARGETS_MAX]; /* as evidence_parameter has them */
} calibrated_parameter;

typedef struct problem_calibration {
  char title[256];
  char evidence[PROBLEM_PATH_SIZE], evidence_hash[HASH_TEXT_SIZE]; /* what it was fitted to */
  int n_parameters;
  calibrated_parameter parameter[EVIDENCE_PARAMETERS_MAX];
  double *covariance; /* (n_parameters x n_parameters) on the scales; owned */
} problem_calibration;

void problem_calibration_free(problem_calibration *c); /* may be NULL */

#endif
