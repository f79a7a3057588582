/* One regimen for all patients against one for each stratum: the goal with what is gained, the
 * regimens, and their risks. */
#include "base/allocate.h"
#include "report/figure.h"
#include "report/words_risk.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>

enum {
  ROW = 34,
  ABOVE = 26,
  ROWS_MAX = POPULATION_STRATA_MAX + 1,
  STYLE_OWN = 0,
  STYLE_COMMON = 1,
  NAME_WIDTH = 44
};

static const char *const legend[] = {"a regimen of its own", "the common regimen"};

typedef struct stratum_row {
  const char *name;
  double patients, common, own, gain, low, high;
  bool common_holds, own_holds; /* not told of all together */
} stratum_row;

typedef struct strata_view {
  int n;
  stratum_row row[ROWS_MAX];
} strata_view;

static void add_row(strata_view *v, const char *name, const cJSON *gain, bool common_holds,
                    bool own_holds)
{
  if (v->n < ROWS_MAX && isfinite(page_number(gain, "goal_value_common")) &&
      isfinite(page_number(gain, "goal_value_own"))) {
    v->row[v->n++] = (stratum_row){.name = name,
                                   .patients = page_number(gain, "patients"),
                                   .common = page_number(gain, "goal_value_common"),
                                   .own = page_number(gain, "goal_value_own"),
                                   .gain = page_number(gain, "gain"),
                                   .low = page_number(gain, "gain_low"),
                                   .high = page_number(gain, "gain_high"),
                                   .common_holds = common_holds,
                                   .own_holds = own_holds};
  }
}

static void read_view(const cJSON *strata, strata_view *v)
{
  const cJSON *stratum;
  v->n = 0;
  cJSON_ArrayForEach(stratum, page_member(strata, "by_stratum"))
  {
    add_row(v, page_string(stratum, "name"), stratum,
            page_true(page_member(stratum, "common"), "every_limit_holds"),
            page_true(page_member(stratum, "own"), "every_limit_holds"));
  }
  add_row(v, "all of them", page_member(strata, "overall"), true, true);
}

/* --- goal ------------------------------------------------------------------------------------- */

static void draw_mark(const svg_chart *c, int style, double reached, bool holds, double y)
{
  char hint[2 * WORDS_SIZE];
  snprintf(hint, sizeof hint, "%s: %.4g%s", legend[style], reached,
           holds ? "" : ", breaks a limit");
  (holds ? svg_marker : svg_hollow_marker)(c, style, svg_x(c, reached), y, hint);
}

static void draw_row(const svg_chart *c, const stratum_row *r, double y)
{
  char name[WORDS_SIZE];
  words_name(r->name, NAME_WIDTH, name);
  svg_label(c, "tick", c->x.from + 3, y, "start", "%s (%.0f)", name, r->patients);
  svg_label(c, "value", c->x.to, y, "end", "gain %+.2g (%+.2g to %+.2g)", r->gain, r->low, r->high);
  svg_line(c, "axis", svg_x(c, r->common), y + 12, svg_x(c, r->own), y + 12);
  draw_mark(c, STYLE_COMMON, r->common, r->common_holds, y + 12);
  draw_mark(c, STYLE_OWN, r->own, r->own_holds, y + 12);
}

static void draw(const page_run *run, const strata_view *v, const char *caption, text *out)
{
  char name[2 * WORDS_SIZE];
  double low = INFINITY;
  double high = -INFINITY;
  svg_chart c =
      svg_open(out, "strata", ABOVE + ROW * v->n + 34, svg_legend_rows(legend, 2), caption,
               "One row a stratum: the goal under its own regimen and under the common "
               "one, in the same patients; right: the difference with its interval. "
               "Hollow: a limit breaks.");
  for (int i = 0; i < v->n; i++) {
    low = fmin(low, fmin(v->row[i].common, v->row[i].own));
    high = fmax(high, fmax(v->row[i].common, v->row[i].own));
  }
  figure_goal(run, name);
  c.x.from = 14;
  svg_range(&c.x, low, high, false);
  svg_draw_x(&c, name);
  for (int i = 0; i < v->n; i++) {
    draw_row(&c, &v->row[i], ABOVE + ROW * i);
  }
  svg_legend(&c, STYLE_OWN, false, legend[STYLE_OWN]);
  svg_legend(&c, STYLE_COMMON, false, legend[STYLE_COMMON]);
  svg_close(&c);
}

static void goal_figure(const page_run *run, const strata_view *v, text *out)
{
  static const char caption[] = "Goal in each stratum";
  if (v->n == 0) {
    return;
  }
  figure_open(out, "strata", caption);
  draw(run, v, caption, out);
  html_element(out, "p", "note",
               "In brackets: patients. Filled: every limit holds in the stratum. Hollow: a limit "
               "breaks. A gain bought by a broken limit is none.");
  figure_numbers(out);
  html_table t =
      html_table_open(out, caption, "stratum|#patients|#common regimen|#its own|#gain|#from|#to");
  for (int i = 0; i < v->n; i++) {
    const stratum_row *r = &v->row[i];
    html_cell(&t, "%s", r->name);
    html_cell_number(&t, r->patients);
    html_cell_number(&t, r->common);
    html_cell_number(&t, r->own);
    html_cell_number(&t, r->gain);
    html_cell_number(&t, r->low);
    html_cell_number(&t, r->high);
  }
  html_table_close(&t);
  figure_close(out);
}

/* --- regimens and risks ----------------------------------------------------------------------- */

static void regimens_figure(const page_run *run, const cJSON *strata, text *out)
{
  const cJSON *stratum;
  int n = 0;
  lane *lanes = allocate_zeroed(ROWS_MAX, sizeof *lanes);
  if (lanes == NULL) {
    out->failed = true;
    return;
  }
  snprintf(lanes[n].name, WORDS_SIZE, "for all");
  page_doses_read(page_member(page_member(run->result, "regimen"), "doses"), &lanes[n++].doses);
  cJSON_ArrayForEach(stratum, page_member(strata, "by_stratum"))
  {
    if (n < ROWS_MAX) {
      words_name(page_string(stratum, "name"), NAME_WIDTH, lanes[n].name);
      page_doses_read(page_member(stratum, "doses"), &lanes[n++].doses);
    }
  }
  figure_lanes("strata-regimens", "Regimens of the strata", lanes, n, run->problem->horizon_days,
               out);
  release(lanes);
}

static void risk_rows(const page_run *run, const cJSON *stratum, const char *key, const char *name,
                      html_table *t)
{
  const cJSON *risk;
  cJSON_ArrayForEach(risk, page_member(page_member(stratum, key), "risks"))
  {
    const limit *l = figure_limit_at(run, page_string(risk, "pointer"));
    char words[WORDS_SIZE];
    if (l == NULL) {
      continue;
    }
    html_cell(t, "%s", page_string(stratum, "name"));
    html_cell(t, "%s", name);
    words_limit(l, words);
    html_cell(t, "%s", words);
    html_cell(t, "%.0f", page_number(risk, "dose"));
    words_risk_value(l, page_number(risk, "bound"), words);
    html_cell(t, "%s", words);
    words_risk_value(l, page_number(risk, "value"), words);
    html_cell(t, "%s", words);
    words_risk_interval(l, page_number(risk, "low"), page_number(risk, "high"), words);
    html_cell(t, "%s", words);
    html_cell(t, "%s", page_true(risk, "holds") ? "yes" : "NO");
  }
}

static void risk_table(const page_run *run, const cJSON *strata, text *out)
{
  const cJSON *stratum;
  text_append(out, "<div class=\"across\">\n");
  html_table t = html_table_open(out, "Risks in each stratum (dose 0: the course)",
                                 "stratum|regimen|limit|#dose|#allowed|#found|#interval|holds");
  cJSON_ArrayForEach(stratum, page_member(strata, "by_stratum"))
  {
    risk_rows(run, stratum, "common", "common", &t);
    risk_rows(run, stratum, "own", "its own", &t);
  }
  html_table_close(&t);
  text_append(out, "</div>\n");
}

void figure_strata(const page_run *run, text *out)
{
  const cJSON *strata = page_member(run->result, "strata");
  strata_view v;
  if (strata == NULL) {
    return;
  }
  read_view(strata, &v);
  goal_figure(run, &v, out);
  regimens_figure(run, strata, out);
  risk_table(run, strata, out);
}
