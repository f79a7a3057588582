/* Tables of the summary: doses, limits, schedules side by side, relaxations. */
#include "report/columns.h"
#include "report/report.h"
#include "report/words.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { INDENT = 2, WINDOWS_SHOWN = 12, NAME_WIDTH = 32 };

/* A range of days limits a dose whose peak lies within it. */
static bool limits_peak(const limit *l, int window, peak found)
{
  switch (l->window) {
  case WINDOW_FIRST_DOSE:
    return window == 1;
  case WINDOW_LATER_DOSES:
    return window > 1;
  case WINDOW_DAYS:
    return found.day >= l->from_day && found.day <= l->to_day;
  default:
    return true;
  }
}

/* The tightest IL-6 limit that applies to the peak of one dose window, or NULL. */
static const limit *tightest_il6_limit(const stepdose_problem *problem, int window, peak found)
{
  const limit *tightest = NULL;
  for (int k = 0; k < problem->n_limits; k++) {
    const limit *l = &problem->limits[k];
    bool here = l->kind == LIMIT_IL6_PEAK && limits_peak(l, window, found);
    if (here && (tightest == NULL || l->bound < tightest->bound)) {
      tightest = l;
    }
  }
  return tightest;
}

static void add_percent_left(columns *t, const limit *l, double value)
{
  char left[WORDS_SIZE];
  words_left(assessment_percent_left(l, value), left);
  columns_add(t, "%s", left);
}

/* Dose d opens window i. */
static void dose_row(columns *t, const stepdose_problem *problem, const report_regimen *r,
                     const dose *d, int i)
{
  columns_row(t);
  columns_add(t, "%d", i + 1);
  columns_add_number(t, words_day(d->day), 4);
  columns_add_number(t, d->amount, 4);
  columns_add_number(t, d->duration_days * 24, 3);
  if (!r->verified->simulated || i >= r->verified->found.n_windows) {
    columns_add(t, "-");
    return;
  }
  peak found = r->verified->found.il6[i];
  columns_add_number(t, found.value, 4);
  const limit *l = tightest_il6_limit(problem, i + 1, found);
  if (l != NULL) {
    columns_add_number(t, l->bound, 4);
    add_percent_left(t, l, found.value);
  }
}

void summary_doses(const stepdose_problem *problem, const report_regimen *regimen, text *out)
{
  const schedule *s = regimen->doses;
  columns *t = columns_open();
  columns_row(t);
  columns_add(t, "dose");
  columns_add(t, "day");
  columns_add(t, "%s", route_unit(problem->regimen.route));
  columns_add(t, "over h");
  columns_add(t, "IL-6 peak pg/mL");
  if (problem->n_limits > 0) {
    columns_add(t, "limit");
    columns_add(t, "left");
  }
  for (int i = 0, window = 0; i < s->n_doses; i++) {
    if (route_is_engager(s->doses[i].route)) {
      dose_row(t, problem, regimen, &s->doses[i], window++);
    }
  }
  columns_print(t, INDENT, out);
  columns_free(t);
}

static void limit_row(columns *t, const limit *l, const assessment *a, int k)
{
  char name[WORDS_SIZE];
  words_limit_unit(l, name);
  columns_row(t);
  columns_add(t, "%s", name);
  columns_add_number(t, l->bound, 4);
  int worst = assessment_worst(a, k);
  if (worst < 0) {
    columns_add(t, "no such window");
    return;
  }
  const assessed_value *v = &a->value[worst];
  columns_add_number(t, v->value, 4);
  columns_add_number(t, v->day, 4);
  add_percent_left(t, l, v->value);
  columns_add(t, v->margin <= 0 ? "holds" : "EXCEEDED");
}

void summary_limits(const stepdose_problem *problem, const report_regimen *regimen, text *out)
{
  columns *t = columns_open();
  columns_row(t);
  columns_add(t, "limit");
  columns_add(t, "at most");
  columns_add(t, "predicted");
  columns_add(t, "on day");
  columns_add(t, "left");
  for (int k = 0; k < problem->n_limits; k++) {
    limit_row(t, &problem->limits[k], regimen->verified, k);
  }
  columns_print(t, INDENT, out);
  columns_free(t);
}

typedef double figure(const stepdose_problem *problem, const assessment *a);

static double kill_average(const stepdose_problem *problem, const assessment *a)
{
  (void)problem;
  return a->found.log10_kill_average;
}

static double kill_at_end(const stepdose_problem *problem, const assessment *a)
{
  (void)problem;
  return log10(fmax(a->found.tumor_initial, 1)) - log10(fmax(a->found.tumor_final, 1));
}

static double activated(const stepdose_problem *problem, const assessment *a)
{
  (void)problem;
  return 100 * a->found.activated_cd8_course.value;
}

static double milligrams(const stepdose_problem *problem, const assessment *a)
{
  (void)problem;
  return a->found.total_mg > 0 ? a->found.total_mg : (double)NAN;
}

static double visits(const stepdose_problem *problem, const assessment *a)
{
  (void)problem;
  return a->found.n_visits;
}

static double hospital_days(const stepdose_problem *problem, const assessment *a)
{
  (void)problem;
  return a->found.hospital_days;
}

static void figure_row(columns *t, const stepdose_problem *problem, const named_assessment *shown,
                       int n, const char *name, figure *of, int digits)
{
  columns_row(t);
  columns_add(t, "%s", name);
  for (int i = 0; i < n; i++) {
    columns_add_number(t, shown[i].at->simulated ? of(problem, shown[i].at) : (double)NAN, digits);
  }
}

static void window_row(columns *t, const named_assessment *shown, int n, int w)
{
  columns_row(t);
  columns_add(t, "IL-6 peak after dose %d (pg/mL)", w + 1);
  for (int i = 0; i < n; i++) {
    const assessment *a = shown[i].at;
    bool there = a->simulated && w < a->found.n_windows;
    columns_add_number(t, there ? a->found.il6[w].value : (double)NAN, 4);
  }
}

static int windows_shown(const named_assessment *shown, int n)
{
  int most = 0;
  for (int i = 0; i < n; i++) {
    most = shown[i].at->found.n_windows > most ? shown[i].at->found.n_windows : most;
  }
  return most < WINDOWS_SHOWN ? most : WINDOWS_SHOWN;
}

static void head_rows(columns *t, const stepdose_problem *problem, const named_assessment *shown,
                      int n)
{
  char list[WORDS_SIZE];
  columns_row(t);
  columns_add(t, " ");
  for (int i = 0; i < n; i++) {
    words_name(shown[i].name, NAME_WIDTH, list);
    columns_add(t, "%s", list);
  }
  columns_row(t);
  columns_add(t, "route");
  for (int i = 0; i < n; i++) {
    words_route(shown[i].doses, list);
    columns_add(t, "%s", list);
  }
  columns_row(t);
  columns_add(t, "doses (%s)", route_unit(problem->regimen.route));
  for (int i = 0; i < n; i++) {
    words_doses(shown[i].doses, problem->horizon_days, NAME_WIDTH, list);
    columns_add(t, "%s", list);
  }
  columns_row(t);
  columns_add(t, "on days");
  for (int i = 0; i < n; i++) {
    words_days(shown[i].doses, problem->horizon_days, NAME_WIDTH, list);
    columns_add(t, "%s", list);
  }
}

static void verdict_row(columns *t, const named_assessment *shown, int n)
{
  columns_row(t);
  columns_add(t, "every limit holds");
  for (int i = 0; i < n; i++) {
    const char *verdict = assessment_holds(shown[i].at) ? "yes" : "no";
    columns_add(t, "%s", shown[i].at->simulated ? verdict : "not simulated");
  }
}

static void change_row(columns *t, const named_assessment *shown, int n)
{
  char change[WORDS_SIZE];
  columns_row(t);
  columns_add(t, "tumour change at the end (%%)");
  for (int i = 0; i < n; i++) {
    const endpoints *e = &shown[i].at->found;
    words_percent(100 * (e->tumor_final / e->tumor_initial - 1), change);
    columns_add(t, "%s", shown[i].at->simulated ? change : "-");
  }
}

static void goal_row(columns *t, const goal *g, const named_assessment *shown, int n)
{
  char words[WORDS_SIZE];
  words_measure(g, words);
  columns_row(t);
  columns_add(t, "%s (%s)", words, problem_measures[g->measure].unit);
  for (int i = 0; i < n; i++) {
    words_goal_value(g, shown[i].at->goal, words);
    columns_add(t, "%s", shown[i].at->simulated ? words : "-");
  }
}

static void tumor_rows(columns *t, const stepdose_problem *problem, const named_assessment *shown,
                       int n)
{
  if (problem->goal.measure != MEASURE_TIME_AVERAGED_LOG10_KILL) {
    goal_row(t, &problem->goal, shown, n);
  }
  figure_row(t, problem, shown, n, "tumour kill, time average (log10)", kill_average, 4);
  figure_row(t, problem, shown, n, "tumour kill at the end (log10)", kill_at_end, 4);
  change_row(t, shown, n);
}

void summary_side_by_side(const stepdose_problem *problem, const named_assessment *shown, int n,
                          text *out)
{
  columns *t = columns_open();
  head_rows(t, problem, shown, n);
  if (problem_has_tumor(problem)) {
    tumor_rows(t, problem, shown, n);
  }
  for (int w = 0; w < windows_shown(shown, n); w++) {
    window_row(t, shown, n, w);
  }
  figure_row(t, problem, shown, n, "largest activated CD8 (%)", activated, 3);
  figure_row(t, problem, shown, n, "total drug (mg)", milligrams, 4);
  figure_row(t, problem, shown, n, "visits", visits, 3);
  if (problem->request.hospital.n_stays > 0) {
    figure_row(t, problem, shown, n, "hospital stay (days)", hospital_days, 3);
  }
  if (problem->n_limits > 0) {
    verdict_row(t, shown, n);
  }
  bool all_shown = columns_print(t, INDENT, out);
  columns_free(t);
  if (!all_shown) {
    text_append(out, "  (further schedules: result.json, comparators)\n");
  }
}

static void relaxation_row(columns *t, const study_proposal *p, int k)
{
  char name[WORDS_SIZE];
  const limit *l = &p->problem->limits[k];
  int worst = assessment_worst(&p->verified, k);
  words_limit_unit(l, name);
  columns_row(t);
  columns_add(t, "%s", name);
  columns_add_number(t, l->bound, 4);
  columns_add_number(t, worst >= 0 ? p->verified.value[worst].value : (double)NAN, 4);
  if (k >= p->n_relaxations) {
    columns_add(t, "not searched");
  } else if (p->relaxation[k].possible) {
    columns_add_number(t, p->relaxation[k].bound_needed, 4);
  } else {
    columns_add(t, p->end == SEARCH_END_CONVERGED ? "not enough alone" : "none found");
  }
}

void summary_relaxations(const study_proposal *p, text *out)
{
  columns *t = columns_open();
  columns_row(t);
  columns_add(t, "limit");
  columns_add(t, "now");
  columns_add(t, "least violating");
  columns_add(t, "needed if it alone moves");
  for (int k = 0; k < p->problem->n_limits; k++) {
    relaxation_row(t, p, k);
  }
  columns_print(t, INDENT, out);
  columns_free(t);
}
