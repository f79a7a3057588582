/* parameters.json: fitted values that a problem can name as its "calibration", with what they were
 * fitted to. Fields: those of a calibration in problem/fields.def. */
#include "problem/calibration.h"
#include "report/json_writer.h"
#include "report/report.h"

#include <math.h>
#include <string.h>

static void write_targets(json_writer *w, const evidence_parameter *p)
{
  json_open_array(w, "sets");
  for (int t = 0; t < p->n_targets; t++) {
    const evidence_target *target = &p->target[t];
    json_open_object(w, NULL);
    json_string(w, "name", target->key);
    if (target->molecule[0] != '\0') {
      json_string(w, "molecule", target->molecule);
    }
    if (target->indication[0] != '\0') {
      json_string(w, "indication", target->indication);
    }
    json_number(w, "factor", target->factor);
    json_close_object(w);
  }
  json_close_array(w);
}

static void write_interval(json_writer *w, const fit_estimate *e)
{
  if (e->low <= e->high) { /* neither is missing */
    json_number(w, "interval_low", e->low);
    json_number(w, "interval_high", e->high);
  }
}

/* Of a fit that was cut short the deviation is not known: 0 would be certainty. */
static double known_sd(const study_calibration *c, int j)
{
  const fit_parameter *p = &c->parameter[j];
  const double sd = c->fit.estimate[j].sd;
  const double range = fit_scaled(p->scale, p->high) - fit_scaled(p->scale, p->low);
  return sd > 0 ? sd : range / sqrt(12);
}

static void write_parameter(json_writer *w, const study_calibration *c, int j)
{
  const evidence_parameter *p = &c->evidence->parameters[j];
  json_open_object(w, NULL);
  json_string(w, "name", p->name);
  json_string(w, "scale", p->scale == EVIDENCE_LOG10 ? "log" : "linear");
  json_number(w, "low", p->low);
  json_number(w, "high", p->high);
  json_number(w, "value", c->fit.estimate[j].value);
  json_number(w, "sd", known_sd(c, j));
  write_interval(w, &c->fit.estimate[j]);
  write_targets(w, p);
  json_close_object(w);
}

static void write_covariance(json_writer *w, const study_calibration *c)
{
  const int k = c->fit.n_parameters;
  json_open_array(w, "covariance");
  for (int i = 0; i < k * k; i++) {
    const bool known = c->fit.estimate[i / k].sd > 0 && c->fit.estimate[i % k].sd > 0;
    const double alone = i / k == i % k ? known_sd(c, i / k) * known_sd(c, i / k) : 0;
    json_number(w, NULL, known ? c->fit.covariance[i] : alone);
  }
  json_close_array(w);
}

static const char *file_name(const char *path)
{
  const char *slash = strrchr(path, '/');
  return slash != NULL ? slash + 1 : path;
}

void parameters_json(const study_calibration *c, text *out)
{
  json_writer w = {.out = out};
  json_open_object(&w, NULL);
  json_string(&w, "format", CALIBRATION_FORMAT);
  json_string(&w, "title", c->evidence->title[0] != '\0' ? c->evidence->title : "calibration");
  json_string(&w, "version", stepdose_version());
  json_string(&w, "evidence", file_name(c->evidence->path));
  json_string(&w, "evidence_sha256", c->evidence->hash);
  json_integer(&w, "seed", (long)c->seed);
  json_integer(&w, "patients", c->has_patient_seed ? c->problem->patients : 0);
  if (c->has_patient_seed) {
    json_integer(&w, "patients_seed", (long)c->problem->population_seed);
  }
  json_number(&w, "objective", c->fit.objective);
  json_open_array(&w, "parameters");
  for (int j = 0; j < c->fit.n_parameters; j++) {
    write_parameter(&w, c, j);
  }
  json_close_array(&w);
  write_covariance(&w, c);
  json_close_object(&w);
  text_append(out, "\n");
}
