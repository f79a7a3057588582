/* From the drive to probabilities of cytokine release syndrome. */
#include "objectives/crs.h"

#include "base/random.h"
#include "objectives/objective.h"

#include <criterion/criterion.h>
#include <math.h>

/* Grade g has its half probability at 10^(2 + g) pg/mL. */
static crs_coefficients coefficients(double patient_sd)
{
  return (crs_coefficients){
      .intercept = {-12, -16, -20, -24}, .slope = 4, .patient_sd = patient_sd};
}

static double logistic(double x) { return 1 / (1 + exp(-x)); }

Test(crs, without_spread_it_is_the_logistic_curve)
{
  crs_coefficients c = coefficients(0);
  for (int grade = 1; grade <= PROBLEM_GRADES; grade++) {
    for (double decades = -5; decades <= 8; decades += 0.25) {
      double drive = pow(10, decades);
      double expected = logistic(c.intercept[grade - 1] + 4 * decades);
      double found = crs_probability(&c, grade, 1, &drive);
      cr_expect(fabs(found - expected) <= 1e-12 * expected, "grade %d at %g pg/mL: %g, not %g",
                grade, drive, found, expected);
    }
  }
}

/* Rates by dose of talquetamab, 0.29, 0.44, 0.33, 0.12, give 1 - 0.71 * 0.56 * 0.67 * 0.88. */
Test(crs, without_spread_windows_are_independent)
{
  static const double rates[] = {0.29, 0.44, 0.33, 0.12};
  crs_coefficients c = coefficients(0);
  double drive[4];
  for (int w = 0; w < 4; w++) {
    drive[w] = pow(10, (log(rates[w] / (1 - rates[w])) - c.intercept[0]) / c.slope);
  }
  double any = crs_probability(&c, 1, 4, drive);
  cr_expect(fabs(any - 0.76557504) < 1e-12, "%.12g", any);
}

/* The mean over patients by a fine trapezoid rule. */
static double fine_mean(const crs_coefficients *c, int n, const double *drive)
{
  const double step = 0.01;
  double sum = 0;
  for (double z = -8; z <= 8; z += step) {
    double none = 1;
    for (int w = 0; w < n; w++) {
      none *= 1 - logistic(c->intercept[0] + c->slope * (log10(drive[w]) + c->patient_sd * z));
    }
    sum += (1 - none) * exp(-z * z / 2) * step;
  }
  return sum / sqrt(2 * acos(-1.0));
}

Test(crs, its_nodes_give_the_mean_over_patients)
{
  const uint64_t seed = 17;
  random_stream random = random_open(seed, 0);
  double worst = 0;
  for (int trial = 0; trial < 200; trial++) {
    crs_coefficients c = coefficients(1.35 * random_uniform(&random));
    double drive[6];
    int n = 1 + trial % 6;
    for (int w = 0; w < n; w++) {
      drive[w] = pow(10, 1 + 3 * random_uniform(&random));
    }
    worst = fmax(worst, fabs(crs_probability(&c, 1, n, drive) - fine_mean(&c, n, drive)));
  }
  cr_expect(worst < 0.002, "seed %d: worst difference %g", (int)seed, worst);
}

Test(crs, more_drive_more_windows_and_a_lower_grade_are_never_less_likely)
{
  const uint64_t seed = 23;
  random_stream random = random_open(seed, 0);
  for (int trial = 0; trial < 2000; trial++) {
    crs_coefficients c = coefficients(random_uniform(&random));
    double drive[5];
    for (int w = 0; w < 5; w++) {
      drive[w] = pow(10, 5 * random_uniform(&random) - 1);
    }
    double before = crs_probability(&c, 2, 4, drive);
    cr_expect(before > 0 && before < 1, "seed %d trial %d: %g", (int)seed, trial, before);
    cr_expect(crs_probability(&c, 2, 5, drive) > before, "trial %d: one window more", trial);
    cr_expect(crs_probability(&c, 1, 4, drive) > before, "trial %d: a lower grade", trial);
    drive[trial % 4] *= 1.01;
    cr_expect(crs_probability(&c, 2, 4, drive) > before, "trial %d: more drive", trial);
  }
}

/* What a patient is prone to he is prone to in every window: events come together. */
Test(crs, spread_between_patients_makes_any_event_less_likely_than_independence)
{
  crs_coefficients c = coefficients(0.4);
  double drive[] = {700, 900, 1200};
  double none = 1;
  for (int w = 0; w < 3; w++) {
    none *= 1 - crs_probability(&c, 1, 1, &drive[w]);
  }
  cr_expect(crs_probability(&c, 1, 3, drive) < 1 - none);
}

Test(crs, no_drive_is_floored_and_no_number_stays_none)
{
  crs_coefficients c = coefficients(0.4);
  double none = 0, floor_value = 1e-6, unknown = (double)NAN;
  cr_expect(crs_probability(&c, 1, 0, NULL) == 0);
  cr_expect(crs_probability(&c, 1, 1, &none) == crs_probability(&c, 1, 1, &floor_value));
  cr_expect(isnan(crs_probability(&c, 1, 1, &unknown)));
}

static endpoints run_of_four(void)
{
  endpoints e = {.n_windows = 4, .drive_course = {900, 15}};
  static const double drive[] = {300, 300, 900, 20};
  static const double day[] = {0, 0.5, 14, 28}; /* the first dose was split */
  for (int w = 0; w < 4; w++) {
    e.drive[w] = (peak){drive[w], day[w] + 1};
    e.window_day[w] = day[w];
  }
  return e;
}

Test(crs, limits_take_their_windows)
{
  endpoints e = run_of_four();
  limit l = {.kind = LIMIT_CRS_PROBABILITY, .bound = 0.1, .grade = 1, .crs = coefficients(0.4)};
  limit_value values[OBJECTIVE_VALUES_MAX];
  l.window = WINDOW_EACH_DOSE;
  cr_assert(objective_limit_values(&l, &e, values) == 4);
  for (int w = 0; w < 4; w++) {
    double alone = crs_probability(&l.crs, 1, 1, &e.drive[w].value);
    cr_expect(values[w].value == alone && values[w].window == w + 1, "window %d", w);
    cr_expect(values[w].day == e.drive[w].day, "window %d", w);
  }
  l.window = WINDOW_LATER_DOSES;
  cr_expect(objective_limit_values(&l, &e, values) == 3 && values[0].window == 2);
  l.window = WINDOW_FIRST_DOSE;
  cr_expect(objective_limit_values(&l, &e, values) == 1 && values[0].window == 1);
  l.kind = LIMIT_CRS_DRIVE;
  cr_expect(objective_limit_values(&l, &e, values) == 1 && values[0].value == 300);
}

Test(crs, a_split_dose_counts_once_in_the_course)
{
  endpoints e = run_of_four();
  limit l = {.kind = LIMIT_CRS_PROBABILITY, .bound = 0.1, .grade = 1, .crs = coefficients(0.4)};
  limit_value values[OBJECTIVE_VALUES_MAX];
  static const double once[] = {300, 900, 20};
  cr_assert(objective_limit_values(&l, &e, values) == 1);
  cr_expect(values[0].value == crs_probability(&l.crs, 1, 3, once), "%g", values[0].value);
  cr_expect(values[0].window == 0 && values[0].day == 15);
}

/* For one window and no spread the margin is linear in the logarithm of the drive, far beyond where
 * the probability itself has become flat. */
Test(crs, the_margin_of_a_probability_keeps_its_slope)
{
  limit l = {.kind = LIMIT_CRS_PROBABILITY, .bound = 0.1, .grade = 1, .crs = coefficients(0)};
  double bound_margin = 0;
  for (int tenth = 5; tenth <= 60; tenth++) {
    double drive = pow(10, tenth / 10.0);
    double margin = objective_margin(&l, crs_probability(&l.crs, 1, 1, &drive));
    double expected = (l.crs.intercept[0] + l.crs.slope * tenth / 10.0 + log(9)) / log(10);
    cr_expect(fabs(margin - expected) < 1e-6, "%g pg/mL: %g, not %g", drive, margin, expected);
    bound_margin = fmax(bound_margin, margin);
  }
  cr_expect(bound_margin > 5, "%g", bound_margin);
  cr_expect(isfinite(objective_margin(&l, 0)) && isfinite(objective_margin(&l, 1)));
}
