/* Weights by maximum entropy: targets, closed form, evenness. */
#include "population/weights.h"

#include "base/allocate.h"
#include "base/random.h"

#include <criterion/criterion.h>
#include <math.h>

enum { PATIENTS = 4000, TARGETS = 3 };

static void fill(double *values, uint64_t seed)
{
  random_stream random = random_open(seed, 0);
  for (int i = 0; i < PATIENTS; i++) {
    const double x = random_normal(&random), y = random_normal(&random);
    values[i * TARGETS] = x;
    values[i * TARGETS + 1] = x + y > 0;
    values[i * TARGETS + 2] = y * y;
  }
}

Test(population, weighted_means_meet_their_targets)
{
  static double values[PATIENTS * TARGETS], weights[PATIENTS];
  static const double targets[][TARGETS] = {{0.3, 0.5, 1}, {0.5, 0.8, 1.5}, {-1, 0.1, 0.5}};
  for (size_t c = 0; c < sizeof targets / sizeof targets[0]; c++) {
    fill(values, c);
    const weights_request request = {PATIENTS, TARGETS, values, targets[c], NULL, 1e-6};
    weights_report report;
    stepdose_error error = {.code = STEPDOSE_OK};
    cr_assert(weights_match(&request, weights, &report, &error), "%s", error.message);
    double total = 0, mean[TARGETS] = {0};
    for (int i = 0; i < PATIENTS; i++) {
      cr_assert(weights[i] >= 0);
      total += weights[i];
      for (int k = 0; k < TARGETS; k++) {
        mean[k] += weights[i] * values[i * TARGETS + k];
      }
    }
    cr_expect(fabs(total - 1) < 1e-12, "case %zu: sum %g", c, total);
    for (int k = 0; k < TARGETS; k++) {
      cr_expect(fabs(mean[k] - targets[c][k]) < 1e-4, "case %zu: %g instead of %g", c, mean[k],
                targets[c][k]);
    }
    cr_expect(report.error_after < 1e-4 && report.error_before > 0.1, "case %zu", c);
    cr_expect(report.effective_size > 50 && report.effective_size < PATIENTS, "case %zu: %g", c,
              report.effective_size);
  }
}

/* One indicator: all patients with it share its target, all without the rest. */
Test(population, weights_of_one_share_are_as_by_hand)
{
  double values[100], weights[100];
  const double target = 0.6;
  for (int i = 0; i < 100; i++) {
    values[i] = i < 20;
  }
  const weights_request request = {100, 1, values, &target, NULL, 1e-12};
  weights_report report;
  cr_assert(weights_match(&request, weights, &report, NULL));
  for (int i = 0; i < 100; i++) {
    cr_expect(fabs(weights[i] - (i < 20 ? 0.6 / 20 : 0.4 / 80)) < 1e-9, "patient %d: %g", i,
              weights[i]);
  }
  cr_expect(fabs(report.effective_size - 1 / (0.36 / 20 + 0.16 / 80)) < 1e-6, "%g",
            report.effective_size);
}

Test(population, patients_without_prior_weight_get_none)
{
  static double values[PATIENTS * TARGETS], weights[PATIENTS], prior[PATIENTS];
  static const double target[TARGETS] = {0.2, 0.6, 1.1};
  fill(values, 9);
  for (int i = 0; i < PATIENTS; i++) {
    prior[i] = i % 3 != 0;
  }
  values[0] = 1e6; /* of a patient who does not count: must not matter */
  const weights_request request = {PATIENTS, TARGETS, values, target, prior, 1e-6};
  weights_report report;
  stepdose_error error = {.code = STEPDOSE_OK};
  cr_assert(weights_match(&request, weights, &report, &error), "%s", error.message);
  for (int i = 0; i < PATIENTS; i++) {
    cr_expect((weights[i] > 0) == (prior[i] > 0), "patient %d: %g", i, weights[i]);
  }
  cr_expect(report.error_after < 1e-4, "%g", report.error_after);
}

Test(population, a_larger_ridge_gives_more_even_weights_and_larger_errors)
{
  static double values[PATIENTS * TARGETS], weights[PATIENTS];
  static const double target[TARGETS] = {0.5, 0.8, 1.5};
  fill(values, 2);
  double size = 0, largest = 0;
  for (double ridge = 1e-6; ridge < 2; ridge *= 10) {
    const weights_request request = {PATIENTS, TARGETS, values, target, NULL, ridge};
    weights_report report;
    cr_assert(weights_match(&request, weights, &report, NULL), "ridge %g", ridge);
    cr_expect(report.effective_size > size && report.error_after > largest, "ridge %g", ridge);
    size = report.effective_size, largest = report.error_after;
  }
}

/* Nobody has the property, everybody is to have it: the ridge keeps the answer finite, and the
 * report tells the error. Senseless requests are refused. */
Test(population, impossible_targets_are_told_or_refused)
{
  double values[4] = {0, 0, 0, 0}, weights[4], prior[4] = {0};
  double target = 1;
  weights_request request = {4, 1, values, &target, NULL, 1e-3};
  weights_report report;
  stepdose_error error = {.code = STEPDOSE_OK};
  cr_expect(weights_match(&request, weights, &report, &error), "%s", error.message);
  cr_expect(fabs(report.error_after - 1) < 1e-12 && fabs(report.effective_size - 4) < 1e-9);
  request.prior = prior;
  cr_expect(!weights_match(&request, weights, &report, &error));
  cr_expect_eq(error.code, STEPDOSE_OUT_OF_RANGE);
  request.prior = NULL;
  target = (double)NAN;
  error.code = STEPDOSE_OK;
  cr_expect(!weights_match(&request, weights, &report, &error));
  cr_expect_eq(error.code, STEPDOSE_NOT_FINITE);
}
