/* The model as a solver of y' = f(y) sees it. */
#include "system.h"

#include <string.h>

void system_open(peer_system *s, const model_kernels *kernels, const double *derived)
{
  *s = (peer_system){.kernels = kernels, .derived = derived};
  int next = 0;
  for (int j = 0; j < SYSTEM_N; j++) {
    s->column[j] = next;
    for (int i = 0; i < SYSTEM_N; i++) {
      if (kernels->entry(i, j) >= 0) {
        s->row[next] = i;
        s->at[next++] = kernels->entry(i, j);
      }
    }
  }
  s->column[SYSTEM_N] = next;
}

void system_rates(const peer_system *s, const double *y, double *rate)
{
  s->kernels->rates(s->derived, y, rate);
  rate[TDB_CENTRAL] += s->drug_rate;
}

void system_dense_jacobian(peer_system *s, const double *y, double *pd, int stride, double *rate)
{
  s->kernels->jacobian(s->derived, y, rate, s->nonzeros);
  for (int j = 0; j < SYSTEM_N; j++) {
    double *column = pd + (long)j * stride;
    memset(column, 0, SYSTEM_N * sizeof *column);
    for (int k = s->column[j]; k < s->column[j + 1]; k++) {
      column[s->row[k]] = s->nonzeros[s->at[k]];
    }
  }
}

void system_sparse_jacobian(peer_system *s, const double *y, double *value, double *rate)
{
  s->kernels->jacobian(s->derived, y, rate, s->nonzeros);
  for (int k = 0; k < s->column[SYSTEM_N]; k++) {
    value[k] = s->nonzeros[s->at[k]];
  }
}
