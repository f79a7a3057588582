/* The summary that a clinician can read: what was asked, what is proposed, beside what, how sure.
 */
#include "base/number.h"
#include "report/ending.h"
#include "report/words_risk.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

void summary_end(text *out) { text_append(out, "\nResearch use only: not for dosing patients.\n"); }

static void rounded(double value, int digits, char out[NUMBER_TEXT_SIZE])
{
  number_format_rounded(value, digits, out);
}

/* In the words of the problem: health, and the grade that it stands for. */
static void write_health_limit(const limit *l, const char *name, const char *head, text *out)
{
  char health[NUMBER_TEXT_SIZE];
  char damage[NUMBER_TEXT_SIZE];
  char grade[WORDS_SIZE] = "";
  rounded(1 - l->bound, 4, health);
  rounded(l->bound, 4, damage);
  if (l->grade > 0) {
    snprintf(grade, sizeof grade, ", below which grade %d begins", l->grade);
  }
  words_line(out, head, "%s: at most %s of it (health at least %s%s)", name, damage, health, grade);
}

static void write_risks(const stepdose_problem *problem, text *out)
{
  for (int k = 0; k < problem->n_limits; k++) {
    char words[WORDS_RISK_SIZE];
    words_risk(problem, &problem->limits[k], words);
    words_paragraph(k == 0 ? "Limits" : "", words, out);
  }
}

static void write_limits(const stepdose_problem *problem, text *out)
{
  for (int k = 0; k < problem->n_limits; k++) {
    char name[WORDS_SIZE];
    char bound[NUMBER_TEXT_SIZE];
    const limit *l = &problem->limits[k];
    const char *unit = problem_limit_kinds[l->kind].unit;
    words_limit(l, name);
    rounded(l->bound, 4, bound);
    if (l->kind == LIMIT_DAMAGE) {
      write_health_limit(l, name, k == 0 ? "Limits" : "", out);
      continue;
    }
    words_line(out, k == 0 ? "Limits" : "", "%s: at most %s%s%s", name, bound,
               strcmp(name, unit) == 0 ? "" : " ", strcmp(name, unit) == 0 ? "" : unit);
  }
}

static void write_no_limits(int n_goals, text *out)
{
  if (n_goals == 0) {
    words_line(out, "Limits", "none were set");
  } else {
    words_line(out, "Limits", "none kept besides the goals (%d %s here)", n_goals,
               n_goals == 1 ? "is a goal" : "are goals");
  }
}

void summary_question(const stepdose_problem *problem, text *out)
{
  summary_question_but(problem, 0, out);
}

void summary_question_but(const stepdose_problem *problem, int n_goals, text *out)
{
  words_line(out, "Asked", "%s", problem->title[0] != 0 ? problem->title : problem->name);
  words_line(out, "", "%s in %s%s, model %s, %g days", problem->molecule_name,
             problem->indication_name, problem->reference_patient ? ", reference patient" : "",
             problem->model->name, problem->horizon_days);
  if (!problem->reference_patient) {
    words_line(out, "", "%d virtual patients of the population \"%s\", seed %llu",
               problem->patients, problem->population_name,
               (unsigned long long)problem->population_seed);
  }
  if (!problem->reference_patient && problem->population->only_stratum > 0) {
    words_line(out, "", "only those of the stratum \"%s\"",
               problem->population->stratum[problem->population->only_stratum - 1].name);
  }
  if (problem_has_tumor(problem)) {
    char measure_name[WORDS_SIZE];
    char statistic[WORDS_SIZE];
    words_measure(&problem->goal, measure_name);
    words_statistic(&problem->goal, statistic);
    words_line(out, "Goal", "as much as possible of: %s (%s)%s%s", measure_name,
               problem_measures[problem->goal.measure].unit, problem->reference_patient ? "" : ", ",
               problem->reference_patient ? "" : statistic);
  }
  if (problem->n_limits == 0) {
    write_no_limits(n_goals, out);
  } else if (problem->reference_patient) {
    write_limits(problem, out);
  } else {
    write_risks(problem, out);
  }
}

static void write_outcome(const report_run *run, const study_proposal *p, text *out)
{
  char meaning[ENDING_SIZE];
  ending_meaning(run, p, meaning);
  words_line(out, "Result", "%s: %s", stepdose_status_name(run->status), meaning);
  const char *next = p != NULL ? ending_next(run, p) : NULL;
  if (next != NULL) {
    words_line(out, "Next", "%s", next);
  }
}

static void write_premedication(const stepdose_problem *problem, const schedule *doses, text *out)
{
  for (int r = 0; r < ROUTE_COUNT; r++) {
    text line = {0};
    if (!route_is_engager((route)r) &&
        words_premedication(doses, problem->horizon_days, (route)r, &line) && !line.failed) {
      text_append(out, "  with %s\n", line.bytes);
    }
    out->failed = out->failed || line.failed;
    text_free(&line);
  }
}

void summary_burden(const stepdose_problem *problem, const report_regimen *regimen, text *out)
{
  char mg[NUMBER_TEXT_SIZE];
  char doses[WORDS_SIZE];
  char days[WORDS_SIZE];
  char hospital[WORDS_SIZE] = "";
  const endpoints *e = &regimen->verified->found;
  rounded(e->total_mg, 4, mg);
  words_count(e->n_doses, "dose", doses);
  words_count(e->n_visits, "day", days);
  if (problem->request.hospital.n_stays > 0) {
    snprintf(hospital, sizeof hospital, ", %.4g days in hospital", e->hospital_days);
  }
  text_append(out, "  %s on %s%s%s%s%s\n", doses, days, e->total_mg > 0 ? ", " : "",
              e->total_mg > 0 ? mg : "", e->total_mg > 0 ? " mg in all" : "", hospital);
  write_premedication(problem, regimen->doses, out);
}

void summary_regimen(const report_run *run, const report_regimen *regimen, text *out)
{
  summary_design(run->problem, regimen->design, out);
  summary_doses(run->problem, regimen, out);
  if (!regimen->verified->simulated) {
    text_append(out, "  The simulation failed: %s\n", regimen->verified->failure);
    return;
  }
  summary_burden(run->problem, regimen, out);
  text_append(out, "\n");
  if (run->problem->n_limits > 0) {
    summary_limits(run->problem, regimen, out);
    text_append(out, "\n");
  }
}

void summary_warnings(const stepdose_problem *problem, text *out)
{
  for (int i = 0; i < problem->n_warnings; i++) {
    words_paragraph("Warning", problem->warnings[i], out);
  }
}

void summary_bounds(int n, const corner_bound *bound, bool designed, text *out)
{
  if (n == 0) {
    words_line(out, "Corner", "no dose%s and no day lies at an end of its allowed range",
               designed ? ", no design value" : "");
  }
  for (int i = 0; i < n; i++) {
    char name[WORDS_SIZE];
    char value[WORDS_SIZE];
    words_variable(&bound[i].variable, name);
    words_value(&bound[i].variable, bound[i].value, value);
    words_line(out, i == 0 ? "Corner" : "",
               "the %s is the %s one allowed (%s): the range decides, not the model", name,
               bound[i].lowest ? "lowest" : "highest", value);
  }
}

static void write_timing(const corner_answers *c, const char *whose, double horizon_days, text *out)
{
  words_line(
      out, "Timing",
      "%stumour kill is %.2f log10 averaged over %g days and %.2f at the end; the largest kill "
      "up to a week before the end is %.2f%s",
      whose, c->kill_average, horizon_days, c->kill_end, c->kill_before_last_week,
      c->only_in_last_week ? ": WARNING, it is reached only in the last week" : "");
  if (c->kill_average <= 0) {
    words_line(
        out, "Warning",
        "on average the tumour is larger than at the start: this regimen does not control it");
  }
}

static void write_accuracy(const corner_answers *c, const char *whose, bool has_limits, text *out)
{
  char limits[WORDS_SIZE] = "";
  if (has_limits) {
    snprintf(limits, sizeof limits, " and no limit's value by more than %.1g %%",
             100 * c->largest_limit_change);
  }
  words_line(out, "Accuracy", "%sa %g times tighter tolerance moves the goal by %.1g%s%s", whose,
             STUDY_TIGHTER, fabs(c->goal_change), limits,
             c->tolerances_agree ? "" : ": WARNING, the two do not agree");
}

static void write_checks(const study_proposal *p, text *out)
{
  summary_bounds(p->corner.n_bounds, p->corner.bound, p->problem->n_design > 0, out);
  const char *whose = p->patients != NULL ? "in the reference patient " : "";
  if (p->verified.simulated) {
    write_timing(&p->corner, whose, p->problem->horizon_days, out);
    write_accuracy(&p->corner, whose, p->problem->n_limits > 0, out);
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
  text_append(out, "Beside other schedules%s, same model and patient\n",
              p->problem->n_design > 0 ? " of the molecule as in its file" : "");
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
  char found[WORDS_SIZE];
  words_count(p->n_near_found, "other regimen", found);
  const char *told =
      p->patients != NULL ? "as the patients of the search have it" : "simulated again";
  text_append(out, "%s found in the search within %g of this goal", found,
              p->problem->search.near_optimal_loss);
  if (p->n_near_found > p->n_near) {
    text_append(out, "; %d of them", p->n_near);
  }
  text_append(out, ", %s:\n", told);
  summary_near(p, out);
  text_append(out, "\n");
}

static void write_blocking(const study_proposal *p, text *out)
{
  const int blocking = study_blocking_limit(p);
  char name[WORDS_RISK_SIZE];
  if (blocking < 0) {
    words_line(out, "Blocked by", "the rules of the regimen (order of doses, step ratio, gaps)");
  } else if (p->patients == NULL) {
    words_limit(&p->problem->limits[blocking], name);
    words_line(out, "Blocked by", "%s", name);
  } else {
    words_risk(p->problem, &p->problem->limits[blocking], name);
    words_line(out, "Blocked by", "%s", name);
    summary_responsible(p, blocking, out);
  }
}

static void write_relaxations(const study_proposal *p, text *out)
{
  text_append(out, "\nBy how much each limit would have to move%s\n",
              p->end == SEARCH_END_CONVERGED ? ""
                                             : " (upper estimates: the search is not complete)");
  if (p->patients != NULL) {
    summary_relaxed_patients(p, out);
  } else {
    summary_relaxations(p, out);
  }
}

static void write_why_not(const study_proposal *p, text *out)
{
  if (p->n_relaxations > 0 || (p->patients != NULL && !p->holds)) {
    write_blocking(p, out);
  }
  if (p->n_relaxations > 0) {
    write_relaxations(p, out);
  }
}

static const char *heading(const study_proposal *p)
{
  if (!p->feasible) {
    return p->off_grid ? "Least violating regimen, not on the grid of doses and days"
                       : "Least violating regimen";
  }
  return p->off_grid ? "Best so far, not yet on the grid of doses and days" : "Proposed regimen";
}

void summary_proposal(const report_run *run, const study_proposal *p, text *out)
{
  report_regimen regimen = {&p->doses, &p->searched, &p->verified, &p->samples, p->design};
  summary_question(run->problem, out);
  write_outcome(run, p, out);
  if (!p->has_regimen) {
    summary_search(p, out);
    summary_end(out);
    return;
  }
  write_why_not(p, out);
  text_append(out, "\n%s, %s\n", heading(p), words_route_meaning(run->problem->regimen.route));
  if (p->patients != NULL) {
    summary_patients(run, p, out);
  } else {
    summary_regimen(run, &regimen, out);
    write_comparison(p, out);
  }
  if (p->feasible && !p->off_grid) {
    write_near(p, out);
  }
  if (p->card != NULL) {
    summary_robustness(run->problem, p->card, out);
  }
  summary_warnings(run->problem, out);
  write_checks(p, out);
  summary_search(p, out);
  summary_end(out);
}

void summary_simulation(const report_run *run, const study_simulation *s, text *out)
{
  report_regimen regimen = {&s->doses, &s->searched, &s->verified, &s->samples, NULL};
  named_assessment shown = {"simulated", &s->doses, &s->verified};
  summary_question(run->problem, out);
  write_outcome(run, NULL, out);
  text_append(out, "\nSimulated: %s, %s\n", s->regimen_name,
              words_route_meaning(run->problem->regimen.route));
  if (run->patients != NULL) {
    text_append(out, "In the reference patient\n");
  }
  summary_regimen(run, &regimen, out);
  summary_side_by_side(run->problem, &shown, 1, out);
  if (run->patients != NULL) {
    summary_cohort(run->patients, out);
  }
  summary_warnings(run->problem, out);
  summary_end(out);
}
