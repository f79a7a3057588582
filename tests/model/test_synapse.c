/* The model synapse: tables, drug-free steady state, Jacobian, lanes and the two variants, on
 * random patients with every mechanism at work. */
#include "model/kernel_checks.h"
#include "model/synapse_patients.h"
#include "model/synapse_structure.h"

#include <stdio.h>

static const model *with_tissues(void) { return model_find("synapse"); }

static const model *without_tissues(void)
{
  static double p[SYNAPSE_PARAMETERS_MAX];
  model_parameter_defaults(with_tissues(), p);
  return with_tissues()->fitting(p);
}

static const model *variant(int v) { return v == 0 ? without_tissues() : with_tissues(); }

/* Parameters, and the state before treatment. */
static void untreated(const model *m, random_stream *s, patient *p)
{
  synapse_random_parameters(m, s, m->n_tissues, p->parameters);
  patient_derive(m, p);
  m->initial_state(p->parameters, p->state);
}

/* Far from any steady state. */
static void random_patient(const model *m, random_stream *s, patient *p)
{
  untreated(m, s, p);
  for (int i = 0; i < m->n_states; i++) {
    const char *unit = m->states[i].unit;
    const double added = strcmp(unit, "cells") == 0 ? 1e6 : 1;
    const double spread = exp(random_normal(s));
    p->state[i] = strcmp(unit, "1") == 0 ? random_uniform(s) : (p->state[i] + added) * spread;
  }
}

Test(synapse, tables_are_consistent)
{
  const model *m = with_tissues();
  check_tables(m);
  cr_expect_eq(m->n_parameters, without_tissues()->n_parameters);
  cr_expect_eq(m->n_tissues, MODEL_TISSUES_MAX);
  cr_expect_eq(without_tissues()->n_tissues, 0);
  for (int v = 0; v < 2; v++) {
    for (int i = 0; i < variant(v)->n_states; i++) {
      const model_state *s = &variant(v)->states[i];
      cr_assert(s->name && s->unit && s->scale > 0, "state %d", i);
    }
  }
}

/* "1/(nM day)" as it is written in a name: per_nM_day. Words of dimensionless or counted quantities
 * say what they are themselves. */
Test(synapse, units_stand_at_the_end_of_names)
{
  static const struct {
    const char *unit, *ending;
  } units[] = {
      {"kDa", "_kDa"},
      {"nM", "_nM"},
      {"1/(nM day)", "_per_nM_day"},
      {"L/day", "_L_per_day"},
      {"day", "_day"},
      {"L", "_L"},
      {"1/day", "_per_day"},
      {"nM/day", "_nM_per_day"},
      {"m2", "_m2"},
      {"cells/mL", "_per_mL"},
      {"mL", "_mL"},
      {"pg/(cell day)", "_pg_per_cell_day"},
      {"min", "_min"},
      {"pg/mL", "_pg_mL"},
      {"h", "_h"},
      {"ug/L", "_ug_L"},
      {"mg/L", "_mg_L"},
      {"mg/day", "_mg_per_day"},
      {"1/decade", "_per_decade"},
      {"decades", "_decades"},
      {"cells", "_cells"},
      {"trimers", "_trimers"},
      {"arms", "_valency"},
      {"law", "_law"},
      {"receptors", "_per_t_cell"},
      {"receptors", "_per_cell"},
  };
  const model *m = with_tissues();
  for (int i = 0; i < m->n_parameters; i++) {
    const model_parameter *p = &m->parameters[i];
    bool known = strcmp(p->unit, "1") == 0 || strcmp(p->unit, "switch") == 0;
    for (size_t k = 0; k < sizeof units / sizeof units[0]; k++) {
      known |= strcmp(p->unit, units[k].unit) == 0 && synapse_ends_with(p->name, units[k].ending);
    }
    cr_expect(known, "%s is in %s", p->name, p->unit);
  }
}

/* Whoever reads a source can tell what was measured, fitted, or assumed: an assumption says why. */
Test(synapse, every_assumption_says_why)
{
  const model *m = with_tissues();
  int assumed = 0, fitted = 0;
  for (int i = 0; i < m->n_parameters; i++) {
    const char *source = m->parameters[i].source;
    const bool marked = strncmp(source, "assumed: ", 9) == 0;
    assumed += marked;
    fitted += strncmp(source, "fitted", 6) == 0;
    cr_expect(!strstr(source, "assumed") || marked, "%s: %s", m->parameters[i].name, source);
    cr_expect(!marked || strlen(source) > 9, "%s", m->parameters[i].name);
  }
  cr_log_info("%d parameters: %d assumed, %d fitted\n", m->n_parameters, assumed, fitted);
}

Test(synapse, without_drug_every_pool_is_at_rest_but_the_tumour)
{
  random_stream s = random_open(31, 0);
  for (int trial = 0; trial < 40; trial++) {
    const model *m = variant(trial % 2);
    static patient p;
    static _Alignas(KERNEL_ALIGNMENT) double rate[CHECK_STATES_MAX];
    untreated(m, &s, &p);
    m->kernels(1)->rates(p.derived, p.state, rate);
    for (int i = 0; i < m->n_states; i++) {
      const char *name = m->states[i].name;
      const bool grows = strncmp(name, "tumor", 5) == 0 && strcmp(name, "tumor_dying") != 0;
      const bool fades = strcmp(name, "clearance_extra") == 0;
      const double limit = 1e-12 * fmax(m->states[i].scale, fabs(p.state[i]));
      cr_expect(grows || fades || fabs(rate[i]) <= limit, "seed 31, trial %d: d(%s)/dt = %g at %g",
                trial, name, rate[i], p.state[i]);
      cr_expect(!grows || rate[i] >= 0, "seed 31, trial %d: %s", trial, name);
    }
  }
}

Test(synapse, tumour_grows_by_its_law_before_treatment)
{
  const model *m = without_tissues();
  const double size = 1e9, capacity = 1e11, growth = 0.03;
  const double expected[] = {growth, growth * (1 - size / capacity), growth * log(capacity / size)};
  for (int law = 0; law < 3; law++) {
    static patient p;
    static _Alignas(KERNEL_ALIGNMENT) double rate[CHECK_STATES_MAX];
    const struct {
      const char *name;
      double value;
    } set[] = {{"tumor_growth_law", law},           {"tumor_growth_per_day", growth},
               {"tumor_capacity_cells", capacity},  {"tumor_volume_mL", 10},
               {"tumor_cells_per_mL", size / 10.0}, {"antigen_low_fraction", 0.25}};
    model_parameter_defaults(m, p.parameters);
    for (int i = 0; i < 6; i++) {
      p.parameters[model_parameter_index(m, set[i].name)] = set[i].value;
    }
    patient_derive(m, &p);
    m->initial_state(p.parameters, p.state);
    m->kernels(1)->rates(p.derived, p.state, rate);
    double all = 0;
    for (int i = 0; i < m->n_states; i++) {
      const bool grows = strcmp(m->states[i].name, "tumor") == 0 ||
                         strcmp(m->states[i].name, "tumor_low_antigen") == 0;
      all += grows ? rate[i] : 0;
    }
    cr_expect(fabs(all / (expected[law] * size) - 1) < 1e-12, "law %d: %g", law, all / size);
  }
}

Test(synapse, jacobian_equals_differences_of_the_rates_with_tissues)
{
  check_jacobian(with_tissues(), random_patient, 4712, 300, false);
}

Test(synapse, jacobian_equals_differences_of_the_rates_without_tissues)
{
  check_jacobian(without_tissues(), random_patient, 4713, 300, false);
}

Test(synapse, generated_solver_solves_the_system)
{
  check_solver(with_tissues(), random_patient, 98, 100);
  check_solver(without_tissues(), random_patient, 97, 100);
}

Test(synapse, lanes_of_every_width_compute_what_one_patient_gets)
{
  check_lanes(with_tissues(), random_patient, 8, 50, 1e-10, 1e-10);
  check_lanes(without_tissues(), random_patient, 9, 50, 1e-10, 1e-10);
}

/* A tissue without T cells is absent, whatever else is said of it: its states move nothing. */
Test(synapse, both_variants_give_the_same_rates_where_tissues_are_absent)
{
  const model *large = with_tissues(), *small = without_tissues();
  random_stream s = random_open(55, 0);
  double worst = 0;
  for (int trial = 0; trial < 100; trial++) {
    static patient a, b;
    static _Alignas(KERNEL_ALIGNMENT) double rate_a[CHECK_STATES_MAX], rate_b[CHECK_STATES_MAX];
    synapse_random_parameters(large, &s, 0, a.parameters);
    memcpy(b.parameters, a.parameters, sizeof b.parameters);
    cr_assert(large->fitting(a.parameters) == small);
    patient_derive(large, &a);
    patient_derive(small, &b);
    large->initial_state(a.parameters, a.state);
    small->initial_state(b.parameters, b.state);
    for (int i = 0; i < small->n_states; i++) {
      const int j = synapse_state(large, small->states[i].name);
      cr_assert_geq(j, 0, "%s", small->states[i].name);
      cr_assert_eq(a.state[j], b.state[i], "%s", small->states[i].name);
      a.state[j] = b.state[i] = (b.state[i] + small->states[i].scale) * exp(random_normal(&s));
    }
    for (int n = 0; n < 4; n++) {
      char name[32];
      snprintf(name, sizeof name, "drug_tissue%d", n + 1);
      a.state[synapse_state(large, name)] = random_uniform(&s);
    }
    large->kernels(1)->rates(a.derived, a.state, rate_a);
    small->kernels(1)->rates(b.derived, b.state, rate_b);
    for (int i = 0; i < small->n_states; i++) {
      const double other = rate_a[synapse_state(large, small->states[i].name)];
      worst = fmax(worst, fabs(other - rate_b[i]) / (fabs(rate_b[i]) + 1e-9));
    }
  }
  cr_expect_lt(worst, 1e-12, "seed 55: %g", worst);
}

/* True if rates, state before treatment or doses of the two differ. */
static bool differ(const model *m, patient *a, patient *b)
{
  static _Alignas(KERNEL_ALIGNMENT) double rate[2][CHECK_STATES_MAX];
  double state[2][CHECK_STATES_MAX], jumped[2][CHECK_STATES_MAX];
  patient *of[] = {a, b};
  bool different = false;
  for (int n = 0; n < 2; n++) {
    patient_derive(m, of[n]);
    m->kernels(1)->rates(of[n]->derived, a->state, rate[n]);
    m->initial_state(of[n]->parameters, state[n]);
    memcpy(jumped[n], a->state, sizeof jumped[n]);
    m->dose_jump(of[n]->parameters, jumped[n]);
  }
  for (int i = 0; i < m->n_states; i++) {
    different |=
        rate[0][i] != rate[1][i] || state[0][i] != state[1][i] || jumped[0][i] != jumped[1][i];
  }
  for (int r = 0; r < ROUTE_COUNT; r++) {
    different |= m->dose_scale((route)r, a->parameters) != m->dose_scale((route)r, b->parameters);
  }
  return different;
}

Test(synapse, every_parameter_does_something)
{
  const model *m = with_tissues();
  static patient original[20], changed;
  random_stream s = random_open(66, 0);
  for (int n = 0; n < 20; n++) {
    random_patient(m, &s, &original[n]);
  }
  for (int i = 0; i < m->n_parameters; i++) {
    const model_parameter *row = &m->parameters[i];
    bool any = strncmp(row->name, "crs_", 4) == 0; /* used by objectives, not by the kernel */
    for (int n = 0; n < 20 && !any; n++) {
      memcpy(&changed, &original[n], sizeof changed);
      const double x = changed.parameters[i];
      const bool whole = strcmp(row->unit, "arms") == 0 || strcmp(row->unit, "law") == 0;
      const double up = whole ? x + 1 : 1.1 * x + 0.01 * (x == 0);
      changed.parameters[i] = up <= row->high ? up : whole ? row->low : 0.9 * x;
      any = differ(m, &original[n], &changed);
    }
    cr_expect(any, "%s has no effect", row->name);
  }
}
