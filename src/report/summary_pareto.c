/* The summary of a front: its goals, points along it, and the regimen at its knee. */
#include "base/allocate.h"
#include "base/number.h"
#include "report/columns.h"
#include "report/report.h"
#include "report/words.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { INDENT = 2, DOSES_WIDTH = 22, DAYS_WIDTH = 16, DIGITS = 4, HEAD_SIZE = 24 };

static void risk_words(const limit *l, char out[WORDS_SIZE])
{
  switch (l->risk) {
  case RISK_QUANTILE:
    snprintf(out, WORDS_SIZE, ", %.4g %% quantile of the patients", 100 * l->share);
    return;
  case RISK_TAIL_MEAN:
    snprintf(out, WORDS_SIZE, ", mean beyond the %.4g %% quantile", 100 * l->share);
    return;
  case RISK_MEAN:
    snprintf(out, WORDS_SIZE, "%s",
             l->kind == LIMIT_CRS_PROBABILITY ? ", mean of the patients" : "");
    return;
  default:
    out[0] = 0;
  }
}

void summary_cost(const study_pareto *s, int k, char out[SUMMARY_COST_SIZE])
{
  char name[WORDS_SIZE];
  char risk[WORDS_SIZE] = "";
  const limit *l = study_pareto_cost(s, k);
  words_limit_unit(l, name);
  if (!s->problem->reference_patient) {
    risk_words(l, risk);
  }
  snprintf(out, SUMMARY_COST_SIZE, "%s%s", name, risk);
}

/* --- what was asked --------------------------------------------------------------------------- */

static bool is_kept(const study_pareto *s, int k)
{
  bool kept = false;
  for (int i = 0; i < s->n_kept; i++) {
    kept = kept || s->kept[i] == k;
  }
  return kept;
}

static void write_goals(const study_pareto *s, text *out)
{
  char words[SUMMARY_COST_SIZE];
  for (int k = 0; k < s->n_costs; k++) {
    summary_cost(s, k, words);
    words_line(out, k == 0 ? "Against" : "", "as little as possible of: %s", words);
  }
  for (int k = 0; k < s->problem->n_limits; k++) {
    if (!is_kept(s, k)) {
      words_limit(&s->problem->limits[k], words);
      words_line(out, "", "(no limit here, as it is a goal: %s)", words);
    }
  }
}

/* As a problem with the goal of the front and only those limits that are kept. */
static void write_question(const study_pareto *s, text *out)
{
  stepdose_problem *asked = allocate(sizeof *asked);
  if (asked == NULL) {
    out->failed = true;
    return;
  }
  *asked = *s->goals;
  asked->n_limits = s->n_kept;
  summary_question_but(asked, s->problem->n_limits - s->n_kept, out);
  release(asked);
  write_goals(s, out);
}

static void write_search(const study_pareto *s, text *out)
{
  char failed[WORDS_SIZE];
  const char *how = "a bounded search: a better front may exist";
  words_count(s->failures, "failed simulation", failed);
  if (study_cut_short(s->end)) {
    how = s->end == SEARCH_END_TIME ? "time limit reached" : "stopped on request";
  } else if (s->end == SEARCH_END_CONVERGED) {
    how = "every regimen that the problem allows";
  }
  words_line(out, "Search", "%ld regimens simulated (%s), %s", s->evaluations, how, failed);
  if (s->n_given_way > 0) {
    words_line(out, "",
               "%ld points gave way to others: a limit did not hold at the tighter tolerance",
               s->n_given_way);
  }
}

/* Of a limit of the problem that is a goal here: in its patients, else of the reference patient. */
static bool exceeds(const study_pareto *s, int k)
{
  if (s->problem->reference_patient) {
    const int worst = assessment_worst(&s->verified, k);
    return worst >= 0 && s->verified.value[worst].margin > 0;
  }
  const cohort_outcome *o = s->patients != NULL ? &s->patients->outcome[0] : NULL;
  const int worst = o != NULL ? cohort_outcome_worst(o, k) : -1;
  return worst >= 0 && !o->risk[worst].holds;
}

/* ". Point 3 exceeds what the problem allows of IL-6 peak, first dose" */
static void add_exceeded(const study_pareto *s, text *out)
{
  int n = 0;
  for (int k = 0; k < s->problem->n_limits; k++) {
    char words[WORDS_SIZE];
    if (!is_kept(s, k) && exceeds(s, k)) {
      words_limit(&s->problem->limits[k], words);
      text_append(out, n == 0 ? ". Point %ld exceeds what the problem allows of " : "; ",
                  s->chosen + 1);
      text_append(out, "%s", words);
      n++;
    }
  }
}

static void describe_result(const study_pareto *s, text *out)
{
  const char *where = s->problem->reference_patient ? "" : " in the patients of the search";
  if (s->chosen < 0) {
    text_append(out, "no regimen that was tried keeps every limit");
    return;
  }
  if (s->found.n_front == 1) {
    text_append(out, "a front of 1 regimen, which no other that was tried surpasses in any goal%s",
                where);
  } else {
    text_append(out, "a front of %ld regimens, none of which is better than another in all goals%s",
                s->found.n_front, where);
  }
  add_exceeded(s, out);
}

static void write_result(const report_run *run, const study_pareto *s, text *out)
{
  text words = {0};
  describe_result(s, &words);
  words_line(out, "Result", "%s: %s", stepdose_status_name(run->status),
             words.failed ? "" : words.bytes);
  out->failed = out->failed || words.failed;
  text_free(&words);
  if (study_cut_short(s->end)) {
    words_line(out, "Next", "the same command goes on from here");
  }
  write_search(s, out);
}

/* --- points along the front ------------------------------------------------------------------- */

static void add_goal_heads(columns *t, const study_pareto *s)
{
  columns_add(t, "%s", problem_measures[s->goals->goal.measure].unit);
  for (int k = 0; k < s->n_costs; k++) {
    char name[HEAD_SIZE];
    const limit *l = study_pareto_cost(s, k);
    const char *unit = problem_limit_kinds[l->kind].unit;
    snprintf(name, sizeof name, "(%d) %s", k + 1, unit);
    columns_add(t, "%s", name);
  }
}

/* Values of one cost with intervals fit on the page, of more they do not. */
static bool shows_intervals(const study_pareto *s)
{
  return !s->problem->reference_patient && s->n_costs == 1;
}

/* The days are left out where intervals need the room. */
static bool shows_days(const study_pareto *s)
{
  return s->problem->n_design == 0 && !shows_intervals(s);
}

/* "7.89 (7.73 to 8.00)"; without an interval the value alone */
static void add_value(columns *t, double value, const pareto_interval *fresh, bool with_interval)
{
  char words[3][NUMBER_TEXT_SIZE];
  if (fresh == NULL || !with_interval || isnan(fresh->low)) {
    columns_add_number(t, fresh != NULL ? fresh->value : value, DIGITS);
    return;
  }
  number_format_rounded(fresh->value, 3, words[0]);
  number_format_rounded(fresh->low, 3, words[1]);
  number_format_rounded(fresh->high, 3, words[2]);
  columns_add(t, "%s (%s to %s)", words[0], words[1], words[2]);
}

static double checked(double verified, double searched)
{
  return isnan(verified) ? searched : verified;
}

static void point_row(columns *t, const study_pareto *s, int shown)
{
  char list[WORDS_SIZE];
  const long i = s->shown[shown];
  const pareto_point *p = &s->front[i];
  const pareto_fresh *fresh = s->fresh[shown].simulated ? &s->fresh[shown] : NULL;
  columns_row(t);
  columns_add(t, "%ld%s%s%s", i + 1, i == s->chosen ? "*" : "", p->checked && !p->holds ? "~" : "",
              fresh != NULL && fresh->surpassed ? "-" : "");
  words_doses(&p->doses, s->problem->horizon_days, DOSES_WIDTH, list);
  columns_add(t, "%s", list);
  if (s->problem->n_design > 0) {
    words_design(s->problem, p->design, list);
    columns_add(t, "%s", list);
  }
  if (shows_days(s)) {
    words_days(&p->doses, s->problem->horizon_days, DAYS_WIDTH, list);
    columns_add(t, "%s", list);
  }
  add_value(t, checked(p->verified_benefit, p->benefit), fresh != NULL ? &fresh->benefit : NULL,
            shows_intervals(s));
  for (int k = 0; k < s->n_costs; k++) {
    add_value(t, checked(p->verified_cost[k], p->cost[k]), fresh != NULL ? &fresh->cost[k] : NULL,
              shows_intervals(s));
  }
}

static bool some_broken(const study_pareto *s)
{
  bool broken = false;
  for (int i = 0; i < s->n_shown; i++) {
    const pareto_point *p = &s->front[s->shown[i]];
    broken = broken || (p->checked && !p->holds);
  }
  return broken;
}

static bool some_surpassed(const study_pareto *s)
{
  bool surpassed = false;
  for (int i = 0; i < s->n_shown; i++) {
    surpassed = surpassed || s->fresh[i].surpassed;
  }
  return surpassed;
}

/* Values of points that an interrupted run did not get to are those of the search. */
static bool all_fresh(const study_pareto *s)
{
  bool all = true;
  for (int i = 0; i < s->n_shown; i++) {
    all = all && s->fresh[i].simulated;
  }
  return all;
}

static const char *meaning_of_chosen(const study_pareto *s)
{
  if (s->found.n_front == 1) {
    return "the only point";
  }
  if (!s->has_knee) {
    return "the middle: the front has no knee";
  }
  return s->n_costs == 1 ? "the knee: farthest from the line through both ends"
                         : "the knee: farthest from the plane of the ends";
}

static void write_design_names(const stepdose_problem *problem, text *out)
{
  text names = {0};
  for (int i = 0; i < problem->n_design; i++) {
    text_append(&names, "%s%s", i > 0 ? " / " : "", problem->design[i].name);
  }
  words_line(out, "  design", "%s", names.failed ? "" : names.bytes);
  out->failed = out->failed || names.failed;
  text_free(&names);
}

static void write_legend(const study_pareto *s, text *out)
{
  words_line(out, "  *", "%s", meaning_of_chosen(s));
  if (some_broken(s)) {
    words_line(out, "  ~", "a limit does not hold in patients whom the search has not seen");
  }
  if (some_surpassed(s)) {
    words_line(out, "  -",
               "another point shown is as good in all goals in these fresh patients, "
               "and better in one");
  }
  if (!s->problem->reference_patient) {
    words_line(out, shows_intervals(s) ? "  ( )" : "  values",
               shows_intervals(s) ? "95 %% intervals, from %d fresh patients"
                                  : "of %d fresh patients; 95 %% intervals: pareto.csv",
               s->problem->verification.patients);
  }
  if (s->problem->n_design > 0) {
    write_design_names(s->problem, out);
  }
  for (int k = 0; k < s->n_costs; k++) {
    char cost[SUMMARY_COST_SIZE];
    char sign[WORDS_SIZE];
    summary_cost(s, k, cost);
    snprintf(sign, sizeof sign, "  (%d)", k + 1);
    words_line(out, sign, "%s", cost);
  }
}

static void write_points(const study_pareto *s, text *out)
{
  columns *t = columns_open();
  const char *where = s->problem->reference_patient ? ""
                      : all_fresh(s)                ? ", fresh patients"
                                                    : ", fresh patients as far as simulated";
  text_append(out, "\nPoints along the front%s (%d of %ld; all: %s)\n", where, s->n_shown,
              s->found.n_front, run_files[RUN_FILE_FRONT].name);
  columns_row(t);
  columns_add(t, "point");
  columns_add(t, "doses (%s)", route_unit(s->problem->regimen.route));
  if (s->problem->n_design > 0) {
    columns_add(t, "design");
  }
  if (shows_days(s)) {
    columns_add(t, "days");
  }
  add_goal_heads(t, s);
  for (int i = 0; i < s->n_shown; i++) {
    point_row(t, s, i);
  }
  if (!columns_print(t, INDENT, out)) {
    text_append(out, "  (further goals: %s)\n", run_files[RUN_FILE_FRONT].name);
  }
  columns_free(t);
  write_legend(s, out);
}

void summary_pareto(const report_run *run, text *out)
{
  const study_pareto *s = run->front;
  write_question(s, out);
  write_result(run, s, out);
  if (s->chosen >= 0) {
    report_regimen chosen = {&s->doses, &s->searched, &s->verified, &s->samples,
                             s->front[s->chosen].design};
    write_points(s, out);
    for (int k = 0; k < s->n_costs; k++) {
      summary_exchange(s, k, out);
    }
    text_append(out, "\n%s (point %ld), %s\n",
                s->has_knee             ? "Knee of the front"
                : s->found.n_front == 1 ? "The regimen of the front"
                                        : "Middle point",
                s->chosen + 1, words_route_meaning(run->problem->regimen.route));
    summary_regimen(run, &chosen, out);
  }
  if (run->patients != NULL) {
    summary_cohort(run->patients, out);
  }
  summary_warnings(run->problem, out);
  summary_end(out);
}
