/* The patients of one case: see evidence_run.h. */
#include "study/evidence_run.h"

#include "base/allocate.h"
#include "population/population.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

int evidence_run_all(const evidence_run *run) { return run->n_patients + run->with_reference; }

/* --- what the rows need ----------------------------------------------------------------------- */

/* Every row asks for one quantity, a ratio for two; whether quantity k belongs to this case. */
static bool asks_for(const evidence_run *run, int k, evidence_row *quantity)
{
  const evidence_row *row = &run->e->rows[k / 2];
  bool asked = true;
  if (k % 2 == 0) {
    *quantity = *row;
  } else {
    asked = evidence_divisor(run->e, row, quantity);
  }
  return asked && quantity->of_case == run->of_case;
}

static void find_patients(evidence_run *run)
{
  evidence_row quantity;
  for (int k = 0; k < 2 * run->e->n_rows; k++) {
    if (!asks_for(run, k, &quantity)) {
      continue;
    }
    if (quantity.statistic == EVIDENCE_REFERENCE) {
      run->with_reference = true;
    } else {
      run->n_patients = run->c->problem->patients;
    }
  }
}

int evidence_readings(const evidence_row *row)
{
  return (int)ceil((row->to_day - row->day) / EVIDENCE_READ_EVERY_DAYS - 1e-9) + 1;
}

double evidence_reading_day(const evidence_row *row, int reading)
{
  const int n = evidence_readings(row);
  return n == 1 ? row->day : row->day + (row->to_day - row->day) * reading / (n - 1);
}

static bool asks_for_days(const evidence_run *run, int k, evidence_row *quantity)
{
  return asks_for(run, k, quantity) &&
         evidence_endpoints[quantity->endpoint].time != EVIDENCE_IN_WINDOW;
}

static int by_day(const void *a, const void *b)
{
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static void keep_different(evidence_run *run)
{
  int kept = 0;
  for (int i = 0; i < run->n_days; i++) {
    if (kept == 0 || run->day[i] > run->day[kept - 1]) {
      run->day[kept++] = run->day[i];
    }
  }
  run->n_days = kept;
}

static bool list_days(evidence_run *run, stepdose_error *error)
{
  const int n_quantities = 2 * run->e->n_rows;
  evidence_row quantity;
  size_t n = 0;
  for (int k = 0; k < n_quantities; k++) {
    n += asks_for_days(run, k, &quantity) ? (size_t)evidence_readings(&quantity) : 0;
  }
  run->day = allocate_zeroed(n + 1, sizeof *run->day);
  if (run->day == NULL) {
    return error_no_memory(error, "predicting evidence");
  }
  for (int k = 0; k < n_quantities; k++) {
    const int readings = asks_for_days(run, k, &quantity) ? evidence_readings(&quantity) : 0;
    for (int i = 0; i < readings; i++) {
      run->day[run->n_days++] = evidence_reading_day(&quantity, i);
    }
  }
  qsort(run->day, (size_t)run->n_days, sizeof *run->day, by_day);
  keep_different(run);
  return true;
}

/* --- memory ----------------------------------------------------------------------------------- */

static bool open_memory(evidence_run *run, stepdose_error *error)
{
  const model *m = run->c->problem->model;
  const size_t all = (size_t)evidence_run_all(run) + 1;
  const size_t n_parameters = (size_t)m->n_parameters;
  run->drawn = allocate_zeroed(all * n_parameters, sizeof *run->drawn);
  run->parameters = allocate_zeroed(all * n_parameters, sizeof *run->parameters);
  run->derived = allocate_zeroed(all * (size_t)m->n_derived, sizeof *run->derived);
  run->weight = allocate_zeroed(all, sizeof *run->weight);
  run->old_weight = allocate_zeroed(all, sizeof *run->old_weight);
  run->failed = allocate_zeroed(all, sizeof *run->failed);
  run->result = allocate_zeroed(all, sizeof *run->result);
  run->value =
      allocate_zeroed(all * ((size_t)run->n_days * (size_t)m->n_outputs + 1), sizeof *run->value);
  run->task = allocate_zeroed(all, sizeof *run->task);
  run->samples = allocate_zeroed(all, sizeof *run->samples);
  run->member = allocate_zeroed(all, sizeof *run->member);
  run->task_failed = allocate_zeroed(all, sizeof *run->task_failed);
  run->only_crs = allocate_zeroed(n_parameters, sizeof *run->only_crs);
  const bool done = run->drawn != NULL && run->parameters != NULL && run->derived != NULL &&
                    run->weight != NULL && run->old_weight != NULL && run->failed != NULL &&
                    run->result != NULL && run->value != NULL && run->task != NULL &&
                    run->samples != NULL && run->member != NULL && run->task_failed != NULL &&
                    run->only_crs != NULL;
  return done || error_no_memory(error, "predicting evidence");
}

static bool copy_population(evidence_run *run, stepdose_error *error)
{
  const population_description *d = run->c->problem->population;
  if (d == NULL) {
    return true;
  }
  run->population = allocate(sizeof *run->population);
  if (run->population == NULL) {
    return error_no_memory(error, "predicting evidence");
  }
  *run->population = *d;
  return true;
}

/* A parameter that moves a coefficient when it alone is -1 is one of them (of 1 an intercept would
 * be cut to that of the grade below). */
static void find_coefficients(evidence_run *run)
{
  const model *m = run->c->problem->model;
  double *one = run->drawn; /* all 0 by now */
  for (int i = 0; i < m->n_parameters; i++) {
    crs_coefficients c;
    one[i] = -1;
    problem_crs_coefficients(m, one, &c);
    one[i] = 0;
    run->only_crs[i] = c.slope != 0 || c.patient_sd != 0;
    for (int g = 0; g < PROBLEM_GRADES; g++) {
      run->only_crs[i] = run->only_crs[i] || c.intercept[g] != 0;
    }
  }
}

bool evidence_run_open(evidence_run *run, const evidence *e, int of_case, cohort_engine *engine,
                       uint64_t seed, stepdose_error *error)
{
  *run = (evidence_run){
      .e = e, .of_case = of_case, .c = &e->cases[of_case], .engine = engine, .seed = seed};
  find_patients(run);
  if (!list_days(run, error) || !open_memory(run, error) || !copy_population(run, error)) {
    return false;
  }
  find_coefficients(run);
  return true;
}

void evidence_run_close(evidence_run *run)
{
  void *blocks[] = {run->population, run->drawn,       run->parameters, run->derived,
                    run->weight,     run->old_weight,  run->failed,     run->result,
                    run->day,        run->value,       run->task,       run->samples,
                    run->member,     run->task_failed, run->only_crs};
  for (size_t i = 0; i < sizeof blocks / sizeof blocks[0]; i++) {
    release(blocks[i]);
  }
}

/* --- who the patients are --------------------------------------------------------------------- */

static double *row_of(const evidence_run *run, double *table, int patient)
{
  return table + (size_t)patient * (size_t)run->c->problem->model->n_parameters;
}

static void set_target(evidence_run *run, const evidence_target *t, double value, double *base)
{
  evidence_place place;
  if (!evidence_locate(t, run->c, &place)) {
    return;
  }
  if (place.in_population) {
    run->population->coordinate[place.coordinate].number[place.number] = value * t->factor;
  } else {
    base[place.parameter] = value * t->factor;
  }
}

/* The reference patient and the description of the others, with the values given. */
static void apply(evidence_run *run, const double *values, double *base)
{
  const evidence *e = run->e;
  const stepdose_problem *p = run->c->problem;
  memcpy(base, p->parameters, (size_t)p->model->n_parameters * sizeof *base);
  if (run->population != NULL) {
    *run->population = *p->population;
  }
  for (int i = 0; values != NULL && i < e->n_parameters; i++) {
    for (int t = 0; !isnan(values[i]) && t < e->parameters[i].n_targets; t++) {
      set_target(run, &e->parameters[i].target[t], values[i], base);
    }
  }
}

static bool draw(evidence_run *run, const double *values, stepdose_error *error)
{
  double *base = row_of(run, run->drawn, run->n_patients);
  apply(run, values, base);
  run->weight[run->n_patients] = 1;
  if (run->n_patients == 0) {
    return true;
  }
  population *people = population_open(run->population, run->c->problem->model, run->seed, error);
  const bool done = people != NULL && population_draw(people, base, 0, run->n_patients, run->drawn,
                                                      run->weight, NULL, error);
  population_close(people);
  return done;
}

/* Whether what was simulated holds for the patients that are asked for now. */
static bool same_patients(const evidence_run *run)
{
  const int n_parameters = run->c->problem->model->n_parameters;
  bool same = run->simulated;
  for (int i = 0; same && i < evidence_run_all(run); i++) {
    const double *now = row_of(run, run->drawn, i);
    const double *then = row_of(run, run->parameters, i);
    same = run->weight[i] == run->old_weight[i];
    for (int k = 0; same && k < n_parameters; k++) {
      same = run->only_crs[k] || now[k] == then[k];
    }
  }
  return same;
}

static void keep_patients(evidence_run *run)
{
  const size_t all = (size_t)evidence_run_all(run);
  const size_t n_parameters = (size_t)run->c->problem->model->n_parameters;
  memcpy(run->parameters, run->drawn, all * n_parameters * sizeof *run->drawn);
  memcpy(run->old_weight, run->weight, all * sizeof *run->weight);
}

/* --- simulating them -------------------------------------------------------------------------- */

static void list_task(evidence_run *run, int patient, int *n)
{
  const model *m = run->c->problem->model;
  const int t = (*n)++;
  run->member[t] = patient;
  run->samples[t] =
      (trajectory){run->n_days, run->day,
                   run->value + (size_t)patient * (size_t)run->n_days * (size_t)m->n_outputs};
  run->task[t] = (stream_task){.parameters = row_of(run, run->parameters, patient),
                               .derived = run->derived + (size_t)patient * (size_t)m->n_derived,
                               .doses = &run->c->doses,
                               .result = &run->result[patient],
                               .samples = run->n_days > 0 ? &run->samples[t] : NULL};
}

static void keep_first(evidence_run *run, const stepdose_error *why)
{
  if (run->first_error.code == STEPDOSE_OK) {
    run->first_error = *why;
  }
}

/* Who makes no sense to the model cannot be simulated. */
static int list_tasks(evidence_run *run)
{
  const model *m = run->c->problem->model;
  int n = 0;
  error_clear(&run->first_error);
  for (int i = 0; i < evidence_run_all(run); i++) {
    stepdose_error why;
    run->failed[i] = false;
    if (!(run->weight[i] > 0)) {
      continue;
    }
    if (m->derive(row_of(run, run->parameters, i), run->derived + (size_t)i * (size_t)m->n_derived,
                  &why)) {
      list_task(run, i, &n);
    } else {
      run->failed[i] = true;
      keep_first(run, &why);
    }
  }
  return n;
}

static bool simulate_all(evidence_run *run, stepdose_error *error)
{
  const stepdose_problem *p = run->c->problem;
  const endpoint_request request = {.horizon_days = p->horizon_days,
                                    .last_days = p->horizon_days,
                                    .activated_above = ENDPOINT_ACTIVATED_ABOVE,
                                    .until_progression = true};
  simulate_settings settings = simulate_settings_default();
  settings.relative_tolerance = p->tolerance;
  const cohort_call call = {.request = &request, .settings = &settings};
  cohort_report report = {0};
  const int n = list_tasks(run);
  if (n > 0 &&
      !cohort_run_tasks(run->engine, n, run->task, 1, &call, run->task_failed, &report, error)) {
    return false;
  }
  if (report.failures > 0) {
    keep_first(run, &report.first_error);
  }
  for (int t = 0; t < n; t++) {
    run->failed[run->member[t]] = run->task_failed[t];
  }
  return true;
}

bool evidence_run_simulate(evidence_run *run, const double *values, bool *anew,
                           stepdose_error *error)
{
  *anew = false;
  if (!draw(run, values, error)) {
    return false;
  }
  *anew = !same_patients(run);
  keep_patients(run); /* the coefficients of the probability may be others */
  run->simulated = false;
  run->simulated = !*anew || simulate_all(run, error);
  return run->simulated;
}

long evidence_run_failures(const evidence_run *run)
{
  long n = 0;
  for (int i = 0; i < evidence_run_all(run); i++) {
    n += run->failed[i];
  }
  return n;
}
