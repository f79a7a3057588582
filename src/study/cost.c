/* What a run of a problem will cost: see cost.h. */
#include "study/cost.h"

#include "base/progress.h"
#include "optimize/evaluate_regimen.h"
#include "study/propose.h"

#include <math.h>

enum { TIMED_SIMULATIONS = 3 };

static double grid_size(const regimen_branch *branch)
{
  double size = 1;
  for (int i = 0; i < branch->n_variables; i++) {
    size *= branch->variable[i].n_levels > 0 ? branch->variable[i].n_levels : HUGE_VAL;
  }
  return size;
}

static bool time_simulations(regimen_evaluation *e, study_cost *out, stepdose_error *error)
{
  double starts[STUDY_STARTS_MAX * REGIMEN_VARIABLES_MAX];
  double constraint[SEARCH_CONSTRAINTS_MAX];
  double goal_value;
  study_starts(e->problem, &e->branch, starts);
  progress *clock = progress_open(NULL);
  if (clock == NULL) {
    return error_no_memory(error, "estimating the cost");
  }
  double begun = progress_seconds(clock);
  bool done = true;
  for (int i = 0; i < TIMED_SIMULATIONS && done; i++) {
    done = regimen_evaluate(e, 0, starts, &goal_value, constraint, error);
  }
  out->simulation_seconds = (progress_seconds(clock) - begun) / TIMED_SIMULATIONS;
  progress_close(clock);
  return done;
}

static void count(const regimen_evaluation *e, study_cost *out)
{
  int n = e->branch.n_variables;
  out->n_variables_least = n < out->n_variables_least ? n : out->n_variables_least;
  out->n_variables_most = n > out->n_variables_most ? n : out->n_variables_most;
  out->n_constraints_most =
      e->n_constraints > out->n_constraints_most ? e->n_constraints : out->n_constraints_most;
  out->grid_regimens += grid_size(&e->branch);
}

bool study_estimate_cost(const stepdose_problem *problem, int threads, study_cost *out,
                         stepdose_error *error)
{
  *out = (study_cost){.n_branches = regimen_branch_count(&problem->regimen),
                      .n_variables_least = REGIMEN_VARIABLES_MAX,
                      .evaluations_most = problem->search.evaluations_max};
  bool done = true;
  for (int b = 0; b < out->n_branches && done; b++) {
    regimen_evaluation *e = regimen_evaluation_open(problem, b, -1, 1, error);
    if (e == NULL) {
      return false;
    }
    count(e, out);
    done = b + 1 < out->n_branches || time_simulations(e, out, error);
    regimen_evaluation_close(e);
  }
  double work = (double)out->evaluations_most * out->simulation_seconds / fmax(threads, 1);
  out->seconds_most = fmin(work, problem->search.minutes_max * 60);
  return done;
}
