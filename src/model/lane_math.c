/* Functions of lanes as plain functions: compiled once per lane width. */
#include "model/lane_math.h"

#include "model/binding_lane.h"
#include "model/lane.h"

static void exponential(const double *x, double *y) { *(lane *)y = lane_exp(*(const lane *)x); }

static void logarithm(const double *x, double *y) { *(lane *)y = lane_log(*(const lane *)x); }

static void square_root(const double *x, double *y) { *(lane *)y = lane_sqrt(*(const lane *)x); }

static void bound(const double *x, double *y)
{
  const lane *in = (const lane *)x;
  lane *out = (lane *)y;
  const occupancy u = binding_occupancy(in[0], in[1], in[2]);
  out[0] = u.value;
  out[1] = u.slope;
  out[2] = u.curvature;
}

static void trimers(const double *x, double *y)
{
  const lane *in = (const lane *)x;
  lane *out = (lane *)y;
  const trimer_count s = binding_trimers(in[0], in[1], in[2], in[3], in[4], in[5]);
  out[0] = s.value;
  out[1] = s.slope;
}

extern const lane_math lane_name(lane_math);
const lane_math lane_name(lane_math) = {LANES, exponential, logarithm, square_root, bound, trimers};
