/* The engine with synapse against an independent transcription of its equations, integrated by GSL,
 * on random patients with every mechanism at work. */
#include "model/synapse_patients.h"
#include "simulate/random_regimen.h"
#include "simulate/synapse_oracle.inc"

#include <criterion/criterion.h>

enum { CASES = 25, DAYS = 6, PEAKS_MAX = 8 };

/* Largest relative difference over days and outputs, with a floor below which an output means
 * nothing. */
typedef struct difference {
  double size, day, ours, theirs;
  int patient;
  const char *output;
} difference;

static void compare_outputs(int patient, int n_days, const double *days, const double *ours,
                            const double *theirs, difference *worst)
{
  for (int i = 0; i < n_days * OUTPUTS_MAX; i++) {
    const char *unit = model_outputs[i % OUTPUTS_MAX].unit;
    const double floor = strcmp(unit, "cells") == 0      ? 1
                         : strcmp(unit, "cells/mL") == 0 ? 1e-2
                         : strcmp(unit, "fraction") == 0 ? 1e-6
                                                         : 1e-4;
    const double relative = fabs(ours[i] - theirs[i]) / (fabs(theirs[i]) + floor);
    const double d = isnan(relative) ? 1e300 : relative;
    if (d > worst->size) {
      *worst = (difference){d,       days[i / OUTPUTS_MAX],
                            ours[i], theirs[i],
                            patient, model_outputs[i % OUTPUTS_MAX].name};
    }
  }
}

/* Days of the samples: fixed ones, and those of the peaks of IL-6 that the engine found. */
static int days_of(const endpoints *e, double *days)
{
  static const double fixed[DAYS] = {0.2, 1, 3, 6, 9, 14};
  int n = 0;
  for (int w = 0; w < e->n_windows; w++) {
    days[n++] = e->il6[w].day;
  }
  for (int i = 0; i < DAYS; i++) {
    days[n++] = fixed[i];
  }
  for (int i = 1; i < n; i++) { /* insertion: few */
    for (int k = i; k > 0 && days[k] < days[k - 1]; k--) {
      const double swap = days[k];
      days[k] = days[k - 1], days[k - 1] = swap;
    }
  }
  return n;
}

static void compare(uint64_t seed)
{
  const model *m = model_find("synapse");
  stepdose_error error;
  simulate_workspace *w = simulate_workspace_open(m, &error);
  random_stream s = random_open(seed, 0);
  const endpoint_request request = {.horizon_days = 14, .last_days = 7, .activated_above = 0.3};
  simulate_settings settings = simulate_settings_default();
  settings.relative_tolerance = 1e-9;
  difference worst = {.size = 0};
  for (int c = 0; c < CASES; c++) {
    double p[SYNAPSE_PARAMETERS_MAX], days[DAYS + PEAKS_MAX];
    double ours[(DAYS + PEAKS_MAX) * OUTPUTS_MAX], theirs[(DAYS + PEAKS_MAX) * OUTPUTS_MAX];
    schedule doses;
    endpoints e;
    synapse_random_parameters(m, &s, c % 5, p);
    random_regimen(&s, &doses);
    cr_assert(simulate_patient(w, p, &doses, &request, &settings, &e, NULL, &error),
              "seed %llu case %d: %s", (unsigned long long)seed, c, error.message);
    const int n_days = days_of(&e, days);
    trajectory t = {n_days, days, ours};
    cr_assert(simulate_patient(w, p, &doses, &request, &settings, &e, &t, &error));
    cr_assert(oracle_run(p, &doses, n_days, days, 1e-9, theirs),
              "seed %llu case %d: the oracle failed", (unsigned long long)seed, c);
    compare_outputs(c, n_days, days, ours, theirs, &worst);
  }
  simulate_workspace_close(w);
  cr_log_info("seed %llu: %d cases, worst difference %.2e\n", (unsigned long long)seed, CASES,
              worst.size);
  cr_assert_lt(worst.size, 1e-6, "seed %llu case %d, day %g, %s: %.12g, oracle %.12g",
               (unsigned long long)seed, worst.patient, worst.day, worst.output, worst.ours,
               worst.theirs);
}

Test(synapse_oracle, agrees_on_random_patients_and_schedules_1) { compare(201); }

Test(synapse_oracle, agrees_on_random_patients_and_schedules_2) { compare(202); }

Test(synapse_oracle, agrees_on_random_patients_and_schedules_3) { compare(203); }

Test(synapse_oracle, agrees_on_random_patients_and_schedules_4) { compare(204); }
