/* The growing string keeps what it was given, and fails cleanly at any allocation. */
#include <criterion/criterion.h>

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/allocate.h"
#include "base/text.h"

/* Enough pieces to grow several times. */
static char *build(void)
{
  text t = {.bytes = NULL};
  for (int i = 0; i < 200; i++) {
    text_append(&t, "%d:", i);
    text_append_number(&t, i / 8.0);
    text_append_json_string(&t, "a\"b\n");
    text_append_repeat(&t, '-', 3);
    text_append_bytes(&t, ";", 1);
  }
  return text_take(&t);
}

Test(base, pieces_follow_each_other)
{
  text t = {.bytes = NULL};
  text_append(&t, "%s=%d", "doses", 3);
  text_append_repeat(&t, '.', 2);
  text_append_repeat(&t, '.', 0);
  text_append_repeat(&t, '.', -1);
  text_append_number(&t, 0.1);
  text_append_bytes(&t, "xyz", 2);
  cr_assert_eq(t.length, strlen(t.bytes));
  char *whole = text_take(&t);
  cr_assert_str_eq(whole, "doses=3..0.1xy");
  cr_expect_null(t.bytes);
  cr_expect_eq(t.length, 0);
  release(whole);
}

Test(base, an_empty_text_is_an_empty_string)
{
  text t = {.bytes = NULL};
  char *whole = text_take(&t);
  cr_assert_not_null(whole);
  cr_expect_str_eq(whole, "");
  release(whole);
}

Test(base, a_failed_allocation_at_any_place_gives_no_text_and_no_crash)
{
  long before = allocate_count();
  char *whole = build();
  long n = allocate_count() - before;
  cr_assert_not_null(whole);
  cr_assert_gt(n, 5, "only %ld allocations: the text does not grow", n);
  for (int persistent = 0; persistent <= 1; persistent++) {
    for (long i = 0; i < n; i++) {
      allocate_fail_after(i, persistent);
      char *failed = build();
      allocate_fail_after(-1, 0);
      cr_expect_null(failed, "failure of allocation %ld of %ld (persistent %d) was lost", i, n,
                     persistent);
      release(failed);
    }
  }
  char *again = build();
  cr_assert_not_null(again);
  cr_expect_str_eq(again, whole, "the same text is built after all failures");
  release(again);
  release(whole);
}

Test(base, one_failure_is_one_failure)
{
  allocate_fail_after(1, 0);
  void *first = allocate(1);
  void *second = allocate(1);
  void *third = allocate_zeroed(1, 1);
  cr_expect_not_null(first);
  cr_expect_null(second);
  cr_expect_not_null(third);
  release(first);
  release(third);
  allocate_fail_after(0, 1);
  cr_expect_null(allocate(1));
  cr_expect_null(allocate_copy("x"));
  cr_expect_null(reallocate(NULL, 1));
  allocate_fail_after(-1, 0);
}

Test(base, sizes_that_overflow_are_refused)
{
  cr_expect_null(allocate_zeroed(SIZE_MAX / 2, 3));
  cr_expect_null(allocate_zeroed(3, SIZE_MAX / 2));
  void *nothing = allocate(0);
  cr_expect_not_null(nothing, "an empty block is a block");
  nothing = reallocate(nothing, 0);
  cr_expect_not_null(nothing);
  release(nothing);
  release(NULL);
}

Test(base, json_strings_are_escaped_and_valid_utf8)
{
  const struct {
    const char *plain, *json;
  } cases[] = {
      {"", "\"\""},
      {"dose_mg", "\"dose_mg\""},
      {"a\"b\\c/d", "\"a\\\"b\\\\c/d\""},
      {"\b\f\n\r\t", "\"\\b\\f\\n\\r\\t\""},
      {"\x01\x1f\x7f", "\"\\u0001\\u001f\x7f\""},
      {"\xc2\xb5g \xe2\x82\xac \xf0\x9f\x92\x89", "\"\xc2\xb5g \xe2\x82\xac \xf0\x9f\x92\x89\""},
      {"\xff", "\"\xef\xbf\xbd\""},                                 /* never a first byte */
      {"a\xc2", "\"a\xef\xbf\xbd\""},                               /* cut off */
      {"\xc0\xaf", "\"\xef\xbf\xbd\xef\xbf\xbd\""},                 /* over-long slash */
      {"\xe0\x80\xaf", "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""}, /* over-long slash */
      {"\xed\xa0\x80", "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""}, /* surrogate */
      {"\xf4\x90\x80\x80", "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""}, /* too large */
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    text t = {.bytes = NULL};
    text_append_json_string(&t, cases[i].plain);
    cr_expect_str_eq(t.bytes, cases[i].json, "case %zu", i);
    text_free(&t);
  }
}

Test(base, the_word_that_was_meant_is_suggested)
{
  const char *const words[] = {"dose_mg", "day",    "every_days", "horizon_days", "maximize",
                               "limits",  "search", "population", "route",        "first_day"};
  const struct {
    const char *typed, *meant; /* NULL: nothing is near */
  } cases[] = {
      {"dose_mg", "dose_mg"},
      {"dose_mgs", "dose_mg"},
      {"dosemg", "dose_mg"},
      {"DOSE_MG", "dose_mg"},
      {"dose", "dose_mg"},
      {"horizon", "horizon_days"},
      {"horizn_days", "horizon_days"},
      {"maximise", "maximize"},
      {"limit", "limits"},
      {"serach", "search"},
      {"days", "day"},
      {"popluation", "population"},
      {"sear", NULL},
      {"xyz", NULL},
      {"", NULL},
      {"sensitivity", NULL},
      {"completely_different_word", NULL},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    const char *found = text_nearest(cases[i].typed, words, sizeof words / sizeof *words);
    const char *meant = cases[i].meant;
    cr_expect(found == meant || (found != NULL && meant != NULL && strcmp(found, meant) == 0),
              "%s: suggested %s, meant %s", cases[i].typed, found != NULL ? found : "nothing",
              meant != NULL ? meant : "nothing");
  }
}

Test(base, very_long_words_get_no_suggestion)
{
  char word[1001];
  memset(word, 'a', sizeof word - 1);
  word[sizeof word - 1] = '\0';
  const char *const words[] = {"aaaa", word};
  cr_expect_null(text_nearest(word, words, 2));
  cr_expect_str_eq(text_nearest("aaaa", words, 2), "aaaa");
  cr_expect_null(text_nearest("aaaa", words, 0));
}
