/* The near-optimal set in the summary, and the molecule that a run chose. */
#include "base/number.h"
#include "report/columns.h"
#include "report/report.h"
#include "report/words.h"

#include <math.h>
#include <stdio.h>

enum { INDENT = 2, DOSES_WIDTH = 36, DAYS_WIDTH = 30, DESIGNED_WIDTH = 20 };

/* Differences of the goal below this are the integrator's. */
static const double no_loss = 1e-6;

/* Which limit leaves least, in percent of its bound, in the patients of the search: of the value
 * that the allowed share of them exceeds, or of what else the limit bounds. */
static double least_left_in_patients(const stepdose_problem *problem, const double *margin)
{
  double least = HUGE_VAL;
  for (int k = 0; k < problem->n_limits; k++) {
    const limit *l = &problem->limits[k];
    least = fmin(least, assessment_percent_left(l, objective_value_at(l, margin[k])));
  }
  return least;
}

/* The same of one patient; INFINITY where there is no limit. */
static double least_left(const stepdose_problem *problem, const assessment *a)
{
  double least = HUGE_VAL;
  for (int i = 0; i < a->n_values; i++) {
    const limit *l = &problem->limits[a->value[i].limit];
    least = fmin(least, assessment_percent_left(l, a->value[i].value));
  }
  return least;
}

/* A regimen of the list: what is told of it, and what the proposed one reaches. */
typedef struct near_line {
  const schedule *doses;
  const double *design;
  double goal, best, left, total_mg;
  int visits;
} near_line;

/* Doses and days are cut shorter where the molecule takes a column of its own. */
static void near_row(columns *t, const study_proposal *p, const near_line *n, const char *remark)
{
  char list[WORDS_SIZE];
  bool designed = p->problem->n_design > 0;
  double horizon = p->problem->horizon_days;
  double loss = n->best - n->goal;
  columns_row(t);
  words_doses(n->doses, horizon, designed ? DESIGNED_WIDTH : DOSES_WIDTH, list);
  columns_add(t, "%s", list);
  words_days(n->doses, horizon, designed ? DESIGNED_WIDTH : DAYS_WIDTH, list);
  columns_add(t, "%s", list);
  if (designed) {
    words_design(p->problem, n->design, list);
    columns_add(t, "%s", list);
  }
  words_goal_value(&p->problem->goal, n->goal, list);
  columns_add(t, "%s", list);
  columns_add_number(t, fabs(loss) <= no_loss * fmax(1, fabs(n->goal)) ? 0 : loss, 2);
  columns_add_number(t, n->total_mg > 0 ? n->total_mg : (double)NAN, 4);
  columns_add(t, "%d", n->visits);
  if (p->problem->n_limits > 0) {
    words_left(n->left, list);
    columns_add(t, "%s", list);
  }
  columns_add(t, "%s", remark);
}

static near_line line_of(const study_proposal *p, const schedule *doses, const double *design,
                         const assessment *a)
{
  return (near_line){.doses = doses,
                     .design = design,
                     .goal = a->goal,
                     .best = p->verified.goal,
                     .left = least_left(p->problem, a),
                     .total_mg = a->found.total_mg,
                     .visits = a->found.n_visits};
}

static near_line proposed_line(const study_proposal *p)
{
  near_line line = line_of(p, &p->doses, p->design, &p->verified);
  if (p->patients != NULL) {
    const patients_round *last = &p->patients->round[p->patients->n_rounds - 1];
    line.goal = line.best = last->searched_goal;
    line.left = least_left_in_patients(p->problem, last->searched_margin);
  }
  return line;
}

static near_line listed_line(const study_proposal *p, const near_regimen *n)
{
  near_line line = line_of(p, &n->doses, n->design, &n->verified);
  if (p->patients != NULL) {
    line.goal = n->point->goal;
    line.best = proposed_line(p).goal;
    line.left = least_left_in_patients(p->problem, n->margin);
  }
  return line;
}

/* Those of a search over virtual patients are within the limits there. */
static const char *near_remark(const study_proposal *p, const near_regimen *n)
{
  if (p->patients == NULL && !assessment_holds(&n->verified)) {
    return "exceeds a limit";
  }
  if (n->less_drug) {
    return n->fewer_visits ? "less, fewer" : "less drug";
  }
  return n->fewer_visits ? "fewer visits" : "";
}

void summary_near(const study_proposal *p, text *out)
{
  columns *t = columns_open();
  columns_row(t);
  columns_add(t, "doses (%s)", route_unit(p->problem->regimen.route));
  columns_add(t, "days");
  if (p->problem->n_design > 0) {
    columns_add(t, "molecule");
  }
  columns_add(t, "goal");
  columns_add(t, "loss");
  columns_add(t, "mg");
  columns_add(t, "visits");
  if (p->problem->n_limits > 0) {
    columns_add(t, "least left");
  }
  near_line line = proposed_line(p);
  near_row(t, p, &line, "proposed");
  for (int i = 0; i < p->n_near; i++) {
    line = listed_line(p, &p->near[i]);
    near_row(t, p, &line, near_remark(p, &p->near[i]));
  }
  columns_print(t, INDENT, out);
  columns_free(t);
}

static void design_row(columns *t, const stepdose_problem *problem, const double *design, int i)
{
  const design_variable *d = &problem->design[i];
  const model_parameter *p = &problem->model->parameters[d->parameter];
  char low[NUMBER_TEXT_SIZE];
  char high[NUMBER_TEXT_SIZE];
  number_format_rounded(d->values.low, 4, low);
  number_format_rounded(d->values.high, 4, high);
  columns_row(t);
  columns_add(t, "%s (%s)", d->name, p->unit);
  columns_add_number(t, design[i], 4);
  columns_add(t, "%s %s %s", low, d->values.n_choices > 0 ? "..." : "to", high);
  columns_add_number(t, problem->parameters[d->parameter], 4);
}

void summary_design(const stepdose_problem *problem, const double *design, text *out)
{
  if (problem->n_design == 0 || design == NULL) {
    return;
  }
  columns *t = columns_open();
  columns_row(t);
  columns_add(t, "design of the molecule");
  columns_add(t, "chosen");
  columns_add(t, "allowed");
  columns_add(t, "as in its file");
  for (int i = 0; i < problem->n_design; i++) {
    design_row(t, problem, design, i);
  }
  columns_print(t, INDENT, out);
  columns_free(t);
  text_append(out, "\n");
}
