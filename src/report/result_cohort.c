/* The part of result.json about virtual patients. */
#include "report/result_parts.h"

#include "base/allocate.h"
#include "study/cohort_parts.h"

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
  write_seed(w, "seed", c->seed);
  json_truth(w, "fresh", c->seed != c->problem->population_seed);
  json_integer(w, "drawn", c->acceptance.drawn);
  json_integer(w, "plausible", c->n_included);
  json_integer(w, "different", c->worth.different);
  json_number(w, "effective", c->worth.effective);
  json_number(w, "rejection_acceptance", c->worth.acceptance);
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
  json_number(w, "tolerance", c->tolerance);
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

void write_risks(json_writer *w, const stepdose_problem *problem, const cohort_outcome *o)
{
  json_number(w, "goal_value", o->goal_value);
  if (cohort_can_judge(problem)) {
    json_truth(w, "every_limit_holds", cohort_outcome_holds(o));
  } else {
    json_null(w, "every_limit_holds");
  }
  json_open_array(w, "risks");
  for (int r = 0; r < o->n_risks; r++) {
    const cohort_risk *risk = &o->risk[r];
    const limit *l = &problem->limits[risk->limit];
    json_open_object(w, NULL);
    json_integer(w, "limit", risk->limit + 1);
    json_string(w, "pointer", l->pointer);
    json_string(w, "risk", l->risk == RISK_MEAN ? "mean" : problem_risk_keys[l->risk]);
    json_integer(w, "dose", risk->window);
    json_number(w, "value", risk->value);
    json_number(w, "bound", risk->bound);
    json_number(w, "low", risk->low);
    json_number(w, "high", risk->high);
    json_integer(w, "patients", risk->count);
    json_integer(w, "of", risk->of);
    json_number(w, "margin", risk->margin);
    json_truth(w, "holds", risk->holds);
    json_close_object(w);
  }
  json_close_array(w);
}

static void write_crs_share(json_writer *w, const crs_share *s)
{
  json_open_object(w, NULL);
  json_integer(w, "grade_at_least", s->grade);
  json_integer(w, "dose", s->window);
  json_number(w, "share", s->risk.value);
  json_number(w, "low", s->risk.low);
  json_number(w, "high", s->risk.high);
  json_integer(w, "expected", s->risk.count);
  json_integer(w, "of", s->risk.of);
  json_close_object(w);
}

static void write_crs(json_writer *w, const cohort_study *c, const cohort_outcome *o)
{
  crs_share *share = allocate_zeroed(CRS_SHARES_MAX, sizeof *share);
  int n = 0;
  if (share == NULL || !cohort_crs_shares(c, o, &n, share, NULL)) {
    w->out->failed = true;
  }
  json_open_array(w, "crs");
  for (int i = 0; i < n; i++) {
    write_crs_share(w, &share[i]);
  }
  json_close_array(w);
  release(share);
}

static void write_strata(json_writer *w, const cohort_study *c, const cohort_outcome *o)
{
  const population_description *d = c->problem->population;
  stratum_findings found[POPULATION_STRATA_MAX];
  if (!cohort_by_stratum(c, o, found, NULL)) {
    w->out->failed = true;
    return;
  }
  json_open_array(w, "by_stratum");
  for (int s = 0; s < d->n_strata; s++) {
    json_open_object(w, NULL);
    json_string(w, "stratum", d->stratum[s].name);
    json_integer(w, "patients", found[s].patients);
    json_number(w, "goal_value", found[s].goal);
    json_numbers(w, "risks", c->problem->n_limits, found[s].risk);
    json_close_object(w);
  }
  json_close_array(w);
}

static void write_outcome(json_writer *w, const cohort_study *c, const cohort_outcome *o)
{
  const stepdose_problem *problem = c->problem;
  json_open_object(w, NULL);
  json_string(w, "name", o->name);
  write_doses(w, "doses", o->doses);
  json_number(w, "total_mg", schedule_total_mg(o->doses));
  json_integer(w, "visits", schedule_visits(o->doses, problem->horizon_days));
  write_hospital_days(
      w, problem,
      schedule_hospital_days(o->doses, &problem->request.hospital, problem->horizon_days));
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
  write_risks(w, problem, o);
  write_strata(w, c, o);
  write_endpoints(w, o);
  write_crs(w, c, o);
  write_onsets(w, o);
  json_close_object(w);
}

void write_cohort_parts(json_writer *w, const cohort_study *c)
{
  json_open_object(w, "cohort");
  write_population(w, c);
  json_open_array(w, "regimens");
  for (int r = 0; r < c->n_outcomes; r++) {
    write_outcome(w, c, &c->outcome[r]);
  }
  json_close_array(w);
  json_close_object(w);
}
