/* How long after a dose cytokine release syndrome begins in the patients of a cohort: what tells
 * how long they are to be watched. */
#ifndef STUDY_COHORT_ONSET_H
#define STUDY_COHORT_ONSET_H

#include "study/cohort_statistics.h"
#include "study/endpoint_rows.h"

/* Hours from the dose to ENDPOINT_ONSET_SHARE of the drive's rise. Each patient counts with the
 * probability that he falls ill after that dose (grade 1 or higher): the need of a hospital stay is
 * the 95th percentile. */
typedef struct cohort_onset {
  int dose;            /* from 1; 0: the course, each onset counted from the last dose before it */
  double ill;          /* patients expected to fall ill, a share of all; of the course: events a
                          patient */
  cohort_figure hours; /* NAN where nobody does */
} cohort_onset;

/* What is kept of all patients: as in cohort_outcome. */
typedef struct onset_table {
  int n_patients, n_rows;
  const double *weight; /* (n_patients) */
  const endpoint_row *row;
  const peak *cell; /* (n_patients x n_rows) */
} onset_table;

/* How many doses have an onset; 0 where the model has no CRS drive. */
int cohort_onset_doses(const onset_table *t);
/* onset (cohort_onset_doses + 1): the course, then by dose. False: no memory. */
bool cohort_onset_of(const onset_table *t, cohort_onset *onset, stepdose_error *error);

#endif
