/* A directory of its own for each test of files; it is gone when the test ends. */
#ifndef TESTS_BASE_SCRATCH_H
#define TESTS_BASE_SCRATCH_H

#include <criterion/criterion.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/file.h"

enum { LIMIT = 1 << 24 };

static char directory[64];
static char path[128]; /* a file in it */

static inline void open_directory(void)
{
  strcpy(directory, "/tmp/stepdose-file-XXXXXX");
  cr_assert_not_null(mkdtemp(directory));
  snprintf(path, sizeof path, "%s/result.json", directory);
}

static inline void remove_directory(void)
{
  char command[128];
  snprintf(command, sizeof command, "rm -rf %s", directory);
  cr_assert_eq(system(command), 0);
}

static inline int entries(const char *name)
{
  int n = 0;
  DIR *listing = opendir(name);
  cr_assert_not_null(listing);
  for (struct dirent *entry = readdir(listing); entry != NULL; entry = readdir(listing)) {
    n += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
  }
  closedir(listing);
  return n;
}

static inline void expect_content(const char *expected, const char *when)
{
  char *bytes;
  size_t length;
  stepdose_error error;
  cr_assert(file_read(path, LIMIT, &bytes, &length, &error), "%s: %s", when, error.message);
  cr_expect_eq(length, strlen(expected), "%s", when);
  cr_expect_str_eq(bytes, expected, "%s", when);
  release(bytes);
}

#endif
