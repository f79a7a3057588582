/* Outputs of a sensitivity study: names, how long a simulation they need, and their values. See
 * sensitivity_study.h. */
#include "study/sensitivity_parts.h"

#include "base/allocate.h"
#include "base/number.h"
#include "study/propose.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Looked at on the logarithmic scale. */
static const char concentration[] = "pg/mL";

/* What the search for outputs is done with. */
typedef struct look_up {
  sensitivity_study *study;
  int n_rows;
  endpoint_row *rows; /* of the reference patient; ENDPOINT_ROWS_MAX */
  endpoints found;
} look_up;

static const struct {
  const char *name, *meaning;
  sensitivity_source source;
} kinds[SENSITIVITY_OUTPUT_KIND_COUNT] = {
#define X(id, name, source, meaning) {name, meaning, SENSITIVITY_FROM_##source},
    SENSITIVITY_OUTPUTS(X)
#undef X
};

const char *sensitivity_output_meaning(sensitivity_output_kind kind) { return kinds[kind].meaning; }

const char *sensitivity_source_name(sensitivity_source source)
{
  static const char *const names[SENSITIVITY_SOURCE_COUNT] = {
#define X(id, name) name,
      SENSITIVITY_SOURCES(X)
#undef X
  };
  return names[source];
}

bool sensitivity_looks_at(const sensitivity_study *s, sensitivity_source source)
{
  bool found = false;
  for (int k = 0; k < s->n_outputs; k++) {
    found = found || s->output[k].source == source;
  }
  return found;
}

/* --- names ------------------------------------------------------------------------------------ */

/* The number behind `start`, from 1; 0: `name` is another one. */
static int number_after(const char *name, const char *start)
{
  const size_t length = strlen(start);
  double number = 0;
  const bool found = strncmp(name, start, length) == 0 && number_parse(name + length, &number);
  return found && number >= 1 && number <= SCHEDULE_WINDOWS_MAX && number == floor(number)
             ? (int)number
             : 0;
}

/* Kind of a name that is no endpoint. Those with a number end in it. */
static sensitivity_output_kind kind_of(const char *name, int *number)
{
  for (int k = 0; k < SENSITIVITY_OUTPUT_KIND_COUNT; k++) {
    const size_t length = strlen(kinds[k].name);
    const bool numbered = length > 0 && strchr("_e", kinds[k].name[length - 1]) != NULL;
    *number = numbered ? number_after(name, kinds[k].name) : 0;
    if (length > 0 && (*number > 0 || strcmp(name, kinds[k].name) == 0)) {
      return (sensitivity_output_kind)k;
    }
  }
  return SENSITIVITY_LOOK_ENDPOINT;
}

/* Dose window at the end of an endpoint's name: "il6_peak.2"; 0: none. */
static int window_of(const char *name)
{
  const char *dot = strrchr(name, '.');
  return dot != NULL ? number_after(dot, ".") : 0;
}

/* --- how long to simulate --------------------------------------------------------------------- */

/* Day on which dose window `window` ends: doses within a day of the first of them are one. */
static double window_end(const sensitivity_study *s, int window)
{
  const double horizon = s->problem->horizon_days;
  schedule engager;
  schedule_of_engager(&s->doses, &engager);
  double first_of_day = -INFINITY;
  for (int i = 0; i < engager.n_doses && engager.doses[i].day < horizon; i++) {
    const bool opens = engager.doses[i].day >= first_of_day + ENDPOINT_ONE_DOSE_DAYS;
    if (opens && i >= window) {
      return engager.doses[i].day;
    }
    first_of_day = opens ? engager.doses[i].day : first_of_day;
  }
  return horizon;
}

static double limit_end(const sensitivity_study *s, const limit *l)
{
  if (problem_limit_kinds[l->kind].takes_window && l->window == WINDOW_FIRST_DOSE) {
    return window_end(s, 1);
  }
  return problem_limit_kinds[l->kind].takes_window && l->window == WINDOW_DAYS
             ? l->to_day
             : s->problem->horizon_days;
}

static double days_needed(const sensitivity_study *s, const char *name)
{
  int number = 0;
  const sensitivity_output_kind kind = kind_of(name, &number);
  const bool of_limit = kind == SENSITIVITY_LOOK_LIMIT || kind == SENSITIVITY_LOOK_PATIENTS_LIMIT;
  if (of_limit && number >= 1 && number <= s->problem->n_limits) {
    return limit_end(s, &s->problem->limits[number - 1]);
  }
  return kind == SENSITIVITY_LOOK_ENDPOINT && window_of(name) > 0 ? window_end(s, window_of(name))
                                                                  : s->problem->horizon_days;
}

/* All that the problem itself asks for within the days that are simulated. */
static void set_horizon(sensitivity_study *s, double days)
{
  s->request = s->problem->request;
  for (int i = 0; i < s->request.n_intervals && days > 0; i++) {
    days = fmax(days, s->request.interval[i].to_day);
  }
  s->horizon_days = s->request.horizon_days = fmin(days, s->problem->horizon_days);
  while (s->request.n_days > 0 && s->request.day[s->request.n_days - 1] > s->horizon_days) {
    s->request.n_days--;
  }
}

/* --- looking up ------------------------------------------------------------------------------- */

static bool unknown(const look_up *l, int asked, const char *name, const char *why,
                    stepdose_error *error)
{
  char pointer[64];
  error_set(error, STEPDOSE_UNKNOWN_NAME, why, "there is no output \"%s\"", name);
  snprintf(pointer, sizeof pointer, "/sensitivity/outputs/%d", asked);
  error_place(error, l->study->problem->path, 0, 0, pointer);
  return false;
}

static void add(sensitivity_study *s, const char *name, const char *unit, int index,
                sensitivity_output_kind kind)
{
  sensitivity_output *o = &s->output[s->n_outputs];
  if (s->n_outputs == SENSITIVITY_OUTPUTS_MAX) {
    return;
  }
  for (int k = 0; k < s->n_outputs; k++) {
    if (strcmp(s->output[k].name, name) == 0) {
      return;
    }
  }
  *o = (sensitivity_output){.kind = kind,
                            .index = index,
                            .source = kinds[kind].source,
                            .logarithmic = strcmp(unit, concentration) == 0 ||
                                           kind == SENSITIVITY_LOOK_BEST_DOSE};
  snprintf(o->name, sizeof o->name, "%s", name);
  snprintf(o->unit, sizeof o->unit, "%s%s", o->logarithmic ? "log10 " : "", unit);
  s->n_outputs++;
}

/* Rows of the endpoint that is named with its window, or of all windows. */
static int add_endpoints(look_up *l, const char *name)
{
  int found = 0;
  for (int i = 0; i < l->n_rows; i++) {
    const endpoint_row *row = &l->rows[i];
    char full[ENDPOINT_NAME_SIZE + 8];
    snprintf(full, sizeof full, row->window > 0 ? "%s.%d" : "%s.course", row->name, row->window);
    if (strcmp(name, full) == 0 || strcmp(name, row->name) == 0) {
      add(l->study, full, row->unit, i, SENSITIVITY_LOOK_ENDPOINT);
      found++;
    }
  }
  return found;
}

/* Why the problem has no such output; NULL: it has. */
static const char *why_not(const stepdose_problem *p, sensitivity_output_kind kind, int number)
{
  const sensitivity_source source = kinds[kind].source;
  const bool of_limit = kind == SENSITIVITY_LOOK_LIMIT || kind == SENSITIVITY_LOOK_PATIENTS_LIMIT;
  const bool of_tumor = kind == SENSITIVITY_LOOK_GOAL || kind == SENSITIVITY_LOOK_PATIENTS_GOAL ||
                        kind == SENSITIVITY_LOOK_PATIENTS_RESPONSE ||
                        source == SENSITIVITY_FROM_BEST;
  if (source == SENSITIVITY_FROM_PATIENTS && p->sensitivity.patients == 0) {
    return "ask for virtual patients, and for a method that uses them";
  }
  if (source == SENSITIVITY_FROM_BEST && (p->sensitivity.method == SENSITIVITY_LOCAL ||
                                          regimen_branch_count(&p->regimen) > STUDY_BRANCHES_MAX)) {
    return "it is searched by morris and sobol, where the regimen has few numbers of steps";
  }
  if (kind == SENSITIVITY_LOOK_BEST_DOSE &&
      number > regimen_doses_most(&p->regimen, p->horizon_days)) {
    return "no regimen that the problem allows has so many doses";
  }
  if (of_limit && (number < 1 || number > p->n_limits)) {
    return "limits are numbered from 1";
  }
  if (kind == SENSITIVITY_LOOK_PATIENTS_CRS &&
      (number < 1 || number > PROBLEM_GRADES || p->model->n_outputs <= OUTPUT_CRS_DRIVE)) {
    return "grades are 1 to 4, of a model that follows cytokine release syndrome";
  }
  return of_tumor && !problem_has_tumor(p) ? "there is no tumour" : NULL;
}

static const char *unit_of(const stepdose_problem *p, sensitivity_output_kind kind, int number)
{
  switch (kind) {
  case SENSITIVITY_LOOK_GOAL:
  case SENSITIVITY_LOOK_PATIENTS_GOAL:
  case SENSITIVITY_LOOK_BEST_GOAL:
    return problem_measures[p->goal.measure].unit;
  case SENSITIVITY_LOOK_LIMIT:
    return problem_limit_kinds[p->limits[number - 1].kind].unit;
  case SENSITIVITY_LOOK_BEST_TOTAL:
    return "mg";
  case SENSITIVITY_LOOK_BEST_DOSE:
    return route_unit(p->regimen.route);
  default:
    return "fraction";
  }
}

/* asked: its number in the file. */
static bool add_named(look_up *l, int asked, const char *name, stepdose_error *error)
{
  sensitivity_study *s = l->study;
  int number = 0;
  const sensitivity_output_kind kind = kind_of(name, &number);
  if (kind == SENSITIVITY_LOOK_ENDPOINT) {
    return add_endpoints(l, name) > 0 ||
           unknown(l, asked, name, "take a name and a window from endpoints.csv of `simulate`",
                   error);
  }
  const char *why = why_not(s->problem, kind, number);
  if (why != NULL) {
    return unknown(l, asked, name, why, error);
  }
  add(s, name, unit_of(s->problem, kind, number),
      kind == SENSITIVITY_LOOK_PATIENTS_CRS ? number : number - 1, kind);
  return true;
}

/* --- outputs of a problem that names none ----------------------------------------------------- */

static void add_if_possible(look_up *l, const char *name)
{
  stepdose_error none;
  (void)add_named(l, 0, name, &none);
}

static void add_limits(look_up *l, const char *start)
{
  const stepdose_problem *p = l->study->problem;
  char name[64];
  for (int k = 0; k < p->n_limits; k++) {
    snprintf(name, sizeof name, "%s%d", start, k + 1);
    if (!limit_is_burden(p->limits[k].kind)) {
      add_if_possible(l, name);
    }
  }
}

static void add_defaults(look_up *l)
{
  static const char *const endpoints_of_course[] = {"il6_peak.course", "crs_drive_rise.course",
                                                    "activated_cd8_peak.course",
                                                    "log10_kill_smallest_last_days.course"};
  const stepdose_problem *p = l->study->problem;
  char name[ENDPOINT_NAME_SIZE];
  add_if_possible(l, "goal");
  add_limits(l, "limit_");
  for (size_t i = 0; i < sizeof endpoints_of_course / sizeof endpoints_of_course[0]; i++) {
    add_if_possible(l, endpoints_of_course[i]);
  }
  for (int t = 0; t < p->n_tissues; t++) {
    snprintf(name, sizeof name, "health_nadir.%s", p->tissue[t]);
    add_if_possible(l, name);
  }
  add_if_possible(l, "patients.goal");
  add_if_possible(l, "patients.response");
  add_limits(l, "patients.limit_");
  for (int grade = 1; grade < PROBLEM_GRADES; grade++) {
    snprintf(name, sizeof name, "patients.crs_probability_grade%d", grade);
    add_if_possible(l, name);
  }
}

/* --- opening ---------------------------------------------------------------------------------- */

static bool simulate_reference(look_up *l, stepdose_error *error)
{
  const stepdose_problem *p = l->study->problem;
  simulate_settings settings = simulate_settings_default();
  simulate_workspace *workspace = simulate_workspace_open(p->model, error);
  if (workspace == NULL) {
    return false;
  }
  settings.relative_tolerance = p->tolerance;
  const bool done = simulate_patient(workspace, p->parameters, &l->study->doses, &l->study->request,
                                     &settings, &l->found, NULL, error);
  simulate_workspace_close(workspace);
  if (done) {
    l->n_rows = endpoint_rows(p, p->parameters, &l->found, l->rows);
  }
  return done;
}

/* Takes out default outputs that this regimen does not have; refuses those that were asked for. */
static bool check_values(look_up *l, stepdose_error *error)
{
  sensitivity_study *s = l->study;
  double *value = s->reference;
  sensitivity_read_reference(s, s->problem->parameters, &l->found, l->rows, value);
  int kept = 0;
  for (int k = 0; k < s->n_outputs; k++) {
    const bool good = s->output[k].source != SENSITIVITY_FROM_REFERENCE || isfinite(value[k]);
    if (!good && s->settings->n_outputs > 0) {
      return error_set(error, STEPDOSE_UNKNOWN_NAME, "leave it out",
                       "the output \"%s\" has no value under this regimen", s->output[k].name);
    }
    s->output[kept] = s->output[k];
    kept += good;
  }
  s->n_outputs = kept;
  return kept > 0 || error_set(error, STEPDOSE_UNKNOWN_NAME, "name outputs under \"sensitivity\"",
                               "this problem has no output to look at");
}

static bool look_up_all(look_up *l, stepdose_error *error)
{
  sensitivity_study *s = l->study;
  const sensitivity_settings *asked = s->settings;
  double days = asked->n_outputs > 0 ? 0 : s->problem->horizon_days;
  for (int k = 0; k < asked->n_outputs; k++) {
    days = fmax(days, days_needed(s, asked->output[k]));
  }
  set_horizon(s, days);
  if (!simulate_reference(l, error)) {
    return false;
  }
  if (asked->n_outputs == 0) {
    add_defaults(l);
  }
  for (int k = 0; k < asked->n_outputs; k++) {
    if (!add_named(l, k, asked->output[k], error)) {
      return false;
    }
  }
  return check_values(l, error);
}

bool sensitivity_open_outputs(sensitivity_study *s, stepdose_error *error)
{
  look_up *l = allocate_zeroed(1, sizeof *l);
  endpoint_row *rows = allocate(ENDPOINT_ROWS_MAX * sizeof *rows);
  s->output = allocate_zeroed(SENSITIVITY_OUTPUTS_MAX, sizeof *s->output);
  s->reference = allocate_zeroed(SENSITIVITY_OUTPUTS_MAX, sizeof *s->reference);
  bool done = l != NULL && rows != NULL && s->output != NULL && s->reference != NULL;
  if (!done) {
    error_no_memory(error, "preparing a sensitivity study");
  } else {
    l->study = s;
    l->rows = rows;
    done = look_up_all(l, error);
  }
  release(rows);
  release(l);
  return done;
}
