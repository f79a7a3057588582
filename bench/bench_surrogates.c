/* In which form should a search compare "at most a tenth of the patients"? Four forms of it, with
 * every engine, on benchmark L3 (128 virtual patients, four doses): the share itself, the share
 * with a soft step, the quantile, the mean of the worst tenth. Whatever the form, a regimen counts
 * as feasible by the exact count. */
#include "bench.h"

#include "optimize/evaluate_regimen.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* X(ID, name, meaning) */
#define FORMS(X)                                                                                   \
  X(SHARE, "share", "share of the patients beyond the bound, less what is allowed")                \
  X(SOFT, "soft share", "the same with a logistic step of 0.05 decades")                           \
  X(QUANTILE, "quantile", "90 % quantile of log10(value / bound)")                                 \
  X(TAIL, "tail mean", "mean of the worst tenth of log10(value / bound)")

enum {
#define X(id, name, meaning) FORM_##id,
  FORMS(X)
#undef X
      FORM_COUNT
};
static const char *const form_names[] = {
#define X(id, name, meaning) name,
    FORMS(X)
#undef X
};

enum { SEEDS = 2, STARTS = 4, BUDGET = 400, THREADS = 2, PATIENTS_MAX = 128 };
static const double softness_decades = 0.05;

/* What the search of one form sees, and the best of it by the exact count, by worker. */
typedef struct question {
  regimen_evaluation *evaluation;
  int form;
  double best[THREADS];
} question;

static double margin_in_form(int form, const limit *l, int n, weighted_value *values)
{
  double share = 0, soft = 0, all = 0;
  for (int i = 0; i < n; i++) {
    share += values[i].weight * (values[i].value > 0);
    soft += values[i].weight / (1 + exp(-values[i].value / softness_decades));
    all += values[i].weight;
  }
  switch (form) {
  case FORM_SHARE:
    return share / all - l->share;
  case FORM_SOFT:
    return soft / all - l->share;
  default:
    return risk_tail_mean(n, values, 1 - l->share);
  }
}

/* Margins of the patients in the window of constraint i, and one number of them. */
static double restated(const question *q, int i, const cohort_findings *f)
{
  const regimen_evaluation *e = q->evaluation;
  const regimen_constraint *c = &e->constraint[i];
  const limit *l = &e->problem->limits[c->limit];
  const double *weight = cohort_evaluation_weights(e->patients);
  const int n = cohort_evaluation_patients(e->patients);
  weighted_value values[PATIENTS_MAX];
  for (int k = 0; k < n; k++) {
    limit_value windows[OBJECTIVE_VALUES_MAX];
    values[k] = (weighted_value){objective_margin(l, risk_of_failure(l)), weight[k]};
    if (weight[k] > 0 && !f->failed[k]) {
      objective_limit_values(l, &f->found[k], windows);
      values[k].value = objective_margin(l, windows[i - e->first_constraint[c->limit]].value);
    }
  }
  return margin_in_form(q->form, l, n, values);
}

/* The product's own margins hold exactly where the count does. */
static bool evaluate(void *context, int worker, const double *value, double *goal_value,
                     double *constraint, stepdose_error *error)
{
  question *q = context;
  regimen_evaluation *e = q->evaluation;
  schedule doses;
  cohort_findings findings;
  double *parameters = e->parameters + (long)worker * e->problem->model->n_parameters;
  if (!regimen_evaluate(e, worker, value, goal_value, constraint, error)) {
    return false;
  }
  bool holds = true;
  for (int i = 0; i < e->n_constraints; i++) {
    holds = holds && constraint[i] <= SEARCH_TOLERANCE;
  }
  if (holds) {
    q->best[worker] = fmax(q->best[worker], *goal_value);
  }
  if (q->form == FORM_QUANTILE) {
    return true;
  }
  regimen_evaluation_decode(e, value, &doses, parameters);
  if (!cohort_evaluation_run(e->patients, worker, &doses, parameters, &findings, error)) {
    return false;
  }
  for (int i = 0; i < e->n_constraints; i++) {
    const int k = e->constraint[i].limit;
    if (k >= 0 && e->problem->limits[k].risk == RISK_PROBABILITY) {
      constraint[i] = restated(q, i, &findings);
    }
  }
  return true;
}

/* Whether the search's own answer holds by the count. */
static bool answer_holds(const question *q, const search_outcome *o)
{
  double goal_value, constraint[SEARCH_CONSTRAINTS_MAX];
  stepdose_error error;
  question exact = *q;
  exact.form = FORM_QUANTILE;
  bool holds = o->has_continuous &&
               evaluate(&exact, 0, o->continuous.value, &goal_value, constraint, &error);
  for (int i = 0; holds && i < q->evaluation->n_constraints; i++) {
    holds = constraint[i] <= SEARCH_TOLERANCE;
  }
  return holds;
}

static bool run(const stepdose_problem *problem, const char *engine, int form)
{
  stepdose_error error;
  double worst = INFINITY, sum = 0, answers = 0;
  int found = 0, holding = 0;
  for (int seed = 1; seed <= SEEDS; seed++) {
    regimen_evaluation *e = regimen_evaluation_open(problem, 0, -1, THREADS, &error);
    question q = {.evaluation = e, .form = form, .best = {-INFINITY, -INFINITY}};
    search_task task = {.engine = engine,
                        .seed = (uint64_t)seed,
                        .starts = STARTS,
                        .evaluations_max = BUDGET,
                        .threads = THREADS};
    search_outcome outcome;
    if (e == NULL) {
      fprintf(stderr, "%s\n", error.message);
      return false;
    }
    regimen_evaluation_bind(e, &task);
    task.evaluate = evaluate;
    task.context = &q;
    if (!search_run(&task, &outcome, &error)) {
      fprintf(stderr, "%s: %s\n", engine, error.message);
      regimen_evaluation_close(e);
      return false;
    }
    const double best = fmax(q.best[0], q.best[1]);
    found += isfinite(best);
    sum += isfinite(best) ? best : 0;
    worst = fmin(worst, best);
    const bool holds = answer_holds(&q, &outcome);
    holding += holds;
    answers += holds ? outcome.continuous.goal : 0;
    search_outcome_free(&outcome);
    regimen_evaluation_close(e);
  }
  char answered[32] = "-";
  if (holding > 0) {
    snprintf(answered, sizeof answered, "%.3f", answers / holding);
  }
  printf("| %s | %s | %d of %d | %.3f | %.3f | %d of %d | %s |\n", engine, form_names[form], found,
         SEEDS, sum / found, worst, holding, SEEDS, answered);
  fflush(stdout);
  return true;
}

int main(void)
{
  stepdose_error error;
  stepdose_problem *problem = stepdose_problem_read(
      STEPDOSE_SOURCE_DIR "/problems/mosunetuzumab-dlbcl-population.json", NULL, 0, &error);
  if (problem == NULL) {
    fprintf(stderr, "%s\n", error.message);
    return 1;
  }
  printf("| engine | form | seeds with a feasible regimen | best of them, mean goal | worst seed | "
         "answer feasible | goal of such answers |\n|---|---|---|---|---|---|---|\n");
  bool done = true;
  for (int i = 0; done && i < search_engine_count(); i++) {
    for (int form = 0; done && form < FORM_COUNT; form++) {
      done = run(problem, search_engine_at(i)->name, form);
    }
  }
  stepdose_problem_free(problem);
  return done ? 0 : 1;
}
