/* The summary of a proposal over virtual patients: what it does in fresh ones, how often it was
 * searched again, who blocks. */
#include "base/number.h"
#include "report/columns.h"
#include "report/report.h"
#include "report/words_risk.h"
#include "study/responsible.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { INDENT = 2, NAME_WIDTH = 34 };

/* --- doses ------------------------------------------------------------------------------------ */

static const cohort_figure *il6_figure(const cohort_outcome *o, int window)
{
  for (int k = 0; k < o->n_rows; k++) {
    if (o->row[k].window == window && strcmp(o->row[k].name, "il6_peak") == 0) {
      return &o->figure[k];
    }
  }
  return NULL;
}

static void dose_row(columns *t, const cohort_outcome *o, const dose *d, int number)
{
  const cohort_figure *found = il6_figure(o, number);
  columns_row(t);
  columns_add(t, "%d", number);
  columns_add_number(t, words_day(d->day), 4);
  columns_add_number(t, d->amount, 4);
  columns_add_number(t, d->duration_days * 24, 3);
  columns_add_number(t, found != NULL ? found->at[COHORT_MEDIAN] : (double)NAN, 4);
  columns_add_number(t, found != NULL ? found->at[COHORT_P5] : (double)NAN, 3);
  columns_add_number(t, found != NULL ? found->at[COHORT_P95] : (double)NAN, 4);
}

static void write_doses(const stepdose_problem *problem, const schedule *s, const cohort_outcome *o,
                        text *out)
{
  columns *t = columns_open();
  columns_row(t);
  columns_add(t, "dose");
  columns_add(t, "day");
  columns_add(t, "%s", route_unit(problem->regimen.route));
  columns_add(t, "over h");
  columns_add(t, "IL-6 peak pg/mL: median");
  columns_add(t, "5 %%");
  columns_add(t, "95 %%");
  for (int i = 0, number = 0; i < s->n_doses; i++) {
    if (route_is_engager(s->doses[i].route)) {
      dose_row(t, o, &s->doses[i], ++number);
    }
  }
  columns_print(t, INDENT, out);
  columns_free(t);
}

/* --- rounds ----------------------------------------------------------------------------------- */

/* As cohort_risk has it: what only rounds above its bound holds. */
static bool failed(const limit *l, const patients_round *r, int k)
{
  return l->risk == RISK_PROBABILITY ? r->fresh[k] > risk_bound(l)
                                     : r->fresh_margin[k] > SEARCH_TOLERANCE;
}

static void add_goals(columns *t, const goal *g, int number, const patients_round *r)
{
  char words[WORDS_SIZE];
  columns_add(t, "%d", number);
  words_goal_value(g, r->searched_goal, words);
  columns_add(t, "%s", words);
  words_goal_value(g, r->fresh_goal, words);
  columns_add(t, "%s", words);
}

static void add_failure(columns *t, const limit *l, int k, const patients_round *r,
                        const patients_round *next)
{
  char name[WORDS_SIZE], words[WORDS_SIZE];
  words_risk_short(l, words);
  words_name(words, NAME_WIDTH, name);
  columns_add(t, "%s", name);
  words_risk_value(l, r->searched[k], words);
  columns_add(t, "%s", words);
  words_risk_value(l, r->fresh[k], words);
  columns_add(t, "%s", words);
  if (next != NULL) {
    words_bound(l, objective_value_at(l, -next->safety[k]), words);
    columns_add(t, "%s", words);
  }
}

static void round_rows(columns *t, const stepdose_problem *problem, const patients_answer *a, int i)
{
  const patients_round *r = &a->round[i];
  int n = 0;
  columns_row(t);
  add_goals(t, &problem->goal, i + 1, r);
  for (int k = 0; k < problem->n_limits && !r->holds; k++) {
    if (!failed(&problem->limits[k], r, k)) {
      continue;
    }
    if (n++ > 0) {
      columns_row(t);
      columns_add(t, " ");
      columns_add(t, " ");
      columns_add(t, " ");
    }
    add_failure(t, &problem->limits[k], k, r, i + 1 < a->n_rounds ? &a->round[i + 1] : NULL);
  }
  if (n == 0) {
    columns_add(t, r->holds ? "none" : "-");
  }
}

static void write_rounds(const study_proposal *p, text *out)
{
  const patients_answer *a = p->patients;
  if (a->n_rounds < 2) {
    return;
  }
  text_append(out, "Each answer was judged by fresh patients of its own; limits that failed were "
                   "tightened\nand the search repeated\n");
  columns *t = columns_open();
  columns_row(t);
  columns_add(t, "round");
  columns_add(t, "goal: search");
  columns_add(t, "fresh");
  columns_add(t, "limit that failed");
  columns_add(t, "search");
  columns_add(t, "fresh");
  columns_add(t, "then at most");
  for (int i = 0; i < a->n_rounds; i++) {
    round_rows(t, p->problem, a, i);
  }
  columns_print(t, INDENT, out);
  columns_free(t);
  text_append(out, "\n");
}

/* --- who blocks ------------------------------------------------------------------------------- */

static void write_named(const responsible_patients *found, text *out)
{
  text line = {0};
  text_append(&line, "patients ");
  for (int i = 0; i < found->n_named; i++) {
    text_append(&line, "%s%d", i > 0 ? ", " : "", found->named[i]);
  }
  text_append(&line, "%s", found->count > found->n_named ? ", ..." : "");
  out->failed = out->failed || line.failed;
  if (!line.failed) {
    words_paragraph("", line.bytes, out);
  }
  text_free(&line);
}

static void write_covariate(const population_description *d, const responsible_covariate *c,
                            bool first, text *out)
{
  char theirs[NUMBER_TEXT_SIZE], others[NUMBER_TEXT_SIZE];
  const population_quantity *q = &d->quantity[c->covariate];
  number_format_rounded(c->theirs, 3, theirs);
  number_format_rounded(c->others, 3, others);
  const bool has_unit = strcmp(q->unit, "1") != 0 && q->unit[0] != 0;
  words_line(out, first ? "They differ" : "",
             "%s%s%s%s: median %s against %s of the others (rank difference %.2f)", q->name,
             has_unit ? " (" : "", has_unit ? q->unit : "", has_unit ? ")" : "", theirs, others,
             c->difference);
}

void summary_responsible(const study_proposal *p, int blocking, text *out)
{
  const cohort_study *c = study_judging_patients(p);
  const limit *l = &p->problem->limits[blocking];
  responsible_patients found;
  char bound[WORDS_SIZE], window[WORDS_SIZE];
  if (!responsible_patients_find(c, &c->outcome[0], blocking, &found, NULL)) {
    out->failed = true;
    return;
  }
  words_bound(l, l->bound, bound);
  words_risk_window(l, found.window, window);
  words_line(out, "Responsible", "%ld of %ld %s lie above %s%s%s%s", found.count, found.of,
             c == p->patients->fresh ? "fresh patients" : "patients of the search", bound,
             l->kind == LIMIT_CRS_PROBABILITY ? " with a probability of their own" : "",
             window[0] != ' ' ? ", " : "", window[0] != ' ' ? window : "");
  if (found.n_covariates > 0) {
    write_named(&found, out);
  }
  for (int i = 0; i < found.n_covariates; i++) {
    write_covariate(p->problem->population, &found.covariate[i], i == 0, out);
  }
}

static void relaxed_row(columns *t, const study_proposal *p, int k)
{
  const limit *l = &p->problem->limits[k];
  const patients_round *last = &p->patients->round[p->patients->n_rounds - 1];
  const relaxation *r = &p->relaxation[k];
  char name[WORDS_SIZE], words[WORDS_SIZE];
  words_risk_short(l, words);
  words_name(words, NAME_WIDTH, name);
  columns_row(t);
  columns_add(t, "%s", name);
  words_risk_value(l, risk_bound(l), words);
  columns_add(t, "%s", words);
  words_risk_value(l, last->searched[k], words);
  columns_add(t, "%s", words);
  if (k >= p->n_relaxations) {
    columns_add(t, "not searched");
  } else if (!r->possible) {
    columns_add(t, p->end == SEARCH_END_CONVERGED ? "not enough alone" : "none found");
  } else {
    words_risk_value(l, r->bound_needed, words);
    columns_add(t, "%s", words);
    words_bound(l, r->bound_at_share, words);
    columns_add(t, "%s", words);
  }
}

/* Over patients two numbers of a limit can move: how many may be beyond it, and what. */
void summary_relaxed_patients(const study_proposal *p, text *out)
{
  columns *t = columns_open();
  columns_row(t);
  columns_add(t, "in the patients of the search");
  columns_add(t, "allowed");
  columns_add(t, "least violating");
  columns_add(t, "needed alone");
  columns_add(t, "or the bound");
  for (int k = 0; k < p->problem->n_limits; k++) {
    relaxed_row(t, p, k);
  }
  columns_print(t, INDENT, out);
  columns_free(t);
}

/* --- all of it -------------------------------------------------------------------------------- */

static void write_reference(const study_proposal *p, text *out)
{
  const assessment *a = &p->verified;
  char value[WORDS_SIZE];
  text line = {0};
  if (!a->simulated) {
    words_line(out, "Reference", "the reference patient cannot be simulated: %s", a->failure);
    return;
  }
  words_goal_value(&p->problem->goal, a->goal, value);
  text_append(&line, "in the reference patient alone the goal is %s, and IL-6 peaks are ", value);
  for (int i = 0; i < a->found.n_windows; i++) {
    char number[NUMBER_TEXT_SIZE];
    number_format_rounded(a->found.il6[i].value, 3, number);
    text_append(&line, "%s%s", i > 0 ? "/" : "", number);
  }
  text_append(&line, " pg/mL by dose");
  out->failed = out->failed || line.failed;
  if (!line.failed) {
    words_paragraph("Reference", line.bytes, out);
  }
  text_free(&line);
}

static void write_beside(const study_proposal *p, text *out)
{
  const cohort_study *c = p->patients->fresh;
  char statistic[WORDS_SIZE];
  if (c->n_outcomes < 2) {
    return;
  }
  words_statistic(&p->problem->goal, statistic);
  text_append(out, "Beside other schedules in the same fresh patients (the goal: %s)\n", statistic);
  summary_beside(c, p->feasible ? "proposed" : "least violating", out);
}

void summary_patients(const report_run *run, const study_proposal *p, text *out)
{
  const cohort_study *c = p->patients->fresh;
  const report_regimen regimen = {&p->doses, &p->searched, &p->verified, &p->samples, p->design};
  summary_design(run->problem, p->design, out);
  write_doses(run->problem, &p->doses, &c->outcome[0], out);
  summary_burden(run->problem, &regimen, out);
  text_append(out, "\n");
  summary_patients_drawn(p->patients->seen, "Searched in", out);
  summary_patients_drawn(c, "Fresh", out);
  text_append(out, "\n");
  summary_risks(c, p->patients->seen, out);
  summary_goal(c, p->patients->seen, out);
  write_rounds(p, out);
  summary_strata(c, out);
  summary_outcome(c, false, out);
  write_beside(p, out);
  write_reference(p, out);
  text_append(out, "\n");
}
