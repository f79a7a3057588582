/* Binding where neither drug nor receptors are in excess; see binding.h and docs/binding.md.
 *
 * t = free target / KD of the target. Of each free drug molecule there are
 *   v t          held by one target arm (v arms)
 *   chi t^2      held by two target arms
 *   a            held by CD3, a = 1/(KD of CD3) of each free CD3; times cooperativity with target.
 * CD3 is eliminated by its own balance; t is the root of the balance of target. */
#include "model/binding.h"

#include "model/binding_lane.h"

#include <math.h>
#include <stdbool.h>

enum { ROOT_STEPS = 200 };

/* An increasing function of x, and its slope. */
typedef double curve(const void *context, double x, double *slope);

/* Where the curve reaches `goal`, between low and high (both above 0): Newton's steps on
 * logarithms; half of the bracket where they leave it or stop shrinking. Starts at high. */
static double find_root(curve *f, const void *context, double goal, double low, double high)
{
  double x = high, last = INFINITY;
  for (int i = 0; i < ROOT_STEPS; i++) {
    double slope;
    const double value = f(context, x, &slope);
    if (value == goal) {
      return x;
    }
    if (value > goal) {
      high = x;
    } else {
      low = x;
    }
    const double step = log1p((value - goal) / goal) * value / (slope * x);
    double next = x * exp(-step);
    if (!(next >= low && next <= high && fabs(step) < 0.5 * last)) {
      next = sqrt(low) * sqrt(high);
    }
    last = fabs(log1p((next - x) / x));
    x = next;
    if (last <= 2e-16) {
      break;
    }
  }
  return x;
}

static bool is_amount(double x) { return x >= 0 && isfinite(x); }

static bool is_constant(double x) { return x > 0 && isfinite(x); }

/* --- effective constants ---------------------------------------------------------------------- */

double binding_cis(double share, double receptors_per_cell, double kd_nM)
{
  if (!is_amount(share) || !is_amount(receptors_per_cell) || !is_constant(kd_nM)) {
    return NAN;
  }
  return share * receptors_per_cell * BINDING_LOCAL_nM / kd_nM;
}

double binding_effective_kd(double kd_nM, double internalisation_per_day, double on_rate_per_nM_day)
{
  if (!is_constant(kd_nM) || !is_amount(internalisation_per_day) ||
      !is_constant(on_rate_per_nM_day)) {
    return NAN;
  }
  return kd_nM + internalisation_per_day / on_rate_per_nM_day;
}

double binding_cd3_affinity(double kd_cd3_nM, int cd3_arms, double cis)
{
  if (!is_constant(kd_cd3_nM) || cd3_arms < 1 || cd3_arms > 2 || !is_amount(cis)) {
    return NAN;
  }
  return cd3_arms == 1 ? 1 / kd_cd3_nM : (2 + cis) / kd_cd3_nM;
}

/* --- target alone ----------------------------------------------------------------------------- */

/* The order of the sum matters: drug and receptors may nearly cancel, and their difference is then
 * exact. */
static double free_of_one_arm(double drug, double receptors, double kd)
{
  const double b = (receptors - drug) + kd;
  const double root = sqrt(b * b + 4 * kd * drug);
  return b > 0 ? 2 * kd * drug / (b + root) : (root - b) / 2;
}

typedef struct sink {
  double receptors, kd, cis;
} sink;

static double drug_in_sink(const void *context, double free, double *slope)
{
  const sink *s = context;
  const occupancy u = binding_occupancy(free / s->kd, 2, s->cis);
  *slope = 1 + s->receptors * u.slope / s->kd;
  return free + s->receptors * u.value;
}

double binding_free_drug(double drug_nM, double receptors_nM, double kd_nM, int target_arms,
                         double cis)
{
  if (!is_amount(drug_nM) || !is_amount(receptors_nM) || !is_constant(kd_nM) || target_arms < 1 ||
      target_arms > 2 || !is_amount(cis)) {
    return NAN;
  }
  if (target_arms == 1 || drug_nM == 0) {
    return free_of_one_arm(drug_nM, receptors_nM, kd_nM);
  }
  const sink s = {receptors_nM, kd_nM, cis};
  /* bound <= receptors (2 + cis) free/K */
  const double low = drug_nM / (1 + receptors_nM * (2 + cis) / kd_nM);
  return find_root(drug_in_sink, &s, drug_nM, low, drug_nM);
}

/* --- target and CD3 --------------------------------------------------------------------------- */

/* The well, with what is common to all t. */
typedef struct balance {
  double target, cd3, kd_target, kd_cd3, alpha, arms, chi;
  double cd3_in_target; /* CD3 whose trimers count in the balance of target: cd3, or 0 */
  double drug;          /* free */
} balance;

/* A quantity's partial derivatives: by t, and by the rest at fixed t. */
typedef struct partial {
  double value, by_t;
  binding_value at_t; /* its value is not used */
} partial;

/* Drug on target arms for each free drug molecule, and targets held by them, with slopes by t. */
typedef struct held {
  double molecules, molecules_slope, targets, targets_slope;
} held;

static held on_target(const balance *b, double t)
{
  return (held){.molecules = t * (b->arms + b->chi * t),
                .molecules_slope = b->arms + 2 * b->chi * t,
                .targets = t * (b->arms + 2 * b->chi * t),
                .targets_slope = b->arms + 4 * b->chi * t};
}

static double free_cd3_share(const balance *b, double t)
{
  return 1 / (1 + b->drug / b->kd_cd3 * (1 + b->alpha * on_target(b, t).molecules));
}

/* What depends on drug and KD of CD3 only as `weight` CD3 x a/(1 + a x ...): its derivative by a is
 * `by_a`. */
static binding_value by_occupied_cd3(const balance *b, double by_a)
{
  return (binding_value){.by_drug = by_a / b->kd_cd3,
                         .by_kd_cd3 = -by_a * b->drug / (b->kd_cd3 * b->kd_cd3)};
}

/* All target: free, on drug, in trimers. */
static partial all_target(const balance *b, double t)
{
  const held h = on_target(b, t);
  const double share = free_cd3_share(b, t), a = b->drug / b->kd_cd3;
  const double weight = b->cd3_in_target * b->alpha;
  const double spread = (1 + a) * h.targets_slope + a * b->alpha * b->arms * b->chi * t * t;
  partial r = {.value = b->kd_target * t + b->drug * h.targets + weight * a * h.targets * share,
               .by_t =
                   b->kd_target + b->drug * h.targets_slope + weight * a * spread * share * share,
               .at_t = by_occupied_cd3(b, weight * h.targets * share * share)};
  r.at_t.by_drug += h.targets;
  r.at_t.by_kd_target = t;
  return r;
}

static partial all_drug(const balance *b, double t)
{
  const held h = on_target(b, t);
  const double share = free_cd3_share(b, t), a = b->drug / b->kd_cd3;
  const double on_cd3 = b->cd3 * (1 + b->alpha * h.molecules);
  partial r = {.value = b->drug * (1 + h.molecules) + on_cd3 * a * share,
               .by_t = (b->drug + b->cd3 * a * b->alpha * share * share) * h.molecules_slope,
               .at_t = by_occupied_cd3(b, on_cd3 * share * share)};
  r.at_t.by_drug += 1 + h.molecules;
  return r;
}

static partial all_trimers(const balance *b, double t)
{
  const held h = on_target(b, t);
  const double share = free_cd3_share(b, t), a = b->drug / b->kd_cd3;
  const double weight = b->cd3 * b->alpha;
  return (partial){.value = weight * a * h.molecules * share,
                   .by_t = weight * a * h.molecules_slope * (1 + a) * share * share,
                   .at_t = by_occupied_cd3(b, weight * h.molecules * share * share)};
}

/* Derivatives of a quantity at fixed free drug: t follows from the balance of target. */
static binding_value following_t(const partial *x, const partial *target)
{
  const double by_target = -x->by_t / target->by_t;
  return (binding_value){x->value, x->at_t.by_drug + by_target * target->at_t.by_drug,
                         x->at_t.by_kd_target + by_target * target->at_t.by_kd_target,
                         x->at_t.by_kd_cd3 + by_target * target->at_t.by_kd_cd3};
}

/* t without trimers: root of t (1 + v p) + 2 chi p t^2 = target/KD, p = drug/KD. */
static double t_without_trimers(const balance *b)
{
  const double p = b->drug / b->kd_target, tau = b->target / b->kd_target;
  const double m = 1 + b->arms * p;
  return 2 * tau / (m + sqrt(m * m + 8 * b->chi * p * tau));
}

/* One target arm: free CD3 by its quadratic, whose middle term may have either sign; then t. */
static double t_of_one_arm(const balance *b)
{
  const double a = b->drug / b->kd_cd3, p = b->drug / b->kd_target;
  const double pull = b->alpha * p / b->kd_cd3; /* trimers of each free target and free CD3 */
  const double square = pull * (1 + a), all = b->cd3_in_target * (1 + p);
  const double middle = (1 + a) * (1 + p) + pull * (b->target - b->cd3_in_target);
  const double root = sqrt(middle * middle + 4 * square * all);
  const double cd3 = middle > 0 ? 2 * all / (middle + root) : (root - middle) / (2 * square);
  return b->target / b->kd_target / (1 + p + pull * cd3);
}

static double target_at(const void *context, double t, double *slope)
{
  const partial x = all_target(context, t);
  *slope = x.by_t;
  return x.value;
}

static double solve_t(const balance *b)
{
  if (b->cd3_in_target == 0 || b->drug == 0 || b->target == 0) {
    return t_without_trimers(b);
  }
  if (b->chi == 0 && b->arms < 2) {
    return t_of_one_arm(b);
  }
  const double most = t_without_trimers(b);
  const double pull = b->drug / b->kd_cd3 * b->alpha * b->cd3_in_target;
  /* every denominator of the balance put to 1, every t but one to its most */
  const double low = b->target / (b->kd_target + (b->drug + pull) * (b->arms + 2 * b->chi * most));
  return find_root(target_at, b, b->target, low, most);
}

static double drug_at(const void *context, double free, double *slope)
{
  balance b = *(const balance *)context;
  b.drug = free;
  const double t = solve_t(&b);
  const partial drug = all_drug(&b, t), target = all_target(&b, t);
  const binding_value all = following_t(&drug, &target);
  *slope = all.by_drug;
  return all.value;
}

static bool well_is_valid(const binding_well *w)
{
  return is_amount(w->target_nM) && is_amount(w->cd3_nM) && is_constant(w->kd_target_nM) &&
         is_constant(w->kd_cd3_nM) && is_constant(w->cooperativity) && w->target_arms >= 1 &&
         w->target_arms <= 2 && is_amount(w->second_arm);
}

static balance balance_of(const binding_well *w, double free_drug)
{
  return (balance){.target = w->target_nM,
                   .cd3 = w->cd3_nM,
                   .kd_target = w->kd_target_nM,
                   .kd_cd3 = w->kd_cd3_nM,
                   .alpha = w->cooperativity,
                   .arms = w->target_arms,
                   .chi = w->target_arms == 2 ? w->second_arm : 0,
                   .cd3_in_target = w->cd3_nM,
                   .drug = free_drug};
}

static binding_balance not_a_number(void)
{
  return (binding_balance){NAN, NAN, NAN, NAN, {NAN, NAN, NAN, NAN}};
}

static binding_balance solved(const balance *b, binding_value *all)
{
  const double t = solve_t(b);
  const partial target = all_target(b, t), drug = all_drug(b, t), trimers = all_trimers(b, t);
  *all = following_t(&drug, &target);
  return (binding_balance){.free_drug_nM = b->drug,
                           .free_target_nM = b->kd_target * t,
                           .free_cd3_nM = b->cd3 * free_cd3_share(b, t),
                           .drug_nM = all->value,
                           .trimers = following_t(&trimers, &target)};
}

binding_balance binding_at_free_drug(const binding_well *well, double free_drug_nM)
{
  if (!well_is_valid(well) || !is_amount(free_drug_nM)) {
    return not_a_number();
  }
  const balance b = balance_of(well, free_drug_nM);
  binding_value all;
  return solved(&b, &all);
}

binding_balance binding_with_few_trimers(const binding_well *well, double free_drug_nM)
{
  if (!well_is_valid(well) || !is_amount(free_drug_nM)) {
    return not_a_number();
  }
  balance b = balance_of(well, free_drug_nM);
  b.cd3_in_target = 0;
  binding_value all;
  return solved(&b, &all);
}

binding_balance binding_at_all_drug(const binding_well *well, double drug_nM)
{
  if (!well_is_valid(well) || !is_amount(drug_nM)) {
    return not_a_number();
  }
  balance b = balance_of(well, 0);
  if (drug_nM > 0) {
    const double t = b.target / b.kd_target; /* its most */
    const double held_most = on_target(&b, t).molecules;
    const double low = drug_nM / (1 + held_most + b.cd3 / b.kd_cd3 * (1 + b.alpha * held_most));
    b.drug = find_root(drug_at, &b, drug_nM, low, drug_nM);
  }
  binding_value all;
  binding_balance r = solved(&b, &all);
  /* free drug follows from all drug */
  r.trimers.by_drug /= all.by_drug;
  r.trimers.by_kd_target -= r.trimers.by_drug * all.by_kd_target;
  r.trimers.by_kd_cd3 -= r.trimers.by_drug * all.by_kd_cd3;
  return r;
}
