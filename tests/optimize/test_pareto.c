/* The Pareto search on problems with known fronts and against brute force; what is promised of
 * archive, trace, knee, failures and budgets. */
#include <criterion/criterion.h>

#include "optimize/pareto_problems.h"

#include "base/allocate.h"
#include "base/error.h"
#include "optimize/points.h"

#include <stdio.h>

enum { LEVELS = 9, GRID = LEVELS * LEVELS * LEVELS * LEVELS };

/* The true volumes are accurate to 0.02 per cent; nothing can surpass them. In three objectives the
 * archive grows to thousands of points, and one seed takes as long as all others. */
Test(pareto, volumes_of_known_fronts_are_reached_within_one_per_cent)
{
  const long evaluations[N_PARETO_PROBLEMS] = {20000, 20000, 40000, 40000};
  for (int k = 0; k < N_PARETO_PROBLEMS; k++) {
    pareto_problem p = PARETO_PROBLEMS[k];
    double truth = p.true_volume(&p);
    for (uint64_t seed = 1; seed <= (p.n_objectives == 2 ? 2 : 1); seed++) {
      pareto_task task = pareto_task_of(&p, seed, evaluations[k]);
      pareto_outcome o;
      cr_assert(pareto_run(&task, &o, NULL));
      double share = o.hypervolume / truth;
      printf("%s, seed %d: %.4f of %.4f, %ld points\n", p.name, (int)seed, share, truth, o.n_front);
      cr_expect(share > 0.99 && share < 1.0002, "%s, seed %d: %g", p.name, (int)seed, share);
      pareto_outcome_free(&o);
    }
  }
}

/* --- against brute force ---------------------------------------------------------------------- */

/* Four whole numbers 0 .. 8: a dose of each of four visits, say. Benefit saturates, harm grows with
 * the largest rise, and a sum is limited. */
static void whole_numbers(const double *x, double *value)
{
  double sum = x[0] + x[1] + x[2] + x[3], rise = x[0];
  for (int i = 1; i < 4; i++) {
    rise = fmax(rise, x[i] - 0.6 * x[i - 1]);
  }
  value[0] = -(x[0] + 2 * x[1] + 3 * x[2] + 5 * x[3]) / (10 + sum);
  value[1] = rise * rise + 0.3 * x[3];
  value[2] = sum + (x[0] > 0) + (x[1] > 0) + (x[2] > 0) + (x[3] > 0);
  value[3] = sum - 25;
  value[4] = x[1] < x[0] ? 1 : -1;
}

static const double WHOLE[LEVELS] = {0, 1, 2, 3, 4, 5, 6, 7, 8};

static pareto_problem whole_problem(void)
{
  return (pareto_problem){"whole numbers", 4,   3, 2, {0}, {8, 8, 8, 8}, whole_numbers,
                          {0, 100, 40},    NULL};
}

static pareto_task whole_task(pareto_problem *p, uint64_t seed, long evaluations)
{
  pareto_task task = pareto_task_of(p, seed, evaluations);
  for (int i = 0; i < 4; i++) {
    task.variable[i].n_levels = LEVELS;
    task.variable[i].level = WHOLE;
  }
  task.population = 60;
  return task;
}

static bool holds(const double *value) { return value[3] <= 0 && value[4] <= 0; }

static bool as_good(const double *a, const double *b)
{
  return a[0] <= b[0] && a[1] <= b[1] && a[2] <= b[2];
}

/* Distinct objectives of all points that none dominates: how many. */
static long brute_force(double best[][3])
{
  static double all[GRID][5];
  long n = 0;
  for (int i = 0; i < GRID; i++) {
    double x[4] = {i % LEVELS, i / LEVELS % LEVELS, i / LEVELS / LEVELS % LEVELS,
                   i / LEVELS / LEVELS / LEVELS};
    whole_numbers(x, all[i]);
  }
  for (int i = 0; i < GRID; i++) {
    bool stays = holds(all[i]);
    for (int j = 0; j < GRID && stays; j++) {
      bool equal = as_good(all[i], all[j]);
      stays = !(holds(all[j]) && as_good(all[j], all[i]) && (!equal || j < i));
    }
    if (stays) {
      memcpy(best[n], all[i], sizeof best[n]);
      n++;
    }
  }
  return n;
}

static long found_of(const pareto_outcome *o, double best[][3], long n)
{
  long found = 0;
  for (long i = 0; i < n; i++) {
    for (long k = 0; k < o->n_front; k++) {
      found += memcmp(best[i], o->objective + 3 * o->front[k], sizeof best[i]) == 0;
    }
  }
  return found;
}

Test(pareto, the_whole_front_of_a_grid_is_found)
{
  static double best[GRID][3];
  long n = brute_force(best);
  pareto_problem p = whole_problem();
  double volume = 0;
  for (int whole = 1; whole >= 0; whole--) {
    pareto_task task = whole_task(&p, 3, whole ? 2 * GRID : GRID / 4);
    pareto_outcome o;
    cr_assert(pareto_run(&task, &o, NULL));
    long found = found_of(&o, best, n);
    printf("%ld of %ld points found in %ld of %d evaluations\n", found, n, o.n_points, GRID);
    if (whole) {
      cr_expect_eq(o.n_points, GRID);
      cr_expect_eq(o.end, SEARCH_END_CONVERGED);
      cr_expect_eq(o.n_front, n);
      cr_expect_eq(found, n);
      volume = o.hypervolume;
    } else {
      cr_expect_eq(o.end, SEARCH_END_EVALUATIONS);
      cr_expect_geq((double)found, 0.9 * (double)n, "%ld of %ld", found, n);
      cr_expect_geq(o.hypervolume, 0.99 * volume);
    }
    pareto_outcome_free(&o);
  }
}

/* --- what holds of every outcome -------------------------------------------------------------- */

static bool feasible_at(const pareto_outcome *o, long i)
{
  return search_point_feasible(&o->point[i]);
}

static bool covers(const pareto_outcome *o, long a, long b)
{
  for (int k = 0; k < o->n_objectives; k++) {
    if (o->objective[a * o->n_objectives + k] > o->objective[b * o->n_objectives + k]) {
      return false;
    }
  }
  return true;
}

/* The front covers every feasible point, and no point of it covers another. */
static void expect_front(const pareto_outcome *o, const char *name)
{
  for (long k = 0; k < o->n_front; k++) {
    cr_expect(feasible_at(o, o->front[k]), "%s", name);
    for (long j = 0; j < o->n_front; j++) {
      cr_expect(j == k || !covers(o, o->front[j], o->front[k]), "%s: %ld, %ld", name, j, k);
    }
    cr_expect(k == 0 || o->objective[o->front[k] * o->n_objectives] >=
                            o->objective[o->front[k - 1] * o->n_objectives]);
  }
  for (long i = 0; i < o->n_points; i++) {
    bool covered = !feasible_at(o, i);
    for (long k = 0; k < o->n_front && !covered; k++) {
      covered = covers(o, o->front[k], i);
    }
    cr_expect(covered, "%s: point %ld", name, i);
  }
}

static void expect_trace(const pareto_outcome *o, const char *name)
{
  for (int g = 1; g < o->n_generations; g++) {
    const pareto_generation *now = &o->generation[g], *before = now - 1;
    cr_expect_gt(now->evaluations, before->evaluations, "%s", name);
    cr_expect_geq(now->hypervolume, before->hypervolume - 1e-12 * fabs(now->hypervolume));
  }
  const pareto_generation *last = &o->generation[o->n_generations - 1];
  cr_expect_eq(last->evaluations, o->n_points);
  cr_expect_eq(last->front, o->n_front);
  cr_expect_lt(fabs(last->hypervolume - o->hypervolume), 1e-9 * o->hypervolume, "%s", name);
}

static void expect_points(const pareto_task *task, const pareto_outcome *o, const char *name)
{
  for (long i = 0; i < o->n_points; i++) {
    cr_expect_eq(o->point[i].evaluation, i);
    for (int v = 0; v < task->n_variables; v++) {
      double value = o->point[i].value[v];
      cr_expect(value >= task->variable[v].low && value <= task->variable[v].high, "%s", name);
      cr_expect(task->variable[v].n_levels == 0 || value == floor(value), "%s", name);
    }
    for (long j = 0; j < i; j++) {
      size_t size = (size_t)task->n_variables * sizeof(double);
      cr_assert_neq(memcmp(o->point[i].value, o->point[j].value, size), 0, "%s: %ld = %ld", name, i,
                    j);
    }
  }
}

Test(pareto, front_trace_and_points_are_consistent)
{
  for (int k = 0; k <= N_PARETO_PROBLEMS; k++) {
    pareto_problem p = k < N_PARETO_PROBLEMS ? PARETO_PROBLEMS[k] : whole_problem();
    pareto_task task =
        k < N_PARETO_PROBLEMS ? pareto_task_of(&p, 4, 1777) : whole_task(&p, 4, 1777);
    pareto_outcome o;
    task.has_reference = k % 2 == 0;
    cr_assert(pareto_run(&task, &o, NULL));
    cr_expect_eq(o.n_points, 1777);
    expect_front(&o, p.name);
    expect_trace(&o, p.name);
    expect_points(&task, &o, p.name);
    for (int j = 0; j < p.n_objectives; j++) {
      double chosen = o.nadir[j] + 0.1 * (o.nadir[j] - o.ideal[j]);
      cr_expect_eq(o.reference[j], task.has_reference ? p.reference[j] : chosen, "%s", p.name);
    }
    pareto_outcome_free(&o);
  }
}

static uint64_t bits_of(const pareto_outcome *o)
{
  uint64_t hash =
      hash_64(o->objective, (size_t)(o->n_points * o->n_objectives) * sizeof *o->objective);
  hash ^= hash_64(o->point, (size_t)o->n_points * sizeof *o->point) * 3;
  hash ^= hash_64(o->front, (size_t)o->n_front * sizeof *o->front) * 5;
  hash ^= hash_64(o->generation, (size_t)o->n_generations * sizeof *o->generation) * 7;
  return hash ^ hash_64(&o->hypervolume, sizeof o->hypervolume) ^ (uint64_t)o->knee;
}

Test(pareto, the_result_depends_on_the_seed_and_not_on_the_size_of_batches)
{
  for (int k = 0; k <= N_PARETO_PROBLEMS; k++) {
    const long size[] = {0, 1, 7, 64, 100000};
    uint64_t bits[6];
    for (int b = 0; b < 6; b++) {
      pareto_problem p = k < N_PARETO_PROBLEMS ? PARETO_PROBLEMS[k] : whole_problem();
      uint64_t seed = b < 5 ? 5 : 6;
      pareto_task task =
          k < N_PARETO_PROBLEMS ? pareto_task_of(&p, seed, 900) : whole_task(&p, seed, 900);
      pareto_outcome o;
      task.batch = b < 5 ? size[b] : 0;
      cr_assert(pareto_run(&task, &o, NULL));
      bits[b] = bits_of(&o);
      pareto_outcome_free(&o);
      cr_expect(b == 5 ? bits[b] != bits[0] : bits[b] == bits[0], "%s, case %d", p.name, b);
    }
  }
}

/* Points of two searches in one outcome. */
static void join_outcomes(const pareto_outcome part[2], pareto_outcome *all)
{
  const int m = part[0].n_objectives;
  const long n = part[0].n_points + part[1].n_points;
  *all = (pareto_outcome){.n_objectives = m};
  all->point = allocate_zeroed((size_t)n, sizeof *all->point);
  all->objective = allocate_zeroed((size_t)(n * m), sizeof *all->objective);
  all->generation = allocate_zeroed(2, sizeof *all->generation);
  cr_assert(all->point != NULL && all->objective != NULL && all->generation != NULL);
  for (int k = 0; k < 2; k++) {
    const pareto_outcome *o = &part[k];
    memcpy(all->point + all->n_points, o->point, (size_t)o->n_points * sizeof *o->point);
    memcpy(all->objective + all->n_points * m, o->objective,
           (size_t)(o->n_points * m) * sizeof *o->objective);
    for (long i = 0; i < o->n_points; i++) {
      all->point[all->n_points + i].evaluation = all->n_points + i;
    }
    all->n_points += o->n_points;
    all->generation[all->n_generations++].evaluations = all->n_points;
  }
}

Test(pareto, fronts_of_several_searches_are_put_together)
{
  pareto_problem p = PARETO_PROBLEMS[1];
  pareto_outcome part[2], all;
  for (int k = 0; k < 2; k++) {
    pareto_task task = pareto_task_of(&p, (uint64_t)k + 21, 600);
    cr_assert(pareto_run(&task, &part[k], NULL));
  }
  join_outcomes(part, &all);
  memcpy(all.reference, p.reference, sizeof p.reference);
  for (int again = 0; again < 2; again++) {
    cr_assert(pareto_sum_up(&all, true, NULL));
    expect_front(&all, "both");
    expect_trace(&all, "both");
  }
  cr_expect_eq(all.generation[0].hypervolume, part[0].hypervolume);
  cr_expect_geq(all.hypervolume, fmax(part[0].hypervolume, part[1].hypervolume));
  cr_expect_leq(all.n_front, part[0].n_front + part[1].n_front);
  pareto_outcome_free(&part[0]);
  pareto_outcome_free(&part[1]);
  pareto_outcome_free(&all);
}

/* The context of a search that ends itself. */
typedef struct patience {
  pareto_problem problem;
  long runs, runs_max, asked;
} patience;

static bool run_patiently(void *context, long n, const double *points, double *values, bool *failed,
                          stepdose_error *error)
{
  patience *all = context;
  all->runs += n;
  return run_pareto(&all->problem, n, points, values, failed, error);
}

static bool has_enough(void *context)
{
  patience *all = context;
  all->asked++;
  return all->runs >= all->runs_max;
}

Test(pareto, the_caller_can_end_a_search_after_each_generation)
{
  patience all = {.problem = PARETO_PROBLEMS[0], .runs_max = 450};
  pareto_task task = pareto_task_of(&all.problem, 9, 5000);
  pareto_outcome o;
  task.evaluate = run_patiently;
  task.context = &all;
  task.enough = has_enough;
  cr_assert(pareto_run(&task, &o, NULL));
  cr_expect_eq(o.n_points, 500, "five populations of a hundred: %ld", o.n_points);
  cr_expect_eq(all.asked, 5);
  cr_expect_eq(o.end, SEARCH_END_EVALUATIONS);
  expect_front(&o, "enough");
  pareto_outcome_free(&o);
}

/* --- failures --------------------------------------------------------------------------------- */

typedef struct trouble {
  pareto_problem problem;
  int kind; /* 0: the run fails, 1: an objective is NAN, 2: a constraint is infinite */
  bool always;
  long runs, calls, stop_at;
  volatile int stop;
} trouble;

/* The best points of all are the ones that fail. */
static bool run_troubled(void *context, long n, const double *points, double *values, bool *failed,
                         stepdose_error *error)
{
  trouble *t = context;
  int width = t->problem.n_objectives + t->problem.n_constraints;
  t->calls++;
  t->runs += n;
  t->stop = t->stop_at > 0 && t->calls >= t->stop_at;
  if (!run_pareto(&t->problem, n, points, values, failed, error)) {
    return false;
  }
  for (long i = 0; i < n; i++) {
    double *value = values + i * width;
    if (t->always || points[i * t->problem.n_variables] < 0.5) {
      failed[i] = t->kind == 0;
      value[0] = t->kind == 1 ? (double)NAN : -1000;
      value[width - 1] = t->kind == 2 ? (double)INFINITY : -1;
    }
  }
  return true;
}

Test(pareto, failed_points_are_counted_and_never_on_the_front)
{
  for (int kind = 0; kind < 3; kind++) {
    trouble t = {.problem = PARETO_PROBLEMS[0], .kind = kind};
    pareto_task task = pareto_task_of(&t.problem, 7, 2000);
    pareto_outcome o;
    task.evaluate = run_troubled;
    task.context = &t;
    cr_assert(pareto_run(&task, &o, NULL));
    long failures = 0;
    for (long i = 0; i < o.n_points; i++) {
      bool fails = o.point[i].value[0] < 0.5;
      failures += fails;
      cr_expect_eq(o.point[i].failed, fails);
      cr_expect_eq(isnan(o.objective[2 * i]), fails);
    }
    cr_expect_eq(o.failures, failures);
    cr_expect_gt(failures, 20);
    cr_expect_gt(o.n_front, 20);
    expect_front(&o, "failures");
    cr_expect_lt(o.ideal[0], 0.51, "it gets to the rim of what works: %g", o.ideal[0]);
    pareto_outcome_free(&o);
  }
}

/* The constraint cannot hold: at the far corner of the box it still lacks 1. */
static void impossible(const double *x, double *value)
{
  value[0] = x[0];
  value[1] = x[1];
  value[2] = 3 - x[0] - x[1];
}

Test(pareto, where_nothing_is_feasible_the_excess_shrinks)
{
  pareto_problem p = {"impossible", 2, 2, 1, {0, 0}, {1, 1}, impossible, {2, 2}, NULL};
  pareto_task task = pareto_task_of(&p, 8, 2000);
  pareto_outcome o;
  cr_assert(pareto_run(&task, &o, NULL));
  cr_expect_eq(o.n_front, 0);
  cr_expect_eq(o.hypervolume, 0);
  cr_expect_eq(o.knee, -1);
  double least = INFINITY;
  for (long i = 0; i < o.n_points; i++) {
    least = fmin(least, o.point[i].violation);
  }
  cr_expect_lt(least - 1, 1e-3, "%g", least);
  pareto_outcome_free(&o);
}

Test(pareto, where_every_run_fails_there_is_no_front)
{
  trouble t = {.problem = PARETO_PROBLEMS[3], .always = true};
  pareto_task task = pareto_task_of(&t.problem, 9, 500);
  pareto_outcome o;
  task.evaluate = run_troubled;
  task.context = &t;
  task.has_reference = false;
  cr_assert(pareto_run(&task, &o, NULL));
  cr_expect_eq(o.failures, 500);
  cr_expect_eq(o.n_front, 0);
  cr_expect_eq(o.hypervolume, 0);
  cr_expect(isnan(o.nadir[0]));
  pareto_outcome_free(&o);
}

/* --- starts, budgets, stopping ---------------------------------------------------------------- */

Test(pareto, given_points_come_first_on_the_grid_and_help)
{
  const double given[3][4] = {{0.4, 2.6, 7.7, 20}, {0, 0, 0, 0}, {0.1, -3, 0.2, 0.3}};
  const double snapped[4] = {0, 3, 8, 8};
  pareto_problem p = whole_problem();
  pareto_task task = whole_task(&p, 10, 100);
  pareto_outcome o;
  task.n_given = 3;
  task.given = given[0];
  cr_assert(pareto_run(&task, &o, NULL));
  cr_expect_eq(o.n_points, 100);
  cr_expect_eq(memcmp(o.point[0].value, snapped, sizeof snapped), 0);
  cr_expect_eq(o.point[0].start, 0);
  cr_expect_eq(o.point[1].start, 1);
  cr_expect_eq(o.point[2].start, SEARCH_FROM_SCREENING, "the third is the second once more");
  pareto_outcome_free(&o);
}

/* OSY's five ends of pieces as starts, against none, at a small budget. */
Test(pareto, starts_on_the_front_save_evaluations)
{
  const double given[5][6] = {{5, 1, 5, 0, 5, 0},
                              {5, 1, 5, 0, 1, 0},
                              {5, 1, 1, 0, 1, 0},
                              {0, 2, 3.732, 0, 1, 0},
                              {0, 2, 1, 0, 1, 0}};
  double volume[2];
  for (int with = 0; with < 2; with++) {
    pareto_problem p = PARETO_PROBLEMS[2];
    pareto_task task = pareto_task_of(&p, 11, 2000);
    pareto_outcome o;
    task.n_given = with ? 5 : 0;
    task.given = given[0];
    cr_assert(pareto_run(&task, &o, NULL));
    volume[with] = o.hypervolume;
    pareto_outcome_free(&o);
  }
  cr_expect_gt(volume[1], 1.05 * volume[0], "%g, %g", volume[1], volume[0]);
}

Test(pareto, the_budget_is_kept_and_stopping_keeps_what_there_is)
{
  for (int stopping = 0; stopping < 2; stopping++) {
    trouble t = {.problem = PARETO_PROBLEMS[1], .stop_at = stopping ? 5 : 0};
    stepdose_settings settings = {.stop = &t.stop};
    pareto_task task = pareto_task_of(&t.problem, 12, 333);
    pareto_outcome o;
    task.batch = 30;
    task.evaluate = run_troubled;
    task.context = &t;
    task.progress = progress_open(&settings);
    cr_assert(pareto_run(&task, &o, NULL));
    progress_close(task.progress);
    cr_expect_eq(o.end, stopping ? SEARCH_END_STOPPED : SEARCH_END_EVALUATIONS);
    /* four batches make the first 100, the fifth is the first of the second generation */
    cr_expect_eq(o.n_points, stopping ? 130 : 333);
    cr_expect_eq(t.runs, o.n_points);
    expect_front(&o, "stopped");
    pareto_outcome_free(&o);
  }
}

Test(pareto, stopped_before_the_first_point_it_has_none)
{
  volatile int stop = 1;
  stepdose_settings settings = {.stop = &stop};
  pareto_problem p = PARETO_PROBLEMS[0];
  pareto_task task = pareto_task_of(&p, 12, 333);
  pareto_outcome o;
  task.progress = progress_open(&settings);
  cr_assert(pareto_run(&task, &o, NULL));
  progress_close(task.progress);
  cr_expect_eq(o.end, SEARCH_END_STOPPED);
  cr_expect_eq(o.n_points, 0);
  cr_expect_eq(o.n_generations, 0);
  cr_expect_eq(o.n_front, 0);
  pareto_outcome_free(&o);
}

Test(pareto, a_grid_smaller_than_the_population_is_searched_completely)
{
  static const double level[] = {0.1, 0.4, 1};
  pareto_problem p = PARETO_PROBLEMS[0];
  pareto_task task = pareto_task_of(&p, 13, 1000);
  pareto_outcome o;
  for (int i = 0; i < 2; i++) {
    task.variable[i] = (search_variable){
        .low = 0.1, .high = 1, .logarithmic = true, .n_levels = 3, .level = level};
  }
  cr_assert(pareto_run(&task, &o, NULL));
  cr_expect_eq(o.n_points, 9);
  cr_expect_eq(o.end, SEARCH_END_CONVERGED);
  pareto_outcome_free(&o);
}

/* --- the knee --------------------------------------------------------------------------------- */

Test(pareto, the_knee_is_where_a_front_bulges_most)
{
  enum { N = 101 };
  double front[N][2], distance;
  const struct {
    double power;
    long knee;
    double distance;
  } expected[] = {
      {0.5, 25, 0.5}, /* sqrt(x) + sqrt(y) = 1: at x = y = 1/4 */
      {1, -1, 0},     /* a line has none */
      {2, -1, 0},     /* nor has a front that bulges the other way */
  };
  for (int k = 0; k < 3; k++) {
    for (int i = 0; i < N; i++) {
      double x = i / 100.0;
      front[i][0] = 3 + 2 * x;
      front[i][1] = -7 + 50 * pow(1 - pow(x, expected[k].power), 1 / expected[k].power);
    }
    cr_expect_eq(pareto_knee(2, N, front[0], &distance), expected[k].knee, "power %g",
                 expected[k].power);
    cr_expect_lt(fabs(distance - expected[k].distance / sqrt(2)), 1e-12);
  }
  const double corner[4][3] = {{0, 1, 1}, {1, 0, 1}, {1, 1, 0}, {0.3, 0.3, 0.2}};
  cr_expect_eq(pareto_knee(3, 4, corner[0], &distance), 3);
  cr_expect_lt(fabs(distance - 1.2 / sqrt(3)), 1e-12); /* from x + y + z = 2 */
  cr_expect_eq(pareto_knee(3, 0, corner[0], NULL), -1);
  cr_expect_eq(pareto_knee(2, 1, front[7], &distance), -1, "one point is no knee");
  cr_expect_eq(distance, 0);
}

/* The eighth of a sphere of radius 1 around (1, 1, 1) that looks towards 0, its ends being
 * (0, 1, 1) and so on, stretched and moved: by symmetry the knee is at 1 - 1/sqrt(3) in each
 * objective, whose distance from x + y + z = 2 is (sqrt(3) - 1)/sqrt(3). Turned round it has
 * none. */
Test(pareto, the_knee_of_a_sphere_is_in_its_middle)
{
  enum { SIDE = 24 };
  const double scale[3] = {2, 700, 0.01}, shift[3] = {-5, 40, 0};
  double front[(SIDE + 1) * (SIDE + 2) / 2][3], distance;
  for (int side = 1; side >= -1; side -= 2) {
    long n = 0, middle = -1;
    for (int a = 0; a <= SIDE; a++) {
      for (int b = 0; a + b <= SIDE; b++) {
        const double x[3] = {a, b, SIDE - a - b};
        const double radius = sqrt(x[0] * x[0] + x[1] * x[1] + x[2] * x[2]);
        middle = a == SIDE / 3 && b == SIDE / 3 ? n : middle;
        for (int k = 0; k < 3; k++) {
          const double value = side > 0 ? 1 - x[k] / radius : x[k] / radius;
          front[n][k] = shift[k] + scale[k] * value;
        }
        n++;
      }
    }
    const long knee = pareto_knee(3, n, front[0], &distance);
    cr_expect_eq(knee, side > 0 ? middle : -1, "side %d: point %ld", side, knee);
    cr_expect_lt(fabs(distance - (side > 0 ? 1 - 1 / sqrt(3) : 0)), 1e-9, "%g", distance);
  }
}

/* Planes worked out by hand. */
Test(pareto, a_knee_is_measured_from_the_plane_of_the_ends_of_three_and_four_goals)
{
  const double one_end_for_two[4][3] = {{0, 1, 1}, {1, 0, 0}, {0.4, 0.3, 0.5}, {0.45, 0.6, 0.3}};
  const double four[5][4] = {
      {0, 1, 0.9, 1}, {1, 0, 0, 0}, {0.2, 0.5, 0.4, 0.5}, {0.6, 0.2, 0.3, 0.2}, {0.9, 0.1, 0, 0.1}};
  const double oblique[5][3] = {
      {0, 1, 0.5}, {0.25, 0, 1}, {1, 0.5, 0}, {0.3, 0.35, 0.2}, {0.2, 0.22, 0.42}};
  const double one_end_ahead[4][3] = {{0, 1, 0.1}, {1, 0, 0.1}, {0.1, 0.1, 0}, {0.05, 0.05, 1}};
  double distance;
  /* x + (y + z)/2 = 1 */
  cr_expect_eq(pareto_knee(3, 4, one_end_for_two[0], &distance), 2);
  cr_expect_lt(fabs(distance - 0.2 / sqrt(1.5)), 1e-12, "%.12g", distance);
  /* x + (y + z/0.9 + u)/3 = 1, the third goal being scaled by 0.9 */
  cr_expect_eq(pareto_knee(4, 5, four[0], &distance), 2);
  const double depth = 1 - 0.2 - (0.5 + 0.4 / 0.9 + 0.5) / 3;
  cr_expect_lt(fabs(distance - depth / sqrt(4.0 / 3)), 1e-12, "%.12g", distance);
  /* 12 x + 10 y + 14 z = 17; with equal weights the last point would be farther */
  cr_expect_eq(pareto_knee(3, 5, oblique[0], &distance), 3);
  cr_expect_lt(fabs(distance - (17 - 9.9) / sqrt(440)), 1e-12, "%.12g", distance);
  /* 5 x + 5 y - 40 z = 1 would praise a large z: equal weights, and the mean of the ends */
  cr_expect_eq(pareto_knee(3, 4, one_end_ahead[0], &distance), 2);
  cr_expect_lt(fabs(distance - (2.4 / 3 - 0.2) / sqrt(3)), 1e-12, "%.12g", distance);
}

/* --- errors ----------------------------------------------------------------------------------- */

static bool cannot_run(void *context, long n, const double *points, double *values, bool *failed,
                       stepdose_error *error)
{
  (void)context;
  (void)points;
  (void)values;
  (void)failed;
  return error_set(error, STEPDOSE_INPUT_OUTPUT, "", "no way to run %ld points", n);
}

Test(pareto, tasks_that_cannot_be_run_are_errors)
{
  const double endless[2] = {(double)NAN, 1};
  pareto_problem p = PARETO_PROBLEMS[0];
  pareto_task good = pareto_task_of(&p, 1, 500), bad[13];
  for (int k = 0; k < 13; k++) {
    bad[k] = good;
  }
  bad[0].n_variables = 0;
  bad[1].n_variables = SEARCH_VARIABLES_MAX + 1;
  bad[2].n_objectives = 1;
  bad[3].n_objectives = PARETO_OBJECTIVES_MAX + 1;
  bad[4].n_constraints = SEARCH_CONSTRAINTS_MAX + 1;
  bad[5].population = 7;
  bad[6].population = 2;
  bad[7].evaluations_max = 0;
  bad[8].variable[1].high = bad[8].variable[1].low;
  bad[9].n_given = 1;
  bad[9].given = endless;
  bad[10].reference[1] = (double)INFINITY;
  bad[11].evaluate = cannot_run;
  bad[12].evaluate = NULL;
  for (int k = 0; k < 13; k++) {
    pareto_outcome o;
    stepdose_error error;
    error_clear(&error);
    cr_expect(!pareto_run(&bad[k], &o, &error), "task %d", k);
    cr_expect_neq(error.code, STEPDOSE_OK, "task %d", k);
    cr_expect_neq(error.message[0], 0, "task %d", k);
    cr_expect(o.point == NULL && o.front == NULL && o.generation == NULL && o.objective == NULL);
  }
}

Test(pareto, every_allocation_may_fail)
{
  for (int persistent = 0; persistent < 2; persistent++) {
    long n = 0;
    for (bool done = false; !done; n++) {
      pareto_problem p = whole_problem();
      pareto_task task = whole_task(&p, 14, 200);
      pareto_outcome o;
      stepdose_error error;
      error_clear(&error);
      allocate_fail_after(n, persistent);
      done = pareto_run(&task, &o, &error);
      allocate_fail_after(-1, 0);
      cr_assert(done || error.code == STEPDOSE_NO_MEMORY, "allocation %ld", n);
      cr_assert(done || (o.point == NULL && o.generation == NULL), "allocation %ld", n);
      pareto_outcome_free(&o);
      cr_assert(n < 1000);
    }
    cr_expect_gt(n, 15);
  }
}
