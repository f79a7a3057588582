/* What doses do to one patient, and the days on which integration has to stop because of them. */
#ifndef SIMULATE_DOSING_H
#define SIMULATE_DOSING_H

#include "simulate/simulate.h"

#define DOSING_SAME_DAY 1e-9 /* days equal up to the rounding of decimal input */

enum {
  DOSING_STOPS_OF_DOSES = 2 * SCHEDULE_DOSES_MAX,
  DOSING_STOPS_OF_REQUEST = 2 * ENDPOINT_INTERVALS_MAX + ENDPOINT_DAYS_MAX + 3
};

/* Day on which integration begins: that of the first dose if it is negative, else 0. */
double dosing_first_day(const schedule *doses);

/* Append days to day[n...] and return the new n: starts and ends of doses; what the endpoints need.
 */
int dosing_stops_of_doses(const schedule *doses, double *day, int n);
int dosing_stops_of_request(const endpoint_request *request, double *day, int n);
/* Sorts days, drops repeats and what lies outside (first_day, horizon]; returns how many are left.
 */
int dosing_tidy_stops(double *day, int n, double first_day, double horizon_days);

/* What a dose of a schedule does to the state at its start; state (n_states). A route that the
 * model does not offer delivers nothing. */
void dosing_give(const model *m, const double *parameters, const schedule *doses, const dose *d,
                 double *state);

/* Rates per day that infusions add to each state at `day`; rate (n_states). */
void dosing_infusions(const model *m, const double *parameters, const schedule *doses, double day,
                      double *rate);

#endif
