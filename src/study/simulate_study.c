/* A given regimen, simulated: see simulate_study.h. */
#include "study/simulate_study.h"

#include "base/allocate.h"
#include "regimen/event_table.h"
#include "regimen/regimen.h"

#include <stdio.h>
#include <string.h>

static bool ends_with(const char *word, const char *end)
{
  size_t n = strlen(word);
  size_t m = strlen(end);
  return n >= m && strcmp(word + n - m, end) == 0;
}

static bool read_regimen(study_simulation *s, const char *file, stepdose_error *error)
{
  snprintf(s->regimen_name, sizeof s->regimen_name, "%s", file);
  if (ends_with(file, ".csv")) {
    return event_table_read(file, s->problem, &s->doses, error);
  }
  if (ends_with(file, ".json")) {
    return problem_read_regimen(s->problem, file, &s->doses, error);
  }
  error_set(error, STEPDOSE_USAGE, "give event records (.csv) or a JSON regimen object (.json)",
            "the name of the regimen file ends neither in .csv nor in .json");
  error_place(error, file, 0, 0, NULL);
  return false;
}

/* The problem's regimen is one regimen when it has one branch without variables. */
static bool fixed_regimen(study_simulation *s, stepdose_error *error, bool *fixed)
{
  *fixed = false;
  if (regimen_branch_count(&s->problem->regimen) != 1) {
    return true;
  }
  regimen_branch *branch = allocate(sizeof *branch);
  if (branch == NULL) {
    return error_no_memory(error, "reading the regimen");
  }
  regimen_branch_open(&s->problem->regimen, s->problem->horizon_days, 0, branch);
  *fixed = branch->n_variables == 0;
  if (*fixed) {
    regimen_decode(branch, NULL, &s->doses);
    snprintf(s->regimen_name, sizeof s->regimen_name, "the regimen of the problem file");
  }
  release(branch);
  return true;
}

/* Only a schedule by the problem's own route stands for it; the approved one before others. */
static const comparator *usual_regimen(const stepdose_problem *problem)
{
  const comparator *usual = NULL;
  for (int i = 0; i < problem->n_comparators; i++) {
    const comparator *c = &problem->comparators[i];
    bool same_route = c->doses.n_doses > 0 && c->doses.doses[0].route == problem->regimen.route;
    if (same_route && (usual == NULL || (c->approved && !usual->approved))) {
      usual = c;
    }
  }
  return usual;
}

static bool choose_regimen(study_simulation *s, const char *file, stepdose_error *error)
{
  bool fixed = false;
  if (file != NULL) {
    return read_regimen(s, file, error);
  }
  if (!fixed_regimen(s, error, &fixed) || fixed) {
    return fixed;
  }
  const comparator *usual = usual_regimen(s->problem);
  if (usual == NULL) {
    return error_set(error, STEPDOSE_USAGE, "name one with --regimen FILE (.csv or .json)",
                     "no regimen to simulate: the problem leaves doses or days open and has no "
                     "comparator schedule by its route (%s)",
                     route_word(s->problem->regimen.route));
  }
  s->doses = usual->doses;
  snprintf(s->regimen_name, sizeof s->regimen_name, "schedule '%s' of the molecule", usual->name);
  return true;
}

static bool run(study_simulation *s, simulate_workspace *workspace, stepdose_error *error)
{
  const stepdose_problem *problem = s->problem;
  assess(problem, workspace, &s->doses, problem->tolerance, NULL, &s->searched);
  if (!sampled_run_open(&s->samples, problem->model, problem->horizon_days, error)) {
    return false;
  }
  assess(problem, workspace, &s->doses, problem->tolerance / STUDY_TIGHTER, &s->samples.samples,
         &s->verified);
  if (!s->verified.simulated) {
    return error_set(error, STEPDOSE_SIMULATION_FAILED, STUDY_FAILED_REMEDY, "%s",
                     s->verified.failure);
  }
  return true;
}

study_simulation *study_simulate(const stepdose_problem *problem, const char *regimen_file,
                                 stepdose_error *error)
{
  study_simulation *s = allocate_zeroed(1, sizeof *s);
  if (s == NULL) {
    error_no_memory(error, "preparing the simulation");
    return NULL;
  }
  s->problem = problem;
  simulate_workspace *workspace = NULL;
  bool done = choose_regimen(s, regimen_file, error) &&
              (workspace = simulate_workspace_open(problem->model, error)) != NULL &&
              run(s, workspace, error);
  if (workspace != NULL) {
    simulate_workspace_close(workspace);
  }
  if (!done) {
    study_simulation_free(s);
    return NULL;
  }
  return s;
}

void study_simulation_free(study_simulation *s)
{
  if (s != NULL) {
    sampled_run_free(&s->samples);
    release(s);
  }
}
