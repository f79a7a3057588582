/* Tables and paragraphs for people stay within the page and keep their columns. */
#include "report/columns.h"
#include "report/words.h"
#include "simulate/schedule.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

static size_t widest_line(const char *bytes)
{
  size_t widest = 0;
  for (const char *line = bytes; *line != 0;) {
    size_t length = strcspn(line, "\n");
    widest = length > widest ? length : widest;
    line += length + (line[length] == '\n' ? 1 : 0);
  }
  return widest;
}

Test(columns, columns_line_up_and_numbers_stand_to_the_right)
{
  text out = {0};
  columns *t = columns_open();
  columns_row(t);
  columns_add(t, "name");
  columns_add(t, "value");
  columns_row(t);
  columns_add(t, "a");
  columns_add_number(t, 12.3456, 3);
  columns_row(t);
  columns_add(t, "missing");
  columns_add_number(t, NAN, 3);
  cr_expect(columns_print(t, 2, &out));
  cr_expect_str_eq(out.bytes, "  name     value\n  a         12.3\n  missing      -\n");
  columns_free(t);
  text_free(&out);
}

Test(columns, what_does_not_fit_on_the_page_is_left_out_and_said)
{
  text out = {0};
  columns *t = columns_open();
  columns_row(t);
  for (int c = 0; c < COLUMNS_MAX; c++) {
    columns_add(t, "a column of twenty-five characters");
  }
  cr_expect(!columns_print(t, 2, &out));
  cr_expect(widest_line(out.bytes) <= COLUMNS_PAGE, "%zu", widest_line(out.bytes));
  columns_free(t);
  text_free(&out);
}

Test(words, paragraphs_are_broken_within_the_page_and_lose_no_word)
{
  text out = {0};
  char body[600] = "";
  for (int i = 0; i < 60; i++) {
    strcat(body, i % 3 == 0 ? "word " : "longerword ");
  }
  words_paragraph("Head", body, &out);
  cr_expect(widest_line(out.bytes) <= COLUMNS_PAGE, "%zu", widest_line(out.bytes));
  int words = 0;
  for (const char *at = out.bytes; (at = strstr(at, "word")) != NULL; at += 4) {
    words++;
  }
  cr_expect(words == 60, "%d words", words);
  text_free(&out);
}

Test(words, schedules_are_written_as_a_clinician_would)
{
  static const struct {
    const char *name;
    double amount[8], day[8];
    int n;
    const char *doses, *days;
  } cases[] = {
      {"approved",
       {1, 2, 60, 60, 30, 30},
       {0, 7, 14, 21, 42, 63},
       6,
       "1/2/60/60/30/30",
       "0/7/14/21/42/63"},
      {"one repeated", {0.05, 10, 10, 10}, {0, 7, 14, 21}, 4, "0.05/10 x3", "0/7/14/21"},
      {"beyond the horizon", {1, 2, 3}, {0, 7, 84}, 3, "1/2", "0/7"},
      {"none", {0}, {0}, 0, "", ""},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    char found[WORDS_SIZE];
    schedule s = {.n_doses = cases[i].n};
    for (int d = 0; d < cases[i].n; d++) {
      s.doses[d] = (dose){cases[i].day[d], cases[i].amount[d], 4.0 / 24, ROUTE_IV};
    }
    words_doses(&s, 84, found);
    cr_expect_str_eq(found, cases[i].doses, "%s: %s", cases[i].name, found);
    words_days(&s, 84, found);
    cr_expect_str_eq(found, cases[i].days, "%s: %s", cases[i].name, found);
  }
}

Test(words, a_long_schedule_is_cut_visibly_and_never_overruns)
{
  char found[WORDS_SIZE];
  schedule s = {.n_doses = SCHEDULE_DOSES_MAX};
  for (int d = 0; d < SCHEDULE_DOSES_MAX; d++) {
    s.doses[d] = (dose){d, 1.2345 + d, 0, ROUTE_SC};
  }
  words_doses(&s, 1000, found);
  cr_expect(strlen(found) < WORDS_SIZE);
  cr_expect(strcmp(found + strlen(found) - 3, "...") == 0, "%s", found);
}
