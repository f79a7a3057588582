/* A list of doses: what every patient of a cohort receives. */
#ifndef SIMULATE_SCHEDULE_H
#define SIMULATE_SCHEDULE_H

#include "model/model.h"

/* Whoever appends doses of engager keeps to SCHEDULE_WINDOWS_MAX: each opens a dose window. */
enum { SCHEDULE_DOSES_MAX = 128, SCHEDULE_WINDOWS_MAX = 64 };

/* Doses of engager after which a patient stays in hospital: X(ID, name in files, meaning). The
 * first target dose is the first of the largest amount. */
#define SCHEDULE_STAYS_AFTER(X)                                                                    \
  X(UNTIL_TARGET, "until_first_target_dose",                                                       \
    "each dose up to the first target dose, and that one")                                         \
  X(BEFORE_TARGET, "before_first_target_dose", "each dose before the first target dose")           \
  X(TARGET, "first_target_dose", "the first target dose alone")                                    \
  X(FIRST, "first", "the first dose alone")                                                        \
  X(ALL, "all", "every dose")

typedef enum stay_after {
#define X(id, name, meaning) STAY_AFTER_##id,
  SCHEDULE_STAYS_AFTER(X)
#undef X
      STAY_AFTER_COUNT
} stay_after;

enum { SCHEDULE_STAYS_MAX = 4 };

typedef struct hospital_stay {
  stay_after after;
  double hours; /* from the beginning of the dose */
} hospital_stay;

/* Of several stays after one dose the longest counts. */
typedef struct hospital_rule {
  int n_stays; /* 0: days in hospital are not counted */
  hospital_stay stay[SCHEDULE_STAYS_MAX];
} hospital_rule;

typedef struct dose {
  double day;           /* start, days from the first day of treatment */
  double amount;        /* in route_unit(route): mg, or ug/m2/day for a continuous infusion */
  double duration_days; /* of the infusion; 0 for an injection */
  route route;
} dose;

/* Sorted by day. A dose window begins with a dose of engager and ends with the next or the horizon;
 * premedication opens none. Days may be negative for premedication only: then integration begins
 * there, and everything that is reported begins on day 0. */
typedef struct schedule {
  int n_doses;
  dose doses[SCHEDULE_DOSES_MAX];
} schedule;

void schedule_sort(schedule *s); /* stable, by day */
/* Sorts, drops doses from the end on; continuous infusions then last until the next dose of
 * engager, the last one until the end. */
void schedule_close(schedule *s, double end_day);
/* The same doses, premedication too, up to the rounding of decimal input. */
bool schedule_same(const schedule *a, const schedule *b);
int schedule_engager_doses(const schedule *s);
/* The doses of engager alone, in their order. */
void schedule_of_engager(const schedule *s, schedule *engager);
/* Sum of the mg doses of engager; continuous infusions count 0. */
double schedule_total_mg(const schedule *s);
/* Different days with a dose before the horizon; premedication counts where no dose of engager is
 * given within half a day. */
int schedule_visits(const schedule *s, double horizon_days);
/* The first dose of the largest amount among doses of engager; 0 where there is none. */
int schedule_first_target(const schedule *engager);
/* Days in hospital after doses before the horizon: stays count in full, days that they share once.
 */
double schedule_hospital_days(const schedule *s, const hospital_rule *rule, double horizon_days);

#endif
