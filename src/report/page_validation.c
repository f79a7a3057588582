/* validation.html: see validation.h. */
#include "report/validation.h"

#include "base/allocate.h"
#include "report/html.h"
#include "report/page_shell.h"
#include "stepdose.h"

static void count_row(const char *words, validation_count count, html_table *t)
{
  if (count.rows > 0) {
    html_cell(t, "%s", words);
    html_cell(t, "%d", count.rows);
    html_cell(t, "%d", count.within);
  }
}

static void write_counts(const study_validation *v, text *out)
{
  html_table t = html_table_open(out, "How many predictions lie within what was observed",
                                 "rows|#number|#within");
  count_row("asked for: within means met", validation_count_asked(v), &t);
  count_row("fitted", validation_count_of(v, EVIDENCE_FIT), &t);
  count_row("no fit has used", validation_count_of(v, EVIDENCE_CHECK), &t);
  count_row("rest on fitted data", validation_count_of(v, EVIDENCE_SEEN), &t);
  html_table_close(&t);
  text_append(out, "<p class=\"note\">Intervals: observed, exact of shares of patients, else as "
                   "the evidence has it; predicted, of sampling the virtual patients, none of the "
                   "reference patient and none for what the parameters leave open.</p>\n");
}

static void write_text(const study_validation *v, text *out)
{
  char *shown = report_validation(v);
  if (shown == NULL) {
    out->failed = true;
    return;
  }
  text_append(out, "<details><summary>The same as text</summary><pre tabindex=\"0\">");
  html_text(out, shown);
  text_append(out, "</pre></details>\n");
  release(shown);
}

void page_validation(const study_validation *v, text *out)
{
  page_section section[] = {{"Predicted and observed", false, {0}}, {"Drug by drug", true, {0}}};
  write_counts(v, &section[0].content);
  write_text(v, &section[0].content);
  figure_validation(v, &section[1].content);
  page_shell_open(v->evidence->title[0] != 0 ? v->evidence->title : "Model beside evidence", out);
  page_shell_sections(section, 2, out);
  page_shell_close(stepdose_version(), out);
}
