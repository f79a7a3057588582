/* What changes do to goal and limits, with intervals; and what each limit costs. */
#include "base/allocate.h"
#include "report/figure.h"
#include "report/words_risk.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { ROW = 30, ABOVE = 26, ROWS_MAX = 40, FIGURES = 12, CHANGE_WIDTH = 44 };

void figure_compared_words(const page_run *run, const char *name, char out[WORDS_SIZE])
{
  int k = 0;
  if (sscanf(name, "limit_%d_", &k) == 1 && k >= 1 && k <= run->problem->n_limits) {
    words_limit(&run->problem->limits[k - 1], out);
  } else if (strcmp(name, "goal") == 0) {
    words_measure(&run->problem->goal, out);
  } else if (strcmp(name, "response") == 0) {
    snprintf(out, WORDS_SIZE, "tumour at least halved");
  } else if (strcmp(name, "crs_grade1") == 0) {
    snprintf(out, WORDS_SIZE, "CRS of any grade");
  } else if (strcmp(name, "crs_grade2") == 0) {
    snprintf(out, WORDS_SIZE, "CRS of grade 2 or higher");
  } else {
    snprintf(out, WORDS_SIZE, "%s", name);
  }
}

const limit *figure_limit_at(const page_run *run, const char *pointer)
{
  for (int k = 0; k < run->problem->n_limits; k++) {
    if (strcmp(run->problem->limits[k].pointer, pointer) == 0) {
      return &run->problem->limits[k];
    }
  }
  return NULL;
}

/* --- differences ------------------------------------------------------------------------------ */

typedef struct change_row {
  const char *change;
  bool searched, breaks;
  double value, difference, low, high; /* shares in percent and percentage points */
} change_row;

/* One compared quantity under all changes. */
typedef struct change_view {
  const char *name, *unit;
  double base;
  int n;
  bool more;
  change_row row[ROWS_MAX];
} change_view;

/* The quantity `f` of one change; NULL: it has none. */
static const cJSON *quantity(const cJSON *outcome, int f)
{
  return cJSON_GetArrayItem(page_member(outcome, "figures"), f);
}

static void add_row(change_view *v, const cJSON *outcome, const cJSON *of, double scale)
{
  const double difference = scale * page_number(of, "difference");
  if (!isfinite(difference)) {
    return;
  }
  v->more = v->more || v->n == ROWS_MAX;
  if (v->n < ROWS_MAX) {
    v->row[v->n++] = (change_row){.change = page_string(outcome, "change"),
                                  .searched = page_true(outcome, "searched"),
                                  .breaks = cJSON_IsFalse(page_member(of, "holds")),
                                  .value = scale * page_number(of, "value"),
                                  .difference = difference,
                                  .low = scale * page_number(of, "difference_low"),
                                  .high = scale * page_number(of, "difference_high")};
  }
}

/* The first of the changes is none at all. */
static void read_view(const cJSON *changes, int f, change_view *v)
{
  const cJSON *first = quantity(cJSON_GetArrayItem(changes, 0), f);
  const bool share = strcmp(page_string(first, "unit"), "fraction") == 0;
  const double scale = share ? 100 : 1;
  const cJSON *outcome;
  bool base = true;
  *v = (change_view){.name = page_string(first, "figure"),
                     .unit = share ? "% of patients" : page_string(first, "unit"),
                     .base = scale * page_number(first, "value")};
  cJSON_ArrayForEach(outcome, changes)
  {
    if (!base) {
      add_row(v, outcome, quantity(outcome, f), scale);
    }
    base = false;
  }
}

static bool anything_moves(const change_view *v)
{
  for (int i = 0; i < v->n; i++) {
    if (v->row[i].difference != 0) {
      return true;
    }
  }
  return false;
}

/* Of one patient there is no interval. */
static void hint_of(const change_row *r, const char *name, char hint[3 * WORDS_SIZE])
{
  if (isfinite(r->low) && isfinite(r->high)) {
    snprintf(hint, 3 * WORDS_SIZE, "%s: %+.3g (%.3g to %.3g)", name, r->difference, r->low,
             r->high);
  } else {
    snprintf(hint, 3 * WORDS_SIZE, "%s: %+.3g", name, r->difference);
  }
}

static void draw_change(const svg_chart *c, const change_row *r, double y)
{
  char name[WORDS_SIZE], hint[3 * WORDS_SIZE];
  words_name(r->change, CHANGE_WIDTH, name);
  hint_of(r, name, hint);
  svg_label(c, "tick", c->x.from + 3, y, "start", "%s%s", name,
            r->searched ? ", searched anew" : "");
  svg_label(c, r->breaks ? "value bad-text" : "value", c->x.to, y, "end", "%+.3g%s", r->difference,
            r->breaks ? ", limit breaks" : "");
  svg_interval(c, r->low, r->high, y + 10);
  (r->breaks ? svg_hollow_marker : svg_marker)(c, r->searched, svg_x(c, r->difference), y + 10,
                                               hint);
}

static void draw_changes(const char *id, const char *caption, const change_view *v, text *out)
{
  static const char *const legend[] = {"the regimen kept", "searched anew"};
  char name[2 * WORDS_SIZE];
  double low = 0;
  double high = 0;
  bool searched = false;
  for (int i = 0; i < v->n; i++) {
    const change_row *r = &v->row[i];
    low = fmin(low, fmin(r->difference, r->low));
    high = fmax(high, fmax(r->difference, r->high));
    searched = searched || r->searched;
  }
  svg_chart c =
      svg_open(out, id, ABOVE + ROW * v->n + 34, svg_legend_rows(legend, 1 + searched), caption,
               "One row a change: its difference to the unchanged regimen and problem, "
               "with its interval; hollow: the limit breaks.");
  c.x.from = 14;
  svg_range(&c.x, low, high, false);
  snprintf(name, sizeof name, "difference (%.40s); unchanged: %.4g", v->unit, v->base);
  svg_draw_x(&c, name);
  svg_line(&c, "axis", svg_x(&c, 0), c.y.from, svg_x(&c, 0), c.y.to);
  for (int i = 0; i < v->n; i++) {
    draw_change(&c, &v->row[i], ABOVE + ROW * i);
  }
  for (int i = 0; i <= searched; i++) {
    svg_legend(&c, i, false, legend[i]);
  }
  svg_close(&c);
}

static void tabulate_changes(const char *caption, const change_view *v, text *out)
{
  html_table t = html_table_open(out, caption, "change|#value|#difference|#from|#to|limit");
  for (int i = 0; i < v->n; i++) {
    const change_row *r = &v->row[i];
    html_cell(&t, "%s%s", r->change, r->searched ? ", searched anew" : "");
    html_cell_number(&t, r->value);
    html_cell_number(&t, r->difference);
    html_cell_number(&t, r->low);
    html_cell_number(&t, r->high);
    html_cell(&t, "%s", r->breaks ? "breaks" : "-");
  }
  html_table_close(&t);
}

static void show_changes(const page_run *run, const change_view *v, int number, text *out)
{
  char id[WORDS_SIZE], words[WORDS_SIZE];
  char caption[3 * WORDS_SIZE];
  figure_compared_words(run, v->name, words);
  snprintf(id, sizeof id, "changes-%d", number);
  snprintf(caption, sizeof caption, "%s: difference by each change (%.40s)", words, v->unit);
  figure_open(out, id, caption);
  draw_changes(id, caption, v, out);
  html_element(out, "p", "note",
               "Hollow: the limit breaks. Bars: 95 % intervals, where there are "
               "virtual patients.");
  if (v->more) {
    text_append(out, "<p class=\"note\">Further changes: whatif.csv.</p>\n");
  }
  figure_numbers(out);
  tabulate_changes(caption, v, out);
  figure_close(out);
}

void figure_whatif(const page_run *run, text *out)
{
  const cJSON *changes = page_member(page_member(run->result, "whatif"), "changes");
  const int n = cJSON_GetArraySize(page_member(cJSON_GetArrayItem(changes, 0), "figures"));
  int number = 0;
  change_view *v = allocate(sizeof *v);
  if (v == NULL) {
    out->failed = true;
    return;
  }
  for (int f = 0; f < n && number < FIGURES; f++) {
    read_view(changes, f, v);
    if (anything_moves(v)) {
      show_changes(run, v, ++number, out);
    }
  }
  release(v);
}

/* --- prices ----------------------------------------------------------------------------------- */

typedef struct price {
  char name[WORDS_SIZE];
  double by_search, by_multiplier;
} price;

static int read_prices(const page_run *run, price out[PROBLEM_LIMITS_MAX])
{
  const cJSON *entry;
  int n = 0;
  cJSON_ArrayForEach(
      entry,
      page_member(page_member(page_member(run->result, "whatif"), "shadow_prices"), "limits"))
  {
    const limit *l = figure_limit_at(run, page_string(entry, "pointer"));
    const double by_search = page_number(entry, "goal_per_percent_by_search");
    if (l != NULL && n < PROBLEM_LIMITS_MAX && isfinite(by_search)) {
      words_limit(l, out[n].name);
      out[n].by_search = by_search;
      out[n++].by_multiplier = page_number(entry, "goal_per_percent_by_multiplier");
    }
  }
  return n;
}

static void draw_price(const svg_chart *c, const price *p, double y)
{
  const double zero = svg_x(c, 0);
  const double at = svg_x(c, p->by_search);
  svg_label(c, "tick", c->x.from + 3, y, "start", "%s", p->name);
  svg_label(c, "value", c->x.to, y, "end", "%.3g", p->by_search);
  svg_bar(c, "bar", fmin(zero, at), y + 5, fmax(fabs(at - zero), 1.5), 9, p->name);
  if (isfinite(p->by_multiplier)) {
    svg_marker(c, 1, svg_x(c, p->by_multiplier), y + 9.5, p->name);
  }
}

static void draw_prices(const page_run *run, const price *p, int n, const char *caption, text *out)
{
  static const char *const legend[] = {"by multiplier"};
  char name[WORDS_SIZE];
  double low = 0;
  double high = 0;
  for (int i = 0; i < n; i++) {
    low = fmin(low, fmin(p[i].by_search, p[i].by_multiplier));
    high = fmax(high, fmax(p[i].by_search, p[i].by_multiplier));
  }
  svg_chart c = svg_open(out, "prices", ABOVE + ROW * n + 34, svg_legend_rows(legend, 1), caption,
                         "One bar a limit: what one percent more of its bound adds to the best "
                         "goal, by searching again; marker: the same from slopes at the optimum.");
  c.x.from = 14;
  svg_range(&c.x, low, high > low ? high : low + 1, false);
  snprintf(name, sizeof name, "%s per percent of the bound",
           problem_measures[run->problem->goal.measure].unit);
  svg_draw_x(&c, name);
  for (int i = 0; i < n; i++) {
    draw_price(&c, &p[i], ABOVE + ROW * i);
  }
  svg_legend(&c, 1, false, legend[0]);
  svg_close(&c);
}

void figure_prices(const page_run *run, text *out)
{
  static const char caption[] = "What one percent of each limit is worth";
  price found[PROBLEM_LIMITS_MAX];
  const int n = read_prices(run, found);
  if (n == 0) {
    return;
  }
  figure_open(out, "prices", caption);
  draw_prices(run, found, n, caption, out);
  figure_numbers(out);
  html_table t = html_table_open(out, caption, "limit|#by search|#by multiplier");
  for (int i = 0; i < n; i++) {
    html_cell(&t, "%s", found[i].name);
    html_cell_number(&t, found[i].by_search);
    html_cell_number(&t, found[i].by_multiplier);
  }
  html_table_close(&t);
  figure_close(out);
}
