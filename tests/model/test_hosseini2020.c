/* The model hosseini2020: its tables against the published ones, its Jacobian against differences,
 * its lanes against each other, and its steady state. */
#include "model/hosseini2020_structure.h"
#include "model/kernel_checks.h"

#include <stdio.h>
#include <stdlib.h>

enum { N = HOSSEINI2020_STATES };

static const model *the_model(void)
{
  const model *m = model_find("hosseini2020");
  cr_assert_not_null(m);
  return m;
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
  patient_derive(m, p);
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
  check_tables(the_model());
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
    patient_derive(m, &p);
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
  /* a drug that is absent is skipped by the kernel */
  check_jacobian(the_model(), random_patient, 4711, 300, true);
}

Test(model, generated_solver_solves_the_system)
{
  check_solver(the_model(), random_patient, 99, 200);
}

Test(model, lanes_of_every_width_compute_what_one_patient_gets)
{
  check_lanes(the_model(), random_patient, 7, 50, 1e-12, 1e-10);
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
