/* What doses do to one patient. */
#include "simulate/dosing.h"

#include <stdlib.h>

static int by_value(const void *a, const void *b)
{
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

double dosing_first_day(const schedule *doses)
{
  double first = 0;
  for (int i = 0; i < doses->n_doses; i++) {
    const double day = doses->doses[i].day;
    first = day < first - DOSING_SAME_DAY ? day : first;
  }
  return first;
}

int dosing_stops_of_doses(const schedule *doses, double *day, int n)
{
  for (int i = 0; i < doses->n_doses; i++) {
    day[n++] = doses->doses[i].day;
    day[n++] = doses->doses[i].day + doses->doses[i].duration_days;
  }
  return n;
}

int dosing_stops_of_request(const endpoint_request *request, double *day, int n)
{
  for (int i = 0; i < request->n_intervals; i++) {
    day[n++] = request->interval[i].from_day;
    day[n++] = request->interval[i].to_day;
  }
  for (int i = 0; i < request->n_days; i++) {
    day[n++] = request->day[i];
  }
  day[n++] = 0; /* reporting begins */
  day[n++] = request->horizon_days - request->last_days;
  day[n++] = request->horizon_days;
  return n;
}

int dosing_tidy_stops(double *day, int n, double first_day, double horizon_days)
{
  int kept = 0;
  qsort(day, (size_t)n, sizeof *day, by_value);
  for (int i = 0; i < n; i++) {
    const double last = kept ? day[kept - 1] : first_day;
    if (day[i] > last + DOSING_SAME_DAY && day[i] <= horizon_days) {
      day[kept++] = day[i];
    }
  }
  return kept;
}

/* A continuous infusion whose rate changes is not begun anew. */
static bool continues(const schedule *s, const dose *d)
{
  for (int i = 0; d->route == ROUTE_CIV && i < s->n_doses; i++) {
    const dose *other = &s->doses[i];
    if (other->route == ROUTE_CIV && other->day < d->day - DOSING_SAME_DAY &&
        other->day + other->duration_days >= d->day - DOSING_SAME_DAY) {
      return true;
    }
  }
  return false;
}

void dosing_give(const model *m, const double *parameters, const schedule *doses, const dose *d,
                 double *state)
{
  const model_route *r = &m->routes[d->route];
  if (r->offered && d->duration_days <= 0) {
    state[r->into] += d->amount * m->dose_scale(d->route, parameters);
  }
  if (route_is_engager(d->route) && !continues(doses, d)) {
    m->dose_jump(parameters, state);
  }
}

void dosing_infusions(const model *m, const double *parameters, const schedule *doses, double day,
                      double *rate)
{
  for (int i = 0; i < m->n_states; i++) {
    rate[i] = 0;
  }
  for (int i = 0; i < doses->n_doses; i++) {
    const dose *d = &doses->doses[i];
    const model_route *r = &m->routes[d->route];
    if (r->offered && d->day <= day && day < d->day + d->duration_days) {
      const double amount = d->amount * m->dose_scale(d->route, parameters);
      rate[r->into] += d->route == ROUTE_CIV ? amount : amount / d->duration_days;
    }
  }
}
