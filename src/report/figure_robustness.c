/* The robustness card as a picture: the goal of the regimen and of the approved schedule under each
 * change; hollow where a limit breaks. */
#include "report/figure.h"
#include "report/words.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>

enum { ROW = 28, ABOVE = 26, ROWS_MAX = 48, STYLE_OWN = 0, STYLE_APPROVED = 1, CHANGE_WIDTH = 44 };

typedef struct card_goal {
  double goal; /* NAN: not simulated, or there is none */
  bool holds;
} card_goal;

typedef struct card_row {
  const char *change;
  card_goal own, approved;
} card_row;

typedef struct card_view {
  const char *approved; /* "": none */
  int n;
  card_row row[ROWS_MAX];
} card_view;

static card_goal read_goal(const cJSON *figure)
{
  return (card_goal){page_number(figure, "goal"), page_true(figure, "every_limit_holds")};
}

static void read_view(const page_run *run, card_view *v)
{
  const cJSON *card = page_member(run->result, "robustness");
  const cJSON *row;
  v->approved = page_string(card, "approved");
  v->n = 0;
  cJSON_ArrayForEach(row, page_member(card, "changes"))
  {
    const card_goal own = read_goal(page_member(row, "regimen"));
    if (v->n < ROWS_MAX && isfinite(own.goal)) {
      v->row[v->n++] =
          (card_row){page_string(row, "change"), own, read_goal(page_member(row, "approved"))};
    }
  }
}

static void draw_goal(const svg_chart *c, const card_goal *at, int style, double y,
                      const char *whose)
{
  char hint[3 * WORDS_SIZE];
  if (!isfinite(at->goal)) {
    return;
  }
  snprintf(hint, sizeof hint, "%.80s: %.4g%s", whose, at->goal,
           at->holds ? "" : ", breaks a limit");
  (at->holds ? svg_marker : svg_hollow_marker)(c, style, svg_x(c, at->goal), y, hint);
}

static void draw_row(const svg_chart *c, const card_view *v, const card_row *row, double y)
{
  char name[WORDS_SIZE];
  words_name(row->change, CHANGE_WIDTH, name);
  svg_label(c, "tick", c->x.from + 3, y, "start", "%s", name);
  svg_label(c, row->own.holds ? "value" : "value bad-text", c->x.to, y, "end", "%.3g%s",
            row->own.goal, row->own.holds ? "" : ", breaks a limit");
  svg_line(c, "grid", c->x.from, y + 10, c->x.to, y + 10);
  draw_goal(c, &row->approved, STYLE_APPROVED, y + 10, v->approved);
  draw_goal(c, &row->own, STYLE_OWN, y + 10, "this regimen");
}

static void find_range(const card_view *v, svg_axis *axis)
{
  double low = INFINITY;
  double high = -INFINITY;
  for (int i = 0; i < v->n; i++) {
    low = fmin(low, fmin(v->row[i].own.goal, v->row[i].approved.goal));
    high = fmax(high, fmax(v->row[i].own.goal, v->row[i].approved.goal));
  }
  svg_range(axis, fmin(low, 0), high, false);
}

static void draw(const page_run *run, const card_view *v, const char *caption, text *out)
{
  char name[2 * WORDS_SIZE];
  const char *const words[] = {"this regimen", v->approved};
  const int n_words = v->approved[0] != 0 ? 2 : 1;
  svg_chart c =
      svg_open(out, "robustness", ABOVE + ROW * v->n + 34, svg_legend_rows(words, n_words), caption,
               "One row a change: the goal under it. Hollow markers: a limit breaks.");
  figure_goal(run, name);
  c.x.from = 14;
  find_range(v, &c.x);
  svg_draw_x(&c, name);
  for (int i = 0; i < v->n; i++) {
    draw_row(&c, v, &v->row[i], ABOVE + ROW * i);
  }
  for (int i = 0; i < n_words; i++) {
    svg_legend(&c, i == 0 ? STYLE_OWN : STYLE_APPROVED, false, words[i]);
  }
  svg_close(&c);
}

static void holds_cell(html_table *t, const card_goal *at)
{
  html_cell(t, "%s", !isfinite(at->goal) ? "-" : at->holds ? "yes" : "no");
}

static void tabulate(const card_view *v, const char *caption, text *out)
{
  html_table t = html_table_open(out, caption,
                                 "change|#this regimen|limits hold|#approved schedule|limits hold");
  for (int i = 0; i < v->n; i++) {
    html_cell(&t, "%s", v->row[i].change);
    html_cell_number(&t, v->row[i].own.goal);
    holds_cell(&t, &v->row[i].own);
    html_cell_number(&t, v->row[i].approved.goal);
    holds_cell(&t, &v->row[i].approved);
  }
  html_table_close(&t);
}

void figure_robustness(const page_run *run, text *out)
{
  static const char caption[] = "Goal if not all goes as planned";
  card_view v;
  read_view(run, &v);
  if (v.n == 0) {
    return;
  }
  figure_open(out, "robustness", caption);
  draw(run, &v, caption, out);
  html_element(out, "p", "note", "Filled: every limit holds. Hollow: a limit breaks.");
  figure_numbers(out);
  tabulate(&v, caption, out);
  figure_close(out);
}
