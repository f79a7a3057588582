/* The page that compares runs: see comparison.h. */
#include "report/comparison.h"

#include "base/allocate.h"
#include "base/file.h"
#include "report/figure.h"
#include "report/page.h"
#include "report/page_shell.h"
#include "stepdose.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define TITLE "Runs compared"
#define TITLE_ELEMENT "<title>" TITLE "</title>"

/* --- runs ------------------------------------------------------------------------------------- */

static void run_row(const comparison *c, int i, html_table *t)
{
  const compared_run *r = &c->run[i];
  html_name_row(t, "run-%d", i + 1);
  html_cell(t, "%d", i + 1);
  html_cell_link(t, r->link, r->path);
  html_cell(t, "%s", page_title(r->run));
  html_cell(t, "%s", page_string(r->run->result, "verb"));
  html_cell(t, "%s", page_string(r->run->result, "status"));
  html_cell(t, "%s, %s", r->run->problem->molecule_name, r->run->problem->indication_name);
  html_cell(t, "%s, %g days", r->run->problem->model->name, r->run->problem->horizon_days);
  html_cell(t, "%s%s", r->patients, r->other_patients ? ": others than of run 1" : "");
  html_cell(t, "%s", comparison_beside(c, i) ? "yes" : r->why_apart);
}

static int count_apart(const comparison *c)
{
  int n = 0;
  for (int i = 0; i < c->n; i++) {
    n += !comparison_beside(c, i);
  }
  return n;
}

static int count_other_patients(const comparison *c)
{
  int n = 0;
  for (int i = 0; i < c->n; i++) {
    n += comparison_beside(c, i) && c->run[i].other_patients;
  }
  return n;
}

static void write_runs(const comparison *c, text *out)
{
  const int apart = count_apart(c);
  const int others = count_other_patients(c);
  html_table t = html_table_open(out, "Runs, and whether each can be compared with the first",
                                 "#run|page|title|verb|status|molecule, indication|model|patients "
                                 "behind the values|comparable");
  for (int i = 0; i < c->n; i++) {
    run_row(c, i, &t);
  }
  html_table_close(&t);
  if (apart > 0) {
    text_append(out,
                "<p><strong>%s %d of the runs cannot be compared with the first.</strong> Below "
                "they stand in no figure of risk, and are marked in the tables.</p>\n",
                "\xe2\x9a\xa0", apart);
  }
  if (others > 0) {
    text_append(out,
                "<p><strong>The values of %d of the runs come from other patients than those of "
                "the first.</strong> They differ by that too, and are marked in the tables. To "
                "compare regimens in the same patients: <code>simulate --regimen</code>.</p>\n",
                others);
  }
}

/* --- side by side ----------------------------------------------------------------------------- */

static void apart_name(const comparison *c, int i, char out[2 * WORDS_SIZE])
{
  char name[WORDS_SIZE];
  comparison_name(c, i, name);
  snprintf(out, 2 * WORDS_SIZE, "%s%s", name,
           !comparison_beside(c, i)   ? " (not comparable)"
           : c->run[i].other_patients ? " (other patients)"
                                      : "");
}

static void goal_cells(const compared_run *r, html_table *t)
{
  char words[WORDS_SIZE], statistic[WORDS_SIZE];
  const goal *g = &r->run->problem->goal;
  const bool patients = page_given_outcome(r->run) != NULL;
  words_measure(g, words);
  words_statistic(g, statistic);
  html_cell(t, "%s (%s)%s%s", words, problem_measures[g->measure].unit, patients ? ", " : "",
            patients ? statistic : "");
  words_goal_value(g, r->goal, words);
  html_cell(t, "%s", isfinite(r->goal) ? words : "-");
}

static void outcome_row(const comparison *c, int i, html_table *t)
{
  const compared_run *r = &c->run[i];
  char name[2 * WORDS_SIZE];
  apart_name(c, i, name);
  html_cell(t, "%s", name);
  goal_cells(r, t);
  html_cell(t, "%s",
            r->doses.n == 0                                  ? "-"
            : r->run->problem->n_limits == 0                 ? "none set"
            : page_true(r->run->result, "every_limit_holds") ? "yes"
                                                             : "NO");
  html_cell(t, "%d", r->doses.n);
  html_cell_number(t, r->visits);
  html_cell_number(t, r->hospital_days);
  html_cell_number(t, r->total_mg);
}

static void write_outcomes(const comparison *c, text *out)
{
  html_table t = html_table_open(out, "Goal, limits and burden",
                                 "run|goal asked for|#goal reached|every limit holds|#doses|"
                                 "#visits|#days in hospital|#total drug (mg)");
  for (int i = 0; i < c->n; i++) {
    outcome_row(c, i, &t);
  }
  html_table_close(&t);
}

static void limit_name(const limit *l, bool patients, char out[3 * WORDS_SIZE])
{
  char subject[WORDS_SIZE], window[WORDS_SIZE];
  (patients ? words_risk_short : words_limit_subject)(l, subject);
  words_limit_window(l, window);
  snprintf(out, 3 * WORDS_SIZE, "%s%s%s", subject, window[0] != 0 ? ", " : "", window);
}

/* Of the reference patient the value itself is bounded, whatever the risk says. */
static void shown_value(const limit *l, bool patients, double value, char out[WORDS_SIZE])
{
  (patients ? words_risk_value : words_bound)(l, value, out);
}

static void limit_row(const comparison *c, const compared_limit *row, int i, html_table *t)
{
  const compared_value *v = &row->of[i];
  const bool patients = comparison_of_patients(c->run[i].run);
  char words[3 * WORDS_SIZE], name[2 * WORDS_SIZE];
  limit_name(v->asked, patients, words);
  html_cell(t, "%s", words);
  apart_name(c, i, name);
  html_cell(t, "%s", name);
  shown_value(v->asked, patients, v->bound, words);
  html_cell(t, "%s", words);
  shown_value(v->asked, patients, v->value, words);
  html_cell(t, "%s", words);
  words_risk_interval(v->asked, v->low, v->high, words);
  html_cell(t, "%s", words);
  html_cell(t, "%s", !isfinite(v->value) ? "-" : v->holds ? "yes" : "NO");
}

static void write_limits(const comparison *c, text *out)
{
  if (c->n_limits == 0) {
    text_append(out, "<p>No run has a limit.</p>\n");
    return;
  }
  html_table t = html_table_open(out, "Limits: the worst value of each, with its 95 % interval",
                                 "limit|run|#allowed|#found|#95 % interval|holds");
  for (int k = 0; k < c->n_limits; k++) {
    for (int i = 0; i < c->n; i++) {
      if (c->limit[k].of[i].asked != NULL) {
        limit_row(c, &c->limit[k], i, &t);
      }
    }
  }
  html_table_close(&t);
  if (c->more_limits) {
    text_append(out, "<p class=\"note\">Further limits: the pages of the runs.</p>\n");
  }
}

static void write_side_by_side(const comparison *c, text *out)
{
  write_outcomes(c, out);
  write_limits(c, out);
  text_append(out,
              "<p class=\"note\">Intervals tell what the number of virtual patients leaves "
              "open, in each run alone: runs over other patients differ by them as well.</p>\n");
}

/* --- regimens --------------------------------------------------------------------------------- */

static void write_regimens(const comparison *c, text *out)
{
  double horizon = 0;
  lane *lanes = allocate_zeroed((size_t)c->n, sizeof *lanes);
  if (lanes == NULL) {
    out->failed = true;
    return;
  }
  for (int i = 0; i < c->n; i++) {
    comparison_name(c, i, lanes[i].name);
    lanes[i].doses = c->run[i].doses;
    horizon = fmax(horizon, c->run[i].run->problem->horizon_days);
  }
  figure_lanes("regimens", "Regimens on one axis of days", lanes, c->n, horizon, out);
  release(lanes);
}

/* --- the page --------------------------------------------------------------------------------- */

static void write_page(const comparison *c, text *out)
{
  page_section section[] = {{"Runs", false, {0}},
                            {"What was asked", false, {0}},
                            {"Regimens", true, {0}},
                            {"Side by side", false, {0}},
                            {"Control against risk", true, {0}}};
  write_runs(c, &section[0].content);
  comparison_differences(c, &section[1].content);
  write_regimens(c, &section[2].content);
  write_side_by_side(c, &section[3].content);
  comparison_figures(c, &section[4].content);
  page_shell_open(TITLE, out);
  page_shell_sections(section, (int)(sizeof section / sizeof section[0]), out);
  page_shell_close(stepdose_version(), out);
}

/* Only an older comparison is replaced. */
static bool may_write(const char *path, stepdose_error *error)
{
  enum { PAGE_BYTES_MAX = 1 << 26 };
  char *bytes = NULL;
  size_t length = 0;
  if (!file_exists(path)) {
    return true;
  }
  const bool ours = file_read(path, PAGE_BYTES_MAX, &bytes, &length, NULL) &&
                    strstr(bytes, TITLE_ELEMENT) != NULL;
  release(bytes);
  if (!ours) {
    error_set(error, STEPDOSE_RUN_EXISTS, "give another name with -o",
              "this is something else than a comparison of runs, and is not replaced");
    error_place(error, path, 0, 0, NULL);
  }
  return ours;
}

static bool check_count(int n, stepdose_error *error)
{
  if (n >= 2 && n <= COMPARED_RUNS_MAX) {
    return true;
  }
  return error_set(error, STEPDOSE_USAGE, "name two runs or more", "%d runs cannot be compared", n);
}

static bool make_place(const char *path, stepdose_error *error)
{
  char *directory = file_directory(path);
  const bool done = directory != NULL ? file_make_directory(directory, error)
                                      : error_no_memory(error, "comparing runs");
  release(directory);
  return done;
}

bool comparison_write(const char *const *directories, int n, const char *path,
                      stepdose_error *error)
{
  text out = {0};
  if (!check_count(n, error) || !may_write(path, error) || !make_place(path, error)) {
    return false;
  }
  comparison *c = comparison_read(directories, n, path, error);
  if (c == NULL) {
    return false;
  }
  write_page(c, &out);
  comparison_free(c);
  const bool done = out.failed ? error_no_memory(error, "comparing runs")
                               : file_write(path, out.bytes, out.length, error);
  text_free(&out);
  return done;
}
