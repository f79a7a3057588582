/* Risk against control of several runs: one chart for each limit that at least two of them have,
 * and one of cytokine release of grade 2 or higher. */
#include "report/comparison.h"
#include "report/figure.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { FIGURES = 6, NUMBER_RIGHT = 7, NUMBER_STEP = 11, NUMBER_NEAR = 14 };

/* Where each run stands; percent where the risk is a share. */
typedef struct plane_point {
  double risk, low, high, bound, goal; /* risk NAN: it is not drawn */
  bool holds;
} plane_point;

typedef struct plane {
  char risk_words[3 * WORDS_SIZE];
  const char *unit;
  int n_drawn;
  plane_point at[COMPARED_RUNS_MAX];
} plane;

static void add_point(const comparison *c, plane *p, int i, plane_point at)
{
  p->at[i] = at;
  p->at[i].goal = c->run[i].goal;
  if (comparison_beside(c, i) && isfinite(at.risk) && isfinite(c->run[i].goal)) {
    p->n_drawn++;
  } else {
    p->at[i].risk = NAN;
  }
}

static bool is_share(const limit *l, bool patients)
{
  return l->kind == LIMIT_CRS_PROBABILITY || (patients && l->risk == RISK_PROBABILITY);
}

static void read_limit(const comparison *c, int k, plane *p)
{
  const limit *l = c->limit[k].asked;
  const bool patients = comparison_of_patients(c->run[0].run);
  const bool share = is_share(l, patients);
  const double scale = share ? 100 : 1;
  char subject[WORDS_SIZE], window[WORDS_SIZE];
  (patients ? words_risk_short : words_limit_subject)(l, subject);
  words_limit_window(l, window);
  *p = (plane){.unit = share ? "% of patients" : problem_limit_kinds[l->kind].unit};
  snprintf(p->risk_words, sizeof p->risk_words, "%s%s%s", subject, window[0] != 0 ? ", " : "",
           window);
  for (int i = 0; i < c->n; i++) {
    const compared_value *v = &c->limit[k].of[i];
    const bool known = v->asked != NULL;
    add_point(c, p, i,
              (plane_point){.risk = known ? scale * v->value : (double)NAN,
                            .low = scale * v->low,
                            .high = scale * v->high,
                            .bound = scale * v->bound,
                            .holds = v->holds});
  }
}

/* Grade 2 or higher over the course, whether or not it is limited. */
static plane_point crs_of(const page_run *run)
{
  const cJSON *entry;
  cJSON_ArrayForEach(entry, page_member(page_given_outcome(run), "crs"))
  {
    if (page_number(entry, "grade_at_least") == 2 && page_number(entry, "dose") == 0) {
      return (plane_point){.risk = 100 * page_number(entry, "share"),
                           .low = 100 * page_number(entry, "low"),
                           .high = 100 * page_number(entry, "high"),
                           .bound = NAN,
                           .holds = page_true(run->result, "every_limit_holds")};
    }
  }
  return (plane_point){.risk = NAN};
}

static void read_crs(const comparison *c, plane *p)
{
  *p = (plane){.risk_words = "CRS of grade 2 or higher, course", .unit = "% of patients"};
  for (int i = 0; i < c->n; i++) {
    add_point(c, p, i, crs_of(c->run[i].run));
  }
}

static bool limits_crs_course(const comparison *c)
{
  for (int k = 0; k < c->n_limits; k++) {
    const limit *l = c->limit[k].asked;
    if (l->kind == LIMIT_CRS_PROBABILITY && l->grade == 2 && l->window == WINDOW_COURSE &&
        l->stratum < 0) {
      return true;
    }
  }
  return false;
}

/* --- drawing ---------------------------------------------------------------------------------- */

static void find_ranges(const comparison *c, const plane *p, svg_chart *chart)
{
  double low = INFINITY, high = -INFINITY, risk = 0;
  for (int i = 0; i < c->n; i++) {
    const plane_point *at = &p->at[i];
    if (isfinite(at->risk)) {
      low = fmin(low, at->goal);
      high = fmax(high, at->goal);
      risk = fmax(risk, fmax(at->risk, fmax(at->high, at->bound)));
    }
  }
  const double room = fmax(0.1 * (high - low), 1e-3 * fabs(high));
  svg_range(&chart->x, 0, risk, false);
  svg_range(&chart->y, low - room, high + room, false);
}

/* Numbers of points that lie on each other stand below each other. */
static void draw_number(const svg_chart *chart, const plane *p, int i)
{
  const double x = svg_x(chart, p->at[i].risk);
  double y = svg_y(chart, p->at[i].goal) + 4;
  for (int other = 0; other < i; other++) {
    const bool drawn = isfinite(p->at[other].risk);
    if (drawn && fabs(svg_x(chart, p->at[other].risk) - x) < NUMBER_NEAR &&
        fabs(svg_y(chart, p->at[other].goal) + 4 - y) < NUMBER_STEP) {
      y += NUMBER_STEP;
    }
  }
  svg_label(chart, "value", x + NUMBER_RIGHT, y, "start", "%d", i + 1);
}

static void draw_point(const comparison *c, const svg_chart *chart, const plane *p, int i)
{
  const plane_point *at = &p->at[i];
  const double y = svg_y(chart, at->goal);
  char target[WORDS_SIZE], name[WORDS_SIZE], hint[3 * WORDS_SIZE];
  comparison_name(c, i, name);
  snprintf(target, sizeof target, "run-%d", i + 1);
  snprintf(hint, sizeof hint, "run %s: %.3g %s, goal %.4g%s", name, at->risk, p->unit, at->goal,
           at->holds ? "" : ", breaks the limit");
  svg_interval(chart, at->low, at->high, y);
  svg_open_link(chart, target, hint);
  (at->holds ? svg_marker : svg_hollow_marker)(chart, i, svg_x(chart, at->risk), y, hint);
  svg_close_link(chart);
  draw_number(chart, p, i);
}

static void draw_bounds(const comparison *c, const svg_chart *chart, const plane *p)
{
  double drawn = NAN;
  for (int i = 0; i < c->n; i++) {
    const plane_point *at = &p->at[i];
    if (isfinite(at->risk) && isfinite(at->bound) && at->bound != drawn) {
      drawn = at->bound;
      svg_line(chart, "limit", svg_x(chart, drawn), chart->y.from, svg_x(chart, drawn),
               chart->y.to);
    }
  }
}

static void draw(const comparison *c, const plane *p, const char *id, const char *caption,
                 text *out)
{
  char name[4 * WORDS_SIZE];
  svg_chart chart = svg_open_linked(out, id, 280, 0, caption,
                                    "One point a run, with the interval of its risk; its number "
                                    "is that of the table of runs, to which it leads. Dashed: what "
                                    "is allowed. Hollow: the limit breaks.");
  find_ranges(c, p, &chart);
  figure_goal(c->run[0].run, name);
  svg_draw_y(&chart, name);
  snprintf(name, sizeof name, "%s (%s)", p->risk_words, p->unit);
  svg_draw_x(&chart, name);
  draw_bounds(c, &chart, p);
  for (int i = 0; i < c->n; i++) {
    if (isfinite(p->at[i].risk)) {
      draw_point(c, &chart, p, i);
    }
  }
  svg_close(&chart);
}

static void tabulate(const comparison *c, const plane *p, const char *caption, text *out)
{
  html_table t =
      html_table_open(out, caption, "run|#goal|#risk|#interval from|#interval to|#at most");
  for (int i = 0; i < c->n; i++) {
    char name[WORDS_SIZE];
    if (isfinite(p->at[i].risk)) {
      comparison_name(c, i, name);
      html_cell(&t, "%s", name);
      html_cell_number(&t, p->at[i].goal);
      html_cell_number(&t, p->at[i].risk);
      html_cell_number(&t, p->at[i].low);
      html_cell_number(&t, p->at[i].high);
      html_cell_number(&t, p->at[i].bound);
    }
  }
  html_table_close(&t);
}

static void show(const comparison *c, const plane *p, int number, text *out)
{
  char id[WORDS_SIZE], caption[5 * WORDS_SIZE];
  snprintf(id, sizeof id, "plane-%d", number);
  snprintf(caption, sizeof caption, "Control against risk: %s", p->risk_words);
  figure_open(out, id, caption);
  draw(c, p, id, caption, out);
  html_element(out, "p", "note",
               "Numbers: runs. Dashed: what is allowed. Hollow: the limit breaks.");
  figure_numbers(out);
  tabulate(c, p, caption, out);
  figure_close(out);
}

void comparison_figures(const comparison *c, text *out)
{
  plane p;
  int number = 0;
  if (!limits_crs_course(c)) {
    read_crs(c, &p);
    if (p.n_drawn >= 2) {
      show(c, &p, ++number, out);
    }
  }
  for (int k = 0; k < c->n_limits && number < FIGURES; k++) {
    read_limit(c, k, &p);
    if (p.n_drawn >= 2) {
      show(c, &p, ++number, out);
    }
  }
}
