/* The study of a front, as a list of steps: see pareto_study.h. */
#include "study/pareto_parts.h"

#include "base/allocate.h"

#include <math.h>
#include <string.h>

/* --- room for the work ------------------------------------------------------------------------ */

static void close_work(pareto_work *w)
{
  for (int b = 0; w->branch != NULL && b < w->n_branches; b++) {
    pareto_branch_close(&w->branch[b]);
  }
  release(w->branch);
}

static bool open_work(pareto_work *w, study_pareto *s, const study_run *run, stepdose_error *error)
{
  *w = (pareto_work){.goals = s->goals,
                     .run = run,
                     .study = s,
                     .n_objectives = 1 + s->n_costs,
                     .end = SEARCH_END_CONVERGED};
  atomic_init(&w->journal_answers, 0);
  const int n = regimen_evaluation_branches(s->goals);
  w->branch = allocate_zeroed((size_t)n, sizeof *w->branch);
  if (w->branch == NULL) {
    return error_no_memory(error, "preparing a front");
  }
  for (; w->n_branches < n; w->n_branches++) {
    if (!pareto_branch_open(w, w->n_branches, &w->branch[w->n_branches], error)) {
      return false;
    }
  }
  s->n_branches = n;
  return true;
}

/* --- the steps -------------------------------------------------------------------------------- */

/* In equal shares; what a branch leaves over, as one of few steps may, goes to those after it. */
static bool search_branches(pareto_work *w, stepdose_error *error)
{
  long left = w->goals->pareto.evaluations_max;
  progress_stage(w->run->progress, "searching the front", left);
  for (int b = 0; b < w->n_branches && !pareto_is_cut(w); b++) {
    const long share = left / (w->n_branches - b);
    w->branch[b].budget = share > 1 ? share : 1;
    if (!pareto_search_branch(&w->branch[b], error)) {
      return false;
    }
    left -= w->branch[b].known.n;
  }
  return true;
}

static bool put_together(pareto_work *w, stepdose_error *error)
{
  study_pareto *s = w->study;
  if (!pareto_merge(w, w->branch, w->n_branches, &s->found, &s->branch_of, error)) {
    return false;
  }
  s->end = w->end;
  s->evaluations = s->found.n_points;
  s->failures = s->found.failures;
  s->journal_answers = atomic_load(&w->journal_answers);
  return true;
}

/* Where nothing could be simulated there is nothing to judge. */
static bool something_simulated(const study_pareto *s, stepdose_error *error)
{
  if (s->evaluations == 0 || s->end == SEARCH_END_STOPPED || s->failures < s->evaluations) {
    return true;
  }
  return error_set(error, STEPDOSE_SIMULATION_FAILED, STUDY_FAILED_REMEDY,
                   "no regimen could be simulated (%ld tried): %s", s->evaluations,
                   s->first_failure);
}

/* From its file, as a proposal; by the limits of the problem, also those that are goals here. */
static bool describe_chosen(study_pareto *s, const study_run *run, stepdose_error *error)
{
  const stepdose_problem *problem = s->problem;
  const pareto_point *p = &s->front[s->chosen];
  double *parameters = allocate_zeroed((size_t)problem->model->n_parameters, sizeof *parameters);
  if (parameters == NULL) {
    return error_no_memory(error, "verifying a front");
  }
  regimen_design_parameters(problem, p->design, parameters);
  simulate_workspace *workspace = simulate_workspace_open(problem->model, error);
  const bool done = workspace != NULL &&
                    study_write_regimen(problem, run->directory, &p->doses, &s->doses, error) &&
                    sampled_run_open(&s->samples, problem->model, problem->horizon_days, error);
  if (done) {
    assess_with(problem, parameters, workspace, &s->doses, problem->tolerance, NULL, &s->searched);
    assess_with(problem, parameters, workspace, &s->doses, problem->tolerance / STUDY_TIGHTER,
                &s->samples.samples, &s->verified);
  }
  if (workspace != NULL) {
    simulate_workspace_close(workspace);
  }
  release(parameters);
  return done;
}

/* A budget that ran out cannot tell that nothing is feasible. */
static stepdose_status judge(const study_pareto *s)
{
  if (study_cut_short(s->end) || (s->chosen < 0 && s->end != SEARCH_END_CONVERGED)) {
    return STEPDOSE_STATUS_INTERRUPTED;
  }
  if (s->chosen < 0) {
    return STEPDOSE_STATUS_INFEASIBLE;
  }
  return s->front[s->chosen].holds ? STEPDOSE_STATUS_VERIFIED
                                   : STEPDOSE_STATUS_FEASIBLE_IN_SAMPLE_ONLY;
}

static bool run_steps(study_pareto *s, pareto_work *w, const study_run *run, stepdose_error *error)
{
  if (!search_branches(w, error) || !put_together(w, error) || !something_simulated(s, error)) {
    return false;
  }
  progress_stage(run->progress, "verifying", 1);
  if (!pareto_describe_front(w, error)) {
    return false;
  }
  return s->chosen < 0 || (describe_chosen(s, run, error) && pareto_simulate_patients(w, error));
}

study_pareto *study_pareto_run(const stepdose_problem *problem, const study_run *run,
                               stepdose_error *error)
{
  study_pareto *s = allocate_zeroed(1, sizeof *s);
  if (s == NULL) {
    error_no_memory(error, "preparing a front");
    return NULL;
  }
  s->problem = problem;
  s->chosen = -1;
  bool done = pareto_open_goals(s, error);
  if (done) {
    pareto_work w;
    done = open_work(&w, s, run, error) && run_steps(s, &w, run, error);
    close_work(&w);
  }
  if (!done) {
    study_pareto_free(s);
    return NULL;
  }
  s->status = judge(s);
  return s;
}

void study_pareto_free(study_pareto *s)
{
  if (s != NULL) {
    pareto_outcome_free(&s->found);
    sampled_run_free(&s->samples);
    cohort_study_free(s->patients);
    release(s->branch_of);
    release(s->front);
    release(s->goals);
    release(s);
  }
}
