/* Problems with virtual patients, and runs of them. */
#ifndef TESTS_STUDY_COHORT_FIXTURES_H
#define TESTS_STUDY_COHORT_FIXTURES_H

#include "study/cohort_study.h"
#include "study/fixtures.h"

/* The main problem with patients of the shipped population of DLBCL. */
static inline stepdose_problem *fixture_patients(int patients)
{
  char change[160];
  const char *const changes[] = {change};
  snprintf(change, sizeof change,
           "/population={\"file\":\"populations/dlbcl-virtual.json\",\"patients\":%d,\"seed\":5}",
           patients);
  return fixture_problem(FIXTURE_MAIN, changes, 1);
}

/* The same with limits that tell of patients what they bound, in each way. */
static inline stepdose_problem *fixture_risks(int patients)
{
  char change[160];
  const char *const changes[] = {
      change, "/limits=[{\"objective\":\"il6_peak\",\"window\":\"first_dose\",\"max_pg_mL\":300,"
              "\"probability_max\":0.1},"
              "{\"objective\":\"il6_peak\",\"window\":\"later_doses\",\"max_pg_mL\":100,"
              "\"quantile\":0.75,\"stratum\":\"high tumor burden\"},"
              "{\"objective\":\"il6_peak\",\"window\":\"course\",\"max_pg_mL\":5000,\"cvar\":0.9},"
              "{\"objective\":\"treatment_burden\",\"total_mg_max\":200}]"};
  snprintf(change, sizeof change,
           "/population={\"file\":\"populations/dlbcl-virtual.json\",\"patients\":%d,\"seed\":5}",
           patients);
  return fixture_problem(FIXTURE_MAIN, changes, 2);
}

/* The first schedule of the molecule in the first `patients` patients. */
static inline cohort_request fixture_request(const stepdose_problem *problem, int patients,
                                             int threads)
{
  cohort_request request = cohort_request_of(problem, "first", &problem->comparators[0].doses);
  request.patients = patients;
  request.threads = threads;
  return request;
}

static inline cohort_study *fixture_cohort(const stepdose_problem *problem, int patients,
                                           int threads)
{
  stepdose_error error = {.code = STEPDOSE_OK};
  const cohort_request request = fixture_request(problem, patients, threads);
  cohort_study *c = cohort_study_run(&request, &error);
  cr_assert(c != NULL, "%s", error.message);
  return c;
}

/* Index of a row of the given regimen. */
static inline int fixture_row(const cohort_study *c, const char *endpoint, int window)
{
  for (int k = 0; k < c->outcome[0].n_rows; k++) {
    const endpoint_row *row = &c->outcome[0].row[k];
    if (strcmp(row->name, endpoint) == 0 && row->window == window) {
      return k;
    }
  }
  cr_assert_fail("no row %s in window %d", endpoint, window);
  return -1;
}

/* What endpoint k of the given regimen is in patient i. */
static inline double fixture_value(const cohort_study *c, int i, int k)
{
  return c->outcome[0].cell[(long)i * c->outcome[0].n_rows + k].value;
}

#endif
