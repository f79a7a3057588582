/* The quantities of a population: their laws, and the parameters that they set. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "problem/reader.h"

static const char *const basis_names[POPULATION_BASIS_COUNT] = {
#define X(id, name, meaning) name,
    POPULATION_BASES(X)
#undef X
};

static bool is_set_before(const population_description *d, int covariate, int parameter)
{
  for (int i = 0; i <= covariate; i++) {
    for (int k = 0; k < d->quantity[i].n_sets; k++) {
      if (d->quantity[i].sets[k] == parameter) {
        return true;
      }
    }
  }
  return false;
}

static bool is_designed(const reader *r, int parameter)
{
  const stepdose_problem *p = r->problem;
  bool designed = r->origins[parameter].kind == ORIGIN_DESIGN;
  for (int i = 0; i < p->n_design; i++) {
    designed = designed || p->design[i].parameter == parameter;
  }
  return designed;
}

static bool check_set(reader *r, const cJSON *item, int covariate, int parameter)
{
  const model *m = r->problem->model;
  const population_quantity *q = &r->problem->population->quantity[covariate];
  if (parameter < 0) {
    return reader_fail(r, item, UNKNOWN_NAME,
                       "the parameters of each model are described in the documentation",
                       "model %s has no parameter \"%.64s\"", m->name, item->valuestring);
  }
  if (is_set_before(r->problem->population, covariate, parameter)) {
    return reader_fail(r, item, CONTRADICTION, "let one quantity set it", "\"%.64s\" is set twice",
                       item->valuestring);
  }
  if (is_designed(r, parameter)) {
    return reader_fail(r, item, CONTRADICTION, "leave it to one of them",
                       "\"%.64s\" belongs to the design and to the patients", item->valuestring);
  }
  if (strcmp(m->parameters[parameter].unit, q->unit) != 0) {
    return reader_fail(r, item, UNITS_MISMATCH, "give the quantity in the unit of the parameter",
                       "\"%.64s\" is in \"%s\", \"%s\" in \"%s\"", item->valuestring,
                       m->parameters[parameter].unit, q->name, q->unit);
  }
  return true;
}

static bool read_sets(reader *r, const cJSON *list, int covariate)
{
  population_quantity *q = &r->problem->population->quantity[covariate];
  const cJSON *item = list != NULL ? list->child : NULL;
  for (; item != NULL; item = item->next) {
    const int parameter = parameter_find(r->problem, item->valuestring);
    if (!check_set(r, item, covariate, parameter)) {
      return false;
    }
    q->sets[q->n_sets++] = parameter;
  }
  return true;
}

bool read_quantity(reader *r, const cJSON *object, int covariate)
{
  population_description *d = r->problem->population;
  population_quantity *q = &d->quantity[covariate];
  const char *name = reader_string(object, "name");
  if (population_covariate_index(d, name) >= 0) {
    return reader_fail(r, json_get(object, "name"), CONTRADICTION, "give each its own name",
                       "two quantities are called \"%.64s\"", name);
  }
  snprintf(q->name, sizeof q->name, "%s", name);
  snprintf(q->unit, sizeof q->unit, "%s", reader_string(object, "unit"));
  q->at_least = reader_number_or(object, "at_least", -INFINITY);
  q->at_most = reader_number_or(object, "at_most", INFINITY);
  if (q->at_least > q->at_most) {
    return reader_fail(r, json_get(object, "at_least"), EMPTY_RANGE,
                       "\"at_least\" must not be above \"at_most\"", "no value is left for \"%s\"",
                       q->name);
  }
  return read_sets(r, json_get(object, "sets"), covariate);
}

/* Exactly the numbers of the law: one that is missing has no default, one too many no effect. */
static bool read_numbers(reader *r, const cJSON *object, population_coordinate *c)
{
  const population_law_row *law = &population_laws[c->law];
  for (int k = 0; k < POPULATION_NUMBER_COUNT; k++) {
    const char *key = population_number_keys[k];
    const cJSON *item = json_get(object, key);
    const bool taken = (law->takes >> k & 1u) != 0;
    if (taken && item == NULL) {
      return json_fail_missing(&r->json, object, key, r->error, law->meaning,
                               "the law %s lacks \"%s\"", law->name, key);
    }
    if (!taken && item != NULL) {
      return reader_fail_key(r, item, CONTRADICTION, "leave it out",
                             "the law %s does not use \"%s\"", law->name, key);
    }
    c->number[k] = taken ? item->valuedouble : (double)NAN;
  }
  return true;
}

static bool read_table(reader *r, const cJSON *object, population_coordinate *c)
{
  population_description *d = r->problem->population;
  const cJSON *table = json_get(object, "table");
  const cJSON *row = table != NULL ? table->child : NULL;
  double total = 0;
  if ((table != NULL) != (c->law == POPULATION_LAW_EMPIRICAL)) {
    return table != NULL ? reader_fail_key(r, table, CONTRADICTION, "leave it out",
                                           "only an empirical law uses \"table\"")
                         : json_fail_missing(&r->json, object, "table", r->error,
                                             "list the values with their weights",
                                             "an empirical law lacks \"table\"");
  }
  c->first_row = d->n_rows;
  for (; row != NULL; row = row->next) {
    if (d->n_rows == POPULATION_TABLE_MAX) {
      return reader_fail(r, row, OUT_OF_RANGE, "shorten the tables",
                         "the tables of a population hold more than %d rows", POPULATION_TABLE_MAX);
    }
    d->row[d->n_rows] = (population_row){reader_number(row, "value"), reader_number(row, "weight")};
    total += d->row[d->n_rows++].weight;
  }
  c->n_rows = d->n_rows - c->first_row;
  return c->n_rows == 0 || total > 0 ||
         reader_fail(r, table, EMPTY_RANGE, "give at least one weight above 0",
                     "no value has a weight");
}

static bool refuse_number(reader *r, const cJSON *object, population_number k, const char *remedy)
{
  const cJSON *item = json_get(object, population_number_keys[k]);
  char value[NUMBER_TEXT_SIZE];
  number_format(item->valuedouble, value);
  return reader_fail(r, item, EMPTY_RANGE, remedy, "\"%s\" of the law is %s", item->string, value);
}

/* Numbers that a law does not take are NAN, and no comparison with them holds. */
static bool check_numbers_of_law(reader *r, const cJSON *object, const population_coordinate *c)
{
  const double low = c->number[POPULATION_LOW];
  const double high = c->number[POPULATION_HIGH];
  const double median = c->number[POPULATION_MEDIAN];
  const bool positive = population_laws[c->law].positive;
  if (low >= high) {
    return refuse_number(r, object, POPULATION_LOW, "\"low\" must lie below \"high\"");
  }
  if (positive && (low <= 0 || high <= 0)) {
    return refuse_number(r, object, low <= 0 ? POPULATION_LOW : POPULATION_HIGH,
                         "this law has positive values only");
  }
  if (positive && median <= 0) {
    return refuse_number(r, object, POPULATION_MEDIAN, "this law has positive values only");
  }
  if (median < low || median > high) {
    return refuse_number(r, object, POPULATION_MEDIAN, "it must lie between \"low\" and \"high\"");
  }
  return true;
}

bool read_coordinate(reader *r, const cJSON *object, int i)
{
  static const char *const names[POPULATION_LAW_COUNT] = {
#define X(id, name, takes, positive, meaning) name,
      POPULATION_LAWS(X)
#undef X
  };
  population_description *d = r->problem->population;
  population_coordinate *c = &d->coordinate[i];
  const int law = reader_choose(r, json_get(object, "law"), "law", names, POPULATION_LAW_COUNT);
  if (law < 0) {
    return false;
  }
  const int basis =
      reader_choose(r, json_get(object, "basis"), "basis", basis_names, POPULATION_BASIS_COUNT);
  if (basis < 0) {
    return false;
  }
  c->law = (population_law)law;
  d->quantity[i].basis = (population_basis)basis;
  return read_quantity(r, object, i) && read_numbers(r, object, c) && read_table(r, object, c) &&
         check_numbers_of_law(r, object, c);
}
