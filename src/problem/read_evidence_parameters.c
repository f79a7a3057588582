/* Parameters of evidence: what may be fitted, in which range, and where it goes. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "problem/evidence_reader.h"

static const char population_prefix[] = "population.";

/* --- targets ---------------------------------------------------------------------------------- */

/* "<coordinate>.<number>", behind the prefix; coordinates may have dots of their own. */
static bool locate_in_population(const char *key, const population_description *d,
                                 evidence_place *place)
{
  const char *dot = strrchr(key, '.');
  char name[POPULATION_NAME_SIZE];
  if (d == NULL || dot == NULL) {
    return false;
  }
  snprintf(name, sizeof name, "%.*s", (int)(dot - key), key);
  place->in_population = true;
  place->coordinate = population_covariate_index(d, name);
  for (int k = 0; k < POPULATION_NUMBER_COUNT; k++) {
    if (strcmp(population_number_keys[k], dot + 1) == 0) {
      place->number = (population_number)k;
      return place->coordinate >= 0 && place->coordinate < d->n_coordinates &&
             (population_laws[d->coordinate[place->coordinate].law].takes >> k & 1u) != 0;
    }
  }
  return false;
}

static bool of_same_name(const char *wanted, const char *name)
{
  return wanted[0] == '\0' || strcmp(wanted, name) == 0;
}

bool evidence_locate(const evidence_target *t, const evidence_case *c, evidence_place *place)
{
  const stepdose_problem *p = c->problem;
  const size_t n = sizeof population_prefix - 1;
  *place = (evidence_place){.parameter = -1};
  if (!of_same_name(t->molecule, p->molecule_name) ||
      !of_same_name(t->indication, p->indication_name)) {
    return false;
  }
  if (strncmp(t->key, population_prefix, n) == 0) {
    return locate_in_population(t->key + n, p->population, place);
  }
  place->parameter = parameter_find(p, t->key);
  return place->parameter >= 0;
}

double evidence_shipped(const evidence *e, int parameter)
{
  const evidence_parameter *p = &e->parameters[parameter];
  for (int t = 0; t < p->n_targets; t++) {
    for (int i = 0; i < e->n_cases; i++) {
      const stepdose_problem *problem = e->cases[i].problem;
      evidence_place place;
      if (evidence_locate(&p->target[t], &e->cases[i], &place)) {
        return (place.in_population
                    ? problem->population->coordinate[place.coordinate].number[place.number]
                    : problem->parameters[place.parameter]) /
               p->target[t].factor;
      }
    }
  }
  return (double)NAN;
}

static void read_target(const cJSON *object, evidence_target *t)
{
  const cJSON *molecule = json_get(object, "molecule");
  const cJSON *indication = json_get(object, "indication");
  snprintf(t->key, sizeof t->key, "%s", reader_string(object, "name"));
  snprintf(t->molecule, sizeof t->molecule, "%s", molecule != NULL ? molecule->valuestring : "");
  snprintf(t->indication, sizeof t->indication, "%s",
           indication != NULL ? indication->valuestring : "");
  t->factor = reader_number_or(object, "factor", 1);
}

/* What the model, or the law of a coordinate, accepts. */
static void allowed_at(const evidence_case *c, const evidence_place *place, double *low,
                       double *high)
{
  static const double number_low[POPULATION_NUMBER_COUNT] = {
#define X(id, key, lowest, highest, meaning) lowest,
      POPULATION_NUMBERS(X)
#undef X
  };
  static const double number_high[POPULATION_NUMBER_COUNT] = {
#define X(id, key, lowest, highest, meaning) highest,
      POPULATION_NUMBERS(X)
#undef X
  };
  if (place->in_population) {
    *low = number_low[place->number];
    *high = number_high[place->number];
  } else {
    *low = c->problem->model->parameters[place->parameter].low;
    *high = c->problem->model->parameters[place->parameter].high;
  }
}

static bool check_range(evidence_reader *er, const cJSON *item, const evidence_parameter *p,
                        const evidence_target *t, const evidence_case *c,
                        const evidence_place *place)
{
  double low = 0, high = 0;
  char from[NUMBER_TEXT_SIZE], to[NUMBER_TEXT_SIZE], remedy[128];
  allowed_at(c, place, &low, &high);
  number_format_rounded(low / t->factor, 6, from);
  number_format_rounded(high / t->factor, 6, to);
  snprintf(remedy, sizeof remedy, "from %s to %s is allowed", from, to);
  return (p->low * t->factor >= low && p->high * t->factor <= high) ||
         reader_fail(&er->r, item, OUT_OF_RANGE, remedy,
                     "the range of \"%.64s\" goes beyond what \"%.64s\" may be", p->name, t->key);
}

/* Each target concerns some case, and in each the model accepts the whole range. */
static bool check_target(evidence_reader *er, const cJSON *item, const evidence_parameter *p,
                         const evidence_target *t)
{
  const evidence *e = er->e;
  bool concerns_any = false;
  for (int i = 0; i < e->n_cases; i++) {
    evidence_place place;
    if (evidence_locate(t, &e->cases[i], &place)) {
      concerns_any = true;
      if (!check_range(er, item, p, t, &e->cases[i], &place)) {
        return false;
      }
    }
  }
  return concerns_any ||
         reader_fail(&er->r, item, UNKNOWN_NAME,
                     "name a parameter of the model, or population.COORDINATE.NUMBER of a law "
                     "that takes this number; molecule and indication by the names in their files",
                     "no case has \"%.96s\"%s%.64s%s%.64s", t->key,
                     t->molecule[0] != '\0' ? " with molecule " : "", t->molecule,
                     t->indication[0] != '\0' ? " in " : "", t->indication);
}

static bool read_targets(evidence_reader *er, const cJSON *object, evidence_parameter *p)
{
  const cJSON *name = json_get(object, "name");
  const cJSON *sets = json_get(object, "sets");
  if (sets == NULL) {
    evidence_target *only = &p->target[p->n_targets++];
    snprintf(only->key, sizeof only->key, "%s", reader_string(object, "name"));
    only->factor = 1;
    return check_target(er, name, p, only);
  }
  for (const cJSON *item = sets->child; item != NULL; item = item->next) {
    evidence_target *t = &p->target[p->n_targets++];
    read_target(item, t);
    if (!check_target(er, json_get(item, "name"), p, t)) {
      return false;
    }
  }
  return true;
}

/* --- the number itself ------------------------------------------------------------------------ */

static bool read_scale(evidence_reader *er, const cJSON *object, evidence_parameter *p)
{
  static const char *const names[] = {"linear", "log"};
  const int found = reader_choose(&er->r, json_get(object, "scale"), "scale", names, 2);
  p->scale = found == 1 ? EVIDENCE_LOG10 : EVIDENCE_LINEAR;
  return found >= 0;
}

static bool read_range(evidence_reader *er, const cJSON *object, evidence_parameter *p)
{
  const cJSON *low = json_get(object, "low");
  p->low = low->valuedouble;
  p->high = reader_number(object, "high");
  if (p->low >= p->high) {
    return reader_fail(&er->r, low, EMPTY_RANGE, "\"low\" must be below \"high\"",
                       "the range of \"%.64s\" holds no value", p->name);
  }
  return p->scale != EVIDENCE_LOG10 || p->low > 0 ||
         reader_fail(&er->r, low, OUT_OF_RANGE, "a positive number, or \"scale\": \"linear\"",
                     "the range of \"%.64s\" has no logarithm", p->name);
}

static bool read_prior(evidence_reader *er, const cJSON *item, evidence_parameter *p)
{
  if (item == NULL) {
    return true;
  }
  p->has_prior = true;
  p->prior_mean = reader_number(item, "mean");
  p->prior_sd = reader_number(item, "sd");
  return p->scale != EVIDENCE_LOG10 || p->prior_mean > 0 ||
         reader_fail(&er->r, json_get(item, "mean"), OUT_OF_RANGE, "a positive number is needed",
                     "the centre of a logarithmic prior has no logarithm");
}

bool read_evidence_parameter(evidence_reader *er, const cJSON *object)
{
  evidence_parameter *p = &er->e->parameters[er->e->n_parameters];
  if (!evidence_name_is_free(er, json_get(object, "name"), "parameter", er->e->parameters,
                             sizeof er->e->parameters[0], er->e->n_parameters)) {
    return false;
  }
  snprintf(p->name, sizeof p->name, "%s", reader_string(object, "name"));
  snprintf(p->source, sizeof p->source, "%s", reader_string(object, "source"));
  const bool done = read_scale(er, object, p) && read_range(er, object, p) &&
                    read_prior(er, json_get(object, "prior"), p) && read_targets(er, object, p);
  er->e->n_parameters += done;
  return done;
}
