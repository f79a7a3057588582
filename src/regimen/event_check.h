/* A table while it is read, and what its records have to keep. */
#ifndef REGIMEN_EVENT_CHECK_H
#define REGIMEN_EVENT_CHECK_H

#include "regimen/event_fields.h"

/* Zero-initialise, then set fields, problem and doses. */
typedef struct event_reading {
  event_fields fields;
  const stepdose_problem *problem;
  schedule *doses;
  bool seen_record;
  double id, last_time;
  /* of the record */
  route route;          /* the problem's engager, or premedication */
  double rate;          /* AMT per day; 0: given at once */
  double duration_days; /* as the table says it; 0: RATE does */
} event_reading;

/* What every record has to keep, dose or not; finds its route. */
bool event_check_record(event_reading *t);

/* What a dose has to keep besides; finds its rate. */
bool event_check_dose(event_reading *t);

#endif
