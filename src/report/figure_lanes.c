/* Schedules as lanes below each other on one axis of days, so that they can be compared by eye. */
#include "base/number.h"
#include "report/figure.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { LANE = 62, ABOVE = 14, BAR_WIDTH = 6, HIGHEST = 26, LOWEST = 4, LEAST_BETWEEN = 22 };

/* Doses of one unit share the height of their bars: its range [that unit]. */
typedef struct unit_range {
  double smallest, largest;
} unit_range;

static unit_range range_of(const lane *lanes, int n, const char *unit)
{
  unit_range found = {INFINITY, 0};
  for (int i = 0; i < n; i++) {
    for (int d = 0; d < lanes[i].doses.n && strcmp(lanes[i].doses.unit, unit) == 0; d++) {
      const double amount = lanes[i].doses.amount[d];
      found.smallest = amount > 0 ? fmin(found.smallest, amount) : found.smallest;
      found.largest = fmax(found.largest, amount);
    }
  }
  return found;
}

/* On a logarithmic scale. */
static double height_of(const unit_range *range, double amount)
{
  const double decades = log10(range->largest / range->smallest);
  if (!(amount > 0) || !(decades > 0)) {
    return amount > 0 ? HIGHEST : LOWEST;
  }
  return LOWEST + (HIGHEST - LOWEST) * log10(amount / range->smallest) / decades;
}

static void draw_dose(const svg_chart *c, const lane *l, int i, const unit_range *range,
                      double base, double *labelled)
{
  char amount[NUMBER_TEXT_SIZE], hint[2 * WORDS_SIZE];
  const double x = svg_x(c, l->doses.day[i]);
  const double height = height_of(range, l->doses.amount[i]);
  const bool again = i > 0 && l->doses.amount[i] == l->doses.amount[i - 1];
  number_format_rounded(l->doses.amount[i], 3, amount);
  snprintf(hint, sizeof hint, "day %g: %s %.16s", words_day(l->doses.day[i]), amount,
           l->doses.unit);
  svg_bar(c, "bar", x - BAR_WIDTH / 2.0, base - height, BAR_WIDTH, height, hint);
  if (!again && x - *labelled >= LEAST_BETWEEN) {
    svg_label(c, "value", x, base - height - 3, "middle", "%s", amount);
    *labelled = x;
  }
}

static void draw_lane(const svg_chart *c, const lane *lanes, int n, int i, double top)
{
  const lane *l = &lanes[i];
  const double base = top + LANE;
  const unit_range range = range_of(lanes, n, l->doses.unit);
  double labelled = -INFINITY;
  svg_label(c, "tick", c->x.from + 3, top + 14, "start", "%s%s%s%s", l->name,
            l->doses.n > 0 ? " (" : ": no regimen", l->doses.unit, l->doses.n > 0 ? ")" : "");
  svg_line(c, "axis", c->x.from, base, c->x.to, base);
  for (int d = 0; d < l->doses.n; d++) {
    draw_dose(c, l, d, &range, base, &labelled);
  }
}

static void draw(const char *id, const char *caption, const lane *lanes, int n, double horizon_days,
                 text *out)
{
  svg_chart c = svg_open(out, id, ABOVE + LANE * n + 32, 0, caption,
                         "One lane a regimen: bars are doses by day, their height the logarithm of "
                         "the amount, with the same scale in every lane of one unit. Numbers stand "
                         "where the amount changes.");
  c.x.from = 14;
  svg_range_days(&c.x, -0.02 * horizon_days, horizon_days);
  svg_draw_days(&c);
  for (int i = 0; i < n; i++) {
    draw_lane(&c, lanes, n, i, ABOVE + LANE * i);
  }
  svg_close(&c);
}

static void list(const double *value, int n, bool days, text *out)
{
  for (int i = 0; i < n; i++) {
    char number[NUMBER_TEXT_SIZE];
    number_format_rounded(days ? words_day(value[i]) : value[i], 4, number);
    text_append(out, "%s%s", i > 0 ? " / " : "", number);
  }
}

static void lane_row(const lane *l, html_table *t)
{
  text amounts = {0};
  text days = {0};
  list(l->doses.amount, l->doses.n, false, &amounts);
  list(l->doses.day, l->doses.n, true, &days);
  html_cell(t, "%s", l->name);
  html_cell(t, "%s", l->doses.unit);
  html_cell(t, "%s", amounts.bytes != NULL ? amounts.bytes : "-");
  html_cell(t, "%s", days.bytes != NULL ? days.bytes : "-");
  html_cell(t, "%d", l->doses.n);
  t->out->failed = t->out->failed || amounts.failed || days.failed;
  text_free(&amounts);
  text_free(&days);
}

void figure_lanes(const char *id, const char *caption, const lane *lanes, int n,
                  double horizon_days, text *out)
{
  int doses = 0;
  for (int i = 0; i < n; i++) {
    doses += lanes[i].doses.n;
  }
  if (doses == 0) {
    return;
  }
  figure_open(out, id, caption);
  draw(id, caption, lanes, n, horizon_days, out);
  figure_numbers(out);
  html_table t = html_table_open(out, caption, "regimen|unit|doses|days|#number");
  for (int i = 0; i < n; i++) {
    lane_row(&lanes[i], &t);
  }
  html_table_close(&t);
  figure_close(out);
}
