/* exp and log of lanes as plain functions, for tests: how accurate is what kernels use? */
#ifndef MODEL_LANE_MATH_H
#define MODEL_LANE_MATH_H

typedef struct lane_math {
  int lanes;
  /* x, y (lanes), aligned to 64 bytes */
  void (*exponential)(const double *x, double *y);
  void (*logarithm)(const double *x, double *y);
} lane_math;

const lane_math *lane_math_find(int lanes); /* NULL if that width does not run here */

#endif
