/* What do the gradients of a regimen cost, in simulations, and how wrong are they? Derivatives of
 * IL-6 peaks and the day-84 tumour with respect to 10 doses (20 copies of the patient in linked
 * lanes), one thread, against one simulation of the same 10 doses: of one patient alone, and of a
 * patient of the cohort in lanes. Errors against Richardson-extrapolated differences of independent
 * runs at 1e-11, as in tests/simulate/test_gradient.c. */
#include "cohort_w1.h"

#include "rounds.h"
#include "simulate/gradient.h"

enum { ROUNDS = 7, DOSES = 10, ENDPOINTS = DOSES + 1, SETTINGS = 4, REPEATS = 20, PATIENTS = 200 };

static const double day_of[DOSES] = {0, 7, 14, 21, 28, 35, 42, 49, 56, 63};
static const double mg_of[DOSES] = {1, 2, 20, 20, 10, 10, 10, 10, 10, 10};

static const model *m;
static schedule doses;
static double parameters[W1_PARAMETERS_MAX];
static gradient_direction directions[DOSES];
static const endpoint_request request = {
    .horizon_days = 84, .last_days = 21, .activated_above = ENDPOINT_ACTIVATED_ABOVE};

/* Of each dose window the IL-6 peak, then log10 of the day-84 tumour; per relative change of the
 * dose. */
typedef struct slopes {
  double of[DOSES][ENDPOINTS];
} slopes;

/* --- reference -------------------------------------------------------------------------------- */

static bool tight_endpoints(simulate_workspace *w, int changed, double factor, double *value)
{
  const simulate_settings tight = {COHORT_REFERENCE_TOLERANCE, 1000000, &rosenbrock_rodas5p};
  schedule s = doses;
  endpoints e;
  stepdose_error error;
  s.doses[changed].amount *= factor;
  if (!simulate_patient(w, parameters, &s, &request, &tight, &e, NULL, &error)) {
    fprintf(stderr, "%s\n", error.message);
    return false;
  }
  for (int i = 0; i < DOSES; i++) {
    value[i] = e.il6[i].value;
  }
  value[DOSES] = log10(e.tumor_final);
  return true;
}

static bool central(simulate_workspace *w, int changed, double h, double *slope)
{
  double down[ENDPOINTS], up[ENDPOINTS];
  if (!tight_endpoints(w, changed, 1 - h, down) || !tight_endpoints(w, changed, 1 + h, up)) {
    return false;
  }
  for (int k = 0; k < ENDPOINTS; k++) {
    slope[k] = (up[k] - down[k]) / (2 * h);
  }
  return true;
}

static bool reference_slopes(simulate_workspace *w, slopes *s)
{
  for (int i = 0; i < DOSES; i++) {
    double coarse[ENDPOINTS], fine[ENDPOINTS];
    if (!central(w, i, 4e-3, coarse) || !central(w, i, 2e-3, fine)) {
      return false;
    }
    for (int k = 0; k < ENDPOINTS; k++) { /* the error is even in the width */
      s->of[i][k] = (4 * fine[k] - coarse[k]) / 3;
    }
  }
  return true;
}

/* Largest errors relative to the largest entry of the same endpoint. */
typedef struct slope_error {
  double il6, tumor; /* il6: worst of the windows */
  int good;          /* endpoints within GOOD_ERROR */
} slope_error;

#define GOOD_ERROR 1e-4

static slope_error compare(const slopes *ours, const slopes *reference)
{
  slope_error e = {0};
  for (int k = 0; k < ENDPOINTS; k++) {
    double largest = 0, off = 0;
    for (int i = 0; i < DOSES; i++) {
      largest = fmax(largest, fabs(reference->of[i][k]));
      off = w1_worse(off, fabs(ours->of[i][k] - reference->of[i][k]));
    }
    double *of = k < DOSES ? &e.il6 : &e.tumor;
    *of = w1_worse(*of, off / largest);
    e.good += off <= GOOD_ERROR * largest;
  }
  return e;
}

/* --- what is timed ---------------------------------------------------------------------------- */

typedef struct variant {
  const char *name;
  simulate_settings settings;
  simulate_workspace *alone;
  cohort_engine *engine;
  gradient *gradient;
  const cohort *patients;
  endpoint_slopes slope[DOSES];
  endpoints result[COHORT_PATIENTS];
  bool failed[COHORT_PATIENTS];
} variant;

static bool run_gradient(void *context)
{
  variant *v = context;
  const cohort_call call = {&request, &v->settings, NULL};
  stepdose_error error;
  for (int i = 0; i < REPEATS; i++) {
    if (!gradient_run(v->gradient, v->engine, parameters, &doses, DOSES, directions, &call,
                      v->slope, &error)) {
      fprintf(stderr, "%s\n", error.message);
      return false;
    }
  }
  return true;
}

static bool run_alone(void *context)
{
  variant *v = context;
  stepdose_error error;
  for (int i = 0; i < REPEATS; i++) {
    if (!simulate_patient(v->alone, parameters, &doses, &request, &v->settings, v->result, NULL,
                          &error)) {
      return false;
    }
  }
  return true;
}

static bool run_in_lanes(void *context)
{
  variant *v = context;
  const cohort_call call = {&request, &v->settings, NULL};
  cohort_report report;
  stepdose_error error;
  return cohort_run(v->engine, v->patients, 0, PATIENTS, 1, &doses, &call, v->result, v->failed,
                    &report, &error) &&
         report.failures == 0;
}

static slopes slopes_of(const variant *v)
{
  slopes s;
  for (int i = 0; i < DOSES; i++) {
    const double amount = doses.doses[i].amount;
    for (int k = 0; k < DOSES; k++) {
      s.of[i][k] = v->slope[i].il6[k] * amount;
    }
    s.of[i][DOSES] = v->slope[i].log10_tumor_final * amount;
  }
  return s;
}

/* --- tables ----------------------------------------------------------------------------------- */

enum { GRADIENT, ALONE, IN_LANES, KINDS };

static void print_variant(const variant *v, const slopes *reference, const timed *own,
                          const timed *everyday)
{
  const slopes ours = slopes_of(v);
  const slope_error e = compare(&ours, reference);
  const double share = (double)PATIENTS / REPEATS;
  const double *g = own[GRADIENT].cpu_seconds;
  const spread ms = rounds_spread(ROUNDS, g, 1e3 / REPEATS);
  const spread alone = rounds_spread(ROUNDS, own[ALONE].cpu_seconds, 1e6 / REPEATS);
  const spread lanes = rounds_spread(ROUNDS, own[IN_LANES].cpu_seconds, 1e6 / PATIENTS);
  printf("| %s | %.1f (%.1f-%.1f) | %.0e / %.0e (%d of %d) | %.0f | %.0f | %.1f | %.1f | %.1f | "
         "%.1f |\n",
         v->name, ms.median, ms.least, ms.most, e.il6, e.tumor, e.good, ENDPOINTS, alone.median,
         lanes.median, rounds_ratio(ROUNDS, g, own[ALONE].cpu_seconds, 1).median,
         rounds_ratio(ROUNDS, g, own[IN_LANES].cpu_seconds, share).median,
         rounds_ratio(ROUNDS, g, everyday[ALONE].cpu_seconds, 1).median,
         rounds_ratio(ROUNDS, g, everyday[IN_LANES].cpu_seconds, share).median);
}

/* The first variant is the everyday simulation. */
static bool measure(variant *v, const slopes *reference)
{
  static timed times[SETTINGS * KINDS];
  for (int i = 0; i < SETTINGS; i++) {
    times[i * KINDS + GRADIENT] = (timed){run_gradient, &v[i], {0}, {0}};
    times[i * KINDS + ALONE] = (timed){run_alone, &v[i], {0}, {0}};
    times[i * KINDS + IN_LANES] = (timed){run_in_lanes, &v[i], {0}, {0}};
  }
  if (!rounds_run(ROUNDS, true, SETTINGS * KINDS, times)) {
    return false;
  }
  printf(
      "Gradient of %d doses, one thread, %d lanes; %d interleaved rounds; time of the processor. "
      "Errors relative to the largest entry: worst IL-6 peak of all windows / log10 of the "
      "day-84 tumour (how many endpoints are within 1e-4). \"Everyday\" is the simulation of the "
      "first row.\n\n"
      "| settings | gradient, ms: median (best-worst) | error | one patient alone, us | a patient "
      "in lanes, us | gradient / alone | gradient / in lanes | gradient / alone, everyday | "
      "gradient / in lanes, everyday |\n|---|---|---|---|---|---|---|---|---|\n",
      DOSES, cohort_engine_lanes(v->engine), ROUNDS);
  for (int i = 0; i < SETTINGS; i++) {
    print_variant(&v[i], reference, &times[i * KINDS], times);
  }
  return true;
}

static bool open_variants(variant *v, const cohort *patients)
{
  const rosenbrock_method *p5 = &rosenbrock_rodas5p, *p4 = &rosenbrock_rodas4;
  const struct {
    const char *name;
    simulate_settings settings;
  } choice[SETTINGS] = {{"Rodas4 2e-5 (everyday simulation)", {SIMULATE_TOLERANCE, 200000, p4}},
                        {"Rodas5P 1e-5 (gradient_settings)", gradient_settings()},
                        {"Rodas5P 2e-5", {2e-5, 200000, p5}},
                        {"Rodas5P 1e-4", {1e-4, 200000, p5}}};
  stepdose_error error = {0};
  v[0].alone = simulate_workspace_open(m, &error);
  v[0].engine = cohort_engine_open(m, 1, 0, &error);
  v[0].gradient = gradient_open(m, DOSES, &error);
  v[0].patients = patients;
  for (int i = 1; i < SETTINGS; i++) {
    v[i] = v[0];
  }
  for (int i = 0; i < SETTINGS; i++) {
    v[i].name = choice[i].name;
    v[i].settings = choice[i].settings;
  }
  return v[0].alone && v[0].engine && v[0].gradient;
}

int main(void)
{
  static variant v[SETTINGS];
  static slopes reference;
  m = model_find("hosseini2020");
  model_parameter_defaults(m, parameters);
  doses = bench_schedule(DOSES, day_of, mg_of);
  for (int i = 0; i < DOSES; i++) {
    directions[i] = (gradient_direction){GRADIENT_AMOUNT, i, i, 0};
  }
  cohort *patients = cohort_w1_patients();
  const bool good = patients && open_variants(v, patients) &&
                    reference_slopes(v[0].alone, &reference) && measure(v, &reference);
  gradient_close(v[0].gradient);
  cohort_engine_close(v[0].engine);
  simulate_workspace_close(v[0].alone);
  cohort_close(patients);
  return good ? 0 : 1;
}
