/* The search itself: a first population of given and Sobol points, then generation after generation
 * until the budget, the grid or the user's patience is at its end. */
#include "optimize/pareto.h"

#include "base/allocate.h"
#include "base/error.h"
#include "base/sobol.h"
#include "optimize/pareto_state.h"
#include "optimize/scale.h"

#include <math.h>
#include <string.h>

enum { TRIES_OF_PARENTS = 10, TRIES_AT_RANDOM = 1000000, FIRST_GENERATIONS = 64 };

static const uint64_t BREEDING_STREAM = UINT64_C(0x6e73676132);
static const double GRID_SIZE_MAX = 1e15;

/* Points and values of one generation, as the caller's function takes them. */
typedef struct tray {
  double *point, *value;
  bool *failed;
} tray;

static bool task_is_valid(const pareto_task *task, stepdose_error *error)
{
  if (task->n_objectives < 2 || task->n_objectives > PARETO_OBJECTIVES_MAX ||
      task->n_constraints < 0 || task->n_constraints > SEARCH_CONSTRAINTS_MAX ||
      task->evaluate == NULL) {
    return error_set(error, STEPDOSE_OUT_OF_RANGE, "use 2 to 4 goals, or fewer limits",
                     "a Pareto search takes 2 to %d goals and at most %d constraints",
                     (int)PARETO_OBJECTIVES_MAX, (int)SEARCH_CONSTRAINTS_MAX);
  }
  if (task->n_variables < 1 || task->n_variables > SEARCH_VARIABLES_MAX) {
    return error_set(error, STEPDOSE_OUT_OF_RANGE, "use fewer variables",
                     "a Pareto search takes 1 to %d variables, not %d", (int)SEARCH_VARIABLES_MAX,
                     task->n_variables);
  }
  if (task->population < 0 || task->population % 2 != 0 || task->population == 2 ||
      task->evaluations_max < 1 || task->n_given < 0) {
    return error_set(error, STEPDOSE_OUT_OF_RANGE, "use an even population of at least 4",
                     "a Pareto search cannot work with a population of %d and %ld evaluations",
                     task->population, task->evaluations_max);
  }
  for (int k = 0; k < task->n_objectives && task->has_reference; k++) {
    if (!isfinite(task->reference[k])) {
      return error_set(error, STEPDOSE_NOT_FINITE, "give finite numbers",
                       "the reference of the hypervolume is not finite");
    }
  }
  return search_scale_check(task->n_variables, task->variable, task->n_given, task->given, error);
}

/* --- memory ----------------------------------------------------------------------------------- */

static void state_close(pareto_state *state)
{
  search_points_close(&state->points);
  release(state->score);
  release(state->member);
  release(state->dominators);
  release(state->place);
  release(state->spacing);
  release(state->generation);
}

static bool state_open(const pareto_task *task, pareto_state *state, stepdose_error *error)
{
  *state = (pareto_state){.task = task,
                          .population = task->population > 0 ? task->population : PARETO_POPULATION,
                          .stream = random_open(task->seed, BREEDING_STREAM),
                          .points = search_points_open(task->n_variables, SEARCH_FROM_SCREENING)};
  size_t n = (size_t)(2 * state->population + task->n_given);
  state->member = allocate_zeroed(n, sizeof *state->member);
  state->dominators = allocate_zeroed(n, sizeof *state->dominators);
  state->place = allocate_zeroed(n, sizeof *state->place);
  state->spacing = allocate_zeroed(n, sizeof *state->spacing);
  return (state->member != NULL && state->dominators != NULL && state->place != NULL &&
          state->spacing != NULL) ||
         error_no_memory(error, "starting a Pareto search");
}

static void tray_close(tray *t)
{
  release(t->point);
  release(t->value);
  release(t->failed);
}

static bool tray_open(const pareto_state *state, tray *t, stepdose_error *error)
{
  const pareto_task *task = state->task;
  size_t n = (size_t)(state->population + task->n_given);
  size_t values = (size_t)(task->n_objectives + task->n_constraints);
  t->point = allocate_zeroed(n, (size_t)task->n_variables * sizeof *t->point);
  t->value = allocate_zeroed(n, values * sizeof *t->value);
  t->failed = allocate_zeroed(n, sizeof *t->failed);
  return (t->point != NULL && t->value != NULL && t->failed != NULL) ||
         error_no_memory(error, "starting a Pareto search");
}

static bool grow_scores(pareto_state *state, stepdose_error *error)
{
  if (state->points.capacity > state->score_capacity) {
    size_t size = (size_t)state->points.capacity * sizeof *state->score;
    pareto_score *score = reallocate(state->score, size);
    if (score == NULL) {
      return error_no_memory(error, "keeping the points of a Pareto search");
    }
    state->score = score;
    state->score_capacity = state->points.capacity;
  }
  return true;
}

/* --- points ----------------------------------------------------------------------------------- */

/* Number of points of the grid; INFINITY if there are too many to count or values in between. */
static double grid_size(const pareto_task *task)
{
  double size = 1;
  for (int i = 0; i < task->n_variables; i++) {
    int levels = task->variable[i].n_levels;
    size *= levels > 0 ? (double)levels : (double)INFINITY;
  }
  return size < GRID_SIZE_MAX ? size : (double)INFINITY;
}

static bool may_add(const pareto_state *state)
{
  return state->points.n < state->task->evaluations_max &&
         (double)state->points.n < grid_size(state->task);
}

/* Adds a point that is not there yet; *added tells. False: no memory. */
static bool add(pareto_state *state, const double *value, int start, bool *added,
                stepdose_error *error)
{
  *added = may_add(state) && search_points_find(&state->points, value) < 0;
  if (!*added) {
    return true;
  }
  long i = search_points_add(&state->points, value);
  if (i < 0) {
    return error_no_memory(error, "keeping the points of a Pareto search");
  }
  state->points.point[i].start = start;
  return true;
}

/* A new point by lot; none if there is no room. */
static bool add_at_random(pareto_state *state, bool *added, stepdose_error *error)
{
  *added = false;
  for (long k = 0; k < TRIES_AT_RANDOM && !*added && may_add(state); k++) {
    double u[SEARCH_VARIABLES_MAX], value[SEARCH_VARIABLES_MAX];
    for (int i = 0; i < state->task->n_variables; i++) {
      u[i] = random_uniform(&state->stream);
    }
    pareto_from_unit(state->task, u, value);
    if (!add(state, value, SEARCH_FROM_SCREENING, added, error)) {
      return false;
    }
  }
  return true;
}

static bool add_given(pareto_state *state, stepdose_error *error)
{
  const pareto_task *task = state->task;
  for (int k = 0; k < task->n_given; k++) {
    double value[SEARCH_VARIABLES_MAX];
    bool added;
    pareto_snap(task, task->given + (long)k * task->n_variables, value);
    if (!add(state, value, k, &added, error)) {
      return false;
    }
  }
  return true;
}

/* Given points, then Sobol points up to the population, then by lot if the grid is coarse. */
static bool first_points(pareto_state *state, stepdose_error *error)
{
  if (!add_given(state, error)) {
    return false;
  }
  sobol *sequence = sobol_open(state->task->n_variables, true, state->task->seed, error);
  bool done = sequence != NULL, added = true;
  for (uint64_t k = 0; k < (uint64_t)state->population && done; k++) {
    double u[SEARCH_VARIABLES_MAX], value[SEARCH_VARIABLES_MAX];
    sobol_point(sequence, k, u);
    pareto_from_unit(state->task, u, value);
    done = state->points.n >= state->population ||
           add(state, value, SEARCH_FROM_SCREENING, &added, error);
  }
  sobol_close(sequence);
  for (added = true; done && added && state->points.n < state->population;) {
    done = add_at_random(state, &added, error);
  }
  return done;
}

/* Up to `population` children that were never tried before. Parents that have nothing new to offer
 * ten times in a row make room for a point by lot. */
static bool breed(pareto_state *state, stepdose_error *error)
{
  long first = state->points.n;
  int repeats = 0;
  for (bool room = true; room && state->points.n - first < state->population;) {
    int a = pareto_tournament(state), b = pareto_tournament(state);
    double child[2][SEARCH_VARIABLES_MAX];
    bool added[2] = {false, false};
    pareto_vary(state, state->points.point[state->member[a].point].value,
                state->points.point[state->member[b].point].value, child[0], child[1]);
    if (!add(state, child[0], SEARCH_FROM_SCREENING, &added[0], error)) {
      return false;
    }
    bool full = state->points.n - first == state->population;
    if (!full && !add(state, child[1], SEARCH_FROM_SCREENING, &added[1], error)) {
      return false;
    }
    repeats = added[0] || added[1] ? 0 : repeats + 1;
    if (repeats == TRIES_OF_PARENTS) {
      repeats = 0;
      if (!add_at_random(state, &room, error)) {
        return false;
      }
    }
  }
  return true;
}

/* --- evaluation ------------------------------------------------------------------------------- */

static void score_point(const pareto_state *state, long i, const double *value, bool failed)
{
  const pareto_task *task = state->task;
  search_point *p = &state->points.point[i];
  pareto_score *score = &state->score[i];
  p->failed = failed;
  for (int k = 0; k < task->n_objectives + task->n_constraints; k++) {
    p->failed = p->failed || isnan(value[k]);
  }
  *score = (pareto_score){.excess = p->failed ? (double)INFINITY : 0};
  p->violation = p->failed ? (double)INFINITY : 0;
  for (int k = 0; k < task->n_objectives; k++) {
    score->objective[k] = p->failed ? (double)NAN : value[k];
  }
  for (int k = 0; k < task->n_constraints && !p->failed; k++) {
    p->constraint[k] = value[task->n_objectives + k];
    if (p->constraint[k] > SEARCH_TOLERANCE) {
      p->violation = fmax(p->violation, p->constraint[k]);
      score->excess += p->constraint[k];
    }
  }
  p->evaluation = i;
}

/* Evaluates the points from `first` on and lets them into the race; *stopped: not all. */
static bool evaluate(pareto_state *state, tray *t, long first, bool *stopped, stepdose_error *error)
{
  const pareto_task *task = state->task;
  int n_values = task->n_objectives + task->n_constraints;
  const batch b = {task->n_variables, n_values,    task->evaluate,
                   task->context,     task->batch, task->progress};
  long n = state->points.n - first, done = 0;
  for (long i = 0; i < n; i++) {
    memcpy(t->point + i * task->n_variables, state->points.point[first + i].value,
           (size_t)task->n_variables * sizeof *t->point);
  }
  if (!grow_scores(state, error) ||
      !batch_run(&b, n, t->point, t->value, t->failed, &done, error)) {
    return false;
  }
  for (long i = 0; i < done; i++) {
    score_point(state, first + i, t->value + i * n_values, t->failed[i]);
    state->member[state->n_members] = (pareto_member){.point = first + i};
    state->n_members++;
  }
  *stopped = done < n;
  search_points_drop_pending(&state->points, first);
  return true;
}

static bool record_generation(pareto_state *state, stepdose_error *error)
{
  if (state->n_generations == state->generation_capacity) {
    int capacity = state->n_generations > 0 ? 2 * state->n_generations : FIRST_GENERATIONS;
    pareto_generation *longer =
        reallocate(state->generation, (size_t)capacity * sizeof *state->generation);
    if (longer == NULL) {
      return error_no_memory(error, "keeping the generations of a Pareto search");
    }
    state->generation = longer;
    state->generation_capacity = capacity;
  }
  state->generation[state->n_generations] = (pareto_generation){.evaluations = state->points.n};
  state->n_generations++;
  return true;
}

/* Asked once a population is there. */
static bool is_enough(const pareto_state *state)
{
  const pareto_task *task = state->task;
  return state->points.n > 0 && task->enough != NULL && task->enough(task->context);
}

static bool evolve(pareto_state *state, tray *t, search_end *end, stepdose_error *error)
{
  bool stopped = false, enough = false;
  for (long first = 0; !stopped && !enough; first = state->points.n) {
    if (!(first == 0 ? first_points(state, error) : breed(state, error))) {
      return false;
    }
    if (state->points.n == first) {
      break;
    }
    if (!evaluate(state, t, first, &stopped, error)) {
      return false;
    }
    if (state->points.n == 0) {
      break;
    }
    pareto_survive(state);
    if (!record_generation(state, error)) {
      return false;
    }
    enough = is_enough(state);
  }
  bool used_up = enough || state->points.n >= state->task->evaluations_max;
  *end = stopped ? SEARCH_END_STOPPED : (used_up ? SEARCH_END_EVALUATIONS : SEARCH_END_CONVERGED);
  return true;
}

/* The outcome takes over what the state has gathered. */
static void hand_over(pareto_state *state, pareto_outcome *outcome)
{
  outcome->n_points = state->points.n;
  outcome->point = state->points.point;
  outcome->n_generations = state->n_generations;
  outcome->generation = state->generation;
  state->points.point = NULL;
  state->generation = NULL;
}

bool pareto_run(const pareto_task *task, pareto_outcome *outcome, stepdose_error *error)
{
  *outcome = (pareto_outcome){.n_objectives = task->n_objectives, .knee = -1};
  if (!task_is_valid(task, error)) {
    return false;
  }
  pareto_state state;
  tray t = {0};
  progress_stage(task->progress, "pareto", task->evaluations_max);
  bool done = state_open(task, &state, error) && tray_open(&state, &t, error) &&
              evolve(&state, &t, &outcome->end, error);
  hand_over(&state, outcome);
  done = done && pareto_report(&state, outcome, error);
  if (!done) {
    pareto_outcome_free(outcome);
  }
  tray_close(&t);
  state_close(&state);
  return done;
}

void pareto_outcome_free(pareto_outcome *outcome)
{
  release(outcome->point);
  release(outcome->objective);
  release(outcome->front);
  release(outcome->generation);
  *outcome = (pareto_outcome){.knee = -1};
}
