/* Neighbourhoods on the grid: one level up or down in one, two, or any number of variables. */
#include "optimize/neighbours.h"

#include "optimize/scale.h"

#include <math.h>
#include <string.h>

/* Called with each shift; false ends the enumeration. */
typedef void visit(search_grid *grid, long i, const int *shift, void *context);

static long power_of_three(int n)
{
  long power = 1;
  for (int i = 0; i < n && power <= SEARCH_NEIGHBOURS_MAX; i++) {
    power *= 3;
  }
  return power;
}

static void visit_singles(search_grid *grid, long i, visit *each, void *context)
{
  for (int a = 0; a < grid->n_axes; a++) {
    for (int step = -1; step <= 1; step += 2) {
      int shift[SEARCH_VARIABLES_MAX] = {0};
      shift[a] = step;
      each(grid, i, shift, context);
    }
  }
}

static void visit_pairs(search_grid *grid, long i, visit *each, void *context)
{
  for (int a = 0; a < grid->n_axes; a++) {
    for (int b = a + 1; b < grid->n_axes; b++) {
      for (int corner = 0; corner < 4; corner++) {
        int shift[SEARCH_VARIABLES_MAX] = {0};
        shift[a] = corner & 1 ? 1 : -1;
        shift[b] = corner & 2 ? 1 : -1;
        each(grid, i, shift, context);
      }
    }
  }
}

/* Three and more variables at once: the digits of a number to base 3. */
static void visit_rest(search_grid *grid, long i, visit *each, void *context)
{
  long count = power_of_three(grid->n_axes);
  for (long code = 0; code < count && count <= SEARCH_NEIGHBOURS_MAX; code++) {
    int shift[SEARCH_VARIABLES_MAX] = {0};
    int changed = 0;
    long digits = code;
    for (int a = 0; a < grid->n_axes; a++) {
      shift[a] = (int)(digits % 3) - 1;
      changed += shift[a] != 0;
      digits /= 3;
    }
    if (changed >= 3) {
      each(grid, i, shift, context);
    }
  }
}

static void visit_tier(search_grid *grid, long i, int tier, visit *each, void *context)
{
  static void (*const visitor[SEARCH_TIERS])(search_grid *, long, visit *, void *) = {
      [SEARCH_TIER_SINGLES] = visit_singles,
      [SEARCH_TIER_PAIRS] = visit_pairs,
      [SEARCH_TIER_REST] = visit_rest};
  visitor[tier](grid, i, each, context);
}

int search_grid_nearest(const search_variable *v, double value)
{
  int nearest = 0;
  double u = search_scale_to_unit(v, value), smallest = INFINITY;
  for (int k = 0; k < v->n_levels; k++) {
    double distance = fabs(search_scale_to_unit(v, v->level[k]) - u);
    if (distance < smallest) {
      smallest = distance;
      nearest = k;
    }
  }
  return nearest;
}

long search_grid_add(search_grid *grid, const double *value)
{
  long i = search_points_find(&grid->points, value);
  if (i >= 0) {
    return i;
  }
  if (grid->left == 0) {
    grid->starved = true;
    return -1;
  }
  i = search_points_add(&grid->points, value);
  if (i < 0) {
    (void)search_state_no_memory(grid->state, "keeping a grid point");
    return -1;
  }
  grid->left--;
  return i;
}

/* Index of the level that a grid point's value is. */
static int level_of(const search_variable *v, double value)
{
  int low = 0, high = v->n_levels - 1;
  while (low < high) {
    int middle = low + (high - low) / 2;
    if (v->level[middle] < value) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

/* Values of the shifted point; false: it would leave the grid. */
static bool shift_value(const search_grid *grid, long i, const int *shift, double *value)
{
  memcpy(value, grid->points.point[i].value, SEARCH_VARIABLES_MAX * sizeof *value);
  for (int a = 0; a < grid->n_axes; a++) {
    const search_variable *v = &grid->state->task->variable[grid->axis[a]];
    int level = level_of(v, value[grid->axis[a]]) + shift[a];
    if (level < 0 || level >= v->n_levels) {
      return false;
    }
    value[grid->axis[a]] = v->level[level] + 0.0;
  }
  return true;
}

long search_grid_shifted(search_grid *grid, long i, const int *shift)
{
  double value[SEARCH_VARIABLES_MAX];
  return shift_value(grid, i, shift, value) ? search_grid_add(grid, value) : -1;
}

static void collect(search_grid *grid, long i, const int *shift, void *context)
{
  (void)context;
  long neighbour = search_grid_shifted(grid, i, shift);
  if (neighbour >= 0) {
    grid->found[grid->n_found] = neighbour;
    grid->n_found++;
  }
}

bool search_grid_look(search_grid *grid, long i, int tier)
{
  long first = grid->points.n;
  grid->n_found = 0;
  visit_tier(grid, i, tier, collect, NULL);
  return search_state_evaluate_batch(grid->state, &grid->points, first);
}

typedef struct inspection {
  long count;
  bool complete;
} inspection;

static void inspect(search_grid *grid, long i, const int *shift, void *context)
{
  inspection *seen = context;
  double value[SEARCH_VARIABLES_MAX];
  if (!shift_value(grid, i, shift, value)) {
    return;
  }
  seen->count++;
  long neighbour = search_points_find(&grid->points, value);
  if (neighbour < 0 ||
      search_point_better(&grid->points.point[neighbour], &grid->points.point[i])) {
    seen->complete = false;
  }
}

bool search_grid_neighbours(search_grid *grid, long i, long *count)
{
  inspection seen = {.complete = true};
  for (int tier = 0; tier < SEARCH_TIERS; tier++) {
    visit_tier(grid, i, tier, inspect, &seen);
  }
  *count = seen.count;
  return seen.complete;
}
