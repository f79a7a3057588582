/* The tidy tables of a run directory. They load in R and Python without options: comma, decimal
 * point, NA, header. */
#include "report/report.h"

#include "base/allocate.h"
#include "base/number.h"
#include "report/decisions.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { COLUMN_NAME_SIZE = 96 };

static void append_number(text *out, double value)
{
  char digits[NUMBER_TEXT_SIZE];
  number_format_full(value, digits);
  text_append(out, "%s", digits);
}

/* Tissues carry the names that the indication gives them. False: an output of a tissue that the
 * problem does not have. */
static bool output_name(const stepdose_problem *problem, int output, char name[COLUMN_NAME_SIZE])
{
  const bool health = output >= OUTPUT_HEALTH_TISSUE1;
  const int tissue = output - (health ? OUTPUT_HEALTH_TISSUE1 : OUTPUT_ACTIVATED_TISSUE1);
  if (tissue < 0) {
    snprintf(name, COLUMN_NAME_SIZE, "%s", model_outputs[output].name);
  } else if (tissue < problem->n_tissues) {
    snprintf(name, COLUMN_NAME_SIZE, "%s_%s", health ? "health" : "activated_fraction",
             problem->tissue[tissue]);
  }
  return tissue < problem->n_tissues;
}

static void append_sample(text *out, const stepdose_problem *problem, const trajectory *samples,
                          int i)
{
  const int n_outputs = problem->model->n_outputs;
  char name[COLUMN_NAME_SIZE];
  for (int o = 0; o < n_outputs; o++) {
    if (output_name(problem, o, name)) {
      append_number(out, samples->day[i]);
      text_append(out, ",%s,%s,reference,", name, model_outputs[o].unit);
      append_number(out, samples->value[(long)i * n_outputs + o]);
      text_append(out, "\n");
    }
  }
}

void csv_trajectories(const stepdose_problem *problem, const report_regimen *regimen, text *out)
{
  const trajectory *samples = &regimen->samples->samples;
  text_append(out, "day,output,unit,statistic,value\n");
  for (int i = 0; i < samples->n_days; i++) {
    append_sample(out, problem, samples, i);
  }
}

/* window 0: the course. day NAN: none. */
static void append_endpoint(text *out, const char *name, int window, double day, double value,
                            const char *unit)
{
  text_append(out, "0,%s,", name);
  if (window > 0) {
    text_append(out, "%d,", window);
  } else {
    text_append(out, "course,");
  }
  append_number(out, day);
  text_append(out, ",");
  append_number(out, value);
  text_append(out, ",%s\n", unit);
}

static void append_peaks(text *out, const char *name, const char *unit, const peak *window,
                         int n_windows, peak course)
{
  for (int w = 0; w < n_windows; w++) {
    append_endpoint(out, name, w + 1, window[w].day, window[w].value, unit);
  }
  append_endpoint(out, name, 0, course.day, course.value, unit);
}

/* An endpoint of the course at a site or tissue: name.site */
static void append_site(text *out, const char *name, const char *site, peak found, const char *unit)
{
  char full[COLUMN_NAME_SIZE];
  snprintf(full, sizeof full, "%s.%s", name, site);
  append_endpoint(out, full, 0, found.day, found.value, unit);
}

/* What only models with a CRS drive have. */
static void append_further(text *out, const stepdose_problem *problem, const endpoints *e)
{
  const char *site[MODEL_SITES_MAX] = {"blood", "lymphoid", "tumor"};
  const int before_tissues = MODEL_SITES_MAX - MODEL_TISSUES_MAX;
  for (int t = 0; t < problem->n_tissues; t++) {
    site[before_tissues + t] = problem->tissue[t];
  }
  append_peaks(out, "crs_drive_rise", "pg/mL", e->drive, e->n_windows, e->drive_course);
  append_peaks(out, "ifn_gamma_peak", "pg/mL", e->ifn, e->n_windows, e->ifn_course);
  for (int s = 0; s < before_tissues + problem->n_tissues; s++) {
    append_site(out, "activated_peak", site[s], e->activated[s], "fraction");
  }
  for (int s = 0; s < before_tissues + problem->n_tissues; s++) {
    const peak days = {e->days_above[s], NAN};
    append_site(out, "days_activated_above", site[s], days, "days");
  }
  for (int t = 0; t < problem->n_tissues; t++) {
    append_site(out, "health_nadir", problem->tissue[t], e->health_nadir[t], "fraction");
  }
}

void csv_endpoints(const stepdose_problem *problem, const report_regimen *regimen, text *out)
{
  const endpoints *e = &regimen->verified->found;
  double horizon = problem->horizon_days;
  text_append(out, "patient,endpoint,window,day,value,unit\n");
  append_peaks(out, "il6_peak", "pg/mL", e->il6, e->n_windows, e->il6_course);
  append_peaks(out, "activated_cd8_peak", "fraction", e->activated_cd8, e->n_windows,
               e->activated_cd8_course);
  if (problem->model->n_outputs > OUTPUT_CRS_DRIVE) {
    append_further(out, problem, e);
  }
  double change = 100 * (e->tumor_final / e->tumor_initial - 1);
  append_endpoint(out, "tumor_change_percent", 0, horizon, change, "%");
  append_endpoint(out, "log10_kill_average", 0, NAN, e->log10_kill_average, "log10");
  append_endpoint(out, "log10_kill_smallest_last_days", 0, NAN, e->log10_kill_smallest_last,
                  "log10");
  append_endpoint(out, "total_mg", 0, NAN, e->total_mg, "mg");
  append_endpoint(out, "doses", 0, NAN, e->n_doses, "doses");
  append_endpoint(out, "visits", 0, NAN, e->n_visits, "visits");
}

/* Branches have different variables and constraints: the table has the union of their columns. */
typedef struct column_list {
  int n, room;
  char (*name)[COLUMN_NAME_SIZE];
} column_list;

/* Index of a column, added if it is new; -1 if there is no memory. */
static int find_column(column_list *list, const char *name)
{
  for (int i = 0; i < list->n; i++) {
    if (strcmp(list->name[i], name) == 0) {
      return i;
    }
  }
  if (list->n == list->room) {
    int room = 2 * list->room + 16;
    void *grown = reallocate(list->name, (size_t)room * sizeof *list->name);
    if (grown == NULL) {
      return -1;
    }
    list->name = grown;
    list->room = room;
  }
  snprintf(list->name[list->n], COLUMN_NAME_SIZE, "%s", name);
  return list->n++;
}

/* Which column each decision and constraint of a branch goes to. */
typedef struct branch_columns {
  int decision[DECISIONS_MAX];
  int constraint[SEARCH_CONSTRAINTS_MAX];
} branch_columns;

static bool list_decisions(const study_branch *b, column_list *list, branch_columns *to)
{
  const double no_value[SEARCH_VARIABLES_MAX] = {0};
  const char *name[DECISIONS_MAX];
  double ignored[DECISIONS_MAX];
  bool done = true;
  int n = decisions_of(b->evaluation, no_value, name, ignored);
  for (int i = 0; i < n; i++) {
    to->decision[i] = find_column(list, name[i]);
    done = done && to->decision[i] >= 0;
  }
  return done;
}

static bool list_constraints(const study_branch *b, column_list *list, branch_columns *to)
{
  char name[COLUMN_NAME_SIZE];
  bool done = true;
  for (int i = 0; i < b->evaluation->n_constraints; i++) {
    regimen_constraint_name(b->evaluation, i, name, sizeof name);
    to->constraint[i] = find_column(list, name);
    done = done && to->constraint[i] >= 0;
  }
  return done;
}

/* Writes n columns, each from the index that leads to it, NA where none does. */
static void append_columns(text *out, int n_columns, int n, const int *to, const double *value)
{
  for (int column = 0; column < n_columns; column++) {
    double found = NAN;
    for (int i = 0; i < n; i++) {
      found = to[i] == column ? value[i] : found;
    }
    text_append(out, ",");
    append_number(out, found);
  }
}

static void append_point(text *out, const study_branch *b, int branch, const search_point *point,
                         const branch_columns *to, int n_decisions, int n_constraints)
{
  const char *name[DECISIONS_MAX];
  double decided[DECISIONS_MAX];
  int n_decided = decisions_of(b->evaluation, point->value, name, decided);
  text_append(out, "%d,%ld", branch + 1, point->evaluation);
  append_columns(out, n_decisions, n_decided, to->decision, decided);
  text_append(out, ",");
  append_number(out, point->failed ? (double)NAN : point->goal);
  int n = point->failed ? 0 : b->evaluation->n_constraints;
  append_columns(out, n_constraints, n, to->constraint, point->constraint);
  bool feasible = !point->failed && point->violation <= 0;
  text_append(out, ",%s,%s\n", feasible ? "TRUE" : "FALSE", point->failed ? "TRUE" : "FALSE");
}

static void append_header(text *out, const column_list *decisions, const column_list *constraints)
{
  text_append(out, "branch,evaluation");
  for (int i = 0; i < decisions->n; i++) {
    text_append(out, ",%s", decisions->name[i]);
  }
  text_append(out, ",goal");
  for (int i = 0; i < constraints->n; i++) {
    text_append(out, ",%s", constraints->name[i]);
  }
  text_append(out, ",feasible,failed\n");
}

static bool append_history(const study_proposal *p, column_list *decisions,
                           column_list *constraints, branch_columns *to, text *out)
{
  bool done = true;
  for (int b = 0; b < p->n_branches; b++) {
    done = done && list_decisions(&p->branch[b], decisions, &to[b]) &&
           list_constraints(&p->branch[b], constraints, &to[b]);
  }
  if (!done) {
    return false;
  }
  append_header(out, decisions, constraints);
  for (int b = 0; b < p->n_branches; b++) {
    const search_outcome *o = &p->branch[b].outcome;
    for (long i = 0; i < o->n_points; i++) {
      append_point(out, &p->branch[b], b, &o->points[i], &to[b], decisions->n, constraints->n);
    }
  }
  return true;
}

bool csv_history(const study_proposal *p, text *out)
{
  column_list decisions = {0};
  column_list constraints = {0};
  branch_columns *to = allocate_zeroed(STUDY_BRANCHES_MAX, sizeof *to);
  bool done = to != NULL && append_history(p, &decisions, &constraints, to, out);
  release(to);
  release(decisions.name);
  release(constraints.name);
  return done && !out->failed;
}
