/* One candidate in all virtual patients of a problem: always the same patients (common random
 * numbers), so that two candidates differ by themselves and not by who was drawn. */
#ifndef OPTIMIZE_EVALUATE_COHORT_H
#define OPTIMIZE_EVALUATE_COHORT_H

#include "objectives/risk.h"
#include "population/population.h"
#include "simulate/cohort.h"

/* More than this share of patients who cannot be simulated fails the candidate. Fewer count as
 * beyond every limit, and as the worst of the others for the goal. */
#define COHORT_FAILURES_ALLOWED 0.05

typedef struct cohort_evaluation cohort_evaluation;

/* Draws the problem's patients (problem->patients of problem->population_seed). n_workers: threads
 * that may evaluate at once, each a candidate of its own. NULL: *error. */
cohort_evaluation *cohort_evaluation_open(const stepdose_problem *problem, int n_workers,
                                          stepdose_error *error);
void cohort_evaluation_close(cohort_evaluation *c);

int cohort_evaluation_patients(const cohort_evaluation *c);
const double *cohort_evaluation_weights(const cohort_evaluation *c); /* (patients) */
/* (patients x population->n_strata) */
const bool *cohort_evaluation_strata(const cohort_evaluation *c);

/* What one worker found of its candidate: valid until its next one. */
typedef struct cohort_findings {
  const endpoints *found; /* (patients); undefined where failed or of weight 0 */
  const bool *failed;     /* (patients) */
  double failed_share;    /* of the weight */
} cohort_findings;

/* parameters (n_parameters): of the molecule in hand; patients are drawn around them anew where
 * they are not the problem's own. False: *error; too many failures are SIMULATION_FAILED. */
bool cohort_evaluation_run(cohort_evaluation *c, int worker, const schedule *doses,
                           const double *parameters, cohort_findings *findings,
                           stepdose_error *error);

/* The candidate's goal, and the margin of limit `k` in the window that limit value `i` stands for;
 * n_values: how many values limit k has. */
double cohort_evaluation_goal(cohort_evaluation *c, int worker, const cohort_findings *findings);
int cohort_evaluation_margins(cohort_evaluation *c, int worker, const cohort_findings *findings,
                              int k, limit_value values[OBJECTIVE_VALUES_MAX]);

#endif
