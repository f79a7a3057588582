/* Constrained problems with known Pareto fronts, and the volumes of these fronts, computed from the
 * analytic fronts without the code under test. */
#ifndef TESTS_OPTIMIZE_PARETO_PROBLEMS_H
#define TESTS_OPTIMIZE_PARETO_PROBLEMS_H

#include "base/hash.h"
#include "optimize/pareto.h"

#include <math.h>
#include <string.h>

enum { CURVE = 200000, SURFACE = 1600 };

/* Values of one point: objectives, then constraints (<= 0 holds). */
typedef void pareto_function(const double *x, double *value);

typedef struct pareto_problem {
  const char *name;
  int n_variables, n_objectives, n_constraints;
  double low[12], high[12];
  pareto_function *function;
  double reference[3];
  double (*true_volume)(const struct pareto_problem *p);
} pareto_problem;

/* K. Deb (2001), Multi-Objective Optimization using Evolutionary Algorithms, p. 276. */
static inline void constr(const double *x, double *value)
{
  value[0] = x[0];
  value[1] = (1 + x[1]) / x[0];
  value[2] = 6 - (x[1] + 9 * x[0]);
  value[3] = 1 - (-x[1] + 9 * x[0]);
}

/* M. Tanaka et al. (1995), IEEE SMC, 1556. The limit at x[0] = 0 is that of the paper's atan(x/y)
 * as atan2, which it means. */
static inline void tnk(const double *x, double *value)
{
  value[0] = x[0];
  value[1] = x[1];
  value[2] = 1 + 0.1 * cos(16 * atan2(x[0], x[1])) - x[0] * x[0] - x[1] * x[1];
  value[3] = (x[0] - 0.5) * (x[0] - 0.5) + (x[1] - 0.5) * (x[1] - 0.5) - 0.5;
}

/* A. Osyczka, S. Kundu, Struct. Optim. 10 (1995) 94. */
static inline void osy(const double *x, double *value)
{
  value[0] = -(25 * pow(x[0] - 2, 2) + pow(x[1] - 2, 2) + pow(x[2] - 1, 2) + pow(x[3] - 4, 2) +
               pow(x[4] - 1, 2));
  value[1] = 0;
  for (int i = 0; i < 6; i++) {
    value[1] += x[i] * x[i];
  }
  value[2] = 1 - (x[0] + x[1]) / 2;
  value[3] = (x[0] + x[1]) / 6 - 1;
  value[4] = (x[1] - x[0]) / 2 - 1;
  value[5] = (x[0] - 3 * x[1]) / 2 - 1;
  value[6] = ((x[2] - 3) * (x[2] - 3) + x[3]) / 4 - 1;
  value[7] = 1 - ((x[4] - 3) * (x[4] - 3) + x[5]) / 4;
}

/* H. Jain, K. Deb, IEEE Trans. Evol. Comput. 18 (2014) 602: three objectives, r = 0.4, 12
 * variables. */
static inline double c2_constraint(const double *f)
{
  double squares = f[0] * f[0] + f[1] * f[1] + f[2] * f[2], middle = -0.16, corner = INFINITY;
  for (int i = 0; i < 3; i++) {
    corner = fmin(corner, (f[i] - 1) * (f[i] - 1) + squares - f[i] * f[i] - 0.16);
    middle += (f[i] - 1 / sqrt(3)) * (f[i] - 1 / sqrt(3));
  }
  return fmin(corner, middle);
}

static inline void c2_dtlz2(const double *x, double *value)
{
  const double right_angle = acos(0.0);
  double g = 0;
  for (int i = 2; i < 12; i++) {
    g += (x[i] - 0.5) * (x[i] - 0.5);
  }
  value[0] = (1 + g) * cos(x[0] * right_angle) * cos(x[1] * right_angle);
  value[1] = (1 + g) * cos(x[0] * right_angle) * sin(x[1] * right_angle);
  value[2] = (1 + g) * sin(x[0] * right_angle);
  value[3] = c2_constraint(value);
}

/* --- volumes of the true fronts --------------------------------------------------------------- */

/* Lowest second objective that is reached up to each of CURVE columns of the first one. */
typedef struct curve {
  const pareto_problem *problem;
  double low;
  double best[CURVE + 1];
} curve;

static inline void curve_open(curve *c, const pareto_problem *p, double low)
{
  c->problem = p;
  c->low = low;
  for (int i = 0; i <= CURVE; i++) {
    c->best[i] = p->reference[1];
  }
}

static inline void curve_add(curve *c, double first, double second)
{
  double width = c->problem->reference[0] - c->low;
  double column = ceil((first - c->low) / width * CURVE - 1e-9);
  if (column >= 0 && column <= CURVE) {
    c->best[(int)column] = fmin(c->best[(int)column], second);
  }
}

static inline double curve_volume(curve *c)
{
  double volume = 0, best = c->problem->reference[1];
  double width = (c->problem->reference[0] - c->low) / CURVE;
  for (int i = 0; i < CURVE; i++) {
    best = fmin(best, c->best[i]);
    volume += (c->problem->reference[1] - best) * width;
  }
  return volume;
}

static inline double constr_volume(const pareto_problem *p)
{
  static curve c;
  curve_open(&c, p, 0.1);
  for (int i = 0; i <= CURVE; i++) {
    double x = 7.0 / 18 + (1 - 7.0 / 18) * i / CURVE;
    curve_add(&c, x, x < 2.0 / 3 ? (7 - 9 * x) / x : 1 / x);
  }
  return curve_volume(&c);
}

/* The front is part of the first constraint's rim; columns keep what is not dominated. */
static inline double tnk_volume(const pareto_problem *p)
{
  static curve c;
  curve_open(&c, p, 0);
  for (int i = 0; i <= 4 * CURVE; i++) {
    double angle = acos(0.0) * i / (4 * CURVE), radius = sqrt(1 + 0.1 * cos(16 * angle));
    double x[2] = {radius * sin(angle), radius * cos(angle)}, value[4];
    tnk(x, value);
    if (value[3] <= 0) {
      curve_add(&c, x[0], x[1]);
    }
  }
  return curve_volume(&c);
}

/* Deb (2001), table 5.3: five pieces, x[3] = x[5] = 0. */
static inline double osy_volume(const pareto_problem *p)
{
  static curve c;
  curve_open(&c, p, -274);
  for (int i = 0; i <= CURVE; i++) {
    double t = (double)i / CURVE, cd = 4.056 + 0.944 * t;
    double piece[5][6] = {{5, 1, 1 + 4 * t, 0, 5, 0},
                          {5, 1, 1 + 4 * t, 0, 1, 0},
                          {cd, (cd - 2) / 3, 1, 0, 1, 0},
                          {0, 2, 1 + 2.732 * t, 0, 1, 0},
                          {t, 2 - t, 1, 0, 1, 0}};
    for (int k = 0; k < 5; k++) {
      double value[8];
      osy(piece[k], value);
      bool holds = true;
      for (int j = 2; j < 8; j++) {
        holds = holds && value[j] <= 1e-6;
      }
      if (holds) {
        curve_add(&c, value[0], value[1]);
      }
    }
  }
  return curve_volume(&c);
}

/* Lowest third objective with which the front reaches the middle of cell (i, j) of the other two
 * straight from below: on the sphere, or, just outside it, on its equator. */
static inline double c2_height(const pareto_problem *p, int i, int j)
{
  double side = p->reference[0] / SURFACE;
  double f[3] = {(i + 0.5) * side, (j + 0.5) * side, 0};
  double rest = 1 - f[0] * f[0] - f[1] * f[1];
  if (rest >= 0) {
    f[2] = sqrt(rest);
  } else {
    f[1] = f[0] <= 1 ? sqrt(1 - f[0] * f[0]) : (double)INFINITY;
  }
  bool reached = rest >= 0 || (f[1] > (j - 0.5) * side && f[1] < (j + 0.5) * side);
  return reached && c2_constraint(f) <= 0 ? f[2] : p->reference[2];
}

static inline double c2_volume(const pareto_problem *p)
{
  static double best[SURFACE]; /* of the row before, then of this one */
  double side = p->reference[0] / SURFACE, volume = 0;
  for (int i = 0; i < SURFACE; i++) {
    for (int j = 0; j < SURFACE; j++) {
      double height = fmin(c2_height(p, i, j), i > 0 ? best[j] : (double)INFINITY);
      best[j] = fmin(height, j > 0 ? best[j - 1] : (double)INFINITY);
      volume += (p->reference[2] - best[j]) * side * side;
    }
  }
  return volume;
}

static const pareto_problem PARETO_PROBLEMS[] = {
    {"CONSTR", 2, 2, 2, {0.1, 0}, {1, 5}, constr, {1.1, 10}, constr_volume},
    {"TNK", 2, 2, 2, {0, 0}, {3.14159265358979, 3.14159265358979}, tnk, {1.2, 1.2}, tnk_volume},
    {"OSY", 6, 2, 6, {0, 0, 1, 0, 1, 0}, {10, 10, 5, 6, 5, 10}, osy, {0, 80}, osy_volume},
    {"C2-DTLZ2",
     12,
     3,
     1,
     {0},
     {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1},
     c2_dtlz2,
     {1.1, 1.1, 1.1},
     c2_volume},
};
enum { N_PARETO_PROBLEMS = sizeof PARETO_PROBLEMS / sizeof PARETO_PROBLEMS[0] };

static inline bool run_pareto(void *context, long n, const double *points, double *values,
                              bool *failed, stepdose_error *error)
{
  const pareto_problem *p = context;
  (void)failed;
  (void)error;
  for (long i = 0; i < n; i++) {
    p->function(points + i * p->n_variables, values + i * (p->n_objectives + p->n_constraints));
  }
  return true;
}

static inline pareto_task pareto_task_of(pareto_problem *p, uint64_t seed, long evaluations)
{
  pareto_task task = {.n_variables = p->n_variables,
                      .n_objectives = p->n_objectives,
                      .n_constraints = p->n_constraints,
                      .evaluate = run_pareto,
                      .context = p,
                      .seed = seed,
                      .evaluations_max = evaluations,
                      .has_reference = true};
  memcpy(task.reference, p->reference, sizeof p->reference);
  for (int i = 0; i < p->n_variables; i++) {
    task.variable[i] = (search_variable){.low = p->low[i], .high = p->high[i]};
  }
  return task;
}

#endif
