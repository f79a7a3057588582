/* A schedule as NONMEM event records. */
#include "base/number.h"
#include "regimen/event_columns.h"

#include <math.h>

const int event_compartment[ROUTE_COUNT] = {
#define X(name, cmt) [ROUTE_##name] = cmt,
    EVENT_COMPARTMENTS(X)
#undef X
};

typedef struct event_record {
  double amount, rate; /* rate 0: given at once */
} event_record;

static event_record record_of(const dose *d, double horizon_days)
{
  if (d->route == ROUTE_CIV) {
    double duration = fmin(d->duration_days, horizon_days - d->day);
    return (event_record){d->amount * duration, d->amount};
  }
  double rate = d->duration_days > 0.0 ? d->amount / d->duration_days : 0.0;
  return (event_record){d->amount, rate};
}

static void append_full(text *out, double value)
{
  char digits[NUMBER_TEXT_SIZE];
  number_format_full(value, digits);
  text_append(out, "%s", digits);
}

static void append_record(const dose *d, double horizon_days, text *out)
{
  event_record record = record_of(d, horizon_days);
  text_append(out, "1,");
  append_full(out, d->day);
  text_append(out, ",");
  append_full(out, record.amount);
  text_append(out, ",");
  append_full(out, record.rate);
  text_append(out, ",1,%d,0,0,0,1\n", event_compartment[d->route]);
}

void event_table_write(const schedule *doses, double horizon_days, text *out)
{
  const char *separator = "";
#define X(name, required)                                                                          \
  text_append(out, "%s%s", separator, #name);                                                      \
  separator = ",";
  EVENT_COLUMNS(X)
#undef X
  text_append(out, "\n");
  for (int i = 0; i < doses->n_doses; i++) {
    if (doses->doses[i].day < horizon_days && doses->doses[i].amount > 0.0) {
      append_record(&doses->doses[i], horizon_days, out);
    }
  }
}
