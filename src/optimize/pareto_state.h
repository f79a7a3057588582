/* What the parts of a Pareto search share. Internal to them. */
#ifndef OPTIMIZE_PARETO_STATE_H
#define OPTIMIZE_PARETO_STATE_H

#include "base/random.h"
#include "optimize/pareto.h"
#include "optimize/points.h"

typedef struct pareto_score {
  double objective[PARETO_OBJECTIVES_MAX];
  double excess; /* sum of the constraints that do not hold; INFINITY: failed */
} pareto_score;

/* A point in the race, with what selection goes by. */
typedef struct pareto_member {
  long point;
  int rank;        /* 0: dominated by none */
  double crowding; /* larger: lonelier */
} pareto_member;

/* A member in the order of one objective. */
typedef struct pareto_place {
  double objective;
  long point;
  int member;
} pareto_place;

/* How close a member of the last front is to the others. */
typedef struct pareto_spacing {
  bool kept, gone;
  double vicinity; /* product of the squared distances to its nearest neighbours */
  double reach;    /* largest of these */
} pareto_spacing;

typedef struct pareto_state {
  const pareto_task *task;
  int population;
  random_stream stream;
  search_points points;
  long n_scores; /* how many points have one */
  long score_capacity;
  pareto_score *score;
  pareto_member *member; /* (2 x population) parents, then offspring */
  int n_members;
  int *dominators;         /* (2 x population) scratch: how many unranked members dominate each */
  pareto_place *place;     /* (2 x population) scratch: one front */
  pareto_spacing *spacing; /* (2 x population) scratch: the last front */
  int n_generations, generation_capacity;
  pareto_generation *generation;
} pareto_state;

/* Constraint domination (Deb et al. 2002): feasible before infeasible, the smaller excess among
 * infeasible ones, Pareto dominance among feasible ones. */
bool pareto_dominates(int n_objectives, const pareto_score *a, const pareto_score *b);

/* Ranks all members, and keeps the best `population` of them. */
void pareto_survive(pareto_state *state);
/* Index of a member: the better of two drawn by lot. */
int pareto_tournament(pareto_state *state);

/* A value (n_variables) on the levels, within bounds. */
void pareto_snap(const pareto_task *task, const double *from, double *value);
void pareto_from_unit(const pareto_task *task, const double *u, double *value);
/* Two children of two parents by simulated binary crossover and polynomial mutation. */
void pareto_vary(pareto_state *state, const double *a, const double *b, double *child_a,
                 double *child_b);

/* Everything of the outcome that follows from the evaluated points, which it has taken over. */
bool pareto_report(const pareto_state *state, pareto_outcome *outcome, stepdose_error *error);

#endif
