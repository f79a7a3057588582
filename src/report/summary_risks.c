/* What the summary says of limits over virtual patients: each risk beside what is allowed, how sure
 * it is, and what it is in each stratum. */
#include "report/columns.h"
#include "report/report.h"
#include "report/words_risk.h"

#include "study/cohort_parts.h"

#include <math.h>
#include <stdio.h>

enum { INDENT = 2, WINDOWS_SHOWN = 12, NAME_WIDTH = 34, HEADING_WIDTH = 60, STRATUM_WIDTH = 18 };

/* So that the table holds every limit: at most this many windows of each. */
static int windows_shown(int n_limits)
{
  const int room = (COLUMNS_ROWS_MAX - 2) / n_limits - 3;
  return room < WINDOWS_SHOWN ? room : WINDOWS_SHOWN;
}

/* A row begins with the limit's name and the window; `apart`: names have rows of their own. */
static void add_head(columns *t, bool apart, const cohort_study *seen)
{
  static const char title[] = "risk in virtual patients";
  if (apart) {
    columns_heading(t, title);
    columns_row(t);
    columns_add(t, "  window");
  } else {
    columns_row(t);
    columns_add(t, "%s", title);
    columns_add(t, "window");
  }
  columns_add(t, "allowed");
  if (seen != NULL) {
    columns_add(t, "search");
  }
  columns_add(t, seen != NULL ? "fresh" : "found");
  columns_add(t, "holds");
  columns_add(t, "95 %% interval");
  columns_add(t, "patients");
}

static void add_risk(columns *t, const limit *l, const cohort_risk *risk, const cohort_risk *seen)
{
  char words[WORDS_SIZE];
  words_risk_value(l, risk->bound, words);
  columns_add(t, "%s", words);
  if (seen != NULL) {
    words_risk_value(l, seen->value, words);
    columns_add(t, "%s", words);
  }
  words_risk_value(l, risk->value, words);
  columns_add(t, "%s", isnan(risk->value) ? "nobody" : words);
  columns_add(t, risk->holds ? "yes" : "NO");
  words_risk_interval(l, risk->low, risk->high, words);
  columns_add(t, "%s", words);
  if (risk->of > 0) {
    columns_add(t, "%ld/%ld", risk->count, risk->of);
  }
}

/* The first window stands in the row of the limit's name, or below it. */
static void begin_row(columns *t, const limit *l, int window, bool apart, bool first)
{
  char name[WORDS_SIZE], cut[WORDS_SIZE], words[WORDS_SIZE];
  words_risk_window(l, window, words);
  words_risk_short(l, name);
  if (apart) {
    words_name(name, HEADING_WIDTH, cut);
    if (first) {
      columns_heading(t, cut);
    }
    columns_row(t);
    columns_add(t, "  %s", words);
  } else {
    words_name(name, NAME_WIDTH, cut);
    columns_row(t);
    columns_add(t, "%s", first ? cut : " ");
    columns_add(t, "%s", words);
  }
}

static void limit_rows(columns *t, const cohort_study *c, const cohort_study *seen, int k,
                       bool apart)
{
  const limit *l = &c->problem->limits[k];
  const cohort_outcome *o = &c->outcome[0];
  char cut[WORDS_SIZE];
  char row[WORDS_SIZE + 8];
  int shown = 0;
  for (int r = 0; r < o->n_risks; r++) {
    if (o->risk[r].limit == k && shown++ < windows_shown(c->problem->n_limits)) {
      begin_row(t, l, o->risk[r].window, apart, shown == 1);
      add_risk(t, l, &o->risk[r], seen != NULL ? &seen->outcome[0].risk[r] : NULL);
    }
  }
  if (l->stratum >= 0 && shown > 0) {
    words_name(c->problem->population->stratum[l->stratum].name, NAME_WIDTH - 5, cut);
    snprintf(row, sizeof row, "  of %s", cut);
    columns_heading(t, row);
  }
  if (shown > windows_shown(c->problem->n_limits)) {
    columns_heading(t, "  further doses: result.json");
  }
}

bool summary_has_risks(const stepdose_problem *problem)
{
  bool any = false;
  for (int k = 0; k < problem->n_limits; k++) {
    any = any || problem->limits[k].risk != RISK_NONE;
  }
  return any;
}

bool summary_bounds_crs(const stepdose_problem *problem)
{
  bool any = false;
  for (int k = 0; k < problem->n_limits; k++) {
    any = any || !risk_of_each_patient(&problem->limits[k]);
  }
  return any;
}

static columns *risk_table(const cohort_study *c, const cohort_study *seen, bool apart)
{
  columns *t = columns_open();
  add_head(t, apart, seen);
  for (int k = 0; k < c->problem->n_limits; k++) {
    if (c->problem->limits[k].risk != RISK_NONE) {
      limit_rows(t, c, seen, k, apart);
    }
  }
  return t;
}

/* Intervals and counts stand last and are never left out: they tell how sure a risk is. */
/* Nobody beyond a bound may be too few people to see it. */
static void write_unresolved(const cohort_study *c, text *out)
{
  const cohort_outcome *o = &c->outcome[0];
  for (int k = 0; k < c->problem->n_limits; k++) {
    const limit *l = &c->problem->limits[k];
    const int worst = cohort_outcome_worst(o, k);
    const cohort_risk *risk = worst >= 0 ? &o->risk[worst] : NULL;
    if (risk != NULL && l->risk == RISK_PROBABILITY && risk->of > 0 && risk->count == 0 &&
        risk->high > risk->bound) {
      char name[WORDS_SIZE];
      words_risk_short(l, name);
      text_append(out, "  (%s: none of %ld patients, but up to %.2g %% with 95 %% confidence)\n",
                  name, risk->of, 100 * risk->high);
    }
  }
}

void summary_risks(const cohort_study *c, const cohort_study *seen, text *out)
{
  if (!summary_has_risks(c->problem)) {
    return;
  }
  columns *t = risk_table(c, seen, false);
  if (!columns_fit(t, INDENT)) {
    columns_free(t);
    t = risk_table(c, seen, true);
  }
  columns_print_all(t, INDENT, out);
  columns_free(t);
  if (summary_bounds_crs(c->problem)) {
    text_append(out,
                "  (CRS: mean of the patients' probabilities, and how many are expected to have "
                "it)\n");
  }
  write_unresolved(c, out);
  text_append(out, "\n");
}

void summary_goal(const cohort_study *c, const cohort_study *seen, text *out)
{
  const goal *g = &c->problem->goal;
  char name[WORDS_SIZE], statistic[WORDS_SIZE], value[WORDS_SIZE];
  words_measure(g, name);
  words_statistic(g, statistic);
  words_goal_value(g, c->outcome[0].goal_value, value);
  text_append(out, "  %s (%s), %s: %s", name, problem_measures[g->measure].unit, statistic, value);
  if (seen != NULL) {
    words_goal_value(g, seen->outcome[0].goal_value, value);
    text_append(out, " (search: %s)", value);
  }
  text_append(out, "\n\n");
}

/* --- strata ----------------------------------------------------------------------------------- */

static void stratum_head(columns *t, const cohort_study *c, const stratum_findings *found)
{
  const population_description *d = c->problem->population;
  columns_row(t);
  columns_add(t, "by stratum");
  columns_add(t, "all");
  for (int s = 0; s < d->n_strata; s++) {
    char name[WORDS_SIZE];
    words_name(d->stratum[s].name, STRATUM_WIDTH, name);
    columns_add(t, "%s", name);
  }
  columns_row(t);
  columns_add(t, "patients");
  columns_add(t, "%d", c->n_included);
  for (int s = 0; s < d->n_strata; s++) {
    columns_add(t, "%d", found[s].patients);
  }
}

static void goal_by_stratum(columns *t, const cohort_study *c, const stratum_findings *found)
{
  const goal *g = &c->problem->goal;
  char words[WORDS_SIZE];
  words_measure(g, words);
  columns_row(t);
  columns_add(t, "%s", words);
  words_goal_value(g, c->outcome[0].goal_value, words);
  columns_add(t, "%s", words);
  for (int s = 0; s < c->problem->population->n_strata; s++) {
    words_goal_value(g, found[s].goal, words);
    columns_add(t, "%s", words);
  }
}

static void risk_by_stratum(columns *t, const cohort_study *c, const stratum_findings *found, int k)
{
  const limit *l = &c->problem->limits[k];
  const cohort_outcome *o = &c->outcome[0];
  const int worst = cohort_outcome_worst(o, k);
  char name[WORDS_SIZE], words[WORDS_SIZE];
  words_risk_row(c->problem, k, name);
  columns_row(t);
  words_name(name, NAME_WIDTH, words);
  columns_add(t, "%s", words);
  words_risk_value(l, worst >= 0 && l->stratum < 0 ? o->risk[worst].value : (double)NAN, words);
  columns_add(t, "%s", words);
  for (int s = 0; s < c->problem->population->n_strata; s++) {
    words_risk_value(l, found[s].risk[k], words);
    columns_add(t, "%s", words);
  }
}

/* What all patients share is the same in each stratum. */
static bool differs_by_stratum(const limit *l)
{
  return l->risk != RISK_NONE && (l->risk != RISK_MEAN || l->kind == LIMIT_CRS_PROBABILITY);
}

void summary_strata(const cohort_study *c, text *out)
{
  stratum_findings found[POPULATION_STRATA_MAX];
  if (c->problem->population->n_strata == 0) {
    return;
  }
  if (!cohort_by_stratum(c, &c->outcome[0], found, NULL)) {
    out->failed = true;
    return;
  }
  columns *t = columns_open();
  stratum_head(t, c, found);
  if (problem_has_tumor(c->problem)) {
    goal_by_stratum(t, c, found);
  }
  for (int k = 0; k < c->problem->n_limits; k++) {
    if (differs_by_stratum(&c->problem->limits[k])) {
      risk_by_stratum(t, c, found, k);
    }
  }
  if (!columns_print(t, INDENT, out)) {
    text_append(out, "  (further strata: result.json, cohort)\n");
  }
  columns_free(t);
  text_append(out, "\n");
}
