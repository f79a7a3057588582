/* A given regimen, simulated: trajectories, endpoints, goal and limits. */
#ifndef STUDY_SIMULATE_STUDY_H
#define STUDY_SIMULATE_STUDY_H

#include "study/assessment.h"
#include "study/sampling.h"

typedef struct study_simulation {
  const stepdose_problem *problem;           /* borrowed */
  char regimen_name[PROBLEM_NAME_SIZE + 64]; /* where the regimen comes from, for people */
  schedule doses;
  assessment searched; /* at the problem's tolerance */
  assessment verified; /* STUDY_TIGHTER times tighter */
  sampled_run samples; /* of the tighter run */
} study_simulation;

/* regimen_file: .csv (event records) or .json (a regimen object); NULL: the problem's own regimen
 * if everything in it is fixed, else the approved schedule, else the first comparator (of those by
 * the problem's route). NULL and
 * *error on failure. The caller frees. */
study_simulation *study_simulate(const stepdose_problem *problem, const char *regimen_file,
                                 stepdose_error *error);
void study_simulation_free(study_simulation *s);

#endif
