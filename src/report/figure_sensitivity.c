/* What moves each output: one bar an input, the most important first, with its interval. */
#include "base/allocate.h"
#include "report/figure.h"
#include "report/report.h"
#include "report/words.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROW = 30, ABOVE = 24, BARS = 12, FIGURES = 12, ROWS_MAX = 128, CAP = 4, NAME_SIZE = 128 };

typedef struct bar {
  const char *factor;
  double value, low, high;
} bar;

/* One output of sensitivity.csv. */
typedef struct bars {
  const char *output, *unit;
  int n;
  bar at[ROWS_MAX]; /* the largest first */
} bars;

/* What the numbers are, by the name of the index. */
static const struct {
  const char *index, *axis, *meaning;
} indices[] = {
    {"total", "total index: share of the variance",
     "Share of the output's variance over the ranges of all inputs that would be gone without "
     "this one, its interactions included."},
    {"mu_star", "mean absolute effect of the whole range",
     "Mean absolute change of the output when the input goes through its whole range."},
    {"swing", "linear change over the range",
     "Derivative at the problem's own values, times the length of the input's range."},
};

static int index_of(const page_run *run)
{
  const char *name = page_string(page_member(run->result, "sensitivity"), "ranked_by");
  for (int i = 0; i < (int)(sizeof indices / sizeof indices[0]); i++) {
    if (strcmp(indices[i].index, name) == 0) {
      return i;
    }
  }
  return -1;
}

static int larger_first(const void *a, const void *b)
{
  const bar *x = a;
  const bar *y = b;
  const double difference = fabs(y->value) - fabs(x->value);
  return difference > 0 ? 1 : difference < 0 ? -1 : strcmp(x->factor, y->factor);
}

/* Is this row an estimate of that output from all samples? */
static bool is_of(const csv_table *t, long row, const char *output, const char *index,
                  double samples)
{
  const double used = csv_table_number(t, row, csv_table_column(t, "samples"));
  return strcmp(csv_table_cell(t, row, csv_table_column(t, "output")), output) == 0 &&
         strcmp(csv_table_cell(t, row, csv_table_column(t, "measure")), index) == 0 &&
         (isnan(used) || used >= samples);
}

static void read_bars(const page_run *run, const cJSON *output, const char *index, bars *b)
{
  const csv_table *t = &run->sensitivity;
  const double samples = page_number(page_member(run->result, "sensitivity"), "samples");
  *b = (bars){.output = page_string(output, "output"), .unit = page_string(output, "unit")};
  for (long row = 0; row < t->n_rows && b->n < ROWS_MAX; row++) {
    const double value = csv_table_number(t, row, csv_table_column(t, "value"));
    if (isfinite(value) && is_of(t, row, b->output, index, samples)) {
      b->at[b->n++] = (bar){csv_table_cell(t, row, csv_table_column(t, "factor")), value,
                            csv_table_number(t, row, csv_table_column(t, "low")),
                            csv_table_number(t, row, csv_table_column(t, "high"))};
    }
  }
  qsort(b->at, (size_t)b->n, sizeof b->at[0], larger_first);
}

static void draw_bar(const svg_chart *c, const bar *b, double y)
{
  char hint[2 * NAME_SIZE];
  const double zero = svg_x(c, 0);
  const double at = svg_x(c, b->value);
  const double low = svg_x(c, b->low);
  const double high = svg_x(c, b->high);
  snprintf(hint, sizeof hint, "%.96s: %.3g", b->factor, b->value);
  svg_label(c, "tick", c->x.from + 3, y, "start", "%s", b->factor);
  svg_label(c, "value", c->x.to, y, "end", "%.3g", b->value);
  svg_bar(c, "bar", fmin(zero, at), y + 4, fmax(fabs(at - zero), 1.5), 9, hint);
  if (isfinite(b->low) && isfinite(b->high)) {
    svg_line(c, "axis", low, y + 8.5, high, y + 8.5);
    svg_line(c, "axis", low, y + 8.5 - CAP, low, y + 8.5 + CAP);
    svg_line(c, "axis", high, y + 8.5 - CAP, high, y + 8.5 + CAP);
  }
}

static void draw(const char *id, const char *caption, const bars *b, int index, text *out)
{
  const int n = b->n < BARS ? b->n : BARS;
  double lowest = 0;
  double highest = 0;
  svg_chart c = svg_open(out, id, ABOVE + ROW * n + 30, 0, caption, indices[index].meaning);
  for (int i = 0; i < n; i++) {
    lowest = fmin(lowest, fmin(b->at[i].value, isfinite(b->at[i].low) ? b->at[i].low : 0));
    highest = fmax(highest, fmax(b->at[i].value, isfinite(b->at[i].high) ? b->at[i].high : 0));
  }
  c.x.from = 14;
  svg_range(&c.x, lowest, highest > lowest ? highest : lowest + 1, false);
  svg_draw_x(&c, indices[index].axis);
  for (int i = 0; i < n; i++) {
    draw_bar(&c, &b->at[i], ABOVE + ROW * i);
  }
  svg_line(&c, "axis", svg_x(&c, 0), c.y.from, svg_x(&c, 0), c.y.to);
  svg_close(&c);
}

static void tabulate(const char *caption, const bars *b, text *out)
{
  html_table table = html_table_open(out, caption, "input|#index|#interval from|#interval to");
  for (int i = 0; i < b->n; i++) {
    html_cell(&table, "%s", b->at[i].factor);
    html_cell_number(&table, b->at[i].value);
    html_cell_number(&table, b->at[i].low);
    html_cell_number(&table, b->at[i].high);
  }
  html_table_close(&table);
}

static void show(const page_run *run, const bars *b, int number, int index, text *out)
{
  char id[WORDS_SIZE];
  char words[SENSITIVITY_WORDS_SIZE];
  char caption[SENSITIVITY_WORDS_SIZE + WORDS_SIZE];
  snprintf(id, sizeof id, "sensitivity-%d", number);
  summary_sensitivity_output(run->problem, b->output, words);
  snprintf(caption, sizeof caption, "%s (%.24s)", words, b->unit);
  figure_open(out, id, caption);
  draw(id, caption, b, index, out);
  if (b->n > BARS) {
    text_append(out, "<p class=\"note\">%d further inputs: see the numbers.</p>\n", b->n - BARS);
  }
  figure_numbers(out);
  tabulate(caption, b, out);
  figure_close(out);
}

void figure_sensitivity(const page_run *run, text *out)
{
  const int index = index_of(run);
  const cJSON *output;
  int number = 0;
  bars *b = allocate(sizeof *b);
  if (b == NULL) {
    out->failed = true;
    return;
  }
  cJSON_ArrayForEach(output, page_member(page_member(run->result, "sensitivity"), "outputs"))
  {
    if (index >= 0 && number < FIGURES) {
      read_bars(run, output, indices[index].index, b);
      if (b->n > 0) {
        show(run, b, ++number, index, out);
      }
    }
  }
  release(b);
}
