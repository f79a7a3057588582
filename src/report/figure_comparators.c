/* The answer beside other schedules: goal, and each limit's value as a share of its bound. */
#include "base/allocate.h"
#include "report/figure.h"
#include "report/words_risk.h"
#include "study/cohort_study.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>

enum { SHOWN_MAX = 1 + PROBLEM_COMPARATORS_MAX, ROW = 34, ABOVE = 30 };

typedef struct shown_schedule {
  const char *name;
  bool holds;
  double goal, total_mg, visits;
  double value[PROBLEM_LIMITS_MAX];
} shown_schedule;

typedef struct side_by_side_view {
  int n, n_limits;
  double allowed[PROBLEM_LIMITS_MAX];
  shown_schedule one[SHOWN_MAX];
} side_by_side_view;

static void read_answer(const page_run *run, side_by_side_view *v)
{
  const cJSON *regimen = page_member(run->result, "regimen");
  const cJSON *claim;
  int k = 0;
  if (!cJSON_IsObject(regimen)) {
    return;
  }
  shown_schedule *answer = &v->one[v->n++];
  answer->name = "this regimen";
  answer->holds = page_true(run->result, "every_limit_holds");
  answer->goal = page_number(page_member(run->result, "goal"), "verified");
  answer->total_mg = page_number(regimen, "total_mg");
  answer->visits = page_number(regimen, "visits");
  cJSON_ArrayForEach(claim, page_member(run->result, "limits"))
  {
    if (k < v->n_limits) {
      answer->value[k++] = page_number(page_member(claim, "worst"), "value");
    }
  }
}

static void read_comparator(const cJSON *beside, side_by_side_view *v)
{
  const cJSON *at;
  int k = 0;
  if (v->n >= SHOWN_MAX || !page_true(beside, "simulated")) {
    return;
  }
  shown_schedule *other = &v->one[v->n++];
  other->name = page_string(beside, "name");
  other->holds = page_true(beside, "every_limit_holds");
  other->goal = page_number(beside, "goal");
  other->total_mg = page_number(beside, "total_mg");
  other->visits = page_number(beside, "visits");
  cJSON_ArrayForEach(at, page_member(beside, "limits"))
  {
    if (k < v->n_limits) {
      other->value[k++] = page_number(at, "value");
    }
  }
}

/* The worst risk of each limit. */
static void read_risks(const cJSON *outcome, side_by_side_view *v, shown_schedule *one)
{
  double worst[PROBLEM_LIMITS_MAX];
  const cJSON *risk;
  cJSON_ArrayForEach(risk, page_member(outcome, "risks"))
  {
    const double number = page_number(risk, "limit");
    const double margin = page_number(risk, "margin");
    const int k = number >= 1 && number <= v->n_limits ? (int)number - 1 : -1;
    if (k >= 0 && (isnan(one->value[k]) || margin > worst[k])) {
      worst[k] = margin;
      one->value[k] = page_number(risk, "value");
      v->allowed[k] = page_number(risk, "bound");
    }
  }
}

/* All regimens in the same virtual patients. */
static void read_patients(const page_run *run, side_by_side_view *v)
{
  const cJSON *outcome;
  cJSON_ArrayForEach(outcome, page_member(page_member(run->result, "cohort"), "regimens"))
  {
    if (v->n < SHOWN_MAX) {
      shown_schedule *one = &v->one[v->n++];
      one->name = v->n == 1 ? "this regimen" : page_string(outcome, "name");
      one->holds = page_true(outcome, "every_limit_holds");
      one->goal = page_number(outcome, "goal_value");
      one->total_mg = page_number(outcome, "total_mg");
      one->visits = page_number(outcome, "visits");
      read_risks(outcome, v, one);
    }
  }
}

static bool of_patients(const page_run *run)
{
  return page_given_outcome(run) != NULL && cohort_can_judge(run->problem);
}

static side_by_side_view read_view(const page_run *run)
{
  side_by_side_view v = {.n_limits = run->problem->n_limits};
  const cJSON *beside;
  for (int s = 0; s < SHOWN_MAX; s++) {
    for (int k = 0; k < PROBLEM_LIMITS_MAX; k++) {
      v.one[s].value[k] = NAN;
    }
  }
  for (int k = 0; k < v.n_limits; k++) {
    v.allowed[k] = run->problem->limits[k].bound;
  }
  if (of_patients(run)) {
    read_patients(run, &v);
    return v;
  }
  read_answer(run, &v);
  cJSON_ArrayForEach(beside, page_member(run->result, "comparators"))
  {
    read_comparator(beside, &v);
  }
  return v;
}

static void draw_goal_row(const page_run *run, const svg_chart *c, const shown_schedule *s,
                          int style, double y)
{
  char value[WORDS_SIZE];
  words_goal_value(&run->problem->goal, s->goal, value);
  svg_label(c, "tick", c->x.from + 14, y, "start", "%s%s", s->name,
            s->holds ? "" : " (breaks a limit)");
  svg_marker(c, style, c->x.from + 5, y - 4, NULL);
  svg_label(c, "value", c->x.to, y, "end", "%s", value);
  const double zero = svg_x(c, 0);
  const double at = svg_x(c, s->goal);
  svg_bar(c, s->holds ? "bar" : "bar bad", fmin(zero, at), y + 5, fmax(fabs(at - zero), 1.5), 11,
          s->name);
}

static void draw_goals(const page_run *run, const side_by_side_view *v, text *out)
{
  char name[2 * WORDS_SIZE];
  double low = 0;
  double high = 0;
  figure_goal(run, name);
  svg_chart c = svg_open(out, "goals", ABOVE + ROW * v->n + 30, 0, "Goal beside other schedules",
                         "One bar a schedule; hatched: it breaks a limit.");
  for (int s = 0; s < v->n; s++) {
    low = fmin(low, v->one[s].goal);
    high = fmax(high, v->one[s].goal);
  }
  c.x.from = 14;
  svg_range(&c.x, low, high, false);
  svg_draw_x(&c, name);
  for (int s = 0; s < v->n; s++) {
    draw_goal_row(run, &c, &v->one[s], s, ABOVE + ROW * s + 4);
  }
  svg_close(&c);
}

static double share(const side_by_side_view *v, const shown_schedule *s, int k)
{
  return 100 * s->value[k] / v->allowed[k];
}

static void share_range(const side_by_side_view *v, svg_axis *axis)
{
  double low = 50;
  double high = 200;
  for (int s = 0; s < v->n; s++) {
    for (int k = 0; k < v->n_limits; k++) {
      const double at = share(v, &v->one[s], k);
      low = at > 0 ? fmin(low, at) : low;
      high = isfinite(at) ? fmax(high, at) : high;
    }
  }
  svg_range(axis, fmax(low, high * 1e-5), high, true);
}

static void name_limit(const page_run *run, int k, char name[WORDS_SIZE])
{
  if (of_patients(run)) {
    words_risk_row(run->problem, k, name);
  } else {
    words_limit(&run->problem->limits[k], name);
  }
}

static void draw_shares(const page_run *run, const side_by_side_view *v, text *out)
{
  const char *names[SHOWN_MAX];
  for (int s = 0; s < v->n; s++) {
    names[s] = v->one[s].name;
  }
  svg_chart c = svg_open(out, "shares", ABOVE + 26 + ROW * v->n_limits,
                         svg_legend_rows(names, v->n), "Limits beside other schedules",
                         "One row a limit: its value as percent of the bound, one marker a "
                         "schedule. Right of the dashed line: exceeded.");
  c.x.from = 14;
  share_range(v, &c.x);
  svg_draw_x(&c, "% of the bound");
  svg_line(&c, "limit", svg_x(&c, 100), c.y.from, svg_x(&c, 100), c.y.to);
  for (int k = 0; k < v->n_limits; k++) {
    char name[WORDS_SIZE];
    const double y = ABOVE + ROW * k + 4;
    name_limit(run, k, name);
    svg_label(&c, "tick", c.x.from + 3, y, "start", "%s", name);
    for (int s = v->n - 1; s >= 0; s--) {
      if (isfinite(v->one[s].value[k])) {
        svg_marker(&c, s, svg_x(&c, share(v, &v->one[s], k)), y + 11, v->one[s].name);
      }
    }
  }
  for (int s = 0; s < v->n; s++) {
    svg_legend(&c, s, false, names[s]);
  }
  svg_close(&c);
}

static void tabulate_goals(const page_run *run, const side_by_side_view *v, text *out)
{
  char columns[2 * WORDS_SIZE];
  snprintf(columns, sizeof columns, "schedule|#goal (%s)|#total mg|#visits|every limit holds",
           problem_measures[run->problem->goal.measure].unit);
  html_table table = html_table_open(out, "Goal and burden of the schedules", columns);
  for (int s = 0; s < v->n; s++) {
    const shown_schedule *one = &v->one[s];
    char goal_value[WORDS_SIZE];
    words_goal_value(&run->problem->goal, one->goal, goal_value);
    html_cell(&table, "%s", one->name);
    html_cell(&table, "%s", goal_value);
    html_cell_number(&table, one->total_mg);
    html_cell_number(&table, one->visits);
    html_cell(&table, "%s", one->holds ? "yes" : "no");
  }
  html_table_close(&table);
}

static char *name_columns(const page_run *run)
{
  text columns = {0};
  text_append(&columns, "schedule");
  for (int k = 0; k < run->problem->n_limits; k++) {
    char name[WORDS_SIZE];
    if (of_patients(run)) {
      words_risk_row(run->problem, k, name);
    } else {
      words_limit_unit(&run->problem->limits[k], name);
    }
    text_append(&columns, "|#%s", name);
  }
  return text_take(&columns);
}

static void tabulate_limits(const page_run *run, const side_by_side_view *v, text *out)
{
  char *columns = name_columns(run);
  if (columns == NULL) {
    out->failed = true;
    return;
  }
  html_table table = html_table_open(out, "Values of the limits under each schedule", columns);
  html_cell(&table, "at most");
  for (int k = 0; k < v->n_limits; k++) {
    html_cell_number(&table, v->allowed[k]);
  }
  for (int s = 0; s < v->n; s++) {
    html_cell(&table, "%s", v->one[s].name);
    for (int k = 0; k < v->n_limits; k++) {
      html_cell_number(&table, v->one[s].value[k]);
    }
  }
  html_table_close(&table);
  release(columns);
}

void figure_comparators(const page_run *run, text *out)
{
  const side_by_side_view v = read_view(run);
  if (v.n < 2) {
    return;
  }
  figure_open(out, "goals", "Goal beside other schedules");
  draw_goals(run, &v, out);
  figure_numbers(out);
  tabulate_goals(run, &v, out);
  figure_close(out);
  if (v.n_limits > 0) {
    figure_open(out, "shares", "Limits beside other schedules");
    draw_shares(run, &v, out);
    figure_numbers(out);
    tabulate_limits(run, &v, out);
    figure_close(out);
  }
}
