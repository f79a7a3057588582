/* Closed forms of binding against the reactions themselves: every species by mass action, run to
 * rest by a stiff solver from drug, target and CD3 that have not met. */
#include "model/wells.h"

#include <criterion/criterion.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_odeiv2.h>
#include <math.h>
#include <string.h>

enum { D, T, E, DT, DTT, ED, EDT, EDTT, SPECIES };
enum { REACTIONS = 7, TRIALS = 1000 };

/* a + b <-> ab, rates per nM and day, per day */
typedef struct reaction {
  int a, b, ab;
  double on, off;
} reaction;

typedef struct mixture {
  reaction of[REACTIONS];
  bool drug_is_kept; /* free drug does not change */
} mixture;

/* The second arm binds second_arm times as often; a molecule on two targets can let go of either.
 * Cooperativity makes what is in a trimer let go more rarely. */
static mixture mixture_of(const binding_well *w, bool drug_is_kept)
{
  const double kt = w->kd_target_nM, ke = w->kd_cd3_nM, alpha = w->cooperativity;
  const double arms = w->target_arms, second = w->target_arms == 2 ? w->second_arm : 0;
  return (mixture){{{D, T, DT, arms, kt},
                    {DT, T, DTT, second, 2 * kt},
                    {D, E, ED, 1, ke},
                    {ED, T, EDT, arms, kt / alpha},
                    {EDT, T, EDTT, second, 2 * kt},
                    {DT, E, EDT, 1, ke / alpha},
                    {DTT, E, EDTT, 1, ke / alpha}},
                   drug_is_kept};
}

static int flow(double day, const double y[], double rate[], void *context)
{
  const mixture *m = context;
  (void)day;
  memset(rate, 0, SPECIES * sizeof *rate);
  for (int i = 0; i < REACTIONS; i++) {
    const reaction *r = &m->of[i];
    const double net = r->on * y[r->a] * y[r->b] - r->off * y[r->ab];
    rate[r->a] -= net;
    rate[r->b] -= net;
    rate[r->ab] += net;
  }
  rate[D] = m->drug_is_kept ? 0 : rate[D];
  return GSL_SUCCESS;
}

static int flow_by_species(double day, const double y[], double *jac, double by_day[],
                           void *context)
{
  const mixture *m = context;
  (void)day;
  memset(jac, 0, SPECIES * SPECIES * sizeof *jac);
  memset(by_day, 0, SPECIES * sizeof *by_day);
  for (int i = 0; i < REACTIONS; i++) {
    const reaction *r = &m->of[i];
    const int row[] = {r->a, r->b, r->ab}, sign[] = {-1, -1, 1};
    for (int j = 0; j < 3; j++) {
      if (m->drug_is_kept && row[j] == D) {
        continue;
      }
      double *to = jac + row[j] * SPECIES;
      to[r->a] += sign[j] * r->on * y[r->b];
      to[r->b] += sign[j] * r->on * y[r->a];
      to[r->ab] -= sign[j] * r->off;
    }
  }
  return GSL_SUCCESS;
}

/* Largest net flow of a reaction relative to its forward flow. */
static double unrest(const mixture *m, const double *y)
{
  double worst = 0;
  for (int i = 0; i < REACTIONS; i++) {
    const reaction *r = &m->of[i];
    const double on = r->on * y[r->a] * y[r->b];
    worst = on > 0 ? fmax(worst, fabs(on - r->off * y[r->ab]) / on) : worst;
  }
  return worst;
}

static void run_to_rest(mixture *m, double *y)
{
  gsl_odeiv2_system system = {flow, flow_by_species, SPECIES, m};
  gsl_odeiv2_driver *driver =
      gsl_odeiv2_driver_alloc_y_new(&system, gsl_odeiv2_step_msbdf, 1e-6, 1e-16, 1e-9);
  double day = 0;
  for (double until = 1; until < 1e14 && unrest(m, y) > 1e-9; until *= 10) {
    if (gsl_odeiv2_driver_apply(driver, &day, until, y) != GSL_SUCCESS) {
      break;
    }
  }
  gsl_odeiv2_driver_free(driver);
}

static double apart(double a, double b) { return fabs(a - b) / fmax(fabs(a), fabs(b)); }

/* Worst relative difference of free target, free CD3, trimers, drug. */
static double difference(const binding_balance *r, const double *y)
{
  const double trimers = y[EDT] + y[EDTT];
  const double drug = y[D] + y[DT] + y[DTT] + y[ED] + trimers;
  return fmax(fmax(apart(r->free_target_nM, y[T]), apart(r->free_cd3_nM, y[E])),
              fmax(apart(r->trimers.value, trimers),
                   fmax(apart(r->free_drug_nM, y[D]), apart(r->drug_nM, drug))));
}

static void compare(int target_arms, bool drug_is_kept, uint64_t seed)
{
  random_stream s = random_open(seed, 0);
  double worst = 0, unrested = 0;
  gsl_set_error_handler_off();
  for (int i = 0; i < TRIALS; i++) {
    const binding_well w = random_well(&s, target_arms);
    const double drug = between(&s, 1e-3, 1e3);
    mixture m = mixture_of(&w, drug_is_kept);
    double y[SPECIES] = {[D] = drug, [T] = w.target_nM, [E] = w.cd3_nM};
    run_to_rest(&m, y);
    const binding_balance r =
        drug_is_kept ? binding_at_free_drug(&w, drug) : binding_at_all_drug(&w, drug);
    const double off = difference(&r, y), rest = unrest(&m, y);
    worst = fmax(worst, off);
    unrested = fmax(unrested, rest);
    cr_expect(off < 1e-6 && rest < 1e-6,
              "seed %llu, case %d: off by %.2g (unrest %.2g): T %g E %g KT %g KE %g alpha %g "
              "second arm %g drug %g",
              (unsigned long long)seed, i, off, rest, w.target_nM, w.cd3_nM, w.kd_target_nM,
              w.kd_cd3_nM, w.cooperativity, w.second_arm, drug);
  }
  cr_log_info("%d target arms, %s drug given, seed %llu: worst difference %.2g, unrest %.2g\n",
              target_arms, drug_is_kept ? "free" : "all", (unsigned long long)seed, worst,
              unrested);
}

Test(binding, one_arm_at_given_free_drug_is_where_the_reactions_rest) { compare(1, true, 11); }

Test(binding, one_arm_at_given_drug_is_where_the_reactions_rest) { compare(1, false, 12); }

Test(binding, two_arms_at_given_free_drug_are_where_the_reactions_rest) { compare(2, true, 21); }

Test(binding, two_arms_at_given_drug_are_where_the_reactions_rest) { compare(2, false, 22); }
