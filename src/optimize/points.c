/* A growing set of evaluated points with a hash table over the bits of their values. */
#include "optimize/points.h"

#include "base/allocate.h"
#include "base/hash.h"

#include <math.h>
#include <string.h>

enum { FIRST_CAPACITY = 64, SLOTS_PER_POINT = 2 };

search_points search_points_open(int n_variables, int start)
{
  return (search_points){.n_variables = n_variables, .start = start, .failed_first = -1};
}

void search_points_close(search_points *points)
{
  release(points->point);
  release(points->slot);
  *points = search_points_open(points->n_variables, points->start);
}

/* The slot that holds `value`, or the empty one where it belongs. */
static long slot_of(const search_points *points, const double *value)
{
  size_t size = (size_t)points->n_variables * sizeof *value;
  long mask = points->n_slots - 1;
  long i = (long)(hash_64(value, size) >> 1) & mask;
  while (points->slot[i] != 0 &&
         memcmp(points->point[points->slot[i] - 1].value, value, size) != 0) {
    i = (i + 1) & mask;
  }
  return i;
}

static void fill_slots(search_points *points)
{
  memset(points->slot, 0, (size_t)points->n_slots * sizeof *points->slot);
  for (long i = 0; i < points->n; i++) {
    points->slot[slot_of(points, points->point[i].value)] = i + 1;
  }
}

static bool grow(search_points *points)
{
  long capacity = points->capacity > 0 ? 2 * points->capacity : FIRST_CAPACITY;
  size_t limit = SIZE_MAX / 2 / sizeof *points->point;
  if ((size_t)capacity > limit) {
    return false;
  }
  search_point *point = reallocate(points->point, (size_t)capacity * sizeof *point);
  if (point == NULL) {
    return false;
  }
  points->point = point;
  long *slot = allocate_zeroed((size_t)(SLOTS_PER_POINT * capacity), sizeof *slot);
  if (slot == NULL) {
    return false;
  }
  release(points->slot);
  points->slot = slot;
  points->n_slots = SLOTS_PER_POINT * capacity;
  points->capacity = capacity;
  fill_slots(points);
  return true;
}

long search_points_find(const search_points *points, const double *value)
{
  return points->n == 0 ? -1 : points->slot[slot_of(points, value)] - 1;
}

long search_points_add(search_points *points, const double *value)
{
  if (points->n == points->capacity && !grow(points)) {
    return -1;
  }
  search_point *p = &points->point[points->n];
  memset(p, 0, sizeof *p);
  memcpy(p->value, value, (size_t)points->n_variables * sizeof *value);
  p->start = points->start;
  p->evaluation = -1;
  p->failed = true;
  p->goal = NAN;
  p->violation = INFINITY;
  points->n++;
  points->slot[slot_of(points, value)] = points->n;
  return points->n - 1;
}

void search_points_drop_pending(search_points *points, long first)
{
  long kept = first;
  for (long i = first; i < points->n; i++) {
    if (points->point[i].evaluation >= 0) {
      points->point[kept] = points->point[i];
      points->point[kept].evaluation = kept;
      kept++;
    }
  }
  bool dropped = kept < points->n;
  points->n = kept;
  if (dropped) {
    fill_slots(points);
  }
}

bool search_point_feasible(const search_point *p)
{
  return !p->failed && p->violation <= 0;
}

bool search_point_better(const search_point *a, const search_point *b)
{
  if (a->failed || b->failed) {
    return !a->failed && b->failed;
  }
  bool feasible_a = search_point_feasible(a), feasible_b = search_point_feasible(b);
  if (feasible_a && feasible_b) {
    return a->goal > b->goal;
  }
  return feasible_a || (!feasible_b && a->violation < b->violation);
}

long search_points_best(const search_points *points)
{
  long best = points->n > 0 ? 0 : -1;
  for (long i = 1; i < points->n; i++) {
    if (search_point_better(&points->point[i], &points->point[best])) {
      best = i;
    }
  }
  return best;
}
