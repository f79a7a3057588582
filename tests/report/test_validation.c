/* The table of a validation, for people and for programs. */
#include "problem/evidence_text.h"

#include "base/allocate.h"
#include "report/columns.h"
#include "report/csv_table.h"
#include "report/validation.h"

#include <math.h>

/* Invented predictions of the small file: exactly what was observed, but for the first row. */
static study_validation invented(evidence_prediction predicted[SMALL_ROWS])
{
  evidence *e = evidence_of(evidence_small, 0);
  for (int i = 0; i < SMALL_ROWS; i++) {
    const double value = e->rows[i].observed;
    predicted[i] = (evidence_prediction){value, 0.01, value, value, 16, 0};
  }
  predicted[ROW_ANY].value = 0.25;
  return (study_validation){.evidence = e, .predicted = predicted};
}

Test(validation, the_text_says_of_every_row_what_it_is_and_what_came_out)
{
  evidence_prediction predicted[SMALL_ROWS];
  study_validation v = invented(predicted);
  char *shown = report_validation(&v);
  cr_assert_not_null(shown);
  static const char *const expected[] = {
      "met in 1 of 2 rows",
      "MISSED",
      "Rows that were fitted: 2 of 3 within",
      "Rows that no fit has used: 2 of 2 within",
      "Rows that rest on fitted data: 1 of 1 within",
      "51 (43 to 59)", /* 80 of 157, Clopper and Pearson */
      "at most 10",
      "at least 2",
      "10 points",
      "3-fold",
  };
  for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
    cr_expect_not_null(strstr(shown, expected[i]), "'%s' is not in\n%s", expected[i], shown);
  }
  for (int i = 0; i < SMALL_ROWS; i++) {
    cr_expect_not_null(strstr(shown, v.evidence->rows[i].name));
  }
  release(shown);
  evidence_free(v.evidence);
}

Test(validation, no_line_is_wider_than_the_page)
{
  stepdose_error error;
  const validation_request request = {
      .evidence_file = EVIDENCE_SHIPPED, .threads = 2, .patients = 4};
  study_validation *v = study_validate(&request, &error);
  cr_assert_not_null(v);
  char *shown = report_validation(v);
  cr_assert_not_null(shown);
  for (const char *line = shown; *line != '\0'; line += strcspn(line, "\n") + 1) {
    cr_expect_leq(strcspn(line, "\n"), COLUMNS_PAGE, "%.*s", (int)strcspn(line, "\n"), line);
  }
  cr_expect_null(strstr(shown, "..."), "a name was cut");
  cr_expect_not_null(strstr(shown, "within"), "the last column was left out");
  release(shown);
  study_validation_free(v);
}

/* More rows than a table has room for. */
Test(validation, no_row_is_left_out)
{
  enum { MANY = 200 };
  static evidence_prediction predicted[MANY];
  evidence *e = evidence_of(evidence_small, 0);
  for (int i = 0; i < MANY; i++) {
    e->rows[i] = e->rows[ROW_ANY];
    snprintf(e->rows[i].name, sizeof e->rows[i].name, "row %d.", i);
    predicted[i] = (evidence_prediction){0.5, 0.01, 0.48, 0.52, 16, 0};
  }
  e->n_rows = MANY;
  const study_validation v = {.evidence = e, .predicted = predicted};
  char *shown = report_validation(&v);
  cr_assert_not_null(shown);
  for (int i = 0; i < MANY; i++) {
    const char *first = strstr(shown, e->rows[i].name);
    cr_expect(first != NULL && strstr(first + 1, e->rows[i].name) != NULL,
              "%s is not in both tables", e->rows[i].name);
  }
  release(shown);
  evidence_free(e);
}

Test(validation, the_file_holds_one_line_a_row_with_all_digits)
{
  evidence_prediction predicted[SMALL_ROWS];
  study_validation v = invented(predicted);
  text out = {0};
  csv_table table;
  const char *broken = NULL;
  csv_validation(&v, &out);
  const size_t length = out.length;
  cr_assert(csv_table_parse(text_take(&out), length, &table, &broken), "%s", broken);
  cr_expect_eq(table.n_rows, SMALL_ROWS);
  const int name = csv_table_column(&table, "row"), value = csv_table_column(&table, "predicted");
  const int met = csv_table_column(&table, "met"), use = csv_table_column(&table, "use");
  for (int i = 0; i < SMALL_ROWS; i++) {
    cr_expect_str_eq(csv_table_cell(&table, i, name), v.evidence->rows[i].name);
    cr_expect_eq(csv_table_number(&table, i, value), predicted[i].value);
    cr_expect_str_eq(csv_table_cell(&table, i, use), evidence_use_names[v.evidence->rows[i].use]);
  }
  cr_expect_str_eq(csv_table_cell(&table, ROW_ANY, met), "no");
  cr_expect_str_eq(csv_table_cell(&table, ROW_PEAK, met), "yes");
  cr_expect_str_eq(csv_table_cell(&table, ROW_DAY, met), "NA");
  csv_table_free(&table);
  evidence_free(v.evidence);
}

Test(validation, a_quote_in_a_name_does_not_break_the_table)
{
  evidence_prediction predicted[SMALL_ROWS];
  study_validation v = invented(predicted);
  text out = {0};
  csv_table table;
  const char *broken = NULL;
  snprintf(v.evidence->rows[0].source, EVIDENCE_SOURCE_SIZE, "he said \"12, or 13\"");
  csv_validation(&v, &out);
  const size_t length = out.length;
  cr_assert(csv_table_parse(text_take(&out), length, &table, &broken), "%s", broken);
  cr_expect_str_eq(csv_table_cell(&table, 0, csv_table_column(&table, "source")),
                   "he said \"12, or 13\"");
  csv_table_free(&table);
  evidence_free(v.evidence);
}
