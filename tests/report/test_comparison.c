/* Several runs on one page: what can be compared stands side by side, what cannot is marked, and
 * what makes no sense is refused. */
#include "report/comparison.h"

#include "base/file.h"
#include "study/fixtures.h"

#include <stdio.h>
#include <string.h>

enum { RUNS_MAX = 4 };

static void simulate_into(char directory[64], const char *const *changes, size_t n_changes)
{
  stepdose_error error;
  stepdose_settings settings = stepdose_settings_default();
  stepdose_problem *problem = fixture_problem(FIXTURE_MAIN, changes, n_changes);
  stepdose_result *result =
      stepdose_simulate(problem, NULL, &settings, fixture_directory(directory), &error);
  cr_assert(result != NULL, "%s", error.message);
  stepdose_result_free(result);
  stepdose_problem_free(problem);
}

/* One run for each change of one field; NULL: none. */
typedef struct some_runs {
  int n;
  char directory[RUNS_MAX][64], page[96];
} some_runs;

static some_runs make_runs(const char *const *change, int n)
{
  some_runs made = {.n = n};
  for (int i = 0; i < n; i++) {
    simulate_into(made.directory[i], &change[i], change[i] != NULL);
  }
  snprintf(made.page, sizeof made.page, "%.60s-comparison.html", made.directory[0]);
  return made;
}

static void remove_runs(const some_runs *made)
{
  for (int i = 0; i < made->n; i++) {
    fixture_remove(made->directory[i]);
  }
  remove(made->page);
}

/* The caller frees. */
static char *compare(const some_runs *made)
{
  const char *path[RUNS_MAX];
  stepdose_error error;
  char *bytes = NULL;
  size_t length = 0;
  for (int i = 0; i < made->n; i++) {
    path[i] = made->directory[i];
  }
  char *page = stepdose_compare(path, (size_t)made->n, made->page, &error);
  cr_assert(page != NULL, "%s", error.message);
  cr_assert(file_read(page, 1 << 24, &bytes, &length, &error), "%s", error.message);
  stepdose_text_free(page);
  return bytes;
}

static int count(const char *where, const char *what)
{
  int n = 0;
  for (const char *at = strstr(where, what); at != NULL; at = strstr(at + 1, what)) {
    n++;
  }
  return n;
}

Test(comparison, runs_stand_side_by_side_with_what_was_changed)
{
  static const char *const change[] = {NULL, "/limits/0/max_pg_mL=800", "/search/seed=7"};
  const some_runs made = make_runs(change, 3);
  char *page = compare(&made);
  cr_expect(strstr(page, "figure-regimens") != NULL);
  cr_expect_eq(count(page, "figure id=\"figure-plane-"), 2, "two limits, two charts");
  cr_expect(strstr(page, "/limits/0/max_pg_mL</th><td>1100</td><td>800</td><td>1100</td>") != NULL,
            "what was changed");
  cr_expect(strstr(page, "/search/seed") != NULL);
  cr_expect_eq(count(page, "(not comparable)"), 0);
  cr_expect_eq(count(page, "/report.html\">"), 3, "a link to each page");
  free(page);
  remove_runs(&made);
}

Test(comparison, a_run_that_cannot_be_compared_is_marked_and_in_no_chart)
{
  static const struct {
    const char *change, *why;
  } cases[] = {
      {"/horizon_days=63", "another horizon: 63 days, not 84"},
      {"/maximize={\"objective\":\"tumor_control\",\"measure\":\"log10_kill_at_day\"}",
       "another goal"},
      {"/population={\"file\":\"populations/dlbcl-virtual.json\",\"patients\":16,\"seed\":1}",
       "virtual patients, not the reference patient"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    const char *change[] = {NULL, "/search/seed=7", cases[i].change};
    const some_runs made = make_runs(change, 3);
    char *page = compare(&made);
    cr_expect(strstr(page, cases[i].why) != NULL, "%s", cases[i].why);
    cr_expect(strstr(page, "1 of the runs cannot be compared") != NULL, "%s", cases[i].why);
    cr_expect(count(page, "(not comparable)") > 0, "%s", cases[i].why);
    cr_expect_eq(count(page, "<a href=\"#run-3\""), 0, "%s: it stands in a chart", cases[i].why);
    cr_expect(count(page, "<a href=\"#run-2\"") > 0, "%s: the other does not", cases[i].why);
    free(page);
    remove_runs(&made);
  }
}

#define PATIENTS(n, seed)                                                                          \
  "/population={\"file\":\"populations/dlbcl-virtual.json\",\"patients\":" n ",\"seed\":" seed "}"

Test(comparison, runs_over_other_patients_are_marked)
{
  static const char *const change[] = {PATIENTS("8", "1"), PATIENTS("8", "2"), PATIENTS("12", "1")};
  const some_runs made = make_runs(change, 3);
  char *page = compare(&made);
  cr_expect(strstr(page, "<td>8 of &quot;") != NULL, "%s", page);
  cr_expect_eq(count(page, ": others than of run 1"), 2);
  cr_expect(count(page, "(other patients)") >= 2);
  cr_expect(strstr(page, "The values of 2 of the runs come from other patients") != NULL);
  cr_expect_eq(count(page, "(not comparable)"), 0, "they can be compared");
  free(page);
  remove_runs(&made);
}

/* A proposal is told in fresh patients, whose number and seed are not those of its problem; a
 * simulation in those of the problem. */
Test(comparison, a_proposal_is_told_with_the_patients_who_judge_it)
{
  const char *const changes[] = {PATIENTS("8", "1"), "/verification={\"patients\":16,\"seed\":77}",
                                 "/regimen/dose_grid_mg=[1,60]", "/horizon_days=42",
                                 "/limits=[{\"objective\":\"il6_peak\",\"window\":\"course\","
                                 "\"max_pg_mL\":1e5,\"probability_max\":0.5}]"};
  some_runs made = {.n = 2};
  stepdose_error error;
  stepdose_settings settings = stepdose_settings_default();
  stepdose_problem *problem = fixture_problem(FIXTURE_MAIN, changes, 5);
  stepdose_result *result =
      stepdose_propose(problem, &settings, fixture_directory(made.directory[0]), &error);
  cr_assert(result != NULL, "%s", error.message);
  stepdose_result_free(result);
  stepdose_problem_free(problem);
  simulate_into(made.directory[1], changes, 5);
  snprintf(made.page, sizeof made.page, "%.60s-comparison.html", made.directory[0]);
  char *page = compare(&made);
  cr_expect(strstr(page, "seed 77 (fresh)") != NULL, "the proposal");
  cr_expect_eq(count(page, ": others than of run 1"), 1, "the simulation");
  free(page);
  remove_runs(&made);
}

Test(comparison, nonsense_is_refused)
{
  static const char *const change[] = {NULL, "/search/seed=7"};
  const some_runs made = make_runs(change, 2);
  const char *a = made.directory[0];
  char file[128];
  snprintf(file, sizeof file, "%s/summary.txt", a);
  const struct {
    const char *what, *path[2], *page;
    size_t n;
    stepdose_code code;
  } cases[] = {
      {"one run", {a, NULL}, made.page, 1, STEPDOSE_USAGE},
      {"the same run twice", {a, a}, made.page, 2, STEPDOSE_USAGE},
      {"no such run", {a, "/nowhere"}, made.page, 2, STEPDOSE_INPUT_OUTPUT},
      {"another file as the page", {a, made.directory[1]}, file, 2, STEPDOSE_RUN_EXISTS},
      {"a directory as the page", {a, made.directory[1]}, a, 2, STEPDOSE_RUN_EXISTS},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    stepdose_error error = {0};
    char *page = stepdose_compare(cases[i].path, cases[i].n, cases[i].page, &error);
    cr_expect(page == NULL, "%s", cases[i].what);
    cr_expect(error.code == cases[i].code, "%s: %s", cases[i].what, stepdose_code_name(error.code));
    stepdose_text_free(page);
  }
  cr_expect(!file_exists(made.page), "a page was written all the same");
  remove_runs(&made);
}

/* What an interrupted run leaves: all as in a finished one, but that it says so. */
static void unfinish(const char *path)
{
  char *bytes = NULL;
  size_t length = 0;
  size_t at = 0;
  text changed = {0};
  char hash[HASH_TEXT_SIZE];
  cr_assert(run_directory_read(path, RUN_FILE_RESULT, &bytes, &length, NULL));
  static const char said[] = "\"finished\": true";
  const char *found = strstr(bytes, said);
  cr_assert(found != NULL);
  text_append_bytes(&changed, bytes, (size_t)(found - bytes));
  text_append(&changed, "\"finished\": false%s", found + strlen(said));
  cr_assert(result_hash(changed.bytes, changed.length, hash, &at));
  memcpy(changed.bytes + at, hash, strlen(hash));
  cr_assert(run_directory_write_text(path, RUN_FILE_RESULT, &changed, NULL));
  text_free(&changed);
  free(bytes);
}

Test(comparison, a_run_that_is_not_finished_is_refused)
{
  static const char *const change[] = {NULL, "/search/seed=7"};
  const some_runs made = make_runs(change, 2);
  const char *const path[] = {made.directory[0], made.directory[1]};
  stepdose_error error = {0};
  unfinish(made.directory[1]);
  char *page = stepdose_compare(path, 2, made.page, &error);
  cr_expect(page == NULL);
  cr_expect(error.code == STEPDOSE_RESULT_INVALID, "%s", stepdose_code_name(error.code));
  cr_expect(strstr(error.message, "not finished") != NULL, "%s", error.message);
  cr_expect_str_eq(error.file, made.directory[1]);
  stepdose_text_free(page);
  remove_runs(&made);
}

Test(comparison, made_again_it_has_the_same_bytes)
{
  static const char *const change[] = {NULL, "/search/seed=7"};
  const some_runs made = make_runs(change, 2);
  char *once = compare(&made);
  char *twice = compare(&made);
  cr_expect_str_eq(once, twice);
  free(once);
  free(twice);
  remove_runs(&made);
}
