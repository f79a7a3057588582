/* Premedication: which drug, how much, and with which doses or on which day. */
#include <stdio.h>
#include <string.h>

#include "problem/reader.h"

static bool read_drug(reader *r, const cJSON *item, route *drug)
{
  const model *m = r->problem->model;
  const char *words[ROUTE_COUNT];
  size_t n = 0;
  for (int i = 0; i < ROUTE_COUNT; i++) {
    if (route_is_engager((route)i)) {
      continue;
    }
    words[n++] = route_word((route)i);
    if (strcmp(words[n - 1], item->valuestring) != 0) {
      continue;
    }
    *drug = (route)i;
    return m->routes[i].offered ||
           reader_fail(r, item, CONTRADICTION, "leave it out, or choose a model that follows it",
                       "model %s does not follow %s", m->name, item->valuestring);
  }
  return reader_unknown(r, item, "premedication", words, n);
}

static bool read_with_doses(reader *r, const cJSON *item, with_doses *found)
{
  static const char *const names[WITH_DOSES_COUNT] = {
#define X(id, name, meaning) name,
      PROBLEM_WITH_DOSES(X)
#undef X
  };
  for (int i = 0; i < WITH_DOSES_COUNT; i++) {
    if (strcmp(names[i], item->valuestring) == 0) {
      *found = (with_doses)i;
      return true;
    }
  }
  return reader_unknown(r, item, "group of doses", names, WITH_DOSES_COUNT);
}

static bool read_day(reader *r, const cJSON *object, const cJSON *day, premedication *m)
{
  static const char *const others[] = {"with_doses", "hours_before"};
  for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
    const cJSON *other = json_get(object, others[i]);
    if (other != NULL) {
      return reader_fail_key(r, other, CONTRADICTION, "keep either \"day\" or \"with_doses\"",
                             "\"%s\" does not go with \"day\"", others[i]);
    }
  }
  if (day->valuedouble >= r->problem->horizon_days) {
    return reader_fail(r, day, OUT_OF_RANGE, "days before the horizon are allowed",
                       "premedication is not before the horizon");
  }
  m->on_day = true;
  m->day = day->valuedouble;
  return true;
}

static bool read_one(reader *r, cJSON *object, premedication *m)
{
  const cJSON *day = json_get(object, "day");
  const cJSON *with = json_get(object, "with_doses");
  *m = (premedication){.dose_mg = reader_number(object, "dose_mg")};
  if (!read_drug(r, json_get(object, "drug"), &m->drug)) {
    return false;
  }
  if (day != NULL) {
    return read_day(r, object, day, m);
  }
  if (with == NULL) {
    return json_fail_missing(&r->json, object, "with_doses", r->error,
                             "add \"with_doses\", for instance \"all\", or \"day\"",
                             "it is not told when the premedication is given");
  }
  if (json_get(object, "hours_before") == NULL &&
      !reader_add(r, object, "hours_before", "1", "default")) {
    return false;
  }
  m->hours_before = reader_number(object, "hours_before");
  return read_with_doses(r, with, &m->with);
}

bool read_premedication(reader *r, cJSON *item, premedication *list, int *n)
{
  *n = 0;
  if (item == NULL || cJSON_IsObject(item)) {
    return item == NULL || read_one(r, item, &list[(*n)++]);
  }
  for (cJSON *object = item->child; object != NULL; object = object->next) {
    if (!read_one(r, object, &list[(*n)++])) {
      return false;
    }
  }
  return true;
}

/* The most doses that one entry can mean: engager doses are a day apart or more. */
static int most_doses(const premedication *m, const regimen_space *space)
{
  int all = space->n_steps + (space->has_maintenance ? space->maintenance.doses : 0);
  if (m->on_day || m->with == WITH_DOSES_FIRST) {
    return 1;
  }
  if (m->with == WITH_DOSES_STEPS) {
    return space->n_steps;
  }
  return m->with == WITH_DOSES_ALL_IN_CYCLE_1 && all > PROBLEM_CYCLE_DAYS ? PROBLEM_CYCLE_DAYS
                                                                          : all;
}

bool check_premedication_room(reader *r, const cJSON *item, const regimen_space *space)
{
  int doses = space->n_steps + (space->has_maintenance ? space->maintenance.doses : 0);
  char remedy[96];
  for (int i = 0; i < space->n_premedication; i++) {
    doses += most_doses(&space->premedication[i], space);
  }
  snprintf(remedy, sizeof remedy, "at most %d doses are allowed in all", SCHEDULE_DOSES_MAX);
  return doses <= SCHEDULE_DOSES_MAX ||
         reader_fail(r, item, OUT_OF_RANGE, remedy,
                     "with premedication a regimen can have %d doses", doses);
}
