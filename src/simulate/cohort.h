/* The inner loop of everything: these regimens, these patients. Simulations stream through the
 * lanes of every thread; results are stored by index and a patient's result does not depend on who
 * runs beside it: the same bits for any number of threads and any order. */
#ifndef SIMULATE_COHORT_H
#define SIMULATE_COHORT_H

#include "simulate/stream.h"

/* Patients prepared for simulation: constant, shared by threads. */
typedef struct cohort cohort;

/* parameters (n_patients x n_parameters), copied. NULL: *error names the patient whose parameters
 * make no sense. */
cohort *cohort_open(const model *m, int n_patients, const double *parameters,
                    stepdose_error *error);
void cohort_close(cohort *c);
int cohort_patients(const cohort *c);
const double *cohort_parameters(const cohort *c, int patient); /* (n_parameters) */
const double *cohort_derived(const cohort *c, int patient);    /* (n_derived) */

/* Threads and their scratch, for one model. */
typedef struct cohort_engine cohort_engine;

/* threads: 0 is one per processor. lanes: 1, 2, 4, 8, or 0 for the widest that this processor runs.
 */
cohort_engine *cohort_engine_open(const model *m, int threads, int lanes, stepdose_error *error);
void cohort_engine_close(cohort_engine *e);
int cohort_engine_lanes(const cohort_engine *e);
int cohort_engine_threads(const cohort_engine *e);

typedef struct cohort_report {
  long simulations, failures;
  long first_failed; /* index of the first failed simulation in the order of the results, or -1 */
  stepdose_error first_error;
} cohort_report;

/* What all simulations of a call have in common. Borrowed. */
typedef struct cohort_call {
  const endpoint_request *request;
  const simulate_settings *settings;
  const volatile int *stop; /* ends the call when not 0; may be NULL */
} cohort_call;

/* Patients first .. first+count-1 under every regimen. result, failed (n_regimens x n_patients of
 * the cohort: only the columns of those patients are written); a failed simulation leaves its
 * result undefined. No allocation. False: the call was stopped (LIMIT_REACHED). */
bool cohort_run(cohort_engine *e, const cohort *c, int first, int count, int n_regimens,
                const schedule *regimens, const cohort_call *call, endpoints *result, bool *failed,
                cohort_report *report, stepdose_error *error);

/* Any list of simulations: task i fills tasks[i].result and failed[i]. linked > 1: each `linked`
 * consecutive tasks share their steps (linked <= cohort_engine_lanes); the last of them may be
 * fewer. */
bool cohort_run_tasks(cohort_engine *e, long n, const stream_task *tasks, int linked,
                      const cohort_call *call, bool *failed, cohort_report *report,
                      stepdose_error *error);

#endif
