/* The part of result.json that only a sensitivity study has; its indices stand in sensitivity.csv.
 */
#include "report/report.h"
#include "report/result_parts.h"

static void write_input(json_writer *w, const sensitivity_study *s, const sensitivity_input *in)
{
  const sensitivity_described *d = &in->described;
  json_open_object(w, NULL);
  json_string(w, "input", d->name);
  json_string(w, "kind", sensitivity_input_kind_names[d->kind]);
  json_string(w, "group", s->group[in->group]);
  json_string(w, "unit", in->unit);
  json_number(w, "reference", in->reference);
  json_number(w, "low", d->low);
  json_number(w, "high", d->high);
  json_string(w, "scale", d->logarithmic ? "log" : "linear");
  json_close_object(w);
}

static void write_output(json_writer *w, const sensitivity_study *s, int k)
{
  const sensitivity_output *o = &s->output[k];
  json_open_object(w, NULL);
  json_string(w, "output", o->name);
  json_string(w, "unit", o->unit);
  json_string(w, "of", sensitivity_source_name(o->source));
  json_number(w, "reference", s->reference[k]);
  json_number(w, "moved_from_half_of_the_samples", sensitivity_moved(s, k));
  json_close_object(w);
}

static void write_flag(json_writer *w, const sensitivity_study *s, sensitivity_flag flag)
{
  const long n = sensitivity_count_flag(s, flag);
  if (n > 0) {
    json_open_object(w, NULL);
    json_string(w, "flag", sensitivity_flag_name(flag));
    json_integer(w, "estimates", n);
    json_string(w, "meaning", sensitivity_flag_meaning(flag));
    json_close_object(w);
  }
}

static void write_runs(json_writer *w, const sensitivity_study *s)
{
  const sensitivity_settings *settings = s->settings;
  json_string(w, "method", sensitivity_method_names[settings->method]);
  json_string(w, "ranked_by", sensitivity_importance_name(settings->method));
  json_truth(w, "by_group", settings->by_group);
  write_seed(w, "seed", settings->seed);
  json_integer(w, "samples_asked_for", settings->samples);
  json_integer(w, "samples", s->found.rows);
  json_integer(w, "runs", s->found.runs);
  json_integer(w, "failed_runs", s->found.failures);
  json_integer(w, "patients", s->n_patients);
  json_integer(w, "simulations", s->simulations);
  json_integer(w, "failed_simulations", s->failures);
  json_string(w, "first_failure", s->first_failure);
  json_number(w, "simulated_days", s->horizon_days);
  json_number(w, "confidence", COHORT_CONFIDENCE);
}

void write_sensitivity_parts(json_writer *w, const sensitivity_study *s)
{
  json_open_object(w, "sensitivity");
  write_runs(w, s);
  json_open_array(w, "inputs");
  for (int i = 0; i < s->n_inputs; i++) {
    write_input(w, s, &s->input[i]);
  }
  json_close_array(w);
  json_open_array(w, "outputs");
  for (int k = 0; k < s->n_outputs; k++) {
    write_output(w, s, k);
  }
  json_close_array(w);
  json_open_array(w, "flags");
#define X(id, bit, name, meaning) write_flag(w, s, SENSITIVITY_##id);
  SENSITIVITY_FLAGS(X)
#undef X
  json_close_array(w);
  json_close_object(w);
}
