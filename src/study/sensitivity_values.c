/* Values of the outputs of a sensitivity study: see sensitivity_study.h. */
#include "study/sensitivity_parts.h"

#include <math.h>

/* Concentrations on the logarithmic scale begin here. */
#define LEAST_PG_ML 1e-3

/* What limit l bounds where its margin is largest; NAN where it has no window. A probability
 * follows the coefficients of the patient. */
static double worst_of(const stepdose_problem *p, const limit *of, const double *parameters,
                       const endpoints *e, double *margin)
{
  limit_value values[OBJECTIVE_VALUES_MAX];
  limit own;
  const limit *l = of;
  if (of->kind == LIMIT_CRS_PROBABILITY) {
    own = *of;
    problem_crs_coefficients(p->model, parameters, &own.crs);
    l = &own;
  }
  const int n = objective_limit_values(l, e, values);
  double worst = NAN;
  *margin = -INFINITY;
  for (int i = 0; i < n; i++) {
    const double here = objective_margin(l, values[i].value);
    if (here > *margin || isnan(here) || i == 0) {
      *margin = isnan(here) ? HUGE_VAL : here;
      worst = values[i].value;
    }
  }
  return worst;
}

static double probability_of(const stepdose_problem *p, int grade, const double *parameters,
                             const endpoints *e)
{
  double margin;
  const limit course = {
      .kind = LIMIT_CRS_PROBABILITY, .bound = 0.5, .window = WINDOW_COURSE, .grade = grade};
  return worst_of(p, &course, parameters, e, &margin);
}

static double on_scale(const sensitivity_output *o, double value)
{
  return o->logarithmic ? log10(fmax(value, LEAST_PG_ML)) : value;
}

void sensitivity_read_reference(const sensitivity_study *s, const double *parameters,
                                const endpoints *e, endpoint_row *rows, double *value)
{
  const stepdose_problem *p = s->problem;
  double margin;
  (void)endpoint_rows(p, parameters, e, rows);
  for (int k = 0; k < s->n_outputs; k++) {
    const sensitivity_output *o = &s->output[k];
    if (o->kind == SENSITIVITY_LOOK_GOAL) {
      value[k] = objective_goal(&p->goal, e, p->horizon_days);
    } else if (o->kind == SENSITIVITY_LOOK_LIMIT) {
      value[k] = on_scale(o, worst_of(p, &p->limits[o->index], parameters, e, &margin));
    } else if (o->kind == SENSITIVITY_LOOK_ENDPOINT) {
      value[k] = on_scale(o, rows[o->index].found.value);
    }
  }
}

static bool is_beyond(const stepdose_problem *p, int k, const double *parameters,
                      const endpoints *e)
{
  double margin;
  (void)worst_of(p, &p->limits[k], parameters, e, &margin);
  return !(margin <= 0);
}

static bool is_beyond_any(const stepdose_problem *p, const double *parameters, const endpoints *e)
{
  bool beyond = false;
  for (int k = 0; k < p->n_limits; k++) {
    beyond = beyond || (risk_of_each_patient(&p->limits[k]) && is_beyond(p, k, parameters, e));
  }
  return beyond;
}

double sensitivity_read_patient(const sensitivity_study *s, int output, const double *parameters,
                                const endpoints *e)
{
  const stepdose_problem *p = s->problem;
  const sensitivity_output *o = &s->output[output];
  double margin;
  switch (o->kind) {
  case SENSITIVITY_LOOK_PATIENTS_GOAL:
    return objective_goal(&p->goal, e, p->horizon_days);
  case SENSITIVITY_LOOK_PATIENTS_RESPONSE:
    return endpoint_response(p, e);
  case SENSITIVITY_LOOK_PATIENTS_LIMIT:
    return p->limits[o->index].kind == LIMIT_CRS_PROBABILITY
               ? worst_of(p, &p->limits[o->index], parameters, e, &margin)
               : is_beyond(p, o->index, parameters, e);
  case SENSITIVITY_LOOK_PATIENTS_ANY_LIMIT:
    return is_beyond_any(p, parameters, e);
  case SENSITIVITY_LOOK_PATIENTS_CRS:
    return probability_of(p, o->index, parameters, e);
  default:
    return NAN;
  }
}
