/* Doses of premedication for a list of engager doses. */
#include "problem/problem.h"

#include <math.h>

static bool add(const premedication *m, double day, double horizon_days, schedule *doses)
{
  if (day >= horizon_days) {
    return true;
  }
  if (doses->n_doses == SCHEDULE_DOSES_MAX) {
    return false;
  }
  doses->doses[doses->n_doses++] = (dose){.day = day, .amount = m->dose_mg, .route = m->drug};
  return true;
}

/* Whether a drug goes with dose i of a schedule. */
static bool goes_with(with_doses with, const schedule *engager, int i, double steps_end)
{
  double day = engager->doses[i].day;
  switch (with) {
  case WITH_DOSES_STEPS:
    return day < steps_end;
  case WITH_DOSES_FIRST:
    return i == 0;
  case WITH_DOSES_ALL:
    return true;
  case WITH_DOSES_ALL_IN_CYCLE_1:
    return day < PROBLEM_CYCLE_DAYS;
  case WITH_DOSES_ALL_IN_CYCLES_1_AND_2:
    return day < 2 * PROBLEM_CYCLE_DAYS;
  case WITH_DOSES_COUNT:
    break;
  }
  return false;
}

bool problem_premedicate(const premedication *list, int n, double steps_end, double horizon_days,
                         schedule *doses)
{
  int n_engager = doses->n_doses;
  bool room = true;
  for (int k = 0; k < n; k++) {
    const premedication *m = &list[k];
    if (m->on_day) {
      room = add(m, m->day, horizon_days, doses) && room;
    }
    for (int i = 0; !m->on_day && i < n_engager; i++) {
      double day = doses->doses[i].day - m->hours_before / 24;
      if (goes_with(m->with, doses, i, steps_end)) {
        room = add(m, day, horizon_days, doses) && room;
      }
    }
  }
  schedule_sort(doses);
  return room;
}

double problem_steps_end(const schedule *engager)
{
  int largest = schedule_first_target(engager);
  return largest + 1 < engager->n_doses ? engager->doses[largest + 1].day : (double)INFINITY;
}
