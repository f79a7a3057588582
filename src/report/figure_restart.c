/* Rules after a missed dose: up to which gap each of them is enough, and what the risk becomes. */
#include "report/figure.h"
#include "report/words.h"
#include "study/restart.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
  ROW = 52,
  ABOVE = 26,
  ROWS_MAX = 24,
  BOX = 14,
  LEAST_FOR_MARK = 11,
  LEAST_BETWEEN_NUMBERS = 20,
  CURVES_MAX = 6, /* charts of single doses */
  GAPS_MAX = 256
};

/* Colour and marker of each rule, the same in all charts. */
static const int rule_style[RESTART_RULE_COUNT] = {
    [RULE_CONTINUE] = 2, [RULE_REPEAT] = 0, [RULE_STEP_BACK] = 4, [RULE_RESTART] = 3};

static const char *const rule_fill[RESTART_RULE_COUNT] = {[RULE_CONTINUE] = "band f2",
                                                          [RULE_REPEAT] = "band f0",
                                                          [RULE_STEP_BACK] = "band f4",
                                                          [RULE_RESTART] = "band f3"};

static const char *const rule_words[RESTART_RULE_COUNT] = {[RULE_CONTINUE] = "continue",
                                                           [RULE_REPEAT] = "repeat",
                                                           [RULE_STEP_BACK] = "step back",
                                                           [RULE_RESTART] = "restart"};

/* Two ways to judge: by risk, and by the drug that is left. */
static const struct {
  const char *id, *key, *caption;
} criteria[] = {
    {"restart-risk", "until_days_by_risk", "What to do after a gap, by risk"},
    {"restart-drug", "until_days_by_drug_left", "What to do after a gap, by drug left"},
};

/* --- windows ---------------------------------------------------------------------------------- */

typedef struct gap_window {
  int dose;
  double day, amount, planned;
  double until[RESTART_RULE_COUNT]; /* NAN: there is no such gap */
} gap_window;

typedef struct gap_view {
  int n;
  double longest; /* gap that was looked at */
  gap_window at[ROWS_MAX];
} gap_view;

static const cJSON *restart_of(const page_run *run) { return page_member(run->result, "restart"); }

static void read_windows(const page_run *run, const char *key, gap_view *v)
{
  const cJSON *entry;
  *v = (gap_view){.longest = page_number(restart_of(run), "gap_days_max")};
  cJSON_ArrayForEach(entry, page_member(restart_of(run), "windows"))
  {
    if (v->n < ROWS_MAX && isfinite(page_number(entry, "last_dose"))) {
      gap_window *w = &v->at[v->n++];
      w->dose = (int)page_number(entry, "last_dose");
      w->day = page_number(entry, "day");
      w->amount = page_number(entry, "amount");
      w->planned = page_number(entry, "planned_days");
      for (int r = 0; r < RESTART_RULE_COUNT; r++) {
        w->until[r] = page_number(page_member(entry, key), restart_rules[r].name);
      }
    }
  }
}

static void draw_number(const svg_chart *c, double days, double y, double *last)
{
  const double x = svg_x(c, days);
  if (x - *last >= LEAST_BETWEEN_NUMBERS) {
    svg_label(c, "tick", x, y, "middle", "%g", days);
    *last = x;
  }
}

static void draw_segment(const svg_chart *c, int rule, double from, double to, double y)
{
  char hint[2 * WORDS_SIZE];
  const double x = svg_x(c, from);
  const double width = svg_x(c, to) - x;
  snprintf(hint, sizeof hint, "%s: to %g days", rule_words[rule], to);
  svg_bar(c, rule_fill[rule], x, y, width, BOX, hint);
  svg_line(c, "axis", x + width, y, x + width, y + BOX);
  if (width >= LEAST_FOR_MARK) {
    svg_marker(c, rule_style[rule], x + width / 2, y + BOX / 2.0, hint);
  }
}

static void draw_window(const svg_chart *c, const gap_view *v, const gap_window *w,
                        const char *unit, double y)
{
  double reached = w->planned;
  double last = -INFINITY;
  svg_label(c, "tick", c->x.from + 3, y, "start", "after dose %d (day %g, %.4g %s)", w->dose,
            words_day(w->day), w->amount, unit);
  svg_label(c, "tick", c->x.to, y, "end", "planned after %g days", w->planned);
  draw_number(c, reached, y + 6 + BOX + 11, &last);
  for (int r = 0; r < RESTART_RULE_COUNT; r++) {
    if (w->until[r] > reached) {
      draw_segment(c, r, reached, w->until[r], y + 6);
      reached = w->until[r];
      draw_number(c, reached, y + 6 + BOX + 11, &last);
    }
  }
  if (reached < v->longest) {
    svg_bar(c, "unsafe", svg_x(c, reached), y + 6, svg_x(c, v->longest) - svg_x(c, reached), BOX,
            "none of them");
  }
}

static void draw_windows(const gap_view *v, const char *id, const char *caption, const char *unit,
                         text *out)
{
  svg_chart c = svg_open(out, id, ABOVE + ROW * v->n + 30,
                         svg_legend_rows(rule_words, RESTART_RULE_COUNT), caption,
                         "One row a dose: from the planned interval on, the least disruptive rule "
                         "that is as safe as the uninterrupted regimen, by the days since that "
                         "dose. Hatched: none of them is.");
  c.x.from = 14;
  svg_range_days(&c.x, 0, v->longest);
  svg_draw_x(&c, "days since the last dose");
  for (int i = 0; i < v->n; i++) {
    draw_window(&c, v, &v->at[i], unit, ABOVE + ROW * i);
  }
  for (int r = 0; r < RESTART_RULE_COUNT; r++) {
    svg_legend(&c, rule_style[r], false, rule_words[r]);
  }
  svg_close(&c);
}

static void tabulate_windows(const gap_view *v, const char *caption, text *out)
{
  char words[WORDS_SIZE];
  snprintf(words, sizeof words, "%s: days", caption);
  html_table t = html_table_open(
      out, words, "after dose|#on day|#planned|#continue to|#repeat to|#step back to|#restart to");
  for (int i = 0; i < v->n; i++) {
    html_cell(&t, "%d", v->at[i].dose);
    html_cell_number(&t, words_day(v->at[i].day));
    html_cell_number(&t, v->at[i].planned);
    for (int r = 0; r < RESTART_RULE_COUNT; r++) {
      html_cell_number(&t, v->at[i].until[r]);
    }
  }
  html_table_close(&t);
}

static void show_windows(const page_run *run, int criterion, text *out)
{
  gap_view v;
  const char *caption = criteria[criterion].caption;
  read_windows(run, criteria[criterion].key, &v);
  if (v.n == 0 || !(v.longest > 0)) {
    return;
  }
  figure_open(out, criteria[criterion].id, caption);
  draw_windows(&v, criteria[criterion].id, caption, route_unit(run->problem->regimen.route), out);
  html_element(out, "p", "note",
               "Numbers: days up to which the rule is enough, and after every shorter gap too. "
               "Hatched: none of them is as safe.");
  figure_numbers(out);
  tabulate_windows(&v, caption, out);
  figure_close(out);
}

/* --- risk by gap ------------------------------------------------------------------------------ */

typedef struct gap_curves {
  long n[RESTART_RULE_COUNT];
  double days[RESTART_RULE_COUNT][GAPS_MAX], risk[RESTART_RULE_COUNT][GAPS_MAX];
  double planned, highest;
} gap_curves;

static int rule_called(const char *name)
{
  for (int r = 0; r < RESTART_RULE_COUNT; r++) {
    if (strcmp(restart_rules[r].name, name) == 0) {
      return r;
    }
  }
  return -1;
}

/* Of the measure that judges; shares in percent. */
typedef struct gap_columns {
  int dose, days, rule, largest, planned;
  double scale;
} gap_columns;

static gap_columns find_columns(const page_run *run, const char *judged_by)
{
  char largest[2 * WORDS_SIZE], planned[2 * WORDS_SIZE];
  const csv_table *t = &run->restart;
  snprintf(largest, sizeof largest, "%.90s_largest", judged_by);
  snprintf(planned, sizeof planned, "%.90s_planned", judged_by);
  return (gap_columns){.dose = csv_table_column(t, "last_dose"),
                       .days = csv_table_column(t, "gap_days"),
                       .rule = csv_table_column(t, "rule"),
                       .largest = csv_table_column(t, largest),
                       .planned = csv_table_column(t, planned),
                       .scale = strstr(judged_by, "probability") != NULL ? 100 : 1};
}

static void read_curves(const page_run *run, const gap_columns *at, int number, gap_curves *v)
{
  const csv_table *t = &run->restart;
  *v = (gap_curves){.planned = NAN};
  for (long row = 0; row < t->n_rows; row++) {
    const int r = rule_called(csv_table_cell(t, row, at->rule));
    const double risk = at->scale * csv_table_number(t, row, at->largest);
    if (r >= 0 && (int)csv_table_number(t, row, at->dose) == number && isfinite(risk) &&
        v->n[r] < GAPS_MAX) {
      v->days[r][v->n[r]] = csv_table_number(t, row, at->days);
      v->risk[r][v->n[r]++] = risk;
      v->planned = fmax(v->planned, at->scale * csv_table_number(t, row, at->planned));
      v->highest = fmax(v->highest, fmax(risk, v->planned));
    }
  }
}

static void draw_curves(const gap_curves *v, const char *id, const char *caption, const char *name,
                        text *out)
{
  svg_chart c = svg_open(out, id, 240, svg_legend_rows(rule_words, RESTART_RULE_COUNT), caption,
                         "One curve a rule: the largest risk after any dose from the resumed one "
                         "on, by the days since the last dose. Dashed: the uninterrupted regimen.");
  svg_range_days(&c.x, 0, v->days[0][v->n[0] - 1]);
  svg_range(&c.y, 0, v->highest, false);
  svg_draw_y(&c, name);
  svg_draw_x(&c, "days since the last dose");
  svg_limit(&c, c.x.from, c.x.to, svg_y(&c, v->planned), "uninterrupted");
  for (int r = RESTART_RULE_COUNT - 1; r >= 0; r--) {
    svg_curve(&c, rule_style[r], v->days[r], v->risk[r], v->n[r]);
  }
  for (int r = 0; r < RESTART_RULE_COUNT; r++) {
    svg_legend(&c, rule_style[r], true, rule_words[r]);
  }
  svg_close(&c);
}

static void tabulate_curves(const gap_curves *v, const char *caption, text *out)
{
  html_table t = html_table_open(out, caption,
                                 "days since the last dose|#continue|#repeat|#step back|#restart");
  for (long i = 0; i < v->n[0]; i++) {
    html_cell(&t, "%g", v->days[0][i]);
    for (int r = 0; r < RESTART_RULE_COUNT; r++) {
      html_cell_number(&t, i < v->n[r] ? v->risk[r][i] : (double)NAN);
    }
  }
  html_table_close(&t);
}

/* What the measure is called on the axis. */
static void name_measure(const char *judged_by, char name[WORDS_SIZE])
{
  if (strcmp(judged_by, "crs_probability_grade2") == 0) {
    snprintf(name, WORDS_SIZE, "CRS grade 2 or higher after a dose, %% of patients");
  } else if (strcmp(judged_by, "crs_probability_grade1") == 0) {
    snprintf(name, WORDS_SIZE, "CRS of any grade after a dose, %% of patients");
  } else if (strcmp(judged_by, "il6_peak") == 0) {
    snprintf(name, WORDS_SIZE, "IL-6 peak, 95th percentile (pg/mL)");
  } else {
    snprintf(name, WORDS_SIZE, "CRS signal, 95th percentile (pg/mL)");
  }
}

static void show_curves(const page_run *run, const gap_columns *at, const gap_window *w,
                        const char *judged_by, int number, text *out)
{
  gap_curves v;
  char id[WORDS_SIZE], caption[2 * WORDS_SIZE], name[WORDS_SIZE];
  read_curves(run, at, w->dose, &v);
  if (v.n[0] < 2 || !(v.highest > 0)) {
    return;
  }
  name_measure(judged_by, name);
  snprintf(id, sizeof id, "restart-curve-%d", number);
  snprintf(caption, sizeof caption, "Risk when resumed after a gap behind dose %d", w->dose);
  figure_open(out, id, caption);
  draw_curves(&v, id, caption, name, out);
  figure_numbers(out);
  tabulate_curves(&v, caption, out);
  figure_close(out);
}

void figure_restart(const page_run *run, text *out)
{
  const char *judged_by = page_string(restart_of(run), "judged_by");
  gap_view v;
  if (restart_of(run) == NULL) {
    return;
  }
  for (int i = 0; i < (int)(sizeof criteria / sizeof criteria[0]); i++) {
    show_windows(run, i, out);
  }
  const gap_columns at = find_columns(run, judged_by);
  read_windows(run, criteria[0].key, &v);
  for (int i = 0; i < v.n && i < CURVES_MAX; i++) {
    show_curves(run, &at, &v.at[i], judged_by, i + 1, out);
  }
}
