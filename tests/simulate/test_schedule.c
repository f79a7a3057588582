/* Lists of doses: order, total and visits. */
#include "base/random.h"
#include "simulate/schedule.h"

#include <criterion/criterion.h>
#include <math.h>

static schedule random_schedule(random_stream *random)
{
  schedule s = {.n_doses = 1 + (int)(random_uniform(random) * (SCHEDULE_DOSES_MAX - 1))};
  for (int i = 0; i < s.n_doses; i++) {
    double day = floor(random_uniform(random) * 40.0);
    s.doses[i] = (dose){day, 60.0 * random_uniform(random), 1.0 / 6.0, ROUTE_IV};
  }
  return s;
}

Test(schedule, halving_every_dose_halves_total_mg)
{
  const uint64_t seed = 11;
  random_stream random = random_open(seed, 0);
  for (int trial = 0; trial < 1000; trial++) {
    schedule s = random_schedule(&random);
    double total = schedule_total_mg(&s);
    for (int i = 0; i < s.n_doses; i++) {
      s.doses[i].amount *= 0.5;
    }
    cr_expect(schedule_total_mg(&s) == 0.5 * total, "seed %d trial %d", (int)seed, trial);
  }
}

Test(schedule, sorting_orders_days_and_keeps_doses_of_one_day_in_their_order)
{
  const uint64_t seed = 12;
  random_stream random = random_open(seed, 0);
  for (int trial = 0; trial < 1000; trial++) {
    schedule s = random_schedule(&random);
    for (int i = 0; i < s.n_doses; i++) {
      s.doses[i].amount = i; /* marks the place before */
    }
    schedule_sort(&s);
    for (int i = 1; i < s.n_doses; i++) {
      const dose *a = &s.doses[i - 1], *b = &s.doses[i];
      bool ordered = a->day < b->day || (a->day == b->day && a->amount < b->amount);
      cr_expect(ordered, "seed %d trial %d dose %d", (int)seed, trial, i);
    }
  }
}

/* Unordered doses of two routes, one on the end day and one after it. */
Test(schedule, closing_ends_infusions_where_the_next_dose_or_the_end_is)
{
  static const dose expected[] = {{0, 5, 7, ROUTE_CIV},
                                  {7, 15, 3, ROUTE_CIV},
                                  {10, 1, 0.25, ROUTE_IV},
                                  {14, 60, 42, ROUTE_CIV}};
  enum { N = sizeof expected / sizeof expected[0] };
  schedule s = {6,
                {{14, 60, 0, ROUTE_CIV},
                 {0, 5, 0, ROUTE_CIV},
                 {56, 2, 0, ROUTE_CIV},
                 {10, 1, 0.25, ROUTE_IV},
                 {80, 3, 0, ROUTE_CIV},
                 {7, 15, 0, ROUTE_CIV}}};
  schedule_close(&s, 56.0);
  cr_assert_eq(s.n_doses, N);
  for (int i = 0; i < N; i++) {
    const dose *d = &s.doses[i];
    cr_expect(d->day == expected[i].day && d->amount == expected[i].amount &&
                  d->duration_days == expected[i].duration_days && d->route == expected[i].route,
              "dose %d: day %g, %g for %g days", i, d->day, d->amount, d->duration_days);
  }
}

Test(schedule, continuous_infusions_add_no_milligrams)
{
  schedule s = {2, {{0.0, 15.0, 7.0, ROUTE_CIV}, {7.0, 2.0, 0.0, ROUTE_SC}}};
  cr_expect(schedule_total_mg(&s) == 2.0);
}

Test(schedule, visits_are_calendar_days_before_the_horizon)
{
  static const struct {
    const char *name;
    int n_doses;
    double day[4];
    double horizon;
    int visits;
  } cases[] = {
      {"no dose", 0, {0}, 84, 0},
      {"one dose", 1, {0}, 84, 1},
      {"weekly", 4, {0, 7, 14, 21}, 84, 4},
      {"morning and evening of one day", 3, {0, 0.5, 7}, 84, 2},
      {"evening and next morning", 2, {0.9, 1.1}, 84, 2},
      {"same moment twice", 2, {7, 7}, 84, 1},
      {"the horizon itself is after the course", 2, {0, 84}, 84, 1},
      {"a day that rounding has moved", 2, {6.999999999999999, 7}, 84, 1},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    schedule s = {.n_doses = cases[i].n_doses};
    for (int k = 0; k < s.n_doses; k++) {
      s.doses[k] = (dose){cases[i].day[k], 1.0, 0.0, ROUTE_SC};
    }
    int visits = schedule_visits(&s, cases[i].horizon);
    cr_expect(visits == cases[i].visits, "%s: %d", cases[i].name, visits);
  }
}

Test(schedule, premedication_is_no_engager_but_a_visit)
{
  schedule s = {6,
                {{-7, 1000, 0.2, ROUTE_DEPLETER},
                 {-0.5, 20, 0, ROUTE_DEXAMETHASONE},
                 {0, 16, 0, ROUTE_DEXAMETHASONE},
                 {0, 1, 0, ROUTE_SC},
                 {7, 5, 0, ROUTE_SC},
                 {9, 560, 0, ROUTE_TOCILIZUMAB}}};
  cr_expect(schedule_engager_doses(&s) == 2);
  cr_expect(schedule_total_mg(&s) == 6.0, "%g", schedule_total_mg(&s));
  /* what is given within half a day of an engager is given on its visit */
  cr_expect(schedule_visits(&s, 84.0) == 4, "days -7, 0, 7, 9: %d", schedule_visits(&s, 84.0));
  cr_expect(schedule_visits(&s, 8.0) == 3);
}

Test(schedule, premedication_does_not_end_a_continuous_infusion)
{
  schedule s = {4,
                {{0, 5, 0, ROUTE_CIV},
                 {6.9, 20, 0, ROUTE_DEXAMETHASONE},
                 {7, 15, 0, ROUTE_CIV},
                 {8, 20, 0, ROUTE_DEXAMETHASONE}}};
  schedule_close(&s, 28.0);
  cr_assert(s.n_doses == 4);
  cr_expect(s.doses[0].duration_days == 7.0, "%g", s.doses[0].duration_days);
  cr_expect(s.doses[2].duration_days == 21.0, "%g", s.doses[2].duration_days);
  cr_expect(s.doses[1].duration_days == 0.0 && s.doses[3].duration_days == 0.0);
}
