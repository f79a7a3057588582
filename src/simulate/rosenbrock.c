/* The step of a Rosenbrock method for a group of patients side by side. */
#include "simulate/rosenbrock.h"

#include <math.h>
#include <string.h>

static long round_up(long count)
{
  const long unit = KERNEL_ALIGNMENT / (long)sizeof(double);
  return (count + unit - 1) / unit * unit;
}

long rosenbrock_scratch_size(int n_states, const model_kernels *kernels)
{
  const long vector = round_up((long)n_states * kernels->lanes);
  const long vectors = 5 + ROSENBROCK_STAGES_MAX + ROSENBROCK_DENSE_MAX;
  return vectors * vector + round_up((long)kernels->n_nonzeros * kernels->lanes) +
         round_up((long)kernels->n_factors * kernels->lanes);
}

void rosenbrock_open(rosenbrock *r, const rosenbrock_method *method, const model_kernels *kernels,
                     int n_states, const double *scale, double *scratch)
{
  *r = (rosenbrock){.method = method, .kernels = kernels, .n_states = n_states, .scale = scale};
  r->n = n_states * kernels->lanes;
  const long vector = round_up(r->n);
  double **const vectors[] = {&r->state, &r->next, &r->input, &r->rate, &r->trial};
  for (int i = 0; i < 5; i++, scratch += vector) {
    *vectors[i] = scratch;
  }
  for (int i = 0; i < ROSENBROCK_STAGES_MAX; i++, scratch += vector) {
    r->stage[i] = scratch;
  }
  for (int i = 0; i < ROSENBROCK_DENSE_MAX; i++, scratch += vector) {
    r->dense[i] = scratch;
  }
  r->jacobian = scratch;
  r->factors = scratch + round_up((long)kernels->n_nonzeros * kernels->lanes);
}

void rosenbrock_restart(rosenbrock *r) { r->fresh = false; }

/* sum += factor * x, over all states of all patients */
static void add_scaled(int n, double factor, const double *restrict x, double *restrict sum)
{
  for (int i = 0; i < n; i++) {
    sum[i] += factor * x[i];
  }
}

static void refresh(rosenbrock *r)
{
  r->kernels->jacobian(r->derived, r->state, r->rate, r->jacobian);
  add_scaled(r->n, 1.0, r->input, r->rate);
  r->fresh = true;
}

static void stage(rosenbrock *r, int i, double h)
{
  const rosenbrock_method *m = r->method;
  double *k = r->stage[i];
  if (i == 0) {
    memcpy(k, r->rate, (size_t)r->n * sizeof *k);
    memcpy(r->trial, r->state, (size_t)r->n * sizeof *k);
  } else {
    memcpy(r->trial, r->state, (size_t)r->n * sizeof *k);
    for (int j = 0; j < i; j++) {
      add_scaled(r->n, m->a[i][j], r->stage[j], r->trial);
    }
    r->kernels->rates(r->derived, r->trial, k);
    add_scaled(r->n, 1.0, r->input, k);
    for (int j = 0; j < i; j++) {
      add_scaled(r->n, m->c[i][j] / h, r->stage[j], k);
    }
  }
  r->kernels->solve(r->jacobian, r->factors, k);
}

/* Error of state i of patient p in units of its tolerance. */
static double scaled_error(const rosenbrock *r, int i, int p)
{
  const int at = i * r->kernels->lanes + p;
  const double size = fmax(fabs(r->state[at]), fabs(r->next[at]));
  return fabs(r->stage[r->method->stages - 1][at]) / (r->tolerance * (r->scale[i] + size));
}

static double error_norm(const rosenbrock *r)
{
  double worst = 0;
  for (int p = 0; p < r->kernels->lanes; p++) {
    double sum = 0;
    for (int i = 0; i < r->n_states; i++) {
      const double e = scaled_error(r, i, p);
      sum += e * e;
    }
    const double norm = sqrt(sum / r->n_states);
    if (!isfinite(norm)) {
      return INFINITY;
    }
    worst = fmax(worst, norm);
  }
  return worst;
}

double rosenbrock_try(rosenbrock *r, double h)
{
  const int last = r->method->stages - 1;
  if (!r->fresh) {
    refresh(r);
  }
  r->kernels->factor(r->jacobian, 1 / (r->method->gamma * h), r->factors);
  for (int i = 0; i <= last; i++) {
    stage(r, i, h);
  }
  for (int i = 0; i < r->n; i++) {
    r->next[i] = r->trial[i] + r->stage[last][i];
  }
  r->dense_ready = false;
  return error_norm(r);
}

void rosenbrock_accept(rosenbrock *r)
{
  double *state = r->state;
  r->state = r->next;
  r->next = state;
  r->fresh = false;
}

static void prepare_dense(rosenbrock *r)
{
  for (int d = 0; d < r->method->dense; d++) {
    memset(r->dense[d], 0, (size_t)r->n * sizeof(double));
    for (int j = 0; j < r->method->stages; j++) {
      add_scaled(r->n, r->method->h[d][j], r->stage[j], r->dense[d]);
    }
  }
  r->dense_ready = true;
}

void rosenbrock_interpolate(rosenbrock *r, double x, double *out)
{
  if (!r->dense_ready) {
    prepare_dense(r);
  }
  const bool third = r->method->dense > 2;
  for (int i = 0; i < r->n; i++) {
    const double inner = third ? r->dense[1][i] + x * r->dense[2][i] : r->dense[1][i];
    const double bend = (1 - x) * (r->dense[0][i] + x * inner);
    out[i] = (1 - x) * r->state[i] + x * (r->next[i] + bend);
  }
}

/* State that is largest in units of its scale. */
static int largest_state(const rosenbrock *r)
{
  int at = 0;
  double largest = -1;
  for (int i = 0; i < r->n; i++) {
    const double size = fabs(r->state[i]) / r->scale[i / r->kernels->lanes];
    if (size > largest) {
      largest = size;
      at = i / r->kernels->lanes;
    }
  }
  return at;
}

int rosenbrock_worst_state(const rosenbrock *r)
{
  int worst = 0;
  double largest = -1;
  for (int i = 0; i < r->n_states; i++) {
    for (int p = 0; p < r->kernels->lanes; p++) {
      const double e = scaled_error(r, i, p);
      if (!isfinite(e)) { /* it has spread through the linear solve: blame what has grown */
        return largest_state(r);
      }
      if (e > largest) {
        largest = e;
        worst = i;
      }
    }
  }
  return worst;
}

double rosenbrock_step_factor(const rosenbrock_method *method, double error)
{
  const double safety = 0.9, smallest = 0.2, largest = 6.0;
  if (!isfinite(error)) {
    return smallest;
  }
  const double factor = safety * pow(fmax(error, 1e-10), -1.0 / (method->error_order + 1));
  return fmin(largest, fmax(smallest, factor));
}
