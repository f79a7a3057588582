/* A lane: the same quantity of LANES patients side by side. Model kernels and the integrator are written once in
 * this type and compiled once per width (-DLANES=1, 2, 4, 8); with LANES 1 it is a plain double.
 * lane_name(f) gives each width its own symbol: f_w1, f_w2, ... */
#ifndef MODEL_LANE_H
#define MODEL_LANE_H

#include <math.h>
#include <stdbool.h>
#include <stdint.h>

#ifndef LANES
#define LANES 1
#endif

#define LANE_PASTE_(name, width) name##_w##width
#define LANE_PASTE(name, width) LANE_PASTE_(name, width)
#define lane_name(name) LANE_PASTE(name, LANES)

#if LANES == 1

typedef double lane;

static inline lane lane_set(double x) { return x; }
static inline lane lane_max(lane a, lane b) { return a > b ? a : b; }
static inline lane lane_min(lane a, lane b) { return a < b ? a : b; }
/* 1 where a > b, else 0: the derivative of max(0, a - b) */
static inline lane lane_above(lane a, lane b) { return a > b ? 1.0 : 0.0; }
static inline lane lane_abs(lane a) { return fabs(a); }
static inline lane lane_exp(lane a) { return exp(a); }
static inline lane lane_log(lane a) { return log(a); }
static inline double lane_get(lane a, int i) { return (void)i, a; }
static inline void lane_put(lane *a, int i, double x) { (void)i, *a = x; }

#else

typedef double lane __attribute__((vector_size(8 * LANES), may_alias));
typedef int64_t lane_mask __attribute__((vector_size(8 * LANES), may_alias));

static inline lane lane_set(double x) { return x - (lane){0}; }
static inline lane lane_pick(lane_mask m, lane a, lane b)
{
  return (lane)(((lane_mask)a & m) | ((lane_mask)b & ~m));
}
static inline lane lane_max(lane a, lane b) { return lane_pick(a > b, a, b); }
static inline lane lane_min(lane a, lane b) { return lane_pick(a < b, a, b); }
static inline lane lane_above(lane a, lane b) { return lane_pick(a > b, lane_set(1.0), lane_set(0.0)); }
static inline lane lane_abs(lane a) { return lane_max(a, -a); }
static inline double lane_get(lane a, int i) { return a[i]; }
static inline void lane_put(lane *a, int i, double x) { (*a)[i] = x; }
static inline lane lane_exp(lane a)
{
  for (int i = 0; i < LANES; i++) {
    a[i] = exp(a[i]);
  }
  return a;
}
static inline lane lane_log(lane a)
{
  for (int i = 0; i < LANES; i++) {
    a[i] = log(a[i]);
  }
  return a;
}

#endif

static inline bool lane_all_finite(lane a)
{
  for (int i = 0; i < LANES; i++) {
    if (!isfinite(lane_get(a, i))) {
      return false;
    }
  }
  return true;
}

static inline double lane_largest(lane a)
{
  double largest = lane_get(a, 0);
  for (int i = 1; i < LANES; i++) {
    largest = lane_get(a, i) > largest ? lane_get(a, i) : largest;
  }
  return largest;
}

#endif
