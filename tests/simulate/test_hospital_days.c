/* Days in hospital: stays after doses, by rules as labels state them. */
#include "base/random.h"
#include "simulate/schedule.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

enum { HOURS_MAX = 24 * 200 };

static schedule doses_of(int n, const double *day, const double *amount)
{
  schedule s = {.n_doses = n};
  for (int i = 0; i < n; i++) {
    s.doses[i] = (dose){day[i], amount[i], 0, ROUTE_SC};
  }
  return s;
}

static schedule random_doses(random_stream *random)
{
  schedule s = {.n_doses = 1 + (int)(random_uniform(random) * 12)};
  for (int i = 0; i < s.n_doses; i++) {
    const double hour = floor(random_uniform(random) * 24 * 80);
    s.doses[i] = (dose){hour / 24, 1 + floor(random_uniform(random) * 5), 0, ROUTE_SC};
  }
  schedule_sort(&s);
  return s;
}

static hospital_rule random_rule(random_stream *random)
{
  hospital_rule rule = {.n_stays = 1 + (int)(random_uniform(random) * SCHEDULE_STAYS_MAX)};
  for (int k = 0; k < rule.n_stays; k++) {
    rule.stay[k] = (hospital_stay){(stay_after)(random_uniform(random) * STAY_AFTER_COUNT),
                                   1 + floor(random_uniform(random) * 300)};
  }
  return rule;
}

/* Marks every hour in hospital in a calendar. */
static void mark(bool calendar[HOURS_MAX], double day, double hours)
{
  const long first = lround(24 * day);
  for (long h = first; h < first + lround(hours) && h < HOURS_MAX; h++) {
    calendar[h] = true;
  }
}

static int marked(const schedule *s, const hospital_rule *rule, double horizon)
{
  static bool calendar[HOURS_MAX];
  int target = 0, n = 0, hours = 0;
  memset(calendar, 0, sizeof calendar);
  for (int i = 0; i < s->n_doses && s->doses[i].day < horizon; i++, n++) {
    target = s->doses[i].amount > s->doses[target].amount ? i : target;
  }
  for (int k = 0; k < rule->n_stays; k++) {
    const bool meant[STAY_AFTER_COUNT][3] = {/* before the target, at it, after it */
                                             [STAY_AFTER_UNTIL_TARGET] = {true, true, false},
                                             [STAY_AFTER_BEFORE_TARGET] = {true, false, false},
                                             [STAY_AFTER_TARGET] = {false, true, false},
                                             [STAY_AFTER_ALL] = {true, true, true}};
    const stay_after after = rule->stay[k].after;
    for (int i = 0; i < n; i++) {
      if (meant[after][i < target    ? 0
                       : i == target ? 1
                                     : 2] ||
          (after == STAY_AFTER_FIRST && i == 0)) {
        mark(calendar, s->doses[i].day, rule->stay[k].hours);
      }
    }
  }
  for (int h = 0; h < HOURS_MAX; h++) {
    hours += calendar[h];
  }
  return hours;
}

Test(hospital, stays_that_overlap_count_once)
{
  const uint64_t seed = 91;
  random_stream random = random_open(seed, 0);
  double worst = 0;
  int overlapping = 0;
  for (int trial = 0; trial < 2000; trial++) {
    const schedule s = random_doses(&random);
    const hospital_rule rule = random_rule(&random);
    const double horizon = 20 + floor(random_uniform(&random) * 80);
    const double days = schedule_hospital_days(&s, &rule, horizon);
    double added = 0;
    for (int i = 0; i < s.n_doses; i++) {
      const schedule one = {1, {s.doses[i]}};
      const hospital_rule all = {1, {{STAY_AFTER_ALL, rule.stay[0].hours}}};
      added += schedule_hospital_days(&one, &all, horizon);
    }
    const hospital_rule all = {1, {{STAY_AFTER_ALL, rule.stay[0].hours}}};
    overlapping += schedule_hospital_days(&s, &all, horizon) < added - 1e-9;
    worst = fmax(worst, fabs(24 * days - marked(&s, &rule, horizon)));
  }
  cr_expect(worst <= 1e-9, "seed %d: %g hours off", (int)seed, worst);
  cr_expect(overlapping > 500, "%d of 2000 overlap: the comparison says little", overlapping);
}

Test(hospital, halving_the_hours_halves_the_days_when_nothing_overlaps)
{
  static const double day[] = {0, 7, 14, 21, 42}, amount[] = {1, 2, 60, 60, 60};
  const schedule s = doses_of(5, day, amount);
  for (int after = 0; after < STAY_AFTER_COUNT; after++) {
    for (double hours = 1; hours <= 168; hours++) {
      const hospital_rule whole = {1, {{(stay_after)after, hours}}};
      const hospital_rule half = {1, {{(stay_after)after, hours / 2}}};
      const double days = schedule_hospital_days(&s, &whole, 84);
      cr_expect(days > 0 && 2 * schedule_hospital_days(&s, &half, 84) == days, "%g h", hours);
    }
  }
}

Test(hospital, one_step_fewer_saves_its_whole_stay_when_doses_are_far_apart)
{
  static const double day[] = {0, 7, 14, 21}, amount[] = {1, 2, 10, 60};
  static const double fewer_day[] = {0, 7, 14}, fewer[] = {1, 10, 60};
  const hospital_rule rule = {1, {{STAY_AFTER_UNTIL_TARGET, 48}}};
  const schedule three = doses_of(4, day, amount), two = doses_of(3, fewer_day, fewer);
  cr_expect_eq(schedule_hospital_days(&three, &rule, 84), 8);
  cr_expect_eq(schedule_hospital_days(&two, &rule, 84), 6);
}

/* Doses a day apart: the second stay begins in the first one. */
Test(hospital, doses_that_come_closer_save_what_their_stays_share)
{
  const hospital_rule rule = {1, {{STAY_AFTER_UNTIL_TARGET, 48}}};
  for (double gap = 0.125; gap <= 4; gap += 0.125) {
    const double day[] = {0, gap}, amount[] = {1, 5};
    const schedule s = doses_of(2, day, amount);
    cr_expect_eq(schedule_hospital_days(&s, &rule, 84), fmin(2 + gap, 4), "%g days", gap);
  }
}

/* Rules and doses of labels: shared evidence, clinical/schedules.csv (US prescribing information);
 * days counted from 0, doses of an adult of 70 kg where a label gives mg/kg. */
Test(hospital, rules_of_labels_give_the_days_that_they_state)
{
  static const struct {
    const char *label;
    int n;
    double day[6], amount[6];
    hospital_rule rule;
    double days;
  } cases[] = {
      {"teclistamab: 48 h after every dose of the step-up schedule",
       5,
       {0, 3, 6, 13, 20},
       {4.2, 21, 105, 105, 105},
       {1, {{STAY_AFTER_UNTIL_TARGET, 48}}},
       6},
      {"talquetamab every two weeks: 48 h after each",
       5,
       {0, 3, 6, 9, 23},
       {0.7, 4.2, 28, 56, 56},
       {1, {{STAY_AFTER_UNTIL_TARGET, 48}}},
       8},
      {"elranatamab: 48 h after step 1, 24 h after step 2",
       4,
       {0, 3, 7, 14},
       {12, 32, 76, 76},
       {2, {{STAY_AFTER_FIRST, 48}, {STAY_AFTER_BEFORE_TARGET, 24}}},
       3},
      {"epcoritamab: 24 h after the first 48 mg",
       5,
       {0, 7, 14, 21, 28},
       {0.16, 0.8, 48, 48, 48},
       {1, {{STAY_AFTER_TARGET, 24}}},
       1},
      {"linvoseltamab: 24 h after step 1 and step 2",
       4,
       {0, 7, 14, 21},
       {5, 25, 200, 200},
       {1, {{STAY_AFTER_BEFORE_TARGET, 24}}},
       2},
      {"blinatumomab, cycle 1: the first three days",
       2,
       {0, 7},
       {9, 28},
       {1, {{STAY_AFTER_FIRST, 72}}},
       3},
  };
  for (size_t i = 0; i < COUNT(cases); i++) {
    const schedule s = doses_of(cases[i].n, cases[i].day, cases[i].amount);
    const double days = schedule_hospital_days(&s, &cases[i].rule, 84);
    cr_expect_eq(days, cases[i].days, "%s: %g days", cases[i].label, days);
  }
}

Test(hospital, the_first_target_dose_is_the_first_of_the_largest_amount)
{
  static const struct {
    int n;
    double amount[5];
    int target;
  } cases[] = {{1, {5}, 0},          {3, {1, 2, 60}, 2},         {5, {1, 2, 60, 60, 60}, 2},
               {4, {5, 5, 5, 5}, 0}, {5, {1, 2, 60, 60, 30}, 2}, {4, {60, 1, 2, 30}, 0},
               {0, {0}, 0}};
  static const double day[] = {0, 7, 14, 21, 28};
  for (size_t i = 0; i < COUNT(cases); i++) {
    const schedule s = doses_of(cases[i].n, day, cases[i].amount);
    cr_expect_eq(schedule_first_target(&s), cases[i].target, "case %d", (int)i);
  }
}

Test(hospital, premedication_and_doses_at_the_horizon_have_no_stay)
{
  schedule s = {4,
                {{-7, 1000, 0, ROUTE_DEPLETER},
                 {-0.04, 20, 0, ROUTE_DEXAMETHASONE},
                 {0, 1, 0, ROUTE_SC},
                 {28, 5, 0, ROUTE_SC}}};
  const hospital_rule rule = {1, {{STAY_AFTER_ALL, 48}}};
  cr_expect_eq(schedule_hospital_days(&s, &rule, 84), 4);
  cr_expect_eq(schedule_hospital_days(&s, &rule, 28), 2, "the second dose is not given");
  cr_expect_eq(schedule_hospital_days(&s, &rule, 28.5), 4, "a stay that has begun counts in full");
  s.n_doses = 2;
  cr_expect_eq(schedule_hospital_days(&s, &rule, 84), 0);
}
