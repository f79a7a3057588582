/* Binds a problem to the abstract search: see evaluate_regimen.h. */
#include "optimize/evaluate_regimen.h"

#include "base/allocate.h"

#include <ctype.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

_Static_assert(REGIMEN_VARIABLES_MAX + PROBLEM_DESIGN_MAX <= SEARCH_VARIABLES_MAX,
               "a search has room for every variable of regimen and design");

/* Value of the constraint of a window that a regimen does not have: holds by any margin. */
static const double window_absent = -1.0;

static int largest_dose_count(const regimen_branch *branch)
{
  const regimen_space *space = branch->space;
  int maintenance = space->has_maintenance ? space->maintenance.doses : 0;
  return branch->n_steps + maintenance;
}

/* Counted for the largest number of doses: every regimen of a branch has the same constraints. */
static int window_count(const limit *l, int n_doses)
{
  if (!problem_limit_kinds[l->kind].takes_window) {
    return 1;
  }
  if (l->window == WINDOW_EACH_DOSE) {
    return n_doses;
  }
  return l->window == WINDOW_LATER_DOSES ? n_doses - 1 : 1;
}

static int first_window(const limit *l)
{
  if (!problem_limit_kinds[l->kind].takes_window) {
    return 0;
  }
  switch (l->window) {
  case WINDOW_FIRST_DOSE:
  case WINDOW_EACH_DOSE:
    return 1;
  case WINDOW_LATER_DOSES:
    return 2;
  default:
    return 0;
  }
}

static bool add_constraint(regimen_evaluation *e, regimen_constraint added, stepdose_error *error)
{
  if (e->n_constraints >= SEARCH_CONSTRAINTS_MAX) {
    return error_set(error, STEPDOSE_OUT_OF_RANGE,
                     "use fewer doses, or limits on the course instead of on each dose",
                     "rules and limits in all dose windows make more than %d constraints",
                     SEARCH_CONSTRAINTS_MAX);
  }
  e->constraint[e->n_constraints++] = added;
  return true;
}

static bool list_constraints(regimen_evaluation *e, stepdose_error *error)
{
  for (int i = 0; i < e->branch.n_rules; i++) {
    if (!add_constraint(e, (regimen_constraint){-1, i, 0}, error)) {
      return false;
    }
  }
  int n_doses = largest_dose_count(&e->branch);
  for (int k = 0; k < e->problem->n_limits; k++) {
    const limit *l = &e->problem->limits[k];
    e->first_constraint[k] = e->n_constraints;
    e->n_windows[k] = k == e->relaxed_limit ? 0 : window_count(l, n_doses);
    for (int w = 0; w < e->n_windows[k]; w++) {
      if (!add_constraint(e, (regimen_constraint){k, -1, first_window(l) + w}, error)) {
        return false;
      }
    }
  }
  return true;
}

/* A list of choices belongs to the branch, everything else to the search. */
static bool is_chosen(const design_variable *d) { return d->values.n_choices > 0; }

static int times(int a, int b) { return a > INT_MAX / 2 / b ? INT_MAX / 2 : a * b; }

int regimen_combinations(const stepdose_problem *problem)
{
  int n = 1;
  for (int i = 0; i < problem->n_design; i++) {
    n = is_chosen(&problem->design[i]) ? times(n, problem->design[i].values.n_choices) : n;
  }
  return n;
}

int regimen_evaluation_branches(const stepdose_problem *problem)
{
  int by_steps = regimen_branch_count(&problem->regimen);
  return by_steps > 0 ? times(by_steps, regimen_combinations(problem)) : 0;
}

/* A parameter of the model as a variable of the search. */
static struct regimen_slot open_range(regimen_evaluation *e, const design_variable *d)
{
  const model_parameter *parameter = &e->problem->model->parameters[d->parameter];
  regimen_variable *v = &e->variable[e->n_variables];
  if (!regimen_variable_open(&d->values, NULL, v)) {
    return (struct regimen_slot){-1, v->n_levels == 1 ? v->level[0] : v->low};
  }
  v->logarithmic = d->logarithmic;
  snprintf(v->name, sizeof v->name, "%s", d->name);
  snprintf(v->unit, sizeof v->unit, "%s", parameter->unit);
  return (struct regimen_slot){e->n_variables++, 0};
}

/* The last list of choices changes fastest from branch to branch. */
static void open_variables(regimen_evaluation *e, int combination)
{
  const stepdose_problem *problem = e->problem;
  e->n_variables = e->branch.n_variables;
  memcpy(e->variable, e->branch.variable, (size_t)e->n_variables * sizeof *e->variable);
  for (int i = 0; i < problem->n_design; i++) {
    const design_variable *d = &problem->design[i];
    e->design[i] = is_chosen(d) ? (struct regimen_slot){-1, 0} : open_range(e, d);
  }
  for (int i = problem->n_design - 1; i >= 0; i--) {
    const decision *values = &problem->design[i].values;
    if (is_chosen(&problem->design[i])) {
      e->design[i].fixed = values->choice[combination % values->n_choices];
      combination /= values->n_choices;
    }
  }
}

static bool open_workspaces(regimen_evaluation *e, int n_workers, stepdose_error *error)
{
  if (!e->problem->reference_patient && n_workers > 0) {
    e->patients = cohort_evaluation_open(e->problem, n_workers, error);
    if (e->patients == NULL) {
      return false;
    }
  }
  size_t n = (size_t)n_workers;
  size_t n_parameters = (size_t)e->problem->model->n_parameters;
  e->workspace = allocate_zeroed(n + 1, sizeof *e->workspace);
  e->parameters = allocate_zeroed(n * n_parameters + 1, sizeof *e->parameters);
  if (e->workspace == NULL || e->parameters == NULL) {
    return error_no_memory(error, "preparing the evaluation of regimens");
  }
  for (e->n_workers = 0; e->n_workers < n_workers; e->n_workers++) {
    e->workspace[e->n_workers] = simulate_workspace_open(e->problem->model, error);
    if (e->workspace[e->n_workers] == NULL) {
      return false;
    }
  }
  return true;
}

regimen_evaluation *regimen_evaluation_open(const stepdose_problem *problem, int branch,
                                            int relaxed_limit, int n_workers, stepdose_error *error)
{
  regimen_evaluation *e = allocate_zeroed(1, sizeof *e);
  if (e == NULL) {
    error_no_memory(error, "preparing the evaluation of regimens");
    return NULL;
  }
  e->problem = problem;
  e->relaxed_limit = relaxed_limit;
  int combinations = regimen_combinations(problem);
  regimen_branch_open(&problem->regimen, problem->horizon_days, branch / combinations, &e->branch);
  open_variables(e, branch % combinations);
  if (!list_constraints(e, error) || !open_workspaces(e, n_workers, error)) {
    regimen_evaluation_close(e);
    return NULL;
  }
  return e;
}

void regimen_evaluation_close(regimen_evaluation *e)
{
  if (e == NULL) {
    return;
  }
  for (int i = 0; i < e->n_workers; i++) {
    simulate_workspace_close(e->workspace[i]);
  }
  cohort_evaluation_close(e->patients);
  release(e->workspace);
  release(e->parameters);
  release(e);
}

void regimen_evaluation_bind(regimen_evaluation *e, search_task *task)
{
  task->n_variables = e->n_variables;
  task->n_constraints = e->n_constraints;
  for (int i = 0; i < e->n_variables; i++) {
    const regimen_variable *v = &e->variable[i];
    task->variable[i] = (search_variable){v->low, v->high, v->logarithmic, v->n_levels, v->level};
  }
  task->evaluate = regimen_evaluate;
  task->context = e;
}

/* Fills the constraints of limit k from its margins (in place of values), and returns the largest
 * of them. */
static double place_margins(const regimen_evaluation *e, int k, int n, const limit_value *margins,
                            double *constraint)
{
  const limit *l = &e->problem->limits[k];
  double *slot = constraint + e->first_constraint[k];
  for (int w = 0; w < e->n_windows[k]; w++) {
    slot[w] = window_absent;
  }
  /* doses are counted exactly: only what is simulated can come out otherwise elsewhere */
  double safety = limit_is_burden(l->kind) ? 0 : e->safety[k];
  double largest = window_absent;
  for (int i = 0; i < n; i++) {
    double margin = margins[i].value + safety;
    int w = margins[i].window - first_window(l);
    if (w >= 0 && w < e->n_windows[k]) {
      slot[w] = margin;
    }
    largest = margin > largest || i == 0 ? margin : largest;
  }
  return largest;
}

/* Margins of limit k in one patient. */
static int patient_margins(const limit *l, const endpoints *found, limit_value *values)
{
  int n = objective_limit_values(l, found, values);
  for (int i = 0; i < n; i++) {
    values[i].value = objective_margin(l, values[i].value);
  }
  return n;
}

void regimen_evaluation_design(const regimen_evaluation *e, const double *value, double *design)
{
  for (int i = 0; i < e->problem->n_design; i++) {
    struct regimen_slot slot = e->design[i];
    design[i] = slot.variable < 0 ? slot.fixed : value[slot.variable];
  }
}

void regimen_design_parameters(const stepdose_problem *problem, const double *design,
                               double *parameters)
{
  memcpy(parameters, problem->parameters, (size_t)problem->model->n_parameters * sizeof(double));
  for (int i = 0; i < problem->n_design; i++) {
    parameters[problem->design[i].parameter] = design[i];
  }
}

void regimen_evaluation_decode(const regimen_evaluation *e, const double *value, schedule *doses,
                               double *parameters)
{
  double design[PROBLEM_DESIGN_MAX];
  regimen_decode(&e->branch, value, doses);
  regimen_evaluation_design(e, value, design);
  regimen_design_parameters(e->problem, design, parameters);
}

void regimen_evaluation_judge(const regimen_evaluation *e, const double *value,
                              const endpoints *found, double *goal_value, double *constraint)
{
  const stepdose_problem *problem = e->problem;
  limit_value margins[OBJECTIVE_VALUES_MAX];
  regimen_rules(&e->branch, value, constraint);
  *goal_value = objective_goal(&problem->goal, found, problem->horizon_days);
  for (int k = 0; k < problem->n_limits; k++) {
    int n = patient_margins(&problem->limits[k], found, margins);
    double largest = place_margins(e, k, n, margins, constraint);
    if (k == e->relaxed_limit) {
      *goal_value = -largest;
    }
  }
}

static void judge_patients(const regimen_evaluation *e, int worker, const double *value,
                           const cohort_findings *findings, double *goal_value, double *constraint)
{
  limit_value margins[OBJECTIVE_VALUES_MAX];
  regimen_rules(&e->branch, value, constraint);
  *goal_value = cohort_evaluation_goal(e->patients, worker, findings);
  for (int k = 0; k < e->problem->n_limits; k++) {
    int n = cohort_evaluation_margins(e->patients, worker, findings, k, margins);
    double largest = place_margins(e, k, n, margins, constraint);
    if (k == e->relaxed_limit) {
      *goal_value = -largest;
    }
  }
}

bool regimen_evaluate(void *context, int worker, const double *value, double *goal_value,
                      double *constraint, stepdose_error *error)
{
  const regimen_evaluation *e = context;
  const stepdose_problem *problem = e->problem;
  double *parameters = e->parameters + (long)worker * problem->model->n_parameters;
  schedule doses;
  endpoints found;
  simulate_settings settings = simulate_settings_default();
  settings.relative_tolerance = problem->tolerance;
  regimen_evaluation_decode(e, value, &doses, parameters);
  if (e->patients != NULL) {
    cohort_findings findings;
    bool done = cohort_evaluation_run(e->patients, worker, &doses, parameters, &findings, error);
    if (done) {
      judge_patients(e, worker, value, &findings, goal_value, constraint);
    }
    return done;
  }
  if (!simulate_patient(e->workspace[worker], parameters, &doses, &problem->request, &settings,
                        &found, NULL, error)) {
    return false;
  }
  regimen_evaluation_judge(e, value, &found, goal_value, constraint);
  return true;
}

void regimen_constraint_name(const regimen_evaluation *e, int i, char *name, size_t size)
{
  const regimen_constraint *c = &e->constraint[i];
  const char *rule = c->limit < 0 ? e->branch.rule_name[c->rule] : "";
  const limit *l = c->limit < 0 ? NULL : &e->problem->limits[c->limit];
  if (l == NULL) {
    snprintf(name, size, "rule_%s", rule);
  } else if (c->window > 0) {
    snprintf(name, size, "limit_%d_%s_dose_%d", c->limit + 1,
             problem_limit_kinds[l->kind].objective, c->window);
  } else {
    snprintf(name, size, "limit_%d_%s", c->limit + 1, problem_limit_kinds[l->kind].objective);
  }
  for (char *letter = name; *letter != 0; letter++) {
    *letter = isalnum((unsigned char)*letter) ? *letter : '_';
  }
}

double regimen_limit_margin(const regimen_evaluation *e, const search_point *point, int k)
{
  double largest = window_absent;
  for (int w = 0; w < e->n_windows[k]; w++) {
    double margin = point->constraint[e->first_constraint[k] + w];
    largest = margin > largest || w == 0 ? margin : largest;
  }
  return largest;
}
