/* The step of a Rosenbrock method for a group of patients side by side: compiled once per lane
 * width. */
#include "model/lane.h"
#include "simulate/rosenbrock.h"

#include <string.h>

/* at = base + sum_j a_j k_j and, if c is given, earlier = sum_j c_j k_j, over `count` lanes: one
 * pass over the stages. The number of terms is a constant in every call, so that sums stay in
 * registers. */
static inline __attribute__((always_inline)) void sum_terms(int count, int terms, const double *a,
                                                            const double *c, double *const *k,
                                                            const lane *base, lane *at,
                                                            lane *earlier)
{
  for (int i = 0; i < count; i++) {
    lane sum = base ? base[i] : lane_set(0.0), other = lane_set(0.0);
    for (int j = 0; j < terms; j++) {
      const lane kj = ((const lane *)k[j])[i];
      sum = lane_fma(lane_set(a[j]), kj, sum);
      if (c) {
        other = lane_fma(lane_set(c[j]), kj, other);
      }
    }
    at[i] = sum;
    if (c) {
      earlier[i] = other;
    }
  }
}

/* What stage i is made of, from the stages before it. */
static void combine_earlier(const rosenbrock *r, int i, lane *at, lane *earlier)
{
  const double *a = r->method->a[i], *c = r->method->c[i];
  const lane *y = (const lane *)r->state;
  switch (i) {
  case 1:
    sum_terms(r->n_states, 1, a, c, r->stage, y, at, earlier);
    break;
  case 2:
    sum_terms(r->n_states, 2, a, c, r->stage, y, at, earlier);
    break;
  case 3:
    sum_terms(r->n_states, 3, a, c, r->stage, y, at, earlier);
    break;
  case 4:
    sum_terms(r->n_states, 4, a, c, r->stage, y, at, earlier);
    break;
  case 5:
    sum_terms(r->n_states, 5, a, c, r->stage, y, at, earlier);
    break;
  case 6:
    sum_terms(r->n_states, 6, a, c, r->stage, y, at, earlier);
    break;
  default:
    sum_terms(r->n_states, 7, a, c, r->stage, y, at, earlier);
    break;
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
  lane *k = (lane *)r->stage[i];
  if (i == 0) {
    memcpy(k, r->rate, (size_t)r->n * sizeof(double));
  } else {
    /* dense[0] is free until the step is done: it takes the sum of earlier stages */
    lane *earlier = (lane *)r->dense[0];
    const lane *input = (const lane *)r->input;
    combine_earlier(r, i, (lane *)r->trial, earlier);
    r->kernels->rates(r->derived, r->trial, r->stage[i]);
    for (int s = 0; s < r->n_states; s++) {
      k[s] += lane_fma(per_step, earlier[s], input[s]);
    }
  }
  r->kernels->solve(r->jacobian, r->factors, r->stage[i]);
}

/* Root mean square over states of the error in units of its tolerance, and the step size that would
 * have met it: h * factor. */
static void judge(const rosenbrock *r, step_verdict *verdict)
{
  const lane *y = (const lane *)r->state, *z = (const lane *)r->next;
  const lane *e = (const lane *)r->stage[r->method->stages - 1];
  const lane tolerance = lane_set(r->tolerance), safety = lane_set(0.9);
  lane sum = lane_set(0.0);
  for (int i = 0; i < r->n_states; i++) {
    const lane size = lane_max(lane_max(y[i], -y[i]), lane_max(z[i], -z[i]));
    const lane scaled = e[i] / (tolerance * (lane_set(r->scale[i]) + size));
    sum = lane_fma(scaled, scaled, sum);
  }
  const lane square = sum / lane_set((double)r->n_states);
  /* error^(-1/(p+1)) = exp(-log(error^2) / (2 (p+1))) */
  const lane power = lane_set(-0.5 / (r->method->error_order + 1));
  const lane factor = safety * lane_exp(power * lane_log(lane_max(square, lane_set(1e-20))));
  const lane smallest = lane_set(ROSENBROCK_FACTOR_MIN), largest = lane_set(ROSENBROCK_FACTOR_MAX);
  *(lane *)verdict->factor.at = lane_max(smallest, lane_min(largest, factor));
  for (int p = 0; p < LANES; p++) {
    const double s = lane_get(square, p);
    const bool finite = isfinite(s);
    verdict->error.at[p] = finite ? sqrt(s) : (double)INFINITY;
    verdict->factor.at[p] = finite ? verdict->factor.at[p] : ROSENBROCK_FACTOR_MIN;
  }
}

static void try_step(rosenbrock *r, const lane_numbers *h, step_verdict *verdict)
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
  judge(r, verdict);
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
    sum_terms(r->n_states, r->method->stages, r->method->h[d], NULL, r->stage, NULL,
              (lane *)r->dense[d], NULL);
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
