/* The best regimen of one molecule by trying all on the grid: what a design map is compared with.
 */
#ifndef TESTS_STUDY_BRUTE_FORCE_H
#define TESTS_STUDY_BRUTE_FORCE_H

#include "optimize/evaluate_regimen.h"
#include "simulate/cohort.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { BRUTE_BATCH = 256 };

typedef struct brute_best {
  bool feasible;
  double goal;      /* of the best feasible regimen; NAN: none */
  double violation; /* least, 0 where one is feasible */
  long regimens;    /* that keep the rules and were simulated */
} brute_best;

/* Regimens that wait for their simulation. */
typedef struct brute_queue {
  const regimen_evaluation *e;
  cohort_engine *engine;
  const double *parameters, *derived;
  int n;
  double value[BRUTE_BATCH][SEARCH_VARIABLES_MAX];
  schedule doses[BRUTE_BATCH];
  endpoints found[BRUTE_BATCH];
  bool failed[BRUTE_BATCH];
  stream_task task[BRUTE_BATCH];
} brute_queue;

static inline void brute_judge(brute_queue *q, int i, brute_best *best)
{
  double goal_value;
  double violation = 0;
  double constraint[SEARCH_CONSTRAINTS_MAX];
  regimen_evaluation_judge(q->e, q->value[i], &q->found[i], &goal_value, constraint);
  for (int k = 0; k < q->e->n_constraints; k++) {
    violation = constraint[k] > SEARCH_TOLERANCE ? fmax(violation, constraint[k]) : violation;
  }
  best->regimens++;
  best->violation = fmin(best->violation, violation);
  if (violation <= 0 && (!best->feasible || goal_value > best->goal)) {
    best->feasible = true;
    best->goal = goal_value;
  }
}

static inline void brute_flush(brute_queue *q, brute_best *best)
{
  cohort_report report;
  simulate_settings settings = simulate_settings_default();
  settings.relative_tolerance = q->e->problem->tolerance;
  const cohort_call call = {.request = &q->e->problem->request, .settings = &settings};
  for (int i = 0; i < q->n; i++) {
    q->task[i] = (stream_task){.parameters = q->parameters,
                               .derived = q->derived,
                               .doses = &q->doses[i],
                               .result = &q->found[i]};
  }
  cohort_run_tasks(q->engine, q->n, q->task, 1, &call, q->failed, &report, NULL);
  for (int i = 0; i < q->n; i++) {
    if (!q->failed[i]) {
      brute_judge(q, i, best);
    }
  }
  q->n = 0;
}

static inline bool brute_keeps_rules(const regimen_evaluation *e, const double *value)
{
  double rule[REGIMEN_RULES_MAX];
  regimen_rules(&e->branch, value, rule);
  for (int i = 0; i < e->branch.n_rules; i++) {
    if (rule[i] > SEARCH_TOLERANCE) {
      return false;
    }
  }
  return true;
}

/* All levels of all variables of one branch; every variable is one of the regimen, with levels. */
static inline void brute_branch(brute_queue *q, double *parameters, brute_best *best)
{
  const regimen_evaluation *e = q->e;
  long count = 1;
  for (int i = 0; i < e->n_variables; i++) {
    count *= e->variable[i].n_levels;
  }
  for (long code = 0; code < count; code++) {
    double *value = q->value[q->n];
    long digits = code;
    for (int i = 0; i < e->n_variables; i++) {
      value[i] = e->variable[i].level[digits % e->variable[i].n_levels];
      digits /= e->variable[i].n_levels;
    }
    if (brute_keeps_rules(e, value)) {
      regimen_evaluation_decode(e, value, &q->doses[q->n++], parameters);
    }
    if (q->n == BRUTE_BATCH || (code + 1 == count && q->n > 0)) {
      brute_flush(q, best);
    }
  }
}

/* The problem with these values (n_design) where `fixed` says so; lists of choices may stay open.
 */
static inline brute_best brute_force(const stepdose_problem *problem, const double *design,
                                     const bool *fixed, cohort_engine *engine)
{
  const model *m = problem->model;
  double *own = malloc((size_t)m->n_parameters * sizeof *own);
  double *parameters = malloc((size_t)m->n_parameters * sizeof *parameters);
  double *derived = malloc((size_t)m->n_derived * sizeof *derived);
  double first[SEARCH_VARIABLES_MAX];
  schedule ignored;
  brute_queue *q = calloc(1, sizeof *q);
  stepdose_problem *at = malloc(sizeof *at);
  brute_best best = {.goal = NAN, .violation = INFINITY};
  *at = *problem;
  at->n_design = 0;
  at->parameters = own;
  memcpy(own, problem->parameters, (size_t)m->n_parameters * sizeof *own);
  for (int i = 0; i < problem->n_design; i++) {
    if (fixed[i]) {
      own[problem->design[i].parameter] = design[i];
    } else {
      at->design[at->n_design++] = problem->design[i];
    }
  }
  for (int b = 0; b < regimen_evaluation_branches(at); b++) {
    regimen_evaluation *e = regimen_evaluation_open(at, b, -1, 0, NULL);
    for (int i = 0; i < e->n_variables; i++) {
      first[i] = e->variable[i].low;
    }
    regimen_evaluation_decode(e, first, &ignored, parameters);
    q->e = e;
    q->engine = engine;
    q->parameters = parameters;
    q->derived = derived;
    if (m->derive(parameters, derived, NULL)) {
      brute_branch(q, parameters, &best);
    }
    regimen_evaluation_close(e);
  }
  free(own);
  free(parameters);
  free(derived);
  free(q);
  free(at);
  return best;
}

#endif
