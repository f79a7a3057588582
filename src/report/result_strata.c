/* Member "strata" of result.json: the regimen of each stratum beside the common one. */
#include "report/result_parts.h"

static void write_gain(json_writer *w, const strata_gain *g)
{
  json_integer(w, "patients", g->patients);
  json_number(w, "goal_value_common", g->common);
  json_number(w, "goal_value_own", g->own);
  json_number(w, "gain", g->gain);
  json_number(w, "gain_low", g->low);
  json_number(w, "gain_high", g->high);
}

static void write_outcome(json_writer *w, const char *key, const stepdose_problem *problem,
                          const cohort_outcome *o)
{
  json_open_object(w, key);
  write_risks(w, problem, o);
  json_close_object(w);
}

static void write_search(json_writer *w, const stratum_answer *a)
{
  json_open_object(w, "search");
  json_string(w, "status", stepdose_status_name(a->status));
  json_integer(w, "patients", a->searched_patients);
  json_integer(w, "evaluations", a->evaluations);
  json_integer(w, "failures", a->failures);
  json_integer(w, "rounds", a->rounds);
  json_number(w, "goal_value_found", a->searched_own);
  json_number(w, "goal_value_common", a->searched_common);
  json_close_object(w);
}

static void write_stratum(json_writer *w, const stratum_answer *a)
{
  json_open_object(w, NULL);
  json_string(w, "name", a->problem->population->stratum[a->stratum].name);
  json_string(w, "regimen", stratum_sources[a->source].name);
  json_string(w, "regimen_means", stratum_sources[a->source].meaning);
  write_doses(w, "doses", &a->doses);
  write_search(w, a);
  if (a->judged != NULL) {
    write_gain(w, &a->gain);
    write_outcome(w, "common", a->problem, stratum_common(a));
    write_outcome(w, "own", a->problem, stratum_own(a));
  }
  json_close_object(w);
}

void write_strata_parts(json_writer *w, const study_strata *s)
{
  json_open_object(w, "strata");
  if (s->judged != NULL) {
    write_seed(w, "seed", s->judged->seed);
    json_integer(w, "drawn", s->judged->n_patients);
    json_open_object(w, "overall");
    write_gain(w, &s->overall);
    json_close_object(w);
  }
  json_open_array(w, "by_stratum");
  for (int i = 0; i < s->n; i++) {
    write_stratum(w, &s->stratum[i]);
  }
  json_close_array(w);
  json_close_object(w);
}
