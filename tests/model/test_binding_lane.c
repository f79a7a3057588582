/* Binding as kernels compute it (model/binding_lane.h), on every lane width that runs here. */
#include "model/lane_math.h"
#include "model/wells.h"

#include <criterion/criterion.h>
#include <math.h>

enum { TRIALS = 20000, WIDEST = 8 };
static const int widths[] = {1, 2, 4, 8};

/* The range that binding_occupancy is made for. */
static void random_synapse(random_stream *s, double *q, double *valency, double *cis)
{
  *q = between(s, 1e-12, 1e12);
  *valency = 1 + (double)(random_uniform(s) > 0.3);
  *cis = *valency > 1 ? between(s, 1e-6, 1e9) : 0;
}

typedef struct occupied {
  double value, slope, curvature;
} occupied;

static occupied occupy(double q, double valency, double cis)
{
  _Alignas(64) double x[3] = {q, valency, cis}, y[3];
  lane_math_find(1)->occupancy(x, y);
  return (occupied){y[0], y[1], y[2]};
}

/* Ways to write the bound molecules per receptor without cancellation, as distance from a line that
 * they are near to. */
enum { FROM_TANGENT, FROM_NONE, FROM_HALF, FROM_ONE };

static long double distance(long double q, long double v, long double c, int from)
{
  const long double m = 1 + v * q, w = 2 / (m + sqrtl(m * m + 8 * q * c));
  switch (from) {
  case FROM_TANGENT: /* (v + c) q */
    return -q * q * w * (v + 2 * c * w) * (v + c * (1 + w));
  case FROM_NONE:
    return v * q * w + q * c * w * w;
  case FROM_HALF:
    return w * (v * q - 1) / 2;
  default:
    return v > 1 ? -w * (1 + q * c * w) : -w;
  }
}

/* First and second derivative by q, times q and q^2, by differences of three widths. */
static void differences(double q, double v, double c, double *first, double *second)
{
  static const long double weight[] = {64.0L / 45, -20.0L / 45, 1.0L / 45};
  const double value = (double)distance(q, v, c, FROM_NONE);
  const int from = value < 0.25 ? FROM_NONE : value < 0.75 ? FROM_HALF : FROM_ONE;
  const int bend = from == FROM_NONE ? FROM_TANGENT : from;
  long double by_log = 0, twice = 0, h = 2e-3L;
  for (int i = 0; i < 3; i++, h *= 2) {
    const long double up = q * (1 + h), down = q * (1 - h), here = distance(q, v, c, bend);
    by_log += weight[i] * (distance(up, v, c, from) - distance(down, v, c, from)) / (2 * h);
    twice +=
        weight[i] * (distance(up, v, c, bend) - 2 * here + distance(down, v, c, bend)) / (h * h);
  }
  *first = (double)by_log;
  *second = (double)twice;
}

Test(binding, occupancy_has_the_derivatives_of_its_value_over_the_whole_range)
{
  const uint64_t seed = 41;
  random_stream s = random_open(seed, 0);
  double worst[3] = {0};
  for (int i = 0; i < TRIALS; i++) {
    double q, v, c, first, second;
    random_synapse(&s, &q, &v, &c);
    const occupied u = occupy(q, v, c);
    const double value = (double)distance(q, v, c, FROM_NONE);
    differences(q, v, c, &first, &second);
    const double off[] = {fabs(u.value / value - 1), fabs(u.slope * q / first - 1),
                          fabs(u.curvature * q * q / second - 1)};
    for (int j = 0; j < 3; j++) {
      worst[j] = fmax(worst[j], off[j]);
    }
    cr_expect(off[0] < 2e-15 && off[1] < 1e-12 && off[2] < 1e-10,
              "seed %llu, case %d, q %g, valency %g, cis %g: off by %g, slope %g, curvature %g",
              (unsigned long long)seed, i, q, v, c, off[0], off[1], off[2]);
  }
  cr_log_info("seed %llu: worst %.2g, slope %.2g, curvature %.2g\n", (unsigned long long)seed,
              worst[0], worst[1], worst[2]);
}

Test(binding, occupancy_rises_from_none_to_one_with_falling_slope)
{
  static const double cis[] = {0, 1e-6, 1, 1e3, 1e6, 1e9};
  for (int i = -1; i < 6; i++) { /* -1: one arm */
    const double v = i < 0 ? 1 : 2, c = i < 0 ? 0 : cis[i];
    occupied last = occupy(0, v, c);
    cr_expect(last.value == 0 && last.slope == v + c, "valency %g, cis %g: %g %g at 0", v, c,
              last.value, last.slope);
    for (double log10_q = -12; log10_q <= 12; log10_q += 0.05) {
      const occupied u = occupy(pow(10, log10_q), v, c);
      cr_expect(u.value >= last.value && u.value <= 1 + 1e-15 && u.slope > 0 &&
                    u.slope < last.slope * (1 + 1e-15) && u.curvature < 0 && isfinite(u.curvature),
                "valency %g, cis %g, log q %g: %g %g %g", v, c, log10_q, u.value, u.slope,
                u.curvature);
      last = u;
    }
  }
}

Test(binding, one_arm_binds_as_one_site)
{
  for (double q = 1e-12; q < 2e12; q *= 10) {
    const occupied u = occupy(q, 1, 0);
    const double free = 1 / (1 + q);
    cr_expect_float_eq(u.value, q * free, 4e-16 * q * free);
    cr_expect_float_eq(u.slope, free * free, 8e-16 * free * free);
    cr_expect_float_eq(u.curvature, -2 * free * free * free, 2e-15 * free * free * free);
  }
}

/* S of a synapse is the trimers of a well whose receptors are not used up by trimers. */
Test(binding, trimers_of_lanes_are_the_limit_of_the_full_balance)
{
  const uint64_t seed = 42;
  random_stream s = random_open(seed, 0);
  for (int i = 0; i < 2000; i++) {
    const double target = between(&s, 1e-2, 1e2), cd3 = 1e-8 * target;
    const binding_well w = {target,
                            cd3,
                            between(&s, 1e-2, 1e2),
                            between(&s, 1, 1e3),
                            between(&s, 0.2, 5),
                            1 + i % 2,
                            between(&s, 1, 1e4)};
    const double drug = between(&s, 1e-3, 1e3), cis = w.second_arm * target / w.kd_target_nM;
    const occupied u = occupy(drug / w.kd_target_nM, w.target_arms, w.target_arms == 2 ? cis : 0);
    _Alignas(64) double x[6] = {u.value,
                                u.slope / w.kd_target_nM,
                                drug,
                                w.cooperativity * target / w.kd_cd3_nM,
                                1 / w.kd_cd3_nM,
                                cd3},
                        y[2];
    lane_math_find(1)->trimers(x, y);
    const binding_value few = binding_with_few_trimers(&w, drug).trimers;
    const binding_value full = binding_at_free_drug(&w, drug).trimers;
    const double scale = few.value / drug;
    cr_expect(fabs(y[0] - few.value) < 1e-14 * few.value &&
                  fabs(y[1] - few.by_drug) < 1e-13 * scale,
              "seed %llu, case %d: %.15g %.15g, few trimers %.15g %.15g", (unsigned long long)seed,
              i, y[0], y[1], few.value, few.by_drug);
    cr_expect(fabs(y[0] - full.value) < 1e-7 * full.value &&
                  fabs(y[1] - full.by_drug) < 1e-7 * scale,
              "seed %llu, case %d: %.15g %.15g, full balance %.15g %.15g", (unsigned long long)seed,
              i, y[0], y[1], full.value, full.by_drug);
  }
}

Test(binding, low_occupancy_of_two_cd3_arms_is_their_effective_affinity)
{
  for (double cis = 1e-3; cis < 2e6; cis *= 10) {
    const double kd = 80, drug = 1e-9 * kd / (2 + cis) / (2 + cis);
    const double bound = occupy(drug / kd, 2, cis).value;
    const double expected = drug * binding_cd3_affinity(kd, 2, cis);
    cr_expect_float_eq(bound, expected, 1e-8 * expected, "cis %g: %.12g, expected %.12g", cis,
                       bound, expected);
  }
}

/* --- widths ----------------------------------------------------------------------------------- */

/* One random patient: inputs of all functions, and what width 1 makes of them. */
typedef struct patient {
  double in[9], out[6];
} patient;

static patient random_patient(random_stream *s)
{
  _Alignas(64) double x[6], y[3];
  patient p;
  random_synapse(s, &p.in[0], &p.in[1], &p.in[2]);
  const lane_math *one = lane_math_find(1);
  one->occupancy(p.in, p.out);
  const double trimer[] = {
      p.out[0], p.out[1], between(s, 1e-6, 1e6), between(s, 1e-6, 1e3), between(s, 1e-4, 10), 5e4};
  for (int i = 0; i < 6; i++) {
    p.in[3 + i] = x[i] = trimer[i];
  }
  one->trimers(x, y);
  p.out[3] = y[0];
  p.out[4] = y[1];
  one->square_root(p.in, &p.out[5]);
  return p;
}

/* Worst difference between a width and width 1, relative to the value; the trimers' slope, which
 * passes through zero, relative to the trimers per drug. */
static double compare(const lane_math *f, random_stream *s)
{
  _Alignas(64) double in[9 * WIDEST], out[6 * WIDEST];
  patient p[WIDEST];
  double worst = 0;
  for (int i = 0; i < f->lanes; i++) {
    p[i] = random_patient(s);
    for (int j = 0; j < 9; j++) {
      in[j * f->lanes + i] = p[i].in[j];
    }
  }
  f->occupancy(in, out);
  f->trimers(in + 3 * f->lanes, out + 3 * f->lanes);
  f->square_root(in, out + 5 * f->lanes);
  for (int i = 0; i < f->lanes; i++) {
    const double *x = p[i].in, *y = p[i].out;
    cr_expect_eq(out[5 * f->lanes + i], sqrt(x[0]), "width %d: root of %a", f->lanes, x[0]);
    for (int j = 0; j < 5; j++) {
      const double slope_scale = fabs(y[3] * (x[4] / x[3] + x[7]));
      const double scale = j == 4 ? slope_scale : fabs(y[j]);
      worst = fmax(worst, fabs(out[j * f->lanes + i] - y[j]) / scale);
    }
  }
  return worst;
}

Test(binding, all_lane_widths_agree)
{
  for (int w = 1; w < 4; w++) {
    const lane_math *f = lane_math_find(widths[w]);
    if (!f) {
      cr_log_warn("lanes of %d do not run on this processor: not tested\n", widths[w]);
      continue;
    }
    random_stream s = random_open(43, 0);
    double worst = 0;
    for (int i = 0; i < TRIALS; i += f->lanes) {
      worst = fmax(worst, compare(f, &s));
    }
    cr_log_info("width %d: worst difference from width 1 %.2g\n", widths[w], worst);
    cr_expect_lt(worst, 1e-13, "width %d: off by %g", widths[w], worst);
  }
}
