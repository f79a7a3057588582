/* The problem of one stratum: see strata.h. */
#include "study/strata.h"

#include "base/allocate.h"
#include "base/error.h"
#include "study/stratum_count.h"

#include <stdio.h>
#include <string.h>

/* A limit that counts nobody of the stratum cannot be judged there, and holds. */
static bool keep_limits(const stepdose_problem *problem, stepdose_problem *p, int stratum,
                        int kept[PROBLEM_LIMITS_MAX], stepdose_error *error)
{
  stratum_counts found;
  p->n_limits = 0;
  if (!stratum_count(problem, problem->population_seed, problem->patients, &found, error)) {
    return false;
  }
  for (int k = 0; k < problem->n_limits; k++) {
    const int counted = problem->limits[k].stratum;
    if (counted < 0 || found.both[stratum][counted] > 0) {
      kept[p->n_limits] = k;
      p->limits[p->n_limits++] = problem->limits[k];
    }
  }
  return true;
}

stepdose_problem *stratum_problem_open(const stepdose_problem *problem, int stratum,
                                       int kept[PROBLEM_LIMITS_MAX], stepdose_error *error)
{
  stepdose_problem *p = allocate(sizeof *p);
  population_description *people = allocate(sizeof *people);
  if (p == NULL || people == NULL) {
    release(p);
    release(people);
    error_no_memory(error, "preparing the problem of a stratum");
    return NULL;
  }
  *people = *problem->population;
  people->only_stratum = stratum + 1;
  *p = *problem;
  p->population = people;
  if (p->goal.statistic == STATISTIC_WORST_STRATUM) {
    p->goal.statistic = STATISTIC_MEAN;
  }
  if (!keep_limits(problem, p, stratum, kept, error)) {
    stratum_problem_free(p);
    return NULL;
  }
  return p;
}

void stratum_problem_free(stepdose_problem *p)
{
  if (p != NULL) {
    release(p->population);
    release(p);
  }
}

void stratum_problem_start(stepdose_problem *p, const schedule *doses)
{
  const int last = PROBLEM_COMPARATORS_MAX - 1;
  comparator *c = &p->comparators[p->n_comparators < last ? p->n_comparators : last];
  p->n_comparators = (int)(c - p->comparators) + 1;
  *c = (comparator){.name = "common", .doses = *doses};
}
