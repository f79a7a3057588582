/* Limits of burden that the smallest regimen of the problem already exceeds. */
#include <math.h>
#include <stdio.h>

#include "base/number.h"
#include "problem/reader.h"

/* The least that any regimen of a space costs. Doses are a day apart or more, so that each is a
 * visit. */
typedef struct burden {
  double total_mg;
  int doses;
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

static burden least_burden(const regimen_space *space, double horizon_days)
{
  int steps = space->number_of_steps.given ? (int)space->number_of_steps.low : space->n_steps;
  burden least = {0};
  double amount = 0;
  for (int i = 0; i < steps; i++) {
    amount = least_amount(space, &space->step[i].amount, amount);
    least.total_mg += amount;
    least.doses++;
  }
  int n = space->has_maintenance ? least_maintenance_doses(space, horizon_days) : 0;
  if (n > 0) {
    amount = least_amount(space, &space->maintenance.amount, amount);
    least.total_mg += n * amount;
    least.doses += n;
  }
  return least;
}

static double least_value(const stepdose_problem *p, limit_kind kind)
{
  const burden least = least_burden(&p->regimen, p->horizon_days);
  if (kind == LIMIT_HOSPITAL_DAYS) {
    return least_hospital_days(&p->request.hospital);
  }
  return kind == LIMIT_TOTAL_MG ? least.total_mg : least.doses;
}

bool check_burden(reader *r, const cJSON *item, const limit *l)
{
  const limit_kind_row *row = &problem_limit_kinds[l->kind];
  const regimen_space *space = &r->problem->regimen;
  const double smallest = least_value(r->problem, l->kind);
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
