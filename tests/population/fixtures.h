/* Descriptions of patients and runs of cohorts for the tests of this room. */
#ifndef TESTS_POPULATION_FIXTURES_H
#define TESTS_POPULATION_FIXTURES_H

#include "base/allocate.h"
#include "population/population.h"
#include "problem/problem.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The main problem with a request for patients of a shipped population file. */
static inline stepdose_problem *fixture_population(const char *file, int patients)
{
  char change[256];
  const char *const changes[] = {change};
  stepdose_error error = {.code = STEPDOSE_OK};
  snprintf(change, sizeof change,
           "/population={\"file\": \"populations/%s\", \"patients\": %d, \"seed\": 1}", file,
           patients);
  stepdose_problem *problem =
      problem_read(STEPDOSE_SOURCE_DIR "/problems/mosunetuzumab-dlbcl.json", changes, 1, &error);
  cr_assert(problem != NULL, "%s: %s %s", file, error.pointer, error.message);
  return problem;
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

typedef struct weighted_value {
  double value, weight;
} weighted_value;

static inline int by_value(const void *a, const void *b)
{
  const double x = ((const weighted_value *)a)->value;
  const double y = ((const weighted_value *)b)->value;
  return (x > y) - (x < y);
}

/* weights may be NULL: all equal. */
static inline double fixture_quantile(int n, const double *values, const double *weights, double q)
{
  weighted_value *sorted = allocate_zeroed((size_t)n, sizeof *sorted);
  double total = 0;
  double below = 0;
  double found = NAN;
  for (int i = 0; i < n; i++) {
    sorted[i] = (weighted_value){values[i], weights != NULL ? weights[i] : 1};
    total += sorted[i].weight;
  }
  qsort(sorted, (size_t)n, sizeof *sorted, by_value);
  for (int i = 0; i < n && isnan(found); i++) {
    below += sorted[i].weight;
    found = below >= q * total ? sorted[i].value : found;
  }
  release(sorted);
  return found;
}

#endif
