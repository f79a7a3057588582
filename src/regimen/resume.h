/* A schedule that was left for some time, and how it can be taken up again.
 *
 * Its doses are known by their number from 0. It goes on for ever: after the doses that are listed
 * the last one comes again at the last interval. Premedication belongs to a dose and moves with it:
 * to the last dose that it is given at most a day before, else to the first. */
#ifndef REGIMEN_RESUME_H
#define REGIMEN_RESUME_H

#include "base/error.h"
#include "simulate/schedule.h"

typedef struct resumable {
  int n_listed;
  int first_full;                     /* the first dose not below the last one listed */
  dose engager[SCHEDULE_WINDOWS_MAX]; /* all of them, also those that are not listed */
  int n_premedication;
  dose premedication[SCHEDULE_DOSES_MAX];
  int goes_with[SCHEDULE_DOSES_MAX]; /* (n_premedication): a listed dose */
} resumable;

/* Refuses (CONTRADICTION) continuous infusions and a single dose: nothing can be missed there. */
bool resume_open(const schedule *doses, resumable *out, stepdose_error *error);

/* The first dose that is as large. */
int resume_first_as_large(const resumable *r, int number);

/* The day of a dose, and the days from it to the next one, as planned. */
double resume_day(const resumable *r, int number);
double resume_interval(const resumable *r, int number);

/* How a schedule is taken up again. */
typedef struct resumption {
  int given;       /* doses before the gap; 0: the schedule as planned, without a gap */
  int from;        /* number of the first dose after the gap; all that follow it come as planned */
  double gap_days; /* from the last dose to that one */
  double end_day;  /* doses and premedication from then on are not given */
} resumption;

/* Premedication that would have to be given before the gap began is given with the last dose.
 * OUT_OF_RANGE: more doses than can be simulated. */
bool resume_schedule(const resumable *r, const resumption *how, schedule *out,
                     stepdose_error *error);

#endif
