/* exp and log of lanes as plain functions: compiled once per lane width. */
#include "model/lane_math.h"

#include "model/lane.h"

static void exponential(const double *x, double *y) { *(lane *)y = lane_exp(*(const lane *)x); }

static void logarithm(const double *x, double *y) { *(lane *)y = lane_log(*(const lane *)x); }

extern const lane_math lane_name(lane_math);
const lane_math lane_name(lane_math) = {LANES, exponential, logarithm};
