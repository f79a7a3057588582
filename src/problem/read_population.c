/* Where patients come from: one with the values of the model, or virtual ones by a description. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/allocate.h"
#include "base/number.h"
#include "problem/reader.h"

enum { NAMES_MAX = POPULATION_COVARIATES_MAX };

static bool unknown_covariate(reader *r, const cJSON *item, const char *what, int n)
{
  const char *names[NAMES_MAX];
  for (int i = 0; i < n; i++) {
    names[i] = r->problem->population->quantity[i].name;
  }
  return reader_unknown(r, item, what, names, (size_t)n);
}

/* The covariate that `key` of an object names; false with the error filled. */
static bool read_covariate(reader *r, const cJSON *object, const char *key, int *index)
{
  const population_description *d = r->problem->population;
  const cJSON *item = json_get(object, key);
  *index = population_covariate_index(d, item->valuestring);
  return *index >= 0 || unknown_covariate(r, item, "covariate", population_covariates(d));
}

static bool read_coordinates(reader *r, const cJSON *list)
{
  population_description *d = r->problem->population;
  for (const cJSON *item = list->child; item != NULL; item = item->next) {
    if (!read_coordinate(r, item, d->n_coordinates)) {
      return false;
    }
    d->n_coordinates++;
  }
  return true;
}

static bool read_correlation(reader *r, const cJSON *object)
{
  population_description *d = r->problem->population;
  population_correlation *c = &d->correlation[d->n_correlations];
  c->value = reader_number(object, "value");
  if (!read_covariate(r, object, "first", &c->first) ||
      !read_covariate(r, object, "second", &c->second)) {
    return false;
  }
  if (c->first == c->second) {
    return reader_fail(r, json_get(object, "second"), CONTRADICTION, "name two coordinates",
                       "\"%s\" is correlated with itself", d->quantity[c->first].name);
  }
  for (int k = 0; k < d->n_correlations; k++) {
    const population_correlation *other = &d->correlation[k];
    if ((other->first == c->first && other->second == c->second) ||
        (other->first == c->second && other->second == c->first)) {
      return reader_fail(r, object, CONTRADICTION, "give it once",
                         "the correlation of \"%s\" and \"%s\" is given twice",
                         d->quantity[c->first].name, d->quantity[c->second].name);
    }
  }
  d->n_correlations++;
  return true;
}

/* Read while there are no derived quantities yet, so that only coordinates are known by name. */
static bool read_correlations(reader *r, const cJSON *list)
{
  double factor[POPULATION_COORDINATES_MAX * POPULATION_COORDINATES_MAX];
  const cJSON *item = list != NULL ? list->child : NULL;
  for (; item != NULL; item = item->next) {
    if (!read_correlation(r, item)) {
      return false;
    }
  }
  return population_correlation_factor(r->problem->population, factor) ||
         reader_fail(r, list, CONTRADICTION, "bring some of them nearer to 0",
                     "no quantities have these correlations: "
                     "their matrix is not positive definite");
}

static bool read_factor(reader *r, const cJSON *object, population_factor *f)
{
  const population_description *d = r->problem->population;
  const cJSON *of = json_get(object, "of");
  f->power = reader_number(object, "power");
  f->index = population_covariate_index(d, of->valuestring);
  f->is_parameter = f->index < 0;
  if (f->is_parameter) {
    f->index = parameter_find(r->problem, of->valuestring);
  }
  return f->index >= 0 ||
         unknown_covariate(r, of, "parameter or quantity named before", population_covariates(d));
}

static bool read_product(reader *r, const cJSON *object)
{
  population_description *d = r->problem->population;
  population_product *p = &d->product[d->n_derived];
  p->factor = reader_number(object, "factor");
  for (const cJSON *item = json_get(object, "product")->child; item != NULL; item = item->next) {
    if (!read_factor(r, item, &p->factors[p->n_factors++])) {
      return false;
    }
  }
  const bool done = read_quantity(r, object, population_covariates(d));
  d->n_derived += done;
  return done;
}

static bool read_range(reader *r, const cJSON *object)
{
  population_description *d = r->problem->population;
  population_range *range = &d->range[d->n_ranges++];
  range->low = reader_number_or(object, "min", -INFINITY);
  range->high = reader_number_or(object, "max", INFINITY);
  return read_covariate(r, object, "of", &range->covariate) &&
         (range->low <= range->high ||
          reader_fail(r, object, EMPTY_RANGE, "\"min\" must not be above \"max\"",
                      "no value of \"%s\" is plausible", reader_string(object, "of")));
}

/* Limits ask for strata by name. */
static bool is_new_stratum(reader *r, const cJSON *item)
{
  const population_description *d = r->problem->population;
  for (int i = 0; i < d->n_strata; i++) {
    if (strcmp(d->stratum[i].name, item->valuestring) == 0) {
      return reader_fail(r, item, CONTRADICTION, "give each stratum a name of its own",
                         "two strata are called \"%s\"", d->stratum[i].name);
    }
  }
  return true;
}

static bool read_stratum(reader *r, const cJSON *object)
{
  population_description *d = r->problem->population;
  if (!is_new_stratum(r, json_get(object, "name"))) {
    return false;
  }
  population_stratum *s = &d->stratum[d->n_strata++];
  snprintf(s->name, sizeof s->name, "%s", reader_string(object, "name"));
  s->low = reader_number_or(object, "from", -INFINITY);
  s->high = reader_number_or(object, "below", INFINITY);
  return read_covariate(r, object, "of", &s->covariate) &&
         (s->low < s->high ||
          reader_fail(r, object, EMPTY_RANGE, "\"from\" must lie under \"below\"",
                      "the stratum \"%s\" holds no value", s->name));
}

static bool read_each(reader *r, const cJSON *list, bool (*read)(reader *, const cJSON *))
{
  const cJSON *item = list != NULL ? list->child : NULL;
  for (; item != NULL; item = item->next) {
    if (!read(r, item)) {
      return false;
    }
  }
  return true;
}

/* Coordinates set parameters of one model, and the file says of which. */
static bool check_model(reader *r, const cJSON *object)
{
  const cJSON *item = json_get(object, "model");
  if (item == NULL) {
    return json_fail_missing(&r->json, object, "model", r->error,
                             "name the model whose parameters are set",
                             "a population with coordinates lacks \"model\"");
  }
  return strcmp(item->valuestring, r->problem->model->name) == 0 ||
         reader_fail(r, item, CONTRADICTION,
                     "use a file that is written for the model of the problem",
                     "the population is for model \"%.64s\", the problem for \"%s\"",
                     item->valuestring, r->problem->model->name);
}

static bool read_sampling(reader *r, const cJSON *item)
{
  const char *const *names = population_sampling_names;
  for (int i = 0; item != NULL && i < POPULATION_SAMPLING_COUNT; i++) {
    if (strcmp(item->valuestring, names[i]) == 0) {
      r->problem->population->sampling = (population_sampling)i;
      return true;
    }
  }
  return item == NULL ||
         reader_unknown(r, item, "way of sampling", names, POPULATION_SAMPLING_COUNT);
}

static bool warn_assumed_laws(reader *r)
{
  const population_description *d = r->problem->population;
  int n = 0;
  for (int i = 0; i < d->n_coordinates; i++) {
    n += d->quantity[i].basis == POPULATION_BASIS_ASSUMED;
  }
  return n == 0 || reader_warn(r, "%d of %d laws of the population %s assumed, not measured", n,
                               d->n_coordinates, n == 1 ? "is" : "are");
}

static bool read_description(reader *r, const cJSON *object)
{
  stepdose_problem *p = r->problem;
  if (!check_model(r, object)) {
    return false;
  }
  p->population = allocate_zeroed(1, sizeof *p->population);
  if (p->population == NULL) {
    return error_no_memory(r->error, "reading a population");
  }
  return read_sampling(r, json_get(object, "sampling")) &&
         read_coordinates(r, json_get(object, "coordinates")) &&
         read_correlations(r, json_get(object, "correlations")) &&
         read_each(r, json_get(object, "derived"), read_product) &&
         read_each(r, json_get(object, "plausible"), read_range) &&
         read_each(r, json_get(object, "strata"), read_stratum) &&
         read_weights(r, json_get(object, "weights")) && warn_assumed_laws(r);
}

/* What only coordinates give a meaning to. */
static bool refuse_without_coordinates(reader *r, const cJSON *object)
{
  static const char *const keys[] = {"sampling",  "correlations", "derived",
                                     "plausible", "strata",       "weights"};
  for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
    const cJSON *item = json_get(object, keys[i]);
    if (item != NULL) {
      return reader_fail_key(r, item, CONTRADICTION, "add \"coordinates\", or leave it out",
                             "\"%s\" says nothing about a population without coordinates", keys[i]);
    }
  }
  return true;
}

static bool read_described(reader *r, const cJSON *object)
{
  return json_get(object, "coordinates") != NULL ? read_description(r, object)
                                                 : refuse_without_coordinates(r, object);
}

/* A request for several patients needs a description of them. */
static bool read_request(reader *r, const cJSON *request)
{
  stepdose_problem *p = r->problem;
  p->population_seed = (uint64_t)reader_number(request, "seed");
  p->patients = (int)reader_number(request, "patients");
  p->reference_patient = p->patients == 1;
  if (!p->reference_patient && p->population == NULL) {
    return reader_fail(r, json_get(request, "patients"), OUT_OF_RANGE,
                       "use 1, or a population file with \"coordinates\"",
                       "the population \"%s\" describes one patient", p->population_name);
  }
  return check_request(r, request) && read_only_stratum(r, request);
}

/* Values of the problem itself that no patient will have. */
static bool warn_replaced(reader *r)
{
  const stepdose_problem *p = r->problem;
  char names[READER_LIST_SIZE] = "";
  for (int i = 0; i < population_covariates(p->population); i++) {
    const population_quantity *q = &p->population->quantity[i];
    for (int k = 0; k < q->n_sets; k++) {
      const model_parameter *row = &p->model->parameters[q->sets[k]];
      if (r->origins[q->sets[k]].kind == ORIGIN_PROBLEM &&
          !number_same(p->parameters[q->sets[k]], row->value)) {
        reader_list(names, row->name);
      }
    }
  }
  return names[0] == '\0' ||
         reader_warn(r, "the patients replace values of \"parameters\": %s", names);
}

void population_raise(const stepdose_problem *p, double *parameters)
{
  const population_description *d = p->population;
  for (int i = 0; d != NULL && i < population_covariates(d); i++) {
    for (int k = 0; k < d->quantity[i].n_sets; k++) {
      const int parameter = d->quantity[i].sets[k];
      parameters[parameter] = p->model->parameters[parameter].high;
    }
  }
}

bool read_population(reader *r)
{
  stepdose_problem *p = r->problem;
  const cJSON *item = json_get(r->root, "population");
  const cJSON *request = cJSON_IsObject(item) && json_get(item, "file") != NULL ? item : NULL;
  const cJSON *described = request != NULL ? json_get(request, "file") : item;
  const char *name =
      cJSON_IsObject(described) ? reader_string(described, "name") : described->valuestring;
  snprintf(p->population_name, sizeof p->population_name, "%s", name);
  p->reference_patient = true;
  p->patients = 1;
  if ((cJSON_IsObject(described) && !read_described(r, described)) ||
      (request != NULL && !read_request(r, request))) {
    return false;
  }
  if (p->population == NULL) {
    return true;
  }
  return p->reference_patient
             ? reader_warn(r,
                           "of the population \"%.64s\" only the reference patient is used: "
                           "ask for more with {\"file\", \"patients\", \"seed\"}",
                           p->population_name)
             : warn_replaced(r);
}
