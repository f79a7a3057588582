/* Reading the library of molecules and indications for model synapse: for its tests. */
#ifndef TESTS_PROBLEM_LIBRARY_H
#define TESTS_PROBLEM_LIBRARY_H

#include <criterion/criterion.h>
#include <dirent.h>
#include <stdio.h>
#include <string.h>

#include "problem/json.h"
#include "problem/problem.h"

#define PROBLEMS STEPDOSE_SOURCE_DIR "/problems/"

enum { FILES_MAX = 32, NAME_SIZE = 64 };

typedef struct file_list {
  int n;
  char stem[FILES_MAX][NAME_SIZE];
} file_list;

static inline file_list list_files(const char *kind)
{
  file_list files = {0};
  char path[512];
  snprintf(path, sizeof path, PROBLEMS "%s/synapse", kind);
  DIR *directory = opendir(path);
  cr_assert_not_null(directory, "%s", path);
  for (struct dirent *entry = readdir(directory); entry != NULL; entry = readdir(directory)) {
    const char *dot = strstr(entry->d_name, ".json");
    if (dot != NULL) {
      cr_assert_lt(files.n, FILES_MAX);
      snprintf(files.stem[files.n++], NAME_SIZE, "%.*s", (int)(dot - entry->d_name), entry->d_name);
    }
  }
  closedir(directory);
  return files;
}

static inline cJSON *read_library_file(json_reader *r, const char *kind, const char *stem)
{
  char path[512];
  stepdose_error e = {.code = STEPDOSE_OK};
  snprintf(path, sizeof path, PROBLEMS "%s/synapse/%s.json", kind, stem);
  cJSON *file = json_read_file(r, path, &e);
  cr_assert_not_null(file, "%s: %s", path, e.message);
  return file;
}

/* The smallest problem that treats this indication with this molecule. */
static inline stepdose_problem *problem_of(const char *molecule, const char *indication)
{
  static const char *const steps[][2] = {
      {"iv", "\"infusion_h\": 4, \"steps\": [{\"day\": 0, \"dose_mg\": 1}]"},
      {"sc", "\"steps\": [{\"day\": 0, \"dose_mg\": 1}]"},
      {"civ", "\"steps\": [{\"day\": 0, \"dose_ug_m2_day\": 5}]"}};
  char bytes[1024];
  int length = 0;
  json_reader r = {0};
  stepdose_error e = {.code = STEPDOSE_OK};
  cJSON *file = read_library_file(&r, "molecules", molecule);
  const char *word = json_get(file, "routes")->child->valuestring;
  for (int i = 0; i < 3; i++) {
    if (strcmp(word, steps[i][0]) == 0) {
      length = snprintf(bytes, sizeof bytes,
                        "{\"format\": \"stepdose-problem-1\", \"model\": \"synapse\", "
                        "\"molecule\": \"molecules/synapse/%s.json\", "
                        "\"indication\": \"indications/synapse/%s.json\", \"horizon_days\": 84, "
                        "\"regimen\": {\"route\": \"%s\", %s}}",
                        molecule, indication, word, steps[i][1]);
    }
  }
  cJSON_Delete(file);
  json_reader_close(&r);
  cr_assert_gt(length, 0, "%s: route %s", molecule, word);
  stepdose_problem *p =
      problem_read_text(PROBLEMS "library.json", bytes, (size_t)length, NULL, 0, &e);
  cr_assert_not_null(p, "%s in %s: %s: %s", molecule, indication, e.pointer, e.message);
  return p;
}

static inline double value_of(const stepdose_problem *p, const char *name)
{
  int index = model_parameter_index(p->model, name);
  cr_assert_geq(index, 0, "%s", name);
  return p->parameters[index];
}

#endif
