/* The search of one molecule of a design map within one branch: neighbours' regimens are tried
 * first, and the best of them is where the search starts. */
#include "study/map_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Processor seconds that an engine may spend between two evaluations before it counts as hung. */
static const double hang_seconds = 20;

/* A neighbour's regimen that is better by less (of the goal's own size, at least 1) is taken over,
 * but no reason for another search. */
static const double gain_worth_a_search = 1e-4;

enum { NEIGHBOURS_MAX = 8 };

/* One search while it runs. */
typedef struct map_inquiry {
  map_work *work;
  map_seat *seat;
  regimen_evaluation *evaluation;
  long point;
  int branch;
  long evaluations;
} map_inquiry;

void map_take_seat(const map_work *w, map_seat *seat, long point)
{
  const stepdose_problem *whole = w->problem;
  const study_map *m = w->map;
  stepdose_problem *at = &seat->problem;
  int place[MAP_AXES_MAX];
  map_place(m, point, place);
  memcpy(at->parameters, whole->parameters, (size_t)whole->model->n_parameters * sizeof(double));
  at->n_design = 0;
  for (int i = 0, axis = 0; i < whole->n_design; i++) {
    const design_variable *d = &whole->design[i];
    if (axis < m->n_axes && m->axis[axis].design == i) {
      at->parameters[d->parameter] = m->axis[axis].value[place[axis]];
      axis++;
    } else {
      at->design[at->n_design++] = *d;
    }
  }
}

bool map_is_better(const map_best *a, const map_best *b)
{
  if (!a->evaluated || !b->evaluated) {
    return a->evaluated && !b->evaluated;
  }
  if (a->feasible != b->feasible) {
    return a->feasible;
  }
  return a->feasible ? a->goal > b->goal : a->violation < b->violation;
}

static bool is_worth_a_search(const map_best *a, const map_best *b)
{
  if (!map_is_better(a, b) || !b->evaluated || a->feasible != b->feasible) {
    return map_is_better(a, b);
  }
  double gain = a->feasible ? a->goal - b->goal : b->violation - a->violation;
  return gain > gain_worth_a_search * fmax(1, fabs(b->goal));
}

/* Searches with tightened limits must not answer from the records of others. */
static int journal_id(const map_inquiry *q)
{
  const map_work *w = q->work;
  int repair = w->safety[q->point] > 0;
  return (int)((q->point * w->n_branches + q->branch) * 2 + repair);
}

static bool simulate(map_inquiry *q, const double *value, double *goal_value, double *constraint,
                     stepdose_error *error)
{
  map_seat *seat = q->seat;
  const stepdose_problem *problem = &seat->problem;
  schedule doses;
  endpoints found;
  regimen_evaluation_decode(q->evaluation, value, &doses, seat->parameters);
  if (!problem->model->derive(seat->parameters, seat->derived, error)) {
    return false;
  }
  const stream_task task = {.parameters = seat->parameters,
                            .derived = seat->derived,
                            .doses = &doses,
                            .result = &found};
  if (!side_by_side_simulate(q->work->side, &task)) {
    return error_set(error, STEPDOSE_SIMULATION_FAILED, STUDY_FAILED_REMEDY,
                     "the simulation failed");
  }
  regimen_evaluation_judge(q->evaluation, value, &found, goal_value, constraint);
  return true;
}

/* A search_evaluate; the journal is asked here, as searches side by side share it. */
static bool evaluate(void *context, int worker, const double *value, double *goal_value,
                     double *constraint, stepdose_error *error)
{
  map_inquiry *q = context;
  const regimen_evaluation *e = q->evaluation;
  search_journal *journal = q->work->run->journal;
  bool failed = false;
  (void)worker;
  progress_step(q->work->run->progress, 1);
  if (journal != NULL && journal_find(journal, journal_id(q), e->n_variables, value,
                                      e->n_constraints, goal_value, constraint, &failed)) {
    atomic_fetch_add(&q->work->journal_answers, 1);
    return !failed || error_set(error, STEPDOSE_SIMULATION_FAILED, "", "failed before");
  }
  failed = !simulate(q, value, goal_value, constraint, error);
  if (journal != NULL) {
    if (failed) {
      *goal_value = 0;
      memset(constraint, 0, (size_t)e->n_constraints * sizeof *constraint);
    }
    journal_add(journal, journal_id(q), e->n_variables, value, e->n_constraints, *goal_value,
                constraint, failed);
  }
  return !failed;
}

/* Evaluates one candidate outside a search; it replaces *best if it is better. */
static void offer(map_inquiry *q, const double *value, map_best *best)
{
  map_best offered = {.evaluated = true};
  double constraint[SEARCH_CONSTRAINTS_MAX];
  q->evaluations++;
  if (!evaluate(q, 0, value, &offered.goal, constraint, NULL) || !isfinite(offered.goal)) {
    atomic_fetch_add(&q->work->failures, 1);
    return;
  }
  for (int i = 0; i < q->evaluation->n_constraints; i++) {
    double exceeded = constraint[i] > SEARCH_TOLERANCE ? constraint[i] : 0;
    offered.violation = isnan(constraint[i]) ? HUGE_VAL : fmax(offered.violation, exceeded);
  }
  offered.feasible = offered.violation <= 0;
  memcpy(offered.value, value, (size_t)q->evaluation->n_variables * sizeof *value);
  *best = map_is_better(&offered, best) ? offered : *best;
}

typedef struct neighbour {
  long point;
  int distance; /* squared, in places */
} neighbour;

static int nearer(const void *left, const void *right)
{
  const neighbour *a = left;
  const neighbour *b = right;
  if (a->distance != b->distance) {
    return a->distance < b->distance ? -1 : 1;
  }
  return a->point < b->point ? -1 : 1;
}

/* Solved points within reach, nearest first, at most NEIGHBOURS_MAX. */
static int find_neighbours(const map_work *w, long point, neighbour found[NEIGHBOURS_MAX])
{
  neighbour all[(2 * MAP_AXIS_POINTS_MAX + 1)];
  const study_map *m = w->map;
  const int reach = w->stage.reach;
  int place[MAP_AXES_MAX];
  int n = 0;
  map_place(m, point, place);
  int rows = m->n_axes > 1 ? m->axis[1].n : 1;
  for (int dy = -reach; dy <= reach; dy++) {
    for (int dx = -reach; dx <= reach; dx++) {
      int x = place[0] + dx;
      int y = place[1] + dy;
      bool inside = x >= 0 && x < m->axis[0].n && y >= 0 && y < rows && (dx != 0 || dy != 0);
      if (inside && w->solved[x + (long)m->axis[0].n * y] && n < (int)(sizeof all / sizeof *all)) {
        all[n++] = (neighbour){x + (long)m->axis[0].n * y, dx * dx + dy * dy};
      }
    }
  }
  qsort(all, (size_t)n, sizeof *all, nearer);
  n = n < NEIGHBOURS_MAX ? n : NEIGHBOURS_MAX;
  memcpy(found, all, (size_t)n * sizeof *found);
  return n;
}

static void try_neighbours(map_inquiry *q, map_best *best)
{
  const map_work *w = q->work;
  neighbour near[NEIGHBOURS_MAX];
  int n = find_neighbours(w, q->point, near);
  for (int i = 0; i < n && !progress_stopped(w->run->quiet); i++) {
    const map_best *of = &w->best[near[i].point * w->n_branches + q->branch];
    if (of->evaluated) {
      offer(q, of->value, best);
    }
  }
}

static double seconds_left(const map_work *w)
{
  double left = w->problem->search.minutes_max * 60 - progress_seconds(w->run->progress);
  return fmax(left, 1e-3); /* 0 would mean no limit */
}

static void take_outcome(map_inquiry *q, const search_outcome *o, map_best *best)
{
  const search_point *p = o->has_final ? &o->final : o->has_least ? &o->least : NULL;
  q->evaluations += o->evaluations;
  atomic_fetch_add(&q->work->failures, o->failures);
  if (p != NULL) {
    map_best found = {.evaluated = true,
                      .feasible = o->has_final,
                      .goal = p->goal,
                      .violation = p->violation};
    memcpy(found.value, p->value, sizeof found.value);
    *best = map_is_better(&found, best) ? found : *best;
  }
}

static void note_end(map_work *w, search_end end, const stepdose_error *error)
{
  pthread_mutex_lock(&w->lock);
  w->end = study_cut_short(end) ? end : w->end;
  if (error != NULL && !w->broken) {
    w->broken = true;
    w->error = *error;
  }
  pthread_mutex_unlock(&w->lock);
}

static void search_from(map_inquiry *q, map_best *best)
{
  map_work *w = q->work;
  const search_settings *settings = &w->problem->search;
  double starts[STUDY_STARTS_MAX * SEARCH_VARIABLES_MAX];
  stepdose_error error;
  search_outcome outcome;
  int n_variables = q->evaluation->n_variables;
  search_task task = {.engine = settings->engine,
                      .seed = settings->seed,
                      .starts = w->stage.cold ? settings->starts : 1,
                      .evaluations_max = w->stage.budget,
                      .seconds_max = seconds_left(w),
                      .hang_seconds = hang_seconds,
                      .threads = 1,
                      .given = starts,
                      .progress = w->run->quiet};
  regimen_evaluation_bind(q->evaluation, &task);
  task.evaluate = evaluate;
  task.context = q;
  if (best->evaluated) {
    memcpy(starts, best->value, (size_t)n_variables * sizeof *starts);
    task.n_given = 1;
  }
  task.n_given += w->stage.cold ? study_starts(q->evaluation, starts + task.n_given * n_variables)
                                : 0;
  if (!search_run(&task, &outcome, &error)) {
    note_end(w, SEARCH_END_CONVERGED, &error);
    return;
  }
  take_outcome(q, &outcome, best);
  note_end(w, outcome.end, NULL);
  search_outcome_free(&outcome);
}

/* The smallest doses in the middle of the days: what meets limits on harm if anything does. */
static void try_smallest_doses(map_inquiry *q, map_best *best)
{
  const regimen_evaluation *e = q->evaluation;
  double starts[STUDY_STARTS_MAX * SEARCH_VARIABLES_MAX];
  int last = study_starts(e, starts) - 1;
  double *start = starts + last * e->n_variables;
  for (int i = 0; i < e->branch.n_variables; i++) {
    const regimen_variable *v = &e->variable[i];
    start[i] = strcmp(v->unit, "day") != 0 ? v->low : start[i];
  }
  offer(q, start, best);
}

static void inquire(map_inquiry *q, map_best *best)
{
  const map_work *w = q->work;
  const map_best own = *best;
  if (q->evaluation->n_variables == 0) {
    double nothing[SEARCH_VARIABLES_MAX] = {0};
    offer(q, nothing, best);
    return;
  }
  try_neighbours(q, best);
  if (w->stage.cold) {
    try_smallest_doses(q, best);
  }
  if (!w->stage.only_gain || is_worth_a_search(best, &own)) {
    search_from(q, best);
  }
}

/* With limits tightened what was best is judged anew, and kept where nothing else is found. */
static void repair(map_inquiry *q, map_best *best)
{
  map_best found = {0};
  if (best->feasible) {
    offer(q, best->value, &found);
    search_from(q, &found);
    *best = found.feasible ? found : *best;
  }
}

/* What a search did not use still counts as done: the bar must come to its end. */
static void report_search(map_work *w, const map_inquiry *q, const map_best *best)
{
  if (q->evaluations < w->stage.budget) {
    progress_step(w->run->progress, w->stage.budget - q->evaluations);
  }
  pthread_mutex_lock(&w->lock);
  w->map->point[q->point].evaluations += q->evaluations;
  if (best->feasible && (!w->has_best_goal || best->goal > w->best_goal)) {
    w->has_best_goal = true;
    w->best_goal = best->goal;
    progress_best(w->run->progress, best->goal, 0);
  }
  pthread_mutex_unlock(&w->lock);
}

static bool is_over(map_work *w)
{
  pthread_mutex_lock(&w->lock);
  bool over = w->broken || study_cut_short(w->end);
  pthread_mutex_unlock(&w->lock);
  return over;
}

void map_search(void *work, int worker, long index)
{
  map_work *w = work;
  long job = w->job[index];
  map_inquiry q = {.work = w,
                   .seat = &w->seat[worker],
                   .point = job / w->n_branches,
                   .branch = (int)(job % w->n_branches)};
  stepdose_error error;
  if (is_over(w)) {
    return;
  }
  map_take_seat(w, q.seat, q.point);
  q.evaluation = regimen_evaluation_open(&q.seat->problem, q.branch, -1, 0, &error);
  if (q.evaluation == NULL) {
    note_end(w, SEARCH_END_CONVERGED, &error);
    return;
  }
  q.evaluation->safety = w->safety[q.point];
  map_best best = w->best[job];
  if (q.evaluation->safety > 0) {
    repair(&q, &best);
  } else {
    inquire(&q, &best);
  }
  w->next[job] = best;
  report_search(w, &q, &best);
  regimen_evaluation_close(q.evaluation);
}
