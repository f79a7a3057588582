/* Benchmark L1 by brute force: all 4845 non-decreasing regimens d0 <= d7 <= d14 <= M on the vial
 * grid, doses on days 0, 7, 14, maintenance M on days 21, 42, 63. Prints the optima under the
 * limits whose results are known (table of the landscape study, simulated there with fixed-step
 * RK4) beside what this engine finds. */
#include "bench.h"

#include <math.h>
#include <stdio.h>

static const double vial[] = {0.05, 0.1, 0.2, 0.4, 0.8, 1,  1.6, 2, 3,
                              5,    7.5, 10,  15,  20,  30, 45,  60};
enum { VIALS = sizeof vial / sizeof vial[0], REGIMENS = 4845 };

typedef struct regimen {
  double mg[4]; /* d0, d7, d14, M */
  double average, end, last21, first_peak, later_peak, activated, total;
} regimen;

static regimen regimens[REGIMENS];

static bool simulate_all(void)
{
  const double day[] = {0, 7, 14, 21, 42, 63};
  const endpoint_request request = {
      .horizon_days = 84, .last_days = 21, .activated_above = ENDPOINT_ACTIVATED_ABOVE};
  const simulate_settings settings = simulate_settings_default();
  stepdose_error error;
  double p[256];
  model_parameter_defaults(model_find("hosseini2020"), p);
  simulate_workspace *w = simulate_workspace_open(model_find("hosseini2020"), &error);
  int n = 0;
  for (int code = 0; w && code < VIALS * VIALS * VIALS * VIALS; code++) {
    const int a = code / (VIALS * VIALS * VIALS), b = code / (VIALS * VIALS) % VIALS;
    const int c = code / VIALS % VIALS, m = code % VIALS;
    if (a > b || b > c || c > m) {
      continue;
    }
    const double mg[] = {vial[a], vial[b], vial[c], vial[m], vial[m], vial[m]};
    const schedule s = bench_schedule(6, day, mg);
    endpoints e;
    if (!simulate_patient(w, p, &s, &request, &settings, &e, NULL, &error)) {
      fprintf(stderr, "%s\n", error.message);
      return false;
    }
    regimen *r = &regimens[n++];
    *r = (regimen){.mg = {mg[0], mg[1], mg[2], mg[3]},
                   .average = e.log10_kill_average,
                   .end = log10(e.tumor_initial / fmax(e.tumor_final, 1)),
                   .last21 = e.log10_kill_smallest_last,
                   .first_peak = e.il6[0].value,
                   .activated = e.activated_cd8_course.value,
                   .total = e.total_mg};
    for (int i = 1; i < e.n_windows; i++) {
      r->later_peak = fmax(r->later_peak, e.il6[i].value);
    }
  }
  simulate_workspace_close(w);
  return n == REGIMENS;
}

enum { GOAL_AVERAGE, GOAL_END, GOAL_LAST21 };

typedef struct question {
  const char *limit, *known; /* known: regimen and value of the landscape table */
  int goal;
  double later_max, total_max, activated_max, ratio_max;
} question;

static bool meets(const regimen *r, const question *q)
{
  bool ratios = true;
  for (int i = 1; i < 4; i++) {
    ratios &= r->mg[i] <= q->ratio_max * r->mg[i - 1] * (1 + 1e-12);
  }
  return r->first_peak <= 1100 && r->later_peak <= q->later_max && r->total <= q->total_max &&
         r->activated <= q->activated_max && ratios;
}

static double goal_of(const regimen *r, int goal)
{
  return goal == GOAL_AVERAGE ? r->average : goal == GOAL_END ? r->end : r->last21;
}

static void answer(const question *q)
{
  const regimen *best = NULL;
  int feasible = 0, near = 0;
  for (int i = 0; i < REGIMENS; i++) {
    if (meets(&regimens[i], q)) {
      feasible++;
      best = !best || goal_of(&regimens[i], q->goal) > goal_of(best, q->goal) ? &regimens[i] : best;
    }
  }
  for (int i = 0; best && i < REGIMENS; i++) {
    near +=
        meets(&regimens[i], q) && goal_of(&regimens[i], q->goal) >= goal_of(best, q->goal) - 0.05;
  }
  if (!best) {
    printf("| %s | none of %d | | %s |\n", q->limit, REGIMENS, q->known);
    return;
  }
  printf("| %s | %g/%g/%g/%g | %.3f | %d | %d | %s |\n", q->limit, best->mg[0], best->mg[1],
         best->mg[2], best->mg[3], goal_of(best, q->goal), feasible, near, q->known);
}

int main(void)
{
  const double start = bench_cpu_seconds(), no = INFINITY;
  if (!simulate_all()) {
    return 1;
  }
  printf("%d regimens in %.1f s on one core (%.0f us each)\n\n", REGIMENS,
         bench_cpu_seconds() - start, 1e6 * (bench_cpu_seconds() - start) / REGIMENS);
  const question questions[] = {
      {"end (one day: exploitable)", "0.05/0.4/0.8/20, 4.671; 109 within 0.05", GOAL_END, no, no,
       no, no},
      {"avg", "0.05/60/60/60, 2.849; 3 within 0.05", GOAL_AVERAGE, no, no, no, no},
      {"last21", "0.05/60/60/60, 4.011; 133 within 0.05", GOAL_LAST21, no, no, no, no},
      {"avg, total <= 200 mg", "0.05/30/30/45, 2.671; 3", GOAL_AVERAGE, no, 200, no, no},
      {"avg, total <= 40 mg", "0.05/7.5/7.5/7.5, 1.283; 1", GOAL_AVERAGE, no, 40, no, no},
      {"avg, later peaks <= 50 (L1)", "1/10/10/10, 1.688; 1", GOAL_AVERAGE, 50, no, no, no},
      {"avg, later peaks <= 30", "1/2/2/2, -0.32; 27", GOAL_AVERAGE, 30, no, no, no},
      {"avg, activated CD8 <= 25 %", "1/30/45/60, 2.664; 4", GOAL_AVERAGE, no, no, 0.25, no},
      {"avg, each step <= x10", "1/10/60/60, 2.517; 3", GOAL_AVERAGE, no, no, no, 10},
  };
  printf("First peak <= 1100 pg/mL throughout. Known: the landscape study's table.\n\n"
         "| goal, limit | best regimen | value | feasible | within 0.05 | known "
         "|\n|---|---|---|---|---|---|\n");
  for (int i = 0; i < 9; i++) {
    answer(&questions[i]);
  }
  return 0;
}
