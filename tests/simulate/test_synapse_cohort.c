/* Cohorts of synapse: what a patient gets depends on nothing but the patient and the regimen, also
 * where premedication lets one begin earlier than its neighbour. */
#include "base/allocate.h"
#include "model/synapse_patients.h"
#include "simulate/cohort.h"

#include <criterion/criterion.h>
#include <stdlib.h>

enum { PATIENTS = 18, REGIMENS = 3, ALL = PATIENTS * REGIMENS };

static const model *m;
static double parameters[PATIENTS * SYNAPSE_PARAMETERS_MAX];
static const schedule regimens[REGIMENS] = {
    {3, {{0, 1, 4.0 / 24, ROUTE_IV}, {7, 2, 4.0 / 24, ROUTE_IV}, {14, 60, 4.0 / 24, ROUTE_IV}}},
    {4,
     {{-7, 1000, 4.0 / 24, ROUTE_DEPLETER},
      {-0.04, 20, 0, ROUTE_DEXAMETHASONE},
      {0, 5, 0, ROUTE_SC},
      {7, 560, 1.0 / 24, ROUTE_TOCILIZUMAB}}},
    {2, {{5, 10, 7, ROUTE_CIV}, {12, 60, 7, ROUTE_CIV}}},
};
static const endpoint_request request = {
    .horizon_days = 28, .last_days = 7, .activated_above = 0.3};
static simulate_settings settings;
static cohort_call call;
static cohort *patients;

static void set_up(void)
{
  stepdose_error error;
  random_stream s = random_open(12, 0);
  m = model_find("synapse");
  for (int p = 0; p < PATIENTS; p++) {
    synapse_random_parameters(m, &s, p % 5, parameters + (long)p * m->n_parameters);
  }
  settings = simulate_settings_default();
  call = (cohort_call){&request, &settings, NULL};
  patients = cohort_open(m, PATIENTS, parameters, &error);
  cr_assert_not_null(patients, "%s", error.message);
}

static void tear_down(void) { cohort_close(patients); }

TestSuite(synapse_cohort, .init = set_up, .fini = tear_down);

static cohort_engine *open_engine(int threads)
{
  stepdose_error error;
  cohort_engine *e = cohort_engine_open(m, threads, 0, &error);
  cr_assert_not_null(e, "%s", error.message);
  return e;
}

/* Results comparable as bytes: what is not written stays zero. */
static void run_all(cohort_engine *e, endpoints *result)
{
  stepdose_error error;
  cohort_report report;
  bool failed[ALL];
  memset(result, 0, ALL * sizeof *result);
  cr_assert(cohort_run(e, patients, 0, PATIENTS, REGIMENS, regimens, &call, result, failed, &report,
                       &error));
  cr_assert_eq(report.failures, 0, "%s", report.first_error.message);
}

Test(synapse_cohort, same_bits_for_any_number_of_threads)
{
  static endpoints one[ALL], many[ALL];
  for (int threads = 1; threads <= 4; threads++) {
    cohort_engine *e = open_engine(threads);
    run_all(e, threads == 1 ? one : many);
    cohort_engine_close(e);
    cr_expect(threads == 1 || memcmp(one, many, sizeof one) == 0, "%d threads", threads);
  }
}

/* Lanes then hold other neighbours: with and without drug, with and without an antigen-low part. */
Test(synapse_cohort, same_bits_in_any_order)
{
  static endpoints whole[ALL], other[ALL];
  static stream_task tasks[ALL];
  stepdose_error error;
  cohort_report report;
  bool failed[ALL];
  cohort_engine *e = open_engine(2);
  run_all(e, whole);
  const int strides[] = {1, 5, 11, 25};
  for (int k = 0; k < 4; k++) {
    memset(other, 0, sizeof other);
    for (int i = 0; i < ALL; i++) {
      const int at = (ALL - 1 - i) * strides[k] % ALL, p = at % PATIENTS;
      tasks[i] = (stream_task){cohort_parameters(patients, p), cohort_derived(patients, p),
                               &regimens[at / PATIENTS], &other[at], NULL};
    }
    cr_assert(cohort_run_tasks(e, ALL, tasks, 1, &call, failed, &report, &error));
    for (int i = 0; i < ALL; i++) {
      cr_expect_eq(memcmp(&whole[i], &other[i], sizeof whole[i]), 0,
                   "stride %d: patient %d under regimen %d", strides[k], i % PATIENTS + 1,
                   i / PATIENTS + 1);
    }
  }
  cohort_engine_close(e);
}

Test(synapse_cohort, a_second_call_allocates_nothing)
{
  static endpoints result[ALL];
  cohort_engine *e = open_engine(2);
  run_all(e, result);
  const long before = allocate_count();
  run_all(e, result);
  cr_expect_eq(allocate_count(), before);
  cohort_engine_close(e);
}
