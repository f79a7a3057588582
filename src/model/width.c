/* Which lane widths the processor can run: asked at run time, so that one binary runs everywhere.
 */
#include "model/width.h"

#include "model/lane_math.h"

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

WIDTH_DECLARE(lane_math, lane_math);

const lane_math *lane_math_find(int lanes) { return WIDTH_CHOOSE(lanes, lane_math); }
