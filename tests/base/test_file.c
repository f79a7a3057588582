/* Files: what was written is read back, places that cannot be written or read are named. */
#define _GNU_SOURCE
#include <sys/stat.h>
#include <unistd.h>

#include "scratch.h"

TestSuite(base, .init = open_directory, .fini = remove_directory);

Test(base, what_is_written_is_read)
{
  char bytes[70000];
  for (size_t i = 0; i < sizeof bytes; i++) {
    bytes[i] = (char)(i * 7);
  }
  const size_t lengths[] = {0, 1, 4096, sizeof bytes};
  for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
    char *back;
    size_t length;
    stepdose_error error;
    cr_assert(file_write(path, bytes, lengths[i], &error), "%s", error.message);
    cr_assert(file_read(path, LIMIT, &back, &length, &error), "%s", error.message);
    cr_expect_eq(length, lengths[i]);
    cr_expect_eq(memcmp(back, bytes, length), 0);
    cr_expect_eq(back[length], '\0');
    release(back);
  }
  cr_expect_eq(entries(directory), 1, "a temporary file was left");
}

Test(base, a_new_file_has_the_permissions_that_the_user_wants)
{
  struct stat status;
  umask(027);
  cr_assert(file_write(path, "x", 1, NULL));
  cr_assert_eq(stat(path, &status), 0);
  cr_expect_eq(status.st_mode & 0777, 0640);
}

/* Names that an earlier process with the same number left behind. */
Test(base, a_foreign_temporary_file_is_not_touched)
{
  enum { FOREIGN = 5 };
  char name[FOREIGN][256];
  for (int i = 0; i < FOREIGN; i++) {
    snprintf(name[i], sizeof name[i], "%s.%ld-%d.tmp", path, (long)getpid(), i);
    FILE *file = fopen(name[i], "w");
    cr_assert_not_null(file);
    cr_assert_eq(fputs("foreign", file) >= 0 && fclose(file) == 0, 1);
  }
  cr_assert(file_write(path, "new", 3, NULL));
  expect_content("new", "beside foreign files");
  cr_expect_eq(entries(directory), FOREIGN + 1);
  for (int i = 0; i < FOREIGN; i++) {
    struct stat status;
    cr_assert_eq(stat(name[i], &status), 0);
    cr_expect_eq(status.st_size, 7, "%s was overwritten", name[i]);
  }
}

Test(base, a_directory_without_write_permission_is_reported)
{
  if (geteuid() == 0 && (setegid(65534) != 0 || seteuid(65534) != 0)) {
    remove_directory();
    cr_skip_test("cannot become an ordinary user");
  }
  stepdose_error error;
  cr_expect(!file_write("/proc/x.json", "x", 1, &error));
  cr_expect_eq(error.code, STEPDOSE_INPUT_OUTPUT);
  cr_expect(!file_write("/usr/x.json", "x", 1, &error));
  cr_expect_eq(error.code, STEPDOSE_INPUT_OUTPUT);
  cr_expect_str_eq(error.file, "/usr/x.json");
  cr_assert_eq(seteuid(getuid()), 0);
}

Test(base, devices_and_directories_are_never_replaced)
{
  const char *const places[] = {"/dev/null", "/dev/full", directory};
  for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
    struct stat before, after;
    stepdose_error error;
    cr_assert_eq(stat(places[i], &before), 0);
    cr_expect(!file_write(places[i], "x", 1, &error), "%s", places[i]);
    cr_expect_eq(error.code, STEPDOSE_INPUT_OUTPUT);
    cr_assert_eq(stat(places[i], &after), 0);
    cr_expect_eq(before.st_mode, after.st_mode, "%s was replaced", places[i]);
  }
}

Test(base, what_cannot_be_read_says_why)
{
  char fifo[256];
  snprintf(fifo, sizeof fifo, "%s/fifo", directory);
  cr_assert_eq(mkfifo(fifo, 0600), 0);
  cr_assert(file_write(path, "12345", 5, NULL));
  const struct {
    const char *path;
    size_t limit;
    stepdose_code code;
  } cases[] = {{"/nowhere/at/all", LIMIT, STEPDOSE_INPUT_OUTPUT},
               {directory, LIMIT, STEPDOSE_INPUT_OUTPUT},
               {fifo, LIMIT, STEPDOSE_INPUT_OUTPUT},
               {"", LIMIT, STEPDOSE_INPUT_OUTPUT},
               {path, 4, STEPDOSE_JSON_TOO_LARGE}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char *bytes;
    size_t length;
    stepdose_error error;
    cr_expect(!file_read(cases[i].path, cases[i].limit, &bytes, &length, &error));
    cr_expect_eq(error.code, cases[i].code, "case %zu: %s", i, error.message);
    cr_expect_str_eq(error.file, cases[i].path);
    cr_expect_neq(error.remedy[0], '\0');
    cr_expect_null(bytes);
  }
  char *bytes;
  size_t length;
  cr_expect(file_read(path, 5, &bytes, &length, NULL), "a file of exactly the limit is read");
  release(bytes);
}

Test(base, directories_are_made_with_their_parents)
{
  char deep[256], slashes[256], blocked[256];
  stepdose_error error;
  snprintf(deep, sizeof deep, "%s/a/b/c", directory);
  snprintf(slashes, sizeof slashes, "%s//d//e/", directory);
  snprintf(blocked, sizeof blocked, "%s/x", path);
  for (int twice = 0; twice < 2; twice++) {
    cr_expect(file_make_directory(deep, &error), "%s", error.message);
    cr_expect(file_make_directory(slashes, &error), "%s", error.message);
  }
  cr_expect(file_exists(deep));
  cr_expect(file_exists(slashes));
  cr_assert(file_write(path, "x", 1, NULL));
  cr_expect(!file_make_directory(blocked, &error));
  cr_expect_eq(error.code, STEPDOSE_INPUT_OUTPUT);
  cr_expect(!file_make_directory(path, &error), "a file is no directory");
  cr_expect(!file_make_directory("", &error));
  cr_expect(!file_exists(blocked));
}

Test(base, paths_are_taken_apart_and_joined)
{
  const struct {
    const char *path, *directory, *stem;
  } cases[] = {{"a/b.c.json", "a", "b.c"},  {"problem.json", ".", "problem"},
               {"/x.json", "/", "x"},       {"a//b", "a", "b"},
               {".hidden", ".", ".hidden"}, {"a/.json", "a", ".json"},
               {"a.d/b", "a.d", "b"},       {"/a/b/", "/a/b", ""}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char *part = file_directory(cases[i].path);
    cr_expect_str_eq(part, cases[i].directory, "%s", cases[i].path);
    release(part);
    part = file_stem(cases[i].path);
    cr_expect_str_eq(part, cases[i].stem, "%s", cases[i].path);
    release(part);
  }
  const struct {
    const char *directory, *name, *path;
  } joins[] = {
      {"a", "b", "a/b"}, {"a/", "b", "a/b"}, {"a", "/b", "/b"}, {"", "b", "b"}, {"/", "b", "/b"}};
  for (size_t i = 0; i < sizeof joins / sizeof *joins; i++) {
    char *whole = file_join(joins[i].directory, joins[i].name);
    cr_expect_str_eq(whole, joins[i].path);
    release(whole);
  }
}
