/* A schedule that is taken up again after a gap: what is given when, and what goes with it. */
#include "regimen/resume.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

/* Steps 4.2 and 21 mg on days 0 and 3, then 105 mg weekly; dexamethasone with the first three, and
 * something a week ahead of all. */
static const schedule planned = {
    .n_doses = 9,
    .doses = {{-7, 1000, 0, ROUTE_DEPLETER},
              {-0.1, 16, 0, ROUTE_DEXAMETHASONE},
              {0, 4.2, 0, ROUTE_SC},
              {2.9, 16, 0, ROUTE_DEXAMETHASONE},
              {3, 21, 0, ROUTE_SC},
              {5.9, 16, 0, ROUTE_DEXAMETHASONE},
              {6, 105, 0, ROUTE_SC},
              {13, 105, 0, ROUTE_SC},
              {20, 105, 0, ROUTE_SC}},
};

static resumable opened(void)
{
  resumable r;
  stepdose_error error;
  cr_assert(resume_open(&planned, &r, &error), "%s", error.message);
  return r;
}

static schedule resumed(int given, int from, double gap_days, double end_day)
{
  const resumable r = opened();
  const resumption how = {given, from, gap_days, end_day};
  stepdose_error error;
  schedule s;
  cr_assert(resume_schedule(&r, &how, &s, &error), "%s", error.message);
  return s;
}

Test(resume, knows_the_first_full_dose_and_goes_on_at_the_last_interval)
{
  const resumable r = opened();
  cr_expect(r.n_listed == 5 && r.first_full == 2 && r.n_premedication == 4);
  cr_expect(resume_day(&r, 4) == 20 && resume_day(&r, 5) == 27 && resume_day(&r, 9) == 55);
  cr_expect(resume_interval(&r, 0) == 3 && resume_interval(&r, 4) == 7);
  cr_expect(r.engager[30].amount == 105);
  cr_expect(resume_first_as_large(&r, 1) == 1 && resume_first_as_large(&r, 20) == 2);
}

Test(resume, a_schedule_without_a_gap_is_the_schedule)
{
  const schedule none = resumed(0, 0, 0, 21);
  cr_expect(none.n_doses == planned.n_doses &&
            memcmp(none.doses, planned.doses, (size_t)none.n_doses * sizeof(dose)) == 0);
  for (int given = 1; given <= 4; given++) {
    const resumable r = opened();
    const schedule s = resumed(given, given, resume_interval(&r, given - 1), 21);
    cr_expect(s.n_doses == planned.n_doses &&
                  memcmp(s.doses, planned.doses, (size_t)s.n_doses * sizeof(dose)) == 0,
              "after dose %d, the next one when it is due", given);
  }
}

/* Every case: last dose 3 (day 6), gap of 20 days; doses of engager until day 45. */
Test(resume, rules_give_the_doses_that_they_say)
{
  static const struct {
    const char *name;
    int from, n;
    double day[8], amount[8];
  } cases[] = {
      {"continue", 3, 6, {0, 3, 6, 26, 33, 40}, {4.2, 21, 105, 105, 105, 105}},
      {"step back", 1, 7, {0, 3, 6, 26, 29, 36, 43}, {4.2, 21, 105, 21, 105, 105, 105}},
      {"restart", 0, 7, {0, 3, 6, 26, 29, 32, 39}, {4.2, 21, 105, 4.2, 21, 105, 105}},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    const schedule s = resumed(3, cases[i].from, 20, 45);
    schedule engager;
    schedule_of_engager(&s, &engager);
    cr_assert(engager.n_doses == cases[i].n, "%s: %d doses", cases[i].name, engager.n_doses);
    for (int k = 0; k < cases[i].n; k++) {
      cr_expect(fabs(engager.doses[k].day - cases[i].day[k]) < 1e-12 &&
                    engager.doses[k].amount == cases[i].amount[k],
                "%s, dose %d: %g on day %g", cases[i].name, k + 1, engager.doses[k].amount,
                engager.doses[k].day);
    }
  }
}

static int count(const schedule *s, route r, double day)
{
  int n = 0;
  for (int i = 0; i < s->n_doses; i++) {
    n += s->doses[i].route == r && fabs(s->doses[i].day - day) < 1e-9;
  }
  return n;
}

Test(resume, premedication_moves_with_its_dose)
{
  const schedule again = resumed(3, 0, 20, 45);
  cr_expect_eq(count(&again, ROUTE_DEXAMETHASONE, 25.9), 1, "before the first dose again");
  cr_expect_eq(count(&again, ROUTE_DEXAMETHASONE, 28.9), 1, "before the second");
  cr_expect_eq(count(&again, ROUTE_DEPLETER, 19), 1, "a week ahead of the restart");
  const schedule on = resumed(3, 3, 20, 45);
  cr_expect_eq(count(&on, ROUTE_DEXAMETHASONE, 25.9), 0, "planned doses have none");
  cr_expect_eq(count(&on, ROUTE_DEPLETER, -7), 1);
  const schedule soon = resumed(3, 0, 4, 45);
  cr_expect_eq(count(&soon, ROUTE_DEPLETER, 6), 1, "not before the gap begins");
}

Test(resume, nothing_is_given_from_the_end_day_on)
{
  const schedule s = resumed(3, 3, 20, 33);
  for (int i = 0; i < s.n_doses; i++) {
    cr_expect(s.doses[i].day < 33, "day %g", s.doses[i].day);
  }
}

Test(resume, what_cannot_be_taken_up_again_is_refused)
{
  static const schedule infusion = {2, {{0, 5, 7, ROUTE_CIV}, {7, 15, 7, ROUTE_CIV}}};
  static const schedule one = {2, {{-0.1, 16, 0, ROUTE_DEXAMETHASONE}, {0, 5, 0, ROUTE_SC}}};
  resumable r;
  stepdose_error error;
  schedule s;
  cr_expect(!resume_open(&infusion, &r, &error) && error.code == STEPDOSE_CONTRADICTION);
  cr_expect(!resume_open(&one, &r, &error) && error.code == STEPDOSE_CONTRADICTION);
  r = opened();
  const resumption far = {3, 3, 20, 1000};
  cr_expect(!resume_schedule(&r, &far, &s, &error) && error.code == STEPDOSE_OUT_OF_RANGE);
  cr_expect(error.remedy[0] != '\0');
}
