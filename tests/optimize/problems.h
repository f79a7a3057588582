/* Problems with a known answer for tests of the search, and helpers to run them. */
#ifndef TESTS_OPTIMIZE_PROBLEMS_H
#define TESTS_OPTIMIZE_PROBLEMS_H

#include "base/error.h"
#include "optimize/search.h"

#include <math.h>
#include <stdatomic.h>
#include <string.h>

typedef struct test_problem {
  const char *name;
  int n_variables, n_constraints;
  double low, high;
  bool logarithmic;
  search_evaluate *evaluate;
  double best;      /* goal at the optimum, by construction */
  double optimum[4];
} test_problem;

/* Built backwards: in z = log10(x) the optimum is the vertex where the first n of the constraints
 * z_i + 0.3 z_j <= b_i are active; the gradient of the goal is a positive combination of theirs. */
static inline bool vertex_in_log_space(void *context, int worker, const double *x, double *goal,
                                       double *c, stepdose_error *error)
{
  static const double at[3] = {0.5, -0.25, 1.0}, weight[3] = {1.0, 0.5, 2.0};
  (void)context;
  (void)worker;
  (void)error;
  *goal = 0;
  for (int i = 0; i < 3; i++) {
    int j = (i + 1) % 3;
    double a = log10(x[i]) - at[i] + 0.3 * (log10(x[j]) - at[j]);
    c[i] = a;
    *goal += weight[i] * a;
  }
  return true;
}

/* Linear goal over a ball of radius 1 around (2, 2): the optimum is on its rim along (3, 4). */
static inline bool linear_over_ball(void *context, int worker, const double *x, double *goal,
                                    double *c, stepdose_error *error)
{
  (void)context;
  (void)worker;
  (void)error;
  *goal = 3 * x[0] + 4 * x[1];
  c[0] = (x[0] - 2) * (x[0] - 2) + (x[1] - 2) * (x[1] - 2) - 1;
  return true;
}

/* Rosenbrock's valley over the disc of radius sqrt(2), on whose rim its minimum (1, 1) lies. */
static inline bool rosenbrock_in_disc(void *context, int worker, const double *x, double *goal,
                                      double *c, stepdose_error *error)
{
  (void)context;
  (void)worker;
  (void)error;
  double a = 1 - x[0], b = x[1] - x[0] * x[0];
  *goal = -(a * a + 100 * b * b);
  c[0] = x[0] * x[0] + x[1] * x[1] - 2;
  return true;
}

/* Smooth, without constraints. */
static inline bool paraboloid(void *context, int worker, const double *x, double *goal, double *c,
                              stepdose_error *error)
{
  (void)context;
  (void)worker;
  (void)c;
  (void)error;
  *goal = -((x[0] - 0.3) * (x[0] - 0.3) + 2 * (x[1] + 0.6) * (x[1] + 0.6));
  return true;
}

static const test_problem PROBLEMS[] = {
    {"vertex in log space", 3, 3, 0.01, 100, true, vertex_in_log_space, 0,
     {3.16227766, 0.56234133, 10}},
    {"linear over ball", 2, 1, 0, 5, false, linear_over_ball, 19, {2.6, 2.8}},
    {"Rosenbrock in disc", 2, 1, -2, 2, false, rosenbrock_in_disc, 0, {1, 1}},
    {"paraboloid", 2, 0, -1, 1, false, paraboloid, 0, {0.3, -0.6}},
};
enum { N_PROBLEMS = sizeof PROBLEMS / sizeof PROBLEMS[0] };

static inline search_task task_of(const test_problem *problem, const char *engine)
{
  search_task task = {.n_variables = problem->n_variables,
                      .n_constraints = problem->n_constraints,
                      .evaluate = problem->evaluate,
                      .engine = engine,
                      .seed = 7,
                      .starts = 3,
                      .evaluations_max = 2000,
                      .hang_seconds = 5,
                      .threads = 2};
  for (int i = 0; i < problem->n_variables; i++) {
    task.variable[i] = (search_variable){
        .low = problem->low, .high = problem->high, .logarithmic = problem->logarithmic};
  }
  return task;
}

/* Counts calls, and makes evaluations fail where a test wants it: context of counted(). */
typedef struct counter {
  search_evaluate *inner;
  atomic_long calls;
  bool (*fails)(const double *x);
  double answer; /* goal and first constraint where it fails; 0: the evaluation says so itself */
  long stop_at;  /* call at which *stop is set; 0: never */
  volatile int *stop;
} counter;

static inline bool counted(void *context, int worker, const double *x, double *goal, double *c,
                           stepdose_error *error)
{
  counter *k = context;
  long call = atomic_fetch_add(&k->calls, 1) + 1;
  if (k->stop_at > 0 && call >= k->stop_at) {
    *k->stop = 1;
  }
  bool done = k->inner(NULL, worker, x, goal, c, error);
  if (k->fails == NULL || !k->fails(x)) {
    return done;
  }
  if (!isfinite(k->answer)) {
    *goal = k->answer;
    c[0] = k->answer;
    return true;
  }
  return error_set(error, STEPDOSE_SIMULATION_FAILED, "", "no result at %.3f", x[0]);
}

/* FNV-1a over everything in an outcome that must not depend on threads or interruptions. */
static inline uint64_t mix(uint64_t hash, const void *bytes, size_t size)
{
  const unsigned char *b = bytes;
  for (size_t i = 0; i < size; i++) {
    hash = (hash ^ b[i]) * 1099511628211ULL;
  }
  return hash;
}

static inline uint64_t mix_point(uint64_t hash, const search_task *task, const search_point *p)
{
  hash = mix(hash, p->value, (size_t)task->n_variables * sizeof *p->value);
  hash = mix(hash, &p->goal, sizeof p->goal);
  hash = mix(hash, p->constraint, (size_t)task->n_constraints * sizeof *p->constraint);
  hash = mix(hash, &p->violation, sizeof p->violation);
  int failed = p->failed;
  hash = mix(hash, &failed, sizeof failed);
  hash = mix(hash, &p->start, sizeof p->start);
  return mix(hash, &p->evaluation, sizeof p->evaluation);
}

static inline uint64_t outcome_bits(const search_task *task, const search_outcome *o)
{
  uint64_t hash = 14695981039346656037ULL;
  int flags[] = {o->has_continuous, o->has_final, o->has_least, o->neighbours_complete,
                 o->n_starts,       (int)o->end};
  long counts[] = {o->neighbours, o->n_points, o->n_near, o->evaluations, o->failures};
  hash = mix(mix(hash, flags, sizeof flags), counts, sizeof counts);
  hash = mix_point(hash, task, &o->continuous);
  hash = mix_point(hash, task, &o->final);
  hash = mix_point(hash, task, &o->least);
  for (long i = 0; i < o->n_points; i++) {
    hash = mix_point(hash, task, &o->points[i]);
  }
  for (long i = 0; i < o->n_near; i++) {
    hash = mix_point(hash, task, o->near[i]);
  }
  for (int k = 0; k < o->n_starts; k++) {
    const search_start_report *r = &o->start_report[k];
    long numbers[] = {r->evaluations, r->failures, (long)r->end, r->engine_code, r->feasible};
    hash = mix_point(mix(hash, numbers, sizeof numbers), task, &r->best);
    hash = mix(hash, r->engine_message, strlen(r->engine_message));
  }
  return mix(hash, o->first_failure, strlen(o->first_failure));
}

#endif
