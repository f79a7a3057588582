/* The engines of PROBLEM_ENGINES and the set-up of NLopt for one run. Every return code is looked
 * at: engines that take no constraints refuse them by a code and otherwise optimise without. */
#include "optimize/engines.h"

#include "base/allocate.h"
#include "optimize/dialogue.h"
#include "optimize/guard.h"
#include "optimize/scale.h"
#include "problem/problem.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static const search_engine TABLE[] = {
#define X(name, meaning, algorithm, local, constraints)                                            \
  {{name, meaning}, NLOPT_##algorithm, NLOPT_##local, constraints, nlopt_optimize},
    PROBLEM_ENGINES(X)
#undef X
};

static const search_engine *injected;

/* In the unit cube: 1e-6 of a range of three decades is 0.0007 % of a dose. */
static const double STEP_TOLERANCE = 1e-6;
static const double SMALLEST_SLACK_SCALE = 1e-3;

int search_engine_count(void) { return (int)(sizeof TABLE / sizeof TABLE[0]); }

const search_engine_row *search_engine_at(int i)
{
  return i >= 0 && i < search_engine_count() ? &TABLE[i].row : NULL;
}

const search_engine *search_engine_of(const char *name)
{
  if (name == NULL || strcmp(name, "auto") == 0) {
    return &TABLE[0];
  }
  if (injected != NULL && strcmp(name, injected->row.name) == 0) {
    return injected;
  }
  for (int i = 0; i < search_engine_count(); i++) {
    if (strcmp(name, TABLE[i].row.name) == 0) {
      return &TABLE[i];
    }
  }
  return NULL;
}

const search_engine_row *search_engine_find(const char *name)
{
  const search_engine *engine = search_engine_of(name);
  return engine != NULL ? &engine->row : NULL;
}

void search_engine_inject(const search_engine *engine) { injected = engine; }

/* One run, as the thread behind the guard sees it. */
typedef struct engine_run {
  search_dialogue dialogue;
  const search_engine *engine; /* phase one has its own */
  unsigned n;                  /* variables of NLopt: one more in phase one */
  double x[SEARCH_VARIABLES_MAX + 1];
  nlopt_opt opt;
  search_engine_result *result;
} engine_run;

static void say(search_engine_result *result, const char *message)
{
  (void)snprintf(result->message, sizeof result->message, "%s", message != NULL ? message : "");
}

/* True if NLopt took the setting; else the run has failed with its message. */
static bool took(engine_run *run, nlopt_result code)
{
  if (code > 0) {
    return true;
  }
  const char *message = nlopt_get_errmsg(run->opt);
  run->result->code = (int)code;
  say(run->result, message != NULL ? message : nlopt_result_to_string(code));
  return false;
}

static bool set_bounds(engine_run *run)
{
  bool done = took(run, nlopt_set_lower_bounds1(run->opt, 0)) &&
              took(run, nlopt_set_upper_bounds1(run->opt, 1));
  if (done && run->dialogue.order->phase_one) {
    int last = (int)run->n - 1;
    done = took(run, nlopt_set_lower_bound(run->opt, last, SEARCH_SLACK_LOW)) &&
           took(run, nlopt_set_upper_bound(run->opt, last, SEARCH_SLACK_HIGH));
  }
  return done;
}

static bool set_functions(engine_run *run)
{
  int m = run->dialogue.walk->state->task->n_constraints;
  if (!run->engine->constraints) {
    return took(run, nlopt_set_min_objective(run->opt, search_dialogue_penalised, &run->dialogue));
  }
  double tolerance[SEARCH_CONSTRAINTS_MAX];
  for (int i = 0; i < m; i++) {
    tolerance[i] = SEARCH_TOLERANCE;
  }
  return took(run, nlopt_set_min_objective(run->opt, search_dialogue_goal, &run->dialogue)) &&
         (m == 0 || took(run, nlopt_add_inequality_mconstraint(run->opt, (unsigned)m,
                                                               search_dialogue_constraints,
                                                               &run->dialogue, tolerance)));
}

static bool set_local(engine_run *run)
{
  if (run->engine->local == NLOPT_NUM_ALGORITHMS) {
    return true;
  }
  nlopt_opt local = nlopt_create(run->engine->local, run->n);
  bool done = local != NULL && took(run, nlopt_set_xtol_abs1(local, STEP_TOLERANCE)) &&
              took(run, nlopt_set_initial_step1(local, run->dialogue.order->step)) &&
              took(run, nlopt_set_local_optimizer(run->opt, local));
  nlopt_destroy(local);
  return done;
}

/* The second line of defence behind our own count: calls answered from the cache are free, but not
 * without end. */
static int calls_max(const search_walk *walk)
{
  long calls = walk->left < INT_MAX / 8 ? 4 * walk->left + 1000 : INT_MAX;
  return (int)calls;
}

static bool configure(engine_run *run)
{
  const search_engine_order *order = run->dialogue.order;
  return set_bounds(run) && set_functions(run) && set_local(run) &&
         took(run, nlopt_set_xtol_abs1(run->opt, STEP_TOLERANCE)) &&
         took(run, nlopt_set_initial_step1(run->opt, order->step)) &&
         took(run, nlopt_set_maxeval(run->opt, calls_max(run->dialogue.walk)));
}

static void optimise(search_guard *guard, void *context)
{
  engine_run *run = context;
  double value = 0;
  run->dialogue.guard = guard;
  /* NLopt's random numbers belong to the thread; unseeded they would start from the clock. */
  nlopt_srand((unsigned long)run->dialogue.order->seed);
  search_guard_leave(guard);
  nlopt_result code = run->engine->optimise(run->opt, run->x, &value);
  search_guard_enter(guard);
  (void)took(run, code);
  run->result->code = (int)code;
}

static bool is_ending(void *context)
{
  const engine_run *run = context;
  return search_state_ended(run->dialogue.walk->state);
}

static search_end ending_of(const engine_run *run, search_guard_end guard_end)
{
  search_walk *walk = run->dialogue.walk;
  int code = run->result->code;
  if (search_state_ended(walk->state)) {
    return (search_end)atomic_load(&walk->state->cut);
  }
  if (guard_end == SEARCH_GUARD_HUNG) {
    return SEARCH_END_ENGINE_HUNG;
  }
  if (walk->refused || code == NLOPT_MAXEVAL_REACHED) {
    return SEARCH_END_EVALUATIONS;
  }
  bool found = code == NLOPT_FORCED_STOP && run->dialogue.order->phase_one;
  return code > 0 || code == NLOPT_ROUNDOFF_LIMITED || found ? SEARCH_END_CONVERGED
                                                             : SEARCH_END_ENGINE_FAILED;
}

/* Phase one always uses the default engine: it is the one that handles a minimax problem well. */
static bool prepare(engine_run *run, search_walk *walk, const search_engine_order *order,
                    search_engine_result *result)
{
  const search_task *task = walk->state->task;
  const search_point *from = &walk->points.point[walk->best];
  run->dialogue.walk = walk;
  run->dialogue.order = order;
  run->engine = order->phase_one ? &TABLE[0] : order->engine;
  run->n = (unsigned)(task->n_variables + order->phase_one);
  run->result = result;
  double violation = from->failed ? search_range_constraint(&walk->range) : from->violation;
  run->dialogue.slack_scale = fmax(violation, SMALLEST_SLACK_SCALE);
  run->dialogue.weight = order->weight * (1 + walk->range.goal_high - walk->range.goal_low);
  for (int i = 0; i < task->n_variables; i++) {
    run->x[i] = search_scale_to_unit(&task->variable[i], from->value[i]);
  }
  run->x[task->n_variables] = SEARCH_SLACK_START;
  run->opt = nlopt_create(run->engine->algorithm, run->n);
  run->dialogue.opt = run->opt;
  return run->opt != NULL && configure(run);
}

/* An object whose run was ended in the middle is left alone: nothing says that it can be freed. */
static void run_guarded(engine_run *run)
{
  search_walk *walk = run->dialogue.walk;
  double hang_seconds = walk->state->task->hang_seconds;
  search_guard_job job = {optimise, is_ending, run, hang_seconds > 0 ? hang_seconds : 20};
  search_guard_end end = search_guard_run(&job);
  if (end == SEARCH_GUARD_NO_THREAD) {
    (void)search_state_no_memory(walk->state, "starting a thread for the engine");
  }
  run->result->end = ending_of(run, end);
  if (end == SEARCH_GUARD_HUNG) {
    say(run->result, "no call-back for too long: the engine was ended");
  } else if (end == SEARCH_GUARD_QUIT) {
    say(run->result, "the engine went on after it was told to stop, and was ended");
  } else if (run->dialogue.goal_is_flat) {
    say(run->result, "the goal has no slope at the start");
  }
  if (end == SEARCH_GUARD_RETURNED || end == SEARCH_GUARD_NO_THREAD) {
    nlopt_destroy(run->opt);
  }
}

void search_engine_run(search_walk *walk, const search_engine_order *order,
                       search_engine_result *result)
{
  *result = (search_engine_result){.end = SEARCH_END_ENGINE_FAILED};
  walk->refused = false;
  walk->reserve = order->reserve;
  engine_run *run = allocate_zeroed(1, sizeof *run);
  if (run == NULL) {
    (void)search_state_no_memory(walk->state, "starting an engine");
    return;
  }
  if (prepare(run, walk, order, result)) {
    run_guarded(run);
  } else {
    say(result, result->message[0] ? result->message : "out of memory");
    nlopt_destroy(run->opt);
  }
  release(run);
}
