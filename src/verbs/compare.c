/* The public function that compares runs. */
#include "stepdose.h"

#include "base/allocate.h"
#include "base/error.h"
#include "base/file.h"
#include "report/comparison.h"

#include <string.h>

/* NULL: no memory. */
static char *parent_of(const char *directory)
{
  char *name = allocate_copy(directory);
  if (name == NULL) {
    return NULL;
  }
  for (size_t n = strlen(name); n > 1 && name[n - 1] == '/'; n--) {
    name[n - 1] = 0;
  }
  const char *slash = strrchr(name, '/');
  const char *last = slash != NULL ? slash + 1 : name;
  const bool relative = strcmp(last, ".") == 0 || strcmp(last, "..") == 0;
  char *parent = relative ? file_join(name, "..") : file_directory(name);
  release(name);
  return parent;
}

/* Beside the first run, so that the links stay right where all are moved together. */
static char *default_path(const char *directory)
{
  char *beside = parent_of(directory);
  char *path = NULL;
  if (beside != NULL) {
    path = strcmp(beside, ".") == 0 ? allocate_copy(COMPARISON_PAGE)
                                    : file_join(beside, COMPARISON_PAGE);
  }
  release(beside);
  return path;
}

static char *compare(const char *const *directories, size_t n, const char *file,
                     stepdose_error *error)
{
  char *path = file != NULL ? allocate_copy(file) : default_path(directories[0]);
  if (path == NULL) {
    error_no_memory(error, "naming a comparison");
    return NULL;
  }
  if (!comparison_write(directories, (int)n, path, error)) {
    release(path);
    return NULL;
  }
  return path;
}

char *stepdose_compare(const char *const *paths, size_t n, const char *file, stepdose_error *error)
{
  char *directory[COMPARED_RUNS_MAX] = {NULL};
  char *path = NULL;
  bool named = n >= 2 && n <= COMPARED_RUNS_MAX;
  if (!named) {
    error_set(error, STEPDOSE_USAGE, "name from 2 to 64 runs", "%zu runs cannot be compared", n);
    return NULL;
  }
  for (size_t i = 0; named && i < n; i++) {
    directory[i] = run_directory_named(paths[i]);
    named = directory[i] != NULL || error_no_memory(error, "naming a run directory");
  }
  path = named ? compare((const char *const *)directory, n, file, error) : NULL;
  for (size_t i = 0; i < n; i++) {
    release(directory[i]);
  }
  return path;
}
