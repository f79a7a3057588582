/* What a run of a problem will cost: see cost.h. */
#include "study/cost.h"

#include "base/allocate.h"
#include "base/error.h"
#include "base/progress.h"
#include "optimize/evaluate_regimen.h"
#include "study/map.h"
#include "study/regimen_grid.h"

#include <math.h>

/* A grid with more regimens than this is not gone through. */
static const double counted_most = 1e6;

static double count_regimens(const regimen_evaluation *e)
{
  double value[SEARCH_VARIABLES_MAX];
  double kept = 0;
  for (long code = 0; regimen_grid_next(e, &code, value);) {
    kept++;
  }
  return kept;
}

/* By the starting points: where none of them can be simulated, the problem cannot. */
static bool time_simulations(regimen_evaluation *e, study_cost *out, stepdose_error *error)
{
  double starts[STUDY_STARTS_MAX * SEARCH_VARIABLES_MAX];
  double constraint[SEARCH_CONSTRAINTS_MAX];
  double goal_value;
  int n = study_starts(e, starts);
  progress *clock = progress_open(NULL);
  if (clock == NULL) {
    return error_no_memory(error, "estimating the cost");
  }
  double begun = progress_seconds(clock);
  bool simulated = false;
  for (int i = 0; i < n; i++) {
    const double *start = starts + i * e->n_variables;
    stepdose_error *first = simulated || i > 0 ? NULL : error;
    simulated = regimen_evaluate(e, 0, start, &goal_value, constraint, first) || simulated;
  }
  out->simulation_seconds = (progress_seconds(clock) - begun) / n;
  progress_close(clock);
  return simulated;
}

static void count(const regimen_evaluation *e, study_cost *out)
{
  int n = e->n_variables;
  out->n_variables_least = n < out->n_variables_least ? n : out->n_variables_least;
  out->n_variables_most = n > out->n_variables_most ? n : out->n_variables_most;
  out->n_constraints_most =
      e->n_constraints > out->n_constraints_most ? e->n_constraints : out->n_constraints_most;
  double size = regimen_grid_size(e);
  bool counted = size <= counted_most;
  out->grid_counted = out->grid_counted && counted;
  out->grid_regimens += counted ? count_regimens(e) : size;
}

/* Limits are what is explained or repaired, never both in one run. */
static long evaluations_beyond(const stepdose_problem *problem, int n_branches)
{
  long relax = n_branches * study_budget(problem, STUDY_RELAX_SHARE / n_branches);
  long repair = study_budget(problem, STUDY_REPAIR_SHARE);
  long explain = problem->n_limits * relax;
  return problem->n_limits > 0 && explain < repair ? repair : explain;
}

/* Of regimens: a design alone is no search over patients that is estimated here. */
static bool leaves_open(const stepdose_problem *problem, bool *open, stepdose_error *error)
{
  regimen_branch *branch = allocate(sizeof *branch);
  if (branch == NULL) {
    return error_no_memory(error, "estimating the cost");
  }
  regimen_branch_open(&problem->regimen, problem->horizon_days, 0, branch);
  *open = branch->n_variables > 0 || regimen_branch_count(&problem->regimen) > 1;
  release(branch);
  return true;
}

bool study_count_patients(const stepdose_problem *problem, study_patients_cost *out,
                          stepdose_error *error)
{
  const int few = study_coarse_patients(problem), rounds = problem->verification.rounds;
  *out = (study_patients_cost){.few = few,
                               .regimens_in_few = few > 0 ? study_budget(problem, 1) : 0,
                               .regimens = study_budget(problem, few > 0 ? STUDY_FINE_SHARE : 1),
                               .regimens_a_round =
                                   rounds > 0 ? study_budget(problem, STUDY_TIGHTENED_SHARE) : 0};
  const double in_all = (double)out->regimens + rounds * (double)out->regimens_a_round;
  out->simulations_most = (double)few * (double)out->regimens_in_few + in_all * problem->patients +
                          (rounds + 1.0) * problem->verification.patients;
  return leaves_open(problem, &out->searched, error);
}

bool study_estimate_cost(const stepdose_problem *problem, int threads, study_cost *out,
                         stepdose_error *error)
{
  *out = (study_cost){.n_branches = regimen_evaluation_branches(problem),
                      .choices = regimen_combinations(problem),
                      .map_points = study_map_size(problem),
                      .n_variables_least = SEARCH_VARIABLES_MAX,
                      .grid_counted = true};
  bool done = true;
  for (int b = 0; b < out->n_branches && done; b++) {
    regimen_evaluation *e = regimen_evaluation_open(problem, b, -1, 1, error);
    if (e == NULL) {
      return false;
    }
    count(e, out);
    out->evaluations_most += e->n_variables > 0 ? study_budget(problem, 1.0 / out->n_branches) : 1;
    done = b + 1 < out->n_branches || time_simulations(e, out, error);
    regimen_evaluation_close(e);
  }
  out->evaluations_beyond = evaluations_beyond(problem, out->n_branches);
  double simulations = (double)(out->evaluations_most + out->evaluations_beyond);
  double work = simulations * out->simulation_seconds / fmax(threads, 1);
  out->seconds_most = fmin(work, problem->search.minutes_max * 60);
  return done;
}
