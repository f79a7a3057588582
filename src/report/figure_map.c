/* The map of the design: the best goal at each molecule, or the limit that leaves no regimen. */
#include "base/number.h"
#include "report/figure.h"
#include "report/map_colours.h"
#include "report/words.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { SIDE_MAX = 64, SHORT_SIDE = 40, TALLEST = 34, NUMBERED_COLUMNS = 8, MARKED_COLUMNS = 16 };

typedef struct map_axis_view {
  char name[2 * WORDS_SIZE];
  int n;
  double value[SIDE_MAX];
} map_axis_view;

typedef struct map_view {
  map_axis_view x, y;
  long best; /* row of design_map.csv, -1: none */
  double low, high;
  double cell_width, cell_height;
  int goal_column, status_column;
} map_view;

static bool read_axis(const cJSON *axis, map_axis_view *out)
{
  const cJSON *value;
  snprintf(out->name, sizeof out->name, "%.80s (%.30s)", page_string(axis, "design"),
           page_string(axis, "unit"));
  cJSON_ArrayForEach(value, page_member(axis, "values"))
  {
    if (out->n >= SIDE_MAX || !cJSON_IsNumber(value)) {
      return false;
    }
    out->value[out->n++] = value->valuedouble;
  }
  return out->n > 0;
}

/* False: there is no map, or not one that this page can draw. */
static bool read_view(const page_run *run, map_view *v)
{
  const cJSON *map = page_member(run->result, "map");
  const cJSON *axes = page_member(map, "axes");
  const double best = page_number(map, "best_point");
  *v = (map_view){.low = INFINITY, .high = -INFINITY};
  if (run->map.n_rows == 0 || !read_axis(cJSON_GetArrayItem(axes, 0), &v->x)) {
    return false;
  }
  if (cJSON_GetArraySize(axes) > 1 && !read_axis(cJSON_GetArrayItem(axes, 1), &v->y)) {
    return false;
  }
  v->y.n = v->y.n > 0 ? v->y.n : 1;
  v->best = isfinite(best) ? (long)best - 1 : -1;
  v->goal_column = csv_table_column(&run->map, "goal");
  v->status_column = csv_table_column(&run->map, "status");
  for (long row = 0; row < run->map.n_rows; row++) {
    const double value = csv_table_number(&run->map, row, v->goal_column);
    v->low = isfinite(value) ? fmin(v->low, value) : v->low;
    v->high = isfinite(value) ? fmax(v->high, value) : v->high;
  }
  return run->map.n_rows == (long)v->x.n * v->y.n;
}

static bool is_status(const page_run *run, const map_view *v, long row, const char *status)
{
  return strcmp(csv_table_cell(&run->map, row, v->status_column), status) == 0;
}

void figure_blocking_mark(const page_run *run, long row, char mark[8])
{
  static const char limits[] = "/limits/";
  const int column = csv_table_column(&run->map, "blocking_limit");
  const char *pointer = csv_table_cell(&run->map, row, column);
  double k = 0;
  mark[0] = 0;
  if (strcmp(pointer, "rule") == 0) {
    snprintf(mark, 8, "R");
  } else if (strncmp(pointer, limits, sizeof limits - 1) == 0 &&
             number_parse(pointer + sizeof limits - 1, &k)) {
    snprintf(mark, 8, "L%.0f", k + 1);
  }
}

static void hint_of(const page_run *run, const map_view *v, long row, text *hint)
{
  char x[NUMBER_TEXT_SIZE];
  char y[NUMBER_TEXT_SIZE];
  char value[WORDS_SIZE];
  const double found = csv_table_number(&run->map, row, v->goal_column);
  number_format_rounded(v->x.value[row % v->x.n], 3, x);
  text_append(hint, "%s %s", v->x.name, x);
  if (v->y.name[0] != 0) {
    number_format_rounded(v->y.value[row / v->x.n], 3, y);
    text_append(hint, ", %s %s", v->y.name, y);
  }
  text_append(hint, ": %s", csv_table_cell(&run->map, row, v->status_column));
  if (isfinite(found)) {
    words_goal_value(&run->problem->goal, found, value);
    text_append(hint, ", %s, doses %s", value,
                csv_table_cell(&run->map, row, csv_table_column(&run->map, "amounts")));
  }
}

static void append_cell(const svg_chart *c, const map_view *v, double x, double y, const int rgb[3],
                        const char *hint)
{
  text_append(c->out, "<rect class=\"cell\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" ",
              x, y, v->cell_width, v->cell_height);
  if (rgb != NULL) {
    text_append(c->out, "fill=\"#%02x%02x%02x\">", (unsigned)rgb[0], (unsigned)rgb[1],
                (unsigned)rgb[2]);
  } else {
    text_append(c->out, "fill=\"url(#hatch)\">");
  }
  text_append(c->out, "<title>");
  html_text(c->out, hint);
  text_append(c->out, "</title></rect>\n");
}

static void write_in_cell(const page_run *run, const svg_chart *c, const map_view *v, long row,
                          double x, double y, const int rgb[3])
{
  char words[WORDS_SIZE] = "";
  const double value = csv_table_number(&run->map, row, v->goal_column);
  const char *class = rgb == NULL ? "blocked" : rgb[1] < 128 ? "in-dark" : "in-light";
  if (rgb == NULL && v->x.n <= MARKED_COLUMNS) {
    figure_blocking_mark(run, row, words);
  } else if (rgb != NULL && v->x.n <= NUMBERED_COLUMNS) {
    number_format_rounded(value, 3, words);
  }
  if (row == v->best) {
    char number[WORDS_SIZE];
    snprintf(number, sizeof number, "%s", words);
    snprintf(words, sizeof words, "\xe2\x98\x85 %.48s", number); /* a star */
  }
  if (words[0] != 0) {
    svg_label(c, class, x + v->cell_width / 2, y + v->cell_height / 2 + 4, "middle", "%s", words);
  }
}

static void draw_cell(const page_run *run, const svg_chart *c, const map_view *v, long row)
{
  int rgb[3];
  text hint = {0};
  const double value = csv_table_number(&run->map, row, v->goal_column);
  const bool coloured = isfinite(value) && !is_status(run, v, row, "infeasible");
  const double x = c->x.from + v->cell_width * (double)(row % v->x.n);
  const double y = c->y.from - v->cell_height * (double)(row / v->x.n + 1);
  hint_of(run, v, row, &hint);
  if (coloured) {
    map_colour(v->low, v->high, value, rgb);
  }
  append_cell(c, v, x, y, coloured ? rgb : NULL, hint.bytes != NULL ? hint.bytes : "");
  write_in_cell(run, c, v, row, x, y, coloured ? rgb : NULL);
  c->out->failed = c->out->failed || hint.failed;
  text_free(&hint);
}

static void draw_numbers(const svg_chart *c, const map_view *v)
{
  char number[NUMBER_TEXT_SIZE];
  const int every = v->x.n > 8 ? (v->x.n + 7) / 8 : 1;
  for (int i = 0; i < v->x.n; i += every) {
    number_format_rounded(v->x.value[i], 3, number);
    svg_label(c, "tick", c->x.from + v->cell_width * (i + 0.5), c->y.from + 14, "middle", "%s",
              number);
  }
  for (int i = 0; i < v->y.n && v->y.name[0] != 0; i++) {
    number_format_rounded(v->y.value[i], 3, number);
    svg_label(c, "tick", c->x.from - 5, c->y.from - v->cell_height * (i + 0.5) + 4, "end", "%s",
              number);
  }
  svg_label(c, "name", c->x.to, c->y.from + 28, "end", "%s", v->x.name);
  svg_label(c, "name", 2, 12, "start", "%s", v->y.name);
}

static void draw(const page_run *run, map_view *v, text *out)
{
  char measured[WORDS_SIZE];
  char described[4 * WORDS_SIZE];
  words_measure(&run->problem->goal, measured);
  snprintf(described, sizeof described,
           "One cell a molecule, coloured by %s of its best regimen; hatched: no regimen that "
           "was tried keeps every limit. The table holds the numbers.",
           measured);
  v->cell_width = (SVG_WIDTH - 64.0) / v->x.n;
  v->cell_height = v->y.n == 1 ? SHORT_SIDE : fmin(v->cell_width, TALLEST);
  svg_chart c =
      svg_open(out, "map", 58 + v->cell_height * v->y.n, 2, "Map of the design", described);
  if (isfinite(v->low)) {
    map_colour_scale(&c, c.y.from + 38, &run->problem->goal, v->low, v->high);
  }
  for (long row = 0; row < run->map.n_rows; row++) {
    draw_cell(run, &c, v, row);
  }
  draw_numbers(&c, v);
  svg_close(&c);
  text_append(out, "<p class=\"note\">Colour: ");
  html_text(out, measured);
  text_append(out, ". \xe2\x98\x85 the best molecule; hatched: no regimen that was tried keeps "
                   "every limit (L1: limit 1 is exceeded most, R: a rule of the regimen).</p>\n");
}

static void tabulate(const page_run *run, const map_view *v, text *out)
{
  char columns[8 * WORDS_SIZE];
  const bool two = v->y.name[0] != 0;
  snprintf(columns, sizeof columns, "#%s%s%s|status|#goal|doses|exceeded most", v->x.name,
           two ? "|#" : "", v->y.name);
  html_table table = html_table_open(out, "The best regimen of each molecule", columns);
  for (long row = 0; row < run->map.n_rows; row++) {
    char mark[8];
    figure_blocking_mark(run, row, mark);
    html_cell_number(&table, v->x.value[row % v->x.n]);
    if (two) {
      html_cell_number(&table, v->y.value[row / v->x.n]);
    }
    html_cell(&table, "%s", csv_table_cell(&run->map, row, v->status_column));
    html_cell_number(&table, csv_table_number(&run->map, row, v->goal_column));
    html_cell(&table, "%s", csv_table_cell(&run->map, row, csv_table_column(&run->map, "amounts")));
    html_cell(&table, "%s", mark);
  }
  html_table_close(&table);
}

void figure_map(const page_run *run, text *out)
{
  map_view v;
  const cJSON *map = page_member(run->result, "map");
  if (page_member(map, "latin_hypercube") != NULL) {
    figure_map_sample(run, out);
  } else if (read_view(run, &v)) {
    figure_open(out, "map", "Map of the design");
    draw(run, &v, out);
    figure_numbers(out);
    tabulate(run, &v, out);
    figure_close(out);
  }
}
