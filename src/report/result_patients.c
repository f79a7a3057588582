/* The part of result.json that only a proposal over virtual patients has: what those of the search
 * said, round by round, and who of them breaks the limit that blocks. */
#include "report/result_parts.h"

#include "study/responsible.h"

static void write_round(json_writer *w, const stepdose_problem *problem, const patients_round *r)
{
  json_open_object(w, NULL);
  write_seed(w, "seed", r->seed);
  json_numbers(w, "margins_to_spare", problem->n_limits, r->safety);
  write_doses(w, "doses", &r->doses);
  json_number(w, "goal_value_in_patients_of_the_search", r->searched_goal);
  json_number(w, "goal_value_in_fresh_patients", r->fresh_goal);
  json_numbers(w, "risks_in_patients_of_the_search", problem->n_limits, r->searched);
  json_numbers(w, "risks_in_fresh_patients", problem->n_limits, r->fresh);
  json_numbers(w, "margins_in_patients_of_the_search", problem->n_limits, r->searched_margin);
  json_numbers(w, "margins_in_fresh_patients", problem->n_limits, r->fresh_margin);
  json_truth(w, "every_limit_holds", r->holds);
  json_close_object(w);
}

static void write_search_patients(json_writer *w, const stepdose_problem *problem,
                                  const patients_answer *a)
{
  json_open_object(w, "patients_search");
  json_integer(w, "drawn", a->seen->n_patients);
  json_integer(w, "plausible", a->seen->n_included);
  write_seed(w, "seed", a->seen->seed);
  json_number(w, "tolerance", a->seen->tolerance);
  json_integer(w, "failures", a->seen->outcome[0].failures);
  write_risks(w, problem, &a->seen->outcome[0]);
  json_open_array(w, "rounds");
  for (int i = 0; i < a->n_rounds; i++) {
    write_round(w, problem, &a->round[i]);
  }
  json_close_array(w);
  json_close_object(w);
}

static void write_covariate(json_writer *w, const population_description *d,
                            const responsible_covariate *c)
{
  json_open_object(w, NULL);
  json_string(w, "covariate", d->quantity[c->covariate].name);
  json_string(w, "unit", d->quantity[c->covariate].unit);
  json_number(w, "median", c->theirs);
  json_number(w, "median_of_the_others", c->others);
  json_number(w, "rank_difference", c->difference);
  json_close_object(w);
}

static void write_responsible(json_writer *w, const cohort_study *c,
                              const responsible_patients *found)
{
  const stepdose_problem *problem = c->problem;
  json_open_object(w, "responsible_patients");
  write_seed(w, "seed", c->seed);
  json_string(w, "limit", problem->limits[found->limit].pointer);
  json_integer(w, "dose", found->window);
  json_integer(w, "patients", found->count);
  json_integer(w, "of", found->of);
  json_open_array(w, "first");
  for (int i = 0; i < found->n_named; i++) {
    json_integer(w, NULL, found->named[i]);
  }
  json_close_array(w);
  json_open_array(w, "differ_in");
  for (int i = 0; i < found->n_covariates; i++) {
    write_covariate(w, problem->population, &found->covariate[i]);
  }
  json_close_array(w);
  json_close_object(w);
}

void write_patients_parts(json_writer *w, const study_proposal *p)
{
  responsible_patients found;
  const cohort_study *c = study_judging_patients(p);
  const int blocking = study_blocking_limit(p);
  write_search_patients(w, p->problem, p->patients);
  if (blocking < 0) {
    json_null(w, "responsible_patients");
  } else if (responsible_patients_find(c, &c->outcome[0], blocking, &found, NULL)) {
    write_responsible(w, c, &found);
  } else {
    w->out->failed = true;
  }
}
