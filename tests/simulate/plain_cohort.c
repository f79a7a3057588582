/* Threads of the cohort engine without a test framework, for the thread sanitizer: 1 to 4 threads,
 * several calls each, streams and linked lanes, must give the same bits. Exit 0 or 1. */
#include "simulate/cohort.h"
#include "simulate/patients.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PATIENTS = 24, CALLS = 3 };

static bool run(int threads, const cohort *c, const schedule *doses, endpoints *result)
{
  const endpoint_request request = {.horizon_days = 42, .last_days = 7};
  simulate_settings settings = simulate_settings_default();
  settings.relative_tolerance = 1e-3;
  const cohort_call call = {&request, &settings, NULL};
  static stream_task tasks[PATIENTS];
  bool failed[PATIENTS], good = true;
  cohort_report report;
  stepdose_error error;
  cohort_engine *e = cohort_engine_open(model_find("hosseini2020"), threads, 0, &error);
  for (int i = 0; e && good && i < CALLS; i++) {
    memset(result, 0, 2 * PATIENTS * sizeof *result);
    good = cohort_run(e, c, 0, PATIENTS, 1, doses, &call, result, failed, &report, &error);
    for (int p = 0; p < PATIENTS; p++) {
      tasks[p] = (stream_task){cohort_parameters(c, p), cohort_derived(c, p), doses,
                               &result[PATIENTS + p], NULL};
    }
    good = good && cohort_run_tasks(e, PATIENTS, tasks, cohort_engine_lanes(e), &call, failed,
                                    &report, &error);
  }
  cohort_engine_close(e);
  return e && good;
}

int main(void)
{
  static endpoints one[2 * PATIENTS], many[2 * PATIENTS];
  const model *m = model_find("hosseini2020");
  double *parameters = calloc((size_t)PATIENTS * (size_t)m->n_parameters, sizeof *parameters);
  const schedule doses = {2, {{0, 1, 4.0 / 24, ROUTE_IV}, {7, 20, 4.0 / 24, ROUTE_IV}}};
  stepdose_error error;
  if (!parameters) {
    return 1;
  }
  patients_fill(m, 3, PATIENTS, parameters);
  cohort *c = cohort_open(m, PATIENTS, parameters, &error);
  bool good = c && run(1, c, &doses, one);
  for (int threads = 2; good && threads <= 4; threads++) {
    good = run(threads, c, &doses, many) && memcmp(one, many, sizeof one) == 0;
    printf("%d threads: %s\n", threads, good ? "same bits" : "DIFFERENT");
  }
  cohort_close(c);
  free(parameters);
  return good ? 0 : 1;
}
