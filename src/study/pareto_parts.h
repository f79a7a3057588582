/* What the files of the study of a front share. */
#ifndef STUDY_PARETO_PARTS_H
#define STUDY_PARETO_PARTS_H

#include "optimize/points.h"
#include "study/pareto_study.h"

#include <pthread.h>
#include <stdatomic.h>

/* The search of one branch: every regimen that it has simulated, and how to simulate another. */
typedef struct pareto_branch {
  struct pareto_work *work;
  int branch;
  long budget;                    /* regimens that may be simulated: known when it is searched */
  regimen_evaluation *evaluation; /* simulates only while the branch is searched; */
  regimen_evaluation *described;  /* then this is the one without scratch, else NULL */
  /* The reference patient is always simulated in lanes of one width, as results of lanes of
   * different widths differ in their last bits: many regimens by `engine`, one by `alone`. NULL:
   * each worker simulates a cohort. */
  cohort_engine *engine, **alone; /* alone (threads) */
  double *derived;                /* (threads x n_derived) */
  int n_alone;
  search_points known; /* simulated, with all constraints (those of costs by their scale), in an
                          order that does not depend on threads; `violation` is of kept limits and
                          rules, INFINITY off the grid */
  int n_checks, check_capacity;
  long *check;    /* (n_checks) known.n from time to time: where the trace of the front looks */
  bool no_memory; /* for a look: the search has ended early */
} pareto_branch;

typedef struct pareto_work {
  const stepdose_problem *goals; /* as study_pareto.goals */
  const study_run *run;
  study_pareto *study;
  int n_objectives;
  int n_branches;
  pareto_branch *branch; /* (n_branches) */
  atomic_long journal_answers;
  search_end end;
} pareto_work;

/* --- pareto_goals.c --- */

/* Fills goals, n_kept, kept, n_costs of the study. */
bool pareto_open_goals(study_pareto *s, stepdose_error *error);
/* (n_objectives): -benefit, costs */
void pareto_objectives(const pareto_work *w, const regimen_evaluation *e, const search_point *p,
                       double *objective);
/* Is constraint i of the evaluation one that is kept, and not a cost? */
bool pareto_is_kept(const pareto_work *w, const regimen_evaluation *e, int i);

/* --- pareto_records.c: simulated regimens --- */

bool pareto_branch_open(pareto_work *w, int branch, pareto_branch *b, stepdose_error *error);
void pareto_branch_close(pareto_branch *b);
/* What simulations need, and gives it back. */
bool pareto_branch_equip(pareto_branch *b, stepdose_error *error);
void pareto_branch_strip(pareto_branch *b);
/* Simulates p->value, by the journal where it knows it, and judges. May be called by several
 * workers. Leaves a failure in p->failed, with its reason in *why. */
void pareto_simulate(pareto_branch *b, int worker, search_point *p, stepdose_error *why);
/* Its parts: the journal's answer (false: it has none); and what a simulation has found. */
bool pareto_recall(pareto_branch *b, search_point *p);
void pareto_record(pareto_branch *b, search_point *p, bool simulated, stepdose_error *why);
/* Keeps a simulated regimen unless it is known. False: no memory. */
bool pareto_keep(pareto_branch *b, const search_point *p, stepdose_error *error);
bool pareto_check(pareto_branch *b, stepdose_error *error); /* adds a look of the trace */
bool pareto_keeps_rules(const regimen_evaluation *e, const double *value);
long pareto_budget_left(const pareto_branch *b);
/* Time is up or the user asked to stop: w->end tells from then on. */
bool pareto_is_cut(pareto_work *w);

/* --- pareto_batch.c --- */

/* Simulates those of n values (n x n_variables) that are not known, keep the rules between doses,
 * and fit the budget; by all threads. False: no memory. */
bool pareto_simulate_new(pareto_branch *b, long n, const double *value, stepdose_error *error);

/* --- pareto_ladder.c: simulates first regimens of a branch --- */
bool pareto_climb(pareto_branch *b, stepdose_error *error);

/* --- pareto_seeds.c: epsilon-constraint searches --- */
bool pareto_seed(pareto_branch *b, stepdose_error *error);

/* --- pareto_branch.c --- */
bool pareto_search_branch(pareto_branch *b, stepdose_error *error);

/* --- pareto_merge.c: the points of branches (n of them) as one outcome, summed up; branch_of: of
 * each point, NULL: not wanted. The caller frees the outcome. --- */
bool pareto_merge(const pareto_work *w, const pareto_branch *branch, int n, pareto_outcome *out,
                  int **branch_of, stepdose_error *error);

/* --- pareto_points.c: the points of the front, verified --- */
bool pareto_describe_front(pareto_work *w, stepdose_error *error);

/* --- pareto_patients.c: shown points in fresh patients, the chosen one in those of the problem */
bool pareto_simulate_patients(pareto_work *w, stepdose_error *error);

#endif
