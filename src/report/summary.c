/* The summary that a clinician can read: what was asked, what is proposed, beside what, how sure.
 */
#include "base/number.h"
#include "report/report.h"
#include "report/words.h"

#include <math.h>
#include <stdio.h>

static const char notice[] = "Research use only: not for dosing patients.";

static void rounded(double value, int digits, char out[NUMBER_TEXT_SIZE])
{
  number_format_rounded(value, digits, out);
}

static void write_question(const stepdose_problem *problem, text *out)
{
  words_line(out, "Asked", "%s", problem->title[0] != 0 ? problem->title : problem->name);
  words_line(out, "", "%s in %s, %s, model %s, %g days", problem->molecule_name,
             problem->indication_name,
             problem->reference_patient ? "reference patient" : problem->population_name,
             problem->model->name, problem->horizon_days);
  char measure_name[WORDS_SIZE];
  words_spaced(problem_measures[problem->goal.measure].name, measure_name);
  words_line(out, "Goal", "as much as possible of: %s (%s)", measure_name,
             problem_measures[problem->goal.measure].unit);
  for (int k = 0; k < problem->n_limits; k++) {
    char name[WORDS_SIZE];
    char bound[NUMBER_TEXT_SIZE];
    const limit *l = &problem->limits[k];
    words_limit(l, name);
    rounded(l->bound, 4, bound);
    words_line(out, k == 0 ? "Limits" : "", "%s: at most %s %s", name, bound,
               problem_limit_kinds[l->kind].unit);
  }
}

static void write_outcome(const report_run *run, text *out)
{
  words_line(out, "Result", "%s: %s", stepdose_status_name(run->status),
             stepdose_status_meaning(run->status));
}

static void write_regimen(const report_run *run, const report_regimen *regimen, text *out)
{
  char mg[NUMBER_TEXT_SIZE];
  const endpoints *e = &regimen->verified->found;
  summary_doses(run->problem, regimen, out);
  if (!regimen->verified->simulated) {
    text_append(out, "  The simulation failed: %s\n", regimen->verified->failure);
    return;
  }
  rounded(e->total_mg, 4, mg);
  text_append(out, "  %d doses on %d days%s%s%s\n\n", e->n_doses, e->n_visits,
              e->total_mg > 0 ? ", " : "", e->total_mg > 0 ? mg : "",
              e->total_mg > 0 ? " mg in all" : "");
  if (run->problem->n_limits > 0) {
    summary_limits(run->problem, regimen, out);
    text_append(out, "\n");
  }
}

static void write_warnings(const stepdose_problem *problem, text *out)
{
  for (int i = 0; i < problem->n_warnings; i++) {
    words_paragraph("Warning", problem->warnings[i], out);
  }
}

static void write_bounds(const corner_answers *c, text *out)
{
  if (c->n_bounds == 0) {
    words_line(out, "Corner", "no dose and no day lies at an end of its allowed range");
  }
  for (int i = 0; i < c->n_bounds; i++) {
    char name[WORDS_SIZE];
    char value[NUMBER_TEXT_SIZE];
    words_spaced(c->bound[i].variable->name, name);
    rounded(c->bound[i].value, 4, value);
    words_line(out, "Corner",
               "%s is at the %s value allowed (%s): the range decides, not the model", name,
               c->bound[i].lowest ? "lowest" : "highest", value);
  }
}

static void write_timing(const corner_answers *c, double horizon_days, text *out)
{
  words_line(out, "Timing",
             "tumour kill is %.2f log10 averaged over %g days, %.2f at the end, and had reached "
             "%.2f a week before the end%s",
             c->kill_average, horizon_days, c->kill_end, c->kill_before_last_week,
             c->only_in_last_week ? ": WARNING, it is reached only in the last week" : "");
  if (c->kill_average <= 0) {
    words_line(
        out, "Warning",
        "on average the tumour is larger than at the start: this regimen does not control it");
  }
}

static void write_accuracy(const corner_answers *c, text *out)
{
  words_line(
      out, "Accuracy",
      "a %g times tighter tolerance moves the goal by %.1g and no limit's value by more than "
      "%.1g %%%s",
      STUDY_TIGHTER, fabs(c->goal_change), 100 * c->largest_limit_change,
      c->tolerances_agree ? "" : ": WARNING, the two do not agree");
}

static bool on_a_grid(const regimen_branch *branch)
{
  bool grid = false;
  for (int i = 0; i < branch->n_variables; i++) {
    grid = grid || branch->variable[i].n_levels > 0;
  }
  return grid;
}

static void write_off_grid(const study_proposal *p, text *out)
{
  const study_branch *b = &p->branch[p->chosen_branch];
  const search_outcome *o = &b->outcome;
  if (!o->has_continuous || !on_a_grid(&b->evaluation->branch)) {
    return;
  }
  char list[WORDS_SIZE];
  char value[NUMBER_TEXT_SIZE];
  schedule doses;
  regimen_decode(&b->evaluation->branch, o->continuous.value, &doses);
  words_doses(&doses, p->problem->horizon_days, list);
  rounded(o->continuous.goal, 4, value);
  words_line(out, "", "off the grid the best regimen found is %s, with goal %s (not verified)",
             list, value);
}

static void write_end(const study_proposal *p, text *out)
{
  words_line(out, "Search", "%ld evaluations, %ld failed simulations, ended: %s", p->evaluations,
             p->failures, search_end_name(p->end));
  if (p->failures > 0) {
    words_line(out, "", "first failure: %s", p->first_failure);
  }
  const search_outcome *o = &p->branch[p->chosen_branch].outcome;
  if (p->feasible && o->neighbours > 0) {
    words_line(out, "",
               o->neighbours_complete
                   ? "all %ld neighbours on the grid of doses and days were tried"
                   : "not all of the %ld neighbours on the grid were tried",
               o->neighbours);
  }
  write_off_grid(p, out);
  if (p->safety > 0) {
    words_line(out, "", "the limits were tightened by %.1g %% to allow for the integrator's error",
               100 * (pow(10, p->safety) - 1));
  } else if (p->tried > 1) {
    words_line(out, "", "%d candidates were verified: those before exceeded a limit by a hair",
               p->tried);
  }
}

static void write_checks(const study_proposal *p, text *out)
{
  write_bounds(&p->corner, out);
  if (p->verified.simulated) {
    write_timing(&p->corner, p->problem->horizon_days, out);
    write_accuracy(&p->corner, out);
  }
}

static void write_comparison(const study_proposal *p, text *out)
{
  named_assessment shown[PROBLEM_COMPARATORS_MAX + 1];
  shown[0] =
      (named_assessment){p->feasible ? "proposed" : "least violating", &p->doses, &p->verified};
  for (int i = 0; i < p->n_comparators; i++) {
    const comparator *c = &p->problem->comparators[i];
    shown[i + 1] = (named_assessment){c->name, &c->doses, &p->comparator[i]};
  }
  text_append(out, "Beside other schedules, same model and patient\n");
  summary_side_by_side(p->problem, shown, p->n_comparators + 1, out);
  text_append(out, "\n");
}

static void write_near(const study_proposal *p, text *out)
{
  if (p->n_near_found == 0) {
    text_append(out, "No other regimen that was tried comes within %g of this goal.\n\n",
                p->problem->search.near_optimal_loss);
    return;
  }
  text_append(out,
              "%ld more regimens come within %g of this goal and keep every limit; %d of them\n",
              p->n_near_found, p->problem->search.near_optimal_loss, p->n_near);
  summary_near(p, out);
  text_append(out, "\n");
}

static void write_infeasible(const study_proposal *p, text *out)
{
  int blocking = study_blocking_limit(p);
  if (blocking >= 0) {
    char name[WORDS_SIZE];
    words_limit(&p->problem->limits[blocking], name);
    words_line(out, "Blocked by", "%s", name);
  } else {
    words_line(out, "Blocked by", "the rules of the regimen (order of doses, step ratio, gaps)");
  }
  text_append(out, "\nBy how much each limit would have to move\n");
  summary_relaxations(p, out);
}

static const char *heading(const study_proposal *p)
{
  if (!p->feasible) {
    return "Least violating regimen";
  }
  return p->off_grid ? "Best so far, not yet on the grid of doses and days" : "Proposed regimen";
}

void summary_proposal(const report_run *run, const study_proposal *p, text *out)
{
  report_regimen regimen = {&p->doses, &p->searched, &p->verified, &p->samples};
  write_question(run->problem, out);
  write_outcome(run, out);
  if (!p->has_regimen) {
    words_line(out, "", "stopped before any regimen had been evaluated; the same command goes on");
    write_end(p, out);
    text_append(out, "\n%s\n", notice);
    return;
  }
  if (run->status == STEPDOSE_STATUS_INFEASIBLE) {
    write_infeasible(p, out);
  }
  text_append(out, "\n%s\n", heading(p));
  write_regimen(run, &regimen, out);
  write_comparison(p, out);
  if (p->feasible && !p->off_grid) {
    write_near(p, out);
  }
  write_warnings(run->problem, out);
  write_checks(p, out);
  write_end(p, out);
  text_append(out, "\n%s\n", notice);
}

void summary_simulation(const report_run *run, const study_simulation *s, text *out)
{
  report_regimen regimen = {&s->doses, &s->searched, &s->verified, &s->samples};
  named_assessment shown = {"simulated", &s->doses, &s->verified};
  write_question(run->problem, out);
  write_outcome(run, out);
  text_append(out, "\nSimulated: %s\n", s->regimen_name);
  write_regimen(run, &regimen, out);
  summary_side_by_side(run->problem, &shown, 1, out);
  write_warnings(run->problem, out);
  text_append(out, "\n%s\n", notice);
}
