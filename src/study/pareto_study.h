/* The front between goals of a problem: what has to be paid (risk, damage, drug, visits) for more
 * control of the tumour, while all other limits are kept.
 *
 * Each branch (number of steps, choices of the design) is searched on its own: tried as a whole
 * where its grid is small; else by searches for the largest benefit under a falling cap on each
 * cost, which start from each other's answers, and by NSGA-II from what these have found. Every
 * regimen that was simulated on the way may stand on the front. */
#ifndef STUDY_PARETO_STUDY_H
#define STUDY_PARETO_STUDY_H

#include "optimize/pareto.h"
#include "study/cohort_study.h"
#include "study/propose.h"

enum { PARETO_SHOWN = 24 };

/* What a step along the front to less of a cost takes from the benefit: to the point of the front
 * with the largest benefit among those that have at least one percent less of this cost (of a
 * fraction: one percentage point) and not more of any other. */
typedef struct pareto_exchange {
  long to;            /* index into the front; -1: there is none */
  double step;        /* the one percent, in the unit of the cost */
  double saved, lost; /* in the units of cost and benefit */
} pareto_exchange;

/* A value in patients whom the search has not seen, with its interval of COHORT_CONFIDENCE. */
typedef struct pareto_interval {
  double value, low, high;
} pareto_interval;

/* One point of the front. Costs have the order of study_pareto. */
typedef struct pareto_point {
  long found; /* index into found.point */
  int branch, n_steps;
  schedule doses;
  double design[PROBLEM_DESIGN_MAX];                         /* (problem->n_design) */
  double benefit, cost[PROBLEM_COSTS_MAX];                   /* as the search saw them */
  double verified_benefit, verified_cost[PROBLEM_COSTS_MAX]; /* STUDY_TIGHTER times tighter; NAN:
                                        not simulated so (virtual patients) */
  double margin[PROBLEM_LIMITS_MAX]; /* (n_kept) as the search saw them: <= 0 holds */
  bool checked; /* simulated again: at the tighter tolerance; with virtual patients in fresh ones */
  bool holds;   /* and then every limit that is kept held */
  pareto_exchange exchange[PROBLEM_COSTS_MAX];
} pareto_point;

/* A point of the front in fresh patients. */
typedef struct pareto_fresh {
  bool simulated;
  pareto_interval benefit, cost[PROBLEM_COSTS_MAX];
  double risk[PROBLEM_LIMITS_MAX]; /* (n_kept) risk_value in its worst window */
  bool surpassed; /* another point shown is as good in all goals here, and better in one */
} pareto_fresh;

typedef struct study_pareto {
  const stepdose_problem *problem; /* borrowed */
  /* The problem as it was searched: its goal is the benefit; its limits are first those that are
   * kept (n_kept), then the costs (n_costs), whose bounds only give their margins a scale. Borrows
   * everything from `problem`. Owned. */
  stepdose_problem *goals;
  int n_kept, n_costs;
  int kept[PROBLEM_LIMITS_MAX]; /* index into problem->limits */
  stepdose_status status;
  search_end end; /* CONVERGED: every regimen of every grid was tried; EVALUATIONS; or what cut the
                     run short */
  int n_branches;
  long evaluations;                      /* different regimens that were simulated */
  long failures, journal_answers, seeds; /* seeds: points that NSGA-II started from */
  char first_failure[512];

  pareto_outcome found; /* objectives: -benefit, costs; regimens off the grid are never feasible */
  int *branch_of;       /* (found.n_points) */
  pareto_point *front;  /* (found.n_front) largest benefit first */
  int n_shown;          /* points spread along the front: its ends, the knee, what lies between */
  long shown[PARETO_SHOWN];         /* indices into the front, increasing */
  pareto_fresh fresh[PARETO_SHOWN]; /* where the problem has virtual patients */
  long n_given_way;                 /* points that did not keep a limit at the tighter tolerance */

  long chosen; /* the knee, or else the middle of the front; -1: there is no front */
  bool has_knee;
  /* The chosen point as any other answer, by the limits of `problem`. */
  schedule doses; /* as read back from regimen.csv */
  assessment searched, verified;
  sampled_run samples;
  cohort_study *patients; /* those of the problem; NULL: none */
} study_pareto;

/* NULL and *error on failure; that nothing is feasible, or an interrupted run, is a result. The
 * caller frees. */
study_pareto *study_pareto_run(const stepdose_problem *problem, const study_run *run,
                               stepdose_error *error);
void study_pareto_free(study_pareto *s);

/* Refuses what study_can_propose refuses, and a problem without anything to minimize. */
bool study_can_pareto(const stepdose_problem *problem, stepdose_error *error);

/* The limit that measures cost k. */
const limit *study_pareto_cost(const study_pareto *s, int k);

#endif
