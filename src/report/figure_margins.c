/* How much each limit leaves, as a share of its bound. */
#include "report/figure.h"
#include "report/words.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>

enum { ROW = 34, ABOVE = 30 };

typedef struct margin {
  char name[WORDS_SIZE], left[WORDS_SIZE];
  double percent, value;
  bool holds;
} margin;

static int read_margins(const page_run *run, margin out[PROBLEM_LIMITS_MAX])
{
  const cJSON *claim;
  int k = 0;
  cJSON_ArrayForEach(claim, page_member(run->result, "limits"))
  {
    const cJSON *worst = page_member(claim, "worst");
    if (k >= run->problem->n_limits || !isfinite(page_number(worst, "percent_of_bound_left"))) {
      break;
    }
    margin *m = &out[k];
    words_limit(&run->problem->limits[k++], m->name);
    m->percent = page_number(worst, "percent_of_bound_left");
    m->value = page_number(worst, "value");
    m->holds = page_true(claim, "holds");
    words_left(m->percent, m->left);
  }
  return k;
}

static void draw_row(const svg_chart *c, const margin *m, double y)
{
  const double zero = svg_x(c, 0);
  const double at = svg_x(c, m->percent);
  svg_label(c, "tick", c->x.from + 3, y, "start", "%s", m->name);
  svg_label(c, m->holds ? "value" : "value bad-text", c->x.to, y, "end", "%s%s", m->left,
            m->holds ? " left" : "");
  svg_bar(c, m->holds ? "bar" : "bar bad", fmin(zero, at), y + 5, fmax(fabs(at - zero), 1.5), 11,
          m->name);
}

static void draw(const margin *m, int n, text *out)
{
  svg_chart c = svg_open(out, "margins", ABOVE + ROW * n + 30, 0, "Margin of each limit",
                         "One bar a limit: what is left of its bound, in percent; to the left of "
                         "zero, hatched: exceeded.");
  double lowest = 0;
  for (int k = 0; k < n; k++) {
    lowest = fmin(lowest, fmax(m[k].percent, -100));
  }
  c.x.from = 14;
  svg_range(&c.x, lowest, 100, false);
  svg_draw_x(&c, "% of the bound left");
  for (int k = 0; k < n; k++) {
    draw_row(&c, &m[k], ABOVE + ROW * k + 4);
  }
  svg_line(&c, "axis", svg_x(&c, 0), c.y.from, svg_x(&c, 0), c.y.to);
  svg_close(&c);
}

static void tabulate(const page_run *run, const margin *m, int n, text *out)
{
  html_table table = html_table_open(out, "Limits, the largest value found, and what is left",
                                     "limit|at most|#predicted|left|holds");
  for (int k = 0; k < n; k++) {
    char bound[64];
    figure_bound(&run->problem->limits[k], bound);
    html_cell(&table, "%s", m[k].name);
    html_cell(&table, "%s", bound);
    html_cell_number(&table, m[k].value);
    html_cell(&table, "%s", m[k].left);
    html_cell(&table, "%s", m[k].holds ? "yes" : "no");
  }
  html_table_close(&table);
}

void figure_margins(const page_run *run, text *out)
{
  margin found[PROBLEM_LIMITS_MAX];
  const int n = read_margins(run, found);
  if (n == 0) {
    return;
  }
  char caption[WORDS_SIZE];
  snprintf(caption, sizeof caption, "Margin of each limit%s", figure_whose(run));
  figure_open(out, "margins", caption);
  draw(found, n, out);
  figure_numbers(out);
  tabulate(run, found, n, out);
  figure_close(out);
}
