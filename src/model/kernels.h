/* What the integrator needs of a model, for one lane width. Every array holds `lanes` patients side
 * by side: item i of patient p stands at [i * lanes + p]; arrays are aligned to KERNEL_ALIGNMENT.
 */
#ifndef MODEL_KERNELS_H
#define MODEL_KERNELS_H

#include "model/model.h"

enum {
  KERNEL_ALIGNMENT = 64,
  KERNEL_LANES_MAX = 8,
  KERNEL_LOG10_TUMOR = OUTPUTS_MAX,
  KERNEL_OUTPUTS = OUTPUTS_MAX + 1
};

typedef struct model_kernels {
  int lanes;
  int n_nonzeros; /* of the Jacobian */
  int n_factors;  /* size of `factors` */
  /* Rates of change of the states per day, without infusions. derived (n_derived), state and rate
   * (n_states). */
  void (*rates)(const double *derived, const double *state, double *rate);
  /* The same, and the Jacobian's nonzeros (n_nonzeros). */
  void (*jacobian)(const double *derived, const double *state, double *rate, double *jacobian);
  /* Factors shift*I - J; shift (1): each patient its own. */
  void (*factor)(const double *jacobian, const double *shift, double *factors);
  /* Solves (shift*I - J) x = right-hand side, in place; x (n_states). */
  void (*solve)(const double *jacobian, const double *factors, double *x);
  /* Outputs [0, model.n_outputs) and KERNEL_LOG10_TUMOR, log10 of the tumour floored at one cell;
   * the others are left as they are. output (KERNEL_OUTPUTS). */
  void (*outputs)(const double *derived, const double *state, double *output);
  /* Index of J_ij among the nonzeros, or -1: for tests. */
  int (*entry)(int i, int j);
} model_kernels;

#endif
