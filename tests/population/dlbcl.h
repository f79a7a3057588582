/* The printed regimens of Hosseini 2020 (Figs 4-5) on a virtual population of DLBCL. For tests and
 * benches; each function returns false with *error filled. */
#ifndef TESTS_POPULATION_DLBCL_H
#define TESTS_POPULATION_DLBCL_H

#include "base/error.h"
#include "population/population.h"
#include "population/weighted.h"
#include "problem/problem.h"
#include "simulate/cohort.h"

#include <stdio.h>

enum { LATER_WINDOWS = 3 };

typedef struct dlbcl_regimen {
  const char *name;
  route route;
  double horizon_days;
  int n_doses;
  double day[8], amount[8];
} dlbcl_regimen;

enum { DLBCL_20, DLBCL_6P7, DLBCL_1P6_10, DLBCL_1P6_20, DLBCL_CIV_5, DLBCL_CIV_60, DLBCL_REGIMENS };

static const dlbcl_regimen dlbcl_regimens[DLBCL_REGIMENS] = {
    {"20 mg", ROUTE_IV, 84, 4, {0, 21, 42, 63}, {20, 20, 20, 20}},
    {"6.7 mg x3", ROUTE_IV, 84, 6, {0, 7, 14, 21, 42, 63}, {6.7, 6.7, 6.7, 20, 20, 20}},
    {"1.6/10/10 mg", ROUTE_IV, 84, 6, {0, 7, 14, 21, 42, 63}, {1.6, 10, 10, 20, 20, 20}},
    {"1.6/20 mg", ROUTE_IV, 84, 5, {0, 7, 21, 42, 63}, {1.6, 20, 20, 20, 20}},
    {"5 ug/m2/day", ROUTE_CIV, 5, 1, {0}, {5}},
    {"60 ug/m2/day", ROUTE_CIV, 5, 1, {0}, {60}},
};

/* Each (n): of patients under one regimen. */
typedef struct dlbcl_outcome {
  double *first_peak, *activated; /* pg/mL, % */
  double *responds, *tumor_log10; /* 0 or 1; cells at the end */
  double *later_peak[LATER_WINDOWS], *later_activated[LATER_WINDOWS];
} dlbcl_outcome;

/* Patients of a shipped population file, weighted or not, around the main problem. */
static inline stepdose_problem *dlbcl_problem(const char *file, int patients, uint64_t seed,
                                              stepdose_error *error)
{
  char change[256];
  const char *const changes[] = {change};
  snprintf(change, sizeof change,
           "/population={\"file\": \"populations/%s\", \"patients\": %d, \"seed\": %llu}", file,
           patients, (unsigned long long)seed);
  return problem_read(STEPDOSE_SOURCE_DIR "/problems/mosunetuzumab-dlbcl.json", changes, 1, error);
}

static inline schedule dlbcl_schedule(const dlbcl_regimen *r)
{
  schedule s = {.n_doses = r->n_doses};
  for (int i = 0; i < r->n_doses; i++) {
    const double days = r->route == ROUTE_IV ? 4.0 / 24 : r->horizon_days;
    s.doses[i] = (dose){r->day[i], r->amount[i], days, r->route};
  }
  return s;
}

static inline double *dlbcl_numbers(int n) { return allocate_zeroed((size_t)n, sizeof(double)); }

static inline void dlbcl_keep(dlbcl_outcome *o, int n, const endpoints *e)
{
  o->first_peak = dlbcl_numbers(n);
  o->activated = dlbcl_numbers(n);
  o->responds = dlbcl_numbers(n);
  o->tumor_log10 = dlbcl_numbers(n);
  for (int w = 0; w < LATER_WINDOWS; w++) {
    o->later_peak[w] = dlbcl_numbers(n);
    o->later_activated[w] = dlbcl_numbers(n);
  }
  for (int i = 0; i < n; i++) {
    o->first_peak[i] = e[i].il6[0].value;
    o->activated[i] = 100 * e[i].activated_cd8[0].value;
    o->responds[i] = e[i].tumor_final < 0.5 * e[i].tumor_initial;
    o->tumor_log10[i] = log10(e[i].tumor_final);
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
  release(o->tumor_log10);
  for (int w = 0; w < LATER_WINDOWS; w++) {
    release(o->later_peak[w]);
    release(o->later_activated[w]);
  }
}

static inline cohort *dlbcl_patients(const stepdose_problem *problem, uint64_t seed, int n,
                                     stepdose_error *error)
{
  const size_t n_values = (size_t)n * (size_t)problem->model->n_parameters;
  population *people = population_open(problem->population, problem->model, seed, error);
  double *parameters = allocate_zeroed(n_values, sizeof *parameters);
  cohort *patients = NULL;
  if (people != NULL && parameters != NULL &&
      population_draw(people, problem->parameters, 0, n, parameters, NULL, NULL, error)) {
    patients = cohort_open(problem->model, n, parameters, error);
  }
  population_close(people);
  release(parameters);
  return patients;
}

static inline bool dlbcl_simulate(const cohort *patients, int n, const dlbcl_regimen *regimen,
                                  dlbcl_outcome *o, stepdose_error *error)
{
  const endpoint_request request = {.horizon_days = regimen->horizon_days, .last_days = 1};
  const simulate_settings settings = simulate_settings_default();
  const cohort_call call = {.request = &request, .settings = &settings};
  const schedule doses = dlbcl_schedule(regimen);
  cohort_engine *engine = cohort_engine_open(model_find("hosseini2020"), 0, 0, error);
  endpoints *result = allocate_zeroed((size_t)n, sizeof *result);
  bool *failed = allocate_zeroed((size_t)n, sizeof *failed);
  cohort_report report = {0};
  bool done = engine != NULL &&
              cohort_run(engine, patients, 0, n, 1, &doses, &call, result, failed, &report, error);
  if (done && report.failures > 0) {
    *error = report.first_error;
    done = false;
  }
  if (done) {
    dlbcl_keep(o, n, result);
  }
  cohort_engine_close(engine);
  release(result);
  release(failed);
  return done;
}

/* The first n patients of a seed under one regimen. The caller releases. */
static inline bool dlbcl_run(const stepdose_problem *problem, uint64_t seed, int n,
                             const dlbcl_regimen *regimen, dlbcl_outcome *o, stepdose_error *error)
{
  cohort *patients = dlbcl_patients(problem, seed, n, error);
  const bool done = patients != NULL && dlbcl_simulate(patients, n, regimen, o, error);
  cohort_close(patients);
  return done;
}

#endif
