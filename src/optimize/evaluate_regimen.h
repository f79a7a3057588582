/* The joint evaluation that a search makes of one regimen: decision values -> doses -> one
 * simulation of the reference patient -> goal and every constraint. This binds a problem to the
 * abstract search. */
#ifndef OPTIMIZE_EVALUATE_REGIMEN_H
#define OPTIMIZE_EVALUATE_REGIMEN_H

#include "objectives/objective.h"
#include "optimize/search.h"
#include "regimen/regimen.h"

/* What constraint i of a search stands for. */
typedef struct regimen_constraint {
  int limit;  /* index into problem->limits; -1: a rule of the regimen */
  int rule;   /* index into branch.rule_name; -1: a limit */
  int window; /* dose number from 1; 0: course, range of days, or burden */
} regimen_constraint;

typedef struct regimen_evaluation {
  const stepdose_problem *problem; /* borrowed */
  regimen_branch branch;
  int relaxed_limit; /* -1: maximise the goal; else minimise the largest margin of this limit */
  double safety;     /* added to every simulated margin: limits are kept with this to spare */
  int n_constraints;
  regimen_constraint constraint[SEARCH_CONSTRAINTS_MAX];
  int first_constraint[PROBLEM_LIMITS_MAX]; /* of each limit */
  int n_windows[PROBLEM_LIMITS_MAX];        /* how many constraints each limit has */
  int n_workers;
  simulate_workspace **workspace; /* (n_workers) */
} regimen_evaluation;

/* Branch i of the problem's regimen space, with scratch for n_workers threads. NULL: *error. */
regimen_evaluation *regimen_evaluation_open(const stepdose_problem *problem, int branch,
                                            int relaxed_limit, int n_workers,
                                            stepdose_error *error);
void regimen_evaluation_close(regimen_evaluation *e);

/* Sets variables, constraints, evaluate and context of a task; everything else is left as it is. */
void regimen_evaluation_bind(regimen_evaluation *e, search_task *task);

/* A search_evaluate: context is a regimen_evaluation. A window that a regimen does not have holds
 * with a constant -1. */
bool regimen_evaluate(void *context, int worker, const double *value, double *goal_value,
                      double *constraint, stepdose_error *error);

/* Name of constraint i for column headings: letters, digits and _ only. */
void regimen_constraint_name(const regimen_evaluation *e, int i, char *name, size_t size);

/* Largest margin of limit k among a point's constraints; -1 where the limit has no window. */
double regimen_limit_margin(const regimen_evaluation *e, const search_point *point, int k);

#endif
