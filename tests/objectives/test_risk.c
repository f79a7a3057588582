/* From values of patients to shares, quantiles and means. */
#include "objectives/risk.h"

#include "base/random.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

enum { N = 257, REPEATS = 300 };

static const limit il6 = {.kind = LIMIT_IL6_PEAK, .bound = 100, .stratum = -1};

static limit with_risk(limit_risk risk, double share)
{
  limit l = il6;
  l.risk = risk;
  l.share = share;
  return l;
}

/* Lognormal values around the bound; every fifth patient has no weight. */
static void draw(uint64_t seed, int n, bool weighted, weighted_value *values)
{
  random_stream stream = random_open(seed, 0);
  for (int i = 0; i < n; i++) {
    const double z = random_normal(&stream);
    const double weight = weighted ? random_uniform(&stream) : 1;
    values[i] = (weighted_value){100 * exp(1.5 * z - 1), weighted && i % 5 == 0 ? 0 : weight};
  }
}

static double share_above(int n, const weighted_value *values, double bound)
{
  double above = 0;
  double total = 0;
  for (int i = 0; i < n; i++) {
    above += values[i].value > bound ? values[i].weight : 0;
    total += values[i].weight;
  }
  return above / total;
}

Test(risk, a_share_that_holds_by_its_margin_holds_by_counting)
{
  weighted_value values[N], copy[N];
  int held = 0;
  int gap = 0; /* holds by counting, not by the stricter margin */
  for (int repeat = 0; repeat < REPEATS; repeat++) {
    const int n = 20 + repeat % (N - 20);
    const limit l = with_risk(RISK_PROBABILITY, 0.05 + 0.001 * repeat);
    draw((uint64_t)repeat, n, repeat % 2 == 1, values);
    memcpy(copy, values, sizeof copy);
    const double margin = risk_margin(&l, n, copy);
    const double counted = share_above(n, values, l.bound);
    memcpy(copy, values, sizeof copy);
    cr_expect_float_eq(risk_value(&l, n, copy), counted, 1e-12, "seed %d", repeat);
    cr_expect(margin > 0 || counted <= l.share + 1e-12, "seed %d: margin %g, share %g of %g",
              repeat, margin, counted, l.share);
    held += margin <= 0;
    gap += margin > 0 && counted <= l.share;
  }
  cr_expect(held > REPEATS / 10 && held < REPEATS, "%d of %d hold", held, REPEATS);
  cr_expect(gap < REPEATS / 10, "the margin is stricter in %d of %d", gap, REPEATS);
}

Test(risk, a_margin_of_zero_is_the_bound_that_the_share_allows)
{
  weighted_value values[N], copy[N];
  for (int repeat = 0; repeat < 50; repeat++) {
    limit l = with_risk(RISK_PROBABILITY, 0.1);
    draw((uint64_t)repeat, N, false, values);
    memcpy(copy, values, sizeof copy);
    const double margin = risk_margin(&l, N, copy);
    l.bound *= pow(10, margin) * (1 + 1e-9); /* move the bound to where the margin is zero */
    cr_expect(share_above(N, values, l.bound) <= 0.1);
    cr_expect(share_above(N, values, l.bound) > 0.1 - 2.0 / N, "seed %d: not by much", repeat);
  }
}

Test(risk, a_patient_of_weight_two_is_two_patients)
{
  static const limit_risk risks[] = {RISK_PROBABILITY, RISK_QUANTILE, RISK_TAIL_MEAN, RISK_MEAN};
  weighted_value once[N], twice[2 * N];
  for (size_t r = 0; r < sizeof risks / sizeof risks[0]; r++) {
    const limit l = with_risk(risks[r], 0.8);
    draw(7, N, false, once);
    for (int i = 0; i < N; i++) {
      twice[2 * i] = twice[2 * i + 1] = once[i];
      once[i].weight = 2;
    }
    const double weighted = risk_value(&l, N, once);
    const double repeated = risk_value(&l, 2 * N, twice);
    /* a quantile is interpolated between neighbours, which lie closer when each stands twice */
    const double allowed = risks[r] == RISK_QUANTILE ? 0.05 : 1e-12;
    cr_expect_float_eq(weighted / repeated, 1, allowed, "risk %d: %g, %g", (int)risks[r], weighted,
                       repeated);
  }
}

Test(risk, the_tail_is_worse_than_its_quantile_and_all_of_it_is_the_mean)
{
  weighted_value values[N], copy[N];
  for (int repeat = 0; repeat < 50; repeat++) {
    draw((uint64_t)repeat, N, repeat % 2 == 1, values);
    memcpy(copy, values, sizeof copy);
    const double quantile = risk_quantile(N, copy, 0.9);
    memcpy(copy, values, sizeof copy);
    cr_expect(risk_tail_mean(N, copy, 0.9) >= quantile, "seed %d", repeat);
    memcpy(copy, values, sizeof copy);
    const double all = risk_tail_mean(N, copy, 0);
    cr_expect_float_eq(all / risk_mean(N, values), 1, 1e-12, "seed %d: %.17g", repeat, all);
  }
}

/* (1 - share) n = 12.5 of 125 patients: the twelve largest and half of the next. */
Test(risk, a_tail_takes_part_of_a_patient)
{
  weighted_value values[125];
  for (int i = 0; i < 125; i++) {
    values[i] = (weighted_value){(i * 67) % 125, 1}; /* 0 .. 124 in another order */
  }
  const double expected = ((124 + 113) / 2.0 * 12 + 0.5 * 112) / 12.5;
  cr_expect_float_eq(risk_tail_mean(125, values, 0.9), expected, 1e-9);
}

Test(risk, a_goal_is_summed_up_as_asked)
{
  enum { PATIENTS = 101 };
  const goal_statistic all[] = {STATISTIC_MEAN, STATISTIC_MEDIAN, STATISTIC_QUANTILE,
                                STATISTIC_WORST_STRATUM};
  /* values 0..100; stratum 0 is the lower half, stratum 1 the upper, stratum 2 nobody */
  const double expected[] = {50, 50, 10, 24.5};
  weighted_value values[PATIENTS];
  bool member[3 * PATIENTS] = {false};
  for (size_t k = 0; k < sizeof all / sizeof all[0]; k++) {
    const goal g = {.statistic = all[k], .share = 0.1};
    for (int i = 0; i < PATIENTS; i++) {
      values[i] = (weighted_value){i, 1};
      member[3 * i + (i >= 50)] = true;
    }
    cr_expect_float_eq(risk_goal(&g, PATIENTS, values, 3, member), expected[k], 1.0, "statistic %d",
                       (int)all[k]);
  }
}

Test(risk, nobody_is_no_number)
{
  weighted_value values[3] = {{1, 0}, {2, 0}, {3, 0}};
  for (int r = RISK_NONE; r < RISK_COUNT; r++) {
    const limit l = with_risk((limit_risk)r, 0.5);
    cr_expect(isnan(risk_value(&l, 3, values)), "risk %d", r);
  }
}
