/* Descriptions of patients and runs of cohorts for the tests of this room. */
#ifndef TESTS_POPULATION_FIXTURES_H
#define TESTS_POPULATION_FIXTURES_H

#include "population/dlbcl.h"

#include <criterion/criterion.h>
#include <string.h>

/* The main problem with the first patients of seed 1 of a shipped population file. */
static inline stepdose_problem *fixture_population(const char *file, int patients)
{
  stepdose_error error = {.code = STEPDOSE_OK};
  stepdose_problem *problem = dlbcl_problem(file, patients, 1, &error);
  cr_assert(problem != NULL, "%s: %s %s", file, error.pointer, error.message);
  return problem;
}

/* The first n patients of a seed under one regimen; dlbcl_release() it. */
static inline dlbcl_outcome fixture_run(const stepdose_problem *problem, uint64_t seed, int n,
                                        const dlbcl_regimen *regimen)
{
  dlbcl_outcome o = {0};
  stepdose_error error = {.code = STEPDOSE_OK};
  cr_assert(dlbcl_run(problem, seed, n, regimen, &o, &error), "%s: %s", regimen->name,
            error.message);
  return o;
}

static inline population *fixture_open(const population_description *d, uint64_t seed)
{
  stepdose_error error = {.code = STEPDOSE_OK};
  population *p = population_open(d, model_find("hosseini2020"), seed, &error);
  cr_assert(p != NULL, "%s", error.message);
  return p;
}

/* A coordinate that sets nothing. */
static inline population_coordinate *fixture_add(population_description *d, population_law law)
{
  const int i = d->n_coordinates++;
  population_quantity *q = &d->quantity[i];
  snprintf(q->name, sizeof q->name, "x%d", i);
  q->at_least = -INFINITY;
  q->at_most = INFINITY;
  d->coordinate[i].law = law;
  return &d->coordinate[i];
}

/* Covariates (n x population_covariates) of patients first .. first+n-1; release() them. */
static inline double *fixture_covariates(const population *p, const population_description *d,
                                         long first, int n)
{
  double base[256] = {0};
  stepdose_error error = {.code = STEPDOSE_OK};
  double *covariates =
      allocate_zeroed((size_t)n * (size_t)population_covariates(d), sizeof(double));
  model_parameter_defaults(model_find("hosseini2020"), base);
  cr_assert(population_draw(p, base, first, n, NULL, NULL, covariates, &error), "%s",
            error.message);
  return covariates;
}

#endif
