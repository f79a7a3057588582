/* Endpoints that only some models have, against the same patient's trajectory on a fine grid: rises
 * of the CRS drive, interferon-gamma, activated shares and the days above a level, nadirs of normal
 * tissue. */
#include "simulate/synapse_bench.h"

#include <math.h>

enum { PER_DAY = 1000, DAYS = 42, POINTS = DAYS * PER_DAY + 1, OUTPUTS = OUTPUTS_MAX };

static double days[POINTS], value[POINTS * OUTPUTS];
static trajectory fine = {POINTS, days, value};
static bench b;

/* Doses by different routes: slow uptake leaves a tail of drive at the next dose. */
static const schedule steps = {5,
                               {{0, 1, 0, ROUTE_SC},
                                {7, 4, 0, ROUTE_SC},
                                {9, 20, 4.0 / 24, ROUTE_IV},
                                {14, 60, 4.0 / 24, ROUTE_IV},
                                {35, 60, 4.0 / 24, ROUTE_IV}}};

static void set_up(void)
{
  open_synapse_bench(&b);
  for (int i = 0; i < POINTS; i++) {
    days[i] = i / (double)PER_DAY;
  }
}

static void tear_down(void) { simulate_workspace_close(b.w); }

TestSuite(further_endpoints, .init = set_up, .fini = tear_down);

static double at(int i, int output) { return value[i * b.m->n_outputs + output]; }

/* Index of a day that lies on the grid. */
static int index_of(double day) { return (int)lround(day * PER_DAY); }

/* Largest of sign * output between two days, both included. */
static double largest_between(int output, double sign, double from, double to)
{
  double most = -(double)INFINITY;
  for (int i = index_of(from); i <= index_of(to); i++) {
    most = fmax(most, sign * at(i, output));
  }
  return most;
}

/* A peak lies on the curve or, between points of the grid, a little above it. The quartic by which
 * it is found follows a ratio of states to about 1e-7 only, a tenth of the allowance below. */
static void expect_peak(const char *what, int k, double found, double on_grid, double scale)
{
  cr_expect(found >= on_grid - 1e-6 * scale && found <= on_grid + 2e-4 * scale,
            "%s %d: %.9g, on a fine grid %.9g", what, k, found, on_grid);
}

static double end_of_window(const schedule *s, int w)
{
  return w + 1 < s->n_doses ? s->doses[w + 1].day : DAYS;
}

Test(further_endpoints, drive_of_a_window_is_its_rise_above_the_value_at_the_dose)
{
  const endpoints e = run(&b, &steps, &fine);
  double largest_tail = 0;
  for (int w = 0; w < steps.n_doses; w++) {
    const double from = steps.doses[w].day, to = end_of_window(&steps, w);
    const double base = at(index_of(from), OUTPUT_CRS_DRIVE);
    const double most = largest_between(OUTPUT_CRS_DRIVE, 1, from, to);
    expect_peak("rise", w + 1, e.drive[w].value, most - base, most);
    cr_expect(e.drive[w].day >= from && e.drive[w].day <= to, "window %d", w + 1);
    cr_expect_geq(e.drive[w].value, 0.0);
    expect_peak("interferon", w + 1, e.ifn[w].value, largest_between(OUTPUT_IFN, 1, from, to),
                e.ifn[w].value);
    largest_tail = fmax(largest_tail, base / most);
  }
  cr_expect_gt(largest_tail, 0.01, "no dose of this test meets a tail of the one before");
  const double most = largest_between(OUTPUT_CRS_DRIVE, 1, 0, DAYS);
  expect_peak("course", 0, e.drive_course.value, most - at(0, OUTPUT_CRS_DRIVE), most);
  expect_peak("course", 1, e.ifn_course.value, largest_between(OUTPUT_IFN, 1, 0, DAYS),
              e.ifn_course.value);
}

Test(further_endpoints, drive_of_an_interval_is_its_rise_above_the_value_at_its_begin)
{
  static const double from[] = {0, 0.5, 8, 9, 15}, to[] = {7, 3, 14, 9.5, 42};
  b.request.n_intervals = 5;
  for (int i = 0; i < 5; i++) {
    b.request.interval[i].from_day = from[i];
    b.request.interval[i].to_day = to[i];
  }
  const endpoints e = run(&b, &steps, &fine);
  for (int i = 0; i < 5; i++) {
    const double most = largest_between(OUTPUT_CRS_DRIVE, 1, from[i], to[i]);
    const double base = at(index_of(from[i]), OUTPUT_CRS_DRIVE);
    expect_peak("interval", i + 1, e.drive_interval[i].value, most - base, most);
    const double ifn = largest_between(OUTPUT_IFN, 1, from[i], to[i]);
    expect_peak("interferon, interval", i + 1, e.ifn_interval[i].value, ifn, ifn);
  }
}

Test(further_endpoints, doses_that_share_a_window_share_where_the_rise_begins)
{
  const schedule split = {4,
                          {{0, 1, 0, ROUTE_SC},
                           {7, 10, 4.0 / 24, ROUTE_IV},
                           {7.5, 10, 4.0 / 24, ROUTE_IV},
                           {21, 20, 4.0 / 24, ROUTE_IV}}};
  const endpoints e = run(&b, &split, &fine);
  const double most = largest_between(OUTPUT_CRS_DRIVE, 1, 7, 21);
  expect_peak("window", 2, e.drive[1].value, most - at(index_of(7), OUTPUT_CRS_DRIVE), most);
  cr_expect(e.drive[1].value == e.drive[2].value && e.drive[1].day == e.drive[2].day);
  cr_expect(e.ifn[1].value == e.ifn[2].value);
  cr_expect_neq(e.drive[2].value, e.drive[3].value);
}

static int output_of_site(int site)
{
  return site == 0 ? OUTPUT_ACTIVATED_CD8 : OUTPUT_ACTIVATED_LYMPHOID + site - 1;
}

/* Days with a share above the level: between points of the grid the curve is a straight line. */
static double days_on_grid(int output, double level)
{
  double sum = 0;
  for (int i = 0; i + 1 < POINTS; i++) {
    const double a = at(i, output) - level, c = at(i + 1, output) - level;
    const double step = 1.0 / PER_DAY;
    if ((a > 0) == (c > 0)) {
      sum += a > 0 ? step : 0;
    } else {
      sum += step * (a > 0 ? a / (a - c) : c / (c - a));
    }
  }
  return sum;
}

Test(further_endpoints, days_above_a_level_are_those_of_the_trajectory)
{
  static const double levels[] = {0.003, 0.03, 0.1, 0.2, 0.3};
  int partly = 0;
  double worst = 0;
  for (int k = 0; k < 5; k++) {
    b.request.activated_above = levels[k];
    const endpoints e = run(&b, &steps, &fine);
    cr_assert_eq(e.n_sites, 3 + b.m->n_tissues);
    for (int s = 0; s < e.n_sites; s++) {
      const double expected = days_on_grid(output_of_site(s), levels[k]);
      const double error = fabs(e.days_above[s] - expected);
      worst = fmax(worst, error);
      partly += expected > 0.1 && expected < DAYS - 0.1;
      cr_expect_lt(error, 1e-3, "site %d above %g: %.7g days, on a fine grid %.7g", s, levels[k],
                   e.days_above[s], expected);
    }
  }
  cr_log_info("worst error %.1e days; %d times above for part of the course\n", worst, partly);
  cr_expect_geq(partly, 10, "only %d of the cases cross a level", partly);
}

Test(further_endpoints, days_above_a_level_exist_in_every_model)
{
  const model *m = model_find("hosseini2020");
  static const double levels[] = {0, 0.05, 0.1, 0.2, 0.99};
  stepdose_error error;
  endpoints e;
  b.m = m; /* width of the table of samples */
  model_parameter_defaults(m, b.parameters);
  simulate_workspace *w = simulate_workspace_open(m, &error);
  for (int k = 0; k < 5; k++) {
    b.request.activated_above = levels[k];
    cr_assert(
        simulate_patient(w, b.parameters, &steps, &b.request, &b.settings, &e, &fine, &error));
    const double expected = days_on_grid(OUTPUT_ACTIVATED_CD8, levels[k]);
    cr_expect(fabs(e.days_above[0] - expected) < 1e-3, "above %g: %.7g days, on a fine grid %.7g",
              levels[k], e.days_above[0], expected);
    cr_expect_eq(e.n_sites, 1);
    cr_expect_eq(e.activated[0].value, e.activated_cd8_course.value);
    cr_expect(e.drive_course.value == 0 && e.ifn_course.value == 0 && e.drive[0].value == 0);
  }
  simulate_workspace_close(w);
}

Test(further_endpoints, largest_shares_and_nadirs_are_found_between_steps)
{
  const endpoints e = run(&b, &steps, &fine);
  for (int s = 0; s < e.n_sites; s++) {
    const double most = largest_between(output_of_site(s), 1, 0, DAYS);
    expect_peak("share, site", s, e.activated[s].value, most, most);
  }
  for (int t = 0; t < b.m->n_tissues; t++) {
    const double least = -largest_between(OUTPUT_HEALTH_TISSUE1 + t, -1, 0, DAYS);
    cr_expect(e.health_nadir[t].value <= least + 1e-9 && e.health_nadir[t].value >= least - 2e-4,
              "tissue %d: %.9g, on a fine grid %.9g", t + 1, e.health_nadir[t].value, least);
  }
  cr_expect_lt(e.health_nadir[0].value, 0.99, "the first tissue is not touched");
  cr_expect_gt(at(POINTS - 1, OUTPUT_HEALTH_TISSUE1), e.health_nadir[0].value,
               "the first tissue does not recover");
  cr_expect(e.health_nadir[0].day > 0 && e.health_nadir[0].day < DAYS);
}

Test(further_endpoints, a_patient_without_tissues_has_no_tissue_endpoints)
{
  const endpoints with = run(&b, &steps, NULL);
  simulate_workspace_close(b.w);
  stepdose_error error;
  for (int k = 1; k <= 2; k++) {
    set(&b, k == 1 ? "tissue1_t_partition" : "tissue2_t_partition", 0);
  }
  b.m = b.m->fitting(b.parameters);
  b.w = simulate_workspace_open(b.m, &error);
  const endpoints e = run(&b, &steps, NULL);
  cr_expect_eq(e.n_sites, 3);
  cr_expect_gt(with.n_sites, e.n_sites);
  cr_expect_gt(e.drive[3].value, 0.0);
  cr_expect_gt(e.activated[2].value, 0.0);
}
