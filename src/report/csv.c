/* The tidy tables of a run directory. They load in R and Python without options: comma, decimal
 * point, NA, header. */
#include "report/report.h"

#include "base/allocate.h"
#include "base/number.h"
#include "report/decisions.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { COLUMN_NAME_SIZE = ENDPOINT_NAME_SIZE };

void csv_number(text *out, double value)
{
  char digits[NUMBER_TEXT_SIZE];
  number_format_full(value, digits);
  text_append(out, "%s", digits);
}

void csv_text(text *out, const char *words)
{
  text_append(out, "\"");
  for (const char *c = words; *c != '\0'; c++) {
    text_append(out, "%s%c", *c == '"' ? "\"" : "", *c);
  }
  text_append(out, "\"");
}

bool csv_output_name(const stepdose_problem *problem, int output, char name[ENDPOINT_NAME_SIZE])
{
  const bool health = output >= OUTPUT_HEALTH_TISSUE1;
  const int tissue = output - (health ? OUTPUT_HEALTH_TISSUE1 : OUTPUT_ACTIVATED_TISSUE1);
  if (tissue < 0) {
    snprintf(name, ENDPOINT_NAME_SIZE, "%s", model_outputs[output].name);
  } else if (tissue < problem->n_tissues) {
    snprintf(name, ENDPOINT_NAME_SIZE, "%s_%s", health ? "health" : "activated_fraction",
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
    if (csv_output_name(problem, o, name)) {
      csv_number(out, samples->day[i]);
      text_append(out, ",%s,%s,reference,", name, model_outputs[o].unit);
      csv_number(out, samples->value[(long)i * n_outputs + o]);
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

void csv_endpoint(long patient, const endpoint_row *row, peak found, text *out)
{
  text_append(out, "%ld,%s,", patient, row->name);
  if (row->window > 0) {
    text_append(out, "%d,", row->window);
  } else {
    text_append(out, "course,");
  }
  csv_number(out, found.day);
  text_append(out, ",");
  csv_number(out, found.value);
  text_append(out, ",%s\n", row->unit);
}

bool csv_endpoints(const stepdose_problem *problem, const report_regimen *regimen, text *out)
{
  endpoint_row *rows = allocate(ENDPOINT_ROWS_MAX * sizeof *rows);
  if (rows == NULL) {
    return false;
  }
  const int n = endpoint_rows(problem, problem->parameters, &regimen->verified->found, rows);
  text_append(out, "patient,endpoint,window,day,value,unit\n");
  for (int i = 0; i < n; i++) {
    csv_endpoint(0, &rows[i], rows[i].found, out);
  }
  release(rows);
  return true;
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
    csv_number(out, found);
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
  csv_number(out, point->failed ? (double)NAN : point->goal);
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
