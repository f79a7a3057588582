/* Branches of a regimen space, and decision values -> doses. */
#include "base/random.h"
#include "regimen/regimen.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

static const double vials_mg[] = {0.05, 0.1, 0.2, 0.4, 0.8, 1,  1.6, 2, 3,
                                  5,    7.5, 10,  15,  20,  30, 45,  60};
enum { N_VIALS = sizeof vials_mg / sizeof vials_mg[0] };

static decision fixed(double value)
{
  return (decision){.given = true, .low = value, .high = value};
}

static decision range(double low, double high, double grid)
{
  return (decision){.given = true, .low = low, .high = high, .grid = grid};
}

/* Days 0/7/14, maintenance q21d x 3 from day 21, all doses free on the vials. */
static regimen_space label_like_space(void)
{
  regimen_space space = {.route = ROUTE_IV, .infusion_h = 4.0, .n_steps = 3};
  for (int i = 0; i < 3; i++) {
    space.step[i] = (regimen_step){fixed(7.0 * i), range(0.05, 60.0, 0.0)};
  }
  space.has_maintenance = true;
  space.maintenance.first_day = fixed(21.0);
  space.maintenance.every_days = fixed(21.0);
  space.maintenance.amount = range(0.05, 60.0, 0.0);
  space.maintenance.doses = 3;
  space.n_levels = N_VIALS;
  memcpy(space.level, vials_mg, sizeof vials_mg);
  space.order = DOSE_ORDER_UNTIL_TARGET;
  space.step_ratio_max = INFINITY;
  return space;
}

Test(regimen, branches_are_the_allowed_numbers_of_steps)
{
  static const struct {
    const char *name;
    bool given, maintained;
    double low, high, grid;
    int n_choices;
    double choice[2];
    int count;
    int steps[6];
  } cases[] = {
      {"not given", false, true, 0, 0, 0, 0, {0}, 1, {5}},
      {"one to three", true, true, 1, 3, 0, 0, {0}, 3, {1, 2, 3}},
      {"fixed", true, true, 2, 2, 0, 0, {0}, 1, {2}},
      {"maintenance alone", true, true, 0, 1, 0, 0, {0}, 2, {0, 1}},
      {"nothing at all is no branch", true, false, 0, 1, 0, 0, {0}, 1, {1}},
      {"choices", true, true, 0, 0, 0, 2, {1, 4}, 2, {1, 4}},
      {"more than there are", true, true, 4, 9, 0, 0, {0}, 2, {4, 5}},
      {"every second", true, true, 1, 5, 2, 0, {0}, 3, {1, 3, 5}},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    regimen_space space = label_like_space();
    space.n_steps = 5;
    space.step[3] = space.step[4] = space.step[2];
    space.has_maintenance = cases[i].maintained;
    space.number_of_steps = range(cases[i].low, cases[i].high, cases[i].grid);
    space.number_of_steps.given = cases[i].given;
    space.number_of_steps.n_choices = cases[i].n_choices;
    memcpy(space.number_of_steps.choice, cases[i].choice, sizeof cases[i].choice);
    cr_assert(regimen_branch_count(&space) == cases[i].count, "%s", cases[i].name);
    for (int b = 0; b < cases[i].count; b++) {
      static regimen_branch branch;
      regimen_branch_open(&space, 84.0, b, &branch);
      cr_expect(branch.n_steps == cases[i].steps[b], "%s, branch %d", cases[i].name, b);
    }
  }
}

Test(regimen, variables_are_what_is_not_fixed)
{
  static const char *const names[] = {"step_1_dose_mg",      "step_2_day",
                                      "step_2_dose_mg",      "maintenance_first_day",
                                      "maintenance_dose_mg", "maintenance_every_days"};
  regimen_space space = label_like_space();
  static regimen_branch branch;
  space.n_steps = 2;
  space.step[1].day = range(2.0, 10.0, 1.0);
  space.maintenance.first_day = range(14.0, 28.0, 7.0);
  space.maintenance.every_days =
      (decision){.given = true, .low = 7, .high = 21, .n_choices = 2, .choice = {7, 21}};
  regimen_branch_open(&space, 84.0, 0, &branch);
  cr_assert(branch.n_variables == 6, "%d", branch.n_variables);
  for (int v = 0; v < 6; v++) {
    bool found = false;
    for (int i = 0; i < 6; i++) {
      found = found || strcmp(branch.variable[v].name, names[i]) == 0;
    }
    bool amount = strstr(branch.variable[v].name, "dose_mg") != NULL;
    cr_expect(found, "%s", branch.variable[v].name);
    cr_expect(branch.variable[v].logarithmic == amount, "%s", branch.variable[v].name);
    cr_expect(strcmp(branch.variable[v].unit, amount ? "mg" : "day") == 0);
    cr_expect(branch.variable[v].low < branch.variable[v].high);
  }
}

Test(regimen, levels_come_from_choices_vials_or_grid)
{
  static const struct {
    const char *name;
    decision amount;
    int n_vials;
    int n_levels;
    double first, last;
  } cases[] = {
      {"vials within the range", {.low = 0.3, .high = 12}, N_VIALS, 9, 0.4, 10},
      {"vials at the bounds", {.low = 0.4, .high = 10}, N_VIALS, 9, 0.4, 10},
      {"choices before vials",
       {.low = 1, .high = 9, .n_choices = 3, .choice = {1, 4, 9}},
       N_VIALS,
       3,
       1,
       9},
      {"grid from low", {.low = 0.1, .high = 0.75, .grid = 0.1}, 0, 7, 0.1, 0.7},
      {"neither", {.low = 0.1, .high = 0.75}, 0, 0, 0, 0},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    regimen_space space = label_like_space();
    static regimen_branch branch;
    space.step[0].amount = cases[i].amount;
    space.n_levels = cases[i].n_vials;
    regimen_branch_open(&space, 84.0, 0, &branch);
    const regimen_variable *v = &branch.variable[0];
    cr_assert(v->n_levels == cases[i].n_levels, "%s: %d", cases[i].name, v->n_levels);
    if (v->n_levels > 0) {
      cr_expect(v->level[0] == cases[i].first, "%s", cases[i].name);
      cr_expect(v->level[v->n_levels - 1] == cases[i].last, "%s", cases[i].name);
    }
  }
}

Test(regimen, grid_levels_are_decimal_numbers)
{
  regimen_space space = label_like_space();
  static regimen_branch branch;
  space.n_levels = 0;
  space.step[0].amount = range(0.1, 10.0, 0.1);
  regimen_branch_open(&space, 84.0, 0, &branch);
  cr_assert(branch.variable[0].n_levels == 100);
  for (int i = 0; i < 100; i++) {
    double tenths = i + 1;
    cr_expect(branch.variable[0].level[i] == tenths / 10.0, "level %d: %.17g", i,
              branch.variable[0].level[i]);
  }
}

Test(regimen, one_level_left_is_a_fixed_value)
{
  regimen_space space = label_like_space();
  static regimen_branch branch;
  space.step[0].amount = range(0.9, 1.2, 0.0);
  regimen_branch_open(&space, 84.0, 0, &branch);
  cr_expect(branch.step_amount[0].variable == -1);
  cr_expect(branch.step_amount[0].fixed == 1.0);
  cr_expect(branch.n_variables == 3);
}

Test(regimen, decoding_of_grid_values_is_exact)
{
  regimen_space space = label_like_space();
  static regimen_branch branch;
  regimen_branch_open(&space, 84.0, 0, &branch);
  cr_assert(branch.n_variables == 4);
  for (int i = 0; i < N_VIALS; i++) {
    double through_log10 = pow(10.0, log10(vials_mg[i]));
    double values[4] = {through_log10, through_log10, through_log10, through_log10};
    schedule doses;
    regimen_decode(&branch, values, &doses);
    cr_assert(doses.n_doses == 6);
    for (int d = 0; d < 6; d++) {
      static const double days[] = {0, 7, 14, 21, 42, 63};
      cr_expect(doses.doses[d].day == days[d]);
      cr_expect(doses.doses[d].amount == vials_mg[i], "%.17g", doses.doses[d].amount);
      cr_expect(doses.doses[d].duration_days == 4.0 / 24.0);
      cr_expect(doses.doses[d].route == ROUTE_IV);
    }
  }
}

Test(regimen, values_between_levels_stay_as_they_are)
{
  regimen_space space = label_like_space();
  static regimen_branch branch;
  const double values[4] = {1.17, 11.4, 11.4, 11.4};
  schedule doses;
  regimen_branch_open(&space, 84.0, 0, &branch);
  regimen_decode(&branch, values, &doses);
  cr_expect(doses.doses[0].amount == 1.17);
  cr_expect(doses.doses[5].amount == 11.4);
}

Test(regimen, doses_end_before_the_horizon)
{
  static const struct {
    double horizon;
    int n_doses;
  } cases[] = {{84, 6}, {63, 5}, {63.5, 6}, {21, 3}, {7, 1}};
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    regimen_space space = label_like_space();
    static regimen_branch branch;
    const double values[4] = {1, 2, 20, 20};
    schedule doses;
    regimen_branch_open(&space, cases[i].horizon, 0, &branch);
    regimen_decode(&branch, values, &doses);
    cr_expect(doses.n_doses == cases[i].n_doses, "horizon %g: %d", cases[i].horizon, doses.n_doses);
  }
}

/* The most are given where days are as early, and intervals as short, as can be. */
Test(regimen, the_most_doses_are_those_of_the_fullest_and_earliest_regimen)
{
  regimen_space space = label_like_space();
  space.number_of_steps = range(1, 3, 0);
  cr_expect(regimen_doses_most(&space, 84) == 6, "%d", regimen_doses_most(&space, 84));
  cr_expect(regimen_doses_most(&space, 63) == 5, "%d", regimen_doses_most(&space, 63));
  space.maintenance.every_days = range(14, 28, 0);
  cr_expect(regimen_doses_most(&space, 63) == 6, "%d", regimen_doses_most(&space, 63));
  space.n_premedication = 1;
  space.premedication[0] = (premedication){
      .drug = ROUTE_DEXAMETHASONE, .dose_mg = 20, .with = WITH_DOSES_ALL, .hours_before = 1};
  cr_expect(regimen_doses_most(&space, 63) == 6, "premedication counts");
}

Test(regimen, free_days_are_sorted_and_doses_of_one_day_stay_two)
{
  regimen_space space = label_like_space();
  static regimen_branch branch;
  schedule doses;
  space.has_maintenance = false;
  for (int i = 0; i < 3; i++) {
    space.step[i].day = range(0.0, 30.0, 0.0);
  }
  regimen_branch_open(&space, 84.0, 0, &branch);
  const double values[6] = {20, 1, 5, 2, 5, 3}; /* day, dose of each step */
  regimen_decode(&branch, values, &doses);
  cr_assert(doses.n_doses == 3);
  static const double days[] = {5, 5, 20}, amounts[] = {2, 3, 1};
  for (int i = 0; i < 3; i++) {
    cr_expect(doses.doses[i].day == days[i] && doses.doses[i].amount == amounts[i], "dose %d", i);
  }
}

Test(regimen, an_injection_has_no_duration)
{
  regimen_space space = label_like_space();
  static regimen_branch branch;
  const double values[4] = {5, 45, 45, 45};
  schedule doses;
  space.route = ROUTE_SC;
  regimen_branch_open(&space, 84.0, 0, &branch);
  regimen_decode(&branch, values, &doses);
  for (int i = 0; i < doses.n_doses; i++) {
    cr_expect(doses.doses[i].duration_days == 0.0);
    cr_expect(doses.doses[i].route == ROUTE_SC);
  }
}

Test(regimen, a_continuous_infusion_lasts_until_the_next_rate)
{
  static const struct {
    const char *name;
    bool maintained;
    double rate[3]; /* of the steps on days 0, 7, 14 */
    double horizon;
    int n_doses;
    double day[5], duration[5];
  } cases[] = {
      {"to the horizon", false, {5, 15, 60}, 56, 3, {0, 7, 14}, {7, 7, 42}},
      {"to maintenance", true, {5, 15, 60}, 56, 5, {0, 7, 14, 28, 38}, {7, 7, 14, 10, 18}},
      {"maintenance to an earlier horizon",
       true,
       {5, 15, 60},
       40,
       5,
       {0, 7, 14, 28, 38},
       {7, 7, 14, 10, 2}},
      {"pause at rate 0", false, {5, 0, 60}, 56, 2, {0, 14}, {7, 42}},
      {"horizon before a step", false, {5, 15, 60}, 10, 2, {0, 7}, {7, 3}},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    regimen_space space = label_like_space();
    static regimen_branch branch;
    schedule doses;
    space.route = ROUTE_CIV;
    space.has_maintenance = cases[i].maintained;
    space.maintenance.first_day = fixed(28.0);
    space.maintenance.every_days = fixed(10.0);
    space.maintenance.amount = fixed(60.0);
    space.maintenance.doses = 2;
    for (int step = 0; step < 3; step++) {
      space.step[step].amount = fixed(cases[i].rate[step]);
    }
    regimen_branch_open(&space, cases[i].horizon, 0, &branch);
    regimen_decode(&branch, NULL, &doses);
    cr_assert(doses.n_doses == cases[i].n_doses, "%s: %d", cases[i].name, doses.n_doses);
    for (int d = 0; d < doses.n_doses; d++) {
      cr_expect(doses.doses[d].day == cases[i].day[d], "%s, dose %d", cases[i].name, d);
      cr_expect(doses.doses[d].duration_days == cases[i].duration[d], "%s, dose %d: %g",
                cases[i].name, d, doses.doses[d].duration_days);
    }
  }
}

Test(regimen, variables_of_a_continuous_infusion_carry_its_unit)
{
  regimen_space space = label_like_space();
  static regimen_branch branch;
  space.route = ROUTE_CIV;
  regimen_branch_open(&space, 84.0, 0, &branch);
  cr_expect(strcmp(branch.variable[0].name, "step_1_dose_ug_m2_day") == 0);
  cr_expect(strcmp(branch.variable[0].unit, "ug/m2/day") == 0);
}

/* Days 0/7/14, maintenance on 21/42/63, all with 1 mg. */
static void decode_with(const premedication *given, schedule *doses)
{
  static regimen_branch branch;
  regimen_space space = label_like_space();
  for (int i = 0; i < 3; i++) {
    space.step[i].amount = fixed(1.0);
  }
  space.maintenance.amount = fixed(1.0);
  space.n_premedication = 1;
  space.premedication[0] = *given;
  regimen_branch_open(&space, 84.0, 0, &branch);
  regimen_decode(&branch, NULL, doses);
}

Test(regimen, premedication_goes_with_the_doses_it_names)
{
  static const struct {
    const char *name;
    premedication given;
    int n;
    double day[6];
  } cases[] = {
      {"steps", {.with = WITH_DOSES_STEPS}, 3, {0, 7, 14}},
      {"first", {.with = WITH_DOSES_FIRST, .hours_before = 24}, 1, {-1}},
      {"all", {.with = WITH_DOSES_ALL, .hours_before = 12}, 6, {-0.5, 6.5, 13.5, 20.5, 41.5, 62.5}},
      {"cycle 1", {.with = WITH_DOSES_ALL_IN_CYCLE_1, .hours_before = -48}, 3, {2, 9, 16}},
      {"on a day", {.on_day = true, .day = -7}, 1, {-7}},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    schedule doses;
    int n = 0;
    premedication given = cases[i].given;
    given.drug = ROUTE_DEXAMETHASONE;
    given.dose_mg = 20.0;
    decode_with(&given, &doses);
    cr_assert(doses.n_doses == 6 + cases[i].n, "%s: %d doses", cases[i].name, doses.n_doses);
    cr_expect(schedule_engager_doses(&doses) == 6, "%s", cases[i].name);
    for (int k = 0; k < doses.n_doses; k++) {
      cr_expect(k == 0 || doses.doses[k].day >= doses.doses[k - 1].day, "%s: sorted",
                cases[i].name);
      if (doses.doses[k].route == ROUTE_DEXAMETHASONE) {
        cr_expect(doses.doses[k].day == cases[i].day[n++], "%s: day %g", cases[i].name,
                  doses.doses[k].day);
        cr_expect(doses.doses[k].amount == 20.0 && doses.doses[k].duration_days == 0.0);
      }
    }
    cr_expect(n == cases[i].n, "%s", cases[i].name);
  }
}

Test(regimen, premedication_on_or_after_the_horizon_is_not_given)
{
  schedule doses;
  premedication given = {.drug = ROUTE_TOCILIZUMAB,
                         .dose_mg = 560.0,
                         .with = WITH_DOSES_ALL,
                         .hours_before = -24.0 * 21};
  decode_with(&given, &doses); /* the last dose is on day 63, and the horizon is 84 */
  cr_expect(doses.n_doses == 11, "%d", doses.n_doses);
  cr_expect(doses.doses[doses.n_doses - 1].day < 84.0);
}
