/* Regimens without freedom as lists of doses. */
#include <math.h>

#include "problem/reader.h"

static bool given_and_free(const decision *d) { return d->given && !decision_fixed(d); }

bool space_is_fixed(const regimen_space *space)
{
  bool is_free = given_and_free(&space->number_of_steps);
  for (int i = 0; i < space->n_steps; i++) {
    is_free =
        is_free || !decision_fixed(&space->step[i].day) || !decision_fixed(&space->step[i].amount);
  }
  return !is_free && !given_and_free(&space->maintenance.first_day) &&
         !given_and_free(&space->maintenance.every_days) &&
         !given_and_free(&space->maintenance.amount);
}

void schedule_close(schedule *doses, double end_day)
{
  int n = 0;
  schedule_sort(doses);
  while (n < doses->n_doses && doses->doses[n].day < end_day) {
    n++;
  }
  doses->n_doses = n;
  for (int i = 0; i < n; i++) {
    dose *d = &doses->doses[i];
    if (d->route == ROUTE_CIV) {
      double until = i + 1 < n ? doses->doses[i + 1].day : end_day;
      d->duration_days = until - d->day;
    }
  }
}

void space_schedule(const regimen_space *space, double horizon_days, schedule *doses)
{
  int steps = space->number_of_steps.given ? (int)space->number_of_steps.low : space->n_steps;
  dose one = {.route = space->route, .duration_days = space->infusion_h / 24};
  doses->n_doses = 0;
  for (int i = 0; i < steps; i++) {
    one.day = space->step[i].day.low;
    one.amount = space->step[i].amount.low;
    doses->doses[doses->n_doses++] = one;
  }
  for (int i = 0; space->has_maintenance && i < space->maintenance.doses; i++) {
    one.day = space->maintenance.first_day.low + i * space->maintenance.every_days.low;
    one.amount = space->maintenance.amount.low;
    doses->doses[doses->n_doses++] = one;
  }
  schedule_close(doses, horizon_days);
}
