/* A run directory that was changed in any single byte is not reproduced. */
#include "base/file.h"
#include "base/random.h"
#include "study/fixtures.h"

#include <string.h>

enum { EDITS = 100 };

static stepdose_result *simulate_into(const char *directory)
{
  stepdose_error error;
  stepdose_settings settings = stepdose_settings_default();
  stepdose_problem *problem = fixture_problem(FIXTURE_MAIN, NULL, 0);
  stepdose_result *result = stepdose_simulate(problem, NULL, &settings, directory, &error);
  cr_assert(result != NULL, "%s", error.message);
  stepdose_problem_free(problem);
  return result;
}

/* True if verify says that everything is as it was. */
static bool reproduced(const char *directory)
{
  stepdose_error error;
  stepdose_settings settings = stepdose_settings_default();
  stepdose_result *result = stepdose_verify(directory, &settings, &error);
  bool same = result != NULL && stepdose_result_status(result) == STEPDOSE_STATUS_REPRODUCED;
  stepdose_result_free(result);
  return same;
}

static void rewrite(const char *path, const char *bytes, size_t length)
{
  FILE *file = fopen(path, "wb");
  cr_assert(file != NULL && fwrite(bytes, 1, length, file) == length && fclose(file) == 0);
}

Test(verify, an_untouched_run_is_reproduced_also_by_the_path_of_its_result)
{
  char directory[64];
  char path[128];
  stepdose_result_free(simulate_into(fixture_directory(directory)));
  snprintf(path, sizeof path, "%s/result.json", directory);
  cr_expect(reproduced(directory));
  cr_expect(reproduced(path));
  fixture_remove(directory);
}

Test(verify, every_single_byte_edit_is_noticed)
{
  static const char *const names[] = {"result.json",      "problem.json",     "regimen.csv",
                                      "regimen_addl.csv", "trajectories.csv", "endpoints.csv",
                                      "summary.txt"};
  char directory[64];
  const uint64_t seed = 20261;
  stepdose_result_free(simulate_into(fixture_directory(directory)));
  for (size_t f = 0; f < sizeof names / sizeof names[0]; f++) {
    char path[128];
    char *bytes = NULL;
    size_t length = 0;
    random_stream stream = random_open(seed, f);
    snprintf(path, sizeof path, "%s/%s", directory, names[f]);
    cr_assert(file_read(path, (size_t)1 << 30, &bytes, &length, NULL));
    for (int i = 0; i < EDITS; i++) {
      size_t at = (size_t)(random_uniform(&stream) * (double)length);
      char before = bytes[at];
      bytes[at] = (char)(before ^ (char)(1 << (random_bits(&stream) % 8)));
      rewrite(path, bytes, length);
      cr_expect(!reproduced(directory), "seed %llu, %s: byte %zu %d -> %d was not noticed",
                (unsigned long long)seed, names[f], at, before, bytes[at]);
      bytes[at] = before;
    }
    rewrite(path, bytes, length);
    free(bytes);
  }
  cr_expect(reproduced(directory), "the restored files are not reproduced");
  fixture_remove(directory);
}

Test(verify, a_missing_file_is_noticed)
{
  static const char *const names[] = {"problem.json", "regimen.csv", "endpoints.csv",
                                      "result.json"};
  char directory[64];
  fixture_directory(directory);
  for (size_t f = 0; f < sizeof names / sizeof names[0]; f++) {
    char path[128];
    char *bytes = NULL;
    size_t length = 0;
    stepdose_result_free(simulate_into(directory));
    snprintf(path, sizeof path, "%s/%s", directory, names[f]);
    cr_assert(file_read(path, (size_t)1 << 30, &bytes, &length, NULL));
    remove(path);
    cr_expect(!reproduced(directory), "%s", names[f]);
    rewrite(path, bytes, length);
    free(bytes);
  }
  fixture_remove(directory);
}
