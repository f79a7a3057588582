/* How much single patients of a population count. */
#include <stdio.h>
#include <string.h>

#include "base/allocate.h"
#include "problem/reader.h"

/* Weights of other laws would be weights of other people. */
static bool check_laws(reader *r, const cJSON *object)
{
  char found[HASH_TEXT_SIZE];
  if (!population_fingerprint(r->problem->population, r->problem->model, found)) {
    return error_no_memory(r->error, "reading weights");
  }
  return strcmp(reader_string(object, "laws"), found) == 0 ||
         reader_fail(r, json_get(object, "laws"), CONTRADICTION,
                     "leave the weights out, or find new ones",
                     "the weights belong to other laws than this population has (%s)", found);
}

static const population_weight_set *find_set(const population_description *d, uint64_t seed)
{
  for (int k = 0; k < d->n_weight_sets; k++) {
    if (d->weight_set[k].seed == seed) {
      return &d->weight_set[k];
    }
  }
  return NULL;
}

/* Scales the weights to a mean of 1. */
static bool copy_weights(reader *r, const cJSON *list, population_weight_set *set)
{
  double total = 0;
  for (const cJSON *item = list->child; item != NULL; item = item->next) {
    total += item->valuedouble;
  }
  if (!(total > 0)) {
    return reader_fail(r, list, EMPTY_RANGE, "give at least one weight above 0",
                       "no patient has a weight");
  }
  int i = 0;
  for (const cJSON *item = list->child; item != NULL; item = item->next) {
    set->weight[i++] = item->valuedouble * set->n_patients / total;
  }
  return true;
}

static bool read_set(reader *r, const cJSON *object)
{
  population_description *d = r->problem->population;
  population_weight_set *set = &d->weight_set[d->n_weight_sets];
  const cJSON *list = json_get(object, "weight");
  const int given = cJSON_GetArraySize(list);
  set->seed = (uint64_t)reader_number(object, "seed");
  set->n_patients = (int)reader_number(object, "patients");
  if (given != set->n_patients) {
    return reader_fail(r, list, CONTRADICTION, "give one weight for each patient",
                       "%d weights are given for %d patients", given, set->n_patients);
  }
  if (find_set(d, set->seed) != NULL) {
    return reader_fail(r, json_get(object, "seed"), CONTRADICTION, "give each seed once",
                       "two sets of weights have this seed");
  }
  set->weight = allocate_zeroed((size_t)set->n_patients, sizeof *set->weight);
  if (set->weight == NULL) {
    return error_no_memory(r->error, "reading weights");
  }
  d->n_weight_sets++; /* from here on the set is released with the others */
  return check_laws(r, object) && copy_weights(r, list, set);
}

bool read_weights(reader *r, const cJSON *list)
{
  const cJSON *item = list != NULL ? list->child : NULL;
  for (; item != NULL; item = item->next) {
    if (!read_set(r, item)) {
      return false;
    }
  }
  return true;
}

/* --- requests --------------------------------------------------------------------------------- */

static void list_sets(const population_description *d, text *remedy)
{
  text_append(remedy, "ask for \"resample\": true, or for");
  for (int k = 0; k < d->n_weight_sets; k++) {
    text_append(remedy, "%s %d patients of seed %llu", k > 0 ? " or" : "",
                d->weight_set[k].n_patients, (unsigned long long)d->weight_set[k].seed);
  }
}

/* Only all weighted patients together agree with what the weights were made for. */
static bool refuse_others(reader *r, const cJSON *request, const char *key)
{
  text remedy = {0};
  list_sets(r->problem->population, &remedy);
  if (remedy.failed) {
    text_free(&remedy);
    return error_no_memory(r->error, "reading weights");
  }
  reader_fail(r, json_get(request, key), OUT_OF_RANGE, remedy.bytes,
              "the population \"%s\" has no weights for these patients",
              r->problem->population_name);
  text_free(&remedy);
  return false;
}

static bool check_weighted(reader *r, const cJSON *request)
{
  const stepdose_problem *p = r->problem;
  const population_weight_set *set = find_set(p->population, p->population_seed);
  if (set == NULL) {
    return refuse_others(r, request, "seed");
  }
  return set->n_patients == p->patients || refuse_others(r, request, "patients");
}

static bool check_resampled(reader *r, const cJSON *request)
{
  const population_description *d = r->problem->population;
  for (int k = 0; k < d->n_weight_sets; k++) {
    if (r->problem->patients > d->weight_set[k].n_patients) {
      return reader_fail(r, json_get(request, "patients"), OUT_OF_RANGE,
                         "ask for fewer: a sixteenth of them has few patients twice",
                         "%d patients cannot be drawn from %d weighted ones", r->problem->patients,
                         d->weight_set[k].n_patients);
    }
  }
  return true;
}

bool check_request(reader *r, const cJSON *request)
{
  population_description *d = r->problem->population;
  const bool resample = reader_flag(request, "resample");
  if (resample && (d == NULL || d->n_weight_sets == 0)) {
    return reader_fail_key(r, json_get(request, "resample"), CONTRADICTION, "leave it out",
                           "the population \"%s\" has no weights to resample by",
                           r->problem->population_name);
  }
  if (r->problem->reference_patient || d->n_weight_sets == 0) {
    return true;
  }
  d->resampled = resample;
  return resample ? check_resampled(r, request) : check_weighted(r, request);
}

/* --- fresh patients --------------------------------------------------------------------------- */

int fresh_patients_most(const population_description *d)
{
  int most = POPULATION_PATIENTS_MAX;
  for (int k = 0; k < d->n_weight_sets; k++) {
    most = d->weight_set[k].n_patients < most ? d->weight_set[k].n_patients : most;
  }
  return most;
}
