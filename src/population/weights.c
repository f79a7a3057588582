/* Maximum-entropy weights by their convex dual.
 *
 * w_i = prior_i exp(theta.(g_i - t)) / Z(theta) minimises the relative entropy to the prior among
 * all weights with means t; theta minimises ln Z(theta) + ridge/2 |theta|^2, whose gradient is the
 * error of the means (+ ridge theta) and whose Hessian is the weighted covariance of g (+ ridge).
 * Newton steps are halved until the dual falls (Armijo). Csiszar, Ann Probab 3 (1975) 146. */
#include "population/weights.h"

#include <math.h>
#include <string.h>

#include "base/cholesky.h"

enum { ITERATIONS_MAX = 200, HALVINGS_MAX = 60 };
static const double GRADIENT_SMALL = 1e-10;
static const double ARMIJO = 1e-4;
/* Of the dual: near the minimum the descent drowns in it, while Newton's steps still gain digits.
 */
static const double ROUNDING = 1e-14;

static double prior_of(const weights_request *r, int i)
{
  return r->prior == NULL ? 1 : r->prior[i];
}

/* theta.(g_i - t) */
static double exponent(const weights_request *r, const double *theta, int i)
{
  const double *g = r->values + (size_t)i * (size_t)r->n_targets;
  double sum = 0;
  for (int k = 0; k < r->n_targets; k++) {
    sum += theta[k] * (g[k] - r->target[k]);
  }
  return sum;
}

/* Fills the weights of theta and returns the dual there. The largest exponent is taken out of the
 * sum, so that nothing overflows. */
static double dual(const weights_request *r, const double *theta, double *weights)
{
  double largest = -INFINITY;
  double sum = 0;
  double square = 0;
  for (int i = 0; i < r->n_patients; i++) {
    weights[i] = exponent(r, theta, i);
    if (prior_of(r, i) > 0 && weights[i] > largest) {
      largest = weights[i];
    }
  }
  for (int i = 0; i < r->n_patients; i++) {
    weights[i] = prior_of(r, i) > 0 ? prior_of(r, i) * exp(weights[i] - largest) : 0;
    sum += weights[i];
  }
  for (int i = 0; i < r->n_patients; i++) {
    weights[i] /= sum;
  }
  for (int k = 0; k < r->n_targets; k++) {
    square += theta[k] * theta[k];
  }
  return largest + log(sum) + 0.5 * r->ridge * square;
}

/* Errors of the means (n_targets) and covariance (lower triangle), under the weights. */
static void moments(const weights_request *r, const double *weights, double *mean, double *hessian)
{
  const int m = r->n_targets;
  memset(mean, 0, (size_t)m * sizeof *mean);
  memset(hessian, 0, (size_t)(m * m) * sizeof *hessian);
  for (int i = 0; i < r->n_patients; i++) {
    const double *g = r->values + (size_t)i * (size_t)m;
    for (int k = 0; k < m && weights[i] > 0; k++) {
      const double part = weights[i] * (g[k] - r->target[k]);
      mean[k] += part;
      for (int l = 0; l <= k; l++) {
        hessian[k * m + l] += part * (g[l] - r->target[l]);
      }
    }
  }
  for (int k = 0; k < m; k++) {
    for (int l = 0; l <= k; l++) {
      hessian[k * m + l] -= mean[k] * mean[l];
    }
    hessian[k * m + k] += r->ridge;
  }
}

static double largest_magnitude(int n, const double *values)
{
  double largest = 0;
  for (int k = 0; k < n; k++) {
    largest = fmax(largest, fabs(values[k]));
  }
  return largest;
}

/* Goes from theta along -step, halved until the dual has fallen; false: it does not fall. */
static bool descend(const weights_request *r, double *theta, const double *gradient,
                    const double *step, double *value, double *weights)
{
  double next[WEIGHTS_TARGETS_MAX];
  double slope = 0;
  for (int k = 0; k < r->n_targets; k++) {
    slope += gradient[k] * step[k];
  }
  double length = 1;
  for (int h = 0; h < HALVINGS_MAX; h++) {
    for (int k = 0; k < r->n_targets; k++) {
      next[k] = theta[k] - length * step[k];
    }
    const double there = dual(r, next, weights);
    if (there <= *value - ARMIJO * length * slope + ROUNDING * fabs(*value)) {
      memcpy(theta, next, (size_t)r->n_targets * sizeof *theta);
      *value = there;
      return true;
    }
    length /= 2;
  }
  return false;
}

/* Newton's method on the dual. */
static bool minimise(const weights_request *r, double *weights, weights_report *report)
{
  const int m = r->n_targets;
  double theta[WEIGHTS_TARGETS_MAX] = {0};
  double mean[WEIGHTS_TARGETS_MAX];
  double gradient[WEIGHTS_TARGETS_MAX];
  double step[WEIGHTS_TARGETS_MAX];
  double hessian[WEIGHTS_TARGETS_MAX * WEIGHTS_TARGETS_MAX];
  double value = dual(r, theta, weights);
  for (report->iterations = 0; report->iterations < ITERATIONS_MAX; report->iterations++) {
    moments(r, weights, mean, hessian);
    for (int k = 0; k < m; k++) {
      gradient[k] = step[k] = mean[k] + r->ridge * theta[k];
    }
    report->error_after = largest_magnitude(m, mean);
    if (report->iterations == 0) {
      report->error_before = report->error_after;
    }
    if (largest_magnitude(m, gradient) < GRADIENT_SMALL) {
      return true;
    }
    if (!cholesky_factor(m, hessian)) {
      return false;
    }
    cholesky_solve(m, hessian, step);
    if (!descend(r, theta, gradient, step, &value, weights)) {
      return false;
    }
  }
  return false;
}

static bool check_request(const weights_request *r, stepdose_error *error)
{
  bool any = false;
  for (int i = 0; i < r->n_patients; i++) {
    any = any || prior_of(r, i) > 0;
  }
  if (!any) {
    return error_set(error, STEPDOSE_OUT_OF_RANGE, "widen the plausible ranges",
                     "no patient has a weight to begin with");
  }
  if (r->n_targets < 1 || r->n_targets > WEIGHTS_TARGETS_MAX || !(r->ridge > 0)) {
    return error_set(error, STEPDOSE_OUT_OF_RANGE, "use 1 to 64 targets and a ridge above 0",
                     "weights are asked for %d targets with ridge %g", r->n_targets, r->ridge);
  }
  for (int k = 0; k < r->n_targets; k++) {
    if (!isfinite(r->target[k])) {
      return error_set(error, STEPDOSE_NOT_FINITE, "correct it", "target %d is not finite", k + 1);
    }
  }
  return true;
}

bool weights_match(const weights_request *request, double *weights, weights_report *report,
                   stepdose_error *error)
{
  *report = (weights_report){0};
  if (!check_request(request, error)) {
    return false;
  }
  if (!minimise(request, weights, report)) {
    return error_set(error, STEPDOSE_CONTRADICTION, "raise the ridge, or leave out a target",
                     "no weights were found: the largest error is still %g", report->error_after);
  }
  report->effective_size = weights_effective_size(request->n_patients, weights);
  return true;
}

double weights_effective_size(int n, const double *weights)
{
  double sum = 0;
  double squares = 0;
  for (int i = 0; i < n; i++) {
    sum += weights[i];
    squares += weights[i] * weights[i];
  }
  return squares > 0 ? sum * sum / squares : 0;
}
