/* How many virtual patients exceed each limit after each dose, with confidence intervals. */
#include "report/figure.h"
#include "report/words.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>

enum { DOSES_MAX = 256, NUMBERED = 16, CAP = 4 };

typedef struct risk {
  int n;
  double number[DOSES_MAX], share[DOSES_MAX], low[DOSES_MAX], high[DOSES_MAX]; /* percent */
} risk;

static void read_risk(const cJSON *limit_claim, risk *r)
{
  const cJSON *entry;
  *r = (risk){0};
  cJSON_ArrayForEach(entry, page_member(limit_claim, "exceeded_by_dose"))
  {
    const cJSON *exceeded = page_member(entry, "exceeded");
    if (r->n < DOSES_MAX && isfinite(page_number(entry, "dose")) &&
        isfinite(page_number(exceeded, "share"))) {
      r->number[r->n] = page_number(entry, "dose");
      r->share[r->n] = 100 * page_number(exceeded, "share");
      r->low[r->n] = 100 * page_number(exceeded, "low");
      r->high[r->n++] = 100 * page_number(exceeded, "high");
    }
  }
}

static void draw_dose(const svg_chart *c, const risk *r, int i)
{
  char hint[2 * WORDS_SIZE];
  const double x = svg_x(c, r->number[i]);
  const double low = svg_y(c, r->low[i]);
  const double high = svg_y(c, r->high[i]);
  snprintf(hint, sizeof hint, "dose %g: %.3g %% (%.3g to %.3g %%)", r->number[i], r->share[i],
           r->low[i], r->high[i]);
  svg_line(c, "axis", x, low, x, high);
  svg_line(c, "axis", x - CAP, low, x + CAP, low);
  svg_line(c, "axis", x - CAP, high, x + CAP, high);
  svg_marker(c, 0, x, svg_y(c, r->share[i]), hint);
  if (r->n <= NUMBERED || i % 4 == 0) {
    svg_label(c, "tick", x, c->y.from + 14, "middle", "%g", r->number[i]);
  }
}

/* allowed: percent of the patients; NAN: nothing is told */
static void draw(const char *id, const char *caption, const risk *r, double allowed, text *out)
{
  double highest = 5;
  svg_chart c = svg_open(out, id, 230, 0, caption,
                         "One point a dose: share of the virtual patients; bars: confidence "
                         "interval from the number of patients.");
  for (int i = 0; i < r->n; i++) {
    highest = fmax(highest, r->high[i]);
  }
  highest = fmax(highest, 1.05 * allowed);
  svg_range_days(&c.x, r->number[0] - 0.5, r->number[r->n - 1] + 0.5);
  svg_range(&c.y, 0, highest, false);
  svg_draw_y(&c, "% of patients");
  svg_baseline(&c);
  svg_label(&c, "name", c.x.to, c.y.from + 27, "end", "dose");
  for (int i = 0; i < r->n; i++) {
    draw_dose(&c, r, i);
  }
  if (isfinite(allowed)) {
    svg_limit(&c, c.x.from, c.x.to, svg_y(&c, allowed), "allowed");
  }
  svg_close(&c);
}

/* What the chart counts is all patients beyond the bound. */
static double allowed_percent(const limit *l)
{
  return l->risk == RISK_PROBABILITY && l->stratum < 0 ? 100 * l->share : (double)NAN;
}

static void tabulate(const char *caption, const risk *r, text *out)
{
  html_table table =
      html_table_open(out, caption, "dose|#% of patients|#interval from|#interval to");
  for (int i = 0; i < r->n; i++) {
    html_cell(&table, "%g", r->number[i]);
    html_cell_number(&table, r->share[i]);
    html_cell_number(&table, r->low[i]);
    html_cell_number(&table, r->high[i]);
  }
  html_table_close(&table);
}

/* The only dose of a limit stands among the risks. */
static bool is_shown(const limit *l, const risk *found)
{
  return found->n > (l->risk == RISK_NONE ? 0 : 1);
}

void figure_risks(const page_run *run, text *out)
{
  const cJSON *regimens = page_member(page_member(run->result, "cohort"), "regimens");
  const cJSON *claim;
  int k = 0;
  cJSON_ArrayForEach(claim, page_member(cJSON_GetArrayItem(regimens, 0), "limits"))
  {
    char id[WORDS_SIZE];
    char name[WORDS_SIZE];
    char caption[3 * WORDS_SIZE];
    risk found;
    read_risk(claim, &found);
    if (k < run->problem->n_limits && is_shown(&run->problem->limits[k], &found)) {
      words_limit(&run->problem->limits[k], name);
      snprintf(id, sizeof id, "risk-%d", k + 1);
      snprintf(caption, sizeof caption, "Patients above the limit: %s", name);
      figure_open(out, id, caption);
      draw(id, caption, &found, allowed_percent(&run->problem->limits[k]), out);
      figure_numbers(out);
      tabulate(caption, &found, out);
      figure_close(out);
    }
    k++;
  }
}
