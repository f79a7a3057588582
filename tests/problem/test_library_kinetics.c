/* The numbers of the library: potency anchors follow from the cited potencies, and the
 * pharmacokinetics give the published half-lives and exposures. Both are worked out here, without
 * the model. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "problem/library.h"

#define COUNT(list) (sizeof(list) / sizeof(list)[0])

/* --- potency ---------------------------------------------------------------------------------- */

/* Potency of each lead molecule in the text of its "potency_anchor", with the target of the cells
 * that were killed. Those of epcoritamab, talquetamab and blinatumomab are fitted to patients
 * (docs/synapse.md), not measured. */
static const struct {
  const char *molecule;
  double ec50_nM, receptors_per_cell;
  const char *trimers; /* that the potency stands for */
} potencies[] = {
    {"glofitamab", 0.45e-3, 1e5, "activation_trimers"},
    {"epcoritamab", 0.0482, 1e5, "activation_trimers"},
    {"teclistamab", 0.21, 13173, "activation_trimers"},
    {"talquetamab", 0.0608, 5e3, "activation_trimers"},
    {"blinatumomab", 1.563e-3, 2.2e4, "activation_trimers"},
    {"tarlatamab", 5e-3, 2e3, "kill_trimers"},
    {"tebentafusp", 0.02, 50, "activation_trimers"},
    {"cea-2to1", 0.2, 2.3e5, "activation_trimers"},
    {"her2-2to1", 0.05, 1.12e6, "activation_trimers"},
    {"psma-masked", 5e-3, 1.5e5, "activation_trimers"},
};

/* Drug molecules on a target cell: quasi-equilibrium of one or two arms with drug in excess. The
 * share w of free receptors is found by halving. */
static double bound_drug(const stepdose_problem *p, double drug_nM, double receptors)
{
  const double kd = value_of(p, "kd_target_nM") + value_of(p, "internalisation_per_day") /
                                                      value_of(p, "target_on_rate_per_nM_day");
  const double arms = value_of(p, "target_valency"), q = drug_nM / kd;
  /* one molecule in 400 um2 x 10 nm is 0.4151 nM */
  const double cis = arms > 1 ? value_of(p, "cis_avidity") * 0.41513 * receptors / kd : 0;
  double low = 0, high = 1;
  for (int i = 0; i < 200; i++) {
    const double w = (low + high) / 2;
    *((1 + arms * q) * w + 2 * q * cis * w * w < 1 ? &low : &high) = w;
  }
  return receptors * q * low * (arms + cis * low);
}

static double trimers_at(const stepdose_problem *p, double drug_nM, double receptors)
{
  const double kd_cd3 = value_of(p, "kd_cd3_nM");
  const double held = value_of(p, "trimer_scale_nM") * value_of(p, "potency_anchor") *
                      bound_drug(p, drug_nM, receptors) / kd_cd3;
  return value_of(p, "cd3_per_t_cell") * held / (1 + drug_nM / kd_cd3 + held);
}

Test(library, potency_anchors_give_the_cited_trimers_at_the_cited_potency)
{
  for (size_t i = 0; i < COUNT(potencies); i++) {
    stepdose_problem *p = problem_of(potencies[i].molecule, "dlbcl");
    const double found = trimers_at(p, potencies[i].ec50_nM, potencies[i].receptors_per_cell);
    const double wanted = value_of(p, potencies[i].trimers);
    cr_expect(fabs(found / wanted - 1) < 0.01, "%s: %g %s, not %g; potency_anchor %.5g is due",
              potencies[i].molecule, found, potencies[i].trimers, wanted,
              value_of(p, "potency_anchor") * wanted / found);
    problem_free(p);
  }
}

/* Those without a measured potency take over the anchor of a molecule for the same target. */
Test(library, other_potency_anchors_are_taken_over)
{
  static const char *const pairs[][2] = {{"elranatamab", "teclistamab"},
                                         {"linvoseltamab", "teclistamab"},
                                         {"odronextamab", "mosunetuzumab"}};
  for (size_t i = 0; i < COUNT(pairs); i++) {
    stepdose_problem *one = problem_of(pairs[i][0], "dlbcl");
    stepdose_problem *other = problem_of(pairs[i][1], "dlbcl");
    cr_expect_eq(value_of(one, "potency_anchor"), value_of(other, "potency_anchor"), "%s",
                 pairs[i][0]);
    problem_free(one);
    problem_free(other);
  }
}

/* --- half-lives ------------------------------------------------------------------------------- */

/* Published half-lives. Effective: ln 2 x steady-state volume / clearance, where the terminal phase
 * of the published model carries next to nothing. */
static const struct {
  const char *molecule;
  double low_days, high_days;
  bool effective;
  const char *source;
} half_lives[] = {
    {"mosunetuzumab", 14, 18, false, "16.1 days, EU SmPC 5.2"},
    {"glofitamab", 6.5, 8.5, false, "6.5 to 8 days, Columvi labels"},
    {"epcoritamab", 22, 48.5, false,
     "22 to 25 days at 48 mg (label), 48 from Li 2025's linear part"},
    {"teclistamab", 3.8, 9.9, true, "3.8 days at first, up to 8.8, Tecvayli US PI 12.3"},
    {"talquetamab", 11, 13.5, false, "12.2 days at steady state, Gong 2025"},
    {"elranatamab", 19, 25, false, "22 days, Elrexfio label"},
    {"tarlatamab", 10.5, 12, false, "11.2 days, Kong 2025"},
    {"blinatumomab", 1.2 / 24, 3.5 / 24, false, "2.2 h (61 %), Blincyto label"},
    {"tebentafusp", 6.0 / 24, 8.0 / 24, false, "6 to 8 h, Kimmtrak labels"},
};

static double clearance_at_last(const stepdose_problem *p)
{
  return value_of(p, "fc_recycling") > 0.5 ? value_of(p, "clearance_L_per_day")
                                           : value_of(p, "clearance_without_fc_L_per_day");
}

static double half_life(const stepdose_problem *p, bool effective)
{
  const double central = value_of(p, "central_volume_L");
  const double peripheral = value_of(p, "peripheral_volume_L");
  const double exchange = value_of(p, "exchange_L_per_day");
  const double out = clearance_at_last(p) / central;
  if (exchange <= 0) {
    return log(2) / out;
  }
  if (effective) {
    return log(2) * (central + peripheral) / clearance_at_last(p);
  }
  const double sum = out + exchange / central + exchange / peripheral;
  const double product = out * exchange / peripheral;
  return log(2) / ((sum - sqrt(sum * sum - 4 * product)) / 2);
}

Test(library, half_lives_are_the_published_ones)
{
  for (size_t i = 0; i < COUNT(half_lives); i++) {
    stepdose_problem *p = problem_of(half_lives[i].molecule, "dlbcl");
    const double days = half_life(p, half_lives[i].effective);
    cr_expect(days >= half_lives[i].low_days && days <= half_lives[i].high_days,
              "%s: %.4g days, published %s", half_lives[i].molecule, days, half_lives[i].source);
    problem_free(p);
  }
}

/* --- exposures -------------------------------------------------------------------------------- */

typedef enum exposure_kind { PEAK, AREA, LEVEL } exposure_kind;

/* Published exposures under comparator `regimen` from day `from` to day `to` (LEVEL: on day `to`):
 * clinical/pk.csv and the observed courses of the evidence. Not here: the first trough of
 * talquetamab, 178 ng/mL, which does not go with the AUC beside it. */
static const struct {
  const char *molecule;
  int regimen;
  exposure_kind kind;
  double from, to, published; /* ug/mL, ug day/mL */
} exposures[] = {
    {"mosunetuzumab", 0, LEVEL, 0, 0.372, 0.141},  {"mosunetuzumab", 0, PEAK, 21, 28, 17.9},
    {"mosunetuzumab", 0, AREA, 0, 42, 126},        {"mosunetuzumab", 0, LEVEL, 0, 41.628, 2.121},
    {"epcoritamab", 0, LEVEL, 0, 3.3, 0.0012},     {"epcoritamab", 0, LEVEL, 0, 10.6, 0.0075},
    {"epcoritamab", 0, LEVEL, 0, 78.9, 10.42},     {"teclistamab", 0, LEVEL, 0, 11.3, 6.075},
    {"teclistamab", 0, LEVEL, 0, 33.6, 13.62},     {"talquetamab", 0, PEAK, 6, 13, 1.568},
    {"talquetamab", 0, AREA, 6, 13, 178.101 / 24}, {"tarlatamab", 0, PEAK, 0, 7, 0.285},
    {"tarlatamab", 0, AREA, 0, 7, 0.102 * 7},      {"tarlatamab", 0, PEAK, 7, 14, 2.9},
    {"blinatumomab", 0, LEVEL, 0, 6.5, 228e-6},    {"blinatumomab", 0, LEVEL, 0, 27, 616e-6},
    {"tebentafusp", 0, PEAK, 0, 7, 4.2e-3},        {"tebentafusp", 0, PEAK, 14, 21, 13.7e-3},
};

enum { SKIN, LYMPH_VESSEL, CENTRAL, PERIPHERAL, INTEGRAL, STATES };

/* Amounts in mg: two steps of uptake, two compartments, linear, fading and saturable clearance. */
static void rates(const stepdose_problem *p, double day, double infused, const double *y,
                  double *rate)
{
  const double volume = value_of(p, "central_volume_L"), up = value_of(p, "absorption_per_day");
  const double gram_nM = value_of(p, "molecular_weight_kDa") * 1e-3; /* mg/L in 1 nM */
  const double c = y[CENTRAL] / volume;
  const double fading = value_of(p, "clearance_extra_L_per_day") *
                        exp2(-day / value_of(p, "clearance_half_life_day"));
  const double saturable = value_of(p, "saturable_clearance_nM_per_day") * gram_nM * volume /
                           (value_of(p, "saturable_km_nM") * gram_nM + c);
  const double exchange =
      value_of(p, "exchange_L_per_day") * (c - y[PERIPHERAL] / value_of(p, "peripheral_volume_L"));
  rate[SKIN] = -up * y[SKIN];
  rate[LYMPH_VESSEL] = up * (y[SKIN] - y[LYMPH_VESSEL]);
  rate[CENTRAL] = infused + value_of(p, "bioavailability") * up * y[LYMPH_VESSEL] -
                  (clearance_at_last(p) + fading + saturable) * c - exchange;
  rate[PERIPHERAL] = exchange;
  rate[INTEGRAL] = c;
}

/* Midpoint rule over `step` days; what is infused is read in the middle. */
static void advance(const stepdose_problem *p, const schedule *s, double day, double step,
                    double *y)
{
  double rate[STATES];
  double half[STATES];
  double infused = 0;
  for (int i = 0; i < s->n_doses; i++) {
    const dose *d = &s->doses[i];
    const double in = day + step / 2 - d->day;
    if (d->duration_days > 0 && in >= 0 && in < d->duration_days) {
      infused += d->route == ROUTE_CIV ? d->amount * value_of(p, "body_surface_m2") * 1e-3
                                       : d->amount / d->duration_days;
    }
    y[SKIN] += d->duration_days <= 0 && in >= 0 && in < step ? d->amount : 0;
  }
  rates(p, day, infused, y, rate);
  for (int i = 0; i < STATES; i++) {
    half[i] = y[i] + step / 2 * rate[i];
  }
  rates(p, day + step / 2, infused, half, rate);
  for (int i = 0; i < STATES; i++) {
    y[i] += step * rate[i];
  }
}

static double exposure(const stepdose_problem *p, size_t i)
{
  const schedule *s = &p->comparators[exposures[i].regimen].doses;
  const double step = 1.0 / 480;
  double y[STATES] = {0};
  double highest = 0;
  double before = 0;
  for (double day = 0; day < exposures[i].to - step / 2; day += step) {
    advance(p, s, day, step, y);
    const double c = y[CENTRAL] / value_of(p, "central_volume_L");
    highest = day >= exposures[i].from && c > highest ? c : highest;
    before = day < exposures[i].from ? y[INTEGRAL] : before;
  }
  return exposures[i].kind == PEAK   ? highest
         : exposures[i].kind == AREA ? y[INTEGRAL] - before
                                     : y[CENTRAL] / value_of(p, "central_volume_L");
}

Test(library, exposures_of_published_regimens_are_the_published_ones)
{
  for (size_t i = 0; i < COUNT(exposures); i++) {
    stepdose_problem *p = problem_of(exposures[i].molecule, "dlbcl");
    cr_assert_gt(p->n_comparators, exposures[i].regimen);
    const double found = exposure(p, i);
    cr_expect(fabs(found / exposures[i].published - 1) < 0.35,
              "%s from day %g to %g: %.4g, published %.4g", exposures[i].molecule,
              exposures[i].from, exposures[i].to, found, exposures[i].published);
    problem_free(p);
  }
}
