/* Outputs of the model over time, with the limits that hold for them. */
#include "base/allocate.h"
#include "base/number.h"
#include "report/figure.h"
#include "report/words.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { CURVES_MAX = 8, TABLE_ROWS = 13, PATIENTS_DRAWN = 12 };

/* One chart: outputs whose names begin with `prefix`; `floor`: the lowest value drawn on a
 * logarithmic axis, relative to the highest (0: the axis is linear from 0); patients: those of
 * courses.csv are drawn one by one behind the first output. */
typedef struct course_panel {
  const char *id, *prefix, *caption, *axis;
  double floor;
  double lowest; /* an absolute floor */
  bool patients;
} course_panel;

static const course_panel panels[] = {
    {"drug", "drug_", "Drug in blood", "ug/mL", 1e-6, 0, true},
    {"il6", "il6_", "IL-6 in blood", "pg/mL", 1e-6, 0, true},
    {"drive", "crs_drive_", "Signal behind cytokine release syndrome", "pg/mL", 1e-6, 0, true},
    {"ifn", "ifn_", "Interferon-gamma in blood", "pg/mL", 1e-6, 0, false},
    {"activated", "activated_", "Activated share of T cells", "fraction", 0, 0, true},
    {"tumour", "tumor_cells", "Tumour cells", "cells", 1e-12, 1, true},
    {"health", "health_", "Healthy share of normal tissue", "fraction", 0, 0, false},
    {"blood", "blood_", "Cells in blood", "cells/mL", 1e-8, 0, false},
    {"tumour-drug", "tumor_drug", "Free drug in the tumour", "nM", 1e-6, 0, false},
};

/* What is drawn of one output: the median with its band where a cohort was run, else the reference
 * patient. */
typedef struct curve {
  char output[WORDS_SIZE], label[WORDS_SIZE];
  page_course line, low, high;
  bool median;
} curve;

typedef struct curves {
  int n;
  curve one[CURVES_MAX];
  int n_patients; /* of the first output, one by one */
  page_course patient[PATIENTS_DRAWN];
} curves;

/* "activated_fraction_gut" of "activated_": "gut" */
static void name_curve(const char *output, char label[WORDS_SIZE])
{
  static const struct {
    const char *output, *label;
  } names[] = {
      {"activated_cd8_fraction", "blood CD8"},
      {"blood_b_per_mL", "B cells"},
      {"blood_t_per_mL", "CD8 T cells"},
      {"activated_fraction_", ""},
      {"health_", ""},
  };
  snprintf(label, WORDS_SIZE, "%s", output);
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
    const size_t n = strlen(names[i].output);
    if (strncmp(output, names[i].output, n) == 0) {
      snprintf(label, WORDS_SIZE, "%s", names[i].label[0] != 0 ? names[i].label : output + n);
      return;
    }
  }
}

static bool read_curve(const page_run *run, const char *output, curve *c)
{
  snprintf(c->output, sizeof c->output, "%s", output);
  name_curve(output, c->label);
  if (!page_course_read(run, output, "median", &c->line)) {
    return false;
  }
  c->median = c->line.n > 0;
  if (!c->median) {
    return page_course_read(run, output, "reference", &c->line);
  }
  return page_course_read(run, output, "p5", &c->low) &&
         page_course_read(run, output, "p95", &c->high);
}

static bool is_listed(const curves *found, const char *output)
{
  for (int i = 0; i < found->n; i++) {
    if (strcmp(found->one[i].output, output) == 0) {
      return true;
    }
  }
  return false;
}

/* In the order in which the table first names them. */
static bool read_curves(const page_run *run, const char *prefix, curves *found)
{
  const csv_table *t = &run->trajectories;
  const int column = csv_table_column(t, "output");
  const size_t n = strlen(prefix);
  for (long row = 0; row < t->n_rows && found->n < CURVES_MAX; row++) {
    const char *output = csv_table_cell(t, row, column);
    if (strncmp(output, prefix, n) == 0 && strlen(output) < WORDS_SIZE &&
        !is_listed(found, output) && !read_curve(run, output, &found->one[found->n++])) {
      return false;
    }
  }
  return true;
}

static bool read_patients(const page_run *run, const course_panel *shown, curves *found)
{
  int patient[PATIENTS_DRAWN];
  const bool wanted = shown->patients && found->n > 0 && found->one[0].median;
  const int n = wanted ? page_shown_patients(run, PATIENTS_DRAWN, patient) : 0;
  for (; found->n_patients < n; found->n_patients++) {
    if (!page_patient_read(run, found->one[0].output, patient[found->n_patients],
                           &found->patient[found->n_patients])) {
      return false;
    }
  }
  return true;
}

static void free_curves(curves *found)
{
  for (int i = 0; i < found->n_patients; i++) {
    page_course_free(&found->patient[i]);
  }
  for (int i = 0; i < found->n; i++) {
    page_course_free(&found->one[i].line);
    page_course_free(&found->one[i].low);
    page_course_free(&found->one[i].high);
  }
}

/* --- limits on a course --- */

/* The limit as a value of the output, or NAN where it is none of this output. */
static double bound_on(const limit *l, const curves *found)
{
  const char *output = found->one[0].output;
  if (l->kind == LIMIT_IL6_PEAK && strncmp(output, "il6_", 4) == 0) {
    return l->bound;
  }
  if ((l->kind == LIMIT_ACTIVATED_CD8 || l->kind == LIMIT_ACTIVATED_SITE) &&
      strncmp(output, "activated_", 10) == 0) {
    return l->bound;
  }
  return l->kind == LIMIT_DAMAGE && strncmp(output, "health_", 7) == 0 ? 1 - l->bound : (double)NAN;
}

/* The days for which a limit holds. */
static void days_of(const page_run *run, const limit *l, double *from, double *to)
{
  page_doses doses;
  const bool windows = problem_limit_kinds[l->kind].takes_window;
  page_doses_read(page_member(page_member(run->result, "regimen"), "doses"), &doses);
  const double second = doses.n > 1 ? doses.day[1] : run->problem->horizon_days;
  *from = windows && l->window == WINDOW_LATER_DOSES ? second : 0;
  *to = windows && l->window == WINDOW_FIRST_DOSE ? second : run->problem->horizon_days;
  if (windows && l->window == WINDOW_DAYS) {
    *from = l->from_day;
    *to = l->to_day;
  }
}

static void draw_limits(const page_run *run, const svg_chart *c, const curves *found)
{
  for (int k = 0; k < run->problem->n_limits; k++) {
    char words[2 * WORDS_SIZE];
    char number[NUMBER_TEXT_SIZE];
    double from = 0;
    double to = 0;
    const limit *l = &run->problem->limits[k];
    const double bound = bound_on(l, found);
    if (isfinite(bound)) {
      days_of(run, l, &from, &to);
      number_format_rounded(bound, 4, number);
      snprintf(words, sizeof words, "limit %s%s%s", number, l->place_name[0] != 0 ? ", " : "",
               l->place_name);
      svg_limit(c, svg_x(c, from), svg_x(c, to), svg_y(c, bound), words);
    }
  }
}

/* --- drawing --- */

static void widen(const page_course *course, bool positive, double *low, double *high)
{
  for (long i = 0; i < course->n; i++) {
    if (isfinite(course->value[i]) && (!positive || course->value[i] > 0)) {
      *low = fmin(*low, course->value[i]);
      *high = fmax(*high, course->value[i]);
    }
  }
}

static void set_range(const page_run *run, const course_panel *shown, const curves *found,
                      svg_axis *axis)
{
  const bool logarithmic = shown->floor > 0;
  double low = INFINITY;
  double high = 0;
  for (int i = 0; i < found->n; i++) {
    widen(&found->one[i].line, logarithmic, &low, &high);
    widen(&found->one[i].low, logarithmic, &low, &high);
    widen(&found->one[i].high, logarithmic, &low, &high);
  }
  for (int i = 0; i < found->n_patients; i++) {
    widen(&found->patient[i], logarithmic, &low, &high);
  }
  for (int k = 0; k < run->problem->n_limits; k++) {
    const double bound = bound_on(&run->problem->limits[k], found);
    high = isfinite(bound) ? fmax(high, bound * 1.05) : high;
  }
  high = high > 0 ? high : 1;
  low = logarithmic ? fmax(fmin(low, high), fmax(high * shown->floor, shown->lowest)) : 0;
  svg_range(axis, low, high, logarithmic);
}

static int legend_rows(const curves *found)
{
  const char *words[CURVES_MAX];
  for (int i = 0; i < found->n; i++) {
    words[i] = found->one[i].label;
  }
  return found->n > 1 ? svg_legend_rows(words, found->n) : 0;
}

static void describe(const curves *found, char words[3 * WORDS_SIZE])
{
  if (!found->one[0].median) {
    snprintf(words, 3 * WORDS_SIZE,
             "The reference patient. Values below the axis are drawn at its edge.");
    return;
  }
  snprintf(words, 3 * WORDS_SIZE,
           "Curves: median of the patients; shaded: 5th to 95th percentile.");
  if (found->n_patients > 0) {
    const size_t used = strlen(words);
    snprintf(words + used, 3 * WORDS_SIZE - used, " Thin: the first %d patients%s%s.",
             found->n_patients, found->n > 1 ? ", " : "", found->n > 1 ? found->one[0].label : "");
  }
}

/* Markers tell curves apart without colour, at other days for each. */
static void mark_curve(const svg_chart *c, int style, const page_course *line)
{
  for (int i = 0; i < 4; i++) {
    const long at = (long)((double)(line->n - 1) * (0.14 + 0.24 * i + 0.03 * style));
    if (at >= 0 && at < line->n) {
      svg_marker(c, style, svg_x(c, line->day[at]), svg_y(c, line->value[at]), NULL);
    }
  }
}

static void draw(const page_run *run, const course_panel *shown, const curves *found, text *out)
{
  char id[WORDS_SIZE];
  char words[3 * WORDS_SIZE];
  snprintf(id, sizeof id, "course-%s", shown->id);
  describe(found, words);
  svg_chart c = svg_open(out, id, 230, legend_rows(found), shown->caption, words);
  svg_range_days(&c.x, 0, run->problem->horizon_days);
  set_range(run, shown, found, &c.y);
  svg_draw_y(&c, shown->axis);
  svg_draw_days(&c);
  for (int i = 0; i < found->n_patients; i++) {
    svg_thin_curve(&c, found->patient[i].day, found->patient[i].value, found->patient[i].n);
  }
  for (int i = 0; i < found->n; i++) {
    const curve *one = &found->one[i];
    if (one->low.n == one->line.n && one->high.n == one->line.n) {
      svg_band(&c, i, one->line.day, one->low.value, one->high.value, one->line.n);
    }
    svg_curve(&c, i, one->line.day, one->line.value, one->line.n);
    if (found->n > 1) {
      mark_curve(&c, i, &one->line);
      svg_legend(&c, i, true, one->label);
    }
  }
  draw_limits(run, &c, found);
  svg_close(&c);
}

/* A few days are enough to read; all of them stand in trajectories.csv. */
static void tabulate(const course_panel *shown, const curves *found, text *out)
{
  text columns = {0};
  const page_course *first = &found->one[0].line;
  text_append(&columns, "#day");
  for (int i = 0; i < found->n; i++) {
    text_append(&columns, "|#%s", found->n > 1 ? found->one[i].label : shown->axis);
  }
  char *names = text_take(&columns);
  if (names == NULL) {
    out->failed = true;
    return;
  }
  html_table table = html_table_open(out, shown->caption, names);
  for (int row = 0; row < TABLE_ROWS; row++) {
    const long at = (first->n - 1) * row / (TABLE_ROWS - 1);
    html_cell_number(&table, first->day[at]);
    for (int i = 0; i < found->n; i++) {
      const page_course *line = &found->one[i].line;
      html_cell_number(&table, at < line->n ? line->value[at] : (double)NAN);
    }
  }
  html_table_close(&table);
  release(names);
}

static bool is_coarse(const page_course *line)
{
  return line->n > 1 && line->day[line->n - 1] - line->day[0] > 0.25 * (double)line->n;
}

static void show_panel(const page_run *run, const course_panel *shown, text *out)
{
  char id[WORDS_SIZE];
  curves found = {0};
  snprintf(id, sizeof id, "course-%s", shown->id);
  if (!read_curves(run, shown->prefix, &found) || !read_patients(run, shown, &found)) {
    out->failed = true;
  } else if (found.n > 0 && found.one[0].line.n > 0) {
    figure_open(out, id, shown->caption);
    draw(run, shown, &found, out);
    char words[3 * WORDS_SIZE];
    describe(&found, words);
    html_element(out, "p", "note", words);
    if (is_coarse(&found.one[0].line)) {
      html_element(out, "p", "note",
                   "Short peaks fall between the days of this curve: see the "
                   "peaks after each dose.");
    }
    figure_numbers(out);
    tabulate(shown, &found, out);
    figure_close(out);
  }
  free_curves(&found);
}

void figure_courses(const page_run *run, text *out)
{
  for (size_t i = 0; i < sizeof panels / sizeof panels[0]; i++) {
    show_panel(run, &panels[i], out);
  }
}
