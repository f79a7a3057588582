/* The two Rosenbrock methods on a problem with a known solution: Kaps' problem,
 *   y1' = -(2 + 1/eps) y1 + y2^2 / eps,   y2' = y1 - y2 (1 + y2),   y1 = exp(-2t), y2 = exp(-t). */
#include "simulate/rosenbrock.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* derived[0] is 1/eps */
static void rates(const double *derived, const double *y, double *rate)
{
  rate[0] = -(2 + derived[0]) * y[0] + y[1] * y[1] * derived[0];
  rate[1] = y[0] - y[1] * (1 + y[1]);
}

static void jacobian(const double *derived, const double *y, double *rate, double *jac)
{
  rates(derived, y, rate);
  jac[0] = -(2 + derived[0]);
  jac[1] = 2 * y[1] * derived[0];
  jac[2] = 1;
  jac[3] = -1 - 2 * y[1];
}

static void factor(const double *jac, const double *shift, double *f)
{
  const double a = *shift - jac[0], b = -jac[1], c = -jac[2], d = *shift - jac[3];
  const double determinant = a * d - b * c;
  f[0] = d / determinant, f[1] = -b / determinant, f[2] = -c / determinant, f[3] = a / determinant;
}

static void solve(const double *jac, const double *f, double *x)
{
  (void)jac;
  const double x0 = f[0] * x[0] + f[1] * x[1];
  x[1] = f[2] * x[0] + f[3] * x[1];
  x[0] = x0;
}

static const model_kernels kaps = {.lanes = 1,
                                   .n_nonzeros = 4,
                                   .n_factors = 4,
                                   .rates = rates,
                                   .jacobian = jacobian,
                                   .factor = factor,
                                   .solve = solve};
static const rosenbrock_method *const methods[] = {&rosenbrock_rodas4, &rosenbrock_rodas5p};

static _Alignas(KERNEL_ALIGNMENT) double scratch[512];
static const double scale[2] = {1, 1};

/* One patient: plain numbers instead of lanes. */
static double try_step(rosenbrock *r, double h)
{
  const lane_numbers step = {{h}};
  step_verdict verdict;
  rosenbrock_try(r, &step, &verdict);
  return verdict.error.at[0];
}

static void interpolate(rosenbrock *r, double x, double *y)
{
  const lane_numbers at = {{x}};
  rosenbrock_interpolate(r, &at, y);
}

static void accept(rosenbrock *r)
{
  const bool yes = true;
  rosenbrock_accept(r, &yes);
}

static void open_group(rosenbrock *r, const rosenbrock_method *method, double *stiffness)
{
  cr_assert_leq(rosenbrock_scratch_size(2, &kaps), 512);
  memset(scratch, 0, sizeof scratch);
  rosenbrock_open(r, method, &kaps, 2, scale, scratch);
  r->derived = stiffness;
  r->tolerance = 1;
  r->state[0] = r->state[1] = 1;
}

static double error_of(const double *y, double t)
{
  return fmax(fabs(y[0] - exp(-2 * t)), fabs(y[1] - exp(-t)));
}

/* Error at t = 1 after n equal steps; *inside gets the largest error between the steps, *estimate
 * the largest error estimate. */
static double run(const rosenbrock_method *method, double stiffness, int n, double *inside,
                  double *estimate)
{
  rosenbrock r;
  open_group(&r, method, &stiffness);
  const double h = 1.0 / n;
  *inside = *estimate = 0;
  for (int i = 0; i < n; i++) {
    *estimate = fmax(*estimate, try_step(&r, h));
    for (double x = 0.1; x < 0.95; x += 0.2) {
      double y[2];
      interpolate(&r, x, y);
      *inside = fmax(*inside, error_of(y, (i + x) * h));
    }
    accept(&r);
  }
  return error_of(r.state, 1);
}

Test(rosenbrock, observed_order_equals_stated_order)
{
  for (int m = 0; m < 2; m++) {
    double inside[2], estimate[2], error[2];
    error[0] = run(methods[m], 1, 16, &inside[0], &estimate[0]);
    error[1] = run(methods[m], 1, 32, &inside[1], &estimate[1]);
    const double order = log2(error[0] / error[1]);
    cr_expect(fabs(order - methods[m]->order) < 0.2, "%s: order %.2f, stated %d", methods[m]->name,
              order, methods[m]->order);
    /* the embedded solution is one order lower, and its local error one higher than its order */
    const double local = log2(estimate[0] / estimate[1]);
    cr_expect(fabs(local - methods[m]->error_order - 1) < 0.3, "%s: local order of estimate %.2f",
              methods[m]->name, local);
    /* dense output: one order lower than the method */
    const double between = log2(inside[0] / inside[1]);
    cr_expect(between > methods[m]->order - 0.5, "%s: order between steps %.2f", methods[m]->name,
              between);
  }
}

Test(rosenbrock, order_holds_over_repeated_halving)
{
  for (int m = 0; m < 2; m++) {
    double unused[2], last = run(methods[m], 1, 16, &unused[0], &unused[1]);
    for (int n = 32; n <= 128; n *= 2) {
      const double error = run(methods[m], 1, n, &unused[0], &unused[1]);
      const double order = log2(last / error);
      cr_expect(order > methods[m]->order - 0.2, "%s: %d steps, order %.2f", methods[m]->name, n,
                order);
      last = error;
    }
  }
}

Test(rosenbrock, stiff_problem_needs_no_small_steps)
{
  /* eps = 1e-8: an explicit method would need 1e8 steps */
  for (int m = 0; m < 2; m++) {
    double inside, estimate;
    const double error = run(methods[m], 1e8, 20, &inside, &estimate);
    cr_expect_lt(error, 1e-5, "%s: error %g", methods[m]->name, error);
  }
}

Test(rosenbrock, input_is_added_to_the_rates)
{
  /* y' = -y + 3 is Kaps' problem's second state with y1 fed by the input: compare with a tiny step
   */
  for (int m = 0; m < 2; m++) {
    rosenbrock r;
    double stiffness = 1;
    open_group(&r, methods[m], &stiffness);
    r.input[0] = 3;
    const double h = 1e-5;
    rosenbrock_restart(&r);
    try_step(&r, h);
    double rate[2];
    const double start[2] = {1, 1};
    rates(&stiffness, start, rate);
    cr_expect(fabs((r.next[0] - 1) / h - (rate[0] + 3)) < 1e-4, "%s", methods[m]->name);
  }
}

Test(rosenbrock, interpolation_meets_both_ends)
{
  for (int m = 0; m < 2; m++) {
    rosenbrock r;
    double stiffness = 10;
    open_group(&r, methods[m], &stiffness);
    try_step(&r, 0.1);
    double y[2];
    interpolate(&r, 0, y);
    cr_expect(y[0] == r.state[0] && y[1] == r.state[1], "%s: start", methods[m]->name);
    interpolate(&r, 1, y);
    cr_expect(y[0] == r.next[0] && y[1] == r.next[1], "%s: end", methods[m]->name);
  }
}

Test(rosenbrock, a_value_that_is_not_finite_is_an_infinite_error)
{
  rosenbrock r;
  double stiffness = 1;
  open_group(&r, &rosenbrock_rodas4, &stiffness);
  r.state[1] = NAN;
  cr_expect(isinf(try_step(&r, 0.1)));
}
