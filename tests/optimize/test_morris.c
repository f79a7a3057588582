/* Elementary effects of functions whose effects are known, groups, failed runs, intervals. */
#include <criterion/criterion.h>

#include "optimize/sensitivity_problems.h"

#include "base/allocate.h"
#include "base/error.h"

#include <stdio.h>
#include <string.h>

enum { SEEDS = 100, LINEAR_INPUTS = 6 };

static const double SLOPE[LINEAR_INPUTS] = {3, -2, 1, 0, 0.5, -0.25};

static bool run_linear(void *context, long n, const double *points, double *values, bool *failed,
                       stepdose_error *error)
{
  (void)context;
  (void)failed;
  (void)error;
  for (long i = 0; i < n; i++) {
    values[i] = 7;
    for (int k = 0; k < LINEAR_INPUTS; k++) {
      values[i] += SLOPE[k] * points[i * LINEAR_INPUTS + k];
    }
  }
  return true;
}

static sensitivity_task linear_task(uint64_t seed)
{
  return (sensitivity_task){.n_inputs = LINEAR_INPUTS,
                            .n_outputs = 1,
                            .evaluate = run_linear,
                            .seed = seed,
                            .rows = 64,
                            .resamples = 100};
}

static double value_at(const sensitivity_outcome *o, morris_measure measure, int factor)
{
  return morris_at(o, o->n_stages - 1, 0, measure, factor)->value;
}

Test(morris, effects_of_a_linear_function_are_its_slopes)
{
  for (int design = 0; design < 2; design++) {
    for (int points = 0; points < 2; points++) {
      sensitivity_task task = linear_task(1);
      sensitivity_outcome o;
      task.points = (sensitivity_points)points;
      cr_assert(morris_run(&task, (morris_design)design, &o, NULL));
      cr_expect_eq(o.runs, 64 * (LINEAR_INPUTS + 1));
      for (int i = 0; i < LINEAR_INPUTS; i++) {
        cr_expect_lt(fabs(value_at(&o, MORRIS_MU, i) - SLOPE[i]), 1e-12, "input %d", i);
        cr_expect_lt(fabs(value_at(&o, MORRIS_MU_STAR, i) - fabs(SLOPE[i])), 1e-12);
        cr_expect_lt(value_at(&o, MORRIS_SIGMA, i), 1e-12);
      }
      const sensitivity_index *inert = morris_at(&o, o.n_stages - 1, 0, MORRIS_MU_STAR, 3);
      cr_expect_eq(inert->value, 0);
      cr_expect_eq(inert->flags, SENSITIVITY_STRADDLES_ZERO);
      cr_expect_eq(morris_at(&o, o.n_stages - 1, 0, MORRIS_MU_STAR, 0)->flags, 0);
      sensitivity_outcome_free(&o);
    }
  }
}

/* On the levels 1/8, 3/8, 5/8, 7/8 the factor |4 u - 2| is 1.5, 0.5, 0.5, 1.5, and a step of 1/2
 * changes it by 1 either way: so the mean absolute effect of input i is 2 / (1 + a_i), the mean
 * effect 0, and the mean square (2 / (1 + a_i))^2 times the product over the other inputs of
 * 1 + 0.25 / (1 + a_j)^2. */
static double g_sigma(const g_function *g, int i)
{
  double square = 4 / (1 + g->a[i]) / (1 + g->a[i]);
  for (int j = 0; j < g->n; j++) {
    square *= j == i ? 1 : 1 + 0.25 / (1 + g->a[j]) / (1 + g->a[j]);
  }
  return sqrt(square);
}

static void cover_g(const g_function *g, sensitivity_points points, double most)
{
  double inside[MORRIS_MEASURES] = {0};
  g_function own = *g;
  for (uint64_t seed = 0; seed < SEEDS; seed++) {
    sensitivity_task task = {.n_inputs = g->n,
                             .n_outputs = 1,
                             .evaluate = run_g,
                             .context = &own,
                             .seed = seed,
                             .points = points,
                             .rows = 64,
                             .resamples = 200};
    sensitivity_outcome o;
    cr_assert(morris_run(&task, MORRIS_TRAJECTORIES, &o, NULL));
    for (int i = 0; i < g->n; i++) {
      double truth[MORRIS_MEASURES] = {0, 2 / (1 + g->a[i]), g_sigma(g, i)};
      for (int k = 0; k < MORRIS_MEASURES; k++) {
        const sensitivity_index *x = morris_at(&o, o.n_stages - 1, 0, (morris_measure)k, i);
        inside[k] += holds(x, truth[k]) * 100.0 / SEEDS / g->n;
      }
    }
    sensitivity_outcome_free(&o);
  }
  printf("%d inputs, points %d: mu %.1f, mu* %.1f, sigma %.1f\n", g->n, (int)points, inside[0],
         inside[1], inside[2]);
  for (int k = 0; k < MORRIS_MEASURES; k++) {
    cr_expect(inside[k] >= 88 && inside[k] <= most, "%d inputs, measure %d: %g", g->n, k,
              inside[k]);
  }
}

Test(morris, intervals_cover_the_known_effects_as_often_as_they_say)
{
  double a[40];
  for (int i = 0; i < 40; i++) {
    a[i] = i < 4 ? 0.5 * i : 5 + 0.5 * i;
  }
  const g_function g[] = {{8, G_8}, {40, a}};
  for (int k = 0; k < 2; k++) {
    cover_g(&g[k], SENSITIVITY_RANDOM, 99);
    cover_g(&g[k], SENSITIVITY_SCRAMBLED_SOBOL, 100);
  }
}

/* Every start of a trajectory, and the effect of its first step: all there are. */
static void enumerate_ishigami(double mean[3], double absolute[3])
{
  for (int code = 0; code < 64; code++) {
    double u[3] = {(code % 4 + 0.5) / 4, (code / 4 % 4 + 0.5) / 4, (code / 16 + 0.5) / 4};
    for (int i = 0; i < 3; i++) {
      double end[3] = {u[0], u[1], u[2]}, step = u[i] < 0.5 ? 0.5 : -0.5;
      end[i] += step;
      double effect = (ishigami(end) - ishigami(u)) / step;
      mean[i] += effect / 64;
      absolute[i] += fabs(effect) / 64;
    }
  }
}

Test(morris, effects_of_ishigami_are_those_of_all_trajectories)
{
  double mean[3] = {0}, absolute[3] = {0};
  enumerate_ishigami(mean, absolute);
  sensitivity_task task = {.n_inputs = 3,
                           .n_outputs = 1,
                           .evaluate = run_ishigami,
                           .seed = 5,
                           .rows = 4096,
                           .resamples = 50};
  sensitivity_outcome o;
  cr_assert(morris_run(&task, MORRIS_TRAJECTORIES, &o, NULL));
  for (int i = 0; i < 3; i++) {
    cr_expect_lt(fabs(value_at(&o, MORRIS_MU, i) - mean[i]), 0.15, "input %d", i);
    cr_expect_lt(fabs(value_at(&o, MORRIS_MU_STAR, i) - absolute[i]), 0.15, "input %d", i);
  }
  sensitivity_outcome_free(&o);
}

/* u v: the effect of one is the other, uniform: mean 1/2, standard deviation 1 / sqrt(12). */
static bool run_product(void *context, long n, const double *points, double *values, bool *failed,
                        stepdose_error *error)
{
  (void)context;
  (void)failed;
  (void)error;
  for (long i = 0; i < n; i++) {
    values[i] = points[2 * i] * points[2 * i + 1];
  }
  return true;
}

Test(morris, stars_see_an_interaction)
{
  sensitivity_task task = {.n_inputs = 2,
                           .n_outputs = 1,
                           .evaluate = run_product,
                           .seed = 2,
                           .rows = 1024,
                           .resamples = 50};
  sensitivity_outcome o;
  cr_assert(morris_run(&task, MORRIS_RADIAL, &o, NULL));
  for (int i = 0; i < 2; i++) {
    cr_expect_lt(fabs(value_at(&o, MORRIS_MU_STAR, i) - 0.5), 0.001);
    cr_expect_lt(fabs(value_at(&o, MORRIS_SIGMA, i) - sqrt(1.0 / 12)), 0.001);
  }
  sensitivity_outcome_free(&o);
}

/* Signs of steps are random: |+-3 +-2| / 2 is 2.5 or 0.5 per step of 1/2, in the mean 1.5, which
 * is 3 per unit: the larger slope of the two. */
Test(morris, a_group_moves_together)
{
  static const int group[LINEAR_INPUTS] = {0, 0, 1, 2, 1, 1};
  sensitivity_task task = linear_task(3);
  sensitivity_outcome o;
  task.n_groups = 3;
  task.group = group;
  task.rows = 4096;
  cr_assert(morris_run(&task, MORRIS_TRAJECTORIES, &o, NULL));
  cr_expect_eq(o.runs, 4096 * 4);
  cr_expect_lt(fabs(value_at(&o, MORRIS_MU_STAR, 0) - 3), 0.02);
  cr_expect_eq(value_at(&o, MORRIS_MU, 0), value_at(&o, MORRIS_MU_STAR, 0));
  cr_expect_lt(fabs(value_at(&o, MORRIS_MU_STAR, 1) - 1), 0.02);
  cr_expect_eq(value_at(&o, MORRIS_MU_STAR, 2), 0);
  sensitivity_outcome_free(&o);
}

/* Collects the points of one batch. */
typedef struct collector {
  long n;
  double point[200 * LINEAR_INPUTS];
} collector;

static bool collect(void *context, long n, const double *points, double *values, bool *failed,
                    stepdose_error *error)
{
  collector *c = context;
  size_t size = (size_t)(n * LINEAR_INPUTS) * sizeof *points;
  memcpy(c->point + c->n * LINEAR_INPUTS, points, size);
  c->n += n;
  return run_linear(NULL, n, points, values, failed, error);
}

Test(morris, steps_move_one_input_by_at_least_a_quarter_inside_the_cube)
{
  for (int design = 0; design < 2; design++) {
    static collector c;
    sensitivity_task task = linear_task(4);
    sensitivity_outcome o;
    c.n = 0;
    task.evaluate = collect;
    task.context = &c;
    task.rows = 28;
    cr_assert(morris_run(&task, (morris_design)design, &o, NULL));
    sensitivity_outcome_free(&o);
    for (long i = 0; i < c.n; i++) {
      long row = i / (LINEAR_INPUTS + 1) * (LINEAR_INPUTS + 1);
      const double *from = c.point + (design == MORRIS_RADIAL ? row : i - 1) * LINEAR_INPUTS;
      int moved = 0;
      for (int k = 0; k < LINEAR_INPUTS; k++) {
        double u = c.point[i * LINEAR_INPUTS + k];
        cr_assert(u > 0 && u < 1);
        double step = i == row ? 0 : fabs(u - from[k]);
        cr_expect(step == 0 || (step >= 0.25 && step <= 0.75), "point %ld: %g", i, step);
        moved += step != 0;
      }
      cr_expect_eq(moved, i != row, "design %d, point %ld", design, i);
    }
  }
}

Test(morris, failed_runs_are_left_out_and_counted)
{
  for (int design = 0; design < 2; design++) {
    watch w = {run_linear, NULL, LINEAR_INPUTS, 1, .failing_share = 0.1};
    sensitivity_task task = linear_task(6);
    sensitivity_outcome o;
    task.evaluate = run_watched;
    task.context = &w;
    task.rows = 256;
    cr_assert(morris_run(&task, (morris_design)design, &o, NULL));
    cr_expect_eq(o.failures, w.failed);
    cr_expect_gt(w.failed, 0);
    for (int i = 0; i < LINEAR_INPUTS; i++) {
      const sensitivity_index *x = morris_at(&o, o.n_stages - 1, 0, MORRIS_MU, i);
      cr_expect_lt(fabs(x->value - SLOPE[i]), 1e-12);
      cr_expect(x->rows > 180 && x->rows < 235, "%ld rows", x->rows); /* 0.81 x 256 = 207 */
    }
    sensitivity_outcome_free(&o);
  }
}

Test(morris, the_result_does_not_depend_on_the_size_of_batches)
{
  for (int design = 0; design < 2; design++) {
    const long size[4] = {0, 1, 9, 100000};
    uint64_t bits[4];
    for (int k = 0; k < 4; k++) {
      g_function g = {8, G_8};
      sensitivity_task task = {.n_inputs = 8,
                               .n_outputs = 1,
                               .evaluate = run_g,
                               .context = &g,
                               .seed = 7,
                               .rows = 32,
                               .batch = size[k]};
      sensitivity_outcome o;
      cr_assert(morris_run(&task, (morris_design)design, &o, NULL));
      bits[k] = sensitivity_bits(&o);
      sensitivity_outcome_free(&o);
      cr_expect_eq(bits[k], bits[0], "batches of %ld", size[k]);
    }
  }
}

Test(morris, a_study_stopped_at_once_is_an_error)
{
  volatile int stop = 1;
  stepdose_settings settings = {.stop = &stop};
  sensitivity_task task = linear_task(8);
  sensitivity_outcome o;
  stepdose_error error;
  error_clear(&error);
  task.progress = progress_open(&settings);
  cr_expect(!morris_run(&task, MORRIS_TRAJECTORIES, &o, &error));
  cr_expect_eq(error.code, STEPDOSE_LIMIT_REACHED);
  cr_expect_null(o.index);
  progress_close(task.progress);
}

Test(morris, every_allocation_may_fail)
{
  sensitivity_task task = linear_task(9);
  long n = 0;
  for (bool done = false; !done; n++) {
    sensitivity_outcome o;
    stepdose_error error;
    error_clear(&error);
    allocate_fail_after(n, 1);
    done = morris_run(&task, MORRIS_RADIAL, &o, &error);
    allocate_fail_after(-1, 0);
    cr_assert(done || error.code == STEPDOSE_NO_MEMORY, "allocation %ld", n);
    cr_assert(done || o.index == NULL);
    sensitivity_outcome_free(&o);
    cr_assert(n < 1000);
  }
  cr_expect_gt(n, 10);
}
