/* Gradients of the CRS drive and of the nadirs of normal tissue, with premedication before day 0,
 * against Richardson-extrapolated differences of tight, independent runs. */
#include "simulate/gradient.h"
#include "simulate/synapse_bench.h"

#include <math.h>

enum { WINDOWS = 3, VALUES = WINDOWS + 2, DIRECTIONS = 8 };

static bench b;
static const schedule doses = {5,
                               {{-0.04, 16, 0, ROUTE_DEXAMETHASONE},
                                {0, 1, 4.0 / 24, ROUTE_IV},
                                {7, 5, 0, ROUTE_SC},
                                {27.9, 16, 0, ROUTE_DEXAMETHASONE},
                                {28, 60, 4.0 / 24, ROUTE_IV}}};
static gradient_direction directions[DIRECTIONS];

static void set_up(void)
{
  static const char *const names[] = {"kd_target_nM", "kd_cd3_nM", "clearance_L_per_day"};
  int n = 0;
  open_synapse_bench(&b);
  for (int i = 0; i < 3; i++) {
    const int amount_of[] = {1, 2, 4};
    directions[n++] = (gradient_direction){GRADIENT_AMOUNT, amount_of[i], amount_of[i], 0};
  }
  directions[n++] = (gradient_direction){GRADIENT_AMOUNT, 0, 0, 0};
  directions[n++] = (gradient_direction){GRADIENT_DAY, 2, 2, 0};
  for (int i = 0; i < 3; i++) {
    const int parameter = model_parameter_index(b.m, names[i]);
    cr_assert_geq(parameter, 0, "%s", names[i]);
    directions[n++] = (gradient_direction){GRADIENT_PARAMETER, 0, 0, parameter};
  }
  cr_assert_eq(n, DIRECTIONS);
}

static void tear_down(void) { simulate_workspace_close(b.w); }

TestSuite(gradient_further, .init = set_up, .fini = tear_down);

/* A variable's slopes are compared in a common unit: per relative change, or per day. */
static double unit_of(const gradient_direction *d)
{
  switch (d->kind) {
  case GRADIENT_AMOUNT:
    return doses.doses[d->first].amount;
  case GRADIENT_DAY:
    return 1;
  default:
    return b.parameters[d->parameter];
  }
}

static void tight_values(const gradient_direction *d, double change, double v[VALUES])
{
  bench copy = b;
  schedule s = doses;
  copy.settings = (simulate_settings){.relative_tolerance = 1e-10, .steps_max = 1000000};
  if (d->kind == GRADIENT_PARAMETER) {
    copy.parameters[d->parameter] *= 1 + change;
  } else {
    s.doses[d->first].amount *= d->kind == GRADIENT_AMOUNT ? 1 + change : 1;
    s.doses[d->first].day += d->kind == GRADIENT_DAY ? change : 0;
  }
  const endpoints e = run(&copy, &s, NULL);
  for (int w = 0; w < WINDOWS; w++) {
    v[w] = e.drive[w].value;
  }
  v[WINDOWS] = e.drive_course.value;
  v[WINDOWS + 1] = e.health_nadir[0].value;
}

static void tight_slopes(const gradient_direction *d, double h, double slope[VALUES])
{
  double down[VALUES], up[VALUES];
  tight_values(d, -h, down);
  tight_values(d, h, up);
  for (int i = 0; i < VALUES; i++) {
    slope[i] = (up[i] - down[i]) / (2 * h);
  }
}

static void our_slopes(double ours[DIRECTIONS][VALUES])
{
  stepdose_error error;
  static endpoint_slopes slopes[DIRECTIONS];
  const simulate_settings settings = gradient_settings();
  const cohort_call call = {&b.request, &settings, NULL};
  cohort_engine *e = cohort_engine_open(b.m, 1, 0, &error);
  gradient *g = gradient_open(b.m, DIRECTIONS, &error);
  cr_assert(e && g);
  cr_assert(gradient_run(g, e, b.parameters, &doses, DIRECTIONS, directions, &call, slopes, &error),
            "%s", error.message);
  for (int i = 0; i < DIRECTIONS; i++) {
    const double unit = unit_of(&directions[i]);
    for (int w = 0; w < WINDOWS; w++) {
      ours[i][w] = slopes[i].drive[w] * unit;
    }
    ours[i][WINDOWS] = slopes[i].drive_course * unit;
    ours[i][WINDOWS + 1] = slopes[i].health_nadir[0] * unit;
  }
  gradient_close(g);
  cohort_engine_close(e);
}

Test(gradient_further, drive_and_nadir_are_within_1e_4_of_the_largest_slope)
{
  static double ours[DIRECTIONS][VALUES], reference[DIRECTIONS][VALUES];
  our_slopes(ours);
  for (int i = 0; i < DIRECTIONS; i++) {
    double coarse[VALUES], fine[VALUES];
    tight_slopes(&directions[i], 4e-3, coarse);
    tight_slopes(&directions[i], 2e-3, fine);
    for (int k = 0; k < VALUES; k++) { /* the error is even in the width */
      reference[i][k] = (4 * fine[k] - coarse[k]) / 3;
    }
  }
  for (int k = 0; k < VALUES; k++) {
    double largest = 0;
    for (int i = 0; i < DIRECTIONS; i++) {
      largest = fmax(largest, fabs(reference[i][k]));
    }
    cr_expect_gt(largest, 0.0);
    for (int i = 0; i < DIRECTIONS; i++) {
      cr_expect(fabs(ours[i][k] - reference[i][k]) < 1e-4 * largest,
                "endpoint %d direction %d: %.8g, reference %.8g, largest %.4g", k, i, ours[i][k],
                reference[i][k], largest);
    }
  }
}
