/* The summary of a comparison of changes: side by side, ranges of doses, prices of limits. */
#include "base/number.h"
#include "report/columns.h"
#include "report/report.h"
#include "report/words_risk.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { INDENT = 2, NAME_WIDTH = 24, LIMITS_SHOWN = 7, BREAKS_WIDTH = 24 };

/* --- side by side ----------------------------------------------------------------------------- */

static void add_name(columns *t, const whatif_outcome *o)
{
  char name[WORDS_SIZE];
  columns_row(t);
  if (o->searched) {
    columns_add(t, "  searched: %.20s", stepdose_status_name(o->status));
    return;
  }
  words_name(o->change != NULL ? o->change->name : "unchanged", NAME_WIDTH, name);
  columns_add(t, "%s", name);
}

static void add_interval(columns *t, const whatif_figure *f)
{
  char low[NUMBER_TEXT_SIZE], high[NUMBER_TEXT_SIZE];
  if (isnan(f->low)) {
    columns_add(t, "-");
    return;
  }
  number_format_rounded(f->low, 3, low);
  number_format_rounded(f->high, 3, high);
  columns_add(t, "%s to %s", low, high);
}

/* Columns of what the base knows nothing of are left out. */
static bool is_shown(const study_whatif *w, int figure)
{
  return !isnan(w->outcome[0].figure[figure].value);
}

static bool has_intervals(const study_whatif *w) { return !w->problem->reference_patient; }

static void add_limits(columns *t, const whatif_outcome *o)
{
  columns_add(t, o->holds ? "hold" : o->n_broken == 1 ? "1 broken" : "%d broken", o->n_broken);
}

/* The base differs from nothing. */
static void add_difference(columns *t, const study_whatif *w, const whatif_outcome *o)
{
  static const whatif_figure none = {NAN, NAN, NAN, NAN};
  const whatif_figure *f = o->change != NULL ? &o->figure[WHATIF_GOAL] : &none;
  columns_add_number(t, f->difference, 3);
  if (has_intervals(w)) {
    add_interval(t, f);
  }
}

static void add_outcome(columns *t, const study_whatif *w, const whatif_outcome *o)
{
  char words[WORDS_SIZE];
  add_name(t, o);
  if (!o->simulated) {
    columns_add(t, o->has_regimen ? "failed" : "none");
    return;
  }
  words_goal_value(&study_whatif_problem(w, o)->goal, o->figure[WHATIF_GOAL].value, words);
  columns_add(t, "%s", words);
  add_difference(t, w, o);
  for (int f = WHATIF_RESPONSE; f < WHATIF_FIXED_COUNT; f++) {
    if (is_shown(w, f)) {
      columns_add_number(t, 100 * o->figure[f].value, 3);
    }
  }
  add_limits(t, o);
}

static void write_changes(const study_whatif *w, text *out)
{
  static const char *const heads[WHATIF_FIXED_COUNT] = {[WHATIF_RESPONSE] = "resp. %",
                                                        [WHATIF_CRS_GRADE1] = "CRS1+ %",
                                                        [WHATIF_CRS_GRADE2] = "CRS2+ %"};
  columns *t = columns_open();
  columns_row(t);
  columns_add(t, "change");
  columns_add(t, "goal");
  columns_add(t, "gain");
  if (has_intervals(w)) {
    columns_add(t, "95 %% interval");
  }
  for (int f = WHATIF_RESPONSE; f < WHATIF_FIXED_COUNT; f++) {
    if (is_shown(w, f)) {
      columns_add(t, "%s", heads[f]);
    }
  }
  columns_add(t, "limits");
  for (int i = 0; i < w->n_outcomes; i++) {
    add_outcome(t, w, &w->outcome[i]);
  }
  columns_print(t, INDENT, out);
  columns_free(t);
  text_append(out, "\n");
}

/* --- limits ----------------------------------------------------------------------------------- */

static void add_risk(columns *t, const study_whatif *w, const whatif_outcome *o, int k)
{
  char words[WORDS_SIZE];
  const limit *l = &w->problem->limits[k];
  const double value = o->figure[WHATIF_LIMITS + k].value;
  if (w->problem->reference_patient) {
    words_bound(l, value, words);
  } else {
    words_risk_value(l, value, words);
  }
  columns_add(t, "%s%s", o->limit_holds[k] ? "" : "! ", o->limit_now[k] < 0 ? "dropped" : words);
}

static int limits_shown(const study_whatif *w)
{
  return w->problem->n_limits < LIMITS_SHOWN ? w->problem->n_limits : LIMITS_SHOWN;
}

static void limit_words(const study_whatif *w, int k, char out[WORDS_RISK_SIZE])
{
  const limit *l = &w->problem->limits[k];
  char name[WORDS_SIZE], bound[WORDS_SIZE];
  if (!w->problem->reference_patient) {
    words_risk(w->problem, l, out);
    return;
  }
  words_limit(l, name);
  words_bound(l, l->bound, bound);
  snprintf(out, WORDS_RISK_SIZE, "%s: at most %s", name, bound);
}

static void write_limits(const study_whatif *w, text *out)
{
  const int n = limits_shown(w);
  char words[WORDS_RISK_SIZE];
  columns *t = columns_open();
  columns_row(t);
  columns_add(t, "change");
  for (int k = 0; k < n; k++) {
    columns_add(t, "limit %d", k + 1);
  }
  for (int i = 0; i < w->n_outcomes; i++) {
    const whatif_outcome *o = &w->outcome[i];
    add_name(t, o);
    for (int k = 0; o->simulated && k < n; k++) {
      add_risk(t, w, o, k);
    }
  }
  columns_print(t, INDENT, out);
  columns_free(t);
  for (int k = 0; k < n; k++) {
    limit_words(w, k, words);
    text_append(out, "  limit %d  %s\n", k + 1, words);
  }
  text_append(out, "  !: broken under the bound of the change (differences: whatif.csv)\n\n");
}

/* --- doses ------------------------------------------------------------------------------------ */

static void add_end(columns *t, const study_whatif *w, double amount, int k)
{
  char words[WORDS_SIZE], cut[WORDS_SIZE];
  columns_add_number(t, amount, 4);
  words_limit(&w->problem->limits[k >= 0 ? k : 0], words);
  words_name(k >= 0 ? words : "none", BREAKS_WIDTH, cut);
  columns_add(t, "%s", cut);
}

/* Whatever the dose is, a regimen that breaks a limit has no range. */
static bool ranges_known(const study_whatif *w)
{
  bool known = false;
  for (int i = 0; i < w->n_ranges; i++) {
    known = known || !isnan(w->range[i].lowest);
  }
  return known;
}

static void write_ranges(const study_whatif *w, text *out)
{
  if (!ranges_known(w)) {
    words_line(out, "Doses", "none can go any way: the regimen breaks a limit as it is");
    return;
  }
  columns *t = columns_open();
  columns_row(t);
  columns_add(t, "dose (%s)", route_unit(w->problem->regimen.route));
  columns_add(t, "given");
  columns_add(t, "lowest");
  columns_add(t, "then breaks");
  columns_add(t, "highest");
  columns_add(t, "then breaks");
  for (int i = 0; i < w->n_ranges; i++) {
    const whatif_range *r = &w->range[i];
    columns_row(t);
    if (r->first == r->last) {
      columns_add(t, "%d", r->first);
    } else {
      columns_add(t, "%d to %d together", r->first, r->last);
    }
    columns_add_number(t, r->amount, 4);
    add_end(t, w, r->lowest, r->low_limit);
    add_end(t, w, r->highest, r->high_limit);
  }
  text_append(out,
              "How far each dose can go, the others kept, before a limit breaks (\"none\": "
              "not within\na factor of %g)\n",
              WHATIF_RANGE_FACTOR);
  columns_print(t, INDENT, out);
  columns_free(t);
  text_append(out, "\n");
}

/* --- prices ----------------------------------------------------------------------------------- */

static void write_shadows(const study_whatif *w, text *out)
{
  char words[WORDS_SIZE];
  columns *t = columns_open();
  columns_row(t);
  columns_add(t, "limit");
  columns_add(t, "by search");
  columns_add(t, "by multiplier");
  columns_add(t, "binds");
  for (int i = 0; i < w->n_shadows; i++) {
    const whatif_shadow *s = &w->shadow[i];
    words_risk_row(w->problem, s->limit, words);
    columns_row(t);
    columns_add(t, "%.48s", words);
    columns_add_number(t, s->by_search, 3);
    columns_add_number(t, s->by_multiplier, 3);
    columns_add(t, s->by_search != 0 || s->by_multiplier > 0 ? "yes" : "no");
  }
  words_goal_value(&w->problem->goal, w->shadow_goal, words);
  text_append(out,
              "What the best goal (%s, off the grid of doses) gains per percent of each bound:\n"
              "bounds moved by %g %% both ways, and the multiplier there (%.2g %% of the slope "
              "unexplained)\n",
              words, w->changes->shadow_percent, 100 * w->shadow_residual);
  columns_print(t, INDENT, out);
  columns_free(t);
  text_append(out, "\n");
}

/* --- the whole -------------------------------------------------------------------------------- */

static void write_unpaired(const study_whatif *w, text *out)
{
  bool any = false;
  for (int i = 0; i < w->n_outcomes; i++) {
    any = any || (w->outcome[i].simulated && !w->outcome[i].paired);
  }
  if (any) {
    words_line(out, "Warning",
               "some changes have other patients than the base: their differences "
               "have no intervals, and chance in them");
  }
}

static void write_other_goals(const study_whatif *w, text *out)
{
  bool any = false;
  for (int i = 0; i < w->n_outcomes; i++) {
    any = any || (w->outcome[i].simulated && !w->outcome[i].same_goal);
  }
  if (any) {
    words_line(out, "No gain",
               "told where a change asks for another goal or horizon: not the same quantity");
  }
}

void summary_whatif(const report_run *run, text *out)
{
  const study_whatif *w = run->whatif;
  summary_question(run->problem, out);
  words_line(out, "Result",
             w->card != NULL ? "%s: how robust is %s"
                             : "%s: changes of %s compared with it as it is",
             stepdose_status_name(run->status), w->base->regimen_name);
  text_append(out, "\n");
  if (w->card != NULL) {
    summary_robustness(w->problem, w->card, out);
  } else {
    write_changes(w, out);
  }
  if (w->card == NULL && w->problem->n_limits > 0) {
    write_limits(w, out);
  }
  if (w->n_ranges > 0) {
    write_ranges(w, out);
  }
  if (w->shadows_known) {
    write_shadows(w, out);
  }
  write_other_goals(w, out);
  write_unpaired(w, out);
  summary_warnings(run->problem, out);
  summary_end(out);
}
