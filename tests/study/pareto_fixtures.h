/* Fronts for the tests of the study that draws them. */
#ifndef TESTS_STUDY_PARETO_FIXTURES_H
#define TESTS_STUDY_PARETO_FIXTURES_H

#include "study/fixtures.h"
#include "study/pareto_study.h"

#include <math.h>

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))
#define COARSE "/regimen/dose_grid_mg=[0.05,0.1,0.2,0.4,0.8,1.6,3,5,10,20,60]"

static inline study_pareto *fixture_front(const stepdose_problem *problem, const char *directory)
{
  stepdose_error error;
  const study_run run = {.directory = directory, .threads = 2};
  cr_assert(study_can_pareto(problem, &error), "%s", error.message);
  study_pareto *s = study_pareto_run(problem, &run, &error);
  cr_assert(s != NULL, "%s", error.message);
  return s;
}

static inline bool fixture_same(double a, double b)
{
  return fabs(a - b) <= 1e-9 * fmax(fabs(a), fabs(b));
}

#endif
