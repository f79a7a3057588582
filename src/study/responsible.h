/* Which virtual patients break a limit, and in what they differ from the others. */
#ifndef STUDY_RESPONSIBLE_H
#define STUDY_RESPONSIBLE_H

#include "study/cohort_study.h"

enum { RESPONSIBLE_NAMED = 20, RESPONSIBLE_COVARIATES = 3 };

typedef struct responsible_covariate {
  int covariate;         /* index into quantity of the population's description */
  double theirs, others; /* medians */
  /* Share of the pairs of one of them and one of the others in which his value is the larger one,
   * less the share in which it is the smaller one (Cliff's delta): -1 .. 1. */
  double difference;
} responsible_covariate;

typedef struct responsible_patients {
  int limit;
  int window;                   /* the one with the largest margin, as in cohort_risk */
  long count, of;               /* patients whose own value is beyond the bound, or who cannot be
                                   simulated; of those whom the limit counts */
  int n_named;                  /* of them, */
  int named[RESPONSIBLE_NAMED]; /* the first, from 1 on */
  int n_covariates;             /* 0: they are nobody or everybody, or differ in nothing */
  responsible_covariate covariate[RESPONSIBLE_COVARIATES]; /* by the size of the difference */
} responsible_patients;

/* Of outcome o of c, by its risk with the largest margin of limit k. All counts are 0 where the
 * limit has no risk. Patients count by their weights in medians and pairs. Of covariates that are
 * monotone functions of each other the first one stands for all. False: no memory. */
bool responsible_patients_find(const cohort_study *c, const cohort_outcome *o, int k,
                               responsible_patients *out, stepdose_error *error);

#endif
