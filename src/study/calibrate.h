/* Fits the parameters that an evidence file declares to its rows of use "fit", and says how sure
 * they are and how the fit does on every drug that it has not seen. */
#ifndef STUDY_CALIBRATE_H
#define STUDY_CALIBRATE_H

#include "optimize/fit.h"
#include "study/evidence_predict.h"
#include "study/propose.h"

/* Differences of slopes, as a share of the range of a parameter: well above the errors of the
 * integrator; and gain of the objective at which a search ends. */
#define CALIBRATE_DIFFERENCE 2e-3
#define CALIBRATE_TOLERANCE 1e-3

enum { CALIBRATE_SCREENED = 64 /* points, where there is a start besides the shipped values */ };

typedef struct study_calibration {
  const stepdose_problem *problem; /* borrowed: seeds, patients, starts and evaluations are its */
  evidence *evidence;              /* owned */
  stepdose_status status;          /* CALIBRATED, INTERRUPTED */
  uint64_t seed;                   /* of the starts */
  bool has_patient_seed;           /* patients of every case have the problem's seed */
  int n_fitted;                    /* rows of use "fit" */
  int fitted[EVIDENCE_ROWS_MAX];   /* (n_fitted) their index in the evidence */
  int n_drugs;                     /* of the fitted rows */
  const char *drug[FIT_GROUPS_MAX];
  int drug_of[EVIDENCE_ROWS_MAX];                   /* (n_fitted) index of the drug */
  fit_parameter parameter[EVIDENCE_PARAMETERS_MAX]; /* (fit.n_parameters) start: as shipped */
  fit_row row[EVIDENCE_ROWS_MAX];                   /* (n_fitted) */
  fit_outcome fit;
  evidence_prediction before[EVIDENCE_ROWS_MAX]; /* (evidence->n_rows) with the shipped values */
  evidence_prediction after[EVIDENCE_ROWS_MAX];  /* with the fitted values */
} study_calibration;

/* Whether the evidence can be fitted at all: is told when it is read. Everything is borrowed.
 * Starts are problem->search.starts, the shipped values being the first; no more evaluations than
 * search.evaluations_max; the patients of every case are as many as the problem has, and have its
 * seed, unless it is about the reference patient. NULL: *error. */
study_calibration *study_calibrate(const stepdose_problem *problem, const char *evidence_file,
                                   const study_run *run, stepdose_error *error);
void study_calibration_free(study_calibration *c);

/* calibrate_grades.c: warns where the fitted values make a grade of CRS more probable than the one
 * below. False: no memory. */
bool calibrate_warn_grades(study_calibration *c, stepdose_error *error);

#endif
