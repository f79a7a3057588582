/* Tables and paragraphs for people stay within the page and keep their columns. */
#include "report/columns.h"
#include "report/words.h"

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

Test(columns, a_heading_widens_no_column)
{
  text out = {0};
  columns *t = columns_open();
  columns_heading(t, "a heading over all columns, longer than the first of them");
  columns_row(t);
  columns_add(t, "a");
  columns_add(t, "1");
  cr_expect(columns_fit(t, 2) && columns_print(t, 2, &out));
  cr_expect_str_eq(out.bytes,
                   "  a heading over all columns, longer than the first of them\n  a  1\n");
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
    words_doses(&s, 84, WORDS_SIZE - 1, found);
    cr_expect_str_eq(found, cases[i].doses, "%s: %s", cases[i].name, found);
    words_days(&s, 84, WORDS_SIZE - 1, found);
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
  words_doses(&s, 1000, WORDS_SIZE - 1, found);
  cr_expect(strlen(found) < WORDS_SIZE);
  cr_expect(strcmp(found + strlen(found) - 3, "...") == 0, "%s", found);
}

/* Of the whole list, what stands before "/..." is a beginning that ends before a separator. */
Test(words, a_list_is_cut_only_at_a_separator)
{
  char whole[WORDS_SIZE];
  schedule s = {.n_doses = 12};
  for (int d = 0; d < 12; d++) {
    s.doses[d] = (dose){2.0 * d, 1 + d, 0, ROUTE_SC};
  }
  words_days(&s, 84, WORDS_SIZE - 1, whole);
  cr_assert_str_eq(whole, "0/2/4/6/8/10/12/14/16/18/20/22");
  for (size_t width = 5; width <= strlen(whole); width++) {
    char cut[WORDS_SIZE];
    words_days(&s, 84, width, cut);
    size_t length = strlen(cut);
    cr_expect(length <= width, "width %zu: %s", width, cut);
    if (strcmp(cut, whole) == 0) {
      continue;
    }
    cr_assert(length >= 4 && strcmp(cut + length - 4, "/...") == 0, "width %zu: %s", width, cut);
    cr_expect(strncmp(cut, whole, length - 3) == 0, "width %zu: %s", width, cut);
  }
}

Test(words, premedication_is_listed_apart)
{
  char found[WORDS_SIZE];
  text line = {0};
  schedule s = {.n_doses = 5,
                .doses = {{-7, 1000, 0, ROUTE_DEPLETER},
                          {-0.5, 20, 0, ROUTE_DEXAMETHASONE},
                          {0, 1, 4.0 / 24, ROUTE_IV},
                          {6.5, 20, 0, ROUTE_DEXAMETHASONE},
                          {7, 60, 4.0 / 24, ROUTE_IV}}};
  words_doses(&s, 84, WORDS_SIZE - 1, found);
  cr_expect_str_eq(found, "1/60");
  words_days(&s, 84, WORDS_SIZE - 1, found);
  cr_expect_str_eq(found, "0/7");
  words_route(&s, found);
  cr_expect_str_eq(found, "iv over 4 h");
  cr_expect_not(words_premedication(&s, 84, ROUTE_TOCILIZUMAB, &line));
  cr_assert(words_premedication(&s, 84, ROUTE_DEXAMETHASONE, &line));
  cr_expect_str_eq(line.bytes, "dexamethasone 20/20 mg on days -0.5/6.5");
  text_free(&line);
}

Test(words, a_day_that_is_zero_but_for_rounding_is_zero)
{
  char found[WORDS_SIZE];
  schedule s = {.n_doses = 2, .doses = {{1e-17, 1, 0, ROUTE_SC}, {6.99999999, 1, 0, ROUTE_SC}}};
  words_days(&s, 84, WORDS_SIZE - 1, found);
  cr_expect_str_eq(found, "0/7");
}

Test(words, counts_have_their_plural)
{
  static const struct {
    long n;
    const char *words;
  } cases[] = {{0, "0 doses"}, {1, "1 dose"}, {2, "2 doses"}, {3000, "3000 doses"}};
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    char found[WORDS_SIZE];
    words_count(cases[i].n, "dose", found);
    cr_expect_str_eq(found, cases[i].words);
  }
}

Test(words, measures_say_their_days_and_which_way_is_better)
{
  static const struct {
    goal goal;
    const char *words;
  } cases[] = {
      {{.measure = MEASURE_TIME_AVERAGED_LOG10_KILL, .day = 84, .last_days = 21},
       "tumour kill, time average"},
      {{.measure = MEASURE_SMALLEST_LOG10_KILL_LAST_DAYS, .day = 84, .last_days = 21},
       "smallest tumour kill of the last 21 days"},
      {{.measure = MEASURE_CHANGE_PERCENT_AT_DAY, .day = 42, .last_days = 21},
       "tumour shrinkage on day 42"},
      {{.measure = MEASURE_RESPONSE_RATE, .day = 42, .last_days = 21},
       "response (tumour at least halved) on day 42"},
      {{.measure = MEASURE_LOG10_KILL_AT_DAY, .day = 10.5, .last_days = 21},
       "tumour kill on day 10.5"},
  };
  cr_assert(sizeof cases / sizeof cases[0] == MEASURE_COUNT);
  for (size_t i = 0; i < MEASURE_COUNT; i++) {
    char found[WORDS_SIZE];
    words_measure(&cases[i].goal, found);
    cr_expect_str_eq(found, cases[i].words);
  }
}

Test(words, limits_and_variables_are_named_without_keys)
{
  static const struct {
    limit limit;
    const char *words;
  } limits[] = {
      {{.kind = LIMIT_IL6_PEAK, .window = WINDOW_DAYS, .from_day = 5, .to_day = 21},
       "IL-6 peak, days 5 to 21 (pg/mL)"},
      {{.kind = LIMIT_ACTIVATED_CD8, .window = WINDOW_LATER_DOSES},
       "activated CD8 T cells, later doses (fraction)"},
      {{.kind = LIMIT_CRS_DRIVE, .window = WINDOW_EACH_DOSE},
       "rise of the CRS signal, each dose (pg/mL)"},
      {{.kind = LIMIT_CRS_PROBABILITY, .grade = 2},
       "probability of CRS grade 2 or higher, whole course (fraction)"},
      {{.kind = LIMIT_CRS_PROBABILITY, .grade = 4, .window = WINDOW_FIRST_DOSE},
       "probability of CRS grade 4, first dose (fraction)"},
      {{.kind = LIMIT_DAMAGE, .place_name = "gut"}, "damage to gut (fraction)"},
      {{.kind = LIMIT_ACTIVATED_SITE, .place_name = "tumor"},
       "activated T cells, tumor (fraction)"},
      {{.kind = LIMIT_DAYS_ABOVE, .place_name = "gut", .above = 0.3},
       "days of activation above 0.300, gut (days)"},
      {{.kind = LIMIT_TOTAL_MG}, "total drug (mg)"},
      {{.kind = LIMIT_VISITS}, "visits"},
      {{.kind = LIMIT_DOSES}, "doses"},
      {{.kind = LIMIT_HOSPITAL_DAYS}, "hospital stay (days)"},
  };
  static const struct {
    regimen_variable variable;
    const char *words, *value;
  } variables[] = {
      {{.name = "step_3_dose_ug_m2_day", .unit = "ug/m2/day"}, "dose of step 3", "10 ug/m2/day"},
      {{.name = "step_12_dose_mg", .unit = "mg"}, "dose of step 12", "10 mg"},
      {{.name = "step_2_day", .unit = "day"}, "day of step 2", "day 10"},
      {{.name = "maintenance_dose_mg", .unit = "mg"}, "maintenance dose", "10 mg"},
      {{.name = "maintenance_first_day", .unit = "day"}, "first day of maintenance", "day 10"},
      {{.name = "maintenance_every_days", .unit = "day"}, "interval of maintenance", "10 days"},
  };
  char found[WORDS_SIZE];
  for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
    words_limit_unit(&limits[i].limit, found);
    cr_expect_str_eq(found, limits[i].words);
  }
  for (size_t i = 0; i < sizeof variables / sizeof variables[0]; i++) {
    words_variable(&variables[i].variable, found);
    cr_expect_str_eq(found, variables[i].words, "%s: %s", variables[i].variable.name, found);
    words_value(&variables[i].variable, 10, found);
    cr_expect_str_eq(found, variables[i].value, "%s: %s", variables[i].variable.name, found);
  }
}

Test(words, shares_are_rounded_so_that_they_still_say_something)
{
  static const struct {
    double left;
    const char *words;
  } cases[] = {
      {8.58, "8.6 %"},           {0, "0.0 %"},
      {0.000001, "<0.1 %"},      {100, "100.0 %"},
      {-13.4, "over by 13.4 %"}, {-1e-7, "over by <0.1 %"},
      {-100, "over by 100.0 %"}, {-4850.9, "49.5 x the limit"},
  };
  static const struct {
    double percent;
    const char *words;
  } changes[] = {
      {-99.99573, "-99.996"}, {-99.98, "-99.98"}, {99.99573, "99.996"}, {45.881, "45.88"},
      {-100, "-100"},         {394.6, "394.6"},   {-95, "-95.00"},      {NAN, "-"},
  };
  char found[WORDS_SIZE];
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    words_left(cases[i].left, found);
    cr_expect_str_eq(found, cases[i].words, "%g: %s", cases[i].left, found);
  }
  for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
    words_percent(changes[i].percent, found);
    cr_expect_str_eq(found, changes[i].words, "%g: %s", changes[i].percent, found);
  }
}

Test(words, a_schedule_says_its_route)
{
  static const struct {
    schedule doses;
    const char *words;
  } cases[] = {
      {{1, {{0, 5, 0, ROUTE_SC}}}, "sc"},
      {{2, {{0, 1, 4.0 / 24, ROUTE_IV}, {7, 2, 4.0 / 24, ROUTE_IV}}}, "iv over 4 h"},
      {{2, {{0, 1, 4.0 / 24, ROUTE_IV}, {7, 2, 2.0 / 24, ROUTE_IV}}}, "iv"},
      {{1, {{0, 5, 56, ROUTE_CIV}}}, "civ"},
      {{0}, "-"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    char found[WORDS_SIZE];
    words_route(&cases[i].doses, found);
    cr_expect_str_eq(found, cases[i].words, "case %zu: %s", i, found);
  }
}
