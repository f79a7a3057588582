/* Evidence beside the fit: one row of a drug a line, its distance from the prediction in standard
 * deviations, with the shipped values, fitted, and by a fit that has not seen the drug. */
#include "report/figure.h"
#include "report/words.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { ROW = 30, ABOVE = 26, FIGURES = 16, ID_SIZE = 32, HINT_SIZE = 192 };

static const double SIGMAS_SHOWN = 5;
static const char *const legend[] = {"fitted", "by a fit without this drug"};
enum { STYLE_FITTED, STYLE_UNSEEN };

static const char *cell(const csv_table *t, long row, const char *column)
{
  return csv_table_cell(t, row, csv_table_column(t, column));
}

static double number(const csv_table *t, long row, const char *column)
{
  return csv_table_number(t, row, csv_table_column(t, column));
}

static bool belongs(const csv_table *t, long row, const char *drug)
{
  return strcmp(cell(t, row, "drug"), drug) == 0 && strcmp(cell(t, row, "use"), "fit") == 0;
}

static int rows_of(const csv_table *t, const char *drug)
{
  int n = 0;
  for (long row = 0; row < t->n_rows; row++) {
    n += belongs(t, row, drug);
  }
  return n;
}

/* Whether a row before this one has the same drug. */
static bool seen_before(const csv_table *t, long row)
{
  for (long other = 0; other < row; other++) {
    if (belongs(t, other, cell(t, row, "drug"))) {
      return true;
    }
  }
  return false;
}

static void draw_mark(const svg_chart *c, const csv_table *t, long row, double y, int style,
                      const char *sigmas, const char *predicted)
{
  char hint[HINT_SIZE];
  const double distance = number(t, row, sigmas);
  if (isfinite(distance)) {
    snprintf(hint, sizeof hint, "%.96s: %s %.3g, observed %.3g (%+.1f)", cell(t, row, "row"),
             legend[style], number(t, row, predicted), number(t, row, "observed"), distance);
    svg_marker(c, style, svg_x(c, distance), y, hint);
  }
}

static void draw_row(const svg_chart *c, const csv_table *t, long row, double y)
{
  svg_label(c, "tick", c->x.from + 3, y, "start", "%s", cell(t, row, "row"));
  svg_label(c, "value", c->x.to, y, "end", "observed %.3g", number(t, row, "observed"));
  svg_line(c, "axis", svg_x(c, -1), y + 9, svg_x(c, 1), y + 9);
  draw_mark(c, t, row, y + 9, STYLE_UNSEEN, "left_out_sigmas", "left_out");
  draw_mark(c, t, row, y + 9, STYLE_FITTED, "fitted_sigmas", "fitted");
}

/* Whether any fit has left the drug out. */
static bool predicted_unseen(const csv_table *t, const char *drug)
{
  for (long row = 0; row < t->n_rows; row++) {
    if (belongs(t, row, drug) && isfinite(number(t, row, "left_out_sigmas"))) {
      return true;
    }
  }
  return false;
}

static void draw(const char *id, const char *caption, const csv_table *t, const char *drug,
                 text *out)
{
  const int n = rows_of(t, drug);
  const int n_legend = predicted_unseen(t, drug) ? 2 : 1;
  int i = 0;
  svg_chart c = svg_open(out, id, ABOVE + ROW * n + 30, svg_legend_rows(legend, n_legend), caption,
                         "How far each observation lies above the prediction, in standard "
                         "deviations; the line spans one to each side.");
  c.x.from = 14;
  svg_range_days(&c.x, -SIGMAS_SHOWN, SIGMAS_SHOWN);
  svg_draw_x(&c, "observed minus fitted, in standard deviations");
  for (long row = 0; row < t->n_rows; row++) {
    if (belongs(t, row, drug)) {
      draw_row(&c, t, row, ABOVE + ROW * i++);
    }
  }
  svg_line(&c, "axis", svg_x(&c, 0), c.y.from, svg_x(&c, 0), c.y.to);
  for (int s = STYLE_FITTED; s < n_legend; s++) {
    svg_legend(&c, s, false, legend[s]);
  }
  svg_close(&c);
}

static void tabulate(const char *caption, const csv_table *t, const char *drug, text *out)
{
  static const char *const numbers[] = {"observed",      "shipped",  "fitted",
                                        "fitted_sigmas", "left_out", "left_out_sigmas"};
  html_table table =
      html_table_open(out, caption, "row|#observed|#shipped|#fitted|#sigmas|#unseen|#sigmas");
  for (long row = 0; row < t->n_rows; row++) {
    if (!belongs(t, row, drug)) {
      continue;
    }
    html_cell(&table, "%s", cell(t, row, "row"));
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
      html_cell_number(&table, number(t, row, numbers[i]));
    }
  }
  html_table_close(&table);
}

void figure_calibration(const page_run *run, text *out)
{
  const csv_table *t = &run->fit;
  int shown = 0;
  for (long row = 0; row < t->n_rows && shown < FIGURES; row++) {
    const char *drug = cell(t, row, "drug");
    char id[ID_SIZE];
    if (!belongs(t, row, drug) || seen_before(t, row)) {
      continue;
    }
    snprintf(id, sizeof id, "calibration-%d", ++shown);
    figure_open(out, id, drug);
    draw(id, drug, t, drug, out);
    html_element(out, "p", "note", "The line spans one standard deviation to each side.");
    figure_numbers(out);
    tabulate(drug, t, drug, out);
    figure_close(out);
  }
}
