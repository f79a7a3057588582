/* The files of a run directory: columns that others rely on, a result that is complete. */
#include "base/file.h"
#include "base/number.h"
#include "optimize/journal.h"
#include "report/run_directory.h"
#include "study/fixtures.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <string.h>

enum { LINE_SIZE = 4096 };

/* A proposal with a small search in a directory of its own. */
static stepdose_status propose_into(char directory[64], const char *path)
{
  const char *const changes[] = {"/search/evaluations_max=500", "/search/starts=2"};
  stepdose_error error;
  stepdose_settings settings = stepdose_settings_default();
  stepdose_problem *problem = fixture_problem(path, changes, 2);
  stepdose_result *result =
      stepdose_propose(problem, &settings, fixture_directory(directory), &error);
  cr_assert(result != NULL, "%s", error.message);
  stepdose_status status = stepdose_result_status(result);
  stepdose_result_free(result);
  stepdose_problem_free(problem);
  return status;
}

static FILE *open_table(const char *directory, const char *name, char header[LINE_SIZE])
{
  char path[128];
  snprintf(path, sizeof path, "%s/%s", directory, name);
  FILE *file = fopen(path, "r");
  cr_assert(file != NULL && fgets(header, LINE_SIZE, file) != NULL, "%s", name);
  header[strcspn(header, "\n")] = 0;
  return file;
}

static int count_fields(const char *line)
{
  int n = 1;
  for (; *line != 0; line++) {
    n += *line == ',';
  }
  return n;
}

Test(run_files, tables_have_the_columns_that_others_rely_on)
{
  static const struct {
    const char *name, *header;
  } tables[] = {
      {"trajectories.csv", "day,output,unit,statistic,value"},
      {"endpoints.csv", "patient,endpoint,window,day,value,unit"},
      {"regimen.csv", "ID,TIME,AMT,RATE,EVID,CMT,II,ADDL,SS,MDV"},
      {"history.csv", "branch,evaluation,step_1_dose_mg,step_2_dose_mg,step_3_dose_mg,"
                      "maintenance_dose_mg,goal,"},
  };
  char directory[64];
  char header[LINE_SIZE];
  char line[LINE_SIZE];
  propose_into(directory, FIXTURE_MAIN);
  for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
    FILE *file = open_table(directory, tables[i].name, header);
    cr_expect(strncmp(header, tables[i].header, strlen(tables[i].header)) == 0, "%s: %s",
              tables[i].name, header);
    int rows = 0;
    for (; fgets(line, sizeof line, file) != NULL; rows++) {
      cr_expect(count_fields(line) == count_fields(header), "%s, row %d: %s", tables[i].name, rows,
                line);
      cr_expect(strchr(line, '"') == NULL && strstr(line, "nan") == NULL, "%s", line);
    }
    cr_expect(rows > 0, "%s has no row", tables[i].name);
    fclose(file);
  }
  fixture_remove(directory);
}

Test(run_files, trajectories_cover_the_horizon_every_tenth_of_a_day)
{
  char directory[64];
  char line[LINE_SIZE];
  int rows = 0;
  double last = -1;
  propose_into(directory, FIXTURE_MAIN);
  FILE *file = open_table(directory, "trajectories.csv", line);
  for (; fgets(line, sizeof line, file) != NULL; rows++) {
    char *comma = strchr(line, ',');
    *comma = 0;
    double day = 0;
    cr_assert(number_parse(line, &day), "%s", line);
    cr_expect(day >= last, "day %g after %g", day, last);
    last = day;
  }
  cr_expect(last == 84, "ends on day %g", last);
  cr_expect(rows == 841 * 6, "%d rows", rows); /* 0, 0.1 ... 84; six outputs */
  fclose(file);
  fixture_remove(directory);
}

static cJSON *read_result(const char *directory)
{
  char *bytes = NULL;
  size_t length = 0;
  cr_assert(run_directory_read(directory, RUN_FILE_RESULT, &bytes, &length, NULL));
  cJSON *root = cJSON_ParseWithLengthOpts(bytes, length + 1, NULL, 1);
  cr_assert(root != NULL, "result.json is not strict JSON");
  free(bytes);
  return root;
}

/* What a proposal for the reference patient writes; all else is of other verbs. */
static bool is_of_a_proposal(run_file file)
{
  static const run_file written[] = {RUN_FILE_PROBLEM, RUN_FILE_REGIMEN,      RUN_FILE_COMPACT,
                                     RUN_FILE_HISTORY, RUN_FILE_TRAJECTORIES, RUN_FILE_ENDPOINTS,
                                     RUN_FILE_SUMMARY, RUN_FILE_RESULT,       RUN_FILE_REPORT,
                                     RUN_FILE_JOURNAL};
  bool found = false;
  for (size_t i = 0; i < sizeof written / sizeof written[0]; i++) {
    found = found || written[i] == file;
  }
  return found;
}

Test(run_files, a_result_says_all_that_is_promised)
{
  static const char *const keys[] = {
      "format",       "notice",           "verb",   "status",   "identity",
      "problem",      "regimen",          "goal",   "limits",   "corner",
      "near_optimal", "comparators",      "search", "versions", "warnings",
      "files",        "infeasibility",    "run",    "finished", RESULT_HASH_KEY,
      "exit_code",    "every_limit_holds"};
  static const char *const paths[] = {FIXTURE_MAIN, FIXTURE_TIGHT};
  for (size_t p = 0; p < 2; p++) {
    char directory[64];
    propose_into(directory, paths[p]);
    cJSON *root = read_result(directory);
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
      cr_expect(cJSON_HasObjectItem(root, keys[i]), "%s: no '%s'", paths[p], keys[i]);
    }
    const cJSON *files = cJSON_GetObjectItemCaseSensitive(root, "files");
    for (int f = 0; f < RUN_FILE_COUNT; f++) {
      if (!is_of_a_proposal((run_file)f)) {
        cr_expect(!run_directory_has(directory, (run_file)f), "%s of a proposal",
                  run_files[f].name);
        continue;
      }
      cr_expect(cJSON_HasObjectItem(files, run_files[f].name) == run_files[f].hashed, "%s",
                run_files[f].name);
      cr_expect(run_directory_has(directory, (run_file)f), "%s was not written", run_files[f].name);
    }
    cJSON_Delete(root);
    fixture_remove(directory);
  }
}

Test(run_files, the_numerical_error_is_the_difference_of_the_two_tolerances)
{
  char directory[64];
  propose_into(directory, FIXTURE_MAIN);
  cJSON *root = read_result(directory);
  const cJSON *limit_claim;
  const cJSON *value;
  int n = 0;
  cJSON_ArrayForEach(limit_claim, cJSON_GetObjectItemCaseSensitive(root, "limits"))
  {
    double bound = cJSON_GetObjectItemCaseSensitive(limit_claim, "bound")->valuedouble;
    cJSON_ArrayForEach(value, cJSON_GetObjectItemCaseSensitive(limit_claim, "values"))
    {
      double searched = cJSON_GetObjectItemCaseSensitive(value, "searched")->valuedouble;
      double verified = cJSON_GetObjectItemCaseSensitive(value, "verified")->valuedouble;
      double error = cJSON_GetObjectItemCaseSensitive(value, "numerical_error")->valuedouble;
      cr_expect(error == fabs(verified - searched));
      cr_expect(error < 1e-3 * verified, "%g of %g", error, verified);
      cr_expect(verified <= bound, "%g > %g", verified, bound);
      n++;
    }
  }
  cr_expect(n == 6, "%d values for six dose windows", n);
  cJSON_Delete(root);
  fixture_remove(directory);
}

Test(run_files, a_directory_belongs_to_one_run)
{
  char directory[64];
  stepdose_error error;
  run_state state;
  char identity[HASH_TEXT_SIZE];
  stepdose_problem *problem = fixture_problem(FIXTURE_MAIN, NULL, 0);
  stepdose_problem *other = fixture_problem(FIXTURE_DAYS, NULL, 0);
  hash_sha256("a", 1, identity);
  fixture_directory(directory);
  cr_expect(run_directory_claim(directory, problem, identity, false, &state, &error));
  cr_expect(state == RUN_FRESH);
  const char *effective = problem->effective;
  cr_assert(run_directory_write(directory, RUN_FILE_PROBLEM, effective, strlen(effective), &error));
  cr_expect(run_directory_claim(directory, problem, identity, false, &state, &error));
  cr_expect(state == RUN_CONTINUES, "a directory left in the middle is continued");
  cr_expect(!run_directory_claim(directory, other, identity, false, &state, &error));
  cr_expect(error.code == STEPDOSE_RUN_EXISTS);
  cr_expect(run_directory_claim(directory, problem, identity, true, &state, &error));
  cr_expect(state == RUN_FRESH && !run_directory_has(directory, RUN_FILE_PROBLEM));
  stepdose_problem_free(problem);
  stepdose_problem_free(other);
  fixture_remove(directory);
}

/* A run is known by its result, its journal, or the very problem that is to be run. */
Test(run_files, overwriting_removes_runs_and_nothing_else)
{
  static const struct {
    const char *name;
    run_file file;
    const char *bytes; /* NULL: the effective problem */
    bool removed;
  } cases[] = {
      {"a problem by hand", RUN_FILE_PROBLEM, "{}", false},
      {"a table of somebody", RUN_FILE_REGIMEN, "ID,TIME,AMT\n", false},
      {"a result of another program", RUN_FILE_RESULT, "{\"p\": 0.05}", false},
      {"somebody's journal", RUN_FILE_JOURNAL, "Dear diary", false},
      {"the problem of this run", RUN_FILE_PROBLEM, NULL, true},
      {"a damaged result", RUN_FILE_RESULT, "{\n  \"format\": \"" RESULT_FORMAT "\",\n", true},
      {"a journal", RUN_FILE_JOURNAL, JOURNAL_MAGIC "...", true},
  };
  stepdose_problem *problem = fixture_problem(FIXTURE_MAIN, NULL, 0);
  char identity[HASH_TEXT_SIZE];
  hash_sha256("a", 1, identity);
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    char directory[64];
    stepdose_error error;
    run_state state;
    const char *bytes = cases[i].bytes != NULL ? cases[i].bytes : problem->effective;
    fixture_directory(directory);
    cr_assert(run_directory_write(directory, cases[i].file, bytes, strlen(bytes), &error));
    bool claimed = run_directory_claim(directory, problem, identity, true, &state, &error);
    cr_expect(claimed == cases[i].removed, "%s", cases[i].name);
    cr_expect(claimed || error.code == STEPDOSE_RUN_EXISTS, "%s", cases[i].name);
    cr_expect(run_directory_has(directory, cases[i].file) == !cases[i].removed, "%s",
              cases[i].name);
    fixture_remove(directory);
  }
  stepdose_problem_free(problem);
}

Test(run_files, no_run_replaces_a_file_that_it_reads)
{
  char directory[64];
  char path[128];
  char found_path[160];
  stepdose_error error;
  fixture_directory(directory);
  snprintf(path, sizeof path, "%s/regimen.csv", directory);
  snprintf(found_path, sizeof found_path, "%s/./regimen.csv", directory);
  cr_assert(run_directory_write(directory, RUN_FILE_REGIMEN, "x", 1, &error));
  cr_expect(run_directory_spares(directory, NULL, &error));
  cr_expect(run_directory_spares(directory, FIXTURE_MAIN, &error));
  cr_expect(!run_directory_spares(directory, path, &error));
  cr_expect(!run_directory_spares(directory, found_path, &error), "by another name");
  cr_expect(error.code == STEPDOSE_RUN_EXISTS);
  fixture_remove(directory);
}
