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

enum {
  ROW = 30,
  ROW_OF_TWO = 40,
  ABOVE = 24,
  BARS = 12,
  FIGURES = 12,
  PAIRS = 20,
  ROWS_MAX = 128,
  NAME_SIZE = 128,
  STYLE_SECOND = 1
};

typedef struct estimate {
  double value, low, high; /* NAN: there is none */
} estimate;

typedef struct bar {
  const char *factor;
  estimate shown, second;
} bar;

/* One output of sensitivity.csv. */
typedef struct bars {
  const char *output, *unit;
  int n;
  bar at[ROWS_MAX]; /* the largest first */
} bars;

/* What the numbers are, by the name of the index; a second index is a marker below the bar. */
static const struct {
  const char *index, *axis, *meaning, *second, *second_words;
} indices[] = {
    {"total", "share of the variance",
     "Bar: total index, the share of the output's variance over the ranges of all inputs that "
     "would be gone without this one, its interactions included. Marker: first-order index, this "
     "one alone.",
     "first", "first order: this one alone"},
    {"mu_star", "mean absolute effect of the whole range",
     "Bar: mean absolute change of the output when the input goes through its whole range. "
     "Marker: standard deviation of these changes, which interactions and bends make.",
     "sigma", "spread of the effects"},
    {"swing", "linear change over the range",
     "Derivative at the problem's own values, times the length of the input's range.", NULL, NULL},
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
  const double difference = fabs(y->shown.value) - fabs(x->shown.value);
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

static estimate read_estimate(const csv_table *t, long row)
{
  return (estimate){csv_table_number(t, row, csv_table_column(t, "value")),
                    csv_table_number(t, row, csv_table_column(t, "low")),
                    csv_table_number(t, row, csv_table_column(t, "high"))};
}

static void read_bars(const page_run *run, const cJSON *output, const char *index, bars *b)
{
  const csv_table *t = &run->sensitivity;
  const double samples = page_number(page_member(run->result, "sensitivity"), "samples");
  *b = (bars){.output = page_string(output, "output"), .unit = page_string(output, "unit")};
  for (long row = 0; row < t->n_rows && b->n < ROWS_MAX; row++) {
    const estimate found = read_estimate(t, row);
    if (isfinite(found.value) && is_of(t, row, b->output, index, samples)) {
      b->at[b->n++] =
          (bar){csv_table_cell(t, row, csv_table_column(t, "factor")), found, {NAN, NAN, NAN}};
    }
  }
}

static void read_second(const page_run *run, const char *index, bars *b)
{
  const csv_table *t = &run->sensitivity;
  const double samples = page_number(page_member(run->result, "sensitivity"), "samples");
  for (long row = 0; row < t->n_rows; row++) {
    const char *factor = csv_table_cell(t, row, csv_table_column(t, "factor"));
    for (int i = 0; i < b->n && is_of(t, row, b->output, index, samples); i++) {
      if (strcmp(b->at[i].factor, factor) == 0) {
        b->at[i].second = read_estimate(t, row);
      }
    }
  }
}

static void draw_bar(const svg_chart *c, const bar *b, double y)
{
  char hint[2 * NAME_SIZE];
  const double zero = svg_x(c, 0);
  const double at = svg_x(c, b->shown.value);
  snprintf(hint, sizeof hint, "%.96s: %.3g", b->factor, b->shown.value);
  svg_label(c, "tick", c->x.from + 3, y, "start", "%s", b->factor);
  svg_label(c, "value", c->x.to, y, "end", "%.3g", b->shown.value);
  svg_bar(c, "bar", fmin(zero, at), y + 4, fmax(fabs(at - zero), 1.5), 9, hint);
  svg_interval(c, b->shown.low, b->shown.high, y + 8.5);
  if (isfinite(b->second.value)) {
    snprintf(hint, sizeof hint, "%.96s: %.3g", b->factor, b->second.value);
    svg_interval(c, b->second.low, b->second.high, y + 19);
    svg_marker(c, STYLE_SECOND, svg_x(c, b->second.value), y + 19, hint);
  }
}

static void widen(const estimate *e, double *lowest, double *highest)
{
  *lowest = fmin(*lowest, fmin(e->value, e->low));
  *highest = fmax(*highest, fmax(e->value, e->high));
}

static void find_range(const bars *b, int n, svg_axis *axis)
{
  double lowest = 0;
  double highest = 0;
  for (int i = 0; i < n; i++) {
    widen(&b->at[i].shown, &lowest, &highest);
    widen(&b->at[i].second, &lowest, &highest);
  }
  svg_range(axis, lowest, highest > lowest ? highest : lowest + 1, false);
}

static void draw(const char *id, const char *caption, const bars *b, int index, text *out)
{
  const int n = b->n < BARS ? b->n : BARS;
  const char *const words = indices[index].second_words;
  const int row = words != NULL ? ROW_OF_TWO : ROW;
  svg_chart c =
      svg_open(out, id, ABOVE + row * n + 30, words != NULL ? svg_legend_rows(&words, 1) : 0,
               caption, indices[index].meaning);
  c.x.from = 14;
  find_range(b, n, &c.x);
  svg_draw_x(&c, indices[index].axis);
  for (int i = 0; i < n; i++) {
    draw_bar(&c, &b->at[i], ABOVE + row * i);
  }
  svg_line(&c, "axis", svg_x(&c, 0), c.y.from, svg_x(&c, 0), c.y.to);
  if (words != NULL) {
    svg_legend(&c, STYLE_SECOND, false, words);
  }
  svg_close(&c);
}

static void tabulate(const char *caption, const bars *b, int index, text *out)
{
  static const char one[] = "input|#index|#interval from|#interval to";
  char columns[NAME_SIZE];
  const char *second = indices[index].second;
  snprintf(columns, sizeof columns, "input|#%s|#from|#to|#%s|#from|#to", indices[index].index,
           second != NULL ? second : "");
  html_table table = html_table_open(out, caption, second != NULL ? columns : one);
  for (int i = 0; i < b->n; i++) {
    const estimate *const shown[] = {&b->at[i].shown, &b->at[i].second};
    html_cell(&table, "%s", b->at[i].factor);
    for (int k = 0; k < (second != NULL ? 2 : 1); k++) {
      html_cell_number(&table, shown[k]->value);
      html_cell_number(&table, shown[k]->low);
      html_cell_number(&table, shown[k]->high);
    }
  }
  html_table_close(&table);
}

/* --- pairs ------------------------------------------------------------------------------------ */

typedef struct pair {
  const char *one, *other;
  estimate found;
} pair;

static int larger_pair_first(const void *a, const void *b)
{
  const pair *x = a;
  const pair *y = b;
  const double difference = y->found.value - x->found.value;
  return difference > 0 ? 1 : difference < 0 ? -1 : strcmp(x->one, y->one);
}

/* Of all pairs those that stand first in the table. */
static int read_pairs(const page_run *run, const char *output, pair *out)
{
  const csv_table *t = &run->sensitivity;
  const double samples = page_number(page_member(run->result, "sensitivity"), "samples");
  int n = 0;
  for (long row = 0; row < t->n_rows; row++) {
    const estimate found = read_estimate(t, row);
    if (isfinite(found.value) && is_of(t, row, output, "second", samples)) {
      out[n++] = (pair){csv_table_cell(t, row, csv_table_column(t, "factor")),
                        csv_table_cell(t, row, csv_table_column(t, "other")), found};
    }
  }
  qsort(out, (size_t)n, sizeof *out, larger_pair_first);
  return n;
}

/* Interactions of two inputs, the largest first; nothing where none were asked for. */
static void tabulate_pairs(const page_run *run, const char *caption, const char *output, text *out)
{
  char words[SENSITIVITY_WORDS_SIZE + 2 * WORDS_SIZE];
  pair *found = allocate((size_t)run->sensitivity.n_rows * sizeof *found + 1);
  if (found == NULL) {
    out->failed = true;
    return;
  }
  const int n = read_pairs(run, output, found);
  if (n > 0) {
    snprintf(words, sizeof words, "%s: interactions of pairs, second order", caption);
    html_table t = html_table_open(out, words, "input|with|#index|#from|#to");
    for (int i = 0; i < n && i < PAIRS; i++) {
      html_cell(&t, "%s", found[i].one);
      html_cell(&t, "%s", found[i].other);
      html_cell_number(&t, found[i].found.value);
      html_cell_number(&t, found[i].found.low);
      html_cell_number(&t, found[i].found.high);
    }
    html_table_close(&t);
  }
  release(found);
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
  tabulate(caption, b, index, out);
  tabulate_pairs(run, caption, b->output, out);
  figure_close(out);
}

/* What the estimates are warned of, and runs that failed. */
static void note_flags(const page_run *run, text *out)
{
  const cJSON *study = page_member(run->result, "sensitivity");
  const cJSON *flag;
  if (study == NULL) {
    return;
  }
  text_append(out, "<div class=\"across\">\n<p class=\"note\">");
  html_format(out, "Method %s", page_string(study, "method"));
  if (page_number(study, "samples") > 0) {
    html_format(out, ", %.15g samples, %.15g runs, %.15g of them failed",
                page_number(study, "samples"), page_number(study, "runs"),
                page_number(study, "failed_runs"));
  }
  text_append(out, ".");
  cJSON_ArrayForEach(flag, page_member(study, "flags"))
  {
    html_format(out, " %s: %.15g estimates (%s).", page_string(flag, "flag"),
                page_number(flag, "estimates"), page_string(flag, "meaning"));
  }
  text_append(out, "</p>\n</div>\n");
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
      if (indices[index].second != NULL) {
        read_second(run, indices[index].second, b);
      }
      qsort(b->at, (size_t)b->n, sizeof b->at[0], larger_first);
      if (b->n > 0) {
        show(run, b, ++number, index, out);
      }
    }
  }
  release(b);
  note_flags(run, out);
}
