/* Branches of a regimen space, and decision values -> doses.
 *
 * A quantity of a branch is a slot: either a fixed number or one variable. Values that belong to a
 * grid (vials, days) are taken from its list of levels, so that 10 mg is the double nearest to 10
 * wherever it came from. */
#include "regimen/regimen.h"

#include "base/number.h"
#include "regimen/slots.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static bool step_count_allowed(const regimen_space *space, int n)
{
  const decision *d = &space->number_of_steps;
  if (n == 0 && !space->has_maintenance) {
    return false;
  }
  if (!d->given) {
    return n == space->n_steps;
  }
  for (int i = 0; i < d->n_choices; i++) {
    if (number_same(d->choice[i], n)) {
      return true;
    }
  }
  double places = d->grid > 0.0 ? (n - d->low) / d->grid : 0.0;
  bool on_grid = fabs(places - round(places)) < 1e-9;
  return d->n_choices == 0 && n >= d->low && n <= d->high && on_grid;
}

int regimen_branch_count(const regimen_space *space)
{
  int count = 0;
  for (int n = 0; n <= space->n_steps; n++) {
    count += step_count_allowed(space, n) ? 1 : 0;
  }
  return count;
}

/* Number of steps of branch i. */
static int branch_steps(const regimen_space *space, int i)
{
  for (int n = 0; n <= space->n_steps; n++) {
    if (step_count_allowed(space, n) && i-- == 0) {
      return n;
    }
  }
  return space->n_steps;
}

static void add_level(regimen_variable *v, double level)
{
  if (v->n_levels < PROBLEM_LEVELS_MAX) {
    v->level[v->n_levels++] = level;
  }
}

/* low + i * grid without the rounding of that sum: 0.3, not 0.30000000000000004. */
static double grid_value(const regimen_variable *v, double grid, long i)
{
  char digits[NUMBER_TEXT_SIZE];
  double value = v->low + (double)i * grid;
  double clean = value;
  number_format_rounded(value, 12, digits);
  if (!number_parse(digits, &clean) || !number_same(clean, value)) {
    clean = value;
  }
  return fmin(fmax(clean, v->low), v->high);
}

/* A range without any level has been refused by the reader of the problem. */
static void add_levels(regimen_variable *v, const decision *d, const regimen_space *vials)
{
  if (d->n_choices > 0) {
    for (int i = 0; i < d->n_choices; i++) {
      add_level(v, d->choice[i]);
    }
  } else if (vials != NULL && vials->n_levels > 0) {
    for (int i = 0; i < vials->n_levels; i++) {
      double within = fmin(fmax(vials->level[i], v->low), v->high);
      if (number_same(vials->level[i], within)) {
        add_level(v, within);
      }
    }
  } else if (d->grid > 0.0) {
    long places = (long)floor((v->high - v->low) / d->grid + 1e-9);
    for (long i = 0; i <= places; i++) {
      add_level(v, grid_value(v, d->grid, i));
    }
  }
}

bool regimen_variable_open(const decision *d, const regimen_space *vials, regimen_variable *v)
{
  memset(v, 0, sizeof *v);
  v->low = d->n_choices > 0 ? d->choice[0] : d->low;
  v->high = d->n_choices > 0 ? d->choice[d->n_choices - 1] : d->high;
  if (!(v->low < v->high)) {
    return false;
  }
  add_levels(v, d, vials);
  return v->n_levels != 1;
}

/* Turns a decision into a new variable of the branch, or into a fixed value where one value only is
 * left. `vials` is the space for amounts and NULL for days. */
static struct regimen_slot open_slot(regimen_branch *b, const decision *d, const char *unit,
                                     const regimen_space *vials)
{
  regimen_variable *v = &b->variable[b->n_variables];
  if (!regimen_variable_open(d, vials, v)) {
    return (struct regimen_slot){-1, v->n_levels == 1 ? v->level[0] : v->low};
  }
  v->logarithmic = vials != NULL && v->low > 0.0;
  snprintf(v->unit, sizeof v->unit, "%s", unit);
  return (struct regimen_slot){b->n_variables++, 0.0};
}

/* Names the variable of a slot; a fixed slot has none. */
static void name_slot(regimen_branch *b, struct regimen_slot slot, const char *owner,
                      const char *quantity)
{
  if (slot.variable >= 0) {
    regimen_variable *v = &b->variable[slot.variable];
    snprintf(v->name, sizeof v->name, "%s_%s", owner, quantity);
  }
}

static void open_step(regimen_branch *b, int i)
{
  const regimen_step *step = &b->space->step[i];
  char owner[24];
  snprintf(owner, sizeof owner, "step_%d", i + 1);
  b->step_day[i] = open_slot(b, &step->day, "day", NULL);
  name_slot(b, b->step_day[i], owner, "day");
  b->step_amount[i] = open_slot(b, &step->amount, route_unit(b->space->route), b->space);
  name_slot(b, b->step_amount[i], owner, route_key(b->space->route));
}

static void open_maintenance(regimen_branch *b)
{
  const regimen_space *space = b->space;
  b->first_day = open_slot(b, &space->maintenance.first_day, "day", NULL);
  name_slot(b, b->first_day, "maintenance", "first_day");
  b->every_days = open_slot(b, &space->maintenance.every_days, "day", NULL);
  name_slot(b, b->every_days, "maintenance", "every_days");
  b->maintenance_amount = open_slot(b, &space->maintenance.amount, route_unit(space->route), space);
  name_slot(b, b->maintenance_amount, "maintenance", route_key(space->route));
}

void regimen_branch_open(const regimen_space *space, double horizon_days, int i,
                         regimen_branch *branch)
{
  memset(branch, 0, sizeof *branch);
  branch->space = space;
  branch->horizon_days = horizon_days;
  branch->n_steps = branch_steps(space, i);
  branch->first_day = branch->every_days = branch->maintenance_amount =
      (struct regimen_slot){-1, 0};
  for (int step = 0; step < branch->n_steps; step++) {
    open_step(branch, step);
  }
  if (space->has_maintenance) {
    open_maintenance(branch);
  }
  regimen_open_rules(branch);
}

double regimen_slot_value(const regimen_branch *b, struct regimen_slot slot, const double *values)
{
  if (slot.variable < 0) {
    return slot.fixed;
  }
  const regimen_variable *v = &b->variable[slot.variable];
  double value = values[slot.variable];
  for (int i = 0; i < v->n_levels; i++) {
    if (number_same(value, v->level[i])) {
      return v->level[i];
    }
  }
  return value;
}

/* Doses of no amount stay in the list until the infusions before them have got their ends. */
static void add_dose(const regimen_branch *b, schedule *doses, double day, double amount)
{
  double hours = b->space->route == ROUTE_IV ? b->space->infusion_h : 0.0;
  if (doses->n_doses < SCHEDULE_WINDOWS_MAX) {
    doses->doses[doses->n_doses++] = (dose){day, amount, hours / 24.0, b->space->route};
  }
}

static void add_maintenance(const regimen_branch *b, const double *values, schedule *doses)
{
  double first = regimen_slot_value(b, b->first_day, values);
  double every = regimen_slot_value(b, b->every_days, values);
  double amount = regimen_slot_value(b, b->maintenance_amount, values);
  for (int k = 0; k < b->space->maintenance.doses; k++) {
    add_dose(b, doses, first + k * every, amount);
  }
}

static void drop_empty(schedule *doses)
{
  int kept = 0;
  for (int i = 0; i < doses->n_doses; i++) {
    const dose *d = &doses->doses[i];
    bool replaced_at_once = d->route == ROUTE_CIV && d->duration_days <= 0.0;
    if (d->amount > 0.0 && !replaced_at_once) {
      doses->doses[kept++] = *d;
    }
  }
  doses->n_doses = kept;
}

/* The reader of the problem has seen to it that there is room. */
static void add_premedication(const regimen_branch *b, const double *values, schedule *doses)
{
  const regimen_space *space = b->space;
  double steps_end =
      space->has_maintenance ? regimen_slot_value(b, b->first_day, values) : (double)INFINITY;
  problem_premedicate(space->premedication, space->n_premedication, steps_end, b->horizon_days,
                      doses);
}

void regimen_decode(const regimen_branch *branch, const double *values, schedule *doses)
{
  memset(doses, 0, sizeof *doses);
  for (int i = 0; i < branch->n_steps; i++) {
    add_dose(branch, doses, regimen_slot_value(branch, branch->step_day[i], values),
             regimen_slot_value(branch, branch->step_amount[i], values));
  }
  if (branch->space->has_maintenance) {
    add_maintenance(branch, values, doses);
  }
  schedule_close(doses, branch->horizon_days);
  drop_empty(doses);
  add_premedication(branch, values, doses);
}

/* As early, and as often, as can be. */
int regimen_doses_most(const regimen_space *space, double horizon_days)
{
  int most = 0;
  for (int i = 0; i < regimen_branch_count(space); i++) {
    regimen_branch branch;
    double values[REGIMEN_VARIABLES_MAX];
    schedule doses;
    regimen_branch_open(space, horizon_days, i, &branch);
    for (int v = 0; v < branch.n_variables; v++) {
      values[v] = branch.variable[v].low;
    }
    regimen_decode(&branch, values, &doses);
    const int n = schedule_engager_doses(&doses);
    most = n > most ? n : most;
  }
  return most;
}
