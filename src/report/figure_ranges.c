/* How far each dose can go while the others are kept, and which limit stands in the way. */
#include "base/number.h"
#include "report/figure.h"
#include "report/words.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>

enum { ROW = 46, ABOVE = 26, ROWS_MAX = 64, BOX = 9 };

typedef struct dose_range {
  int first, last;
  double amount, lowest, highest; /* NAN: some limit is broken already */
  const limit *below, *above;     /* that break beyond; NULL: none as far as was looked */
} dose_range;

static int read_ranges(const page_run *run, dose_range out[ROWS_MAX])
{
  const cJSON *r;
  int n = 0;
  cJSON_ArrayForEach(r, page_member(page_member(run->result, "whatif"), "dose_ranges"))
  {
    const double first = page_number(r, "first_dose");
    const double last = page_number(r, "last_dose");
    if (n < ROWS_MAX && first >= 1 && last >= first && page_number(r, "amount") > 0) {
      out[n++] = (dose_range){(int)first,
                              (int)last,
                              page_number(r, "amount"),
                              page_number(r, "lowest"),
                              page_number(r, "highest"),
                              figure_limit_at(run, page_string(r, "breaks_below")),
                              figure_limit_at(run, page_string(r, "breaks_above"))};
    }
  }
  return n;
}

static void name_range(const dose_range *r, char name[WORDS_SIZE])
{
  if (r->first == r->last) {
    snprintf(name, WORDS_SIZE, "dose %d", r->first);
  } else {
    snprintf(name, WORDS_SIZE, "doses %d to %d", r->first, r->last);
  }
}

static bool is_known(const dose_range *r) { return isfinite(r->lowest) && isfinite(r->highest); }

static void breaking_words(const limit *l, char out[WORDS_SIZE])
{
  if (l != NULL) {
    words_limit(l, out);
  } else {
    snprintf(out, WORDS_SIZE, "no limit");
  }
}

static void draw_range(const svg_chart *c, const dose_range *r, double y)
{
  char below[WORDS_SIZE], above[WORDS_SIZE];
  const double from = svg_x(c, r->lowest);
  breaking_words(r->below, below);
  breaking_words(r->above, above);
  svg_label(c, "value", c->x.to, y, "end", "%.3g to %.3g, given %.4g", r->lowest, r->highest,
            r->amount);
  svg_bar(c, "band f2", from, y + 6, svg_x(c, r->highest) - from, BOX, NULL);
  svg_interval(c, r->lowest, r->highest, y + 6 + BOX / 2.0);
  svg_marker(c, 0, svg_x(c, r->amount), y + 6 + BOX / 2.0, NULL);
  svg_label(c, "tick", c->x.from + 3, y + 28, "start", "below: %.26s", below);
  svg_label(c, "tick", c->x.to, y + 28, "end", "above: %.26s", above);
}

static void draw_row(const svg_chart *c, const dose_range *r, double y)
{
  char name[WORDS_SIZE];
  name_range(r, name);
  svg_label(c, "tick", c->x.from + 3, y, "start", "%s", name);
  if (is_known(r)) {
    draw_range(c, r, y);
  } else {
    svg_marker(c, 0, svg_x(c, r->amount), y + 6 + BOX / 2.0, NULL);
    svg_label(c, "value bad-text", c->x.to, y, "end", "%.4g: a limit is broken already", r->amount);
  }
}

static void draw(const page_run *run, const dose_range *r, int n, const char *caption, text *out)
{
  char name[WORDS_SIZE];
  double low = INFINITY;
  double high = 0;
  svg_chart c = svg_open(out, "ranges", ABOVE + ROW * n + 34, 0, caption,
                         "One row a dose: the amounts at which every limit holds, on a logarithmic "
                         "axis; the point is what is given. Below each: the limit that breaks "
                         "first with less, and with more.");
  for (int i = 0; i < n; i++) {
    low = fmin(low, fmin(r[i].amount, r[i].lowest));
    high = fmax(high, fmax(r[i].amount, r[i].highest));
  }
  c.x.from = 14;
  svg_range(&c.x, low, high, true);
  snprintf(name, sizeof name, "dose (%s)", route_unit(run->problem->regimen.route));
  svg_draw_x(&c, name);
  for (int i = 0; i < n; i++) {
    draw_row(&c, &r[i], ABOVE + ROW * i);
  }
  svg_close(&c);
}

static void tabulate(const dose_range *r, int n, const char *caption, text *out)
{
  html_table t =
      html_table_open(out, caption, "dose|#given|#lowest|below it breaks|#highest|above it breaks");
  for (int i = 0; i < n; i++) {
    char words[WORDS_SIZE];
    name_range(&r[i], words);
    html_cell(&t, "%s", words);
    html_cell_number(&t, r[i].amount);
    html_cell_number(&t, r[i].lowest);
    breaking_words(r[i].below, words);
    html_cell(&t, "%s", words);
    html_cell_number(&t, r[i].highest);
    breaking_words(r[i].above, words);
    html_cell(&t, "%s", words);
  }
  html_table_close(&t);
}

void figure_ranges(const page_run *run, text *out)
{
  static const char caption[] = "How far each dose can go, the others kept";
  dose_range found[ROWS_MAX];
  const int n = read_ranges(run, found);
  if (n == 0) {
    return;
  }
  figure_open(out, "ranges", caption);
  draw(run, found, n, caption, out);
  figure_numbers(out);
  tabulate(found, n, caption, out);
  figure_close(out);
}
