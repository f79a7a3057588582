/* The problem of one stratum: see strata.h. */
#include "study/strata.h"

#include "base/allocate.h"
#include "base/error.h"

#include <stdio.h>
#include <string.h>

static int count_both(const population *people, const cohort_study *room, int a, int b)
{
  int n = 0;
  for (int i = 0; i < room->n_patients; i++) {
    const double *c = room->covariate + (long)i * room->n_covariates;
    n += room->weight[i] > 0 && population_in_stratum(people, a, c) &&
         (b < 0 || population_in_stratum(people, b, c));
  }
  return n;
}

int stratum_patients(const stepdose_problem *problem, int a, int b, stepdose_error *error)
{
  const size_t n = (size_t)problem->patients;
  const int n_covariates = population_covariates(problem->population);
  cohort_study room = {.n_patients = problem->patients,
                       .n_covariates = n_covariates,
                       .weight = allocate_zeroed(n, sizeof(double)),
                       .covariate = allocate_zeroed(n * (size_t)n_covariates, sizeof(double))};
  population *people = NULL;
  int found = -1;
  if (room.weight == NULL || room.covariate == NULL) {
    error_no_memory(error, "counting the patients of a stratum");
  } else {
    people = population_open(problem->population, problem->model, problem->population_seed, error);
  }
  if (people != NULL && population_draw(people, problem->parameters, 0, problem->patients, NULL,
                                        room.weight, room.covariate, error)) {
    found = count_both(people, &room, a, b);
  }
  population_close(people);
  release(room.weight);
  release(room.covariate);
  return found;
}

/* A limit that counts nobody of the stratum cannot be judged there, and holds. */
static bool keep_limits(const stepdose_problem *problem, stepdose_problem *p, int stratum,
                        int kept[PROBLEM_LIMITS_MAX], stepdose_error *error)
{
  p->n_limits = 0;
  for (int k = 0; k < problem->n_limits; k++) {
    const int counted = problem->limits[k].stratum;
    const int both =
        counted >= 0 ? stratum_patients(problem, stratum, counted, error) : problem->patients;
    if (both < 0) {
      return false;
    }
    if (both > 0) {
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
