/* The joint evaluation that a search makes of one candidate, a regimen and the molecule that it
 * doses: decision values -> doses and parameters of the model -> one simulation of the reference
 * patient, or of each virtual patient -> goal and every constraint. This binds a problem to the
 * abstract search. */
#ifndef OPTIMIZE_EVALUATE_REGIMEN_H
#define OPTIMIZE_EVALUATE_REGIMEN_H

#include "optimize/evaluate_cohort.h"
#include "optimize/search.h"
#include "regimen/regimen.h"

/* What constraint i of a search stands for. */
typedef struct regimen_constraint {
  int limit;  /* index into problem->limits; -1: a rule of the regimen */
  int rule;   /* index into branch.rule_name; -1: a limit */
  int window; /* dose number from 1; 0: course, range of days, or burden */
} regimen_constraint;

/* A branch fixes the number of steps and, of the design, every choice from a list: what is chosen
 * from a list (a valency, a format) may have no meaning between its entries and no order, so each
 * combination is searched on its own. Design variables with a range are variables of the search. */
typedef struct regimen_evaluation {
  const stepdose_problem *problem; /* borrowed */
  regimen_branch branch;           /* of the regimen alone */
  int n_variables;                 /* the regimen's, then those of the design */
  regimen_variable variable[SEARCH_VARIABLES_MAX];
  struct regimen_slot design[PROBLEM_DESIGN_MAX]; /* of each problem->design */
  int relaxed_limit; /* -1: maximise the goal; else minimise the largest margin of this limit */
  double safety[PROBLEM_LIMITS_MAX]; /* added to a limit's simulated margins: it is kept with this
                                        to spare */
  int n_constraints;
  regimen_constraint constraint[SEARCH_CONSTRAINTS_MAX];
  int first_constraint[PROBLEM_LIMITS_MAX]; /* of each limit */
  int n_windows[PROBLEM_LIMITS_MAX];        /* how many constraints each limit has */
  int n_workers;
  cohort_evaluation *patients;    /* NULL: the reference patient alone */
  simulate_workspace **workspace; /* (n_workers); of the reference patient */
  double *parameters;             /* (n_workers x model->n_parameters) */
} regimen_evaluation;

/* Branches of a problem, and how many of them share a number of steps. Branch i has the number of
 * steps of regimen branch i / regimen_combinations. Counts stop at INT_MAX / 2. */
int regimen_evaluation_branches(const stepdose_problem *problem);
int regimen_combinations(const stepdose_problem *problem);

/* Branch i of the problem, with scratch for n_workers threads (0: only to decode and judge). NULL:
 * *error. */
regimen_evaluation *regimen_evaluation_open(const stepdose_problem *problem, int branch,
                                            int relaxed_limit, int n_workers,
                                            stepdose_error *error);
void regimen_evaluation_close(regimen_evaluation *e);

/* Sets variables, constraints, evaluate and context of a task; everything else is left as it is. */
void regimen_evaluation_bind(regimen_evaluation *e, search_task *task);

/* Decision values -> doses; the model's parameters (n_parameters), the problem's with the design's
 * values; the design's values alone (problem->n_design). */
void regimen_evaluation_decode(const regimen_evaluation *e, const double *value, schedule *doses,
                               double *parameters);
void regimen_evaluation_design(const regimen_evaluation *e, const double *value, double *design);
void regimen_design_parameters(const stepdose_problem *problem, const double *design,
                               double *parameters);

/* Endpoints of the reference patient under the decoded candidate -> goal and constraints. */
void regimen_evaluation_judge(const regimen_evaluation *e, const double *value,
                              const endpoints *found, double *goal_value, double *constraint);

/* A search_evaluate: context is a regimen_evaluation. A window that a regimen does not have holds
 * with a constant -1. */
bool regimen_evaluate(void *context, int worker, const double *value, double *goal_value,
                      double *constraint, stepdose_error *error);

/* Name of constraint i for column headings: letters, digits and _ only. */
void regimen_constraint_name(const regimen_evaluation *e, int i, char *name, size_t size);

/* Largest margin of limit k among a point's constraints; -1 where the limit has no window. */
double regimen_limit_margin(const regimen_evaluation *e, const search_point *point, int k);

#endif
