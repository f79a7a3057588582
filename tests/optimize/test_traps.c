/* The traps of NLopt 2.7.1 that were met before, as a table: every engine meets every nature of
 * problem, and must keep the promises below whatever its return code says. */
#include <criterion/criterion.h>

#include "optimize/problems.h"

#include <stdio.h>

typedef enum nature {
  CLEAN,
  NAN_GOAL,       /* in a half plane: COBYLA, BOBYQA, SBPLX report success with NaN */
  NAN_CONSTRAINT, /* in a half plane: ISRES takes NaN for feasible; SLSQP then moves to NaN */
  INFINITE_GOAL,  /* in a half plane: COBYLA evaluates NaN and leaves the box */
  INFEASIBLE,     /* every engine reports success */
  STEPS,          /* no slope anywhere: gradient engines stop at the start */
  FLAT,           /* a constant */
  N_NATURES
} nature;

static const char *const NAMES[N_NATURES] = {"clean",      "NaN goal", "NaN constraint",
                                             "inf goal",   "infeasible", "steps", "flat"};

typedef struct trap {
  nature nature;
  atomic_long outside, calls, bad;
} trap;

/* A ball of radius 1 around (2, 2), goal 3x + 4y, box [0, 5]^2. */
static bool evaluate_trap(void *context, int worker, const double *x, double *goal, double *c,
                          stepdose_error *error)
{
  trap *t = context;
  (void)atomic_fetch_add(&t->calls, 1);
  if (!(x[0] >= 0 && x[0] <= 5 && x[1] >= 0 && x[1] <= 5)) {
    (void)atomic_fetch_add(&t->outside, 1);
  }
  (void)linear_over_ball(NULL, worker, x, goal, c, error);
  bool bad = x[0] > 2.3;
  double not_finite = t->nature == INFINITE_GOAL ? (double)INFINITY : (double)NAN;
  *goal = t->nature == STEPS ? floor(*goal) : t->nature == FLAT ? 1 : *goal;
  *goal = bad && (t->nature == NAN_GOAL || t->nature == INFINITE_GOAL) ? not_finite : *goal;
  c[0] = bad && t->nature == NAN_CONSTRAINT ? not_finite : c[0];
  c[0] += t->nature == INFEASIBLE ? 2 : 0;
  if (!isfinite(*goal) || !isfinite(c[0])) {
    (void)atomic_fetch_add(&t->bad, 1);
  }
  return true;
}

static search_task task_of_trap(trap *t, const char *engine)
{
  search_task task = task_of(&PROBLEMS[1], engine);
  task.evaluate = evaluate_trap;
  task.context = t;
  task.evaluations_max = 1500;
  return task;
}

/* Best value that a feasible point can have, and how near an engine must come. Left of x = 2.3 the
 * best point of the ball is (2.3, 2 + sqrt(1 - 0.09)). */
static double best_of(nature n)
{
  double edge = 3 * 2.3 + 4 * (2 + sqrt(1 - 0.09));
  return n == CLEAN ? 19 : n == STEPS ? 18 : n == FLAT ? 1 : edge;
}

/* On steps these cannot leave their start: that it is the best screened point is all they give. */
static bool uses_gradients(const char *engine)
{
  return strcmp(engine, "slsqp") == 0 || strcmp(engine, "ccsaq") == 0;
}

static double best_screened(const search_outcome *o)
{
  double best = -INFINITY;
  for (long i = 0; i < o->n_points; i++) {
    const search_point *p = &o->points[i];
    best = p->start == SEARCH_FROM_SCREENING && p->violation <= 0 ? fmax(best, p->goal) : best;
  }
  return best;
}

Test(optimize_traps, every_engine_keeps_its_promises_on_every_nature)
{
  for (int e = 0; e < search_engine_count(); e++) {
    for (int n = 0; n < N_NATURES; n++) {
      const char *engine = search_engine_at(e)->name;
      trap t = {.nature = (nature)n};
      search_task task = task_of_trap(&t, engine);
      search_outcome o;
      cr_assert(search_run(&task, &o, NULL), "%s, %s", engine, NAMES[n]);
      cr_expect_eq(atomic_load(&t.outside), 0, "%s, %s: left the box", engine, NAMES[n]);
      cr_expect_eq(atomic_load(&t.calls), o.evaluations, "%s, %s", engine, NAMES[n]);
      cr_expect_eq(atomic_load(&t.bad), o.failures, "%s, %s", engine, NAMES[n]);
      cr_expect_eq(o.has_final, n != INFEASIBLE, "%s, %s", engine, NAMES[n]);
      if (o.has_final) {
        const double *x = o.final.value;
        double out = (x[0] - 2) * (x[0] - 2) + (x[1] - 2) * (x[1] - 2) - 1;
        cr_expect(out <= SEARCH_TOLERANCE && isfinite(o.final.goal), "%s, %s", engine, NAMES[n]);
        double gap = best_of((nature)n) - o.final.goal;
        bool blind = n == STEPS && uses_gradients(engine);
        cr_expect((gap < 1 || blind) && gap > -1e-6, "%s, %s: gap %g", engine, NAMES[n], gap);
        cr_expect(o.final.goal >= best_screened(&o), "%s, %s", engine, NAMES[n]);
      } else {
        cr_expect(o.has_least && fabs(o.least.violation - 1) < 1e-2, "%s: violation %g", engine,
                  o.least.violation);
      }
      search_outcome_free(&o);
    }
  }
}

Test(optimize_traps, an_engine_that_sees_no_slope_says_so)
{
  static const char *const engines[] = {"slsqp", "ccsaq"};
  for (size_t e = 0; e < sizeof engines / sizeof engines[0]; e++) {
    trap t = {.nature = FLAT};
    search_task task = task_of_trap(&t, engines[e]);
    search_outcome o;
    cr_assert(search_run(&task, &o, NULL));
    for (int k = 0; k < o.n_starts; k++) {
      cr_expect_str_eq(o.start_report[k].engine_message, "the goal has no slope at the start",
                       "%s: \"%s\"", engines[e], o.start_report[k].engine_message);
    }
    search_outcome_free(&o);
  }
}

/* NLopt's random numbers belong to a thread and would otherwise be seeded by the clock. */
Test(optimize_traps, same_seed_gives_the_same_bits_and_another_seed_others)
{
  for (int e = 0; e < search_engine_count(); e++) {
    uint64_t bits[3];
    for (int k = 0; k < 3; k++) {
      trap t = {.nature = CLEAN};
      search_task task = task_of_trap(&t, search_engine_at(e)->name);
      task.seed = k < 2 ? 5 : 6;
      search_outcome o;
      cr_assert(search_run(&task, &o, NULL));
      bits[k] = outcome_bits(&task, &o);
      search_outcome_free(&o);
    }
    cr_expect_eq(bits[0], bits[1], "%s", search_engine_at(e)->name);
    cr_expect_neq(bits[0], bits[2], "%s", search_engine_at(e)->name);
  }
}

Test(optimize_traps, starts_draw_different_random_numbers)
{
  static const char *const engines[] = {"crs2-penalty", "isres"};
  for (size_t e = 0; e < sizeof engines / sizeof engines[0]; e++) {
    trap t = {.nature = CLEAN};
    search_task task = task_of_trap(&t, engines[e]);
    search_outcome o;
    cr_assert(search_run(&task, &o, NULL));
    for (long i = 0; i < o.n_points; i++) {
      for (long k = 0; k < i; k++) {
        const search_point *a = &o.points[i], *b = &o.points[k];
        bool corner = fmod(a->value[0], 5) <= 0 && fmod(a->value[1], 5) <= 0; /* clipped */
        bool same = memcmp(a->value, b->value, 2 * sizeof(double)) == 0;
        cr_assert(corner || a->start == b->start || !same,
                  "%s: starts %d and %d share a place", engines[e], a->start, b->start);
      }
    }
    search_outcome_free(&o);
  }
}

/* BOBYQA and CRS2 have their own ideas about one variable. */
static bool one_variable(void *context, int worker, const double *x, double *goal, double *c,
                         stepdose_error *error)
{
  (void)context;
  (void)worker;
  (void)error;
  *goal = x[0];
  c[0] = x[0] * x[0] - 2;
  return true;
}

Test(optimize_traps, one_variable_is_enough)
{
  static const test_problem root = {"root", 1, 1, 0, 5, false, one_variable, 1.41421356, {0}};
  for (int e = 0; e < search_engine_count(); e++) {
    search_task task = task_of(&root, search_engine_at(e)->name);
    search_outcome o;
    cr_assert(search_run(&task, &o, NULL));
    cr_expect(o.has_final && fabs(o.final.goal - sqrt(2)) < 1e-2, "%s: %g (%s)", task.engine,
              o.final.goal, o.start_report[0].engine_message);
    search_outcome_free(&o);
  }
}
