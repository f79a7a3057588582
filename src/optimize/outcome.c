/* All points in one order, and what follows from them. */
#include "optimize/outcome.h"

#include "base/allocate.h"
#include "optimize/scale.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Off the grid, points closer than this (root mean square in the unit cube) count as one. */
static const double DISTINCT = 0.02;
enum { NEAR_OFF_GRID_MAX = 100 };

static bool has_grid(const search_stages *s) { return s->grid.n_axes > 0; }

/* Appends points from index `first` on and numbers them. */
static void append(search_outcome *outcome, const search_points *points, long first)
{
  for (long i = first; i < points->n; i++) {
    search_point *p = &outcome->points[outcome->n_points];
    *p = points->point[i];
    p->evaluation = outcome->n_points;
    outcome->failures += p->failed;
    outcome->n_points++;
  }
}

/* The start itself was screened and keeps its number. */
static void append_walk(search_outcome *outcome, const search_walk *walk, int index)
{
  long offset = outcome->n_points - 1;
  append(outcome, &walk->points, 1);
  search_start_report *report = &outcome->start_report[index];
  *report = walk->report;
  if (walk->best > 0) {
    report->best.evaluation = offset + walk->best;
  }
}

static bool collect_points(search_stages *s, search_outcome *outcome)
{
  long total = s->screening.points.n + s->grid.points.n;
  for (int k = 0; k < s->n_walks; k++) {
    total += s->walk[k].points.n - 1;
  }
  outcome->points = allocate_zeroed((size_t)total + 1, sizeof *outcome->points);
  outcome->start_report = allocate_zeroed((size_t)s->n_walks + 1, sizeof *outcome->start_report);
  if (outcome->points == NULL || outcome->start_report == NULL) {
    return search_state_no_memory(&s->state, "writing the outcome of a search");
  }
  append(outcome, &s->screening.points, 0);
  for (int k = 0; k < s->n_walks; k++) {
    append_walk(outcome, &s->walk[k], k);
  }
  outcome->n_starts = s->n_walks;
  append(outcome, &s->grid.points, 0);
  outcome->evaluations = outcome->n_points;
  outcome->journal_answers = atomic_load(&s->state.journal_answers);
  return true;
}

/* Best of points [first, end); NULL if there is none that succeeded. */
static const search_point *best_of(const search_outcome *outcome, long first, long end)
{
  const search_point *best = NULL;
  for (long i = first; i < end; i++) {
    const search_point *p = &outcome->points[i];
    if (!p->failed && (best == NULL || search_point_better(p, best))) {
      best = p;
    }
  }
  return best;
}

static void choose_best(search_stages *s, search_outcome *outcome)
{
  long off_grid = outcome->n_points - s->grid.points.n;
  const search_point *continuous = best_of(outcome, 0, off_grid);
  if (continuous != NULL && search_point_feasible(continuous)) {
    outcome->has_continuous = true;
    outcome->continuous = *continuous;
  }
  const search_point *last =
      has_grid(s) ? best_of(outcome, off_grid, outcome->n_points) : continuous;
  if (last == NULL) {
    return;
  }
  outcome->has_final = search_point_feasible(last);
  outcome->has_least = !outcome->has_final;
  *(outcome->has_final ? &outcome->final : &outcome->least) = *last;
  if (has_grid(s)) {
    long i = search_points_find(&s->grid.points, last->value);
    outcome->neighbours_complete = search_grid_neighbours(&s->grid, i, &outcome->neighbours);
  }
}

static int by_goal(const void *a, const void *b)
{
  const search_point *p = *(const search_point *const *)a, *q = *(const search_point *const *)b;
  if (p->goal > q->goal || p->goal < q->goal) {
    return p->goal > q->goal ? -1 : 1;
  }
  return (p->evaluation > q->evaluation) - (p->evaluation < q->evaluation);
}

/* Leaves of a sorted list what differs from all better entries. */
static void keep_distinct(const search_task *task, search_outcome *outcome)
{
  long kept = 0;
  for (long i = 0; i < outcome->n_near && kept < NEAR_OFF_GRID_MAX; i++) {
    bool distinct = true;
    for (long k = 0; k < kept && distinct; k++) {
      distinct =
          search_scale_distance(task, outcome->near[i]->value, outcome->near[k]->value) >= DISTINCT;
    }
    if (distinct) {
      outcome->near[kept] = outcome->near[i];
      kept++;
    }
  }
  outcome->n_near = kept;
}

static bool list_near(search_stages *s, search_outcome *outcome)
{
  const search_task *task = s->state.task;
  if (!outcome->has_final) {
    return true;
  }
  long first = has_grid(s) ? outcome->n_points - s->grid.points.n : 0;
  outcome->near = allocate_zeroed((size_t)(outcome->n_points - first) + 1, sizeof *outcome->near);
  if (outcome->near == NULL) {
    return search_state_no_memory(&s->state, "listing near-optimal points");
  }
  for (long i = first; i < outcome->n_points; i++) {
    const search_point *p = &outcome->points[i];
    if (search_point_feasible(p) && p->goal >= outcome->final.goal - task->near_optimal_loss) {
      outcome->near[outcome->n_near] = p;
      outcome->n_near++;
    }
  }
  qsort(outcome->near, (size_t)outcome->n_near, sizeof *outcome->near, by_goal);
  if (!has_grid(s)) {
    keep_distinct(task, outcome);
  }
  return true;
}

/* The journal keeps no messages: a failure that it answered is simulated once more to learn why, so
 * that a resumed run reports what an uninterrupted one does. */
static void tell_failure(search_stages *s, search_outcome *outcome, const search_points *points)
{
  if (points->failure[0] != '\0') {
    (void)snprintf(outcome->first_failure, sizeof outcome->first_failure, "%s", points->failure);
    return;
  }
  search_point again = points->point[points->failed_first];
  (void)search_state_ask(&s->state, 0, &again, outcome->first_failure,
                         sizeof outcome->first_failure);
}

static void find_first_failure(search_stages *s, search_outcome *outcome)
{
  const search_points *first = NULL;
  if (s->screening.points.failed_first >= 0) {
    first = &s->screening.points;
  }
  for (int k = 0; k < s->n_walks && first == NULL; k++) {
    first = s->walk[k].points.failed_first >= 0 ? &s->walk[k].points : NULL;
  }
  if (first == NULL && s->grid.points.failed_first >= 0) {
    first = &s->grid.points;
  }
  if (first != NULL) {
    tell_failure(s, outcome, first);
  }
}

/* A grid that was searched to its end settles it; without one the engines' endings do. */
static search_end end_of(search_stages *s, const search_outcome *outcome)
{
  if (search_state_ended(&s->state)) {
    return (search_end)atomic_load(&s->state.cut);
  }
  if (outcome->n_points == 0) {
    return SEARCH_END_EVALUATIONS; /* not one could be afforded */
  }
  if (has_grid(s)) {
    bool whole = !s->grid.starved || outcome->neighbours_complete;
    return whole ? SEARCH_END_CONVERGED : SEARCH_END_EVALUATIONS;
  }
  search_end end = s->n_walks > 0 ? s->walk[0].report.end : SEARCH_END_EVALUATIONS;
  for (int k = 0; k < s->n_walks; k++) {
    end = s->walk[k].report.end == SEARCH_END_CONVERGED ? SEARCH_END_CONVERGED : end;
  }
  return end;
}

bool search_outcome_write(search_stages *s, search_outcome *outcome)
{
  if (!collect_points(s, outcome)) {
    return false;
  }
  choose_best(s, outcome);
  outcome->end = end_of(s, outcome);
  outcome->budget_used_up = has_grid(s) && outcome->n_points > 0
                                ? s->grid.starved
                                : outcome->end == SEARCH_END_EVALUATIONS;
  find_first_failure(s, outcome);
  return list_near(s, outcome);
}
