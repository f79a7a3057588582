/* Weights of patients that make a population agree with published figures, changing it as little as
 * possible (maximum entropy; population as prior). */
#ifndef POPULATION_WEIGHTS_H
#define POPULATION_WEIGHTS_H

#include "base/error.h"

enum { WEIGHTS_TARGETS_MAX = 64 };

/* The weighted mean of values[., k] is to become target[k]. A share is the mean of an indicator: 1
 * for a patient below the published quantile, else 0. Borrowed. */
typedef struct weights_request {
  int n_patients, n_targets;
  const double *values; /* (n_patients x n_targets) */
  const double *target; /* (n_targets) */
  const double *prior;  /* (n_patients), >= 0; NULL: all equal */
  double ridge;         /* > 0; the larger, the more even the weights and the larger the errors */
} weights_request;

typedef struct weights_report {
  int iterations;
  double error_before, error_after; /* largest |weighted mean - target| */
  double effective_size;            /* patients that the weights are worth */
} weights_report;

/* weights (n_patients): sum 1. False: a target that is not finite, no patient with a prior, or the
 * iteration does not converge. */
bool weights_match(const weights_request *request, double *weights, weights_report *report,
                   stepdose_error *error);

/* Kish: (sum w)^2 / sum w^2; 0 where all are 0. */
double weights_effective_size(int n, const double *weights);

#endif
