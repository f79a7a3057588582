/* Model, molecule, indication and population: who is treated with what, and the values of the
 * model's parameters. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/allocate.h"
#include "base/number.h"
#include "problem/reader.h"

enum { NAMES_MAX = 256 };

static bool unknown_model(reader *r, const cJSON *item)
{
  const char *names[NAMES_MAX];
  size_t n = 0;
  for (int i = 0; i < model_count() && i < NAMES_MAX; i++) {
    names[n++] = model_at(i)->name;
  }
  return reader_unknown(r, item, "model", names, n);
}

static bool unknown_preset(reader *r, const cJSON *item)
{
  const model *m = r->problem->model;
  const char *names[NAMES_MAX];
  size_t n = 0;
  for (int i = 0; i < m->n_presets && i < NAMES_MAX; i++) {
    names[n++] = m->presets[i].name;
  }
  return reader_unknown(r, item, "set of parameter values", names, n);
}

static bool apply_preset(reader *r, const cJSON *item)
{
  const model *m = r->problem->model;
  const model_preset *preset = model_preset_find(m, item->valuestring);
  if (preset == NULL) {
    return unknown_preset(r, item);
  }
  for (int i = 0; i < preset->n_values; i++) {
    int index = model_parameter_index(m, preset->values[i].parameter);
    if (index < 0) {
      return error_set(r->error, STEPDOSE_INTERNAL, "please report this",
                       "preset %s names no parameter", preset->name);
    }
    r->problem->parameters[index] = preset->values[i].value;
    r->origins[index] = (parameter_origin){.kind = ORIGIN_PRESET, .preset = preset};
  }
  return true;
}

static bool check_parameter(reader *r, const cJSON *item, const model_parameter *row)
{
  char remedy[128];
  char low[NUMBER_TEXT_SIZE];
  char high[NUMBER_TEXT_SIZE];
  double value = reader_number(item, "value");
  if (strcmp(reader_string(item, "unit"), row->unit) != 0) {
    snprintf(remedy, sizeof remedy, "convert the value and write \"%s\"", row->unit);
    return reader_fail(r, json_get(item, "unit"), UNITS_MISMATCH, remedy,
                       "\"%s\" is in \"%s\", not in \"%.32s\"", item->string, row->unit,
                       reader_string(item, "unit"));
  }
  if (value < row->low || value > row->high) {
    char found[NUMBER_TEXT_SIZE];
    number_format(value, found);
    number_format(row->low, low);
    number_format(row->high, high);
    snprintf(remedy, sizeof remedy, "from %s to %s %s is allowed", low, high, row->unit);
    return reader_fail(r, json_get(item, "value"), OUT_OF_RANGE, remedy, "\"%s\" is %s",
                       item->string, found);
  }
  if (model_parameter_is_whole(row) && value != floor(value)) {
    return reader_fail(r, json_get(item, "value"), OUT_OF_RANGE, "use a whole number",
                       "\"%s\" is not whole", item->string);
  }
  return true;
}

/* A molecule carries the densities of all tissues that it knows: those that the indication does not
 * name are checked and skipped. */
static bool apply_parameter(reader *r, const cJSON *item, origin_kind kind)
{
  const model *m = r->problem->model;
  int index = parameter_find(r->problem, item->string);
  int example = -1;
  bool skipped =
      kind == ORIGIN_MOLECULE && parameter_of_unnamed_tissue(r->problem, item->string, &example);
  if (index < 0 && !skipped) {
    return parameter_unknown(r, item);
  }
  if (!check_parameter(r, item, &m->parameters[skipped ? example : index])) {
    return false;
  }
  if (!skipped) {
    r->problem->parameters[index] = reader_number(item, "value");
    r->origins[index] = (parameter_origin){.kind = kind, .assumed = reader_flag(item, "assumed")};
  }
  return true;
}

static bool apply_parameters(reader *r, const cJSON *object, origin_kind kind)
{
  const cJSON *item = object != NULL ? object->child : NULL;
  for (; item != NULL; item = item->next) {
    if (!apply_parameter(r, item, kind)) {
      return false;
    }
  }
  return true;
}

static bool apply_problem_presets(reader *r)
{
  const cJSON *list = json_get(r->root, "model_preset");
  for (const cJSON *item = list != NULL ? list->child : NULL; item != NULL; item = item->next) {
    if (!apply_preset(r, item)) {
      return false;
    }
  }
  return true;
}

/* Molecule and indication are written for one model. */
static bool same_model(reader *r, const cJSON *object, const char *what)
{
  const cJSON *item = json_get(object, "model");
  if (strcmp(item->valuestring, r->problem->model->name) == 0) {
    return true;
  }
  return reader_fail(r, item, CONTRADICTION,
                     "use a file that is written for the model of the problem",
                     "the %s is for model \"%.64s\", the problem for \"%s\"", what,
                     item->valuestring, r->problem->model->name);
}

static bool read_model(reader *r)
{
  stepdose_problem *p = r->problem;
  const cJSON *item = json_get(r->root, "model");
  p->model = model_find(item->valuestring);
  if (p->model == NULL) {
    return unknown_model(r, item);
  }
  size_t n = (size_t)p->model->n_parameters;
  p->parameters = allocate_zeroed(n, sizeof *p->parameters);
  r->origins = allocate_zeroed(n, sizeof *r->origins);
  if (p->parameters == NULL || r->origins == NULL) {
    return error_no_memory(r->error, "reading parameters");
  }
  model_parameter_defaults(p->model, p->parameters);
  return true;
}

static void copy_text(char *to, size_t size, const cJSON *item)
{
  snprintf(to, size, "%s", item != NULL ? item->valuestring : "");
}

static void warn_assumed(reader *r)
{
  const model *m = r->problem->model;
  char names[READER_LIST_SIZE] = "";
  int n = 0;
  for (int i = 0; i < m->n_parameters; i++) {
    char key[PROBLEM_PARAMETER_KEY_SIZE];
    if (r->origins[i].assumed && problem_parameter_key(r->problem, i, key)) {
      reader_list(names, key);
      n++;
    }
  }
  if (n > 0) {
    reader_warn(r, "%d value%s assumed, not measured: %s", n, n == 1 ? " is" : "s are", names);
  }
}

/* The smallest model of the family that holds all that design and patients may have. */
static bool choose_member(reader *r)
{
  stepdose_problem *p = r->problem;
  size_t size = (size_t)p->model->n_parameters * sizeof *p->parameters;
  if (p->model->fitting == NULL) {
    return true;
  }
  double *largest = allocate(size);
  if (largest == NULL) {
    return error_no_memory(r->error, "reading parameters");
  }
  memcpy(largest, p->parameters, size);
  for (int i = 0; i < p->n_design; i++) {
    largest[p->design[i].parameter] = p->design[i].values.high;
  }
  population_raise(p, largest);
  p->model = p->model->fitting(largest);
  release(largest);
  return true;
}

bool read_parameters(reader *r)
{
  stepdose_problem *p = r->problem;
  const cJSON *molecule = json_get(r->root, "molecule");
  const cJSON *indication = json_get(r->root, "indication");
  const cJSON *preset = json_get(indication, "model_preset");
  if (!read_model(r) || !same_model(r, molecule, "molecule") ||
      !same_model(r, indication, "indication") || !read_tissues(r)) {
    return false;
  }
  copy_text(p->molecule_name, sizeof p->molecule_name, json_get(molecule, "name"));
  copy_text(p->indication_name, sizeof p->indication_name, json_get(indication, "name"));
  /* from the general to the particular: the last one counts */
  bool done = (preset == NULL || apply_preset(r, preset)) &&
              apply_parameters(r, json_get(indication, "parameters"), ORIGIN_INDICATION) &&
              apply_parameters(r, json_get(molecule, "parameters"), ORIGIN_MOLECULE) &&
              apply_problem_presets(r) && read_calibration(r) &&
              apply_parameters(r, json_get(r->root, "parameters"), ORIGIN_PROBLEM) &&
              read_design(r) && read_population(r) && calibrate_population(r) &&
              check_crs_grades(r);
  if (done) {
    warn_assumed(r);
    check_tissues(r);
  }
  return done && choose_member(r);
}
