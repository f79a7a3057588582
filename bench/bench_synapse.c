/* How long does a patient of synapse take, beside one of hosseini2020, and with what error?
 * Workload W1's doses, 84 days, 1000 patients whose sensitivity, circulating target cells and
 * tumour entry differ (synapse) or 16 parameters (hosseini2020, cohort_w1.h); one thread,
 * interleaved rounds. usage: bench_synapse */
#include "cohort_w1.h"

#include "rounds.h"

#include <stdio.h>
#include <string.h>

enum { ROUNDS = 5, CASES = 3, REFERENCE = 100 };

typedef struct bench_case {
  const char *name;
  cohort *patients;
  cohort_engine *engine;
  endpoints *result;
  double peak_error, tumor_error; /* worst of REFERENCE patients */
  int states;
} bench_case;

static schedule doses;
static const endpoint_request request = {
    .horizon_days = W1_HORIZON, .last_days = 21, .activated_above = 0.3};

static bool simulate_all(bench_case *c, int n, double tolerance, endpoints *result)
{
  static bool failed[COHORT_PATIENTS];
  stepdose_error error = {0};
  cohort_report report;
  simulate_settings settings = simulate_settings_default();
  settings.relative_tolerance = tolerance;
  const cohort_call call = {.request = &request, .settings = &settings};
  if (!cohort_run(c->engine, c->patients, 0, n, 1, &doses, &call, result, failed, &report,
                  &error) ||
      report.failures > 0) {
    fprintf(stderr, "%s: %s\n", c->name,
            report.failures ? report.first_error.message : error.message);
    return false;
  }
  return true;
}

static bool run_case(void *context)
{
  bench_case *c = context;
  return simulate_all(c, COHORT_PATIENTS, SIMULATE_TOLERANCE, c->result);
}

static cohort *synapse_patients(const model **m, bool with_tissue)
{
  static double parameters[COHORT_PATIENTS * 256];
  stepdose_error error = {0};
  random_stream draws = random_open(COHORT_SEED, 0);
  double base[256];
  *m = model_find("synapse");
  model_parameter_defaults(*m, base);
  if (with_tissue) { /* four normal tissues, each with target */
    const char *tissue[] = {"tissue1", "tissue2", "tissue3", "tissue4"};
    for (int t = 0; t < 4; t++) {
      char name[64];
      snprintf(name, sizeof name, "%s_t_partition", tissue[t]);
      base[model_parameter_index(*m, name)] = 10;
      snprintf(name, sizeof name, "%s_target_cells_per_mL", tissue[t]);
      base[model_parameter_index(*m, name)] = 1e6;
    }
  }
  *m = (*m)->fitting(base);
  static const char *const together[] = {"activation_trimers", "kill_trimers", "cytokine_trimers"};
  for (int i = 0; i < COHORT_PATIENTS; i++) {
    double *p = parameters + (long)i * (*m)->n_parameters;
    memcpy(p, base, (size_t)(*m)->n_parameters * sizeof *p);
    const double sensitivity = exp(0.599 * log(10) * random_normal(&draws));
    for (int k = 0; k < 3; k++) {
      p[model_parameter_index(*m, together[k])] *= sensitivity;
    }
    p[model_parameter_index(*m, "blood_target_cells_per_mL")] *=
        exp(0.566 * log(10) * random_normal(&draws));
    p[model_parameter_index(*m, "tumor_drug_entry_per_day")] *=
        exp(0.3 * log(10) * random_normal(&draws));
  }
  return cohort_open(*m, COHORT_PATIENTS, parameters, &error);
}

static bool open_case(bench_case *c, const char *name, const model *m, cohort *patients)
{
  stepdose_error error = {0};
  *c = (bench_case){.name = name, .patients = patients, .states = m->n_states};
  c->engine = cohort_engine_open(m, 1, 0, &error);
  c->result = allocate_zeroed(COHORT_PATIENTS, sizeof *c->result);
  return patients && c->engine && c->result;
}

/* Against runs at a tight tolerance. */
static bool measure_errors(bench_case *c)
{
  static endpoints tight[REFERENCE];
  if (!simulate_all(c, REFERENCE, 1e-9, tight)) {
    return false;
  }
  for (int i = 0; i < REFERENCE; i++) {
    const endpoints *a = &c->result[i], *b = &tight[i];
    c->peak_error = w1_worse(c->peak_error, fabs(a->il6_course.value / b->il6_course.value - 1));
    c->tumor_error = w1_worse(c->tumor_error, fabs(a->tumor_final - b->tumor_final) /
                                                  (b->tumor_final + w1_floor[OUTPUT_TUMOR]));
  }
  return true;
}

int main(void)
{
  static const double day[] = {0, 7, 14, 21, 42}, mg[] = {1, 2, 60, 60, 30};
  bench_case c[CASES];
  timed t[CASES];
  const model *plain, *full;
  doses = bench_schedule(5, day, mg);
  cohort *without = synapse_patients(&plain, false), *with = synapse_patients(&full, true);
  bool good = open_case(&c[0], "hosseini2020", model_find("hosseini2020"), cohort_w1_patients()) &&
              open_case(&c[1], "synapse, no normal tissue", plain, without) &&
              open_case(&c[2], "synapse, four normal tissues", full, with);
  for (int i = 0; i < CASES; i++) {
    t[i] = (timed){run_case, &c[i], {0}, {0}};
  }
  good = good && rounds_run(ROUNDS, true, CASES, t);
  printf("| model | states | microseconds a patient, processor: median (best-worst) | a state | "
         "worst error: IL-6 peak / day-84 tumour |\n|---|---|---|---|---|\n");
  for (int i = 0; good && i < CASES; i++) {
    good = measure_errors(&c[i]);
    const spread s = rounds_spread(ROUNDS, t[i].cpu_seconds, 1e6 / COHORT_PATIENTS);
    printf("| %s | %d | %.0f (%.0f-%.0f) | %.1f | %.0e / %.0e |\n", c[i].name, c[i].states,
           s.median, s.least, s.most, s.median / c[i].states, c[i].peak_error, c[i].tumor_error);
  }
  return good ? 0 : 1;
}
