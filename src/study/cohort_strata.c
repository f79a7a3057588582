/* What the limits would say of one stratum alone: see cohort_parts.h. */
#include "study/cohort_parts.h"

#include "base/allocate.h"
#include "base/error.h"

#include <math.h>

/* The patients of a stratum keep their weight, all others lose it. */
static void weigh(const cohort_study *c, int stratum, weighted_value *values)
{
  const int n_strata = c->problem->population->n_strata;
  for (int i = 0; i < c->n_patients; i++) {
    if (!c->member[(long)i * n_strata + stratum]) {
      values[i] = (weighted_value){0, 0};
    }
  }
}

static double goal_in(const cohort_study *c, const cohort_outcome *o, int stratum,
                      weighted_value *values)
{
  goal asked = c->problem->goal;
  if (asked.statistic == STATISTIC_WORST_STRATUM) {
    asked.statistic = STATISTIC_MEAN;
  }
  cohort_goal_values(c, o, values);
  weigh(c, stratum, values);
  return risk_goal(&asked, c->n_patients, values, 0, NULL);
}

static double risk_in(const cohort_study *c, const cohort_outcome *o, int stratum, int k,
                      weighted_value *values)
{
  limit l = c->problem->limits[k];
  const int worst = cohort_outcome_worst(o, k);
  if (worst < 0 || (l.stratum >= 0 && l.stratum != stratum)) {
    return NAN;
  }
  cohort_risk_values(c, o, worst, values);
  weigh(c, stratum, values);
  return risk_value(&l, c->n_patients, values);
}

bool cohort_by_stratum(const cohort_study *c, const cohort_outcome *o, stratum_findings *out,
                       stepdose_error *error)
{
  weighted_value *values = allocate_zeroed((size_t)c->n_patients, sizeof *values);
  if (values == NULL) {
    return error_no_memory(error, "judging the strata of a cohort");
  }
  for (int s = 0; s < c->problem->population->n_strata; s++) {
    out[s].patients = c->in_stratum[s];
    out[s].goal = o->n_rows > 0 ? goal_in(c, o, s, values) : (double)NAN;
    for (int k = 0; k < c->problem->n_limits; k++) {
      out[s].risk[k] = risk_in(c, o, s, k, values);
    }
  }
  release(values);
  return true;
}
