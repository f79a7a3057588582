/* The module that R and Python load: model and Jacobian for deSolve, compiled from the very kernel
 * of src/model (width 1), and the score of an answer. All arguments are pointers, as R's .C wants
 * them.
 *
 * deSolve calls module_open once per run, module_rates and module_jacobian while it integrates, and
 * module_event at the start of every segment but the first; it restarts its solver there and never
 * steps past it. */
#include "score.h"
#include "system.h"

#include <string.h>

#define EXPORT __attribute__((visibility("default")))

extern const model_kernels hosseini2020_kernels_w1;

enum { SEGMENTS_MAX = 32 };

/* What module_open receives: the constants, then the segments. In the order of parameters in
 * desolve.R. */
typedef struct parameters {
  double derived[HOSSEINI2020_DERIVED];
  double n_segments;
  double start[SEGMENTS_MAX], drug_rate[SEGMENTS_MAX], margination[SEGMENTS_MAX];
} parameters;

enum { PARAMETERS = sizeof(parameters) / sizeof(double) };

static parameters given;
static peer_system peer;

/* deSolve's convention: fills `n` doubles at `values`. */
EXPORT void module_open(void (*copy_parameters)(int *n, double *values));
EXPORT void module_rates(const int *n, const double *t, const double *y, double *rate, double *out,
                         const int *ip);
EXPORT void module_jacobian(const int *n, const double *t, const double *y, const int *below,
                            const int *above, double *pd, const int *stride, double *out,
                            const int *ip);
EXPORT void module_event(const int *n, const double *t, double *y);
EXPORT void module_score(const int *n, const double *day, const double *state,
                         const double *derived, const double *reference, double *error);

void module_open(void (*copy_parameters)(int *n, double *values))
{
  int n = PARAMETERS;
  copy_parameters(&n, given.derived);
  system_open(&peer, &hosseini2020_kernels_w1, given.derived);
  peer.drug_rate = given.drug_rate[0];
}

void module_rates(const int *n, const double *t, const double *y, double *rate, double *out,
                  const int *ip)
{
  (void)n, (void)t, (void)out, (void)ip;
  system_rates(&peer, y, rate);
}

void module_jacobian(const int *n, const double *t, const double *y, const int *below,
                     const int *above, double *pd, const int *stride, double *out, const int *ip)
{
  (void)n, (void)t, (void)below, (void)above, (void)out, (void)ip;
  double rate[SYSTEM_N];
  system_dense_jacobian(&peer, y, pd, *stride, rate);
}

void module_event(const int *n, const double *t, double *y)
{
  (void)n;
  for (int s = 0; s < (int)given.n_segments; s++) {
    if (fabs(given.start[s] - *t) < 1e-9) {
      peer.drug_rate = given.drug_rate[s];
      y[MARGINATION] += given.margination[s];
    }
  }
}

/* day (n); state (n x SYSTEM_N), row by row; reference as in reference.csv; error: peak, tumour on
 * day 84, day 84, daily. */
void module_score(const int *n, const double *day, const double *state, const double *derived,
                  const double *reference, double *error)
{
  static w1_answer answer, exact;
  exact.il6_peak = reference[0];
  memcpy(exact.value, reference + 1, sizeof exact.value);
  score_answer(&hosseini2020_kernels_w1, derived, *n, SYSTEM_N, day, state, &answer);
  const w1_error e = w1_compare(&answer, &exact);
  error[0] = e.peak;
  error[1] = e.tumor;
  error[2] = e.day84;
  error[3] = e.daily;
}
