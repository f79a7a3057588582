/* Errors carry cause, place and remedy; the tables of the public header are complete. */
#include <criterion/criterion.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"

Test(base, an_error_replaces_whatever_was_in_the_memory)
{
  stepdose_error error;
  memset(&error, 0x5a, sizeof error);
  cr_assert(!error_set(&error, STEPDOSE_OUT_OF_RANGE, "use 1 to 60", "dose %g mg", 0.5));
  cr_expect_eq(error.code, STEPDOSE_OUT_OF_RANGE);
  cr_expect_str_eq(error.message, "dose 0.5 mg");
  cr_expect_str_eq(error.remedy, "use 1 to 60");
  cr_expect_str_eq(error.file, "");
  cr_expect_str_eq(error.pointer, "");
  cr_expect_eq(error.line, 0);
  cr_expect_eq(error.column, 0);
}

Test(base, an_error_may_be_built_from_itself)
{
  stepdose_error error;
  error_set(&error, STEPDOSE_MISSING_KEY, "add it", "no dose");
  error_set(&error, STEPDOSE_FILE_REFERENCE, error.remedy, "molecule: %s", error.message);
  cr_expect_str_eq(error.message, "molecule: no dose");
  cr_expect_str_eq(error.remedy, "add it");
}

Test(base, nobody_needs_to_want_the_error)
{
  cr_expect(!error_set(NULL, STEPDOSE_INTERNAL, NULL, "x"));
  cr_expect(!error_set_errno(NULL, STEPDOSE_INPUT_OUTPUT, "f", ENOENT, "cannot open"));
  cr_expect(!error_no_memory(NULL, "testing"));
  error_place(NULL, "f", 1, 2, "/a");
  error_clear(NULL);
}

Test(base, the_first_place_stays)
{
  stepdose_error error;
  error_set(&error, STEPDOSE_UNKNOWN_KEY, NULL, "key \"dos\"");
  error_place(&error, "a.json", 3, 7, "/regimen/dos");
  error_place(&error, "b.json", 1, 1, "/other");
  error_place(&error, NULL, 0, 0, NULL);
  cr_expect_str_eq(error.file, "a.json");
  cr_expect_eq(error.line, 3);
  cr_expect_eq(error.column, 7);
  cr_expect_str_eq(error.pointer, "/regimen/dos");
  error_clear(&error);
  cr_expect_eq(error.code, STEPDOSE_OK);
  cr_expect_str_eq(error.pointer, "");
}

Test(base, an_error_is_one_line_for_people)
{
  const struct {
    stepdose_error error;
    const char *line;
  } cases[] = {
      {{.file = "p.json", .line = 4, .column = 9, .pointer = "/a/b", .message = "m", .remedy = "r"},
       "p.json:4:9: /a/b: m; r"},
      {{.file = "p.json", .line = 4, .message = "m"}, "p.json:4: m"},
      {{.file = "p.json", .message = "m", .remedy = "r"}, "p.json: m; r"},
      {{.message = "m"}, "m"},
      {{.pointer = "/a", .message = "m"}, "/a: m"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char line[2048];
    error_format(&cases[i].error, line, sizeof line);
    cr_expect_str_eq(line, cases[i].line);
  }
}

Test(base, a_line_never_leaves_its_buffer)
{
  stepdose_error error = {
      .file = "problem.json", .line = 12, .message = "too long", .remedy = "cut"};
  char whole[2048];
  error_format(&error, whole, sizeof whole);
  for (size_t size = 0; size < strlen(whole) + 4; size++) {
    char line[2049];
    memset(line, '#', sizeof line);
    error_format(&error, line, size);
    cr_assert_eq(line[size], '#', "size %zu was not kept", size);
    if (size > 0) {
      size_t length = strlen(line);
      cr_assert_eq(length, size - 1 < strlen(whole) ? size - 1 : strlen(whole), "size %zu", size);
      cr_assert_eq(strncmp(line, whole, length), 0, "size %zu", size);
    }
  }
}

Test(base, long_texts_are_cut_not_overrun)
{
  char text[2000];
  memset(text, 'x', sizeof text - 1);
  text[sizeof text - 1] = '\0';
  stepdose_error error;
  error_set(&error, STEPDOSE_USAGE, text, "%s", text);
  error_place(&error, text, 1, 1, text);
  cr_expect_eq(strlen(error.message), sizeof error.message - 1);
  cr_expect_eq(strlen(error.remedy), sizeof error.remedy - 1);
  cr_expect_eq(strlen(error.file), sizeof error.file - 1);
  cr_expect_eq(strlen(error.pointer), sizeof error.pointer - 1);
}

Test(base, a_failed_system_call_names_cause_place_and_remedy)
{
  const int causes[] = {ENOENT, EACCES, ENOSPC, EIO, EMFILE, EINVAL};
  for (size_t i = 0; i < sizeof causes / sizeof *causes; i++) {
    stepdose_error error;
    cr_assert(!error_set_errno(&error, STEPDOSE_INPUT_OUTPUT, "x.csv", causes[i], "cannot open"));
    cr_expect_eq(error.code, STEPDOSE_INPUT_OUTPUT);
    cr_expect_not_null(strstr(error.message, strerror(causes[i])), "%s", error.message);
    cr_expect_str_eq(error.file, "x.csv");
    cr_expect_neq(error.remedy[0], '\0');
  }
}

/* Exit codes that a program of this project may end with (problem-file reference). */
static bool is_exit_code(int code) { return (code >= 0 && code <= 6) || code == 70; }

Test(base, every_code_has_its_own_name_a_meaning_and_an_exit_code)
{
  for (int a = 0; a < STEPDOSE_CODE_COUNT; a++) {
    stepdose_code code = (stepdose_code)a;
    cr_expect_neq(stepdose_code_meaning(code)[0], '\0', "%s", stepdose_code_name(code));
    cr_expect(is_exit_code(stepdose_code_exit(code)), "%s", stepdose_code_name(code));
    cr_expect_eq(stepdose_code_exit(code) == 0, code == STEPDOSE_OK);
    for (int b = 0; b < a; b++) {
      cr_expect_str_neq(stepdose_code_name(code), stepdose_code_name((stepdose_code)b));
    }
  }
  cr_expect_str_eq(stepdose_code_name(STEPDOSE_NO_MEMORY), "NO_MEMORY");
  cr_expect_eq(stepdose_code_exit(STEPDOSE_NO_MEMORY), 6);
}

Test(base, every_status_has_its_own_name_a_meaning_and_an_exit_code)
{
  for (int a = 0; a < STEPDOSE_STATUS_COUNT; a++) {
    stepdose_status status = (stepdose_status)a;
    cr_expect_neq(stepdose_status_meaning(status)[0], '\0');
    cr_expect(is_exit_code(stepdose_status_exit(status)));
    for (int b = 0; b < a; b++) {
      cr_expect_str_neq(stepdose_status_name(status), stepdose_status_name((stepdose_status)b));
    }
  }
  cr_expect_str_eq(stepdose_status_name(STEPDOSE_STATUS_VERIFIED), "verified");
  cr_expect_eq(stepdose_status_exit(STEPDOSE_STATUS_INFEASIBLE), 3);
}

Test(base, a_number_outside_the_tables_is_answered_not_read_past_the_end)
{
  const int outside[] = {-1, STEPDOSE_CODE_COUNT, 1000000};
  for (size_t i = 0; i < sizeof outside / sizeof *outside; i++) {
    cr_expect_str_eq(stepdose_code_name((stepdose_code)outside[i]), "UNKNOWN");
    cr_expect_eq(stepdose_code_exit((stepdose_code)outside[i]), 70);
    cr_expect_str_eq(stepdose_status_name((stepdose_status)outside[i]), "UNKNOWN");
  }
}

Test(base, default_settings_ask_for_nothing)
{
  stepdose_settings settings = stepdose_settings_default();
  cr_expect_eq(settings.threads, 0);
  cr_expect(!settings.has_seed);
  cr_expect(!settings.overwrite);
  cr_expect_null((const void *)settings.stop);
  cr_expect(settings.progress == NULL);
}

#ifdef STEPDOSE_SOURCE_DIR
Test(base, the_citation_names_this_version)
{
  char expected[64];
  char line[512];
  bool found = false;
  snprintf(expected, sizeof expected, "version: %s\n", stepdose_version());
  FILE *file = fopen(STEPDOSE_SOURCE_DIR "/CITATION.cff", "r");
  cr_assert_not_null(file);
  while (fgets(line, sizeof line, file) != NULL) {
    found = found || strcmp(line, expected) == 0;
  }
  fclose(file);
  cr_expect(found, "CITATION.cff lacks %s", expected);
}
#endif
