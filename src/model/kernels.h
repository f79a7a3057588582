/* What the integrator needs of a model, for one lane width. Every array holds `lanes` patients side
 * by side: item i of patient p stands at [i * lanes + p]; arrays are aligned to KERNEL_ALIGNMENT. */
#ifndef MODEL_KERNELS_H
#define MODEL_KERNELS_H

enum { KERNEL_ALIGNMENT = 64, KERNEL_LANES_MAX = 8 };

typedef struct model_kernels {
  int lanes;
  int n_nonzeros; /* of the Jacobian */
  int n_factors;  /* size of `factors` */
  /* Rates of change of the states per day, without infusions. derived (n_derived), state and rate
   * (n_states). */
  void (*rates)(const double *derived, const double *state, double *rate);
  /* The same, and the Jacobian's nonzeros (n_nonzeros). */
  void (*jacobian)(const double *derived, const double *state, double *rate, double *jacobian);
  /* Factors shift*I - J. */
  void (*factor)(const double *jacobian, double shift, double *factors);
  /* Solves (shift*I - J) x = right-hand side, in place; x (n_states). */
  void (*solve)(const double *jacobian, const double *factors, double *x);
  /* The outputs every model gives (OUTPUT_COUNT), see model.h. */
  void (*outputs)(const double *derived, const double *state, double *output);
  /* Index of J_ij among the nonzeros, or -1: for tests. */
  int (*entry)(int i, int j);
} model_kernels;

#endif
