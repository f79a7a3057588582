/* What is known of T-cell engager molecules, each as a property of synapse: affinity, valency,
 * format, antigen, mask. On default values or on changes that the test states. */
#include "model/kernels.h"
#include "model/synapse_patients.h"
#include "simulate/solid_tumour.h"

/* --- one moment: cells fixed, a given drug concentration everywhere -----------------------------
 */

typedef struct moment {
  double kill;     /* of the tumour, per day */
  double cytokine; /* IL-6 made, pg/mL/day */
} moment;

static moment at_concentration(const bench *b, double nM)
{
  const model *m = b->m;
  static _Alignas(KERNEL_ALIGNMENT) double derived[2048], y[64], rate[64];
  stepdose_error error;
  const int tumor = synapse_state(m, "tumor"), il6 = synapse_state(m, "il6");
  cr_assert(m->derive(b->parameters, derived, &error));
  m->initial_state(b->parameters, y);
  m->kernels(1)->rates(derived, y, rate);
  const double growth = rate[tumor], rest = rate[il6];
  y[synapse_state(m, "drug_central")] =
      nM * b->parameters[model_parameter_index(m, "central_volume_L")];
  y[synapse_state(m, "drug_lymphoid")] = y[synapse_state(m, "drug_tumor")] = nM;
  y[synapse_state(m, "t_activated_tumor")] = 0.3 * y[synapse_state(m, "t_resting_tumor")];
  m->kernels(1)->rates(derived, y, rate);
  return (moment){(growth - rate[tumor]) / y[tumor], rate[il6] - rest};
}

/* Largest killing over concentrations, and the smallest concentration that gives half of it. */
static double half_maximal_nM(const bench *b, double *largest)
{
  *largest = 0;
  for (double nM = 1e-7; nM < 1e5; nM *= 1.05) {
    *largest = fmax(*largest, at_concentration(b, nM).kill);
  }
  double nM = 1e-7;
  while (at_concentration(b, nM).kill < 0.5 * *largest) {
    nM *= 1.01;
  }
  return nM;
}

/* Bacac 2018, Fig 1B: CD20 x CD3 with two CD20 arms (glofitamab) against one, KD 4.8 and 100 nM:
 * 126-fold, at the same plateau. */
Test(synapse_facts, two_cd20_arms_need_about_a_hundredth_of_the_drug_at_equal_maximum)
{
  static bench b;
  open_bench(&b, "synapse");
  set(&b, "kd_target_nM", 4.8);
  set(&b, "kd_cd3_nM", 100);
  double half[2], largest[2];
  for (int arms = 1; arms <= 2; arms++) {
    set(&b, "target_valency", arms);
    half[arms - 1] = half_maximal_nM(&b, &largest[arms - 1]);
  }
  cr_log_info("half-maximal at %.3g and %.3g nM: ratio %.0f\n", half[0], half[1],
              half[0] / half[1]);
  cr_expect(half[0] / half[1] > 60 && half[0] / half[1] < 200, "ratio %g", half[0] / half[1]);
  cr_expect(fabs(largest[1] / largest[0] - 1) < 0.05, "%g and %g per day", largest[0], largest[1]);
  close_bench(&b);
}

/* Free drug on target and on CD3 keeps them from meeting: Douglass 2013; Betts 2019. */
Test(synapse_facts, at_very_high_dose_trimers_fall_again)
{
  static bench b;
  open_bench(&b, "synapse");
  const double best = at_concentration(&b, 50).kill, over = at_concentration(&b, 1e6).kill;
  cr_expect_lt(over, 0.5 * best, "killing %g at 50 nM, %g at 1 mM", best, over);
  b.request.horizon_days = 3;
  b.request.last_days = 1;
  const schedule usual = weekly(1, 100), extreme = weekly(1, 1e5);
  const endpoints a = run(&b, &usual, NULL), c = run(&b, &extreme, NULL);
  cr_expect_gt(c.tumor_final, a.tumor_final, "day 3: %g after 1e5 mg, %g after 100", c.tumor_final,
               a.tumor_final);
  cr_expect_lt(c.activated[2].value, 0.6 * a.activated[2].value);
  close_bench(&b);
}

/* Slaga 2018 (HER2): two low-affinity arms kill cells with 1e6 HER2 and spare those with 2e4; with
 * high affinity both die. */
Test(synapse_facts, two_low_affinity_arms_spare_tissue_with_little_antigen)
{
  static bench b;
  solid_tumour(&b, 1e6, 2e4);
  set(&b, "target_valency", 2);
  const double kd_nM[] = {200, 1};
  endpoints e[2];
  for (int i = 0; i < 2; i++) {
    set(&b, "kd_target_nM", kd_nM[i]);
    const schedule s = weekly(6, 1);
    e[i] = run(&b, &s, NULL);
    cr_expect_lt(e[i].tumor_final, 1, "KD %g nM: tumour %g", kd_nM[i], e[i].tumor_final);
  }
  cr_log_info("health nadir %.3f with low, %.3f with high affinity\n", e[0].health_nadir[0].value,
              e[1].health_nadir[0].value);
  cr_expect_gt(e[0].health_nadir[0].value, 0.6);
  cr_expect_lt(e[1].health_nadir[0].value, 0.3);
  close_bench(&b);
}

/* Leong 2017 (CLL-1): CD3 affinity 0.5 against 50 nM, hardly a difference in vivo; Staflin 2020
 * (HER2): it drives cytokines, not killing. */
Test(synapse_facts, cd3_affinity_moves_cytokines_more_than_killing)
{
  static bench b;
  solid_tumour(&b, 1e5, 0);
  moment at[2];
  endpoints e[2];
  for (int i = 0; i < 2; i++) {
    set(&b, "kd_cd3_nM", i ? 50 : 0.5);
    const schedule s = weekly(6, 1);
    at[i] = at_concentration(&b, 1);
    e[i] = run(&b, &s, NULL);
    cr_expect_lt(e[i].tumor_final, 1, "both clear the tumour: %g", e[i].tumor_final);
  }
  const double kill = at[0].kill / at[1].kill, cytokine = at[0].cytokine / at[1].cytokine;
  const double il6 = e[0].il6[0].value / e[1].il6[0].value;
  const double drive = e[0].drive[0].value / e[1].drive[0].value;
  cr_log_info("at 1 nM: killing x%.3f, cytokine x%.2f; first peaks: IL-6 x%.2f, drive x%.2f\n",
              kill, cytokine, il6, drive);
  cr_expect_gt(cytokine - 1, 3 * (kill - 1), "cytokine x%g, killing x%g", cytokine, kill);
  cr_expect_gt(il6, 1.3);
  cr_expect_gt(drive, 1.15);
  close_bench(&b);
}

/* Klinger 2012: blinatumomab, without Fc part, 1.2 to 2 h; an antibody that FcRn recycles: days. */
Test(synapse_facts, without_fc_the_half_life_is_hours_with_it_days)
{
  static bench b;
  open_bench(&b, "synapse");
  set(&b, "exchange_L_per_day", 0); /* one compartment: its half-life is the terminal one */
  b.request.horizon_days = 3;
  b.request.last_days = 1;
  const double days[] = {0.5, 1};
  double value[2 * OUTPUTS_MAX], hours[2];
  trajectory t = {2, days, value};
  const schedule s = weekly(1, 60);
  for (int fc = 0; fc < 2; fc++) {
    set(&b, "fc_recycling", fc);
    run(&b, &s, &t);
    const double ratio = value[OUTPUT_DRUG] / value[b.m->n_outputs + OUTPUT_DRUG];
    hours[fc] = 24 * 0.5 * log(2) / log(ratio);
  }
  cr_log_info("%.2f h without, %.0f h with Fc\n", hours[0], hours[1]);
  cr_expect(hours[0] > 0.5 && hours[0] < 4, "%g h", hours[0]);
  cr_expect(hours[1] > 48 && hours[1] < 30 * 24, "%g h", hours[1]);
  close_bench(&b);
}

/* Weekly dose in mg that reaches an average log10 kill, by bisection. */
static double dose_for_control(bench *b, double kill)
{
  double low = log(1e-3), high = log(1e3);
  for (int i = 0; i < 16; i++) {
    const double middle = 0.5 * (low + high);
    const schedule s = weekly(6, exp(middle));
    *(run(b, &s, NULL).log10_kill_average < kill ? &low : &high) = middle;
  }
  return exp(high);
}

/* Masked engagers (for PSMA, EGFR: preclinical margins 10 to 100): the mask is cut in the tumour.
 */
Test(synapse_facts, a_mask_that_the_tumour_cuts_widens_the_window)
{
  static bench b;
  solid_tumour(&b, 1e5, 1e5);
  set(&b, "kd_target_nM", 5);
  set(&b, "mask_factor", 100);
  set(&b, "tumor_mask_cleavage_per_day", 2);
  endpoints e[2];
  double mg[2];
  for (int masked = 0; masked < 2; masked++) {
    set(&b, "masked_fraction", masked);
    mg[masked] = dose_for_control(&b, 7);
    const schedule s = weekly(6, mg[masked]);
    e[masked] = run(&b, &s, NULL);
  }
  const double damage[] = {1 - e[0].health_nadir[0].value, 1 - e[1].health_nadir[0].value};
  cr_log_info("damage %.3f at %.3g mg, masked %.3f at %.3g mg\n", damage[0], mg[0], damage[1],
              mg[1]);
  cr_expect(fabs(e[1].log10_kill_average - e[0].log10_kill_average) < 0.05, "equal control");
  cr_expect_gt(mg[1], mg[0]);
  cr_expect_lt(damage[1], 0.6 * damage[0]);
  close_bench(&b);
}

/* Dual-target gating: full avidity only where the second antigen is too. */
Test(synapse_facts, gating_spares_tissue_without_the_second_antigen)
{
  static bench b;
  solid_tumour(&b, 1e5, 1e5);
  set(&b, "kd_target_nM", 5);
  set(&b, "second_antigen_gain", 100);
  set(&b, "tumor_second_antigen_per_cell", 1e5);
  const schedule s = weekly(6, 1);
  const endpoints spared = run(&b, &s, NULL);
  set(&b, "tissue1_second_antigen_per_cell", 1e5);
  const endpoints hit = run(&b, &s, NULL);
  cr_expect_lt(spared.tumor_final, 1);
  cr_expect_lt(1 - spared.health_nadir[0].value, 0.4 * (1 - hit.health_nadir[0].value),
               "health %g without, %g with the second antigen", spared.health_nadir[0].value,
               hit.health_nadir[0].value);
  set(&b, "tumor_second_antigen_per_cell", 0);
  cr_expect_gt(run(&b, &s, NULL).log10_kill_average, -1);
  cr_expect_lt(run(&b, &s, NULL).log10_kill_average, spared.log10_kill_average,
               "a tumour without it is harder to kill");
  close_bench(&b);
}

/* Formats that bind Fc receptors of accessory cells release cytokine without any target (Borlak
 * 2016, catumaxomab); a cell without target is not killed by that. */
Test(synapse_facts, binding_of_fc_receptors_releases_cytokine_but_kills_no_cell_without_target)
{
  static bench b;
  solid_tumour(&b, 1e5, 0);
  const schedule s = weekly(6, 1);
  const endpoints silent = run(&b, &s, NULL);
  set(&b, "fc_gamma_binding", 0.3);
  const endpoints active = run(&b, &s, NULL);
  cr_expect_gt(active.drive[0].value, 1.5 * silent.drive[0].value, "drive %g, silent %g",
               active.drive[0].value, silent.drive[0].value);
  cr_expect_gt(active.health_nadir[0].value, 0.9999, "health %g", active.health_nadir[0].value);
  close_bench(&b);
}
