/* One evaluation of the fit: values into the arms, arms run, predictions turned into residuals. */
#ifndef BENCH_FIT_EVALUATE_H
#define BENCH_FIT_EVALUATE_H

#include "fit_synapse.h"

#include "study/synapse_training.inc"

typedef struct fit {
  int iterations, patients;
  bool fixed[FIT_COUNT];
  double value[FIT_COUNT], start[FIT_COUNT], se[FIT_COUNT]; /* se: decades if logarithmic */
  int n_free;
  fit_id free[FIT_COUNT];
  training_case cases[ARM_COUNT];
  training_laboratory lab;
  training_outcome *outcomes; /* (ARM_COUNT) */
} fit;

static bool concerns(int target, training_arm_id arm)
{
  const training_arm *a = &training_arms[arm];
  return (fit_targets[target].molecule == NULL ||
          strcmp(fit_targets[target].molecule, a->molecule) == 0) &&
         (fit_targets[target].indication == NULL ||
          strcmp(fit_targets[target].indication, a->indication) == 0);
}

static double *sd_of(training_case *c, const char *coordinate)
{
  const int i = population_covariate_index(c->problem->population, coordinate);
  return i < 0 ? NULL : &c->problem->population->coordinate[i].number[POPULATION_SD_LN];
}

static void set_patients(const fit *f, training_case *c)
{
  const double slope = f->value[FIT_CRS_SLOPE], middle = f->value[FIT_CRS_MIDDLE];
  double *trimers = sd_of(c, "trimers_needed"), *blood = sd_of(c, "blood_target_factor");
  *trimers = f->value[FIT_SD_TRIMERS] * log(10);
  if (blood != NULL) {
    *blood = f->value[FIT_SD_BLOOD_TARGETS] * log(10);
  }
  for (int i = 0; i < c->problem->n_limits; i++) {
    crs_coefficients *crs = &c->problem->limits[i].crs;
    crs->slope = slope;
    crs->intercept[0] = -slope * middle;
    crs->intercept[1] = -slope * (middle + f->value[FIT_GRADE2_SHIFT]);
    crs->patient_sd = f->value[FIT_SD_CRS];
  }
}

static void run_arm(fit *f, training_arm_id arm)
{
  training_case *c = &f->cases[arm];
  stepdose_error error;
  for (int t = 0; t < FIT_TARGETS; t++) {
    if (concerns(t, arm)) {
      c->problem->parameters[model_parameter_index(c->problem->model, fit_targets[t].parameter)] =
          f->value[fit_targets[t].value] * fit_targets[t].factor;
    }
  }
  set_patients(f, c);
  f->lab.patients = training_is_own(&training_arms[arm]) ? 0 : f->patients;
  if (!training_run(&f->lab, c, &f->outcomes[arm], &error)) {
    fprintf(stderr, "%s: %s\n", training_arms[arm].regimen, error.message);
    for (int q = 0; q < QUANTITY_COUNT * TRAINING_DOSES; q++) {
      f->outcomes[arm].value[q / TRAINING_DOSES][q % TRAINING_DOSES] = (double)NAN;
    }
  }
}

/* 0 well below, x well above. */
static double hinge(double x) { return x > 20 ? x : log1p(exp(2 * x)) / 2; }

static double row_residual(const fit *f, const training_row *row)
{
  const double predicted = training_value(f->outcomes, &row->item);
  return training_groups[row->group].scale == SCALE_AT_MOST
             ? hinge((predicted - row->observed) / row->sd)
             : training_error(row, predicted) / row->sd;
}

static double order_residual(const fit *f, const fit_order *o)
{
  const double below = training_value(f->outcomes, &o->below);
  const double above = training_value(f->outcomes, &o->above);
  return hinge((o->ratio > 0 ? log10(o->ratio * below / above) : below + o->points - above) /
               o->sd);
}

static double on_scale(int i, double value)
{
  return fit_values[i].logarithmic ? log10(value) : value;
}

/* Fills residual (FIT_RESIDUALS_MAX); returns how many there are. */
static int evaluate(fit *f, double *residual)
{
  int n = 0;
  for (int a = 0; a < ARM_COUNT; a++) {
    run_arm(f, (training_arm_id)a);
  }
  for (int i = 0; i < TRAINING_ROWS; i++) {
    if (training_rows[i].sd > 0) {
      residual[n++] = row_residual(f, &training_rows[i]);
    }
  }
  for (int i = 0; i < FIT_ORDERS; i++) {
    residual[n++] = order_residual(f, &fit_orders[i]);
  }
  for (int i = 0; i < FIT_COUNT; i++) {
    if (!f->fixed[i] && fit_values[i].prior_sd > 0) {
      residual[n++] =
          (on_scale(i, f->value[i]) - on_scale(i, fit_values[i].prior)) / fit_values[i].prior_sd;
    }
  }
  for (int i = 0; i < n; i++) {
    residual[i] = isfinite(residual[i]) ? fmax(-1e3, fmin(1e3, residual[i])) : 1e3;
  }
  return n;
}

/* --- bounds: the search moves y = logit of the place between them
 * --------------------------------- */

static double width(int i)
{
  return on_scale(i, fit_values[i].high) - on_scale(i, fit_values[i].low);
}

static double to_y(int i, double value)
{
  const double u = (on_scale(i, value) - on_scale(i, fit_values[i].low)) / width(i);
  const double inside = fmin(fmax(u, 1e-4), 1 - 1e-4);
  return log(inside / (1 - inside));
}

static double from_y(int i, double y)
{
  const double x = on_scale(i, fit_values[i].low) + width(i) / (1 + exp(-y));
  return fit_values[i].logarithmic ? pow(10, x) : x;
}

static double slope_of_x(int i, double y)
{
  const double u = 1 / (1 + exp(-y));
  return width(i) * u * (1 - u);
}

#endif
