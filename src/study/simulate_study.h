/* A given regimen, simulated: trajectories, endpoints, goal and limits; of the reference patient,
 * and of the virtual patients where the problem asks for them. */
#ifndef STUDY_SIMULATE_STUDY_H
#define STUDY_SIMULATE_STUDY_H

#include "study/assessment.h"
#include "study/cohort_study.h"
#include "study/sampling.h"

typedef struct study_simulation {
  const stepdose_problem *problem;           /* borrowed */
  char regimen_name[PROBLEM_NAME_SIZE + 64]; /* where the regimen comes from, for people */
  schedule doses;
  assessment searched;    /* at the problem's tolerance */
  assessment verified;    /* STUDY_TIGHTER times tighter */
  sampled_run samples;    /* of the tighter run */
  cohort_study *patients; /* at the problem's tolerance; NULL: none */
} study_simulation;

/* regimen_file: .csv (event records) or .json (a regimen object); NULL: the problem's own regimen
 * if everything in it is fixed, else the approved schedule, else the first comparator (of those by
 * the problem's route). NULL and
 * *error on failure. The caller frees. */
study_simulation *study_simulate(const stepdose_problem *problem, const char *regimen_file,
                                 stepdose_error *error);
/* The same regimen and the schedules beside it in the virtual patients of the problem, if it asks
 * for any. */
bool study_simulate_patients(study_simulation *s, int threads, progress *told,
                             stepdose_error *error);
void study_simulation_free(study_simulation *s);

/* What the patients of a problem are, and how long simulating them takes: a part of them is
 * simulated now. */
typedef struct study_preview {
  population_acceptance acceptance;
  population_worth worth;
  int in_stratum[POPULATION_STRATA_MAX]; /* plausible patients */
  int n_regimens;                        /* 0: the problem has none to simulate */
  double seconds;                        /* of simulate; NAN where there is no regimen */
} study_preview;
bool study_preview_patients(const stepdose_problem *problem, int threads, study_preview *out,
                            stepdose_error *error);

#endif
