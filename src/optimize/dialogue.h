/* What an engine is told when it calls back: one joint evaluation behind goal, constraints and
 * their differences, and a finite constant where nothing can be evaluated. */
#ifndef OPTIMIZE_DIALOGUE_H
#define OPTIMIZE_DIALOGUE_H

#include "optimize/engines.h"
#include "optimize/guard.h"

typedef struct search_dialogue {
  search_walk *walk;
  const search_engine_order *order;
  search_guard *guard;
  nlopt_opt opt;
  long idle;            /* calls in a row that led to no new evaluation */
  double weight;        /* of the penalty */
  double slack_scale;   /* phase one: violation that one unit of the extra variable stands for */
  bool has_gradient, goal_is_flat;
  double gradient_at[SEARCH_VARIABLES_MAX]; /* u */
  double goal_gradient[SEARCH_VARIABLES_MAX];
  double constraint_gradient[SEARCH_CONSTRAINTS_MAX][SEARCH_VARIABLES_MAX];
} search_dialogue;

/* Phase one minimises an extra variable, u[n_variables], above all (scaled) constraints: a minimax
 * problem in the form that engines with constraints solve well. It may fall below 0, so that the
 * search goes through the edge of the feasible region and not along it. */
enum { SEARCH_SLACK_START = 1 };
static const double SEARCH_SLACK_LOW = -0.2, SEARCH_SLACK_HIGH = 2;

/* NLopt call-backs; the last argument is a search_dialogue. */
double search_dialogue_goal(unsigned n, const double *u, double *gradient, void *dialogue);
void search_dialogue_constraints(unsigned m, double *result, unsigned n, const double *u,
                                 double *gradient, void *dialogue);
/* Goal plus exact (L1) penalty, for engines that take no constraints. */
double search_dialogue_penalised(unsigned n, const double *u, double *gradient, void *dialogue);

#endif
