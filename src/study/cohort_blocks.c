/* Draws the patients of a problem and simulates all of them, block by block: see cohort_study.h. */
#include "study/cohort_study.h"

#include "base/allocate.h"
#include "simulate/cohort.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { BLOCK = 256 }; /* patients between two looks at the user's wish to stop */

/* Everything that only the run needs. */
typedef struct cohort_work {
  cohort_study *study;
  population *people;
  cohort_engine *engine;
  const double *base; /* (n_parameters) that patients are drawn around */
  progress *progress;
  double *parameters, *derived; /* (BLOCK x n_parameters), (BLOCK x n_derived) */
  stream_task *task;            /* (BLOCK) */
  endpoints *result;            /* (BLOCK) */
  bool *failed;                 /* (BLOCK) */
  trajectory samples[BLOCK];
  int first;         /* patient of the block */
  int n_members;     /* those of the block who are simulated, */
  int member[BLOCK]; /* as numbers in the block */
  double *course;    /* (n_patients x n_days x n_outputs) */
} cohort_work;

static bool open_memory(cohort_work *w, stepdose_error *error)
{
  const cohort_study *c = w->study;
  const model *m = c->problem->model;
  const size_t values = (size_t)c->n_days * (size_t)m->n_outputs * (size_t)c->n_patients;
  w->parameters = allocate_zeroed((size_t)m->n_parameters * BLOCK, sizeof *w->parameters);
  w->derived = allocate_zeroed((size_t)m->n_derived * BLOCK, sizeof *w->derived);
  w->task = allocate_zeroed(BLOCK, sizeof *w->task);
  w->result = allocate_zeroed(BLOCK, sizeof *w->result);
  w->failed = allocate_zeroed(BLOCK, sizeof *w->failed);
  w->course = allocate_zeroed(values, sizeof *w->course);
  bool done = w->parameters != NULL && w->derived != NULL && w->task != NULL && w->result != NULL &&
              w->failed != NULL && w->course != NULL;
  for (size_t i = 0; done && i < values; i++) {
    w->course[i] = NAN;
  }
  return done || error_no_memory(error, "simulating a cohort");
}

static void close_work(cohort_work *w)
{
  if (w == NULL) {
    return;
  }
  population_close(w->people);
  cohort_engine_close(w->engine);
  release(w->parameters);
  release(w->derived);
  release(w->task);
  release(w->result);
  release(w->failed);
  release(w->course);
  release(w);
}

static cohort_work *open_work(cohort_study *c, const cohort_request *request, stepdose_error *error)
{
  const stepdose_problem *problem = c->problem;
  cohort_work *w = allocate_zeroed(1, sizeof *w);
  if (w == NULL) {
    error_no_memory(error, "simulating a cohort");
    return NULL;
  }
  w->study = c;
  w->progress = request->progress;
  w->base = request->parameters != NULL ? request->parameters : problem->parameters;
  w->people = population_open(problem->population, problem->model, request->seed, error);
  w->engine =
      w->people != NULL ? cohort_engine_open(problem->model, request->threads, 0, error) : NULL;
  if (w->engine == NULL || !open_memory(w, error)) {
    close_work(w);
    return NULL;
  }
  return w;
}

/* --- one block -------------------------------------------------------------------------------- */

static double *parameters_of(const cohort_work *w, int number)
{
  return w->parameters + (long)number * w->study->problem->model->n_parameters;
}

static double *derived_of(const cohort_work *w, int number)
{
  return w->derived + (long)number * w->study->problem->model->n_derived;
}

static double *course_of(const cohort_work *w, int patient)
{
  return w->course + (long)patient * w->study->n_days * w->study->problem->model->n_outputs;
}

static void fail_everywhere(cohort_work *w, int patient, const char *why)
{
  for (int r = 0; r < w->study->n_outcomes; r++) {
    cohort_outcome_fail(w->study, &w->study->outcome[r], patient, why);
  }
}

/* Keeps who the patients are, and finds out who of them is to be simulated. */
static void admit(cohort_work *w, int count)
{
  cohort_study *c = w->study;
  const model *m = c->problem->model;
  stepdose_error why;
  w->n_members = 0;
  for (int i = 0; i < count; i++) {
    const int patient = w->first + i;
    for (int k = 0; k < c->n_set; k++) {
      c->set_value[(long)patient * c->n_set + k] = parameters_of(w, i)[c->set[k]];
    }
    if (!(c->weight[patient] > 0)) {
      continue;
    }
    c->n_included++;
    for (int s = 0; s < c->problem->population->n_strata; s++) {
      const double *covariates = c->covariate + (long)patient * c->n_covariates;
      const bool member = population_in_stratum(w->people, s, covariates);
      c->member[patient * c->problem->population->n_strata + s] = member;
      c->in_stratum[s] += member;
    }
    if (m->derive(parameters_of(w, i), derived_of(w, i), &why)) {
      w->member[w->n_members++] = i;
    } else {
      fail_everywhere(w, patient, why.message);
    }
  }
}

static bool draw(cohort_work *w, int count, stepdose_error *error)
{
  cohort_study *c = w->study;
  double *covariates = c->covariate + (long)w->first * c->n_covariates;
  if (!population_draw(w->people, w->base, w->first, count, w->parameters, c->weight + w->first,
                       covariates, error)) {
    return false;
  }
  population_count_accepted(w->people, count, covariates, &c->acceptance);
  admit(w, count);
  return true;
}

/* Courses are kept of the given regimen, which is the first. */
static void list_tasks(cohort_work *w, int regimen)
{
  const cohort_study *c = w->study;
  for (int t = 0; t < w->n_members; t++) {
    const int number = w->member[t];
    w->samples[t] = (trajectory){c->n_days, c->day, course_of(w, w->first + number)};
    w->task[t] = (stream_task){.parameters = parameters_of(w, number),
                               .derived = derived_of(w, number),
                               .doses = c->outcome[regimen].doses,
                               .result = &w->result[t],
                               .samples = regimen == 0 ? &w->samples[t] : NULL};
  }
}

static void forget_course(cohort_work *w, int patient)
{
  const int n = w->study->n_days * w->study->problem->model->n_outputs;
  for (int i = 0; i < n; i++) {
    course_of(w, patient)[i] = NAN;
  }
}

static bool collect(cohort_work *w, int regimen, const char *first_failure, stepdose_error *error)
{
  cohort_study *c = w->study;
  cohort_outcome *o = &c->outcome[regimen];
  bool done = true;
  for (int t = 0; done && t < w->n_members; t++) {
    const int number = w->member[t];
    const int patient = w->first + number;
    if (!w->failed[t]) {
      done = cohort_outcome_add(c, o, patient, parameters_of(w, number), &w->result[t], error);
      continue;
    }
    cohort_outcome_fail(c, o, patient, first_failure);
    if (regimen == 0) {
      forget_course(w, patient);
    }
  }
  return done;
}

static bool run_regimen(cohort_work *w, int regimen, stepdose_error *error)
{
  const stepdose_problem *problem = w->study->problem;
  simulate_settings settings = simulate_settings_default();
  settings.relative_tolerance = w->study->tolerance;
  const cohort_call call = {&problem->request, &settings, NULL};
  cohort_report report;
  list_tasks(w, regimen);
  return w->n_members == 0 ||
         (cohort_run_tasks(w->engine, w->n_members, w->task, 1, &call, w->failed, &report, error) &&
          collect(w, regimen, report.first_error.message, error));
}

static bool run_block(cohort_work *w, int count, stepdose_error *error)
{
  const cohort_study *c = w->study;
  if (progress_stopped(w->progress)) {
    return error_set(error, STEPDOSE_LIMIT_REACHED, "run the same command again",
                     "stopped after %d of %d virtual patients: nothing was written", w->first,
                     c->n_patients);
  }
  bool done = draw(w, count, error);
  for (int r = 0; done && r < c->n_outcomes; r++) {
    done = run_regimen(w, r, error);
    progress_step(w->progress, count);
  }
  return done;
}

/* --- all of them ------------------------------------------------------------------------------ */

static bool run_blocks(cohort_work *w, stepdose_error *error)
{
  const cohort_study *c = w->study;
  progress_stage(w->progress, "simulating patients", (long)c->n_patients * c->n_outcomes);
  for (w->first = 0; w->first < c->n_patients; w->first += BLOCK) {
    const int left = c->n_patients - w->first;
    if (!run_block(w, left < BLOCK ? left : BLOCK, error)) {
      return false;
    }
  }
  if (c->n_included == 0) {
    return error_set(error, STEPDOSE_OUT_OF_RANGE, "widen the plausible ranges of the population",
                     "none of %d virtual patients is plausible", c->n_patients);
  }
  return true;
}

/* Of the first patients, whose points of a Sobol sequence are the most even. */
static bool keep_courses(cohort_work *w, stepdose_error *error)
{
  cohort_study *c = w->study;
  const size_t n = (size_t)c->n_days * (size_t)c->problem->model->n_outputs;
  c->shown_course = allocate_zeroed(COHORT_COURSES_SHOWN * n, sizeof *c->shown_course);
  if (c->shown_course == NULL) {
    return error_no_memory(error, "keeping courses of patients");
  }
  for (int i = 0; i < c->n_patients && c->n_shown < COHORT_COURSES_SHOWN; i++) {
    if (c->weight[i] > 0 && !c->outcome[0].failed[i]) {
      memcpy(c->shown_course + (size_t)c->n_shown * n, course_of(w, i), n * sizeof(double));
      c->shown[c->n_shown++] = i;
    }
  }
  return true;
}

static bool sum_up_courses(cohort_work *w, stepdose_error *error)
{
  cohort_study *c = w->study;
  const long n = (long)c->n_days * c->problem->model->n_outputs;
  weighted_value *scratch = allocate_zeroed((size_t)c->n_patients, sizeof *scratch);
  if (scratch == NULL) {
    return error_no_memory(error, "summing up a cohort");
  }
  for (long k = 0; k < n; k++) {
    for (int i = 0; i < c->n_patients; i++) {
      scratch[i] = (weighted_value){w->course[i * n + k], c->weight[i]};
    }
    c->course[k] = cohort_figure_of(c->n_patients, scratch);
  }
  release(scratch);
  return keep_courses(w, error);
}

static bool sum_up(cohort_work *w, stepdose_error *error)
{
  cohort_study *c = w->study;
  if (!population_worth_of(w->people, c->n_patients, c->weight, &c->worth, error)) {
    return false;
  }
  for (int r = 0; r < c->n_outcomes; r++) {
    if (!cohort_outcome_sum_up(c, &c->outcome[r], error)) {
      return false;
    }
  }
  return sum_up_courses(w, error);
}

cohort_study *cohort_study_run(const cohort_request *request, stepdose_error *error)
{
  cohort_study *c = cohort_study_open(request, error);
  if (c == NULL) {
    return NULL;
  }
  cohort_work *w = open_work(c, request, error);
  const bool done = w != NULL && run_blocks(w, error) && sum_up(w, error);
  close_work(w);
  if (!done) {
    cohort_study_free(c);
    return NULL;
  }
  return c;
}
