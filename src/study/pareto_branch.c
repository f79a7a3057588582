/* The search of one branch: its whole grid where that is small, else first regimens of all doses,
 * epsilon-constraint searches, and NSGA-II from what they have found. */
#include "study/pareto_parts.h"

#include "base/allocate.h"
#include "study/regimen_grid.h"

#include <math.h>
#include <string.h>

enum {
  GRID_BATCH = 256,
  /* regimens for each thread, between two looks at the user's wish to stop */
  COHORT_BATCH = 4,
  LANES_BATCH = 64,
  POPULATION_LEAST = 8,
  GENERATIONS_LEAST = 10, /* else the population is made smaller */
  TRIES_FOR_EACH = 50     /* regimens that NSGA-II may think of for each one that is simulated */
};

/* --- the whole grid --------------------------------------------------------------------------- */

static bool try_whole_grid(pareto_branch *b, stepdose_error *error)
{
  const int n_variables = b->evaluation->n_variables;
  const size_t size = (size_t)n_variables * GRID_BATCH + 1;
  double *value = allocate_zeroed(size, sizeof *value);
  bool done = value != NULL || error_no_memory(error, "trying all regimens of a branch");
  bool more = true;
  for (long code = 0; done && more && !pareto_is_cut(b->work);) {
    long n = 0;
    while (n < GRID_BATCH &&
           (more = regimen_grid_next(b->evaluation, &code, value + n * n_variables))) {
      n++;
    }
    done = pareto_simulate_new(b, n, value, error) && pareto_check(b, error);
  }
  release(value);
  return done;
}

/* --- NSGA-II ---------------------------------------------------------------------------------- */

/* Objectives, then the constraints that are kept. A regimen that breaks a rule between doses is not
 * simulated: it has nothing but its rules. */
static void fill_values(const pareto_branch *b, const double *value, double *row, bool *failed)
{
  const pareto_work *w = b->work;
  const regimen_evaluation *e = b->evaluation;
  const long i = search_points_find(&b->known, value);
  search_point broken = {.goal = 0};
  if (i < 0) {
    regimen_rules(&e->branch, value, broken.constraint);
  }
  const search_point *p = i >= 0 ? &b->known.point[i] : &broken;
  *failed = p->failed;
  if (i >= 0) {
    pareto_objectives(w, e, p, row);
  } else {
    memset(row, 0, (size_t)w->n_objectives * sizeof *row);
  }
  int n = w->n_objectives;
  for (int k = 0; k < e->n_constraints; k++) {
    if (pareto_is_kept(w, e, k)) {
      row[n++] = p->constraint[k];
    }
  }
}

/* A batch_evaluate. What the budget has no room for fails; `enough` has ended the run before. */
static bool evaluate(void *context, long n, const double *points, double *values, bool *failed,
                     stepdose_error *error)
{
  pareto_branch *b = context;
  const regimen_evaluation *e = b->evaluation;
  int n_values = b->work->n_objectives;
  for (int k = 0; k < e->n_constraints; k++) {
    n_values += pareto_is_kept(b->work, e, k);
  }
  if (!pareto_simulate_new(b, n, points, error)) {
    return false;
  }
  for (long i = 0; i < n; i++) {
    const double *point = points + i * e->n_variables;
    const bool unknown = search_points_find(&b->known, point) < 0 && pareto_keeps_rules(e, point);
    if (unknown) {
      failed[i] = true;
    } else {
      fill_values(b, point, values + i * n_values, &failed[i]);
    }
  }
  return true;
}

/* After each generation: a look of the trace, and whether another generation can be afforded. */
static bool is_enough(void *context)
{
  pareto_branch *b = context;
  b->no_memory = !pareto_check(b, NULL);
  return b->no_memory || pareto_is_cut(b->work) || pareto_budget_left(b) == 0;
}

/* An even number, small enough for some generations. */
static int population_of(const pareto_branch *b)
{
  const long affordable = pareto_budget_left(b) / GENERATIONS_LEAST / 2 * 2;
  const long asked = b->work->goals->pareto.population_size;
  const long size = affordable < asked ? affordable : asked;
  return (int)(size > POPULATION_LEAST ? size : POPULATION_LEAST);
}

/* What the searches have found so far, and the schedules in use. The caller releases. */
static double *list_given(pareto_branch *b, int *n, stepdose_error *error)
{
  double starts[STUDY_STARTS_MAX * SEARCH_VARIABLES_MAX];
  const size_t n_variables = (size_t)b->evaluation->n_variables;
  const int n_starts = study_starts(b->evaluation, starts);
  pareto_outcome found;
  if (!pareto_merge(b->work, b, 1, &found, NULL, error)) {
    return NULL;
  }
  *n = (int)found.n_front + n_starts;
  double *given = allocate_zeroed((size_t)*n * n_variables + 1, sizeof *given);
  if (given == NULL) {
    error_no_memory(error, "searching a front");
  }
  for (long i = 0; given != NULL && i < found.n_front; i++) {
    memcpy(given + (size_t)i * n_variables, found.point[found.front[i]].value,
           n_variables * sizeof *given);
  }
  if (given != NULL) {
    memcpy(given + (size_t)found.n_front * n_variables, starts,
           (size_t)n_starts * n_variables * sizeof *given);
  }
  pareto_outcome_free(&found);
  return given;
}

static pareto_task describe_task(pareto_branch *b, int n_given, const double *given)
{
  const pareto_work *w = b->work;
  const regimen_evaluation *e = b->evaluation;
  search_task bound = {0};
  regimen_evaluation_bind(b->evaluation, &bound);
  pareto_task task = {.n_variables = e->n_variables,
                      .n_objectives = w->n_objectives,
                      .evaluate = evaluate,
                      .context = b,
                      .batch =
                          (b->engine != NULL ? LANES_BATCH : COHORT_BATCH) * (long)w->run->threads,
                      .enough = is_enough,
                      .seed = w->goals->pareto.seed,
                      .population = population_of(b),
                      .evaluations_max = TRIES_FOR_EACH * b->budget,
                      .n_given = n_given,
                      .given = given,
                      .progress = w->run->quiet};
  memcpy(task.variable, bound.variable, sizeof task.variable);
  for (int k = 0; k < e->n_constraints; k++) {
    task.n_constraints += pareto_is_kept(w, e, k);
  }
  return task;
}

static bool evolve(pareto_branch *b, stepdose_error *error)
{
  int n_given = 0;
  pareto_outcome outcome;
  if (pareto_is_cut(b->work) || pareto_budget_left(b) == 0) {
    return true;
  }
  double *given = list_given(b, &n_given, error);
  if (given == NULL) {
    return false;
  }
  const pareto_task task = describe_task(b, n_given, given);
  b->work->study->seeds += n_given;
  const bool done = pareto_run(&task, &outcome, error);
  if (done) {
    (void)pareto_is_cut(b->work); /* also where the run was stopped between two batches */
    pareto_outcome_free(&outcome);
  }
  release(given);
  return done && (!b->no_memory || error_no_memory(error, "keeping the trace of a front"));
}

static bool search(pareto_branch *b, stepdose_error *error)
{
  if (regimen_grid_is_small(b->evaluation, b->budget)) {
    return try_whole_grid(b, error);
  }
  if (!study_cut_short(b->work->end)) {
    b->work->end = SEARCH_END_EVALUATIONS;
  }
  return pareto_climb(b, error) && pareto_seed(b, error) && evolve(b, error) &&
         pareto_check(b, error);
}

/* What simulations need is there only while the branch is searched: patients take much room. */
bool pareto_search_branch(pareto_branch *b, stepdose_error *error)
{
  const bool done = pareto_branch_equip(b, error) && search(b, error);
  pareto_branch_strip(b);
  return done;
}
