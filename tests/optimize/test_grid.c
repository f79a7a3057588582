/* The grid stage against brute force, and what it says about neighbours and near-optimal points. */
#include <criterion/criterion.h>

#include "optimize/problems.h"

#include "base/number.h"
#include "base/random.h"
#include "optimize/neighbours.h"

#include <stdio.h>

enum { LEVELS = 9, AXES_MAX = 4 };

/* A random problem: a concave goal with an optimum anywhere, and random half spaces and a ball. */
typedef struct random_problem {
  int n, n_constraints;
  double centre[AXES_MAX], weight[AXES_MAX], coupling;
  double normal[3][AXES_MAX], offset[3];
  double level[AXES_MAX][LEVELS];
} random_problem;

static bool evaluate_random(void *context, int worker, const double *x, double *goal, double *c,
                            stepdose_error *error)
{
  const random_problem *r = context;
  (void)worker;
  (void)error;
  *goal = 0;
  double before = 0;
  for (int i = 0; i < r->n; i++) {
    double d = log10(x[i]) - r->centre[i];
    *goal -= r->weight[i] * d * d + r->coupling * d * before;
    before = d;
  }
  for (int k = 0; k < r->n_constraints; k++) {
    c[k] = -r->offset[k];
    for (int i = 0; i < r->n; i++) {
      c[k] += r->normal[k][i] * log10(x[i]);
    }
  }
  return true;
}

static random_problem draw(uint64_t seed, int n)
{
  random_stream s = random_open(seed, 1);
  random_problem r = {.n = n, .n_constraints = 2 + (seed % 2 == 0)};
  r.coupling = 0.5 * random_uniform(&s);
  for (int i = 0; i < n; i++) {
    r.centre[i] = -1 + 3 * random_uniform(&s);
    r.weight[i] = 0.5 + random_uniform(&s);
    double value = 0.1;
    for (int k = 0; k < LEVELS; k++) {
      r.level[i][k] = value;
      value *= 1.2 + 1.2 * random_uniform(&s);
    }
  }
  for (int k = 0; k < r.n_constraints; k++) {
    for (int i = 0; i < n; i++) {
      r.normal[k][i] = random_normal(&s);
    }
    r.offset[k] = -0.5 + 2 * random_uniform(&s);
  }
  return r;
}

static search_task task_of_random(random_problem *r, uint64_t seed)
{
  search_task task = {.n_variables = r->n,
                      .n_constraints = r->n_constraints,
                      .evaluate = evaluate_random,
                      .context = r,
                      .seed = seed,
                      .starts = 4,
                      .evaluations_max = 2500,
                      .threads = 1,
                      .near_optimal_loss = 0.2};
  for (int i = 0; i < r->n; i++) {
    task.variable[i] = (search_variable){.low = 0.05,
                                         .high = r->level[i][LEVELS - 1] * 1.1,
                                         .logarithmic = true,
                                         .n_levels = LEVELS,
                                         .level = r->level[i]};
  }
  return task;
}

typedef struct truth {
  bool feasible;
  double best, least;
  long near;
} truth;

static void visit_all(const search_task *task, double loss, truth *t, double *goals)
{
  long size = 1, n = 0;
  for (int i = 0; i < task->n_variables; i++) {
    size *= LEVELS;
  }
  *t = (truth){.best = -INFINITY, .least = INFINITY};
  for (long code = 0; code < size; code++) {
    double x[AXES_MAX], goal, c[SEARCH_CONSTRAINTS_MAX], worst = 0;
    long digits = code;
    for (int i = 0; i < task->n_variables; i++) {
      x[i] = task->variable[i].level[digits % LEVELS];
      digits /= LEVELS;
    }
    (void)task->evaluate(task->context, 0, x, &goal, c, NULL);
    for (int k = 0; k < task->n_constraints; k++) {
      worst = c[k] > SEARCH_TOLERANCE && c[k] > worst ? c[k] : worst;
    }
    t->least = fmin(t->least, worst);
    if (worst <= 0) {
      goals[n] = goal;
      n++;
      t->best = fmax(t->best, goal);
    }
  }
  t->feasible = n > 0;
  for (long i = 0; i < n; i++) {
    t->near += goals[i] >= t->best - loss;
  }
}

/* n = 3: 729 points, scanned; n = 4: 6561 points, more than the budget, so found by descents. */
Test(optimize_grid, optimum_equals_brute_force_on_random_problems)
{
  static double goals[6561];
  int infeasible = 0, scanned = 0;
  for (uint64_t seed = 1; seed <= 50; seed++) {
    random_problem r = draw(seed, seed % 2 == 0 ? 3 : 4);
    search_task task = task_of_random(&r, seed);
    truth t;
    visit_all(&task, task.near_optimal_loss, &t, goals);
    search_outcome o;
    cr_assert(search_run(&task, &o, NULL));
    infeasible += !t.feasible;
    cr_expect_eq(o.has_final, t.feasible, "seed %lu", (unsigned long)seed);
    if (t.feasible) {
      cr_expect(o.final.goal >= t.best && o.final.goal <= t.best,
                "seed %lu (n = %d): %.9g, brute force %.9g", (unsigned long)seed, r.n, o.final.goal,
                t.best);
      cr_expect(o.neighbours_complete, "seed %lu", (unsigned long)seed);
      bool whole = o.n_near == t.near;
      scanned += whole && r.n == 3;
      cr_expect(whole || r.n == 4, "seed %lu: %ld near, brute force %ld", (unsigned long)seed,
                o.n_near, t.near);
    } else {
      cr_expect(o.has_least && o.least.violation <= t.least, "seed %lu: violation %g of %g",
                (unsigned long)seed, o.least.violation, t.least);
    }
    search_outcome_free(&o);
  }
  cr_expect(infeasible < 25 && scanned >= 10, "%d infeasible, %d scanned", infeasible, scanned);
}

Test(optimize_grid, everything_final_lies_on_the_levels_and_near_points_are_sorted)
{
  for (uint64_t seed = 1; seed <= 10; seed++) {
    random_problem r = draw(seed, 4);
    search_task task = task_of_random(&r, seed);
    search_outcome o;
    cr_assert(search_run(&task, &o, NULL));
    for (long i = 0; i < o.n_points; i++) {
      const search_point *p = &o.points[i];
      for (int v = 0; v < r.n && p->start == SEARCH_FROM_GRID; v++) {
        int hits = 0;
        for (int k = 0; k < LEVELS; k++) {
          hits += number_bits(p->value[v]) == number_bits(r.level[v][k]);
        }
        cr_assert_eq(hits, 1, "seed %lu, evaluation %ld", (unsigned long)seed, i);
      }
    }
    for (long i = 0; i < o.n_near; i++) {
      cr_expect(o.near[i]->violation <= 0 && o.near[i]->goal >= o.final.goal - 0.2);
      cr_expect(i == 0 || o.near[i]->goal <= o.near[i - 1]->goal);
    }
    cr_expect(!o.has_final || (o.n_near > 0 && o.near[0]->evaluation == o.final.evaluation));
    search_outcome_free(&o);
  }
}

/* Neighbours inside a grid: 3^n - 1 up to seven variables, singles and pairs beyond. */
static bool bowl(void *context, int worker, const double *x, double *goal, double *c,
                 stepdose_error *error)
{
  (void)worker;
  (void)c;
  (void)error;
  *goal = 0;
  for (int i = 0; i < *(const int *)context; i++) {
    *goal -= (x[i] - 2) * (x[i] - 2);
  }
  return true;
}

/* Distinct grid points one level around (2, ..., 2) in at most `most` variables. */
static long around_the_middle(const search_outcome *o, int n, int most)
{
  long count = 0;
  for (long i = 0; i < o->n_points; i++) {
    const search_point *p = &o->points[i];
    int changed = 0;
    bool near = p->start == SEARCH_FROM_GRID;
    for (int v = 0; v < n; v++) {
      changed += fabs(p->value[v] - 2) > 0;
      near = near && fabs(p->value[v] - 2) <= 1;
    }
    count += near && changed > 0 && changed <= most;
  }
  return count;
}

Test(optimize_grid, every_neighbour_of_the_result_is_evaluated)
{
  static const double level[] = {0, 1, 2, 3, 4};
  static const struct {
    int n;
    long neighbours;
  } cases[] = {{1, 2},    {2, 8},        {4, 80},        {6, 728},
               {7, 2186}, {8, 16 + 112}, {12, 24 + 264}, {32, 64 + 1984}};
  for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
    int n = cases[k].n;
    search_task task = {.n_variables = n,
                        .evaluate = bowl,
                        .context = &n,
                        .starts = 2,
                        .evaluations_max = 12000,
                        .threads = 2};
    for (int i = 0; i < n; i++) {
      task.variable[i] = (search_variable){.low = 0, .high = 4, .n_levels = 5, .level = level};
    }
    search_outcome o;
    cr_assert(search_run(&task, &o, NULL));
    cr_expect(o.has_final && o.final.goal >= 0, "n = %d: goal %g", n, o.final.goal);
    cr_expect_eq(o.neighbours, cases[k].neighbours, "n = %d: %ld", n, o.neighbours);
    cr_expect(o.neighbours_complete, "n = %d", n);
    cr_expect_eq(around_the_middle(&o, n, n <= 7 ? n : 2), cases[k].neighbours, "n = %d", n);
    cr_expect_eq(o.end, SEARCH_END_CONVERGED, "n = %d", n);
    search_outcome_free(&o);
  }
}

Test(optimize_grid, the_tiers_together_are_the_neighbourhood)
{
  static const double level[] = {0, 1, 2, 3, 4};
  static const long whole[] = {2, 8, 26, 80, 242, 728, 2186, 128, 162};
  for (int n = 1; n <= 9; n++) {
    search_task task = {.n_variables = n, .evaluate = bowl, .context = &n, .threads = 1};
    double centre[SEARCH_VARIABLES_MAX] = {0};
    for (int i = 0; i < n; i++) {
      task.variable[i] = (search_variable){.low = 0, .high = 4, .n_levels = 5, .level = level};
      centre[i] = 1;
    }
    search_state state;
    static search_grid grid;
    cr_assert(search_state_open(&state, &task, NULL));
    search_grid_open(&grid, &state, 5000);
    cr_assert_eq(search_grid_add(&grid, centre), 0);
    for (int tier = 0; tier < SEARCH_TIERS; tier++) {
      cr_assert(search_grid_look(&grid, 0, tier));
    }
    cr_expect_eq(grid.points.n - 1, whole[n - 1], "n = %d: %ld distinct", n, grid.points.n - 1);
    for (long i = 1; i < grid.points.n; i++) {
      for (int v = 0; v < n; v++) {
        cr_assert(fabs(grid.points.point[i].value[v] - 1) <= 1, "n = %d", n);
      }
    }
    search_grid_close(&grid);
    search_state_close(&state);
  }
}

Test(optimize_grid, a_budget_too_small_for_the_neighbours_is_admitted)
{
  static const double level[] = {0, 1, 2, 3, 4};
  int n = 7;
  search_task task = {.n_variables = n,
                      .evaluate = bowl,
                      .context = &n,
                      .starts = 1,
                      .evaluations_max = 400,
                      .threads = 1};
  for (int i = 0; i < n; i++) {
    task.variable[i] = (search_variable){.low = 0, .high = 4, .n_levels = 5, .level = level};
  }
  search_outcome o;
  cr_assert(search_run(&task, &o, NULL));
  cr_expect(!o.neighbours_complete);
  cr_expect_eq(o.neighbours, 2186);
  cr_expect_eq(o.end, SEARCH_END_EVALUATIONS);
  cr_expect(o.evaluations <= 400);
  search_outcome_free(&o);
}

/* A search around given points may get very little: whatever it is, it looks at as many of them as
 * it can, and does not call that an end. */
Test(optimize_grid, a_budget_of_a_few_looks_at_given_points_and_claims_nothing)
{
  static const double level[] = {0, 1, 2, 3, 4};
  static const double given[3 * 7] = {0, 0, 0, 0, 0, 0, 0, 4, 4, 4, 4,
                                      4, 4, 4, 1, 1, 1, 1, 1, 1, 1};
  int n = 7;
  for (long budget = 1; budget <= 6; budget++) {
    search_task task = {.n_variables = n,
                        .evaluate = bowl,
                        .context = &n,
                        .given_only = true,
                        .n_given = 3,
                        .given = given,
                        .evaluations_max = budget,
                        .threads = 1};
    for (int i = 0; i < n; i++) {
      task.variable[i] = (search_variable){.low = 0, .high = 4, .n_levels = 5, .level = level};
    }
    search_outcome o;
    cr_assert(search_run(&task, &o, NULL));
    cr_expect(o.evaluations >= (budget < 3 ? budget : 3) && o.evaluations <= budget, "%ld of %ld",
              o.evaluations, budget);
    cr_expect_eq(o.end, SEARCH_END_EVALUATIONS, "budget %ld: %s", budget, search_end_name(o.end));
    cr_expect(o.budget_used_up, "budget %ld", budget);
    search_outcome_free(&o);
  }
}

Test(optimize_grid, variables_without_levels_keep_their_continuous_value)
{
  static const double level[] = {0, 1, 2, 3, 4, 5};
  search_task task = task_of(&PROBLEMS[1], "cobyla");
  task.variable[0].n_levels = 6;
  task.variable[0].level = level;
  search_outcome o;
  cr_assert(search_run(&task, &o, NULL));
  cr_assert(o.has_final && o.has_continuous);
  cr_expect(fabs(o.final.value[0] - round(o.final.value[0])) <= 0, "%g", o.final.value[0]);
  bool from_a_base = false;
  for (long i = 0; i < o.n_points; i++) {
    const search_point *p = &o.points[i];
    from_a_base |=
        p->start != SEARCH_FROM_GRID && number_bits(p->value[1]) == number_bits(o.final.value[1]);
  }
  cr_expect(from_a_base);
  cr_expect(fabs(o.continuous.goal - 19) < 1e-5);
  search_outcome_free(&o);
}

/* One level only: the grid is a single point with no neighbours. */
Test(optimize_grid, a_grid_of_one_point_is_its_own_optimum)
{
  static const double level[] = {2};
  search_task task = task_of(&PROBLEMS[1], "cobyla");
  for (int i = 0; i < 2; i++) {
    task.variable[i].n_levels = 1;
    task.variable[i].level = level;
  }
  search_outcome o;
  cr_assert(search_run(&task, &o, NULL));
  cr_expect(o.has_final && o.neighbours_complete && o.neighbours == 0);
  cr_expect(fabs(o.final.goal - 14) < 1e-12, "%g", o.final.goal);
  search_outcome_free(&o);
}
