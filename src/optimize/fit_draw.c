/* Draws by the symmetric root of the covariance; what leaves the bounds is drawn anew. */
#include "optimize/fit_draw.h"

#include "base/allocate.h"
#include "base/eigen.h"
#include "base/error.h"
#include "base/random.h"

#include <math.h>
#include <string.h>

enum { DRAW_TRIES = 10000 };

struct fit_draws {
  fit_distribution of; /* its covariance is not used any more */
  uint64_t seed;
  double centre[FIT_PARAMETERS_MAX], low[FIT_PARAMETERS_MAX], high[FIT_PARAMETERS_MAX];
  double *root; /* (n x n): root root^T is the covariance */
};

/* Rounding may leave an eigenvalue of a singular covariance a little below 0. */
static bool find_root(fit_draws *d, const double *covariance)
{
  const int n = d->of.n;
  const size_t size = (size_t)n * (size_t)n;
  double value[FIT_PARAMETERS_MAX];
  double *matrix = allocate_zeroed(size, sizeof *matrix);
  double *vector = allocate_zeroed(size, sizeof *vector);
  d->root = allocate_zeroed(size, sizeof *d->root);
  const bool ready = matrix != NULL && vector != NULL && d->root != NULL;
  if (ready) {
    memcpy(matrix, covariance, size * sizeof *matrix);
    eigen_symmetric(n, matrix, value, vector);
    for (int j = 0; j < n; j++) {
      for (int a = 0; a < n; a++) {
        d->root[j * n + a] = vector[a * n + j] * sqrt(fmax(value[a], 0));
      }
    }
  }
  release(matrix);
  release(vector);
  return ready;
}

static bool is_finite(const fit_draws *d, const double *covariance)
{
  bool finite = d->of.n >= 1 && d->of.n <= FIT_PARAMETERS_MAX;
  for (int j = 0; j < d->of.n && finite; j++) {
    finite = isfinite(d->centre[j]) && d->low[j] <= d->high[j];
  }
  for (int i = 0; i < d->of.n * d->of.n && finite; i++) {
    finite = isfinite(covariance[i]);
  }
  return finite;
}

static void scale_all(fit_draws *d)
{
  for (int j = 0; j < d->of.n; j++) {
    d->centre[j] = fit_scaled(d->of.scale[j], d->of.value[j]);
    d->low[j] = fit_scaled(d->of.scale[j], d->of.low[j]);
    d->high[j] = fit_scaled(d->of.scale[j], d->of.high[j]);
  }
}

fit_draws *fit_draws_open(const fit_distribution *of, uint64_t seed, stepdose_error *error)
{
  fit_draws *d = allocate_zeroed(1, sizeof *d);
  if (d == NULL) {
    error_no_memory(error, "preparing draws of parameters");
    return NULL;
  }
  d->of = *of;
  d->seed = seed;
  scale_all(d);
  bool done = is_finite(d, of->covariance) ||
              error_set(error, STEPDOSE_OUT_OF_RANGE, "calibrate anew",
                        "fitted parameters or their covariance are not finite");
  done = done &&
         (find_root(d, of->covariance) || error_no_memory(error, "preparing draws of parameters"));
  if (!done) {
    fit_draws_close(d);
    return NULL;
  }
  return d;
}

void fit_draws_close(fit_draws *d)
{
  if (d != NULL) {
    release(d->root);
    release(d);
  }
}

/* One try; false: outside of the bounds. */
static bool try_draw(const fit_draws *d, random_stream *stream, double *scaled)
{
  const int n = d->of.n;
  double z[FIT_PARAMETERS_MAX];
  bool within = true;
  for (int a = 0; a < n; a++) {
    z[a] = random_normal(stream);
  }
  for (int j = 0; j < n; j++) {
    scaled[j] = d->centre[j];
    for (int a = 0; a < n; a++) {
      scaled[j] += d->root[j * n + a] * z[a];
    }
    within = within && scaled[j] >= d->low[j] && scaled[j] <= d->high[j];
  }
  return within;
}

bool fit_draw(const fit_draws *d, long index, double *value)
{
  random_stream stream = random_open(d->seed, (uint64_t)index);
  double scaled[FIT_PARAMETERS_MAX];
  bool within = false;
  for (int i = 0; i < DRAW_TRIES && !within; i++) {
    within = try_draw(d, &stream, scaled);
  }
  for (int j = 0; j < d->of.n; j++) {
    const double inside = fmin(fmax(scaled[j], d->low[j]), d->high[j]);
    value[j] = fmin(fmax(fit_unscaled(d->of.scale[j], inside), d->of.low[j]), d->of.high[j]);
  }
  return within;
}
