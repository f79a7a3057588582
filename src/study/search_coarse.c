/* A first search on few of the patients. A Sobol set's first 2^k points are a Sobol set themselves:
 * an eighth of the patients shows where good regimens lie for an eighth of the time, and the search
 * over all of them starts there. */
#include "study/propose.h"

#include "base/allocate.h"
#include "base/error.h"

#include <string.h>

enum { COARSE_LEAST = 64, COARSE_PART = 8, COARSE_WORTH = 256 };

/* The largest power of two that is at most an eighth, but not less than COARSE_LEAST. */
int study_coarse_patients(const stepdose_problem *problem)
{
  int n = COARSE_LEAST;
  if (problem->reference_patient || problem->patients < COARSE_WORTH) {
    return 0;
  }
  while (2 * n <= problem->patients / COARSE_PART) {
    n *= 2;
  }
  return n;
}

static bool is_listed(const coarse_answers *out, const search_point *p, int n_variables)
{
  for (int i = 0; i < out->n; i++) {
    if (memcmp(out->value[i], p->value, (size_t)n_variables * sizeof(double)) == 0) {
      return true;
    }
  }
  return false;
}

static void list_answer(coarse_answers *out, const search_point *p, int n_variables)
{
  if (out->n < STUDY_COARSE_ANSWERS && !p->failed && !is_listed(out, p, n_variables)) {
    memcpy(out->value[out->n++], p->value, (size_t)n_variables * sizeof(double));
  }
}

/* The best on and off the grid, then where the best other starts ended. */
static void list_answers(const search_outcome *o, int n_variables, coarse_answers *out)
{
  if (o->has_final) {
    list_answer(out, &o->final, n_variables);
  } else if (o->has_least) {
    list_answer(out, &o->least, n_variables);
  }
  if (o->has_continuous) {
    list_answer(out, &o->continuous, n_variables);
  }
  for (int wanted = 0; wanted < 2; wanted++) {
    const search_point *best = NULL;
    for (int k = 0; k < o->n_starts; k++) {
      const search_point *p = &o->start_report[k].best;
      const bool usable =
          o->start_report[k].feasible && !p->failed && !is_listed(out, p, n_variables);
      best = usable && (best == NULL || p->goal > best->goal) ? p : best;
    }
    if (best != NULL) {
      list_answer(out, best, n_variables);
    }
  }
}

static bool run_coarse(const stepdose_problem *few, const study_question *asked, search_task *task,
                       coarse_answers *out, stepdose_error *error)
{
  search_outcome outcome;
  regimen_evaluation *e =
      regimen_evaluation_open(few, asked->branch, asked->relaxed_limit, task->threads, error);
  if (e == NULL) {
    return false;
  }
  memcpy(e->safety, asked->safety, sizeof asked->safety);
  regimen_evaluation_bind(e, task);
  const bool done = search_run(task, &outcome, error);
  if (done) {
    list_answers(&outcome, e->n_variables, out);
    out->evaluations = outcome.evaluations;
    out->failures = outcome.failures;
    search_outcome_free(&outcome);
  }
  regimen_evaluation_close(e);
  return done;
}

bool study_search_coarse(const stepdose_problem *problem, const study_question *asked,
                         search_task task, coarse_answers *out, stepdose_error *error)
{
  *out = (coarse_answers){.patients = study_coarse_patients(problem)};
  if (out->patients == 0) {
    return true;
  }
  stepdose_problem *few = allocate(sizeof *few); /* shares everything with the problem */
  if (few == NULL) {
    return error_no_memory(error, "preparing a search on few patients");
  }
  *few = *problem;
  few->patients = out->patients;
  const bool done = run_coarse(few, asked, &task, out, error);
  release(few);
  return done;
}
