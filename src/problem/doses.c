/* A regimen without freedom as a list of doses. */
#include <math.h>

#include "problem/reader.h"

bool space_schedule(const regimen_space *space, double horizon_days, schedule *doses)
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
  double steps_end = space->has_maintenance ? space->maintenance.first_day.low : (double)INFINITY;
  return problem_premedicate(space->premedication, space->n_premedication, steps_end, horizon_days,
                             doses);
}
