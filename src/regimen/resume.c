/* A schedule that is taken up again: see resume.h. */
#include "regimen/resume.h"

#include "base/number.h"
#include "simulate/dosing.h"

#include <math.h>

static const double ahead_days = 1; /* premedication that belongs to the dose behind it */

static bool check_doses(const schedule *engager, stepdose_error *error)
{
  for (int i = 0; i < engager->n_doses; i++) {
    if (engager->doses[i].route == ROUTE_CIV) {
      return error_set(error, STEPDOSE_CONTRADICTION, "use a schedule of single doses",
                       "rules after a missed dose are not defined for continuous infusions");
    }
  }
  return engager->n_doses > 1 ||
         error_set(error, STEPDOSE_CONTRADICTION, "give a schedule of at least two doses",
                   "a schedule of one dose has none that could be missed or delayed");
}

int resume_first_as_large(const resumable *r, int number)
{
  const double amount = r->engager[number].amount;
  int first = 0;
  while (r->engager[first].amount < amount && !number_same(r->engager[first].amount, amount)) {
    first++;
  }
  return first;
}

static void list_engager(const schedule *engager, resumable *out)
{
  const int n = engager->n_doses;
  const double every = engager->doses[n - 1].day - engager->doses[n - 2].day;
  out->n_listed = n;
  for (int i = 0; i < SCHEDULE_WINDOWS_MAX; i++) {
    out->engager[i] = engager->doses[i < n ? i : n - 1];
    out->engager[i].day += i < n ? 0 : every * (i - n + 1);
  }
  out->first_full = resume_first_as_large(out, n - 1);
}

static void list_premedication(const schedule *doses, resumable *out)
{
  out->n_premedication = 0;
  for (int i = 0; i < doses->n_doses; i++) {
    const dose *d = &doses->doses[i];
    int with = 0;
    if (route_is_engager(d->route)) {
      continue;
    }
    for (int k = 1; k < out->n_listed; k++) {
      with = out->engager[k].day - ahead_days <= d->day + DOSING_SAME_DAY ? k : with;
    }
    out->premedication[out->n_premedication] = *d;
    out->goes_with[out->n_premedication++] = with;
  }
}

bool resume_open(const schedule *doses, resumable *out, stepdose_error *error)
{
  schedule engager;
  schedule_of_engager(doses, &engager);
  if (!check_doses(&engager, error)) {
    return false;
  }
  list_engager(&engager, out);
  list_premedication(doses, out);
  return true;
}

double resume_day(const resumable *r, int number) { return r->engager[number].day; }

double resume_interval(const resumable *r, int number)
{
  return r->engager[number + 1].day - r->engager[number].day;
}

static bool add(schedule *out, dose d, double day, double end_day)
{
  d.day = day;
  if (day >= end_day) {
    return true;
  }
  if (out->n_doses == SCHEDULE_DOSES_MAX) {
    return false;
  }
  out->doses[out->n_doses++] = d;
  return true;
}

/* A dose that is not listed has the premedication of the last one listed. */
static bool add_with_premedication(const resumable *r, int number, double shift, double not_before,
                                   double end_day, schedule *out)
{
  const int listed = number < r->n_listed ? number : r->n_listed - 1;
  const double moved = shift + r->engager[number].day - r->engager[listed].day;
  bool room = add(out, r->engager[number], r->engager[number].day + shift, end_day);
  for (int i = 0; i < r->n_premedication; i++) {
    if (r->goes_with[i] == listed) {
      const double day = fmax(r->premedication[i].day + moved, not_before);
      room = add(out, r->premedication[i], day, end_day) && room;
    }
  }
  return room;
}

static double shift_of(const resumable *r, const resumption *how)
{
  if (how->given == 0) {
    return 0;
  }
  const double day = r->engager[how->given - 1].day + how->gap_days;
  const double shift = day - r->engager[how->from].day;
  return fabs(shift) < DOSING_SAME_DAY ? 0 : shift; /* nothing is delayed */
}

bool resume_schedule(const resumable *r, const resumption *how, schedule *out,
                     stepdose_error *error)
{
  const double shift = shift_of(r, how);
  const double begun = how->given > 0 ? r->engager[how->given - 1].day : -HUGE_VAL;
  bool room = true;
  out->n_doses = 0;
  for (int i = 0; i < how->given; i++) {
    room = add_with_premedication(r, i, 0, -HUGE_VAL, how->end_day, out) && room;
  }
  int number = how->from;
  for (; number < SCHEDULE_WINDOWS_MAX && r->engager[number].day + shift < how->end_day; number++) {
    room = add_with_premedication(r, number, shift, begun, how->end_day, out) && room;
  }
  schedule_sort(out);
  const bool all =
      number < SCHEDULE_WINDOWS_MAX && schedule_engager_doses(out) <= SCHEDULE_WINDOWS_MAX;
  return (room && all) ||
         error_set(error, STEPDOSE_OUT_OF_RANGE, "lower /restart/gap_days_max (--set works too)",
                   "until day %g there are more doses than can be simulated", how->end_day);
}
