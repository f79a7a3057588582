/* One candidate in all virtual patients: see evaluate_cohort.h. */
#include "optimize/evaluate_cohort.h"

#include "base/allocate.h"
#include "base/error.h"

#include <math.h>
#include <stdio.h>

/* Parameters of all patients, as the kernels take them. */
typedef struct drawn_patients {
  double *parameters; /* (n x n_parameters) */
  double *derived;    /* (n x n_derived) */
  bool *refused;      /* (n): parameters that make no sense */
} drawn_patients;

/* Scratch of one thread. */
typedef struct cohort_worker {
  cohort_engine *engine;
  drawn_patients own;        /* where each candidate has its own molecule; else empty */
  stream_task *task;         /* (n) those who are simulated */
  int *patient;              /* (n) of each task */
  bool *task_failed;         /* (n) */
  endpoints *found;          /* (n), by patient */
  bool *failed;              /* (n), by patient */
  weighted_value *values;    /* (n) */
  weighted_value *by_window; /* (OBJECTIVE_VALUES_MAX x n) */
} cohort_worker;

struct cohort_evaluation {
  const stepdose_problem *problem;
  population *people;
  int n, n_strata, n_workers;
  double *weight;        /* (n) */
  double *covariate;     /* (n x covariates) */
  bool *member;          /* (n x n_strata) */
  drawn_patients shared; /* around the problem's own parameters */
  cohort_worker *worker;
};

/* --- patients --------------------------------------------------------------------------------- */

static bool open_patients(const cohort_evaluation *c, drawn_patients *d)
{
  const size_t n = (size_t)c->n;
  d->parameters = allocate_zeroed(n * (size_t)c->problem->model->n_parameters, sizeof(double));
  d->derived = allocate_zeroed(n * (size_t)c->problem->model->n_derived, sizeof(double));
  d->refused = allocate_zeroed(n, sizeof *d->refused);
  return d->parameters != NULL && d->derived != NULL && d->refused != NULL;
}

static void close_patients(drawn_patients *d)
{
  release(d->parameters);
  release(d->derived);
  release(d->refused);
}

/* weight, covariate: may be NULL */
static bool draw(const cohort_evaluation *c, const double *base, drawn_patients *d, double *weight,
                 double *covariate, stepdose_error *error)
{
  const model *m = c->problem->model;
  stepdose_error why;
  if (!population_draw(c->people, base, 0, c->n, d->parameters, weight, covariate, error)) {
    return false;
  }
  for (int i = 0; i < c->n; i++) {
    d->refused[i] = !m->derive(d->parameters + (long)i * m->n_parameters,
                               d->derived + (long)i * m->n_derived, &why);
  }
  return true;
}

static void list_strata(cohort_evaluation *c)
{
  const int n_covariates = population_covariates(c->problem->population);
  for (int i = 0; i < c->n; i++) {
    for (int s = 0; s < c->n_strata; s++) {
      c->member[i * c->n_strata + s] =
          population_in_stratum(c->people, s, c->covariate + (long)i * n_covariates);
    }
  }
}

/* --- open and close --------------------------------------------------------------------------- */

static bool open_worker(const cohort_evaluation *c, cohort_worker *w, stepdose_error *error)
{
  const size_t n = (size_t)c->n;
  w->task = allocate_zeroed(n, sizeof *w->task);
  w->patient = allocate_zeroed(n, sizeof *w->patient);
  w->task_failed = allocate_zeroed(n, sizeof *w->task_failed);
  w->found = allocate_zeroed(n, sizeof *w->found);
  w->failed = allocate_zeroed(n, sizeof *w->failed);
  w->values = allocate_zeroed(n, sizeof *w->values);
  w->by_window = allocate_zeroed(n * OBJECTIVE_VALUES_MAX, sizeof *w->by_window);
  bool done = w->task != NULL && w->patient != NULL && w->task_failed != NULL && w->found != NULL &&
              w->failed != NULL && w->values != NULL && w->by_window != NULL &&
              (c->problem->n_design == 0 || open_patients(c, &w->own));
  if (!done) {
    return error_no_memory(error, "preparing the evaluation of virtual patients");
  }
  w->engine = cohort_engine_open(c->problem->model, 1, 0, error);
  return w->engine != NULL;
}

static void close_worker(cohort_worker *w)
{
  cohort_engine_close(w->engine);
  close_patients(&w->own);
  release(w->task);
  release(w->patient);
  release(w->task_failed);
  release(w->found);
  release(w->failed);
  release(w->values);
  release(w->by_window);
}

static bool open_memory(cohort_evaluation *c, int n_workers, stepdose_error *error)
{
  const size_t n = (size_t)c->n;
  const size_t n_covariates = (size_t)population_covariates(c->problem->population);
  c->weight = allocate_zeroed(n, sizeof *c->weight);
  c->covariate = allocate_zeroed(n * n_covariates, sizeof *c->covariate);
  c->member = allocate_zeroed(n * (size_t)c->n_strata + 1, sizeof *c->member);
  c->worker = allocate_zeroed((size_t)n_workers, sizeof *c->worker);
  bool done = c->weight != NULL && c->covariate != NULL && c->member != NULL && c->worker != NULL &&
              open_patients(c, &c->shared);
  return done || error_no_memory(error, "preparing the evaluation of virtual patients");
}

static bool open_all(cohort_evaluation *c, int n_workers, stepdose_error *error)
{
  const stepdose_problem *problem = c->problem;
  c->people = population_open(problem->population, problem->model, problem->population_seed, error);
  if (c->people == NULL || !open_memory(c, n_workers, error) ||
      !draw(c, problem->parameters, &c->shared, c->weight, c->covariate, error)) {
    return false;
  }
  list_strata(c);
  for (; c->n_workers < n_workers; c->n_workers++) {
    if (!open_worker(c, &c->worker[c->n_workers], error)) {
      close_worker(&c->worker[c->n_workers]);
      return false;
    }
  }
  return true;
}

cohort_evaluation *cohort_evaluation_open(const stepdose_problem *problem, int n_workers,
                                          stepdose_error *error)
{
  cohort_evaluation *c = allocate_zeroed(1, sizeof *c);
  if (c == NULL) {
    error_no_memory(error, "preparing the evaluation of virtual patients");
    return NULL;
  }
  c->problem = problem;
  c->n = problem->patients;
  c->n_strata = problem->population->n_strata;
  if (!open_all(c, n_workers, error)) {
    cohort_evaluation_close(c);
    return NULL;
  }
  return c;
}

void cohort_evaluation_close(cohort_evaluation *c)
{
  if (c == NULL) {
    return;
  }
  for (int i = 0; i < c->n_workers; i++) {
    close_worker(&c->worker[i]);
  }
  population_close(c->people);
  close_patients(&c->shared);
  release(c->worker);
  release(c->weight);
  release(c->covariate);
  release(c->member);
  release(c);
}

int cohort_evaluation_patients(const cohort_evaluation *c) { return c->n; }

const double *cohort_evaluation_weights(const cohort_evaluation *c) { return c->weight; }

const bool *cohort_evaluation_strata(const cohort_evaluation *c) { return c->member; }

/* --- one candidate ---------------------------------------------------------------------------- */

static int list_tasks(const cohort_evaluation *c, cohort_worker *w, const drawn_patients *d,
                      const schedule *doses)
{
  const model *m = c->problem->model;
  int n = 0;
  for (int i = 0; i < c->n; i++) {
    w->failed[i] = d->refused[i];
    if (c->weight[i] > 0 && !d->refused[i]) {
      w->patient[n] = i;
      w->task[n++] = (stream_task){.parameters = d->parameters + (long)i * m->n_parameters,
                                   .derived = d->derived + (long)i * m->n_derived,
                                   .doses = doses,
                                   .result = &w->found[i]};
    }
  }
  return n;
}

static double failed_share(const cohort_evaluation *c, const cohort_worker *w)
{
  double failed = 0;
  double total = 0;
  for (int i = 0; i < c->n; i++) {
    failed += w->failed[i] ? c->weight[i] : 0;
    total += c->weight[i];
  }
  return total > 0 ? failed / total : 1;
}

static bool simulate_tasks(const cohort_evaluation *c, cohort_worker *w, int n,
                           cohort_report *report, stepdose_error *error)
{
  simulate_settings settings = simulate_settings_default();
  settings.relative_tolerance = c->problem->tolerance;
  const cohort_call call = {&c->problem->request, &settings, NULL};
  if (n > 0 && !cohort_run_tasks(w->engine, n, w->task, 1, &call, w->task_failed, report, error)) {
    return false;
  }
  for (int t = 0; t < n; t++) {
    w->failed[w->patient[t]] = w->task_failed[t];
  }
  return true;
}

bool cohort_evaluation_run(cohort_evaluation *c, int worker, const schedule *doses,
                           const double *parameters, cohort_findings *findings,
                           stepdose_error *error)
{
  cohort_worker *w = &c->worker[worker];
  const bool own = c->problem->n_design > 0;
  cohort_report report = {0};
  if (own && !draw(c, parameters, &w->own, NULL, NULL, error)) {
    return false;
  }
  const int n = list_tasks(c, w, own ? &w->own : &c->shared, doses);
  if (!simulate_tasks(c, w, n, &report, error)) {
    return false;
  }
  *findings = (cohort_findings){w->found, w->failed, failed_share(c, w)};
  if (findings->failed_share > COHORT_FAILURES_ALLOWED) {
    return error_set(error, STEPDOSE_SIMULATION_FAILED,
                     "check doses, parameters and the plausible ranges of the population",
                     "%.3g %% of the virtual patients cannot be simulated: %s",
                     100 * findings->failed_share, report.first_error.message);
  }
  return true;
}

/* --- what the patients say -------------------------------------------------------------------- */

double cohort_evaluation_goal(cohort_evaluation *c, int worker, const cohort_findings *findings)
{
  const stepdose_problem *problem = c->problem;
  weighted_value *values = c->worker[worker].values;
  double worst = INFINITY;
  for (int i = 0; i < c->n; i++) {
    const bool known = c->weight[i] > 0 && !findings->failed[i];
    const double value =
        known ? objective_goal(&problem->goal, &findings->found[i], problem->horizon_days) : 0;
    values[i] = (weighted_value){value, c->weight[i]};
    worst = known ? fmin(worst, value) : worst;
  }
  for (int i = 0; i < c->n; i++) {
    values[i].value = findings->failed[i] ? worst : values[i].value;
  }
  return risk_goal(&problem->goal, c->n, values, c->n_strata, c->member);
}

static bool counts(const cohort_evaluation *c, const limit *l, int i)
{
  return l->stratum < 0 || c->member[i * c->n_strata + l->stratum];
}

/* Values of all windows of all patients; returns how many windows there are. */
static int list_values(cohort_evaluation *c, cohort_worker *w, const cohort_findings *findings,
                       const limit *l, limit_value windows[OBJECTIVE_VALUES_MAX])
{
  int n_windows = 0;
  for (int i = 0; i < c->n; i++) {
    if (c->weight[i] > 0 && !findings->failed[i]) {
      n_windows = objective_limit_values(l, &findings->found[i], windows);
      for (int v = 0; v < n_windows; v++) {
        w->by_window[(long)v * c->n + i].value = windows[v].value;
      }
    }
  }
  for (int v = 0; v < n_windows; v++) {
    for (int i = 0; i < c->n; i++) {
      weighted_value *value = &w->by_window[(long)v * c->n + i];
      value->weight = counts(c, l, i) ? c->weight[i] : 0;
      value->value = findings->failed[i] ? risk_of_failure(l) : value->value;
    }
  }
  return n_windows;
}

static bool counts_anybody(const cohort_evaluation *c, const limit *l)
{
  bool any = false;
  for (int i = 0; i < c->n; i++) {
    any = any || (c->weight[i] > 0 && counts(c, l, i));
  }
  return any;
}

/* Among few patients there may be nobody of a stratum: then its limit says nothing. */
int cohort_evaluation_margins(cohort_evaluation *c, int worker, const cohort_findings *findings,
                              int k, limit_value values[OBJECTIVE_VALUES_MAX])
{
  cohort_worker *w = &c->worker[worker];
  const limit *l = &c->problem->limits[k];
  const int n_windows = counts_anybody(c, l) ? list_values(c, w, findings, l, values) : 0;
  for (int v = 0; v < n_windows; v++) {
    values[v].value = risk_margin(l, c->n, &w->by_window[(long)v * c->n]);
  }
  return n_windows;
}
