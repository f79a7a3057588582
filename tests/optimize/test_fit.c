/* Estimates and covariances against closed forms and against GSL. */
#include <criterion/criterion.h>

#include "optimize/fit_problems.h"

#include "base/hash.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_multifit_nlinear.h>
#include <gsl/gsl_multimin.h>
#include <string.h>

static bool near(double found, double known, double relative)
{
  return fabs(found - known) <= relative * fabs(known);
}

/* An estimate, in units of how sure it is: a search ends a millionth of that before its optimum. */
static bool meets(const fit_estimate *e, double known)
{
  return fabs(e->value - known) <= 1e-5 * e->sd;
}

static fit_outcome run(const fit_task *task)
{
  fit_outcome o;
  stepdose_error error = {.code = STEPDOSE_OK};
  cr_assert(fit_run(task, &o, &error), "%s", error.message);
  cr_expect(o.converged);
  return o;
}

/* --- a straight line ---------------------------------------------------------------------------
 */

static fit_model make_line(random_stream *random, bool priors)
{
  fit_model m = {.curve = line, .n_parameters = 2, .n_rows = 9};
  m.parameter[0] = linear_parameter("a", 3, -50, 50);
  m.parameter[1] = linear_parameter("b", -3, -20, 20);
  for (int r = 0; r < m.n_rows; r++) {
    m.x[r] = r - 3.0;
    m.row[r] = normal_row(1 + 0.7 * m.x[r] + random_normal(random), 0.2 + 0.3 * r);
    m.row[r].weight = r == 4 ? 2.5 : 1;
  }
  for (int j = 0; j < 2 && priors; j++) {
    m.parameter[j].prior = 0.5 - j;
    m.parameter[j].prior_sd = 0.3 + j;
  }
  return m;
}

/* Normal equations of weighted least squares with normal priors, solved by hand. */
static void solve_line(const fit_model *m, double estimate[2], double covariance[4])
{
  double f[3] = {0}, g[2] = {0}; /* f00, f01, f11 */
  for (int r = 0; r < m->n_rows; r++) {
    const double w = m->row[r].weight / (m->row[r].sd * m->row[r].sd);
    const double row[2] = {1, m->x[r]};
    f[0] += w;
    f[1] += w * row[1];
    f[2] += w * row[1] * row[1];
    g[0] += w * m->row[r].observed;
    g[1] += w * row[1] * m->row[r].observed;
  }
  for (int j = 0; j < 2; j++) {
    const fit_parameter *p = &m->parameter[j];
    const double pull = p->prior_sd > 0 ? 1 / (p->prior_sd * p->prior_sd) : 0;
    f[2 * j] += pull;
    g[j] += pull * p->prior;
  }
  const double determinant = f[0] * f[2] - f[1] * f[1];
  const double inverse[4] = {f[2] / determinant, -f[1] / determinant, -f[1] / determinant,
                             f[0] / determinant};
  memcpy(covariance, inverse, sizeof inverse);
  estimate[0] = inverse[0] * g[0] + inverse[1] * g[1];
  estimate[1] = inverse[2] * g[0] + inverse[3] * g[1];
}

Test(fit, a_line_is_that_of_weighted_least_squares_with_priors)
{
  random_stream random = random_open(1, 0);
  for (int c = 0; c < 40; c++) {
    fit_model m = make_line(&random, c % 2 == 1);
    fit_task task = fit_task_of(&m);
    double estimate[2], covariance[4];
    solve_line(&m, estimate, covariance);
    fit_outcome o = run(&task);
    for (int j = 0; j < 2; j++) {
      cr_expect(meets(&o.estimate[j], estimate[j]), "case %d: %.12g instead of %.12g", c,
                o.estimate[j].value, estimate[j]);
      cr_expect(near(o.estimate[j].sd, sqrt(covariance[3 * j]), 1e-7), "case %d: sd %g", c,
                o.estimate[j].sd);
    }
    cr_expect(near(o.covariance[1], covariance[1], 1e-6), "case %d: %g", c, o.covariance[1]);
    fit_outcome_free(&o);
  }
}

/* The profile of a quadratic is its tangent: value -+ z sd. */
Test(fit, intervals_of_a_line_are_those_of_the_normal_distribution)
{
  random_stream random = random_open(2, 0);
  for (int c = 0; c < 20; c++) {
    fit_model m = make_line(&random, c % 2 == 1);
    fit_task task = fit_task_of(&m);
    task.profiles = true;
    task.level = c % 4 < 2 ? 0.95 : 0.8;
    const double z = c % 4 < 2 ? 1.959964 : 1.281552; /* tables of the normal distribution */
    fit_outcome o = run(&task);
    for (int j = 0; j < 2; j++) {
      const fit_estimate *e = &o.estimate[j];
      cr_expect(fabs((e->high - e->value) / e->sd - z) < 0.02, "case %d: %g", c,
                (e->high - e->value) / e->sd);
      cr_expect(fabs((e->value - e->low) / e->sd - z) < 0.02, "case %d: %g", c,
                (e->value - e->low) / e->sd);
    }
    fit_outcome_free(&o);
  }
}

/* --- exponential decay -------------------------------------------------------------------------
 */

static fit_model make_decay(random_stream *random)
{
  static const double truth[] = {8, 0.35};
  fit_model m = {.curve = decay, .n_parameters = 2, .n_rows = 10};
  m.parameter[0] = log_parameter("amount", 1, 0.01, 1000);
  m.parameter[1] = log_parameter("rate", 1, 0.001, 100);
  for (int r = 0; r < m.n_rows; r++) {
    m.x[r] = 0.5 + r;
    m.row[r] = normal_row(0, 0.3 + 0.02 * r);
  }
  make_observations(&m, truth, random);
  return m;
}

static int decay_residuals(const gsl_vector *v, void *context, gsl_vector *residual)
{
  const fit_model *m = context;
  const double value[2] = {gsl_vector_get(v, 0), gsl_vector_get(v, 1)};
  for (int r = 0; r < m->n_rows; r++) {
    gsl_vector_set(residual, (size_t)r,
                   (decay(value, m->x[r]) - m->row[r].observed) / m->row[r].sd);
  }
  return GSL_SUCCESS;
}

/* GSL's trust region with its own differences, from the same start. */
static void fit_by_gsl(const fit_model *m, double value[2], double sd[2])
{
  gsl_multifit_nlinear_parameters how = gsl_multifit_nlinear_default_parameters();
  how.h_df = 1e-7;
  gsl_multifit_nlinear_fdf f = {
      .f = decay_residuals, .n = (size_t)m->n_rows, .p = 2, .params = (void *)(uintptr_t)m};
  gsl_multifit_nlinear_workspace *w =
      gsl_multifit_nlinear_alloc(gsl_multifit_nlinear_trust, &how, f.n, f.p);
  const double start[2] = {m->parameter[0].start, m->parameter[1].start};
  gsl_vector_const_view v = gsl_vector_const_view_array(start, 2);
  gsl_matrix *covariance = gsl_matrix_alloc(2, 2);
  int why = 0;
  gsl_multifit_nlinear_init(&v.vector, &f, w);
  gsl_multifit_nlinear_driver(500, 1e-12, 1e-14, 0, NULL, NULL, &why, w);
  gsl_multifit_nlinear_covar(gsl_multifit_nlinear_jac(w), 0, covariance);
  for (size_t j = 0; j < 2; j++) {
    value[j] = gsl_vector_get(gsl_multifit_nlinear_position(w), j);
    sd[j] = sqrt(gsl_matrix_get(covariance, j, j));
  }
  gsl_matrix_free(covariance);
  gsl_multifit_nlinear_free(w);
}

Test(fit, a_decay_is_that_of_gsl)
{
  random_stream random = random_open(3, 0);
  for (int c = 0; c < 30; c++) {
    fit_model m = make_decay(&random);
    fit_task task = fit_task_of(&m);
    double value[2], sd[2];
    fit_by_gsl(&m, value, sd);
    fit_outcome o = run(&task);
    for (int j = 0; j < 2; j++) {
      const double decades = sd[j] / (value[j] * log(10)); /* GSL's is on the linear scale */
      cr_expect(near(o.estimate[j].value, value[j], 2e-5), "case %d: %.9g, GSL %.9g", c,
                o.estimate[j].value, value[j]);
      cr_expect(near(o.estimate[j].sd, decades, 1e-3), "case %d: sd %g, GSL %g", c,
                o.estimate[j].sd, decades);
    }
    fit_outcome_free(&o);
  }
}

/* --- binomial rows -----------------------------------------------------------------------------
 */

/* Two shares determine two coefficients: the curve goes through both, and the variance of the
 * slope is the sum of 1/(n p (1-p)) (Woolf 1955). */
Test(fit, two_shares_are_met_by_a_logistic_curve)
{
  static const double share[][2] = {{0.1, 0.6}, {0.5, 0.5}, {0.9, 0.2}, {0.02, 0.04}};
  for (int c = 0; c < 4; c++) {
    fit_model m = {.curve = logistic, .n_parameters = 2, .n_rows = 2};
    m.parameter[0] = linear_parameter("intercept", 0.3, -20, 20);
    m.parameter[1] = linear_parameter("slope", 0.3, -20, 20);
    m.x[0] = 0;
    m.x[1] = 1;
    m.row[0] = binomial_row(share[c][0], 50);
    m.row[1] = binomial_row(share[c][1], 100);
    fit_task task = fit_task_of(&m);
    fit_outcome o = run(&task);
    const double a = log(share[c][0] / (1 - share[c][0]));
    const double b = log(share[c][1] / (1 - share[c][1])) - a;
    const double variance =
        1 / (50 * share[c][0] * (1 - share[c][0])) + 1 / (100 * share[c][1] * (1 - share[c][1]));
    cr_expect(fabs(o.estimate[0].value - a) < 1e-5, "case %d: %.9g, %.9g", c, o.estimate[0].value,
              a);
    cr_expect(fabs(o.estimate[1].value - b) < 1e-5, "case %d: %.9g, %.9g", c, o.estimate[1].value,
              b);
    cr_expect(near(o.estimate[1].sd, sqrt(variance), 1e-4), "case %d: sd %g, %g", c,
              o.estimate[1].sd, sqrt(variance));
    cr_expect_lt(o.objective, 1e-6);
    fit_outcome_free(&o);
  }
}

static double minus_log_likelihood(const gsl_vector *v, void *context)
{
  const fit_model *m = context;
  const double value[2] = {gsl_vector_get(v, 0), gsl_vector_get(v, 1)};
  double sum = 0;
  for (int r = 0; r < m->n_rows; r++) {
    const double p = logistic(value, m->x[r]), y = m->row[r].observed;
    sum -= m->row[r].n * (y * log(p) + (1 - y) * log(1 - p));
  }
  return sum;
}

/* The simplex of Nelder and Mead on the likelihood itself. */
static void fit_logistic_by_gsl(fit_model *m, double value[2])
{
  gsl_multimin_fminimizer *w = gsl_multimin_fminimizer_alloc(gsl_multimin_fminimizer_nmsimplex2, 2);
  gsl_multimin_function f = {minus_log_likelihood, 2, m};
  double start[2] = {-1, 1}, step[2] = {1, 1};
  gsl_vector_view v = gsl_vector_view_array(start, 2), s = gsl_vector_view_array(step, 2);
  gsl_multimin_fminimizer_set(w, &f, &v.vector, &s.vector);
  for (int i = 0; i < 2000 && gsl_multimin_fminimizer_size(w) > 1e-9; i++) {
    gsl_multimin_fminimizer_iterate(w);
  }
  for (size_t j = 0; j < 2; j++) {
    value[j] = gsl_vector_get(w->x, j);
  }
  gsl_multimin_fminimizer_free(w);
}

/* With shares of none and of all among them. */
Test(fit, a_logistic_curve_is_that_of_greatest_likelihood)
{
  static const double truth[] = {-2, 1.2};
  random_stream random = random_open(4, 0);
  int extreme = 0;
  for (int c = 0; c < 30; c++) {
    fit_model m = {.curve = logistic, .n_parameters = 2, .n_rows = 8};
    m.parameter[0] = linear_parameter("intercept", 0, -30, 30);
    m.parameter[1] = linear_parameter("slope", 0, -30, 30);
    for (int r = 0; r < m.n_rows; r++) {
      m.x[r] = -2 + r;
      m.row[r] = binomial_row(0, 20 + r);
    }
    make_observations(&m, truth, &random);
    for (int r = 0; r < m.n_rows; r++) {
      extreme += m.row[r].observed <= 0 || m.row[r].observed >= 1;
    }
    double value[2];
    fit_logistic_by_gsl(&m, value);
    fit_task task = fit_task_of(&m);
    fit_outcome o = run(&task);
    for (int j = 0; j < 2; j++) {
      cr_expect(meets(&o.estimate[j], value[j]), "case %d: %.8g, simplex %.8g", c,
                o.estimate[j].value, value[j]);
    }
    fit_outcome_free(&o);
  }
  cr_expect_gt(extreme, 10);
}

/* --- bounds as data, errors of predictions -----------------------------------------------------
 */

static double same(const double *v, double x)
{
  (void)x;
  return v[0];
}

/* One value, seen once as 2 +- 1, and known not to exceed 1 +- 0.5: the root of the score
 * (2 - v) - phi(z) / (0.5 Phi(z)), z = (1 - v) / 0.5, by bisection. */
Test(fit, a_bound_pulls_as_its_likelihood_says)
{
  double low = -5, high = 5;
  for (int i = 0; i < 100; i++) {
    const double v = (low + high) / 2, z = (1 - v) / 0.5;
    const double hazard = exp(-z * z / 2) / sqrt(2 * acos(-1)) / (0.5 * erfc(-z / sqrt(2)));
    if (2 - v - hazard / 0.5 > 0) {
      low = v;
    } else {
      high = v;
    }
  }
  for (int side = 0; side < 2; side++) { /* and its mirror image */
    const double sign = side == 0 ? 1 : -1;
    fit_model m = {.curve = same, .n_parameters = 1, .n_rows = 2};
    m.parameter[0] = linear_parameter("v", 4, -10, 10);
    m.row[0] = normal_row(2 * sign, 1);
    m.row[1] = normal_row(1 * sign, 0.5);
    m.row[1].law = side == 0 ? FIT_LAW_AT_MOST : FIT_LAW_AT_LEAST;
    fit_task task = fit_task_of(&m);
    fit_outcome o = run(&task);
    cr_expect(fabs(o.estimate[0].value - sign * low) < 1e-5, "%.9g instead of %.9g",
              o.estimate[0].value, sign * low);
    fit_outcome_free(&o);
  }
}

/* Two rows of one value: weights are inverse variances, the prediction's own among them; of a
 * share the number of patients shrinks to n / (1 + n e^2 / (p (1-p))). */
Test(fit, an_error_of_the_prediction_widens_its_row)
{
  fit_model m = {.curve = same, .n_parameters = 1, .n_rows = 2};
  m.parameter[0] = linear_parameter("v", 0.5, 0.01, 0.99);
  m.row[0] = normal_row(0.2, 0.1);
  m.row[1] = normal_row(0.6, 0.05);
  m.error[1] = 0.12;
  fit_task task = fit_task_of(&m);
  fit_outcome o = run(&task);
  const double a = 1 / 0.01, b = 1 / (0.0025 + 0.0144);
  cr_expect(meets(&o.estimate[0], (0.2 * a + 0.6 * b) / (a + b)));
  cr_expect(near(o.estimate[0].sd, sqrt(1 / (a + b)), 1e-9));
  fit_outcome_free(&o);
  m.row[0] = m.row[1] = binomial_row(0.3, 100);
  m.error[0] = 0;
  m.error[1] = sqrt(0.21 / 100); /* as large as the observation's own: 50 patients are left */
  o = run(&task);
  cr_expect(fabs(o.estimate[0].value - 0.3) < 1e-7);
  cr_expect(near(o.estimate[0].sd, sqrt(0.21 / 150), 1e-5), "%g", o.estimate[0].sd);
  fit_outcome_free(&o);
}

Test(fit, a_row_of_weight_0_is_predicted_and_not_fitted)
{
  random_stream random = random_open(5, 0);
  fit_model m = make_line(&random, false);
  m.row[2].weight = 0;
  m.row[2].observed = 1e4;
  fit_task task = fit_task_of(&m);
  double estimate[2], covariance[4];
  solve_line(&m, estimate, covariance);
  fit_outcome o = run(&task);
  cr_expect(meets(&o.estimate[1], estimate[1]));
  cr_expect(fabs(o.prediction[2].predicted - (estimate[0] + estimate[1] * m.x[2])) < 1e-6);
  cr_expect_gt(o.prediction[2].sigmas, 1000);
  cr_expect_eq(o.n_warnings, 0);
  fit_outcome_free(&o);
}

/* --- leaving out, bounds of parameters ---------------------------------------------------------
 */

/* Standard deviation of a + b x by the covariance. */
static double line_sd(const double covariance[4], double x)
{
  return sqrt(covariance[0] + 2 * x * covariance[1] + x * x * covariance[3]);
}

Test(fit, a_group_left_out_is_predicted_by_the_fit_to_the_others)
{
  random_stream random = random_open(6, 0);
  fit_model m = make_line(&random, true), others;
  for (int r = 0; r < m.n_rows; r++) {
    m.row[r].group = r < 3 ? 0 : r < 5 ? 1 : -1;
  }
  fit_task task = fit_task_of(&m);
  task.n_groups = 2;
  task.leave_out = true;
  fit_outcome o = run(&task);
  for (int g = 0; g < 2; g++) {
    double estimate[2], covariance[4];
    others = m;
    for (int r = 0; r < m.n_rows; r++) {
      others.row[r].weight = m.row[r].group == g ? 0 : m.row[r].weight;
    }
    solve_line(&others, estimate, covariance);
    cr_expect(o.left_out[g].done && fabs(o.left_out[g].value[0] - estimate[0]) < 1e-5);
    for (int r = 0; r < m.n_rows; r++) {
      if (m.row[r].group != g) {
        continue;
      }
      const double predicted = line(estimate, m.x[r]), sd = line_sd(covariance, m.x[r]);
      const double sigmas = (m.row[r].observed - predicted) / hypot(m.row[r].sd, sd);
      cr_expect(fabs(o.left_out_value[r].predicted - predicted) < 1e-5);
      cr_expect(near(o.left_out_value[r].sd, sd, 1e-6));
      cr_expect(fabs(o.left_out_value[r].sigmas - sigmas) < 1e-5);
    }
  }
  cr_expect(isnan(o.left_out_value[8].predicted)); /* of no group */
  fit_outcome_free(&o);
}

/* Of a line with its slope held at a bound, the intercept is the weighted mean of what is left. */
Test(fit, an_estimate_may_lie_on_a_bound)
{
  random_stream random = random_open(7, 0);
  fit_model m = make_line(&random, false);
  double sum = 0, weights = 0;
  m.parameter[1].high = -0.5;
  for (int r = 0; r < m.n_rows; r++) {
    const double w = m.row[r].weight / (m.row[r].sd * m.row[r].sd);
    sum += w * (m.row[r].observed + 0.5 * m.x[r]);
    weights += w;
  }
  fit_task task = fit_task_of(&m);
  task.profiles = true;
  fit_outcome o = run(&task);
  cr_expect(o.estimate[1].at_high && !o.estimate[1].at_low && o.estimate[1].high_open);
  cr_expect_eq(o.estimate[1].value, -0.5);
  cr_expect(meets(&o.estimate[0], sum / weights), "%g", o.estimate[0].value);
  cr_expect_eq(o.warning[0].kind, FIT_WARNING_AT_BOUND);
  cr_expect_eq(o.warning[0].first, 1);
  fit_outcome_free(&o);
}

/* --- the same bits -----------------------------------------------------------------------------
 */

Test(fit, the_size_of_batches_changes_no_bit)
{
  random_stream random = random_open(8, 0);
  fit_model m = make_decay(&random);
  uint64_t bits[3];
  for (int c = 0; c < 3; c++) {
    fit_task task = fit_task_of(&m);
    task.batch = c == 0 ? 0 : c;
    task.screened = 40;
    task.starts = 3;
    task.profiles = true;
    fit_outcome o = run(&task);
    bits[c] = hash_64(o.estimate, 2 * sizeof *o.estimate) ^ hash_64(o.covariance, 4 * 8);
    cr_expect_eq(o.n_starts, 4);
    fit_outcome_free(&o);
  }
  cr_expect(bits[0] == bits[1] && bits[1] == bits[2]);
}
