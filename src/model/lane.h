/* A lane: the same quantity of LANES patients side by side. Model kernels and the integrator's step
 * are written once in this type and compiled once per width (-DLANES=1, 2, 4, 8); with LANES 1 it is
 * a plain double. lane_name(f) gives each width its own symbol: f_w1, f_w2, ...
 *
 * exp and log of wide lanes come from SLEEF (at most 1.0 ulp), of a single patient from the C
 * library. Where SLEEF has nothing for the machine, lanes are taken apart. */
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

/* a where yes is 1, b where it is 0 */
static inline lane lane_choose(lane yes, lane a, lane b) { return yes > 0 ? a : b; }

static inline lane lane_exp(lane a) { return exp(a); }

static inline lane lane_log(lane a) { return log(a); }

static inline double lane_get(lane a, int i) { return (void)i, a; }

#else

/* may_alias: kernels see arrays of double as arrays of lanes */
typedef double lane __attribute__((vector_size(8 * LANES), may_alias));
typedef int64_t lane_mask __attribute__((vector_size(8 * LANES), may_alias));

static inline lane lane_set(double x) { return x - (lane){0}; }

static inline lane lane_pick(lane_mask m, lane a, lane b)
{
  return (lane)(((lane_mask)a & m) | ((lane_mask)b & ~m));
}

static inline lane lane_max(lane a, lane b) { return lane_pick(a > b, a, b); }

static inline lane lane_min(lane a, lane b) { return lane_pick(a < b, a, b); }

static inline lane lane_above(lane a, lane b)
{
  return lane_pick(a > b, lane_set(1.0), lane_set(0.0));
}

static inline lane lane_choose(lane yes, lane a, lane b)
{
  return lane_pick(yes > lane_set(0.0), a, b);
}

static inline double lane_get(lane a, int i) { return a[i]; }

#if LANES == 8 && defined(__AVX512F__)
#include <sleef.h>
static inline lane lane_exp(lane a) { return (lane)Sleef_expd8_u10avx512f((__m512d)a); }

static inline lane lane_log(lane a) { return (lane)Sleef_logd8_u10avx512f((__m512d)a); }
#elif LANES == 4 && defined(__AVX2__)
#include <sleef.h>
static inline lane lane_exp(lane a) { return (lane)Sleef_expd4_u10avx2((__m256d)a); }

static inline lane lane_log(lane a) { return (lane)Sleef_logd4_u10avx2((__m256d)a); }
#elif LANES == 2 && defined(__SSE2__)
#include <sleef.h>
static inline lane lane_exp(lane a) { return (lane)Sleef_expd2_u10sse2((__m128d)a); }

static inline lane lane_log(lane a) { return (lane)Sleef_logd2_u10sse2((__m128d)a); }
#else
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

#endif

/* Whether any patient's value is positive; one that is not a number is not. */
static inline bool lane_any_positive(lane a)
{
  for (int i = 0; i < LANES; i++) {
    if (lane_get(a, i) > 0) {
      return true;
    }
  }
  return false;
}

#endif
