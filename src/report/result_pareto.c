/* The part of result.json that only a front has; all of its points stand in pareto.csv. */
#include "report/result_parts.h"

#include "report/report.h"
#include "report/words.h"

#include <math.h>

static void write_column(json_writer *w, const study_pareto *s, int k)
{
  char column[CSV_GOAL_SIZE];
  csv_goal_column(s, k, column);
  json_string(w, "column", column);
}

static void write_benefit(json_writer *w, const study_pareto *s)
{
  char words[WORDS_SIZE];
  const measure_row *row = &problem_measures[s->goals->goal.measure];
  words_measure(&s->goals->goal, words);
  json_open_object(w, NULL);
  json_string(w, "direction", "maximize");
  write_column(w, s, -1);
  json_string(w, "objective", row->objective);
  json_string(w, "measure", row->name);
  json_string(w, "statistic", problem_statistic_names[s->goals->goal.statistic]);
  json_string(w, "words", words);
  json_string(w, "unit", row->unit);
  json_close_object(w);
}

static void write_cost(json_writer *w, const study_pareto *s, int k)
{
  char words[SUMMARY_COST_SIZE];
  const limit *l = study_pareto_cost(s, k);
  summary_cost(s, k, words);
  json_open_object(w, NULL);
  json_string(w, "direction", "minimize");
  write_column(w, s, k);
  json_string(w, "objective", problem_limit_kinds[l->kind].objective);
  json_string(w, "measure", problem_cost_measure(l->kind));
  if (problem_limit_kinds[l->kind].takes_window) {
    json_string(w, "window", problem_window_names[l->window]);
  }
  json_string(w, "words", words);
  json_string(w, "unit", problem_limit_kinds[l->kind].unit);
  json_close_object(w);
}

static void write_goals(json_writer *w, const study_pareto *s)
{
  json_open_array(w, "goals");
  write_benefit(w, s);
  for (int k = 0; k < s->n_costs; k++) {
    write_cost(w, s, k);
  }
  json_close_array(w);
  json_open_array(w, "limits_kept");
  for (int k = 0; k < s->n_kept; k++) {
    json_string(w, NULL, s->problem->limits[s->kept[k]].pointer);
  }
  json_close_array(w);
}

/* The first objective is the benefit with its sign turned. */
static void write_corner_point(json_writer *w, const char *key, const study_pareto *s,
                               const double *objective)
{
  json_open_array(w, key);
  for (int k = 0; k < s->found.n_objectives; k++) {
    json_number(w, NULL, k == 0 ? -objective[k] : objective[k]);
  }
  json_close_array(w);
}

static void write_trace(json_writer *w, const study_pareto *s)
{
  json_open_array(w, "trace");
  for (int g = 0; g < s->found.n_generations; g++) {
    const pareto_generation *at = &s->found.generation[g];
    json_open_object(w, NULL);
    json_integer(w, "evaluations", at->evaluations);
    json_integer(w, "front", at->front);
    json_number(w, "hypervolume", at->hypervolume);
    json_close_object(w);
  }
  json_close_array(w);
}

static void write_search(json_writer *w, const study_pareto *s)
{
  const pareto_settings *asked = &s->goals->pareto;
  json_open_object(w, "search");
  write_seed(w, "seed", asked->seed);
  json_integer(w, "population_size", asked->population_size);
  json_integer(w, "evaluations_max", asked->evaluations_max);
  json_integer(w, "branches", s->n_branches);
  json_integer(w, "evaluations", s->evaluations);
  json_integer(w, "seeds", s->seeds);
  json_integer(w, "failed_simulations", s->failures);
  json_string(w, "first_failure", s->first_failure);
  json_string(w, "end", search_end_name(s->end));
  json_truth(w, "every_regimen_was_tried", s->end == SEARCH_END_CONVERGED);
  json_integer(w, "points_that_gave_way", s->n_given_way);
  json_close_object(w);
}

static void write_value(json_writer *w, double searched, double verified,
                        const pareto_interval *fresh)
{
  json_open_object(w, NULL);
  json_number(w, "searched", searched);
  json_number(w, "verified", verified);
  if (fresh != NULL) {
    json_number(w, "fresh", fresh->value);
    json_number(w, "low", fresh->low);
    json_number(w, "high", fresh->high);
  }
  json_close_object(w);
}

static void write_values(json_writer *w, const study_pareto *s, const pareto_point *p,
                         const pareto_fresh *fresh)
{
  json_open_array(w, "values");
  write_value(w, p->benefit, p->verified_benefit, fresh != NULL ? &fresh->benefit : NULL);
  for (int k = 0; k < s->n_costs; k++) {
    write_value(w, p->cost[k], p->verified_cost[k], fresh != NULL ? &fresh->cost[k] : NULL);
  }
  json_close_array(w);
}

static void write_kept(json_writer *w, const study_pareto *s, const pareto_point *p,
                       const pareto_fresh *fresh)
{
  json_open_array(w, "limits");
  for (int k = 0; k < s->n_kept; k++) {
    json_open_object(w, NULL);
    json_string(w, "pointer", s->problem->limits[s->kept[k]].pointer);
    json_number(w, "margin", p->margin[k]);
    if (fresh != NULL) {
      json_number(w, "fresh", fresh->risk[k]);
    }
    json_close_object(w);
  }
  json_close_array(w);
}

static void write_exchanges(json_writer *w, const study_pareto *s, const pareto_point *p)
{
  json_open_array(w, "one_percent_less");
  for (int k = 0; k < s->n_costs; k++) {
    const pareto_exchange *x = &p->exchange[k];
    json_open_object(w, NULL);
    json_number(w, "step", x->step);
    if (x->to >= 0) {
      json_integer(w, "next_point", x->to + 1);
    } else {
      json_null(w, "next_point");
    }
    json_number(w, "saved", x->saved);
    json_number(w, "benefit_lost", x->lost);
    json_close_object(w);
  }
  json_close_array(w);
}

static void write_point(json_writer *w, const study_pareto *s, int shown)
{
  const long i = s->shown[shown];
  const pareto_point *p = &s->front[i];
  const pareto_fresh *fresh = s->fresh[shown].simulated ? &s->fresh[shown] : NULL;
  json_open_object(w, NULL);
  json_integer(w, "point", i + 1);
  json_truth(w, "chosen", i == s->chosen);
  json_integer(w, "steps", p->n_steps);
  write_doses(w, "doses", &p->doses);
  write_design(w, s->problem, p->design);
  write_values(w, s, p, fresh);
  write_kept(w, s, p, fresh);
  if (p->checked) {
    json_truth(w, "holds", p->holds);
  }
  write_exchanges(w, s, p);
  json_close_object(w);
}

static void write_fresh_patients(json_writer *w, const study_pareto *s)
{
  if (s->problem->reference_patient) {
    return;
  }
  json_open_object(w, "fresh_patients");
  json_integer(w, "patients", s->problem->verification.patients);
  write_seed(w, "seed", s->problem->verification.seed);
  json_number(w, "tolerance", s->problem->tolerance / STUDY_TIGHTER);
  json_close_object(w);
}

void write_front_parts(json_writer *w, const study_pareto *s)
{
  json_open_object(w, "pareto");
  write_goals(w, s);
  json_integer(w, "points", s->found.n_front);
  if (s->chosen >= 0) {
    json_integer(w, "chosen_point", s->chosen + 1);
    json_truth(w, "chosen_is_knee", s->has_knee);
    write_corner_point(w, "best_of_each", s, s->found.ideal);
    write_corner_point(w, "worst_of_each", s, s->found.nadir);
    write_corner_point(w, "reference", s, s->found.reference);
  }
  json_number(w, "hypervolume", s->found.hypervolume);
  write_trace(w, s);
  write_fresh_patients(w, s);
  json_open_array(w, "shown");
  for (int i = 0; i < s->n_shown; i++) {
    write_point(w, s, i);
  }
  json_close_array(w);
  write_search(w, s);
  json_close_object(w);
}
