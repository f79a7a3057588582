/* A list of doses: what every patient of a cohort receives. */
#ifndef SIMULATE_SCHEDULE_H
#define SIMULATE_SCHEDULE_H

#include "model/model.h"

enum { SCHEDULE_DOSES_MAX = 64 };

typedef struct dose {
  double day;           /* start, days from the first day of treatment, >= 0 */
  double amount;        /* in route_unit(route): mg, or ug/m2/day for a continuous infusion */
  double duration_days; /* of the infusion; 0 for an injection */
  route route;
} dose;

/* Sorted by day. A dose window begins with a dose and ends with the next dose or the horizon. */
typedef struct schedule {
  int n_doses;
  dose doses[SCHEDULE_DOSES_MAX];
} schedule;

void schedule_sort(schedule *s);             /* stable, by day */
/* Sorts, drops doses from the end on; continuous infusions then last until the next dose, the last
 * one until the end. */
void schedule_close(schedule *s, double end_day);
double schedule_total_mg(const schedule *s); /* sum of mg doses; continuous infusions count 0 */
int schedule_visits(const schedule *s,
                    double horizon_days); /* different days with a dose before the horizon */

#endif
