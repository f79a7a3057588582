/* Parts of the page that are tables of changes: a comparison, and the robustness card. */
#include "report/page.h"

#include "report/html.h"
#include "report/words_risk.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* --- comparison ------------------------------------------------------------------------------- */

/* "limit_2_crs" as people say it; what is no limit by its name. */
static void figure_words(const page_run *run, const char *name, char out[WORDS_SIZE])
{
  int k = 0;
  if (sscanf(name, "limit_%d_", &k) == 1 && k >= 1 && k <= run->problem->n_limits) {
    words_limit(&run->problem->limits[k - 1], out);
  } else if (strcmp(name, "goal") == 0) {
    words_measure(&run->problem->goal, out);
  } else if (strcmp(name, "crs_grade1") == 0) {
    snprintf(out, WORDS_SIZE, "CRS of any grade");
  } else if (strcmp(name, "crs_grade2") == 0) {
    snprintf(out, WORDS_SIZE, "CRS of grade 2 or higher");
  } else {
    snprintf(out, WORDS_SIZE, "%s", name);
  }
}

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
    figure_words(run, page_string(figure, "figure"), words);
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

static void write_ranges(const cJSON *ranges, text *out)
{
  const cJSON *r;
  if (cJSON_GetArraySize(ranges) == 0) {
    return;
  }
  html_table t = html_table_open(out, "How far each dose can go, the others kept",
                                 "#First dose|#Last dose|#Given|#Lowest|Then breaks|#Highest|"
                                 "Then breaks");
  cJSON_ArrayForEach(r, ranges)
  {
    html_cell_number(&t, page_number(r, "first_dose"));
    html_cell_number(&t, page_number(r, "last_dose"));
    html_cell_number(&t, page_number(r, "amount"));
    html_cell_number(&t, page_number(r, "lowest"));
    html_cell(&t, "%s", page_string(r, "breaks_below"));
    html_cell_number(&t, page_number(r, "highest"));
    html_cell(&t, "%s", page_string(r, "breaks_above"));
  }
  html_table_close(&t);
}

static void write_prices(const cJSON *prices, text *out)
{
  const cJSON *l;
  if (prices == NULL) {
    return;
  }
  html_table t = html_table_open(out, "Change of the best goal per percent of each bound",
                                 "Limit|#Bound|#By search|#By multiplier");
  cJSON_ArrayForEach(l, page_member(prices, "limits"))
  {
    html_cell(&t, "%s %s", page_string(l, "objective"), page_string(l, "window"));
    html_cell_number(&t, page_number(l, "bound"));
    html_cell_number(&t, page_number(l, "goal_per_percent_by_search"));
    html_cell_number(&t, page_number(l, "goal_per_percent_by_multiplier"));
  }
  html_table_close(&t);
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
  write_ranges(page_member(whatif, "dose_ranges"), out);
  write_prices(page_member(whatif, "shadow_prices"), out);
}

/* --- robustness card -------------------------------------------------------------------------- */

static void broken_cell(const page_run *run, html_table *t, const cJSON *figure)
{
  const cJSON *pointer;
  char list[256] = "";
  size_t used = 0;
  cJSON_ArrayForEach(pointer, page_member(figure, "broken"))
  {
    for (int k = 0; k < run->problem->n_limits; k++) {
      char words[WORDS_SIZE];
      if (used + WORDS_SIZE < sizeof list && cJSON_IsString(pointer) &&
          strcmp(run->problem->limits[k].pointer, pointer->valuestring) == 0) {
        words_limit(&run->problem->limits[k], words);
        used +=
            (size_t)snprintf(list + used, sizeof list - used, "%s%s", used > 0 ? "; " : "", words);
      }
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
