/* The patients of a restart study, prepared once for many schedules: see restart.h. */
#include "study/restart.h"

#include "base/allocate.h"
#include "population/population.h"
#include "simulate/cohort.h"

#include <math.h>
#include <string.h>

enum { BLOCK = 128, SCHEDULES_MAX = 1 + RESTART_RULE_COUNT, TASKS = BLOCK * SCHEDULES_MAX };

struct restart_patients {
  const stepdose_problem *problem;
  cohort_engine *engine;
  int n, n_included, n_members;          /* drawn, plausible, simulated */
  double *parameters, *derived, *weight; /* (n x n_parameters), (n x n_derived), (n) */
  int *member;                           /* (n_members) */
  endpoints *result;                     /* (TASKS) */
  stream_task *task;                     /* (TASKS) */
  bool *failed;                          /* (TASKS) */
};

static double *parameters_of(const restart_patients *p, int i)
{
  return p->parameters + (long)i * p->problem->model->n_parameters;
}

static double *derived_of(const restart_patients *p, int i)
{
  return p->derived + (long)i * p->problem->model->n_derived;
}

static bool open_memory(restart_patients *p, stepdose_error *error)
{
  const model *m = p->problem->model;
  const size_t n = (size_t)p->n;
  p->parameters = allocate_zeroed(n * (size_t)m->n_parameters, sizeof *p->parameters);
  p->derived = allocate_zeroed(n * (size_t)m->n_derived, sizeof *p->derived);
  p->weight = allocate_zeroed(n, sizeof *p->weight);
  p->member = allocate_zeroed(n, sizeof *p->member);
  p->result = allocate_zeroed(TASKS, sizeof *p->result);
  p->task = allocate_zeroed(TASKS, sizeof *p->task);
  p->failed = allocate_zeroed(TASKS, sizeof *p->failed);
  const bool done = p->parameters != NULL && p->derived != NULL && p->weight != NULL &&
                    p->member != NULL && p->result != NULL && p->task != NULL && p->failed != NULL;
  return done || error_no_memory(error, "preparing patients");
}

static bool draw(restart_patients *p, stepdose_error *error)
{
  const stepdose_problem *problem = p->problem;
  if (problem->reference_patient) {
    memcpy(p->parameters, problem->parameters,
           (size_t)problem->model->n_parameters * sizeof *p->parameters);
    p->weight[0] = 1;
    return true;
  }
  population *people =
      population_open(problem->population, problem->model, problem->population_seed, error);
  const bool done = people != NULL && population_draw(people, problem->parameters, 0, p->n,
                                                      p->parameters, p->weight, NULL, error);
  population_close(people);
  return done;
}

/* A patient of whom the model can make nothing counts as one whose simulation fails. */
static bool derive(restart_patients *p, stepdose_error *error)
{
  for (int i = 0; i < p->n; i++) {
    const bool plausible = p->weight[i] > 0;
    p->n_included += plausible;
    if (plausible && p->problem->model->derive(parameters_of(p, i), derived_of(p, i), error)) {
      p->member[p->n_members++] = i;
    }
  }
  if (p->n_included == 0) {
    error_set(error, STEPDOSE_OUT_OF_RANGE, "widen the plausible ranges of the population",
              "none of %d virtual patients is plausible", p->n);
  }
  return p->n_members > 0;
}

restart_patients *restart_patients_open(const stepdose_problem *problem, int threads,
                                        stepdose_error *error)
{
  restart_patients *p = allocate_zeroed(1, sizeof *p);
  if (p == NULL) {
    error_no_memory(error, "preparing patients");
    return NULL;
  }
  p->problem = problem;
  p->n = problem->reference_patient ? 1 : problem->patients;
  p->engine = cohort_engine_open(problem->model, threads, 0, error);
  if (p->engine == NULL || !open_memory(p, error) || !draw(p, error) || !derive(p, error)) {
    restart_patients_close(p);
    return NULL;
  }
  return p;
}

void restart_patients_close(restart_patients *p)
{
  if (p == NULL) {
    return;
  }
  cohort_engine_close(p->engine);
  release(p->parameters);
  release(p->derived);
  release(p->weight);
  release(p->member);
  release(p->result);
  release(p->task);
  release(p->failed);
  release(p);
}

int restart_patients_drawn(const restart_patients *p) { return p->n; }

int restart_patients_included(const restart_patients *p) { return p->n_included; }

int restart_patients_simulated(const restart_patients *p) { return p->n_members; }

static endpoint_request request_until(double end_day)
{
  return (endpoint_request){
      .horizon_days = end_day, .last_days = 1, .activated_above = ENDPOINT_ACTIVATED_ABOVE};
}

/* Tasks first .. first+count-1 of the list, until end_day. */
static bool run_tasks(restart_patients *p, int count, double end_day, stepdose_error *error)
{
  const endpoint_request request = request_until(end_day);
  simulate_settings settings = simulate_settings_default();
  settings.relative_tolerance = p->problem->tolerance;
  const cohort_call call = {&request, &settings, NULL};
  cohort_report report;
  return cohort_run_tasks(p->engine, count, p->task, 1, &call, p->failed, &report, error);
}

static stream_task task_of(const restart_patients *p, int member, const schedule *doses,
                           endpoints *result, trajectory *samples)
{
  const int i = p->member[member];
  return (stream_task){.parameters = parameters_of(p, i),
                       .derived = derived_of(p, i),
                       .doses = doses,
                       .result = result,
                       .samples = samples};
}

bool restart_patients_run(restart_patients *p, int n, const schedule *schedules, double end_day,
                          restart_see *see, void *context, stepdose_error *error)
{
  for (int first = 0; first < p->n_members; first += BLOCK) {
    const int left = p->n_members - first;
    const int count = left < BLOCK ? left : BLOCK;
    for (int t = 0; t < count * n; t++) {
      p->task[t] = task_of(p, first + t / n, &schedules[t % n], &p->result[t], NULL);
    }
    if (!run_tasks(p, count * n, end_day, error)) {
      return false;
    }
    for (int m = 0; m < count; m++) {
      const int i = p->member[first + m];
      see(context, p->weight[i], parameters_of(p, i), n, &p->result[m * n], &p->failed[m * n]);
    }
  }
  return true;
}

/* --- drug in blood ---------------------------------------------------------------------------- */

typedef struct drug_samples {
  int n; /* days */
  const double *day;
  double *value; /* (BLOCK x n x n_outputs) */
  trajectory of[BLOCK];
  weighted_value *patient; /* (n x n_members) */
} drug_samples;

static void keep_drug(const restart_patients *p, int first, int count, drug_samples *s)
{
  const int n_outputs = p->problem->model->n_outputs;
  for (int m = 0; m < count; m++) {
    const double weight = p->failed[m] ? 0 : p->weight[p->member[first + m]];
    for (int d = 0; d < s->n; d++) {
      const double drug = s->of[m].value[d * n_outputs + OUTPUT_DRUG];
      s->patient[(long)d * p->n_members + first + m] =
          (weighted_value){weight > 0 ? drug : 0, weight};
    }
  }
}

static bool sample_drug(restart_patients *p, const schedule *doses, drug_samples *s,
                        stepdose_error *error)
{
  const long size = (long)s->n * p->problem->model->n_outputs;
  const double end_day = s->day[s->n - 1] + 1;
  for (int first = 0; first < p->n_members; first += BLOCK) {
    const int left = p->n_members - first;
    const int count = left < BLOCK ? left : BLOCK;
    for (int m = 0; m < count; m++) {
      s->of[m] = (trajectory){s->n, s->day, s->value + m * size};
      p->task[m] = task_of(p, first + m, doses, &p->result[m], &s->of[m]);
    }
    if (!run_tasks(p, count, end_day, error)) {
      return false;
    }
    keep_drug(p, first, count, s);
  }
  return true;
}

bool restart_patients_drug(restart_patients *p, const schedule *doses, int n, const double *day,
                           double *median, stepdose_error *error)
{
  drug_samples *s = allocate_zeroed(1, sizeof *s);
  const size_t size = (size_t)n * (size_t)p->problem->model->n_outputs;
  bool done = s != NULL;
  if (done) {
    *s = (drug_samples){.n = n, .day = day};
    s->value = allocate_zeroed(size * BLOCK, sizeof *s->value);
    s->patient = allocate_zeroed((size_t)n * (size_t)p->n_members, sizeof *s->patient);
    done = s->value != NULL && s->patient != NULL;
  }
  done = done ? sample_drug(p, doses, s, error) : error_no_memory(error, "sampling the drug");
  for (int d = 0; done && d < n; d++) {
    weighted_value *of_day = s->patient + (long)d * p->n_members;
    median[d] = cohort_figure_of(p->n_members, of_day).at[COHORT_MEDIAN];
  }
  if (s != NULL) {
    release(s->value);
    release(s->patient);
  }
  release(s);
  return done;
}
