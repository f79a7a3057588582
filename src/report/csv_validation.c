/* validation.csv: see validation.h. */
#include "report/report.h"
#include "report/validation.h"

/* Quoted as in RFC 4180: names and sources hold commas. */
static void append_quoted(text *out, const char *word)
{
  text_append(out, "\"");
  for (const char *c = word; *c != '\0'; c++) {
    text_append(out, "%s%c", *c == '"' ? "\"" : "", *c);
  }
  text_append(out, "\"");
}

static void append_text(text *out, const char *word)
{
  append_quoted(out, word);
  text_append(out, ",");
}

static void append_number(text *out, double value)
{
  csv_number(out, value);
  text_append(out, ",");
}

static void append_what(const study_validation *v, const evidence_row *row, text *out)
{
  const evidence_endpoint_row *endpoint = &evidence_endpoints[row->endpoint];
  const bool ratio = row->of >= 0 || row->of_other_case >= 0;
  append_text(out, row->name);
  append_text(out, v->evidence->cases[row->of_case].name);
  append_text(out, row->drug);
  append_text(out, row->group);
  text_append(out, "%s,%s,%s,", endpoint->name, ratio ? "1" : endpoint->unit,
              evidence_statistics[row->statistic].name);
  if (endpoint->time != EVIDENCE_IN_WINDOW) {
    text_append(out, ",");
    append_number(out, row->day);
  } else if (row->window > 0) {
    text_append(out, "%d,NA,", row->window);
  } else {
    text_append(out, "course,NA,");
  }
}

static void append_row(const study_validation *v, int i, text *out)
{
  const evidence_row *row = &v->evidence->rows[i];
  const evidence_prediction *p = &v->predicted[i];
  append_what(v, row, out);
  text_append(out, "%s,%s,", evidence_use_names[row->use], evidence_bound_names[row->bound]);
  append_number(out, row->observed);
  append_number(out, row->low);
  append_number(out, row->high);
  text_append(out, "%ld,", row->n);
  append_number(out, p->value);
  append_number(out, p->low);
  append_number(out, p->high);
  text_append(out, "%d,%ld,", p->patients, p->failures);
  append_number(out, evidence_error(row, p));
  text_append(out, "%s,", validation_words[validation_judge(row, p)]);
  append_number(out, row->asked);
  text_append(out, "%s,", !validation_asks(row) ? "NA" : validation_meets(row, p) ? "yes" : "no");
  append_quoted(out, row->source);
  text_append(out, "\n");
}

void csv_validation(const study_validation *v, text *out)
{
  text_append(out, "row,case,drug,group,endpoint,unit,statistic,window,day,use,bound,observed,"
                   "observed_low,observed_high,n,predicted,predicted_low,predicted_high,patients,"
                   "failures,error,verdict,asked,met,source\n");
  for (int i = 0; i < v->evidence->n_rows && !out->failed; i++) {
    append_row(v, i, out);
  }
}
