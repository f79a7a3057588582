/* Parts of the page that are words and tables: see page.h. */
#include "report/page.h"

#include "base/number.h"
#include "report/figure.h"
#include "report/words_risk.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static void open_item(text *out, const char *head) { text_append(out, "<dt>%s</dt><dd>", head); }

static void close_item(text *out) { text_append(out, "</dd>\n"); }

static void item(text *out, const char *head, const char *body)
{
  open_item(out, head);
  html_text(out, body);
  close_item(out);
}

/* Over virtual patients the goal is theirs. */
static void write_goal(const page_run *run, text *out)
{
  const goal *g = &run->problem->goal;
  const cJSON *given = page_given_outcome(run);
  const double reached = page_goal_reached(run);
  char value[WORDS_SIZE], statistic[WORDS_SIZE];
  if (!isfinite(reached)) {
    return;
  }
  words_goal_value(g, reached, value);
  words_statistic(g, statistic);
  open_item(out, "Goal reached");
  html_format(out, "%s %s%s%s", value, problem_measures[g->measure].unit, given != NULL ? ", " : "",
              given != NULL ? statistic : "");
  close_item(out);
}

static void write_answer(const page_run *run, text *out)
{
  page_doses doses;
  const cJSON *regimen = page_member(run->result, "regimen");
  if (!cJSON_IsObject(regimen)) {
    item(out, "Regimen", "none was found");
    return;
  }
  page_doses_read(page_member(regimen, "doses"), &doses);
  open_item(out,
            page_true(run->result, "every_limit_holds") ? "Regimen" : "Regimen (breaks a limit)");
  for (int i = 0; i < doses.n; i++) {
    text_append(out, i > 0 ? " / " : "");
    html_number(out, doses.amount[i]);
  }
  html_format(out, " %s on days ", doses.unit);
  for (int i = 0; i < doses.n; i++) {
    text_append(out, i > 0 ? " / " : "");
    html_number(out, words_day(doses.day[i]));
  }
  close_item(out);
  write_goal(run, out);
}

static void write_design(const page_run *run, text *out)
{
  const cJSON *parameter;
  cJSON_ArrayForEach(parameter, page_member(run->result, "design"))
  {
    open_item(out, "Chosen design");
    html_format(out, "%s ", parameter->string);
    html_number(out, page_number(parameter, "value"));
    html_format(out, " %s", page_string(parameter, "unit"));
    close_item(out);
  }
}

/* Those of the problem, and those who judge the answer. */
static void write_patients(const page_run *run, text *out)
{
  const stepdose_problem *p = run->problem;
  const cJSON *cohort = page_member(run->result, "cohort");
  if (p->reference_patient) {
    return;
  }
  open_item(out, "Patients");
  html_format(out, "%d of the population \"%s\", seed %llu", p->patients, p->population_name,
              (unsigned long long)p->population_seed);
  if (page_true(cohort, "fresh")) {
    html_format(out, "; judged by %.0f fresh ones, seed %s, whom the search has not seen",
                page_number(cohort, "drawn"), page_string(cohort, "seed"));
  }
  close_item(out);
}

/* The problem of a calibration only says how to search; NULL: another verb. */
static const cJSON *calibration_of(const page_run *run)
{
  return page_member(run->result, "calibration");
}

static void write_calibration(const page_run *run, text *out)
{
  const cJSON *c = calibration_of(run);
  const cJSON *evidence = page_member(c, "evidence");
  open_item(out, "Asked");
  html_format(out, "%.0f of %.0f rows of %s (%s)", page_number(evidence, "rows_fitted"),
              page_number(evidence, "rows"), page_string(evidence, "file"),
              page_string(evidence, "title"));
  close_item(out);
  open_item(out, "Fit");
  html_format(out, "-2 log likelihood with priors from %.2f with the shipped values to %.2f",
              page_number(c, "objective_shipped"), page_number(c, "objective"));
  close_item(out);
}

static void write_question(const page_run *run, text *out)
{
  char measured[WORDS_SIZE], statistic[WORDS_SIZE];
  const stepdose_problem *p = run->problem;
  open_item(out, "Asked");
  html_format(out, "%s in %s%s, model %s, %g days", p->molecule_name, p->indication_name,
              p->reference_patient ? ", reference patient" : "", p->model->name, p->horizon_days);
  close_item(out);
  write_patients(run, out);
  words_measure(&p->goal, measured);
  words_statistic(&p->goal, statistic);
  if (problem_has_tumor(p)) {
    open_item(out, "Goal");
    html_format(out, "as much as possible of: %s (%s)%s%s", measured,
                problem_measures[p->goal.measure].unit, p->reference_patient ? "" : ", ",
                p->reference_patient ? "" : statistic);
    close_item(out);
  }
  write_answer(run, out);
  write_design(run, out);
}

void page_question(const page_run *run, text *out)
{
  text_append(out, "<dl>\n");
  (calibration_of(run) != NULL ? write_calibration : write_question)(run, out);
  text_append(out, "</dl>\n");
  if (run->summary != NULL) {
    text_append(out, "<details><summary>The summary as text</summary><pre tabindex=\"0\">");
    html_text(out, run->summary);
    text_append(out, "</pre></details>\n");
  }
}

static void limit_row(const page_run *run, const cJSON *claim, int k, html_table *t)
{
  char name[WORDS_SIZE];
  char left[WORDS_SIZE] = "-";
  const limit *l = &run->problem->limits[k];
  const cJSON *worst = page_member(claim, "worst");
  const double percent = page_number(worst, "percent_of_bound_left");
  words_limit_unit(l, name);
  if (isfinite(percent)) {
    words_left(percent, left);
  }
  html_cell(t, "%s", name);
  html_cell_number(t, l->bound);
  html_cell_number(t, page_number(worst, "value"));
  html_cell_number(t, page_number(worst, "day"));
  html_cell(t, "%s", left);
  html_cell(t, "%s",
            !isfinite(page_number(worst, "value")) ? "-"
            : page_true(claim, "holds")            ? "yes"
                                                   : "no");
}

void page_limits(const page_run *run, text *out)
{
  const cJSON *claims = page_member(run->result, "limits");
  if (calibration_of(run) != NULL) {
    return;
  }
  if (run->problem->n_limits == 0) {
    text_append(out, "<p>No limit was set.</p>\n");
    return;
  }
  const bool many = page_given_outcome(run) != NULL;
  figure_risk_table(run, "Limits over the virtual patients", out);
  html_table t = html_table_open(out,
                                 many ? "Limits and the largest value of the reference patient"
                                      : "Limits and the largest value of the answer",
                                 "limit|#at most|#predicted|#on day|left|holds");
  for (int k = 0; k < run->problem->n_limits; k++) {
    limit_row(run, cJSON_GetArrayItem(claims, k), k, &t);
  }
  html_table_close(&t);
}

void page_warnings(const page_run *run, text *out)
{
  const cJSON *warning;
  const cJSON *warnings = page_member(run->result, "warnings");
  if (cJSON_GetArraySize(warnings) == 0) {
    return;
  }
  text_append(out, "<ul>\n");
  cJSON_ArrayForEach(warning, warnings)
  {
    html_element(out, "li", NULL, cJSON_IsString(warning) ? warning->valuestring : "");
  }
  text_append(out, "</ul>\n");
}

/* --- assumptions and sources --- */

enum { DEEPEST = 16 };

/* Walks through the problem: rows for every number that carries a source. */
typedef struct source_walk {
  html_table *table; /* NULL: only counts */
  bool assumed;      /* those that are assumed, or those that are not */
  long found;
} source_walk;

static void write_source(source_walk *w, const char *where, const cJSON *entry)
{
  w->found++;
  if (w->table == NULL) {
    return;
  }
  const cJSON *value = page_member(entry, "value");
  html_cell(w->table, "%s", entry->string);
  html_cell_number(w->table, cJSON_IsNumber(value) ? value->valuedouble : (double)NAN);
  html_cell(w->table, "%s", page_string(entry, "unit"));
  html_cell(w->table, "%s", where);
  html_cell(w->table, "%s", page_string(entry, "source"));
}

static void walk_sources(source_walk *w, const char *where, const cJSON *object, int depth)
{
  const cJSON *entry;
  cJSON_ArrayForEach(entry, object)
  {
    const bool sourced = entry->string != NULL && page_member(entry, "value") != NULL &&
                         cJSON_IsString(page_member(entry, "source"));
    if (sourced && page_true(entry, "assumed") == w->assumed) {
      write_source(w, where, entry);
    } else if (!sourced && depth < DEEPEST) {
      const bool part = depth == 0 && entry->string != NULL;
      walk_sources(w, part ? entry->string : where, entry, depth + 1);
    }
  }
}

static void source_table(const page_run *run, bool assumed, const char *caption, text *out)
{
  html_table t = html_table_open(out, caption, "value|#number|unit|part of the problem|source");
  source_walk w = {&t, assumed, 0};
  walk_sources(&w, "", run->settings, 0);
  html_table_close(&t);
}

static long count_sources(const page_run *run, bool assumed)
{
  source_walk w = {NULL, assumed, 0};
  walk_sources(&w, "", run->settings, 0);
  return w.found;
}

void page_assumptions(const page_run *run, text *out)
{
  if (count_sources(run, true) > 0) {
    source_table(run, true, "Assumed, not measured", out);
  } else {
    text_append(out, "<p>The problem marks none of its values as assumed.</p>\n");
  }
  if (count_sources(run, false) > 0) {
    text_append(out, "<details><summary>Values with a published source</summary>\n");
    source_table(run, false, "Values and their sources", out);
    text_append(out, "</details>\n");
  }
}

/* --- provenance --- */

static void write_members(const cJSON *object, const char *caption, const char *columns, text *out)
{
  const cJSON *entry;
  html_table t = html_table_open(out, caption, columns);
  cJSON_ArrayForEach(entry, object)
  {
    html_cell(&t, "%s", entry->string != NULL ? entry->string : "");
    html_cell(&t, "%s", cJSON_IsString(entry) ? entry->valuestring : "");
  }
  html_table_close(&t);
}

static void write_search(const page_run *run, text *out)
{
  const cJSON *search = page_member(run->result, "search");
  char number[NUMBER_TEXT_SIZE];
  if (!cJSON_IsObject(search)) {
    return;
  }
  item(out, "Engine", page_string(search, "engine"));
  number_format(page_number(search, "evaluations"), number);
  item(out, "Evaluations", number);
  number_format(page_number(search, "failed_simulations"), number);
  item(out, "Failed simulations", number);
  item(out, "Search ended", page_string(search, "end"));
}

void page_provenance(const page_run *run, text *out)
{
  text_append(out, "<dl>\n");
  item(out, "Verb", page_string(run->result, "verb"));
  open_item(out, "Seed");
  html_format(out, "%llu", (unsigned long long)run->problem->search.seed);
  close_item(out);
  write_search(run, out);
  open_item(out, "Tolerance");
  html_format(out, "search %g, verification %g", page_number(run->result, "search_tolerance"),
              page_number(run->result, "verification_tolerance"));
  close_item(out);
  item(out, "Identity of the run", page_string(run->result, "identity"));
  text_append(out, "</dl>\n");
  write_members(page_member(run->result, "versions"), "Versions", "program|version", out);
  write_members(page_member(run->result, "files"), "Files of the run", "file|SHA-256", out);
}
