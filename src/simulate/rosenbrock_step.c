/* The step of a Rosenbrock method for a group of patients side by side: compiled once per lane width. */
#include "model/lane.h"
#include "simulate/rosenbrock.h"

#include <string.h>

/* out = base + sum_j factor_j x_j, over `count` lanes. The number of terms is a constant in every
 * call, so that the sum stays in registers. */
static inline __attribute__((always_inline)) void sum_terms(int count, int terms,
                                                            const double *factor,
                                                            double *const *x, const double *base,
                                                            double *out)
{
  lane *sum = (lane *)out;
  const lane *start = (const lane *)base;
  for (int i = 0; i < count; i++) {
    lane s = start[i];
    for (int j = 0; j < terms; j++) {
      s += lane_set(factor[j]) * ((const lane *)x[j])[i];
    }
    sum[i] = s;
  }
}

static void combine(int count, int terms, const double *factor, double *const *x,
                    const double *base, double *out)
{
  switch (terms) {
  case 1: sum_terms(count, 1, factor, x, base, out); break;
  case 2: sum_terms(count, 2, factor, x, base, out); break;
  case 3: sum_terms(count, 3, factor, x, base, out); break;
  case 4: sum_terms(count, 4, factor, x, base, out); break;
  case 5: sum_terms(count, 5, factor, x, base, out); break;
  case 6: sum_terms(count, 6, factor, x, base, out); break;
  case 7: sum_terms(count, 7, factor, x, base, out); break;
  default: sum_terms(count, 8, factor, x, base, out); break;
  }
}

static void add_input(const rosenbrock *r, double *rate)
{
  lane *sum = (lane *)rate;
  const lane *input = (const lane *)r->input;
  for (int i = 0; i < r->n_states; i++) {
    sum[i] += input[i];
  }
}

static void refresh(rosenbrock *r)
{
  r->kernels->jacobian(r->derived, r->state, r->rate, r->jacobian);
  add_input(r, r->rate);
  r->fresh = true;
}

static void stage(rosenbrock *r, int i, lane per_step)
{
  const rosenbrock_method *m = r->method;
  lane *k = (lane *)r->stage[i];
  if (i == 0) {
    memcpy(k, r->rate, (size_t)r->n * sizeof(double));
  } else {
    /* dense[0] is free until the step is done: it takes the sum of earlier stages */
    lane *earlier = (lane *)r->dense[0];
    const lane *input = (const lane *)r->input;
    combine(r->n_states, i, m->a[i], r->stage, r->state, r->trial);
    memset(earlier, 0, (size_t)r->n * sizeof(double));
    combine(r->n_states, i, m->c[i], r->stage, r->dense[0], r->dense[0]);
    r->kernels->rates(r->derived, r->trial, r->stage[i]);
    for (int s = 0; s < r->n_states; s++) {
      k[s] += input[s] + per_step * earlier[s];
    }
  }
  r->kernels->solve(r->jacobian, r->factors, r->stage[i]);
}

/* Root mean square over states of the error in units of its tolerance. */
static void error_norm(const rosenbrock *r, lane_numbers *error)
{
  const lane *y = (const lane *)r->state, *z = (const lane *)r->next;
  const lane *e = (const lane *)r->stage[r->method->stages - 1];
  lane sum = lane_set(0.0);
  for (int i = 0; i < r->n_states; i++) {
    const lane size = lane_max(lane_max(y[i], -y[i]), lane_max(z[i], -z[i]));
    const lane scaled = e[i] / (lane_set(r->tolerance) * (lane_set(r->scale[i]) + size));
    sum += scaled * scaled;
  }
  for (int p = 0; p < LANES; p++) {
    const double square = lane_get(sum, p) / r->n_states;
    error->at[p] = isfinite(square) ? sqrt(square) : (double)INFINITY;
  }
}

static void try_step(rosenbrock *r, const lane_numbers *h, lane_numbers *error)
{
  const int last = r->method->stages - 1;
  const lane per_step = lane_set(1.0) / *(const lane *)h->at;
  lane_numbers shift;
  *(lane *)shift.at = per_step / lane_set(r->method->gamma);
  if (!r->fresh) {
    refresh(r);
  }
  r->kernels->factor(r->jacobian, shift.at, r->factors);
  for (int i = 0; i <= last; i++) {
    stage(r, i, per_step);
  }
  const lane *embedded = (const lane *)r->trial, *correction = (const lane *)r->stage[last];
  lane *next = (lane *)r->next;
  for (int i = 0; i < r->n_states; i++) {
    next[i] = embedded[i] + correction[i];
  }
  r->dense_ready = false;
  error_norm(r, error);
}

static void accept(rosenbrock *r, const bool *accepted)
{
  lane_numbers yes;
  for (int p = 0; p < LANES; p++) {
    yes.at[p] = accepted[p] ? 1 : 0;
    r->fresh &= !accepted[p];
  }
  const lane take = *(const lane *)yes.at;
  lane *y = (lane *)r->state;
  const lane *z = (const lane *)r->next;
  for (int i = 0; i < r->n_states; i++) {
    y[i] = lane_choose(take, z[i], y[i]);
  }
}

static void prepare_dense(rosenbrock *r)
{
  for (int d = 0; d < r->method->dense; d++) {
    memset(r->dense[d], 0, (size_t)r->n * sizeof(double));
    combine(r->n_states, r->method->stages, r->method->h[d], r->stage, r->dense[d], r->dense[d]);
  }
  r->dense_ready = true;
}

static void interpolate(rosenbrock *r, const lane_numbers *x, double *out)
{
  if (!r->dense_ready) {
    prepare_dense(r);
  }
  const bool third = r->method->dense > 2;
  const lane at = *(const lane *)x->at, rest = lane_set(1.0) - at;
  const lane *y = (const lane *)r->state, *z = (const lane *)r->next;
  const lane *d0 = (const lane *)r->dense[0], *d1 = (const lane *)r->dense[1];
  const lane *d2 = (const lane *)r->dense[2];
  for (int i = 0; i < r->n_states; i++) {
    lane inner = d1[i];
    if (third) {
      inner += at * d2[i];
    }
    ((lane *)out)[i] = rest * y[i] + at * (z[i] + rest * (d0[i] + at * inner));
  }
}

extern const rosenbrock_code lane_name(rosenbrock_code);
const rosenbrock_code lane_name(rosenbrock_code) = {
    .lanes = LANES, .try_step = try_step, .accept = accept, .interpolate = interpolate};
