/* The directory of one run: see run_directory.h. */
#include "report/run_directory.h"

#include "base/allocate.h"
#include "base/file.h"
#include "optimize/journal.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { PATH_SIZE = 4096 };

static const size_t largest_file = (size_t)1 << 30;

const run_file_row run_files[RUN_FILE_COUNT] = {
#define X(id, name, hashed, meaning) {name, hashed, meaning},
    RUN_FILES(X)
#undef X
};

char *run_directory_default(const stepdose_problem *problem, const char *identity)
{
  text name = {0};
  text_append(&name, "runs/%s-%.8s", problem->name, identity);
  return text_take(&name);
}

char *run_directory_path(const char *directory, run_file file)
{
  return file_join(directory, run_files[file].name);
}

/* False where the name is longer than the system takes: there is no such file. */
static bool name_file(const char *directory, run_file file, char path[PATH_SIZE])
{
  int length =
      snprintf(path, PATH_SIZE, "%s/%s", directory[0] != 0 ? directory : ".", run_files[file].name);
  return length > 0 && length < PATH_SIZE;
}

bool run_directory_has(const char *directory, run_file file)
{
  char path[PATH_SIZE];
  return name_file(directory, file, path) && file_exists(path);
}

bool run_directory_write(const char *directory, run_file file, const char *bytes, size_t length,
                         stepdose_error *error)
{
  char *path = run_directory_path(directory, file);
  if (path == NULL) {
    return error_no_memory(error, "writing a file of the run directory");
  }
  bool done = file_write(path, bytes, length, error);
  release(path);
  return done;
}

bool run_directory_write_text(const char *directory, run_file file, text *t, stepdose_error *error)
{
  if (t->failed) {
    return error_no_memory(error, "writing a file of the run directory");
  }
  return run_directory_write(directory, file, t->length > 0 ? t->bytes : "", t->length, error);
}

bool run_directory_read(const char *directory, run_file file, char **bytes, size_t *length,
                        stepdose_error *error)
{
  char *path = run_directory_path(directory, file);
  if (path == NULL) {
    return error_no_memory(error, "reading a file of the run directory");
  }
  bool done = file_read(path, largest_file, bytes, length, error);
  release(path);
  return done;
}

bool run_directory_hash(const char *directory, run_file file, char hash[HASH_TEXT_SIZE],
                        stepdose_error *error)
{
  char *bytes = NULL;
  size_t length = 0;
  if (!run_directory_read(directory, file, &bytes, &length, error)) {
    return false;
  }
  hash_sha256(bytes, length, hash);
  release(bytes);
  return true;
}

char *run_directory_named(const char *path)
{
  const char *name = run_files[RUN_FILE_RESULT].name;
  size_t n = strlen(path);
  size_t m = strlen(name);
  bool is_result = n >= m && strcmp(path + n - m, name) == 0 && (n == m || path[n - m - 1] == '/');
  return is_result ? file_directory(path) : allocate_copy(path);
}

bool run_directory_remove(const char *directory, run_file file, stepdose_error *error)
{
  char *path = run_directory_path(directory, file);
  if (path == NULL) {
    return error_no_memory(error, "removing an old file");
  }
  bool gone = remove(path) == 0 || errno == ENOENT;
  if (!gone) {
    error_set_errno(error, STEPDOSE_INPUT_OUTPUT, path, errno, "cannot remove the old file");
  }
  release(path);
  return gone;
}

bool run_directory_clear(const char *directory, stepdose_error *error)
{
  /* The result goes first: what is half removed must not look finished. */
  for (int f = RUN_FILE_COUNT - 1; f >= 0; f--) {
    if (!run_directory_remove(directory, (run_file)f, error)) {
      return false;
    }
  }
  return true;
}

static bool refuse(const char *directory, const char *what, const char *remedy,
                   stepdose_error *error)
{
  error_set(error, STEPDOSE_RUN_EXISTS, remedy, "%s", what);
  error_place(error, directory, 0, 0, NULL);
  return false;
}

static const char another[] = "name another directory with --output";
static const char another_or_replace[] =
    "name another directory with --output, or replace the run with --overwrite";

/* One file, by whatever names. */
static bool same_file(const char *a, const char *b)
{
  struct stat of_a;
  struct stat of_b;
  return stat(a, &of_a) == 0 && stat(b, &of_b) == 0 && of_a.st_dev == of_b.st_dev &&
         of_a.st_ino == of_b.st_ino;
}

bool run_directory_spares(const char *directory, const char *input, stepdose_error *error)
{
  for (int f = 0; input != NULL && f < RUN_FILE_COUNT; f++) {
    char path[PATH_SIZE];
    if (name_file(directory, (run_file)f, path) && same_file(path, input)) {
      return refuse(directory, "the run would replace a file that it reads", another, error);
    }
  }
  return true;
}

static bool begins_with(const char *directory, run_file file, const char *start)
{
  char path[PATH_SIZE];
  char found[sizeof RESULT_HEAD + sizeof JOURNAL_MAGIC];
  size_t length = strlen(start);
  FILE *opened = name_file(directory, file, path) ? fopen(path, "rb") : NULL;
  if (opened == NULL) {
    return false;
  }
  bool begins = fread(found, 1, length, opened) == length && memcmp(found, start, length) == 0;
  fclose(opened);
  return begins;
}

static bool holds_any_file(const char *directory)
{
  for (int f = 0; f < RUN_FILE_COUNT; f++) {
    if (run_directory_has(directory, (run_file)f)) {
      return true;
    }
  }
  return false;
}

/* A run is known by its result, or by its journal, or else by the problem that is to be run. */
static bool make_room(const char *directory, const stepdose_problem *problem, stepdose_error *error)
{
  char hash[HASH_TEXT_SIZE] = "";
  bool known = !holds_any_file(directory) || begins_with(directory, RUN_FILE_RESULT, RESULT_HEAD) ||
               begins_with(directory, RUN_FILE_JOURNAL, JOURNAL_MAGIC);
  if (!known && run_directory_has(directory, RUN_FILE_PROBLEM) &&
      !run_directory_hash(directory, RUN_FILE_PROBLEM, hash, error)) {
    return false;
  }
  if (!known && strcmp(hash, problem->hash) != 0) {
    return refuse(directory, "the directory holds files that no run wrote", another, error);
  }
  return run_directory_clear(directory, error);
}

static bool claim_by_result(const char *directory, const char *identity, run_state *state,
                            stepdose_error *error)
{
  stepdose_error why;
  stored_result *stored = stored_result_read(directory, &why);
  if (stored == NULL) {
    return refuse(directory, "the directory holds a result.json that is not as it was written",
                  another_or_replace, error);
  }
  bool same = strcmp(stored->identity, identity) == 0;
  *state = stored->finished ? RUN_FINISHED : RUN_CONTINUES;
  release(stored);
  return same || refuse(directory, "the directory holds the result of another run",
                        another_or_replace, error);
}

static bool claim_by_problem(const char *directory, const stepdose_problem *problem,
                             run_state *state, stepdose_error *error)
{
  char hash[HASH_TEXT_SIZE];
  *state = RUN_CONTINUES;
  if (!run_directory_hash(directory, RUN_FILE_PROBLEM, hash, error)) {
    return false;
  }
  return strcmp(hash, problem->hash) == 0 ||
         refuse(directory, "the directory holds the files of another problem", another_or_replace,
                error);
}

bool run_directory_claim(const char *directory, const stepdose_problem *problem,
                         const char *identity, bool overwrite, run_state *state,
                         stepdose_error *error)
{
  *state = RUN_FRESH;
  if (!file_make_directory(directory, error) ||
      (overwrite && !make_room(directory, problem, error))) {
    return false;
  }
  if (run_directory_has(directory, RUN_FILE_RESULT)) {
    return claim_by_result(directory, identity, state, error);
  }
  if (run_directory_has(directory, RUN_FILE_PROBLEM)) {
    return claim_by_problem(directory, problem, state, error);
  }
  return !holds_any_file(directory) ||
         refuse(directory, "the directory holds files that a run would replace", another, error);
}
