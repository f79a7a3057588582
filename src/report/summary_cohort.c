/* What the summary says about virtual patients. */
#include "report/columns.h"
#include "report/report.h"
#include "report/words_risk.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { INDENT = 2, WINDOWS_SHOWN = 12, NAME_WIDTH = 20 };

static void write_failures(const cohort_outcome *o, text *out)
{
  text line = {0};
  if (o->failures == 0) {
    return;
  }
  for (int i = 0; i < o->n_named; i++) {
    text_append(&line, "%s%d", i > 0 ? ", " : "", o->named[i]);
  }
  words_line(out, "Failed", "%ld under %s (they count as exceeding every limit): patients %s%s",
             o->failures, o->name, line.failed ? "" : line.bytes,
             o->failures > o->n_named ? ", ..." : "");
  words_line(out, "", "the first: %s", o->first_failure);
  out->failed = out->failed || line.failed;
  text_free(&line);
}

void summary_worth(text *out, const char *head, const population_description *d,
                   const population_worth *w, long patients)
{
  if (d->n_weight_sets == 0) {
    return;
  }
  if (d->resampled) {
    words_line(out, head,
               "%d different people among the %ld, worth %.0f of equal weight; drawn by weights of "
               "which rejection sampling would keep %.1f %%",
               w->different, patients, w->effective, 100 * w->acceptance);
  } else {
    words_line(out, head,
               "worth %.0f patients of equal weight (%.1f %%); rejection sampling would keep %.1f "
               "%%",
               w->effective, 100 * w->effective / (double)patients, 100 * w->acceptance);
  }
}

void summary_patients_drawn(const cohort_study *c, const char *head, text *out)
{
  const population_description *d = c->problem->population;
  words_line(out, head, "%d drawn from the population \"%s\", seed %llu; %d plausible%s",
             c->n_patients, c->problem->population_name, (unsigned long long)c->seed, c->n_included,
             d->only_stratum > 0 ? " ones of the stratum" : "");
  summary_worth(out, "Weights", d, &c->worth, c->n_patients);
  for (int r = 0; r < c->n_outcomes; r++) {
    write_failures(&c->outcome[r], out);
  }
}

static void count_strata(const cohort_study *c, text *out)
{
  const population_description *d = c->problem->population;
  for (int s = 0; s < d->n_strata; s++) {
    words_line(out, s == 0 ? "Strata" : "", "%s: %d", d->stratum[s].name, c->in_stratum[s]);
  }
}

static void add_share(columns *t, const cohort_share *s)
{
  columns_add(t, "%ld of %ld", s->count, s->of);
  columns_add(t, "%.1f", 100 * s->share);
  columns_add(t, "%.1f to %.1f", 100 * s->interval.low, 100 * s->interval.high);
}

/* At most `room` rows for its dose windows. */
static void limit_rows(columns *t, const limit *l, const cohort_limit *over, int room)
{
  char name[WORDS_SIZE];
  int shown = 0;
  words_limit_unit(l, name);
  columns_row(t);
  columns_add(t, "%s", name);
  columns_add_number(t, l->bound, 4);
  add_share(t, &over->exceeded);
  for (int w = 0; w < SCHEDULE_WINDOWS_MAX; w++) {
    const bool alone = l->window == WINDOW_FIRST_DOSE;
    if (over->window[w].of > 0 && !alone && shown++ < room) {
      columns_row(t);
      columns_add(t, "  after dose %d", w + 1);
      columns_add(t, " ");
      add_share(t, &over->window[w]);
    }
  }
  if (shown > room) {
    columns_row(t);
    columns_add(t, "  further doses: result.json, cohort");
  }
}

/* So that the table holds every limit. */
static int rows_of_windows(int n_limits)
{
  const int room = (COLUMNS_ROWS_MAX - 2) / n_limits - 2;
  return room < WINDOWS_SHOWN ? room : WINDOWS_SHOWN;
}

/* Limits that tell no risk; their interval says how sure the share is. */
static void write_exceeded(const cohort_study *c, text *out)
{
  columns *t = columns_open();
  columns_row(t);
  columns_add(t, "limit exceeded");
  columns_add(t, "at most");
  columns_add(t, "by patients");
  columns_add(t, "%%");
  columns_add(t, "95 %% interval");
  for (int k = 0; k < c->problem->n_limits; k++) {
    if (c->problem->limits[k].risk == RISK_NONE) {
      limit_rows(t, &c->problem->limits[k], &c->outcome[0].limit[k],
                 rows_of_windows(c->problem->n_limits));
    }
  }
  columns_row(t);
  columns_add(t, summary_bounds_crs(c->problem) ? "any but a CRS probability" : "any limit");
  columns_add(t, " ");
  add_share(t, &c->outcome[0].any_limit);
  columns_print(t, INDENT, out);
  columns_free(t);
  text_append(out, "\n");
}

static void write_response(const cohort_study *c, text *out)
{
  const cohort_share *s = &c->outcome[0].response;
  text_append(out,
              "  Response (tumour shrunk by at least half): %ld of %ld patients, %.1f %%, "
              "95 %% interval\n  %.1f to %.1f %%\n\n",
              s->count, s->of, 100 * s->share, 100 * s->interval.low, 100 * s->interval.high);
}

static void figure_row(columns *t, const char *name, const cohort_figure *figure)
{
  columns_row(t);
  columns_add(t, "%s", name);
  columns_add_number(t, figure->at[COHORT_MEDIAN], 4);
  columns_add_number(t, figure->at[COHORT_P5], 4);
  columns_add_number(t, figure->at[COHORT_P95], 4);
}

/* Endpoints that people ask for, in their words; those with windows are shown by dose. */
static const struct {
  const char *endpoint, *words;
  bool by_dose;
} shown_endpoints[] = {
    /* the first one is left out where it stands beside the doses */
    {"il6_peak", "IL-6 peak (pg/mL)", true},
    {"crs_drive_rise", "rise of the CRS signal (pg/mL)", true},
    {"activated_cd8_peak", "largest activated CD8 (fraction)", false},
    {"tumor_change_percent", "tumour change at the end (%)", false},
    {"log10_kill_average", "tumour kill, time average (log10)", false},
};
enum { SHOWN_ENDPOINTS = sizeof shown_endpoints / sizeof shown_endpoints[0] };

static void endpoint_figures(columns *t, const cohort_outcome *o, int shown)
{
  for (int k = 0; k < o->n_rows; k++) {
    const endpoint_row *row = &o->row[k];
    char name[WORDS_SIZE];
    const bool wanted = strcmp(row->name, shown_endpoints[shown].endpoint) == 0 &&
                        row->window <= WINDOWS_SHOWN &&
                        (row->window > 0) == shown_endpoints[shown].by_dose;
    if (!wanted) {
      continue;
    }
    snprintf(name, sizeof name, "%s", shown_endpoints[shown].words);
    if (row->window > 0) {
      snprintf(name, sizeof name, "%s, dose %d", shown_endpoints[shown].words, row->window);
    }
    figure_row(t, name, &o->figure[k]);
  }
}

/* first: of the endpoints that are shown */
static void write_figures(const cohort_study *c, int first, text *out)
{
  columns *t = columns_open();
  columns_row(t);
  columns_add(t, "endpoint");
  columns_add(t, "median");
  columns_add(t, "5 %%");
  columns_add(t, "95 %%");
  for (int i = first; i < SHOWN_ENDPOINTS; i++) {
    endpoint_figures(t, &c->outcome[0], i);
  }
  columns_print(t, INDENT, out);
  columns_free(t);
  text_append(out, "\n");
}

double summary_crs_mean(const cohort_outcome *o, int grade, int window)
{
  char name[WORDS_SIZE];
  snprintf(name, sizeof name, "crs_probability_grade%d", grade);
  for (int k = 0; k < o->n_rows; k++) {
    if (o->row[k].window == window && strcmp(o->row[k].name, name) == 0) {
      return o->figure[k].at[COHORT_MEAN];
    }
  }
  return NAN;
}

static void crs_row(columns *t, const char *name, const cohort_outcome *o, int window)
{
  columns_row(t);
  columns_add(t, "%s", name);
  for (int grade = 1; grade <= PROBLEM_GRADES; grade++) {
    columns_add_number(t, 100 * summary_crs_mean(o, grade, window), 3);
  }
}

static void write_crs(const cohort_study *c, text *out)
{
  const cohort_outcome *o = &c->outcome[0];
  columns *t = columns_open();
  columns_row(t);
  columns_add(t, "expected share with CRS (%%)");
  columns_add(t, "any grade");
  for (int grade = 2; grade <= PROBLEM_GRADES; grade++) {
    columns_add(t, grade < PROBLEM_GRADES ? "grade %d or higher" : "grade %d", grade);
  }
  for (int w = 1; w <= WINDOWS_SHOWN && !isnan(summary_crs_mean(o, 1, w)); w++) {
    char name[WORDS_SIZE];
    snprintf(name, sizeof name, "dose %d", w);
    crs_row(t, name, o, w);
  }
  crs_row(t, "course", o, 0);
  columns_print(t, INDENT, out);
  columns_free(t);
  text_append(out, "\n");
}

static void write_grown(const cohort_study *c, text *out)
{
  const cohort_outcome *o = &c->outcome[0];
  if (o->grown > 0 && problem_has_tumor(c->problem)) {
    words_line(
        out, "Warning",
        "the tumour of %ld of %d patients is larger at the end than at the start: their peaks "
        "count until it has progressed, as later ones can be an artefact of unbounded growth",
        o->grown, c->n_included);
    text_append(out, "\n");
  }
}

void summary_outcome(const cohort_study *c, bool with_il6, text *out)
{
  if (problem_has_tumor(c->problem)) {
    write_response(c, out);
  }
  write_figures(c, with_il6 ? 0 : 1, out);
  if (c->problem->model->n_outputs > OUTPUT_CRS_DRIVE) {
    write_crs(c, out);
    summary_onsets(&c->outcome[0], out);
  }
  write_grown(c, out);
}

void summary_cohort(const cohort_study *c, text *out)
{
  text_append(out, "\nVirtual patients\n");
  summary_patients_drawn(c, "Patients", out);
  if (!summary_has_risks(c->problem)) {
    count_strata(c, out);
  }
  text_append(out, "\n");
  summary_risks(c, NULL, out);
  if (!cohort_can_judge(c->problem)) {
    write_exceeded(c, out);
  }
  if (problem_has_tumor(c->problem)) {
    summary_goal(c, NULL, out);
  }
  if (summary_has_risks(c->problem)) {
    summary_strata(c, out);
  }
  summary_outcome(c, true, out);
  if (c->n_outcomes > 1) {
    char statistic[WORDS_SIZE];
    words_statistic(&c->problem->goal, statistic);
    text_append(out, "Schedules side by side in the same patients (the goal: %s)\n", statistic);
    summary_beside(c, "simulated", out);
  }
}
