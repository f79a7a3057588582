/* What is known of treatment with T-cell engagers - circulating target, premedication, pauses - and
 * of tumours, each as a property of synapse. On default values or on changes that the test states.
 */
#include "simulate/solid_tumour.h"

static schedule one_dose(double mg) { return weekly(1, mg); }

/* The same schedule with one dose of premedication. */
static schedule premedicated(schedule s, route r, double day, double mg, double hours)
{
  s.doses[s.n_doses++] = (dose){day, mg, hours / 24, r};
  schedule_sort(&s);
  return s;
}

/* Untreated patients with circulating tumour cells or full B-cell counts have the worst first
 * reactions (mosunetuzumab: 60 % untreated, 26 to 39 % relapsed; Byrd 1999 for rituximab). */
Test(synapse_treatment, more_circulating_target_raises_the_first_peak)
{
  static bench b;
  open_bench(&b, "synapse");
  b.request.horizon_days = 7;
  const schedule s = one_dose(1);
  double last = 0;
  const double cells_per_mL[] = {1e4, 1e5, 1e6};
  for (int i = 0; i < 3; i++) {
    set(&b, "blood_target_cells_per_mL", cells_per_mL[i]);
    const double il6 = run(&b, &s, NULL).il6[0].value;
    cr_expect_gt(il6, 1.05 * last, "%g per mL: %g pg/mL", cells_per_mL[i], il6);
    last = il6;
  }
  close_bench(&b);
}

/* Tocilizumab blocks the receptor that clears IL-6: what is measured rises (Nishimoto 2008), while
 * cytokine release syndrome becomes rarer (clinical/crs_by_dose.csv: 72-80 to 14-30 %). */
Test(synapse_treatment, tocilizumab_lowers_the_drive_while_measured_il6_rises)
{
  static bench b;
  open_bench(&b, "synapse");
  b.request.horizon_days = 7;
  const schedule alone = one_dose(1);
  const schedule with = premedicated(alone, ROUTE_TOCILIZUMAB, -0.1, 560, 1);
  const endpoints a = run(&b, &alone, NULL), t = run(&b, &with, NULL);
  cr_expect_lt(t.drive[0].value, 0.6 * a.drive[0].value, "drive %g, alone %g", t.drive[0].value,
               a.drive[0].value);
  cr_expect_gt(t.il6[0].value, 1.5 * a.il6[0].value, "IL-6 %g, alone %g", t.il6[0].value,
               a.il6[0].value);
  close_bench(&b);
}

/* Glucocorticoids before the dose are on every label. */
Test(synapse_treatment, dexamethasone_lowers_il6_and_drive_the_more_the_higher_its_dose)
{
  static bench b;
  open_bench(&b, "synapse");
  b.request.horizon_days = 7;
  const schedule alone = one_dose(1);
  endpoints last = run(&b, &alone, NULL);
  const double mg[] = {4, 20};
  for (int i = 0; i < 2; i++) {
    const schedule with = premedicated(alone, ROUTE_DEXAMETHASONE, -0.1, mg[i], 0);
    const endpoints e = run(&b, &with, NULL);
    cr_expect_lt(e.il6[0].value, 0.95 * last.il6[0].value, "%g mg", mg[i]);
    cr_expect_lt(e.drive[0].value, 0.95 * last.drive[0].value, "%g mg", mg[i]);
    cr_expect_lt(e.ifn[0].value, last.ifn[0].value, "%g mg", mg[i]);
    last = e;
  }
  close_bench(&b);
}

/* Glofitamab is given a week after obinutuzumab, which empties blood and lymphoid tissue of B cells
 * (Hutchings 2021b). */
Test(synapse_treatment, obinutuzumab_a_week_before_lowers_the_first_peak)
{
  static bench b;
  open_bench(&b, "synapse");
  b.request.horizon_days = 7;
  set(&b, "blood_target_cells_per_mL", 1e5);
  set(&b, "tumor_growth_per_day", 0); /* the same tumour on day 0 with and without */
  const schedule alone = one_dose(1);
  const schedule with = premedicated(alone, ROUTE_DEPLETER, -7, 1000, 4);
  const endpoints a = run(&b, &alone, NULL), e = run(&b, &with, NULL);
  cr_expect_eq(e.n_windows, 1);
  cr_expect_lt(e.il6[0].value, 0.7 * a.il6[0].value, "IL-6 %g, alone %g", e.il6[0].value,
               a.il6[0].value);
  cr_expect_lt(e.drive[0].value, 0.9 * a.drive[0].value);
  close_bench(&b);
}

/* The second full dose a week later is nearly silent (Budde 2022; Hutchings 2021); labels ask for
 * step-up anew after long gaps (epcoritamab: 6 weeks). */
Test(synapse_treatment, a_dose_a_week_later_is_silent)
{
  static bench b;
  open_bench(&b, "synapse");
  b.request.horizon_days = 14;
  const schedule s = weekly(2, 60);
  const endpoints e = run(&b, &s, NULL);
  cr_expect_lt(e.il6[1].value, 0.4 * e.il6[0].value, "%g after %g", e.il6[1].value, e.il6[0].value);
  cr_expect_lt(e.drive[1].value, 0.4 * e.drive[0].value, "%g after %g", e.drive[1].value,
               e.drive[0].value);
  close_bench(&b);
}

/* Target cells held constant and outside blood: what returns is the readiness of the T cells. */
Test(synapse_treatment, after_a_long_pause_the_first_dose_reaction_returns)
{
  static bench b;
  solid_tumour(&b, 1e5, 0);
  b.request.horizon_days = 220;
  set(&b, "tumor_kill_factor", 0);
  set(&b, "tumor_growth_per_day", 0);
  double part[2];
  for (int i = 0; i < 2; i++) {
    const schedule s = {2, {{0, 5, FOUR_HOURS, ROUTE_IV}, {i ? 180 : 7, 5, FOUR_HOURS, ROUTE_IV}}};
    const endpoints e = run(&b, &s, NULL);
    part[i] = e.drive[1].value / e.drive[0].value;
  }
  cr_log_info("second to first drive: %.2f after 7 days, %.2f after 180\n", part[0], part[1]);
  cr_expect_lt(part[0], 0.6);
  cr_expect_gt(part[1], 0.7);
  close_bench(&b);
}

Test(synapse_treatment, premedication_moves_no_t_cells_and_counts_as_no_dose)
{
  static bench b;
  open_bench(&b, "synapse");
  b.request.horizon_days = 14;
  const double days[] = {0, 0.1, 1, 7, 14};
  double value[5 * OUTPUTS_MAX];
  trajectory t = {5, days, value};
  const schedule s = {3,
                      {{-7, 1000, FOUR_HOURS, ROUTE_DEPLETER},
                       {-0.1, 20, 0, ROUTE_DEXAMETHASONE},
                       {0, 560, 1.0 / 24, ROUTE_TOCILIZUMAB}}};
  const endpoints e = run(&b, &s, &t);
  cr_expect_eq(e.n_windows, 0);
  cr_expect_eq(e.n_doses, 0);
  cr_expect_eq(e.total_mg, 0.0);
  const double before = b.parameters[model_parameter_index(b.m, "blood_t_cells_per_mL")];
  const double b_before = b.parameters[model_parameter_index(b.m, "blood_target_cells_per_mL")];
  for (int i = 0; i < 5; i++) {
    const double *v = value + i * b.m->n_outputs;
    cr_expect(fabs(v[OUTPUT_BLOOD_T] / before - 1) < 1e-12, "day %g", days[i]);
    cr_expect_eq(v[OUTPUT_ACTIVATED_CD8], 0.0, "day %g", days[i]);
    cr_expect_lt(v[OUTPUT_BLOOD_B], 0.2 * b_before, "day %g: the depleter works", days[i]);
  }
  close_bench(&b);
}

/* --- tumours
 * -------------------------------------------------------------------------------------- */

Test(synapse_treatment, logistic_and_gompertz_tumours_stop_at_their_capacity)
{
  static bench b;
  open_bench(&b, "synapse");
  const schedule none = {0, {{0}}};
  b.request.horizon_days = 1000;
  set(&b, "tumor_growth_per_day", 0.1);
  set(&b, "tumor_capacity_cells", 1e12);
  for (int law = 0; law <= 2; law++) {
    set(&b, "tumor_growth_law", law);
    const double final = run(&b, &none, NULL).tumor_final;
    cr_expect(law == 0 ? final > 1e15 : fabs(final / 1e12 - 1) < 1e-3, "law %d: %g", law, final);
  }
  close_bench(&b);
}

/* Antigen-low relapse (CD19: Xu 2019; CD20: Duell 2024): what is left carries little antigen. */
Test(synapse_treatment, an_antigen_low_subclone_is_what_is_left_and_regrows)
{
  static bench b;
  solid_tumour(&b, 1e5, 0);
  b.request.horizon_days = 150;
  b.request.n_days = 2;
  b.request.day[0] = 42, b.request.day[1] = 150;
  const schedule s = weekly(6, 0.3);
  const double all = run(&b, &s, NULL).tumor_at[0];
  set(&b, "antigen_low_fraction", 0.01);
  set(&b, "antigen_low_factor", 1e-5);
  const endpoints e = run(&b, &s, NULL);
  const double low = 0.01 * 4e9;
  cr_expect_lt(all, 1, "without the subclone: %g cells on day 42", all);
  cr_expect(e.tumor_at[0] > 0.3 * low && e.tumor_at[0] < low * exp(0.025 * 42) * (1 + 1e-6),
            "day 42: %g of %g antigen-low cells at the start", e.tumor_at[0], low);
  cr_expect_gt(e.tumor_at[1], 5 * e.tumor_at[0], "day 150: %g", e.tumor_at[1]);
  close_bench(&b);
}
