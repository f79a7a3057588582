/* Which method, which tolerance? Rodas4 against Rodas5P on workload W1 (label schedule, 84 days)
 * and on 50 random regimens: steps, time and error against a run at 1e-11, all in one run, rounds
 * interleaved. */
#include "bench.h"

#include "base/random.h"
#include "simulate/rosenbrock.h"

#include <math.h>
#include <stdio.h>

enum { ROUNDS = 5, RANDOM = 50, DAYS = 841, REGIMENS = RANDOM + 1 };

static schedule regimens[REGIMENS];
static double days[DAYS], reference[REGIMENS][DAYS * OUTPUT_COUNT], value[DAYS * OUTPUT_COUNT];
static endpoints exact[REGIMENS];

typedef struct score {
  double peak, tumor, rows; /* worst relative errors: IL-6 peaks, day-84 tumour, rows of 0.1 d */
  long steps;
} score;

static void make_regimens(void)
{
  const double day[] = {0, 7, 14, 21, 42, 63};
  random_stream s = random_open(5, 0);
  regimens[0] = bench_schedule(BENCH_LABEL_DOSES, bench_label_day, bench_label_mg);
  for (int r = 1; r < REGIMENS; r++) {
    double mg[6];
    for (int i = 0; i < 6; i++) {
      mg[i] = exp(log(0.05) + random_uniform(&s) * log(1200));
    }
    regimens[r] = bench_schedule(6, day, mg);
  }
}

static bool simulate(simulate_workspace *w, int r, double tolerance,
                     const rosenbrock_method *method, endpoints *e, double *samples)
{
  double p[256];
  model_parameter_defaults(model_find("hosseini2020"), p);
  const endpoint_request request = {
      .horizon_days = 84, .last_days = 21, .activated_above = ENDPOINT_ACTIVATED_ABOVE};
  const simulate_settings settings = {tolerance, 1000000, method};
  trajectory t = {DAYS, days, samples};
  stepdose_error error;
  if (!simulate_patient(w, p, &regimens[r], &request, &settings, e, samples ? &t : NULL, &error)) {
    fprintf(stderr, "regimen %d: %s\n", r, error.message);
    return false;
  }
  return true;
}

static void compare(int r, const endpoints *e, score *s)
{
  for (int w = 0; w < e->n_windows; w++) {
    s->peak = fmax(s->peak, fabs(e->il6[w].value / exact[r].il6[w].value - 1));
  }
  s->tumor = fmax(s->tumor, fabs(e->tumor_final / exact[r].tumor_final - 1));
  for (int i = 1; i < DAYS * OUTPUT_COUNT; i++) {
    const double x = reference[r][i];
    const int o = i % OUTPUT_COUNT;
    if (i >= OUTPUT_COUNT && o != OUTPUT_ACTIVATED_CD8 && !(o == OUTPUT_IL6 && x < 0.1) && x > 0) {
      s->rows = fmax(s->rows, fabs(value[i] / x - 1));
    }
  }
  s->steps += e->steps + e->rejected_steps;
}

static void print_row(simulate_workspace *w, const rosenbrock_method *method, double tolerance)
{
  score label = {0}, random = {0};
  endpoints e;
  double seconds[ROUNDS];
  for (int r = 0; r < REGIMENS; r++) {
    if (simulate(w, r, tolerance, method, &e, value)) {
      compare(r, &e, r == 0 ? &label : &random);
    }
  }
  for (int k = 0; k < ROUNDS; k++) {
    const double start = bench_cpu_seconds();
    for (int i = 0; i < 40; i++) {
      simulate(w, 0, tolerance, method, &e, NULL);
    }
    seconds[k] = (bench_cpu_seconds() - start) / 40;
  }
  printf("| %s | %.0e | %ld | %.0f | %.1e / %.1e / %.1e | %.1e / %.1e / %.1e |\n", method->name,
         tolerance, label.steps, 1e6 * bench_median(seconds, ROUNDS), label.peak, label.tumor,
         label.rows, random.peak, random.tumor, random.rows);
}

int main(void)
{
  const rosenbrock_method *methods[] = {&rosenbrock_rodas4, &rosenbrock_rodas5p};
  const double tolerances[] = {1e-4, 5e-5, 2e-5, 1e-5, 1e-6, 2e-7, 1e-8};
  stepdose_error error;
  simulate_workspace *w = simulate_workspace_open(model_find("hosseini2020"), &error);
  if (!w) {
    return 1;
  }
  for (int i = 0; i < DAYS; i++) {
    days[i] = i * 0.1;
  }
  make_regimens();
  for (int r = 0; r < REGIMENS; r++) {
    if (!simulate(w, r, 1e-11, &rosenbrock_rodas5p, &exact[r], reference[r])) {
      return 1;
    }
  }
  printf("| method | tolerance | steps (label) | microseconds (label, median of %d) | worst error, "
         "label: "
         "IL-6 peaks / day-84 tumour / 0.1 d rows | the same, %d random regimens "
         "|\n|---|---|---|---|---|---|\n",
         ROUNDS, RANDOM);
  for (int t = 0; t < 7; t++) {
    for (int m = 0; m < 2; m++) {
      print_row(w, methods[m], tolerances[t]);
    }
  }
  simulate_workspace_close(w);
  return 0;
}
