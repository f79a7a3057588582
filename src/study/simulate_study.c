/* A given regimen, simulated: see simulate_study.h. */
#include "study/simulate_study.h"

#include "base/allocate.h"
#include "regimen/event_table.h"
#include "regimen/regimen.h"

#include <math.h>
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
    schedule engager;
    schedule_of_engager(&c->doses, &engager);
    bool same_route = engager.n_doses > 0 && engager.doses[0].route == problem->regimen.route;
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

bool study_simulate_patients(study_simulation *s, int threads, progress *told,
                             stepdose_error *error)
{
  if (s->problem->reference_patient) {
    return true;
  }
  cohort_request request = cohort_request_of(s->problem, s->regimen_name, &s->doses);
  request.threads = threads;
  request.progress = told;
  s->patients = cohort_study_run(&request, error);
  return s->patients != NULL;
}

static bool count_patients(const stepdose_problem *problem, study_preview *out,
                           stepdose_error *error)
{
  double covariates[POPULATION_COVARIATES_MAX];
  double *weight = allocate_zeroed((size_t)problem->patients, sizeof *weight);
  population *people =
      population_open(problem->population, problem->model, problem->population_seed, error);
  bool done = people != NULL && (weight != NULL || error_no_memory(error, "counting patients"));
  for (int i = 0; done && i < problem->patients; i++) {
    done = population_draw(people, problem->parameters, i, 1, NULL, &weight[i], covariates, error);
    population_count_accepted(people, done, covariates, &out->acceptance);
    for (int s = 0; s < problem->population->n_strata; s++) {
      out->in_stratum[s] += weight[i] > 0 && population_in_stratum(people, s, covariates);
    }
  }
  done = done && population_worth_of(people, problem->patients, weight, &out->worth, error);
  population_close(people);
  release(weight);
  return done;
}

enum { TIMED_PATIENTS = 64 };

/* A problem without a regimen to simulate is no error here. */
static bool time_patients(study_simulation *s, int threads, study_preview *out,
                          stepdose_error *error)
{
  stepdose_error none;
  const int all = s->problem->patients;
  cohort_request request = cohort_request_of(s->problem, s->regimen_name, &s->doses);
  request.patients = all < TIMED_PATIENTS ? all : TIMED_PATIENTS;
  request.threads = threads;
  if (!choose_regimen(s, NULL, &none)) {
    return true;
  }
  progress *clock = progress_open(NULL);
  const double begun = progress_seconds(clock);
  cohort_study *timed = clock != NULL ? cohort_study_run(&request, error) : NULL;
  if (timed != NULL) {
    out->n_regimens = timed->n_outcomes;
    out->seconds = (progress_seconds(clock) - begun) * all / request.patients;
  }
  const bool done = timed != NULL || (clock == NULL && error_no_memory(error, "timing a cohort"));
  cohort_study_free(timed);
  progress_close(clock);
  return done;
}

bool study_preview_patients(const stepdose_problem *problem, int threads, study_preview *out,
                            stepdose_error *error)
{
  study_simulation *s = allocate_zeroed(1, sizeof *s);
  if (s == NULL) {
    return error_no_memory(error, "describing a cohort");
  }
  *out = (study_preview){.seconds = NAN};
  s->problem = problem;
  const bool done = count_patients(problem, out, error) && time_patients(s, threads, out, error);
  study_simulation_free(s);
  return done;
}

void study_simulation_free(study_simulation *s)
{
  if (s != NULL) {
    sampled_run_free(&s->samples);
    cohort_study_free(s->patients);
    release(s);
  }
}
