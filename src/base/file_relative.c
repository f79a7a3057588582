/* How one file is named from the directory of another. */
#define _XOPEN_SOURCE 700 /* realpath */

#include "base/file.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/text.h"

static bool resolve(const char *path, char out[PATH_MAX], stepdose_error *error)
{
  return realpath(path, out) != NULL ||
         error_set_errno(error, STEPDOSE_INPUT_OUTPUT, path, errno, "cannot find the directory");
}

/* Length of the directories that two absolute paths have in common, without the slash behind. */
static size_t common_length(const char *a, const char *b)
{
  size_t common = 0;
  size_t i = 0;
  while (a[i] != 0 && a[i] == b[i]) {
    i++;
    const bool ends = (a[i] == '/' || a[i] == 0) && (b[i] == '/' || b[i] == 0);
    common = ends ? i : common;
  }
  return common;
}

static char *relative(const char *from, const char *to, const char *name)
{
  text out = {0};
  const size_t common = common_length(from, to);
  for (const char *c = from + common; *c != 0; c++) {
    if (*c == '/' && c[1] != 0) {
      text_append(&out, "../");
    }
  }
  const char *rest = to + common + strspn(to + common, "/");
  text_append(&out, "%s%s%s", rest, rest[0] != 0 ? "/" : "", name);
  return text_take(&out);
}

char *file_relative(const char *directory, const char *path, stepdose_error *error)
{
  char from[PATH_MAX], to[PATH_MAX];
  const char *slash = strrchr(path, '/');
  char *holder = file_directory(path);
  const bool found = (holder != NULL || error_no_memory(error, "naming a file")) &&
                     resolve(directory, from, error) && resolve(holder, to, error);
  release(holder);
  if (!found) {
    return NULL;
  }
  char *named = relative(from, to, slash != NULL ? slash + 1 : path);
  if (named == NULL) {
    error_no_memory(error, "naming a file");
  }
  return named;
}
