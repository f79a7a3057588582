/* Sobol indices of functions whose indices are known, the coverage of their intervals, groups,
 * failed runs, flags. */
#include <criterion/criterion.h>

#include "optimize/sensitivity_problems.h"

#include "base/allocate.h"
#include "base/error.h"

#include <stdio.h>
#include <string.h>

enum { SEEDS = 100, INPUTS_MAX = 40 };

/* Four strong inputs, 36 weak ones. */
static double g_40[INPUTS_MAX];

typedef struct known {
  const char *name;
  int n;
  g_function g; /* n = 0: Ishigami */
  long rows;
} known;

static known known_at(int k)
{
  for (int i = 0; i < INPUTS_MAX; i++) {
    g_40[i] = i < 4 ? 0.5 * i : 5 + 0.5 * i;
  }
  const known all[] = {{"Ishigami", 3, {0}, 256},
                       {"g in 8 dimensions", 8, {8, G_8}, 256},
                       {"g in 40 dimensions", 40, {40, g_40}, 128}};
  return all[k];
}

static double first_of(const known *f, int i)
{
  return f->g.n > 0 ? g_first(&f->g, i) : ishigami_first(i);
}

static double total_of(const known *f, int i)
{
  return f->g.n > 0 ? g_total(&f->g, i) : ishigami_total(i);
}

static double second_of(const known *f, int i, int j)
{
  return f->g.n > 0 ? g_second(&f->g, i, j) : (i == 0 && j == 2 ? ishigami_interaction() : 0);
}

static sensitivity_task task_of(known *f, uint64_t seed)
{
  return (sensitivity_task){.n_inputs = f->n,
                            .n_outputs = 1,
                            .evaluate = f->g.n > 0 ? run_g : run_ishigami,
                            .context = &f->g,
                            .seed = seed,
                            .rows = f->rows,
                            .resamples = 200};
}

typedef struct coverage {
  int first[INPUTS_MAX], total[INPUTS_MAX];
  double second;      /* mean over all pairs, per cent */
  double first_error; /* root mean square */
} coverage;

static void cover_second(const known *f, const sensitivity_outcome *o, coverage *c)
{
  int pairs = f->n * (f->n - 1) / 2;
  for (int i = 0; i < f->n; i++) {
    for (int j = i + 1; j < f->n; j++) {
      const sensitivity_index *x = sobol_second_at(o, o->n_stages - 1, 0, i, j);
      c->second += holds(x, second_of(f, i, j)) * 100.0 / SEEDS / pairs;
    }
  }
}

/* Without intervals: as few resamples as there may be. */
static coverage cover(known *f, sensitivity_points points, sobol_estimator e, bool second,
                      bool intervals)
{
  coverage c = {0};
  double squares = 0;
  for (uint64_t seed = 0; seed < SEEDS; seed++) {
    sensitivity_task task = task_of(f, seed);
    sensitivity_outcome o;
    task.points = points;
    task.resamples = intervals ? 200 : 20;
    cr_assert(sobol_indices_run(&task, e, second, &o, NULL));
    for (int i = 0; i < f->n; i++) {
      const sensitivity_index *x = sobol_first_at(&o, o.n_stages - 1, 0, i);
      squares += (x->value - first_of(f, i)) * (x->value - first_of(f, i));
      c.first[i] += holds(x, first_of(f, i));
      c.total[i] += holds(sobol_total_at(&o, o.n_stages - 1, 0, i), total_of(f, i));
    }
    if (second) {
      cover_second(f, &o, &c);
    }
    sensitivity_outcome_free(&o);
  }
  c.first_error = sqrt(squares / SEEDS / f->n);
  return c;
}

static double mean(const int *count, int n)
{
  double sum = 0;
  for (int i = 0; i < n; i++) {
    sum += count[i];
  }
  return sum / n;
}

static int least(const int *count, int n)
{
  int smallest = SEEDS;
  for (int i = 0; i < n; i++) {
    smallest = count[i] < smallest ? count[i] : smallest;
  }
  return smallest;
}

/* Of one input, 100 seeds leave a standard error of 2.5 per cent: 80 would be six of them away. */
static void expect_coverage(const char *name, const coverage *c, int n, double most)
{
  double first = mean(c->first, n), total = mean(c->total, n);
  printf("%s: first %.1f (least %d), total %.1f (least %d), error %.4f\n", name, first,
         least(c->first, n), total, least(c->total, n), c->first_error);
  cr_expect(first >= 88 && first <= most, "%s: first %g", name, first);
  cr_expect(total >= 88 && total <= most, "%s: total %g", name, total);
  cr_expect_geq(least(c->first, n), 80, "%s", name);
  cr_expect_geq(least(c->total, n), 80, "%s", name);
}

/* The bootstrap takes rows for independent: so they are here. */
Test(sobol_indices, intervals_of_random_points_cover_the_truth_as_often_as_they_say)
{
  for (int k = 0; k < 3; k++) {
    known f = known_at(k);
    for (int e = 0; e < (k < 2 ? 2 : 1); e++) {
      coverage c = cover(&f, SENSITIVITY_RANDOM, (sobol_estimator)e, false, true);
      expect_coverage(f.name, &c, f.n, 99);
    }
  }
}

/* Rows of Sobol points are more even than chance: intervals may only be too wide. */
Test(sobol_indices, intervals_of_sobol_points_cover_the_truth_at_least_so_often)
{
  for (int k = 0; k < 3; k++) {
    known f = known_at(k);
    coverage c = cover(&f, SENSITIVITY_SCRAMBLED_SOBOL, SOBOL_FIRST_SALTELLI, false, true);
    expect_coverage(f.name, &c, f.n, 100);
  }
}

Test(sobol_indices, second_order_intervals_cover_the_truth_and_sharpen_the_others)
{
  for (int k = 0; k < 2; k++) {
    known f = known_at(k);
    f.rows = 128;
    coverage without = cover(&f, SENSITIVITY_RANDOM, SOBOL_FIRST_SALTELLI, false, false);
    coverage with = cover(&f, SENSITIVITY_RANDOM, SOBOL_FIRST_SALTELLI, true, true);
    expect_coverage(f.name, &with, f.n, 99);
    cr_expect(with.second >= 88 && with.second <= 99, "%s: %g", f.name, with.second);
    cr_expect_lt(with.first_error, without.first_error, "%s", f.name);
  }
}

Test(sobol_indices, sobol_points_are_sharper_than_random_ones)
{
  for (int k = 0; k < 2; k++) {
    known f = known_at(k);
    coverage even = cover(&f, SENSITIVITY_SCRAMBLED_SOBOL, SOBOL_FIRST_SALTELLI, false, false);
    coverage random = cover(&f, SENSITIVITY_RANDOM, SOBOL_FIRST_SALTELLI, false, false);
    cr_expect_lt(even.first_error, 0.8 * random.first_error, "%s: %g, %g", f.name, even.first_error,
                 random.first_error);
  }
}

Test(sobol_indices, estimates_converge_to_the_known_indices)
{
  for (int e = 0; e < 2; e++) {
    known f = known_at(0);
    sensitivity_task task = task_of(&f, 3);
    sensitivity_outcome o;
    task.rows = 8192;
    task.resamples = 50;
    cr_assert(sobol_indices_run(&task, (sobol_estimator)e, true, &o, NULL));
    int last = o.n_stages - 1;
    cr_expect_eq(o.n_stages, SENSITIVITY_STAGES_MAX);
    cr_expect_eq(o.stage_rows[0], 256);
    cr_expect_eq(o.stage_rows[last], 8192);
    cr_expect_eq(o.runs, 8192 * 8);
    for (int i = 0; i < 3; i++) {
      const sensitivity_index *first = sobol_first_at(&o, last, 0, i);
      const sensitivity_index *early = sobol_first_at(&o, 0, 0, i);
      cr_expect_lt(fabs(first->value - ishigami_first(i)), 0.01, "%d: %g", i, first->value);
      cr_expect_lt(fabs(sobol_total_at(&o, last, 0, i)->value - ishigami_total(i)), 0.01);
      cr_expect_lt(first->high - first->low, 0.4 * (early->high - early->low), "input %d", i);
      for (int j = i + 1; j < 3; j++) {
        double second = sobol_second_at(&o, last, 0, j, i)->value;
        cr_expect_lt(fabs(second - second_of(&f, i, j)), 0.02, "%d %d: %g", i, j, second);
      }
    }
    double variance = sobol_output_at(&o, last, 0, SOBOL_VARIANCE)->value;
    cr_expect_lt(fabs(variance / ishigami_variance() - 1), 0.01);
    cr_expect_lt(fabs(sobol_output_at(&o, last, 0, SOBOL_MEAN)->value - 3.5), 0.02);
    double sum = sobol_output_at(&o, last, 0, SOBOL_FIRST_SUM)->value;
    cr_expect_lt(fabs(sum - (1 - ishigami_interaction())), 0.02, "%g", sum);
    sensitivity_outcome_free(&o);
  }
}

/* With inputs 0 and 2 of Ishigami's function as one factor nothing interacts any more. */
Test(sobol_indices, a_group_has_the_index_of_its_inputs_together)
{
  static const int group[3] = {1, 0, 1};
  known f = known_at(0);
  sensitivity_task task = task_of(&f, 4);
  sensitivity_outcome o;
  task.n_groups = 2;
  task.group = group;
  task.rows = 4096;
  cr_assert(sobol_indices_run(&task, SOBOL_FIRST_SALTELLI, true, &o, NULL));
  int last = o.n_stages - 1;
  double alone = ishigami_first(1), truth[2] = {alone, 1 - alone};
  cr_assert_eq(o.n_factors, 2);
  cr_expect_eq(o.runs, 4096 * 6);
  for (int g = 0; g < 2; g++) {
    cr_expect_lt(fabs(sobol_first_at(&o, last, 0, g)->value - truth[g]), 0.01, "group %d", g);
    cr_expect_lt(fabs(sobol_total_at(&o, last, 0, g)->value - truth[g]), 0.01, "group %d", g);
  }
  cr_expect_lt(fabs(sobol_second_at(&o, last, 0, 0, 1)->value), 0.01);
  sensitivity_outcome_free(&o);
}

/* Three outputs: the first input, a constant, and what depends on nothing but the second. */
static bool run_three(void *context, long n, const double *points, double *values, bool *failed,
                      stepdose_error *error)
{
  (void)context;
  (void)failed;
  (void)error;
  for (long i = 0; i < n; i++) {
    values[3 * i] = points[2 * i];
    values[3 * i + 1] = 0.1;
    values[3 * i + 2] = 1e6 + points[2 * i + 1];
  }
  return true;
}

Test(sobol_indices, inert_inputs_and_constant_outputs_are_flagged)
{
  sensitivity_task task = {
      .n_inputs = 2, .n_outputs = 3, .evaluate = run_three, .seed = 5, .rows = 64};
  sensitivity_outcome o;
  cr_assert(sobol_indices_run(&task, SOBOL_FIRST_SALTELLI, false, &o, NULL));
  int last = o.n_stages - 1;
  for (int output = 0; output < 3; output += 2) {
    int active = output / 2;
    const sensitivity_index *total = sobol_total_at(&o, last, output, active);
    cr_expect_lt(fabs(total->value - 1), 0.3, "%g", total->value);
    cr_expect_eq(total->flags, 0);
    total = sobol_total_at(&o, last, output, 1 - active);
    cr_expect_eq(total->value, 0);
    cr_expect_eq(total->flags, SENSITIVITY_STRADDLES_ZERO);
    cr_expect_eq(sobol_first_at(&o, last, output, 1 - active)->value, 0);
  }
  for (int i = 0; i < 2; i++) {
    cr_expect(isnan(sobol_first_at(&o, last, 1, i)->value));
    cr_expect_eq(sobol_total_at(&o, last, 1, i)->flags, SENSITIVITY_CONSTANT);
  }
  cr_expect_eq(sobol_output_at(&o, last, 1, SOBOL_MEAN)->value, 0.1);
  cr_expect_eq(sobol_output_at(&o, last, 1, SOBOL_VARIANCE)->value, 0);
  cr_expect_str_eq(sensitivity_flag_name(SENSITIVITY_CONSTANT), "constant");
  cr_expect_null(sobol_second_at(&o, last, 0, 0, 1));
  sensitivity_outcome_free(&o);
}

/* The weak inputs of the g-function cannot be told from none by 32 samples: some estimates of the
 * first order are negative, and each of those says so. */
Test(sobol_indices, negative_estimates_are_flagged)
{
  known f = known_at(2);
  f.rows = 32;
  sensitivity_task task = task_of(&f, 6);
  sensitivity_outcome o;
  int negative = 0;
  cr_assert(sobol_indices_run(&task, SOBOL_FIRST_JANSEN, false, &o, NULL));
  for (int i = 0; i < f.n; i++) {
    const sensitivity_index *x = sobol_first_at(&o, o.n_stages - 1, 0, i);
    cr_expect_eq((x->flags & SENSITIVITY_NEGATIVE) != 0, x->value < 0, "input %d", i);
    cr_expect_eq((x->flags & SENSITIVITY_STRADDLES_ZERO) != 0, holds(x, 0), "input %d", i);
    negative += x->value < 0;
  }
  cr_expect_gt(negative, 0);
  sensitivity_outcome_free(&o);
}

Test(sobol_indices, failed_runs_are_left_out_and_counted)
{
  known f = known_at(0);
  for (int by_nan = 0; by_nan < 2; by_nan++) {
    watch w = {run_ishigami, NULL, 3, 1, .failing_share = 0.05, .by_nan = by_nan};
    sensitivity_task task = task_of(&f, 8);
    sensitivity_outcome o;
    task.rows = 4096;
    task.resamples = 50;
    task.evaluate = run_watched;
    task.context = &w;
    cr_assert(sobol_indices_run(&task, SOBOL_FIRST_SALTELLI, false, &o, NULL));
    int last = o.n_stages - 1;
    cr_expect_eq(o.failures, w.failed);
    cr_expect(w.failed > 0.04 * (double)o.runs && w.failed < 0.06 * (double)o.runs);
    for (int i = 0; i < 3; i++) {
      const sensitivity_index *x = sobol_first_at(&o, last, 0, i);
      double kept = (double)x->rows / 4096; /* three runs must have worked: 0.95^3 = 0.857 */
      cr_expect(kept > 0.83 && kept < 0.88, "%g", kept);
      cr_expect_eq(x->flags & SENSITIVITY_FEW_ROWS, 0);
      cr_expect_lt(fabs(x->value - ishigami_first(i)), 0.04, "%d: %g", i, x->value);
      cr_expect_lt(fabs(sobol_total_at(&o, last, 0, i)->value - ishigami_total(i)), 0.04);
    }
    sensitivity_outcome_free(&o);
  }
}

Test(sobol_indices, where_most_or_all_runs_fail_that_is_said)
{
  known f = known_at(0);
  for (int all = 0; all < 2; all++) {
    watch w = {run_ishigami, NULL, 3, 1, .failing_share = all ? 1 : 0.3};
    sensitivity_task task = task_of(&f, 8);
    sensitivity_outcome o;
    task.evaluate = run_watched;
    task.context = &w;
    cr_assert(sobol_indices_run(&task, SOBOL_FIRST_SALTELLI, true, &o, NULL));
    for (int i = 0; i < 3; i++) {
      const sensitivity_index *x = sobol_first_at(&o, o.n_stages - 1, 0, i);
      cr_expect(x->flags & SENSITIVITY_FEW_ROWS);
      cr_expect_eq(isnan(x->value) && isnan(x->low) && isnan(x->high), all == 1);
    }
    sensitivity_outcome_free(&o);
  }
}

/* One output that is missing now and then takes nothing from the other ones. */
static bool run_two(void *context, long n, const double *points, double *values, bool *failed,
                    stepdose_error *error)
{
  (void)failed;
  (void)error;
  for (long i = 0; i < n; i++) {
    values[2 * i] = ishigami(points + 3 * i);
    values[2 * i + 1] = *(int *)context && points[3 * i] > 0.9 ? (double)NAN : 1;
  }
  return true;
}

Test(sobol_indices, an_output_without_value_leaves_the_others_alone)
{
  sensitivity_outcome o[2];
  for (int missing = 0; missing < 2; missing++) {
    sensitivity_task task = {.n_inputs = 3,
                             .n_outputs = 2,
                             .evaluate = run_two,
                             .seed = 9,
                             .context = &missing,
                             .rows = 128,
                             .resamples = 50};
    cr_assert(sobol_indices_run(&task, SOBOL_FIRST_SALTELLI, false, &o[missing], NULL));
  }
  cr_expect_eq(o[0].failures, 0);
  cr_expect_gt(o[1].failures, 0);
  for (int i = 0; i < 3; i++) {
    const sensitivity_index *a = sobol_total_at(&o[0], o[0].n_stages - 1, 0, i);
    const sensitivity_index *b = sobol_total_at(&o[1], o[1].n_stages - 1, 0, i);
    cr_expect_eq(memcmp(a, b, sizeof *a), 0, "input %d", i);
  }
  sensitivity_outcome_free(&o[0]);
  sensitivity_outcome_free(&o[1]);
}

Test(sobol_indices, the_result_does_not_depend_on_the_size_of_batches)
{
  known f = known_at(1);
  uint64_t bits[4];
  const long size[4] = {0, 1, 7, 100000};
  for (int k = 0; k < 4; k++) {
    sensitivity_task task = task_of(&f, 10);
    sensitivity_outcome o;
    task.batch = size[k];
    cr_assert(sobol_indices_run(&task, SOBOL_FIRST_SALTELLI, true, &o, NULL));
    bits[k] = sensitivity_bits(&o);
    sensitivity_outcome_free(&o);
    cr_expect_eq(bits[k], bits[0], "batches of %ld", size[k]);
  }
}

/* What is stopped is worth as much as a study of so many rows. */
Test(sobol_indices, a_stopped_study_keeps_its_complete_rows)
{
  known f = known_at(0);
  watch w = {run_ishigami, NULL, 3, 1, .stop_at = 7};
  stepdose_settings settings = {.stop = &w.stop};
  sensitivity_task task = task_of(&f, 11);
  sensitivity_outcome stopped, whole;
  task.batch = 31; /* six rows of five runs */
  task.evaluate = run_watched;
  task.context = &w;
  task.progress = progress_open(&settings);
  cr_assert(sobol_indices_run(&task, SOBOL_FIRST_SALTELLI, false, &stopped, NULL));
  progress_close(task.progress);
  cr_expect(stopped.stopped);
  cr_expect_eq(stopped.rows, 42);
  task = task_of(&f, 11);
  task.rows = 42;
  cr_assert(sobol_indices_run(&task, SOBOL_FIRST_SALTELLI, false, &whole, NULL));
  stopped.stopped = false;
  cr_expect_eq(sensitivity_bits(&stopped), sensitivity_bits(&whole));
  sensitivity_outcome_free(&stopped);
  sensitivity_outcome_free(&whole);
}

static bool cannot_run(void *context, long n, const double *points, double *values, bool *failed,
                       stepdose_error *error)
{
  (void)context;
  (void)points;
  (void)values;
  (void)failed;
  return error_set(error, STEPDOSE_INPUT_OUTPUT, "", "no way to run %ld points", n);
}

Test(sobol_indices, tasks_that_cannot_be_run_are_errors)
{
  static const int hole[3] = {0, 2, 2}, outside[3] = {0, 1, 3};
  known f = known_at(0);
  sensitivity_task good = task_of(&f, 1), bad[10];
  for (int k = 0; k < 10; k++) {
    bad[k] = good;
  }
  bad[0].n_inputs = 0;
  bad[1].n_inputs = SENSITIVITY_INPUTS_MAX + 1;
  bad[2].n_outputs = 0;
  bad[3].rows = 3;
  bad[4].n_groups = 3;
  bad[4].group = hole;
  bad[5].n_groups = 3;
  bad[5].group = outside;
  bad[6].level = 1;
  bad[7].resamples = 3;
  bad[8].level = (double)NAN;
  bad[9].evaluate = cannot_run;
  for (int k = 0; k < 10; k++) {
    sensitivity_outcome o;
    stepdose_error error;
    error_clear(&error);
    cr_expect(!sobol_indices_run(&bad[k], SOBOL_FIRST_SALTELLI, true, &o, &error), "task %d", k);
    cr_expect_neq(error.code, STEPDOSE_OK, "task %d", k);
    cr_expect_neq(error.message[0], 0, "task %d", k);
    cr_expect_null(o.index);
  }
}

Test(sobol_indices, every_allocation_may_fail)
{
  known f = known_at(0);
  sensitivity_task task = task_of(&f, 12);
  task.rows = 16;
  long n = 0;
  for (bool done = false; !done; n++) {
    sensitivity_outcome o;
    stepdose_error error;
    error_clear(&error);
    allocate_fail_after(n, 1);
    done = sobol_indices_run(&task, SOBOL_FIRST_SALTELLI, true, &o, &error);
    allocate_fail_after(-1, 0);
    cr_assert(done || error.code == STEPDOSE_NO_MEMORY, "allocation %ld", n);
    cr_assert(done || o.index == NULL);
    sensitivity_outcome_free(&o);
    cr_assert(n < 1000);
  }
  cr_expect_gt(n, 10);
}
