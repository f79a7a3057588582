/* Binding where neither drug nor receptors are in excess: printed values, derivatives, limits,
 * shape, rounding. Against the reactions themselves: test_binding_kinetics.c. */
#include "model/wells.h"

#include <criterion/criterion.h>
#include <float.h>
#include <math.h>

typedef binding_balance balance_of(const binding_well *well, double drug);

static const struct {
  const char *name;
  balance_of *solve;
} forms[] = {{"free drug", binding_at_free_drug},
             {"all drug", binding_at_all_drug},
             {"few trimers", binding_with_few_trimers}};
enum { FORMS = sizeof forms / sizeof forms[0] };

/* Values of a program of mass-action equations, run to rest: docs/binding.md. */
Test(binding, trimers_are_the_printed_ones)
{
  static const double drug[] = {0.01, 0.3, 3, 50};
  static const double printed[2][4] = {{.0014626611, .025017483, .03463094, .0054423079},
                                       {.011526462, .039960078, .032792656, .0052775886}};
  for (int arms = 1; arms <= 2; arms++) {
    const binding_well w = {0.5, 0.2, 1, 2, 3, arms, 20};
    for (int i = 0; i < 4; i++) {
      const double got = binding_at_free_drug(&w, drug[i]).trimers.value;
      const double expected = printed[arms - 1][i];
      cr_expect_float_eq(got, expected, 5e-8 * expected, "%d arms, drug %g: %.9g, printed %.9g",
                         arms, drug[i], got, expected);
    }
  }
}

/* --- derivatives ------------------------------------------------------------------------------ */

/* d trimers / d ln x by central differences of three widths (error of sixth order). */
static double difference(balance_of *solve, binding_well w, double drug, int which)
{
  static const double weight[] = {64.0 / 45, -20.0 / 45, 1.0 / 45};
  double sum = 0, h = 1.25e-3;
  for (int i = 0; i < 3; i++, h *= 2) {
    double at[2];
    for (int side = 0; side < 2; side++) {
      const double factor = exp(side ? h : -h);
      binding_well moved = w;
      moved.kd_target_nM *= which == 1 ? factor : 1;
      moved.kd_cd3_nM *= which == 2 ? factor : 1;
      at[side] = solve(&moved, which == 0 ? drug * factor : drug).trimers.value;
    }
    sum += weight[i] * (at[1] - at[0]) / (2 * h);
  }
  return sum;
}

Test(binding, derivatives_are_those_of_the_values)
{
  static const char *const by[] = {"drug", "kd_target", "kd_cd3"};
  const uint64_t seed = 31;
  random_stream s = random_open(seed, 0);
  double worst = 0;
  for (int i = 0; i < 1200; i++) {
    const int f = i % FORMS;
    const binding_well w = random_well(&s, 1 + i / FORMS % 2);
    const double drug = between(&s, 1e-3, 1e3);
    const binding_value v = forms[f].solve(&w, drug).trimers;
    const double analytic[] = {v.by_drug * drug, v.by_kd_target * w.kd_target_nM,
                               v.by_kd_cd3 * w.kd_cd3_nM};
    for (int j = 0; j < 3; j++) {
      const double numeric = difference(forms[f].solve, w, drug, j);
      const double off = fabs(analytic[j] - numeric) / v.value;
      worst = fmax(worst, off);
      cr_expect_lt(off, 1e-9, "seed %llu, case %d, %s, %d arms, by %s: %.12g, differences %.12g",
                   (unsigned long long)seed, i, forms[f].name, w.target_arms, by[j], analytic[j],
                   numeric);
    }
  }
  cr_log_info("seed %llu: worst difference %.2g of the trimers\n", (unsigned long long)seed, worst);
}

/* --- shape ------------------------------------------------------------------------------------ */

Test(binding, trimers_of_one_arm_peak_at_the_geometric_mean_of_the_constants)
{
  const uint64_t seed = 32;
  random_stream s = random_open(seed, 0);
  for (int i = 0; i < 300; i++) {
    binding_well w = random_well(&s, 1);
    w.cooperativity = 1;
    const double peak = sqrt(w.kd_target_nM * w.kd_cd3_nM);
    const double before = binding_at_free_drug(&w, 0.999 * peak).trimers.by_drug;
    const double after = binding_at_free_drug(&w, 1.001 * peak).trimers.by_drug;
    cr_expect(before > 0 && after < 0, "seed %llu, case %d: slopes %g and %g around %g nM",
              (unsigned long long)seed, i, before, after, peak);
  }
}

Test(binding, trimers_rise_once_and_fall_again_at_high_drug)
{
  const uint64_t seed = 33;
  random_stream s = random_open(seed, 0);
  for (int i = 0; i < 300; i++) {
    const binding_well w = random_well(&s, 1 + i % 2);
    double most = 0, last = 0;
    int turns = 0;
    bool rising = true;
    for (double log10_drug = -8; log10_drug <= 12; log10_drug += 0.05) {
      const double now = binding_at_free_drug(&w, pow(10, log10_drug)).trimers.value;
      turns += rising != (now > last);
      rising = now > last;
      most = fmax(most, now);
      last = now;
    }
    cr_expect(turns == 1 && last < 1e-3 * most,
              "seed %llu, case %d, %d arms: %d turns, %g of the peak left",
              (unsigned long long)seed, i, w.target_arms, turns, last / most);
  }
}

static void expect_possible(const binding_well *w, const binding_balance *r, uint64_t seed, int i)
{
  const double bound = fmin(w->target_nM, w->cd3_nM), room = 1 + 1e-12;
  cr_expect(r->trimers.value >= 0 && r->trimers.value <= bound * room && r->free_target_nM >= 0 &&
                r->free_target_nM <= w->target_nM * room && r->free_cd3_nM >= 0 &&
                r->free_cd3_nM <= w->cd3_nM * room && r->drug_nM >= r->free_drug_nM * (2 - room) &&
                isfinite(r->trimers.by_drug + r->trimers.by_kd_target + r->trimers.by_kd_cd3),
            "seed %llu, case %d, %d arms: trimers %g (%g %g %g) free %g %g %g",
            (unsigned long long)seed, i, w->target_arms, r->trimers.value, r->trimers.by_drug,
            r->trimers.by_kd_target, r->trimers.by_kd_cd3, r->free_drug_nM, r->free_target_nM,
            r->free_cd3_nM);
}

/* Twelve decades of everything. */
Test(binding, results_are_finite_possible_and_monotone_over_the_whole_range)
{
  const uint64_t seed = 34;
  random_stream s = random_open(seed, 0);
  for (int i = 0; i < 1000; i++) {
    const binding_well w = {between(&s, 1e-6, 1e6), between(&s, 1e-6, 1e6), between(&s, 1e-6, 1e6),
                            between(&s, 1e-6, 1e6), between(&s, 1e-2, 1e2), 1 + i % 2,
                            between(&s, 1e-2, 1e6)};
    binding_balance last = binding_at_free_drug(&w, 0);
    cr_expect(last.trimers.value == 0 && last.drug_nM == 0, "without drug, case %d", i);
    for (double drug = 1e-6; drug < 2e6; drug *= 10) {
      const binding_balance r = binding_at_free_drug(&w, drug);
      const binding_balance all = binding_at_all_drug(&w, drug);
      expect_possible(&w, &r, seed, i);
      expect_possible(&w, &all, seed, i);
      cr_expect(r.drug_nM > last.drug_nM && r.free_target_nM <= last.free_target_nM * (1 + 1e-12),
                "seed %llu, case %d: not monotone at %g nM", (unsigned long long)seed, i, drug);
      cr_expect_float_eq(all.drug_nM, drug, 1e-11 * drug, "seed %llu, case %d: %.15g of %.15g nM",
                         (unsigned long long)seed, i, all.drug_nM, drug);
      last = r;
    }
  }
}

Test(binding, few_trimers_is_never_too_few_and_right_where_target_is_in_excess)
{
  const uint64_t seed = 35;
  random_stream s = random_open(seed, 0);
  double worst = 0;
  for (int i = 0; i < 1000; i++) {
    binding_well w = random_well(&s, 1 + i % 2);
    const double drug = between(&s, 1e-3, 1e3);
    const double ratio = binding_with_few_trimers(&w, drug).trimers.value /
                         binding_at_free_drug(&w, drug).trimers.value;
    const double most = 1 + w.cd3_nM / w.target_nM;
    cr_expect(ratio > 1 - 1e-13 && (ratio < most * (1 + 1e-13) || w.target_arms == 2),
              "seed %llu, case %d: ratio %.15g", (unsigned long long)seed, i, ratio);
    w.cd3_nM = 1e-8 * w.target_nM;
    const double near = binding_with_few_trimers(&w, drug).trimers.value /
                        binding_at_free_drug(&w, drug).trimers.value;
    worst = fmax(worst, near - 1);
  }
  cr_log_info("seed %llu: CD3/target 1e-8: off by %.2g\n", (unsigned long long)seed, worst);
  cr_expect_lt(worst, 3e-8);
}

/* --- free drug among receptors ------------------------------------------------------------------
 */

#ifdef __SIZEOF_FLOAT128__
__extension__ typedef __float128 quad;
#else
typedef long double quad;
#endif

/* Root of C^2 + (B + K - D) C - K D near x, by Newton in quadruple precision. */
static quad exact_free_drug(double drug, double receptors, double kd, double x)
{
  const quad b = (quad)receptors + (quad)kd - (quad)drug;
  quad c = x;
  for (int i = 0; i < 6; i++) {
    c -= (c * c + b * c - (quad)kd * (quad)drug) / (2 * c + b);
  }
  return c;
}

Test(binding, free_drug_of_one_arm_has_no_cancellation)
{
  const uint64_t seed = 36;
  random_stream s = random_open(seed, 0);
  double worst = 0;
  for (int i = 0; i < 100000; i++) {
    const double receptors = between(&s, 1e-6, 1e6), kd = between(&s, 1e-9, 1e6);
    /* every third: drug and receptors nearly equal */
    const double drug = i % 3
                            ? between(&s, 1e-6, 1e6)
                            : receptors * (1 + (random_uniform(&s) - 0.5) * between(&s, 1e-16, 1));
    const double free = binding_free_drug(drug, receptors, kd, 1, 0);
    const quad truth = exact_free_drug(drug, receptors, kd, free);
    const double off = fabs((double)(((quad)free - truth) / truth));
    worst = fmax(worst, off);
    cr_expect(off < 4 * DBL_EPSILON, "seed %llu, case %d: off by %g: %g of %g nM, %g receptors",
              (unsigned long long)seed, i, off, free, drug, receptors);
  }
  cr_log_info("seed %llu: worst %.2g\n", (unsigned long long)seed, worst);
}

/* The balance in long double; what is missing, as change of free drug that would supply it. */
Test(binding, free_drug_of_two_arms_closes_the_balance)
{
  const uint64_t seed = 37;
  random_stream s = random_open(seed, 0);
  double worst = 0;
  for (int i = 0; i < 20000; i++) {
    const double drug = between(&s, 1e-6, 1e6), receptors = between(&s, 1e-6, 1e6);
    const double kd = between(&s, 1e-6, 1e6), cis = i % 4 ? between(&s, 1e-3, 1e9) : 0;
    const double free = binding_free_drug(drug, receptors, kd, 2, cis);
    const long double q = (long double)free / kd, m = 1 + 2 * q, root = sqrtl(m * m + 8 * q * cis);
    const long double w = 2 / (m + root);
    const long double missing = drug - free - receptors * (2 * q * w + q * cis * w * w);
    const long double slope = 1 + receptors / kd * w * (2 + cis * w * m) / root;
    const double off = (double)fabsl(missing / (slope * free));
    worst = fmax(worst, off);
    cr_expect(free > 0 && free <= drug && off < 1e-13,
              "seed %llu, case %d: off by %g: %g of %g nM, %g receptors, K %g, cis %g",
              (unsigned long long)seed, i, off, free, drug, receptors, kd, cis);
  }
  cr_log_info("seed %llu: worst %.2g\n", (unsigned long long)seed, worst);
}

/* Receptors that bind in the well are the same receptors. */
Test(binding, free_drug_is_that_of_a_well_without_cd3)
{
  const uint64_t seed = 38;
  random_stream s = random_open(seed, 0);
  for (int i = 0; i < 300; i++) {
    binding_well w = random_well(&s, 1 + i % 2);
    w.cd3_nM = 0;
    const double drug = between(&s, 1e-3, 1e3);
    const double cis = w.target_arms == 2 ? w.second_arm * w.target_nM / w.kd_target_nM : 0;
    const double expected = binding_at_all_drug(&w, drug).free_drug_nM;
    const double got = binding_free_drug(drug, w.target_nM, w.kd_target_nM, w.target_arms, cis);
    cr_expect_float_eq(got, expected, 1e-11 * expected, "seed %llu, case %d: %.15g, well %.15g",
                       (unsigned long long)seed, i, got, expected);
  }
}

/* --- effective constants ---------------------------------------------------------------------- */

Test(binding, effective_constants_are_those_of_their_formulas)
{
  /* 0.415 uM per 1000 receptors on 400 um2 within 10 nm */
  cr_expect_float_eq(binding_cis(1, 1000, 1), 415.1, 0.1);
  cr_expect_float_eq(binding_effective_kd(21, 1.584, 1.8), 21.88, 1e-12);
  cr_expect_float_eq(binding_effective_kd(0.2, 1.584, 1.8), 1.08, 1e-12);
  cr_expect_eq(binding_cd3_affinity(40, 1, 7), 1 / 40.0);
  cr_expect_float_eq(binding_cd3_affinity(100, 2, 5), 2 * (1 + 5 / 2.0) / 100, 1e-16);
}

Test(binding, what_is_outside_the_accepted_range_is_not_a_number)
{
  static const struct {
    binding_well well;
    double drug;
  } bad[] = {{{-1, 1, 1, 1, 1, 2, 1}, 1}, {{1, -1, 1, 1, 1, 2, 1}, 1},
             {{1, 1, 0, 1, 1, 2, 1}, 1},  {{1, 1, 1, 0, 1, 2, 1}, 1},
             {{1, 1, 1, 1, 0, 2, 1}, 1},  {{1, 1, 1, 1, 1, 3, 1}, 1},
             {{1, 1, 1, 1, 1, 0, 1}, 1},  {{1, 1, 1, 1, 1, 2, -1}, 1},
             {{1, 1, 1, 1, 1, 2, 1}, -1}, {{1, 1, 1, 1, 1, 2, 1}, (double)NAN}};
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
    for (int f = 0; f < FORMS; f++) {
      cr_expect(isnan(forms[f].solve(&bad[i].well, bad[i].drug).trimers.value), "%s, case %zu",
                forms[f].name, i);
    }
  }
  cr_expect(isnan(binding_free_drug(1, -1, 1, 1, 0)) && isnan(binding_free_drug(1, 1, 0, 1, 0)) &&
            isnan(binding_free_drug(1, 1, 1, 0, 0)) && isnan(binding_free_drug(1, 1, 1, 2, -1)) &&
            isnan(binding_cis(-1, 1, 1)) && isnan(binding_effective_kd(1, 1, 0)) &&
            isnan(binding_cd3_affinity(1, 3, 0)));
}
