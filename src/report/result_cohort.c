/* The part of result.json about virtual patients. */
#include "report/result_parts.h"

static void write_share(json_writer *w, const char *key, const cohort_share *s)
{
  json_open_object(w, key);
  json_integer(w, "patients", s->count);
  json_integer(w, "of", s->of);
  json_number(w, "share", s->share);
  json_number(w, "low", s->interval.low);
  json_number(w, "high", s->interval.high);
  json_close_object(w);
}

static void write_figure(json_writer *w, const cohort_figure *figure)
{
  for (int s = 0; s < COHORT_STATISTIC_COUNT; s++) {
    json_number(w, cohort_statistic_names[s], figure->at[s]);
  }
}

static void write_population(json_writer *w, const cohort_study *c)
{
  const population_description *d = c->problem->population;
  json_string(w, "population", c->problem->population_name);
  write_seed(w, "seed", c->problem->population_seed);
  json_integer(w, "drawn", c->acceptance.drawn);
  json_integer(w, "plausible", c->n_included);
  json_integer(w, "outside_the_model", c->acceptance.outside_model);
  json_open_array(w, "implausible_by_range");
  for (int k = 0; k < d->n_ranges; k++) {
    json_open_object(w, NULL);
    json_string(w, "covariate", d->quantity[d->range[k].covariate].name);
    json_integer(w, "patients", c->acceptance.outside[k]);
    json_close_object(w);
  }
  json_close_array(w);
  json_open_array(w, "strata");
  for (int s = 0; s < d->n_strata; s++) {
    json_open_object(w, NULL);
    json_string(w, "name", d->stratum[s].name);
    json_integer(w, "patients", c->in_stratum[s]);
    json_close_object(w);
  }
  json_close_array(w);
  json_number(w, "tolerance", c->problem->tolerance);
  json_integer(w, "trajectories_every_days", c->every_days);
  json_number(w, "confidence", COHORT_CONFIDENCE);
}

static void write_limit(json_writer *w, const limit *l, const cohort_limit *over)
{
  json_open_object(w, NULL);
  write_limit_name(w, l);
  write_share(w, "exceeded", &over->exceeded);
  json_open_array(w, "exceeded_by_dose");
  for (int i = 0; i < SCHEDULE_WINDOWS_MAX; i++) {
    if (over->window[i].of > 0) {
      json_open_object(w, NULL);
      json_integer(w, "dose", i + 1);
      write_share(w, "exceeded", &over->window[i]);
      json_close_object(w);
    }
  }
  json_close_array(w);
  json_open_object(w, "worst_value");
  write_figure(w, &over->worst);
  json_close_object(w);
  json_close_object(w);
}

static void write_endpoints(json_writer *w, const cohort_outcome *o)
{
  json_open_array(w, "endpoints");
  for (int k = 0; k < o->n_rows; k++) {
    json_open_object(w, NULL);
    json_string(w, "endpoint", o->row[k].name);
    if (o->row[k].window > 0) {
      json_integer(w, "dose", o->row[k].window);
    } else {
      json_string(w, "window", "course");
    }
    json_string(w, "unit", o->row[k].unit);
    write_figure(w, &o->figure[k]);
    json_close_object(w);
  }
  json_close_array(w);
}

static void write_onsets(json_writer *w, const cohort_outcome *o)
{
  json_open_array(w, "crs_onset_h");
  for (int d = 0; o->n_onsets > 0 && d <= o->n_onsets; d++) {
    json_open_object(w, NULL);
    if (d > 0) {
      json_integer(w, "dose", d);
    } else {
      json_string(w, "window", "course");
    }
    json_number(w, "expected_events_per_patient", o->onset[d].ill);
    write_figure(w, &o->onset[d].hours);
    json_close_object(w);
  }
  json_close_array(w);
}

static void write_failures(json_writer *w, const cohort_outcome *o)
{
  json_open_object(w, "failures");
  json_integer(w, "patients", o->failures);
  json_string(w, "first", o->first_failure);
  json_open_array(w, "named");
  for (int i = 0; i < o->n_named; i++) {
    json_integer(w, NULL, o->named[i]);
  }
  json_close_array(w);
  json_close_object(w);
}

static void write_outcome(json_writer *w, const stepdose_problem *problem, const cohort_outcome *o)
{
  json_open_object(w, NULL);
  json_string(w, "name", o->name);
  write_doses(w, "doses", o->doses);
  write_failures(w, o);
  if (problem_has_tumor(problem)) {
    json_open_object(w, "goal");
    write_figure(w, &o->goal_figure);
    json_close_object(w);
    write_share(w, "response", &o->response);
    json_integer(w, "tumor_larger_at_the_end", o->grown);
  }
  write_share(w, "any_limit_exceeded", &o->any_limit);
  json_open_array(w, "limits");
  for (int k = 0; k < problem->n_limits; k++) {
    write_limit(w, &problem->limits[k], &o->limit[k]);
  }
  json_close_array(w);
  write_endpoints(w, o);
  write_onsets(w, o);
  json_close_object(w);
}

void write_cohort_parts(json_writer *w, const cohort_study *c)
{
  json_open_object(w, "cohort");
  write_population(w, c);
  json_open_array(w, "regimens");
  for (int r = 0; r < c->n_outcomes; r++) {
    write_outcome(w, c->problem, &c->outcome[r]);
  }
  json_close_array(w);
  json_close_object(w);
}
