/* Rates and Jacobian of synapse, written once for lanes of patients and compiled for each number of
 * normal tissues. docs/synapse.md writes the equations out.
 *
 * The Jacobian follows the chain rule by hand: what happens at a site is a chain of terms, each
 * with its derivatives by the few local quantities it depends on (struct gradient). */
#include "model/binding_lane.h"
#include "model/kernels.h"
#include "model/synapse_derived.h"

#if SYNAPSE_TISSUES == 0
#include "synapse0_solver.h" /* generated: jacobian_index, solver_factor, solver_solve */
#else
#include "synapse4_solver.h"
#endif

#include <string.h>

/* Stands for zero in the base of a power: x^n and its slope stay finite for any exponent. */
#define TINY 1e-30

#define J(i, j) jac[jacobian_index[i][j]]
#define AT(constant, site) k[(constant) + (site)]

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

/* --- what drug does at a site ------------------------------------------------------------------
 */

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

/* --- rates --------------------------------------------------------------------------------------
 */

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
  const gradient share =
      scaled(multiply(t->encounter, t->activation), k[ACTIVATION_RATE] * AT(ACTIVATION_MAX, s));
  const lane rest = y[REST + s], post = k[REACTIVATION] * y[POST + s];
  add_term(k, rate, jac, REST + s, s, t, -rest, share);
  add_term(k, rate, jac, POST + s, s, t, -post, share);
  add_term(k, rate, jac, ACT + s, s, t, rest + post, share);
  const lane act = k[EXHAUSTION] * t->act;
  add_term(k, rate, jac, ACT + s, s, t, -act, t->activation);
  add_term(k, rate, jac, POST + s, s, t, act, t->activation);
  if (jac) {
    const lane again = k[REACTIVATION] * share.value;
    const lane exhausted = k[EXHAUSTION] * t->activation.value;
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

/* --- what goes on without drug ------------------------------------------------------------------
 */

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

/* One T-cell pool between blood and site s: in * (1 + boost*margination) * blood - out * tissue. */
static inline void add_traffic(const lane *y, lane *rate, lane *jac, int pool, int s, lane in,
                               lane out, lane boost)
{
  const lane pull = in * (lane_set(1.0) + boost * y[MARGINATION]);
  const lane flux = pull * y[pool] - out * y[pool + s];
  rate[pool] -= flux;
  rate[pool + s] += flux;
  if (jac) {
    const lane by_margination = in * boost * y[pool];
    J(pool, pool) -= pull;
    J(pool, pool + s) += out;
    J(pool, MARGINATION) -= by_margination;
    J(pool + s, pool) += pull;
    J(pool + s, pool + s) -= out;
    J(pool + s, MARGINATION) += by_margination;
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

/* per_day * max(0, gain*y[from] - y[i]): what is missing at i by the measure of `from`. Added to i
 * with `sign`, returned with its slopes. */
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

/* --- the model ----------------------------------------------------------------------------------
 */

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

static void rates(const double *derived, const double *state, double *rate)
{
  evaluate((const lane *)derived, (const lane *)state, (lane *)rate, NULL);
}

static void jacobian(const double *derived, const double *state, double *rate, double *jac)
{
  evaluate((const lane *)derived, (const lane *)state, (lane *)rate, (lane *)jac);
}

static void factor(const double *jac, const double *shift, double *factors)
{
  solver_factor((const lane *)jac, *(const lane *)shift, (lane *)factors);
}

static void solve(const double *jac, const double *factors, double *x)
{
  solver_solve((const lane *)jac, (const lane *)factors, (lane *)x);
}

static inline lane activated_share(const lane *y, int s)
{
  return y[ACT + s] / lane_max(y[REST + s] + y[ACT + s] + y[POST + s], lane_set(1.0));
}

static void outputs(const double *derived, const double *state, double *output)
{
  const lane *k = (const lane *)derived, *y = (const lane *)state;
  lane *out = (lane *)output;
  const lane one = lane_set(1.0), tumor = y[TUMOR] + y[TUMOR_LOW];
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
  out[KERNEL_LOG10_TUMOR] = lane_log(lane_max(tumor, one)) * lane_set(0.43429448190325182765);
}

static int entry(int i, int j) { return jacobian_index[i][j]; }

#define NAME_(tissues) synapse##tissues##_kernels
#define NAME(tissues) NAME_(tissues)
#define KERNELS lane_name(NAME(SYNAPSE_TISSUES))

extern const model_kernels KERNELS;
const model_kernels KERNELS = {
    .lanes = LANES,
    .n_nonzeros = JACOBIAN_NONZEROS,
    .n_factors = SOLVER_FACTORS,
    .rates = rates,
    .jacobian = jacobian,
    .factor = factor,
    .solve = solve,
    .outputs = outputs,
    .entry = entry,
};
