/* What is kept of the patients of a cohort: see cohort_study.h. */
#include "study/cohort_study.h"

#include "base/allocate.h"

#include <math.h>

static void add_outcome(cohort_study *c, const char *name, const schedule *doses)
{
  cohort_outcome *o = &c->outcome[c->n_outcomes++];
  o->name = name;
  o->doses = doses;
}

/* A schedule of the molecule that is the given regimen stands there once. */
static void list_regimens(cohort_study *c, const cohort_request *request)
{
  add_outcome(c, request->name, request->doses);
  for (int i = 0; !request->alone && i < c->problem->n_comparators; i++) {
    const comparator *other = &c->problem->comparators[i];
    if (!schedule_same(&other->doses, request->doses)) {
      add_outcome(c, other->name, &other->doses);
    }
  }
}

static void add_parameter(cohort_study *c, int parameter)
{
  bool known = false;
  for (int i = 0; i < c->n_set; i++) {
    known = known || c->set[i] == parameter;
  }
  if (!known) {
    c->set[c->n_set++] = parameter;
  }
}

static bool list_parameters(cohort_study *c)
{
  const population_description *d = c->problem->population;
  c->n_covariates = population_covariates(d);
  c->set = allocate_zeroed((size_t)c->problem->model->n_parameters, sizeof *c->set);
  for (int j = 0; c->set != NULL && j < c->n_covariates; j++) {
    for (int k = 0; k < d->quantity[j].n_sets; k++) {
      add_parameter(c, d->quantity[j].sets[k]);
    }
  }
  return c->set != NULL;
}

/* Whole days, or every second, third, ... where all of them would take too much memory. */
static bool choose_days(cohort_study *c)
{
  const double horizon = c->problem->horizon_days;
  const double bytes = 8.0 * c->n_patients * c->problem->model->n_outputs;
  c->every_days = (int)ceil(fmax(1, (horizon + 1) * bytes / COHORT_COURSE_BYTES));
  const int n = (int)floor(horizon / c->every_days + 1e-9) + 1;
  const bool ends_between = (n - 1) * c->every_days < horizon;
  c->n_days = ends_between ? n + 1 : n;
  c->day = allocate_zeroed((size_t)c->n_days, sizeof *c->day);
  for (int i = 0; c->day != NULL && i < c->n_days; i++) {
    c->day[i] = i < n ? fmin(i * c->every_days, horizon) : horizon;
  }
  return c->day != NULL;
}

static bool open_outcomes(cohort_study *c, stepdose_error *error)
{
  for (int r = 0; r < c->n_outcomes; r++) {
    if (!cohort_outcome_open(c, &c->outcome[r], error)) {
      return false;
    }
  }
  return true;
}

cohort_request cohort_request_of(const stepdose_problem *problem, const char *name,
                                 const schedule *doses)
{
  return (cohort_request){.problem = problem,
                          .name = name,
                          .doses = doses,
                          .patients = problem->patients,
                          .seed = problem->population_seed,
                          .tolerance = problem->tolerance};
}

cohort_study *cohort_study_open(const cohort_request *request, stepdose_error *error)
{
  const size_t n = (size_t)request->patients;
  cohort_study *c = allocate_zeroed(1, sizeof *c);
  if (c == NULL) {
    error_no_memory(error, "preparing a cohort");
    return NULL;
  }
  c->problem = request->problem;
  c->n_patients = request->patients;
  c->seed = request->seed;
  c->tolerance = request->tolerance;
  list_regimens(c, request);
  bool done = list_parameters(c) && choose_days(c);
  c->weight = allocate_zeroed(n, sizeof *c->weight);
  c->covariate = allocate_zeroed(n * (size_t)c->n_covariates, sizeof *c->covariate);
  c->member = allocate_zeroed(n * (size_t)c->problem->population->n_strata + 1, sizeof *c->member);
  c->set_value = allocate_zeroed(n * (size_t)c->n_set + 1, sizeof *c->set_value);
  size_t n_courses = (size_t)c->n_days * (size_t)c->problem->model->n_outputs;
  c->course = allocate_zeroed(n_courses, sizeof *c->course);
  done = done && c->weight != NULL && c->covariate != NULL && c->member != NULL &&
         c->set_value != NULL && c->course != NULL;
  if (!done) {
    error_no_memory(error, "preparing a cohort");
  }
  if (!done || !open_outcomes(c, error)) {
    cohort_study_free(c);
    return NULL;
  }
  return c;
}

void cohort_study_free(cohort_study *c)
{
  if (c == NULL) {
    return;
  }
  for (int r = 0; r < c->n_outcomes; r++) {
    cohort_outcome_free(&c->outcome[r]);
  }
  release(c->set);
  release(c->weight);
  release(c->covariate);
  release(c->member);
  release(c->set_value);
  release(c->day);
  release(c->course);
  release(c->shown_course);
  release(c);
}
