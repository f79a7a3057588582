/* NONMEM event records -> a schedule. Strict: what cannot be simulated as it stands is refused with
 * its place.
 *
 * A duration is no column: it is AMT / RATE, whose last bit rounding may lose. So the shortest
 * decimal number of hours that gives exactly the written AMT and RATE is taken, and a continuous
 * infusion that ends where the next rate or the horizon begins ends exactly there; only where
 * neither applies is it the quotient itself. */
#include "base/allocate.h"
#include "base/file.h"
#include "base/number.h"
#include "problem/fields.h"
#include "regimen/event_fields.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { TABLE_BYTES_MAX = 16 << 20, ADDL_MAX = 100000 };

typedef struct table {
  event_fields fields;
  const stepdose_problem *problem;
  schedule *doses;
  route route; /* of the record */
  bool seen_record;
  double id, last_time;
} table;

/* The drug of a record: the problem's engager, or premedication. */
static route route_of_record(const table *t)
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
static bool check_followed(table *t)
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
static bool check_time(table *t)
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

/* What every record has to keep, dose or not. */
static bool check_record(table *t)
{
  double time = t->fields.value[EVENT_TIME];
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
static bool check_bounds(table *t, event_column c, const char *what, double value, const char *key)
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
  snprintf(remedy, sizeof remedy, "%s to %s %s are allowed; RATE is per day", low, high, f->unit);
  snprintf(message, sizeof message, "%s of %s %s is out of range", what, found, f->unit);
  return event_fields_refuse(&t->fields, c, remedy, message);
}

static bool check_rate(table *t)
{
  double rate = t->fields.value[EVENT_RATE];
  route r = t->route;
  if (rate < 0.0) {
    return event_fields_refuse(
        &t->fields, EVENT_RATE, "give the rate itself, AMT per day",
        "rates that a model estimates (-1, -2) and negative rates cannot be simulated");
  }
  if (r == ROUTE_CIV && !(rate > 0.0)) {
    return event_fields_refuse(&t->fields, EVENT_RATE, "give the rate in ug/m2/day",
                               "a continuous infusion needs a rate");
  }
  if (r == ROUTE_SC && rate > 0.0) {
    return event_fields_refuse(&t->fields, EVENT_RATE, "use 0",
                               "a subcutaneous injection has no rate");
  }
  double duration = rate > 0.0 ? t->fields.value[EVENT_AMT] / rate : 1.0;
  return (duration > 0.0 && isfinite(duration)) ||
         event_fields_refuse(&t->fields, EVENT_RATE, "give AMT per day",
                             "AMT / RATE is no duration");
}

/* The amount of a continuous infusion is its rate, and it may be of any length. */
static bool check_size(table *t)
{
  double amount = t->fields.value[EVENT_AMT], rate = t->fields.value[EVENT_RATE];
  route r = t->route;
  if (r == ROUTE_CIV) {
    return check_bounds(t, EVENT_RATE, "a rate", rate, route_key(r));
  }
  return check_bounds(t, EVENT_AMT, "a dose", amount, route_key(r)) &&
         (rate == 0.0 ||
          check_bounds(t, EVENT_RATE, "an infusion", 24.0 * amount / rate, "infusion_h"));
}

static bool refuse_late(table *t, event_column c, const char *what)
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
static bool check_horizon(table *t)
{
  double first = t->fields.value[EVENT_TIME], horizon = t->problem->horizon_days;
  double last = first + t->fields.value[EVENT_ADDL] * t->fields.value[EVENT_II];
  if (first >= horizon) {
    return refuse_late(t, EVENT_TIME, "the dose does not begin before");
  }
  if (last >= horizon) {
    return refuse_late(t, EVENT_ADDL, "the last of these doses does not begin before");
  }
  if (t->route != ROUTE_CIV) {
    return true;
  }
  double end = last + t->fields.value[EVENT_AMT] / t->fields.value[EVENT_RATE];
  return end <= horizon || number_same(end, horizon) ||
         refuse_late(t, EVENT_RATE, "the infusion ends after");
}

static bool check_repeats(table *t)
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

static bool check_dose(table *t)
{
  double compartment = t->fields.value[EVENT_CMT];
  if (!(t->fields.value[EVENT_AMT] > 0.0)) {
    return event_fields_refuse(&t->fields, EVENT_AMT, "give an amount above 0, or EVID 2",
                               "a dose needs an amount");
  }
  if (t->fields.value[EVENT_SS] != 0.0) {
    return event_fields_refuse(&t->fields, EVENT_SS,
                               "write the doses before as records of their own",
                               "steady state cannot be simulated, SS must be 0");
  }
  if (t->fields.field_of[EVENT_CMT] >= 0 && compartment != event_compartment[t->route]) {
    return event_fields_refuse(&t->fields, EVENT_CMT,
                               "use 1 for infusions into blood, 2 for subcutaneous injections, 3 "
                               "and up for premedication that the model follows",
                               "this is not the compartment of the problem's route");
  }
  return check_rate(t) && check_size(t) && check_repeats(t) && check_horizon(t);
}

/* The shortest decimal number of hours that gives exactly the written numbers, or the quotient. */
static double read_duration(route r, double amount, double rate)
{
  if (!(rate > 0.0)) {
    return 0.0;
  }
  double quotient = amount / rate;
  for (int digits = 1; digits <= 15; digits++) {
    char hours_text[NUMBER_TEXT_SIZE];
    double hours = 0.0;
    number_format_rounded(quotient * 24.0, digits, hours_text);
    bool read = number_parse(hours_text, &hours);
    double days = hours / 24.0;
    bool exact = r == ROUTE_CIV ? rate * days == amount : amount / days == rate;
    if (read && days > 0.0 && exact) {
      return days;
    }
  }
  return quotient;
}

static bool add_dose(table *t, double day)
{
  double amount = t->fields.value[EVENT_AMT], rate = t->fields.value[EVENT_RATE];
  route r = t->route;
  schedule *doses = t->doses;
  bool windows_full = route_is_engager(r) && schedule_engager_doses(doses) == SCHEDULE_WINDOWS_MAX;
  if (doses->n_doses == SCHEDULE_DOSES_MAX || windows_full) {
    return event_fields_refuse(&t->fields, EVENT_AMT, "leave doses out",
                               "with this dose the table has too many");
  }
  doses->doses[doses->n_doses++] =
      (dose){day, r == ROUTE_CIV ? rate : amount, read_duration(r, amount, rate), r};
  return true;
}

/* The dose of this line and its ADDL repeats. */
static bool add_doses(table *t)
{
  double first = t->fields.value[EVENT_TIME];
  long repeats = (long)t->fields.value[EVENT_ADDL];
  for (long k = 0; k <= repeats; k++) {
    if (!add_dose(t, first + (double)k * t->fields.value[EVENT_II])) {
      return false;
    }
  }
  return true;
}

static bool read_record(table *t)
{
  double event = t->fields.value[EVENT_EVID];
  t->route = route_of_record(t);
  if (!check_followed(t) || !check_record(t)) {
    return false;
  }
  if (event == 0.0 || event == 2.0) {
    return true;
  }
  if (event != 1.0) {
    return event_fields_refuse(&t->fields, EVENT_EVID,
                               "use 1 for a dose, 0 for an observation, 2 for another event",
                               "resets and other events cannot be simulated");
  }
  return check_dose(t) && add_doses(t);
}

static bool read_lines(table *t, char *bytes)
{
  static const char byte_order_mark[] = "\xEF\xBB\xBF";
  bool has_mark = strncmp(bytes, byte_order_mark, strlen(byte_order_mark)) == 0;
  char *line = has_mark ? bytes + strlen(byte_order_mark) : bytes;
  while (line != NULL) {
    char *end = strchr(line, '\n');
    if (end != NULL) {
      *end = 0;
    }
    bool is_record = false;
    if (!event_fields_read(&t->fields, line, &is_record) || (is_record && !read_record(t))) {
      return false;
    }
    line = end == NULL ? NULL : end + 1;
  }
  return true;
}

/* A continuous infusion that ends, up to rounding, where the next rate or the horizon begins, ends
 * there. */
static void join_infusions(schedule *doses, double horizon_days)
{
  double next = horizon_days;
  for (int i = doses->n_doses - 1; i >= 0; i--) {
    dose *d = &doses->doses[i];
    if (d->route != ROUTE_CIV) {
      continue;
    }
    if (number_same(d->day + d->duration_days, next)) {
      d->duration_days = next - d->day;
    }
    next = d->day;
  }
}

/* A zero byte would hide what follows it. */
static bool check_text(table *t, const char *bytes, size_t length)
{
  size_t visible = strlen(bytes);
  if (visible == length) {
    return true;
  }
  t->fields.line = 1;
  for (size_t i = 0; i < visible; i++) {
    t->fields.line += bytes[i] == '\n' ? 1 : 0;
  }
  return event_fields_refuse_at(&t->fields, 0, "write the table as plain text",
                                "the file holds a zero byte");
}

static bool check_table(table *t)
{
  if (!t->fields.has_header) {
    return event_fields_refuse_header(&t->fields, "the table has no header");
  }
  if (schedule_engager_doses(t->doses) == 0) {
    return event_fields_refuse_at(&t->fields, 0,
                                  "add records with EVID 1 and a TIME before the horizon",
                                  "the table has no dose");
  }
  return true;
}

bool event_table_read(const char *path, const stepdose_problem *problem, schedule *doses,
                      stepdose_error *error)
{
  char *bytes = NULL;
  size_t length = 0;
  table t = {.fields = {.path = path, .error = error}, .problem = problem, .doses = doses};
  memset(doses, 0, sizeof *doses);
  if (!file_read(path, TABLE_BYTES_MAX, &bytes, &length, error)) {
    return false;
  }
  bool read = check_text(&t, bytes, length) && read_lines(&t, bytes) && check_table(&t);
  release(bytes);
  schedule_sort(doses);
  join_infusions(doses, problem->horizon_days);
  return read;
}
