/* The part of result.json that only a proposal has. */
#include "report/decisions.h"
#include "report/ending.h"
#include "report/result_parts.h"

#include <stdio.h>

void write_bounds(json_writer *w, int n, const corner_bound *bound)
{
  json_open_array(w, "at_a_bound");
  for (int i = 0; i < n; i++) {
    json_open_object(w, NULL);
    json_string(w, "variable", bound[i].variable.name);
    json_number(w, "value", bound[i].value);
    json_string(w, "unit", bound[i].variable.unit);
    json_string(w, "bound", bound[i].lowest ? "lowest" : "highest");
    json_close_object(w);
  }
  json_close_array(w);
}

static void write_corner(json_writer *w, const study_proposal *p)
{
  const corner_answers *c = &p->corner;
  json_open_object(w, "corner");
  write_bounds(w, c->n_bounds, c->bound);
  json_number(w, "log10_kill_time_averaged", c->kill_average);
  json_number(w, "log10_kill_at_end", c->kill_end);
  json_number(w, "log10_kill_before_last_week", c->kill_before_last_week);
  json_truth(w, "kill_only_in_last_week", c->only_in_last_week);
  json_truth(w, "second_tolerance_agrees", c->tolerances_agree);
  json_number(w, "goal_change", c->goal_change);
  json_number(w, "largest_relative_limit_change", c->largest_limit_change);
  json_close_object(w);
}

static void write_largest_values(json_writer *w, const stepdose_problem *problem,
                                 const assessment *a)
{
  json_open_array(w, "limits");
  for (int k = 0; k < problem->n_limits; k++) {
    int worst = assessment_worst(a, k);
    json_open_object(w, NULL);
    json_string(w, "pointer", problem->limits[k].pointer);
    if (worst < 0) {
      json_null(w, "value");
      json_null(w, "dose");
      json_null(w, "margin");
    } else {
      json_number(w, "value", a->value[worst].value);
      json_integer(w, "dose", a->value[worst].window);
      json_number(w, "margin", a->value[worst].margin);
    }
    json_close_object(w);
  }
  json_close_array(w);
}

static void write_assessment(json_writer *w, const stepdose_problem *problem, const assessment *a)
{
  json_truth(w, "simulated", a->simulated);
  if (!a->simulated) {
    json_string(w, "failure", a->failure);
    return;
  }
  json_number(w, "goal", a->goal);
  json_number(w, "total_mg", a->found.total_mg);
  json_integer(w, "visits", a->found.n_visits);
  write_hospital_days(w, problem, a->found.hospital_days);
  json_truth(w, "every_limit_holds", assessment_holds(a));
  write_largest_values(w, problem, a);
  json_open_array(w, "il6_peak_pg_mL_by_dose");
  for (int i = 0; i < a->found.n_windows; i++) {
    json_number(w, NULL, a->found.il6[i].value);
  }
  json_close_array(w);
}

/* What the patients of the search say, in the order of the limits; risk NULL: not kept. */
static void write_in_patients(json_writer *w, const stepdose_problem *problem, double goal_value,
                              const double *risk, const double *margin)
{
  json_open_object(w, "in_patients_of_the_search");
  json_number(w, "goal_value", goal_value);
  if (risk != NULL) {
    json_numbers(w, "risks", problem->n_limits, risk);
  }
  json_numbers(w, "margins", problem->n_limits, margin);
  json_close_object(w);
}

static void write_near(json_writer *w, const study_proposal *p)
{
  json_open_object(w, "near_optimal");
  json_number(w, "loss_allowed", p->problem->search.near_optimal_loss);
  json_integer(w, "found", p->n_near_found);
  json_open_array(w, "listed");
  for (int i = 0; i < p->n_near; i++) {
    const near_regimen *n = &p->near[i];
    json_open_object(w, NULL);
    write_doses(w, "doses", &n->doses);
    write_design(w, p->problem, n->design);
    json_number(w, "loss",
                p->patients != NULL ? p->patients->seen->outcome[0].goal_value - n->point->goal
                                    : p->verified.goal - n->verified.goal);
    json_truth(w, "less_drug", n->less_drug);
    json_truth(w, "fewer_visits", n->fewer_visits);
    if (p->patients != NULL) {
      write_in_patients(w, p->problem, n->point->goal, NULL, n->margin);
    }
    write_assessment(w, p->problem, &n->verified);
    json_close_object(w);
  }
  json_close_array(w);
  json_close_object(w);
}

static void write_comparators(json_writer *w, const study_proposal *p)
{
  json_open_array(w, "comparators");
  for (int i = 0; i < p->n_comparators; i++) {
    const comparator *c = &p->problem->comparators[i];
    json_open_object(w, NULL);
    json_string(w, "name", c->name);
    json_string(w, "source", c->source);
    json_truth(w, "approved", c->approved);
    write_doses(w, "doses", &c->doses);
    write_assessment(w, p->problem, &p->comparator[i]);
    json_close_object(w);
  }
  json_close_array(w);
}

static void write_relaxation(json_writer *w, const study_proposal *p, const relaxation *r)
{
  const limit *l = &p->problem->limits[r->limit];
  json_open_object(w, NULL);
  write_limit_name(w, l);
  json_truth(w, "enough_alone", r->possible);
  if (r->possible) {
    json_number(w, "bound_needed", r->bound_needed);
    if (p->patients != NULL) {
      json_number(w, "bound_needed_at_the_same_share", r->bound_at_share);
      write_in_patients(w, p->problem, r->goal, r->risk, r->margin);
    }
    write_doses(w, "doses", &r->doses);
    write_design(w, p->problem, r->design);
    write_assessment(w, p->problem, &r->at);
  }
  json_integer(w, "evaluations", r->evaluations);
  json_close_object(w);
}

static void write_infeasibility(json_writer *w, const study_proposal *p)
{
  if (p->feasible || !p->has_regimen) {
    json_null(w, "infeasibility");
    return;
  }
  int blocking = study_blocking_limit(p);
  json_open_object(w, "infeasibility");
  if (blocking >= 0) {
    json_string(w, "blocking_limit", p->problem->limits[blocking].pointer);
  } else {
    json_null(w, "blocking_limit");
  }
  json_number(w, "least_violation", p->chosen->violation);
  json_open_array(w, "each_limit_alone");
  for (int i = 0; i < p->n_relaxations; i++) {
    write_relaxation(w, p, &p->relaxation[i]);
  }
  json_close_array(w);
  json_close_object(w);
}

static void write_decisions(json_writer *w, const study_branch *b, const double *value)
{
  const char *name[DECISIONS_MAX];
  double decided[DECISIONS_MAX];
  int n = decisions_of(b->evaluation, value, name, decided);
  for (int i = 0; i < n; i++) {
    json_number(w, name[i], decided[i]);
  }
}

static void write_point(json_writer *w, const char *key, const study_branch *b,
                        const search_point *point)
{
  json_open_object(w, key);
  write_decisions(w, b, point->value);
  json_number(w, "goal", point->goal);
  json_number(w, "violation", point->violation);
  json_close_object(w);
}

static void write_start(json_writer *w, const study_branch *b, const search_start_report *s)
{
  json_open_object(w, NULL);
  json_open_object(w, "from");
  write_decisions(w, b, s->start);
  json_close_object(w);
  write_point(w, "best", b, &s->best);
  json_truth(w, "feasible", s->feasible);
  json_integer(w, "evaluations", s->evaluations);
  json_integer(w, "failures", s->failures);
  json_string(w, "end", search_end_name(s->end));
  json_integer(w, "engine_code", s->engine_code);
  json_string(w, "engine_message", s->engine_message);
  json_close_object(w);
}

static void write_branch(json_writer *w, const study_branch *b)
{
  const search_outcome *o = &b->outcome;
  json_open_object(w, NULL);
  json_integer(w, "steps", b->evaluation->branch.n_steps);
  json_integer(w, "variables", b->evaluation->n_variables);
  json_integer(w, "constraints", b->evaluation->n_constraints);
  json_integer(w, "evaluations", o->evaluations);
  json_integer(w, "failures", o->failures);
  json_string(w, "end", search_end_name(o->end));
  if (o->has_continuous) {
    write_point(w, "continuous", b, &o->continuous);
  }
  if (o->has_final) {
    write_point(w, "final", b, &o->final);
    json_truth(w, "neighbours_complete", o->neighbours_complete);
    json_integer(w, "neighbours", o->neighbours);
  }
  json_open_array(w, "starts");
  for (int i = 0; i < o->n_starts; i++) {
    write_start(w, b, &o->start_report[i]);
  }
  json_close_array(w);
  json_close_object(w);
}

static void write_search(json_writer *w, const study_proposal *p)
{
  const search_settings *settings = &p->problem->search;
  char seed[32];
  snprintf(seed, sizeof seed, "%llu", (unsigned long long)settings->seed);
  json_open_object(w, "search");
  json_string(w, "engine", settings->engine);
  json_string(w, "seed", seed);
  json_integer(w, "starts", settings->starts);
  json_integer(w, "evaluations_max", settings->evaluations_max);
  json_integer(w, "evaluations", p->evaluations);
  json_integer(w, "evaluations_on_few_patients", p->evaluations_coarse);
  json_integer(w, "evaluations_to_explain", p->evaluations_relax);
  json_integer(w, "evaluations_to_repair", p->evaluations_repair);
  json_integer(w, "failed_simulations", p->failures);
  json_string(w, "first_failure", p->first_failure);
  json_string(w, "end", search_end_name(p->end));
  json_string(w, "end_meaning", ending_of_search(p));
  json_truth(w, "evaluation_budget_used_up", p->budget_used_up);
  json_integer(w, "candidates_verified", p->tried);
  json_number(w, "limits_tightened_log10", p->safety);
  json_open_array(w, "branches");
  for (int b = 0; b < p->n_branches; b++) {
    write_branch(w, &p->branch[b]);
  }
  json_close_array(w);
  json_close_object(w);
}

void write_proposal_parts(json_writer *w, const study_proposal *p)
{
  if (p->has_regimen) {
    write_corner(w, p);
  }
  write_near(w, p);
  write_comparators(w, p);
  write_infeasibility(w, p);
  if (p->patients != NULL) {
    write_patients_parts(w, p);
  }
  write_search(w, p);
}
