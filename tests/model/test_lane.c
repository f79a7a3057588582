/* exp and log of lanes, on every width that runs here, against the C library in long double. */
#include "base/random.h"
#include "model/lane_math.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

enum { TRIALS = 200000 };
static const int widths[] = {1, 2, 4, 8};

/* Distance in units of the last place of the true value. */
static double ulps(double y, long double truth)
{
  const double next = nextafter(fabs((double)truth), INFINITY);
  return (double)(fabsl((long double)y - truth) /
                  ((long double)next - fabsl((long double)(double)truth)));
}

static double worst_of(const lane_math *f, bool exponential, double low, double high, uint64_t seed)
{
  random_stream s = random_open(seed, 0);
  double worst = 0;
  for (int i = 0; i < TRIALS; i += f->lanes) {
    _Alignas(64) double x[8], y[8];
    for (int p = 0; p < f->lanes; p++) {
      const double u = low + random_uniform(&s) * (high - low);
      x[p] = exponential ? u : exp(u);
    }
    (exponential ? f->exponential : f->logarithm)(x, y);
    for (int p = 0; p < f->lanes; p++) {
      worst = fmax(worst, ulps(y[p], exponential ? expl(x[p]) : logl(x[p])));
    }
  }
  return worst;
}

Test(lane, exp_and_log_have_their_stated_accuracy)
{
  for (int w = 0; w < 4; w++) {
    const lane_math *f = lane_math_find(widths[w]);
    if (!f) {
      cr_log_warn("lanes of %d do not run on this processor: not tested\n", widths[w]);
      continue;
    }
    const double near = worst_of(f, true, -2, 2, 1), far = worst_of(f, true, -700, 700, 2);
    /* away from 1, where log is 0 and its last place vanishes */
    const double above = worst_of(f, false, 0.1, 200, 3), below = worst_of(f, false, -200, -0.1, 4);
    cr_log_info("width %d: exp %.2f and %.2f ulp, log %.2f and %.2f ulp\n", widths[w], near, far,
                above, below);
    cr_expect_lt(near, 1.1, "width %d: exp on [-2, 2] off by %g ulp", widths[w], near);
    cr_expect_lt(far, 1.1, "width %d: exp on [-700, 700] off by %g ulp", widths[w], far);
    cr_expect_lt(fmax(above, below), 1.0, "width %d: log off by %g ulp", widths[w],
                 fmax(above, below));
  }
}

Test(lane, exp_is_clamped_where_it_would_overflow)
{
  for (int w = 1; w < 4; w++) {
    const lane_math *f = lane_math_find(widths[w]);
    _Alignas(64) double x[8] = {1e4, -1e4, 708, -708, 0, 1e4, -1e4, 0}, y[8];
    if (f) {
      f->exponential(x, y);
      cr_expect(isfinite(y[0]) && y[0] > 1e307, "width %d: %g", widths[w], y[0]);
      cr_expect(y[1] >= 0 && y[1] < 1e-307, "width %d: %g", widths[w], y[1]);
    }
  }
}
