/* Peer: GSL odeiv2, msbdf (with the analytic Jacobian) and rkf45. GSL does not interpolate: it
 * stops at every daily output; outputs between the ends of a step, for the peak, are cubic Hermite
 * from states and rates. usage: peer_gsl [TOLERANCE...] */
#include "peer.h"

#include "base/allocate.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_odeiv2.h>
#include <string.h>

static const double FIRST_STEP = 1e-3; /* days, after each restart: as our own engine */

typedef struct gsl {
  peer_system *system;
  gsl_odeiv2_system equations;
  gsl_odeiv2_driver *driver;
  double pd[SYSTEM_N * SYSTEM_N];
} gsl;

static int rates(double t, const double *y, double *rate, void *context)
{
  (void)t;
  system_rates(((gsl *)context)->system, y, rate);
  return GSL_SUCCESS;
}

static int jacobian(double t, const double *y, double *dfdy, double *dfdt, void *context)
{
  (void)t;
  gsl *g = context;
  system_dense_jacobian(g->system, y, g->pd, SYSTEM_N, dfdt);
  for (int i = 0; i < SYSTEM_N; i++) {
    for (int j = 0; j < SYSTEM_N; j++) {
      dfdy[i * SYSTEM_N + j] = g->pd[j * SYSTEM_N + i]; /* rows first here */
    }
    dfdt[i] = 0;
  }
  return GSL_SUCCESS;
}

static void close_gsl(void *solver)
{
  gsl *g = solver;
  if (g->driver) {
    gsl_odeiv2_driver_free(g->driver);
  }
  release(g);
}

static void *open_with(peer_system *s, const workload *w, double tolerance,
                       const gsl_odeiv2_step_type *type)
{
  gsl_set_error_handler_off();
  gsl *g = allocate_zeroed(1, sizeof *g);
  if (!g) {
    return NULL;
  }
  g->system = s;
  g->equations = (gsl_odeiv2_system){rates, jacobian, SYSTEM_N, g};
  /* error <= tolerance * (|y| + scale) */
  g->driver = gsl_odeiv2_driver_alloc_scaled_new(&g->equations, type, FIRST_STEP, tolerance,
                                                 tolerance, 1, 0, w->scale);
  if (!g->driver) {
    close_gsl(g);
    return NULL;
  }
  return g;
}

static void *open_msbdf(peer_system *s, const workload *w, double tolerance)
{
  return open_with(s, w, tolerance, gsl_odeiv2_step_msbdf);
}

static void *open_rkf45(peer_system *s, const workload *w, double tolerance)
{
  return open_with(s, w, tolerance, gsl_odeiv2_step_rkf45);
}

/* One accepted step with what interpolation needs. */
typedef struct step {
  double from, to;
  double y0[SYSTEM_N], y1[SYSTEM_N], rate0[SYSTEM_N], rate1[SYSTEM_N];
  bool rates_known;
} step;

static void hermite(const gsl *g, step *s, double day, double *out)
{
  const double h = s->to - s->from, x = (day - s->from) / h;
  if (!s->rates_known) {
    system_rates(g->system, s->y0, s->rate0);
    system_rates(g->system, s->y1, s->rate1);
    s->rates_known = true;
  }
  for (int i = 0; i < SYSTEM_N; i++) {
    const double rise = s->y1[i] - s->y0[i];
    const double bend = (1 - 2 * x) * rise + (x - 1) * h * s->rate0[i] + x * h * s->rate1[i];
    out[i] = (1 - x) * s->y0[i] + x * s->y1[i] + x * (x - 1) * bend;
  }
}

static int next_daily(int i, const bool *daily)
{
  while (!daily[i]) {
    i++;
  }
  return i;
}

static bool run(void *solver, double start, int n, const double *day, const bool *daily,
                const double *y, double *out)
{
  gsl *g = solver;
  gsl_odeiv2_driver *d = g->driver;
  double h = FIRST_STEP;
  step s = {.to = start};
  memcpy(s.y1, y, sizeof s.y1);
  gsl_odeiv2_driver_reset(d);
  for (int i = 0; i < n;) {
    const double stop = day[next_daily(i, daily)];
    s.from = s.to;
    memcpy(s.y0, s.y1, sizeof s.y0);
    s.rates_known = false;
    if (gsl_odeiv2_evolve_apply(d->e, d->c, d->s, &g->equations, &s.to, stop, &h, s.y1) !=
        GSL_SUCCESS) {
      return false;
    }
    for (; i < n && day[i] < s.to; i++) {
      hermite(g, &s, day[i], out + (long)i * SYSTEM_N);
    }
    if (i < n && day[i] == s.to) {
      memcpy(out + (long)i++ * SYSTEM_N, s.y1, sizeof s.y1);
    }
  }
  return true;
}

static const peer_solver solvers[] = {
    {"GSL msbdf C Jacobian", open_msbdf, run, close_gsl, 2, {1e-4, 1e-6}},
    {"GSL rkf45", open_rkf45, run, close_gsl, 2, {1e-4, 1e-6}},
};

int main(int argc, char **argv)
{
  return peer_main(argc, argv, sizeof solvers / sizeof solvers[0], solvers);
}
