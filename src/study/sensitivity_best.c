/* The recommended dose as an output of a sensitivity study: at each point the best regimen of the
 * reference patient, searched anew on a budget. See sensitivity_parts.h. */
#include "study/sensitivity_parts.h"

#include "base/allocate.h"
#include "optimize/workers.h"
#include "study/propose.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* The search at the problem's own values is where all others start: it has this many times their
 * evaluations. */
enum { FIRST_BUDGET = 4 };

/* No search ends by the clock; processor seconds that an engine may spend between two evaluations
 * before it counts as hung. */
static const double long_enough_minutes = 1e5, hang_seconds = 20;

/* What one worker needs: the problem with the parameters of the point in hand. */
typedef struct seat {
  stepdose_problem problem; /* of the reference patient; borrows all but `parameters` */
  double *parameters;       /* (n_parameters) */
} seat;

struct sensitivity_searches {
  sensitivity_study *study;
  int threads, n_branches;
  seat *seat;          /* (threads) */
  search_point *start; /* (n_branches): best of the first search */
  bool *has_start;     /* (n_branches) */
  /* of one call */
  const sensitivity_change *change;
  sensitivity_best *best; /* of each point */
  bool *broken;           /* of each point: *error */
  stepdose_error *error;
};

/* Every branch has its share of the evaluations. */
static const stepdose_problem *open_seat(const sensitivity_searches *w, seat *at, long evaluations)
{
  at->problem = *w->study->problem;
  at->problem.parameters = at->parameters;
  at->problem.reference_patient = true;
  at->problem.n_design = 0;
  at->problem.search.evaluations_max =
      evaluations > w->n_branches ? evaluations / w->n_branches : 1;
  at->problem.search.minutes_max = long_enough_minutes;
  return &at->problem;
}

/* Feasible before infeasible, then the larger goal or the smaller violation. */
static bool is_better(const search_outcome *o, const search_point *p, const sensitivity_best *best)
{
  if (!best->found || o->has_final != best->feasible) {
    return !best->found || o->has_final;
  }
  return o->has_final ? p->goal > best->goal : p->violation < best->violation;
}

static void take(const study_branch *b, sensitivity_best *best)
{
  const search_outcome *o = &b->outcome;
  const search_point *p = o->has_final ? &o->final : o->has_least ? &o->least : NULL;
  best->evaluations += o->evaluations;
  best->failures += o->failures;
  if (p != NULL && is_better(o, p, best)) {
    best->found = true;
    best->feasible = o->has_final;
    best->goal = p->goal;
    best->violation = p->violation;
    regimen_decode(&b->evaluation->branch, p->value, &best->doses);
  }
}

/* The first search begins as that of propose does. */
static bool search_broadly(const stepdose_problem *problem, int branch, study_branch *out,
                           stepdose_error *error)
{
  const study_run run = {.threads = 1};
  const study_question asked = {.branch = branch, .relaxed_limit = -1, .share = 1};
  return study_search_branch(problem, &run, &asked, out, error);
}

/* The best regimen of the first search, and the same with the smallest doses, which keep limits on
 * harm if anything does. */
static void list_starts(const regimen_evaluation *e, const search_point *best, double *starts)
{
  for (int i = 0; i < e->n_variables; i++) {
    const regimen_variable *v = &e->variable[i];
    starts[i] = best->value[i];
    starts[e->n_variables + i] = strcmp(v->unit, "day") == 0 ? best->value[i] : v->low;
  }
}

static bool search_near(const stepdose_problem *problem, int branch, const search_point *best,
                        study_branch *out, stepdose_error *error)
{
  double starts[2 * SEARCH_VARIABLES_MAX];
  search_task task = {.engine = problem->search.engine,
                      .seed = problem->search.seed,
                      .evaluations_max = problem->search.evaluations_max,
                      .hang_seconds = hang_seconds,
                      .threads = 1,
                      .n_given = 2,
                      .given = starts};
  *out = (study_branch){.evaluation = regimen_evaluation_open(problem, branch, -1, 1, error)};
  if (out->evaluation == NULL) {
    return false;
  }
  list_starts(out->evaluation, best, starts);
  regimen_evaluation_bind(out->evaluation, &task);
  out->searched = search_run(&task, &out->outcome, error);
  if (!out->searched) {
    study_branch_close(out);
  }
  return out->searched;
}

/* A branch in which nothing is free, or where the first search found nothing, has no start. */
static bool search_branch(const sensitivity_searches *w, const stepdose_problem *problem,
                          int branch, bool first, study_branch *out, stepdose_error *error)
{
  return first || !w->has_start[branch]
             ? search_broadly(problem, branch, out, error)
             : search_near(problem, branch, &w->start[branch], out, error);
}

static void keep_start(sensitivity_searches *w, int branch, const study_branch *found)
{
  const search_outcome *o = &found->outcome;
  w->has_start[branch] = found->evaluation->n_variables > 0 && (o->has_final || o->has_least);
  w->start[branch] = o->has_final ? o->final : o->least;
}

/* The search of every branch. */
static bool search(sensitivity_searches *w, const stepdose_problem *problem, bool first,
                   sensitivity_best *best, stepdose_error *error)
{
  *best = (sensitivity_best){.goal = NAN};
  for (int i = 0; i < w->n_branches; i++) {
    study_branch branch;
    if (!search_branch(w, problem, i, first, &branch, error)) {
      return false;
    }
    take(&branch, best);
    if (first) {
      keep_start(w, i, &branch);
    }
    study_branch_close(&branch);
  }
  return true;
}

static bool open_memory(sensitivity_searches *w)
{
  const size_t n = (size_t)w->study->problem->model->n_parameters;
  const size_t threads = (size_t)w->threads, branches = (size_t)w->n_branches;
  bool done = true;
  w->seat = allocate_zeroed(threads, sizeof *w->seat);
  w->start = allocate_zeroed(branches, sizeof *w->start);
  w->has_start = allocate_zeroed(branches, sizeof *w->has_start);
  w->best = allocate_zeroed(SENSITIVITY_SEARCHES, sizeof *w->best);
  w->broken = allocate_zeroed(SENSITIVITY_SEARCHES, sizeof *w->broken);
  w->error = allocate_zeroed(SENSITIVITY_SEARCHES, sizeof *w->error);
  for (size_t i = 0; i < threads && w->seat != NULL; i++) {
    w->seat[i].parameters = allocate_zeroed(n, sizeof *w->seat[i].parameters);
    done = done && w->seat[i].parameters != NULL;
  }
  return done && w->seat != NULL && w->start != NULL && w->has_start != NULL && w->best != NULL &&
         w->broken != NULL && w->error != NULL;
}

static bool search_first(sensitivity_searches *w, stepdose_error *error)
{
  const stepdose_problem *p = w->study->problem;
  sensitivity_best best;
  memcpy(w->seat[0].parameters, p->parameters,
         (size_t)p->model->n_parameters * sizeof *p->parameters);
  return search(w, open_seat(w, &w->seat[0], FIRST_BUDGET * w->study->settings->evaluations), true,
                &best, error);
}

sensitivity_searches *sensitivity_searches_open(sensitivity_study *s, int threads,
                                                stepdose_error *error)
{
  sensitivity_searches *w = allocate_zeroed(1, sizeof *w);
  if (w == NULL) {
    error_no_memory(error, "searching the best regimens");
    return NULL;
  }
  w->study = s;
  w->threads = threads > 0 ? threads : 1;
  w->n_branches = regimen_branch_count(&s->problem->regimen);
  const bool done = (open_memory(w) || error_no_memory(error, "searching the best regimens")) &&
                    search_first(w, error);
  if (!done) {
    sensitivity_searches_close(w);
    return NULL;
  }
  return w;
}

void sensitivity_searches_close(sensitivity_searches *w)
{
  if (w == NULL) {
    return;
  }
  for (int i = 0; w->seat != NULL && i < w->threads; i++) {
    release(w->seat[i].parameters);
  }
  release(w->seat);
  release(w->start);
  release(w->has_start);
  release(w->best);
  release(w->broken);
  release(w->error);
  release(w);
}

static void run_job(void *context, int worker, long index)
{
  sensitivity_searches *w = context;
  seat *at = &w->seat[worker];
  const size_t n = (size_t)w->study->problem->model->n_parameters;
  memcpy(at->parameters, w->change[index].parameters, n * sizeof *at->parameters);
  w->broken[index] = !search(w, open_seat(w, at, w->study->settings->evaluations), false,
                             &w->best[index], &w->error[index]);
}

static double value_of(const sensitivity_output *o, const sensitivity_best *best)
{
  schedule engager;
  if (o->kind == SENSITIVITY_LOOK_BEST_FEASIBLE) {
    return best->feasible;
  }
  if (!best->feasible) {
    return NAN;
  }
  schedule_of_engager(&best->doses, &engager);
  if (o->kind == SENSITIVITY_LOOK_BEST_GOAL) {
    return best->goal;
  }
  if (o->kind == SENSITIVITY_LOOK_BEST_TOTAL) {
    return schedule_total_mg(&engager);
  }
  return o->index < engager.n_doses ? log10(engager.doses[o->index].amount) : (double)NAN;
}

bool sensitivity_search_points(sensitivity_searches *w, long n, const sensitivity_change *change,
                               double *values, stepdose_error *error)
{
  sensitivity_study *s = w->study;
  w->change = change;
  search_workers_run(w->threads, n, run_job, w);
  for (long i = 0; i < n; i++) {
    if (w->broken[i]) {
      *error = w->error[i];
      return false;
    }
    s->simulations += w->best[i].evaluations;
    s->failures += w->best[i].failures;
    for (int k = 0; k < s->n_outputs; k++) {
      if (s->output[k].source == SENSITIVITY_FROM_BEST) {
        values[i * s->n_outputs + k] = value_of(&s->output[k], &w->best[i]);
      }
    }
  }
  return true;
}
