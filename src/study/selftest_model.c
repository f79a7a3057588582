/* The part of the installation check that simulates: against a closed form, against the steady
 * state of the drug-free model, and against a tighter tolerance. */
#include "study/selftest_model.h"

#include "base/allocate.h"
#include "simulate/simulate.h"
#include "study/sampling.h"

#include <math.h>

static const double horizon_days = 21;

typedef struct test_bench {
  const model *m;
  double *parameters;
  simulate_workspace *workspace;
  sampled_run run;
  endpoints found;
} test_bench;

static void bench_close(test_bench *b)
{
  if (b->workspace != NULL) {
    simulate_workspace_close(b->workspace);
  }
  release(b->parameters);
  sampled_run_free(&b->run);
}

static bool bench_open(test_bench *b, stepdose_error *error)
{
  *b = (test_bench){.m = model_find("hosseini2020")};
  if (b->m == NULL) {
    return error_set(error, STEPDOSE_INTERNAL, "report this", "model hosseini2020 is missing");
  }
  b->parameters = allocate_zeroed((size_t)b->m->n_parameters, sizeof *b->parameters);
  if (b->parameters == NULL) {
    return error_no_memory(error, "preparing the installation check");
  }
  model_parameter_defaults(b->m, b->parameters);
  b->workspace = simulate_workspace_open(b->m, error);
  return b->workspace != NULL && sampled_run_open(&b->run, b->m, horizon_days, error);
}

static bool bench_simulate(test_bench *b, const schedule *doses, double tolerance,
                           stepdose_error *why)
{
  endpoint_request request = {
      .horizon_days = horizon_days, .last_days = 7, .activated_above = ENDPOINT_ACTIVATED_ABOVE};
  simulate_settings settings = simulate_settings_default();
  settings.relative_tolerance = tolerance;
  return simulate_patient(b->workspace, b->parameters, doses, &request, &settings, &b->found,
                          &b->run.samples, why);
}

static double sample(const test_bench *b, int i, model_output output)
{
  return b->run.samples.value[(size_t)(i * b->m->n_outputs) + output];
}

/* Without drug everything but the tumour is at its steady state: it must stay there. */
static void check_drug_free(test_bench *b, study_checks *out)
{
  static const char what[] = "without drug the patient stays at the initial state";
  const model_output steady[] = {OUTPUT_DRUG, OUTPUT_IL6, OUTPUT_BLOOD_B, OUTPUT_BLOOD_T,
                                 OUTPUT_ACTIVATED_CD8};
  const schedule none = {0};
  stepdose_error why;
  if (!bench_simulate(b, &none, SIMULATE_TOLERANCE, &why)) {
    checks_add_error(out, what, &why);
    return;
  }
  double largest = 0;
  for (int i = 0; i < b->run.samples.n_days; i++) {
    for (size_t o = 0; o < sizeof steady / sizeof steady[0]; o++) {
      double start = sample(b, 0, steady[o]);
      double change = fabs(sample(b, i, steady[o]) - start) / fmax(fabs(start), 1);
      largest = fmax(largest, change);
    }
  }
  checks_add(out, what, largest <= 1e-6, "largest relative change %.2g", largest);
}

/* Amount in blood per unit of infusion rate, t days after an infusion of `duration` days began: two
 * compartments, linear (Gibaldi & Perrier, Pharmacokinetics, 2nd ed., ch. 2). k in 1/day. */
static double infusion_response(double k10, double k12, double k21, double duration, double t)
{
  double sum = k10 + k12 + k21;
  double root = sqrt(sum * sum - 4 * k10 * k21);
  double fast = 0.5 * (sum + root);
  double slow = 0.5 * (sum - root);
  double infused = fmin(t, duration);
  double after = t - infused;
  double share_fast = (fast - k21) / (fast - slow) / fast * (1 - exp(-fast * infused));
  double share_slow = (k21 - slow) / (fast - slow) / slow * (1 - exp(-slow * infused));
  return share_fast * exp(-fast * after) + share_slow * exp(-slow * after);
}

static double parameter(const test_bench *b, const char *name)
{
  int i = model_parameter_index(b->m, name);
  return i >= 0 ? b->parameters[i] : (double)NAN;
}

static void check_pharmacokinetics(test_bench *b, study_checks *out)
{
  static const char what[] = "drug in blood follows the closed form of two compartments";
  const schedule one = {1, {{0, 10, 4.0 / 24, ROUTE_IV}}};
  stepdose_error why;
  if (!bench_simulate(b, &one, SIMULATE_TOLERANCE, &why)) {
    checks_add_error(out, what, &why);
    return;
  }
  double amount = one.doses[0].amount * b->m->dose_scale(ROUTE_IV, b->parameters);
  double duration = one.doses[0].duration_days;
  double volume = parameter(b, "Vc_tdb");
  double k10 = parameter(b, "Cl_tdb") / volume;
  double k12 = parameter(b, "Cld_tdb") / volume;
  double k21 = parameter(b, "Cld_tdb") / parameter(b, "Vp_tdb");
  double largest = 0;
  for (int i = 1; i < b->run.samples.n_days; i++) {
    double in_blood = infusion_response(k10, k12, k21, duration, b->run.day[i]);
    double exact = amount / duration / volume * in_blood;
    largest = fmax(largest, fabs(sample(b, i, OUTPUT_DRUG) - exact) / exact);
  }
  bool linear = parameter(b, "Vm_tdb") <= 0;
  checks_add(out, what, linear && largest <= 1e-4, "largest relative difference %.2g", largest);
}

static void check_tolerances(test_bench *b, study_checks *out)
{
  static const char what[] = "two tolerances of the integrator agree";
  const double infusion = 4.0 / 24;
  const schedule steps = {
      3, {{0, 1, infusion, ROUTE_IV}, {7, 2, infusion, ROUTE_IV}, {14, 60, infusion, ROUTE_IV}}};
  stepdose_error why;
  bool done = bench_simulate(b, &steps, SIMULATE_TOLERANCE, &why);
  endpoints loose = b->found;
  done = done && bench_simulate(b, &steps, SIMULATE_TOLERANCE / 100, &why);
  if (!done) {
    checks_add_error(out, what, &why);
    return;
  }
  double largest = fabs(loose.tumor_final / b->found.tumor_final - 1);
  for (int w = 0; w < steps.n_doses; w++) {
    largest = fmax(largest, fabs(loose.il6[w].value / b->found.il6[w].value - 1));
  }
  checks_add(out, what, largest <= 1e-3, "IL-6 peaks and tumour, largest relative difference %.2g",
             largest);
}

bool selftest_model(study_checks *out, stepdose_error *error)
{
  test_bench b;
  bool done = bench_open(&b, error);
  if (done) {
    check_drug_free(&b, out);
    check_pharmacokinetics(&b, out);
    check_tolerances(&b, out);
  }
  bench_close(&b);
  return done;
}
