/* The likelihood of one row: deviance, score and Fisher's information on the scale of the row.
 *
 * normal     deviance = strength (y - eta)^2
 * binomial   deviance = 2 strength [y ln(y/p) + (1-y) ln((1-y)/(1-p))], strength: patients
 * bounds     deviance = -2 ln Phi(sqrt(strength) (y - eta)) for "at most", mirrored for "at least"
 *
 * A prediction with a standard error of its own widens the row: its variance is added, patients
 * become n / (1 + n error^2 / (p (1-p))). */
#include "optimize/fit_state.h"

#include "base/quantile.h"

#include <math.h>

/* Probabilities nearer to 0 and 1 are taken for that far off. */
static const double PROBABILITY_EDGE = 1e-9;
static const double SQRT_TWO_PI = 2.5066282746310002;

/* --- scales and names --------------------------------------------------------------------------
 */

const char *fit_scale_name(fit_scale scale)
{
  static const char *const names[] = {
#define X(id, name, unit, meaning) name,
      FIT_SCALES(X)
#undef X
  };
  return names[scale];
}

const char *fit_scale_unit(fit_scale scale)
{
  static const char *const units[] = {
#define X(id, name, unit, meaning) unit,
      FIT_SCALES(X)
#undef X
  };
  return units[scale];
}

const char *fit_law_name(fit_law law)
{
  static const char *const names[] = {
#define X(id, name, meaning) name,
      FIT_LAWS(X)
#undef X
  };
  return names[law];
}

double fit_scaled(fit_scale scale, double value)
{
  switch (scale) {
  case FIT_SCALE_LOG10:
    return value > 0 ? log10(value) : (double)NAN;
  case FIT_SCALE_LOGIT:
    return value > 0 && value < 1 ? log(value / (1 - value)) : (double)NAN;
  case FIT_SCALE_LINEAR:
  case FIT_SCALE_COUNT:
    break;
  }
  return value;
}

double fit_unscaled(fit_scale scale, double scaled)
{
  switch (scale) {
  case FIT_SCALE_LOG10:
    return pow(10, scaled);
  case FIT_SCALE_LOGIT:
    return 1 / (1 + exp(-scaled));
  case FIT_SCALE_LINEAR:
  case FIT_SCALE_COUNT:
    break;
  }
  return scaled;
}

/* --- a row -------------------------------------------------------------------------------------
 */

bool fit_row_usable(const fit_row *row)
{
  if (row->law == FIT_LAW_BINOMIAL) {
    return row->observed >= 0 && row->observed <= 1 && row->n > 0 && isfinite(row->n);
  }
  return isfinite(fit_scaled(row->scale, row->observed)) && row->sd > 0 && isfinite(row->sd);
}

double fit_row_eta(const fit_row *row, double predicted)
{
  if (row->law == FIT_LAW_BINOMIAL) {
    return predicted >= 0 && predicted <= 1 ? predicted : (double)NAN;
  }
  const double eta = fit_scaled(row->scale, predicted);
  return isfinite(eta) ? eta : (double)NAN;
}

double fit_row_predicted(const fit_row *row, double eta)
{
  return row->law == FIT_LAW_BINOMIAL ? eta : fit_unscaled(row->scale, eta);
}

static double inside(double p) { return fmin(fmax(p, PROBABILITY_EDGE), 1 - PROBABILITY_EDGE); }

double fit_row_strength(const fit_row *row, double eta, double error)
{
  if (row->law == FIT_LAW_BINOMIAL) {
    const double p = inside(eta);
    return row->n / (1 + row->n * error * error / (p * (1 - p)));
  }
  return 1 / (row->sd * row->sd + error * error);
}

/* a ln(a/b), 0 at a = 0 */
static double relative(double a, double b) { return a > 0 ? a * log(a / b) : 0; }

static fit_term binomial_term(double y, double eta, double strength)
{
  const double p = inside(eta), variance = p * (1 - p);
  return (fit_term){2 * strength * (relative(y, p) + relative(1 - y, 1 - p)),
                    strength * (y - p) / variance, strength / variance};
}

/* phi(z) / Phi(z); far below by the continued fraction of Laplace. */
static double normal_hazard(double z)
{
  enum { DEPTH = 60 };
  if (z > -5) {
    return exp(-z * z / 2) / (SQRT_TWO_PI * normal_probability(z));
  }
  double tail = -z;
  for (int k = DEPTH; k > 0; k--) {
    tail = -z + k / tail;
  }
  return tail;
}

/* -ln Phi(z) = z^2/2 + ln sqrt(2 pi) + ln(phi/Phi) */
static fit_term bound_term(double distance, double strength, double side)
{
  const double root = sqrt(strength), z = side * distance * root;
  const double hazard = normal_hazard(z);
  const double log_probability =
      z > -5 ? log(normal_probability(z)) : -z * z / 2 - log(SQRT_TWO_PI * hazard);
  return (fit_term){-2 * log_probability, -side * root * hazard, strength * hazard * (hazard + z)};
}

fit_term fit_row_term(const fit_row *row, double eta, double strength)
{
  if (isnan(eta)) {
    return (fit_term){FIT_NOT_PREDICTED, 0, 0};
  }
  if (row->law == FIT_LAW_BINOMIAL) {
    return binomial_term(row->observed, eta, strength);
  }
  const double distance = fit_scaled(row->scale, row->observed) - eta;
  switch (row->law) {
  case FIT_LAW_AT_MOST:
    return bound_term(distance, strength, 1);
  case FIT_LAW_AT_LEAST:
    return bound_term(distance, strength, -1);
  default:
    return (fit_term){strength * distance * distance, strength * distance, strength};
  }
}

double fit_row_sigmas(const fit_row *row, double eta, double strength)
{
  if (isnan(eta) || !fit_row_usable(row)) {
    return NAN;
  }
  if (row->law == FIT_LAW_BINOMIAL) {
    const fit_term t = binomial_term(row->observed, eta, strength);
    return copysign(sqrt(fmax(t.deviance, 0)), row->observed - eta);
  }
  const double sigmas = (fit_scaled(row->scale, row->observed) - eta) * sqrt(strength);
  return row->law == FIT_LAW_AT_MOST    ? fmin(sigmas, 0)
         : row->law == FIT_LAW_AT_LEAST ? fmax(sigmas, 0)
                                        : sigmas;
}
