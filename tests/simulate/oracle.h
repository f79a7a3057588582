/* Independent oracles: the equations of a model written down plainly, without the engine's merged
 * states, derived constants or sparsity, integrated by GSL. oracle.inc: the 36 states of
 * hosseini2020's paper; synapse_oracle.inc: synapse. */
#ifndef TESTS_SIMULATE_ORACLE_H
#define TESTS_SIMULATE_ORACLE_H

#include "simulate/simulate.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_odeiv2.h>
#include <math.h>

/* Outputs at increasing days from 0 on, value[i * outputs + output]. False if GSL failed. */
bool oracle_run(const double *parameters, const schedule *doses, int n_days, const double *days,
                double relative_tolerance, double *value);

/* What an oracle is to the loop below. */
typedef struct oracle_course {
  gsl_odeiv2_system system; /* params: the oracle */
  int n_outputs;
  /* Doses that begin on `day`, and the infusions that run just after it. */
  void (*events)(void *oracle, const schedule *s, double day, double *y);
  void (*outputs)(const void *oracle, const double *y, double *out);
} oracle_course;

static inline double oracle_next_stop(const schedule *s, double day, double until)
{
  for (int i = 0; i < s->n_doses; i++) {
    const double ends[] = {s->doses[i].day, s->doses[i].day + s->doses[i].duration_days};
    for (int k = 0; k < 2; k++) {
      if (ends[k] > day + 1e-9 && ends[k] < until) {
        until = ends[k];
      }
    }
  }
  return until;
}

/* From `day` and state y on. Tolerance relative to each state; absolute part in its unit. */
static inline bool oracle_follow(const oracle_course *c, const schedule *doses, double day,
                                 double *y, int n_days, const double *days, double absolute,
                                 double relative, double *value)
{
  gsl_set_error_handler_off();
  gsl_odeiv2_driver *driver =
      gsl_odeiv2_driver_alloc_y_new(&c->system, gsl_odeiv2_step_rk8pd, 1e-7, absolute, relative);
  bool good = true;
  c->events(c->system.params, doses, day, y);
  for (int i = 0; good && i < n_days; i++) {
    while (good && day < days[i]) {
      const double stop = oracle_next_stop(doses, day, days[i]);
      gsl_odeiv2_driver_reset_hstart(driver, 1e-7);
      good = gsl_odeiv2_driver_apply(driver, &day, stop, y) == GSL_SUCCESS;
      day = stop;
      c->events(c->system.params, doses, day, y);
    }
    c->outputs(c->system.params, y, value + i * c->n_outputs);
  }
  gsl_odeiv2_driver_free(driver);
  return good;
}

#endif
