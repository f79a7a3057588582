/* Which lane widths the processor can run: asked at run time, so that one binary runs everywhere.
 */
#include "model/width.h"

#include "model/lane_math.h"

#include <stddef.h>

bool width_runs(int lanes)
{
  switch (lanes) {
  case 1:
  case 2:
    return true;
#ifdef STEPDOSE_WIDE_LANES
  case 4:
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  case 8:
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
           __builtin_cpu_supports("avx512vl");
#endif
  default:
    return false;
  }
}

int width_widest(void)
{
  int widest = 2;
  for (int lanes = 4; lanes <= 8; lanes *= 2) {
    widest = width_runs(lanes) ? lanes : widest;
  }
  return widest;
}

extern const lane_math lane_math_w1, lane_math_w2;
#ifdef STEPDOSE_WIDE_LANES
extern const lane_math lane_math_w4, lane_math_w8;
#endif

const lane_math *lane_math_find(int lanes)
{
  if (!width_runs(lanes)) {
    return NULL;
  }
#ifdef STEPDOSE_WIDE_LANES
  if (lanes >= 4) {
    return lanes == 8 ? &lane_math_w8 : &lane_math_w4;
  }
#endif
  return lanes == 2 ? &lane_math_w2 : &lane_math_w1;
}
