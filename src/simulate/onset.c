/* When a signal made a declared share of its rise: see onset.h. */
#include "simulate/onset.h"

#include <math.h>
#include <stdbool.h>

static double crossing(double day0, double rise0, double day1, double rise1, double level)
{
  return day0 + (day1 - day0) * (level - rise0) / (rise1 - rise0);
}

/* The newest height stays. */
static void forget_every_second(onset_record *r)
{
  int kept = 0;
  for (int i = 0; i < r->n; i += 2) {
    r->day[kept] = r->day[i];
    r->rise[kept++] = r->rise[i];
  }
  r->day[kept] = r->day[r->n - 1];
  r->rise[kept++] = r->rise[r->n - 1];
  r->n = kept;
}

/* The newest height is always there: one that is not to be kept gives way to the next. */
static void append(onset_record *r, double day, double rise)
{
  const bool gives_way = ++r->passed < r->every;
  r->passed = gives_way ? r->passed : 0;
  r->n -= gives_way && r->n > 1;
  if (r->n == ONSET_HEIGHTS_MAX) {
    forget_every_second(r);
    r->every *= 2;
  }
  r->day[r->n] = day;
  r->rise[r->n++] = rise;
}

void onset_begin(onset_record *r, double day, double value)
{
  r->base = value;
  r->n = r->every = 1;
  r->passed = 0;
  r->day[0] = r->last_day = day;
  r->rise[0] = r->last_rise = 0;
}

void onset_follow(onset_record *r, double day, double value)
{
  const double rise = value - r->base;
  const double top = r->rise[r->n - 1];
  if (rise > top) {
    if (r->last_day > r->day[r->n - 1]) { /* it had fallen: new heights begin where it is back */
      append(r, crossing(r->last_day, r->last_rise, day, rise, top), top);
    }
    append(r, day, rise);
  }
  r->last_day = day;
  r->last_rise = rise;
}

double onset_day(const onset_record *r, double share)
{
  const double level = share * r->rise[r->n - 1];
  int i = 1;
  if (!(level > 0)) {
    return NAN;
  }
  while (r->rise[i] < level) {
    i++;
  }
  return crossing(r->day[i - 1], r->rise[i - 1], r->day[i], r->rise[i], level);
}
