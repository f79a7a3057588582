/* One case of evidence with its patients: drawn, simulated, and read row by row. Part of
 * evidence_predict.c. */
#ifndef STUDY_EVIDENCE_RUN_H
#define STUDY_EVIDENCE_RUN_H

#include "problem/evidence.h"
#include "simulate/cohort.h"

/* IL-6 of a mean over days is read at least this often. */
#define EVIDENCE_READ_EVERY_DAYS 0.05

typedef struct evidence_run {
  const evidence *e;
  int of_case; /* index into e->cases */
  const evidence_case *c;
  cohort_engine *engine; /* borrowed */
  uint64_t seed;
  int n_patients;                     /* virtual patients, 0 where no row needs them; the reference
                                         patient stands behind them, */
  bool with_reference;                /* if a row needs him */
  population_description *population; /* with the values of the parameters; NULL: none */
  double *drawn;                      /* (all x n_parameters) as asked for; the rest is of */
  double *parameters;                 /* (all x n_parameters) what was simulated */
  double *derived;                    /* (all x n_derived) */
  double *weight, *old_weight;        /* (all): 0 where implausible */
  bool *failed;                       /* (all): could not be simulated */
  endpoints *result;                  /* (all) */
  int n_days;
  double *day;   /* (n_days) read, increasing */
  double *value; /* (all x n_days x n_outputs) */
  /* scratch */
  stream_task *task;
  trajectory *samples;
  int *member;
  bool *task_failed;
  bool *only_crs; /* (n_parameters): coefficients of the probability, which no simulation reads */
  bool simulated;
  stepdose_error first_error; /* of a patient who could not be simulated; code OK: none */
} evidence_run;

/* Everything is borrowed; *run is zeroed. The caller closes, also after a failure. */
bool evidence_run_open(evidence_run *run, const evidence *e, int of_case, cohort_engine *engine,
                       uint64_t seed, stepdose_error *error);
void evidence_run_close(evidence_run *run);

/* values as in evidence_predictor_run. *anew: the patients had to be simulated. */
bool evidence_run_simulate(evidence_run *run, const double *values, bool *anew,
                           stepdose_error *error);

int evidence_run_all(const evidence_run *run); /* patients, the reference patient included */
long evidence_run_failures(const evidence_run *run);

/* Days on which a row of EVIDENCE_ON_DAY or EVIDENCE_OVER_DAYS is read: how many, and which. */
int evidence_readings(const evidence_row *row);
double evidence_reading_day(const evidence_row *row, int reading);

/* evidence_value.c: the number of a row in one patient; NAN where he was not simulated. */
double evidence_run_value(const evidence_run *run, const evidence_row *row, int patient);

#endif
