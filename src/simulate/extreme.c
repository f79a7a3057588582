/* What lies between the ends of a step. */
#include "simulate/extreme.h"

#include <stdbool.h>

static inline double quartic(const double g[EXTREME_POINTS], double x)
{
  const double a = x, b = x - 0.25, c = x - 0.5, d = x - 0.75, e = x - 1;
  return 32.0 / 3 * (b * c * d * e * g[0] + a * b * c * d * g[4]) -
         128.0 / 3 * (a * c * d * e * g[1] + a * b * c * e * g[3]) + 64 * a * b * d * e * g[2];
}

/* By golden section. */
extreme extreme_largest(const double g[EXTREME_POINTS], double vertex)
{
  const double golden = 0.6180339887498949;
  double low = vertex > 0.5 ? vertex - 0.5 : 0, high = vertex < 0.5 ? vertex + 0.5 : 1;
  double a = high - golden * (high - low), b = low + golden * (high - low);
  double at_a = quartic(g, a), at_b = quartic(g, b);
  while (high - low > 1e-7) {
    if (at_a > at_b) {
      high = b, b = a, at_b = at_a;
      a = high - golden * (high - low);
      at_a = quartic(g, a);
    } else {
      low = a, a = b, at_a = at_b;
      b = low + golden * (high - low);
      at_b = quartic(g, b);
    }
  }
  return at_a > at_b ? (extreme){at_a, a} : (extreme){at_b, b};
}

/* Where the quartic crosses `level` between low and high, on different sides of it: by bisection.
 */
static double crossing(const double g[EXTREME_POINTS], double level, double low, double high,
                       bool low_is_above)
{
  while (high - low > 1e-9) {
    const double middle = (low + high) / 2;
    if ((quartic(g, middle) > level) == low_is_above) {
      low = middle;
    } else {
      high = middle;
    }
  }
  return (low + high) / 2;
}

double extreme_share_above(const double g[EXTREME_POINTS], double level)
{
  enum { SECTIONS = 16 };
  double share = 0;
  bool was_above = g[0] > level;
  for (int i = 0; i < SECTIONS; i++) {
    const double low = i / (double)SECTIONS, high = (i + 1) / (double)SECTIONS;
    const bool is_above = quartic(g, high) > level;
    if (was_above != is_above) {
      const double x = crossing(g, level, low, high, was_above);
      share += was_above ? x - low : high - x;
    } else {
      share += was_above ? high - low : 0;
    }
    was_above = is_above;
  }
  return share;
}
