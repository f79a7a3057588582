/* Fits that go wrong: what the data leave open, what cannot be predicted, several optima, no
 * memory, no time. */
#include <criterion/criterion.h>

#include "optimize/fit_problems.h"

#include "base/allocate.h"

#include <string.h>

static const fit_warning *warning_of(const fit_outcome *o, fit_warning_kind kind)
{
  for (int i = 0; i < o->n_warnings; i++) {
    if (o->warning[i].kind == kind) {
      return &o->warning[i];
    }
  }
  return NULL;
}

/* --- what the data leave open ------------------------------------------------------------------
 */

static fit_model make_product(random_stream *random)
{
  static const double truth[] = {4, 2, 0.3};
  fit_model m = {.curve = product, .n_parameters = 3, .n_rows = 12};
  m.parameter[0] = log_parameter("dose", 1, 0.01, 1000);
  m.parameter[1] = log_parameter("share", 1, 0.01, 1000);
  m.parameter[2] = log_parameter("rate", 0.1, 0.01, 10);
  for (int r = 0; r < m.n_rows; r++) {
    m.x[r] = 0.5 * r;
    m.row[r] = normal_row(0, 0.2);
  }
  make_observations(&m, truth, random);
  return m;
}

Test(fit_trouble, a_pair_that_only_shows_as_a_product_is_named)
{
  random_stream random = random_open(41, 0);
  fit_model m = make_product(&random);
  fit_task task = fit_task_of(&m);
  fit_outcome o;
  task.profiles = true;
  cr_assert(fit_run(&task, &o, NULL));
  cr_assert_eq(o.n_directions, 1);
  const fit_direction *d = &o.direction[0];
  cr_expect_lt(d->information, 1e-6);
  cr_expect(fabs(d->loading[0]) > FIT_LOADING && fabs(d->loading[1]) > FIT_LOADING);
  cr_expect_lt(fabs(d->loading[2]), FIT_LOADING);
  cr_expect_lt(d->loading[0] * d->loading[1], 0); /* one up, the other down */
  const fit_warning *open = warning_of(&o, FIT_WARNING_OPEN_INTERVAL);
  cr_assert_not_null(open);
  cr_expect_eq(open->first, 0);
  /* the rate is as sure as if the product were one number */
  cr_expect_lt(o.estimate[2].sd, 0.05);
  cr_expect(o.estimate[2].low > 0.2 && o.estimate[2].high < 0.4);
  fit_outcome_free(&o);
}

/* A prior on one of the two settles both. */
Test(fit_trouble, a_prior_closes_what_the_data_leave_open)
{
  random_stream random = random_open(41, 0);
  fit_model m = make_product(&random);
  m.parameter[0].prior = 4;
  m.parameter[0].prior_sd = 0.05;
  fit_task task = fit_task_of(&m);
  fit_outcome o;
  task.profiles = true;
  cr_assert(fit_run(&task, &o, NULL));
  cr_expect_leq(o.n_directions, 1); /* that the data say nothing beyond the prior is still told */
  cr_expect_null(warning_of(&o, FIT_WARNING_OPEN_INTERVAL));
  cr_expect_not_null(warning_of(&o, FIT_WARNING_HARDLY_INFORMED));
  cr_expect(o.estimate[1].low > 1 && o.estimate[1].high < 4, "%g to %g", o.estimate[1].low,
            o.estimate[1].high);
  fit_outcome_free(&o);
}

Test(fit_trouble, a_correlated_pair_is_named)
{
  random_stream random = random_open(42, 0);
  static const double truth[] = {1, 0.7};
  fit_model m = {.curve = line, .n_parameters = 2, .n_rows = 9};
  m.parameter[0] = linear_parameter("a", 0, -500, 500);
  m.parameter[1] = linear_parameter("b", 0, -50, 50);
  for (int r = 0; r < m.n_rows; r++) {
    m.x[r] = 20 + r; /* far from the origin: a and b go against each other */
    m.row[r] = normal_row(0, 1);
  }
  make_observations(&m, truth, &random);
  fit_task task = fit_task_of(&m);
  fit_outcome o;
  cr_assert(fit_run(&task, &o, NULL));
  const fit_warning *w = warning_of(&o, FIT_WARNING_CORRELATED);
  cr_assert_not_null(w);
  cr_expect(w->first == 0 && w->second == 1 && w->value < -0.95);
  fit_outcome_free(&o);
}

/* Rows of group 0 alone know the second parameter: without them its value is still theirs. */
static double two_levels(const double *v, double x) { return x < 0 ? v[1] : v[0]; }

Test(fit_trouble, a_parameter_that_only_the_group_left_out_informs_is_named)
{
  fit_model m = {.curve = two_levels, .n_parameters = 2, .n_rows = 5};
  m.parameter[0] = linear_parameter("both", 0, -50, 50);
  m.parameter[1] = linear_parameter("own", 0, -50, 50);
  for (int r = 0; r < 4; r++) {
    m.x[r] = r < 2 ? -1 : 1;
    m.row[r] = normal_row(r < 2 ? 7 + r : 2 + r, 1);
    m.row[r].group = r < 2 ? 0 : 1;
  }
  m.x[4] = 1; /* of the first group, but told by the second */
  m.row[4] = normal_row(4, 1);
  m.row[4].group = 0;
  fit_task task = fit_task_of(&m);
  fit_outcome o;
  task.n_groups = 2;
  task.leave_out = true;
  cr_assert(fit_run(&task, &o, NULL));
  const fit_warning *w = warning_of(&o, FIT_WARNING_BORROWED);
  cr_assert_not_null(w);
  cr_expect(w->first == 0 && w->second == 1);
  cr_expect(isnan(o.left_out_value[0].predicted) && isnan(o.left_out_value[1].predicted),
            "what rests on it is not predicted unseen");
  cr_expect_float_eq(o.left_out_value[4].predicted, 4.5, 1e-6, "the mean of 4 and 5: %g",
                     o.left_out_value[4].predicted);
  fit_outcome_free(&o);
}

/* --- what cannot be predicted ------------------------------------------------------------------
 */

static double decay_without_row_3(const double *v, double x)
{
  return fabs(x - 1.5) < 0.01 ? (double)NAN : decay(v, x);
}

static fit_model make_decay(fit_curve *curve)
{
  static const double truth[] = {8, 0.35};
  fit_model m = {.curve = decay, .n_parameters = 2, .n_rows = 10};
  random_stream random = random_open(43, 0);
  m.parameter[0] = log_parameter("amount", 1, 0.01, 1000);
  m.parameter[1] = log_parameter("rate", 1, 0.001, 100);
  for (int r = 0; r < m.n_rows; r++) {
    m.x[r] = 0.5 * r;
    m.row[r] = normal_row(0, 0.2);
  }
  make_observations(&m, truth, &random);
  m.curve = curve;
  return m;
}

/* The same as without that row. */
Test(fit_trouble, a_row_that_is_never_predicted_leaves_the_fit_to_the_others)
{
  fit_model whole = make_decay(decay), holed = make_decay(decay_without_row_3);
  fit_outcome known, o;
  whole.row[3].weight = 0;
  fit_task task = fit_task_of(&whole);
  cr_assert(fit_run(&task, &known, NULL));
  task = fit_task_of(&holed);
  task.profiles = true;
  cr_assert(fit_run(&task, &o, NULL));
  for (int j = 0; j < 2; j++) {
    cr_expect(fabs(log(o.estimate[j].value / known.estimate[j].value)) < 1e-4, "%g, %g",
              o.estimate[j].value, known.estimate[j].value);
    cr_expect(o.estimate[j].low < o.estimate[j].value && o.estimate[j].value < o.estimate[j].high);
  }
  cr_expect(isnan(o.prediction[3].predicted) && isnan(o.prediction[3].sigmas));
  const fit_warning *w = warning_of(&o, FIT_WARNING_NOT_PREDICTED);
  cr_assert_not_null(w);
  cr_expect_eq(w->first, 3);
  fit_outcome_free(&o);
  fit_outcome_free(&known);
}

Test(fit_trouble, an_observation_that_is_no_number_has_no_part_in_the_fit)
{
  fit_model m = make_decay(decay), gaps = make_decay(decay);
  fit_outcome known, o;
  m.row[3].weight = m.row[4].weight = 0;
  gaps.row[3].observed = NAN;
  gaps.row[4].sd = 0;
  fit_task task = fit_task_of(&m);
  cr_assert(fit_run(&task, &known, NULL));
  task = fit_task_of(&gaps);
  cr_assert(fit_run(&task, &o, NULL));
  cr_expect_eq(o.estimate[0].value, known.estimate[0].value);
  cr_expect_eq(o.n_warnings, 2);
  fit_outcome_free(&o);
  fit_outcome_free(&known);
}

/* Everything right of 1.6 fails, and the way to the optimum leads along it. */
static bool fails_above(const double *v) { return v[0] * v[1] > 8 * 0.35 + 0.5; }

Test(fit_trouble, runs_that_fail_on_the_way_are_gone_around)
{
  fit_model sound = make_decay(decay), fragile = make_decay(decay);
  fit_outcome known, o;
  fragile.fails = fails_above;
  fit_task task = fit_task_of(&sound);
  cr_assert(fit_run(&task, &known, NULL));
  task = fit_task_of(&fragile);
  task.screened = 64;
  task.starts = 2;
  cr_assert(fit_run(&task, &o, NULL));
  cr_expect_gt(o.failures, 0);
  for (int j = 0; j < 2; j++) {
    cr_expect(fabs(log(o.estimate[j].value / known.estimate[j].value)) < 1e-4);
  }
  fit_outcome_free(&o);
  fit_outcome_free(&known);
}

static bool fails_always(const double *v)
{
  (void)v;
  return true;
}

Test(fit_trouble, what_cannot_be_predicted_at_all_is_an_error)
{
  fit_model m = make_decay(decay);
  fit_outcome o;
  stepdose_error error = {.code = STEPDOSE_OK};
  m.fails = fails_always;
  fit_task task = fit_task_of(&m);
  cr_expect(!fit_run(&task, &o, &error));
  cr_expect_eq(error.code, STEPDOSE_SIMULATION_FAILED);
  cr_expect_null(o.estimate);
}

static bool cannot_go_on(void *context, long n, const double *points, double *values, bool *failed,
                         stepdose_error *error)
{
  (void)context, (void)n, (void)points, (void)values, (void)failed;
  error->code = STEPDOSE_INPUT_OUTPUT;
  return false;
}

Test(fit_trouble, an_evaluation_that_cannot_go_on_ends_the_fit)
{
  fit_model m = make_decay(decay);
  fit_outcome o;
  stepdose_error error = {.code = STEPDOSE_OK};
  fit_task task = fit_task_of(&m);
  task.evaluate = cannot_go_on;
  cr_expect(!fit_run(&task, &o, &error));
  cr_expect_eq(error.code, STEPDOSE_INPUT_OUTPUT);
}

/* --- several optima ----------------------------------------------------------------------------
 */

/* Two wells, at -2 and at 3, the second deeper. */
static double two_wells(const double *v, double x)
{
  return x < 0.5 ? (v[0] + 2) * (v[0] - 3) : 0.3 * v[0];
}

static fit_model make_wells(double sd)
{
  fit_model m = {.curve = two_wells, .n_parameters = 1, .n_rows = 2, .x = {0, 1}};
  m.parameter[0] = linear_parameter("v", -2.5, -10, 10);
  m.row[0] = normal_row(0, 0.1);
  m.row[1] = normal_row(0.9, sd);
  return m;
}

Test(fit_trouble, screened_starts_leave_a_worse_optimum)
{
  fit_model m = make_wells(0.1);
  fit_task task = fit_task_of(&m);
  fit_outcome o;
  cr_assert(fit_run(&task, &o, NULL));
  cr_expect(fabs(o.estimate[0].value + 2) < 0.1);
  fit_outcome_free(&o);
  task.screened = 32;
  task.starts = 2;
  cr_assert(fit_run(&task, &o, NULL));
  cr_expect(fabs(o.estimate[0].value - 3) < 1e-4, "%g", o.estimate[0].value);
  fit_outcome_free(&o);
}

Test(fit_trouble, another_optimum_about_as_good_is_told)
{
  fit_model m = make_wells(2); /* the row that tells them apart says little */
  fit_task task = fit_task_of(&m);
  fit_outcome o;
  task.screened = 32;
  task.starts = 4;
  cr_assert(fit_run(&task, &o, NULL));
  const fit_warning *w = warning_of(&o, FIT_WARNING_OTHER_OPTIMUM);
  cr_assert_not_null(w);
  cr_expect(w->second == 0 && w->value > 0 && w->value < 3.84);
  fit_outcome_free(&o);
}

/* --- no memory, no time ------------------------------------------------------------------------
 */

Test(fit_trouble, every_allocation_of_a_fit_may_fail)
{
  random_stream random = random_open(44, 0);
  fit_model m = make_product(&random);
  fit_task task = fit_task_of(&m);
  long n = 0;
  for (int r = 0; r < m.n_rows; r++) {
    m.row[r].group = r % 2;
  }
  task.screened = 8;
  task.starts = task.n_groups = 2;
  task.leave_out = true;
  for (int persistent = 0; persistent < 2; persistent++) {
    n = 0;
    for (bool done = false; !done; n++) {
      fit_outcome o;
      stepdose_error error = {.code = STEPDOSE_OK};
      allocate_fail_after(n, persistent);
      done = fit_run(&task, &o, &error);
      allocate_fail_after(-1, 0);
      cr_assert(done || (error.code == STEPDOSE_NO_MEMORY && o.estimate == NULL),
                "allocation %ld: code %d", n, error.code);
      fit_outcome_free(&o);
    }
    cr_expect_gt(n, 50);
  }
}

Test(fit_trouble, a_limit_of_evaluations_leaves_the_best_so_far)
{
  fit_model m = make_decay(decay);
  fit_task task = fit_task_of(&m);
  fit_outcome o;
  task.profiles = true;
  double before = INFINITY;
  for (long most = 1; most < 60; most += 7) {
    task.evaluations_max = most;
    cr_assert(fit_run(&task, &o, NULL), "%ld evaluations", most);
    cr_expect(o.end == SEARCH_END_EVALUATIONS && o.evaluations <= most);
    cr_expect_leq(o.objective, before);
    before = o.objective;
    fit_outcome_free(&o);
  }
}
