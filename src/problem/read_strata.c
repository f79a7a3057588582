/* Strata that a problem names: the one whose patients alone count, and those that are compared. */
#include "problem/reader.h"

/* The index of a stratum of the population; -1 with the error filled. */
static int choose_stratum(reader *r, const cJSON *item)
{
  const population_description *d = r->problem->population;
  const char *names[POPULATION_STRATA_MAX];
  for (int s = 0; s < d->n_strata; s++) {
    names[s] = d->stratum[s].name;
  }
  return reader_choose(r, item, "stratum", names, d->n_strata);
}

bool read_stratum_name(reader *r, const cJSON *item, int *stratum)
{
  *stratum = -1;
  if (r->problem->population->n_strata == 0) {
    return reader_fail_key(r, item, CONTRADICTION,
                           "leave it out, or name \"strata\" in the population",
                           "the population has no strata");
  }
  *stratum = choose_stratum(r, item);
  return *stratum >= 0;
}

bool read_only_stratum(reader *r, const cJSON *request)
{
  const cJSON *item = json_get(request, "stratum");
  int stratum = -1;
  if (item == NULL) {
    return true;
  }
  if (r->problem->reference_patient) {
    return reader_fail_key(r, item, CONTRADICTION, "ask for more \"patients\", or leave it out",
                           "the reference patient belongs to no stratum");
  }
  if (!read_stratum_name(r, item, &stratum)) {
    return false;
  }
  r->problem->population->only_stratum = stratum + 1;
  return true;
}

bool check_counts_anybody(reader *r, const cJSON *item, int stratum)
{
  const population_description *d = r->problem->population;
  const int only = d->only_stratum - 1;
  return only < 0 || !population_strata_apart(d, only, stratum) ||
         reader_fail(r, item, CONTRADICTION, "leave the limit or goal out, or take all patients",
                     "nobody of \"%s\" is counted: only patients of \"%s\" are asked for",
                     d->stratum[stratum].name, d->stratum[only].name);
}

/* --- compared strata -------------------------------------------------------------------------- */

static void compare(stepdose_problem *p, int stratum) { p->compared[p->n_compared++] = stratum; }

static bool is_apart(const stepdose_problem *p, int stratum)
{
  bool apart = true;
  for (int i = 0; i < p->n_compared; i++) {
    apart = apart && population_strata_apart(p->population, p->compared[i], stratum);
  }
  return apart;
}

/* Each in its order that has no patient in common with those before; where all have, the first two.
 */
static void compare_default(stepdose_problem *p)
{
  const int n = p->population->n_strata;
  for (int s = 0; s < n; s++) {
    if (is_apart(p, s)) {
      compare(p, s);
    }
  }
  if (p->n_compared == 1 && n > 1) {
    compare(p, 1);
  }
}

static bool read_compared(reader *r, const cJSON *list)
{
  stepdose_problem *p = r->problem;
  for (const cJSON *item = list->child; item != NULL; item = item->next) {
    int stratum = -1;
    if (!read_stratum_name(r, item, &stratum)) {
      return false;
    }
    for (int i = 0; i < p->n_compared; i++) {
      if (p->compared[i] == stratum) {
        return reader_fail(r, item, CONTRADICTION, "name each stratum once",
                           "\"%s\" is named twice", item->valuestring);
      }
    }
    compare(p, stratum);
  }
  return true;
}

bool read_strata_compared(reader *r)
{
  const stepdose_problem *p = r->problem;
  const cJSON *list = json_get(r->root, "strata_compared");
  if (p->reference_patient) {
    return list == NULL || reader_warn(r, "\"strata_compared\" has no effect: the reference "
                                          "patient belongs to no stratum");
  }
  if (list != NULL) {
    return read_compared(r, list);
  }
  compare_default(r->problem);
  return true;
}
