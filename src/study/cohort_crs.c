/* Cytokine release syndrome in a cohort, by grade and dose: see cohort_parts.h. */
#include "study/cohort_parts.h"

#include "base/allocate.h"
#include "base/error.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static int find_row(const cohort_outcome *o, int grade, int window)
{
  char name[ENDPOINT_NAME_SIZE];
  snprintf(name, sizeof name, "crs_probability_grade%d", grade);
  for (int k = 0; k < o->n_rows; k++) {
    if (o->row[k].window == window && strcmp(o->row[k].name, name) == 0) {
      return k;
    }
  }
  return -1;
}

static int count_doses(const cohort_outcome *o)
{
  int n = 0;
  while (find_row(o, 1, n + 1) >= 0) {
    n++;
  }
  return n;
}

/* The events are drawn as those of a limit on the same probability. */
static bool share_of(const cohort_study *c, const cohort_outcome *o, int grade, int window,
                     weighted_value *values, crs_share *out, stepdose_error *error)
{
  const limit l = {.kind = LIMIT_CRS_PROBABILITY,
                   .risk = RISK_MEAN,
                   .bound = 0.5,
                   .grade = grade,
                   .stratum = LIMIT_ALL_PATIENTS};
  const int row = find_row(o, grade, window);
  for (int i = 0; i < c->n_patients; i++) {
    const double ill =
        o->failed[i] ? risk_of_failure(&l) : o->cell[(long)i * o->n_rows + row].value;
    values[i] = (weighted_value){c->weight[i] > 0 ? ill : 0, c->weight[i]};
  }
  out->grade = grade;
  out->window = window;
  return cohort_risk_of(&l, 0, window, cohort_study_each(c), c->seed, c->n_patients, values,
                        &out->risk, error);
}

bool cohort_crs_shares(const cohort_study *c, const cohort_outcome *o, int *n, crs_share *out,
                       stepdose_error *error)
{
  weighted_value *values = allocate_zeroed((size_t)c->n_patients, sizeof *values);
  const int n_doses = count_doses(o);
  bool done = values != NULL || error_no_memory(error, "counting CRS in a cohort");
  *n = 0;
  for (int grade = 1; done && n_doses > 0 && grade <= PROBLEM_GRADES; grade++) {
    for (int d = 1; done && d <= n_doses; d++) {
      done = share_of(c, o, grade, d, values, &out[(*n)++], error);
    }
    done = done && share_of(c, o, grade, 0, values, &out[(*n)++], error);
  }
  release(values);
  return done;
}
