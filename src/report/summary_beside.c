/* Schedules side by side in the same virtual patients. */
#include "report/columns.h"
#include "report/report.h"
#include "report/words_risk.h"

#include "study/cohort_parts.h"

#include <math.h>
#include <stdio.h>

enum { INDENT = 2, NAME_WIDTH = 20, ROW_WIDTH = 40 };

static void add_head(columns *t, const cohort_study *c, const char *given)
{
  char name[WORDS_SIZE];
  columns_row(t);
  columns_add(t, " ");
  for (int r = 0; r < c->n_outcomes; r++) {
    words_name(r == 0 ? given : c->outcome[r].name, NAME_WIDTH, name);
    columns_add(t, "%s", name);
  }
  columns_row(t);
  columns_add(t, "doses (%s)", route_unit(c->problem->regimen.route));
  for (int r = 0; r < c->n_outcomes; r++) {
    words_doses(c->outcome[r].doses, c->problem->horizon_days, NAME_WIDTH, name);
    columns_add(t, "%s", name);
  }
}

typedef double outcome_figure(const cohort_outcome *o, int argument);

static double exceeded_share(const cohort_outcome *o, int k)
{
  return 100 * o->limit[k].exceeded.share;
}

static double any_share(const cohort_outcome *o, int unused)
{
  (void)unused;
  return 100 * o->any_limit.share;
}

static double response_share(const cohort_outcome *o, int unused)
{
  (void)unused;
  return 100 * o->response.share;
}

static double crs_course(const cohort_outcome *o, int grade)
{
  return 100 * summary_crs_mean(o, grade, 0);
}

static void figure_row(columns *t, const cohort_study *c, const char *name, outcome_figure *of,
                       int argument)
{
  columns_row(t);
  columns_add(t, "%s", name);
  for (int r = 0; r < c->n_outcomes; r++) {
    columns_add_number(t, of(&c->outcome[r], argument), 3);
  }
}

/* A limit that tells no risk is exceeded by a share of the patients, which nothing forbids. */
static void exceeded_row(columns *t, const cohort_study *c, int k)
{
  char name[WORDS_SIZE];
  char row[2 * WORDS_SIZE];
  words_limit(&c->problem->limits[k], name);
  snprintf(row, sizeof row, "%.40s exceeded (%%)", name);
  figure_row(t, c, row, exceeded_share, k);
}

static void risk_row(columns *t, const cohort_study *c, int k)
{
  const limit *l = &c->problem->limits[k];
  char name[WORDS_SIZE], words[WORDS_SIZE];
  words_risk_row(c->problem, k, name);
  columns_row(t);
  words_name(name, ROW_WIDTH, words);
  columns_add(t, "%s", words);
  for (int r = 0; r < c->n_outcomes; r++) {
    const cohort_outcome *o = &c->outcome[r];
    const int worst = cohort_outcome_worst(o, k);
    words_risk_value(l, worst >= 0 ? o->risk[worst].value : (double)NAN, words);
    columns_add(t, "%s", words);
  }
}

static void verdict_row(columns *t, const cohort_study *c)
{
  columns_row(t);
  columns_add(t, "every limit holds");
  for (int r = 0; r < c->n_outcomes; r++) {
    columns_add(t, cohort_outcome_holds(&c->outcome[r]) ? "yes" : "no");
  }
}

static void limit_rows(columns *t, const cohort_study *c)
{
  bool untold = false;
  for (int k = 0; k < c->problem->n_limits; k++) {
    if (c->problem->limits[k].risk == RISK_NONE) {
      untold = true;
      exceeded_row(t, c, k);
    } else {
      risk_row(t, c, k);
    }
  }
  if (untold && c->problem->n_limits > 1) {
    figure_row(t, c,
               summary_bounds_crs(c->problem) ? "any but a CRS probability exceeded (%)"
                                              : "any limit exceeded (%)",
               any_share, 0);
  }
  if (!untold && c->problem->n_limits > 0) {
    verdict_row(t, c);
  }
}

static void goal_row(columns *t, const cohort_study *c)
{
  const goal *g = &c->problem->goal;
  char words[WORDS_SIZE];
  words_measure(g, words);
  columns_row(t);
  columns_add(t, "%s", words);
  for (int r = 0; r < c->n_outcomes; r++) {
    words_goal_value(g, c->outcome[r].goal_value, words);
    columns_add(t, "%s", words);
  }
}

static bool is_limited(const stepdose_problem *problem, limit_kind kind)
{
  bool limited = false;
  for (int k = 0; k < problem->n_limits; k++) {
    limited = limited || problem->limits[k].kind == kind;
  }
  return limited;
}

typedef double burden_of(const schedule *s, const stepdose_problem *problem);

static double milligrams(const schedule *s, const stepdose_problem *problem)
{
  const double mg = schedule_total_mg(s);
  (void)problem;
  return mg > 0 ? mg : (double)NAN;
}

static double visits(const schedule *s, const stepdose_problem *problem)
{
  return schedule_visits(s, problem->horizon_days);
}

static double hospital_days(const schedule *s, const stepdose_problem *problem)
{
  return schedule_hospital_days(s, &problem->request.hospital, problem->horizon_days);
}

/* What is a limit already stands among them. */
static void burden_row(columns *t, const cohort_study *c, limit_kind kind, const char *name,
                       burden_of *of)
{
  if (is_limited(c->problem, kind)) {
    return;
  }
  columns_row(t);
  columns_add(t, "%s", name);
  for (int r = 0; r < c->n_outcomes; r++) {
    columns_add_number(t, of(c->outcome[r].doses, c->problem), 4);
  }
}

void summary_beside(const cohort_study *c, const char *given, text *out)
{
  columns *t = columns_open();
  add_head(t, c, given);
  limit_rows(t, c);
  if (problem_has_tumor(c->problem)) {
    goal_row(t, c);
    figure_row(t, c, "response (%)", response_share, 0);
  }
  if (c->problem->model->n_outputs > OUTPUT_CRS_DRIVE) {
    figure_row(t, c, "CRS of any grade (%)", crs_course, 1);
    figure_row(t, c, "CRS grade 2 or higher (%)", crs_course, 2);
  }
  burden_row(t, c, LIMIT_TOTAL_MG, "total drug (mg)", milligrams);
  burden_row(t, c, LIMIT_VISITS, "visits", visits);
  if (c->problem->request.hospital.n_stays > 0) {
    burden_row(t, c, LIMIT_HOSPITAL_DAYS, "hospital stay (days)", hospital_days);
  }
  if (!columns_print(t, INDENT, out)) {
    text_append(out, "  (further schedules: result.json, cohort)\n");
  }
  columns_free(t);
  text_append(out, "\n");
}
