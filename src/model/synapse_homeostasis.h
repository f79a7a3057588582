/* What goes on in synapse without drug: T cells, target cells, tumour, drug in blood,
 * premedication, recovery. Part of synapse_kernel.c, which is the only file that includes it. */
#ifndef MODEL_SYNAPSE_HOMEOSTASIS_H
#define MODEL_SYNAPSE_HOMEOSTASIS_H

#include "model/synapse_site.h"

/* What premedication leaves of the release of cytokines, with slopes by the delayed concentration
 * of dexamethasone and by tocilizumab in blood. */
typedef struct suppression {
  slope dexamethasone, receptors; /* the latter: share of IL-6 receptors that tocilizumab holds */
} suppression;

static inline suppression suppress(const lane *k, const lane *y)
{
  const lane one = lane_set(1.0), none = lane_set(0.0);
  const lane dex = lane_max(y[DEXAMETHASONE_EFFECT], none), toci = lane_max(y[TOCILIZUMAB], none);
  const lane dex_below = one / (k[DEX_IC50] + dex), toci_below = one / (k[TOCI_HALF] + toci);
  return (suppression){
      {one - k[DEX_IMAX] * dex * dex_below, -k[DEX_IMAX] * k[DEX_IC50] * dex_below * dex_below},
      {toci * toci_below, k[TOCI_HALF] * toci_below * toci_below}};
}

/* Deactivation, proliferation, death and homeostasis of T cells at one site. */
static inline void add_t_cells(const lane *k, const lane *y, lane *rate, lane *jac, int s)
{
  const lane back = k[DEACTIVATION], two = lane_set(2.0), none = lane_set(0.0);
  const lane act = y[ACT + s], post = y[POST + s];
  const lane excess = y[REST + s] - AT(REST_REFERENCE, s);
  const lane to_post = k[PROLIFERATION] + back, act_loss = two * back + k[ACT_DEATH];
  const lane post_loss = k[POST_TO_REST] + k[POST_DEATH];
  rate[REST + s] += back * act + k[POST_TO_REST] * post - k[REST_DEATH] * lane_max(excess, none);
  rate[ACT + s] -= (act_loss + AT(ACT_DEATH_2, s) * act) * act;
  rate[POST + s] += to_post * act - post_loss * post;
  if (jac) {
    J(REST + s, ACT + s) += back;
    J(REST + s, POST + s) += k[POST_TO_REST];
    J(REST + s, REST + s) -= k[REST_DEATH] * lane_above(excess, none);
    J(ACT + s, ACT + s) -= act_loss + two * AT(ACT_DEATH_2, s) * act;
    J(POST + s, ACT + s) += to_post;
    J(POST + s, POST + s) -= post_loss;
  }
}

/* Generation of resting T cells in blood when T cells are missing there. */
static inline void add_t_generation(const lane *k, const lane *y, lane *rate, lane *jac)
{
  const lane none = lane_set(0.0), one = lane_set(1.0), two = lane_set(2.0);
  const lane reference = k[T_REFERENCE];
  const lane deficit = lane_max(one - (y[REST] + y[ACT] + y[POST]) / reference, none);
  rate[REST] += k[T_GENERATION] * reference * deficit * deficit;
  if (jac) {
    const lane slope_ = two * k[T_GENERATION] * deficit;
    J(REST, REST) -= slope_;
    J(REST, ACT) -= slope_;
    J(REST, POST) -= slope_;
  }
}

/* per_day * max(0, gain*y[from] - y[i]): what is missing at i by the measure of `from`, with its
 * slopes by both. */
typedef struct one_way {
  lane flux, by_from, by_to;
} one_way;

static inline one_way deficit_of(lane per_day, lane gain, lane from, lane to)
{
  const lane none = lane_set(0.0), drive = gain * from - to, open = lane_above(drive, none);
  return (one_way){per_day * lane_max(drive, none), per_day * gain * open, -per_day * open};
}

/* Circulating and lymphoid target cells return to their reference. */
static inline void add_target_cells(const lane *k, const lane *y, lane *rate, lane *jac)
{
  const lane one = lane_set(1.0);
  const lane blood = y[TARGET_BLOOD], lymphoid = y[TARGET_LYMPHOID];
  const one_way out = deficit_of(k[RELEASE], k[BLOOD_PER_LYMPHOID], lymphoid, blood);
  const one_way in =
      deficit_of(k[UPTAKE] * k[BLOOD_PER_LYMPHOID], one / k[BLOOD_PER_LYMPHOID], blood, lymphoid);
  const one_way regrown = deficit_of(k[SUPPLY], one, k[BLOOD_REFERENCE], blood);
  const one_way regrown_l = deficit_of(k[REGROWTH], one, k[LYMPHOID_REFERENCE], lymphoid);
  rate[TARGET_BLOOD] += out.flux - in.flux + regrown.flux;
  rate[TARGET_LYMPHOID] += regrown_l.flux;
  if (jac) {
    J(TARGET_BLOOD, TARGET_LYMPHOID) += out.by_from - in.by_to;
    J(TARGET_BLOOD, TARGET_BLOOD) += out.by_to - in.by_from + regrown.by_to;
    J(TARGET_LYMPHOID, TARGET_LYMPHOID) += regrown_l.by_to;
  }
}

/* Growth (exponential, logistic or Gompertz), settling of blood cells, and clearance of the dying.
 */
static inline void add_tumor(const lane *k, const lane *y, lane *rate, lane *jac)
{
  const lane one = lane_set(1.0);
  const lane all = lane_max(y[TUMOR] + y[TUMOR_LOW], one), filled = all / k[CAPACITY];
  const lane per_day =
      k[GROWTH] + k[GROWTH_LOGISTIC] * filled + k[GROWTH_GOMPERTZ] * lane_log(filled);
  const lane by_cells = k[GROWTH_LOGISTIC] / k[CAPACITY] + k[GROWTH_GOMPERTZ] / all;
  const lane grows = by_cells * lane_above(y[TUMOR] + y[TUMOR_LOW], one);
  const one_way settle = deficit_of(k[SEED_OUT], k[SEED_IN], y[TARGET_BLOOD], y[TUMOR]);
  rate[TUMOR] += per_day * y[TUMOR] + settle.flux;
  rate[TUMOR_LOW] += per_day * y[TUMOR_LOW];
  rate[TARGET_BLOOD] -= settle.flux;
  rate[DYING] -= k[DYING_CLEARANCE] * y[DYING];
  if (jac) {
    J(TUMOR, TUMOR) += per_day + grows * y[TUMOR] + settle.by_to;
    J(TUMOR, TUMOR_LOW) += grows * y[TUMOR];
    J(TUMOR, TARGET_BLOOD) += settle.by_from;
    J(TUMOR_LOW, TUMOR) += grows * y[TUMOR_LOW];
    J(TUMOR_LOW, TUMOR_LOW) += per_day + grows * y[TUMOR_LOW];
    J(TARGET_BLOOD, TUMOR) -= settle.by_to;
    J(TARGET_BLOOD, TARGET_BLOOD) -= settle.by_from;
    J(DYING, DYING) -= k[DYING_CLEARANCE];
  }
}

static inline void add_drug_in_blood(const lane *k, const lane *y, lane *rate, lane *jac)
{
  const lane one = lane_set(1.0);
  const lane c = y[GIVEN_CENTRAL] * k[INVERSE_CENTRAL], extra = y[CLEARANCE_EXTRA];
  const lane room = one / (k[SATURABLE_KM] + c), free = one / (k[SOLUBLE_KM] + c);
  const lane loss = (k[CLEARANCE] + extra) * k[INVERSE_CENTRAL] + k[SATURABLE] * room +
                    k[SOLUBLE_LOSS] * free + k[CUT_IN_BLOOD];
  const lane out = k[TO_PERIPHERAL], in = k[FROM_PERIPHERAL], up = k[ABSORPTION];
  const lane exchange = out * y[GIVEN_CENTRAL] - in * y[GIVEN_PERIPHERAL];
  const lane cut_exchange = out * y[CUT_CENTRAL] - in * y[CUT_PERIPHERAL];
  rate[DEPOT] -= up * y[DEPOT];
  rate[LYMPH] += up * (y[DEPOT] - y[LYMPH]);
  rate[GIVEN_CENTRAL] += k[ABSORBED] * y[LYMPH] - loss * y[GIVEN_CENTRAL] - exchange;
  rate[GIVEN_PERIPHERAL] += exchange;
  rate[CUT_CENTRAL] +=
      k[CUT_IN_BLOOD] * y[GIVEN_CENTRAL] - k[CUT_CLEARANCE] * y[CUT_CENTRAL] - cut_exchange;
  rate[CUT_PERIPHERAL] += cut_exchange;
  rate[CLEARANCE_EXTRA] -= k[CLEARANCE_FADES] * extra;
  rate[MARGINATION] -= k[MARGINATION_DECAY] * y[MARGINATION];
  if (jac) {
    J(DEPOT, DEPOT) -= up;
    J(LYMPH, DEPOT) += up;
    J(LYMPH, LYMPH) -= up;
    J(GIVEN_CENTRAL, LYMPH) += k[ABSORBED];
    J(GIVEN_CENTRAL, GIVEN_CENTRAL) +=
        (k[SATURABLE] * room * room + k[SOLUBLE_LOSS] * free * free) * c - loss - out;
    J(GIVEN_CENTRAL, GIVEN_PERIPHERAL) += in;
    J(GIVEN_CENTRAL, CLEARANCE_EXTRA) -= c;
    J(GIVEN_PERIPHERAL, GIVEN_CENTRAL) += out;
    J(GIVEN_PERIPHERAL, GIVEN_PERIPHERAL) -= in;
    J(CUT_CENTRAL, GIVEN_CENTRAL) += k[CUT_IN_BLOOD];
    J(CUT_CENTRAL, CUT_CENTRAL) -= k[CUT_CLEARANCE] + out;
    J(CUT_CENTRAL, CUT_PERIPHERAL) += in;
    J(CUT_PERIPHERAL, CUT_CENTRAL) += out;
    J(CUT_PERIPHERAL, CUT_PERIPHERAL) -= in;
    J(CLEARANCE_EXTRA, CLEARANCE_EXTRA) -= k[CLEARANCE_FADES];
    J(MARGINATION, MARGINATION) -= k[MARGINATION_DECAY];
  }
}

/* Dexamethasone, tocilizumab, and a depleting antibody. */
static inline void add_premedication(const lane *k, const lane *y, lane *rate, lane *jac)
{
  const lane one = lane_set(1.0), toci = y[TOCILIZUMAB];
  const lane room = one / (k[TOCI_KM] + toci), out = k[TOCI_OUT], in = k[TOCI_IN];
  rate[DEXAMETHASONE] -= k[DEX_DECAY] * y[DEXAMETHASONE];
  rate[DEXAMETHASONE_EFFECT] +=
      k[DEX_DELAY] * (k[DEX_UG_PER_L] * y[DEXAMETHASONE] - y[DEXAMETHASONE_EFFECT]);
  rate[TOCILIZUMAB] +=
      in * y[TOCILIZUMAB_PERIPHERAL] - (k[TOCI_DECAY] + out + k[TOCI_VMAX] * room) * toci;
  rate[TOCILIZUMAB_PERIPHERAL] += out * toci - in * y[TOCILIZUMAB_PERIPHERAL];
  rate[DEPLETER] -= k[DEPLETER_DECAY] * y[DEPLETER];
  if (jac) {
    J(DEXAMETHASONE, DEXAMETHASONE) -= k[DEX_DECAY];
    J(DEXAMETHASONE_EFFECT, DEXAMETHASONE) += k[DEX_DELAY] * k[DEX_UG_PER_L];
    J(DEXAMETHASONE_EFFECT, DEXAMETHASONE_EFFECT) -= k[DEX_DELAY];
    J(TOCILIZUMAB, TOCILIZUMAB) -= k[TOCI_DECAY] + out + k[TOCI_VMAX] * k[TOCI_KM] * room * room;
    J(TOCILIZUMAB, TOCILIZUMAB_PERIPHERAL) += in;
    J(TOCILIZUMAB_PERIPHERAL, TOCILIZUMAB) += out;
    J(TOCILIZUMAB_PERIPHERAL, TOCILIZUMAB_PERIPHERAL) -= in;
    J(DEPLETER, DEPLETER) -= k[DEPLETER_DECAY];
  }
}

/* The depleting antibody kills target cells of blood, lymphoid tissue and tumour. */
static inline void add_depletion(const lane *k, const lane *y, lane *rate, lane *jac)
{
  const lane drug = lane_max(y[DEPLETER], lane_set(0.0));
  const lane below = lane_set(1.0) / (k[DEPLETER_HALF] + drug);
  const lane effect = drug * below, by_drug = k[DEPLETER_HALF] * below * below;
  const int cells[] = {TARGET_BLOOD, TARGET_LYMPHOID, TUMOR, TUMOR_LOW};
  const int at[] = {SITE_BLOOD, SITE_LYMPHOID, SITE_TUMOR, SITE_TUMOR};
  for (int n = 0; n < 4; n++) {
    const lane most = AT(DEPLETION, at[n]);
    const int i = cells[n];
    const bool dies = at[n] == SITE_TUMOR;
    rate[i] -= most * effect * y[i];
    if (dies) {
      rate[DYING] += most * effect * y[i];
    }
    if (jac) {
      J(i, i) -= most * effect;
      J(i, DEPLETER) -= most * by_drug * y[i];
      if (dies) {
        J(DYING, i) += most * effect;
        J(DYING, DEPLETER) += most * by_drug * y[i];
      }
    }
  }
}

/* Decay of cytokines and of their suppression, recovery of refractory cells, repair of tissue.
 * Tocilizumab blocks the receptor by which much of the IL-6 is cleared. */
static inline void add_recovery(const lane *k, const lane *y, lane *rate, lane *jac,
                                const suppression *p)
{
  const lane one = lane_set(1.0);
  const lane cleared = k[IL6_DECAY] * (one - k[TOCI_CLEARANCE] * p->receptors.value);
  rate[IL6] += k[IL6_DECAY] * k[IL6_BASELINE] - cleared * y[IL6];
  rate[IFN] -= k[IFN_DECAY] * y[IFN];
  rate[DRIVE] -= k[DRIVE_RATE] * y[DRIVE];
  for (int s = 0; s < SITES; s++) {
    rate[REFRACTORY + s] -= k[REFRACTORY_RECOVERY] * y[REFRACTORY + s];
  }
  for (int n = 0; n < SYNAPSE_TISSUES; n++) {
    rate[HEALTH + n] += AT(REPAIR, SITE_TISSUE + n) * (one - y[HEALTH + n]);
  }
  if (jac) {
    J(IL6, IL6) -= cleared;
    J(IL6, TOCILIZUMAB) += k[IL6_DECAY] * k[TOCI_CLEARANCE] * p->receptors.slope * y[IL6];
    J(IFN, IFN) -= k[IFN_DECAY];
    J(DRIVE, DRIVE) -= k[DRIVE_RATE];
    for (int s = 0; s < SITES; s++) {
      J(REFRACTORY + s, REFRACTORY + s) -= k[REFRACTORY_RECOVERY];
    }
    for (int n = 0; n < SYNAPSE_TISSUES; n++) {
      J(HEALTH + n, HEALTH + n) -= AT(REPAIR, SITE_TISSUE + n);
    }
  }
}

#endif
