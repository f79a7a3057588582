/* Predictions beside observations, drug by drug: shares of patients in percent, everything else as
 * multiples of what was observed. */
#include "report/figure.h"
#include "report/validation.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
  ROW = 38,
  ABOVE = 26,
  STYLE_OBSERVED = 3,
  STYLE_PREDICTED = 0,
  BETWEEN = 8, /* of the two intervals of a row */
  NAME_WIDTH = 46
};

static const char *const legend[] = {"predicted", "observed"};

/* The rows of one chart. */
typedef struct validation_view {
  const study_validation *study;
  const char *drug;
  bool shares;
} validation_view;

static bool belongs(const validation_view *v, int i)
{
  const evidence_row *row = &v->study->evidence->rows[i];
  const bool drawn = validation_is_share(row) || row->observed > 0;
  return strcmp(row->drug, v->drug) == 0 && validation_is_share(row) == v->shares && drawn;
}

static int count_rows(const validation_view *v)
{
  int n = 0;
  for (int i = 0; i < v->study->evidence->n_rows; i++) {
    n += belongs(v, i);
  }
  return n;
}

/* In the unit of the chart. */
typedef struct shown_interval {
  double value, low, high;
} shown_interval;

static double scale_of(const validation_view *v, const evidence_row *row)
{
  return v->shares ? 100 : 1 / row->observed;
}

static shown_interval observed_of(const validation_view *v, int i)
{
  const evidence_row *row = &v->study->evidence->rows[i];
  const double s = scale_of(v, row);
  return (shown_interval){s * row->observed, s * row->low, s * row->high};
}

/* Of the reference patient there is no interval. */
static shown_interval predicted_of(const validation_view *v, int i)
{
  const evidence_row *row = &v->study->evidence->rows[i];
  const evidence_prediction *p = &v->study->predicted[i];
  const double s = scale_of(v, row);
  const bool interval = p->se > 0;
  return (shown_interval){s * p->value, interval ? s * p->low : (double)NAN,
                          interval ? s * p->high : (double)NAN};
}

/* --- drawing ---------------------------------------------------------------------------------- */

static void widen(const shown_interval *at, double *low, double *high)
{
  const double all[] = {at->value, at->low, at->high};
  for (int k = 0; k < 3; k++) {
    if (isfinite(all[k]) && all[k] > 0) {
      *low = fmin(*low, all[k]);
      *high = fmax(*high, all[k]);
    }
  }
}

static void find_range(const validation_view *v, svg_axis *axis)
{
  double low = 0.8;
  double high = 1.25;
  if (v->shares) {
    svg_range(axis, 0, 100, false);
    return;
  }
  for (int i = 0; i < v->study->evidence->n_rows; i++) {
    if (belongs(v, i)) {
      const shown_interval both[] = {observed_of(v, i), predicted_of(v, i)};
      widen(&both[0], &low, &high);
      widen(&both[1], &low, &high);
    }
  }
  svg_range(axis, fmax(low, 1e-3), fmin(high, 1e3), true);
}

static void draw_interval(const svg_chart *c, const shown_interval *at, int style, double y,
                          const char *hint)
{
  if (isfinite(at->value)) {
    svg_interval(c, at->low, at->high, y);
    svg_marker(c, style, svg_x(c, at->value), y, hint);
  }
}

static void draw_row(const svg_chart *c, const validation_view *v, int i, double y)
{
  static const char *const bounds[EVIDENCE_BOUND_COUNT] = {
      [EVIDENCE_EQUAL] = "", [EVIDENCE_AT_MOST] = ", at most", [EVIDENCE_AT_LEAST] = ", at least"};
  const evidence_row *row = &v->study->evidence->rows[i];
  const validation_verdict verdict = validation_judge(row, &v->study->predicted[i]);
  const shown_interval observed = observed_of(v, i);
  const shown_interval predicted = predicted_of(v, i);
  char name[WORDS_SIZE], hint[3 * WORDS_SIZE];
  words_name(row->name, NAME_WIDTH, name);
  snprintf(hint, sizeof hint, "%s: observed %.3g, predicted %.3g", name, observed.value,
           predicted.value);
  svg_label(c, "tick", c->x.from + 3, y, "start", "%s%s%s", name, bounds[row->bound],
            row->use == EVIDENCE_CHECK ? " (not fitted)" : "");
  svg_label(c, verdict == VALIDATION_WITHIN ? "value" : "value bad-text", c->x.to, y, "end", "%s",
            validation_words[verdict]);
  draw_interval(c, &observed, STYLE_OBSERVED, y + 8, hint);
  draw_interval(c, &predicted, STYLE_PREDICTED, y + 8 + BETWEEN, hint);
}

static void draw(const validation_view *v, const char *id, const char *caption, text *out)
{
  int n = 0;
  svg_chart c =
      svg_open(out, id, ABOVE + ROW * count_rows(v) + 34, svg_legend_rows(legend, 2), caption,
               "One row an observation, above it what was observed and below it what is "
               "predicted, each with its interval; right: where the prediction lies.");
  c.x.from = 14;
  find_range(v, &c.x);
  svg_draw_x(&c, v->shares ? "% of patients" : "multiples of what was observed");
  if (!v->shares) {
    svg_line(&c, "axis", svg_x(&c, 1), c.y.from, svg_x(&c, 1), c.y.to);
  }
  for (int i = 0; i < v->study->evidence->n_rows; i++) {
    if (belongs(v, i)) {
      draw_row(&c, v, i, ABOVE + ROW * n++);
    }
  }
  svg_legend(&c, STYLE_PREDICTED, false, legend[0]);
  svg_legend(&c, STYLE_OBSERVED, false, legend[1]);
  svg_close(&c);
}

/* --- numbers ---------------------------------------------------------------------------------- */

static void row_cells(const study_validation *s, int i, html_table *t)
{
  const evidence_row *row = &s->evidence->rows[i];
  const evidence_prediction *p = &s->predicted[i];
  html_cell(t, "%s", row->name);
  html_cell(t, "%s", validation_is_ratio(row) ? "ratio" : evidence_endpoints[row->endpoint].unit);
  html_cell(t, "%s", evidence_use_names[row->use]);
  html_cell_number(t, row->observed);
  html_cell_number(t, row->low);
  html_cell_number(t, row->high);
  html_cell_number(t, p->value);
  html_cell_number(t, p->low);
  html_cell_number(t, p->high);
  html_cell(t, "%s", validation_words[validation_judge(row, p)]);
  html_cell(t, "%s", row->source);
}

static void show(const validation_view *v, int number, text *out)
{
  char id[WORDS_SIZE], caption[3 * WORDS_SIZE];
  if (count_rows(v) == 0) {
    return;
  }
  snprintf(id, sizeof id, "validation-%d%s", number, v->shares ? "" : "-values");
  snprintf(caption, sizeof caption, "%.120s: %s", v->drug,
           v->shares ? "shares of patients" : "other observations");
  figure_open(out, id, caption);
  draw(v, id, caption, out);
  figure_numbers(out);
  html_table t = html_table_open(
      out, caption, "row|unit|use|#observed|#from|#to|#predicted|#from|#to|prediction|source");
  for (int i = 0; i < v->study->evidence->n_rows; i++) {
    if (belongs(v, i)) {
      row_cells(v->study, i, &t);
    }
  }
  html_table_close(&t);
  figure_close(out);
}

static bool seen_before(const evidence *e, int i)
{
  for (int other = 0; other < i; other++) {
    if (strcmp(e->rows[other].drug, e->rows[i].drug) == 0) {
      return true;
    }
  }
  return false;
}

void figure_validation(const study_validation *v, text *out)
{
  int number = 0;
  for (int i = 0; i < v->evidence->n_rows; i++) {
    if (!seen_before(v->evidence, i)) {
      number++;
      for (int values = 0; values <= 1; values++) {
        const validation_view view = {v, v->evidence->rows[i].drug, !values};
        show(&view, number, out);
      }
    }
  }
}
