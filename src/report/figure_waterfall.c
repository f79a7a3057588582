/* Change of the tumour of every virtual patient at the end, the largest growth first. */
#include "base/allocate.h"
#include "report/figure.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Growth beyond this is drawn as this [%]; shrinkage from here on is a response. */
static const double cap = 100, response = -50, nearly_all = -99;

/* Heights that differ by less than this part of a unit of the view box look alike. */
static const double same_height = 0.05;

typedef struct waterfall {
  long n;
  double *change; /* percent, falling */
} waterfall;

static int falling(const void *a, const void *b)
{
  const double x = *(const double *)a;
  const double y = *(const double *)b;
  return (x < y) - (x > y);
}

/* The reference patient has the number 0. */
static bool read_changes(const page_run *run, waterfall *w)
{
  const csv_table *t = &run->endpoints;
  const int name = csv_table_column(t, "endpoint");
  const int patient = csv_table_column(t, "patient");
  const int value = csv_table_column(t, "value");
  *w = (waterfall){.change = allocate_zeroed((size_t)t->n_rows + 1, sizeof *w->change)};
  for (long row = 0; w->change != NULL && row < t->n_rows; row++) {
    const double change = csv_table_number(t, row, value);
    if (strcmp(csv_table_cell(t, row, name), "tumor_change_percent") == 0 && isfinite(change) &&
        csv_table_number(t, row, patient) > 0) {
      w->change[w->n++] = change;
    }
  }
  if (w->change != NULL) {
    qsort(w->change, (size_t)w->n, sizeof *w->change, falling);
  }
  return w->change != NULL;
}

/* Patients whose change is larger than `bound`: they stand first. */
static long larger_than(const waterfall *w, double bound)
{
  long n = 0;
  while (n < w->n && w->change[n] > bound) {
    n++;
  }
  return n;
}

/* --- drawing --- */

/* The bars of some neighbouring patients as one shape. */
static void draw_bars(const svg_chart *c, const waterfall *w, const char *class, long from, long to)
{
  double drawn = svg_y(c, 0);
  if (from >= to) {
    return;
  }
  text_append(c->out, "<path class=\"%s\" d=\"M%.2f %.1f", class, svg_x(c, (double)from), drawn);
  for (long i = from; i < to; i++) {
    const double y = svg_y(c, fmin(w->change[i], cap));
    if (fabs(y - drawn) >= same_height) {
      text_append(c->out, "H%.2fV%.1f", svg_x(c, (double)i), y);
      drawn = y;
    }
  }
  text_append(c->out, "H%.2fV%.1fz\"/>\n", svg_x(c, (double)to), svg_y(c, 0));
}

/* Neighbours in the order of the chart: who grew, who shrank, who responded. */
typedef struct patient_group {
  const char *words, *class;
  double words_at; /* in the view box */
  long from, to;
} patient_group;

static void name_group(const svg_chart *c, const waterfall *w, const patient_group *g)
{
  svg_bar(c, g->class, g->words_at, c->y.from + 8, 9, 9, NULL);
  svg_label(c, "tick", g->words_at + 13, c->y.from + 16, "start", "%s: %.1f %%", g->words,
            100.0 * (double)(g->to - g->from) / (double)w->n);
}

static void draw(const waterfall *w, const char *caption, text *out)
{
  const long grown = larger_than(w, 0);
  const long no_response = larger_than(w, response);
  const patient_group groups[] = {{"larger", "bar bad", 50, 0, grown},
                                  {"smaller", "fall f5", 150, grown, no_response},
                                  {"at least halved", "fall f2", 256, no_response, w->n}};
  svg_chart c = svg_open(out, "waterfall", 240, 0, caption,
                         "One bar a patient, the largest growth to the left; growth beyond 100 % "
                         "is cut there. Hatched: the tumour is larger than at the start.");
  svg_range_days(&c.x, 0, (double)w->n);
  svg_range(&c.y, -100, cap, false);
  svg_draw_y(&c, "change, %");
  for (int i = 0; i < 3; i++) {
    draw_bars(&c, w, groups[i].class, groups[i].from, groups[i].to);
    name_group(&c, w, &groups[i]);
  }
  svg_line(&c, "axis", c.x.from, svg_y(&c, 0), c.x.to, svg_y(&c, 0));
  svg_line(&c, "stem", c.x.from, svg_y(&c, response), c.x.to, svg_y(&c, response));
  svg_label(&c, "name", c.x.to, c.y.from + 30, "end", "%ld patients", w->n);
  svg_close(&c);
}

static void share_row(html_table *t, const waterfall *w, const char *words, long count)
{
  html_cell(t, "%s", words);
  html_cell(t, "%ld", count);
  html_cell_number(t, 100.0 * (double)count / (double)w->n);
}

static void tabulate(const waterfall *w, const char *caption, text *out)
{
  html_table t = html_table_open(out, caption, "tumour at the end|#patients|#% of them");
  share_row(&t, w, "more than doubled", larger_than(w, cap));
  share_row(&t, w, "larger than at the start", larger_than(w, 0));
  share_row(&t, w, "smaller, but less than halved", larger_than(w, response) - larger_than(w, 0));
  share_row(&t, w, "at least halved", w->n - larger_than(w, response));
  share_row(&t, w, "at least 99 % gone", w->n - larger_than(w, nearly_all));
  html_table_close(&t);
}

void figure_waterfall(const page_run *run, text *out)
{
  static const char caption[] = "Tumour change of each patient at the end";
  waterfall w = {0};
  if (page_given_outcome(run) == NULL || !problem_has_tumor(run->problem)) {
    return;
  }
  if (!read_changes(run, &w)) {
    out->failed = true;
  } else if (w.n > 0) {
    figure_open(out, "waterfall", caption);
    draw(&w, caption, out);
    figure_numbers(out);
    tabulate(&w, caption, out);
    figure_close(out);
  }
  release(w.change);
}
