/* How long does one patient take, and with what error? Workload W1 (w1.h) by our own engine on one
 * thread, one patient at a time and as identical patients side by side in lanes; one line of CSV
 * for each tolerance: the peers in bench/peers/ print the same columns. usage: bench_w1
 * [TOLERANCE...] */
#include "w1.h"

#include "simulate/cohort.h"

enum { COPIES = 64 }; /* of the patient, streaming through the lanes */

static w1_answer reference;

/* The daily outputs and the IL-6 peak are part of the time. */
typedef struct single {
  simulate_workspace *workspace;
  double tolerance;
  w1_answer answer;
} single;

static bool simulate_single(void *context)
{
  single *s = context;
  return w1_simulate(s->workspace, s->tolerance, NULL, &s->answer);
}

static bool measure_single(void *context, double tolerance)
{
  single *s = context;
  s->tolerance = tolerance;
  const double microseconds = w1_microseconds(simulate_single, s);
  if (isnan(microseconds)) {
    return false;
  }
  w1_print("stepdose single patient", tolerance, microseconds, w1_compare(&s->answer, &reference));
  return true;
}

typedef struct lanes {
  cohort_engine *engine;
  cohort *patient;
  schedule doses;
  double day[W1_DAYS], tolerance;
  w1_answer answer[COPIES];
  endpoints result[COPIES];
  trajectory samples[COPIES];
  stream_task task[COPIES];
} lanes;

static bool open_lanes(lanes *l, stepdose_error *error)
{
  const model *m = model_find("hosseini2020");
  double parameters[W1_PARAMETERS_MAX];
  model_parameter_defaults(m, parameters);
  l->doses = w1_schedule();
  l->engine = cohort_engine_open(m, 1, 0, error);
  l->patient = l->engine ? cohort_open(m, 1, parameters, error) : NULL;
  if (!l->patient) {
    return false;
  }
  for (int i = 0; i < W1_DAYS; i++) {
    l->day[i] = i;
  }
  for (int i = 0; i < COPIES; i++) {
    l->samples[i] = (trajectory){W1_DAYS, l->day, l->answer[i].value};
    l->task[i] = (stream_task){cohort_parameters(l->patient, 0), cohort_derived(l->patient, 0),
                               &l->doses, &l->result[i], &l->samples[i]};
  }
  return true;
}

static bool simulate_lanes(void *context)
{
  lanes *l = context;
  const endpoint_request request = {
      .horizon_days = W1_HORIZON, .last_days = 21, .activated_above = ENDPOINT_ACTIVATED_ABOVE};
  const simulate_settings settings = {l->tolerance, 1000000, NULL};
  const cohort_call call = {&request, &settings, NULL};
  cohort_report report;
  stepdose_error error;
  bool failed[COPIES];
  if (!cohort_run_tasks(l->engine, COPIES, l->task, 1, &call, failed, &report, &error) ||
      report.failures) {
    fprintf(stderr, "W1 in lanes at tolerance %g failed\n", l->tolerance);
    return false;
  }
  return true;
}

static bool measure_lanes(void *context, double tolerance)
{
  lanes *l = context;
  l->tolerance = tolerance;
  const double microseconds = w1_microseconds(simulate_lanes, l) / COPIES;
  if (isnan(microseconds)) {
    return false;
  }
  w1_error worst = {0};
  for (int i = 0; i < COPIES; i++) {
    l->answer[i].il6_peak = l->result[i].il6_course.value;
    const w1_error e = w1_compare(&l->answer[i], &reference);
    worst.peak = w1_worse(worst.peak, e.peak);
    worst.day84 = w1_worse(worst.day84, e.day84);
    worst.daily = w1_worse(worst.daily, e.daily);
  }
  char name[64];
  snprintf(name, sizeof name, "stepdose %d lanes identical patients",
           cohort_engine_lanes(l->engine));
  w1_print(name, tolerance, microseconds, worst);
  return true;
}

int main(int argc, char **argv)
{
  const double tolerances[] = {1e-4, 2e-5, 1e-5, 1e-6};
  stepdose_error error = {0};
  static single s;
  static lanes l;
  s.workspace = simulate_workspace_open(model_find("hosseini2020"), &error);
  if (!s.workspace || !open_lanes(&l, &error) || !w1_reference(&reference)) {
    fprintf(stderr, "%s\n", error.message);
    return 1;
  }
  puts(W1_CSV_HEADER);
  const int code = w1_each_tolerance(argc, argv, 4, tolerances, measure_single, &s) ||
                   w1_each_tolerance(argc, argv, 4, tolerances, measure_lanes, &l);
  cohort_close(l.patient);
  cohort_engine_close(l.engine);
  simulate_workspace_close(s.workspace);
  return code;
}
