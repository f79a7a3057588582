/* Gradients against Richardson-extrapolated differences of tight, independent runs. */
#include "base/allocate.h"
#include "simulate/gradient.h"

#include <criterion/criterion.h>
#include <math.h>

enum { DOSES = 6, DIRECTIONS = 6 + 5 + 1 + 4, WINDOWS = 4 };

static const char *const molecule[4] = {"KdrugactT", "KdrugB", "Cl_tdb", "VmT"};

static const model *m;
static double parameters[256];
static schedule doses;
static gradient_direction directions[DIRECTIONS];
static const endpoint_request request = {.horizon_days = 84, .last_days = 21};

enum { REGIMENS = 3 };
static const double regimen_mg[REGIMENS][DOSES] = {
    {0.8, 5, 15, 20, 20, 20}, {1, 2, 60, 60, 30, 30}, {0.3, 10, 10, 12, 12, 12}};

static void set_regimen(const double *mg)
{
  const double day[DOSES] = {0, 7, 14, 21, 42, 63};
  int n = 0;
  m = model_find("hosseini2020");
  model_parameter_defaults(m, parameters);
  doses.n_doses = DOSES;
  for (int i = 0; i < DOSES; i++) {
    doses.doses[i] = (dose){day[i], mg[i], 4.0 / 24, ROUTE_IV};
    directions[n++] = (gradient_direction){GRADIENT_AMOUNT, i, i, 0};
  }
  for (int i = 1; i < DOSES; i++) {
    directions[n++] = (gradient_direction){GRADIENT_DAY, i, i, 0};
  }
  directions[n++] = (gradient_direction){GRADIENT_AMOUNT, 3, 5, 0}; /* maintenance */
  for (int i = 0; i < 4; i++) {
    directions[n++] =
        (gradient_direction){GRADIENT_PARAMETER, 0, 0, model_parameter_index(m, molecule[i])};
  }
  cr_assert_eq(n, DIRECTIONS);
}

static void set_up(void) { set_regimen(regimen_mg[0]); }

/* Endpoints of interest: IL-6 peaks of four windows, log10 of the day-84 tumour, average kill. */
enum { VALUES = WINDOWS + 2 };

static void values_of(const endpoints *e, double v[VALUES])
{
  for (int w = 0; w < WINDOWS; w++) {
    v[w] = e->il6[w].value;
  }
  v[WINDOWS] = log10(e->tumor_final);
  v[WINDOWS + 1] = e->log10_kill_average;
}

/* Central difference of tight runs with half-width h (relative, or days). */
static void tight_difference(simulate_workspace *w, const gradient_direction *d, double h,
                             double slope[VALUES])
{
  double v[2][VALUES], width = 0;
  for (int side = 0; side < 2; side++) {
    double p[256];
    schedule s = doses;
    stepdose_error error;
    endpoints e;
    const double sign = side ? 1 : -1;
    model_parameter_defaults(m, p);
    if (d->kind == GRADIENT_PARAMETER) {
      width = 2 * h * p[d->parameter];
      p[d->parameter] *= 1 + sign * h;
    } else {
      width = d->kind == GRADIENT_DAY ? 2 * h : 2 * h * s.doses[d->first].amount;
      for (int i = d->first; i <= d->last; i++) {
        s.doses[i].amount *= d->kind == GRADIENT_AMOUNT ? 1 + sign * h : 1;
        s.doses[i].day += d->kind == GRADIENT_DAY ? sign * h : 0;
      }
    }
    const simulate_settings tight = {.relative_tolerance = 1e-11, .steps_max = 1000000};
    cr_assert(simulate_patient(w, p, &s, &request, &tight, &e, NULL, &error), "%s", error.message);
    values_of(&e, v[side]);
  }
  for (int i = 0; i < VALUES; i++) {
    slope[i] = (v[1][i] - v[0][i]) / width;
  }
}

/* A variable's slopes are compared in a common unit: per relative change, or per day. */
static double unit_of(const gradient_direction *d)
{
  switch (d->kind) {
  case GRADIENT_AMOUNT:
    return doses.doses[d->first].amount;
  case GRADIENT_DAY:
    return 1;
  default:
    return parameters[d->parameter];
  }
}

static void reference_slopes(double reference[DIRECTIONS][VALUES])
{
  stepdose_error error;
  simulate_workspace *w = simulate_workspace_open(m, &error);
  for (int i = 0; i < DIRECTIONS; i++) {
    double coarse[VALUES], fine[VALUES];
    tight_difference(w, &directions[i], 4e-3, coarse);
    tight_difference(w, &directions[i], 2e-3, fine);
    for (int k = 0; k < VALUES; k++) { /* Richardson: the error is even in the width */
      reference[i][k] = (4 * fine[k] - coarse[k]) / 3 * unit_of(&directions[i]);
    }
  }
  simulate_workspace_close(w);
}

static void our_slopes(double ours[DIRECTIONS][VALUES])
{
  stepdose_error error;
  endpoint_slopes slopes[DIRECTIONS];
  const simulate_settings settings = gradient_settings();
  const cohort_call call = {&request, &settings, NULL};
  cohort_engine *e = cohort_engine_open(m, 2, 0, &error);
  gradient *g = gradient_open(m, DIRECTIONS, &error);
  cr_assert(e && g);
  cr_assert(gradient_run(g, e, parameters, &doses, DIRECTIONS, directions, &call, slopes, &error),
            "%s", error.message);
  const long before = allocate_count();
  cr_assert(gradient_run(g, e, parameters, &doses, DIRECTIONS, directions, &call, slopes, &error));
  cr_expect_eq(allocate_count(), before, "a second gradient allocates nothing");
  for (int i = 0; i < DIRECTIONS; i++) {
    for (int w = 0; w < WINDOWS; w++) {
      ours[i][w] = slopes[i].il6[w] * unit_of(&directions[i]);
    }
    ours[i][WINDOWS] = slopes[i].log10_tumor_final * unit_of(&directions[i]);
    ours[i][WINDOWS + 1] = slopes[i].log10_kill_average * unit_of(&directions[i]);
  }
  gradient_close(g);
  cohort_engine_close(e);
}

static void compare(int regimen)
{
  static double reference[DIRECTIONS][VALUES], ours[DIRECTIONS][VALUES];
  set_regimen(regimen_mg[regimen]);
  reference_slopes(reference);
  our_slopes(ours);
  for (int k = 0; k < VALUES; k++) {
    double largest = 0, worst = 0;
    int at = 0;
    for (int i = 0; i < DIRECTIONS; i++) {
      largest = fmax(largest, fabs(reference[i][k]));
    }
    for (int i = 0; i < DIRECTIONS; i++) {
      const double error = fabs(ours[i][k] - reference[i][k]) / largest;
      if (error > worst) {
        worst = error, at = i;
      }
    }
    cr_log_info("regimen %d endpoint %d: largest slope %.4g, worst error %.1e of it\n", regimen, k,
                largest, worst);
    cr_expect_lt(worst, 1e-4,
                 "regimen %d endpoint %d direction %d: %.8g, reference %.8g, largest %.4g", regimen,
                 k, at, ours[at][k], reference[at][k], largest);
  }
}

Test(gradient, every_entry_is_within_1e_4_of_the_largest)
{
  for (int r = 0; r < REGIMENS; r++) {
    compare(r);
  }
}

Test(gradient, a_day_before_the_first_is_not_asked_for, .init = set_up)
{
  stepdose_error error;
  endpoint_slopes slope;
  const simulate_settings settings = gradient_settings();
  const cohort_call call = {&request, &settings, NULL};
  const gradient_direction first_day = {GRADIENT_DAY, 0, 0, 0};
  cohort_engine *e = cohort_engine_open(m, 1, 2, &error);
  gradient *g = gradient_open(m, 1, &error);
  cr_assert(gradient_run(g, e, parameters, &doses, 1, &first_day, &call, &slope, &error));
  cr_expect(isfinite(slope.il6[0]) && isfinite(slope.log10_kill_average));
  gradient_close(g);
  cohort_engine_close(e);
}

Test(gradient, one_lane_is_refused, .init = set_up)
{
  stepdose_error error;
  endpoint_slopes slope;
  const simulate_settings settings = gradient_settings();
  const cohort_call call = {&request, &settings, NULL};
  cohort_engine *e = cohort_engine_open(m, 1, 1, &error);
  gradient *g = gradient_open(m, 1, &error);
  cr_expect_not(gradient_run(g, e, parameters, &doses, 1, directions, &call, &slope, &error));
  cr_expect_eq(error.code, STEPDOSE_INTERNAL);
  gradient_close(g);
  cohort_engine_close(e);
}
