/* The engines behind the search, on problems whose optimum is known by construction. */
#include <criterion/criterion.h>

#include "optimize/problems.h"

#include "optimize/engines.h"

#include <stdio.h>

/* What an engine must reach of each problem with 2000 evaluations: engines that model goal and
 * constraints find optima, except along a curved valley; penalties and random search come near. */
typedef struct demand {
  const char *engine;
  double gap[N_PROBLEMS]; /* in the order of PROBLEMS */
} demand;

static const demand DEMANDS[] = {
    {"cobyla", {1e-6, 1e-5, 1e-3, 1e-5}},        {"slsqp", {1e-6, 1e-5, 1e-2, 1e-5}},
    {"ccsaq", {1e-6, 1e-5, 1e-2, 1e-5}},         {"auglag-bobyqa", {1e-5, 1e-5, 1e-5, 1e-5}},
    {"sbplx-penalty", {1e-2, 1e-2, 1e-3, 1e-5}}, {"crs2-penalty", {1e-1, 1e-2, 1e-3, 1e-5}},
    {"isres", {1, 1e-1, 1e-1, 1e-2}},
};
enum { N_DEMANDS = sizeof DEMANDS / sizeof DEMANDS[0] };

Test(optimize_engines, every_engine_of_the_table_has_a_demand)
{
  cr_assert_eq(search_engine_count(), N_DEMANDS);
  for (int e = 0; e < N_DEMANDS; e++) {
    cr_expect_str_eq(search_engine_at(e)->name, DEMANDS[e].engine);
    cr_expect(search_engine_find(DEMANDS[e].engine) == search_engine_at(e));
  }
  cr_expect(search_engine_find("auto") == search_engine_at(0));
  cr_expect_null(search_engine_find("simplex"));
  cr_expect_null(search_engine_at(N_DEMANDS));
}

Test(optimize_engines, known_optima_are_reached)
{
  for (int e = 0; e < N_DEMANDS; e++) {
    for (int p = 0; p < N_PROBLEMS; p++) {
      search_task task = task_of(&PROBLEMS[p], DEMANDS[e].engine);
      search_outcome outcome;
      stepdose_error error;
      cr_assert(search_run(&task, &outcome, &error), "%s", error.message);
      cr_expect(outcome.has_final, "%s, %s: feasible", DEMANDS[e].engine, PROBLEMS[p].name);
      double gap = PROBLEMS[p].best - outcome.final.goal;
      cr_expect(gap <= DEMANDS[e].gap[p] && gap >= -1e-6, "%s, %s: gap %g of %g",
                DEMANDS[e].engine, PROBLEMS[p].name, gap, DEMANDS[e].gap[p]);
      search_outcome_free(&outcome);
    }
  }
}

Test(optimize_engines, default_engine_finds_the_vertex_from_every_seed)
{
  for (uint64_t seed = 0; seed < 50; seed++) {
    search_task task = task_of(&PROBLEMS[0], "auto");
    task.seed = seed;
    task.evaluations_max = 400;
    search_outcome outcome;
    cr_assert(search_run(&task, &outcome, NULL));
    cr_expect(outcome.has_final && fabs(outcome.final.goal) < 1e-6, "seed %lu: goal %g",
              (unsigned long)seed, outcome.final.goal);
    for (int i = 0; i < 3; i++) {
      double ratio = outcome.final.value[i] / PROBLEMS[0].optimum[i];
      cr_expect(fabs(ratio - 1) < 1e-4, "seed %lu: x%d off by %g", (unsigned long)seed, i,
                ratio - 1);
    }
    search_outcome_free(&outcome);
  }
}

Test(optimize_engines, budget_is_never_exceeded_and_every_call_is_reported)
{
  static const long budgets[] = {1, 2, 3, 4, 5, 8, 17, 60, 100, 333, 1000};
  for (int e = 0; e < search_engine_count(); e++) {
    for (size_t b = 0; b < sizeof budgets / sizeof budgets[0]; b++) {
      for (int p = 0; p < N_PROBLEMS; p++) {
        counter count = {.inner = PROBLEMS[p].evaluate};
        search_task task = task_of(&PROBLEMS[p], search_engine_at(e)->name);
        task.evaluate = counted;
        task.context = &count;
        task.evaluations_max = budgets[b];
        search_outcome outcome;
        cr_assert(search_run(&task, &outcome, NULL));
        long calls = atomic_load(&count.calls);
        cr_expect(calls <= budgets[b] && calls == outcome.evaluations,
                  "%s, %s: %ld calls, %ld reported, budget %ld", task.engine, PROBLEMS[p].name,
                  calls, outcome.evaluations, budgets[b]);
        for (int k = 0; k < outcome.n_starts; k++) {
          const search_start_report *r = &outcome.start_report[k];
          cr_expect(r->end != SEARCH_END_EVALUATIONS || r->engine_code == NLOPT_FORCED_STOP,
                    "%s, %s: start %d: %d %s", task.engine, PROBLEMS[p].name, k, r->engine_code,
                    r->engine_message);
        }
        search_outcome_free(&outcome);
      }
    }
  }
}

/* An engine's own last word is often worse than what it saw (NLopt issue 57). */
Test(optimize_engines, result_is_the_best_point_ever_evaluated)
{
  for (int e = 0; e < search_engine_count(); e++) {
    for (int p = 0; p < N_PROBLEMS; p++) {
      search_task task = task_of(&PROBLEMS[p], search_engine_at(e)->name);
      task.evaluations_max = 300;
      search_outcome outcome;
      cr_assert(search_run(&task, &outcome, NULL));
      double best = -INFINITY, best_of_start[8];
      for (int k = 0; k < 8; k++) {
        best_of_start[k] = -INFINITY;
      }
      for (long i = 0; i < outcome.n_points; i++) {
        const search_point *q = &outcome.points[i];
        cr_assert_eq(q->evaluation, i);
        if (q->violation <= 0) {
          best = fmax(best, q->goal);
        }
        if (q->violation <= 0 && q->start >= 0) {
          best_of_start[q->start] = fmax(best_of_start[q->start], q->goal);
        }
      }
      cr_expect(!outcome.has_final || outcome.final.goal >= best, "%s, %s", task.engine,
                PROBLEMS[p].name);
      for (int k = 0; k < outcome.n_starts; k++) {
        const search_start_report *r = &outcome.start_report[k];
        cr_expect(isinf(best_of_start[k]) || (r->feasible && r->best.goal >= best_of_start[k]),
                  "%s, %s: start %d", task.engine, PROBLEMS[p].name, k);
      }
      search_outcome_free(&outcome);
    }
  }
}

/* NLopt asks for goal and constraints in separate calls: one evaluation must answer both. */
Test(optimize_engines, a_start_never_evaluates_a_place_twice)
{
  for (int e = 0; e < search_engine_count(); e++) {
    search_task task = task_of(&PROBLEMS[1], search_engine_at(e)->name);
    task.evaluations_max = 400;
    search_outcome outcome;
    cr_assert(search_run(&task, &outcome, NULL));
    for (long i = 0; i < outcome.n_points; i++) {
      for (long k = 0; k < i; k++) {
        const search_point *a = &outcome.points[i], *b = &outcome.points[k];
        cr_assert(a->start != b->start || memcmp(a->value, b->value, 2 * sizeof(double)) != 0,
                  "%s: evaluations %ld and %ld", task.engine, k, i);
      }
    }
    search_outcome_free(&outcome);
  }
}

Test(optimize_engines, a_comparison_per_start_can_be_made_from_the_outcome)
{
  search_task task = task_of(&PROBLEMS[0], "cobyla");
  search_outcome outcome;
  cr_assert(search_run(&task, &outcome, NULL));
  cr_assert_eq(outcome.n_starts, 3);
  for (int k = 0; k < outcome.n_starts; k++) {
    long made = 0;
    for (long i = 0; i < outcome.n_points; i++) {
      made += outcome.points[i].start == k;
    }
    const search_start_report *r = &outcome.start_report[k];
    cr_expect_eq(made, r->evaluations, "start %d", k);
    const search_point *best = &outcome.points[r->best.evaluation];
    cr_expect(memcmp(best->value, r->best.value, 3 * sizeof(double)) == 0, "start %d", k);
  }
  search_outcome_free(&outcome);
}

Test(optimize_engines, a_task_that_makes_no_sense_is_refused)
{
  static const double backwards[] = {2, 1}, outside[] = {9}, nan_start[] = {NAN, 1};
  enum { ENGINE, RANGE, LOG, LEVELS, OUTSIDE, STARTS, THREADS, BUDGET, GIVEN, LOSS, N_CASES };
  static const stepdose_code expected[N_CASES] = {
      [ENGINE] = STEPDOSE_UNKNOWN_NAME, [RANGE] = STEPDOSE_EMPTY_RANGE,
      [LOG] = STEPDOSE_EMPTY_RANGE,     [LEVELS] = STEPDOSE_EMPTY_RANGE,
      [OUTSIDE] = STEPDOSE_EMPTY_RANGE, [STARTS] = STEPDOSE_OUT_OF_RANGE,
      [THREADS] = STEPDOSE_OUT_OF_RANGE, [BUDGET] = STEPDOSE_OUT_OF_RANGE,
      [GIVEN] = STEPDOSE_NOT_FINITE,    [LOSS] = STEPDOSE_OUT_OF_RANGE};
  for (int c = 0; c < N_CASES; c++) {
    search_task task = task_of(&PROBLEMS[1], c == ENGINE ? "simplex" : "cobyla");
    search_variable *v = &task.variable[1];
    task.starts = c == STARTS ? 0 : 3;
    task.threads = c == THREADS ? 0 : 1;
    task.evaluations_max = c == BUDGET ? 0 : 100;
    task.near_optimal_loss = c == LOSS ? (double)NAN : 0;
    v->low = c == RANGE ? v->high : v->low;
    v->logarithmic = c == LOG;
    v->n_levels = c == LEVELS ? 2 : c == OUTSIDE;
    v->level = c == LEVELS ? backwards : outside;
    task.n_given = c == GIVEN;
    task.given = nan_start;
    search_outcome outcome;
    stepdose_error error;
    cr_expect(!search_run(&task, &outcome, &error), "case %d", c);
    cr_expect_eq(error.code, expected[c], "case %d: %s", c, error.message);
    cr_expect(error.remedy[0] != '\0', "case %d", c);
  }
}
