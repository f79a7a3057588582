/* The printed regimens of Hosseini 2020 (Figs 4-5) on a virtual population. */
#ifndef TESTS_POPULATION_DLBCL_H
#define TESTS_POPULATION_DLBCL_H

#include "simulate/cohort.h"
#include "tests/population/fixtures.h"

enum { LATER_WINDOWS = 3 };

typedef struct dlbcl_regimen {
  const char *name;
  route route;
  double horizon_days;
  int n_doses;
  double day[8], amount[8];
} dlbcl_regimen;

static const dlbcl_regimen dlbcl_regimens[] = {
    {"20 mg", ROUTE_IV, 84, 4, {0, 21, 42, 63}, {20, 20, 20, 20}},
    {"6.7 mg x3", ROUTE_IV, 84, 6, {0, 7, 14, 21, 42, 63}, {6.7, 6.7, 6.7, 20, 20, 20}},
    {"1.6/10/10 mg", ROUTE_IV, 84, 6, {0, 7, 14, 21, 42, 63}, {1.6, 10, 10, 20, 20, 20}},
    {"1.6/20 mg", ROUTE_IV, 84, 5, {0, 7, 21, 42, 63}, {1.6, 20, 20, 20, 20}},
    {"5 ug/m2/day", ROUTE_CIV, 5, 1, {0}, {5}},
    {"60 ug/m2/day", ROUTE_CIV, 5, 1, {0}, {60}},
};
enum { DLBCL_REGIMENS = sizeof dlbcl_regimens / sizeof dlbcl_regimens[0] };

/* Each (n): of patients under one regimen. */
typedef struct dlbcl_outcome {
  double *first_peak, *activated, *responds;
  double *later_peak[LATER_WINDOWS], *later_activated[LATER_WINDOWS];
} dlbcl_outcome;

static inline schedule dlbcl_schedule(const dlbcl_regimen *r)
{
  schedule s = {.n_doses = r->n_doses};
  for (int i = 0; i < r->n_doses; i++) {
    const double days = r->route == ROUTE_IV ? 4.0 / 24 : r->horizon_days;
    s.doses[i] = (dose){r->day[i], r->amount[i], days, r->route};
  }
  return s;
}

static inline void dlbcl_keep(dlbcl_outcome *o, int n, const endpoints *e)
{
  const size_t size = (size_t)n;
  o->first_peak = allocate_zeroed(size, sizeof(double));
  o->activated = allocate_zeroed(size, sizeof(double));
  o->responds = allocate_zeroed(size, sizeof(double));
  for (int w = 0; w < LATER_WINDOWS; w++) {
    o->later_peak[w] = allocate_zeroed(size, sizeof(double));
    o->later_activated[w] = allocate_zeroed(size, sizeof(double));
  }
  for (int i = 0; i < n; i++) {
    o->first_peak[i] = e[i].il6[0].value;
    o->activated[i] = 100 * e[i].activated_cd8[0].value;
    o->responds[i] = e[i].tumor_final < 0.5 * e[i].tumor_initial;
    for (int w = 0; w < LATER_WINDOWS && w + 1 < e[i].n_windows; w++) {
      o->later_peak[w][i] = e[i].il6[w + 1].value;
      o->later_activated[w][i] = 100 * e[i].activated_cd8[w + 1].value;
    }
  }
}

static inline void dlbcl_release(dlbcl_outcome *o)
{
  release(o->first_peak);
  release(o->activated);
  release(o->responds);
  for (int w = 0; w < LATER_WINDOWS; w++) {
    release(o->later_peak[w]);
    release(o->later_activated[w]);
  }
}

/* The first n patients of a seed under one regimen. */
static inline dlbcl_outcome dlbcl_run(const stepdose_problem *problem, uint64_t seed, int n,
                                      const dlbcl_regimen *regimen)
{
  const model *m = problem->model;
  stepdose_error error = {.code = STEPDOSE_OK};
  population *people = fixture_open(problem->population, seed);
  double *parameters = allocate_zeroed((size_t)n * (size_t)m->n_parameters, sizeof(double));
  endpoints *result = allocate_zeroed((size_t)n, sizeof *result);
  bool *failed = allocate_zeroed((size_t)n, sizeof *failed);
  cr_assert(population_draw(people, problem->parameters, 0, n, parameters, NULL, NULL, &error));
  cohort *patients = cohort_open(m, n, parameters, &error);
  cohort_engine *engine = cohort_engine_open(m, 0, 0, &error);
  cr_assert(patients != NULL && engine != NULL, "%s", error.message);
  const endpoint_request request = {.horizon_days = regimen->horizon_days, .last_days = 1};
  const simulate_settings settings = simulate_settings_default();
  const cohort_call call = {.request = &request, .settings = &settings};
  const schedule doses = dlbcl_schedule(regimen);
  cohort_report report = {0};
  cr_assert(cohort_run(engine, patients, 0, n, 1, &doses, &call, result, failed, &report, &error));
  cr_assert(report.failures == 0, "%s: %ld of %d patients fail: %s", regimen->name, report.failures,
            n, report.first_error.message);
  dlbcl_outcome o;
  dlbcl_keep(&o, n, result);
  cohort_engine_close(engine);
  cohort_close(patients);
  population_close(people);
  release(parameters);
  release(result);
  release(failed);
  return o;
}

#endif
