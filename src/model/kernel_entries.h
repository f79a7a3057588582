/* The entries by which the integrator reaches a model's kernel, and their table. Included at the
 * end of a kernel, which has defined `evaluate` and `outputs` and included its generated solver. */
#ifndef MODEL_KERNEL_ENTRIES_H
#define MODEL_KERNEL_ENTRIES_H

#include "model/kernels.h"
#include "model/lane.h"

static void rates(const double *derived, const double *state, double *rate)
{
  evaluate((const lane *)derived, (const lane *)state, (lane *)rate, NULL);
}

static void jacobian(const double *derived, const double *state, double *rate, double *jac)
{
  evaluate((const lane *)derived, (const lane *)state, (lane *)rate, (lane *)jac);
}

static void factor(const double *jac, const double *shift, double *factors)
{
  solver_factor((const lane *)jac, *(const lane *)shift, (lane *)factors);
}

static void solve(const double *jac, const double *factors, double *x)
{
  solver_solve((const lane *)jac, (const lane *)factors, (lane *)x);
}

static int entry(int i, int j) { return jacobian_index[i][j]; }

/* The table of this lane width; `name` as in WIDTH_DECLARE. */
#define KERNELS(name)                                                                              \
  extern const model_kernels lane_name(name);                                                      \
  const model_kernels lane_name(name) = {                                                          \
      .lanes = LANES,                                                                              \
      .n_nonzeros = JACOBIAN_NONZEROS,                                                             \
      .n_factors = SOLVER_FACTORS,                                                                 \
      .rates = rates,                                                                              \
      .jacobian = jacobian,                                                                        \
      .factor = factor,                                                                            \
      .solve = solve,                                                                              \
      .outputs = outputs,                                                                          \
      .entry = entry,                                                                              \
  }

#endif
