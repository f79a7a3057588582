/* The front of a small problem by simulating every regimen on its grid, without the study under
 * test: values are read from the endpoints, and every point is compared with every other. */
#ifndef TESTS_STUDY_FRONT_BRUTE_H
#define TESTS_STUDY_FRONT_BRUTE_H

#include "optimize/evaluate_regimen.h"
#include "simulate/cohort.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FRONT_GOALS_MAX = 4, FRONT_BATCH = 512 };

/* All goals of one regimen, to be made small, and whether the other limits hold. */
typedef bool front_judge(const endpoints *e, double goal[FRONT_GOALS_MAX]);

typedef struct front_regimen {
  double goal[FRONT_GOALS_MAX];
  bool holds;
} front_regimen;

typedef struct front_brute {
  int n_goals;
  long n, capacity;
  front_regimen *all; /* (n) every regimen */
  long n_front;
  long *front; /* (n_front) of several equal ones the first */
} front_brute;

static inline void front_brute_free(front_brute *b)
{
  free(b->all);
  free(b->front);
}

static inline bool front_covers(const front_brute *b, const front_regimen *x,
                                const front_regimen *y)
{
  bool covers = x->holds;
  for (int k = 0; k < b->n_goals; k++) {
    covers = covers && x->goal[k] <= y->goal[k];
  }
  return covers;
}

static inline void front_find(front_brute *b)
{
  b->front = malloc((size_t)b->n * sizeof *b->front);
  for (long i = 0; i < b->n; i++) {
    bool stays = b->all[i].holds;
    for (long j = 0; j < b->n && stays; j++) {
      const bool equal = front_covers(b, &b->all[i], &b->all[j]);
      stays = j == i || !front_covers(b, &b->all[j], &b->all[i]) || (equal && j > i);
    }
    if (stays) {
      b->front[b->n_front++] = i;
    }
  }
}

/* Regimens that wait for their simulation. */
typedef struct front_queue {
  front_brute *brute;
  front_judge *judge;
  const regimen_evaluation *e;
  cohort_engine *engine;
  double *parameters, *derived;
  long n;
  schedule doses[FRONT_BATCH];
  endpoints found[FRONT_BATCH];
  stream_task task[FRONT_BATCH];
  bool failed[FRONT_BATCH];
} front_queue;

static inline void front_flush(front_queue *q)
{
  front_brute *b = q->brute;
  cohort_report report;
  simulate_settings settings = simulate_settings_default();
  settings.relative_tolerance = q->e->problem->tolerance;
  const cohort_call call = {.request = &q->e->problem->request, .settings = &settings};
  cr_assert(cohort_run_tasks(q->engine, q->n, q->task, 1, &call, q->failed, &report, NULL));
  for (long i = 0; i < q->n; i++) {
    front_regimen *r = &b->all[b->n++];
    cr_assert(!q->failed[i]);
    r->holds = q->judge(&q->found[i], r->goal);
  }
  q->n = 0;
}

static inline void front_add(front_queue *q, const double *value)
{
  front_brute *b = q->brute;
  double rule[REGIMEN_RULES_MAX];
  regimen_rules(&q->e->branch, value, rule);
  for (int i = 0; i < q->e->branch.n_rules; i++) {
    if (rule[i] > SEARCH_TOLERANCE) {
      return;
    }
  }
  if (b->n + q->n == b->capacity) {
    b->capacity = 2 * b->capacity + FRONT_BATCH;
    b->all = realloc(b->all, (size_t)b->capacity * sizeof *b->all);
  }
  regimen_evaluation_decode(q->e, value, &q->doses[q->n], q->parameters);
  q->task[q->n] = (stream_task){.parameters = q->parameters,
                                .derived = q->derived,
                                .doses = &q->doses[q->n],
                                .result = &q->found[q->n]};
  if (++q->n == FRONT_BATCH) {
    front_flush(q);
  }
}

static inline void front_branch(front_queue *q)
{
  const regimen_evaluation *e = q->e;
  double value[SEARCH_VARIABLES_MAX];
  long count = 1;
  for (int i = 0; i < e->n_variables; i++) {
    count *= e->variable[i].n_levels;
  }
  for (long code = 0; code < count; code++) {
    long digits = code;
    for (int i = 0; i < e->n_variables; i++) {
      value[i] = e->variable[i].level[digits % e->variable[i].n_levels];
      digits /= e->variable[i].n_levels;
    }
    front_add(q, value);
  }
  front_flush(q);
}

/* The molecule is that of the problem: no design. */
static inline front_brute front_of(const stepdose_problem *problem, int n_goals, front_judge *judge)
{
  const model *m = problem->model;
  front_brute b = {.n_goals = n_goals};
  front_queue *q = calloc(1, sizeof *q);
  q->brute = &b;
  q->judge = judge;
  q->engine = cohort_engine_open(m, 2, 0, NULL);
  q->parameters = malloc((size_t)m->n_parameters * sizeof(double));
  q->derived = malloc((size_t)m->n_derived * sizeof(double));
  memcpy(q->parameters, problem->parameters, (size_t)m->n_parameters * sizeof(double));
  cr_assert(q->engine != NULL && m->derive(q->parameters, q->derived, NULL));
  for (int i = 0; i < regimen_evaluation_branches(problem); i++) {
    regimen_evaluation *e = regimen_evaluation_open(problem, i, -1, 0, NULL);
    q->e = e;
    front_branch(q);
    regimen_evaluation_close(e);
  }
  front_find(&b);
  cohort_engine_close(q->engine);
  free(q->parameters);
  free(q->derived);
  free(q);
  return b;
}

#endif
