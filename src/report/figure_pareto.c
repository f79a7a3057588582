/* The front between the goals: its points, which lead to their regimens, and how it was found. */
#include "base/allocate.h"
#include "base/number.h"
#include "report/figure.h"
#include "report/words.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>

enum {
  CAP = 4,
  STYLE_FRONT = 0,
  STYLE_KNEE = 3,
  STYLE_TRACE = 0,
  TRACE_ROWS_MAX = 24,
  LISTED_MAX = 16, /* doses */
  NAME_SIZE = 96
};

/* One value of a shown point: what the search saw, or fresh patients with their interval. */
typedef struct front_value {
  double value, low, high; /* low and high NAN: no interval */
} front_value;

/* The plane of the benefit and one cost. */
typedef struct front_view {
  const cJSON *pareto, *benefit, *cost;
  int index; /* of the cost among the goals */
  int benefit_column, cost_column;
  double low[2], high[2]; /* cost, benefit */
} front_view;

static front_value value_of(const cJSON *point, int goal_index)
{
  const cJSON *value = cJSON_GetArrayItem(page_member(point, "values"), goal_index);
  const double fresh = page_number(value, "fresh");
  const double verified = page_number(value, "verified");
  if (isfinite(fresh)) {
    return (front_value){fresh, page_number(value, "low"), page_number(value, "high")};
  }
  return (front_value){isfinite(verified) ? verified : page_number(value, "searched"), NAN, NAN};
}

static void widen(front_view *v, int axis, double value)
{
  if (isfinite(value)) {
    v->low[axis] = fmin(v->low[axis], value);
    v->high[axis] = fmax(v->high[axis], value);
  }
}

static void find_range(const page_run *run, front_view *v)
{
  const cJSON *point;
  for (int axis = 0; axis < 2; axis++) {
    v->low[axis] = INFINITY;
    v->high[axis] = -INFINITY;
  }
  for (long row = 0; row < run->front.n_rows; row++) {
    widen(v, 0, csv_table_number(&run->front, row, v->cost_column));
    widen(v, 1, csv_table_number(&run->front, row, v->benefit_column));
  }
  cJSON_ArrayForEach(point, page_member(v->pareto, "shown"))
  {
    const front_value of[2] = {value_of(point, v->index), value_of(point, 0)};
    for (int axis = 0; axis < 2; axis++) {
      widen(v, axis, of[axis].value);
      widen(v, axis, of[axis].low);
      widen(v, axis, of[axis].high);
    }
  }
}

static bool open_view(const page_run *run, const cJSON *pareto, int index, front_view *v)
{
  const cJSON *goals = page_member(pareto, "goals");
  *v = (front_view){.pareto = pareto,
                    .benefit = cJSON_GetArrayItem(goals, 0),
                    .cost = cJSON_GetArrayItem(goals, index),
                    .index = index};
  if (v->cost == NULL || run->front.n_rows == 0) {
    return false;
  }
  v->benefit_column = csv_table_column(&run->front, page_string(v->benefit, "column"));
  v->cost_column = csv_table_column(&run->front, page_string(v->cost, "column"));
  find_range(run, v);
  return v->benefit_column >= 0 && v->cost_column >= 0 && v->low[0] <= v->high[0] &&
         v->low[1] <= v->high[1];
}

/* Amounts with "/" between them; the caller frees. */
static void list_doses(const cJSON *point, bool days, text *out)
{
  page_doses doses;
  page_doses_read(page_member(point, "doses"), &doses);
  for (int i = 0; i < doses.n && i < LISTED_MAX; i++) {
    char number[NUMBER_TEXT_SIZE];
    number_format_rounded(days ? words_day(doses.day[i]) : doses.amount[i], 4, number);
    text_append(out, "%s%s", i > 0 ? "/" : "", number);
  }
  text_append(out, "%s", doses.n > LISTED_MAX ? "/..." : "");
}

/* --- one chart -------------------------------------------------------------------------------- */

static bool is_chosen(const cJSON *point) { return page_true(point, "chosen"); }

static void draw_interval(const svg_chart *c, const front_value *x, const front_value *y)
{
  const double at_x = svg_x(c, x->value);
  const double at_y = svg_y(c, y->value);
  if (isfinite(y->low) && isfinite(y->high)) {
    svg_line(c, "stem", at_x, svg_y(c, y->low), at_x, svg_y(c, y->high));
  }
  if (isfinite(x->low) && isfinite(x->high)) {
    svg_line(c, "stem", svg_x(c, x->low), at_y, svg_x(c, x->high), at_y);
  }
}

static void draw_point(const svg_chart *c, const front_view *v, const cJSON *point)
{
  text hint = {0};
  char target[NAME_SIZE];
  const double number = page_number(point, "point");
  const front_value x = value_of(point, v->index);
  const front_value y = value_of(point, 0);
  snprintf(target, sizeof target, "front-%.0f", number);
  text_append(&hint, "point %.0f%s: ", number, is_chosen(point) ? " (chosen)" : "");
  list_doses(point, false, &hint);
  text_append(&hint, " on days ");
  list_doses(point, true, &hint);
  draw_interval(c, &x, &y);
  svg_open_link(c, target, hint.bytes != NULL ? hint.bytes : target);
  svg_marker(c, is_chosen(point) ? STYLE_KNEE : STYLE_FRONT, svg_x(c, x.value), svg_y(c, y.value),
             hint.bytes);
  svg_close_link(c);
  c->out->failed = c->out->failed || hint.failed;
  text_free(&hint);
}

static void draw_all(const page_run *run, const svg_chart *c, const front_view *v)
{
  for (long row = 0; row < run->front.n_rows; row++) {
    text_append(c->out, "<circle class=\"tried\" cx=\"%.1f\" cy=\"%.1f\" r=\"1.6\"/>\n",
                svg_x(c, csv_table_number(&run->front, row, v->cost_column)),
                svg_y(c, csv_table_number(&run->front, row, v->benefit_column)));
  }
}

static void draw(const page_run *run, const front_view *v, const char *id, text *out)
{
  const cJSON *point;
  char name[NAME_SIZE];
  const char *const words[] = {page_true(v->pareto, "chosen_is_knee") ? "knee" : "middle",
                               "points of the front"};
  svg_chart c = svg_open_linked(out, id, 260, svg_legend_rows(words, 2), "Front between the goals",
                                "One point a regimen of the front; larger points lead to their "
                                "regimen in the table below. Dotted bars: intervals from fresh "
                                "patients.");
  svg_range(&c.x, v->low[0], v->high[0], false);
  svg_range(&c.y, v->low[1], v->high[1], false);
  snprintf(name, sizeof name, "%.64s (%.24s)", page_string(v->benefit, "words"),
           page_string(v->benefit, "unit"));
  svg_draw_y(&c, name);
  snprintf(name, sizeof name, "cost %d: %.60s", v->index, page_string(v->cost, "words"));
  svg_draw_x(&c, name);
  draw_all(run, &c, v);
  cJSON_ArrayForEach(point, page_member(v->pareto, "shown")) { draw_point(&c, v, point); }
  svg_legend(&c, STYLE_KNEE, false, words[0]);
  svg_legend(&c, STYLE_FRONT, false, words[1]);
  svg_close(&c);
}

static void tabulate(const front_view *v, text *out)
{
  const cJSON *point;
  char caption[NAME_SIZE];
  snprintf(caption, sizeof caption, "Points of the front, and what a step to less of cost %d takes",
           v->index);
  html_table table = html_table_open(
      out, caption, "#point|#cost|#from|#to|#benefit|#from|#to|#less by|#benefit lost");
  cJSON_ArrayForEach(point, page_member(v->pareto, "shown"))
  {
    const front_value cost = value_of(point, v->index);
    const front_value benefit = value_of(point, 0);
    const cJSON *step = cJSON_GetArrayItem(page_member(point, "one_percent_less"), v->index - 1);
    html_cell_number(&table, page_number(point, "point"));
    html_cell_number(&table, cost.value);
    html_cell_number(&table, cost.low);
    html_cell_number(&table, cost.high);
    html_cell_number(&table, benefit.value);
    html_cell_number(&table, benefit.low);
    html_cell_number(&table, benefit.high);
    html_cell_number(&table, page_number(step, "saved"));
    html_cell_number(&table, page_number(step, "benefit_lost"));
  }
  html_table_close(&table);
}

static void front_figure(const page_run *run, const front_view *v, text *out)
{
  char id[NAME_SIZE];
  char caption[3 * NAME_SIZE];
  snprintf(id, sizeof id, "front-of-%d", v->index);
  snprintf(caption, sizeof caption, "%.90s against cost %d: %.160s",
           page_string(v->benefit, "words"), v->index, page_string(v->cost, "words"));
  figure_open(out, id, caption);
  draw(run, v, id, out);
  html_element(out, "p", "note",
               "Small: every regimen of the front. Large: those that lead to their regimen below. "
               "Dotted: intervals from fresh patients.");
  figure_numbers(out);
  tabulate(v, out);
  figure_close(out);
}

/* --- how it was found ------------------------------------------------------------------------- */

typedef struct front_trace {
  long n;
  double *at, *share; /* evaluations; percent of the final hypervolume */
} front_trace;

/* False: no memory. */
static bool read_trace(const cJSON *pareto, front_trace *t)
{
  const cJSON *entry;
  const double all = page_number(pareto, "hypervolume");
  const cJSON *trace = page_member(pareto, "trace");
  const size_t n = (size_t)cJSON_GetArraySize(trace);
  *t = (front_trace){.at = allocate_zeroed(2 * n + 2, sizeof *t->at)};
  if (t->at == NULL) {
    return false;
  }
  t->share = t->at + n + 1;
  cJSON_ArrayForEach(entry, trace)
  {
    t->at[t->n] = page_number(entry, "evaluations");
    t->share[t->n++] = all > 0 ? 100 * page_number(entry, "hypervolume") / all : 0;
  }
  return true;
}

static void draw_trace(const front_trace *t, text *out)
{
  svg_chart c = svg_open(out, "front-trace", 220, 0, "Hypervolume against evaluations",
                         "The share of its final volume that the front covered after so many "
                         "regimens had been simulated.");
  svg_range(&c.x, 0, t->at[t->n - 1], false);
  svg_range(&c.y, 0, 100, false);
  svg_draw_y(&c, "% of the final hypervolume");
  svg_draw_x(&c, "regimens simulated, branch after branch");
  svg_curve(&c, STYLE_TRACE, t->at, t->share, t->n);
  svg_close(&c);
}

static void tabulate_trace(const front_trace *t, text *out)
{
  html_table table = html_table_open(out, "Hypervolume of the front", "#regimens|#% of the final");
  const long every = t->n / TRACE_ROWS_MAX + 1;
  for (long i = 0; i < t->n; i += every) {
    html_cell_number(&table, t->at[i]);
    html_cell_number(&table, t->share[i]);
  }
  html_table_close(&table);
}

static void trace_figure(const cJSON *pareto, text *out)
{
  front_trace t;
  if (!read_trace(pareto, &t)) {
    out->failed = true;
  } else if (t.n > 0) {
    figure_open(out, "front-trace", "How the front grew");
    draw_trace(&t, out);
    figure_numbers(out);
    tabulate_trace(&t, out);
    figure_close(out);
  }
  release(t.at);
}

/* --- the regimens ----------------------------------------------------------------------------- */

static void regimen_row(const cJSON *point, int n_goals, html_table *table)
{
  const cJSON *parameter;
  text amounts = {0};
  text days = {0};
  list_doses(point, false, &amounts);
  list_doses(point, true, &days);
  html_name_row(table, "front-%.0f", page_number(point, "point"));
  html_cell(table, "%.0f%s", page_number(point, "point"), is_chosen(point) ? " (chosen)" : "");
  html_cell(table, "%s", amounts.bytes != NULL ? amounts.bytes : "");
  html_cell(table, "%s", days.bytes != NULL ? days.bytes : "");
  cJSON_ArrayForEach(parameter, page_member(point, "design"))
  {
    html_cell_number(table, page_number(parameter, "value"));
  }
  for (int k = 0; k < n_goals; k++) {
    html_cell_number(table, value_of(point, k).value);
  }
  const cJSON *holds = page_member(point, "holds");
  html_cell(table, "%s", holds == NULL ? "-" : cJSON_IsTrue(holds) ? "yes" : "no");
  table->out->failed = table->out->failed || amounts.failed || days.failed;
  text_free(&amounts);
  text_free(&days);
}

static void name_columns(const page_run *run, const cJSON *goals, text *columns)
{
  const cJSON *one;
  int k = 0;
  text_append(columns, "point|doses (%s)|days", route_unit(run->problem->regimen.route));
  for (int i = 0; i < run->problem->n_design; i++) {
    text_append(columns, "|#%s", run->problem->design[i].name);
  }
  cJSON_ArrayForEach(one, goals)
  {
    const char *unit = page_string(one, "unit");
    if (k == 0) {
      text_append(columns, "|#benefit (%s)", unit);
    } else {
      text_append(columns, "|#cost %d (%s)", k, unit);
    }
    k++;
  }
  text_append(columns, "|limits hold");
}

static void regimen_table(const page_run *run, const cJSON *pareto, text *out)
{
  const cJSON *goals = page_member(pareto, "goals");
  const cJSON *point;
  text columns = {0};
  name_columns(run, goals, &columns);
  if (columns.failed) {
    out->failed = true;
    text_free(&columns);
    return;
  }
  text_append(out, "<div class=\"across\">\n");
  html_table table = html_table_open(out, "Regimens of the front", columns.bytes);
  cJSON_ArrayForEach(point, page_member(pareto, "shown"))
  {
    regimen_row(point, cJSON_GetArraySize(goals), &table);
  }
  html_table_close(&table);
  text_append(out, "</div>\n");
  text_free(&columns);
}

void figure_pareto(const page_run *run, text *out)
{
  const cJSON *pareto = page_member(run->result, "pareto");
  const int n_goals = cJSON_GetArraySize(page_member(pareto, "goals"));
  front_view v;
  if (run->front.n_rows == 0 || n_goals < 2) {
    return;
  }
  for (int k = 1; k < n_goals; k++) {
    if (open_view(run, pareto, k, &v)) {
      front_figure(run, &v, out);
    }
  }
  trace_figure(pareto, out);
  regimen_table(run, pareto, out);
}
