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

static void stage(rosenbrock *r, int i, double h)
{
  const rosenbrock_method *m = r->method;
  double *k = r->stage[i];
  if (i == 0) {
    memcpy(k, r->rate, (size_t)r->n * sizeof *k);
  } else {
    double c[ROSENBROCK_STAGES_MAX];
    for (int j = 0; j < i; j++) {
      c[j] = m->c[i][j] / h;
    }
    combine(r->n_states, i, m->a[i], r->stage, r->state, r->trial);
    r->kernels->rates(r->derived, r->trial, k);
    add_input(r, k);
    combine(r->n_states, i, c, r->stage, k, k);
  }
  r->kernels->solve(r->jacobian, r->factors, k);
}

/* Root mean square over states of the error in units of its tolerance; worst patient. */
static double error_norm(const rosenbrock *r)
{
  const lane *y = (const lane *)r->state, *z = (const lane *)r->next;
  const lane *e = (const lane *)r->stage[r->method->stages - 1];
  lane sum = lane_set(0.0);
  for (int i = 0; i < r->n_states; i++) {
    const lane size = lane_max(lane_max(y[i], -y[i]), lane_max(z[i], -z[i]));
    const lane scaled = e[i] / (lane_set(r->tolerance) * (lane_set(r->scale[i]) + size));
    sum += scaled * scaled;
  }
  double worst = 0;
  for (int p = 0; p < LANES; p++) {
    const double square = lane_get(sum, p) / r->n_states;
    if (!isfinite(square)) {
      return INFINITY;
    }
    worst = square > worst ? square : worst;
  }
  return sqrt(worst);
}

static double try_step(rosenbrock *r, double h)
{
  const int last = r->method->stages - 1;
  if (!r->fresh) {
    refresh(r);
  }
  r->kernels->factor(r->jacobian, 1 / (r->method->gamma * h), r->factors);
  for (int i = 0; i <= last; i++) {
    stage(r, i, h);
  }
  const lane *embedded = (const lane *)r->trial, *error = (const lane *)r->stage[last];
  lane *next = (lane *)r->next;
  for (int i = 0; i < r->n_states; i++) {
    next[i] = embedded[i] + error[i];
  }
  r->dense_ready = false;
  return error_norm(r);
}

static void prepare_dense(rosenbrock *r)
{
  for (int d = 0; d < r->method->dense; d++) {
    memset(r->dense[d], 0, (size_t)r->n * sizeof(double));
    combine(r->n_states, r->method->stages, r->method->h[d], r->stage, r->dense[d], r->dense[d]);
  }
  r->dense_ready = true;
}

static void interpolate(rosenbrock *r, double x, double *out)
{
  if (!r->dense_ready) {
    prepare_dense(r);
  }
  const bool third = r->method->dense > 2;
  const lane at = lane_set(x), rest = lane_set(1 - x);
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
    .lanes = LANES, .try_step = try_step, .interpolate = interpolate};
