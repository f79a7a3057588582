/* How the answer of a search over virtual patients is verified. */
#include <limits.h>
#include <stdio.h>

#include "problem/reader.h"

/* Fresh patients for each of the search, and the least of them. */
static const int fresh_for_each = 4, fresh_at_least = 1024;

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

static bool read_patients(reader *r, cJSON *object)
{
  const stepdose_problem *p = r->problem;
  const int wanted = fresh_for_each * p->patients;
  const int enough = wanted > fresh_at_least ? wanted : fresh_at_least;
  const int most = fresh_patients_most(p->population);
  const int fallback = enough < most ? enough : most;
  uint64_t patients = 0;
  if (!read_whole(r, object, "patients", (uint64_t)fallback, &patients)) {
    return false;
  }
  r->problem->verification.patients = (int)patients;
  return (int)patients >= wanted ||
         reader_warn(r,
                     "the answer is verified with %d patients, fewer than %d times the %d of the "
                     "search",
                     (int)patients, fresh_for_each, p->patients);
}

static bool read_seed(reader *r, cJSON *object)
{
  stepdose_problem *p = r->problem;
  const uint64_t next = population_next_seed(p->population, p->population_seed);
  if (!read_whole(r, object, "seed", next, &p->verification.seed)) {
    return false;
  }
  return p->verification.seed != p->population_seed ||
         reader_fail(r, json_get(object, "seed"), CONTRADICTION,
                     "choose another one, or leave it out",
                     "the patients of the verification would be those of the search");
}

/* Every round is judged by patients of its own, of whom there may be few. */
static bool read_rounds(reader *r, const cJSON *object)
{
  verification_settings *v = &r->problem->verification;
  const uint64_t seeds = population_seeds(r->problem->population);
  const int most = seeds > INT_MAX ? INT_MAX : (int)seeds - 2; /* the search, the first verdict */
  v->rounds = (int)reader_number(object, "rounds");
  if (v->rounds <= most || most < 0) {
    return true;
  }
  const int asked = v->rounds;
  v->rounds = most;
  return reader_warn(r, "of %d rounds of tightening only %d have patients of their own", asked,
                     most);
}

bool read_verification(reader *r)
{
  stepdose_problem *p = r->problem;
  if (p->reference_patient) {
    return true;
  }
  if (json_get(r->root, "verification") == NULL &&
      (!reader_add(r, r->root, "verification", "{}", "default") ||
       !reader_check(r, cJSON_GetObjectItemCaseSensitive(r->root, "verification"),
                     OBJECT_VERIFICATION))) {
    return false;
  }
  cJSON *object = cJSON_GetObjectItemCaseSensitive(r->root, "verification");
  return read_patients(r, object) && read_seed(r, object) && read_rounds(r, object);
}
