/* A file named from the directory of another leads back to it. */
#include <sys/stat.h>
#include <unistd.h>

#include "scratch.h"

TestSuite(base_relative, .init = open_directory, .fini = remove_directory);

static void make(const char *name)
{
  char whole[256];
  snprintf(whole, sizeof whole, "%s/%s", directory, name);
  cr_assert(file_make_directory(whole, NULL), "%s", whole);
}

Test(base_relative, a_name_leads_from_the_directory_to_the_file)
{
  static const struct {
    const char *from, *to, *named;
  } cases[] = {
      {".", "a/f", "a/f"},         {"a", "a/f", "f"},       {"a", "b/f", "../b/f"},
      {"a/c", "b/f", "../../b/f"}, {"a/c", "a/f", "../f"},  {"a", "a/c/f", "c/f"},
      {"a", "ab/f", "../ab/f"},    {"ab", "a/f", "../a/f"}, {"a/../b", "./a/c/f", "../a/c/f"},
      {"a/", "a//c/f", "c/f"},
  };
  make("a/c");
  make("b");
  make("ab");
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    char from[256], to[256], back[512];
    stepdose_error error;
    snprintf(from, sizeof from, "%s/%s", directory, cases[i].from);
    snprintf(to, sizeof to, "%s/%s", directory, cases[i].to);
    char *named = file_relative(from, to, &error);
    cr_assert_not_null(named, "%s to %s: %s", cases[i].from, cases[i].to, error.message);
    cr_expect_str_eq(named, cases[i].named, "%s to %s: %s", cases[i].from, cases[i].to, named);
    cr_assert(file_write(to, "x", 1, NULL));
    snprintf(back, sizeof back, "%s/%s", from, named);
    cr_expect(file_exists(back), "%s does not exist", back);
    cr_assert_eq(remove(to), 0);
    release(named);
  }
}

Test(base_relative, a_directory_that_is_not_there_is_named)
{
  char nowhere[256];
  stepdose_error error = {0};
  snprintf(nowhere, sizeof nowhere, "%s/nowhere/f", directory);
  cr_expect_null(file_relative(directory, nowhere, &error));
  cr_expect_eq(error.code, STEPDOSE_INPUT_OUTPUT);
  cr_expect(strstr(error.file, "nowhere") != NULL, "%s", error.file);
}
