/* Reads the files of a run for its page: see page_run.h. */
#include "report/page_run.h"

#include "base/allocate.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static bool invalid(const page_run *run, const char *file, const char *what, stepdose_error *error)
{
  error_set(error, STEPDOSE_RESULT_INVALID, "run the problem again with --overwrite", "%s %s", file,
            what);
  error_place(error, run->directory, 0, 0, NULL);
  return false;
}

/* The hash that result.json names; NULL: it names no such file. */
static const char *claimed_hash(const page_run *run, run_file file)
{
  const study_claims *claims = &run->stored->claims;
  for (int i = 0; i < claims->n_files; i++) {
    if (strcmp(claims->file[i].name, run_files[file].name) == 0) {
      return claims->file[i].sha256;
    }
  }
  return NULL;
}

/* *bytes NULL: the run has no such file. */
static bool read_claimed(const page_run *run, run_file file, char **bytes, size_t *length,
                         stepdose_error *error)
{
  char hash[HASH_TEXT_SIZE];
  const char *claim = claimed_hash(run, file);
  *bytes = NULL;
  if (claim == NULL) {
    return true;
  }
  if (!run_directory_read(run->directory, file, bytes, length, error)) {
    return false;
  }
  hash_sha256(*bytes, *length, hash);
  if (strcmp(hash, claim) != 0) {
    release(*bytes);
    *bytes = NULL;
    return invalid(run, run_files[file].name, "was changed after the run", error);
  }
  return true;
}

static bool read_table(const page_run *run, run_file file, csv_table *t, stepdose_error *error)
{
  char *bytes = NULL;
  size_t length = 0;
  const char *broken = NULL;
  if (!read_claimed(run, file, &bytes, &length, error)) {
    return false;
  }
  if (bytes == NULL || csv_table_parse(bytes, length, t, &broken)) {
    return true;
  }
  return broken != NULL ? invalid(run, run_files[file].name, broken, error)
                        : error_no_memory(error, "reading a table of the run");
}

static bool read_result(page_run *run, stepdose_error *error)
{
  char *bytes = NULL;
  size_t length = 0;
  run->stored = stored_result_read(run->directory, error); /* also sets the allocator of cJSON */
  if (run->stored == NULL ||
      !run_directory_read(run->directory, RUN_FILE_RESULT, &bytes, &length, error)) {
    return false;
  }
  run->result = cJSON_ParseWithLengthOpts(bytes, length + 1, NULL, true);
  release(bytes);
  return run->result != NULL || error_no_memory(error, "reading a result");
}

static bool read_problem(page_run *run, stepdose_error *error)
{
  char *bytes = NULL;
  size_t length = 0;
  const char *name = run_files[RUN_FILE_PROBLEM].name;
  if (!read_claimed(run, RUN_FILE_PROBLEM, &bytes, &length, error)) {
    return false;
  }
  if (bytes == NULL) {
    return invalid(run, name, "is not named by result.json", error);
  }
  run->problem = problem_read_text(name, bytes, length, NULL, 0, error);
  run->settings =
      run->problem != NULL ? cJSON_ParseWithLengthOpts(bytes, length + 1, NULL, true) : NULL;
  release(bytes);
  if (run->problem == NULL) {
    return false;
  }
  return run->settings != NULL || error_no_memory(error, "reading the problem of a result");
}

static bool read_answer(page_run *run, stepdose_error *error)
{
  return read_result(run, error) && read_problem(run, error);
}

static bool read_all(page_run *run, stepdose_error *error)
{
  size_t length = 0;
  return read_answer(run, error) &&
         read_table(run, RUN_FILE_TRAJECTORIES, &run->trajectories, error) &&
         read_table(run, RUN_FILE_ENDPOINTS, &run->endpoints, error) &&
         read_table(run, RUN_FILE_HISTORY, &run->history, error) &&
         read_table(run, RUN_FILE_MAP, &run->map, error) &&
         read_table(run, RUN_FILE_FIT_ROWS, &run->fit, error) &&
         read_table(run, RUN_FILE_SENSITIVITY, &run->sensitivity, error) &&
         read_table(run, RUN_FILE_FRONT, &run->front, error) &&
         read_table(run, RUN_FILE_RESTART, &run->restart, error) &&
         read_table(run, RUN_FILE_COURSES, &run->courses, error) &&
         read_claimed(run, RUN_FILE_SUMMARY, &run->summary, &length, error);
}

static page_run *read_run(const char *directory, bool (*read)(page_run *, stepdose_error *),
                          stepdose_error *error)
{
  page_run *run = allocate_zeroed(1, sizeof *run);
  if (run == NULL) {
    error_no_memory(error, "reading a run");
    return NULL;
  }
  run->directory = directory;
  if (!read(run, error)) {
    page_run_free(run);
    return NULL;
  }
  return run;
}

page_run *page_run_read(const char *directory, stepdose_error *error)
{
  return read_run(directory, read_all, error);
}

page_run *page_run_read_answer(const char *directory, stepdose_error *error)
{
  return read_run(directory, read_answer, error);
}

static bool refuse_unfinished(const page_run *run, stepdose_error *error)
{
  error_set(error, STEPDOSE_RESULT_INVALID, "finish it: the same command continues it",
            "this run is not finished, and its regimen is not taken");
  error_place(error, run->directory, 0, 0, NULL);
  return false;
}

static bool refuse_without_regimen(const page_run *run, stepdose_error *error)
{
  error_set(error, STEPDOSE_RESULT_INVALID, "take a run that has one, or --regimen FILE",
            "this run has no %s", run_files[RUN_FILE_REGIMEN].name);
  error_place(error, run->directory, 0, 0, NULL);
  return false;
}

static bool check_regimen(page_run *run, stepdose_error *error)
{
  char *bytes = NULL;
  size_t length = 0;
  if (!read_all(run, error) || !read_claimed(run, RUN_FILE_REGIMEN, &bytes, &length, error)) {
    return false;
  }
  const bool has_regimen = bytes != NULL;
  release(bytes);
  if (!run->stored->finished) {
    return refuse_unfinished(run, error);
  }
  return has_regimen || refuse_without_regimen(run, error);
}

char *page_run_regimen(const char *directory, stepdose_error *error)
{
  page_run *run = read_run(directory, check_regimen, error);
  if (run == NULL) {
    return NULL;
  }
  page_run_free(run);
  char *path = run_directory_path(directory, RUN_FILE_REGIMEN);
  if (path == NULL) {
    error_no_memory(error, "naming a regimen");
  }
  return path;
}

void page_run_free(page_run *run)
{
  if (run == NULL) {
    return;
  }
  release(run->stored);
  cJSON_Delete(run->result);
  cJSON_Delete(run->settings);
  problem_free(run->problem);
  csv_table_free(&run->trajectories);
  csv_table_free(&run->endpoints);
  csv_table_free(&run->history);
  csv_table_free(&run->map);
  csv_table_free(&run->fit);
  csv_table_free(&run->sensitivity);
  csv_table_free(&run->courses);
  csv_table_free(&run->front);
  csv_table_free(&run->restart);
  release(run->summary);
  release(run);
}

const cJSON *page_member(const cJSON *object, const char *key)
{
  return cJSON_GetObjectItemCaseSensitive(object, key);
}

double page_number(const cJSON *object, const char *key)
{
  const cJSON *item = page_member(object, key);
  return cJSON_IsNumber(item) ? item->valuedouble : (double)NAN;
}

const char *page_string(const cJSON *object, const char *key)
{
  const cJSON *item = page_member(object, key);
  return cJSON_IsString(item) ? item->valuestring : "";
}

bool page_true(const cJSON *object, const char *key)
{
  return cJSON_IsTrue(page_member(object, key));
}

const cJSON *page_given_outcome(const page_run *run)
{
  return cJSON_GetArrayItem(page_member(page_member(run->result, "cohort"), "regimens"), 0);
}

double page_goal_reached(const page_run *run)
{
  const cJSON *given = page_given_outcome(run);
  return given != NULL ? page_number(given, "goal_value")
                       : page_number(page_member(run->result, "goal"), "verified");
}

void page_doses_read(const cJSON *doses, page_doses *out)
{
  const cJSON *given;
  *out = (page_doses){.unit = ""};
  cJSON_ArrayForEach(given, doses)
  {
    if (page_member(given, "premedication") == NULL && out->n < PAGE_DOSES_MAX) {
      out->unit = out->n == 0 ? page_string(given, "unit") : out->unit;
      out->day[out->n] = page_number(given, "day");
      out->amount[out->n++] = page_number(given, "amount");
    }
  }
}

/* Rows of a table of courses that two of its columns select. */
typedef struct course_rows {
  const csv_table *table;
  int column[2];
  const char *wanted[2];
} course_rows;

static bool is_row(const course_rows *r, long row)
{
  return strcmp(csv_table_cell(r->table, row, r->column[0]), r->wanted[0]) == 0 &&
         strcmp(csv_table_cell(r->table, row, r->column[1]), r->wanted[1]) == 0;
}

static bool read_course(const course_rows *r, page_course *out)
{
  const csv_table *t = r->table;
  const int day = csv_table_column(t, "day");
  const int value = csv_table_column(t, "value");
  *out = (page_course){0};
  for (long row = 0; row < t->n_rows; row++) {
    out->n += is_row(r, row);
  }
  if (out->n == 0) {
    return true;
  }
  out->day = allocate_zeroed(2 * (size_t)out->n, sizeof *out->day);
  if (out->day == NULL) {
    *out = (page_course){0};
    return false;
  }
  out->value = out->day + out->n;
  for (long row = 0, i = 0; row < t->n_rows; row++) {
    if (is_row(r, row)) {
      out->day[i] = csv_table_number(t, row, day);
      out->value[i++] = csv_table_number(t, row, value);
    }
  }
  return true;
}

bool page_course_read(const page_run *run, const char *output, const char *statistic,
                      page_course *out)
{
  const csv_table *t = &run->trajectories;
  const course_rows rows = {
      t, {csv_table_column(t, "output"), csv_table_column(t, "statistic")}, {output, statistic}};
  return read_course(&rows, out);
}

bool page_patient_read(const page_run *run, const char *output, int patient, page_course *out)
{
  const csv_table *t = &run->courses;
  char number[16];
  snprintf(number, sizeof number, "%d", patient);
  const course_rows rows = {
      t, {csv_table_column(t, "output"), csv_table_column(t, "patient")}, {output, number}};
  return read_course(&rows, out);
}

/* One after the other: each row that names another patient than the last begins a new one. */
int page_shown_patients(const page_run *run, int room, int *patient)
{
  const csv_table *t = &run->courses;
  const int column = csv_table_column(t, "patient");
  int n = 0;
  for (long row = 0; row < t->n_rows && n < room; row++) {
    const double number = csv_table_number(t, row, column);
    const bool usable = number > 0 && number <= POPULATION_PATIENTS_MAX;
    if (usable && (n == 0 || patient[n - 1] != (int)number)) {
      patient[n++] = (int)number;
    }
  }
  return n;
}

void page_course_free(page_course *course)
{
  release(course->day);
  *course = (page_course){0};
}
