/* The search of one molecule of a design map within one branch: neighbours' regimens are tried
 * first, and the best of them is where the search starts. */
#include "study/map_parts.h"
#include "study/regimen_grid.h"

#include <math.h>
#include <string.h>

/* Processor seconds that an engine may spend between two evaluations before it counts as hung. */
static const double hang_seconds = 20;

/* A neighbour's regimen that is better by less (of the goal's own size, at least 1) is taken over,
 * but no reason for another search. */
static const double gain_worth_a_search = 1e-4;

enum { NEIGHBOURS_MAX = 8 };

static bool is_worth_a_search(const map_best *a, const map_best *b)
{
  if (!map_is_better(a, b) || !b->evaluated || a->feasible != b->feasible) {
    return map_is_better(a, b);
  }
  double gain = a->feasible ? a->goal - b->goal : b->violation - a->violation;
  return gain > gain_worth_a_search * fmax(1, fabs(b->goal));
}

typedef struct neighbour {
  long point;
  double distance; /* squared: in places of a grid, in shares of the ranges of a Latin hypercube */
} neighbour;

static bool is_nearer(const neighbour *a, const neighbour *b)
{
  return a->distance != b->distance ? a->distance < b->distance : a->point < b->point;
}

/* Into its place among those found (n), nearest first; the farthest one gives way. */
static void keep_nearest(neighbour found[NEIGHBOURS_MAX], int *n, neighbour one)
{
  if (*n == NEIGHBOURS_MAX && !is_nearer(&one, &found[NEIGHBOURS_MAX - 1])) {
    return;
  }
  *n += *n < NEIGHBOURS_MAX ? 1 : 0;
  int i = *n - 1;
  for (; i > 0 && is_nearer(&one, &found[i - 1]); i--) {
    found[i] = found[i - 1];
  }
  found[i] = one;
}

static int neighbours_on_grid(const map_work *w, long point, neighbour found[NEIGHBOURS_MAX])
{
  const study_map *m = w->map;
  const int reach = w->stage.reach;
  const int rows = m->n_axes > 1 ? m->axis[1].n : 1;
  int place[MAP_GRID_AXES_MAX];
  int n = 0;
  map_place(m, point, place);
  for (int dy = -reach; dy <= reach; dy++) {
    for (int dx = -reach; dx <= reach; dx++) {
      int x = place[0] + dx;
      int y = place[1] + dy;
      bool inside = x >= 0 && x < m->axis[0].n && y >= 0 && y < rows && (dx != 0 || dy != 0);
      if (inside && w->solved[x + (long)m->axis[0].n * y]) {
        keep_nearest(found, &n, (neighbour){x + (long)m->axis[0].n * y, dx * dx + dy * dy});
      }
    }
  }
  return n;
}

static int neighbours_in_sample(const map_work *w, long point, neighbour found[NEIGHBOURS_MAX])
{
  const study_map *m = w->map;
  int n = 0;
  for (long i = 0; i < m->n_points; i++) {
    double distance = 0;
    for (int k = 0; k < m->n_axes; k++) {
      const double apart = m->share[i * m->n_axes + k] - m->share[point * m->n_axes + k];
      distance += apart * apart;
    }
    if (i != point && w->solved[i]) {
      keep_nearest(found, &n, (neighbour){i, distance});
    }
  }
  return n;
}

/* Solved points, nearest first, at most NEIGHBOURS_MAX; on a grid only those within reach. */
static int find_neighbours(const map_work *w, long point, neighbour found[NEIGHBOURS_MAX])
{
  return w->map->sampled ? neighbours_in_sample(w, point, found)
                         : neighbours_on_grid(w, point, found);
}

static void try_neighbours(map_inquiry *q, map_best *best)
{
  const map_work *w = q->work;
  neighbour near[NEIGHBOURS_MAX];
  int n = find_neighbours(w, q->point, near);
  for (int i = 0; i < n && !progress_stopped(w->run->quiet); i++) {
    const map_best *of = &w->best[near[i].point * w->n_branches + q->branch];
    if (of->evaluated) {
      map_offer(q, of->value, best);
    }
  }
}

static double seconds_left(const map_work *w)
{
  return w->problem->search.minutes_max * 60 - progress_seconds(w->run->progress);
}

static void take_outcome(map_inquiry *q, const search_outcome *o, map_best *best)
{
  const search_point *p = o->has_final ? &o->final : o->has_least ? &o->least : NULL;
  q->evaluations += o->evaluations;
  atomic_fetch_add(&q->work->failures, o->failures);
  if (p != NULL) {
    map_best found = {
        .evaluated = true, .feasible = o->has_final, .goal = p->goal, .violation = p->violation};
    memcpy(found.value, p->value, sizeof found.value);
    *best = map_is_better(&found, best) ? found : *best;
  }
}

static void note_end(map_work *w, search_end end)
{
  pthread_mutex_lock(&w->lock);
  w->end = study_cut_short(end) ? end : w->end;
  pthread_mutex_unlock(&w->lock);
}

void map_break(map_work *w, const stepdose_error *error)
{
  pthread_mutex_lock(&w->lock);
  if (!w->broken) {
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
                      .seconds_max = fmax(seconds_left(w), 1e-3), /* 0 would mean no limit */
                      .hang_seconds = hang_seconds,
                      .threads = 1,
                      .given = starts,
                      .progress = w->run->quiet};
  regimen_evaluation_bind(q->evaluation, &task);
  task.evaluate = map_evaluate;
  task.context = q;
  if (best->evaluated) {
    memcpy(starts, best->value, (size_t)n_variables * sizeof *starts);
    task.n_given = 1;
  }
  task.n_given +=
      w->stage.cold ? study_starts(q->evaluation, starts + task.n_given * n_variables) : 0;
  if (!search_run(&task, &outcome, &error)) {
    map_break(w, &error);
    return;
  }
  take_outcome(q, &outcome, best);
  note_end(w, outcome.end);
  search_outcome_free(&outcome);
}

/* The smallest doses on days in the middle of theirs: what meets limits on harm if anything does.
 * On the grid, as it may become the answer. */
static void try_smallest_doses(map_inquiry *q, map_best *best)
{
  const regimen_evaluation *e = q->evaluation;
  double starts[STUDY_STARTS_MAX * SEARCH_VARIABLES_MAX];
  int last = study_starts(e, starts) - 1;
  double *start = starts + last * e->n_variables;
  for (int i = 0; i < e->n_variables; i++) {
    const regimen_variable *v = &e->variable[i];
    bool is_dose = i < e->branch.n_variables && strcmp(v->unit, "day") != 0;
    if (v->n_levels > 0) {
      start[i] = v->level[is_dose ? 0 : v->n_levels / 2];
    } else if (is_dose) {
      start[i] = v->low;
    }
  }
  map_offer(q, start, best);
}

static void try_whole_grid(map_inquiry *q, map_best *best)
{
  double value[SEARCH_VARIABLES_MAX] = {0};
  if (best->evaluated) {
    return; /* a stage before has tried it */
  }
  for (long code = 0; regimen_grid_next(q->evaluation, &code, value);) {
    if (seconds_left(q->work) <= 0 || progress_stopped(q->work->run->quiet)) {
      note_end(q->work, seconds_left(q->work) <= 0 ? SEARCH_END_TIME : SEARCH_END_STOPPED);
      return;
    }
    map_offer(q, value, best);
  }
}

static void inquire(map_inquiry *q, map_best *best)
{
  const map_work *w = q->work;
  const map_best own = *best;
  if (regimen_grid_is_small(q->evaluation, w->stage.budget)) {
    try_whole_grid(q, best);
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
    map_offer(q, best->value, &found);
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
    map_break(w, &error);
    return;
  }
  for (int k = 0; k < q.seat->problem.n_limits; k++) {
    q.evaluation->safety[k] = w->safety[q.point];
  }
  map_best best = w->best[job];
  if (w->safety[q.point] > 0) {
    repair(&q, &best);
  } else {
    inquire(&q, &best);
  }
  w->next[job] = best;
  report_search(w, &q, &best);
  regimen_evaluation_close(q.evaluation);
}
