/* The archive: every feasible point that none dominates, how it grew, its hypervolume and knee. */
#include "optimize/pareto_state.h"

#include "base/allocate.h"
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

static double scaled_sum(int m, const double *objective, const double *ideal, const double *nadir)
{
  double sum = 0;
  for (int k = 0; k < m; k++) {
    double range = nadir[k] - ideal[k];
    sum += range > 0 ? (objective[k] - ideal[k]) / range : 0;
  }
  return sum;
}

long pareto_knee(int n_objectives, long n, const double *front, double *distance)
{
  double ideal[PARETO_OBJECTIVES_MAX], nadir[PARETO_OBJECTIVES_MAX];
  for (int k = 0; k < n_objectives; k++) {
    ideal[k] = INFINITY;
    nadir[k] = -INFINITY;
    for (long i = 0; i < n; i++) {
      ideal[k] = fmin(ideal[k], front[i * n_objectives + k]);
      nadir[k] = fmax(nadir[k], front[i * n_objectives + k]);
    }
  }
  /* the ends of a front of two objectives lie on the line, but for rounding */
  double farthest = 1e-9;
  long knee = -1;
  for (long i = 0; i < n; i++) {
    double below = 1 - scaled_sum(n_objectives, front + i * n_objectives, ideal, nadir);
    if (below / sqrt(n_objectives) > farthest) {
      farthest = below / sqrt(n_objectives);
      knee = i;
    }
  }
  if (distance != NULL) {
    *distance = knee >= 0 ? farthest : 0;
  }
  return knee;
}
