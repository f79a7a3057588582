/* What of a Rosenbrock method does not depend on the lane width. */
#include "simulate/rosenbrock.h"

#include "model/width.h"

#include <math.h>
#include <stddef.h>

WIDTH_DECLARE(rosenbrock_code, rosenbrock_code);

static long round_up(long count)
{
  const long unit = KERNEL_ALIGNMENT / (long)sizeof(double);
  return (count + unit - 1) / unit * unit;
}

long rosenbrock_scratch_size(int n_states, const model_kernels *kernels)
{
  const long vector = round_up((long)n_states * kernels->lanes);
  const long vectors = 5 + ROSENBROCK_STAGES_MAX + ROSENBROCK_DENSE_MAX; /* see rosenbrock_open */
  return vectors * vector + round_up((long)kernels->n_nonzeros * kernels->lanes) +
         round_up((long)kernels->n_factors * kernels->lanes);
}

void rosenbrock_open(rosenbrock *r, const rosenbrock_method *method, const model_kernels *kernels,
                     int n_states, const double *scale, double *scratch)
{
  *r = (rosenbrock){.method = method, .kernels = kernels, .n_states = n_states, .scale = scale};
  r->code = WIDTH_CHOOSE(kernels->lanes, rosenbrock_code);
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

void rosenbrock_try(rosenbrock *r, const lane_numbers *h, step_verdict *verdict)
{
  r->code->try_step(r, h, verdict);
}

void rosenbrock_accept(rosenbrock *r, const bool *accepted) { r->code->accept(r, accepted); }

void rosenbrock_interpolate(rosenbrock *r, const lane_numbers *x, double *out)
{
  r->code->interpolate(r, x, out);
}

/* State of a patient that is largest in units of its scale. */
static int largest_state(const rosenbrock *r, int patient)
{
  int at = 0;
  double largest = -1;
  for (int i = 0; i < r->n_states; i++) {
    const double size = fabs(r->state[i * r->kernels->lanes + patient]) / r->scale[i];
    if (size > largest) {
      largest = size;
      at = i;
    }
  }
  return at;
}

int rosenbrock_worst_state(const rosenbrock *r, int patient)
{
  const double *error = r->stage[r->method->stages - 1];
  int worst = 0;
  double largest = -1;
  for (int i = 0; i < r->n_states; i++) {
    const int at = i * r->kernels->lanes + patient;
    const double size = r->scale[i] + fmax(fabs(r->state[at]), fabs(r->next[at]));
    const double scaled = fabs(error[at]) / size;
    if (!isfinite(scaled)) { /* it has spread through the linear solve: blame what has grown */
      return largest_state(r, patient);
    }
    if (scaled > largest) {
      largest = scaled;
      worst = i;
    }
  }
  return worst;
}
