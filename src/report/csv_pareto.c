/* pareto.csv: one row a point of the front, the largest benefit first. */
#include "report/report.h"

#include <math.h>
#include <stdio.h>

static void append_number(text *out, double value)
{
  text_append(out, ",");
  csv_number(out, value);
}

static void append_truth(text *out, bool value) { text_append(out, value ? ",TRUE" : ",FALSE"); }

static void append_known(text *out, bool known, bool value)
{
  if (known) {
    append_truth(out, value);
  } else {
    text_append(out, ",NA");
  }
}

void csv_goal_column(const study_pareto *s, int k, char name[CSV_GOAL_SIZE])
{
  if (k < 0) {
    snprintf(name, CSV_GOAL_SIZE, "benefit_%s", problem_measures[s->goals->goal.measure].name);
  } else {
    snprintf(name, CSV_GOAL_SIZE, "cost_%d_%s", k + 1,
             problem_cost_measure(study_pareto_cost(s, k)->kind));
  }
}

static void append_header(const study_pareto *s, text *out)
{
  text_append(out, "point,shown,chosen");
  for (int i = 0; i < s->problem->n_design; i++) {
    text_append(out, ",%s", s->problem->design[i].name);
  }
  text_append(out, ",steps,days,amounts,total_mg");
  for (int k = -1; k < s->n_costs; k++) {
    char name[CSV_GOAL_SIZE];
    csv_goal_column(s, k, name);
    text_append(out, ",%s,%s_verified,%s_fresh,%s_low,%s_high", name, name, name, name, name);
  }
  for (int k = 0; k < s->n_costs; k++) {
    text_append(out, ",cost_%d_saved,cost_%d_benefit_lost,cost_%d_next_point", k + 1, k + 1, k + 1);
  }
  for (int k = 0; k < s->n_kept; k++) {
    text_append(out, ",limit_%d_%s_margin", s->kept[k] + 1,
                problem_limit_kinds[s->goals->limits[k].kind].objective);
  }
  text_append(out, ",holds,surpassed_fresh\n");
}

/* Index among the points that are shown, -1: it is not. */
static int place_shown(const study_pareto *s, long point)
{
  for (int i = 0; i < s->n_shown; i++) {
    if (s->shown[i] == point) {
      return i;
    }
  }
  return -1;
}

static void append_goal(double searched, double verified, const pareto_interval *fresh, text *out)
{
  append_number(out, searched);
  append_number(out, verified);
  append_number(out, fresh != NULL ? fresh->value : (double)NAN);
  append_number(out, fresh != NULL ? fresh->low : (double)NAN);
  append_number(out, fresh != NULL ? fresh->high : (double)NAN);
}

static void append_goals(const study_pareto *s, const pareto_point *p, int shown, text *out)
{
  const pareto_fresh *fresh = shown >= 0 && s->fresh[shown].simulated ? &s->fresh[shown] : NULL;
  append_goal(p->benefit, p->verified_benefit, fresh != NULL ? &fresh->benefit : NULL, out);
  for (int k = 0; k < s->n_costs; k++) {
    append_goal(p->cost[k], p->verified_cost[k], fresh != NULL ? &fresh->cost[k] : NULL, out);
  }
}

static void append_point(const study_pareto *s, long i, text *out)
{
  const pareto_point *p = &s->front[i];
  const int shown = place_shown(s, i);
  text_append(out, "%ld", i + 1);
  append_truth(out, shown >= 0);
  append_truth(out, i == s->chosen);
  for (int k = 0; k < s->problem->n_design; k++) {
    append_number(out, p->design[k]);
  }
  text_append(out, ",%d", p->n_steps);
  csv_doses(&p->doses, out);
  append_number(out, schedule_total_mg(&p->doses));
  append_goals(s, p, shown, out);
  for (int k = 0; k < s->n_costs; k++) {
    const pareto_exchange *x = &p->exchange[k];
    append_number(out, x->saved);
    append_number(out, x->lost);
    append_number(out, x->to >= 0 ? (double)(x->to + 1) : (double)NAN);
  }
  for (int k = 0; k < s->n_kept; k++) {
    append_number(out, p->margin[k]);
  }
  append_known(out, p->checked, p->holds);
  append_known(out, shown >= 0 && s->fresh[shown].simulated,
               shown >= 0 && s->fresh[shown].surpassed);
  text_append(out, "\n");
}

void csv_pareto(const study_pareto *s, text *out)
{
  append_header(s, out);
  for (long i = 0; i < s->found.n_front; i++) {
    append_point(s, i, out);
  }
}
