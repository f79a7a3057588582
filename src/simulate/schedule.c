/* A list of doses: order, ends and the totals that count as burden. */
#include "simulate/schedule.h"

#include "base/number.h"

#include <math.h>

void schedule_sort(schedule *s)
{
  for (int i = 1; i < s->n_doses; i++) {
    dose moving = s->doses[i];
    int place = i;
    while (place > 0 && s->doses[place - 1].day > moving.day) {
      s->doses[place] = s->doses[place - 1];
      place--;
    }
    s->doses[place] = moving;
  }
}

void schedule_close(schedule *s, double end_day)
{
  schedule_sort(s);
  while (s->n_doses > 0 && s->doses[s->n_doses - 1].day >= end_day) {
    s->n_doses--;
  }
  double until = end_day;
  for (int i = s->n_doses - 1; i >= 0; i--) {
    dose *d = &s->doses[i];
    if (d->route == ROUTE_CIV) {
      d->duration_days = until - d->day;
    }
    until = route_is_engager(d->route) ? d->day : until;
  }
}

bool schedule_same(const schedule *a, const schedule *b)
{
  bool same = a->n_doses == b->n_doses;
  for (int i = 0; same && i < a->n_doses; i++) {
    const dose *x = &a->doses[i];
    const dose *y = &b->doses[i];
    same = x->route == y->route && number_same(x->day, y->day) &&
           number_same(x->amount, y->amount) && number_same(x->duration_days, y->duration_days);
  }
  return same;
}

int schedule_engager_doses(const schedule *s)
{
  int count = 0;
  for (int i = 0; i < s->n_doses; i++) {
    count += route_is_engager(s->doses[i].route);
  }
  return count;
}

double schedule_total_mg(const schedule *s)
{
  double total = 0.0;
  for (int i = 0; i < s->n_doses; i++) {
    if (s->doses[i].route != ROUTE_CIV && route_is_engager(s->doses[i].route)) {
      total += s->doses[i].amount;
    }
  }
  return total;
}

/* A visit is a calendar day: two doses on the morning and evening of one day are one visit. The
 * small addend keeps a day such as 7 - 1e-15 on day 7. */
static double calendar_day(double day) { return floor(day + 1e-9); }

void schedule_of_engager(const schedule *s, schedule *engager)
{
  engager->n_doses = 0;
  for (int i = 0; i < s->n_doses; i++) {
    if (route_is_engager(s->doses[i].route)) {
      engager->doses[engager->n_doses++] = s->doses[i];
    }
  }
}

/* Premedication up to half a day before or after a dose of engager is given on the same visit. */
static bool at_a_dose(const schedule *s, double day)
{
  for (int i = 0; i < s->n_doses; i++) {
    if (route_is_engager(s->doses[i].route) && fabs(s->doses[i].day - day) <= 0.5) {
      return true;
    }
  }
  return false;
}

int schedule_first_target(const schedule *engager)
{
  int largest = 0;
  for (int i = 1; i < engager->n_doses; i++) {
    largest = engager->doses[i].amount > engager->doses[largest].amount ? i : largest;
  }
  return largest;
}

static bool stays_after(stay_after after, int dose_number, int target)
{
  switch (after) {
  case STAY_AFTER_UNTIL_TARGET:
    return dose_number <= target;
  case STAY_AFTER_BEFORE_TARGET:
    return dose_number < target;
  case STAY_AFTER_TARGET:
    return dose_number == target;
  case STAY_AFTER_FIRST:
    return dose_number == 0;
  case STAY_AFTER_ALL:
    return true;
  case STAY_AFTER_COUNT:
    break;
  }
  return false;
}

static double longest_stay(const hospital_rule *rule, int dose_number, int target)
{
  double hours = 0.0;
  for (int k = 0; k < rule->n_stays; k++) {
    const hospital_stay *stay = &rule->stay[k];
    hours = stays_after(stay->after, dose_number, target) ? fmax(hours, stay->hours) : hours;
  }
  return hours / 24.0;
}

double schedule_hospital_days(const schedule *s, const hospital_rule *rule, double horizon_days)
{
  schedule engager;
  double total = 0.0;
  double until = -(double)INFINITY;
  schedule_of_engager(s, &engager);
  while (engager.n_doses > 0 && engager.doses[engager.n_doses - 1].day >= horizon_days) {
    engager.n_doses--;
  }
  const int target = schedule_first_target(&engager);
  for (int i = 0; i < engager.n_doses; i++) {
    const double day = engager.doses[i].day;
    const double stay = longest_stay(rule, i, target);
    if (day + stay > until) {
      total += day >= until ? stay : day + stay - until;
      until = day + stay;
    }
  }
  return total;
}

int schedule_visits(const schedule *s, double horizon_days)
{
  int visits = 0;
  double last = -(double)INFINITY;
  for (int i = 0; i < s->n_doses && s->doses[i].day < horizon_days; i++) {
    const dose *d = &s->doses[i];
    double today = calendar_day(d->day);
    if (today > last && (route_is_engager(d->route) || !at_a_dose(s, d->day))) {
      visits++;
      last = today;
    }
  }
  return visits;
}
