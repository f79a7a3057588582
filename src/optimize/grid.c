/* Descents on the grid from several rounded starts, with one memory; then jumps out of the optimum
 * that was found. */
#include "optimize/grid.h"

#include "base/random.h"
#include "optimize/neighbours.h"

#include <string.h>

enum { CORNER_AXES_MAX = 6, SCAN_CHUNK = 1024, HOPS_WITHOUT_GAIN = 8, HOP_LEVELS = 2 };

void search_grid_open(search_grid *grid, search_state *state, long left)
{
  const search_task *task = state->task;
  *grid = (search_grid){.state = state, .left = left};
  grid->points = search_points_open(task->n_variables, SEARCH_FROM_GRID);
  for (int i = 0; i < task->n_variables; i++) {
    if (task->variable[i].n_levels > 0) {
      grid->axis[grid->n_axes] = i;
      grid->n_axes++;
    }
  }
}

void search_grid_close(search_grid *grid) { search_points_close(&grid->points); }

static const search_variable *axis_variable(const search_grid *grid, int a)
{
  return &grid->state->task->variable[grid->axis[a]];
}

static bool better(const search_grid *grid, long a, long b)
{
  return search_point_better(&grid->points.point[a], &grid->points.point[b]);
}

static bool may_go_on(const search_grid *grid)
{
  return !grid->starved && !search_state_ended(grid->state);
}

/* Number of points of the grid, or -1 if it is more than `limit`. */
static long grid_size(const search_grid *grid, long limit)
{
  long size = 1;
  for (int a = 0; a < grid->n_axes; a++) {
    long levels = axis_variable(grid, a)->n_levels;
    if (size > limit / levels) {
      return -1;
    }
    size *= levels;
  }
  return size;
}

/* Every point of a small grid. */
static void scan(search_grid *grid, long size)
{
  long first = grid->points.n;
  for (long code = 0; code < size; code++) {
    double value[SEARCH_VARIABLES_MAX] = {0};
    long digits = code;
    for (int a = 0; a < grid->n_axes; a++) {
      const search_variable *v = axis_variable(grid, a);
      value[grid->axis[a]] = v->level[digits % v->n_levels] + 0.0;
      digits /= v->n_levels;
    }
    if (search_grid_add(grid, value) < 0) {
      return;
    }
    if ((code + 1) % SCAN_CHUNK == 0 || code + 1 == size) {
      if (!search_state_evaluate_batch(grid->state, &grid->points, first)) {
        return;
      }
      first = grid->points.n;
    }
  }
}

/* Best of the points in found that is better than `than`; else -1. */
static long best_found(const search_grid *grid, long than)
{
  long best = than;
  for (long k = 0; k < grid->n_found; k++) {
    if (better(grid, grid->found[k], best)) {
      best = grid->found[k];
    }
  }
  return best == than ? -1 : best;
}

/* Moves to the best neighbour of the first tier that has a better one, until no tier has. */
static long descend(search_grid *grid, long from, int tiers)
{
  int tier = 0;
  while (tier < tiers && !search_state_ended(grid->state)) {
    if (!search_grid_look(grid, from, tier)) {
      break;
    }
    long next = best_found(grid, from);
    tier = next >= 0 ? 0 : tier + 1;
    from = next >= 0 ? next : from;
  }
  return from;
}

/* Level below the value (or the lowest), and whether the value lies above it. */
static int level_below(const search_variable *v, double value, bool *between)
{
  int below = 0;
  while (below + 1 < v->n_levels && v->level[below + 1] <= value) {
    below++;
  }
  *between = below + 1 < v->n_levels && value > v->level[below];
  return below;
}

/* Notes a rounded base among the points found. */
static void add_rounded(search_grid *grid, const double *value)
{
  long i = search_grid_add(grid, value);
  if (i >= 0) {
    grid->found[grid->n_found] = i;
    grid->n_found++;
  }
}

/* Corner `code` of the grid cell around a base: bit a set means rounded up along axis a. */
static void add_corner(search_grid *grid, const search_point *base, int code)
{
  double value[SEARCH_VARIABLES_MAX];
  memcpy(value, base->value, sizeof value);
  for (int a = 0; a < grid->n_axes; a++) {
    const search_variable *v = axis_variable(grid, a);
    bool between = false;
    int below = level_below(v, base->value[grid->axis[a]], &between);
    bool up = between && (code >> a & 1) != 0;
    value[grid->axis[a]] = v->level[below + up] + 0.0;
  }
  add_rounded(grid, value);
}

static void add_nearest(search_grid *grid, const search_point *base)
{
  double value[SEARCH_VARIABLES_MAX];
  memcpy(value, base->value, sizeof value);
  for (int a = 0; a < grid->n_axes; a++) {
    const search_variable *v = axis_variable(grid, a);
    int level = search_grid_nearest(v, base->value[grid->axis[a]]);
    value[grid->axis[a]] = v->level[level] + 0.0;
  }
  add_rounded(grid, value);
}

/* Rounds a base in every sensible way and returns the best result; -1 if there is none. */
static long round_base(search_grid *grid, const search_point *base)
{
  long first = grid->points.n;
  grid->n_found = 0;
  add_nearest(grid, base);
  int corners = grid->n_axes <= CORNER_AXES_MAX ? 1 << grid->n_axes : 1;
  for (int code = 0; code < corners; code++) {
    add_corner(grid, base, code);
  }
  if (!search_state_evaluate_batch(grid->state, &grid->points, first) || grid->n_found == 0) {
    return -1;
  }
  long best = best_found(grid, grid->found[0]);
  return best >= 0 ? best : grid->found[0];
}

/* Two levels up or down in single variables, each followed by a short descent. Returns the better
 * of incumbent and what was found. */
static long jump(search_grid *grid, long incumbent)
{
  long best = incumbent;
  for (int a = 0; a < grid->n_axes; a++) {
    for (int step = -HOP_LEVELS; step <= HOP_LEVELS && may_go_on(grid); step += 2 * HOP_LEVELS) {
      int shift[SEARCH_VARIABLES_MAX] = {0};
      shift[a] = step;
      long first = grid->points.n;
      long there = search_grid_shifted(grid, incumbent, shift);
      if (there < 0 || !search_state_evaluate_batch(grid->state, &grid->points, first)) {
        continue;
      }
      long found = descend(grid, there, SEARCH_TIER_REST);
      best = better(grid, found, best) ? found : best;
    }
  }
  return best;
}

/* A random move of up to two levels in every variable, followed by a short descent. */
static long hop(search_grid *grid, long incumbent, random_stream *stream)
{
  int shift[SEARCH_VARIABLES_MAX] = {0};
  for (int a = 0; a < grid->n_axes; a++) {
    shift[a] = (int)(random_uniform(stream) * (2 * HOP_LEVELS + 1)) - HOP_LEVELS;
  }
  long first = grid->points.n;
  long there = search_grid_shifted(grid, incumbent, shift);
  if (there < 0 || !search_state_evaluate_batch(grid->state, &grid->points, first)) {
    return incumbent;
  }
  long found = descend(grid, there, SEARCH_TIER_REST);
  return better(grid, found, incumbent) ? found : incumbent;
}

/* After a gain the full neighbourhood is looked at again, as the short descents leave it out. */
static void leave_optimum(search_grid *grid, long incumbent)
{
  random_stream stream = random_open(grid->state->task->seed, UINT64_MAX);
  int without_gain = 0;
  bool jumped = false;
  while (without_gain < HOPS_WITHOUT_GAIN && may_go_on(grid)) {
    long found = jumped ? hop(grid, incumbent, &stream) : jump(grid, incumbent);
    without_gain += jumped;
    jumped = true;
    if (found != incumbent) {
      incumbent = descend(grid, found, SEARCH_TIERS);
      without_gain = 0;
      jumped = false;
    }
  }
}

void search_grid_run(search_grid *grid, const search_point *const *bases, long n_bases)
{
  bool pure = grid->n_axes == grid->state->task->n_variables;
  long size = pure ? grid_size(grid, grid->left / 2) : -1;
  progress_stage(grid->state->task->progress, "grid", size > 0 ? size : grid->left);
  if (size > 0) {
    scan(grid, size);
    return;
  }
  for (long k = 0; k < n_bases && may_go_on(grid); k++) {
    long from = round_base(grid, bases[k]);
    if (from >= 0) {
      (void)descend(grid, from, SEARCH_TIERS);
    }
  }
  long best = search_points_best(&grid->points);
  if (best >= 0 && may_go_on(grid)) {
    leave_optimum(grid, best);
  }
}
