/* Numbers keep their bits through text, whatever the locale, and nothing but a number is read. */
#include <criterion/criterion.h>

#include <float.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/number.h"
#include "base/random.h"
#include "base/text.h"

enum { PATTERNS = 1000000, SEED = 20201 };

static double from_bits(uint64_t bits)
{
  double value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

/* True if the value comes back with the same bits from both formats. */
static bool round_trips(double value)
{
  char written[NUMBER_TEXT_SIZE];
  double back = 0.0;
  number_format(value, written);
  if (!number_parse(written, &back) || number_bits(back) != number_bits(value)) {
    return false;
  }
  number_format_full(value, written);
  return number_parse(written, &back) && number_bits(back) == number_bits(value);
}

Test(base, any_finite_number_reads_back_with_the_same_bits)
{
  random_stream stream = random_open(SEED, 1);
  long tried = 0;
  for (long i = 0; i < PATTERNS; i++) {
    double value = from_bits(random_bits(&stream));
    if (isfinite(value)) {
      tried++;
      cr_assert(round_trips(value), "seed %d, pattern %ld: %a", SEED, i, value);
    }
  }
  cr_assert_gt(tried, PATTERNS * 99L / 100); /* one pattern in 2048 is infinite or not a number */
}

Test(base, corner_numbers_read_back_with_the_same_bits)
{
  const double corners[] = {
      0.0,     -0.0,         1.0,         0.1,  1.0 / 3.0, DBL_MAX, -DBL_MAX,
      DBL_MIN, DBL_TRUE_MIN, DBL_EPSILON, 1e22, 1e23,      5e-324,  9007199254740993.0};
  for (size_t i = 0; i < sizeof corners / sizeof *corners; i++) {
    cr_expect(round_trips(corners[i]), "%a", corners[i]);
  }
}

Test(base, short_decimals_stay_short)
{
  const struct {
    double value;
    const char *text;
  } cases[] = {{0.1, "0.1"},
               {0.05, "0.05"},
               {60.0, "60"},
               {1100.0, "1100"},
               {1e-300, "1e-300"},
               {-2.5, "-2.5"},
               {1.898, "1.898"},
               {5e-324, "4.94065645841247e-324"},
               {0.1 + 0.2, "0.30000000000000004"}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char written[NUMBER_TEXT_SIZE];
    number_format(cases[i].value, written);
    cr_expect_str_eq(written, cases[i].text);
  }
}

Test(base, numbers_that_are_not_finite_are_written_as_missing)
{
  const double values[] = {NAN, -NAN, INFINITY, -INFINITY};
  for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
    char written[NUMBER_TEXT_SIZE];
    double back = 0.0;
    number_format(values[i], written);
    cr_expect_str_eq(written, "NA");
    number_format_full(values[i], written);
    cr_expect_str_eq(written, "NA");
    number_format_rounded(values[i], 3, written);
    cr_expect_str_eq(written, "NA");
    cr_expect(!number_parse(written, &back));
  }
}

Test(base, rounded_numbers_read_as_a_person_writes_them)
{
  const struct {
    double value;
    int digits;
    const char *text;
  } cases[] = {
      {0.05, 3, "0.05"},
      {11.3999, 3, "11.4"},
      {1028.3, 3, "1028"},
      {1.6e11, 3, "1.6e+11"},
      {999.96, 4, "1000"},
      {9.996, 3, "10"},
      {0.0, 3, "0"},
      {-0.0, 3, "0"},
      {-0.000123456, 3, "-0.000123"},
      {1.5e-5, 3, "1.5e-05"},
      {1234567.0, 3, "1234567"},
      {12345678.0, 3, "1.23e+07"},
      {2.0, 99, "2"},
      {7.77, 0, "8"},
      {100.0, 2, "100"},
      {5e-324, 3, "4.94e-324"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char written[NUMBER_TEXT_SIZE];
    number_format_rounded(cases[i].value, cases[i].digits, written);
    cr_expect_str_eq(written, cases[i].text, "%.17g to %d digits", cases[i].value, cases[i].digits);
  }
}

Test(base, only_whole_finite_decimal_numbers_are_read)
{
  const char *const refused[] = {"",      " ",      " 1",  "1 ",    "1x",  "0x10",    "nan", "inf",
                                 "1e999", "-1e999", "1,5", "--1",   "1e",  "e1",      ".",   "+",
                                 "1.2.3", "NA",     "1_0", "1e5.5", "\n1", "INFINITY"};
  const struct {
    const char *text;
    double value;
  } read[] = {{"1", 1.0},      {"-1.5", -1.5}, {"+2", 2.0},
              {"1e3", 1000.0}, {".5", 0.5},    {"1E-2", 0.01}};
  for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
    double value = 77.0;
    cr_expect(!number_parse(refused[i], &value), "\"%s\" was read", refused[i]);
    cr_expect_eq(number_bits(value), number_bits(77.0), "\"%s\" changed the result", refused[i]);
  }
  for (size_t i = 0; i < sizeof read / sizeof *read; i++) {
    double value = 0.0;
    cr_expect(number_parse(read[i].text, &value), "%s", read[i].text);
    cr_expect_eq(number_bits(value), number_bits(read[i].value), "%s", read[i].text);
  }
}

Test(base, same_numbers_differ_by_rounding_only)
{
  const struct {
    double a, b;
    bool same;
  } cases[] = {{0.1 + 0.2, 0.3, true}, {1.0, 1.0 + 2e-9, false}, {0.0, -0.0, true},
               {0.0, 1e-12, false},    {1e12, 1e12 + 1, true},   {-1.0, 1.0, false},
               {NAN, NAN, false}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    cr_expect_eq(number_same(cases[i].a, cases[i].b), cases[i].same, "case %zu", i);
    cr_expect_eq(number_same(cases[i].b, cases[i].a), cases[i].same, "case %zu reversed", i);
  }
}

/* A locale whose decimal point is a comma: an installed one, or one compiled for this test. */
static bool set_comma_locale(void)
{
  if (setlocale(LC_ALL, "de_DE.UTF-8") != NULL || setlocale(LC_ALL, "fr_FR.UTF-8") != NULL) {
    return true;
  }
  char directory[] = "/tmp/stepdose-locale-XXXXXX";
  char command[256];
  if (mkdtemp(directory) == NULL) {
    return false;
  }
  snprintf(command, sizeof command, "localedef -i de_DE -f UTF-8 %s/de_DE.UTF-8 2>/dev/null",
           directory);
  bool made = system(command) == 0 && setenv("LOCPATH", directory, 1) == 0;
  bool set = made && setlocale(LC_ALL, "de_DE.UTF-8") != NULL;
  snprintf(command, sizeof command, "rm -r %s", directory);
  return system(command) == 0 && set;
}

Test(base, a_decimal_comma_in_the_locale_changes_nothing)
{
  if (!set_comma_locale()) {
    cr_skip_test("no locale with a decimal comma can be had here");
  }
  char text_of_libc[NUMBER_TEXT_SIZE];
  snprintf(text_of_libc, sizeof text_of_libc, "%g", 1.5);
  cr_assert_str_eq(text_of_libc, "1,5", "the locale is not in force");

  char formatted[NUMBER_TEXT_SIZE];
  number_format(1.5, formatted);
  cr_expect_str_eq(formatted, "1.5");
  number_format_rounded(0.25, 2, formatted);
  cr_expect_str_eq(formatted, "0.25");
  double value = 0.0;
  cr_expect(number_parse("1.5", &value));
  cr_expect_eq(number_bits(value), number_bits(1.5));
  cr_expect(!number_parse("1,5", &value));
  text t = {.bytes = NULL};
  text_append(&t, "%g mg", 0.05);
  cr_expect_str_eq(t.bytes, "0.05 mg");
  text_free(&t);
  snprintf(text_of_libc, sizeof text_of_libc, "%g", 1.5);
  cr_expect_str_eq(text_of_libc, "1,5", "the locale of the caller was changed");
}
