/* The mutants of mutate.h, and an allocation failing at every place in turn, as a program without test framework: so
 * that address, undefined-behaviour and leak sanitizers decide its exit code. */
#include "mutate.h"

/* Reads with the n-th allocation failing; true once nothing failed any more. */
static bool survives(const char *path, long n, int persistent, bool *clean)
{
  stepdose_error error = {.code = STEPDOSE_OK};
  allocate_fail_after(n, persistent);
  stepdose_problem *problem = problem_read(path, NULL, 0, &error);
  allocate_fail_after(-1, 0);
  *clean = problem != NULL || error.code == STEPDOSE_NO_MEMORY;
  if (!*clean) {
    fprintf(stderr, "allocation %ld: %s %s\n", n, stepdose_code_name(error.code), error.message);
  }
  bool done = problem != NULL;
  problem_free(problem);
  return done;
}

static bool every_allocation_may_fail(const char *path, int persistent, long stride)
{
  bool clean = true;
  long n = 0;
  while (clean && !survives(path, n, persistent, &clean)) {
    n += stride;
  }
  printf("%s: about %ld allocations, every %ld failed in turn (%s): %s\n", path, n, stride,
         persistent ? "and all after it" : "once", clean ? "clean" : "NOT clean");
  return clean;
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
  good = every_allocation_may_fail(path, 0, 3) && good;
  good = every_allocation_may_fail(path, 1, 7) && good;
  return good ? 0 : 1;
}
