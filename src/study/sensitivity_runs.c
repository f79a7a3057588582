/* Points of a sensitivity study in the reference patient and in virtual patients: see
 * sensitivity_parts.h. All simulations of a call go through the engine in slabs of tasks; what is
 * kept of each is stored by point and patient and summed up in that order. */
#include "study/sensitivity_parts.h"

#include "base/allocate.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
  SIMULATIONS_OF_A_CALL = 4096, /* or one point, or one row of the design */
  SIMULATIONS_MOST = 1 << 20
};

static const model *model_of(const sensitivity_runs *w) { return w->study->problem->model; }

/* --- opening ---------------------------------------------------------------------------------- */

static bool open_slab(sensitivity_runs *w)
{
  const model *m = model_of(w);
  w->parameters =
      allocate_zeroed(SENSITIVITY_SLAB, (size_t)m->n_parameters * sizeof *w->parameters);
  w->derived = allocate_zeroed(SENSITIVITY_SLAB, (size_t)m->n_derived * sizeof *w->derived);
  w->task = allocate_zeroed(SENSITIVITY_SLAB, sizeof *w->task);
  w->result = allocate_zeroed(SENSITIVITY_SLAB, sizeof *w->result);
  w->failed = allocate_zeroed(SENSITIVITY_SLAB, sizeof *w->failed);
  w->place = allocate_zeroed(SENSITIVITY_SLAB, sizeof *w->place);
  return w->parameters != NULL && w->derived != NULL && w->task != NULL && w->result != NULL &&
         w->failed != NULL && w->place != NULL;
}

static bool open_points(sensitivity_runs *w)
{
  const sensitivity_study *s = w->study;
  const size_t room = (size_t)w->room, n = (size_t)model_of(w)->n_parameters;
  const size_t patients = (size_t)s->n_patients, outputs = (size_t)s->n_outputs;
  w->x = allocate_zeroed(room, (size_t)s->n_inputs * sizeof *w->x);
  w->change = allocate_zeroed(room, sizeof *w->change);
  w->numbers = allocate_zeroed(room, 3 * n * sizeof *w->numbers);
  w->kept = allocate_zeroed(room * patients * outputs + 1, sizeof *w->kept);
  w->lost = allocate_zeroed(room * patients + 1, sizeof *w->lost);
  w->scratch = allocate_zeroed(patients + 1, sizeof *w->scratch);
  w->rows = allocate(ENDPOINT_ROWS_MAX * sizeof *w->rows);
  for (size_t i = 0; i < room && w->numbers != NULL && w->change != NULL; i++) {
    w->change[i].parameters = w->numbers + 3 * i * n;
    w->change[i].factor = w->change[i].parameters + n;
    w->change[i].value = w->change[i].factor + n;
  }
  return w->x != NULL && w->change != NULL && w->numbers != NULL && w->kept != NULL &&
         w->lost != NULL && w->scratch != NULL && w->rows != NULL;
}

/* Whole rows of the study's design, where they are not too long. */
static long points_of_call(const sensitivity_runs *w, long block)
{
  if (w->searches != NULL) {
    return SENSITIVITY_SEARCHES;
  }
  const long usual = SIMULATIONS_OF_A_CALL / w->n_each, most = SIMULATIONS_MOST / w->n_each;
  const long rows = usual >= block ? usual / block * block : block;
  return rows <= most ? rows : most > 0 ? most : 1;
}

/* Runs of a row of the study's design. */
static long block_of(const sensitivity_study *s)
{
  const long n = sensitivity_factors(s);
  switch (s->settings->method) {
  case SENSITIVITY_MORRIS:
    return n + 1;
  case SENSITIVITY_SOBOL:
    return s->settings->second_order ? 2 * n + 2 : n + 2;
  default:
    return 1;
  }
}

sensitivity_runs *sensitivity_runs_open(sensitivity_study *s, int threads, stepdose_error *error)
{
  sensitivity_runs *w = allocate_zeroed(1, sizeof *w);
  if (w == NULL) {
    error_no_memory(error, "a sensitivity study");
    return NULL;
  }
  w->study = s;
  w->settings = simulate_settings_default();
  w->settings.relative_tolerance = s->problem->tolerance;
  w->engine = cohort_engine_open(s->problem->model, threads, 0, error);
  bool done = w->engine != NULL && sensitivity_draw_patients(w, error);
  if (done && sensitivity_looks_at(s, SENSITIVITY_FROM_BEST)) {
    w->searches = sensitivity_searches_open(s, threads, error);
    done = w->searches != NULL;
  }
  if (done) {
    w->of_reference = sensitivity_looks_at(s, SENSITIVITY_FROM_REFERENCE) || s->n_patients == 0;
    w->n_each = w->of_reference + s->n_patients;
    w->room = points_of_call(w, block_of(s));
    done = (open_slab(w) && open_points(w)) || error_no_memory(error, "a sensitivity study");
  }
  if (!done) {
    sensitivity_runs_close(w);
    return NULL;
  }
  return w;
}

void sensitivity_runs_close(sensitivity_runs *w)
{
  if (w == NULL) {
    return;
  }
  void *const blocks[] = {w->patients.own,
                          w->patients.weight,
                          w->patients.member,
                          w->x,
                          w->change,
                          w->numbers,
                          w->kept,
                          w->lost,
                          w->scratch,
                          w->rows,
                          w->parameters,
                          w->derived,
                          w->task,
                          w->result,
                          w->failed,
                          w->place};
  cohort_engine_close(w->engine);
  sensitivity_searches_close(w->searches);
  for (size_t i = 0; i < sizeof blocks / sizeof blocks[0]; i++) {
    release(blocks[i]);
  }
  release(w);
}

/* --- one slab --------------------------------------------------------------------------------- */

static void note_failure(sensitivity_runs *w, const char *why)
{
  sensitivity_study *s = w->study;
  if (s->failures++ == 0) {
    snprintf(s->first_failure, sizeof s->first_failure, "%s", why);
  }
}

/* Number of the virtual patient whom a place belongs to; -1: the reference patient. */
static int patient_at(const sensitivity_runs *w, long place)
{
  return (int)(place % w->n_each) - w->of_reference;
}

static void lose(sensitivity_runs *w, long place, const char *why)
{
  const int patient = patient_at(w, place);
  note_failure(w, why);
  if (patient >= 0) {
    w->lost[place / w->n_each * w->study->n_patients + patient] = true;
  }
}

/* Task number i of the slab; false: these parameters make no patient. */
static bool make_task(sensitivity_runs *w, long i, long place)
{
  const model *m = model_of(w);
  const sensitivity_change *c = &w->change[place / w->n_each];
  const int patient = patient_at(w, place);
  double *parameters = w->parameters + i * m->n_parameters;
  double *derived = w->derived + i * m->n_derived;
  stepdose_error why;
  if (patient < 0) {
    memcpy(parameters, c->parameters, (size_t)m->n_parameters * sizeof *parameters);
  } else {
    sensitivity_change_patient(w->study, c, w->patients.own + (long)patient * m->n_parameters,
                               parameters);
  }
  if (!m->derive(parameters, derived, &why)) {
    lose(w, place, why.message);
    return false;
  }
  w->place[i] = place;
  w->task[i] = (stream_task){
      .parameters = parameters, .derived = derived, .doses = &c->doses, .result = &w->result[i]};
  return true;
}

static void keep(sensitivity_runs *w, long i, double *values)
{
  const sensitivity_study *s = w->study;
  const long place = w->place[i], point = place / w->n_each;
  const double *parameters = w->parameters + i * model_of(w)->n_parameters;
  const int patient = patient_at(w, place);
  if (patient < 0) {
    sensitivity_read_reference(s, parameters, &w->result[i], w->rows,
                               values + point * s->n_outputs);
    return;
  }
  double *kept = w->kept + (point * s->n_patients + patient) * s->n_outputs;
  for (int k = 0; k < s->n_outputs; k++) {
    kept[k] = s->output[k].source == SENSITIVITY_FROM_PATIENTS
                  ? sensitivity_read_patient(s, k, parameters, &w->result[i])
                  : (double)NAN;
  }
}

static bool run_slab(sensitivity_runs *w, long first, long count, double *values,
                     stepdose_error *error)
{
  const cohort_call call = {&w->study->request, &w->settings, NULL};
  cohort_report report;
  long n = 0;
  for (long place = first; place < first + count; place++) {
    n += make_task(w, n, place);
  }
  if (n > 0 && !cohort_run_tasks(w->engine, n, w->task, 1, &call, w->failed, &report, error)) {
    return false;
  }
  w->study->simulations += n;
  for (long i = 0; i < n; i++) {
    if (w->failed[i]) {
      lose(w, w->place[i], report.first_error.message);
    } else {
      keep(w, i, values);
    }
  }
  return true;
}

/* Points whose inputs stand in w->x; values (n x n_outputs) are NAN before. */
static bool run_points(sensitivity_runs *w, long n, double *values, stepdose_error *error)
{
  const sensitivity_study *s = w->study;
  const long all = n * w->n_each;
  memset(w->lost, 0, (size_t)(n * s->n_patients) * sizeof *w->lost);
  for (long i = 0; i < n; i++) {
    sensitivity_change_to(s, w->x + i * s->n_inputs, &w->change[i]);
  }
  for (long first = 0; first < all; first += SENSITIVITY_SLAB) {
    const long count = all - first < SENSITIVITY_SLAB ? all - first : SENSITIVITY_SLAB;
    if (!run_slab(w, first, count, values, error)) {
      return false;
    }
  }
  for (long i = 0; i < n; i++) {
    sensitivity_sum_up(w, i, values + i * s->n_outputs);
  }
  return w->searches == NULL || sensitivity_search_points(w->searches, n, w->change, values, error);
}

bool sensitivity_runs_evaluate(void *runs, long n, const double *points, double *values,
                               bool *failed, stepdose_error *error)
{
  sensitivity_runs *w = runs;
  const int n_inputs = w->study->n_inputs;
  (void)failed; /* a run is one of the outputs it lacks */
  for (long i = 0; i < n * n_inputs; i++) {
    w->x[i] = sensitivity_input_value(&w->study->input[i % n_inputs], points[i]);
  }
  return run_points(w, n, values, error);
}

bool sensitivity_runs_reference(sensitivity_runs *w, double *values, stepdose_error *error)
{
  const sensitivity_study *s = w->study;
  for (int i = 0; i < s->n_inputs; i++) {
    w->x[i] = s->input[i].reference;
  }
  for (int k = 0; k < s->n_outputs; k++) {
    values[k] = NAN;
  }
  return run_points(w, 1, values, error);
}
