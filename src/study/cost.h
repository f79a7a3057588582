/* What a run of a problem will cost: counted, and one simulation timed. */
#ifndef STUDY_COST_H
#define STUDY_COST_H

#include "problem/problem.h"

typedef struct study_cost {
  int n_branches;
  int choices;     /* combinations of the design's choices, each with its own branches */
  long map_points; /* of the design map; 0: the problem has no design */
  int n_variables_least, n_variables_most; /* over branches */
  int n_constraints_most;
  double grid_regimens; /* on the grid, keeping the rules between doses; INFINITY where a variable
                           has no grid */
  bool grid_counted;    /* false: too many to try the rules on each, so that there are fewer */
  long evaluations_most;
  long evaluations_beyond;   /* at most, to explain an infeasible problem or to repair a proposal */
  double simulation_seconds; /* one, measured now */
  double seconds_most;       /* of the whole run, with `threads` */
} study_cost;

/* What a search over virtual patients may take, in regimens: on few of them first (0: it does not),
 * on all of them, and in each round with tightened limits. */
typedef struct study_patients_cost {
  bool searched; /* false: the problem has nothing to search */
  int few;
  long regimens_in_few, regimens, regimens_a_round;
  double simulations_most; /* of patients, the verification of every round included */
} study_patients_cost;
bool study_count_patients(const stepdose_problem *problem, study_patients_cost *out,
                          stepdose_error *error);

bool study_estimate_cost(const stepdose_problem *problem, int threads, study_cost *out,
                         stepdose_error *error);

#endif
