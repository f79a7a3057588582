/* Infeasible problems, failing evaluations, and ends from outside, each with the right verdict. */
#include <criterion/criterion.h>

#include "optimize/problems.h"

#include "optimize/walk.h"

#include <stdio.h>
#include <time.h>

/* Two discs that do not meet: the least violation, 1.5, lies halfway between them. */
static bool two_discs(void *context, int worker, const double *x, double *goal, double *c,
                      stepdose_error *error)
{
  (void)context;
  (void)worker;
  (void)error;
  *goal = x[0];
  c[0] = hypot(x[0] - 0.5, x[1] - 2) - 0.5;
  c[1] = hypot(x[0] - 4.5, x[1] - 2) - 0.5;
  return true;
}

/* A feasible region that screening does not hit: a disc of radius 0.01. */
static bool small_disc(void *context, int worker, const double *x, double *goal, double *c,
                       stepdose_error *error)
{
  (void)context;
  (void)worker;
  (void)error;
  *goal = x[0];
  c[0] = hypot(x[0] - 3.3, x[1] - 1.7) - 0.01;
  return true;
}

static const test_problem INFEASIBLE = {"two discs", 2, 2, 0, 5, false, two_discs, 0, {2.5, 2}};
static const test_problem SMALL = {"small disc", 2, 1, 0, 5, false, small_disc, 3.31, {3.31, 1.7}};

Test(optimize_failures, an_infeasible_problem_is_an_outcome_with_the_least_violation)
{
  for (int e = 0; e < search_engine_count(); e++) {
    search_task task = task_of(&INFEASIBLE, search_engine_at(e)->name);
    search_outcome o;
    cr_assert(search_run(&task, &o, NULL));
    cr_expect(!o.has_final && !o.has_continuous && o.has_least && o.n_near == 0, "%s", task.engine);
    cr_expect(fabs(o.least.violation - 1.5) < 1e-3, "%s: least violation %g", task.engine,
              o.least.violation);
    for (int k = 0; k < o.n_starts; k++) {
      cr_expect(!o.start_report[k].feasible, "%s: start %d", task.engine, k);
    }
    search_outcome_free(&o);
  }
}

Test(optimize_failures, a_feasible_region_that_screening_misses_is_found)
{
  for (int e = 0; e < search_engine_count(); e++) {
    search_task task = task_of(&SMALL, search_engine_at(e)->name);
    search_outcome o;
    cr_assert(search_run(&task, &o, NULL));
    cr_assert(o.has_final, "%s", task.engine);
    cr_expect(o.final.goal > 3.29 && o.final.goal < 3.31 + 1e-6, "%s: %g", task.engine,
              o.final.goal);
    search_outcome_free(&o);
  }
}

static bool near_the_optimum(const double *x) { return x[0] > 2.4 && x[1] > 2.4; }

static bool everywhere(const double *x)
{
  (void)x;
  return true;
}

/* The ball's optimum lies inside the failing region: the best that is left is on its edge. */
Test(optimize_failures, failing_regions_are_counted_and_never_reported_as_results)
{
  static const double answers[] = {0, NAN, INFINITY, -INFINITY};
  for (int e = 0; e < search_engine_count(); e++) {
    for (size_t a = 0; a < sizeof answers / sizeof answers[0]; a++) {
      counter count = {
          .inner = linear_over_ball, .fails = near_the_optimum, .answer = answers[a]};
      search_task task = task_of(&PROBLEMS[1], search_engine_at(e)->name);
      task.evaluate = counted;
      task.context = &count;
      search_outcome o;
      cr_assert(search_run(&task, &o, NULL));
      long failed = 0;
      for (long i = 0; i < o.n_points; i++) {
        const search_point *p = &o.points[i];
        bool should = near_the_optimum(p->value);
        failed += p->failed;
        cr_assert_eq(p->failed, should, "%s, %g", task.engine, answers[a]);
        cr_assert(!p->failed || (isnan(p->goal) && isinf(p->violation)));
      }
      cr_expect_eq(o.failures, failed);
      cr_expect(o.has_final && !o.final.failed && isfinite(o.final.goal), "%s", task.engine);
      cr_expect(o.final.goal > 17, "%s, %g: goal %g", task.engine, answers[a], o.final.goal);
      cr_expect(failed == 0 || o.first_failure[0] != '\0', "%s", task.engine);
      search_outcome_free(&o);
    }
  }
}

Test(optimize_failures, a_search_where_everything_fails_ends_without_a_result)
{
  for (int e = 0; e < search_engine_count(); e++) {
    counter count = {.inner = linear_over_ball, .fails = everywhere};
    search_task task = task_of(&PROBLEMS[1], search_engine_at(e)->name);
    task.evaluate = counted;
    task.context = &count;
    search_outcome o;
    cr_assert(search_run(&task, &o, NULL));
    cr_expect(!o.has_final && !o.has_continuous && !o.has_least, "%s", task.engine);
    cr_expect_eq(o.failures, o.evaluations);
    cr_expect(strncmp(o.first_failure, "no result at ", 13) == 0, "%s", o.first_failure);
    cr_expect(atomic_load(&count.calls) <= task.evaluations_max);
    search_outcome_free(&o);
  }
}

Test(optimize_failures, starts_outside_the_box_are_clipped_into_it)
{
  static const double given[] = {-7, 99, 2, 2};
  search_task task = task_of(&PROBLEMS[1], "cobyla");
  task.n_given = 2;
  task.given = given;
  search_outcome o;
  cr_assert(search_run(&task, &o, NULL));
  cr_assert_eq(o.n_starts, 5);
  cr_expect(fabs(o.start_report[0].start[0]) <= 0 && fabs(o.start_report[0].start[1] - 5) <= 0);
  for (long i = 0; i < o.n_points; i++) {
    const double *x = o.points[i].value;
    cr_assert(x[0] >= 0 && x[0] <= 5 && x[1] >= 0 && x[1] <= 5, "evaluation %ld", i);
  }
  cr_expect(fabs(o.start_report[1].start[0] - 2) < 1e-15);
  for (int k = 0; k < o.n_starts; k++) {
    cr_expect(fabs(o.start_report[k].best.goal - 19) < 1e-5, "start %d: %g", k,
              o.start_report[k].best.goal);
  }
  search_outcome_free(&o);
}

static bool slow_ball(void *context, int worker, const double *x, double *goal, double *c,
                      stepdose_error *error)
{
  struct timespec pause = {.tv_nsec = 2000000};
  (void)nanosleep(&pause, NULL);
  return linear_over_ball(context, worker, x, goal, c, error);
}

static double seconds_now(void)
{
  struct timespec t;
  (void)clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* In the screening, and in the starts. */
Test(optimize_failures, time_limit_ends_the_search_with_the_best_so_far)
{
  static const double limits[] = {0.02, 0.2};
  for (size_t k = 0; k < sizeof limits / sizeof limits[0]; k++) {
    search_task task = task_of(&PROBLEMS[1], "cobyla");
    task.evaluate = slow_ball;
    task.evaluations_max = 1000000;
    task.seconds_max = limits[k];
    search_outcome o;
    double began = seconds_now();
    cr_assert(search_run(&task, &o, NULL));
    cr_expect(seconds_now() - began < limits[k] + 2, "limit %g", limits[k]);
    cr_expect_eq(o.end, SEARCH_END_TIME, "%s", search_end_name(o.end));
    cr_expect(o.n_points > 0 && o.n_points < 1000);
    for (int i = 0; i < o.n_starts; i++) {
      cr_expect_eq(o.start_report[i].end, SEARCH_END_TIME);
    }
    search_outcome_free(&o);
  }
}

Test(optimize_failures, a_request_to_stop_ends_the_search_at_the_next_evaluation)
{
  static const double level[] = {0, 1, 2, 3, 4, 5};
  static const long calls[] = {10, 100, 300};
  for (int e = 0; e < search_engine_count(); e++) {
    for (size_t k = 0; k < sizeof calls / sizeof calls[0]; k++) {
      volatile int stop = 0;
      stepdose_settings settings = {.stop = &stop};
      counter count = {.inner = linear_over_ball, .stop_at = calls[k], .stop = &stop};
      search_task task = task_of(&PROBLEMS[1], search_engine_at(e)->name);
      task.evaluate = counted;
      task.context = &count;
      task.evaluations_max = 1200;
      task.variable[0].n_levels = 6;
      task.variable[0].level = level;
      task.progress = progress_open(&settings);
      search_outcome o;
      cr_assert(search_run(&task, &o, NULL));
      long made = atomic_load(&count.calls);
      bool reached = made >= calls[k];
      cr_expect(!reached || o.end == SEARCH_END_STOPPED, "%s, %ld: %s", task.engine, calls[k],
                search_end_name(o.end));
      cr_expect(made < calls[k] + task.threads, "%s: %ld calls", task.engine, made);
      cr_expect_eq(o.evaluations, made, "%s", task.engine);
      search_outcome_free(&o);
      progress_close(task.progress);
    }
  }
}

static bool negative_zero(void *context, int worker, const double *x, double *goal, double *c,
                          stepdose_error *error)
{
  (void)context;
  (void)worker;
  (void)error;
  *goal = -fabs(x[0]);
  c[0] = signbit(x[0]) && !(x[0] < 0) ? 1 : -1;
  return true;
}

Test(optimize_failures, zero_has_one_sign_in_what_is_evaluated)
{
  static const double given[] = {-0.0};
  for (int side = 0; side < 2; side++) {
    test_problem zero = {"zero", 1, 1, side ? -0.0 : -1, side ? 1 : -0.0, false, negative_zero, 0,
                         {0}};
    search_task task = task_of(&zero, "cobyla");
    task.n_given = 1;
    task.given = given;
    search_outcome o;
    cr_assert(search_run(&task, &o, NULL));
    for (long i = 0; i < o.n_points; i++) {
      cr_expect(o.points[i].violation <= 0, "side %d, evaluation %ld", side, i);
    }
    search_outcome_free(&o);
  }
}

/* An engine that has lost its way asks for places that are none: they cost nothing. */
Test(optimize_failures, no_place_outside_the_cube_is_evaluated)
{
  static const double bad[][2] = {{NAN, 0.5}, {0.5, INFINITY}, {-INFINITY, 0}, {1.01, 0.5},
                                  {0.5, -1e-6}, {1e300, 0}};
  static const double good[][2] = {{1 + 1e-15, 0.5}, {0, 1}, {-1e-15, 0.25}};
  counter count = {.inner = linear_over_ball};
  search_task task = task_of(&PROBLEMS[1], "cobyla");
  task.evaluate = counted;
  task.context = &count;
  search_state state;
  cr_assert(search_state_open(&state, &task, NULL));
  search_walk walk;
  search_point start = {.value = {1, 1}, .goal = 7, .constraint = {1}, .violation = 1};
  search_range range = {0};
  cr_assert(search_walk_open(&walk, &state, 0, &start, 10, &range));
  for (size_t k = 0; k < sizeof bad / sizeof bad[0]; k++) {
    cr_expect_eq(search_walk_evaluate(&walk, bad[k]), -1, "case %zu", k);
  }
  cr_expect_eq(atomic_load(&count.calls), 0);
  for (size_t k = 0; k < sizeof good / sizeof good[0]; k++) {
    long i = search_walk_evaluate(&walk, good[k]);
    cr_assert(i > 0, "case %zu", k);
    cr_expect(walk.points.point[i].value[0] >= 0 && walk.points.point[i].value[0] <= 5);
  }
  cr_expect_eq(walk.left, 7);
  search_walk_close(&walk);
  search_state_close(&state);
}
