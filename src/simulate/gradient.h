/* Derivatives of every endpoint with respect to doses, dose days and model parameters: central
 * differences between copies of the patient that share every step of the integrator, so that its
 * errors cancel in the quotient. A peak is differentiated at its own time (envelope theorem: that
 * time's own movement has no first-order effect). */
#ifndef SIMULATE_GRADIENT_H
#define SIMULATE_GRADIENT_H

#include "simulate/cohort.h"

typedef enum gradient_kind {
  GRADIENT_AMOUNT,   /* of doses first..last, changed by the same factor; per unit of the first */
  GRADIENT_DAY,      /* of doses first..last, moved together; per day */
  GRADIENT_PARAMETER /* of the model; per unit of the parameter */
} gradient_kind;

typedef struct gradient_direction {
  gradient_kind kind;
  int first, last; /* doses of the schedule, from 0 */
  int parameter;   /* index in the model's table */
} gradient_direction;

/* Derivative of each endpoint along one direction. Those of windows and intervals as in endpoints.
 */
typedef struct endpoint_slopes {
  double il6[SCHEDULE_WINDOWS_MAX], il6_course, il6_interval[ENDPOINT_INTERVALS_MAX];
  double activated_cd8[SCHEDULE_WINDOWS_MAX], activated_cd8_course;
  double activated_cd8_interval[ENDPOINT_INTERVALS_MAX];
  double drive[SCHEDULE_WINDOWS_MAX], drive_course, drive_interval[ENDPOINT_INTERVALS_MAX];
  double health_nadir[MODEL_TISSUES_MAX];
  double log10_tumor_final, log10_tumor_at[ENDPOINT_DAYS_MAX]; /* floored at one cell */
  double log10_kill_average, log10_kill_smallest_last;
} endpoint_slopes;

/* Settings that keep every entry within about 1e-4 of the largest (tests/simulate/test_gradient.c):
 * Rodas5P, whose interpolant is smooth enough for the movement of peaks, at tolerance 1e-5. */
simulate_settings gradient_settings(void);

/* Scratch for n_directions, allocated once. NULL: *error. */
typedef struct gradient gradient;
gradient *gradient_open(const model *m, int n_directions, stepdose_error *error);
void gradient_close(gradient *g);

/* slopes (n_directions). A day that cannot be moved back before 0 is moved forward only, with an
 * error of first order. The engine needs at least two lanes. False: *error, SIMULATION_FAILED where
 * a copy failed. No allocation. */
bool gradient_run(gradient *g, cohort_engine *e, const double *parameters, const schedule *doses,
                  int n_directions, const gradient_direction *directions, const cohort_call *call,
                  endpoint_slopes *slopes, stepdose_error *error);

/* One of the two copies that direction i of the last gradient_run was made from, for derivatives of
 * what else is computed from endpoints. Valid until the next run. */
typedef struct gradient_copy {
  double at;                /* value of the variable */
  const double *parameters; /* (n_parameters) */
  const endpoints *found;
} gradient_copy;
gradient_copy gradient_copy_of(const gradient *g, int direction, bool upper);

#endif
