/* Inputs of a sensitivity study, and what their values make of the regimen and of patients: see
 * sensitivity_study.h. */
#include "study/sensitivity_parts.h"

#include "base/allocate.h"
#include "base/number.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

_Static_assert((int)SENSITIVITY_DESCRIBED_MAX == (int)SENSITIVITY_INPUTS_MAX,
               "what a file may name, a study can vary");

static bool refuse(const sensitivity_study *s, const char *name, const char *remedy,
                   const char *what, stepdose_error *error)
{
  error_set(error, STEPDOSE_OUT_OF_RANGE, remedy, "the input \"%s\" %s", name, what);
  error_place(error, s->problem->path, 0, 0, "/sensitivity/inputs");
  return false;
}

static bool is_of_model(const sensitivity_input *in)
{
  return in->described.kind == SENSITIVITY_OF_MOLECULE ||
         in->described.kind == SENSITIVITY_OF_PARAMETER;
}

/* --- doses ------------------------------------------------------------------------------------ */

/* Index in the schedule of dose `number` of engager, from 1; -1: it is not given. */
static int find_dose(const sensitivity_study *s, int number)
{
  for (int i = 0; i < s->doses.n_doses; i++) {
    const dose *d = &s->doses.doses[i];
    number -= route_is_engager(d->route) && d->day < s->problem->horizon_days;
    if (number == 0) {
      return i;
    }
  }
  return -1;
}

static bool open_doses(const sensitivity_study *s, sensitivity_input *in, stepdose_error *error)
{
  sensitivity_described *d = &in->described;
  in->first = find_dose(s, d->index);
  in->last = find_dose(s, d->last);
  if (in->first < 0 || in->last < 0) {
    return refuse(s, d->name, "name doses of the regimen", "is not given before the horizon",
                  error);
  }
  const dose *first = &s->doses.doses[in->first];
  in->reference = first->amount;
  in->unit = route_unit(first->route);
  d->low = isnan(d->low) ? in->reference / s->settings->factor : d->low;
  d->high = isnan(d->high) ? in->reference * s->settings->factor : d->high;
  return d->low < d->high ||
         refuse(s, d->name, "give \"min\" and \"max\"", "has a range that holds no values", error);
}

/* Doses of equal amounts that follow each other are one input. */
static int end_of_run(const sensitivity_study *s, int number)
{
  const double amount = s->doses.doses[find_dose(s, number)].amount;
  int next = find_dose(s, number + 1);
  while (next >= 0 && number_same(s->doses.doses[next].amount, amount)) {
    number++;
    next = find_dose(s, number + 1);
  }
  return number;
}

static bool add_every_dose(sensitivity_study *s, stepdose_error *error)
{
  for (int number = 1; find_dose(s, number) >= 0; number++) {
    sensitivity_input *in = &s->input[s->n_inputs];
    sensitivity_described *d = &in->described;
    if (s->n_inputs == SENSITIVITY_INPUTS_MAX) {
      return refuse(s, "dose", "name the inputs", "is one too many", error);
    }
    *d = (sensitivity_described){.kind = SENSITIVITY_OF_DOSES,
                                 .index = number,
                                 .last = end_of_run(s, number),
                                 .low = NAN,
                                 .high = NAN,
                                 .logarithmic = true,
                                 .group = "regimen"};
    snprintf(d->name, sizeof d->name, d->last > number ? "dose_%d_to_%d" : "dose_%d", number,
             d->last);
    if (!open_doses(s, in, error)) {
      return false;
    }
    s->n_inputs++;
    number = d->last;
  }
  return true;
}

/* --- effects ---------------------------------------------------------------------------------- */

/* The effect on a parameter from place `first` on; room for one that is not there yet. */
static bool set_effect(sensitivity_input *in, int first, int parameter, double power)
{
  for (int i = first; i < in->n_effects; i++) {
    if (in->effect[i].parameter == parameter) {
      in->effect[i].power = power;
      return true;
    }
  }
  if (power != 0 && in->n_effects < SENSITIVITY_EFFECTS_MAX) {
    in->effect[in->n_effects++] = (sensitivity_effect){parameter, power};
    return true;
  }
  return power == 0;
}

/* Powers (population_covariates) with which what patients are made of follows the input. */
static void find_powers(const population_description *d, const sensitivity_input *in, double *power)
{
  const bool coordinate = in->described.kind == SENSITIVITY_OF_COORDINATE;
  for (int j = 0; j < d->n_coordinates; j++) {
    power[j] = coordinate && in->described.index == j;
  }
  for (int j = 0; j < d->n_derived; j++) {
    const population_product *product = &d->product[j];
    double *sum = &power[d->n_coordinates + j];
    *sum = 0;
    for (int i = 0; i < product->n_factors; i++) {
      const population_factor *f = &product->factors[i];
      const bool own = f->is_parameter && is_of_model(in) && f->index == in->described.index;
      *sum += f->is_parameter ? (own ? f->power : 0) : f->power * power[f->index];
    }
  }
}

/* Effects on what the population sets, from place `first` on; the last to set a parameter counts.
 * A parameter that does not follow the problem's own value is multiplied all the same. */
static bool add_effects(const sensitivity_study *s, sensitivity_input *in, int first)
{
  const population_description *d = s->problem->population;
  double power[POPULATION_COVARIATES_MAX];
  bool done = true;
  find_powers(d, in, power);
  for (int j = 0; j < population_covariates(d); j++) {
    for (int k = 0; k < d->quantity[j].n_sets; k++) {
      const int parameter = d->quantity[j].sets[k];
      const bool own = is_of_model(in) && parameter == in->described.index && power[j] == 0;
      done = done && set_effect(in, first, parameter, own ? 1 : power[j]);
    }
  }
  return done;
}

static bool patients_set(const population_description *d, int parameter)
{
  bool found = false;
  for (int j = 0; d != NULL && j < population_covariates(d); j++) {
    for (int k = 0; k < d->quantity[j].n_sets; k++) {
      found = found || d->quantity[j].sets[k] == parameter;
    }
  }
  return found;
}

static bool open_parameter(const sensitivity_study *s, sensitivity_input *in, stepdose_error *error)
{
  const int parameter = in->described.index;
  const population_description *d = s->settings->patients > 0 ? s->problem->population : NULL;
  in->reference = s->problem->parameters[parameter];
  in->unit = s->problem->model->parameters[parameter].unit;
  in->absolute = in->reference == 0;
  in->effect[0] = in->effect[1] = (sensitivity_effect){parameter, 1};
  in->n_own = 1;
  in->n_effects = 2;
  if (in->absolute && (patients_set(d, parameter) || s->settings->method == SENSITIVITY_LOCAL)) {
    return refuse(s, in->described.name, "give it a value in the problem",
                  "is 0 in the problem: there is nothing to multiply", error);
  }
  return d == NULL || add_effects(s, in, in->n_own) ||
         refuse(s, in->described.name, "leave it out", "moves too many parameters", error);
}

static bool open_coordinate(const sensitivity_study *s, sensitivity_input *in,
                            stepdose_error *error)
{
  in->reference = 1;
  in->unit = "times";
  if (!add_effects(s, in, 0) || 2 * in->n_effects > SENSITIVITY_EFFECTS_MAX) {
    return refuse(s, in->described.name, "leave it out", "moves too many parameters", error);
  }
  in->n_own = in->n_effects;
  memcpy(in->effect + in->n_own, in->effect, (size_t)in->n_own * sizeof in->effect[0]);
  in->n_effects *= 2;
  return true;
}

/* --- all of them ------------------------------------------------------------------------------ */

static bool open_input(sensitivity_study *s, int i, stepdose_error *error)
{
  sensitivity_input *in = &s->input[i];
  *in = (sensitivity_input){.described = s->settings->input[i], .first = -1, .last = -1};
  switch (in->described.kind) {
  case SENSITIVITY_OF_DOSES:
    return open_doses(s, in, error);
  case SENSITIVITY_OF_COORDINATE:
    return open_coordinate(s, in, error);
  default:
    return open_parameter(s, in, error);
  }
}

static void find_group(sensitivity_study *s, sensitivity_input *in)
{
  in->group = 0;
  while (in->group < s->n_groups && strcmp(s->group[in->group], in->described.group) != 0) {
    in->group++;
  }
  if (in->group == s->n_groups) {
    memcpy(s->group[s->n_groups++], in->described.group, sizeof s->group[0]);
  }
}

bool sensitivity_open_inputs(sensitivity_study *s, stepdose_error *error)
{
  s->input = allocate_zeroed(SENSITIVITY_INPUTS_MAX + 1, sizeof *s->input);
  if (s->input == NULL) {
    return error_no_memory(error, "preparing a sensitivity study");
  }
  if (s->settings->too_many) {
    return refuse(s, s->settings->input[0].name, "name the inputs under \"sensitivity\"",
                  "is one of more than a study can vary", error);
  }
  for (s->n_inputs = 0; s->n_inputs < s->settings->n_inputs; s->n_inputs++) {
    if (!open_input(s, s->n_inputs, error)) {
      return false;
    }
  }
  if (s->settings->every_dose && !add_every_dose(s, error)) {
    return false;
  }
  for (int i = 0; i < s->n_inputs; i++) {
    find_group(s, &s->input[i]);
  }
  return true;
}

double sensitivity_input_value(const sensitivity_input *in, double u)
{
  const sensitivity_described *d = &in->described;
  return d->logarithmic ? d->low * pow(d->high / d->low, u) : d->low + (d->high - d->low) * u;
}

/* --- changes ---------------------------------------------------------------------------------- */

static double within(double value, const model_parameter *row)
{
  return fmin(fmax(value, row->low), row->high);
}

static void change_doses(const sensitivity_input *in, double ratio, schedule *doses)
{
  for (int i = in->first; i >= 0 && i <= in->last; i++) {
    doses->doses[i].amount *= route_is_engager(doses->doses[i].route) ? ratio : 1;
  }
}

/* The reference patient: parameters first, then the factors of coordinates on them. */
static void change_reference(const sensitivity_study *s, const double *x, double *parameters)
{
  const model_parameter *rows = s->problem->model->parameters;
  for (int i = 0; i < s->n_inputs; i++) {
    if (is_of_model(&s->input[i])) {
      parameters[s->input[i].described.index] = x[i];
    }
  }
  for (int i = 0; i < s->n_inputs; i++) {
    const sensitivity_input *in = &s->input[i];
    for (int k = 0; in->described.kind == SENSITIVITY_OF_COORDINATE && k < in->n_own; k++) {
      const int parameter = in->effect[k].parameter;
      const double value = parameters[parameter] * pow(x[i], in->effect[k].power);
      parameters[parameter] = within(value, &rows[parameter]);
    }
  }
}

static void change_factors(const sensitivity_input *in, double x, sensitivity_change *c)
{
  for (int k = in->n_own; k < in->n_effects; k++) {
    const sensitivity_effect *e = &in->effect[k];
    c->factor[e->parameter] *= in->absolute ? 0 : pow(x / in->reference, e->power);
    c->value[e->parameter] = x;
  }
}

void sensitivity_change_to(const sensitivity_study *s, const double *x, sensitivity_change *c)
{
  const int n = s->problem->model->n_parameters;
  c->doses = s->doses;
  memcpy(c->parameters, s->problem->parameters, (size_t)n * sizeof *c->parameters);
  change_reference(s, x, c->parameters);
  for (int k = 0; k < n; k++) {
    c->factor[k] = 1;
  }
  for (int i = 0; i < s->n_inputs; i++) {
    change_doses(&s->input[i], x[i] / s->input[i].reference, &c->doses);
    change_factors(&s->input[i], x[i], c);
  }
}

void sensitivity_change_patient(const sensitivity_study *s, const sensitivity_change *c,
                                const double *own, double *parameters)
{
  const model *m = s->problem->model;
  for (int k = 0; k < m->n_parameters; k++) {
    const double value = c->factor[k] != 0 ? own[k] * c->factor[k] : c->value[k];
    parameters[k] = c->factor[k] == 1 ? own[k] : within(value, &m->parameters[k]);
  }
}
