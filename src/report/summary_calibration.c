/* The summary of a calibration: what was fitted to what, the values with their intervals, every row
 * beside the fit and beside the fit that has not seen its drug, and what to be careful about. */
#include "base/number.h"
#include "report/columns.h"
#include "report/report.h"
#include "report/words.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { INDENT = 2, NAME_WIDTH = 44, LISTED = 12 };

static void rounded(double value, char out[NUMBER_TEXT_SIZE])
{
  number_format_rounded(value, 3, out);
}

static void add_sigmas(columns *t, double sigmas)
{
  columns_add(t, isfinite(sigmas) ? "%+.1f" : "-", sigmas);
}

/* --- values ------------------------------------------------------------------------------------
 */

static void add_interval(columns *t, const fit_estimate *e)
{
  char low[NUMBER_TEXT_SIZE];
  char high[NUMBER_TEXT_SIZE];
  rounded(e->low, low);
  rounded(e->high, high);
  columns_add(t, isfinite(e->low) && isfinite(e->high) ? "%s%s to %s%s" : "-",
              e->low_open ? "<" : "", low, e->high_open ? ">" : "", high);
}

static void add_estimate(columns *t, const study_calibration *c, int j)
{
  const fit_parameter *p = &c->parameter[j];
  const fit_estimate *e = &c->fit.estimate[j];
  char name[WORDS_SIZE];
  char sd[NUMBER_TEXT_SIZE];
  const bool outside = isfinite(e->low) && (p->start < e->low || p->start > e->high);
  words_name(p->name, NAME_WIDTH - 12, name);
  rounded(e->sd, sd);
  columns_row(t);
  columns_add(t, "%s", name);
  columns_add_number(t, p->start, 4);
  columns_add_number(t, e->value, 4);
  columns_add(t, isfinite(e->sd) ? "%s %s" : "-", sd, fit_scale_unit(p->scale));
  add_interval(t, e);
  columns_add(t, "%s", outside ? "moved" : "");
}

static void write_estimates(const study_calibration *c, text *out)
{
  columns *t = columns_open();
  text_append(out, "\nValues (intervals: 95 %%, profile likelihood; < and > reach a bound of the "
                   "fit;\nmoved: the shipped value lies outside of the interval)\n");
  columns_row(t);
  columns_add(t, "parameter");
  columns_add(t, "shipped");
  columns_add(t, "fitted");
  columns_add(t, "sd");
  columns_add(t, "interval");
  columns_add(t, " ");
  for (int j = 0; j < c->fit.n_parameters; j++) {
    add_estimate(t, c, j);
  }
  columns_print(t, INDENT, out);
  columns_free(t);
}

/* --- rows --------------------------------------------------------------------------------------
 */

static const char *bound_sign(evidence_bound bound)
{
  return bound == EVIDENCE_AT_MOST ? "<= " : bound == EVIDENCE_AT_LEAST ? ">= " : "";
}

static void add_row(columns *t, const study_calibration *c, int f)
{
  const evidence_row *row = &c->evidence->rows[c->fitted[f]];
  char name[WORDS_SIZE];
  char observed[NUMBER_TEXT_SIZE];
  words_name(row->name, NAME_WIDTH, name);
  rounded(row->observed, observed);
  columns_row(t);
  columns_add(t, "%s", name);
  columns_add(t, "%s%s", bound_sign(row->bound), observed);
  columns_add_number(t, c->before[c->fitted[f]].value, 3);
  columns_add_number(t, c->fit.prediction[f].predicted, 3);
  add_sigmas(t, c->fit.prediction[f].sigmas);
  columns_add_number(t, c->fit.left_out_value[f].predicted, 3);
  add_sigmas(t, c->fit.left_out_value[f].sigmas);
}

static void open_rows(columns *t)
{
  static const char *const heads[] = {"row",    "observed", "shipped", "fitted",
                                      "sigmas", "unseen",   "sigmas"};
  columns_row(t);
  for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++) {
    columns_add(t, "%s", heads[i]);
  }
}

static void write_drug(const study_calibration *c, int drug, text *out)
{
  columns *t = columns_open();
  text_append(out, "\n%s\n", c->drug[drug]);
  open_rows(t);
  for (int f = 0; f < c->n_fitted; f++) {
    if (c->drug_of[f] == drug) {
      add_row(t, c, f);
    }
  }
  columns_print(t, INDENT, out);
  columns_free(t);
}

static void write_rows(const study_calibration *c, text *out)
{
  text_append(out, "\nRows that were fitted. sigmas: how far the observation lies above the "
                   "prediction, in\nstandard deviations. unseen: predicted by a fit that has not "
                   "seen this drug at all.\n");
  for (int d = 0; d < c->n_drugs; d++) {
    write_drug(c, d, out);
  }
}

/* Other rows of the evidence: never fitted. */
static void write_checks(const study_calibration *c, text *out)
{
  columns *t = columns_open();
  int n = 0;
  columns_row(t);
  columns_add(t, "row");
  columns_add(t, "observed");
  columns_add(t, "shipped");
  columns_add(t, "fitted");
  for (int i = 0; i < c->evidence->n_rows; i++) {
    const evidence_row *row = &c->evidence->rows[i];
    if (row->use == EVIDENCE_FIT) {
      continue;
    }
    char name[WORDS_SIZE];
    char observed[NUMBER_TEXT_SIZE];
    words_name(row->name, NAME_WIDTH, name);
    rounded(row->observed, observed);
    columns_row(t);
    columns_add(t, "%s", name);
    columns_add(t, "%s%s", bound_sign(row->bound), observed);
    columns_add_number(t, c->before[i].value, 3);
    columns_add_number(t, c->after[i].value, 3);
    n++;
  }
  if (n > 0) {
    text_append(out, "\nRows that were not fitted\n");
    columns_print(t, INDENT, out);
  }
  columns_free(t);
}

/* --- careful -----------------------------------------------------------------------------------
 */

static void describe_warning(const study_calibration *c, const fit_warning *w, char *words,
                             size_t size)
{
  const char *first = w->kind != FIT_WARNING_NOT_PREDICTED && w->kind != FIT_WARNING_BORROWED &&
                              w->kind != FIT_WARNING_OTHER_OPTIMUM && w->first >= 0
                          ? c->parameter[w->first].name
                          : "";
  const char *second = w->second >= 0 ? c->parameter[w->second].name : "";
  switch (w->kind) {
  case FIT_WARNING_AT_BOUND:
    snprintf(words, size, "%s lies on a bound of the fit", first);
    break;
  case FIT_WARNING_HARDLY_INFORMED:
    snprintf(words, size, "the rows hardly tell %s: %.2f of the spread that is known without them",
             first, w->value);
    break;
  case FIT_WARNING_CORRELATED:
    snprintf(words, size, "%s and %s are correlated, %+.2f", first, second, w->value);
    break;
  case FIT_WARNING_OPEN_INTERVAL:
    snprintf(words, size, "the interval of %s reaches a bound of the fit", first);
    break;
  case FIT_WARNING_OTHER_OPTIMUM:
    snprintf(words, size, "start %d ended %.1f above the best, with another %s", w->first, w->value,
             second);
    break;
  case FIT_WARNING_BORROWED:
    snprintf(words, size,
             "without %s nothing tells %s: rows that rest on it are not predicted unseen",
             c->drug[w->first], second);
    break;
  case FIT_WARNING_NOT_PREDICTED:
    snprintf(words, size, "not predicted, and not fitted: %.90s",
             c->evidence->rows[c->fitted[w->first]].name);
    break;
  case FIT_WARNING_NOT_NESTED:
    snprintf(words, size,
             "grade %.0f or higher of CRS comes out more probable than the grade below, by %s and "
             "%s: it counts as no more probable, and the rows contradict each other or the model",
             w->value, first[0] != '\0' ? first : "a shipped value",
             second[0] != '\0' ? second : "a shipped value");
    break;
  case FIT_WARNING_NOT_CONVERGED:
  case FIT_WARNING_COUNT:
    snprintf(words, size,
             "the search ended before it had converged: intervals are not to be "
             "trusted");
    break;
  }
}

static void write_warnings(const study_calibration *c, text *out)
{
  for (int i = 0; i < c->fit.n_warnings; i++) {
    char words[256];
    describe_warning(c, &c->fit.warning[i], words, sizeof words);
    words_line(out, i == 0 ? "Careful" : "", "%s", words);
  }
}

static void write_direction(const study_calibration *c, const fit_direction *d, text *out)
{
  text list = {0};
  for (int j = 0; j < c->fit.n_parameters; j++) {
    if (fabs(d->loading[j]) >= FIT_LOADING) {
      text_append(&list, " %+.2f %s", d->loading[j], c->parameter[j].name);
    }
  }
  words_line(out, "", "%.2f:%s", d->information, list.length > 0 ? list.bytes : " many at once");
  out->failed = out->failed || list.failed;
  text_free(&list);
}

static void write_directions(const study_calibration *c, text *out)
{
  if (c->fit.n_directions > 0) {
    words_line(out, "Left open",
               "%d of %d directions that the rows tell less about than priors and bounds do "
               "(what they tell, as a share of that):",
               c->fit.n_directions, c->fit.n_parameters);
  }
  for (int i = 0; i < c->fit.n_directions && i < LISTED; i++) {
    write_direction(c, &c->fit.direction[i], out);
  }
}

/* --- all of it ---------------------------------------------------------------------------------
 */

static void write_result(const report_run *run, const study_calibration *c, text *out)
{
  static const char *const ends[SEARCH_END_COUNT] = {
      [SEARCH_END_CONVERGED] = "complete",
      [SEARCH_END_EVALUATIONS] = "more would have been needed: raise /search/evaluations_max",
      [SEARCH_END_TIME] = "ended by /search/minutes_max",
      [SEARCH_END_STOPPED] = "stopped on request",
      [SEARCH_END_ENGINE_FAILED] = "",
      [SEARCH_END_ENGINE_HUNG] = ""};
  char evaluations[WORDS_SIZE];
  words_count(c->fit.evaluations, "evaluation", evaluations);
  words_line(out, "Asked", "%s: %d parameters, %d of %d rows",
             c->evidence->title[0] != '\0' ? c->evidence->title : c->evidence->path,
             c->fit.n_parameters, c->n_fitted, c->evidence->n_rows);
  words_line(out, "Result", "%s: %s", stepdose_status_name(run->status),
             stepdose_status_meaning(run->status));
  words_line(out, "Fit",
             "-2 log likelihood with priors from %.2f with the shipped values to %.2f "
             "(%.2f of it priors); %s, %s",
             c->fit.start_objective, c->fit.objective, c->fit.prior_part, evaluations,
             ends[c->fit.end]);
  for (int i = 1; i < c->fit.n_starts; i++) {
    words_line(out, i == 1 ? "Starts" : "", "screened point %d: from %.1f to %.1f%s", i,
               c->fit.start[i].from, c->fit.start[i].to,
               c->fit.start[i].converged ? "" : ", not converged");
  }
}

void summary_calibration(const report_run *run, text *out)
{
  const study_calibration *c = run->calibration;
  write_result(run, c, out);
  if (study_cut_short(c->fit.end)) {
    words_line(out, "Next", "the same command goes on from here");
  }
  write_estimates(c, out);
  text_append(out, "\n");
  write_warnings(c, out);
  write_directions(c, out);
  write_rows(c, out);
  write_checks(c, out);
  summary_end(out);
}
