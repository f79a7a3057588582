/* What each limit costs: the change of the best goal per percent of its bound, by searching again
 * with the bound moved, and by the multiplier at the optimum. Both off the grid of vials: on it the
 * best goal is a staircase of the bound, and has no price. */
#include "base/allocate.h"
#include "base/error.h"
#include "optimize/multipliers.h"
#include "study/whatif.h"

#include <math.h>

static const double active_margin = 2e-3;  /* an engine ends within this of a limit that binds */
static const double searched_share = 0.25; /* of the problem's evaluations, for each moved bound */

typedef struct shadow_work {
  study_whatif *study;
  const study_run *run;
  int next_search;   /* in the journal */
  int branch;        /* of the optimum */
  study_branch best; /* the search that found it */
} shadow_work;

/* One search; what was found before is one of its starts. False: *error. */
static bool search(shadow_work *w, const stepdose_problem *problem, study_question *asked,
                   study_branch *found, stepdose_error *error)
{
  study_run run = *w->run;
  run.progress = run.quiet;
  run.journal_first = (CHANGES_MAX + 1 + w->next_search++) * STUDY_JOURNAL_SEARCHES;
  if (!study_search_branch(problem, &run, asked, found, error)) {
    return false;
  }
  w->study->evaluations += found->outcome.evaluations;
  w->study->cut_short = w->study->cut_short || study_cut_short(found->outcome.end);
  return true;
}

static bool is_better(const study_branch *a, const study_branch *than)
{
  return a->outcome.has_continuous && (!than->searched || !than->outcome.has_continuous ||
                                       a->outcome.continuous.goal > than->outcome.continuous.goal);
}

static void keep_better(shadow_work *w, int branch, study_branch *found)
{
  if (is_better(found, &w->best)) {
    study_branch_close(&w->best);
    w->best = *found;
    w->branch = branch;
  } else {
    study_branch_close(found);
  }
}

/* The best of all branches, then once more from there: as every moved bound is searched. */
static bool find_optimum(shadow_work *w, stepdose_error *error)
{
  const stepdose_problem *p = w->study->problem;
  const int n = regimen_evaluation_branches(p);
  study_branch found;
  for (int b = 0; b < n && !w->study->cut_short; b++) {
    study_question asked = {.branch = b, .relaxed_limit = -1, .share = 1.0 / n};
    if (!search(w, p, &asked, &found, error)) {
      return false;
    }
    keep_better(w, b, &found);
  }
  if (!w->best.searched || w->best.evaluation->n_variables == 0 || w->study->cut_short) {
    return true;
  }
  const search_point start = w->best.outcome.continuous;
  study_question asked = {
      .branch = w->branch, .relaxed_limit = -1, .share = searched_share, .start = &start};
  if (!search(w, p, &asked, &found, error)) {
    return false;
  }
  keep_better(w, w->branch, &found);
  return true;
}

/* --- by searches ------------------------------------------------------------------------------ */

/* The best goal with the bound of limit k times `factor`; NAN: none was found. */
static bool goal_with(shadow_work *w, int k, double factor, double *best, stepdose_error *error)
{
  study_branch found;
  stepdose_problem *moved = allocate(sizeof *moved);
  const search_point start = w->best.outcome.continuous;
  study_question asked = {
      .branch = w->branch, .relaxed_limit = -1, .share = searched_share, .start = &start};
  *best = NAN;
  if (moved == NULL) {
    return error_no_memory(error, "moving a bound");
  }
  *moved = *w->study->problem;
  moved->limits[k].bound *= factor;
  const double within = objective_margin(&moved->limits[k], moved->limits[k].bound);
  bool done = true;
  if (isfinite(within)) {
    done = search(w, moved, &asked, &found, error);
    if (done) {
      *best = found.outcome.has_continuous ? found.outcome.continuous.goal : (double)NAN;
      study_branch_close(&found);
    }
  }
  release(moved);
  return done;
}

static bool price_by_search(shadow_work *w, whatif_shadow *s, stepdose_error *error)
{
  const double percent = w->study->changes->shadow_percent;
  if (!goal_with(w, s->limit, 1 - percent / 100, &s->goal_tighter, error) ||
      !goal_with(w, s->limit, 1 + percent / 100, &s->goal_wider, error)) {
    return false;
  }
  s->by_search = (s->goal_wider - s->goal_tighter) / (2 * percent);
  return true;
}

/* --- by multipliers --------------------------------------------------------------------------- */

/* How much the margin of a value at the bound falls per percent by which the bound is widened. */
static double margin_per_percent(const limit *l)
{
  const double h = 1e-4;
  limit tighter = *l;
  limit wider = *l;
  tighter.bound *= 1 - h;
  wider.bound *= 1 + h;
  return (objective_margin(&tighter, l->bound) - objective_margin(&wider, l->bound)) / (200 * h);
}

static bool prices_by_multipliers(shadow_work *w, stepdose_error *error)
{
  study_whatif *s = w->study;
  const regimen_evaluation *e = w->best.evaluation;
  double lambda[SEARCH_CONSTRAINTS_MAX];
  search_task task = {0};
  regimen_evaluation_bind(w->best.evaluation, &task);
  if (!search_multipliers(&task, w->best.outcome.continuous.value, active_margin, lambda,
                          &s->shadow_residual, error)) {
    return false;
  }
  for (int k = 0; k < s->n_shadows; k++) {
    double sum = 0;
    for (int i = 0; i < e->n_windows[k]; i++) {
      sum += lambda[e->first_constraint[k] + i];
    }
    s->shadow[k].by_multiplier = sum * margin_per_percent(&s->problem->limits[k]);
  }
  return true;
}

/* --- all of them ------------------------------------------------------------------------------ */

static void open_shadows(shadow_work *w)
{
  study_whatif *s = w->study;
  const search_point *best = &w->best.outcome.continuous;
  s->n_shadows = s->problem->n_limits;
  s->shadow_goal = best->goal;
  for (int k = 0; k < s->n_shadows; k++) {
    const double margin = regimen_limit_margin(w->best.evaluation, best, k);
    s->shadow[k] = (whatif_shadow){.limit = k, .margin = margin};
  }
}

/* A limit that lies farther away than its bound is moved costs nothing: it is not searched for. */
static bool find_prices(shadow_work *w, stepdose_error *error)
{
  study_whatif *s = w->study;
  bool done = prices_by_multipliers(w, error);
  for (int k = 0; done && k < s->n_shadows && !s->cut_short; k++) {
    const limit *l = &s->problem->limits[k];
    const double reach = 2 * s->changes->shadow_percent * margin_per_percent(l);
    s->shadow[k].goal_tighter = s->shadow[k].goal_wider = s->shadow_goal;
    if (s->shadow[k].margin > -fmax(reach, active_margin)) {
      done = price_by_search(w, &s->shadow[k], error);
    }
    progress_step(w->run->progress, 1);
  }
  s->shadows_known = done && !s->cut_short;
  return done;
}

bool whatif_find_shadows(study_whatif *s, const study_run *run, stepdose_error *error)
{
  shadow_work w = {.study = s, .run = run};
  progress_stage(run->progress, "prices of limits", s->problem->n_limits);
  bool done = find_optimum(&w, error);
  if (done && w.best.searched && w.best.evaluation->n_variables > 0 && !s->cut_short) {
    open_shadows(&w);
    done = find_prices(&w, error);
  }
  study_branch_close(&w.best);
  return done;
}
