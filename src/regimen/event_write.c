/* A schedule as NONMEM event records. */
#include "base/number.h"
#include "regimen/event_columns.h"

#include <math.h>
#include <string.h>

const int event_compartment[ROUTE_COUNT] = {
#define X(name, cmt) [ROUTE_##name] = cmt,
    EVENT_COMPARTMENTS(X)
#undef X
};

typedef struct event_record {
  double amount, rate; /* rate 0: given at once */
  double interval;     /* days; 0: there is no further dose */
  int further_doses;
} event_record;

static event_record record_of(const dose *d, double horizon_days)
{
  if (d->route == ROUTE_CIV) {
    double duration = fmin(d->duration_days, horizon_days - d->day);
    return (event_record){.amount = d->amount * duration, .rate = d->amount};
  }
  double rate = d->duration_days > 0.0 ? d->amount / d->duration_days : 0.0;
  return (event_record){.amount = d->amount, .rate = rate};
}

static void append_full(text *out, double value)
{
  char digits[NUMBER_TEXT_SIZE];
  number_format_full(value, digits);
  text_append(out, "%s", digits);
}

static void append_record(const dose *d, const event_record *record, text *out)
{
  text_append(out, "1,");
  append_full(out, d->day);
  text_append(out, ",");
  append_full(out, record->amount);
  text_append(out, ",");
  append_full(out, record->rate);
  text_append(out, ",1,%d,", event_compartment[d->route]);
  append_full(out, record->interval);
  text_append(out, ",%d,0,1\n", record->further_doses);
}

static void append_header(text *out)
{
  const char *separator = "";
#define X(name, required, written)                                                                 \
  if (written) {                                                                                   \
    text_append(out, "%s%s", separator, #name);                                                    \
    separator = ",";                                                                               \
  }
  EVENT_COLUMNS(X)
#undef X
  text_append(out, "\n");
}

static bool is_given(const dose *d, double horizon_days)
{
  return d->day < horizon_days && d->amount > 0.0;
}

void event_table_write(const schedule *doses, double horizon_days, text *out)
{
  append_header(out);
  for (int i = 0; i < doses->n_doses; i++) {
    const event_record record = record_of(&doses->doses[i], horizon_days);
    if (is_given(&doses->doses[i], horizon_days)) {
      append_record(&doses->doses[i], &record, out);
    }
  }
}

/* --- repeats ---------------------------------------------------------------------------------- */

/* Doses that no record holds yet. */
typedef struct waiting {
  const schedule *doses;
  bool dose[SCHEDULE_DOSES_MAX];
} waiting;

/* A dose that shares its moment with another one keeps its place among the records. */
static bool is_alone(const schedule *s, int i)
{
  return (i == 0 || s->doses[i - 1].day != s->doses[i].day) &&
         (i + 1 == s->n_doses || s->doses[i + 1].day != s->doses[i].day);
}

static bool is_like(const dose *a, const dose *b)
{
  return a->route == b->route && a->amount == b->amount && a->duration_days == b->duration_days;
}

/* The next dose after i that may become a further dose of `first`; n_doses: there is none. */
static int next_like(const waiting *w, int first, int i)
{
  const schedule *s = w->doses;
  do {
    i++;
  } while (i < s->n_doses && (!w->dose[i] || !is_like(&s->doses[first], &s->doses[i])));
  return i;
}

/* How many doses in a row fall exactly on the days that an interval gives; they wait no longer
 * where `take` is set. */
static int count_repeats(waiting *w, int first, double interval, bool take)
{
  const schedule *s = w->doses;
  int n = 0;
  for (int i = next_like(w, first, first); i < s->n_doses; i = next_like(w, first, i)) {
    if (s->doses[i].day != event_repeat_day(s->doses[first].day, interval, n + 1) ||
        !is_alone(s, i)) {
      break;
    }
    w->dose[i] = w->dose[i] && !take;
    n++;
  }
  return n;
}

/* The interval that repeats a dose most often, of decimal numbers close to the days up to the next
 * like it; of equally good ones the shortest. */
static double best_interval(waiting *w, int first)
{
  const schedule *s = w->doses;
  const int second = next_like(w, first, first);
  double best = 0.0;
  int most = 0;
  for (int digits = 1; second < s->n_doses && digits <= 17; digits++) {
    char decimal[NUMBER_TEXT_SIZE];
    double interval = 0.0;
    number_format_rounded(s->doses[second].day - s->doses[first].day, digits, decimal);
    const bool read = number_parse(decimal, &interval) && interval > 0.0;
    const int n = read ? count_repeats(w, first, interval, false) : 0;
    best = n > most ? interval : best;
    most = n > most ? n : most;
  }
  return best;
}

void event_table_write_compact(const schedule *doses, double horizon_days, text *out)
{
  waiting w = {.doses = doses};
  append_header(out);
  for (int i = 0; i < doses->n_doses; i++) {
    w.dose[i] = is_given(&doses->doses[i], horizon_days);
  }
  for (int i = 0; i < doses->n_doses; i++) {
    const dose *d = &doses->doses[i];
    event_record record = record_of(d, horizon_days);
    if (!w.dose[i]) {
      continue;
    }
    if (d->route != ROUTE_CIV) {
      record.interval = best_interval(&w, i);
      record.further_doses =
          record.interval > 0.0 ? count_repeats(&w, i, record.interval, true) : 0;
    }
    append_record(d, &record, out);
  }
}
