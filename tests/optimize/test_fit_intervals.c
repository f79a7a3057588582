/* Profile intervals against an exact profile, and how often they hold the truth. */
#include <criterion/criterion.h>

#include "optimize/fit_problems.h"

#include <stdio.h>

/* --- an exact profile --------------------------------------------------------------------------
 */

/* Residual sum of squares of a decay with this rate: the best amount is a weighted mean. */
static double decay_profile(const fit_model *m, double rate)
{
  double up = 0, down = 0, sum = 0;
  for (int r = 0; r < m->n_rows; r++) {
    const double e = exp(-rate * m->x[r]), w = 1 / (m->row[r].sd * m->row[r].sd);
    up += w * e * m->row[r].observed;
    down += w * e * e;
  }
  for (int r = 0; r < m->n_rows; r++) {
    const double e = exp(-rate * m->x[r]);
    sum += pow((m->row[r].observed - up / down * e) / m->row[r].sd, 2);
  }
  return sum;
}

static fit_model make_decay(double sd)
{
  fit_model m = {.curve = decay, .n_parameters = 2, .n_rows = 10};
  m.parameter[0] = log_parameter("amount", 3, 0.01, 1000);
  m.parameter[1] = log_parameter("rate", 1, 0.001, 100);
  for (int r = 0; r < m.n_rows; r++) {
    m.x[r] = 0.5 + r;
    m.row[r] = normal_row(0, sd);
  }
  return m;
}

/* Of data so scattered that the interval is far from symmetric. At 95 % the profile has risen by
 * 3.8415, the square of 1.96; an end is searched for until the root is met within 0.02. */
Test(fit_intervals, ends_lie_where_the_exact_profile_has_risen)
{
  static const double truth[] = {8, 0.35};
  random_stream random = random_open(21, 0);
  double most_skewed = 0;
  for (int c = 0; c < 40; c++) {
    fit_model m = make_decay(1.5);
    fit_outcome o;
    make_observations(&m, truth, &random);
    fit_task task = fit_task_of(&m);
    task.profiles = true;
    cr_assert(fit_run(&task, &o, NULL));
    const fit_estimate *e = &o.estimate[1];
    const double bottom = decay_profile(&m, e->value);
    const double low = sqrt(decay_profile(&m, e->low) - bottom);
    const double high = sqrt(decay_profile(&m, e->high) - bottom);
    cr_expect(fabs(low - 1.96) < 0.022, "case %d: %g at %g", c, low, e->low);
    cr_expect(fabs(high - 1.96) < 0.022, "case %d: %g at %g", c, high, e->high);
    most_skewed = fmax(most_skewed, log(e->value / e->low) / log(e->high / e->value));
    fit_outcome_free(&o);
  }
  cr_expect_gt(most_skewed, 1.5, "%g", most_skewed);
}

/* --- coverage ----------------------------------------------------------------------------------
 */

enum { REPEATS = 2000 };

static double saturation(const double *v, double x) { return v[0] * x / (v[1] + x); }

typedef struct covered {
  const char *name;
  fit_model m;
  double truth[2];
} covered;

static covered decay_case(void)
{
  return (covered){"decay, normal rows", make_decay(0.6), {8, 0.35}};
}

static covered logistic_case(void)
{
  covered c = {"logistic curve, shares of 60 patients",
               {.curve = logistic, .n_parameters = 2, .n_rows = 8},
               {-1, 0.8}};
  c.m.parameter[0] = linear_parameter("intercept", 0, -20, 20);
  c.m.parameter[1] = linear_parameter("slope", 0, -20, 20);
  for (int r = 0; r < c.m.n_rows; r++) {
    c.m.x[r] = -3 + r;
    c.m.row[r] = binomial_row(0, 60);
  }
  return c;
}

static covered saturation_case(void)
{
  covered c = {"saturation, rows normal in decades",
               {.curve = saturation, .n_parameters = 2, .n_rows = 9},
               {100, 3}};
  c.m.parameter[0] = log_parameter("largest", 30, 1, 1e4);
  c.m.parameter[1] = log_parameter("half", 1, 0.01, 1e3);
  for (int r = 0; r < c.m.n_rows; r++) {
    c.m.x[r] = 0.3 * pow(2, r);
    c.m.row[r] = normal_row(1, 0.1);
    c.m.row[r].scale = FIT_SCALE_LOG10;
  }
  return c;
}

/* 2000 repeats leave a standard error of 0.5 points. */
static void expect_coverage(covered c, uint64_t seed)
{
  random_stream random = random_open(seed, 0);
  int held[2] = {0}, open = 0;
  for (int i = 0; i < REPEATS; i++) {
    fit_outcome o;
    make_observations(&c.m, c.truth, &random);
    fit_task task = fit_task_of(&c.m);
    task.profiles = true;
    cr_assert(fit_run(&task, &o, NULL), "%s, repeat %d", c.name, i);
    for (int j = 0; j < 2; j++) {
      const fit_estimate *e = &o.estimate[j];
      held[j] += e->low <= c.truth[j] && c.truth[j] <= e->high;
      open += e->low_open || e->high_open;
    }
    fit_outcome_free(&o);
  }
  for (int j = 0; j < 2; j++) {
    const double percent = 100.0 * held[j] / REPEATS;
    printf("%s, seed %d: %s held in %.1f %%\n", c.name, (int)seed, c.m.parameter[j].name, percent);
    cr_expect(percent >= 93 && percent <= 97, "%s, %s: %g %%", c.name, c.m.parameter[j].name,
              percent);
  }
  cr_expect_eq(open, 0, "%s: %d intervals reach a bound", c.name, open);
}

Test(fit_intervals, hold_the_truth_as_often_as_they_say_decay)
{
  expect_coverage(decay_case(), 31);
}

Test(fit_intervals, hold_the_truth_as_often_as_they_say_logistic)
{
  expect_coverage(logistic_case(), 32);
}

Test(fit_intervals, hold_the_truth_as_often_as_they_say_saturation)
{
  expect_coverage(saturation_case(), 33);
}
