/* Functions of lanes as plain functions, for tests: how accurate is what kernels use? */
#ifndef MODEL_LANE_MATH_H
#define MODEL_LANE_MATH_H

typedef struct lane_math {
  int lanes;
  /* x, y (lanes), aligned to 64 bytes */
  void (*exponential)(const double *x, double *y);
  void (*logarithm)(const double *x, double *y);
  void (*square_root)(const double *x, double *y);
  /* x: q, valency, cis (3 x lanes); y: value, slope, curvature (3 x lanes) */
  void (*occupancy)(const double *x, double *y);
  /* x: bound, its slope, drug, per_bound, cd3_affinity, cd3 (6 x lanes); y: value, slope */
  void (*trimers)(const double *x, double *y);
} lane_math;

const lane_math *lane_math_find(int lanes); /* NULL if that width does not run here */

#endif
