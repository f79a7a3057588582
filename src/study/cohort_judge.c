/* Goal and risks of a regimen over all patients of a cohort: see cohort_study.h. */
#include "base/allocate.h"
#include "base/error.h"
#include "study/cohort_study.h"

#include <math.h>

/* A patient who could not be simulated does as badly as the worst of the others. */
void cohort_goal_values(const cohort_study *c, const cohort_outcome *o, weighted_value *values)
{
  double worst = INFINITY;
  for (int i = 0; i < c->n_patients; i++) {
    const bool known = c->weight[i] > 0 && !o->failed[i];
    worst = known ? fmin(worst, o->goal[i]) : worst;
  }
  for (int i = 0; i < c->n_patients; i++) {
    const double reached = o->failed[i] ? worst : o->goal[i];
    values[i] = (weighted_value){c->weight[i] > 0 ? reached : 0, c->weight[i]};
  }
}

static double judge_goal(const cohort_study *c, const cohort_outcome *o, weighted_value *values)
{
  cohort_goal_values(c, o, values);
  return risk_goal(&c->problem->goal, c->n_patients, values, c->problem->population->n_strata,
                   c->member);
}

void cohort_risk_values(const cohort_study *c, const cohort_outcome *o, int risk,
                        weighted_value *values)
{
  const limit *l = &c->problem->limits[o->risk[risk].limit];
  const int n_strata = c->problem->population->n_strata;
  for (int i = 0; i < c->n_patients; i++) {
    const bool counts = l->stratum < 0 || c->member[i * n_strata + l->stratum];
    const double value =
        o->failed[i] ? risk_of_failure(l) : o->risk_value[(long)i * o->n_risks + risk];
    const double weight = counts ? c->weight[i] : 0;
    values[i] = (weighted_value){weight > 0 ? value : 0, weight};
  }
}

double cohort_study_each(const cohort_study *c)
{
  return cohort_risk_each(c->n_patients, c->weight, c->worth.effective);
}

bool cohort_outcome_judge(const cohort_study *c, cohort_outcome *o, stepdose_error *error)
{
  weighted_value *values = allocate_zeroed((size_t)c->n_patients, sizeof *values);
  if (values == NULL) {
    return error_no_memory(error, "judging a cohort");
  }
  const double each = cohort_study_each(c);
  bool done = true;
  o->goal_value = o->n_rows > 0 ? judge_goal(c, o, values) : (double)NAN;
  for (int r = 0; done && r < o->n_risks; r++) {
    const int limit_index = o->risk[r].limit;
    cohort_risk_values(c, o, r, values);
    done = cohort_risk_of(&c->problem->limits[limit_index], limit_index, o->risk[r].window, each,
                          c->seed, c->n_patients, values, &o->risk[r], error);
  }
  release(values);
  return done;
}

bool cohort_outcome_holds(const cohort_outcome *o)
{
  bool holds = o->n_rows > 0;
  for (int r = 0; r < o->n_risks; r++) {
    holds = holds && o->risk[r].holds;
  }
  return holds;
}

bool cohort_can_judge(const stepdose_problem *problem)
{
  bool told = true;
  for (int k = 0; k < problem->n_limits; k++) {
    told = told && problem->limits[k].risk != RISK_NONE;
  }
  return told;
}

int cohort_outcome_worst(const cohort_outcome *o, int k)
{
  int worst = -1;
  for (int r = 0; r < o->n_risks; r++) {
    if (o->risk[r].limit == k && (worst < 0 || o->risk[r].margin > o->risk[worst].margin)) {
      worst = r;
    }
  }
  return worst;
}
