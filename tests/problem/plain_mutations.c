/* The mutants of mutate.h, and an allocation failing at every place in turn, as a program without
 * test framework: so that address, undefined-behaviour and leak sanitizers decide its exit code. */
#include "mutate.h"

/* Reads with the n-th allocation failing: a clean error, or the very same problem. */
static bool fails_cleanly(const char *path, long n, int persistent, const char *hash)
{
  stepdose_error error = {.code = STEPDOSE_OK};
  allocate_fail_after(n, persistent);
  stepdose_problem *problem = problem_read(path, NULL, 0, &error);
  allocate_fail_after(-1, 0);
  bool clean =
      problem != NULL ? strcmp(problem->hash, hash) == 0 : error.code == STEPDOSE_NO_MEMORY;
  if (!clean) {
    fprintf(stderr, "allocation %ld: %s %s\n", n, stepdose_code_name(error.code), error.message);
  }
  problem_free(problem);
  return clean;
}

static bool every_allocation_may_fail(const char *path, int persistent, long stride)
{
  stepdose_error error = {.code = STEPDOSE_OK};
  long before = allocate_count();
  stepdose_problem *problem = problem_read(path, NULL, 0, &error);
  long total = allocate_count() - before;
  bool clean = problem != NULL;
  for (long n = 0; clean && n < total; n += stride) {
    clean = fails_cleanly(path, n, persistent, problem->hash);
  }
  printf("%s: %ld allocations, every %ld. failed in turn (%s): %s\n", path, total, stride,
         persistent ? "and all after it" : "once", clean ? "clean" : "NOT clean");
  problem_free(problem);
  return clean && total > 100;
}

int main(void)
{
  const uint64_t seed = 20260;
  const char *path = STEPDOSE_SOURCE_DIR "/problems/mosunetuzumab-dlbcl.json";
  long tried;
  long failed;
  printf("seed %llu\n", (unsigned long long)seed);
  bool good = mutate_shipped(seed, &tried, &failed);
  printf("%ld mutants, %ld wrong\n", tried, failed);
  good = good && failed == 0 && tried >= 300;
  good = every_allocation_may_fail(path, 0, 1) && good;
  good = every_allocation_may_fail(path, 1, 5) && good;
  return good ? 0 : 1;
}
