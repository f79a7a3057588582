/* Premedication stands in the schedule, but it is no dose of engager; integration may begin before
 * day 0, reports begin there. */
#include "simulate/synapse_bench.h"

#include <math.h>

static const double FOUR_HOURS = 4.0 / 24;

static schedule engager(double first_day)
{
  return (schedule){3,
                    {{first_day, 1, FOUR_HOURS, ROUTE_IV},
                     {first_day + 7, 10, FOUR_HOURS, ROUTE_IV},
                     {first_day + 14, 60, FOUR_HOURS, ROUTE_IV}}};
}

static void add(schedule *s, double day, double mg, double duration_days, route r)
{
  s->doses[s->n_doses++] = (dose){day, mg, duration_days, r};
  schedule_sort(s);
}

static void expect_same_peaks(const endpoints *a, const endpoints *c, double tolerance)
{
  cr_assert_eq(a->n_windows, c->n_windows);
  for (int w = 0; w < a->n_windows; w++) {
    cr_expect_eq(a->window_day[w], c->window_day[w]);
    cr_expect(fabs(a->il6[w].value / c->il6[w].value - 1) < tolerance, "window %d: %.9g, %.9g",
              w + 1, a->il6[w].value, c->il6[w].value);
    cr_expect(fabs(a->il6[w].day - c->il6[w].day) < 1e-3, "window %d", w + 1);
  }
}

/* A patient on whom none of the drugs acts: only what the schedule itself does is left. */
static void open_bench_without_effects(bench *b)
{
  open_synapse_bench(b);
  b->settings.relative_tolerance = 1e-9;
  set(b, "dexamethasone_imax", 0);
  set(b, "il6_signal_share", 0);
  set(b, "il6_receptor_clearance", 0);
  set(b, "depleter_kill_blood_per_day", 0);
  set(b, "depleter_kill_lymphoid_per_day", 0);
  set(b, "depleter_kill_tumor_per_day", 0);
}

Test(premedication, opens_no_window_and_is_no_engager_in_totals)
{
  bench b;
  open_bench_without_effects(&b);
  const schedule plain = engager(0);
  schedule with = plain;
  add(&with, 0, 20, 0, ROUTE_DEXAMETHASONE);
  add(&with, 3.5, 16, 0, ROUTE_DEXAMETHASONE);
  add(&with, 6.9, 560, 1.0 / 24, ROUTE_TOCILIZUMAB);
  add(&with, 7.2, 1000, 1.0 / 24, ROUTE_DEPLETER);
  const endpoints a = run(&b, &plain, NULL), c = run(&b, &with, NULL);
  cr_expect_eq(c.n_windows, 3);
  cr_expect_eq(c.n_doses, 3);
  cr_expect_eq(c.total_mg, 71.0);
  cr_expect_eq(c.n_visits, 4, "days 0, 3, 7 (with what is given a few hours around it) and 14");
  expect_same_peaks(&a, &c, 1e-6);
  for (int w = 0; w < 3; w++) {
    cr_expect(fabs(a.drive[w].value / c.drive[w].value - 1) < 1e-6, "drive, window %d", w + 1);
  }
  cr_expect(fabs(a.log10_kill_average - c.log10_kill_average) < 1e-6, "%.9g, %.9g",
            a.log10_kill_average, c.log10_kill_average);
  simulate_workspace_close(b.w);
}

Test(premedication, moves_no_t_cells)
{
  static const char *const names[] = {"hosseini2020", "synapse"};
  const double days[] = {0, 0.01, 1, 10, 20};
  double parameters[BENCH_PARAMETERS_MAX], value[5 * OUTPUTS_MAX];
  trajectory t = {5, days, value};
  const endpoint_request request = {.horizon_days = 21, .last_days = 7};
  const simulate_settings settings = simulate_settings_default();
  const schedule alone = {3,
                          {{-1, 20, 0, ROUTE_DEXAMETHASONE},
                           {0, 16, 0, ROUTE_DEXAMETHASONE},
                           {5, 8, 0, ROUTE_TOCILIZUMAB}}};
  for (int k = 0; k < 2; k++) {
    stepdose_error error;
    endpoints e;
    const model *m = model_find(names[k]);
    model_parameter_defaults(m, parameters);
    simulate_workspace *w = simulate_workspace_open(m, &error);
    cr_assert(simulate_patient(w, parameters, &alone, &request, &settings, &e, &t, &error));
    for (int i = 0; i < 5; i++) {
      cr_expect(fabs(value[i * m->n_outputs + OUTPUT_BLOOD_T] / 5e5 - 1) < 1e-9,
                "%s, day %g: %.12g", names[k], days[i], value[i * m->n_outputs + OUTPUT_BLOOD_T]);
      cr_expect_eq(value[i * m->n_outputs + OUTPUT_DRUG], 0.0, "%s", names[k]);
    }
    cr_expect(e.n_windows == 0 && e.n_doses == 0 && e.total_mg == 0);
    simulate_workspace_close(w);
  }
}

/* The same doses a week later, begun a week earlier on the calendar, are the same course. */
Test(premedication, a_course_that_begins_before_day_0_is_the_same_course_shifted)
{
  enum { SHIFT = 7, POINTS = 6 };
  bench b;
  open_synapse_bench(&b);
  b.settings.relative_tolerance = 1e-9;
  const double early_days[POINTS] = {0, 0.3, 5, 7.4, 20, 42};
  double late_days[POINTS], early_value[POINTS * OUTPUTS_MAX], late_value[POINTS * OUTPUTS_MAX];
  for (int i = 0; i < POINTS; i++) {
    late_days[i] = early_days[i] + SHIFT;
  }
  trajectory early_samples = {POINTS, early_days, early_value};
  trajectory late_samples = {POINTS, late_days, late_value};
  schedule early = engager(0), late = engager(SHIFT);
  add(&early, -SHIFT, 1000, 4.0 / 24, ROUTE_DEPLETER);
  add(&early, -0.04, 16, 0, ROUTE_DEXAMETHASONE);
  add(&late, 0, 1000, 4.0 / 24, ROUTE_DEPLETER);
  add(&late, SHIFT - 0.04, 16, 0, ROUTE_DEXAMETHASONE);
  const endpoints e = run(&b, &early, &early_samples);
  b.request.horizon_days += SHIFT;
  const endpoints l = run(&b, &late, &late_samples);
  const int n = b.m->n_outputs;
  for (int i = 0; i < POINTS * n; i++) {
    const double scale = fabs(late_value[i]) + 1e-6;
    cr_expect(fabs(early_value[i] - late_value[i]) / scale < 1e-5, "day %g, %s: %.9g, later %.9g",
              early_days[i / n], model_outputs[i % n].name, early_value[i], late_value[i]);
  }
  cr_assert_eq(e.n_windows, 3);
  for (int w = 0; w < 3; w++) {
    cr_expect_eq(e.window_day[w], 7.0 * w);
    cr_expect(fabs(e.il6[w].value / l.il6[w].value - 1) < 1e-6, "window %d", w + 1);
    cr_expect(fabs(e.il6[w].day + SHIFT - l.il6[w].day) < 1e-3, "window %d", w + 1);
    cr_expect(fabs(e.drive[w].value / l.drive[w].value - 1) < 1e-6, "window %d", w + 1);
  }
  for (int s = 0; s < e.n_sites; s++) {
    cr_expect(fabs(e.days_above[s] - l.days_above[s]) < 1e-4, "site %d: %g, later %g", s,
              e.days_above[s], l.days_above[s]);
  }
  cr_expect_eq(e.tumor_initial, early_value[OUTPUT_TUMOR]);
  cr_expect_neq(e.tumor_initial, l.tumor_initial, "the tumour grows during the week before");
  cr_expect_eq(e.n_visits, 4, "days -7, 0 (with dexamethasone an hour before), 7, 14");
  cr_expect(e.il6_course.day >= 0 && e.drive_course.day >= 0);
  simulate_workspace_close(b.w);
}

Test(premedication, acts_where_the_model_has_it)
{
  static const struct {
    route drug;
    double day, mg, duration_days;
  } cases[] = {{ROUTE_DEXAMETHASONE, -0.04, 20, 0},
               {ROUTE_TOCILIZUMAB, -0.1, 560, 1.0 / 24},
               {ROUTE_DEPLETER, -7, 1000, 4.0 / 24}};
  bench b;
  open_synapse_bench(&b);
  const schedule plain = engager(0);
  const endpoints without = run(&b, &plain, NULL);
  for (int i = 0; i < 3; i++) {
    schedule s = plain;
    add(&s, cases[i].day, cases[i].mg, cases[i].duration_days, cases[i].drug);
    const endpoints e = run(&b, &s, NULL);
    cr_expect_lt(e.drive[0].value, 0.9 * without.drive[0].value, "%s: drive %g, without %g",
                 route_word(cases[i].drug), e.drive[0].value, without.drive[0].value);
  }
  simulate_workspace_close(b.w);
}

Test(premedication, more_doses_of_engager_than_windows_stay_in_the_last)
{
  bench b;
  open_synapse_bench(&b);
  b.request.horizon_days = SCHEDULE_DOSES_MAX + 1.0;
  schedule s = {.n_doses = SCHEDULE_DOSES_MAX};
  for (int i = 0; i < s.n_doses; i++) {
    s.doses[i] = (dose){i, 1, 0, ROUTE_SC};
  }
  const endpoints e = run(&b, &s, NULL);
  cr_expect_eq(e.n_windows, SCHEDULE_WINDOWS_MAX);
  cr_expect_eq(e.n_doses, SCHEDULE_DOSES_MAX);
  cr_expect_eq(e.total_mg, (double)SCHEDULE_DOSES_MAX);
  simulate_workspace_close(b.w);
}
