/* The search of each branch: one search_run per number of steps and choice of the design. */
#include "study/propose.h"

#include "base/allocate.h"

#include <math.h>
#include <string.h>

/* Processor seconds that an engine may spend between two evaluations before it counts as hung. */
static const double hang_seconds = 20;

static double seconds_left(const stepdose_problem *problem, const study_run *run)
{
  double left = problem->search.minutes_max * 60 - progress_seconds(run->progress);
  return fmax(left, 1e-3); /* 0 would mean no limit */
}

long study_budget(const stepdose_problem *problem, double share)
{
  long evaluations = (long)floor((double)problem->search.evaluations_max * share);
  return evaluations > 1 ? evaluations : 1;
}

static search_task describe_task(const stepdose_problem *problem, const study_run *run,
                                 double share)
{
  const search_settings *settings = &problem->search;
  return (search_task){
      .engine = settings->engine,
      .seed = settings->seed,
      .starts = settings->starts,
      .evaluations_max = study_budget(problem, share),
      .seconds_max = seconds_left(problem, run),
      .hang_seconds = hang_seconds,
      .threads = run->threads,
      .near_optimal_loss = settings->near_optimal_loss,
      .journal = run->journal,
      .progress = run->progress,
  };
}

static double largest_violation(const search_point *point, int n_constraints)
{
  double largest = 0;
  for (int i = 0; i < n_constraints; i++) {
    largest = fmax(largest, point->constraint[i]);
  }
  return largest;
}

static bool only_point_memory(search_outcome *o, stepdose_error *error)
{
  o->points = allocate_zeroed(1, sizeof *o->points);
  o->near = allocate_zeroed(1, sizeof *o->near);
  if (o->points == NULL || o->near == NULL) {
    search_outcome_free(o);
    return error_no_memory(error, "evaluating the only regimen of a branch");
  }
  return true;
}

/* A branch in which everything is fixed has one regimen: nothing to search. */
static bool evaluate_only_regimen(regimen_evaluation *e, search_outcome *o, stepdose_error *error)
{
  stepdose_error failure;
  error_clear(&failure);
  if (!only_point_memory(o, error)) {
    return false;
  }
  search_point *only = o->points;
  o->n_points = o->evaluations = 1;
  o->end = SEARCH_END_CONVERGED;
  only->failed = !regimen_evaluate(e, 0, only->value, &only->goal, only->constraint, &failure);
  if (only->failed) {
    only->goal = NAN;
    only->violation = HUGE_VAL;
    o->failures = 1;
    memcpy(o->first_failure, failure.message, sizeof o->first_failure);
    return true;
  }
  only->violation = largest_violation(only, e->n_constraints);
  o->has_least = true;
  o->least = *only;
  if (only->violation <= 0) {
    o->has_final = o->neighbours_complete = true;
    o->final = *only;
    o->near[o->n_near++] = only;
  }
  return true;
}

/* Searches with another goal or other limits must not answer from each other's records. */
static int journal_id(const study_question *asked)
{
  int kind =
      asked->tightened > 0 ? PROBLEM_LIMITS_MAX + asked->tightened : asked->relaxed_limit + 1;
  return kind * STUDY_BRANCHES_MAX + asked->branch;
}

/* Coarse searches are kept apart from those with all patients. */
static const int coarse_journal = 1 << 20;

static void tell_journal(const study_run *run, int id)
{
  if (run->journal != NULL) {
    journal_branch(run->journal, run->journal_first + id);
  }
}

/* The tightened search of a cohort goes on from the last answer; a large cohort is searched from
 * what its first patients say; else starts are what study_starts offers. */
static bool choose_start(const stepdose_problem *problem, const study_run *run,
                         const study_question *asked, search_task *task, double *starts,
                         study_branch *out, stepdose_error *error)
{
  const int n = out->evaluation->n_variables;
  const bool goes_on = !problem->reference_patient && asked->tightened > 0;
  coarse_answers coarse = {0};
  task->given = starts;
  task->n_given = goes_on ? 0 : study_starts(out->evaluation, starts);
  const search_point *const also[] = {asked->start, asked->other_start};
  for (int i = 0; i < 2; i++) {
    if (also[i] != NULL) {
      memcpy(starts + task->n_given++ * n, also[i]->value, (size_t)n * sizeof(double));
    }
  }
  if (goes_on) {
    task->given_only = task->n_given > 0;
    return true;
  }
  tell_journal(run, coarse_journal + journal_id(asked));
  if (!study_search_coarse(problem, asked, *task, &coarse, error)) {
    return false;
  }
  out->coarse_patients = coarse.patients;
  out->coarse_evaluations = coarse.evaluations;
  out->coarse_failures = coarse.failures;
  for (int i = 0; i < coarse.n; i++) {
    memcpy(starts + i * n, coarse.value[i], (size_t)n * sizeof(double));
  }
  task->n_given = coarse.n > 0 ? coarse.n : task->n_given;
  task->given_only = coarse.n > 0;
  if (coarse.n > 0) {
    task->evaluations_max = study_budget(problem, STUDY_FINE_SHARE * asked->share);
  }
  return true;
}

static bool search_variables(const stepdose_problem *problem, const study_run *run,
                             const study_question *asked, study_branch *out, stepdose_error *error)
{
  double starts[(STUDY_STARTS_MAX + 2) * SEARCH_VARIABLES_MAX];
  search_task task = describe_task(problem, run, asked->share);
  regimen_evaluation_bind(out->evaluation, &task);
  if (!choose_start(problem, run, asked, &task, starts, out, error)) {
    return false;
  }
  tell_journal(run, journal_id(asked));
  return search_run(&task, &out->outcome, error);
}

bool study_search_branch(const stepdose_problem *problem, const study_run *run,
                         const study_question *asked, study_branch *out, stepdose_error *error)
{
  *out = (study_branch){0};
  out->evaluation =
      regimen_evaluation_open(problem, asked->branch, asked->relaxed_limit, run->threads, error);
  if (out->evaluation == NULL) {
    return false;
  }
  memcpy(out->evaluation->safety, asked->safety, sizeof asked->safety);
  out->searched = out->evaluation->n_variables == 0
                      ? evaluate_only_regimen(out->evaluation, &out->outcome, error)
                      : search_variables(problem, run, asked, out, error);
  if (!out->searched) {
    study_branch_close(out);
  }
  return out->searched;
}

void study_branch_close(study_branch *b)
{
  if (b->searched) {
    search_outcome_free(&b->outcome);
  }
  regimen_evaluation_close(b->evaluation);
  *b = (study_branch){0};
}

bool study_cut_short(search_end end) { return end == SEARCH_END_TIME || end == SEARCH_END_STOPPED; }

void study_add_up(study_proposal *p, const search_outcome *o)
{
  p->evaluations += o->evaluations;
  p->failures += o->failures;
  p->journal_answers += o->journal_answers;
  p->end = study_cut_short(o->end) ? o->end : p->end;
  if (p->first_failure[0] == 0) {
    memcpy(p->first_failure, o->first_failure, sizeof p->first_failure);
  }
}

/* A branch that did not come to its end leaves the whole search without one. */
static void add_branch(study_proposal *p, const search_outcome *o)
{
  study_add_up(p, o);
  p->end = p->end == SEARCH_END_CONVERGED ? o->end : p->end;
  p->budget_used_up = p->budget_used_up || o->budget_used_up;
}

bool study_search_branches(study_proposal *p, const study_run *run, stepdose_error *error)
{
  p->end = SEARCH_END_CONVERGED;
  p->n_branches = regimen_evaluation_branches(p->problem);
  for (int i = 0; i < p->n_branches; i++) {
    study_question asked = {.branch = i, .relaxed_limit = -1, .share = 1.0 / p->n_branches};
    if (!study_search_branch(p->problem, run, &asked, &p->branch[i], error)) {
      return false;
    }
    add_branch(p, &p->branch[i].outcome);
    p->evaluations_coarse += p->branch[i].coarse_evaluations;
  }
  return true;
}
