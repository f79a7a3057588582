/* The regimens that the search of a front has simulated: each once, whoever asks for it. */
#include "study/pareto_parts.h"

#include "base/allocate.h"

#include <math.h>
#include <string.h>

enum { FIRST_CHECKS = 64 };

bool pareto_branch_open(pareto_work *w, int branch, pareto_branch *b, stepdose_error *error)
{
  *b = (pareto_branch){.work = w, .branch = branch};
  b->evaluation = regimen_evaluation_open(w->goals, branch, -1, 0, error);
  if (b->evaluation == NULL) {
    return false;
  }
  b->known = search_points_open(b->evaluation->n_variables, SEARCH_FROM_SCREENING);
  return true;
}

static bool open_engines(pareto_branch *b, stepdose_error *error)
{
  const model *m = b->work->goals->model;
  const size_t threads = (size_t)b->work->run->threads;
  b->alone = allocate_zeroed(threads, sizeof(cohort_engine *));
  b->derived = allocate_zeroed(threads * (size_t)m->n_derived, sizeof *b->derived);
  if (b->alone == NULL || b->derived == NULL) {
    return error_no_memory(error, "searching a front");
  }
  b->engine = cohort_engine_open(m, (int)threads, 0, error);
  bool done = b->engine != NULL;
  for (; done && b->n_alone < (int)threads; b->n_alone++) {
    b->alone[b->n_alone] = cohort_engine_open(m, 1, 0, error);
    done = b->alone[b->n_alone] != NULL;
  }
  return done;
}

bool pareto_branch_equip(pareto_branch *b, stepdose_error *error)
{
  const pareto_work *w = b->work;
  regimen_evaluation *simulating =
      regimen_evaluation_open(w->goals, b->branch, -1, w->run->threads, error);
  if (simulating == NULL) {
    return false;
  }
  b->described = b->evaluation;
  b->evaluation = simulating;
  return !w->goals->reference_patient || open_engines(b, error);
}

void pareto_branch_strip(pareto_branch *b)
{
  for (int i = 0; i < b->n_alone; i++) {
    cohort_engine_close(b->alone[i]);
  }
  cohort_engine_close(b->engine);
  release(b->alone);
  release(b->derived);
  b->engine = NULL;
  b->alone = NULL;
  b->derived = NULL;
  b->n_alone = 0;
  if (b->described != NULL) {
    regimen_evaluation_close(b->evaluation);
    b->evaluation = b->described;
    b->described = NULL;
  }
}

void pareto_branch_close(pareto_branch *b)
{
  search_points_close(&b->known);
  regimen_evaluation_close(b->evaluation);
  release(b->check);
  *b = (pareto_branch){0};
}

long pareto_budget_left(const pareto_branch *b)
{
  return b->known.n < b->budget ? b->budget - b->known.n : 0;
}

bool pareto_is_cut(pareto_work *w)
{
  const double allowed = w->goals->search.minutes_max * 60;
  if (study_cut_short(w->end)) {
    return true;
  }
  if (progress_stopped(w->run->quiet)) {
    w->end = SEARCH_END_STOPPED;
  } else if (progress_seconds(w->run->progress) >= allowed) {
    w->end = SEARCH_END_TIME;
  }
  return study_cut_short(w->end);
}

bool pareto_check(pareto_branch *b, stepdose_error *error)
{
  if (b->n_checks == b->check_capacity) {
    int capacity = b->n_checks > 0 ? 2 * b->n_checks : FIRST_CHECKS;
    long *longer = reallocate(b->check, (size_t)capacity * sizeof *longer);
    if (longer == NULL) {
      return error_no_memory(error, "keeping the trace of a front");
    }
    b->check = longer;
    b->check_capacity = capacity;
  }
  b->check[b->n_checks++] = b->known.n;
  return true;
}

/* --- one regimen ------------------------------------------------------------------------------ */

bool pareto_keeps_rules(const regimen_evaluation *e, const double *value)
{
  double rule[REGIMEN_RULES_MAX];
  regimen_rules(&e->branch, value, rule);
  for (int i = 0; i < e->branch.n_rules; i++) {
    if (rule[i] > SEARCH_TOLERANCE) {
      return false;
    }
  }
  return true;
}

static bool is_finite(const regimen_evaluation *e, const search_point *p)
{
  bool finite = isfinite(p->goal);
  for (int i = 0; i < e->n_constraints; i++) {
    finite = finite && isfinite(p->constraint[i]);
  }
  return finite;
}

/* Of what is kept; a regimen off the grid cannot be given, whatever it keeps. */
static double violation_of(const pareto_branch *b, const search_point *p)
{
  const regimen_evaluation *e = b->evaluation;
  double violation = 0;
  if (p->failed || !study_on_grid(e, p)) {
    return INFINITY;
  }
  for (int i = 0; i < e->n_constraints; i++) {
    if (pareto_is_kept(b->work, e, i) && p->constraint[i] > SEARCH_TOLERANCE) {
      violation = fmax(violation, p->constraint[i]);
    }
  }
  return violation;
}

bool pareto_recall(pareto_branch *b, search_point *p)
{
  const regimen_evaluation *e = b->evaluation;
  search_journal *journal = b->work->run->journal;
  if (journal == NULL || !journal_find(journal, b->branch, e->n_variables, p->value,
                                       e->n_constraints, &p->goal, p->constraint, &p->failed)) {
    return false;
  }
  atomic_fetch_add(&b->work->journal_answers, 1);
  p->violation = violation_of(b, p);
  return true;
}

void pareto_record(pareto_branch *b, search_point *p, bool simulated, stepdose_error *why)
{
  const regimen_evaluation *e = b->evaluation;
  search_journal *journal = b->work->run->journal;
  p->failed = !simulated;
  if (simulated && !is_finite(e, p)) {
    p->failed = true;
    error_set(why, STEPDOSE_SIMULATION_FAILED, STUDY_FAILED_REMEDY,
              "the goal or a limit is not a finite number");
  }
  if (p->failed) {
    p->goal = 0;
    memset(p->constraint, 0, sizeof p->constraint);
  }
  if (journal != NULL) {
    journal_add(journal, b->branch, e->n_variables, p->value, e->n_constraints, p->goal,
                p->constraint, p->failed);
  }
  p->violation = violation_of(b, p);
}

/* The reference patient; no allocation. */
static bool simulate_alone(pareto_branch *b, int worker, search_point *p, stepdose_error *why)
{
  const regimen_evaluation *e = b->evaluation;
  const stepdose_problem *goals = e->problem;
  double *parameters = e->parameters + (long)worker * goals->model->n_parameters;
  double *derived = b->derived + (long)worker * goals->model->n_derived;
  schedule doses;
  endpoints found;
  cohort_report report;
  bool failed = false;
  simulate_settings settings = simulate_settings_default();
  settings.relative_tolerance = goals->tolerance;
  const cohort_call call = {.request = &goals->request, .settings = &settings};
  const stream_task task = {parameters, derived, &doses, &found, NULL};
  regimen_evaluation_decode(e, p->value, &doses, parameters);
  if (!goals->model->derive(parameters, derived, why) ||
      !cohort_run_tasks(b->alone[worker], 1, &task, 1, &call, &failed, &report, why)) {
    return false;
  }
  if (failed) {
    *why = report.first_error;
    return false;
  }
  regimen_evaluation_judge(e, p->value, &found, &p->goal, p->constraint);
  return true;
}

void pareto_simulate(pareto_branch *b, int worker, search_point *p, stepdose_error *why)
{
  if (pareto_recall(b, p)) {
    return;
  }
  const bool simulated = b->alone != NULL ? simulate_alone(b, worker, p, why)
                                          : regimen_evaluate(b->evaluation, worker, p->value,
                                                             &p->goal, p->constraint, why);
  pareto_record(b, p, simulated, why);
}

bool pareto_keep(pareto_branch *b, const search_point *p, stepdose_error *error)
{
  if (search_points_find(&b->known, p->value) >= 0) {
    return true;
  }
  const long i = search_points_add(&b->known, p->value);
  if (i < 0) {
    return error_no_memory(error, "keeping the regimens of a front");
  }
  b->known.point[i] = *p;
  b->known.point[i].evaluation = i;
  progress_step(b->work->run->progress, 1);
  return true;
}
