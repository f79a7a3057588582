/* The regimen as a timeline: doses as bars, other schedules as markers, premedication above. */
#include "base/number.h"
#include "report/figure.h"
#include "report/words.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { BAR_WIDTH = 7, LABELLED_DOSES = 14, SHOWN_MAX = 1 + PROBLEM_COMPARATORS_MAX, DRUGS_MAX = 3 };

/* Everything on the timeline: the regimen first, then the comparators. */
typedef struct timeline {
  int n_shown;
  const char *name[SHOWN_MAX];
  page_doses doses[SHOWN_MAX];
  const cJSON *regimen; /* its doses, premedication included */
  int n_drugs;
  const char *drug[DRUGS_MAX]; /* premedication */
  double earliest, smallest, largest;
} timeline;

static void add_schedule(timeline *t, const char *name, const cJSON *doses)
{
  page_doses *added = &t->doses[t->n_shown];
  page_doses_read(doses, added);
  if (t->n_shown > 0 && strcmp(added->unit, t->doses[0].unit) != 0) {
    return; /* amounts of another kind have no place on this axis */
  }
  t->name[t->n_shown++] = name;
  for (int i = 0; i < added->n; i++) {
    t->smallest = fmin(t->smallest, added->amount[i]);
    t->largest = fmax(t->largest, added->amount[i]);
  }
}

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
  const cJSON *beside;
  t.regimen = page_member(page_member(run->result, "regimen"), "doses");
  add_schedule(&t, "this regimen", t.regimen);
  cJSON_ArrayForEach(beside, page_member(run->result, "comparators"))
  {
    if (t.n_shown < SHOWN_MAX) {
      add_schedule(&t, page_string(beside, "name"), page_member(beside, "doses"));
    }
  }
  add_premedication(&t);
  return t;
}

static void hint_of(const timeline *t, int shown, int i, char hint[2 * WORDS_SIZE])
{
  char amount[NUMBER_TEXT_SIZE];
  number_format_rounded(t->doses[shown].amount[i], 4, amount);
  snprintf(hint, 2 * WORDS_SIZE, "%.48s, day %g: %s %.16s", t->name[shown],
           words_day(t->doses[shown].day[i]), amount, t->doses[shown].unit);
}

static void draw_bars(const svg_chart *c, const timeline *t)
{
  const page_doses *d = &t->doses[0];
  for (int i = 0; i < d->n; i++) {
    char hint[2 * WORDS_SIZE];
    char amount[NUMBER_TEXT_SIZE];
    const double x = svg_x(c, d->day[i]);
    const double y = svg_y(c, d->amount[i]);
    hint_of(t, 0, i, hint);
    svg_bar(c, "bar", x - BAR_WIDTH / 2.0, y, BAR_WIDTH, c->y.from - y, hint);
    number_format_rounded(d->amount[i], 4, amount);
    if (d->n <= LABELLED_DOSES) {
      svg_label(c, "value", x, y - 5, "middle", "%s", amount);
    }
  }
}

/* Beside the bars, so that equal doses do not hide each other. */
static void draw_others(const svg_chart *c, const timeline *t)
{
  for (int s = 1; s < t->n_shown; s++) {
    const page_doses *d = &t->doses[s];
    for (int i = 0; i < d->n; i++) {
      char hint[2 * WORDS_SIZE];
      hint_of(t, s, i, hint);
      svg_marker(c, s, svg_x(c, d->day[i]) + 3 + 6 * s, svg_y(c, d->amount[i]), hint);
    }
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
  const char *entry[SHOWN_MAX + DRUGS_MAX];
  char name[WORDS_SIZE];
  const double horizon = run->problem->horizon_days;
  int n = 0;
  for (int s = 1; s < t->n_shown; s++) {
    entry[n++] = t->name[s];
  }
  for (int d = 0; d < t->n_drugs; d++) {
    entry[n++] = t->drug[d];
  }
  svg_chart c = svg_open(out, "regimen", 250, svg_legend_rows(entry, n), "Doses over time",
                         "Bars: doses of this regimen by day, on a logarithmic axis. Markers: "
                         "other schedules and premedication. The table holds the numbers.");
  svg_range_days(&c.x, fmin(0, t->earliest) - 0.02 * horizon, horizon);
  svg_range(&c.y, t->smallest / 2, t->largest * (t->n_drugs > 0 ? 5 : 1.5), true);
  snprintf(name, sizeof name, "dose (%.40s)", t->doses[0].unit);
  svg_draw_y(&c, name);
  svg_draw_days(&c);
  draw_bars(&c, t);
  draw_others(&c, t);
  draw_premedication(&c, t);
  for (int i = 0; i < n; i++) {
    const bool other = i < t->n_shown - 1;
    svg_legend(&c, other ? i + 1 : SVG_STYLES - 1 - (i - t->n_shown + 1), false, entry[i]);
  }
  svg_close(&c);
}

void figure_regimen(const page_run *run, text *out)
{
  const timeline t = read_timeline(run);
  if (t.doses[0].n == 0 || !(t.largest > 0)) {
    return;
  }
  figure_open(out, "regimen", "Doses over time");
  draw(run, &t, out);
  html_element(out, "p", "note", "Bars: this regimen. Markers: what the legend names.");
  figure_numbers(out);
  tabulate(&t, out);
  figure_close(out);
}
