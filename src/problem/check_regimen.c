/* Whether a regimen space holds a regimen at all: days that can increase, gaps, doses on the grid,
 * rising doses. */
#include <math.h>
#include <stdio.h>

#include "base/number.h"
#include "problem/reader.h"

static const cJSON *step_item(const cJSON *object, int i)
{
  return cJSON_GetArrayItem(json_get(object, "steps"), i);
}

static bool check_day(reader *r, const cJSON *item, const decision *day)
{
  char horizon[NUMBER_TEXT_SIZE];
  char remedy[96];
  if (day->high < r->problem->horizon_days) {
    return true;
  }
  number_format(r->problem->horizon_days, horizon);
  snprintf(remedy, sizeof remedy, "days before the horizon of %s days are allowed", horizon);
  return reader_fail(r, item, OUT_OF_RANGE, remedy, "a dose day is not before the horizon");
}

static bool check_days_in_horizon(reader *r, const cJSON *object, const regimen_space *space)
{
  for (int i = 0; i < space->n_steps; i++) {
    if (!check_day(r, json_get(step_item(object, i), "day"), &space->step[i].day)) {
      return false;
    }
  }
  return !space->has_maintenance ||
         check_day(r, json_get(json_get(object, "maintenance"), "first_day"),
                   &space->maintenance.first_day);
}

/* What a day (or a dose) can be, given what the one before it can be. */
typedef struct reach {
  double earliest, latest;
} reach;

/* This much of a day, about a second, makes a day later than another. */
static const double day_difference_min = 1e-5;

/* After a step with reach `before`; gap_max INFINITY: no limit. Empty: earliest > latest, or NAN.
 */
static reach reach_next(reach before, const decision *day, double gap_min, double gap_max)
{
  return (reach){decision_above(day, before.earliest + gap_min, NULL, 0),
                 decision_below(day, before.latest + gap_max, NULL, 0)};
}

static bool reach_empty(reach now) { return !(now.earliest <= now.latest); }

static bool gap_impossible(reader *r, const cJSON *gap, const cJSON *item)
{
  char pointer[96];
  char remedy[192];
  json_pointer(&r->json, item, pointer, sizeof pointer);
  snprintf(remedy, sizeof remedy, "widen it, or change the day at %s", pointer);
  return reader_fail(r, gap, CONTRADICTION, remedy, "no days of the steps keep \"gap_days\"");
}

/* Tells whether order or gap is what makes a day impossible. */
static bool day_impossible(reader *r, const cJSON *object, const cJSON *item, reach before,
                           const decision *day)
{
  const cJSON *gap = json_get(object, "gap_days");
  if (reach_empty(reach_next(before, day, day_difference_min, (double)INFINITY))) {
    return reader_fail(r, item, STEPS_OUT_OF_ORDER,
                       "every dose must be able to follow the one before it",
                       "the day cannot be later than that of the dose before it");
  }
  if (gap != NULL) {
    return gap_impossible(r, gap, item);
  }
  return reader_fail(r, item, OUT_OF_RANGE,
                     "leave at least one day: doses less than a day apart count as one dose for "
                     "the limits",
                     "the day cannot be a full day after that of the dose before it");
}

static bool check_order_of_days(reader *r, const cJSON *object, const regimen_space *space)
{
  const decision *gap = &space->gap_days;
  double gap_min = gap->given ? gap->low : ENDPOINT_ONE_DOSE_DAYS;
  double gap_max = gap->given ? gap->high : (double)INFINITY;
  reach now = {space->step[0].day.low, space->step[0].day.high};
  for (int i = 1; i < space->n_steps; i++) {
    reach before = now;
    now = reach_next(before, &space->step[i].day, gap_min, gap_max);
    if (reach_empty(now)) {
      return day_impossible(r, object, json_get(step_item(object, i), "day"), before,
                            &space->step[i].day);
    }
  }
  if (!space->has_maintenance) {
    return true;
  }
  const decision *first = &space->maintenance.first_day;
  return !reach_empty(reach_next(now, first, gap_min, (double)INFINITY)) ||
         day_impossible(r, object, json_get(json_get(object, "maintenance"), "first_day"), now,
                        first);
}

static bool check_amount_on_levels(reader *r, const cJSON *item, const decision *amount,
                                   const regimen_space *space)
{
  if (amount->grid > 0) {
    return reader_fail(r, json_get(item, "grid"), CONTRADICTION, "keep one of the two grids",
                       "the range has a grid of its own beside the grid of doses");
  }
  for (int i = 0; i < amount->n_choices; i++) {
    decision one = {.given = true, .low = amount->choice[i], .high = amount->choice[i]};
    if (isnan(decision_above(&one, one.low, space->level, space->n_levels))) {
      return reader_fail(r, cJSON_GetArrayItem(item, i), CONTRADICTION,
                         "list doses of the grid, or extend the grid",
                         "a choice is not on the grid of doses");
    }
  }
  if (isnan(decision_above(amount, amount->low, space->level, space->n_levels))) {
    return reader_fail(r, item, EMPTY_RANGE, "widen the range, or extend the grid",
                       "no dose of the grid lies in the range");
  }
  return true;
}

static bool check_levels(reader *r, const cJSON *object, const regimen_space *space)
{
  const char *key = route_key(space->route);
  for (int i = 0; space->n_levels > 0 && i < space->n_steps; i++) {
    if (!check_amount_on_levels(r, json_get(step_item(object, i), key), &space->step[i].amount,
                                space)) {
      return false;
    }
  }
  return space->n_levels == 0 || !space->has_maintenance ||
         check_amount_on_levels(r, json_get(json_get(object, "maintenance"), key),
                                &space->maintenance.amount, space);
}

/* The dose after one of reach `before`, under the rules on rising doses. */
static reach reach_amount(const regimen_space *space, reach before, const decision *amount)
{
  bool rising = space->order == DOSE_ORDER_UNTIL_TARGET;
  double low = rising ? fmax(amount->low, before.earliest) : amount->low;
  double high = fmin(amount->high, before.latest * space->step_ratio_max);
  return (reach){decision_above(amount, low, space->level, space->n_levels),
                 decision_below(amount, high, space->level, space->n_levels)};
}

static bool amount_impossible(reader *r, const cJSON *item)
{
  return reader_fail(r, item, CONTRADICTION,
                     "change the doses, \"non_decreasing_until\" or \"step_ratio_max\"",
                     "no dose here can follow the one before it under the rules on rising doses");
}

static bool check_order_of_amounts(reader *r, const cJSON *object, const regimen_space *space)
{
  const char *key = route_key(space->route);
  reach now = {0, (double)INFINITY};
  for (int i = 0; i < space->n_steps; i++) {
    now = reach_amount(space, now, &space->step[i].amount);
    if (reach_empty(now)) {
      return amount_impossible(r, json_get(step_item(object, i), key));
    }
  }
  return !space->has_maintenance ||
         !reach_empty(reach_amount(space, now, &space->maintenance.amount)) ||
         amount_impossible(r, json_get(json_get(object, "maintenance"), key));
}

static bool warn_free_days(reader *r, const regimen_space *space)
{
  bool is_free = space->has_maintenance && !decision_fixed(&space->maintenance.first_day);
  for (int i = 0; i < space->n_steps; i++) {
    is_free = is_free || !decision_fixed(&space->step[i].day);
  }
  return !is_free || space->gap_days.given ||
         reader_warn(
             r, "dose days are free but there is no \"gap_days\": shorter gaps nearly always look "
                "better in the model, so that the answer will lie at the bounds of the days or at "
                "doses on following days");
}

bool check_regimen(reader *r, const cJSON *object, const regimen_space *space)
{
  return check_days_in_horizon(r, object, space) && check_order_of_days(r, object, space) &&
         check_levels(r, object, space) && check_order_of_amounts(r, object, space) &&
         warn_free_days(r, space);
}
