/* The archive: every feasible point that none dominates, how it grew, its hypervolume and knee. */
#include "optimize/pareto_state.h"

#include "base/allocate.h"
#include "base/cholesky.h"
#include "base/error.h"
#include "optimize/hypervolume.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Beyond the worst of the front, as a share of its range. */
static const double REFERENCE_MARGIN = 0.1;

/* The archive while points are added in the order of their evaluation. */
typedef struct archive {
  const pareto_outcome *of;
  int n_objectives;
  long n;
  long *point;       /* (n_points) */
  double *objective; /* (n_points x n_objectives) of the archive */
  hypervolume *volume;
} archive;

static void archive_close(archive *a)
{
  release(a->point);
  release(a->objective);
  hypervolume_close(a->volume);
}

static bool archive_open(const pareto_outcome *of, archive *a, stepdose_error *error)
{
  size_t n = (size_t)of->n_points + 1;
  int m = of->n_objectives;
  *a = (archive){.of = of, .n_objectives = m};
  a->point = allocate_zeroed(n, sizeof *a->point);
  a->objective = allocate_zeroed(n, (size_t)m * sizeof *a->objective);
  a->volume = hypervolume_open(m, (long)n, error);
  if (a->point == NULL || a->objective == NULL || a->volume == NULL) {
    archive_close(a);
    return error_no_memory(error, "collecting a Pareto front");
  }
  return true;
}

/* False: a point of the archive is as good in every objective. */
static bool is_new(const archive *a, const double *objective)
{
  for (long i = 0; i < a->n; i++) {
    if (hypervolume_covers(a->n_objectives, a->objective + i * a->n_objectives, objective)) {
      return false;
    }
  }
  return true;
}

static void drop_covered(archive *a, const double *objective)
{
  int m = a->n_objectives;
  long kept = 0;
  for (long i = 0; i < a->n; i++) {
    if (!hypervolume_covers(m, objective, a->objective + i * m)) {
      memmove(a->objective + kept * m, a->objective + i * m, (size_t)m * sizeof *objective);
      a->point[kept] = a->point[i];
      kept++;
    }
  }
  a->n = kept;
}

/* Adds point i if it belongs there; what it adds to the volume (reference NULL: 0). */
static double archive_add(archive *a, long i, const double *reference)
{
  const double *objective = a->of->objective + i * a->n_objectives;
  if (a->of->point[i].violation > 0 || !is_new(a, objective)) {
    return 0;
  }
  double gain =
      reference != NULL ? hypervolume_gain(a->volume, objective, a->n, a->objective, reference) : 0;
  drop_covered(a, objective);
  memcpy(a->objective + a->n * a->n_objectives, objective,
         (size_t)a->n_objectives * sizeof *a->objective);
  a->point[a->n] = i;
  a->n++;
  return gain;
}

static void find_range(const archive *a, pareto_outcome *outcome)
{
  for (int k = 0; k < a->n_objectives; k++) {
    outcome->ideal[k] = outcome->nadir[k] = (double)NAN;
    for (long i = 0; i < a->n; i++) {
      double value = a->objective[i * a->n_objectives + k];
      outcome->ideal[k] = fmin(outcome->ideal[k], value);
      outcome->nadir[k] = fmax(outcome->nadir[k], value);
    }
  }
}

/* Where the front has no range, a tenth of the value, or of one. */
static void choose_reference(int n_objectives, pareto_outcome *outcome)
{
  for (int k = 0; k < n_objectives; k++) {
    double worst = outcome->nadir[k], range = worst - outcome->ideal[k];
    if (!(range > 0)) {
      range = worst != 0 ? fabs(worst) : 1;
    }
    outcome->reference[k] = worst + REFERENCE_MARGIN * range;
  }
}

/* Once more from the start, now that the reference is known. */
static void trace(archive *a, pareto_outcome *outcome)
{
  double volume = 0;
  long i = 0;
  a->n = 0;
  for (int g = 0; g < outcome->n_generations; g++) {
    pareto_generation *generation = &outcome->generation[g];
    for (; i < generation->evaluations; i++) {
      volume += archive_add(a, i, outcome->reference);
    }
    generation->front = a->n;
    generation->hypervolume = volume;
  }
}

typedef struct front_entry {
  double objective[PARETO_OBJECTIVES_MAX];
  long point;
} front_entry;

static int by_first_objective(const void *a, const void *b)
{
  const front_entry *x = a, *y = b;
  for (int k = 0; k < PARETO_OBJECTIVES_MAX; k++) {
    if (x->objective[k] != y->objective[k]) {
      return x->objective[k] < y->objective[k] ? -1 : 1;
    }
  }
  return 0;
}

/* In order of the objectives; the archive's own copies too. */
static bool sort_front(archive *a, pareto_outcome *outcome, stepdose_error *error)
{
  front_entry *entry = allocate_zeroed((size_t)a->n + 1, sizeof *entry);
  outcome->front = allocate_zeroed((size_t)a->n + 1, sizeof *outcome->front);
  if (entry == NULL || outcome->front == NULL) {
    release(entry);
    return error_no_memory(error, "sorting a Pareto front");
  }
  size_t size = (size_t)a->n_objectives * sizeof *a->objective;
  for (long i = 0; i < a->n; i++) {
    memcpy(entry[i].objective, a->objective + i * a->n_objectives, size);
    entry[i].point = a->point[i];
  }
  qsort(entry, (size_t)a->n, sizeof *entry, by_first_objective);
  for (long i = 0; i < a->n; i++) {
    memcpy(a->objective + i * a->n_objectives, entry[i].objective, size);
    outcome->front[i] = entry[i].point;
  }
  outcome->n_front = a->n;
  release(entry);
  return true;
}

static bool copy_objectives(const pareto_state *state, pareto_outcome *outcome,
                            stepdose_error *error)
{
  int m = state->task->n_objectives;
  size_t size = (size_t)m * sizeof *outcome->objective;
  outcome->objective = allocate_zeroed((size_t)state->points.n + 1, size);
  if (outcome->objective == NULL) {
    return error_no_memory(error, "keeping the objectives of a Pareto search");
  }
  for (long i = 0; i < state->points.n; i++) {
    memcpy(outcome->objective + i * m, state->score[i].objective, size);
    outcome->failures += outcome->point[i].failed;
  }
  return true;
}

static bool describe_front(archive *a, pareto_outcome *outcome, bool has_reference,
                           stepdose_error *error)
{
  if (!has_reference) {
    for (long i = 0; i < outcome->n_points; i++) {
      (void)archive_add(a, i, NULL);
    }
    find_range(a, outcome);
    choose_reference(a->n_objectives, outcome);
  }
  trace(a, outcome);
  find_range(a, outcome);
  if (!sort_front(a, outcome, error)) {
    return false;
  }
  outcome->hypervolume = hypervolume_of(a->volume, a->n, a->objective, outcome->reference);
  outcome->knee = pareto_knee(a->n_objectives, a->n, a->objective, NULL);
  return true;
}

bool pareto_sum_up(pareto_outcome *outcome, bool has_reference, stepdose_error *error)
{
  archive a;
  release(outcome->front);
  outcome->front = NULL;
  if (!archive_open(outcome, &a, error)) {
    return false;
  }
  bool done = describe_front(&a, outcome, has_reference, error);
  archive_close(&a);
  return done;
}

bool pareto_report(const pareto_state *state, pareto_outcome *outcome, stepdose_error *error)
{
  const pareto_task *task = state->task;
  memcpy(outcome->reference, task->reference, sizeof outcome->reference);
  return copy_objectives(state, outcome, error) &&
         pareto_sum_up(outcome, task->has_reference, error);
}

/* --- the knee --------------------------------------------------------------------------------- */

/* A front whose objectives are scaled to 0 (its best) .. 1 (its worst); 0 where it has no range. */
typedef struct scaled_front {
  int m;
  long n;
  const double *front; /* (n x m) */
  double ideal[PARETO_OBJECTIVES_MAX], range[PARETO_OBJECTIVES_MAX];
  int n_ends; /* different ones */
  long end[PARETO_OBJECTIVES_MAX];
  double weight[PARETO_OBJECTIVES_MAX]; /* of the plane "weighted sum = level" */
  double level;
} scaled_front;

static double scaled(const scaled_front *f, long i, int k)
{
  return f->range[k] > 0 ? (f->front[i * f->m + k] - f->ideal[k]) / f->range[k] : 0;
}

static double weighted_sum(const scaled_front *f, long i, const double *weight)
{
  double sum = 0;
  for (int k = 0; k < f->m; k++) {
    sum += weight[k] * scaled(f, i, k);
  }
  return sum;
}

static void scale_front(scaled_front *f)
{
  for (int k = 0; k < f->m; k++) {
    double least = INFINITY, largest = -INFINITY;
    for (long i = 0; i < f->n; i++) {
      least = fmin(least, f->front[i * f->m + k]);
      largest = fmax(largest, f->front[i * f->m + k]);
    }
    f->ideal[k] = least;
    f->range[k] = largest - least;
  }
}

static const double equal_weights[PARETO_OBJECTIVES_MAX] = {1, 1, 1, 1};

/* The best point of an objective; of several the one with the least sum of all. */
static long best_of(const scaled_front *f, int k)
{
  long best = 0;
  for (long i = 1; i < f->n; i++) {
    const double gain = scaled(f, best, k) - scaled(f, i, k);
    if (gain > 0 ||
        (gain == 0 && weighted_sum(f, i, equal_weights) < weighted_sum(f, best, equal_weights))) {
      best = i;
    }
  }
  return best;
}

static void find_ends(scaled_front *f)
{
  for (int k = 0; k < f->m; k++) {
    const long best = f->range[k] > 0 ? best_of(f, k) : -1;
    bool known = best < 0;
    for (int j = 0; j < f->n_ends; j++) {
      known = known || f->end[j] == best;
    }
    if (!known) {
      f->end[f->n_ends++] = best;
    }
  }
}

/* The plane "weighted sum = 1" through all ends; where they are fewer than the objectives, of all
 * such planes the one with the smallest weights: weight = E' (E E')^-1 1, E being the ends. False:
 * the ends do not lie so, or less of an objective would not be better. */
static bool plane_through_ends(scaled_front *f)
{
  double product[PARETO_OBJECTIVES_MAX * PARETO_OBJECTIVES_MAX];
  double share[PARETO_OBJECTIVES_MAX] = {1, 1, 1, 1};
  bool falls = true;
  for (int i = 0; i < f->n_ends; i++) {
    for (int j = 0; j < f->n_ends; j++) {
      double sum = 0;
      for (int k = 0; k < f->m; k++) {
        sum += scaled(f, f->end[i], k) * scaled(f, f->end[j], k);
      }
      product[i * f->n_ends + j] = sum;
    }
  }
  if (!cholesky_factor(f->n_ends, product)) {
    return false;
  }
  cholesky_solve(f->n_ends, product, share);
  for (int k = 0; k < f->m; k++) {
    f->weight[k] = 0;
    for (int i = 0; i < f->n_ends; i++) {
      f->weight[k] += share[i] * scaled(f, f->end[i], k);
    }
    falls = falls && (f->weight[k] > 0 || !(f->range[k] > 0));
  }
  f->level = 1;
  return falls;
}

/* Equal weights, through the mean of the ends; an end may then be the knee. */
static void plane_of_equal_weights(scaled_front *f)
{
  memcpy(f->weight, equal_weights, sizeof f->weight);
  f->level = 0;
  for (int i = 0; i < f->n_ends; i++) {
    f->level += weighted_sum(f, f->end[i], f->weight) / f->n_ends;
  }
}

static double length_of(int m, const double *weight)
{
  double sum = 0;
  for (int k = 0; k < m; k++) {
    sum += weight[k] * weight[k];
  }
  return sqrt(sum);
}

long pareto_knee(int n_objectives, long n, const double *front, double *distance)
{
  scaled_front f = {.m = n_objectives, .n = n, .front = front};
  /* the ends lie on the plane, but for rounding */
  double farthest = 1e-9;
  long knee = -1;
  scale_front(&f);
  find_ends(&f);
  if (f.n_ends > 1 && !plane_through_ends(&f)) {
    plane_of_equal_weights(&f);
  }
  for (long i = 0; f.n_ends > 1 && i < n; i++) {
    const double below = f.level - weighted_sum(&f, i, f.weight);
    const double depth = below / length_of(n_objectives, f.weight);
    if (depth > farthest) {
      farthest = depth;
      knee = i;
    }
  }
  if (distance != NULL) {
    *distance = knee >= 0 ? farthest : 0;
  }
  return knee;
}
