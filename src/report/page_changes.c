/* Parts of the page that are tables of changes: a comparison, and the robustness card. */
#include "report/page.h"

#include "report/figure.h"
#include "report/words_risk.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* --- comparison ------------------------------------------------------------------------------- */

static void holds_cell(html_table *t, const cJSON *holder, const char *key)
{
  const bool told = cJSON_IsBool(page_member(holder, key));
  html_cell(t, "%s", !told ? "-" : page_true(holder, key) ? "yes" : "NO");
}

static void write_figures(const page_run *run, html_table *t, const cJSON *outcome)
{
  const cJSON *figure;
  cJSON_ArrayForEach(figure, page_member(outcome, "figures"))
  {
    char words[WORDS_SIZE];
    if (!isfinite(page_number(figure, "value"))) {
      continue;
    }
    figure_compared_words(run, page_string(figure, "figure"), words);
    html_cell(t, "%s%s", page_string(outcome, "change"),
              page_true(outcome, "searched") ? ", searched anew" : "");
    html_cell(t, "%s", words);
    html_cell(t, "%s", page_string(figure, "unit"));
    html_cell_number(t, page_number(figure, "value"));
    html_cell_number(t, page_number(figure, "difference"));
    html_cell_number(t, page_number(figure, "difference_low"));
    html_cell_number(t, page_number(figure, "difference_high"));
    html_cell_number(t, page_number(figure, "bound"));
    holds_cell(t, figure, "holds");
  }
}

void page_whatif(const page_run *run, text *out)
{
  const cJSON *whatif = page_member(run->result, "whatif");
  const cJSON *outcome;
  if (whatif == NULL) {
    return;
  }
  if (cJSON_GetArraySize(page_member(whatif, "changes")) > 1) {
    html_table t = html_table_open(out, "Changes beside the regimen as it is, in the same patients",
                                   "Change|Figure|Unit|#Value|#Difference|#From|#To|#Bound|Holds");
    cJSON_ArrayForEach(outcome, page_member(whatif, "changes")) { write_figures(run, &t, outcome); }
    html_table_close(&t);
  }
}

/* --- robustness card -------------------------------------------------------------------------- */

static void broken_cell(const page_run *run, html_table *t, const cJSON *figure)
{
  const cJSON *pointer;
  char list[256] = "";
  size_t used = 0;
  cJSON_ArrayForEach(pointer, page_member(figure, "broken"))
  {
    const limit *l = cJSON_IsString(pointer) ? figure_limit_at(run, pointer->valuestring) : NULL;
    char words[WORDS_SIZE];
    if (l != NULL && used + WORDS_SIZE < sizeof list) {
      words_limit(l, words);
      used +=
          (size_t)snprintf(list + used, sizeof list - used, "%s%s", used > 0 ? "; " : "", words);
    }
  }
  html_cell(t, "%s", used > 0 ? list : page_true(figure, "simulated") ? "none" : "failed");
}

static void write_row(const page_run *run, html_table *t, const cJSON *row, bool approved)
{
  html_cell(t, "%s", page_string(row, "change"));
  html_cell_number(t, page_number(page_member(row, "regimen"), "goal"));
  html_cell_number(t, page_number(row, "goal_lost"));
  broken_cell(run, t, page_member(row, "regimen"));
  if (approved) {
    html_cell_number(t, page_number(page_member(row, "approved"), "goal"));
    broken_cell(run, t, page_member(row, "approved"));
    holds_cell(t, row, "better_than_approved");
  }
}

static void write_draws(const cJSON *draws, text *out)
{
  if (!(page_number(draws, "drawn") > 0)) {
    text_append(out, "<p>Draws of fitted values: none (");
    html_text(out, page_string(draws, "why_none"));
    text_append(out, ").</p>\n");
    return;
  }
  text_append(out, "<p>");
  html_format(out, "Every limit holds in %.3g %% of %g draws of the fitted values.",
              100 * page_number(draws, "every_limit_holds"), page_number(draws, "drawn"));
  text_append(out, "</p>\n");
}

void page_robustness(const page_run *run, text *out)
{
  const cJSON *card = page_member(run->result, "robustness");
  const cJSON *row;
  if (card == NULL) {
    return;
  }
  const bool approved = page_member(card, "approved") != NULL;
  html_table t =
      html_table_open(out, "If not all goes as planned",
                      approved ? "Change|#Goal|#Lost|Breaks|#Approved: goal|Breaks|Better"
                               : "Change|#Goal|#Lost|Breaks");
  cJSON_ArrayForEach(row, page_member(card, "changes")) { write_row(run, &t, row, approved); }
  html_table_close(&t);
  text_append(out, "<p>Other tumours: ");
  html_text(out, words_other_tumours);
  text_append(out, ".</p>\n");
  write_draws(page_member(card, "draws"), out);
}
