/* Routes: which one is meant, whether it is offered, and the keys and units that belong to it. */
#include <stdio.h>
#include <string.h>

#include "problem/reader.h"

/* Routes of engagers; premedication has keys of its own. */
static bool find_route(reader *r, const cJSON *item, route *found)
{
  const char *words[ROUTE_COUNT];
  size_t n = 0;
  for (int i = 0; i < ROUTE_COUNT; i++) {
    if (!route_is_engager((route)i)) {
      continue;
    }
    words[n++] = route_word((route)i);
    if (strcmp(words[n - 1], item->valuestring) == 0) {
      *found = (route)i;
      return true;
    }
  }
  return reader_unknown(r, item, "route", words, n);
}

/* Looks through all routes of the molecule, so that a misspelt one is seen too. */
static bool molecule_offers(reader *r, route wanted, bool *offered)
{
  const cJSON *list = json_get(json_get(r->root, "molecule"), "routes");
  *offered = false;
  for (const cJSON *item = list->child; item != NULL; item = item->next) {
    route listed = ROUTE_COUNT;
    if (!find_route(r, item, &listed)) {
      return false;
    }
    *offered = *offered || listed == wanted;
  }
  return true;
}

bool read_route(reader *r, const cJSON *item, route *found)
{
  const stepdose_problem *p = r->problem;
  bool offered = false;
  if (!find_route(r, item, found) || !molecule_offers(r, *found, &offered)) {
    return false;
  }
  if (!p->model->routes[*found].offered) {
    return reader_fail(r, item, CONTRADICTION, "choose another route or model",
                       "model %s has no route \"%s\"", p->model->name, item->valuestring);
  }
  if (!offered) {
    return reader_fail(r, item, CONTRADICTION,
                       "choose a route that its file lists under \"routes\"",
                       "%s is not given by route \"%s\"", p->molecule_name, item->valuestring);
  }
  return true;
}

bool route_unit_mismatch(reader *r, const cJSON *item, route used)
{
  char remedy[96];
  snprintf(remedy, sizeof remedy, "doses of this route are given in %s, as \"%s\"",
           route_unit(used), route_key(used));
  return reader_fail_key(r, item, UNITS_MISMATCH, remedy, "\"%s\" does not belong to route \"%s\"",
                         item->string, route_word(used));
}

bool check_dose_key(reader *r, const cJSON *object, route used)
{
  const char *key = route_key(used);
  for (int i = 0; i < ROUTE_COUNT; i++) {
    const cJSON *other = json_get(object, route_key((route)i));
    if (other != NULL && strcmp(other->string, key) != 0) {
      return route_unit_mismatch(r, other, used);
    }
  }
  return json_get(object, key) != NULL ||
         json_fail_missing(&r->json, object, key, r->error, "add it",
                           "the dose is missing: route \"%s\" needs \"%s\"", route_word(used), key);
}

bool read_infusion(reader *r, const cJSON *object, route used, double *hours)
{
  const cJSON *item = json_get(object, "infusion_h");
  *hours = item != NULL ? item->valuedouble : 0;
  if (used == ROUTE_IV && item == NULL) {
    return json_fail_missing(&r->json, object, "infusion_h", r->error,
                             "add the length of the infusion in hours, for instance 4",
                             "route \"iv\" needs \"infusion_h\"");
  }
  return used == ROUTE_IV || item == NULL ||
         reader_fail_key(r, item, CONTRADICTION, "leave it out",
                         "\"infusion_h\" does not belong to route \"%s\"", route_word(used));
}
