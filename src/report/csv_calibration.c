/* The tables of a calibration: evidence beside its fit, and the fitted values. */
#include "report/report.h"

#include <math.h>

static void append_number(text *out, double value)
{
  text_append(out, ",");
  csv_number(out, value);
}

static void append_text(text *out, const char *words)
{
  text_append(out, ",");
  csv_text(out, words);
}

/* --- rows --------------------------------------------------------------------------------------
 */

static void append_what(const evidence *e, const evidence_row *row, text *out)
{
  evidence_row below;
  const bool ratio = evidence_divisor(e, row, &below);
  csv_text(out, row->name);
  append_text(out, e->cases[row->of_case].name);
  append_text(out, row->drug);
  append_text(out, row->group);
  text_append(out, ",%s,%s,%s,%s,%s", evidence_endpoints[row->endpoint].name,
              evidence_statistics[row->statistic].name, evidence_use_names[row->use],
              evidence_bound_names[row->bound],
              ratio ? "1" : evidence_endpoints[row->endpoint].unit);
}

/* Where row `i` stands among the fitted ones; -1: it only checks. */
static int fitted_index(const study_calibration *c, int i)
{
  for (int f = 0; f < c->n_fitted; f++) {
    if (c->fitted[f] == i) {
      return f;
    }
  }
  return -1;
}

static void append_fit(const study_calibration *c, int f, text *out)
{
  static const fit_prediction none = {NAN, NAN, NAN, NAN};
  const fit_prediction *fit = f >= 0 ? &c->fit.prediction[f] : &none;
  const fit_prediction *left_out = f >= 0 ? &c->fit.left_out_value[f] : &none;
  text_append(out, ",%s", f >= 0 ? fit_law_name(c->row[f].law) : "NA");
  append_number(out, fit->error);
  append_number(out, fit->sd);
  append_number(out, fit->sigmas);
  append_number(out, left_out->predicted);
  append_number(out, left_out->sd);
  append_number(out, left_out->sigmas);
}

void csv_fit_rows(const study_calibration *c, text *out)
{
  text_append(out, "row,case,drug,group,endpoint,statistic,use,bound,unit,observed,low,high,sd,n,"
                   "shipped,fitted,law,error,fitted_sd,fitted_sigmas,left_out,left_out_sd,"
                   "left_out_sigmas,source\n");
  for (int i = 0; i < c->evidence->n_rows; i++) {
    const evidence_row *row = &c->evidence->rows[i];
    append_what(c->evidence, row, out);
    append_number(out, row->observed);
    append_number(out, row->low);
    append_number(out, row->high);
    append_number(out, row->sd);
    text_append(out, ",%ld", row->n);
    append_number(out, c->before[i].value);
    append_number(out, c->after[i].value);
    append_fit(c, fitted_index(c, i), out);
    append_text(out, row->source);
    text_append(out, "\n");
  }
}

/* --- parameters --------------------------------------------------------------------------------
 */

static void append_prior(const fit_parameter *p, text *out)
{
  append_number(out, p->prior_sd > 0 ? p->prior : (double)NAN);
  append_number(out, p->prior_sd > 0 ? p->prior_sd : (double)NAN);
}

void csv_fit_parameters(const study_calibration *c, text *out)
{
  text_append(out, "parameter,scale,low,high,prior_mean,prior_sd,shipped,fitted,sd,interval_low,"
                   "interval_high,interval_reaches_low,interval_reaches_high,source\n");
  for (int j = 0; j < c->fit.n_parameters; j++) {
    const fit_parameter *p = &c->parameter[j];
    const fit_estimate *e = &c->fit.estimate[j];
    csv_text(out, p->name);
    text_append(out, ",%s", fit_scale_name(p->scale));
    append_number(out, p->low);
    append_number(out, p->high);
    append_prior(p, out);
    append_number(out, p->start);
    append_number(out, e->value);
    append_number(out, e->sd);
    append_number(out, e->low);
    append_number(out, e->high);
    text_append(out, ",%s,%s", e->low_open ? "TRUE" : "FALSE", e->high_open ? "TRUE" : "FALSE");
    append_text(out, c->evidence->parameters[j].source);
    text_append(out, "\n");
  }
}
