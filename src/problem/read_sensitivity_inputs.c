/* The inputs of a sensitivity study: parameters of the model, coordinates of the population, doses
 * of the regimen, each with its range; and those of a problem that names none. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "problem/reader.h"

enum { PARAMETERS_MAX = 256, NAMES_MAX = PARAMETERS_MAX + POPULATION_COORDINATES_MAX };

static const char *const groups[SENSITIVITY_INPUT_KIND_COUNT] = {
#define X(id, name, group, meaning) group,
    SENSITIVITY_INPUTS(X)
#undef X
};

static sensitivity_described describe(const char *name, sensitivity_input_kind kind, int index)
{
  sensitivity_described d = {
      .kind = kind, .index = index, .last = index, .low = NAN, .high = NAN, .logarithmic = true};
  snprintf(d.name, sizeof d.name, "%s", name);
  snprintf(d.group, sizeof d.group, "%s", groups[kind]);
  return d;
}

static bool is_of_model(const sensitivity_described *d)
{
  return d->kind == SENSITIVITY_OF_MOLECULE || d->kind == SENSITIVITY_OF_PARAMETER;
}

/* --- ranges ----------------------------------------------------------------------------------- */

/* Published bounds of virtual patients, where the problem's value lies between them. */
static bool has_published_range(const stepdose_problem *p, int parameter)
{
  const model_parameter *row = &p->model->parameters[parameter];
  const double value = p->parameters[parameter];
  return row->cohort_low < row->cohort_high && row->cohort_low <= value &&
         value <= row->cohort_high;
}

static void range_of_parameter(const stepdose_problem *p, sensitivity_described *d)
{
  const model_parameter *row = &p->model->parameters[d->index];
  const double value = p->parameters[d->index];
  const double factor = p->sensitivity.factor;
  if (has_published_range(p, d->index)) {
    d->low = row->cohort_low;
    d->high = row->cohort_high;
    return;
  }
  d->low = fmax(fmin(value / factor, value * factor), row->low);
  d->high = fmin(fmax(value / factor, value * factor), row->high);
}

/* The published bounds of a parameter that the coordinate sets, as factors. */
static void range_of_coordinate(const stepdose_problem *p, sensitivity_described *d)
{
  const population_quantity *q = &p->population->quantity[d->index];
  d->low = 1 / p->sensitivity.factor;
  d->high = p->sensitivity.factor;
  for (int k = q->n_sets - 1; k >= 0; k--) {
    const model_parameter *row = &p->model->parameters[q->sets[k]];
    const double value = p->parameters[q->sets[k]];
    if (has_published_range(p, q->sets[k]) && value > 0) {
      d->low = row->cohort_low / value;
      d->high = row->cohort_high / value;
    }
  }
}

/* Doses get theirs when the regimen is known. */
static void set_default_range(const stepdose_problem *p, sensitivity_described *d)
{
  if (is_of_model(d)) {
    range_of_parameter(p, d);
  } else if (d->kind == SENSITIVITY_OF_COORDINATE) {
    range_of_coordinate(p, d);
  }
  d->logarithmic = !(d->low <= 0);
}

static bool outside_model(reader *r, const cJSON *item, const model_parameter *row)
{
  char low[NUMBER_TEXT_SIZE];
  char high[NUMBER_TEXT_SIZE];
  char remedy[128];
  number_format(row->low, low);
  number_format(row->high, high);
  snprintf(remedy, sizeof remedy, "the model accepts %s from %s to %s %s", row->name, low, high,
           row->unit);
  return reader_fail(r, item, OUT_OF_RANGE, remedy, "\"%s\" lies beyond what the model accepts",
                     item->string);
}

/* One end of a range: within the model, and above zero where it is an amount or a factor. */
static bool read_end(reader *r, const cJSON *object, const char *key,
                     const sensitivity_described *d, double *end)
{
  const cJSON *item = json_get(object, key);
  if (item == NULL) {
    return true;
  }
  *end = item->valuedouble;
  if (is_of_model(d)) {
    const model_parameter *row = &r->problem->model->parameters[d->index];
    return (*end >= row->low && *end <= row->high) || outside_model(r, item, row);
  }
  return *end > 0 || reader_fail(r, item, OUT_OF_RANGE, "give a number above 0",
                                 "\"%s\" of \"%s\" is not above 0", key, d->name);
}

/* A range that is given only in part ends where the default one does. */
static bool read_range(reader *r, const cJSON *object, sensitivity_described *d)
{
  const bool given = json_get(object, "min") != NULL && json_get(object, "max") != NULL;
  set_default_range(r->problem, d);
  if (!given && is_of_model(d) && !(d->low < d->high)) {
    return reader_fail(r, object, MISSING_KEY, "give \"min\" and \"max\"",
                       "\"%s\" has a value that no factor makes a range of", d->name);
  }
  if (!read_end(r, object, "min", d, &d->low) || !read_end(r, object, "max", d, &d->high)) {
    return false;
  }
  return !(d->low >= d->high) ||
         reader_fail(r, object, EMPTY_RANGE, "\"min\" must be less than \"max\"",
                     "the range of \"%s\" holds no two values", d->name);
}

static bool read_scale(reader *r, const cJSON *object, sensitivity_described *d)
{
  static const char *const scales[] = {"log", "linear"};
  const cJSON *item = json_get(object, "scale");
  d->logarithmic = !(d->low <= 0);
  if (item == NULL) {
    return true;
  }
  const int scale = reader_choose(r, item, "scale", scales, 2);
  d->logarithmic = scale == 0;
  return scale >= 0 && (scale > 0 || !(d->low <= 0) ||
                        reader_fail(r, item, CONTRADICTION, "use \"linear\", or a range above 0",
                                    "the range of \"%s\" has no logarithm", d->name));
}

/* --- names ------------------------------------------------------------------------------------ */

/* A whole number of at most three digits at *at, which is moved behind it. */
static bool take_number(const char **at, int *number)
{
  const char *first = *at;
  for (*number = 0; **at >= '0' && **at <= '9' && *at - first < 3; (*at)++) {
    *number = 10 * *number + (**at - '0');
  }
  return *at > first;
}

static bool take_word(const char **at, const char *word)
{
  const size_t length = strlen(word);
  const bool found = strncmp(*at, word, length) == 0;
  *at += found ? length : 0;
  return found;
}

/* "dose_3" or "dose_3_to_6": numbers from 1, as in dose windows. */
static bool parse_doses(const char *name, int *first, int *last)
{
  const char *at = name;
  if (!take_word(&at, "dose_") || !take_number(&at, first)) {
    return false;
  }
  *last = *first;
  if (take_word(&at, "_to_") && !take_number(&at, last)) {
    return false;
  }
  return *at == '\0' && *first >= 1 && *last >= *first && *last <= SCHEDULE_WINDOWS_MAX;
}

static bool is_given_by(const reader *r, const char *file, const char *name)
{
  return json_get(json_get(json_get(r->root, file), "parameters"), name) != NULL;
}

static bool is_in_design(const stepdose_problem *p, int parameter)
{
  bool found = false;
  for (int i = 0; i < p->n_design; i++) {
    found = found || p->design[i].parameter == parameter;
  }
  return found;
}

static sensitivity_input_kind kind_of_parameter(const reader *r, const char *name, int parameter)
{
  return is_given_by(r, "molecule", name) || is_in_design(r->problem, parameter)
             ? SENSITIVITY_OF_MOLECULE
             : SENSITIVITY_OF_PARAMETER;
}

static bool unknown_input(reader *r, const cJSON *item)
{
  const stepdose_problem *p = r->problem;
  char keys[PARAMETERS_MAX][PROBLEM_PARAMETER_KEY_SIZE];
  const char *names[NAMES_MAX];
  size_t n = 0;
  for (int i = 0; p->population != NULL && i < p->population->n_coordinates; i++) {
    names[n++] = p->population->quantity[i].name;
  }
  for (int i = 0; i < p->model->n_parameters && i < PARAMETERS_MAX; i++) {
    names[n] = keys[i];
    n += problem_parameter_key(p, i, keys[i]);
  }
  return reader_unknown(r, item, "dose (\"dose_1\"), coordinate or parameter", names, n);
}

static bool find_input(reader *r, const cJSON *item, sensitivity_described *d)
{
  const stepdose_problem *p = r->problem;
  const char *name = item->valuestring;
  const int parameter = parameter_find(p, name);
  const int covariate =
      p->population != NULL ? population_covariate_index(p->population, name) : -1;
  int first, last;
  if (parse_doses(name, &first, &last)) {
    *d = describe(name, SENSITIVITY_OF_DOSES, first);
    d->last = last;
  } else if (parameter >= 0) {
    *d = describe(name, kind_of_parameter(r, name, parameter), parameter);
  } else if (covariate >= 0 && covariate < p->population->n_coordinates) {
    *d = describe(name, SENSITIVITY_OF_COORDINATE, covariate);
  } else {
    return unknown_input(r, item);
  }
  return true;
}

static bool overlap(const sensitivity_described *a, const sensitivity_described *b)
{
  const bool same_kind = a->kind == b->kind || (is_of_model(a) && is_of_model(b));
  return same_kind && a->index <= b->last && b->index <= a->last;
}

static bool check_new(reader *r, const cJSON *item, const sensitivity_described *d)
{
  const sensitivity_settings *s = &r->problem->sensitivity;
  for (int i = 0; i < s->n_inputs; i++) {
    if (overlap(&s->input[i], d)) {
      return reader_fail(r, item, CONTRADICTION, "vary it once", "\"%s\" and \"%s\" vary the same",
                         s->input[i].name, d->name);
    }
  }
  return !is_of_model(d) || !model_parameter_is_whole(&r->problem->model->parameters[d->index]) ||
         reader_fail(r, item, OUT_OF_RANGE, "leave it out, and compare its values one by one",
                     "\"%s\" takes whole numbers only", d->name);
}

static bool read_input(reader *r, const cJSON *object)
{
  sensitivity_settings *s = &r->problem->sensitivity;
  sensitivity_described d;
  if (!find_input(r, json_get(object, "of"), &d) || !check_new(r, json_get(object, "of"), &d) ||
      !read_range(r, object, &d) || !read_scale(r, object, &d)) {
    return false;
  }
  if (json_get(object, "group") != NULL) {
    snprintf(d.group, sizeof d.group, "%s", reader_string(object, "group"));
  }
  s->input[s->n_inputs++] = d;
  return true;
}

/* --- inputs of a problem that names none ------------------------------------------------------ */

static bool patients_set(const stepdose_problem *p, int parameter)
{
  bool found = false;
  for (int j = 0; !p->reference_patient && j < population_covariates(p->population); j++) {
    for (int k = 0; k < p->population->quantity[j].n_sets; k++) {
      found = found || p->population->quantity[j].sets[k] == parameter;
    }
  }
  return found;
}

/* Switches, counts, and mechanisms that are absent or complete lie at an end of what the model
 * accepts: what they mean between is for the author of a problem to say. */
static bool has_room(const stepdose_problem *p, int parameter)
{
  const model_parameter *row = &p->model->parameters[parameter];
  const double value = p->parameters[parameter];
  return value > row->low && value < row->high && value != 0 && !model_parameter_is_whole(row) &&
         strcmp(row->unit, "flag") != 0;
}

static void add_default(stepdose_problem *p, sensitivity_described d)
{
  sensitivity_settings *s = &p->sensitivity;
  for (int i = 0; i < s->n_inputs; i++) {
    if (overlap(&s->input[i], &d)) {
      return;
    }
  }
  if (s->n_inputs == SENSITIVITY_DESCRIBED_MAX) {
    s->too_many = true;
    return;
  }
  set_default_range(p, &d);
  s->input[s->n_inputs++] = d;
}

static void add_design(stepdose_problem *p)
{
  for (int i = 0; i < p->n_design; i++) {
    const design_variable *v = &p->design[i];
    const int before = p->sensitivity.n_inputs;
    if (v->values.n_choices > 0 || patients_set(p, v->parameter)) {
      continue;
    }
    add_default(p, describe(v->name, SENSITIVITY_OF_MOLECULE, v->parameter));
    if (p->sensitivity.n_inputs > before) {
      sensitivity_described *d = &p->sensitivity.input[before];
      d->low = v->values.low;
      d->high = v->values.high;
      d->logarithmic = d->low > 0;
    }
  }
}

static void add_given(reader *r, const char *file, sensitivity_input_kind kind)
{
  stepdose_problem *p = r->problem;
  const cJSON *parameters = json_get(json_get(r->root, file), "parameters");
  const cJSON *item = parameters != NULL ? parameters->child : NULL;
  for (; item != NULL; item = item->next) {
    const int parameter = parameter_find(p, item->string);
    if (parameter >= 0 && has_room(p, parameter) && !patients_set(p, parameter)) {
      add_default(p, describe(item->string, kind, parameter));
    }
  }
}

static void add_defaults(reader *r)
{
  stepdose_problem *p = r->problem;
  p->sensitivity.every_dose = true;
  add_design(p);
  add_given(r, "molecule", SENSITIVITY_OF_MOLECULE);
  add_given(r, "indication", SENSITIVITY_OF_PARAMETER);
  for (int j = 0; !p->reference_patient && j < p->population->n_coordinates; j++) {
    add_default(p, describe(p->population->quantity[j].name, SENSITIVITY_OF_COORDINATE, j));
  }
}

/* A range may begin what the problem's values leave out: the model must hold it. */
static void choose_model(reader *r)
{
  stepdose_problem *p = r->problem;
  const sensitivity_settings *s = &p->sensitivity;
  for (int i = 0; p->model->fitting != NULL && i < s->n_inputs; i++) {
    if (is_of_model(&s->input[i])) {
      const double value = p->parameters[s->input[i].index];
      p->parameters[s->input[i].index] = s->input[i].high;
      const model *larger = p->model->fitting(p->parameters);
      p->parameters[s->input[i].index] = value;
      p->model = larger->n_states > p->model->n_states ? larger : p->model;
    }
  }
}

bool read_sensitivity_inputs(reader *r, const cJSON *list)
{
  if (list == NULL) {
    add_defaults(r);
  }
  for (const cJSON *item = list != NULL ? list->child : NULL; item != NULL; item = item->next) {
    if (!read_input(r, item)) {
      return false;
    }
  }
  choose_model(r);
  return true;
}
