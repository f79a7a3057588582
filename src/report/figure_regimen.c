/* The regimen as a timeline: doses as bars, premedication above; beside other schedules as lanes.
 */
#include "base/allocate.h"
#include "base/number.h"
#include "report/figure.h"
#include "report/words.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
  BAR_WIDTH = 7,
  LABELLED_DOSES = 14,
  NEAR = 24,
  SHOWN_MAX = 1 + PROBLEM_COMPARATORS_MAX,
  DRUGS_MAX = 3,
  NAME_WIDTH = 44
};

typedef struct timeline {
  page_doses doses;
  const cJSON *regimen; /* its doses, premedication included */
  int n_drugs;
  const char *drug[DRUGS_MAX]; /* premedication */
  double earliest, smallest, largest;
} timeline;

static void add_premedication(timeline *t)
{
  const cJSON *given;
  cJSON_ArrayForEach(given, t->regimen)
  {
    const char *drug = page_string(given, "premedication");
    bool known = drug[0] == 0;
    t->earliest = fmin(t->earliest, page_number(given, "day"));
    for (int d = 0; d < t->n_drugs; d++) {
      known = known || strcmp(drug, t->drug[d]) == 0;
    }
    if (!known && t->n_drugs < DRUGS_MAX) {
      t->drug[t->n_drugs++] = drug;
    }
  }
}

static timeline read_timeline(const page_run *run)
{
  timeline t = {.smallest = INFINITY, .largest = 0};
  t.regimen = page_member(page_member(run->result, "regimen"), "doses");
  page_doses_read(t.regimen, &t.doses);
  for (int i = 0; i < t.doses.n; i++) {
    t.smallest = fmin(t.smallest, t.doses.amount[i]);
    t.largest = fmax(t.largest, t.doses.amount[i]);
  }
  add_premedication(&t);
  return t;
}

static void draw_bars(const svg_chart *c, const page_doses *d)
{
  for (int i = 0; i < d->n; i++) {
    char hint[2 * WORDS_SIZE], amount[NUMBER_TEXT_SIZE];
    const double y = svg_y(c, d->amount[i]);
    number_format_rounded(d->amount[i], 4, amount);
    snprintf(hint, sizeof hint, "day %g: %s %.16s", words_day(d->day[i]), amount, d->unit);
    svg_bar(c, "bar", svg_x(c, d->day[i]) - BAR_WIDTH / 2.0, y, BAR_WIDTH, c->y.from - y, hint);
  }
}

/* A number that a higher bar follows closely ends above its own bar. */
static void draw_amounts(const svg_chart *c, const page_doses *d)
{
  for (int i = 0; i < d->n && d->n <= LABELLED_DOSES; i++) {
    char amount[NUMBER_TEXT_SIZE];
    const double x = svg_x(c, d->day[i]);
    const bool higher =
        i + 1 < d->n && d->amount[i + 1] > d->amount[i] && svg_x(c, d->day[i + 1]) - x < NEAR;
    number_format_rounded(d->amount[i], 4, amount);
    svg_label(c, "value", higher ? x + BAR_WIDTH / 2.0 : x, svg_y(c, d->amount[i]) - 5,
              higher ? "end" : "middle", "%s", amount);
  }
}

static void draw_premedication(const svg_chart *c, const timeline *t)
{
  const cJSON *given;
  cJSON_ArrayForEach(given, t->regimen)
  {
    for (int d = 0; d < t->n_drugs; d++) {
      char hint[2 * WORDS_SIZE];
      if (strcmp(page_string(given, "premedication"), t->drug[d]) == 0) {
        snprintf(hint, sizeof hint, "%s, day %g: %g mg", t->drug[d],
                 words_day(page_number(given, "day")), page_number(given, "amount"));
        svg_marker(c, SVG_STYLES - 1 - d, svg_x(c, page_number(given, "day")), c->y.to + 4 + 9 * d,
                   hint);
      }
    }
  }
}

static void tabulate(const timeline *t, text *out)
{
  html_table table = html_table_open(out, "Doses of the regimen, premedication included",
                                     "dose|#day|#amount|unit|#over h");
  const cJSON *given;
  cJSON_ArrayForEach(given, t->regimen)
  {
    const char *drug = page_string(given, "premedication");
    if (drug[0] != 0) {
      html_cell(&table, "%s", drug);
    } else {
      html_cell(&table, "%g", page_number(given, "dose"));
    }
    html_cell_number(&table, words_day(page_number(given, "day")));
    html_cell_number(&table, page_number(given, "amount"));
    html_cell(&table, "%s", page_string(given, "unit"));
    html_cell_number(&table, page_number(given, "infusion_h"));
  }
  html_table_close(&table);
}

static void draw(const page_run *run, const timeline *t, text *out)
{
  char name[WORDS_SIZE];
  const double horizon = run->problem->horizon_days;
  svg_chart c =
      svg_open(out, "regimen", 250, svg_legend_rows(t->drug, t->n_drugs), "Doses over time",
               "Bars: doses of this regimen by day, on a logarithmic axis. Markers: "
               "premedication. The table holds the numbers.");
  svg_range_days(&c.x, fmin(0, t->earliest) - 0.02 * horizon, horizon);
  svg_range(&c.y, t->smallest / 2, t->largest * (t->n_drugs > 0 ? 5 : 1.5), true);
  snprintf(name, sizeof name, "dose (%.40s)", t->doses.unit);
  svg_draw_y(&c, name);
  svg_draw_days(&c);
  draw_bars(&c, &t->doses);
  draw_amounts(&c, &t->doses);
  draw_premedication(&c, t);
  for (int i = 0; i < t->n_drugs; i++) {
    svg_legend(&c, SVG_STYLES - 1 - i, false, t->drug[i]);
  }
  svg_close(&c);
}

static void add_lane(lane *lanes, int *n, const char *name, const cJSON *doses)
{
  if (*n < SHOWN_MAX) {
    words_name(name, NAME_WIDTH, lanes[*n].name);
    page_doses_read(doses, &lanes[(*n)++].doses);
  }
}

static void beside_others(const page_run *run, text *out)
{
  const cJSON *beside;
  int n = 0;
  lane *lanes = allocate_zeroed(SHOWN_MAX, sizeof *lanes);
  if (lanes == NULL) {
    out->failed = true;
    return;
  }
  add_lane(lanes, &n, "this regimen", page_member(page_member(run->result, "regimen"), "doses"));
  cJSON_ArrayForEach(beside, page_member(run->result, "comparators"))
  {
    add_lane(lanes, &n, page_string(beside, "name"), page_member(beside, "doses"));
  }
  if (n > 1) {
    figure_lanes("schedules", "Beside other schedules, on one axis of days", lanes, n,
                 run->problem->horizon_days, out);
  }
  release(lanes);
}

void figure_regimen(const page_run *run, text *out)
{
  const timeline t = read_timeline(run);
  if (t.doses.n == 0 || !(t.largest > 0)) {
    return;
  }
  figure_open(out, "regimen", "Doses over time");
  draw(run, &t, out);
  figure_numbers(out);
  tabulate(&t, out);
  figure_close(out);
  beside_others(run, out);
}
