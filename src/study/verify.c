/* Does a run directory still say what it computed? See verify.h. */
#include "study/verify.h"

#include "base/allocate.h"
#include "base/file.h"
#include "base/number.h"
#include "optimize/evaluate_regimen.h"
#include "regimen/event_table.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const size_t largest_file = (size_t)1 << 30;

/* Paths of files in the run directory; the caller releases. */
static char *path_of(const study_claims *claims, const char *name, stepdose_error *error)
{
  char *path = file_join(claims->directory, name);
  if (path == NULL) {
    error_no_memory(error, "verifying a result");
  }
  return path;
}

static bool check_hash(const study_claims *claims, int i, study_checks *out, stepdose_error *error)
{
  stepdose_error why;
  char hash[HASH_TEXT_SIZE];
  char *bytes = NULL;
  size_t length = 0;
  char *path = path_of(claims, claims->file[i].name, error);
  if (path == NULL) {
    return false;
  }
  char what[96];
  snprintf(what, sizeof what, "SHA-256 of %s", claims->file[i].name);
  if (!file_read(path, largest_file, &bytes, &length, &why)) {
    checks_add_error(out, what, &why);
  } else {
    hash_sha256(bytes, length, hash);
    bool same = strcmp(hash, claims->file[i].sha256) == 0;
    checks_add(out, what, same, "%s", same ? "unchanged" : "the file was changed");
  }
  release(bytes);
  release(path);
  return true;
}

static void compare_goal(const study_claims *claims, const assessment *a, study_checks *out)
{
  char claimed[NUMBER_TEXT_SIZE];
  char found[NUMBER_TEXT_SIZE];
  number_format(claims->goal, claimed);
  number_format(a->goal, found);
  bool agrees = fabs(claims->goal - a->goal) <= STUDY_AGREEMENT * fmax(1, fabs(a->goal));
  checks_add(out, "goal", agrees, "claimed %s, found %s", claimed, found);
}

/* One line for all values: the largest disagreement, so that many windows stay readable. */
static void compare_values(const study_claims *claims, const assessment *a, study_checks *out)
{
  bool same_windows = claims->n_values == a->n_values;
  checks_add(out, "limits and dose windows", same_windows, "%s",
             same_windows ? "the same" : "not those that the result lists");
  double largest = 0;
  for (int i = 0; same_windows && i < a->n_values; i++) {
    double difference = fabs(claims->value[i].value - a->value[i].value);
    double share = difference / fmax(fabs(a->value[i].value), 1e-300);
    bool other = claims->value[i].limit != a->value[i].limit ||
                 claims->value[i].window != a->value[i].window;
    largest = other || !isfinite(share) ? HUGE_VAL : fmax(largest, share);
  }
  checks_add(out, "values of all limits", largest <= STUDY_AGREEMENT,
             "%d values, largest relative difference %.2g", a->n_values, largest);
}

static void compare_claims(const study_claims *claims, const assessment *a, study_checks *out)
{
  if (!a->simulated) {
    checks_add(out, "simulation of regimen.csv", false, "%s", a->failure);
    return;
  }
  compare_goal(claims, a, out);
  compare_values(claims, a, out);
  bool holds = assessment_holds(a);
  const char *verdict = holds ? "they hold" : "they do not all hold";
  checks_add(out, "every limit holds", holds == claims->holds, "%s",
             a->n_values > 0 ? verdict : "no limits were set");
}

/* Is this what the problem lets a run choose for parameter i of its design? */
static bool is_allowed(const decision *values, double value)
{
  bool allowed = values->n_choices == 0 && value >= values->low && value <= values->high;
  for (int i = 0; i < values->n_choices; i++) {
    allowed = allowed || number_same(value, values->choice[i]);
  }
  return allowed;
}

static int find_claimed(const study_claims *claims, const char *name)
{
  for (int i = 0; i < claims->n_design; i++) {
    if (strcmp(claims->design[i].name, name) == 0) {
      return i;
    }
  }
  return -1;
}

/* The molecule that the result claims: the problem's own where the run chose none. False: it is not
 * one that the problem allows. */
static bool take_molecule(const study_claims *claims, const stepdose_problem *problem,
                          double *parameters, study_checks *out)
{
  size_t n = (size_t)problem->model->n_parameters;
  memcpy(parameters, problem->parameters, n * sizeof *parameters);
  if (claims->n_design == 0) {
    return true;
  }
  bool allowed = claims->n_design == problem->n_design;
  for (int i = 0; i < problem->n_design && allowed; i++) {
    const design_variable *d = &problem->design[i];
    int claimed = find_claimed(claims, d->name);
    allowed = claimed >= 0 && is_allowed(&d->values, claims->design[claimed].value);
    parameters[d->parameter] = claimed >= 0 ? claims->design[claimed].value : (double)NAN;
  }
  checks_add(out, "design of the molecule", allowed, "%s",
             allowed ? "within what the problem allows" : "not one that the problem allows");
  return allowed;
}

/* False only where memory is exhausted. */
static bool simulate_claim(const study_claims *claims, const stepdose_problem *problem,
                           const schedule *doses, study_checks *out, stepdose_error *error)
{
  assessment *found = allocate(sizeof *found);
  double *parameters = allocate_zeroed((size_t)problem->model->n_parameters, sizeof *parameters);
  simulate_workspace *workspace = simulate_workspace_open(problem->model, error);
  bool done = workspace != NULL && found != NULL && parameters != NULL;
  if (done && take_molecule(claims, problem, parameters, out)) {
    assess_with(problem, parameters, workspace, doses, claims->tolerance, NULL, found);
    compare_claims(claims, found, out);
    done = study_verify_patients(&claims->patients, problem, parameters, doses, out, error);
  } else if (!done && workspace != NULL) {
    error_no_memory(error, "verifying a result");
  }
  if (workspace != NULL) {
    simulate_workspace_close(workspace);
  }
  release(parameters);
  release(found);
  return done;
}

/* Problem and regimen are read anew: nothing is taken from the result but its claims. */
static bool simulate_files(const study_claims *claims, const char *problem_path,
                           const char *regimen_path, study_checks *out, stepdose_error *error)
{
  stepdose_error why;
  schedule doses;
  stepdose_problem *problem = problem_read(problem_path, NULL, 0, &why);
  if (problem == NULL) {
    checks_add_error(out, "reading of problem.json", &why);
    return true;
  }
  if (!event_table_read(regimen_path, problem, &doses, &why)) {
    checks_add_error(out, "reading of regimen.csv", &why);
    problem_free(problem);
    return true;
  }
  bool done = simulate_claim(claims, problem, &doses, out, error);
  problem_free(problem);
  return done;
}

bool study_verify(const study_claims *claims, study_checks *out, stepdose_error *error)
{
  checks_open(out);
  for (int i = 0; i < claims->n_files; i++) {
    if (!check_hash(claims, i, out, error)) {
      return false;
    }
  }
  if (!claims->has_regimen) {
    return true;
  }
  char *problem_path = path_of(claims, "problem.json", error);
  char *regimen_path = path_of(claims, "regimen.csv", error);
  bool done = problem_path != NULL && regimen_path != NULL &&
              simulate_files(claims, problem_path, regimen_path, out, error);
  release(problem_path);
  release(regimen_path);
  return done;
}
