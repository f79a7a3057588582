/* The regimen space: route, steps, maintenance, grids. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "problem/reader.h"

enum { GRID_KEY_SIZE = 48 };

/* "dose_mg" -> "dose_grid_mg": the grid has the unit of the dose. */
static void grid_key(route r, char key[GRID_KEY_SIZE])
{
  snprintf(key, GRID_KEY_SIZE, "dose_grid_%s", route_key(r) + strlen("dose_"));
}

/* Refuses a grid that is given in the unit of another route. */
static bool refuse_other_grids(reader *r, const cJSON *object, route used)
{
  char own[GRID_KEY_SIZE];
  grid_key(used, own);
  for (int i = 0; i < ROUTE_COUNT; i++) {
    char key[GRID_KEY_SIZE];
    grid_key((route)i, key);
    if (strcmp(key, own) != 0 && json_get(object, key) != NULL) {
      return route_unit_mismatch(r, json_get(object, key), used);
    }
  }
  return true;
}

static bool read_amount(reader *r, const cJSON *object, route used, decision *amount)
{
  return check_dose_key(r, object, used) &&
         decision_read(r, json_get(object, route_key(used)), amount);
}

static bool read_steps(reader *r, const cJSON *object, regimen_space *space)
{
  const cJSON *list = json_get(object, "steps");
  for (const cJSON *item = list->child; item != NULL; item = item->next) {
    regimen_step *step = &space->step[space->n_steps++];
    if (!decision_read(r, json_get(item, "day"), &step->day) ||
        !read_amount(r, item, space->route, &step->amount)) {
      return false;
    }
  }
  return true;
}

static bool read_maintenance(reader *r, const cJSON *object, regimen_space *space)
{
  const cJSON *item = json_get(object, "maintenance");
  space->has_maintenance = item != NULL;
  if (item == NULL) {
    return true;
  }
  space->maintenance.doses = (int)reader_number(item, "doses");
  return decision_read(r, json_get(item, "first_day"), &space->maintenance.first_day) &&
         decision_read(r, json_get(item, "every_days"), &space->maintenance.every_days) &&
         read_amount(r, item, space->route, &space->maintenance.amount);
}

static bool read_levels(reader *r, const cJSON *object, regimen_space *space)
{
  char key[GRID_KEY_SIZE];
  grid_key(space->route, key);
  const cJSON *list = json_get(object, key);
  if (!refuse_other_grids(r, object, space->route)) {
    return false;
  }
  for (const cJSON *item = list != NULL ? list->child : NULL; item != NULL; item = item->next) {
    if (space->n_levels == PROBLEM_LEVELS_MAX) {
      return reader_fail(r, item, OUT_OF_RANGE, "at most 128 levels are allowed",
                         "the grid of doses has too many levels");
    }
    space->level[space->n_levels++] = item->valuedouble;
  }
  return true;
}

static bool read_order(reader *r, const cJSON *object, regimen_space *space)
{
  static const char *const words[] = {
      [DOSE_ORDER_FREE] = "none", [DOSE_ORDER_UNTIL_TARGET] = "first_target_dose"};
  const cJSON *item = json_get(object, "non_decreasing_until");
  for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
    if (strcmp(item->valuestring, words[i]) == 0) {
      space->order = (dose_order)i;
      return true;
    }
  }
  return reader_unknown(r, item, "end of the rising doses", words, sizeof words / sizeof words[0]);
}

static bool read_number_of_steps(reader *r, const cJSON *object, regimen_space *space)
{
  const cJSON *item = json_get(object, "number_of_steps");
  if (!decision_read(r, item, &space->number_of_steps)) {
    return false;
  }
  if (item != NULL && space->number_of_steps.high > space->n_steps) {
    return reader_fail(r, item, OUT_OF_RANGE, "describe as many \"steps\" as may be given",
                       "\"number_of_steps\" is larger than the %d steps that are described",
                       space->n_steps);
  }
  return true;
}

bool read_regimen(reader *r, const cJSON *object, regimen_space *space)
{
  *space = (regimen_space){.step_ratio_max =
                               reader_number_or(object, "step_ratio_max", (double)INFINITY)};
  return read_route(r, json_get(object, "route"), &space->route) &&
         read_infusion(r, object, space->route, &space->infusion_h) &&
         read_steps(r, object, space) && read_number_of_steps(r, object, space) &&
         decision_read(r, json_get(object, "gap_days"), &space->gap_days) &&
         read_maintenance(r, object, space) && read_levels(r, object, space) &&
         read_order(r, object, space) && check_regimen(r, object, space);
}
