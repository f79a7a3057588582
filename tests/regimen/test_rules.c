/* Rules that need no simulation, against the same rules in whole numbers. */
#include "base/random.h"
#include "regimen/regimen.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

/* In units of 0.05 mg, so that order and ratio are exact in whole numbers. */
static const int vials[] = {1,   2,   4,   8,   16,  20,  32,  40,  60,
                            100, 150, 200, 300, 400, 600, 900, 1200};
enum { N_VIALS = sizeof vials / sizeof vials[0] };

static double mg(int vial) { return vials[vial] / 20.0; }

static decision range(double low, double high, double grid)
{
  return (decision){.given = true, .low = low, .high = high, .grid = grid};
}

static regimen_space dose_space(dose_order order, double ratio_max)
{
  regimen_space space = {.route = ROUTE_IV, .infusion_h = 4.0, .n_steps = 3};
  for (int i = 0; i < 3; i++) {
    space.step[i] = (regimen_step){range(7.0 * i, 7.0 * i, 0.0), range(0.05, 60.0, 0.0)};
  }
  space.has_maintenance = true;
  space.maintenance.first_day = range(21.0, 21.0, 0.0);
  space.maintenance.every_days = range(21.0, 21.0, 0.0);
  space.maintenance.amount = range(0.05, 60.0, 0.0);
  space.maintenance.doses = 3;
  for (int i = 0; i < N_VIALS; i++) {
    space.level[space.n_levels++] = mg(i);
  }
  space.order = order;
  space.step_ratio_max = ratio_max;
  return space;
}

/* Every rule of every regimen of the vial grid has the sign that whole numbers give it. */
static void check_every_regimen(dose_order order, int ratio_max)
{
  regimen_space space = dose_space(order, ratio_max > 0 ? ratio_max : (double)INFINITY);
  static regimen_branch branch;
  regimen_branch_open(&space, 84.0, 0, &branch);
  int rules_expected = (order == DOSE_ORDER_UNTIL_TARGET ? 3 : 0) + (ratio_max > 0 ? 3 : 0);
  cr_assert(branch.n_rules == rules_expected, "%d", branch.n_rules);
  long wrong = 0;
  for (int code = 0; code < N_VIALS * N_VIALS * N_VIALS * N_VIALS; code++) {
    int vial[4], rest = code;
    double values[4], out[REGIMEN_RULES_MAX];
    for (int i = 0; i < 4; i++, rest /= N_VIALS) {
      vial[i] = rest % N_VIALS;
      values[i] = mg(vial[i]);
    }
    regimen_rules(&branch, values, out);
    for (int r = 0; r < branch.n_rules; r++) {
      int i = branch.rule[r].first;
      int before = vials[vial[i]], after = vials[vial[i + 1]];
      bool kept =
          branch.rule[r].kind == REGIMEN_RULE_ORDER ? before <= after : after <= ratio_max * before;
      wrong += kept != (out[r] <= 0.0);
    }
  }
  cr_expect(wrong == 0, "order %d, ratio %d: %ld wrong", (int)order, ratio_max, wrong);
}

Test(rules, order_and_ratio_are_exact_on_every_regimen_of_the_vial_grid)
{
  check_every_regimen(DOSE_ORDER_UNTIL_TARGET, 0);
  check_every_regimen(DOSE_ORDER_UNTIL_TARGET, 10);
  check_every_regimen(DOSE_ORDER_FREE, 2);
  check_every_regimen(DOSE_ORDER_FREE, 60);
}

/* In tenths of mg: a dose that is the largest ratio times the dose before keeps the rule exactly.
 */
Test(rules, a_step_of_the_largest_ratio_gives_exactly_zero)
{
  static const int ratios_tenths[] = {15, 20, 25, 30, 60, 100, 600};
  long wrong = 0, cases = 0;
  for (size_t k = 0; k < sizeof ratios_tenths / sizeof ratios_tenths[0]; k++) {
    regimen_space space = dose_space(DOSE_ORDER_FREE, ratios_tenths[k] / 10.0);
    static regimen_branch branch;
    space.n_levels = 0;
    space.has_maintenance = false;
    space.n_steps = 2;
    regimen_branch_open(&space, 84.0, 0, &branch);
    cr_assert(branch.n_rules == 1);
    for (int before = 1; before <= 1000; before++) {
      int after_hundredths = before * ratios_tenths[k];
      double values[2] = {before / 10.0, after_hundredths / 100.0}, out[REGIMEN_RULES_MAX];
      regimen_rules(&branch, values, out);
      wrong += out[0] != 0.0;
      cases++;
    }
  }
  cr_expect(wrong == 0, "%ld of %ld", wrong, cases);
}

Test(rules, equal_doses_give_exactly_zero)
{
  regimen_space space = dose_space(DOSE_ORDER_UNTIL_TARGET, (double)INFINITY);
  static regimen_branch branch;
  const uint64_t seed = 21;
  random_stream random = random_open(seed, 0);
  space.n_levels = 0;
  regimen_branch_open(&space, 84.0, 0, &branch);
  for (int trial = 0; trial < 1000; trial++) {
    double mg_each = 0.05 + 59.0 * random_uniform(&random);
    double values[4] = {mg_each, mg_each, mg_each, mg_each}, out[REGIMEN_RULES_MAX];
    regimen_rules(&branch, values, out);
    for (int r = 0; r < branch.n_rules; r++) {
      cr_expect(out[r] == 0.0, "seed %d trial %d: %g", (int)seed, trial, out[r]);
    }
  }
}

Test(rules, order_is_the_log10_of_the_ratio)
{
  regimen_space space = dose_space(DOSE_ORDER_UNTIL_TARGET, 10.0);
  static regimen_branch branch;
  const double values[4] = {20, 2, 2, 60};
  double out[REGIMEN_RULES_MAX];
  int checked = 0;
  regimen_branch_open(&space, 84.0, 0, &branch);
  regimen_rules(&branch, values, out);
  for (int r = 0; r < branch.n_rules; r++) {
    if (strcmp(branch.rule_name[r], "order_step_1_step_2") == 0) {
      cr_expect(fabs(out[r] - 1.0) < 1e-14, "%.17g", out[r]); /* log10(20 / 2) */
      checked++;
    }
    if (strcmp(branch.rule_name[r], "ratio_step_3_maintenance") == 0) {
      cr_expect(fabs(out[r] - log10(3.0)) < 1e-14, "%.17g", out[r]); /* log10(60 / 2 / 10) */
      checked++;
    }
  }
  cr_expect(checked == 2);
}

Test(rules, a_dose_after_a_dose_of_nothing_breaks_any_ratio)
{
  regimen_space space = dose_space(DOSE_ORDER_UNTIL_TARGET, 60.0);
  static regimen_branch branch;
  const double values[4] = {0, 0, 1, 1};
  double out[REGIMEN_RULES_MAX], largest = -INFINITY;
  for (int i = 0; i < 3; i++) {
    space.step[i].amount.low = 0.0;
  }
  regimen_branch_open(&space, 84.0, 0, &branch);
  regimen_rules(&branch, values, out);
  for (int r = 0; r < branch.n_rules; r++) {
    cr_expect(isfinite(out[r]), "%s", branch.rule_name[r]);
    largest = fmax(largest, out[r]);
  }
  cr_expect(largest > 0.0);
}

/* Two free step days and the first day of maintenance, in tenths of a day. */
static regimen_space day_space(double gap_low, double gap_high)
{
  regimen_space space = dose_space(DOSE_ORDER_FREE, (double)INFINITY);
  space.step[1].day = space.step[2].day = range(0.0, 12.0, 0.1);
  space.maintenance.first_day = range(12.0, 12.0, 0.0);
  space.gap_days = range(gap_low, gap_high, 0.0);
  space.gap_days.given = gap_low > 0.0 || isfinite(gap_high);
  for (int i = 0; i < 3; i++) {
    space.step[i].amount = range(1.0, 1.0, 0.0);
  }
  space.maintenance.amount = range(1.0, 1.0, 0.0);
  return space;
}

static bool gap_kept(int gap, int low, int high) { return gap >= low && gap <= high; }

/* Also where no gap or a smaller one is given, doses are a day apart. */
Test(rules, gaps_are_exact_in_tenths_of_days_up_to_maintenance)
{
  static const struct {
    int low, high; /* tenths of days; high 1000: none */
  } cases[] = {{0, 1000}, {20, 1000}, {10, 1000}, {13, 1000}, {20, 60}, {3, 50}, {10, 71}};
  for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
    int low = cases[c].low, high = cases[c].high, shortest = low < 10 ? 10 : low;
    regimen_space space = day_space(low / 10.0, high == 1000 ? (double)INFINITY : high / 10.0);
    static regimen_branch branch;
    long wrong = 0;
    regimen_branch_open(&space, 84.0, 0, &branch);
    cr_assert(branch.n_variables == 2);
    for (int second = 0; second <= 120; second++) {
      for (int third = 0; third <= 120; third++) {
        double values[2] = {second / 10.0, third / 10.0}, out[REGIMEN_RULES_MAX];
        bool holds = true;
        bool kept = gap_kept(second, shortest, high) && gap_kept(third - second, shortest, high) &&
                    120 - third >= shortest;
        regimen_rules(&branch, values, out);
        for (int r = 0; r < branch.n_rules; r++) {
          holds = holds && out[r] <= 0.0;
        }
        wrong += holds != kept;
      }
    }
    cr_expect(wrong == 0, "gaps of %d to %d tenths: %ld wrong", low, high, wrong);
  }
}

/* Free days that could coincide: no value that keeps the rules splits a dose. */
Test(rules, free_days_that_keep_the_rules_are_a_day_apart)
{
  regimen_space space = dose_space(DOSE_ORDER_FREE, (double)INFINITY);
  static regimen_branch branch;
  const uint64_t seed = 23;
  random_stream random = random_open(seed, 0);
  double closest = INFINITY;
  space.n_levels = 0;
  space.step[0].day = range(0.0, 0.5, 0.0);
  space.step[1].day = range(0.0, 7.0, 0.0);
  space.step[2].day = range(0.0, 7.0, 0.0);
  space.maintenance.first_day = range(0.0, 9.0, 0.0);
  regimen_branch_open(&space, 84.0, 0, &branch);
  for (int trial = 0; trial < 20000; trial++) {
    double values[REGIMEN_VARIABLES_MAX], out[REGIMEN_RULES_MAX], worst = -INFINITY;
    schedule doses;
    for (int i = 0; i < branch.n_variables; i++) {
      const regimen_variable *v = &branch.variable[i];
      values[i] = v->low + (v->high - v->low) * random_uniform(&random);
    }
    regimen_rules(&branch, values, out);
    for (int r = 0; r < branch.n_rules; r++) {
      worst = fmax(worst, out[r]);
    }
    regimen_decode(&branch, values, &doses);
    for (int i = 1; worst <= 0.0 && i < doses.n_doses; i++) {
      closest = fmin(closest, doses.doses[i].day - doses.doses[i - 1].day);
    }
  }
  cr_expect(closest >= 1.0 - 1e-9 && closest < 1.05, "seed %d: %g days", (int)seed, closest);
}

Test(rules, gaps_are_counted_in_allowed_gaps)
{
  regimen_space space = day_space(2.0, (double)INFINITY);
  static regimen_branch branch;
  const double values[2] = {3.0, 4.0};
  double out[REGIMEN_RULES_MAX];
  regimen_branch_open(&space, 84.0, 0, &branch);
  regimen_rules(&branch, values, out);
  bool found = false;
  for (int r = 0; r < branch.n_rules; r++) {
    if (strcmp(branch.rule_name[r], "shortest_gap_step_2_step_3") == 0) {
      cr_expect(out[r] == 0.5, "%g", out[r]); /* one day is missing of a gap of two */
      found = true;
    }
  }
  cr_expect(found);
}

Test(rules, rules_that_the_bounds_keep_are_left_out)
{
  regimen_space space = dose_space(DOSE_ORDER_UNTIL_TARGET, 10.0);
  static regimen_branch branch;
  space.step[0].amount = range(1.0, 1.0, 0.0);
  space.step[1].amount = range(2.0, 10.0, 0.0);
  space.step[2].amount = range(10.0, 20.0, 0.0);
  space.maintenance.amount = range(20.0, 60.0, 0.0);
  regimen_branch_open(&space, 84.0, 0, &branch);
  cr_expect(branch.n_rules == 0, "%d", branch.n_rules);
}
