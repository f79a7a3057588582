/* The model hosseini2020: its tables against the published ones, its Jacobian against differences,
 * its lanes against each other, and its steady state. */
#include "base/allocate.h"
#include "base/random.h"
#include "model/hosseini2020_structure.h"
#include "model/kernels.h"
#include "model/model.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { N = HOSSEINI2020_STATES, LARGE = 512 };

typedef struct patient {
  double parameters[LARGE];
  _Alignas(KERNEL_ALIGNMENT) double derived[LARGE];
  double state[N];
} patient;

static const model *the_model(void)
{
  const model *m = model_find("hosseini2020");
  cr_assert_not_null(m);
  cr_assert_leq(m->n_parameters, LARGE);
  cr_assert_leq(m->n_derived, LARGE);
  return m;
}

static void derive(const model *m, patient *p)
{
  stepdose_error error;
  cr_assert(m->derive(p->parameters, p->derived, &error), "%s", error.message);
}

/* A patient within the accepted parameters, away from the homeostatic state, some with each drug.
 */
static void random_patient(const model *m, random_stream *s, patient *p)
{
  for (int i = 0; i < m->n_parameters; i++) {
    const model_parameter *row = &m->parameters[i];
    const bool flag = strcmp(row->unit, "flag") == 0;
    const double spread = exp(0.3 * random_normal(s));
    p->parameters[i] = flag ? row->value : fmin(row->high, fmax(row->low, row->value * spread));
  }
  p->parameters[model_parameter_index(m, "Vm_tdb")] = 100 * random_uniform(s);
  derive(m, p);
  m->initial_state(p->parameters, p->state);
  for (int i = 0; i < N; i++) {
    p->state[i] = (p->state[i] + 10) * exp(random_normal(s));
  }
  p->state[TDB_CENTRAL] = random_uniform(s) < 0.3 ? 0 : exp(3 * random_normal(s));
  p->state[BLIN] = random_uniform(s) < 0.3 ? 0 : exp(random_normal(s));
  p->state[MARGINATION] = 3 * random_uniform(s);
}

/* Splits a CSV line in place; quoted fields may hold commas. Returns the number of fields. */
static int split_csv(char *line, char *field[], int room)
{
  int n = 0;
  bool quoted = false;
  field[n++] = line;
  for (char *c = line; *c; c++) {
    quoted ^= *c == '"';
    if (*c == ',' && !quoted && n < room) {
      *c = 0;
      field[n++] = c + 1;
    }
  }
  return n;
}

/* Compares one value of the table, if the cell has one. */
static int compare_cell(const char *cell, double ours, double tolerance, const char *name,
                        const char *column)
{
  char *end;
  const double value = strtod(cell, &end);
  if (end == cell) {
    return 0;
  }
  cr_expect(fabs(ours - value) <= tolerance * fabs(value), "%s, %s: %g, table %g", name, column,
            ours, value);
  return 1;
}

static double with_preset(const model *m, const char *preset, int parameter)
{
  const model_preset *p = model_preset_find(m, preset);
  for (int j = 0; j < p->n_values; j++) {
    if (model_parameter_index(m, p->values[j].parameter) == parameter) {
      return p->values[j].value;
    }
  }
  return m->parameters[parameter].value;
}

Test(model, values_columns_and_bounds_are_those_of_the_published_table)
{
  enum { NAME = 1, LOW = 5, HIGH, HUMAN, ALL, DLBCL, FIELDS = 12 };
  FILE *f = fopen(STEPDOSE_SOURCE_DIR "/tests/data/hosseini2020/supplementary_table2.csv", "r");
  cr_assert_not_null(f);
  const model *m = the_model();
  char line[1024], *field[FIELDS];
  int values = 0, bounds = 0, columns = 0;
  while (fgets(line, sizeof line, f)) {
    if (split_csv(line, field, FIELDS) < FIELDS) {
      continue;
    }
    const int i = model_parameter_index(m, field[NAME]);
    if (i >= 0) {
      values += compare_cell(field[DLBCL], m->parameters[i].value, 0, field[NAME], "DLBCL");
      columns += compare_cell(field[HUMAN], with_preset(m, "human", i), 0, field[NAME], "human");
      columns += compare_cell(field[ALL], with_preset(m, "ALL", i), 0, field[NAME], "ALL");
      bounds += compare_cell(field[LOW], m->parameters[i].cohort_low, 1e-5, field[NAME], "low");
      bounds += compare_cell(field[HIGH], m->parameters[i].cohort_high, 1e-5, field[NAME], "high");
    }
  }
  fclose(f);
  cr_log_info("%d values, %d of other columns, %d bounds\n", values, columns, bounds);
  cr_assert_eq(values, 64);
  cr_assert_eq(columns, 120);
  cr_assert_eq(bounds, 50);
}

Test(model, parameters_presets_and_names_are_consistent)
{
  const model *m = the_model();
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
  cr_expect_null(model_find("hosseini"));
}

Test(model, without_drug_every_column_of_the_table_is_at_rest)
{
  const model *m = the_model();
  const char *columns[] = {"DLBCL", "ALL", "human", "project_dlbcl", "project_tumor"};
  for (int c = 0; c < 5; c++) {
    patient p;
    const model_preset *preset = model_preset_find(m, columns[c]);
    model_parameter_defaults(m, p.parameters);
    for (int j = 0; j < preset->n_values; j++) {
      p.parameters[model_parameter_index(m, preset->values[j].parameter)] = preset->values[j].value;
    }
    derive(m, &p);
    m->initial_state(p.parameters, p.state);
    double rate[N];
    m->kernels(1)->rates(p.derived, p.state, rate);
    for (int i = 0; i < N; i++) {
      const bool tumor = i == B + SITE_TUMOR;
      const double expected = tumor ? 0.025 * p.state[i] : 0;
      const double size = fmax(1, fabs(p.state[i]));
      /* blood and tissue B cells leave rest in project_dlbcl only by rounding */
      cr_expect(fabs(rate[i] - expected) <= 1e-12 * size, "%s: d(%s)/dt = %g at %g", columns[c],
                m->states[i].name, rate[i], p.state[i]);
    }
  }
}

Test(model, jacobian_equals_differences_of_the_rates)
{
  const model *m = the_model();
  const model_kernels *k = m->kernels(1);
  const uint64_t seed = 4711;
  random_stream s = random_open(seed, 0);
  double worst = 0;
  int worst_i = 0, worst_j = 0;
  for (int trial = 0; trial < 300; trial++) {
    patient p;
    random_patient(m, &s, &p);
    double rate[N], jacobian[LARGE], up[N], down[N];
    k->jacobian(p.derived, p.state, rate, jacobian);
    for (int j = 0; j < N; j++) {
      const double x = p.state[j], h = 1e-5 * fmax(fabs(x), 1e-3);
      if (x <= h) {
        continue; /* a drug that is absent is skipped by the kernel */
      }
      p.state[j] = x + h;
      k->rates(p.derived, p.state, up);
      p.state[j] = x - h;
      k->rates(p.derived, p.state, down);
      p.state[j] = x;
      for (int i = 0; i < N; i++) {
        const double difference = (up[i] - down[i]) / (2 * h);
        const double entry = k->entry(i, j) >= 0 ? jacobian[k->entry(i, j)] : 0;
        /* the rate is a sum of terms as large as |rate| + |J x|: rounding of the difference */
        const double floor = 1e-9 * (fabs(up[i]) + fabs(jacobian[k->entry(i, i)] * p.state[i])) / h;
        const double error = fabs(entry - difference) / (fabs(difference) + floor + 1e-9);
        if (error > worst) {
          worst = error, worst_i = i, worst_j = j;
        }
      }
    }
  }
  cr_assert_lt(worst, 1e-5, "seed %llu: d(%s)/d(%s) off by %g", (unsigned long long)seed,
               m->states[worst_i].name, m->states[worst_j].name, worst);
}

/* Backward error, the independent judgement of a linear solver: how far the right-hand side is from
 * (shift*I - J) x, against the size of the terms of that sum. */
static double backward_error(const model_kernels *k, const double *jacobian, double shift,
                             const double *x, const double *b)
{
  double worst = 0;
  for (int i = 0; i < N; i++) {
    double residual = b[i], size = fabs(b[i]);
    for (int j = 0; j < N; j++) {
      const double entry = k->entry(i, j) >= 0 ? jacobian[k->entry(i, j)] : 0;
      const double term = ((i == j ? shift : 0) - entry) * x[j];
      residual -= term;
      size += fabs(term);
    }
    worst = fmax(worst, fabs(residual) / size);
  }
  return worst;
}

Test(model, generated_solver_solves_the_system)
{
  const model *m = the_model();
  const model_kernels *k = m->kernels(1);
  random_stream s = random_open(99, 0);
  const double steps_days[] = {1e-6, 1e-3, 0.1, 1}; /* the integrator takes no longer ones */
  for (int h = 0; h < 4; h++) {
    double worst = 0;
    for (int trial = 0; trial < 200; trial++) {
      patient p;
      random_patient(m, &s, &p);
      double rate[N], jacobian[LARGE], factors[LARGE], x[N], b[N];
      const double shift = 1 / (0.25 * steps_days[h]);
      k->jacobian(p.derived, p.state, rate, jacobian);
      k->factor(jacobian, &shift, factors);
      for (int i = 0; i < N; i++) {
        x[i] = b[i] = p.state[i] * random_normal(&s);
      }
      k->solve(jacobian, factors, x);
      worst = fmax(worst, backward_error(k, jacobian, shift, x, b));
    }
    cr_expect_lt(worst, 1e-12, "seed 99, step %g d: backward error %g", steps_days[h], worst);
  }
}

Test(model, lanes_of_every_width_compute_what_one_patient_gets)
{
  const model *m = the_model();
  const int widths[] = {2, 4, 8};
  random_stream s = random_open(7, 0);
  for (int w = 0; w < 3; w++) {
    const int lanes = widths[w];
    const model_kernels *k = m->kernels(lanes), *one = m->kernels(1);
    if (!k) {
      cr_log_warn("lanes of %d do not run on this processor: not tested\n", lanes);
      continue;
    }
    cr_assert_eq(k->lanes, lanes);
    for (int trial = 0; trial < 50; trial++) {
      static _Alignas(KERNEL_ALIGNMENT) double derived[LARGE * 8], state[N * 8], rate[N * 8],
          jacobian[LARGE * 8], factors[LARGE * 8], x[N * 8];
      static patient p[8];
      for (int q = 0; q < lanes; q++) {
        random_patient(m, &s, &p[q]);
        for (int i = 0; i < m->n_derived; i++) {
          derived[i * lanes + q] = p[q].derived[i];
        }
        for (int i = 0; i < N; i++) {
          state[i * lanes + q] = p[q].state[i];
          x[i * lanes + q] = p[q].state[i];
        }
      }
      k->jacobian(derived, state, rate, jacobian);
      static const _Alignas(KERNEL_ALIGNMENT) double shift[8] = {100, 100, 100, 100,
                                                                 100, 100, 100, 100};
      k->factor(jacobian, shift, factors);
      k->solve(jacobian, factors, x);
      for (int q = 0; q < lanes; q++) {
        double rate1[N], jacobian1[LARGE], factors1[LARGE], x1[N];
        one->jacobian(p[q].derived, p[q].state, rate1, jacobian1);
        one->factor(jacobian1, shift, factors1);
        memcpy(x1, p[q].state, sizeof x1);
        one->solve(jacobian1, factors1, x1);
        for (int i = 0; i < N; i++) {
          cr_expect(fabs(rate[i * lanes + q] - rate1[i]) <= 1e-12 * fabs(rate1[i]),
                    "width %d, rate of %s: %.17g, alone %.17g", lanes, m->states[i].name,
                    rate[i * lanes + q], rate1[i]);
          cr_expect(fabs(x[i * lanes + q] - x1[i]) <= 1e-10 * fabs(x1[i]), "width %d, solve of %s",
                    lanes, m->states[i].name);
        }
      }
    }
  }
}

Test(model, one_dose_marginates_as_the_source_says)
{
  /* 1 + E = 8.38 right after a dose: finj*1 + fdrug*1 = 7.3839 (Hosseini 2020, Supp. Table 2) */
  const model *m = the_model();
  patient p;
  model_parameter_defaults(m, p.parameters);
  m->initial_state(p.parameters, p.state);
  m->dose_jump(p.parameters, p.state);
  cr_expect(fabs(p.state[MARGINATION] - 7.3839) < 1e-12);
  /* project doses: 0.8 mg is 11.43 ug/kg */
  cr_expect(fabs(0.8 * m->dose_scale(ROUTE_IV, p.parameters) - 11.43) < 0.005);
}
