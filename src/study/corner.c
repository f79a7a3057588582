/* Is the proposal a corner of the problem? Doses, days or design values at an end of their range, a
 * kill that is only reached in the last week, and values that move with the tolerance of the
 * integrator. */
#include "study/propose.h"

#include "base/number.h"

#include <math.h>

/* Two tolerances agree when the goal moves by no more than this (of its own size, at least 1) and
 * every limit's value by no more than this share. */
static const double agreement = 1e-3;
static const double last_week_days = 7;

static bool at_an_end(const regimen_variable *v, double value, bool *at_low)
{
  double lowest = v->n_levels > 0 ? v->level[0] : v->low;
  double highest = v->n_levels > 0 ? v->level[v->n_levels - 1] : v->high;
  *at_low = number_same(value, v->low) || number_same(value, lowest);
  return *at_low || number_same(value, v->high) || number_same(value, highest);
}

int study_bounds(const regimen_evaluation *e, const double *value,
                 corner_bound bound[SEARCH_VARIABLES_MAX])
{
  int n = 0;
  bool lowest = false;
  for (int i = 0; i < e->n_variables; i++) {
    if (at_an_end(&e->variable[i], value[i], &lowest)) {
      bound[n++] = (corner_bound){e->variable[i], value[i], lowest};
    }
  }
  return n;
}

static void find_timing(study_proposal *p)
{
  corner_answers *c = &p->corner;
  const sampled_run *run = &p->samples;
  int last = run->samples.n_days - 1;
  c->kill_average = p->verified.found.log10_kill_average;
  c->kill_end = sampled_run_log10_kill(run, last);
  c->kill_before_last_week = 0;
  for (int i = 0; i <= last && run->day[i] <= p->problem->horizon_days - last_week_days; i++) {
    c->kill_before_last_week = fmax(c->kill_before_last_week, sampled_run_log10_kill(run, i));
  }
  c->only_in_last_week = c->kill_end > 0.1 && c->kill_before_last_week < 0.5 * c->kill_end;
}

static void compare_tolerances(study_proposal *p)
{
  corner_answers *c = &p->corner;
  const assessment *loose = &p->searched;
  const assessment *tight = &p->verified;
  c->goal_change = tight->goal - loose->goal;
  c->largest_limit_change = 0;
  for (int i = 0; i < tight->n_values && i < loose->n_values; i++) {
    double scale = fmax(fabs(tight->value[i].value), 1e-300);
    double change = fabs(tight->value[i].value - loose->value[i].value) / scale;
    c->largest_limit_change = fmax(c->largest_limit_change, change);
  }
  c->tolerances_agree = loose->simulated && tight->simulated &&
                        fabs(c->goal_change) <= agreement * fmax(1, fabs(tight->goal)) &&
                        c->largest_limit_change <= agreement;
}

void study_corner(study_proposal *p)
{
  p->corner.n_bounds =
      study_bounds(p->branch[p->chosen_branch].evaluation, p->chosen->value, p->corner.bound);
  if (p->verified.simulated) {
    find_timing(p);
  }
  compare_tolerances(p);
}
