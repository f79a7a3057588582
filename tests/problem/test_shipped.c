/* The shipped problems, molecules and indications: readable, and their numbers those of the
 * evidence. */
#include <criterion/criterion.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/file.h"
#include "base/number.h"
#include "problem/json.h"
#include "problem/problem.h"

#define PROBLEMS STEPDOSE_SOURCE_DIR "/problems/"

static bool ends_in(const char *name, const char *ending)
{
  size_t length = strlen(name);
  size_t tail = strlen(ending);
  return length > tail && strcmp(name + length - tail, ending) == 0;
}

Test(problem, every_shipped_problem_is_valid)
{
  DIR *directory = opendir(PROBLEMS);
  int n = 0;
  cr_assert_not_null(directory);
  for (struct dirent *entry = readdir(directory); entry != NULL; entry = readdir(directory)) {
    char path[512];
    stepdose_error e = {.code = STEPDOSE_OK};
    if (!ends_in(entry->d_name, ".json")) {
      continue;
    }
    snprintf(path, sizeof path, PROBLEMS "%s", entry->d_name);
    stepdose_problem *p = problem_read(path, NULL, 0, &e);
    cr_expect_not_null(p, "%s: %s: %s", entry->d_name, e.pointer, e.message);
    cr_expect(p == NULL || p->n_comparators > 0, "%s has nothing to be compared with",
              entry->d_name);
    problem_free(p);
    n++;
  }
  closedir(directory);
  cr_expect_geq(n, 4);
}

/* The evidence, or NULL (and the test is skipped visibly). */
static char *read_evidence(const char *name)
{
  const char *directory = getenv("STEPDOSE_EVIDENCE");
  char *path = file_join(directory != NULL ? directory : STEPDOSE_EVIDENCE_DIR, name);
  char *bytes = NULL;
  size_t length = 0;
  if (!file_read(path, 1 << 24, &bytes, &length, NULL)) {
    bytes = NULL;
  }
  release(path);
  return bytes;
}

/* Files, the column of the table that they quote, and the names whose values it does not give. */
static const struct {
  const char *path, *column;
  const char *elsewhere[6];
} parameter_files[] = {
    {PROBLEMS "molecules/mosunetuzumab.json", "DLBCL", {"kabs_TDB", "fbio_TDB"}},
    {PROBLEMS "molecules/blinatumomab.json", "DLBCL", {"blin_in_tumor"}},
    {PROBLEMS "indications/dlbcl.json", "DLBCL", {NULL}},
    {PROBLEMS "indications/b-all.json",
     "ALL",
     {"Trpbo_perml", "Bpbo_perml", "kIL6prod", "IL6_tiss_contribution"}},
    {PROBLEMS "indications/healthy-human.json",
     "human",
     {"Trpbo_perml", "Bpbo_perml", "kIL6prod", "IL6_tiss_contribution"}},
};

static const cJSON *find_in_table(const cJSON *table, const char *name)
{
  for (const cJSON *row = json_get(table, "parameters")->child; row != NULL; row = row->next) {
    if (strcmp(json_get(row, "name")->valuestring, name) == 0) {
      return row;
    }
  }
  return NULL;
}

static bool is_elsewhere(size_t i, const char *name)
{
  for (int j = 0; j < 6 && parameter_files[i].elsewhere[j] != NULL; j++) {
    if (strcmp(parameter_files[i].elsewhere[j], name) == 0) {
      return true;
    }
  }
  return false;
}

/* Value in the column, or in `value` where the source has no columns; and the row that is cited. */
static void expect_as_published(size_t i, const cJSON *item, const cJSON *table)
{
  const cJSON *row = find_in_table(table, item->string);
  cr_assert_not_null(row, "%s is not in the evidence", item->string);
  const cJSON *column = json_get(row, parameter_files[i].column);
  const cJSON *published = cJSON_IsNumber(column) ? column : json_get(row, "value");
  cr_expect_eq(json_get(item, "value")->valuedouble, published->valuedouble, "%s: %s",
               parameter_files[i].path, item->string);
  const char *cited = strstr(json_get(item, "source")->valuestring, "row ");
  const char *given = strstr(json_get(row, "source")->valuestring, "row ");
  cr_expect_eq(cited != NULL, given != NULL, "%s: source of %s", parameter_files[i].path,
               item->string);
  if (cited != NULL && given != NULL) {
    cr_expect_eq(strtol(cited + 4, NULL, 10), strtol(given + 4, NULL, 10), "row of %s",
                 item->string);
  }
}

Test(problem, parameters_of_shipped_files_are_the_published_ones)
{
  char *evidence = read_evidence("hosseini2020/parameters.json");
  if (evidence == NULL) {
    cr_skip_test("the evidence is not here");
  }
  json_reader r = {0};
  stepdose_error e = {.code = STEPDOSE_OK};
  cJSON *table = json_read_text(&r, "evidence", evidence, strlen(evidence), 0, &e);
  cr_assert_not_null(table, "%s", e.message);
  for (size_t i = 0; i < sizeof parameter_files / sizeof parameter_files[0]; i++) {
    cJSON *file = json_read_file(&r, parameter_files[i].path, &e);
    cr_assert_not_null(file, "%s", e.message);
    const cJSON *item = json_get(file, "parameters")->child;
    for (; item != NULL; item = item->next) {
      if (!is_elsewhere(i, item->string)) {
        expect_as_published(i, item, table);
      }
    }
    cJSON_Delete(file);
  }
  cJSON_Delete(table);
  json_reader_close(&r);
  release(evidence);
}

/* Column `wanted` of a CSV line; texts may be quoted. */
static void csv_column(const char *line, int wanted, char *cell, size_t size)
{
  bool quoted = false;
  size_t used = 0;
  for (int column = 0; *line != '\0' && *line != '\n' && column <= wanted; line++) {
    quoted = *line == '"' ? !quoted : quoted;
    if (*line == ',' && !quoted) {
      column++;
    } else if (column == wanted && used + 1 < size) {
      cell[used++] = *line;
    }
  }
  cell[used] = '\0';
}

/* Whether the schedule gives `amount` on day `label_day` of the label (its day 1 is our day 0). */
static bool gives(const schedule *s, double label_day, double amount)
{
  for (int i = 0; i < s->n_doses; i++) {
    if (s->doses[i].day == label_day - 1 && s->doses[i].amount == amount) {
      return true;
    }
  }
  return false;
}

static int expect_rows_given(const char *csv, const char *drug, const comparator *c)
{
  int n = 0;
  for (const char *line = csv; line != NULL && *line != '\0'; line = strchr(line, '\n')) {
    char name[64];
    char day[64];
    char amount[32];
    line += *line == '\n';
    csv_column(line, 0, name, sizeof name);
    csv_column(line, 6, day, sizeof day);
    csv_column(line, 7, amount, sizeof amount);
    if (strcmp(name, drug) == 0) {
      cr_expect(gives(&c->doses, strtod(day, NULL), strtod(amount, NULL)), "%s: %s on day %s",
                c->name, amount, day);
      n++;
    }
  }
  return n;
}

Test(problem, comparators_are_the_published_schedules)
{
  char *csv = read_evidence("clinical/schedules.csv");
  if (csv == NULL) {
    cr_skip_test("the evidence is not here");
  }
  stepdose_problem *mosunetuzumab =
      problem_read(PROBLEMS "mosunetuzumab-dlbcl.json", NULL, 0, NULL);
  stepdose_problem *blinatumomab = problem_read(PROBLEMS "blinatumomab-nhl.json", NULL, 0, NULL);
  cr_assert(mosunetuzumab != NULL && blinatumomab != NULL);
  cr_expect_eq(expect_rows_given(csv, "mosunetuzumab IV", &mosunetuzumab->comparators[0]), 5);
  cr_expect_eq(
      expect_rows_given(csv, "blinatumomab NHL trial step-up", &blinatumomab->comparators[0]), 3);
  problem_free(blinatumomab);
  problem_free(mosunetuzumab);
  release(csv);
}
