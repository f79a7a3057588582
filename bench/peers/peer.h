/* What a C peer has to offer: one segment of the workload by one solver. The rest is common to all
 * of them. */
#ifndef PEERS_PEER_H
#define PEERS_PEER_H

#include "workload.h"

typedef struct peer_solver {
  const char *name;
  /* Error allowed: tolerance * (|y| + scale). NULL when the solver cannot be made. Both pointers
   * are borrowed. */
  void *(*open)(peer_system *s, const workload *w, double tolerance);
  /* From y at the segment's start to its end: states at day[0..n-1] into out (n x SYSTEM_N), the
   * end being the last of them. `daily` marks those where a solver without interpolation may stop.
   */
  bool (*run)(void *solver, double start, int n, const double *day, const bool *daily,
              const double *y, double *out);
  void (*close)(void *solver);
  int n_tolerances;
  double tolerance[4]; /* by default */
} peer_solver;

/* Measures every solver at its tolerances, or at those of the command line, on the reference
 * patient or, if the command line begins with --cohort, on a sample of the cohort; the program's
 * exit code.
 */
int peer_main(int argc, char **argv, int n_solvers, const peer_solver *solvers);

#endif
