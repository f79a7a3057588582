/* The part of result.json that only a calibration has; rows and estimates also stand as tables. */
#include "report/result_parts.h"

static void write_estimate(json_writer *w, const study_calibration *c, int j)
{
  const fit_parameter *p = &c->parameter[j];
  const fit_estimate *e = &c->fit.estimate[j];
  json_open_object(w, NULL);
  json_string(w, "parameter", p->name);
  json_string(w, "scale", fit_scale_name(p->scale));
  json_number(w, "shipped", p->start);
  json_number(w, "fitted", e->value);
  json_number(w, "sd", e->sd);
  json_number(w, "interval_low", e->low);
  json_number(w, "interval_high", e->high);
  json_truth(w, "interval_reaches_a_bound", e->low_open || e->high_open);
  json_close_object(w);
}

static void write_start(json_writer *w, const study_calibration *c, int i)
{
  const fit_start *s = &c->fit.start[i];
  json_open_object(w, NULL);
  json_string(w, "from", i == 0 ? "shipped values" : "screened point");
  json_number(w, "objective_there", s->from);
  json_number(w, "objective_found", s->to);
  json_integer(w, "evaluations", s->evaluations);
  json_truth(w, "converged", s->converged);
  json_close_object(w);
}

static void write_direction(json_writer *w, const study_calibration *c, const fit_direction *d)
{
  json_open_object(w, NULL);
  json_number(w, "information", d->information);
  json_open_object(w, "loadings");
  for (int j = 0; j < c->fit.n_parameters; j++) {
    json_number(w, c->parameter[j].name, d->loading[j]);
  }
  json_close_object(w);
  json_close_object(w);
}

/* Whom the numbers of a warning name. */
static void write_named(json_writer *w, const study_calibration *c, const fit_warning *warned)
{
  switch (warned->kind) {
  case FIT_WARNING_NOT_PREDICTED:
    json_string(w, "row", c->evidence->rows[c->fitted[warned->first]].name);
    return;
  case FIT_WARNING_BORROWED:
    json_string(w, "drug", c->drug[warned->first]);
    json_string(w, "parameter", c->parameter[warned->second].name);
    return;
  case FIT_WARNING_OTHER_OPTIMUM:
    json_integer(w, "start", warned->first);
    json_string(w, "parameter", c->parameter[warned->second].name);
    return;
  default:
    break;
  }
  if (warned->first >= 0) {
    json_string(w, "parameter", c->parameter[warned->first].name);
  }
  if (warned->second >= 0) {
    json_string(w, "other", c->parameter[warned->second].name);
  }
}

static void write_warning(json_writer *w, const study_calibration *c, const fit_warning *warned)
{
  json_open_object(w, NULL);
  json_string(w, "warning", fit_warning_name(warned->kind));
  write_named(w, c, warned);
  json_number(w, "value", warned->value);
  json_close_object(w);
}

static void write_evidence(json_writer *w, const study_calibration *c)
{
  json_open_object(w, "evidence");
  json_string(w, "file", c->evidence->path);
  json_string(w, "title", c->evidence->title);
  json_string(w, "sha256", c->evidence->hash);
  json_integer(w, "rows", c->evidence->n_rows);
  json_integer(w, "rows_fitted", c->n_fitted);
  json_close_object(w);
}

static void write_numbers(json_writer *w, const study_calibration *c)
{
  json_number(w, "objective_shipped", c->fit.start_objective);
  json_number(w, "objective", c->fit.objective);
  json_number(w, "objective_of_priors", c->fit.prior_part);
  json_truth(w, "converged", c->fit.converged);
  json_string(w, "end", search_end_name(c->fit.end));
  json_integer(w, "evaluations", c->fit.evaluations);
  write_seed(w, "seed", c->seed);
}

void write_calibration_parts(json_writer *w, const study_calibration *c)
{
  json_open_object(w, "calibration");
  write_evidence(w, c);
  write_numbers(w, c);
  json_open_array(w, "starts");
  for (int i = 0; i < c->fit.n_starts; i++) {
    write_start(w, c, i);
  }
  json_close_array(w);
  json_open_array(w, "parameters");
  for (int j = 0; j < c->fit.n_parameters; j++) {
    write_estimate(w, c, j);
  }
  json_close_array(w);
  json_open_array(w, "warnings_of_the_fit");
  for (int i = 0; i < c->fit.n_warnings; i++) {
    write_warning(w, c, &c->fit.warning[i]);
  }
  json_close_array(w);
  json_open_array(w, "directions_left_open");
  for (int i = 0; i < c->fit.n_directions; i++) {
    write_direction(w, c, &c->fit.direction[i]);
  }
  json_close_array(w);
  json_close_object(w);
}
