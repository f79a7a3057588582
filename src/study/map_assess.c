/* The points of a design map: of every molecule the best regimen of all branches, simulated anew at
 * the tighter tolerance. */
#include "study/map_parts.h"

#include "base/allocate.h"
#include "optimize/workers.h"

#include <math.h>
#include <string.h>

/* As in a proposal: a limit that fails by no more than this (log10) may fail by the error of the
 * integrator, and a repair tightens the limits by more than what it failed by. */
static const double hair = 0.01;
static const double excess_factor = 3;

typedef struct assessor {
  simulate_workspace *workspace;
  assessment *found;
} assessor;

typedef struct assessing {
  map_work *work;
  bool may_repair;
  assessor *assessor; /* (threads) */
} assessing;

/* Branches with fewer steps come first: they win where nothing is better. */
int map_best_branch(const map_work *w, long point)
{
  const map_best *of = &w->best[point * w->n_branches];
  int best = 0;
  for (int b = 1; b < w->n_branches; b++) {
    best = map_is_better(&of[b], &of[best]) ? b : best;
  }
  return best;
}

/* The map's own values, and between them what the search chose for the rest of the design. */
static void fill_design(const map_work *w, const map_seat *seat, const double *rest, map_point *p)
{
  for (int i = 0, k = 0; i < w->problem->n_design; i++) {
    bool is_rest = k < seat->problem.n_design &&
                   seat->problem.design[k].parameter == w->problem->design[i].parameter;
    p->design[i] = is_rest ? rest[k] : seat->problem.parameters[w->problem->design[i].parameter];
    k += is_rest ? 1 : 0;
  }
}

static bool decode(map_work *w, map_seat *seat, int branch, const map_best *best, map_point *p)
{
  double rest[PROBLEM_DESIGN_MAX];
  stepdose_error error;
  regimen_evaluation *e = regimen_evaluation_open(&seat->problem, branch, -1, 0, &error);
  if (e == NULL) {
    map_break(w, &error);
    return false;
  }
  regimen_evaluation_decode(e, best->value, &p->doses, seat->parameters);
  regimen_evaluation_design(e, best->value, rest);
  fill_design(w, seat, rest, p);
  p->n_steps = e->branch.n_steps;
  regimen_evaluation_close(e);
  return true;
}

static map_status judge(const map_work *w, long i, bool feasible, const assessment *a)
{
  if (!feasible) {
    bool cut = study_cut_short(w->end) && !w->solved[i];
    return cut ? MAP_UNFINISHED : MAP_INFEASIBLE;
  }
  return assessment_holds(a) ? MAP_VERIFIED : MAP_IN_SAMPLE_ONLY;
}

static void fill_limits(const stepdose_problem *problem, const assessment *a, map_point *p)
{
  double largest = 0;
  p->blocking = -1;
  for (int k = 0; k < problem->n_limits; k++) {
    int worst = assessment_worst(a, k);
    p->value[k] = worst >= 0 ? a->value[worst].value : (double)NAN;
    p->margin[k] = worst >= 0 ? a->value[worst].margin : (double)NAN;
    if (p->margin[k] > largest) {
      largest = p->margin[k];
      p->blocking = k;
    }
  }
}

static void fill_nothing(const map_work *w, map_seat *seat, long i, map_point *p)
{
  double rest[PROBLEM_DESIGN_MAX];
  for (int k = 0; k < PROBLEM_DESIGN_MAX; k++) {
    rest[k] = NAN;
  }
  fill_design(w, seat, rest, p);
  p->goal = p->searched = p->violation = NAN;
  p->blocking = -1;
  for (int k = 0; k < w->problem->n_limits; k++) {
    p->value[k] = p->margin[k] = NAN;
  }
  p->status = w->solved[i] ? MAP_FAILED : MAP_UNFINISHED;
}

static void ask_for_repair(map_work *w, long i, const assessment *a)
{
  if (a->simulated && a->worst_margin > 0 && a->worst_margin <= hair) {
    w->safety[i] = excess_factor * a->worst_margin;
  }
}

static void assess_point(void *context, int worker, long i)
{
  const assessing *all = context;
  map_work *w = all->work;
  map_seat *seat = &w->seat[worker];
  map_point *p = &w->map->point[i];
  assessment *a = all->assessor[worker].found;
  int branch = map_best_branch(w, i);
  const map_best *best = &w->best[i * w->n_branches + branch];
  map_take_seat(w, seat, i);
  fill_nothing(w, seat, i, p);
  if (!best->evaluated || !decode(w, seat, branch, best, p)) {
    return;
  }
  assess_with(w->problem, seat->parameters, all->assessor[worker].workspace, &p->doses,
              w->problem->tolerance / STUDY_TIGHTER, NULL, a);
  p->searched = best->goal;
  p->violation = best->violation;
  p->goal = a->goal;
  p->status = judge(w, i, best->feasible, a);
  fill_limits(w->problem, a, p);
  w->safety[i] = 0;
  if (all->may_repair && p->status == MAP_IN_SAMPLE_ONLY) {
    ask_for_repair(w, i, a);
  }
}

static bool open_assessors(const map_work *w, int threads, assessor *of, stepdose_error *error)
{
  for (int i = 0; i < threads; i++) {
    of[i].workspace = simulate_workspace_open(w->problem->model, error);
    of[i].found = of[i].workspace != NULL ? allocate_zeroed(1, sizeof *of[i].found) : NULL;
    if (of[i].workspace == NULL) {
      return false;
    }
    if (of[i].found == NULL) {
      return error_no_memory(error, "verifying the map");
    }
  }
  return true;
}

bool map_assess_points(map_work *w, bool may_repair, long *n_to_repair, stepdose_error *error)
{
  int threads = w->run->threads < w->n_seats ? w->run->threads : w->n_seats;
  assessor *of = allocate_zeroed((size_t)threads, sizeof *of);
  if (of == NULL) {
    return error_no_memory(error, "verifying the map");
  }
  bool done = open_assessors(w, threads, of, error);
  assessing all = {w, may_repair, of};
  progress_stage(w->run->progress, "verifying", 1);
  if (done) {
    search_workers_run(threads, w->map->n_points, assess_point, &all);
  }
  for (int i = 0; i < threads; i++) {
    if (of[i].workspace != NULL) {
      simulate_workspace_close(of[i].workspace);
    }
    release(of[i].found);
  }
  release(of);
  *n_to_repair = 0;
  for (long i = 0; i < w->map->n_points; i++) {
    *n_to_repair += w->safety[i] > 0;
  }
  if (w->broken && error != NULL) {
    *error = w->error;
  }
  return done && !w->broken;
}
