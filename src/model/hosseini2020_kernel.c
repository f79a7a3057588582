/* Rates and Jacobian of hosseini2020, written once for lanes of patients.
 * Equations: Hosseini et al. 2020, npj Syst Biol Appl 6:28; docs/model.md writes them out. */
#include "model/hosseini2020_derived.h"
#include "model/kernels.h"
#include "model/lane.h"

#include "hosseini2020_solver.h" /* generated: jacobian_index, solver_factor, solver_solve */

#include "model/hosseini2020_homeostasis.h"

#include <string.h>

/* A quantity with its derivatives with respect to a numerator and a denominator. */
typedef struct ratio_term {
  lane value, by_top, by_bottom;
} ratio_term;

/* A cell ratio max(top,0)/max(bottom,1), and its power. */
typedef struct cell_ratio {
  lane top, bottom, below, value, power; /* below = 1/max(bottom,1) */
} cell_ratio;

static inline cell_ratio ratio_of(lane top, lane bottom)
{
  const lane one = lane_set(1.0), zero = lane_set(0.0);
  const lane below = one / lane_max(bottom, one);
  return (cell_ratio){.top = top,
                      .bottom = bottom,
                      .below = below,
                      .value = lane_max(lane_max(top, zero) * below, lane_set(TINY))};
}

/* Hill function of a ratio: r^n / (km_n + r^n). */
static inline ratio_term ratio_hill(const cell_ratio *r, lane n, lane km_n)
{
  const lane one = lane_set(1.0), zero = lane_set(0.0);
  const lane value = r->power / (km_n + r->power);
  const lane slope = n * value * (one - value) / r->value;
  return (ratio_term){.value = value,
                      .by_top = slope * r->below * lane_above(r->top, zero),
                      .by_bottom = -slope * r->value * r->below * lane_above(r->bottom, one)};
}

/* The two ratios that a drug acts by, at every site: B to T cells (activation), activated T to B
 * cells (kill). */
typedef struct site_ratios {
  cell_ratio activation[SITES], kill[SITES];
} site_ratios;

/* Powers of all ratios in one go: exp and log are long chains of dependent operations, and a
 * processor works on several of them at once if they stand beside each other. */
static inline void raise_ratios(site_ratios *r, lane activation_n, lane kill_n)
{
  lane logarithm[2 * SITES];
  for (int s = 0; s < SITES; s++) {
    logarithm[s] = lane_log(r->activation[s].value);
    logarithm[SITES + s] = lane_log(r->kill[s].value);
  }
  for (int s = 0; s < SITES; s++) {
    r->activation[s].power = lane_exp(activation_n * logarithm[s]);
    r->kill[s].power = lane_exp(kill_n * logarithm[SITES + s]);
  }
}

/* What a drug does at a site: saturation of activation, kill and IL-6 release, each with its
 * derivative with respect to the amount of drug in blood. */
typedef struct drug_effect {
  lane act, act_d, kill, kill_d, il6, il6_d;
} drug_effect;

static inline drug_effect tdb_effect(const lane *k, lane amount, lane power, int s)
{
  const lane one = lane_set(1.0), zero = lane_set(0.0);
  const lane to_ng_mL = lane_set(1000.0) / k[CENTRAL_VOLUME];
  const lane present = lane_above(amount / k[CENTRAL_VOLUME], k[CUTOFF]);
  const lane at_site = power * AT(DRUG_PARTITION_N, s);
  const lane c = to_ng_mL * AT(DRUG_PARTITION, s) * lane_max(amount, zero);
  drug_effect e;
  e.act = present * at_site / (k[DRUG_KM] + at_site);
  e.act_d = k[DRUG_EXPONENT] * e.act * (one - e.act) / lane_max(amount, lane_set(TINY));
  e.kill = present * c / (k[DRUG_KILL_KM] + c);
  e.kill_d = e.kill * (one - e.kill) / lane_max(amount, lane_set(TINY));
  e.il6 = e.act;
  e.il6_d = e.act_d;
  return e;
}

static inline drug_effect blin_effect(const lane *k, lane amount, int s)
{
  const lane one = lane_set(1.0);
  const lane slope = k[BLIN_NG_PER_ML] * AT(BLIN_PARTITION, s); /* ng/mL at the site per ug/m2 */
  const lane c = slope * lane_max(amount, lane_set(0.0));
  const lane present = lane_above(amount, lane_set(0.0));
  const lane power = present * lane_exp(k[BLIN_EXPONENT] * lane_log(lane_max(c, lane_set(TINY))));
  const lane il6_below = one / (k[BLIN_IL6_KM] + c), kill_below = one / (k[BLIN_KILL_KM] + c);
  drug_effect e;
  e.act = power / (k[BLIN_DRUG_KM] + power);
  e.act_d = k[BLIN_EXPONENT] * e.act * (one - e.act) * slope / lane_max(c, lane_set(TINY));
  e.kill = c * kill_below;
  e.kill_d = present * slope * k[BLIN_KILL_KM] * kill_below * kill_below;
  e.il6 = c * il6_below;
  e.il6_d = present * slope * k[BLIN_IL6_KM] * il6_below * il6_below;
  return e;
}

/* What one drug causes at one site, with derivatives by B cells, all non-activated T cells,
 * activated T cells, and drug. */
typedef struct site_action {
  lane activation, activation_b, activation_t, activation_d; /* activated fraction */
  lane kill, kill_act, kill_b, kill_d;                       /* killing rate per B cell */
  lane il6, il6_act, il6_b, il6_d;                           /* IL-6 into blood */
} site_action;

static inline site_action act_at_site(drug_effect e, ratio_term a, ratio_term x, lane act, lane b,
                                      lane activation_max, lane kill_rate, lane il6_source)
{
  const lane scale = activation_max * e.act, kill = kill_rate * e.kill;
  return (site_action){.activation = scale * a.value,
                       .activation_b = scale * a.by_top,
                       .activation_t = scale * a.by_bottom,
                       .activation_d = activation_max * a.value * e.act_d,
                       .kill = kill * x.value,
                       .kill_act = kill * x.by_top,
                       .kill_b = kill * x.by_bottom,
                       .kill_d = kill_rate * x.value * e.kill_d,
                       .il6 = il6_source * act * b * e.il6,
                       .il6_act = il6_source * b * e.il6,
                       .il6_b = il6_source * act * e.il6,
                       .il6_d = il6_source * act * b * e.il6_d};
}

/* Adds a site's action to the rates; `b_states` (n_b) are the B cells that the drug sees there. */
static inline void add_action(const lane *k, const lane *y, lane *rate, lane *jac, int s, int drug,
                              site_action f, const int *b_states, int n_b)
{
  const lane kt = k[ACTIVATION_RATE], on = k[ACT0_ON];
  const lane rest = y[REST + s], act0 = y[ACT0 + s];
  const int il6 = s == SITE_BLOOD ? IL6_BLOOD : IL6_TISSUE;
  const lane from_rest = kt * f.activation * rest, from_act0 = on * kt * f.activation * act0;
  rate[REST + s] -= from_rest;
  rate[ACT0 + s] -= from_act0;
  rate[ACT + s] += from_rest + from_act0;
  rate[il6] += f.il6;
  for (int i = 0; i < n_b; i++) {
    rate[b_states[i]] -= f.kill * y[b_states[i]];
  }
  if (!jac) {
    return;
  }
  /* activation: by T cells of both pools, B cells, drug */
  const lane kt_act0 = on * kt;
  const lane rest_t = kt * rest * f.activation_t, act0_t = kt_act0 * act0 * f.activation_t;
  const lane rest_self = kt * f.activation, act0_self = kt_act0 * f.activation;
  J(REST + s, REST + s) -= rest_self + rest_t;
  J(REST + s, ACT0 + s) -= rest_t;
  J(ACT0 + s, ACT0 + s) -= act0_self + act0_t;
  J(ACT0 + s, REST + s) -= act0_t;
  J(ACT + s, REST + s) += rest_self + rest_t + act0_t;
  J(ACT + s, ACT0 + s) += act0_self + act0_t + rest_t;
  const lane rest_d = kt * rest * f.activation_d, act0_d = kt_act0 * act0 * f.activation_d;
  J(REST + s, drug) -= rest_d;
  J(ACT0 + s, drug) -= act0_d;
  J(ACT + s, drug) += rest_d + act0_d;
  const lane rest_b = kt * rest * f.activation_b, act0_b = kt_act0 * act0 * f.activation_b;
  for (int i = 0; i < n_b; i++) {
    J(REST + s, b_states[i]) -= rest_b;
    J(ACT0 + s, b_states[i]) -= act0_b;
    J(ACT + s, b_states[i]) += rest_b + act0_b;
    J(il6, b_states[i]) += f.il6_b;
    /* kill */
    J(b_states[i], b_states[i]) -= f.kill;
    J(b_states[i], ACT + s) -= f.kill_act * y[b_states[i]];
    J(b_states[i], drug) -= f.kill_d * y[b_states[i]];
    for (int j = 0; j < n_b; j++) {
      J(b_states[i], b_states[j]) -= f.kill_b * y[b_states[i]];
    }
  }
  J(il6, ACT + s) += f.il6_act;
  J(il6, drug) += f.il6_d;
}

static inline void add_mosunetuzumab(const lane *k, const lane *y, lane *rate, lane *jac)
{
  const lane ng_mL = lane_set(1000.0) * y[TDB_CENTRAL] / k[CENTRAL_VOLUME];
  const lane power = lane_exp(k[DRUG_EXPONENT] * lane_log(lane_max(ng_mL, lane_set(TINY))));
  site_ratios r;
  for (int s = 0; s < SITES; s++) {
    r.activation[s] = ratio_of(y[B + s], y[REST + s] + y[ACT0 + s]);
    r.kill[s] = ratio_of(y[ACT + s], y[B + s]);
  }
  raise_ratios(&r, k[RATIO_EXPONENT], k[KILL_EXPONENT]);
  for (int s = 0; s < SITES; s++) {
    const int b = B + s;
    const ratio_term activation = ratio_hill(&r.activation[s], k[RATIO_EXPONENT], k[RATIO_KM]);
    const ratio_term kill = ratio_hill(&r.kill[s], k[KILL_EXPONENT], AT(KILL_KM_N, s));
    const site_action f =
        act_at_site(tdb_effect(k, y[TDB_CENTRAL], power, s), activation, kill, y[ACT + s], y[b],
                    AT(ACTIVATION_MAX, s), AT(KILL_RATE, s), AT(IL6_SOURCE, s));
    add_action(k, y, rate, jac, s, TDB_CENTRAL, f, &b, 1);
  }
}

/* CD19 is on both kinds of B cell in marrow. */
static inline lane b_with_cd19(const lane *y, int s)
{
  lane b = y[B + s];
  if (s == SITE_MARROW) {
    b += y[B_CD20_NEGATIVE];
  }
  return b;
}

static inline void add_blinatumomab(const lane *k, const lane *y, lane *rate, lane *jac)
{
  site_ratios r;
  for (int s = 0; s < SITES; s++) {
    r.activation[s] = ratio_of(b_with_cd19(y, s), y[REST + s] + y[ACT0 + s]);
    r.kill[s] = ratio_of(y[ACT + s], b_with_cd19(y, s));
  }
  raise_ratios(&r, k[RATIO_EXPONENT], k[BLIN_KILL_EXPONENT]);
  for (int s = 0; s < SITES; s++) {
    const int seen[] = {B + s, B_CD20_NEGATIVE};
    const ratio_term activation = ratio_hill(&r.activation[s], k[RATIO_EXPONENT], k[BLIN_RATIO_KM]);
    const ratio_term kill = ratio_hill(&r.kill[s], k[BLIN_KILL_EXPONENT], AT(BLIN_KILL_KM_N, s));
    const site_action f =
        act_at_site(blin_effect(k, y[BLIN], s), activation, kill, y[ACT + s], b_with_cd19(y, s),
                    AT(ACTIVATION_MAX, s), AT(KILL_RATE, s), AT(BLIN_IL6_SOURCE, s));
    add_action(k, y, rate, jac, s, BLIN, f, seen, s == SITE_MARROW ? 2 : 1);
  }
}

/* The model. jac may be NULL (known at compile time in both callers). A drug that no patient has in
 * blood is skipped; for a patient without it every one of its terms is exactly zero. */
static inline __attribute__((always_inline)) void evaluate(const lane *k, const lane *y, lane *rate,
                                                           lane *jac)
{
  memset(rate, 0, HOSSEINI2020_STATES * sizeof(lane));
  if (jac) {
    memset(jac, 0, JACOBIAN_NONZEROS * sizeof(lane));
  }
  add_drugs_in_blood(k, y, rate, jac);
  if (lane_any_positive(y[TDB_CENTRAL])) {
    add_mosunetuzumab(k, y, rate, jac);
  }
  if (lane_any_positive(y[BLIN])) {
    add_blinatumomab(k, y, rate, jac);
  }
  for (int s = 0; s < SITES; s++) {
    add_t_cells(k, y, rate, jac, s);
  }
  for (int s = SITE_SPLEEN; s < SITES; s++) {
    add_traffic(y, rate, jac, REST, s, AT(REST_IN, s), AT(REST_OUT, s), lane_set(1.0));
    add_traffic(y, rate, jac, ACT, s, AT(ACT_IN, s), AT(ACT_OUT, s), k[MARGINATION_OF_ACT]);
    add_traffic(y, rate, jac, ACT0, s, k[ACT0_ON] * AT(REST_IN, s), k[ACT0_ON] * AT(REST_OUT, s),
                lane_set(1.0));
  }
  add_t_generation(k, y, rate, jac);
  add_b_cells(k, y, rate, jac);
}

static void outputs(const double *derived, const double *state, double *output)
{
  const lane *k = (const lane *)derived, *y = (const lane *)state;
  lane *out = (lane *)output;
  const lane tdb = y[TDB_CENTRAL] / k[CENTRAL_VOLUME];
  const lane blin = y[BLIN] * k[BLIN_NG_PER_ML] * lane_set(1e-3);
  const lane t = y[REST] + y[ACT] + y[ACT0];
  out[OUTPUT_DRUG] = tdb * lane_above(tdb, k[CUTOFF]) + blin;
  out[OUTPUT_IL6] = y[IL6_BLOOD] + y[IL6_TISSUE];
  out[OUTPUT_TUMOR] = y[B + SITE_TUMOR];
  out[OUTPUT_BLOOD_B] = y[B] / k[BLOOD_VOLUME];
  out[OUTPUT_BLOOD_T] = t / k[BLOOD_VOLUME];
  out[OUTPUT_ACTIVATED_CD8] = y[ACT] / lane_max(t, lane_set(1.0));
  out[KERNEL_LOG10_TUMOR] = log10_of_cells(y[B + SITE_TUMOR]);
}

#include "model/kernel_entries.h"
KERNELS(hosseini2020_kernels);
