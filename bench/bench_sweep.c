/* How long do the big jobs take, all simulations done in full, no early decisions?
 *   search: 1000 patients x 1000 candidate regimens (step-up doses on days 0, 7, 14, then every
 *           three weeks); 20 candidates by default, all 1000 with --full;
 *   sweep:  1000 patients x 48 schedules = 48 000 simulations of 84 days in the manner of the
 *           published teclistamab study: two subcutaneous step-up doses, then weekly.
 * Patients: cohort_w1.h; model hosseini2020. usage: bench_sweep [--full] */
#include "cohort_w1.h"

#include "rounds.h"

#include <string.h>

enum {
  CANDIDATES = 1000,
  FRACTION = 20, /* candidates that run by default */
  SWEEP_SCHEDULES = 48,
  BATCH = 4, /* regimens of one call */
  ROUNDS = 3,
  CHECKED = 200, /* simulations whose errors are known */
  SETTINGS = 2
};

static const double tolerances[SETTINGS] = {1e-4, SIMULATE_TOLERANCE};
static const endpoint_request request = {
    .horizon_days = 84, .last_days = 21, .activated_above = ENDPOINT_ACTIVATED_ABOVE};

static schedule candidates[CANDIDATES], sweep[SWEEP_SCHEDULES];
static cohort *patients;

/* --- regimens --------------------------------------------------------------------------------- */

/* Log-uniform doses of 0.05 to 60 mg in increasing order, the last repeated as maintenance. */
static void make_candidates(void)
{
  const double day[] = {0, 7, 14, 21, 42, 63};
  random_stream s = random_open(COHORT_SEED, 1);
  for (int c = 0; c < CANDIDATES; c++) {
    double mg[6];
    for (int i = 0; i < 4; i++) {
      mg[i] = exp(log(0.05) + random_uniform(&s) * log(1200));
    }
    qsort(mg, 4, sizeof *mg, bench_by_value);
    mg[4] = mg[5] = mg[3];
    candidates[c] = bench_schedule(6, day, mg);
  }
}

static schedule weekly_schedule(double first_mg, double target_mg, double days_between)
{
  schedule s = {.n_doses = 0};
  s.doses[s.n_doses++] = (dose){0, first_mg, 0, ROUTE_SC};
  s.doses[s.n_doses++] = (dose){days_between, sqrt(first_mg * target_mg), 0, ROUTE_SC};
  for (double day = 2 * days_between; day < request.horizon_days; day += 7) {
    s.doses[s.n_doses++] = (dose){day, target_mg, 0, ROUTE_SC};
  }
  return s;
}

static void make_sweep(void)
{
  const double first_mg[] = {0.4, 0.8, 1.6, 3.2}, target_mg[] = {10, 20, 40, 60};
  const double days_between[] = {2, 4, 7};
  for (int i = 0; i < SWEEP_SCHEDULES; i++) {
    sweep[i] = weekly_schedule(first_mg[i % 4], target_mg[i / 4 % 4], days_between[i / 16]);
  }
}

/* --- one job ---------------------------------------------------------------------------------- */

typedef struct job {
  const char *name;
  const schedule *regimens;
  int n_regimens;
  cohort_engine *engine;
  double tolerance;
  double high_share; /* filled: simulations with an IL-6 peak above 1000 pg/mL */
} job;

static endpoints result[BATCH * COHORT_PATIENTS];
static bool failed[BATCH * COHORT_PATIENTS];

static bool run_job(void *context)
{
  job *j = context;
  const simulate_settings settings = {j->tolerance, 1000000, NULL};
  const cohort_call call = {&request, &settings, NULL};
  long high = 0;
  for (int first = 0; first < j->n_regimens; first += BATCH) {
    const int n = j->n_regimens - first < BATCH ? j->n_regimens - first : BATCH;
    cohort_report report;
    stepdose_error error;
    if (!cohort_run(j->engine, patients, 0, COHORT_PATIENTS, n, j->regimens + first, &call, result,
                    failed, &report, &error) ||
        report.failures > 0) {
      fprintf(stderr, "%s: a simulation failed\n", j->name);
      return false;
    }
    for (int i = 0; i < n * COHORT_PATIENTS; i++) {
      high += result[i].il6_course.value > 1000;
    }
  }
  j->high_share = (double)high / ((double)j->n_regimens * COHORT_PATIENTS);
  return true;
}

/* --- errors ----------------------------------------------------------------------------------- */

/* CHECKED simulations spread over the job: simulation i of patient and regimen. */
static bool run_sample(const job *j, double tolerance, const rosenbrock_method *method,
                       endpoints *sample)
{
  const simulate_settings settings = {tolerance, 1000000, method};
  const cohort_call call = {&request, &settings, NULL};
  stream_task task[CHECKED];
  bool sample_failed[CHECKED];
  cohort_report report;
  stepdose_error error;
  for (int i = 0; i < CHECKED; i++) {
    const int patient = cohort_w1_spread(i, CHECKED, COHORT_PATIENTS);
    task[i] = (stream_task){cohort_parameters(patients, patient), cohort_derived(patients, patient),
                            &j->regimens[i % j->n_regimens], &sample[i], NULL};
  }
  return cohort_run_tasks(j->engine, CHECKED, task, 1, &call, sample_failed, &report, &error) &&
         report.failures == 0;
}

/* No daily outputs are asked for: their error stays 0. */
static bool measure_error(const job *j, cohort_error *summary)
{
  static endpoints ours[CHECKED], exact[CHECKED];
  w1_error error[CHECKED];
  if (!run_sample(j, j->tolerance, NULL, ours) ||
      !run_sample(j, COHORT_REFERENCE_TOLERANCE, &rosenbrock_rodas5p, exact)) {
    return false;
  }
  for (int i = 0; i < CHECKED; i++) {
    error[i] = (w1_error){.peak = fabs(ours[i].il6_course.value / exact[i].il6_course.value - 1),
                          .tumor = fabs(ours[i].tumor_final - exact[i].tumor_final) /
                                   (exact[i].tumor_final + w1_floor[OUTPUT_TUMOR])};
  }
  *summary = cohort_w1_summary(CHECKED, error);
  return true;
}

/* --- tables ----------------------------------------------------------------------------------- */

static void print_extrapolated(const job *j, spread seconds, double cpu_seconds)
{
  const double times = (double)CANDIDATES / j->n_regimens;
  printf("| EXTRAPOLATED to all %d candidates: the row above x %.0f | %d | %d | %g | %.0f "
         "(%.0f-%.0f) | %.0f | | | | |\n",
         CANDIDATES, times, CANDIDATES * COHORT_PATIENTS, cohort_engine_threads(j->engine),
         j->tolerance, times * seconds.median, times * seconds.least, times * seconds.most,
         times * cpu_seconds);
}

static bool print_job(const job *j, int rounds, const timed *t)
{
  const double simulations = (double)j->n_regimens * COHORT_PATIENTS;
  const spread s = rounds_spread(rounds, t->seconds, 1);
  const spread cpu = rounds_spread(rounds, t->cpu_seconds, 1);
  cohort_error e;
  if (!measure_error(j, &e)) {
    return false;
  }
  printf("| %s | %.0f | %d | %g | %.1f (%.1f-%.1f) | %.1f | %.0f | %.0e / %.0e | %.0e / %.0e | "
         "%.1f %% |\n",
         j->name, simulations, cohort_engine_threads(j->engine), j->tolerance, s.median, s.least,
         s.most, cpu.median, 1e6 * cpu.median / simulations, e.worst.peak, e.worst.tumor,
         e.most.peak, e.most.tumor, 100 * j->high_share);
  if (j->regimens == candidates && j->n_regimens < CANDIDATES) {
    print_extrapolated(j, s, cpu.median);
  }
  return true;
}

static bool run_jobs(int rounds, int n, job *jobs)
{
  timed times[2 * SETTINGS];
  for (int i = 0; i < n; i++) {
    times[i] = (timed){run_job, &jobs[i], {0}, {0}};
  }
  if (!rounds_run(rounds, false, n, times)) {
    return false;
  }
  printf("%d interleaved rounds; errors: IL-6 peak / day-84 tumour of %d simulations.\n\n"
         "| job | simulations | threads | tolerance | seconds: median (best-worst) | processor "
         "seconds | processor us a simulation | worst error | 95 %% below | IL-6 above 1000 pg/mL "
         "|\n|---|---|---|---|---|---|---|---|---|---|\n",
         rounds, CHECKED);
  for (int i = 0; i < n; i++) {
    if (!print_job(&jobs[i], rounds, &times[i])) {
      return false;
    }
  }
  return true;
}

static bool run_everything(cohort_engine *engine, bool full)
{
  job jobs[2 * SETTINGS];
  int n = 0;
  for (int t = 0; t < SETTINGS; t++) {
    jobs[n++] = (job){full ? "search" : "search, a fraction",
                      candidates,
                      full ? CANDIDATES : FRACTION,
                      engine,
                      tolerances[t],
                      0};
  }
  for (int t = 0; t < SETTINGS && !full; t++) {
    jobs[n++] = (job){"sweep", sweep, SWEEP_SCHEDULES, engine, tolerances[t], 0};
  }
  return run_jobs(full ? 1 : ROUNDS, n, jobs);
}

int main(int argc, char **argv)
{
  const bool full = argc > 1 && strcmp(argv[1], "--full") == 0;
  stepdose_error error = {0};
  make_candidates();
  make_sweep();
  patients = cohort_w1_patients();
  cohort_engine *engine = cohort_engine_open(model_find("hosseini2020"), 0, 0, &error);
  const bool good = patients && engine && run_everything(engine, full);
  cohort_engine_close(engine);
  cohort_close(patients);
  return good ? 0 : 1;
}
