/* The main job, as a list of steps: see propose.h. */
#include "study/propose.h"

#include "base/allocate.h"
#include "study/robustness.h"
#include "study/stratum_count.h"

static bool grid_unfinished(const study_proposal *p)
{
  const search_outcome *o = &p->branch[p->chosen_branch].outcome;
  return p->end == SEARCH_END_EVALUATIONS && o->neighbours > 0 && !o->neighbours_complete;
}

/* A budget that ran out before every grid neighbour was looked at leaves the search unfinished, and
 * a search that did not come to its end cannot tell that nothing is feasible. */
static bool unfinished(const study_proposal *p)
{
  if (study_cut_short(p->end) || p->off_grid) {
    return true;
  }
  return p->feasible ? grid_unfinished(p) : p->end != SEARCH_END_CONVERGED;
}

static stepdose_status judge(const study_proposal *p)
{
  if (unfinished(p)) {
    return STEPDOSE_STATUS_INTERRUPTED;
  }
  if (!p->feasible) {
    return STEPDOSE_STATUS_INFEASIBLE;
  }
  return p->holds ? STEPDOSE_STATUS_VERIFIED : STEPDOSE_STATUS_FEASIBLE_IN_SAMPLE_ONLY;
}

static void assess_comparators(study_proposal *p, simulate_workspace *workspace)
{
  p->n_comparators = p->problem->n_comparators;
  for (int i = 0; i < p->n_comparators; i++) {
    assess(p->problem, workspace, &p->problem->comparators[i].doses,
           p->problem->tolerance / STUDY_TIGHTER, NULL, &p->comparator[i]);
  }
}

/* Where nothing could be simulated there is nothing to judge: not feasible, not infeasible. */
static bool something_simulated(const study_proposal *p, stepdose_error *error)
{
  if (p->evaluations == 0 || p->end == SEARCH_END_STOPPED || p->failures < p->evaluations) {
    return true;
  }
  return error_set(error, STEPDOSE_SIMULATION_FAILED, STUDY_FAILED_REMEDY,
                   "no regimen could be simulated (%ld tried): %s", p->evaluations,
                   p->first_failure);
}

static bool few_branches(const stepdose_problem *problem, stepdose_error *error)
{
  int n = regimen_evaluation_branches(problem);
  if (n <= STUDY_BRANCHES_MAX) {
    return true;
  }
  error_set(error, STEPDOSE_OUT_OF_RANGE,
            "give shorter lists, or ranges with a grid where values between have a meaning",
            "%d combinations of numbers of steps and choices of the design, at most %d can be "
            "searched",
            n, STUDY_BRANCHES_MAX);
  error_place(error, problem->path, 0, 0, "/design");
  return false;
}

/* Over virtual patients a bound alone does not tell how many of them may exceed it. */
static bool risks_told(const stepdose_problem *problem, stepdose_error *error)
{
  for (int i = 0; !problem->reference_patient && i < problem->n_limits; i++) {
    const limit *l = &problem->limits[i];
    if (l->risk == RISK_NONE) {
      error_set(error, STEPDOSE_MISSING_KEY,
                "add \"probability_max\", \"quantile\" or \"cvar\" to the limit, or use "
                "--set /population=reference",
                "the limit on \"%s\" does not tell what of the virtual patients it bounds",
                problem_limit_kinds[l->kind].objective);
      error_place(error, problem->path, 0, 0, l->pointer);
      return false;
    }
  }
  return true;
}

bool study_can_propose(const stepdose_problem *problem, stepdose_error *error)
{
  if (problem_has_tumor(problem)) {
    return few_branches(problem, error) && risks_told(problem, error) &&
           study_can_count(problem, error) && study_can_verify(problem, error);
  }
  error_set(error, STEPDOSE_CONTRADICTION,
            "choose an indication with a tumour, or simulate a given regimen",
            "every goal is a measure of the tumour, but %s has none (tumor_on is 0)",
            problem->indication_name);
  error_place(error, problem->path, 0, 0, "/maximize");
  return false;
}

static bool run_steps(study_proposal *p, const study_run *run, simulate_workspace *workspace,
                      stepdose_error *error)
{
  if (!study_search_branches(p, run, error) || !something_simulated(p, error)) {
    return false;
  }
  progress_stage(run->progress, "verifying", 1);
  if (!study_choose(p, run, workspace, error)) {
    return false;
  }
  assess_comparators(p, workspace);
  if (p->has_regimen) {
    study_corner(p);
  }
  if (p->feasible) {
    return p->off_grid || study_list_near(p, workspace, error);
  }
  return study_cut_short(p->end) || study_relax(p, run, workspace, error);
}

study_proposal *study_propose(const stepdose_problem *problem, const study_run *run,
                              stepdose_error *error)
{
  study_proposal *p = allocate_zeroed(1, sizeof *p);
  double *parameters = allocate_zeroed((size_t)problem->model->n_parameters, sizeof *parameters);
  if (p == NULL || parameters == NULL) {
    release(p);
    release(parameters);
    error_no_memory(error, "preparing the proposal");
    return NULL;
  }
  p->problem = problem;
  p->parameters = parameters;
  simulate_workspace *workspace = simulate_workspace_open(problem->model, error);
  bool done = workspace != NULL && run_steps(p, run, workspace, error);
  if (workspace != NULL) {
    simulate_workspace_close(workspace);
  }
  if (!done) {
    study_proposal_free(p);
    return NULL;
  }
  p->status = judge(p);
  return p;
}

const cohort_study *study_judging_patients(const study_proposal *p)
{
  return p->feasible ? p->patients->fresh : p->patients->seen;
}

static int blocking_in_patients(const study_proposal *p)
{
  const cohort_outcome *o = &study_judging_patients(p)->outcome[0];
  int blocking = -1;
  double largest = 0;
  for (int r = 0; r < o->n_risks; r++) {
    if (!o->risk[r].holds && o->risk[r].margin > largest) {
      largest = o->risk[r].margin;
      blocking = o->risk[r].limit;
    }
  }
  return blocking;
}

int study_blocking_limit(const study_proposal *p)
{
  if (p->patients != NULL) {
    return blocking_in_patients(p);
  }
  int blocking = -1;
  double largest = 0;
  for (int i = 0; i < p->verified.n_values; i++) {
    if (p->verified.value[i].margin > largest) {
      largest = p->verified.value[i].margin;
      blocking = p->verified.value[i].limit;
    }
  }
  return blocking;
}

void study_proposal_free(study_proposal *p)
{
  if (p == NULL) {
    return;
  }
  for (int b = 0; b < STUDY_BRANCHES_MAX; b++) {
    study_branch_close(&p->branch[b]);
  }
  study_branch_close(&p->repaired);
  study_patients_free(p->patients);
  robustness_free(p->card);
  sampled_run_free(&p->samples);
  release(p->parameters);
  release(p);
}
