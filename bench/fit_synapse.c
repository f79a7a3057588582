/* Calibrates model synapse to the rows of tests/study/synapse_training.h, from the shipped values
 * on: least squares over what was observed, what must be in order (step-up below flat dosing, the
 * first full dose above its neighbours) and priors. Prints values with standard errors, residuals,
 * and the directions that the data leave open. Rows and simulations are those of the test.
 *
 * usage: fit_synapse [--iterations N] [--patients N] [--seed N] [--threads N] [--fix NAME]...
 * 0 iterations: the shipped values are judged only. */
#include "fit_evaluate.h"

#include "base/number.h"

#include <gsl/gsl_eigen.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_multifit_nlinear.h>

/* --- least squares --------------------------------------------------------------------------- */

#define DIFFERENCE 0.01 /* step in y of the Jacobian's differences */

static void evaluate_at(fit *f, const gsl_vector *y, double *residual)
{
  for (int k = 0; k < f->n_free; k++) {
    f->value[f->free[k]] = from_y((int)f->free[k], gsl_vector_get(y, (size_t)k));
  }
  evaluate(f, residual);
}

static int residuals_at(const gsl_vector *y, void *context, gsl_vector *residual)
{
  double r[FIT_RESIDUALS_MAX];
  evaluate_at(context, y, r);
  for (size_t i = 0; i < residual->size; i++) {
    gsl_vector_set(residual, i, r[i]);
  }
  return GSL_SUCCESS;
}

static int jacobian_at(const gsl_vector *y, void *context, gsl_matrix *jacobian)
{
  double here[FIT_RESIDUALS_MAX], there[FIT_RESIDUALS_MAX];
  gsl_vector *moved = gsl_vector_alloc(y->size);
  evaluate_at(context, y, here);
  for (size_t k = 0; k < y->size; k++) {
    gsl_vector_memcpy(moved, y);
    gsl_vector_set(moved, k, gsl_vector_get(y, k) + DIFFERENCE);
    evaluate_at(context, moved, there);
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

/* --- what comes out -------------------------------------------------------------------------- */

#define HARDLY_INFORMED 0.8 /* standard error over the prior's standard deviation */

/* Of values on their scale (logarithmic: decades), in f->se; and scaled by the priors in *scaled.
 */
static void find_errors(fit *f, const gsl_multifit_nlinear_workspace *w, gsl_matrix *scaled)
{
  gsl_multifit_nlinear_covar(gsl_multifit_nlinear_jac(w), 0, scaled);
  double unit[FIT_COUNT];
  for (int k = 0; k < f->n_free; k++) {
    const int i = (int)f->free[k];
    const double slope = slope_of_x(i, to_y(i, f->value[i]));
    f->se[i] = slope * sqrt(gsl_matrix_get(scaled, (size_t)k, (size_t)k));
    unit[k] = slope / (fit_values[i].prior_sd > 0 ? fit_values[i].prior_sd : 1);
  }
  for (int k = 0; k < f->n_free; k++) {
    for (int l = 0; l < f->n_free; l++) {
      double *c = gsl_matrix_ptr(scaled, (size_t)k, (size_t)l);
      *c *= unit[k] * unit[l];
    }
  }
}

static void print_values(const fit *f)
{
  printf("\n| value | shipped | fitted | standard error | prior | |\n|---|---|---|---|---|---|\n");
  for (int i = 0; i < FIT_COUNT; i++) {
    const double sd = fit_values[i].prior_sd;
    printf("| %s | %.4g | %.4g | ", fit_values[i].name, f->start[i], f->value[i]);
    if (f->fixed[i]) {
      printf("fixed | | |\n");
      continue;
    }
    printf("%.2g%s | ", f->se[i], fit_values[i].logarithmic ? " decades" : "");
    printf(sd > 0 ? "%.3g +- %.2g | " : "none | ", fit_values[i].prior, sd);
    printf("%s |\n", sd > 0 && f->se[i] > HARDLY_INFORMED * sd ? "hardly informed" : "");
  }
}

static void print_residuals(const fit *f)
{
  printf("\n| row | observed | predicted | residual |\n|---|---|---|---|\n");
  for (int i = 0; i < TRAINING_ROWS; i++) {
    const training_row *row = &training_rows[i];
    printf("| %s, %s | %.3g | %.3g | ", training_groups[row->group].name,
           training_quantity_names[row->item.quantity], row->observed,
           training_value(f->outcomes, &row->item));
    printf(row->sd > 0 ? "%+.2f |\n" : "not fitted |\n", row->sd > 0 ? row_residual(f, row) : 0);
  }
  for (int i = 0; i < FIT_ORDERS; i++) {
    const fit_order *o = &fit_orders[i];
    printf("| %s, %s: below %s | %.4g | %.4g | %.2f |\n", training_arms[o->below.arm].regimen,
           training_quantity_names[o->below.quantity],
           o->below.arm == o->above.arm ? "the first full dose" : "flat",
           training_value(f->outcomes, &o->above), training_value(f->outcomes, &o->below),
           order_residual(f, o));
  }
}

/* Axes of the ellipsoid of what is left open, the longest first, in units of the priors. */
static void print_open_directions(const fit *f, gsl_matrix *scaled)
{
  enum { SHOWN = 4 };
  const size_t n = scaled->size1;
  gsl_vector *length = gsl_vector_alloc(n);
  gsl_matrix *axes = gsl_matrix_alloc(n, n);
  gsl_eigen_symmv_workspace *w = gsl_eigen_symmv_alloc(n);
  gsl_eigen_symmv(scaled, length, axes, w);
  gsl_eigen_symmv_sort(length, axes, GSL_EIGEN_SORT_VAL_DESC);
  printf("\nDirections that are left open most (standard deviation in units of the priors):\n");
  for (size_t a = 0; a < SHOWN && a < n; a++) {
    printf("- %.2f:", sqrt(gsl_vector_get(length, a)));
    for (size_t k = 0; k < n; k++) {
      if (fabs(gsl_matrix_get(axes, k, a)) > 0.25) {
        printf(" %+.2f %s", gsl_matrix_get(axes, k, a), fit_values[f->free[k]].name);
      }
    }
    printf("\n");
  }
  gsl_eigen_symmv_free(w);
  gsl_matrix_free(axes);
  gsl_vector_free(length);
}

static void print_correlations(const fit *f, const gsl_matrix *scaled)
{
  printf("\nCorrelations above 0.7:\n");
  for (size_t k = 0; k < scaled->size1; k++) {
    for (size_t l = 0; l < k; l++) {
      const double r = gsl_matrix_get(scaled, k, l) /
                       sqrt(gsl_matrix_get(scaled, k, k) * gsl_matrix_get(scaled, l, l));
      if (fabs(r) > 0.7) {
        printf("- %s, %s: %+.2f\n", fit_values[f->free[k]].name, fit_values[f->free[l]].name, r);
      }
    }
  }
}

static void solve(fit *f)
{
  double residual[FIT_RESIDUALS_MAX];
  const size_t n = (size_t)evaluate(f, residual), p = (size_t)f->n_free;
  gsl_multifit_nlinear_parameters how = gsl_multifit_nlinear_default_parameters();
  how.scale = gsl_multifit_nlinear_scale_levenberg;
  how.solver = gsl_multifit_nlinear_solver_svd;
  gsl_multifit_nlinear_workspace *w =
      gsl_multifit_nlinear_alloc(gsl_multifit_nlinear_trust, &how, n, p);
  gsl_multifit_nlinear_fdf function = {
      .f = residuals_at, .df = jacobian_at, .n = n, .p = p, .params = f};
  gsl_vector *y = gsl_vector_alloc(p);
  gsl_matrix *covariance = gsl_matrix_alloc(p, p);
  for (size_t k = 0; k < p; k++) {
    gsl_vector_set(y, k, to_y((int)f->free[k], f->value[f->free[k]]));
  }
  gsl_multifit_nlinear_init(y, &function, w);
  iterate(f, w);
  evaluate_at(f, gsl_multifit_nlinear_position(w), residual);
  find_errors(f, w, covariance);
  print_values(f);
  print_residuals(f);
  print_correlations(f, covariance);
  print_open_directions(f, covariance);
  gsl_matrix_free(covariance);
  gsl_vector_free(y);
  gsl_multifit_nlinear_free(w);
}

/* --- beginning and end ----------------------------------------------------------------------- */

static double shipped(const fit *f, fit_id value)
{
  for (int t = 0; t < FIT_TARGETS; t++) {
    for (int a = 0; a < ARM_COUNT && fit_targets[t].value == value; a++) {
      if (concerns(t, (training_arm_id)a)) {
        const stepdose_problem *p = f->cases[a].problem;
        return p->parameters[model_parameter_index(p->model, fit_targets[t].parameter)] /
               fit_targets[t].factor;
      }
    }
  }
  return (double)NAN;
}

static void start(fit *f)
{
  training_case *c = &f->cases[ARM_MOSUN];
  const crs_coefficients *crs = &c->problem->limits[0].crs;
  for (int i = 0; i < FIT_COUNT; i++) {
    f->value[i] = shipped(f, (fit_id)i);
  }
  f->value[FIT_SD_TRIMERS] = *sd_of(c, "trimers_needed") / log(10);
  f->value[FIT_SD_BLOOD_TARGETS] = *sd_of(c, "blood_target_factor") / log(10);
  f->value[FIT_SD_CRS] = crs->patient_sd;
  f->value[FIT_CRS_SLOPE] = crs->slope;
  f->value[FIT_CRS_MIDDLE] = -crs->intercept[0] / crs->slope;
  f->value[FIT_GRADE2_SHIFT] = (crs->intercept[0] - crs->intercept[1]) / crs->slope;
  memcpy(f->start, f->value, sizeof f->start);
  for (int i = 0; i < FIT_COUNT; i++) {
    if (!f->fixed[i]) {
      f->free[f->n_free++] = (fit_id)i;
    }
  }
}

static bool open_arms(fit *f)
{
  stepdose_error error;
  for (int a = 0; a < ARM_COUNT; a++) {
    if (!training_open(&f->cases[a], &training_arms[a], &error)) {
      fprintf(stderr, "%s: %s %s\n", training_arms[a].regimen, error.pointer, error.message);
      return false;
    }
  }
  return true;
}

static void close_arms(fit *f)
{
  for (int a = 0; a < ARM_COUNT; a++) {
    training_close(&f->cases[a]);
  }
  training_laboratory_close(&f->lab);
  free(f->outcomes);
}

static bool fix(fit *f, const char *name)
{
  for (int i = 0; i < FIT_COUNT; i++) {
    if (strcmp(fit_values[i].name, name) == 0) {
      f->fixed[i] = true;
      return true;
    }
  }
  return false;
}

/* Every option has a value; *seed: of the virtual patients. */
static bool read_options(int n, char **words, fit *f, long *seed)
{
  for (int i = 1; i + 1 < n; i += 2) {
    double number = 0;
    if (strcmp(words[i], "--fix") == 0 ? !fix(f, words[i + 1])
                                       : !number_parse(words[i + 1], &number) || number < 0) {
      return false;
    }
    if (strcmp(words[i], "--iterations") == 0) {
      f->iterations = (int)number;
    } else if (strcmp(words[i], "--patients") == 0) {
      f->patients = (int)number;
    } else if (strcmp(words[i], "--seed") == 0) {
      *seed = (long)number;
    } else if (strcmp(words[i], "--threads") == 0) {
      f->lab.threads = (int)number;
    } else if (strcmp(words[i], "--fix") != 0) {
      return false;
    }
  }
  return n % 2 == 1 && f->patients >= 1 && f->patients <= TRAINING_PATIENTS_MAX;
}

int main(int n, char **words)
{
  static fit f = {.iterations = 10, .patients = 64, .lab = {.threads = 1}};
  long seed = 1;
  if (!read_options(n, words, &f, &seed)) {
    fprintf(stderr,
            "usage: fit_synapse [--iterations N] [--patients N, at most %d] [--seed N] "
            "[--threads N] [--fix NAME]...\n",
            (int)TRAINING_PATIENTS_MAX);
    return 1;
  }
  gsl_set_error_handler_off();
  f.outcomes = calloc(ARM_COUNT, sizeof *f.outcomes);
  if (f.outcomes == NULL || !open_arms(&f)) {
    return 1;
  }
  for (int a = 0; a < ARM_COUNT; a++) {
    f.cases[a].problem->population_seed = (uint64_t)seed;
  }
  start(&f);
  solve(&f);
  close_arms(&f);
  return 0;
}
