/* NONMEM event records -> a schedule. Strict: what cannot be simulated as it stands is refused with
 * its place.
 *
 * Without DUR a duration is AMT / RATE, whose last bit rounding may lose. So the shortest
 * decimal number of hours that gives exactly the written AMT and RATE is taken, and a continuous
 * infusion that ends where the next rate or the horizon begins ends exactly there; only where
 * neither applies is it the quotient itself. */
#include "base/allocate.h"
#include "base/file.h"
#include "base/number.h"
#include "regimen/event_check.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { TABLE_BYTES_MAX = 16 << 20 };

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

static bool add_dose(event_reading *t, double day)
{
  double amount = t->fields.value[EVENT_AMT];
  route r = t->route;
  schedule *doses = t->doses;
  bool windows_full = route_is_engager(r) && schedule_engager_doses(doses) == SCHEDULE_WINDOWS_MAX;
  if (doses->n_doses == SCHEDULE_DOSES_MAX || windows_full) {
    return event_fields_refuse(&t->fields, EVENT_AMT, "leave doses out",
                               "with this dose the table has too many");
  }
  double duration = t->duration_days > 0.0 ? t->duration_days : read_duration(r, amount, t->rate);
  doses->doses[doses->n_doses++] = (dose){day, r == ROUTE_CIV ? t->rate : amount, duration, r};
  return true;
}

/* The dose of this line and its ADDL repeats. */
static bool add_doses(event_reading *t)
{
  double first = t->fields.value[EVENT_TIME];
  long repeats = (long)t->fields.value[EVENT_ADDL];
  for (long k = 0; k <= repeats; k++) {
    if (!add_dose(t, event_repeat_day(first, t->fields.value[EVENT_II], (double)k))) {
      return false;
    }
  }
  return true;
}

static bool read_record(event_reading *t)
{
  double event = t->fields.value[EVENT_EVID];
  if (!event_check_record(t)) {
    return false;
  }
  if (event == 0.0 || event == 2.0) {
    return t->fields.value[EVENT_AMT] == 0.0 ||
           event_fields_refuse(&t->fields, EVENT_AMT, "use EVID 1 for a dose, or AMT 0",
                               "only records with EVID 1 are doses");
  }
  if (event != 1.0) {
    return event_fields_refuse(&t->fields, EVENT_EVID,
                               "use 1 for a dose, 0 for an observation, 2 for another event",
                               "resets and other events cannot be simulated");
  }
  return event_check_dose(t) && add_doses(t);
}

static bool read_lines(event_reading *t, char *bytes)
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
static bool check_text(event_reading *t, const char *bytes, size_t length)
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

static bool check_table(event_reading *t)
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
  event_reading t = {.fields = {.path = path, .error = error}, .problem = problem, .doses = doses};
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
