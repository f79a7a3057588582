/* Workload W1: the DLBCL reference patient under 1/2/60/60/30 mg on days 0/7/14/21/42 (4 h
 * infusions), 84 days, the six outputs of the model on every day, and the largest IL-6 of the
 * course. What every solver is asked for and how its answer is judged. */
#ifndef BENCH_W1_H
#define BENCH_W1_H

#include "base/number.h"
#include "bench/bench.h"
#include "simulate/rosenbrock.h"

#include <math.h>
#include <stdio.h>

enum { W1_DAYS = 85, W1_VALUES = W1_DAYS * OUTPUT_COUNT, W1_PARAMETERS_MAX = 256 };

#define W1_HORIZON 84.0
#define W1_REFERENCE_TOLERANCE 1e-12

typedef struct w1_answer {
  double il6_peak;         /* pg/mL, largest of the course */
  double value[W1_VALUES]; /* (W1_DAYS x OUTPUT_COUNT), row i on day i */
} w1_answer;

/* Relative errors: of the IL-6 peak, of the tumour on day 84, of the worst output on day 84, of the
 * worst output on any day. */
typedef struct w1_error {
  double peak, tumor, day84, daily;
} w1_error;

/* An error counts relative to |value| + floor. The floors are what the solvers' absolute tolerances
 * allow (scales of the states): the drug's cut-off, 0.001 pg/mL, one cell, in blood one B cell and
 * 1000 T cells in 5 L. */
static const double w1_floor[OUTPUT_COUNT] = {
    [OUTPUT_DRUG] = 1e-5,    [OUTPUT_IL6] = 1e-3,    [OUTPUT_TUMOR] = 1,
    [OUTPUT_BLOOD_B] = 2e-4, [OUTPUT_BLOOD_T] = 0.2, [OUTPUT_ACTIVATED_CD8] = 1e-6};

/* The larger; a value that is not a number must show, and fmax would hide it. */
static inline double w1_worse(double a, double b) { return a > b || isnan(a) ? a : b; }

static inline w1_error w1_compare(const w1_answer *answer, const w1_answer *reference)
{
  w1_error e = {.peak = fabs(answer->il6_peak / reference->il6_peak - 1)};
  for (int i = 0; i < W1_VALUES; i++) {
    const double exact = reference->value[i];
    const double error =
        fabs(answer->value[i] - exact) / (fabs(exact) + w1_floor[i % OUTPUT_COUNT]);
    e.daily = w1_worse(e.daily, error);
    if (i >= W1_VALUES - OUTPUT_COUNT) {
      e.day84 = w1_worse(e.day84, error);
    }
    if (i == W1_VALUES - OUTPUT_COUNT + OUTPUT_TUMOR) {
      e.tumor = error;
    }
  }
  return e;
}

#define W1_CSV_HEADER "solver,tolerance,microseconds,peak_error,day84_error,daily_error"

static inline void w1_print(const char *solver, double tolerance, double microseconds, w1_error e)
{
  printf("%s,%g,%.1f,%.2e,%.2e,%.2e\n", solver, tolerance, microseconds, e.peak, e.day84, e.daily);
}

/* Microseconds of one call of a function that uses one thread: mean over at least W1_SECONDS, after
 * one call that warms up; NAN if a call fails. Time of the processor, which is the time that passes
 * where the machine does nothing else. */
#define W1_SECONDS 0.2

static inline double w1_microseconds(bool (*simulate)(void *context), void *context)
{
  if (!simulate(context)) {
    return NAN;
  }
  const double start = bench_cpu_seconds();
  double passed = 0;
  long calls = 0;
  while (passed < W1_SECONDS) {
    if (!simulate(context)) {
      return NAN;
    }
    calls++;
    passed = bench_cpu_seconds() - start;
  }
  return 1e6 * passed / (double)calls;
}

/* Calls measure for each tolerance of the command line, or of the default list; returns the
 * program's exit code. */
static inline int w1_each_tolerance(int argc, char **argv, int n_default, const double *by_default,
                                    bool (*measure)(void *context, double tolerance), void *context)
{
  const int n = argc > 1 ? argc - 1 : n_default;
  for (int i = 0; i < n; i++) {
    double tolerance = argc > 1 ? 0 : by_default[i];
    if (argc > 1 && !(number_parse(argv[i + 1], &tolerance) && tolerance > 0)) {
      fprintf(stderr, "%s is not a tolerance\n", argv[i + 1]);
      return 1;
    }
    if (!measure(context, tolerance)) {
      return 1;
    }
  }
  return 0;
}

static inline schedule w1_schedule(void)
{
  return bench_schedule(BENCH_LABEL_DOSES, bench_label_day, bench_label_mg);
}

/* W1 by our own engine. */
static inline bool w1_simulate(simulate_workspace *w, double tolerance,
                               const rosenbrock_method *method, w1_answer *answer)
{
  double parameters[W1_PARAMETERS_MAX], day[W1_DAYS];
  model_parameter_defaults(model_find("hosseini2020"), parameters);
  for (int i = 0; i < W1_DAYS; i++) {
    day[i] = i;
  }
  const schedule doses = w1_schedule();
  const endpoint_request request = {
      .horizon_days = W1_HORIZON, .last_days = 21, .activated_above = ENDPOINT_ACTIVATED_ABOVE};
  const simulate_settings settings = {tolerance, 1000000, method};
  trajectory samples = {W1_DAYS, day, answer->value};
  endpoints e;
  stepdose_error error;
  if (!simulate_patient(w, parameters, &doses, &request, &settings, &e, &samples, &error)) {
    fprintf(stderr, "W1 at tolerance %g: %s\n", tolerance, error.message);
    return false;
  }
  answer->il6_peak = e.il6_course.value;
  return true;
}

/* What every answer is compared with: Rodas5P at W1_REFERENCE_TOLERANCE. That it is right is shown
 * by CVODE and deSolve, which come as close to it as their own tightest tolerances allow
 * (bench/peers/README.md). */
static inline bool w1_reference(w1_answer *reference)
{
  stepdose_error error;
  simulate_workspace *w = simulate_workspace_open(model_find("hosseini2020"), &error);
  if (!w) {
    fprintf(stderr, "%s\n", error.message);
    return false;
  }
  const bool done = w1_simulate(w, W1_REFERENCE_TOLERANCE, &rosenbrock_rodas5p, reference);
  simulate_workspace_close(w);
  return done;
}

#endif
