/* Rosenbrock methods: linearly implicit one-step methods for stiff systems y' = f(y).
 *
 * With W = I/(gamma h) - J, J = f'(y0), stage i of s solves
 *   W k_i = f(y0 + sum_j a_ij k_j) + sum_j (c_ij / h) k_j,      j < i,
 * and the step ends at y1 = y0 + sum_j b_j k_j. Both methods here are L-stable and stiffly accurate
 * in the form where the last stage argument is the embedded solution: y1 = y0 + sum_j a_sj k_j +
 * k_s, so k_s estimates the error. One evaluation of J, one factorisation, s evaluations of f a
 * step; a restart after a dose costs nothing, which is why they beat multistep methods on dosing
 * problems.
 *
 * Between the ends, y(t0 + x h) = (1-x) y0 + x (y1 + (1-x) (d_1 + x (d_2 + x d_3))), d_i = sum h_ij
 * k_j.
 *
 * Rodas4:  Hairer & Wanner, Solving Ordinary Differential Equations II (1996), section IV.7.
 * Rodas5P: Steinebach, Construction of Rosenbrock-Wanner method Rodas5P and numerical benchmarks
 * within the Julia Differential Equations package, BIT Numer Math 63:27 (2023). */
#ifndef SIMULATE_ROSENBROCK_H
#define SIMULATE_ROSENBROCK_H

#include "model/kernels.h"

#include <stdbool.h>

enum { ROSENBROCK_STAGES_MAX = 8, ROSENBROCK_DENSE_MAX = 3 };

typedef struct rosenbrock_method {
  const char *name;
  int order, error_order; /* of the step and of the embedded solution */
  int stages, dense;      /* number of stages, of dense-output vectors */
  double gamma;
  double a[ROSENBROCK_STAGES_MAX][ROSENBROCK_STAGES_MAX];
  double c[ROSENBROCK_STAGES_MAX][ROSENBROCK_STAGES_MAX];
  double h[ROSENBROCK_DENSE_MAX][ROSENBROCK_STAGES_MAX];
} rosenbrock_method;

extern const rosenbrock_method rosenbrock_rodas4, rosenbrock_rodas5p;

struct rosenbrock_code;

/* Patients side by side, kernels->lanes of them. Each has its own step size and is accepted or
 * rejected by itself: what a patient gets does not depend on its neighbours. All arrays are scratch
 * of the owner (rosenbrock_scratch_size doubles), item i of patient p at [i * lanes + p]. */
typedef struct rosenbrock {
  const rosenbrock_method *method;
  const model_kernels *kernels;
  const struct rosenbrock_code *code;
  int n_states, n;              /* n = n_states * lanes */
  const double *scale;          /* (n_states) a value that is small but not negligible */
  double tolerance;             /* a step's error is measured against tolerance * (scale + |y|) */
  double *derived;              /* constants of the patients, set by the owner */
  double *state, *next, *input; /* input: constant rates of infusions, added to the model's rates */
  double *rate, *jacobian, *factors, *trial;
  double *stage[ROSENBROCK_STAGES_MAX], *dense[ROSENBROCK_DENSE_MAX];
  bool fresh;       /* rate and jacobian belong to `state` */
  bool dense_ready; /* dense belongs to the last step tried */
} rosenbrock;

/* One number per patient, aligned for lanes. */
typedef struct lane_numbers {
  _Alignas(KERNEL_ALIGNMENT) double at[KERNEL_LANES_MAX];
} lane_numbers;

/* How a step went, per patient. error: 1 is the tolerance (root mean square over the states),
 * INFINITY if a value is not finite. factor: h * factor would have met the tolerance, with some
 * safety. */
typedef struct step_verdict {
  lane_numbers error, factor;
} step_verdict;
#define ROSENBROCK_FACTOR_MIN 0.2
#define ROSENBROCK_FACTOR_MAX 6.0

/* What is compiled once per lane width (rosenbrock_step.c). */
typedef struct rosenbrock_code {
  int lanes;
  void (*try_step)(rosenbrock *r, const lane_numbers *h, step_verdict *verdict);
  void (*accept)(rosenbrock *r, const bool *accepted);
  void (*interpolate)(rosenbrock *r, const lane_numbers *x, double *out);
} rosenbrock_code;

/* Doubles of scratch that a group needs. */
long rosenbrock_scratch_size(int n_states, const model_kernels *kernels);
/* `scratch` is aligned to KERNEL_ALIGNMENT and borrowed. */
void rosenbrock_open(rosenbrock *r, const rosenbrock_method *method, const model_kernels *kernels,
                     int n_states, const double *scale, double *scratch);

/* Must follow every change of state, input or derived from outside. */
void rosenbrock_restart(rosenbrock *r);

/* Tries a step of h days from state to next. */
void rosenbrock_try(rosenbrock *r, const lane_numbers *h, step_verdict *verdict);

/* Makes next the state of those patients (accepted: lanes). The step can no longer be interpolated.
 */
void rosenbrock_accept(rosenbrock *r, const bool *accepted);

/* State inside the step last tried, x in [0, 1]; out (n). */
void rosenbrock_interpolate(rosenbrock *r, const lane_numbers *x, double *out);

/* The state of a patient to blame for the step last tried: that with the largest error; if a value
 * was not finite, that which is largest in units of its scale. */
int rosenbrock_worst_state(const rosenbrock *r, int patient);

#endif
