/* Limits of burden that the smallest regimen of the problem already exceeds. */
#include <math.h>
#include <stdio.h>

#include "base/number.h"
#include "problem/reader.h"

/* The least that any regimen of a space costs. */
typedef struct burden {
  double total_mg;
  int doses, visits;
} burden;

static int least_maintenance_doses(const regimen_space *space, double horizon_days)
{
  double first = space->maintenance.first_day.high;
  double every = space->maintenance.every_days.high;
  int n = 0;
  while (n < space->maintenance.doses && first + n * every < horizon_days) {
    n++;
  }
  return n;
}

/* The smallest dose allowed after one of `before`. */
static double least_amount(const regimen_space *space, const decision *amount, double before)
{
  bool rising = space->order == DOSE_ORDER_UNTIL_TARGET;
  double bound = rising ? fmax(amount->low, before) : amount->low;
  return decision_above(amount, bound, space->level, space->n_levels);
}

/* One more dose; it shares the visit of the dose before it if both can be on one day. */
static void add_dose(burden *least, const decision *day, double *last_visit, double amount)
{
  least->doses++;
  least->total_mg += amount;
  if (floor(day->low) > *last_visit) {
    least->visits++;
    *last_visit = floor(day->high);
  }
}

static burden least_burden(const regimen_space *space, double horizon_days)
{
  int steps = space->number_of_steps.given ? (int)space->number_of_steps.low : space->n_steps;
  burden least = {0};
  double amount = 0;
  double last_visit = -1;
  for (int i = 0; i < steps; i++) {
    amount = least_amount(space, &space->step[i].amount, amount);
    add_dose(&least, &space->step[i].day, &last_visit, amount);
  }
  int n = space->has_maintenance ? least_maintenance_doses(space, horizon_days) : 0;
  if (n > 0) {
    amount = least_amount(space, &space->maintenance.amount, amount);
    add_dose(&least, &space->maintenance.first_day, &last_visit, amount);
    least.doses += n - 1;
    least.visits += n - 1;
    least.total_mg += (n - 1) * amount;
  }
  return least;
}

bool check_burden(reader *r, const cJSON *item, const limit *l)
{
  const limit_kind_row *row = &problem_limit_kinds[l->kind];
  const regimen_space *space = &r->problem->regimen;
  burden least = least_burden(space, r->problem->horizon_days);
  double smallest = l->kind == LIMIT_TOTAL_MG ? least.total_mg
                    : l->kind == LIMIT_VISITS ? least.visits
                                              : least.doses;
  char needed[NUMBER_TEXT_SIZE];
  char remedy[128];
  if (l->kind == LIMIT_TOTAL_MG && space->route == ROUTE_CIV) {
    return reader_fail_key(r, item, UNITS_MISMATCH, "leave it out",
                           "a continuous infusion per body surface has no total in mg");
  }
  if (smallest <= l->bound || number_same(smallest, l->bound)) {
    return true;
  }
  number_format_rounded(smallest, 6, needed);
  snprintf(remedy, sizeof remedy, "allow at least %s %s, or smaller regimens", needed, row->unit);
  return reader_fail(r, item, CONTRADICTION, remedy,
                     "the smallest regimen of the problem already exceeds \"%s\"", row->key);
}
