/* Workload W1 (w1.h) on a heterogeneous cohort: 1000 patients, lognormal with CV 30 % on 16
 * parameters around the DLBCL reference patient, seed 1; daily outputs and IL-6 peaks of each.
 * Errors are of a sample spread evenly over the cohort: the worst and the 95 % of each kind. */
#ifndef BENCH_COHORT_W1_H
#define BENCH_COHORT_W1_H

#include "base/allocate.h"
#include "bench/w1.h"
#include "simulate/cohort.h"
#include "tests/simulate/patients.h"

enum {
  COHORT_PATIENTS = 1000,
  COHORT_SEED = 1,
  COHORT_SAMPLE = 200,    /* patients whose errors we know */
  COHORT_PEER_SAMPLE = 60 /* the same for other solvers, which need longer */
};

#define COHORT_REFERENCE_TOLERANCE 1e-11

static inline cohort *cohort_w1_patients(void)
{
  const model *m = model_find("hosseini2020");
  stepdose_error error = {0};
  double *parameters = allocate_zeroed(COHORT_PATIENTS * (size_t)m->n_parameters, sizeof(double));
  if (!parameters) {
    return NULL;
  }
  patients_fill(m, COHORT_SEED, COHORT_PATIENTS, parameters);
  cohort *patients = cohort_open(m, COHORT_PATIENTS, parameters, &error);
  if (!patients) {
    fprintf(stderr, "%s\n", error.message);
  }
  release(parameters);
  return patients;
}

/* The reference patient alone. */
static inline cohort *cohort_w1_one_patient(void)
{
  const model *m = model_find("hosseini2020");
  stepdose_error error = {0};
  double parameters[W1_PARAMETERS_MAX];
  model_parameter_defaults(m, parameters);
  return cohort_open(m, 1, parameters, &error);
}

/* Which of `many` is the i-th of `few`, evenly spread. */
static inline int cohort_w1_spread(int i, int few, int many) { return (int)((long)i * many / few); }

/* n simulations of W1, evenly spread over the patients of a cohort. */
typedef struct cohort_w1 {
  int n;
  schedule doses;
  double day[W1_DAYS];
  stream_task *task; /* all (n) */
  trajectory *samples;
  w1_answer *answer;
  endpoints *result;
  bool *failed;
} cohort_w1;

static inline void cohort_w1_close(cohort_w1 *w)
{
  release(w->task);
  release(w->samples);
  release(w->answer);
  release(w->result);
  release(w->failed);
  *w = (cohort_w1){0};
}

static inline bool cohort_w1_open(cohort_w1 *w, const cohort *patients, int n)
{
  const size_t count = (size_t)n;
  *w = (cohort_w1){.n = n,
                   .doses = w1_schedule(),
                   .task = allocate_zeroed(count, sizeof *w->task),
                   .samples = allocate_zeroed(count, sizeof *w->samples),
                   .answer = allocate_zeroed(count, sizeof *w->answer),
                   .result = allocate_zeroed(count, sizeof *w->result),
                   .failed = allocate_zeroed(count, sizeof *w->failed)};
  if (!w->task || !w->samples || !w->answer || !w->result || !w->failed) {
    cohort_w1_close(w);
    return false;
  }
  for (int i = 0; i < W1_DAYS; i++) {
    w->day[i] = i;
  }
  for (int i = 0; i < n; i++) {
    const int patient = cohort_w1_spread(i, n, cohort_patients(patients));
    w->samples[i] = (trajectory){W1_DAYS, w->day, w->answer[i].value};
    w->task[i] =
        (stream_task){cohort_parameters(patients, patient), cohort_derived(patients, patient),
                      &w->doses, &w->result[i], &w->samples[i]};
  }
  return true;
}

/* method: NULL is the engine's choice. */
static inline bool cohort_w1_run(cohort_w1 *w, cohort_engine *engine, double tolerance,
                                 const rosenbrock_method *method)
{
  const endpoint_request request = {
      .horizon_days = W1_HORIZON, .last_days = 21, .activated_above = ENDPOINT_ACTIVATED_ABOVE};
  const simulate_settings settings = {tolerance, 1000000, method};
  const cohort_call call = {&request, &settings, NULL};
  cohort_report report;
  stepdose_error error;
  if (!cohort_run_tasks(engine, w->n, w->task, 1, &call, w->failed, &report, &error)) {
    return false;
  }
  if (report.failures > 0) {
    fprintf(stderr, "simulation %ld at tolerance %g: %s\n", report.first_failed, tolerance,
            report.first_error.message);
    return false;
  }
  for (int i = 0; i < w->n; i++) {
    w->answer[i].il6_peak = w->result[i].il6_course.value;
  }
  return true;
}

/* Tight answers of n patients spread over the cohort, each solved alone in its own steps. */
static inline bool cohort_w1_reference(const cohort *patients, int n, w1_answer *reference)
{
  stepdose_error error = {0};
  cohort_w1 w;
  cohort_engine *engine = cohort_engine_open(model_find("hosseini2020"), 0, 0, &error);
  bool good = engine && cohort_w1_open(&w, patients, n);
  if (good) {
    good = cohort_w1_run(&w, engine, COHORT_REFERENCE_TOLERANCE, &rosenbrock_rodas5p);
    for (int i = 0; i < n; i++) {
      reference[i] = w.answer[i];
    }
    cohort_w1_close(&w);
  }
  cohort_engine_close(engine);
  return good;
}

/* --- errors ----------------------------------------------------------------------------------- */

/* worst: of any patient; most: 95 % of the patients are below. Kind by kind. */
typedef struct cohort_error {
  w1_error worst, most;
} cohort_error;

/* Sorts x. A value that is not a number would sort anywhere: the caller looks at `worst` first. */
static inline double cohort_w1_most(double *x, int n)
{
  qsort(x, (size_t)n, sizeof *x, bench_by_value);
  return x[(95 * n + 99) / 100 - 1];
}

static inline cohort_error cohort_w1_summary(int n, const w1_error *error)
{
  cohort_error s = {0};
  double peaks[COHORT_PATIENTS], tumor[COHORT_PATIENTS], daily[COHORT_PATIENTS];
  for (int i = 0; i < n; i++) {
    peaks[i] = error[i].peak, tumor[i] = error[i].tumor, daily[i] = error[i].daily;
    s.worst.peak = w1_worse(s.worst.peak, peaks[i]);
    s.worst.tumor = w1_worse(s.worst.tumor, tumor[i]);
    s.worst.daily = w1_worse(s.worst.daily, daily[i]);
  }
  s.most = (w1_error){.peak = cohort_w1_most(peaks, n),
                      .tumor = cohort_w1_most(tumor, n),
                      .daily = cohort_w1_most(daily, n)};
  return s;
}

/* reference (n), as of cohort_w1_reference. */
static inline cohort_error cohort_w1_errors(const cohort_w1 *w, int n, const w1_answer *reference)
{
  w1_error error[COHORT_PATIENTS];
  for (int i = 0; i < n; i++) {
    error[i] = w1_compare(&w->answer[cohort_w1_spread(i, n, w->n)], &reference[i]);
  }
  return cohort_w1_summary(n, error);
}

#define COHORT_CSV_HEADER                                                                          \
  "solver,tolerance,microseconds,peak_worst,tumor_worst,daily_worst,peak_95,tumor_95,daily_95"

static inline void cohort_w1_print(const char *solver, double tolerance, double microseconds,
                                   cohort_error e)
{
  printf("%s,%g,%.1f,%.2e,%.2e,%.2e,%.2e,%.2e,%.2e\n", solver, tolerance, microseconds,
         e.worst.peak, e.worst.tumor, e.worst.daily, e.most.peak, e.most.tumor, e.most.daily);
}

#endif
