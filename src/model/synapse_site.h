/* What drug does at one site of synapse: the chain from free drug to activation, killing and
 * cytokine, with derivatives. Part of synapse_kernel.c, which is the only file that includes it. */
#ifndef MODEL_SYNAPSE_SITE_H
#define MODEL_SYNAPSE_SITE_H

#include "model/binding_lane.h"
#include "model/synapse_derived.h"

#include "model/kernel_terms.h"

/* --- terms ------------------------------------------------------------------------------------ */

/* A quantity of one site and its derivatives by drug there, T cells that are not activated,
 * activated T cells, and target cells (the tumour has two kinds). */
typedef struct gradient {
  lane value, drug, idle, act, target[2];
} gradient;

static inline gradient constant_gradient(lane value)
{
  const lane none = lane_set(0.0);
  return (gradient){value, none, none, none, {none, none}};
}

static inline gradient multiply(gradient a, gradient b)
{
  return (gradient){.value = a.value * b.value,
                    .drug = a.drug * b.value + a.value * b.drug,
                    .idle = a.idle * b.value + a.value * b.idle,
                    .act = a.act * b.value + a.value * b.act,
                    .target = {a.target[0] * b.value + a.value * b.target[0],
                               a.target[1] * b.value + a.value * b.target[1]}};
}

static inline gradient scaled(gradient a, lane c)
{
  return (gradient){.value = c * a.value,
                    .drug = c * a.drug,
                    .idle = c * a.idle,
                    .act = c * a.act,
                    .target = {c * a.target[0], c * a.target[1]}};
}

/* A value with its derivative by the one thing it depends on. */
typedef struct slope {
  lane value, slope;
} slope;

/* x^n / (half^n + x^n), slope by x. */
static inline slope hill(lane x, lane n, lane half_n)
{
  const lane base = lane_max(x, lane_set(TINY));
  const lane power = lane_exp(n * lane_log(base));
  const lane value = power / (half_n + power);
  return (slope){value, n * value * (lane_set(1.0) - value) / base};
}

/* The same for trimers S with the power (S^2 + s0^2)^(n/2) - s0^n, whose slope stays finite at 0;
 * logarithm: of S^2 + s0^2. */
static inline slope trimer_hill(lane s, lane logarithm, lane square, lane n, lane zero, lane half_n)
{
  const lane raised = lane_exp(lane_set(0.5) * n * logarithm);
  /* exactly 0 without trimers: a patient without drug must not notice one beside it with drug */
  const lane power = (raised - zero) * lane_above(s, lane_set(0.0));
  const lane below = lane_set(1.0) / (half_n + power);
  return (slope){power * below, half_n * below * below * n * raised * s / square};
}

/* --- what drug does at a site ---------------------------------------------------------------- */

/* Trimers on one kind of target cell, and what they cause; slopes by drug. */
typedef struct engagement {
  slope activation, cytokine, kill;
  lane bound, bound_slope, bound_curvature; /* drug on one cell's receptors: nM at the site */
} engagement;

static inline engagement engage(const lane *k, lane drug, lane affinity, lane cis, lane receptors,
                                lane bound_per_cell)
{
  const occupancy u = binding_occupancy(drug * affinity, k[VALENCY], cis);
  const trimer_count bridge = binding_trimers(receptors * u.value, receptors * u.slope * affinity,
                                              drug, k[PER_BOUND], k[CD3_AFFINITY], k[CD3]);
  /* Fc receptors of accessory cells present CD3-bound drug without any target: that stimulates T
   * cells, but kills no target cell */
  const lane occupied = lane_set(1.0) / (lane_set(1.0) + drug * k[CD3_AFFINITY]);
  trimer_count s = bridge;
  s.value += k[FC_GAMMA] * k[CD3] * (lane_set(1.0) - occupied);
  s.slope += k[FC_GAMMA] * k[CD3] * k[CD3_AFFINITY] * occupied * occupied;
  const lane square = s.value * s.value + k[TRIMERS_0_2], logarithm = lane_log(square);
  const lane kill_below = lane_set(1.0) / (k[KILL_TRIMERS] + bridge.value);
  engagement e;
  e.activation = trimer_hill(s.value, logarithm, square, k[ACTIVATION_N], k[ACTIVATION_0],
                             k[ACTIVATION_HALF_N]);
  e.cytokine =
      trimer_hill(s.value, logarithm, square, k[CYTOKINE_N], k[CYTOKINE_0], k[CYTOKINE_HALF_N]);
  e.kill = (slope){bridge.value * kill_below, k[KILL_TRIMERS] * kill_below * kill_below};
  e.activation.slope *= s.slope;
  e.cytokine.slope *= s.slope;
  e.kill.slope *= bridge.slope;
  e.bound = bound_per_cell * u.value;
  e.bound_slope = bound_per_cell * affinity * u.slope;
  e.bound_curvature = bound_per_cell * affinity * affinity * u.curvature;
  return e;
}

/* One site at one time. */
typedef struct site {
  lane drug, by_state[2]; /* active drug, and its derivatives by synapse_drug(s, 0 and 1) */
  lane first;             /* the part of it that comes from synapse_drug(s, 0) */
  lane idle, act, cells[2], total; /* T cells, target cells of each kind, and all of them */
  engagement with[2];              /* each kind of target cell */
  gradient encounter, activation, cytokine; /* encounter of T and target cells; Hill functions */
  lane killing, killing_act, killing_total; /* rate of killing under full engagement */
} site;

/* Drug at the site as free active drug: what is still masked counts by its lower affinity. */
static inline void read_drug(const lane *k, const lane *y, int s, site *t)
{
  const lane given = y[GIVEN_CENTRAL] * k[INVERSE_CENTRAL];
  const lane none = lane_set(0.0);
  if (s == SITE_BLOOD) {
    t->by_state[0] = k[ACTIVE_SHARE] * k[INVERSE_CENTRAL];
    t->by_state[1] = k[INVERSE_CENTRAL];
    t->first = k[ACTIVE_SHARE] * given;
    t->drug = lane_max(t->first + y[CUT_CENTRAL] * k[INVERSE_CENTRAL], none);
  } else {
    t->by_state[0] = AT(MASKED_LEVEL, s) * k[INVERSE_CENTRAL];
    t->by_state[1] = lane_set(1.0);
    t->first = AT(MASKED_LEVEL, s) * given;
    t->drug = lane_max(t->first + y[DRUG + s], none);
  }
}

static inline void read_cells(const lane *k, const lane *y, int s, site *t)
{
  const lane none = lane_set(0.0);
  t->idle = y[REST + s] + y[POST + s];
  t->act = y[ACT + s];
  t->cells[0] = AT(TARGET_SCALE, s) * lane_max(y[synapse_target(s, 0)], none);
  t->cells[1] = synapse_targets(s) == 2 ? lane_max(y[synapse_target(s, 1)], none) : none;
  t->total = t->cells[0] + t->cells[1];
}

/* Encounter: Hill function of the ratio of target cells to T cells that are not activated. Fc
 * receptors make accessory cells count as targets. */
static inline gradient encounter_of(const lane *k, const site *t)
{
  const lane one = lane_set(1.0), below = one / lane_max(t->idle, one);
  const slope h = hill(t->total * below, k[RATIO_N], k[RATIO_HALF_N]);
  const lane free = one - k[FC_GAMMA];
  gradient e = constant_gradient(k[FC_GAMMA] + free * h.value);
  const lane by_total = free * h.slope * below;
  e.idle = -by_total * t->total * below * lane_above(t->idle, one);
  e.target[0] = e.target[1] = by_total;
  return e;
}

/* What the T cells at the site see on average over the two kinds of target cells. */
static inline gradient mixed(const site *t, slope first, slope second, bool two)
{
  gradient g = constant_gradient(first.value);
  g.drug = first.slope;
  if (two) {
    const lane below = lane_set(1.0) / lane_max(t->total, lane_set(TINY));
    const lane share = t->cells[1] * below, difference = second.value - first.value;
    g.value += share * difference;
    g.drug += share * (second.slope - first.slope);
    g.target[0] = -share * below * difference;
    g.target[1] = (lane_set(1.0) - share) * below * difference;
  }
  return g;
}

/* Killing: Hill function of the ratio of activated T to target cells. */
static inline void read_killing(const lane *k, int s, site *t)
{
  const lane one = lane_set(1.0), below = one / lane_max(t->total, one);
  const slope h = hill(lane_max(t->act, lane_set(0.0)) * below, k[KILL_N], AT(KILL_HALF_N, s));
  t->killing = AT(KILL_RATE, s) * h.value;
  t->killing_act = AT(KILL_RATE, s) * h.slope * below * lane_above(t->act, lane_set(0.0));
  t->killing_total = -t->killing_act * t->act * below * lane_above(t->total, one);
}

static inline site read_site(const lane *k, const lane *y, int s, bool two)
{
  site t;
  read_drug(k, y, s, &t);
  read_cells(k, y, s, &t);
  t.with[0] =
      engage(k, t.drug, AT(AFFINITY, s), AT(CIS, s), AT(RECEPTORS, s), AT(BOUND_PER_CELL, s));
  t.with[1] = t.with[0];
  if (two) {
    t.with[1] =
        engage(k, t.drug, AT(AFFINITY, s), k[LOW_CIS], k[LOW_RECEPTORS], k[LOW_BOUND_PER_CELL]);
  }
  t.encounter = encounter_of(k, &t);
  t.activation = mixed(&t, t.with[0].activation, t.with[1].activation, two);
  t.cytokine = mixed(&t, t.with[0].cytokine, t.with[1].cytokine, two);
  read_killing(k, s, &t);
  return t;
}

#endif
