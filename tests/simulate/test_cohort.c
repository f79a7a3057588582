/* Cohorts: what a patient gets depends on nothing but the patient and the regimen. */
#include "base/allocate.h"
#include "model/width.h"
#include "simulate/cohort.h"
#include "simulate/patients.h"
#include "simulate/rosenbrock.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

enum { PATIENTS = 45, REGIMENS = 2, ALL = PATIENTS * REGIMENS };

static const model *m;
static double *parameters;
static schedule regimens[REGIMENS];
static const endpoint_request request = {.horizon_days = 84, .last_days = 21};
static simulate_settings settings;
static cohort_call call;
static cohort *patients;

static void set_up(void)
{
  const double day[] = {0, 7, 14, 21, 42, 63};
  const double mg[REGIMENS][6] = {{1, 2, 60, 60, 30, 30}, {0.3, 5, 10, 20, 20, 20}};
  stepdose_error error;
  m = model_find("hosseini2020");
  parameters = calloc((size_t)PATIENTS * (size_t)m->n_parameters, sizeof *parameters);
  patients_fill(m, 11, PATIENTS, parameters);
  for (int r = 0; r < REGIMENS; r++) {
    regimens[r].n_doses = 6;
    for (int i = 0; i < 6; i++) {
      regimens[r].doses[i] = (dose){day[i], mg[r][i], 4.0 / 24, ROUTE_IV};
    }
  }
  settings = simulate_settings_default();
  call = (cohort_call){&request, &settings, NULL};
  patients = cohort_open(m, PATIENTS, parameters, &error);
  cr_assert_not_null(patients);
}

static void tear_down(void)
{
  cohort_close(patients);
  free(parameters);
}

TestSuite(cohort, .init = set_up, .fini = tear_down);

/* Results comparable as bytes: what is not written stays zero. */
static void run(int threads, int lanes, endpoints *result, cohort_report *report)
{
  stepdose_error error;
  bool failed[ALL];
  memset(result, 0, ALL * sizeof *result);
  cohort_engine *e = cohort_engine_open(m, threads, lanes, &error);
  cr_assert_not_null(e, "%s", error.message);
  cr_assert(cohort_run(e, patients, 0, PATIENTS, REGIMENS, regimens, &call, result, failed, report,
                       &error));
  cohort_engine_close(e);
}

Test(cohort, same_bits_for_any_number_of_threads)
{
  static endpoints one[ALL], many[ALL];
  const int threads[] = {2, 3, 4, 8};
  cohort_report report;
  run(1, 0, one, &report);
  cr_assert_eq(report.simulations, ALL);
  cr_assert_eq(report.failures, 0);
  for (int t = 0; t < 4; t++) {
    run(threads[t], 0, many, &report);
    cr_expect_eq(memcmp(one, many, sizeof one), 0, "%d threads", threads[t]);
  }
}

Test(cohort, same_bits_for_any_grouping_and_order_of_the_queue)
{
  static endpoints whole[ALL], parts[ALL];
  cohort_report report;
  stepdose_error error;
  bool failed[ALL];
  run(1, 0, whole, &report);
  cohort_engine *e = cohort_engine_open(m, 2, 0, &error);
  /* in stretches of 7 patients, the last ones first, each regimen by itself */
  memset(parts, 0, sizeof parts);
  for (int first = PATIENTS - 1; first >= 0; first -= 7) {
    const int from = first >= 6 ? first - 6 : 0;
    for (int r = REGIMENS - 1; r >= 0; r--) {
      cr_assert(cohort_run(e, patients, from, first - from + 1, 1, &regimens[r], &call,
                           parts + r * PATIENTS, failed, &report, &error));
    }
  }
  cr_expect_eq(memcmp(whole, parts, sizeof whole), 0);
  /* as a list, backwards, both regimens mixed */
  static stream_task tasks[ALL];
  memset(parts, 0, sizeof parts);
  for (int i = 0; i < ALL; i++) {
    const int at = ALL - 1 - i, p = at % PATIENTS;
    tasks[i] = (stream_task){cohort_parameters(patients, p), cohort_derived(patients, p),
                             &regimens[at / PATIENTS], &parts[at], NULL};
  }
  cr_assert(cohort_run_tasks(e, ALL, tasks, 1, &call, failed, &report, &error));
  cr_expect_eq(memcmp(whole, parts, sizeof whole), 0);
  cohort_engine_close(e);
}

Test(cohort, every_lane_is_within_the_stated_error_of_a_tight_run_alone)
{
  static endpoints ours[ALL];
  cohort_report report;
  stepdose_error error;
  run(2, 0, ours, &report);
  simulate_workspace *w = simulate_workspace_open(m, &error);
  const simulate_settings tight = {.relative_tolerance = 1e-10, .steps_max = 1000000};
  double worst_peak = 0, worst_tumor = 0, worst_average = 0;
  for (int i = 0; i < ALL; i++) {
    endpoints e;
    cr_assert(simulate_patient(w, cohort_parameters(patients, i % PATIENTS),
                               &regimens[i / PATIENTS], &request, &tight, &e, NULL, &error));
    for (int k = 0; k < e.n_windows; k++) {
      worst_peak = fmax(worst_peak, fabs(ours[i].il6[k].value / e.il6[k].value - 1));
    }
    worst_tumor = fmax(worst_tumor, fabs(ours[i].tumor_final / e.tumor_final - 1));
    worst_average = fmax(worst_average, fabs(ours[i].log10_kill_average - e.log10_kill_average));
  }
  simulate_workspace_close(w);
  cr_log_info("seed 11: worst peak %.1e, day-84 tumour %.1e, average kill %.1e\n", worst_peak,
              worst_tumor, worst_average);
  cr_expect_lt(worst_peak, 2e-4);
  cr_expect_lt(worst_tumor, 2e-4);
  cr_expect_lt(worst_average, 1e-4);
}

/* One step of every width from the same state with the same step size. */
Test(cohort, widths_agree_on_a_step)
{
  const int widths[] = {2, 4, 8};
  for (int k = 0; k < 3; k++) {
    if (!width_runs(widths[k])) {
      cr_log_warn("lanes of %d do not run on this processor: not tested\n", widths[k]);
      continue;
    }
    double worst = 0;
    for (int p = 0; p < 20; p++) {
      static _Alignas(KERNEL_ALIGNMENT) double scratch[2][65536], derived[512 * 8];
      const double steps_days[] = {1e-4, 1e-3, 1e-2, 0.1};
      double scale[64], state[64], next[2][64];
      for (int i = 0; i < m->n_states; i++) {
        scale[i] = m->states[i].scale;
      }
      m->initial_state(cohort_parameters(patients, p), state);
      state[1] = 100 + p; /* ug/kg of drug in blood */
      for (int side = 0; side < 2; side++) {
        const int lanes = side ? widths[k] : 1;
        rosenbrock r;
        cr_assert_leq(rosenbrock_scratch_size(m->n_states, m->kernels(lanes)), 65536);
        memset(scratch[side], 0, sizeof scratch[side]);
        rosenbrock_open(&r, &rosenbrock_rodas4, m->kernels(lanes), m->n_states, scale,
                        scratch[side]);
        r.tolerance = 1e-5;
        r.derived = derived;
        for (int q = 0; q < lanes; q++) {
          for (int i = 0; i < m->n_derived; i++) {
            derived[i * lanes + q] = cohort_derived(patients, p)[i];
          }
          for (int i = 0; i < m->n_states; i++) {
            r.state[i * lanes + q] = state[i];
          }
        }
        lane_numbers h;
        for (int q = 0; q < 8; q++) {
          h.at[q] = steps_days[p % 4];
        }
        step_verdict verdict;
        rosenbrock_try(&r, &h, &verdict);
        for (int i = 0; i < m->n_states; i++) {
          next[side][i] = r.next[i * lanes + lanes - 1];
        }
      }
      for (int i = 0; i < m->n_states; i++) {
        worst = fmax(worst, fabs(next[1][i] - next[0][i]) / (fabs(next[0][i]) + scale[i]));
      }
    }
    cr_expect_lt(worst, 1e-10, "width %d: %g", widths[k], worst);
  }
}

Test(cohort, one_bad_patient_is_named_and_spoils_nobody)
{
  static endpoints healthy[ALL], beside[ALL];
  cohort_report report;
  enum { BAD = 17 };
  run(2, 0, healthy, &report);
  cohort_close(patients);
  stepdose_error error;
  parameters[BAD * m->n_parameters + model_parameter_index(m, "kBtumorprolif")] = 24;
  patients = cohort_open(m, PATIENTS, parameters, &error);
  bool failed[ALL];
  memset(beside, 0, sizeof beside);
  cohort_engine *e = cohort_engine_open(m, 2, 0, &error);
  cr_assert(cohort_run(e, patients, 0, PATIENTS, REGIMENS, regimens, &call, beside, failed, &report,
                       &error));
  cohort_engine_close(e);
  cr_expect_eq(report.failures, REGIMENS);
  cr_expect_eq(report.first_failed, BAD);
  cr_expect_eq(report.first_error.code, STEPDOSE_SIMULATION_FAILED);
  cr_expect(strstr(report.first_error.message, "tumor"), "%s", report.first_error.message);
  for (int i = 0; i < ALL; i++) {
    cr_expect_eq(failed[i], i % PATIENTS == BAD, "simulation %d", i);
    cr_expect(i % PATIENTS == BAD || memcmp(&healthy[i], &beside[i], sizeof healthy[i]) == 0,
              "simulation %d was changed by its neighbour", i);
  }
}

Test(cohort, parameters_that_make_no_sense_name_the_patient)
{
  stepdose_error error;
  parameters[5 * m->n_parameters + model_parameter_index(m, "Vpb")] = 0;
  cr_expect_null(cohort_open(m, PATIENTS, parameters, &error));
  cr_expect(strstr(error.message, "patient 6"), "%s", error.message);
}

Test(cohort, a_second_call_allocates_nothing)
{
  static endpoints result[ALL];
  bool failed[ALL];
  cohort_report report;
  stepdose_error error;
  cohort_engine *e = cohort_engine_open(m, 2, 0, &error);
  cohort_run(e, patients, 0, PATIENTS, REGIMENS, regimens, &call, result, failed, &report, &error);
  const long before = allocate_count();
  cohort_run(e, patients, 0, PATIENTS, REGIMENS, regimens, &call, result, failed, &report, &error);
  cr_expect_eq(allocate_count(), before);
  cohort_engine_close(e);
}

Test(cohort, stopping_is_an_error_value_and_the_engine_goes_on)
{
  static endpoints result[ALL];
  bool failed[ALL];
  cohort_report report;
  stepdose_error error;
  volatile int stop = 1;
  cohort_engine *e = cohort_engine_open(m, 2, 0, &error);
  call.stop = &stop;
  cr_expect_not(
      cohort_run(e, patients, 0, PATIENTS, 1, regimens, &call, result, failed, &report, &error));
  cr_expect_eq(error.code, STEPDOSE_LIMIT_REACHED);
  stop = 0;
  cr_expect(
      cohort_run(e, patients, 0, PATIENTS, 1, regimens, &call, result, failed, &report, &error));
  cohort_engine_close(e);
}

Test(cohort, no_memory_is_an_error_value)
{
  stepdose_error error;
  for (int n = 0; n < 3; n++) {
    allocate_fail_after(n, 1);
    cohort *c = cohort_open(m, PATIENTS, parameters, &error);
    allocate_fail_after(-1, 0);
    cr_expect_null(c);
    cr_expect_eq(error.code, STEPDOSE_NO_MEMORY);
  }
  for (int n = 0; n < 6; n++) {
    allocate_fail_after(n, 1);
    cohort_engine *e = cohort_engine_open(m, 2, 0, &error);
    allocate_fail_after(-1, 0);
    cr_expect_null(e, "allocation %d", n);
    cr_expect_eq(error.code, STEPDOSE_NO_MEMORY);
  }
}
