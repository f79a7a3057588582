/* Peaks in each dose window against the limit of that window. */
#include "report/figure.h"
#include "report/words.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { WINDOWS_MAX = 256, NUMBERED = 16, CAP = 4 };

/* Panels: endpoint in endpoints.csv ("": values of the limit itself), its limit, what it is. */
typedef struct panel {
  const char *id, *endpoint, *caption, *unit;
  limit_kind kind;
  bool logarithmic;
} panel;

static const panel panels[] = {
    {"peak-il6", "il6_peak", "IL-6 peak after each dose", "pg/mL", LIMIT_IL6_PEAK, true},
    {"peak-drive", "crs_drive_rise", "Rise of the CRS signal after each dose", "pg/mL",
     LIMIT_CRS_DRIVE, true},
    {"peak-crs", "", "Probability of CRS after each dose", "fraction", LIMIT_CRS_PROBABILITY,
     false},
    {"peak-cd8", "activated_cd8_peak", "Largest activated share of blood CD8 T cells", "fraction",
     LIMIT_ACTIVATED_CD8, false},
};

/* Of virtual patients the median, with their 5th and 95th percentile. */
typedef struct window_peaks {
  int n;
  double value[WINDOWS_MAX], bound[WINDOWS_MAX]; /* NAN: none */
  double low[WINDOWS_MAX], high[WINDOWS_MAX];    /* NAN: of one patient */
} window_peaks;

static void put(window_peaks *p, double window, double value)
{
  if (window >= 1 && window <= WINDOWS_MAX && isfinite(value)) {
    const int w = (int)window;
    for (; p->n < w; p->n++) {
      p->value[p->n] = p->bound[p->n] = NAN;
      p->low[p->n] = p->high[p->n] = NAN;
    }
    p->value[w - 1] = value;
  }
}

static void read_endpoint(const page_run *run, const char *endpoint, window_peaks *p)
{
  const csv_table *t = &run->endpoints;
  const int name = csv_table_column(t, "endpoint");
  const int patient = csv_table_column(t, "patient");
  const int window = csv_table_column(t, "window");
  const int value = csv_table_column(t, "value");
  for (long row = 0; row < t->n_rows; row++) {
    if (strcmp(csv_table_cell(t, row, name), endpoint) == 0 &&
        strcmp(csv_table_cell(t, row, patient), "0") == 0) {
      put(p, csv_table_number(t, row, window), csv_table_number(t, row, value));
    }
  }
}

static void read_patients(const page_run *run, const char *endpoint, window_peaks *p)
{
  const cJSON *entry;
  cJSON_ArrayForEach(entry, page_member(page_given_outcome(run), "endpoints"))
  {
    const double window = page_number(entry, "dose");
    if (strcmp(page_string(entry, "endpoint"), endpoint) == 0 && window >= 1 &&
        window <= WINDOWS_MAX) {
      put(p, window, page_number(entry, "median"));
      p->low[(int)window - 1] = page_number(entry, "p5");
      p->high[(int)window - 1] = page_number(entry, "p95");
    }
  }
}

static void read_limit_values(const page_run *run, limit_kind kind, window_peaks *p)
{
  const cJSON *claim;
  const cJSON *value;
  int k = 0;
  cJSON_ArrayForEach(claim, page_member(run->result, "limits"))
  {
    if (k < run->problem->n_limits && run->problem->limits[k].kind == kind) {
      cJSON_ArrayForEach(value, page_member(claim, "values"))
      {
        put(p, page_number(value, "dose"), page_number(value, "verified"));
      }
    }
    k++;
  }
}

/* The tightest limit on each window; those over days belong to no window. */
static void read_bounds(const page_run *run, limit_kind kind, window_peaks *p)
{
  for (int k = 0; k < run->problem->n_limits; k++) {
    const limit *l = &run->problem->limits[k];
    for (int w = 0; w < p->n; w++) {
      const bool applies = l->kind == kind && l->window != WINDOW_DAYS &&
                           (l->window != WINDOW_FIRST_DOSE || w == 0) &&
                           (l->window != WINDOW_LATER_DOSES || w > 0);
      p->bound[w] = applies ? fmin(l->bound, p->bound[w]) : p->bound[w];
    }
  }
}

/* A bound over patients is not one of their median. */
static bool exceeds(const window_peaks *p, int w)
{
  return isnan(p->low[w]) && p->value[w] > p->bound[w];
}

static void set_range(const panel *shown, const window_peaks *p, svg_axis *axis)
{
  double low = INFINITY;
  double high = 0;
  for (int w = 0; w < p->n; w++) {
    low = fmin(low, fmin(fmin(p->value[w], p->low[w]), p->bound[w]));
    high = fmax(high, fmax(fmax(p->value[w], p->high[w]), p->bound[w]));
  }
  low = shown->logarithmic ? fmax(low, high * 1e-4) / 1.5 : 0;
  svg_range(axis, low, high * (shown->logarithmic ? 1.5 : 1.1), shown->logarithmic);
}

/* A bound over neighbouring windows is one line. */
static void draw_bounds(const svg_chart *c, const window_peaks *p)
{
  for (int w = 0, last = 0; w < p->n; w = last) {
    char words[2 * WORDS_SIZE];
    for (last = w + 1; last < p->n && fabs(p->bound[last] - p->bound[w]) <= 0; last++) {
    }
    if (isfinite(p->bound[w])) {
      snprintf(words, sizeof words, "limit %g", p->bound[w]);
      svg_limit(c, svg_x(c, w + 0.55), svg_x(c, last + 0.45), svg_y(c, p->bound[w]), words);
    }
  }
}

/* From the 5th to the 95th percentile of the patients, or from the axis to the one value. */
static void draw_spread(const svg_chart *c, const window_peaks *p, int w, double x)
{
  if (isnan(p->low[w])) {
    svg_line(c, "stem", x, c->y.from, x, svg_y(c, p->value[w]));
    return;
  }
  const double low = svg_y(c, p->low[w]);
  const double high = svg_y(c, p->high[w]);
  svg_line(c, "axis", x, low, x, high);
  svg_line(c, "axis", x - CAP, low, x + CAP, low);
  svg_line(c, "axis", x - CAP, high, x + CAP, high);
}

static void draw_points(const svg_chart *c, const panel *shown, const window_peaks *p)
{
  for (int w = 0; w < p->n; w++) {
    char hint[2 * WORDS_SIZE];
    const double x = svg_x(c, w + 1);
    if (p->n <= NUMBERED || (w + 1) % 4 == 0) {
      svg_label(c, "tick", x, c->y.from + 14, "middle", "%d", w + 1);
    }
    if (isfinite(p->value[w])) {
      const double y = svg_y(c, p->value[w]);
      snprintf(hint, sizeof hint, "dose %d: %.4g %s%s", w + 1, p->value[w], shown->unit,
               exceeds(p, w) ? ", above its limit" : "");
      draw_spread(c, p, w, x);
      svg_marker(c, exceeds(p, w) ? 1 : 0, x, y, hint);
    }
  }
}

static const char *describe(const window_peaks *p)
{
  return p->n > 0 && !isnan(p->low[p->n - 1])
             ? "One point a dose: median of the virtual patients; bars: 5th to 95th percentile; "
               "dashed lines: bounds of the limits. Values below the axis are drawn at its edge."
             : "One point a dose, of the reference patient; dashed lines: limits. Squares are "
               "above "
               "their limit.";
}

static void draw(const panel *shown, const window_peaks *p, text *out)
{
  svg_chart c = svg_open(out, shown->id, 230, 0, shown->caption, describe(p));
  svg_range_days(&c.x, 0.5, p->n + 0.5);
  set_range(shown, p, &c.y);
  svg_draw_y(&c, shown->unit);
  svg_baseline(&c);
  svg_label(&c, "name", c.x.to, c.y.from + 27, "end", "dose");
  draw_points(&c, shown, p);
  draw_bounds(&c, p);
  svg_close(&c);
}

static void tabulate_patients(const panel *shown, const window_peaks *p, text *out)
{
  char columns[2 * WORDS_SIZE];
  snprintf(columns, sizeof columns, "dose|#median (%s)|#5 %%|#95 %%|#bound", shown->unit);
  html_table table = html_table_open(out, shown->caption, columns);
  for (int w = 0; w < p->n; w++) {
    html_cell(&table, "%d", w + 1);
    html_cell_number(&table, p->value[w]);
    html_cell_number(&table, p->low[w]);
    html_cell_number(&table, p->high[w]);
    html_cell_number(&table, p->bound[w]);
  }
  html_table_close(&table);
}

static void tabulate(const panel *shown, const window_peaks *p, text *out)
{
  char columns[WORDS_SIZE];
  snprintf(columns, sizeof columns, "dose|#peak (%s)|#at most|holds", shown->unit);
  html_table table = html_table_open(out, shown->caption, columns);
  for (int w = 0; w < p->n; w++) {
    html_cell(&table, "%d", w + 1);
    html_cell_number(&table, p->value[w]);
    html_cell_number(&table, p->bound[w]);
    html_cell(&table, "%s", isnan(p->bound[w]) ? "-" : exceeds(p, w) ? "no" : "yes");
  }
  html_table_close(&table);
}

static void show(const page_run *run, const panel *shown, bool patients, text *out)
{
  window_peaks found = {0};
  if (patients) {
    read_patients(run, shown->endpoint, &found);
  } else if (shown->endpoint[0] != 0) {
    read_endpoint(run, shown->endpoint, &found);
  } else {
    read_limit_values(run, shown->kind, &found);
  }
  if (found.n == 0) {
    return;
  }
  read_bounds(run, shown->kind, &found);
  figure_open(out, shown->id, shown->caption);
  draw(shown, &found, out);
  html_element(out, "p", "note", describe(&found));
  figure_numbers(out);
  if (patients) {
    tabulate_patients(shown, &found, out);
  } else {
    tabulate(shown, &found, out);
  }
  figure_close(out);
}

/* Probabilities of virtual patients have a figure of their own. */
void figure_peaks(const page_run *run, text *out)
{
  const bool patients = page_given_outcome(run) != NULL;
  for (size_t i = 0; i < sizeof panels / sizeof panels[0]; i++) {
    if (!patients || panels[i].endpoint[0] != 0) {
      show(run, &panels[i], patients, out);
    }
  }
}
