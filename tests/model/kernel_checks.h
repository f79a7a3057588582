/* What the kernels of every model must satisfy: Jacobian against differences, generated solver,
 * lanes of every width against one patient alone. */
#ifndef TESTS_MODEL_KERNEL_CHECKS_H
#define TESTS_MODEL_KERNEL_CHECKS_H

#include "base/random.h"
#include "model/kernels.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

enum { CHECK_STATES_MAX = 64, CHECK_LARGE = 2048 };

typedef struct patient {
  double parameters[512];
  _Alignas(KERNEL_ALIGNMENT) double derived[CHECK_LARGE];
  _Alignas(KERNEL_ALIGNMENT) double state[CHECK_STATES_MAX];
} patient;

typedef void random_patient_of(const model *m, random_stream *s, patient *p);

static inline void patient_derive(const model *m, patient *p)
{
  stepdose_error error;
  cr_assert_leq(m->n_parameters, 512);
  cr_assert_leq(m->n_derived, CHECK_LARGE);
  cr_assert_leq(m->n_states, CHECK_STATES_MAX);
  cr_assert(m->derive(p->parameters, p->derived, &error), "%s", error.message);
}

/* Column j of the Jacobian by four points, error of order step^4. */
static inline void difference_column(const model *m, patient *p, int j, double step,
                                     double column[CHECK_STATES_MAX])
{
  static const double at[] = {1, -1, 2, -2}, weight[] = {8, -8, -1, 1};
  const double x = p->state[j];
  _Alignas(KERNEL_ALIGNMENT) double rate[CHECK_STATES_MAX];
  for (int i = 0; i < m->n_states; i++) {
    column[i] = 0;
  }
  for (int n = 0; n < 4; n++) {
    p->state[j] = x + at[n] * step;
    m->kernels(1)->rates(p->derived, p->state, rate);
    for (int i = 0; i < m->n_states; i++) {
      column[i] += weight[n] * rate[i] / (12 * step);
    }
  }
  p->state[j] = x;
}

/* Largest relative error of the Jacobian over random patients, of two steps the better one: a
 * switch may lie within one of them. `kept_zero`: a state at 0 is not moved. */
static inline void check_jacobian(const model *m, random_patient_of *draw, uint64_t seed,
                                  int trials, bool kept_zero)
{
  const model_kernels *k = m->kernels(1);
  random_stream s = random_open(seed, 0);
  double worst = 0;
  int worst_i = 0, worst_j = 0, worst_trial = 0;
  cr_assert_leq(k->n_nonzeros, CHECK_LARGE);
  for (int trial = 0; trial < trials; trial++) {
    static patient p;
    static _Alignas(KERNEL_ALIGNMENT) double rate[CHECK_STATES_MAX], jacobian[CHECK_LARGE];
    draw(m, &s, &p);
    k->jacobian(p.derived, p.state, rate, jacobian);
    for (int j = 0; j < m->n_states; j++) {
      const double size = fmax(fabs(p.state[j]), 1e-3 * m->states[j].scale);
      const double steps[] = {1e-5 * size, 1e-6 * size};
      double column[2][CHECK_STATES_MAX];
      if (kept_zero && p.state[j] <= 2 * steps[0]) {
        continue;
      }
      for (int n = 0; n < 2; n++) {
        difference_column(m, &p, j, steps[n], column[n]);
      }
      for (int i = 0; i < m->n_states; i++) {
        const double entry = k->entry(i, j) >= 0 ? jacobian[k->entry(i, j)] : 0;
        double error = INFINITY;
        for (int n = 0; n < 2; n++) {
          /* the rate is a sum of terms as large as |rate| + |J x|: rounding of the difference */
          const double terms = fabs(rate[i]) + fabs(jacobian[k->entry(i, i)] * p.state[i]);
          const double floor = 1e-9 * terms / steps[n] + 1e-9;
          error = fmin(error, fabs(entry - column[n][i]) / (fabs(column[n][i]) + floor));
        }
        if (error > worst) {
          worst = error, worst_i = i, worst_j = j, worst_trial = trial;
        }
      }
    }
  }
  cr_log_info("seed %llu: worst Jacobian error %.1e\n", (unsigned long long)seed, worst);
  cr_assert_lt(worst, 1e-5, "seed %llu, trial %d: d(%s)/d(%s) off by %g", (unsigned long long)seed,
               worst_trial, m->states[worst_i].name, m->states[worst_j].name, worst);
}

/* Backward error, the independent judgement of a linear solver: how far the right-hand side is from
 * (shift*I - J) x, against the size of the terms of that sum. */
static inline double backward_error(const model *m, const double *jacobian, double shift,
                                    const double *x, const double *b)
{
  const model_kernels *k = m->kernels(1);
  double worst = 0;
  for (int i = 0; i < m->n_states; i++) {
    double residual = b[i], size = fabs(b[i]);
    for (int j = 0; j < m->n_states; j++) {
      const double entry = k->entry(i, j) >= 0 ? jacobian[k->entry(i, j)] : 0;
      const double term = ((i == j ? shift : 0) - entry) * x[j];
      residual -= term;
      size += fabs(term);
    }
    worst = fmax(worst, size > 0 ? fabs(residual) / size : 0);
  }
  return worst;
}

static inline void check_solver(const model *m, random_patient_of *draw, uint64_t seed, int trials)
{
  const model_kernels *k = m->kernels(1);
  random_stream s = random_open(seed, 0);
  const double steps_days[] = {1e-6, 1e-3, 0.1, 1}; /* the integrator takes no longer ones */
  cr_assert_leq(k->n_factors, CHECK_LARGE);
  for (int h = 0; h < 4; h++) {
    double worst = 0;
    for (int trial = 0; trial < trials; trial++) {
      static patient p;
      static _Alignas(KERNEL_ALIGNMENT) double rate[CHECK_STATES_MAX], jacobian[CHECK_LARGE];
      static _Alignas(KERNEL_ALIGNMENT) double factors[CHECK_LARGE], x[CHECK_STATES_MAX];
      double b[CHECK_STATES_MAX];
      const double shift = 1 / (0.25 * steps_days[h]);
      draw(m, &s, &p);
      k->jacobian(p.derived, p.state, rate, jacobian);
      k->factor(jacobian, &shift, factors);
      for (int i = 0; i < m->n_states; i++) {
        x[i] = b[i] = p.state[i] * random_normal(&s);
      }
      k->solve(jacobian, factors, x);
      worst = fmax(worst, backward_error(m, jacobian, shift, x, b));
    }
    cr_expect_lt(worst, 1e-12, "seed %llu, step %g d: backward error %g", (unsigned long long)seed,
                 steps_days[h], worst);
  }
}

typedef struct lane_block {
  _Alignas(KERNEL_ALIGNMENT) double derived[CHECK_LARGE * KERNEL_LANES_MAX];
  _Alignas(KERNEL_ALIGNMENT) double state[CHECK_STATES_MAX * KERNEL_LANES_MAX];
  _Alignas(KERNEL_ALIGNMENT) double rate[CHECK_STATES_MAX * KERNEL_LANES_MAX];
  _Alignas(KERNEL_ALIGNMENT) double jacobian[CHECK_LARGE * KERNEL_LANES_MAX];
  _Alignas(KERNEL_ALIGNMENT) double factors[CHECK_LARGE * KERNEL_LANES_MAX];
  _Alignas(KERNEL_ALIGNMENT) double x[CHECK_STATES_MAX * KERNEL_LANES_MAX];
} lane_block;

static inline void run_block(const model *m, int lanes, const patient *p, lane_block *b)
{
  static const _Alignas(KERNEL_ALIGNMENT) double shift[] = {100, 100, 100, 100, 100, 100, 100, 100};
  const model_kernels *k = m->kernels(lanes);
  for (int q = 0; q < lanes; q++) {
    for (int i = 0; i < m->n_derived; i++) {
      b->derived[i * lanes + q] = p[q].derived[i];
    }
    for (int i = 0; i < m->n_states; i++) {
      b->state[i * lanes + q] = b->x[i * lanes + q] = p[q].state[i];
    }
  }
  k->jacobian(b->derived, b->state, b->rate, b->jacobian);
  k->factor(b->jacobian, shift, b->factors);
  k->solve(b->jacobian, b->factors, b->x);
}

/* Rates and solutions relative to those of the patient alone, by state. */
static inline void check_lanes(const model *m, random_patient_of *draw, uint64_t seed, int trials,
                               double rate_tolerance, double solve_tolerance)
{
  const int widths[] = {2, 4, 8};
  random_stream s = random_open(seed, 0);
  for (int w = 0; w < 3; w++) {
    const int lanes = widths[w];
    if (!m->kernels(lanes)) {
      cr_log_warn("lanes of %d do not run on this processor: not tested\n", lanes);
      continue;
    }
    cr_assert_eq(m->kernels(lanes)->lanes, lanes);
    for (int trial = 0; trial < trials; trial++) {
      static lane_block many, one;
      static patient p[KERNEL_LANES_MAX];
      for (int q = 0; q < lanes; q++) {
        draw(m, &s, &p[q]);
      }
      run_block(m, lanes, p, &many);
      for (int q = 0; q < lanes; q++) {
        run_block(m, 1, &p[q], &one);
        for (int i = 0; i < m->n_states; i++) {
          const double rate = many.rate[i * lanes + q], x = many.x[i * lanes + q];
          cr_expect(fabs(rate - one.rate[i]) <= rate_tolerance * fabs(one.rate[i]),
                    "seed %llu, width %d, rate of %s: %.17g, alone %.17g", (unsigned long long)seed,
                    lanes, m->states[i].name, rate, one.rate[i]);
          cr_expect(fabs(x - one.x[i]) <= solve_tolerance * fabs(one.x[i]),
                    "seed %llu, width %d, solve of %s: %.17g, alone %.17g",
                    (unsigned long long)seed, lanes, m->states[i].name, x, one.x[i]);
        }
      }
    }
  }
}

/* Tables: every row complete, names once, defaults within bounds, presets known. */
static inline void check_tables(const model *m)
{
  for (int i = 0; i < m->n_parameters; i++) {
    const model_parameter *p = &m->parameters[i];
    cr_expect_eq(model_parameter_index(m, p->name), i, "%s stands twice", p->name);
    cr_expect(p->low <= p->value && p->value <= p->high, "%s", p->name);
    cr_expect(strlen(p->unit) && strlen(p->source) && strlen(p->meaning), "%s", p->name);
    cr_expect(isnan(p->cohort_low) || (p->low <= p->cohort_low && p->cohort_low <= p->value &&
                                       p->value <= p->cohort_high && p->cohort_high <= p->high),
              "%s: bounds of virtual patients", p->name);
  }
  for (int i = 0; i < m->n_presets; i++) {
    cr_expect(model_preset_find(m, m->presets[i].name) == &m->presets[i]);
    for (int j = 0; j < m->presets[i].n_values; j++) {
      cr_expect_geq(model_parameter_index(m, m->presets[i].values[j].parameter), 0, "%s",
                    m->presets[i].values[j].parameter);
    }
  }
}

#endif
