/* What a record of an event table has to keep, dose or not: see event_check.h. */
#include "regimen/event_check.h"

#include "base/number.h"
#include "problem/fields.h"

#include <math.h>
#include <stdio.h>

enum { ADDL_MAX = 100000 };

static route route_of_record(const event_reading *t)
{
  const event_fields *f = &t->fields;
  for (int i = 0; f->field_of[EVENT_CMT] >= 0 && i < ROUTE_COUNT; i++) {
    if (!route_is_engager((route)i) && f->value[EVENT_CMT] == event_compartment[i]) {
      return (route)i;
    }
  }
  return t->problem->regimen.route;
}

/* Premedication of which the model knows nothing. */
static bool check_followed(event_reading *t)
{
  char message[128];
  const model *m = t->problem->model;
  if (m->routes[t->route].offered || t->fields.value[EVENT_EVID] != 1.0) {
    return true;
  }
  snprintf(message, sizeof message, "that is %s, which model %s does not follow",
           route_word(t->route), m->name);
  return event_fields_refuse(&t->fields, EVENT_CMT,
                             "leave the record out, or choose a model that follows it", message);
}

/* Premedication alone may be given before the first day of treatment. */
static bool check_time(event_reading *t)
{
  double time = t->fields.value[EVENT_TIME];
  if (!route_is_engager(t->route) && t->fields.value[EVENT_EVID] == 1.0) {
    return time >= PROBLEM_EARLIEST_DAY ||
           event_fields_refuse(&t->fields, EVENT_TIME,
                               "premedication may begin 30 days before the first dose",
                               "the dose is too early");
  }
  return time >= 0.0 ||
         event_fields_refuse(&t->fields, EVENT_TIME,
                             "count days from the first dose, which is at 0; premedication alone "
                             "may be before it",
                             "times are not negative");
}

bool event_check_record(event_reading *t)
{
  double time = t->fields.value[EVENT_TIME];
  t->route = route_of_record(t);
  if (!check_followed(t)) {
    return false;
  }
  if (t->fields.value[EVENT_CMT] < 0.0) {
    return event_fields_refuse(&t->fields, EVENT_CMT, "leave the record out",
                               "a compartment cannot be turned off");
  }
  if (t->seen_record && t->fields.value[EVENT_ID] != t->id) {
    return event_fields_refuse(&t->fields, EVENT_ID, "keep the records of one patient",
                               "the table has more than one patient");
  }
  if (!check_time(t)) {
    return false;
  }
  if (t->seen_record && time < t->last_time) {
    return event_fields_refuse(&t->fields, EVENT_TIME, "sort the records by TIME",
                               "times do not decrease");
  }
  t->seen_record = true;
  t->id = t->fields.value[EVENT_ID];
  t->last_time = time;
  return true;
}

/* A table keeps the bounds that problem files have for the same quantity. */
static bool check_bounds(event_reading *t, event_column c, const char *what, double value,
                         const char *key)
{
  const field *f = field_find(OBJECT_COMPARATOR_DOSE, key);
  char low[NUMBER_TEXT_SIZE], high[NUMBER_TEXT_SIZE], found[NUMBER_TEXT_SIZE];
  char remedy[128], message[96];
  bool within = value >= f->low && value <= f->high;
  if (within || number_same(value, f->low) || number_same(value, f->high)) {
    return true;
  }
  number_format(f->low, low);
  number_format(f->high, high);
  number_format_rounded(value, 6, found);
  snprintf(remedy, sizeof remedy, "%s to %s %s are allowed; RATE is per day, DUR in days", low,
           high, f->unit);
  snprintf(message, sizeof message, "%s of %s %s is out of range", what, found, f->unit);
  return event_fields_refuse(&t->fields, c, remedy, message);
}

static bool refuse_estimated(event_reading *t, event_column c, const char *remedy)
{
  return event_fields_refuse(&t->fields, c, remedy,
                             "what a model estimates (-1, -2) and negative values cannot be "
                             "simulated");
}

/* Of RATE and DUR one may be left out; a table that has both must agree with itself. */
static bool find_rate(event_reading *t)
{
  const double amount = t->fields.value[EVENT_AMT];
  const double rate = t->fields.value[EVENT_RATE], duration = t->fields.value[EVENT_DUR];
  if (rate < 0.0) {
    return refuse_estimated(t, EVENT_RATE, "give the rate itself, AMT per day");
  }
  if (duration < 0.0) {
    return refuse_estimated(t, EVENT_DUR, "give the days that the infusion lasts");
  }
  t->rate = rate > 0.0 || duration == 0.0 ? rate : amount / duration;
  t->duration_days = duration;
  return rate == 0.0 || duration == 0.0 || number_same(amount / rate, duration) ||
         event_fields_refuse(&t->fields, EVENT_DUR, "keep RATE or DUR, or make AMT = RATE * DUR",
                             "RATE says that the infusion lasts otherwise");
}

/* The column that tells how long an infusion lasts. */
static event_column column_of_rate(const event_reading *t)
{
  return t->fields.value[EVENT_DUR] > 0.0 ? EVENT_DUR : EVENT_RATE;
}

static bool check_rate(event_reading *t)
{
  const event_column said = column_of_rate(t);
  route r = t->route;
  if (!find_rate(t)) {
    return false;
  }
  if (r == ROUTE_CIV && !(t->rate > 0.0)) {
    return event_fields_refuse(&t->fields, EVENT_RATE, "give the rate in ug/m2/day",
                               "a continuous infusion needs a rate");
  }
  if (r == ROUTE_SC && t->rate > 0.0) {
    return event_fields_refuse(&t->fields, said, "use 0", "a subcutaneous injection has no rate");
  }
  double duration = t->rate > 0.0 ? t->fields.value[EVENT_AMT] / t->rate : 1.0;
  return (duration > 0.0 && isfinite(duration) && isfinite(t->rate)) ||
         event_fields_refuse(&t->fields, said, "give AMT per day", "AMT / RATE is no duration");
}

/* The amount of a continuous infusion is its rate, and it may be of any length. */
static bool check_size(event_reading *t)
{
  double amount = t->fields.value[EVENT_AMT], rate = t->rate;
  route r = t->route;
  if (r == ROUTE_CIV) {
    return check_bounds(t, column_of_rate(t), "a rate", rate, route_key(r));
  }
  return check_bounds(t, EVENT_AMT, "a dose", amount, route_key(r)) &&
         (rate == 0.0 ||
          check_bounds(t, column_of_rate(t), "an infusion", 24.0 * amount / rate, "infusion_h"));
}

static bool refuse_late(event_reading *t, event_column c, const char *what)
{
  char horizon[NUMBER_TEXT_SIZE], message[128];
  number_format(t->problem->horizon_days, horizon);
  snprintf(message, sizeof message, "%s the horizon of %s days", what, horizon);
  return event_fields_refuse(
      &t->fields, c,
      "TIME and II are in days, RATE is per day; leave out what is later, or "
      "prolong \"horizon_days\"",
      message);
}

/* What would not be given must not pass in silence: times may be in hours. */
static bool check_horizon(event_reading *t)
{
  double first = t->fields.value[EVENT_TIME], horizon = t->problem->horizon_days;
  double last = event_repeat_day(first, t->fields.value[EVENT_II], t->fields.value[EVENT_ADDL]);
  if (first >= horizon) {
    return refuse_late(t, EVENT_TIME, "the dose does not begin before");
  }
  if (last >= horizon) {
    return refuse_late(t, EVENT_ADDL, "the last of these doses does not begin before");
  }
  if (t->route != ROUTE_CIV) {
    return true;
  }
  double end = last + t->fields.value[EVENT_AMT] / t->rate;
  return end <= horizon || number_same(end, horizon) ||
         refuse_late(t, EVENT_RATE, "the infusion ends after");
}

static bool check_repeats(event_reading *t)
{
  double addl = t->fields.value[EVENT_ADDL], interval = t->fields.value[EVENT_II];
  if (addl < 0.0 || addl > ADDL_MAX || addl != floor(addl)) {
    return event_fields_refuse(&t->fields, EVENT_ADDL,
                               "give the number of further doses, a whole number",
                               "this is not a number of further doses");
  }
  if (interval < 0.0 || (addl > 0.0 && !(interval > 0.0))) {
    return event_fields_refuse(&t->fields, EVENT_II, "give the days between the doses, more than 0",
                               "further doses (ADDL) need an interval");
  }
  if (addl == 0.0 && interval > 0.0) {
    return event_fields_refuse(&t->fields, EVENT_II,
                               "set ADDL to the number of further doses, or II to 0",
                               "there is an interval but no further dose (ADDL)");
  }
  return true;
}

bool event_check_dose(event_reading *t)
{
  double compartment = t->fields.value[EVENT_CMT];
  if (!(t->fields.value[EVENT_AMT] > 0.0)) {
    return event_fields_refuse(&t->fields, EVENT_AMT, "give an amount above 0, or EVID 2",
                               "a dose needs an amount");
  }
  if (t->fields.value[EVENT_SS] != 0.0) {
    return event_fields_refuse(&t->fields, EVENT_SS,
                               "write the doses before as records of their own",
                               "a treatment that begins has no steady state, SS must be 0");
  }
  if (compartment != 0.0 && compartment != event_compartment[t->route]) {
    return event_fields_refuse(&t->fields, EVENT_CMT,
                               "use 1 for infusions into blood, 2 for subcutaneous injections, 3 "
                               "and up for premedication that the model follows",
                               "this is not the compartment of the problem's route");
  }
  return check_rate(t) && check_size(t) && check_repeats(t) && check_horizon(t);
}
