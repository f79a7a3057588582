/* The engine against an independent transcription of the equations integrated by GSL, on random
 * parameter sets and schedules. Split in four so that the parts run side by side. */
#include "base/random.h"
#include "simulate/oracle.inc"

#include <criterion/criterion.h>

enum { CASES = 250, DAYS = 6 };

/* Parameters: lognormal around the table with CV 30 %, pools at homeostasis. The cut-off of the
 * drug is zero here, because the oracle cannot step over the jump that it makes: the published
 * trajectories cover it. */
static void random_parameters(const model *m, random_stream *s, double *p)
{
  static const char *const fixed[] = {"dose_body_weight", "Trpbo_perml", "Bpbo_perml", "pk_cutoff"};
  model_parameter_defaults(m, p);
  for (int i = 0; i < m->n_parameters; i++) {
    bool vary = strcmp(m->parameters[i].unit, "flag") != 0;
    for (int k = 0; k < 4; k++) {
      vary &= strcmp(m->parameters[i].name, fixed[k]) != 0;
    }
    if (vary) {
      const double x = p[i] * exp(0.3 * random_normal(s));
      p[i] = fmin(m->parameters[i].high, fmax(m->parameters[i].low, x));
    }
  }
  p[model_parameter_index(m, "Trpbo_perml")] = p[model_parameter_index(m, "Trpbref_perml")];
  p[model_parameter_index(m, "Bpbo_perml")] = p[model_parameter_index(m, "Bpbref_perml")];
  p[model_parameter_index(m, "pk_cutoff")] = 0;
  p[model_parameter_index(m, "Vm_tdb")] = random_uniform(s) < 0.5 ? 0 : 200 * random_uniform(s);
}

static void random_schedule(random_stream *s, schedule *doses)
{
  const double kind = random_uniform(s);
  double day = random_uniform(s) < 0.7 ? 0 : random_uniform(s);
  doses->n_doses = 1 + (int)(3 * random_uniform(s));
  for (int i = 0; i < doses->n_doses; i++) {
    const double gap = 1.5 + 5 * random_uniform(s),
                 mg = exp(log(0.05) + random_uniform(s) * log(1200));
    if (kind < 0.5) {
      doses->doses[i] = (dose){day, mg, 0.05 + 0.2 * random_uniform(s), ROUTE_IV};
    } else if (kind < 0.7) {
      doses->doses[i] = (dose){day, mg, 0, ROUTE_SC};
    } else {
      doses->doses[i] = (dose){day, 2 + 60 * random_uniform(s), gap, ROUTE_CIV};
    }
    day += gap;
  }
}

static void compare(uint64_t seed)
{
  const model *m = model_find("hosseini2020");
  stepdose_error error;
  simulate_workspace *w = simulate_workspace_open(m, &error);
  random_stream s = random_open(seed, 0);
  const double days[DAYS] = {0.2, 1, 3, 8, 15, 21};
  const endpoint_request request = {.horizon_days = 21, .last_days = 7};
  simulate_settings settings = simulate_settings_default();
  settings.relative_tolerance = 1e-9;
  double worst = 0;
  int worst_case = 0, worst_day = 0, worst_output = 0;
  for (int c = 0; c < CASES; c++) {
    double p[256], ours[DAYS * OUTPUT_COUNT], theirs[DAYS * OUTPUT_COUNT];
    schedule doses;
    endpoints e;
    random_parameters(m, &s, p);
    random_schedule(&s, &doses);
    trajectory t = {DAYS, days, ours};
    cr_assert(simulate_patient(w, p, &doses, &request, &settings, &e, &t, &error),
              "seed %llu case %d: %s", (unsigned long long)seed, c, error.message);
    cr_assert(oracle_run(p, &doses, DAYS, days, 1e-9, theirs),
              "seed %llu case %d: the oracle failed", (unsigned long long)seed, c);
    for (int i = 0; i < DAYS * OUTPUT_COUNT; i++) {
      /* mixed: relative, with a floor below which an output means nothing */
      static const double floor[OUTPUT_COUNT] = {1e-5, 1e-3, 1, 1e-2, 1, 1e-6};
      const double size = fabs(theirs[i]) + floor[i % OUTPUT_COUNT];
      const double difference = fabs(ours[i] - theirs[i]) / size;
      if (difference > worst) {
        worst = difference, worst_case = c, worst_day = i / OUTPUT_COUNT;
        worst_output = i % OUTPUT_COUNT;
      }
    }
  }
  simulate_workspace_close(w);
  cr_log_info("seed %llu: %d cases, worst difference %.2e\n", (unsigned long long)seed, CASES,
              worst);
  cr_assert_lt(worst, 1e-6, "seed %llu case %d, day %g, %s: differs by %g",
               (unsigned long long)seed, worst_case, days[worst_day],
               model_outputs[worst_output].name, worst);
}

Test(oracle, agrees_on_random_patients_and_schedules_1) { compare(101); }

Test(oracle, agrees_on_random_patients_and_schedules_2) { compare(102); }

Test(oracle, agrees_on_random_patients_and_schedules_3) { compare(103); }

Test(oracle, agrees_on_random_patients_and_schedules_4) { compare(104); }
