/* How the answer of a search over virtual patients is verified. */
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

/* The successor, or 0 after the largest seed; of weighted patients the next who have weights. */
static bool read_seed(reader *r, cJSON *object)
{
  stepdose_problem *p = r->problem;
  const field *f = field_find(OBJECT_VERIFICATION, "seed");
  const uint64_t successor = (double)p->population_seed < f->high ? p->population_seed + 1 : 0;
  const uint64_t next = fresh_patients_seed(p->population, p->population_seed, successor);
  if (!read_whole(r, object, "seed", next, &p->verification.seed)) {
    return false;
  }
  return p->verification.seed != p->population_seed ||
         reader_fail(r, json_get(object, "seed"), CONTRADICTION,
                     "choose another one, or leave it out",
                     "the patients of the verification would be those of the search");
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
  p->verification.rounds = (int)reader_number(object, "rounds");
  return read_patients(r, object) && read_seed(r, object);
}
