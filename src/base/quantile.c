/* Normal quantile by GSL (Wichura, Algorithm AS 241); beta quantile by bisection of GSL's
 * incomplete beta function: GSL's own inverse aborts the program where its iteration does not
 * converge. */
#include "base/quantile.h"

#include <math.h>
#include <pthread.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>

enum { BISECTIONS = 60 }; /* down to 2^-60 of the unit interval */

double normal_probability(double z) { return 0.5 * erfc(-z / sqrt(2)); }

double normal_quantile(double u) { return gsl_cdf_ugaussian_Pinv(u); }

static void turn_handler_off(void) { gsl_set_error_handler_off(); }

/* The only function of GSL in this library that can fail is the beta distribution. */
double beta_quantile(double u, double alpha, double beta)
{
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, turn_handler_off);
  if (!(u >= 0 && u <= 1 && alpha > 0 && beta > 0 && isfinite(alpha) && isfinite(beta))) {
    return NAN;
  }
  double low = 0;
  double high = 1;
  for (int i = 0; i < BISECTIONS; i++) {
    const double middle = 0.5 * (low + high);
    if (gsl_cdf_beta_P(middle, alpha, beta) < u) {
      low = middle;
    } else {
      high = middle;
    }
  }
  return 0.5 * (low + high);
}
