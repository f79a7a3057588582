/* Problems and run directories for the tests of studies, reports and the facade. */
#ifndef TESTS_STUDY_FIXTURES_H
#define TESTS_STUDY_FIXTURES_H

#include "problem/problem.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIXTURE_MAIN STEPDOSE_SOURCE_DIR "/problems/mosunetuzumab-dlbcl.json"
#define FIXTURE_DAYS STEPDOSE_SOURCE_DIR "/problems/mosunetuzumab-dlbcl-days.json"
#define FIXTURE_TIGHT STEPDOSE_SOURCE_DIR "/problems/mosunetuzumab-dlbcl-tight.json"

/* A tumour that doubles within the hour: its growth leaves the range of numbers. */
#define FIXTURE_CANNOT_BE_SIMULATED                                                                \
  "/parameters={\"kBtumorprolif\":{\"value\":24,\"unit\":\"1/day\",\"source\":\"test\"}}"

/* Reads a shipped problem with changes ("POINTER=VALUE", n of them) or fails the test. */
static inline stepdose_problem *fixture_problem(const char *path, const char *const *changes,
                                                size_t n)
{
  stepdose_error error;
  stepdose_problem *problem = stepdose_problem_read(path, changes, n, &error);
  cr_assert(problem != NULL, "%s: %s %s", path, error.pointer, error.message);
  return problem;
}

/* A directory of its own, removed by fixture_remove. */
static inline char *fixture_directory(char path[64])
{
  snprintf(path, 64, "/tmp/stepdose-test-XXXXXX");
  cr_assert(mkdtemp(path) != NULL, "no directory for temporary files");
  return path;
}

static inline void fixture_remove(const char *path)
{
  char command[256];
  snprintf(command, sizeof command, "rm -rf '%s'", path);
  cr_assert(system(command) == 0);
}

#endif
