/* A lane: the same quantity of LANES patients side by side. Model kernels and the integrator's step
 * are written once in this type and compiled once per width (-DLANES=1, 2, 4, 8); with LANES 1 it
 * is a plain double. lane_name(f) gives each width its own symbol: f_w1, f_w2, ...
 *
 * log of wide lanes comes from SLEEF (at most 1.0 ulp), exp is our own; a single patient uses the C
 * library. Where SLEEF has nothing for the machine, lanes are taken apart. */
#ifndef MODEL_LANE_H
#define MODEL_LANE_H

#include "model/width.h"

#include <math.h>
#include <stdint.h>

#ifndef LANES
#define LANES 1
#endif

#define lane_name(name) WIDTH_NAME(name, LANES)

#if LANES == 1

typedef double lane;

static inline lane lane_set(double x) { return x; }

static inline lane lane_max(lane a, lane b) { return a > b ? a : b; }

static inline lane lane_min(lane a, lane b) { return a < b ? a : b; }

/* 1 where a > b, else 0: the derivative of max(0, a - b) */
static inline lane lane_above(lane a, lane b) { return a > b ? 1.0 : 0.0; }

/* a where yes is 1, b where it is 0 */
static inline lane lane_choose(lane yes, lane a, lane b) { return yes > 0 ? a : b; }

static inline lane lane_fma(lane a, lane b, lane c) { return a * b + c; }

static inline lane lane_exp(lane a) { return exp(a); }

static inline lane lane_log(lane a) { return log(a); }

static inline lane lane_sqrt(lane a) { return sqrt(a); }

static inline double lane_get(lane a, int i) { return (void)i, a; }

#else

#if defined(__SSE2__)
#include <immintrin.h>
#include <sleef.h>
#endif

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

/* a * b + c, in one rounding where the width's instructions have it */
#if LANES == 8 && defined(__AVX512F__)
static inline lane lane_fma(lane a, lane b, lane c)
{
  return (lane)_mm512_fmadd_pd((__m512d)a, (__m512d)b, (__m512d)c);
}
#elif LANES == 4 && defined(__FMA__)
static inline lane lane_fma(lane a, lane b, lane c)
{
  return (lane)_mm256_fmadd_pd((__m256d)a, (__m256d)b, (__m256d)c);
}
#else
static inline lane lane_fma(lane a, lane b, lane c) { return a * b + c; }
#endif

/* exp for -708 <= a <= 708, clamped outside: 2^k e^r with |r| <= ln(2)/2, e^r by its Taylor
 * polynomial of degree 13, even and odd powers apart to shorten the chain. At most 1.1 ulp
 * (tests/model/test_lane.c). Ours, because SLEEF's took a fifth of a simulation. */
static inline lane lane_exp(lane a)
{
  const lane x = lane_max(lane_min(a, lane_set(708.0)), lane_set(-708.0));
  /* adding 1.5 * 2^52 rounds to a whole number and leaves it in the low bits (which -ffast-math
   * would optimise away) */
  const lane shifter = lane_set(0x1.8p52);
  const lane shifted = lane_fma(x, lane_set(0x1.71547652b82fep0), shifter), k = shifted - shifter;
  const lane r = lane_fma(k, lane_set(-0x1.ef35793c7673p-45), x - k * lane_set(0x1.62e42fefa38p-1));
  const lane r2 = r * r;
  static const double even[] = {1 / 479001600.0, 1 / 3628800.0, 1 / 40320.0, 1 / 720.0, 1 / 24.0};
  static const double odd[] = {1 / 6227020800.0, 1 / 39916800.0, 1 / 362880.0, 1 / 5040.0,
                               1 / 120.0};
  lane p = lane_set(even[0]), q = lane_set(odd[0]);
  for (int i = 1; i < 5; i++) {
    p = lane_fma(p, r2, lane_set(even[i]));
    q = lane_fma(q, r2, lane_set(odd[i]));
  }
  /* e^r - 1 - r = r^2/2 + r^3/6 + r^4 p + r^5 q */
  p = lane_fma(p, r2, lane_set(0.5));
  q = lane_fma(q, r2, lane_set(1 / 6.0));
  const lane power = lane_fma(lane_fma(q, r, p), r2, r) + lane_set(1.0);
  return (lane)((lane_mask)power + ((lane_mask)shifted << 52));
}

#if LANES == 8 && defined(__AVX512F__)
static inline lane lane_log(lane a) { return (lane)Sleef_logd8_u10avx512f((__m512d)a); }
#elif LANES == 4 && defined(__AVX2__)
static inline lane lane_log(lane a) { return (lane)Sleef_logd4_u10avx2((__m256d)a); }
#elif LANES == 2 && defined(__SSE2__)
static inline lane lane_log(lane a) { return (lane)Sleef_logd2_u10sse2((__m128d)a); }
#else
static inline lane lane_log(lane a)
{
  for (int i = 0; i < LANES; i++) {
    a[i] = log(a[i]);
  }
  return a;
}
#endif

/* correctly rounded on every width */
#if LANES == 8 && defined(__AVX512F__)
static inline lane lane_sqrt(lane a) { return (lane)_mm512_sqrt_pd((__m512d)a); }
#elif LANES == 4 && defined(__AVX__)
static inline lane lane_sqrt(lane a) { return (lane)_mm256_sqrt_pd((__m256d)a); }
#elif LANES == 2 && defined(__SSE2__)
static inline lane lane_sqrt(lane a) { return (lane)_mm_sqrt_pd((__m128d)a); }
#else
static inline lane lane_sqrt(lane a)
{
  for (int i = 0; i < LANES; i++) {
    a[i] = sqrt(a[i]);
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
