/* The integrator on synapse: no spikes at dose times, pools below one cell, error at the default
 * tolerance. */
#include "model/synapse_patients.h"
#include "simulate/bench.h"
#include "simulate/random_regimen.h"

/* --- drugs as they are given
 * ---------------------------------------------------------------------- */

enum { CHANGES_MAX = 12 };

typedef struct course {
  const char *name;
  struct {
    const char *parameter;
    double value;
  } change[CHANGES_MAX];
  schedule doses;
} course;

static const course courses[] = {
    {"mosunetuzumab with dexamethasone",
     {{NULL, 0}},
     {8,
      {{-0.04, 20, 0, ROUTE_DEXAMETHASONE},
       {0, 1, 4.0 / 24, ROUTE_IV},
       {6.96, 20, 0, ROUTE_DEXAMETHASONE},
       {7, 2, 4.0 / 24, ROUTE_IV},
       {13.96, 20, 0, ROUTE_DEXAMETHASONE},
       {14, 60, 4.0 / 24, ROUTE_IV},
       {21, 60, 4.0 / 24, ROUTE_IV},
       {21.5, 560, 1.0 / 24, ROUTE_TOCILIZUMAB}}}},
    {"epcoritamab",
     {{"kd_target_nM", 2.47}, {"kd_cd3_nM", 4.73}, {"potency_anchor", 0.1}},
     {4,
      {{0, 0.16, 0, ROUTE_SC},
       {7, 0.8, 0, ROUTE_SC},
       {14, 48, 0, ROUTE_SC},
       {21, 48, 0, ROUTE_SC}}}},
    {"talquetamab, myeloma",
     {{"kd_target_nM", 1},
      {"kd_cd3_nM", 28},
      {"absorption_per_day", 0.9},
      {"blood_target_cells_per_mL", 0},
      {"tumor_receptors_per_cell", 5e3},
      {"tumor_volume_mL", 1000},
      {"tumor_cells_per_mL", 2e8},
      {"tumor_t_partition", 60},
      {"tumor_drug_partition", 0.1},
      {"tumor_kill_factor", 0.03}},
     {4,
      {{0, 0.7, 0, ROUTE_SC}, {3, 4.2, 0, ROUTE_SC}, {6, 28, 0, ROUTE_SC}, {9, 56, 0, ROUTE_SC}}}},
    {"blinatumomab",
     {{"kd_target_nM", 1.49},
      {"kd_cd3_nM", 260},
      {"potency_anchor", 5},
      {"molecular_weight_kDa", 55},
      {"fc_recycling", 0},
      {"central_volume_L", 2.9},
      {"exchange_L_per_day", 0}},
     {3, {{0, 5, 7, ROUTE_CIV}, {7, 15, 7, ROUTE_CIV}, {14, 60, 14, ROUTE_CIV}}}},
    {"obinutuzumab, then glofitamab",
     {{"kd_target_nM", 4.8}, {"kd_cd3_nM", 100}, {"target_valency", 2}},
     {4,
      {{-7, 1000, 4.0 / 24, ROUTE_DEPLETER},
       {0, 2.5, 4.0 / 24, ROUTE_IV},
       {7, 10, 4.0 / 24, ROUTE_IV},
       {14, 30, 4.0 / 24, ROUTE_IV}}}},
};
enum { COURSES = sizeof courses / sizeof courses[0] };

static void open_course(bench *b, const course *c)
{
  open_bench(b, "synapse");
  for (int i = 0; i < CHANGES_MAX && c->change[i].parameter; i++) {
    set(b, c->change[i].parameter, c->change[i].value);
  }
  b->request.horizon_days = 28;
}

Test(synapse_numerics, peaks_at_the_default_tolerance_are_those_of_a_tight_run)
{
  double worst = 0;
  for (int c = 0; c < COURSES; c++) {
    static bench b;
    open_course(&b, &courses[c]);
    const endpoints usual = run(&b, &courses[c].doses, NULL);
    b.settings.relative_tolerance = 1e-8;
    const endpoints tight = run(&b, &courses[c].doses, NULL);
    for (int w = 0; w < tight.n_windows; w++) {
      const double off = fabs(usual.il6[w].value / tight.il6[w].value - 1);
      cr_expect_lt(off, 1e-3, "%s, dose %d: IL-6 %g, tight %g", courses[c].name, w + 1,
                   usual.il6[w].value, tight.il6[w].value);
      worst = fmax(worst, off);
    }
    close_bench(&b);
  }
  cr_log_info("worst peak %.1e\n", worst);
}

/* Around every start and end of a dose, where a method of fixed steps of 15 minutes spikes. */
Test(synapse_numerics, il6_does_not_spike_at_dose_times)
{
  enum { FINE = 40, MOST = 17 * FINE };
  double worst = 0;
  for (int c = 0; c < COURSES; c++) {
    static bench b;
    static double days[MOST], value[2][MOST * OUTPUTS_MAX];
    open_course(&b, &courses[c]);
    int n = 0;
    double last = 0;
    for (int i = 0; i < courses[c].doses.n_doses; i++) {
      const dose *d = &courses[c].doses.doses[i];
      for (int k = 0; k < 2 * FINE; k++) {
        const double end = d->duration_days < 1 ? d->duration_days : 0;
        const double day = d->day + (k < FINE ? 0 : end) + 5e-4 * (k % FINE);
        if (day > last && n < MOST) {
          days[n++] = last = day;
        }
      }
    }
    for (int k = 0; k < 2; k++) {
      trajectory t = {n, days, value[k]};
      b.settings.relative_tolerance = k ? 1e-9 : SIMULATE_TOLERANCE;
      run(&b, &courses[c].doses, &t);
    }
    for (int i = 0; i < n; i++) {
      const int at = i * b.m->n_outputs + OUTPUT_IL6;
      const double off = fabs(value[0][at] - value[1][at]) / (value[1][at] + 0.1);
      cr_expect_lt(off, 2e-3, "%s, day %.4f: IL-6 %g, tight %g", courses[c].name, days[i],
                   value[0][at], value[1][at]);
      worst = fmax(worst, off);
    }
    close_bench(&b);
  }
  cr_log_info("worst IL-6 beside a dose %.1e\n", worst);
}

/* The prototype clipped target cells below 1e-3. */
Test(synapse_numerics, pools_far_below_one_cell_neither_stop_the_run_nor_turn_negative)
{
  static bench b;
  open_bench(&b, "synapse");
  schedule s = {.n_doses = 12};
  for (int i = 0; i < 12; i++) {
    s.doses[i] = (dose){7.0 * i, 60, 4.0 / 24, ROUTE_IV};
  }
  static double days[841], value[841 * OUTPUTS_MAX];
  for (int i = 0; i <= 840; i++) {
    days[i] = 0.1 * i;
  }
  trajectory t = {841, days, value};
  const endpoints e = run(&b, &s, &t);
  cr_expect_lt(e.steps, 3000, "%ld steps", e.steps);
  cr_expect(fabs(e.tumor_final) < 1e-3, "tumour %g", e.tumor_final);
  double smallest = 0;
  for (int i = 0; i <= 840; i++) {
    smallest = fmin(smallest, value[i * b.m->n_outputs + OUTPUT_TUMOR]);
    smallest = fmin(smallest, value[i * b.m->n_outputs + OUTPUT_BLOOD_B]);
  }
  cr_expect_gt(smallest, -0.1, "%g cells", smallest);
  close_bench(&b);
}

/* --- error at the default tolerance
 * --------------------------------------------------------------- */

Test(synapse_numerics, tumour_and_health_are_within_the_stated_error)
{
  static bench b;
  random_stream s = random_open(88, 0);
  double worst_tumor = 0, worst_health = 0, worst_drive = 0;
  open_bench(&b, "synapse");
  for (int patient = 0; patient < 60; patient++) {
    schedule doses;
    synapse_random_parameters(b.m, &s, 1 + patient % 4, b.parameters);
    random_regimen(&s, &doses);
    b.settings.relative_tolerance = SIMULATE_TOLERANCE;
    const endpoints usual = run(&b, &doses, NULL);
    b.settings.relative_tolerance = 1e-8;
    const endpoints tight = run(&b, &doses, NULL);
    const double tumor =
        fabs(log10(fmax(usual.tumor_final, 1)) - log10(fmax(tight.tumor_final, 1)));
    cr_expect_lt(tumor, 1e-3, "seed 88, patient %d: tumour %g, tight %g", patient,
                 usual.tumor_final, tight.tumor_final);
    worst_tumor = fmax(worst_tumor, tumor);
    for (int n = 0; n < MODEL_TISSUES_MAX; n++) {
      worst_health =
          fmax(worst_health, fabs(usual.health_nadir[n].value - tight.health_nadir[n].value));
    }
    for (int k = 0; k < tight.n_windows; k++) {
      worst_drive = fmax(worst_drive, fabs(usual.drive[k].value - tight.drive[k].value) /
                                          (tight.drive_course.value + 0.1));
    }
  }
  cr_log_info("seed 88: worst log10 tumour %.1e, health %.1e, drive %.1e\n", worst_tumor,
              worst_health, worst_drive);
  cr_expect_lt(worst_health, 1e-3);
  cr_expect_lt(worst_drive, 1e-3);
  close_bench(&b);
}
