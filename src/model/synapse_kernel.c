/* Rates and Jacobian of synapse, written once for lanes of patients and compiled for each number of
 * normal tissues. docs/synapse.md writes the equations out.
 *
 * The Jacobian follows the chain rule by hand: what happens at a site is a chain of terms, each
 * with its derivatives by the few local quantities it depends on (struct gradient). */
#include "model/kernels.h"
#include "model/lane.h"
#include "model/synapse_derived.h"

#if SYNAPSE_TISSUES == 0
#include "synapse0_solver.h" /* generated: jacobian_index, solver_factor, solver_solve */
#else
#include "synapse4_solver.h"
#endif

#include "model/synapse_homeostasis.h"

#include <string.h>

/* --- what drug does, as rates ---------------------------------------------------------------- */

/* Adds c times a term of site s to rate i; every state behind the term is within the structure. */
static inline void add_term(const lane *k, lane *rate, lane *jac, int i, int s, const site *t,
                            lane c, gradient g)
{
  rate[i] += c * g.value;
  if (jac) {
    J(i, REST + s) += c * g.idle;
    J(i, POST + s) += c * g.idle;
    J(i, ACT + s) += c * g.act;
    J(i, synapse_drug(s, 0)) += c * g.drug * t->by_state[0];
    J(i, synapse_drug(s, 1)) += c * g.drug * t->by_state[1];
    J(i, synapse_target(s, 0)) += c * g.target[0] * AT(TARGET_SCALE, s);
    if (synapse_targets(s) == 2) {
      J(i, synapse_target(s, 1)) += c * g.target[1];
    }
  }
}

/* Activation of resting and post-activated cells, and exhaustion of activated ones. */
static inline void add_activation(const lane *k, const lane *y, lane *rate, lane *jac, int s,
                                  const site *t)
{
  const gradient stimulation = multiply(t->encounter, t->activation);
  const gradient share = scaled(stimulation, k[ACTIVATION_RATE] * AT(ACTIVATION_MAX, s));
  const lane rest = y[REST + s], post = k[REACTIVATION] * y[POST + s];
  add_term(k, rate, jac, REST + s, s, t, -rest, share);
  add_term(k, rate, jac, POST + s, s, t, -post, share);
  add_term(k, rate, jac, ACT + s, s, t, rest + post, share);
  const lane act = k[EXHAUSTION] * t->act;
  add_term(k, rate, jac, ACT + s, s, t, -act, stimulation);
  add_term(k, rate, jac, POST + s, s, t, act, stimulation);
  if (jac) {
    const lane again = k[REACTIVATION] * share.value;
    const lane exhausted = k[EXHAUSTION] * stimulation.value;
    J(REST + s, REST + s) -= share.value;
    J(ACT + s, REST + s) += share.value;
    J(POST + s, POST + s) -= again;
    J(ACT + s, POST + s) += again;
    J(ACT + s, ACT + s) -= exhausted;
    J(POST + s, ACT + s) += exhausted;
  }
}

static inline void add_kill(const lane *k, const lane *y, lane *rate, lane *jac, int s,
                            const site *t, bool two)
{
  for (int c = 0; c < (two ? 2 : 1); c++) {
    const int i = synapse_target(s, c);
    const slope g = t->with[c].kill;
    gradient kill = constant_gradient(t->killing * g.value);
    kill.drug = t->killing * g.slope;
    kill.act = t->killing_act * g.value;
    kill.target[0] = kill.target[1] = t->killing_total * g.value;
    const int touched[] = {i, DYING};
    for (int n = 0; n < (s == SITE_TUMOR ? 2 : 1); n++) {
      const lane sign = lane_set(n == 0 ? -1.0 : 1.0);
      rate[touched[n]] += sign * kill.value * y[i];
      if (jac) {
        const lane cells = sign * y[i];
        J(touched[n], ACT + s) += cells * kill.act;
        J(touched[n], synapse_drug(s, 0)) += cells * kill.drug * t->by_state[0];
        J(touched[n], synapse_drug(s, 1)) += cells * kill.drug * t->by_state[1];
        J(touched[n], synapse_target(s, 0)) += cells * kill.target[0] * AT(TARGET_SCALE, s);
        if (synapse_targets(s) == 2) {
          J(touched[n], synapse_target(s, 1)) += cells * kill.target[1];
        }
        J(touched[n], i) += sign * kill.value;
      }
    }
  }
}

/* Responding T cells that release cytokine. A site's cytokine grows less than in proportion to its
 * T cells (SOURCE_N below 1), because the cells that amplify it are limited. */
static inline gradient recruited_source(const lane *k, const site *t, gradient engaged)
{
  const lane one = lane_set(1.0), all = t->idle + t->act, cells = lane_max(all, one);
  const lane number = k[SOURCE_SCALE] * lane_exp(k[SOURCE_N] * lane_log(cells));
  const lane slope_by_cells = k[SOURCE_N] * number / cells * lane_above(all, one);
  gradient g = scaled(engaged, number);
  g.idle += engaged.value * slope_by_cells;
  g.act += engaged.value * slope_by_cells;
  return g;
}

/* Hosseini's source: activated T cells times the number of target cells, relative to its start. */
static inline gradient counted_source(const lane *k, int s, const site *t)
{
  const lane each = AT(COUNT_SOURCE, s);
  gradient g = scaled(t->activation, t->act * t->total * each);
  g.act += t->activation.value * t->total * each;
  g.target[0] += t->activation.value * t->act * each;
  g.target[1] += t->activation.value * t->act * each;
  return g;
}

static inline gradient blended(gradient a, lane share, gradient b)
{
  const gradient x = scaled(a, lane_set(1.0) - share), y = scaled(b, share);
  return (gradient){x.value + y.value,
                    x.drug + y.drug,
                    x.idle + y.idle,
                    x.act + y.act,
                    {x.target[0] + y.target[0], x.target[1] + y.target[1]}};
}

/* One cytokine from one site: weight times source, less what premedication suppresses. */
static inline void add_release(const lane *k, lane *rate, lane *jac, int cytokine, int s,
                               const site *t, lane weight, gradient source, lane by_refractory,
                               const suppression *p)
{
  const lane released = weight * p->dexamethasone.value;
  add_term(k, rate, jac, cytokine, s, t, released, source);
  if (jac) {
    J(cytokine, REFRACTORY + s) += released * by_refractory;
    J(cytokine, DEXAMETHASONE_EFFECT) += weight * source.value * p->dexamethasone.slope;
  }
}

/* Responders become refractory, the faster the stronger the response; those that are not yet
 * release cytokine. */
static inline void add_cytokines(const lane *k, const lane *y, lane *rate, lane *jac, int s,
                                 const site *t, const suppression *p)
{
  const lane none = lane_set(0.0), fresh = lane_set(1.0) - y[REFRACTORY + s];
  const gradient engaged = multiply(t->encounter, t->cytokine);
  const gradient build = multiply(engaged, t->cytokine);
  add_term(k, rate, jac, REFRACTORY + s, s, t, k[REFRACTORY_BUILD] * fresh, build);
  if (jac) {
    J(REFRACTORY + s, REFRACTORY + s) -= k[REFRACTORY_BUILD] * build.value;
  }
  const gradient recruited = recruited_source(k, t, engaged);
  const gradient source = blended(scaled(recruited, fresh), k[BY_COUNT], counted_source(k, s, t));
  const lane by_refractory = (k[BY_COUNT] - lane_set(1.0)) * recruited.value;
  add_release(k, rate, jac, IL6, s, t, AT(IL6_WEIGHT, s), source, by_refractory, p);
  gradient early = scaled(engaged, fresh * lane_max(t->act, none));
  early.act += engaged.value * fresh * lane_above(t->act, none);
  add_release(k, rate, jac, IFN, s, t, AT(IFN_WEIGHT, s), early,
              -engaged.value * lane_max(t->act, none), p);
  /* part of the drive needs the receptor that tocilizumab blocks */
  const lane open = lane_set(1.0) - k[TOCI_SIGNAL] * p->receptors.value;
  const lane weight = k[DRIVE_RATE] * AT(DRIVE_WEIGHT, s);
  add_release(k, rate, jac, DRIVE, s, t, weight * open, source, by_refractory, p);
  if (jac) {
    J(DRIVE, TOCILIZUMAB) -=
        weight * p->dexamethasone.value * source.value * k[TOCI_SIGNAL] * p->receptors.slope;
  }
}

/* What is bound at a site of the drug from the state synapse_drug(s, 1), by its share of the active
 * drug there, and the derivatives of that by both states; bound, slope_: all of it. */
typedef struct bound_share {
  lane value, by_state[2];
} bound_share;

static inline bound_share share_of_second(const site *t, lane bound, lane slope_)
{
  const lane below = lane_set(1.0) / lane_max(t->drug, lane_set(TINY));
  const lane first = t->first * below, share = lane_set(1.0) - first;
  return (bound_share){bound * share,
                       {share * (slope_ - bound * below) * t->by_state[0],
                        (share * slope_ + bound * below * first) * t->by_state[1]}};
}

/* Free drug at a site: entry, and internalisation of what is bound there; bound drug follows the
 * free, so that a change of all drug is 1 + d(bound)/d(free) times that of the free. Drug on cells
 * that die is lost with them. */
static inline void add_drug_at_site(const lane *k, const lane *y, lane *rate, lane *jac, int s,
                                    const site *t, bool two)
{
  const lane one = lane_set(1.0), given = y[GIVEN_CENTRAL] * k[INVERSE_CENTRAL];
  const lane cut = y[CUT_CENTRAL] * k[INVERSE_CENTRAL];
  const engagement *e = t->with;
  lane bound = t->cells[0] * e[0].bound, slope_ = t->cells[0] * e[0].bound_slope;
  lane curvature = t->cells[0] * e[0].bound_curvature;
  if (two) {
    bound += t->cells[1] * e[1].bound;
    slope_ += t->cells[1] * e[1].bound_slope;
    curvature += t->cells[1] * e[1].bound_curvature;
  }
  const lane below = one / (one + slope_);
  const lane entering = AT(ENTRY_ACTIVE, s) * (k[GIVEN_ACTIVE] * given + cut) +
                        AT(ENTRY_CUT, s) * given - AT(ENTRY, s) * y[DRUG + s];
  const bound_share free = share_of_second(t, bound, slope_);
  const lane change = (entering - k[INTERNALISATION] * free.value) * below;
  rate[DRUG + s] += change;
  if (!jac) {
    return;
  }
  const lane by_given = AT(ENTRY_ACTIVE, s) * k[GIVEN_ACTIVE] + AT(ENTRY_CUT, s);
  const lane lag = -change * curvature * below, taken = k[INTERNALISATION] * below;
  J(DRUG + s, GIVEN_CENTRAL) +=
      by_given * k[INVERSE_CENTRAL] * below + lag * t->by_state[0] - taken * free.by_state[0];
  J(DRUG + s, CUT_CENTRAL) += AT(ENTRY_ACTIVE, s) * k[INVERSE_CENTRAL] * below;
  J(DRUG + s, DRUG + s) += lag * t->by_state[1] - taken * free.by_state[1] - AT(ENTRY, s) * below;
  for (int c = 0; c < (two ? 2 : 1); c++) {
    const lane scale = c == 0 ? AT(TARGET_SCALE, s) : one;
    const lane of_one = share_of_second(t, e[c].bound, e[c].bound_slope).value;
    J(DRUG + s, synapse_target(s, c)) -=
        scale * (k[INTERNALISATION] * of_one + change * e[c].bound_slope) * below;
  }
}

/* Target-mediated elimination in blood: drug on target cells is internalised with its receptor. */
static inline void add_target_loss(const lane *k, lane *rate, lane *jac, const site *t)
{
  const lane c = k[TARGET_LOSS], cells = c * t->cells[0];
  const lane bound = t->with[0].bound, slope_ = t->with[0].bound_slope;
  const bound_share cut = share_of_second(t, bound, slope_);
  rate[GIVEN_CENTRAL] -= cells * (bound - cut.value);
  rate[CUT_CENTRAL] -= cells * cut.value;
  if (jac) {
    J(GIVEN_CENTRAL, TARGET_BLOOD) -= c * (bound - cut.value);
    J(CUT_CENTRAL, TARGET_BLOOD) -= c * cut.value;
    for (int n = 0; n < 2; n++) {
      const int state = synapse_drug(SITE_BLOOD, n);
      J(GIVEN_CENTRAL, state) -= cells * (slope_ * t->by_state[n] - cut.by_state[n]);
      J(CUT_CENTRAL, state) -= cells * cut.by_state[n];
    }
  }
}

static inline void add_site(const lane *k, const lane *y, lane *rate, lane *jac, int s, bool two,
                            const suppression *p)
{
  const site t = read_site(k, y, s, two);
  add_activation(k, y, rate, jac, s, &t);
  add_kill(k, y, rate, jac, s, &t, two);
  add_cytokines(k, y, rate, jac, s, &t, p);
  if (s == SITE_BLOOD) {
    add_target_loss(k, rate, jac, &t);
  } else {
    add_drug_at_site(k, y, rate, jac, s, &t, two);
  }
}

/* --- the model ------------------------------------------------------------------------------- */

/* jac may be NULL (known at compile time in both callers). Sites and depletion are computed also
 * while nobody has drug: their terms are then zero, but not their derivatives, which the first step
 * of an infusion needs; skipping them would let a patient's first step depend on its neighbours. */
static inline __attribute__((always_inline)) void evaluate(const lane *k, const lane *y, lane *rate,
                                                           lane *jac)
{
  memset(rate, 0, SYNAPSE_STATES * sizeof(lane));
  if (jac) {
    memset(jac, 0, JACOBIAN_NONZEROS * sizeof(lane));
  }
  const suppression p = suppress(k, y);
  const bool two = lane_any_positive(lane_max(y[TUMOR_LOW], -y[TUMOR_LOW]));
  for (int s = 0; s < SITES; s++) {
    add_site(k, y, rate, jac, s, s == SITE_TUMOR && two, &p);
  }
  for (int s = 0; s < SITES; s++) {
    add_t_cells(k, y, rate, jac, s);
  }
  for (int s = SITE_LYMPHOID; s < SITES; s++) {
    add_traffic(y, rate, jac, REST, s, AT(REST_IN, s), AT(REST_OUT, s), lane_set(1.0));
    add_traffic(y, rate, jac, ACT, s, AT(ACT_IN, s), AT(ACT_OUT, s), k[MARGINATION_OF_ACT]);
    add_traffic(y, rate, jac, POST, s, AT(REST_IN, s), AT(REST_OUT, s), lane_set(1.0));
  }
  add_t_generation(k, y, rate, jac);
  add_target_cells(k, y, rate, jac);
  add_tumor(k, y, rate, jac);
  add_drug_in_blood(k, y, rate, jac);
  add_premedication(k, y, rate, jac);
  add_depletion(k, y, rate, jac);
  add_recovery(k, y, rate, jac, &p);
}

static inline lane activated_share(const lane *y, int s)
{
  return y[ACT + s] / lane_max(y[REST + s] + y[ACT + s] + y[POST + s], lane_set(1.0));
}

static void outputs(const double *derived, const double *state, double *output)
{
  const lane *k = (const lane *)derived, *y = (const lane *)state;
  lane *out = (lane *)output;
  const lane tumor = y[TUMOR] + y[TUMOR_LOW];
  out[OUTPUT_DRUG] = (y[GIVEN_CENTRAL] + y[CUT_CENTRAL]) * k[INVERSE_CENTRAL] * k[UG_PER_ML];
  out[OUTPUT_IL6] = y[IL6];
  out[OUTPUT_TUMOR] = tumor;
  out[OUTPUT_BLOOD_B] = y[TARGET_BLOOD] / k[BLOOD_VOLUME];
  out[OUTPUT_BLOOD_T] = (y[REST] + y[ACT] + y[POST]) / k[BLOOD_VOLUME];
  out[OUTPUT_ACTIVATED_CD8] = activated_share(y, SITE_BLOOD);
  out[OUTPUT_CRS_DRIVE] = y[DRIVE];
  out[OUTPUT_IFN] = y[IFN];
  out[OUTPUT_TUMOR_SIZE] = tumor + y[DYING];
  out[OUTPUT_TUMOR_DRUG] = y[DRUG + SITE_TUMOR];
  out[OUTPUT_ACTIVATED_LYMPHOID] = activated_share(y, SITE_LYMPHOID);
  out[OUTPUT_ACTIVATED_TUMOR] = activated_share(y, SITE_TUMOR);
  for (int n = 0; n < SYNAPSE_TISSUES; n++) {
    out[OUTPUT_ACTIVATED_TISSUE1 + n] = activated_share(y, SITE_TISSUE + n);
    out[OUTPUT_HEALTH_TISSUE1 + n] = y[HEALTH + n];
  }
  out[KERNEL_LOG10_TUMOR] = log10_of_cells(tumor);
}

#include "model/kernel_entries.h"
KERNELS(SYNAPSE_KERNELS);
