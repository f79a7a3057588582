/* Epsilon-constraint searches of one branch: the largest benefit without a cap on costs, the
 * smallest of each cost, and the largest benefit under caps that fall from the one to the other.
 * Each starts from the best that is known. Every regimen on their way is kept. (Haimes, Lasdon,
 * Wismer 1971, IEEE Trans. Syst. Man Cybern. 1, 296.) */
#include "study/pareto_parts.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { CAPS = 6, LEAST_EVALUATIONS = 30, WARM_BASE = 40, WARM_EACH = 40 };

/* Of the branch's evaluations; NSGA-II has the rest. */
static const double seed_share = 0.4;

/* Processor seconds that an engine may spend between two evaluations before it counts as hung. */
static const double hang_seconds = 20;

/* One search: what it is asked, and what it has simulated that was not known before. */
typedef struct inquiry {
  pareto_branch *branch;
  int minimized;                 /* a cost; -1: the benefit is maximized */
  double cap[PROBLEM_COSTS_MAX]; /* margins that costs must not exceed; INFINITY: none */
  pthread_mutex_t lock;          /* guards what follows */
  search_points fresh;
  bool no_memory;
} inquiry;

static int cost_limit(const pareto_branch *b, int k) { return b->work->study->n_kept + k; }

/* --- the evaluation of a search ------------------------------------------------------------------
 */

static bool recall(inquiry *q, search_point *p)
{
  const search_points *known = &q->branch->known;
  long i = search_points_find(known, p->value);
  if (i >= 0) {
    *p = known->point[i];
    return true;
  }
  pthread_mutex_lock(&q->lock);
  i = search_points_find(&q->fresh, p->value);
  if (i >= 0) {
    *p = q->fresh.point[i];
  }
  pthread_mutex_unlock(&q->lock);
  return i >= 0;
}

static void remember(inquiry *q, const search_point *p)
{
  pthread_mutex_lock(&q->lock);
  if (search_points_find(&q->fresh, p->value) < 0) {
    const long i = search_points_add(&q->fresh, p->value);
    q->no_memory = q->no_memory || i < 0;
    if (i >= 0) {
      q->fresh.point[i] = *p;
    }
  }
  pthread_mutex_unlock(&q->lock);
}

/* Costs that are not capped hold by any margin. */
static void answer(const inquiry *q, const search_point *p, double *goal_value, double *constraint)
{
  const pareto_branch *b = q->branch;
  const regimen_evaluation *e = b->evaluation;
  const int n_kept = b->work->study->n_kept;
  *goal_value =
      q->minimized < 0 ? p->goal : -regimen_limit_margin(e, p, cost_limit(b, q->minimized));
  for (int i = 0; i < e->n_constraints; i++) {
    const int k = e->constraint[i].limit - n_kept;
    constraint[i] = p->constraint[i];
    if (k >= 0) {
      constraint[i] = isfinite(q->cap[k]) ? p->constraint[i] - q->cap[k] : -1;
    }
  }
}

/* A search_evaluate. */
static bool evaluate(void *context, int worker, const double *value, double *goal_value,
                     double *constraint, stepdose_error *error)
{
  inquiry *q = context;
  search_point p = {.start = SEARCH_FROM_SCREENING};
  memcpy(p.value, value, (size_t)q->branch->evaluation->n_variables * sizeof *value);
  if (!recall(q, &p)) {
    pareto_simulate(q->branch, worker, &p, error);
    remember(q, &p);
  }
  if (p.failed) {
    return error_set(error, STEPDOSE_SIMULATION_FAILED, STUDY_FAILED_REMEDY,
                     "the simulation failed");
  }
  answer(q, &p, goal_value, constraint);
  return true;
}

/* --- one search ------------------------------------------------------------------------------- */

/* In the order of the search, which does not depend on threads. */
static bool keep_fresh(inquiry *q, const search_outcome *o, stepdose_error *error)
{
  study_pareto *s = q->branch->work->study;
  if (q->no_memory) {
    return error_no_memory(error, "keeping the regimens of a front");
  }
  for (long i = 0; i < o->n_points; i++) {
    const long found = search_points_find(&q->fresh, o->points[i].value);
    if (found >= 0 && !pareto_keep(q->branch, &q->fresh.point[found], error)) {
      return false;
    }
  }
  if (s->first_failure[0] == 0) {
    snprintf(s->first_failure, sizeof s->first_failure, "%s", o->first_failure);
  }
  return pareto_check(q->branch, error);
}

static search_task describe_task(inquiry *q, long evaluations, const double *given, int n_given)
{
  const pareto_work *w = q->branch->work;
  const search_settings *settings = &w->goals->search;
  const double left = settings->minutes_max * 60 - progress_seconds(w->run->progress);
  search_task task = {.engine = settings->engine,
                      .seed = w->goals->pareto.seed,
                      .starts = 1,
                      .n_given = n_given,
                      .given = given,
                      .evaluations_max = evaluations,
                      .seconds_max = fmax(left, 1e-3), /* 0 would mean no limit */
                      .hang_seconds = hang_seconds,
                      .threads = w->run->threads,
                      .progress = w->run->quiet};
  regimen_evaluation_bind(q->branch->evaluation, &task);
  task.evaluate = evaluate;
  task.context = q;
  return task;
}

static bool search(inquiry *q, long evaluations, const double *given, int n_given,
                   stepdose_error *error)
{
  pareto_work *w = q->branch->work;
  search_outcome outcome;
  search_task task = describe_task(q, evaluations, given, n_given);
  q->fresh = search_points_open(task.n_variables, SEARCH_FROM_SCREENING);
  bool done = search_run(&task, &outcome, error);
  if (done) {
    done = keep_fresh(q, &outcome, error);
    w->end = study_cut_short(outcome.end) ? outcome.end : w->end;
    search_outcome_free(&outcome);
  }
  search_points_close(&q->fresh);
  return done;
}

/* --- all of them ------------------------------------------------------------------------------ */

typedef struct plan {
  int n_caps;
  long evaluations; /* of each search; the first one has twice as many */
} plan;

/* False: the budget is too small to search at all. */
static bool make_plan(const pareto_branch *b, plan *p)
{
  const int n_costs = b->work->study->n_costs;
  const long all = (long)(seed_share * (double)pareto_budget_left(b));
  const long warm = WARM_BASE + WARM_EACH * (long)b->evaluation->n_variables;
  const long affordable = (all / LEAST_EVALUATIONS - 2 - n_costs) / n_costs;
  p->n_caps = affordable < CAPS ? (int)affordable : CAPS;
  if (affordable < 1) {
    return false;
  }
  p->evaluations = all / (2 + n_costs + (long)n_costs * p->n_caps);
  p->evaluations = p->evaluations < warm ? p->evaluations : warm;
  return true;
}

static void ask_nothing(inquiry *q)
{
  q->minimized = -1;
  for (int k = 0; k < PROBLEM_COSTS_MAX; k++) {
    q->cap[k] = INFINITY;
  }
}

static double cost_of(const pareto_branch *b, const search_point *p, int k)
{
  return objective_value_at(study_pareto_cost(b->work->study, k),
                            regimen_limit_margin(b->evaluation, p, cost_limit(b, k)));
}

static bool keeps_caps(const inquiry *q, const search_point *p)
{
  const pareto_branch *b = q->branch;
  bool keeps = p->violation <= 0;
  for (int k = 0; k < b->work->study->n_costs; k++) {
    keeps = keeps && regimen_limit_margin(b->evaluation, p, cost_limit(b, k)) <= q->cap[k];
  }
  return keeps;
}

/* The best answer to the question among what is known; NULL: there is none. */
static const search_point *best_known(const inquiry *q)
{
  const pareto_branch *b = q->branch;
  const search_point *best = NULL;
  double largest = -INFINITY;
  for (long i = 0; i < b->known.n; i++) {
    const search_point *p = &b->known.point[i];
    if (!keeps_caps(q, p)) {
      continue;
    }
    const double worth = q->minimized < 0 ? p->goal : -cost_of(b, p, q->minimized);
    if (worth > largest) {
      largest = worth;
      best = p;
    }
  }
  return best;
}

/* Starts from the schedules in use where `usual`, and from what is known. *answer: afterwards. */
static bool search_from_known(inquiry *q, long evaluations, bool usual, search_point *answer,
                              bool *found, stepdose_error *error)
{
  double given[(STUDY_STARTS_MAX + 1) * SEARCH_VARIABLES_MAX];
  const regimen_evaluation *e = q->branch->evaluation;
  int n = usual ? study_starts(e, given) : 0;
  const search_point *start = best_known(q);
  if (start != NULL) {
    memcpy(given + n++ * e->n_variables, start->value, (size_t)e->n_variables * sizeof *given);
  }
  if (!search(q, evaluations, given, n, error)) {
    return false;
  }
  const search_point *best = best_known(q);
  *found = best != NULL;
  if (*found) {
    *answer = *best;
  }
  return true;
}

/* Caps at equal steps between the costs of the best and the cheapest regimen. */
static bool sweep(inquiry *q, const plan *p, int k, double high, double low, stepdose_error *error)
{
  pareto_branch *b = q->branch;
  for (int i = p->n_caps; i > 0 && low < high && !pareto_is_cut(b->work); i--) {
    search_point ignored;
    bool found = false;
    const double cap = low + (high - low) * i / (p->n_caps + 1);
    ask_nothing(q);
    q->cap[k] = objective_margin(study_pareto_cost(b->work->study, k), cap);
    if (!search_from_known(q, p->evaluations, false, &ignored, &found, error)) {
      return false;
    }
  }
  return true;
}

static bool run_plan(inquiry *q, const plan *p, stepdose_error *error)
{
  pareto_work *w = q->branch->work;
  search_point best;
  bool found = false;
  ask_nothing(q);
  if (!search_from_known(q, 2 * p->evaluations, true, &best, &found, error)) {
    return false;
  }
  for (int k = 0; k < w->study->n_costs && !pareto_is_cut(w); k++) {
    search_point cheapest;
    bool found_cheapest = false;
    ask_nothing(q);
    q->minimized = k;
    if (!search_from_known(q, p->evaluations, false, &cheapest, &found_cheapest, error)) {
      return false;
    }
    if (found && found_cheapest &&
        !sweep(q, p, k, cost_of(q->branch, &best, k), cost_of(q->branch, &cheapest, k), error)) {
      return false;
    }
  }
  return true;
}

bool pareto_seed(pareto_branch *b, stepdose_error *error)
{
  plan p;
  inquiry q = {.branch = b};
  if (!make_plan(b, &p) || pareto_is_cut(b->work)) {
    return true;
  }
  if (pthread_mutex_init(&q.lock, NULL) != 0) {
    return error_no_memory(error, "searching a front");
  }
  const bool done = run_plan(&q, &p, error);
  (void)pthread_mutex_destroy(&q.lock);
  return done;
}
