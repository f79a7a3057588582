/* The page of a run: what it shows, what it refuses, and that nothing from files becomes markup. */
#include "base/file.h"
#include "report/csv_table.h"
#include "report/figure.h"
#include "report/html.h"
#include "report/run_directory.h"
#include "report/svg.h"
#include "study/fixtures.h"

#include <math.h>
#include <string.h>

static char *copy_of(const char *string)
{
  char *copy = malloc(strlen(string) + 1);
  cr_assert(copy != NULL);
  strcpy(copy, string);
  return copy;
}

/* --- tables that are read back --- */

Test(report_html, a_table_is_divided_at_commas_lines_and_quotes)
{
  static const struct {
    const char *text;
    long rows;
    int columns;
    const char *last; /* cell of the last row and column */
  } tables[] = {
      {"a,b\n1,2\n3,4\n", 2, 2, "4"},
      {"a,b\r\n1,2\r\n", 1, 2, "2"},
      {"a,b\n1,2", 1, 2, "2"},
      {"a\n", 0, 1, ""},
      {"a,b\n1,\"x,\"\"y\"\"\n\"\n", 1, 2, "x,\"y\"\n"},
      {"a,b\n,\n", 1, 2, ""},
  };
  for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
    csv_table t;
    const char *broken = NULL;
    const char *text_of = tables[i].text;
    cr_expect(csv_table_parse(copy_of(text_of), strlen(text_of), &t, &broken), "%s: %s", text_of,
              broken);
    cr_expect(t.n_rows == tables[i].rows && t.n_columns == tables[i].columns, "%s: %ld x %d",
              text_of, t.n_rows, t.n_columns);
    cr_expect_str_eq(csv_table_cell(&t, t.n_rows - 1, t.n_columns - 1), tables[i].last);
    csv_table_free(&t);
  }
}

Test(report_html, a_table_with_uneven_lines_is_refused)
{
  static const char *const tables[] = {"", "a,b\n1\n", "a,b\n1,2,3\n", "a,b\n\"1\"x,2\n"};
  for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
    csv_table t;
    const char *broken = NULL;
    cr_expect(!csv_table_parse(copy_of(tables[i]), strlen(tables[i]), &t, &broken), "%s",
              tables[i]);
    cr_expect(broken != NULL, "%s", tables[i]);
    csv_table_free(&t);
  }
}

Test(report_html, cells_outside_of_a_table_are_empty)
{
  csv_table t;
  const char *broken = NULL;
  cr_assert(csv_table_parse(copy_of("a,b\n1,NA\n"), 9, &t, &broken));
  cr_expect(csv_table_column(&t, "c") == -1);
  cr_expect_str_eq(csv_table_cell(&t, 0, -1), "");
  cr_expect_str_eq(csv_table_cell(&t, 1, 0), "");
  cr_expect(isnan(csv_table_number(&t, 0, 1)) && isnan(csv_table_number(&t, 5, 0)));
  cr_expect(csv_table_number(&t, 0, 0) == 1);
  csv_table_free(&t);
}

/* --- markup --- */

Test(report_html, what_is_no_text_is_escaped_or_replaced)
{
  static const struct {
    const char *from, *to;
  } cases[] = {
      {"a<b>&\"c'", "a&lt;b&gt;&amp;&quot;c&#39;"},
      {"\xc2\xb5g \xe2\x89\xa4 5", "\xc2\xb5g \xe2\x89\xa4 5"},
      {"\x01\x1f", "\xef\xbf\xbd\xef\xbf\xbd"},
      {"\xff|\xc0\xaf", "\xef\xbf\xbd|\xef\xbf\xbd\xef\xbf\xbd"},
      {"\xef\xbf\xbf", "\xef\xbf\xbd"},
      {"\xe2\x82", "\xef\xbf\xbd\xef\xbf\xbd"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    text out = {0};
    html_text(&out, cases[i].from);
    cr_expect_str_eq(out.bytes, cases[i].to);
    text_free(&out);
  }
}

Test(report_html, a_link_to_a_file_holds_nothing_that_an_address_must_not)
{
  static const struct {
    const char *path, *words, *cell;
  } cases[] = {
      {"../a/report.html", "a", "<a href=\"../a/report.html\">a</a>"},
      {"a b/\"x\"#1?%.html", "<w>",
       "<a href=\"a%20b/%22x%22%231%3F%25.html\">&lt;w&gt;</a>"},
      {"javascript:1", "j", "<a href=\"javascript%3A1\">j</a>"},
      {"\xc2\xb5", "m", "<a href=\"%C2%B5\">m</a>"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    text out = {0};
    html_table t = html_table_open(&out, "c", "page");
    html_cell_link(&t, cases[i].path, cases[i].words);
    html_table_close(&t);
    cr_expect(strstr(out.bytes, cases[i].cell) != NULL, "%s: %s", cases[i].path, out.bytes);
    text_free(&out);
  }
}

/* --- charts --- */

Test(report_html, a_range_holds_what_it_was_made_for)
{
  static const struct {
    double low, high;
    bool logarithmic;
  } ranges[] = {{0, 84, false}, {-0.43, 1.94, false}, {3, 3, false},
                {0, 0, false},  {1.5, 1100, true},    {1e-7, 1e11, true},
                {60, 60, true}, {9.99, 10.01, true},  {-99, -12.5, false}};
  for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++) {
    svg_axis axis = {0};
    const double slack = 1e-9 * fabs(ranges[i].high);
    svg_range(&axis, ranges[i].low, ranges[i].high, ranges[i].logarithmic);
    cr_expect(axis.low <= ranges[i].low + slack && axis.high >= ranges[i].high - slack &&
                  axis.high > axis.low,
              "%g to %g became %g to %g", ranges[i].low, ranges[i].high, axis.low, axis.high);
    cr_expect(!ranges[i].logarithmic || axis.low > 0, "%g", axis.low);
  }
}

Test(report_html, values_outside_of_a_range_are_drawn_at_its_edge)
{
  text out = {0};
  svg_chart c = svg_open(&out, "test", 200, 0, "t", "d");
  svg_range(&c.y, 1, 100, true);
  cr_expect(fabs(svg_y(&c, 10) - (c.y.from + c.y.to) / 2) < 1e-9);
  cr_expect(fabs(svg_y(&c, 0) - c.y.from) < 1e-9);
  cr_expect(fabs(svg_y(&c, -3) - c.y.from) < 1e-9);
  cr_expect(fabs(svg_y(&c, 1e9) - c.y.to) < 1e-9);
  cr_expect(fabs(svg_y(&c, (double)NAN) - c.y.from) < 1e-9);
  text_free(&out);
}

/* A run with nothing but these trajectories. */
static char *courses_of(const stepdose_problem *problem, const char *trajectories)
{
  page_run run = {.problem = (stepdose_problem *)(uintptr_t)problem};
  const char *broken = NULL;
  text out = {0};
  cr_assert(
      csv_table_parse(copy_of(trajectories), strlen(trajectories), &run.trajectories, &broken));
  figure_courses(&run, &out);
  csv_table_free(&run.trajectories);
  char *drawn = text_take(&out);
  cr_assert(drawn != NULL);
  return drawn;
}

Test(report_html, a_cohort_is_drawn_as_median_and_band_one_patient_as_a_line)
{
  static const char one[] = "day,output,unit,statistic,value\n"
                            "0,drug_ug_mL,ug/mL,reference,1\n84,drug_ug_mL,ug/mL,reference,10\n";
  static const char many[] = "day,output,unit,statistic,value\n"
                             "0,drug_ug_mL,ug/mL,reference,7\n84,drug_ug_mL,ug/mL,reference,7\n"
                             "0,drug_ug_mL,ug/mL,p5,0.1\n0,drug_ug_mL,ug/mL,median,1\n"
                             "0,drug_ug_mL,ug/mL,p95,10\n84,drug_ug_mL,ug/mL,p5,0.1\n"
                             "84,drug_ug_mL,ug/mL,median,1\n84,drug_ug_mL,ug/mL,p95,10\n";
  stepdose_problem *problem = fixture_problem(FIXTURE_MAIN, NULL, 0);
  char *line = courses_of(problem, one);
  char *band = courses_of(problem, many);
  cr_expect(strstr(line, "<polygon") == NULL && strstr(line, "<polyline") != NULL);
  cr_expect(strstr(line, "The reference patient") != NULL);
  cr_expect(strstr(band, "<polygon") != NULL && strstr(band, "<polyline") != NULL);
  cr_expect(strstr(band, "median of the patients") != NULL);
  /* 0.1 at the foot, 10 at the head, so 1 half way between: 198 and 24 */
  cr_expect(strstr(band, "points=\"46.0,111.0 402.0,111.0 \"") != NULL, "%s", band);
  cr_expect(strstr(band, "points=\"46.0,198.0 402.0,198.0 402.0,24.0 46.0,24.0 \"") != NULL);
  stepdose_text_free(line);
  stepdose_text_free(band);
  stepdose_problem_free(problem);
}

/* --- whole pages --- */

static void propose_into(char directory[64], const char *path, const char *title, int threads)
{
  const char *const changes[] = {"/search/evaluations_max=500", "/search/starts=2", title};
  stepdose_error error;
  stepdose_settings settings = stepdose_settings_default();
  stepdose_problem *problem = fixture_problem(path, changes, title != NULL ? 3 : 2);
  settings.threads = threads;
  stepdose_result *result =
      stepdose_propose(problem, &settings, fixture_directory(directory), &error);
  cr_assert(result != NULL, "%s", error.message);
  stepdose_result_free(result);
  stepdose_problem_free(problem);
}

/* The caller frees. */
static char *read_page(const char *directory)
{
  char *bytes = NULL;
  size_t length = 0;
  stepdose_error error;
  cr_assert(run_directory_read(directory, RUN_FILE_REPORT, &bytes, &length, &error), "%s",
            error.message);
  return bytes;
}

Test(report_html, every_figure_and_part_of_the_shipped_problem_is_there)
{
  static const char *const parts[] = {"figure-regimen",
                                      "figure-peak-il6",
                                      "figure-peak-cd8",
                                      "figure-margins",
                                      "figure-course-drug",
                                      "figure-course-il6",
                                      "figure-course-activated",
                                      "figure-course-tumour",
                                      "figure-goals",
                                      "figure-shares",
                                      "figure-search",
                                      "Research use only",
                                      "SHA-256",
                                      "Values and their sources",
                                      "limit 1100",
                                      "limit 50",
                                      "flat 60 mg",
                                      "prefers-color-scheme",
                                      "@media print",
                                      "width=device-width"};
  char directory[64];
  propose_into(directory, FIXTURE_MAIN, NULL, 1);
  char *page = read_page(directory);
  for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
    cr_expect(strstr(page, parts[i]) != NULL, "'%s' is not on the page", parts[i]);
  }
  cr_expect(strstr(page, "figure-map") == NULL, "a map without a design");
  cr_expect(strstr(page, "<script") == NULL);
  free(page);
  fixture_remove(directory);
}

Test(report_html, an_answer_without_a_regimen_has_a_page_too)
{
  char directory[64];
  propose_into(directory, FIXTURE_TIGHT, NULL, 1);
  char *page = read_page(directory);
  cr_expect(strstr(page, "Research use only") != NULL);
  cr_expect(strstr(page, "</html>") != NULL);
  free(page);
  fixture_remove(directory);
}

Test(report_html, the_same_problem_gives_the_same_bytes_on_any_number_of_threads)
{
  char first[64];
  char second[64];
  propose_into(first, FIXTURE_MAIN, NULL, 1);
  propose_into(second, FIXTURE_MAIN, NULL, 3);
  char *one = read_page(first);
  char *other = read_page(second);
  cr_expect(strcmp(one, other) == 0, "two runs, two pages");
  char *name = stepdose_report(first, NULL);
  char *again = read_page(first);
  cr_expect(name != NULL && strcmp(one, again) == 0, "made again, the page is another one");
  stepdose_text_free(name);
  free(one);
  free(other);
  free(again);
  fixture_remove(first);
  fixture_remove(second);
}

Test(report_html, a_hostile_title_stays_text)
{
  char directory[64];
  propose_into(directory, FIXTURE_MAIN,
               "/title=\"</title><script>alert('x')</script>&\\u0001|%s%n\"", 1);
  char *page = read_page(directory);
  cr_expect(strstr(page, "<script") == NULL, "the title became markup");
  cr_expect(strstr(page, "&lt;/title&gt;&lt;script&gt;alert(&#39;x&#39;)") != NULL);
  cr_expect(strchr(page, '\x01') == NULL, "a control character");
  free(page);
  fixture_remove(directory);
}

Test(report_html, a_file_that_is_missing_or_was_changed_is_named)
{
  static const struct {
    run_file file;
    bool removed;
    stepdose_code code;
  } cases[] = {
      {RUN_FILE_TRAJECTORIES, true, STEPDOSE_INPUT_OUTPUT},
      {RUN_FILE_HISTORY, false, STEPDOSE_RESULT_INVALID},
      {RUN_FILE_PROBLEM, false, STEPDOSE_RESULT_INVALID},
      {RUN_FILE_SUMMARY, true, STEPDOSE_INPUT_OUTPUT},
      {RUN_FILE_RESULT, false, STEPDOSE_RESULT_INVALID},
      {RUN_FILE_RESULT, true, STEPDOSE_INPUT_OUTPUT},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    char directory[64];
    char whole[2048];
    stepdose_error error;
    const char *name = run_files[cases[i].file].name;
    propose_into(directory, FIXTURE_MAIN, NULL, 1);
    cr_assert(cases[i].removed ? run_directory_remove(directory, cases[i].file, NULL)
                               : run_directory_write(directory, cases[i].file, "{}\n", 3, NULL));
    char *page = stepdose_report(directory, &error);
    cr_assert(page == NULL, "%s", name);
    cr_expect(error.code == cases[i].code, "%s: %s", name, stepdose_code_name(error.code));
    error_format(&error, whole, sizeof whole);
    cr_expect(strstr(whole, name) != NULL, "%s is not named: %s", name, whole);
    fixture_remove(directory);
  }
}

Test(report_html, a_simulation_has_a_page_without_a_search)
{
  char directory[64];
  stepdose_error error;
  stepdose_settings settings = stepdose_settings_default();
  stepdose_problem *problem = fixture_problem(FIXTURE_MAIN, NULL, 0);
  stepdose_result *result =
      stepdose_simulate(problem, NULL, &settings, fixture_directory(directory), &error);
  cr_assert(result != NULL, "%s", error.message);
  char *page = read_page(directory);
  cr_expect(strstr(page, "figure-course-il6") != NULL);
  cr_expect(strstr(page, "figure-margins") != NULL);
  cr_expect(strstr(page, "figure-search") == NULL);
  free(page);
  stepdose_result_free(result);
  stepdose_problem_free(problem);
  fixture_remove(directory);
}
