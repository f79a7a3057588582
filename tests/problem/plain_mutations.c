/* The mutants of mutate.h, and an allocation failing at every place in turn, as a program without
 * test framework: so that address, undefined-behaviour and leak sanitizers decide its exit code. */
#include <stdlib.h>
#include <unistd.h>

#include "mutate.h"

/* What is read while allocations fail: problems, one with overrides, and a regimen for them. */
static const char *path = STEPDOSE_SOURCE_DIR "/problems/mosunetuzumab-dlbcl.json";
static size_t n_overrides;
static const char *const overrides[] = {
    "/population=populations/dlbcl.json",
    "/title=a plain text",
    "/molecule/parameters/VmT/value=0.8",
    "/maximize/last_days=14",
    "/maximize/measure=smallest_log10_kill_last_days",
    "/limits/-={\"objective\": \"treatment_burden\", \"visits_max\": 8}",
    "/model_preset=[\"project_il6\"]",
};

enum { N_OVERRIDES = sizeof overrides / sizeof overrides[0] };

static stepdose_problem *read_all(const char *regimen_file, schedule *doses, stepdose_error *error)
{
  stepdose_problem *problem = problem_read(path, overrides, n_overrides, error);
  if (problem != NULL && !problem_read_regimen(problem, regimen_file, doses, error)) {
    problem_free(problem);
    return NULL;
  }
  return problem;
}

/* Reads with the n-th allocation failing: a clean error, or the very same problem. */
static bool fails_cleanly(const char *regimen_file, long n, int persistent, const char *hash)
{
  stepdose_error error = {.code = STEPDOSE_OK};
  schedule doses;
  allocate_fail_after(n, persistent);
  stepdose_problem *problem = read_all(regimen_file, &doses, &error);
  allocate_fail_after(-1, 0);
  bool clean =
      problem != NULL ? strcmp(problem->hash, hash) == 0 : error.code == STEPDOSE_NO_MEMORY;
  if (!clean) {
    fprintf(stderr, "allocation %ld: %s %s\n", n, stepdose_code_name(error.code), error.message);
  }
  problem_free(problem);
  return clean;
}

static bool every_allocation_may_fail(const char *regimen_file, int persistent, long stride)
{
  stepdose_error error = {.code = STEPDOSE_OK};
  schedule doses;
  long before = allocate_count();
  stepdose_problem *problem = read_all(regimen_file, &doses, &error);
  long total = allocate_count() - before;
  bool clean = problem != NULL;
  if (problem == NULL) {
    fprintf(stderr, "%s: %s %s\n", path, error.pointer, error.message);
  }
  for (long n = 0; clean && n < total; n += stride) {
    clean = fails_cleanly(regimen_file, n, persistent, problem->hash);
  }
  printf("%ld allocations, each %ld. failed in turn (%s): %s\n", total, stride,
         persistent ? "and all after it" : "once", clean ? "clean" : "NOT clean");
  problem_free(problem);
  return clean && total > 100;
}

/* A fixed regimen in a file of its own, named `regimen_file`. */
static bool write_regimen(char *regimen_file)
{
  static const char bytes[] = "{\"route\": \"sc\", \"steps\": [{\"day\": 0, \"dose_mg\": 5}]}";
  int descriptor = mkstemp(regimen_file);
  bool done = descriptor >= 0 && write(descriptor, bytes, sizeof bytes - 1) == sizeof bytes - 1;
  if (descriptor >= 0) {
    close(descriptor);
  }
  return done;
}

int main(void)
{
  const uint64_t seed = 20260;
  char regimen_file[] = "/tmp/stepdose-regimen-XXXXXX";
  long tried;
  long failed;
  printf("seed %llu\n", (unsigned long long)seed);
  bool good = mutate_shipped(seed, &tried, &failed);
  printf("%ld mutants, %ld wrong\n", tried, failed);
  good = good && failed == 0 && tried >= 300 && write_regimen(regimen_file);
  n_overrides = N_OVERRIDES;
  good = good && every_allocation_may_fail(regimen_file, 0, 1);
  good = good && every_allocation_may_fail(regimen_file, 1, 5);
  path = STEPDOSE_SOURCE_DIR "/tests/data/problem/tissues.json";
  n_overrides = 0;
  good = good && every_allocation_may_fail(regimen_file, 0, 7);
  path = STEPDOSE_SOURCE_DIR "/tests/data/problem/patients.json";
  good = good && every_allocation_may_fail(regimen_file, 0, 7);
  unlink(regimen_file);
  return good ? 0 : 1;
}
