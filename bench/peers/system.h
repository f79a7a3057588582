/* The model as a solver of y' = f(y) sees it during one segment: rates with the infusion, Jacobian
 * dense or sparse. Needs only the model's kernel, so that the module for R can hold it too. */
#ifndef PEERS_SYSTEM_H
#define PEERS_SYSTEM_H

#include "model/hosseini2020_derived.h"
#include "model/kernels.h"

enum { SYSTEM_N = HOSSEINI2020_STATES };

typedef struct peer_system {
  const model_kernels *kernels; /* width 1 */
  const double *derived;
  double drug_rate; /* ug/kg/day into TDB_CENTRAL */
  /* nonzeros of the Jacobian, column by column: entry k stands in row[k] and is nonzero at[k] of
   * the kernel */
  int column[SYSTEM_N + 1], row[SYSTEM_N * SYSTEM_N], at[SYSTEM_N * SYSTEM_N];
  double nonzeros[SYSTEM_N * SYSTEM_N]; /* scratch */
} peer_system;

void system_open(peer_system *s, const model_kernels *kernels, const double *derived);
void system_rates(const peer_system *s, const double *y, double *rate);
/* pd column by column, `stride` doubles from one column to the next; `rate` is scratch. */
void system_dense_jacobian(peer_system *s, const double *y, double *pd, int stride, double *rate);
/* Values in the order of row[]; `rate` is scratch. */
void system_sparse_jacobian(peer_system *s, const double *y, double *value, double *rate);

#endif
