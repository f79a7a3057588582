/* sensitivity.csv: rectangular, one row for each estimate, with the numbers of the study. */
#include "report/report.h"

#include "report/csv_table.h"
#include "study/fixtures.h"

#include <math.h>

enum { SAMPLES = 16, INPUTS = 3, OUTPUTS = 2 };

#define INPUTS_AND_OUTPUTS                                                                         \
  "\"inputs\":[{\"of\":\"kIL6prod\"},{\"of\":\"Cl_tdb\"},{\"of\":\"dose_1\"}],"                    \
  "\"outputs\":[\"il6_peak.1\",\"il6_peak.2\"]}"

typedef struct written {
  stepdose_problem *problem;
  sensitivity_study *study;
  csv_table table;
} written;

static written run_and_write(const char *section)
{
  stepdose_error error = {.code = STEPDOSE_OK};
  const char *broken = NULL;
  char change[512];
  const char *changes[] = {change};
  text out = {0};
  written w = {0};
  snprintf(change, sizeof change, "/sensitivity=%s%s", section, INPUTS_AND_OUTPUTS);
  w.problem = fixture_problem(FIXTURE_MAIN, changes, 1);
  const sensitivity_request request = {
      .problem = w.problem, .doses = &w.problem->comparators[0].doses, .threads = 1};
  w.study = sensitivity_study_open(&request, &error);
  cr_assert(w.study != NULL && sensitivity_study_run(w.study, &request, &error), "%s",
            error.message);
  csv_sensitivity(w.study, &out);
  cr_assert(!out.failed && csv_table_parse(out.bytes, out.length, &w.table, &broken), "%s",
            broken != NULL ? broken : "no memory");
  cr_expect_eq(w.table.n_columns, 11);
  return w;
}

static void release_all(written *w)
{
  csv_table_free(&w->table);
  sensitivity_study_free(w->study);
  stepdose_problem_free(w->problem);
}

/* The row with these cells in the first columns; other: the last of them. */
static long find(const csv_table *t, const char *output, const char *estimate, const char *factor,
                 const char *other, double samples)
{
  for (long row = 0; row < t->n_rows; row++) {
    const double found = csv_table_number(t, row, 5);
    if (strcmp(csv_table_cell(t, row, 0), output) == 0 &&
        strcmp(csv_table_cell(t, row, 2), estimate) == 0 &&
        strcmp(csv_table_cell(t, row, 3), factor) == 0 &&
        strcmp(csv_table_cell(t, row, 4), other) == 0 &&
        (found == samples || (isnan(found) && isnan(samples)))) {
      return row;
    }
  }
  cr_assert_fail("no row %s,%s,%s,%s,%g", output, estimate, factor, other, samples);
  return -1;
}

Test(csv_sensitivity, every_estimate_of_every_stage_has_its_row)
{
  written w = run_and_write("{\"method\":\"sobol\",\"samples\":16,\"second_order\":true,");
  const sensitivity_outcome *found = &w.study->found;
  const int pairs = INPUTS * (INPUTS - 1) / 2;
  cr_assert_eq(found->n_stages, 2, "8 and 16 samples");
  cr_expect_eq(w.table.n_rows, OUTPUTS * 2 * (SOBOL_MEASURES + 2 * INPUTS + pairs));
  for (int stage = 0; stage < 2; stage++) {
    const sensitivity_index *total = sobol_total_at(found, stage, 1, 2);
    const sensitivity_index *second = sobol_second_at(found, stage, 1, 0, 2);
    const double samples = stage == 0 ? SAMPLES / 2 : SAMPLES;
    const long row = find(&w.table, "il6_peak.2", "total", "dose_1", "NA", samples);
    const long pair = find(&w.table, "il6_peak.2", "second", "kIL6prod", "dose_1", samples);
    cr_expect_eq(csv_table_number(&w.table, row, 6), total->value);
    cr_expect_eq(csv_table_number(&w.table, row, 7), total->low);
    cr_expect_eq(csv_table_number(&w.table, row, 8), total->high);
    cr_expect_eq(csv_table_number(&w.table, row, 9), (double)total->rows);
    cr_expect_eq(csv_table_number(&w.table, pair, 6), second->value);
    cr_expect_str_eq(csv_table_cell(&w.table, row, 1), "log10 pg/mL");
  }
  release_all(&w);
}

/* Wherever an interval holds zero the row says so, and nowhere else. */
Test(csv_sensitivity, flags_stand_behind_the_estimate)
{
  written w = run_and_write("{\"samples\":16,");
  cr_expect_eq(w.table.n_rows, OUTPUTS * 2 * MORRIS_MEASURES * INPUTS);
  const long sure = find(&w.table, "il6_peak.1", "mu", "kIL6prod", "NA", SAMPLES);
  cr_expect_str_eq(csv_table_cell(&w.table, sure, 10), "NA");
  for (long row = 0; row < w.table.n_rows; row++) {
    const bool zero = csv_table_number(&w.table, row, 7) <= 0 &&
                      csv_table_number(&w.table, row, 8) >= 0 &&
                      strcmp(csv_table_cell(&w.table, row, 2), "sigma") != 0;
    const bool flagged = strstr(csv_table_cell(&w.table, row, 10), "straddles-zero") != NULL;
    cr_expect_eq(zero, flagged, "row %ld", row);
  }
  release_all(&w);
}

Test(csv_sensitivity, derivatives_have_no_samples_and_no_interval)
{
  written w = run_and_write("{\"method\":\"local\",");
  cr_expect_eq(w.table.n_rows, OUTPUTS * INPUTS * 3);
  for (int i = 0; i < INPUTS; i++) {
    const char *name = w.study->input[i].described.name;
    const sensitivity_slope *slope = &w.study->slope[i];
    const long plain = find(&w.table, "il6_peak.1", "slope", name, "NA", NAN);
    const long swing = find(&w.table, "il6_peak.1", "swing", name, "NA", NAN);
    cr_expect_eq(csv_table_number(&w.table, plain, 6), slope->plain, "%s", name);
    cr_expect_eq(csv_table_number(&w.table, swing, 6), slope->swing, "%s", name);
    cr_expect(isnan(csv_table_number(&w.table, swing, 7)), "%s", name);
  }
  release_all(&w);
}
