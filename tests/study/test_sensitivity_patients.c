/* Virtual patients of a sensitivity study: those of simulate, and with another input those of
 * another population. */
#include "study/sensitivity_fixtures.h"

#include "base/allocate.h"

#include <math.h>

enum { PATIENTS = 40 };

Test(sensitivity_patients, without_a_change_the_patients_are_those_of_simulate)
{
  stepdose_problem *problem = read_problem(
      "{\"samples\":4,\"patients\":64,\"inputs\":[{\"of\":\"clearance\"}],\"outputs\":[\"goal\","
      "\"patients.goal\",\"patients.response\",\"patients.limit_1\",\"patients.limit_2\","
      "\"patients.any_limit\"]}",
      true);
  sensitivity_study *s = run_study(problem, 2);
  cohort_study *c = fixture_cohort(problem, 64, 2);
  const cohort_outcome *o = &c->outcome[0];
  const struct {
    const char *name;
    double value;
  } cases[] = {{"patients.goal", o->goal_figure.at[COHORT_MEAN]},
               {"patients.response", o->response.share},
               {"patients.limit_1", o->limit[0].exceeded.share},
               {"patients.limit_2", o->limit[1].exceeded.share},
               {"patients.any_limit", o->any_limit.share}};
  for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
    const double found = s->reference[output_of(s, cases[k].name)];
    cr_expect_float_eq(found, cases[k].value, 1e-12, "%s: %.17g, simulate has %.17g", cases[k].name,
                       found, cases[k].value);
  }
  cohort_study_free(c);
  sensitivity_study_free(s);
  stepdose_problem_free(problem);
}

/* Patient i with one input at `x`, by the study. */
static void change_patient(const sensitivity_study *s, int input, double x, const double *own,
                           double *parameters)
{
  const size_t n = (size_t)s->problem->model->n_parameters;
  double *numbers = allocate_zeroed(3 * n, sizeof *numbers);
  double *values = allocate_zeroed((size_t)s->n_inputs, sizeof *values);
  sensitivity_change change = {
      .parameters = numbers, .factor = numbers + n, .value = numbers + 2 * n};
  for (int i = 0; i < s->n_inputs; i++) {
    values[i] = i == input ? x : s->input[i].reference;
  }
  sensitivity_change_to(s, values, &change);
  sensitivity_change_patient(s, &change, own, parameters);
  release(values);
  release(numbers);
}

static void expect_close(const model *m, const double *a, const double *b, const char *what)
{
  for (int k = 0; k < m->n_parameters; k++) {
    cr_expect(fabs(a[k] - b[k]) <= 1e-11 * fabs(b[k]), "%s: %s is %.17g, expected %.17g", what,
              m->parameters[k].name, a[k], b[k]);
  }
}

/* All that one comparison needs. */
typedef struct moved_patients {
  stepdose_problem *problem;
  sensitivity_study *study;
  population *people;
  double *base, *own, *moved, *found; /* parameters of the problem, of patients, of one of them */
} moved_patients;

static double *numbers_of(const model *m, size_t n)
{
  double *numbers = allocate_zeroed(n * (size_t)m->n_parameters, sizeof *numbers);
  cr_assert_not_null(numbers);
  return numbers;
}

static moved_patients open_patients(const char *section)
{
  stepdose_error error = {.code = STEPDOSE_OK};
  moved_patients w = {.problem = read_problem(section, true)};
  const model *m = w.problem->model;
  w.study = open_study(w.problem);
  w.people = population_open(w.problem->population, m, 5, &error);
  w.base = numbers_of(m, 1);
  w.own = numbers_of(m, PATIENTS);
  w.moved = numbers_of(m, PATIENTS);
  w.found = numbers_of(m, 1);
  cr_assert(
      population_draw(w.people, w.problem->parameters, 0, PATIENTS, w.own, NULL, NULL, &error),
      "%s", error.message);
  return w;
}

static void close_patients(moved_patients *w)
{
  population_close(w->people);
  release(w->base);
  release(w->own);
  release(w->moved);
  release(w->found);
  sensitivity_study_free(w->study);
  stepdose_problem_free(w->problem);
}

/* Draws patients of the law with another centre, or around another value of the problem. */
static void draw_moved(moved_patients *w, const char *name, double factor)
{
  stepdose_error error;
  const model *m = w->problem->model;
  population_description *d = w->problem->population;
  const int covariate = population_covariate_index(d, name);
  memcpy(w->base, w->problem->parameters, (size_t)m->n_parameters * sizeof *w->base);
  if (covariate >= 0) {
    d->coordinate[covariate].number[POPULATION_MEDIAN] *= factor;
  } else {
    w->base[model_parameter_index(m, name)] *= factor;
  }
  cr_assert(population_draw(w->people, w->base, 0, PATIENTS, w->moved, NULL, NULL, &error));
  if (covariate >= 0) {
    d->coordinate[covariate].number[POPULATION_MEDIAN] /= factor;
  }
}

Test(sensitivity_patients, an_input_moves_patients_as_another_population_would)
{
  static const struct {
    const char *name;
    double factor;
  } cases[] = {{"clearance", 1.7},
               {"tumor_volume", 0.6},
               {"tumor_cell_density", 1.3},
               {"blood_cd8", 0.8},
               {"Kptumor", 1.5}};
  moved_patients w = open_patients(
      "{\"inputs\":[{\"of\":\"clearance\"},{\"of\":\"tumor_volume\"},"
      "{\"of\":\"tumor_cell_density\"},{\"of\":\"blood_cd8\"},{\"of\":\"Kptumor\"}]}");
  const model *m = w.problem->model;
  for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
    const int input = input_of(w.study, cases[c].name);
    const double x = cases[c].factor * w.study->input[input].reference;
    draw_moved(&w, cases[c].name, cases[c].factor);
    for (int i = 0; i < PATIENTS; i++) {
      change_patient(w.study, input, x, w.own + (long)i * m->n_parameters, w.found);
      expect_close(m, w.found, w.moved + (long)i * m->n_parameters, cases[c].name);
    }
  }
  close_patients(&w);
}

/* A parameter that patients have values of their own of is multiplied in every patient. */
Test(sensitivity_patients, a_parameter_of_the_patients_keeps_their_spread)
{
  stepdose_problem *problem = read_problem("{\"inputs\":[{\"of\":\"Cl_tdb\"}]}", true);
  const model *m = problem->model;
  const int clearance = model_parameter_index(m, "Cl_tdb");
  sensitivity_study *s = open_study(problem);
  double *own = allocate_zeroed((size_t)m->n_parameters, sizeof *own);
  double *found = allocate_zeroed((size_t)m->n_parameters, sizeof *found);
  memcpy(own, problem->parameters, (size_t)m->n_parameters * sizeof *own);
  own[clearance] = 3;
  change_patient(s, 0, 2 * problem->parameters[clearance], own, found);
  cr_expect_float_eq(found[clearance], 6, 1e-12, "%.17g", found[clearance]);
  own[clearance] = m->parameters[clearance].high / 1.5;
  change_patient(s, 0, 2 * problem->parameters[clearance], own, found);
  cr_expect_eq(found[clearance], m->parameters[clearance].high, "beyond the model");
  release(found);
  release(own);
  sensitivity_study_free(s);
  stepdose_problem_free(problem);
}
