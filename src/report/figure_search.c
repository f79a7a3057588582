/* How the search went: the best feasible goal against evaluations. */
#include "base/allocate.h"
#include "report/figure.h"
#include "report/words.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { DOTS_MAX = 500, TABLE_ROWS_MAX = 24, STYLE_BEST = 0, STYLE_TRIED = 4 };

/* The best value so far as a staircase, two points a step. */
typedef struct staircase {
  long n, n_evaluations, n_feasible;
  double *at, *best;
  double low, high; /* of all feasible values */
} staircase;

static bool is_feasible(const csv_table *t, long row, int column)
{
  return strcmp(csv_table_cell(t, row, column), "TRUE") == 0;
}

static void add_point(staircase *s, double at, double best)
{
  s->at[s->n] = at;
  s->best[s->n++] = best;
}

/* Returns false where there is no memory. */
static bool climb(const csv_table *t, staircase *s)
{
  const int goal_column = csv_table_column(t, "goal");
  const int feasible = csv_table_column(t, "feasible");
  double best = NAN;
  *s = (staircase){.low = INFINITY, .high = -INFINITY, .n_evaluations = t->n_rows};
  s->at = allocate_zeroed(4 * (size_t)t->n_rows + 4, sizeof *s->at);
  if (s->at == NULL) {
    return false;
  }
  s->best = s->at + 2 * t->n_rows + 2;
  for (long row = 0; row < t->n_rows; row++) {
    const double value = csv_table_number(t, row, goal_column);
    if (!is_feasible(t, row, feasible) || !isfinite(value)) {
      continue;
    }
    s->n_feasible++;
    s->low = fmin(s->low, value);
    s->high = fmax(s->high, value);
    if (!(value <= best)) {
      if (s->n > 0) {
        add_point(s, (double)row + 1, best);
      }
      best = value;
      add_point(s, (double)row + 1, best);
    }
  }
  if (s->n > 0) {
    add_point(s, (double)t->n_rows, best);
  }
  return true;
}

static void draw_tried(const svg_chart *c, const csv_table *t, const staircase *s)
{
  const int goal_column = csv_table_column(t, "goal");
  const int feasible = csv_table_column(t, "feasible");
  const long every = s->n_feasible / DOTS_MAX + 1;
  long seen = 0;
  for (long row = 0; row < t->n_rows; row++) {
    const double value = csv_table_number(t, row, goal_column);
    if (is_feasible(t, row, feasible) && isfinite(value) && seen++ % every == 0) {
      text_append(c->out, "<circle class=\"tried\" cx=\"%.1f\" cy=\"%.1f\" r=\"1.6\"/>\n",
                  svg_x(c, (double)row + 1), svg_y(c, value));
    }
  }
}

static void draw(const page_run *run, const staircase *s, text *out)
{
  char name[WORDS_SIZE];
  const cJSON *patients = page_given_outcome(run);
  const double answer = patients != NULL
                            ? page_number(patients, "goal_value")
                            : page_number(page_member(run->result, "goal"), "verified");
  svg_chart c = svg_open(out, "search", 240, 0, "Best feasible goal against evaluations",
                         "Staircase: the best value so far that keeps every limit. Dots: feasible "
                         "candidates. Dashed: the verified answer on the grid of doses and days.");
  words_measure(&run->problem->goal, name);
  svg_range(&c.x, 1, (double)s->n_evaluations, true);
  c.x.low = 1;
  c.x.high = fmax(2, (double)s->n_evaluations);
  const double low = isfinite(answer) ? fmin(s->low, answer) : s->low;
  svg_range(&c.y, low, isfinite(answer) ? fmax(s->high, answer) : s->high, false);
  svg_draw_y(&c, name);
  svg_draw_x(&c, "evaluations, branch after branch");
  draw_tried(&c, &run->history, s);
  svg_curve(&c, STYLE_BEST, s->at, s->best, s->n);
  if (isfinite(answer)) {
    svg_limit(&c, c.x.from, c.x.to, svg_y(&c, answer),
              patients != NULL ? "the answer in fresh patients" : "verified answer");
  }
  svg_close(&c);
}

/* The last improvements: each second point of the staircase begins a step. */
static void tabulate(const staircase *s, text *out)
{
  html_table table =
      html_table_open(out, "Improvements of the best feasible goal", "#evaluation|#best goal");
  const long steps = s->n / 2;
  const long first = steps > TABLE_ROWS_MAX ? steps - TABLE_ROWS_MAX : 0;
  for (long i = first; i < steps; i++) {
    html_cell_number(&table, s->at[2 * i]);
    html_cell_number(&table, s->best[2 * i]);
  }
  html_table_close(&table);
}

void figure_search(const page_run *run, text *out)
{
  staircase s;
  if (run->history.n_rows == 0) {
    return;
  }
  if (!climb(&run->history, &s)) {
    out->failed = true;
  } else if (s.n > 0) {
    figure_open(out, "search", "Best feasible goal against evaluations");
    draw(run, &s, out);
    if (page_given_outcome(run) != NULL) {
      html_element(out, "p", "note",
                   "The search sees its own patients only: the goal of its best candidate is in "
                   "part chance.");
    }
    html_element(out, "p", "note",
                 "Candidates between the allowed doses count here too: the answer is the best one "
                 "that can be given, and may lie below them.");
    figure_numbers(out);
    tabulate(&s, out);
    figure_close(out);
  }
  release(s.at);
}
