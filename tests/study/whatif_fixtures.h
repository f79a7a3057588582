/* Changes as text, and comparisons made of them. */
#ifndef TESTS_STUDY_WHATIF_FIXTURES_H
#define TESTS_STUDY_WHATIF_FIXTURES_H

#include "study/cohort_fixtures.h"
#include "study/whatif.h"

#define WHATIF_HEAD "{\"format\": \"stepdose-changes-1\", "

/* Writes `changes` (without the head of the file) and compares. */
static inline study_whatif *fixture_whatif(const stepdose_problem *problem, const char *changes,
                                           const char *regimen_file, int threads)
{
  char directory[64];
  char path[96];
  stepdose_error error = {.code = STEPDOSE_OK};
  snprintf(path, sizeof path, "%s/changes.json", fixture_directory(directory));
  FILE *file = fopen(path, "w");
  cr_assert(file != NULL);
  fprintf(file, WHATIF_HEAD "%s}", changes);
  fclose(file);
  const study_run run = {.directory = directory, .threads = threads, .regimen_file = regimen_file};
  study_whatif *w = study_whatif_run(problem, path, &run, &error);
  cr_assert(w != NULL, "%s", error.message);
  fixture_remove(directory);
  return w;
}

#endif
