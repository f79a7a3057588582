/* The molecules of a Latin hypercube: in the plane of the two properties that go with the goal
 * most, coloured by the goal; those without a regimen by another shape. */
#include "base/number.h"
#include "report/figure.h"
#include "report/map_colours.h"
#include "report/words.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
  HEIGHT = 300,
  NAME_SIZE = 2 * WORDS_SIZE,
  STYLE_HOLDS = 0,
  STYLE_BLOCKED = 5,
  STYLE_UNKNOWN = 6 /* could not be simulated, or not searched yet */
};

typedef struct property {
  const cJSON *axis; /* NULL: the goal */
  int column;        /* of design_map.csv */
  char name[NAME_SIZE];
} property;

typedef struct sample_view {
  property x, y;
  long best; /* row of design_map.csv, -1: none */
  double low, high;
  int goal_column, status_column;
} sample_view;

/* --- what is shown ---------------------------------------------------------------------------- */

static property property_of(const page_run *run, const cJSON *axis)
{
  property p = {.axis = axis, .column = csv_table_column(&run->map, page_string(axis, "design"))};
  snprintf(p.name, sizeof p.name, "%.80s (%.30s)", page_string(axis, "design"),
           page_string(axis, "unit"));
  return p;
}

static property goal_property(const page_run *run)
{
  property p = {.column = csv_table_column(&run->map, "goal")};
  words_measure(&run->problem->goal, p.name);
  return p;
}

/* The axis whose rank correlation with the goal is largest, but for one; of equals the first. */
static const cJSON *most_influential(const cJSON *axes, const cJSON *but)
{
  const cJSON *axis, *found = NULL;
  double largest = -1;
  cJSON_ArrayForEach(axis, axes)
  {
    const double influence = fabs(page_number(axis, "rank_correlation"));
    const double known = isfinite(influence) ? influence : 0;
    if (axis != but && known > largest) {
      found = axis;
      largest = known;
    }
  }
  return found;
}

static bool is_status(const page_run *run, const sample_view *v, long row, const char *status)
{
  return strcmp(csv_table_cell(&run->map, row, v->status_column), status) == 0;
}

static bool holds(const page_run *run, const sample_view *v, long row)
{
  return isfinite(csv_table_number(&run->map, row, v->goal_column)) &&
         !is_status(run, v, row, "infeasible");
}

static bool read_view(const page_run *run, sample_view *v)
{
  const cJSON *map = page_member(run->result, "map");
  const cJSON *axes = page_member(map, "axes");
  const cJSON *first = most_influential(axes, NULL);
  const cJSON *second = most_influential(axes, first);
  const double best = page_number(map, "best_point");
  if (first == NULL || run->map.n_rows == 0) {
    return false;
  }
  *v = (sample_view){.low = INFINITY, .high = -INFINITY};
  v->x = property_of(run, first);
  v->y = second != NULL ? property_of(run, second) : goal_property(run);
  v->best = isfinite(best) ? (long)best - 1 : -1;
  v->goal_column = csv_table_column(&run->map, "goal");
  v->status_column = csv_table_column(&run->map, "status");
  for (long row = 0; row < run->map.n_rows; row++) {
    if (holds(run, v, row)) {
      v->low = fmin(v->low, csv_table_number(&run->map, row, v->goal_column));
      v->high = fmax(v->high, csv_table_number(&run->map, row, v->goal_column));
    }
  }
  return v->x.column >= 0 && v->y.column >= 0;
}

/* --- the chart -------------------------------------------------------------------------------- */

static void set_range(const sample_view *v, const property *p, svg_axis *axis)
{
  if (p->axis != NULL) {
    svg_range(axis, page_number(p->axis, "from"), page_number(p->axis, "to"),
              page_true(p->axis, "logarithmic"));
  } else {
    svg_range(axis, isfinite(v->low) ? v->low : 0, isfinite(v->high) ? v->high : 1, false);
  }
}

static void hint_of(const page_run *run, const sample_view *v, long row, text *hint)
{
  const cJSON *axis;
  char words[WORDS_SIZE];
  text_append(hint, "molecule %ld:", row + 1);
  cJSON_ArrayForEach(axis, page_member(page_member(run->result, "map"), "axes"))
  {
    const int column = csv_table_column(&run->map, page_string(axis, "design"));
    number_format_rounded(csv_table_number(&run->map, row, column), 3, words);
    text_append(hint, " %s %s,", page_string(axis, "design"), words);
  }
  text_append(hint, " %s", csv_table_cell(&run->map, row, v->status_column));
  if (holds(run, v, row)) {
    words_goal_value(&run->problem->goal, csv_table_number(&run->map, row, v->goal_column), words);
    text_append(hint, ", %s, doses %s", words,
                csv_table_cell(&run->map, row, csv_table_column(&run->map, "amounts")));
  }
}

static void draw_circle(const svg_chart *c, const sample_view *v, double x, double y, double value,
                        const char *hint)
{
  int rgb[3];
  map_colour(v->low, v->high, value, rgb);
  text_append(c->out,
              "<circle class=\"molecule\" cx=\"%.1f\" cy=\"%.1f\" r=\"5\" "
              "fill=\"#%02x%02x%02x\"><title>",
              x, y, (unsigned)rgb[0], (unsigned)rgb[1], (unsigned)rgb[2]);
  html_text(c->out, hint);
  text_append(c->out, "</title></circle>\n");
}

static void draw_molecule(const page_run *run, const svg_chart *c, const sample_view *v, long row)
{
  text hint = {0};
  const double x = svg_x(c, csv_table_number(&run->map, row, v->x.column));
  const double y = svg_y(c, csv_table_number(&run->map, row, v->y.column));
  hint_of(run, v, row, &hint);
  const char *said = hint.bytes != NULL ? hint.bytes : "";
  if (holds(run, v, row)) {
    draw_circle(c, v, x, y, csv_table_number(&run->map, row, v->goal_column), said);
  } else {
    const bool blocked = is_status(run, v, row, "infeasible");
    svg_marker(c, blocked ? STYLE_BLOCKED : STYLE_UNKNOWN, x, y, said);
  }
  if (row == v->best) {
    svg_label(c, "value", x, y - 7, "middle", "\xe2\x98\x85"); /* a star */
  }
  c->out->failed = c->out->failed || hint.failed;
  text_free(&hint);
}

/* Kinds of marks, and what the legend says of those that occur. */
static int kind_of(const page_run *run, const sample_view *v, long row)
{
  return holds(run, v, row) ? 0 : is_status(run, v, row, "infeasible") ? 1 : 2;
}

static int find_entries(const page_run *run, const sample_view *v, const char *words[3],
                        int style[3])
{
  static const char *const of_kind[] = {"a regimen keeps every limit", "none that was tried does",
                                        "not known"};
  static const int style_of_kind[] = {STYLE_HOLDS, STYLE_BLOCKED, STYLE_UNKNOWN};
  bool occurs[3] = {false};
  int n = 0;
  for (long row = 0; row < run->map.n_rows; row++) {
    occurs[kind_of(run, v, row)] = true;
  }
  for (int kind = 0; kind < 3; kind++) {
    if (occurs[kind]) {
      words[n] = of_kind[kind];
      style[n++] = style_of_kind[kind];
    }
  }
  return n;
}

static void draw(const page_run *run, const sample_view *v, text *out)
{
  const char *words[3];
  int style[3];
  const int n = find_entries(run, v, words, style);
  svg_chart c =
      svg_open(out, "map", HEIGHT, svg_legend_rows(words, n) + 1, "Molecules of the design",
               "One mark a molecule of a Latin hypercube: circles by the colour of the "
               "goal of its best regimen, crosses where no regimen that was tried keeps "
               "every limit. The table holds the numbers.");
  set_range(v, &v->x, &c.x);
  set_range(v, &v->y, &c.y);
  svg_draw_x(&c, v->x.name);
  svg_draw_y(&c, v->y.name);
  for (long row = 0; row < run->map.n_rows; row++) {
    draw_molecule(run, &c, v, row);
  }
  if (isfinite(v->low)) {
    map_colour_scale(&c, c.legend_y - 6, &run->problem->goal, v->low, v->high);
  }
  c.legend_y += SVG_LEGEND_ROW;
  for (int i = 0; i < n; i++) {
    svg_legend(&c, style[i], false, words[i]);
  }
  svg_close(&c);
}

/* --- what goes with it ------------------------------------------------------------------------ */

static void write_note(const page_run *run, text *out)
{
  char measured[WORDS_SIZE];
  words_measure(&run->problem->goal, measured);
  text_append(out, "<p class=\"note\">Colour: ");
  html_text(out, measured);
  text_append(out, ". \xe2\x98\x85 the best molecule. ");
  if (cJSON_GetArraySize(page_member(page_member(run->result, "map"), "axes")) > 2) {
    text_append(out, "Shown are the two properties that go with it most (rank correlation over "
                     "the molecules that have a regimen); all others differ from mark to mark.");
  }
  text_append(out, "</p>\n");
}

static void tabulate_axes(const page_run *run, text *out)
{
  const cJSON *axis;
  html_table table = html_table_open(out, "Properties and their rank correlation with the goal",
                                     "property|unit|#from|#to|#rank correlation");
  cJSON_ArrayForEach(axis, page_member(page_member(run->result, "map"), "axes"))
  {
    html_cell(&table, "%s", page_string(axis, "design"));
    html_cell(&table, "%s", page_string(axis, "unit"));
    html_cell_number(&table, page_number(axis, "from"));
    html_cell_number(&table, page_number(axis, "to"));
    html_cell_number(&table, page_number(axis, "rank_correlation"));
  }
  html_table_close(&table);
}

static void tabulate(const page_run *run, const sample_view *v, text *out)
{
  const cJSON *axes = page_member(page_member(run->result, "map"), "axes");
  const cJSON *axis;
  text columns = {0};
  cJSON_ArrayForEach(axis, axes)
  {
    const property p = property_of(run, axis);
    text_append(&columns, "#%s|", p.name);
  }
  text_append(&columns, "status|#goal|doses|exceeded most");
  html_table table = html_table_open(out, "The best regimen of each molecule",
                                     columns.bytes != NULL ? columns.bytes : "");
  for (long row = 0; row < run->map.n_rows; row++) {
    char mark[8];
    figure_blocking_mark(run, row, mark);
    cJSON_ArrayForEach(axis, axes)
    {
      const int column = csv_table_column(&run->map, page_string(axis, "design"));
      html_cell_number(&table, csv_table_number(&run->map, row, column));
    }
    html_cell(&table, "%s", csv_table_cell(&run->map, row, v->status_column));
    html_cell_number(&table, csv_table_number(&run->map, row, v->goal_column));
    html_cell(&table, "%s", csv_table_cell(&run->map, row, csv_table_column(&run->map, "amounts")));
    html_cell(&table, "%s", mark);
  }
  html_table_close(&table);
  out->failed = out->failed || columns.failed;
  text_free(&columns);
}

void figure_map_sample(const page_run *run, text *out)
{
  sample_view v;
  if (read_view(run, &v)) {
    figure_open(out, "map", "Molecules of the design");
    draw(run, &v, out);
    write_note(run, out);
    figure_numbers(out);
    tabulate_axes(run, out);
    tabulate(run, &v, out);
    figure_close(out);
  }
}
