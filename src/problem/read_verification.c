/* How the answer of a search over virtual patients is verified. */
#include <limits.h>
#include <stdio.h>

#include "base/binomial.h"
#include "problem/reader.h"

/* Fresh patients for each of the search, and the least of them. */
static const int fresh_for_each = 4, fresh_at_least = 1024;

/* Of the interval that limits are reported with. */
static const double confidence = 0.95;

/* A whole number that the file leaves out is added to it, so that the effective problem says it. */
static bool read_whole(reader *r, cJSON *object, const char *key, uint64_t fallback,
                       uint64_t *value)
{
  char number[32];
  snprintf(number, sizeof number, "%llu", (unsigned long long)fallback);
  if (json_get(object, key) == NULL && !reader_add(r, object, key, number, "default")) {
    return false;
  }
  *value = (uint64_t)reader_number(object, key);
  return true;
}

/* The seed that is asked for, before it is added. */
static uint64_t seed_asked(const reader *r, const cJSON *object)
{
  const stepdose_problem *p = r->problem;
  const cJSON *item = json_get(object, "seed");
  return item != NULL ? (uint64_t)item->valuedouble
                      : population_next_seed(p->population, p->population_seed);
}

/* Four times those of the search; of weighted patients those of a set, who count together only. */
static int usual_patients(const reader *r, const cJSON *object)
{
  const stepdose_problem *p = r->problem;
  const population_description *d = p->population;
  const int wanted = fresh_for_each * p->patients;
  const int enough = wanted > fresh_at_least ? wanted : fresh_at_least;
  const int most = fresh_patients_most(d);
  const int set = d->resampled ? -1 : population_set_of(d, seed_asked(r, object));
  return set >= 0 ? d->weight_set[set].n_patients : enough < most ? enough : most;
}

/* Every set but that of the search may judge a round. */
static bool check_sets(reader *r, const cJSON *item)
{
  const stepdose_problem *p = r->problem;
  const population_description *d = p->population;
  const int fresh = p->verification.patients;
  for (int k = 0; k < d->n_weight_sets; k++) {
    const int has = d->weight_set[k].n_patients;
    if (k == population_set_of(d, p->population_seed)) {
      continue;
    }
    if (d->resampled && fresh > has) {
      return reader_fail(r, item, OUT_OF_RANGE, "ask for fewer, or leave it out",
                         "%d patients cannot be drawn from %d weighted ones", fresh, has);
    }
    if (!d->resampled && fresh != has) {
      return reader_fail(r, item, OUT_OF_RANGE,
                         "ask for the patients of a set, or for \"resample\": true",
                         "%d patients would verify, but the set of weights of seed %llu is of %d, "
                         "who agree with anything only all together",
                         fresh, (unsigned long long)d->weight_set[k].seed, has);
    }
  }
  return true;
}

static bool read_patients(reader *r, cJSON *object)
{
  const stepdose_problem *p = r->problem;
  const int wanted = fresh_for_each * p->patients;
  uint64_t patients = 0;
  if (!read_whole(r, object, "patients", (uint64_t)usual_patients(r, object), &patients)) {
    return false;
  }
  r->problem->verification.patients = (int)patients;
  if (!check_sets(r, json_get(object, "patients"))) {
    return false;
  }
  return (int)patients >= wanted ||
         reader_warn(r,
                     "the answer is verified with %d patients, fewer than %d times the %d of the "
                     "search",
                     (int)patients, fresh_for_each, p->patients);
}

static bool refuse_own_patients(reader *r, const cJSON *item)
{
  const population_description *d = r->problem->population;
  return d->n_weight_sets == 0
             ? reader_fail(r, item, CONTRADICTION, "choose another one, or leave it out",
                           "the patients of the verification would be those of the search")
             : reader_fail(r, item, CONTRADICTION, "leave it out: the default is of another set",
                           "the patients of the verification would be of the set of weights that "
                           "those of the search are of (the file has %d)",
                           d->n_weight_sets);
}

static bool read_seed(reader *r, cJSON *object)
{
  stepdose_problem *p = r->problem;
  const population_description *d = p->population;
  uint64_t *seed = &p->verification.seed;
  if (!read_whole(r, object, "seed", seed_asked(r, object), seed)) {
    return false;
  }
  const cJSON *item = json_get(object, "seed");
  if (!population_strangers(d, *seed, p->population_seed)) {
    return refuse_own_patients(r, item);
  }
  return d->n_weight_sets == 0 || population_set_of(d, *seed) >= 0 ||
         reader_fail(r, item, OUT_OF_RANGE,
                     "leave it out, choose a seed of the population file, or ask for "
                     "\"resample\": true",
                     "the population \"%s\" has no weights for patients of seed %llu",
                     p->population_name, (unsigned long long)*seed);
}

/* Every round is judged by patients of its own, of whom there may be few. */
static bool read_rounds(reader *r, const cJSON *object)
{
  verification_settings *v = &r->problem->verification;
  const uint64_t seeds = population_seeds(r->problem->population);
  const int most = seeds > INT_MAX ? INT_MAX : (int)seeds - 2; /* the search, the first verdict */
  v->rounds = (int)reader_number(object, "rounds");
  if (v->rounds <= most) {
    return true;
  }
  const int asked = v->rounds;
  v->rounds = most;
  return reader_warn(r, "of %d rounds of tightening only %d have patients of their own", asked,
                     most);
}

/* The largest share of patients beyond a bound that a limit allows; 1: it tells of none. */
static double allowed_share(const limit *l)
{
  return l->risk == RISK_PROBABILITY                             ? l->share
         : l->risk == RISK_QUANTILE || l->risk == RISK_TAIL_MEAN ? 1 - l->share
                                                                 : 1;
}

/* Also with nobody beyond the bound the truth may lie above it. At most all patients count: of
 * strata, of weights and of implausible ones nothing is known yet. */
static bool warn_of_few(reader *r)
{
  const stepdose_problem *p = r->problem;
  const int n = p->verification.patients;
  const double least = binomial_exact_interval(0, n, confidence).high;
  bool done = true;
  for (int k = 0; done && k < p->n_limits; k++) {
    const double share = allowed_share(&p->limits[k]);
    done = share >= least ||
           reader_warn(r,
                       "%s: %d patients cannot verify that at most %.3g %% are beyond the bound: "
                       "with none of them beyond it, it may be up to %.3g %% (95 %% interval)",
                       p->limits[k].pointer, n, 100 * share, 100 * least);
  }
  return done;
}

/* One set of weights: everybody is in the search. Other verbs than searches need nobody else. */
static bool nobody_is_left(reader *r, const cJSON *object)
{
  return object == NULL ||
         reader_fail_key(r, object, CONTRADICTION,
                         "leave it out and do not search, or add a second set of weights",
                         "the population \"%s\" has one set of weights: nobody is left to verify "
                         "what a search in them finds",
                         r->problem->population_name);
}

bool read_verification(reader *r)
{
  stepdose_problem *p = r->problem;
  if (p->reference_patient) {
    return true;
  }
  if (population_seeds(p->population) < 2) {
    return nobody_is_left(r, json_get(r->root, "verification"));
  }
  if (json_get(r->root, "verification") == NULL &&
      (!reader_add(r, r->root, "verification", "{}", "default") ||
       !reader_check(r, cJSON_GetObjectItemCaseSensitive(r->root, "verification"),
                     OBJECT_VERIFICATION))) {
    return false;
  }
  cJSON *object = cJSON_GetObjectItemCaseSensitive(r->root, "verification");
  return read_patients(r, object) && read_seed(r, object) && read_rounds(r, object) &&
         warn_of_few(r);
}
