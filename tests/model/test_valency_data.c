/* What a synapse makes of valency, affinity and antigen density, against published experiments. */
#include "base/allocate.h"
#include "base/file.h"
#include "model/binding.h"
#include "model/binding_lane.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* docs/binding.md: 24 trimers at 0.891 nM of mosunetuzumab; trimers of half-maximal activation and
 * killing (Hosseini 2020, rows 7 and 12, by way of mosunetuzumab's affinities) */
static const double trimer_scale_nM = 1.4075e-5, cd3_per_t_cell = 5e4;
static const double activation_trimers = 24, activation_exponent = 0.8, kill_trimers = 0.249;

typedef struct molecule {
  double kd_target_nM, kd_cd3_nM;
  int target_arms;
  double share; /* of receptors that a second arm can reach */
} molecule;

static double bound_share(const molecule *m, double receptors, double drug)
{
  const double cis = m->target_arms == 2 ? binding_cis(m->share, receptors, m->kd_target_nM) : 0.0;
  return binding_occupancy(drug / m->kd_target_nM, m->target_arms, cis).value;
}

/* Trimers per synapse; compression 1: bound receptors count as they are. */
static double compressed(const molecule *m, double receptors, double drug, double compression)
{
  const double bound = receptors * pow(bound_share(m, receptors, drug), compression);
  return binding_trimers(bound, 0, drug, trimer_scale_nM / m->kd_cd3_nM, 1 / m->kd_cd3_nM,
                         cd3_per_t_cell)
      .value;
}

static double trimers(const molecule *m, double receptors, double drug)
{
  return compressed(m, receptors, drug, 1);
}

static double hill(double x, double half, double exponent)
{
  const double r = pow(x / half, exponent);
  return r / (1 + r);
}

static double killing(double trimers_now) { return hill(trimers_now, kill_trimers, 1); }

static double activation(double trimers_now)
{
  return hill(trimers_now, activation_trimers, activation_exponent);
}

/* Drug (nM) below the hook that makes so many trimers. */
static double drug_for(const molecule *m, double receptors, double goal, double compression)
{
  double low = 1e-20, high = 0.5 * sqrt(m->kd_target_nM * m->kd_cd3_nM);
  for (int i = 0; i < 200; i++) {
    const double middle = sqrt(low) * sqrt(high);
    if (compressed(m, receptors, middle, compression) < goal) {
      low = middle;
    } else {
      high = middle;
    }
  }
  return low;
}

/* --- two arms against one: Toledo cells, Bacac 2018 Fig 1B --------------------------------------
 */

enum { POINTS = 7 };
static const double toledo_receptors = 1e5; /* assumed; only share x receptors/KD is known */

typedef struct toledo {
  double drug_nM[POINTS], lysis[2][POINTS]; /* %, [0]: two arms, [1]: one */
} toledo;

static toledo read_toledo(void)
{
  const char *directory = getenv("STEPDOSE_EVIDENCE");
  char *path = file_join(directory != NULL ? directory : STEPDOSE_EVIDENCE_DIR,
                         "observed/glofitamab_2to1_vs_1to1_invitro_kill_Toledo_"
                         "Bacac2018_Fig1B.csv");
  char *bytes = NULL;
  size_t length = 0;
  const bool is_there = file_read(path, 1 << 16, &bytes, &length, NULL);
  release(path);
  if (!is_there) {
    cr_skip_test("the evidence is not there: set STEPDOSE_EVIDENCE");
  }
  toledo t = {0};
  int n = 0;
  for (const char *line = bytes; line && *line; line = strchr(line, '\n'), line += line != NULL) {
    double pM, two, one;
    if (sscanf(line, "%lf,%lf,%lf", &pM, &two, &one) == 3 && n < POINTS) {
      t.drug_nM[n] = 1e-3 * pM;
      t.lysis[0][n] = two;
      t.lysis[1][n++] = one;
    }
  }
  release(bytes);
  cr_assert_eq(n, POINTS);
  return t;
}

/* A Hill curve on trimers for both formats, its parameters as fitted by us. */
typedef struct valency_fit {
  double kd_target_nM, kd_cd3_nM, share, half_trimers, exponent, printed_error;
} valency_fit;

static const valency_fit fits[] = {{4.8, 100, 0.0238, 9.5, 0.82, 3.1},
                                   {20, 230, 0.092, 0.88, 0.83, 3.2}};
enum { FITS = sizeof fits / sizeof fits[0] };

static molecule format_of(const valency_fit *f, int target_arms)
{
  return (molecule){f->kd_target_nM, f->kd_cd3_nM, target_arms, f->share};
}

static double effect(const valency_fit *f, int target_arms, double drug)
{
  const molecule m = format_of(f, target_arms);
  return hill(trimers(&m, toledo_receptors, drug), f->half_trimers, f->exponent);
}

/* Root mean square error of % lysis: lowest lysis seen + most x effect, `most` by least squares. */
static double error_of(const valency_fit *f, const toledo *t, double model[2][POINTS])
{
  const double floor_seen = t->lysis[1][0];
  double product = 0, square = 0, sum = 0;
  for (int k = 0; k < 2 * POINTS; k++) {
    const double e = effect(f, 2 - k / POINTS, t->drug_nM[k % POINTS]);
    model[k / POINTS][k % POINTS] = e;
    product += e * (t->lysis[k / POINTS][k % POINTS] - floor_seen);
    square += e * e;
  }
  for (int k = 0; k < 2 * POINTS; k++) {
    double *at = &model[k / POINTS][k % POINTS];
    *at = floor_seen + product / square * *at;
    sum += pow(*at - t->lysis[k / POINTS][k % POINTS], 2);
  }
  return sqrt(sum / (2 * POINTS));
}

Test(binding, one_curve_of_trimers_fits_both_formats_of_bacac_2018)
{
  const toledo t = read_toledo();
  for (int i = 0; i < FITS; i++) {
    double model[2][POINTS];
    const double error = error_of(&fits[i], &t, model);
    cr_log_info("KD %g and %g: root mean square error %.3f %% lysis\n", fits[i].kd_target_nM,
                fits[i].kd_cd3_nM, error);
    cr_expect_float_eq(error, fits[i].printed_error, 0.05, "KD %g and %g: %.3f",
                       fits[i].kd_target_nM, fits[i].kd_cd3_nM, error);
  }
}

/* The fits are minima: no parameter, moved by a tenth, does better but for its rounding. */
Test(binding, no_parameter_of_the_valency_fits_does_better)
{
  const toledo t = read_toledo();
  for (int k = 0; k < FITS * 6; k++) {
    double model[2][POINTS];
    valency_fit moved = fits[k / 6];
    const double error = error_of(&moved, &t, model), factor = k % 2 ? 1.1 : 1 / 1.1;
    *(k % 6 < 2 ? &moved.share : k % 6 < 4 ? &moved.half_trimers : &moved.exponent) *= factor;
    const double other = error_of(&moved, &t, model);
    cr_expect_gt(other, error - 0.01, "fit %d, change %d: %.4f, as fitted %.4f", k / 6, k % 6,
                 other, error);
  }
}

/* Drug of half of the greatest effect over all drug; *most is that effect. */
static double half_effective(const valency_fit *f, int target_arms, double *most)
{
  const molecule m = format_of(f, target_arms);
  *most = 0;
  for (double log10_drug = -8; log10_drug < 4; log10_drug += 0.01) {
    *most = fmax(*most, effect(f, target_arms, pow(10, log10_drug)));
  }
  const double ratio = 0.5 * *most / (1 - 0.5 * *most);
  return drug_for(&m, toledo_receptors, f->half_trimers * pow(ratio, 1 / f->exponent), 1);
}

/* Drug at which lysis crosses the middle of its own range, straight in log drug. */
static double observed_half(const toledo *t, int format)
{
  const double *lysis = t->lysis[format];
  const double middle = 0.5 * (lysis[0] + lysis[POINTS - 1]);
  int i = 1;
  while (i < POINTS - 1 && lysis[i] < middle) {
    i++;
  }
  const double part = (middle - lysis[i - 1]) / (lysis[i] - lysis[i - 1]);
  return t->drug_nM[i - 1] * pow(t->drug_nM[i] / t->drug_nM[i - 1], part);
}

/* Reading off the curves: 0.45 against 57 pM, 126-fold. The share that molecules come with, 0.015,
 * is set to that; least squares over all points, whose one-armed curve is steeper than the model's,
 * lies higher. */
Test(binding, second_arm_shifts_potency_a_hundredfold_at_equal_maximum)
{
  const toledo t = read_toledo();
  const double observed = observed_half(&t, 1) / observed_half(&t, 0);
  const valency_fit shipped = {4.8, 100, 0.015, 9.5, 0.82, 0};
  const struct {
    const valency_fit *fit;
    double lowest, highest;
  } cases[] = {{&shipped, 60, 200},
               {&fits[0], observed / 2, 2 * observed},
               {&fits[1], observed / 2, 2 * observed}};
  cr_expect(observed > 60 && observed < 200, "observed %g", observed);
  for (int i = 0; i < 3; i++) {
    double most_two, most_one;
    const double two = half_effective(cases[i].fit, 2, &most_two);
    const double one = half_effective(cases[i].fit, 1, &most_one);
    cr_log_info(
        "share %g: half-effective %.3g and %.3g pM, %.0f-fold (seen %.0f); most %.3f %.3f\n",
        cases[i].fit->share, 1e3 * two, 1e3 * one, one / two, observed, most_two, most_one);
    cr_expect(one / two > cases[i].lowest && one / two < cases[i].highest, "case %d: %g-fold", i,
              one / two);
    cr_expect_float_eq(most_two, most_one, 0.02, "case %d: maxima %g and %g", i, most_two,
                       most_one);
  }
}

/* --- affinities and density --------------------------------------------------------------------
 */

/* Slaga 2018: HER2 x CD3 with two low-affinity HER2 arms kills cells of high density only. */
Test(binding, two_low_affinity_arms_spare_cells_of_low_density_and_high_affinity_does_not)
{
  const molecule low = {1000, 100, 2, 0.1}, high = {5, 100, 2, 0.1}, one_arm = {1000, 100, 1, 0};
  const double tumor = 1e5, normal = 1e3, working_nM = 1;
  const double low_tumor = trimers(&low, tumor, working_nM);
  const double low_normal = trimers(&low, normal, working_nM);
  const double high_tumor = trimers(&high, tumor, working_nM);
  const double high_normal = trimers(&high, normal, working_nM);
  const double one_ratio =
      trimers(&one_arm, tumor, working_nM) / trimers(&one_arm, normal, working_nM);
  /* numbers of docs/binding.md */
  cr_expect_float_eq(low_tumor, 4.2, 0.05, "%g", low_tumor);
  cr_expect_float_eq(low_normal, 0.014, 0.0005, "%g", low_normal);
  cr_expect_float_eq(high_normal, 2.7, 0.05, "%g", high_normal);
  cr_expect(killing(low_tumor) > 0.9 && killing(low_normal) < 0.1, "low affinity: %g and %g",
            killing(low_tumor), killing(low_normal));
  cr_expect(killing(high_tumor) > 0.9 && killing(high_normal) > 0.9, "high affinity: %g and %g",
            killing(high_tumor), killing(high_normal));
  cr_expect_float_eq(one_ratio, 100, 0.5, "one arm follows density: %g", one_ratio);
  cr_expect_gt(low_tumor / low_normal, 2 * high_tumor / high_normal);
}

/* Staflin 2020, Leong 2017: a hundredfold affinity for CD3 shifts potency in a dish a hundredfold,
 * yet at working concentrations kills alike and releases more cytokine. */
Test(binding, cd3_affinity_moves_cytokine_more_than_killing)
{
  const molecule high = {63, 0.5, 1, 0}, low = {63, 50, 1, 0};
  const double receptors = 1e5, working_nM[] = {1, 3, 10, 30, 100};
  const double shift =
      drug_for(&low, receptors, kill_trimers, 1) / drug_for(&high, receptors, kill_trimers, 1);
  cr_expect_float_eq(shift, 100, 5, "potency %g-fold", shift);
  for (int i = 0; i < 5; i++) {
    const double most = trimers(&high, receptors, working_nM[i]);
    const double least = trimers(&low, receptors, working_nM[i]);
    const double killed = log(killing(most) / killing(least));
    const double cytokine = log(activation(most) / activation(least));
    cr_log_info("%g nM: killing +%.2f %%, cytokine +%.0f %%\n", working_nM[i], 100 * expm1(killed),
                100 * expm1(cytokine));
    cr_expect(killed > 0 && killed < 0.02 && cytokine > 10 * killed,
              "%g nM: killing x%g, cytokine x%g", working_nM[i], exp(killed), exp(cytokine));
  }
}

/* XmAb13243 and XmAb13551 (CD38 x CD3; KD 21 and 0.2 nM for CD38, 8 nM for CD3): EC50 of killing
 * 0.020 and 0.001 nM, 20-fold apart for a 105-fold affinity. */
Test(binding, internalisation_bounds_affinity_where_compression_of_bound_target_cannot)
{
  const double receptors = 1e5, kd[] = {21, 0.2}, compression[] = {1, 0.65, 0.3};
  const molecule m[] = {{kd[0], 8, 1, 0}, {kd[1], 8, 1, 0}};
  for (int i = 0; i < 3; i++) {
    const double ratio = drug_for(&m[0], receptors, kill_trimers, compression[i]) /
                         drug_for(&m[1], receptors, kill_trimers, compression[i]);
    /* but for the little CD3 that free drug holds */
    cr_expect_float_eq(ratio, 105, 0.05, "bound^%g: %g-fold", compression[i], ratio);
  }
  const molecule effective[] = {{binding_effective_kd(kd[0], 1.584, 1.8), 8, 1, 0},
                                {binding_effective_kd(kd[1], 1.584, 1.8), 8, 1, 0}};
  const double ratio = drug_for(&effective[0], receptors, kill_trimers, 1) /
                       drug_for(&effective[1], receptors, kill_trimers, 1);
  cr_expect_float_eq(ratio, 20, 0.5, "with internalisation: %g-fold", ratio);
}
