/* Installation check on built-in cases: numbers, files, hashes, the integrator, the search. */
#include "study/selftest.h"

#include "base/allocate.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/number.h"
#include "base/random.h"
#include "optimize/search.h"
#include "study/selftest_model.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ROUND_TRIPS = 100000, GRID_LEVELS = 9, GRID_VARIABLES = 3 };

static bool finite_random(random_stream *stream, double *value)
{
  uint64_t bits = random_bits(stream);
  memcpy(value, &bits, sizeof *value);
  return isfinite(*value);
}

static void check_numbers(study_checks *out)
{
  random_stream stream = random_open(1, 0);
  int wrong = 0;
  for (int i = 0; i < ROUND_TRIPS; i++) {
    char digits[NUMBER_TEXT_SIZE];
    double value;
    double back = 0;
    if (finite_random(&stream, &value)) {
      number_format_full(value, digits);
      bool same = number_parse(digits, &back) && number_bits(back) == number_bits(value);
      wrong += same ? 0 : 1;
    }
  }
  checks_add(out, "numbers survive being written and read", wrong == 0, "%d of %d random ones lost",
             wrong, ROUND_TRIPS);
}

/* Published vector: FIPS 180-4 example, SHA-256("abc"). */
static void check_hash(study_checks *out)
{
  const char *published = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  char found[HASH_TEXT_SIZE];
  hash_sha256("abc", 3, found);
  checks_add(out, "SHA-256 of \"abc\" is the published one", strcmp(found, published) == 0,
             "%.16s...", found);
}

static bool writes_and_reads(const char *path, const char *content, stepdose_error *why)
{
  char *bytes = NULL;
  size_t length = 0;
  bool same = file_write(path, content, strlen(content), why) &&
              file_read(path, 1024, &bytes, &length, why) && length == strlen(content) &&
              memcmp(bytes, content, length) == 0;
  release(bytes);
  return same;
}

static void check_files(study_checks *out)
{
  static const char what[] = "files are replaced whole";
  const char *wanted = getenv("TMPDIR");
  const char *base = wanted == NULL ? "/tmp" : wanted;
  char directory[512];
  char path[576];
  stepdose_error why;
  error_clear(&why);
  snprintf(directory, sizeof directory, "%s/stepdose-selftest-XXXXXX", base);
  if (mkdtemp(directory) == NULL) {
    checks_add(out, what, false, "no directory could be made in %.200s", base);
    return;
  }
  snprintf(path, sizeof path, "%s/file", directory);
  if (writes_and_reads(path, "first", &why) && writes_and_reads(path, "second, longer", &why)) {
    checks_add(out, what, true, "written, replaced, read back");
  } else {
    checks_add_error(out, what, &why);
  }
  unlink(path);
  rmdir(directory);
}

/* A ridge with a constraint that cuts off its top; every grid point can be tried. */
static bool ridge(void *context, int worker, const double *value, double *goal_value,
                  double *constraint, stepdose_error *error)
{
  (void)context, (void)worker, (void)error;
  double x = log10(value[0]);
  double y = log10(value[1]);
  double z = log10(value[2]);
  *goal_value = x + 2 * y + 0.5 * z - (y - z) * (y - z);
  constraint[0] = x + y + z - 2.2;
  constraint[1] = x - y;
  return true;
}

static double best_by_trying_all(const double *level)
{
  double best = -HUGE_VAL;
  for (int i = 0; i < GRID_LEVELS * GRID_LEVELS * GRID_LEVELS; i++) {
    double constraint[2];
    double goal_value;
    const double value[GRID_VARIABLES] = {level[i % GRID_LEVELS],
                                          level[i / GRID_LEVELS % GRID_LEVELS],
                                          level[i / GRID_LEVELS / GRID_LEVELS]};
    ridge(NULL, 0, value, &goal_value, constraint, NULL);
    if (constraint[0] <= 0 && constraint[1] <= 0) {
      best = fmax(best, goal_value);
    }
  }
  return best;
}

static bool check_search(int threads, study_checks *out, stepdose_error *error)
{
  static const double level[GRID_LEVELS] = {0.1, 0.3, 1, 2, 5, 10, 20, 50, 100};
  search_outcome outcome;
  search_task task = {.n_variables = GRID_VARIABLES,
                      .n_constraints = 2,
                      .evaluate = ridge,
                      .engine = "auto",
                      .seed = 1,
                      .starts = 3,
                      .evaluations_max = 2000,
                      .hang_seconds = 5,
                      .threads = threads};
  for (int i = 0; i < GRID_VARIABLES; i++) {
    task.variable[i] =
        (search_variable){level[0], level[GRID_LEVELS - 1], true, GRID_LEVELS, level};
  }
  if (!search_run(&task, &outcome, error)) {
    return false;
  }
  double best = best_by_trying_all(level);
  double found = outcome.has_final ? outcome.final.goal : -HUGE_VAL;
  checks_add(out, "the search finds the best of a small grid", fabs(found - best) < 1e-12,
             "%.6g, by trying all %.6g", found, best);
  search_outcome_free(&outcome);
  return true;
}

bool study_selftest(int threads, study_checks *out, stepdose_error *error)
{
  checks_open(out);
  check_numbers(out);
  check_hash(out);
  check_files(out);
  return selftest_model(out, error) && check_search(threads, out, error);
}
