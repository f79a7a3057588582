/* The number of a row in one patient. */
#include "objectives/objective.h"
#include "study/evidence_run.h"

#include <math.h>

static double peak_in(int window, const peak *windows, peak course)
{
  return window > 0 ? windows[window - 1].value : course.value;
}

static double crs(const evidence_run *run, const evidence_row *row, int patient)
{
  const model *m = run->c->problem->model;
  limit_value found[OBJECTIVE_VALUES_MAX];
  limit asked = {.kind = LIMIT_CRS_PROBABILITY,
                 .window = row->window > 0 ? WINDOW_EACH_DOSE : WINDOW_COURSE,
                 .grade = row->grade};
  problem_crs_coefficients(m, run->parameters + (size_t)patient * (size_t)m->n_parameters,
                           &asked.crs);
  objective_limit_values(&asked, &run->result[patient], found);
  return found[row->window > 0 ? row->window - 1 : 0].value;
}

/* --- read on days ----------------------------------------------------------------------------- */

static double reading(const evidence_run *run, int patient, double day, int output)
{
  const int n_outputs = run->c->problem->model->n_outputs;
  const double *value = run->value + (size_t)patient * (size_t)run->n_days * (size_t)n_outputs;
  for (int i = 0; i < run->n_days; i++) {
    if (run->day[i] == day) {
      return value[i * n_outputs + output];
    }
  }
  return (double)NAN;
}

/* By the trapezoidal rule. */
static double mean_over_days(const evidence_run *run, const evidence_row *row, int patient)
{
  const int n = evidence_readings(row);
  double sum = 0;
  for (int k = 0; k < n; k++) {
    const double half = k == 0 || k == n - 1 ? 0.5 : 1;
    sum += half * reading(run, patient, evidence_reading_day(row, k), OUTPUT_IL6);
  }
  return sum / (n - 1);
}

static double response(double cells_at_start, double cells, double day)
{
  const goal shrunk = {.measure = MEASURE_RESPONSE_RATE, .day = day};
  const endpoints e = {
      .tumor_initial = cells_at_start, .tumor_final = cells, .n_days = 1, .tumor_at = {cells}};
  return objective_goal(&shrunk, &e, day);
}

double evidence_run_value(const evidence_run *run, const evidence_row *row, int patient)
{
  const endpoints *e = &run->result[patient];
  if (run->failed[patient] || !(run->weight[patient] > 0)) {
    return (double)NAN;
  }
  switch (row->endpoint) {
  case EVIDENCE_CRS_PROBABILITY:
    return crs(run, row, patient);
  case EVIDENCE_CRS_DRIVE:
    return peak_in(row->window, e->drive, e->drive_course);
  case EVIDENCE_IL6_PEAK:
    return peak_in(row->window, e->il6, e->il6_course);
  case EVIDENCE_IFN_PEAK:
    return peak_in(row->window, e->ifn, e->ifn_course);
  case EVIDENCE_ACTIVATED_CD8:
    return peak_in(row->window, e->activated_cd8, e->activated_cd8_course);
  case EVIDENCE_IL6_ON_DAY:
    return reading(run, patient, row->day, OUTPUT_IL6);
  case EVIDENCE_IL6_MEAN:
    return mean_over_days(run, row, patient);
  case EVIDENCE_DRUG_ON_DAY:
    return reading(run, patient, row->day, OUTPUT_DRUG);
  case EVIDENCE_TUMOR_CHANGE:
    return reading(run, patient, row->day, OUTPUT_TUMOR) / e->tumor_initial - 1;
  case EVIDENCE_RESPONSE:
    return response(e->tumor_initial, reading(run, patient, row->day, OUTPUT_TUMOR), row->day);
  case EVIDENCE_ENDPOINT_COUNT:
    break;
  }
  return (double)NAN;
}
