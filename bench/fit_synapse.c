/* Calibrates model synapse to the rows of tests/study/synapse_training.h, from the shipped values
 * on: least squares over what was observed, what must be in order (step-up below flat dosing, the
 * first full dose above its neighbours) and priors. Prints values with standard errors, residuals,
 * and the directions that the data leave open. Rows and simulations are those of the test.
 * usage: fit_synapse [--iterations N] [--patients N] [--seed N] [--threads N] [--fix NAME]...
 * 0 iterations: the shipped values are judged only. */
#include "study/synapse_training.inc"

#include "base/number.h"

#include <gsl/gsl_eigen.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_multifit_nlinear.h>

/* --- what is fitted ----------------------------------------------------------------------------- */

/* X(ID, name, low, high, logarithmic, centre and standard deviation of its prior: decades if
 * logarithmic; 0: none). The last six are no parameters of the model: spread of patients [decades],
 * their sensitivity to the drive, and its logistic curves (middle of any CRS in log10 pg/mL; grade
 * 2 lies so many decades higher). */
#define FIT_VALUES(X)                                                                              \
  X(IL6_PRODUCTION, "il6_production", 1e-3, 1e3, true, 0.5, 0)                                     \
  X(REFRACTORY_BUILD, "refractory_build", 0.1, 50, true, 3, 0.5)                                   \
  X(REFRACTORY_RECOVERY, "refractory_recovery", 0.003, 0.1, true, 0.0155, 0.2)                     \
  X(SPILL_OVER, "spill_over", 1e-4, 5, true, 0.05, 1)                                              \
  X(DRIVE_WEIGHT, "drive_weight", 1e-3, 20, true, 0.2, 1)                                          \
  X(MARROW_DRIVE_WEIGHT, "marrow_drive_weight", 1e-4, 100, true, 0.1, 1)                           \
  X(DRIVE_RATE, "drive_rate", 0.5, 20, true, 4, 0.3)                                               \
  X(LYMPHOID_ENTRY, "lymphoid_entry", 0.05, 30, true, 2, 0.4)                                      \
  X(TUMOR_ENTRY, "tumor_entry", 0.05, 30, true, 2.7, 0.5)                                          \
  X(MARROW_ENTRY, "marrow_entry", 0.02, 30, true, 1, 0.4)                                          \
  X(BLOOD_TARGETS, "blood_targets", 1e3, 1e6, true, 2e4, 0.5)                                      \
  X(CYTOKINE_TRIMERS, "cytokine_trimers", 0.24, 7200, true, 24, 0.7)                               \
  X(CYTOKINE_EXPONENT, "cytokine_exponent", 0.5, 4, false, 1, 0.4)                                 \
  X(SOURCE_EXPONENT, "source_exponent", 0.05, 1, false, 0.5, 0.3)                                  \
  X(EPCORITAMAB_ANCHOR, "epcoritamab_anchor", 1e-4, 100, true, 0.1, 0.5)                           \
  X(TALQUETAMAB_ANCHOR, "talquetamab_anchor", 1e-4, 1e3, true, 0.5, 1.2)                           \
  X(BLINATUMOMAB_ANCHOR, "blinatumomab_anchor", 1e-3, 1e5, true, 150, 0.5)                         \
  X(STEROID_MAX, "steroid_max", 0.05, 0.97, false, 0.75, 0.15)                                     \
  X(STEROID_HALF, "steroid_half", 0.3, 300, true, 10, 0.4)                                         \
  X(SD_TRIMERS, "sd_trimers", 0.05, 1.5, false, 0.6, 0.3)                                          \
  X(SD_BLOOD_TARGETS, "sd_blood_targets", 0.1, 1.5, false, 0.6, 0.15)                              \
  X(SD_CRS, "sd_crs", 0.001, 1.5, false, 0.3, 0.2)                                                 \
  X(CRS_SLOPE, "crs_slope", 0.3, 12, false, 3, 1.5)                                                \
  X(CRS_MIDDLE, "crs_middle", -1, 4, false, 1.5, 2)                                                \
  X(GRADE2_SHIFT, "grade2_shift", 0.05, 4, false, 1, 0.5)

typedef enum fit_id {
#define X(id, name, low, high, logarithmic, prior, sd) FIT_##id,
  FIT_VALUES(X)
#undef X
      FIT_COUNT
} fit_id;

static const struct {
  const char *name;
  double low, high;
  bool logarithmic;
  double prior, prior_sd;
} values[FIT_COUNT] = {
#define X(id, name, low, high, logarithmic, prior, sd) {name, low, high, logarithmic, prior, sd},
    FIT_VALUES(X)
#undef X
};

#define ANY_ARM NULL
#define NHL "dlbcl"
#define MYELOMA "multiple-myeloma"

/* Parameters that a value sets, of the molecule or indication named; blinatumomab enters tissue 2.5
 * times as fast. Of several rows for one parameter the last holds. */
static const struct {
  fit_id value;
  const char *parameter, *molecule, *indication;
  double factor;
} targets[] = {
    {FIT_IL6_PRODUCTION, "il6_production_pg_per_cell_day", ANY_ARM, ANY_ARM, 1},
    {FIT_REFRACTORY_BUILD, "refractory_build_per_day", ANY_ARM, ANY_ARM, 1},
    {FIT_REFRACTORY_RECOVERY, "refractory_recovery_per_day", ANY_ARM, ANY_ARM, 1},
    {FIT_SPILL_OVER, "lymphoid_spill_over", ANY_ARM, ANY_ARM, 1},
    {FIT_SPILL_OVER, "tumor_spill_over", ANY_ARM, NHL, 1},
    {FIT_DRIVE_WEIGHT, "lymphoid_drive_weight", ANY_ARM, ANY_ARM, 1},
    {FIT_DRIVE_WEIGHT, "tissue1_drive_weight", ANY_ARM, ANY_ARM, 1},
    {FIT_DRIVE_WEIGHT, "tumor_drive_weight", ANY_ARM, NHL, 1},
    {FIT_MARROW_DRIVE_WEIGHT, "tumor_drive_weight", ANY_ARM, MYELOMA, 1},
    {FIT_DRIVE_RATE, "drive_rate_per_day", ANY_ARM, ANY_ARM, 1},
    {FIT_LYMPHOID_ENTRY, "lymphoid_drug_entry_per_day", ANY_ARM, ANY_ARM, 1},
    {FIT_LYMPHOID_ENTRY, "lymphoid_drug_entry_per_day", "blinatumomab", ANY_ARM, 2.5},
    {FIT_TUMOR_ENTRY, "tumor_drug_entry_per_day", ANY_ARM, NHL, 1},
    {FIT_TUMOR_ENTRY, "tumor_drug_entry_per_day", "blinatumomab", NHL, 2.5},
    {FIT_MARROW_ENTRY, "tumor_drug_entry_per_day", ANY_ARM, MYELOMA, 1},
    {FIT_BLOOD_TARGETS, "blood_target_cells_per_mL", ANY_ARM, NHL, 1},
    {FIT_CYTOKINE_TRIMERS, "cytokine_trimers", ANY_ARM, ANY_ARM, 1},
    {FIT_CYTOKINE_EXPONENT, "cytokine_exponent", ANY_ARM, ANY_ARM, 1},
    {FIT_SOURCE_EXPONENT, "source_exponent", ANY_ARM, ANY_ARM, 1},
    {FIT_EPCORITAMAB_ANCHOR, "potency_anchor", "epcoritamab", ANY_ARM, 1},
    {FIT_TALQUETAMAB_ANCHOR, "potency_anchor", "talquetamab", ANY_ARM, 1},
    {FIT_BLINATUMOMAB_ANCHOR, "potency_anchor", "blinatumomab", ANY_ARM, 1},
    {FIT_STEROID_MAX, "dexamethasone_imax", ANY_ARM, ANY_ARM, 1},
    {FIT_STEROID_HALF, "dexamethasone_ic50_ug_L", ANY_ARM, ANY_ARM, 1},
};

enum { TARGETS = sizeof targets / sizeof targets[0] };

/* below, times `ratio` or plus `points`, should lie under above; sd as of rows. */
typedef struct fit_order {
  training_item below, above;
  double ratio, points, sd;
} fit_order;

#define OF(arm, quantity, dose) {ARM_##arm, QUANTITY_##quantity, dose, ARM_##arm}
#define STEP_UP_PAYS(step, flat)                                                                   \
  {OF(step, CRS_ANY, 0), OF(flat, CRS_ANY, 0), 0, 1, 0.12},                                        \
      {OF(step, CRS_GRADE2, 0), OF(flat, CRS_GRADE2, 0), 0, 0.5, 0.15},                            \
      {OF(step, DRIVE_MEDIAN, 0), OF(flat, DRIVE_MEDIAN, 0), 1, 0, 0.03},                          \
      {OF(step, DRIVE_HIGH, 0), OF(flat, DRIVE_HIGH, 0), 1, 0, 0.03}

static const fit_order orders[] = {
    {OF(EPCO, IL6_PEAK, 0), OF(EPCO, IL6_PEAK, 2), 5, 0, 0.03},
    {OF(EPCO, IL6_PEAK, 3), OF(EPCO, IL6_PEAK, 2), 5, 0, 0.03},
    {OF(MOSUN, IL6_PEAK, 3), OF(MOSUN, IL6_PEAK, 2), 1 / 0.3, 0, 0.05},
    {OF(EPCO, CRS_DOSE, 0), OF(EPCO, CRS_DOSE, 2), 0, 5, 2},
    {OF(EPCO, CRS_DOSE, 1), OF(EPCO, CRS_DOSE, 2), 0, 5, 2},
    {OF(MOSUN, CRS_DOSE, 0), OF(MOSUN, CRS_DOSE, 2), 0, 2, 2},
    {OF(MOSUN, CRS_DOSE, 3), OF(MOSUN, CRS_DOSE, 2), 0, 0, 2},
    STEP_UP_PAYS(MOSUN, MOSUN_FLAT),
    STEP_UP_PAYS(EPCO, EPCO_FLAT),
    STEP_UP_PAYS(TALQ, TALQ_FLAT),
    STEP_UP_PAYS(BLIN, BLIN_FLAT),
};

enum {
  ORDERS = sizeof orders / sizeof orders[0],
  RESIDUALS_MAX = TRAINING_ROWS + ORDERS + FIT_COUNT
};

/* --- one evaluation ----------------------------------------------------------------------------- */

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
  return (targets[target].molecule == NULL || strcmp(targets[target].molecule, a->molecule) == 0) &&
         (targets[target].indication == NULL ||
          strcmp(targets[target].indication, a->indication) == 0);
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
  for (int t = 0; t < TARGETS; t++) {
    if (concerns(t, arm)) {
      c->problem->parameters[model_parameter_index(c->problem->model, targets[t].parameter)] =
          f->value[targets[t].value] * targets[t].factor;
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
  return values[i].logarithmic ? log10(value) : value;
}

/* Fills residual (RESIDUALS_MAX); returns how many there are. */
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
  for (int i = 0; i < ORDERS; i++) {
    residual[n++] = order_residual(f, &orders[i]);
  }
  for (int i = 0; i < FIT_COUNT; i++) {
    if (!f->fixed[i] && values[i].prior_sd > 0) {
      residual[n++] =
          (on_scale(i, f->value[i]) - on_scale(i, values[i].prior)) / values[i].prior_sd;
    }
  }
  for (int i = 0; i < n; i++) {
    residual[i] = isfinite(residual[i]) ? fmax(-1e3, fmin(1e3, residual[i])) : 1e3;
  }
  return n;
}

/* --- bounds: the search moves y = logit of the place between them --------------------------------- */

static double width(int i) { return on_scale(i, values[i].high) - on_scale(i, values[i].low); }

static double to_y(int i, double value)
{
  const double u = (on_scale(i, value) - on_scale(i, values[i].low)) / width(i);
  const double inside = fmin(fmax(u, 1e-4), 1 - 1e-4);
  return log(inside / (1 - inside));
}

static double from_y(int i, double y)
{
  const double x = on_scale(i, values[i].low) + width(i) / (1 + exp(-y));
  return values[i].logarithmic ? pow(10, x) : x;
}

static double slope_of_x(int i, double y)
{
  const double u = 1 / (1 + exp(-y));
  return width(i) * u * (1 - u);
}

/* --- least squares ------------------------------------------------------------------------------ */

#define DIFFERENCE 0.01 /* step in y of the Jacobian's differences */

static int residuals_at(const gsl_vector *y, void *context, gsl_vector *residual)
{
  fit *f = context;
  for (int k = 0; k < f->n_free; k++) {
    f->value[f->free[k]] = from_y((int)f->free[k], gsl_vector_get(y, (size_t)k));
  }
  evaluate(f, residual->data);
  return GSL_SUCCESS;
}

static int jacobian_at(const gsl_vector *y, void *context, gsl_matrix *jacobian)
{
  double here[RESIDUALS_MAX], there[RESIDUALS_MAX];
  gsl_vector_view at_here = gsl_vector_view_array(here, jacobian->size1);
  gsl_vector_view at_there = gsl_vector_view_array(there, jacobian->size1);
  gsl_vector *moved = gsl_vector_alloc(y->size);
  residuals_at(y, context, &at_here.vector);
  for (size_t k = 0; k < y->size; k++) {
    gsl_vector_memcpy(moved, y);
    gsl_vector_set(moved, k, gsl_vector_get(y, k) + DIFFERENCE);
    residuals_at(moved, context, &at_there.vector);
    for (size_t i = 0; i < jacobian->size1; i++) {
      gsl_matrix_set(jacobian, i, k, (there[i] - here[i]) / DIFFERENCE);
    }
  }
  gsl_vector_free(moved);
  return GSL_SUCCESS;
}

static double sum_of_squares(const gsl_vector *r)
{
  double sum = 0;
  for (size_t i = 0; i < r->size; i++) {
    sum += pow(gsl_vector_get(r, i), 2);
  }
  return sum;
}

/* Ends early where an iteration gains nothing. */
static void iterate(fit *f, gsl_multifit_nlinear_workspace *w)
{
  double before = sum_of_squares(gsl_multifit_nlinear_residual(w));
  printf("objective %.3f with the shipped values\n", before);
  for (int i = 0; i < f->iterations; i++) {
    const int status = gsl_multifit_nlinear_iterate(w);
    const double now = sum_of_squares(gsl_multifit_nlinear_residual(w));
    printf("objective %.3f after %d\n", now, i + 1);
    fflush(stdout);
    if (status != GSL_SUCCESS || now > before - 1e-3) {
      break;
    }
    before = now;
  }
}
