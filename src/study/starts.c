/* Starting points that a person would try: schedules in use, projected into the branch, and the
 * middle of its box. */
#include "study/propose.h"

#include <math.h>

static void put(const regimen_branch *branch, const struct regimen_slot *slot, double value,
                double *start)
{
  if (slot->variable >= 0) {
    const regimen_variable *v = &branch->variable[slot->variable];
    start[slot->variable] = fmin(fmax(value, v->low), v->high);
  }
}

static void middle(const regimen_evaluation *e, double *start)
{
  for (int i = 0; i < e->n_variables; i++) {
    const regimen_variable *v = &e->variable[i];
    start[i] = v->logarithmic ? sqrt(v->low * v->high) : 0.5 * (v->low + v->high);
  }
}

/* Dose i of a schedule, or its last one where it has fewer. */
static const dose *dose_at(const schedule *s, int i)
{
  return &s->doses[i < s->n_doses ? i : s->n_doses - 1];
}

/* Steps take the first doses in order; maintenance takes the dose after them. */
static void project(const regimen_branch *branch, const schedule *s, double *start)
{
  for (int i = 0; i < branch->n_steps; i++) {
    put(branch, &branch->step_amount[i], dose_at(s, i)->amount, start);
    if (i < s->n_doses) {
      put(branch, &branch->step_day[i], s->doses[i].day, start);
    }
  }
  if (!branch->space->has_maintenance) {
    return;
  }
  int first = branch->n_steps;
  put(branch, &branch->maintenance_amount, dose_at(s, first)->amount, start);
  if (first < s->n_doses) {
    put(branch, &branch->first_day, s->doses[first].day, start);
  }
  if (first + 1 < s->n_doses) {
    put(branch, &branch->every_days, s->doses[first + 1].day - s->doses[first].day, start);
  }
}

/* The molecule as its file has it, as near as the design comes to it. */
static void keep_molecule(const regimen_evaluation *e, double *start)
{
  for (int i = 0; i < e->problem->n_design; i++) {
    int variable = e->design[i].variable;
    if (variable >= 0) {
      const regimen_variable *v = &e->variable[variable];
      double value = e->problem->parameters[e->problem->design[i].parameter];
      start[variable] = fmin(fmax(value, v->low), v->high);
    }
  }
}

/* Doses that rise by one factor from step to step, from a share of the way (on a logarithmic scale)
 * through the range of the first one up to the largest. */
static void ladder(const regimen_evaluation *e, double from, double *start)
{
  const regimen_branch *branch = &e->branch;
  const int first = branch->step_amount[0].variable;
  const bool maintained = branch->space->has_maintenance;
  const int rungs = branch->n_steps - (maintained ? 0 : 1);
  middle(e, start);
  keep_molecule(e, start);
  if (first < 0 || rungs < 1) {
    return;
  }
  const regimen_variable *v = &branch->variable[first];
  const double lowest = v->low * pow(v->high / v->low, from);
  const double factor = pow(v->high / lowest, 1.0 / rungs);
  for (int i = 0; i < branch->n_steps; i++) {
    put(branch, &branch->step_amount[i], lowest * pow(factor, i), start);
  }
  if (maintained) {
    put(branch, &branch->maintenance_amount, v->high, start);
  }
}

/* Where a whole cohort is simulated for each candidate, evaluations are few. */
static const double ladders[STUDY_LADDERS] = {0.2, 0.4};

int study_starts(const regimen_evaluation *e, double *starts)
{
  int n = 0;
  for (int i = 0; i < e->problem->n_comparators; i++) {
    schedule engager;
    schedule_of_engager(&e->problem->comparators[i].doses, &engager);
    if (engager.n_doses > 0 && engager.doses[0].route == e->branch.space->route) {
      double *start = starts + n++ * e->n_variables;
      middle(e, start);
      keep_molecule(e, start);
      project(&e->branch, &engager, start);
    }
  }
  middle(e, starts + n++ * e->n_variables);
  if (e->n_variables > e->branch.n_variables) {
    middle(e, starts + n * e->n_variables);
    keep_molecule(e, starts + n++ * e->n_variables);
  }
  for (int i = 0; !e->problem->reference_patient && i < STUDY_LADDERS; i++) {
    ladder(e, ladders[i], starts + n++ * e->n_variables);
  }
  return n;
}
