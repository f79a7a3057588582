/* Reads a result.json back: first its own hash over every byte, then what it claims. */
#include "report/run_directory.h"

#include "base/allocate.h"
#include "base/file.h"
#include "base/number.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

enum { HASH_DIGITS = HASH_TEXT_SIZE - 1 };

static bool invalid(const char *directory, const char *what, stepdose_error *error)
{
  error_set(error, STEPDOSE_RESULT_INVALID, "run the problem again to get a new result",
            "result.json %s", what);
  error_place(error, directory, 0, 0, NULL);
  return false;
}

/* *position: where the 64 digits begin. */
static bool find_hash(const char *bytes, size_t length, size_t *position)
{
  static const char key[] = "\"" RESULT_HASH_KEY "\": \"";
  size_t n = sizeof key - 1;
  for (size_t i = length; i-- > 0;) {
    if (i + n + HASH_DIGITS <= length && memcmp(bytes + i, key, n) == 0) {
      *position = i + n;
      return true;
    }
  }
  return false;
}

bool result_hash(const char *bytes, size_t length, char hash[HASH_TEXT_SIZE], size_t *position)
{
  if (!find_hash(bytes, length, position)) {
    return false;
  }
  char *blank = allocate(length + 1);
  if (blank == NULL) {
    return false;
  }
  memcpy(blank, bytes, length);
  memset(blank + *position, '0', HASH_DIGITS);
  hash_sha256(blank, length, hash);
  release(blank);
  return true;
}

static bool check_own_hash(const char *directory, const char *bytes, size_t length,
                           stepdose_error *error)
{
  char hash[HASH_TEXT_SIZE];
  size_t position = 0;
  if (!result_hash(bytes, length, hash, &position)) {
    return invalid(directory, "does not carry its own SHA-256", error);
  }
  return memcmp(bytes + position, hash, HASH_DIGITS) == 0 ||
         invalid(directory, "was changed after it had been written", error);
}

static const cJSON *member(const cJSON *object, const char *key)
{
  return cJSON_GetObjectItemCaseSensitive(object, key);
}

static bool copy_string(const cJSON *object, const char *key, char *out, size_t size)
{
  const cJSON *item = member(object, key);
  if (!cJSON_IsString(item) || strlen(item->valuestring) >= size) {
    return false;
  }
  snprintf(out, size, "%s", item->valuestring);
  return true;
}

static double number_or_nan(const cJSON *object, const char *key)
{
  const cJSON *item = member(object, key);
  return cJSON_IsNumber(item) ? item->valuedouble : (double)NAN;
}

static bool read_status(const cJSON *root, study_claims *claims)
{
  char name[64];
  if (!copy_string(root, "status", name, sizeof name)) {
    return false;
  }
  for (int s = 0; s < STEPDOSE_STATUS_COUNT; s++) {
    if (strcmp(name, stepdose_status_name((stepdose_status)s)) == 0) {
      claims->status = (stepdose_status)s;
      return true;
    }
  }
  return false;
}

static bool read_files(const cJSON *files, study_claims *claims)
{
  const cJSON *file;
  cJSON_ArrayForEach(file, files)
  {
    bool usable = cJSON_IsString(file) && strchr(file->string, '/') == NULL;
    if (claims->n_files >= STUDY_CLAIMED_FILES_MAX || !usable) {
      return false;
    }
    int i = claims->n_files++;
    snprintf(claims->file[i].name, sizeof claims->file[i].name, "%s", file->string);
    snprintf(claims->file[i].sha256, sizeof claims->file[i].sha256, "%s", file->valuestring);
  }
  return claims->n_files > 0;
}

static bool read_values(const cJSON *limits, study_claims *claims)
{
  const cJSON *limit_claim;
  const cJSON *value;
  int k = 0;
  cJSON_ArrayForEach(limit_claim, limits)
  {
    cJSON_ArrayForEach(value, member(limit_claim, "values"))
    {
      double window = number_or_nan(value, "dose");
      if (claims->n_values >= ASSESSMENT_VALUES_MAX || !(window >= 0 && window < 1e6)) {
        return false;
      }
      claims->value[claims->n_values++] =
          (assessed_value){k, (int)window, number_or_nan(value, "day"),
                           number_or_nan(value, "verified"), number_or_nan(value, "margin")};
    }
    k++;
  }
  return true;
}

static bool read_design(const cJSON *design, study_claims *claims)
{
  const cJSON *parameter;
  cJSON_ArrayForEach(parameter, design)
  {
    int i = claims->n_design;
    if (i >= PROBLEM_DESIGN_MAX || !cJSON_IsNumber(member(parameter, "value"))) {
      return false;
    }
    claims->n_design++;
    snprintf(claims->design[i].name, sizeof claims->design[i].name, "%s", parameter->string);
    claims->design[i].value = number_or_nan(parameter, "value");
  }
  return true;
}

/* Counts are whole numbers below POPULATION_PATIENTS_MAX; -1 agrees with nothing. */
static long count_of(const cJSON *object, const char *key)
{
  const double count = number_or_nan(object, key);
  return count >= 0 && count <= POPULATION_PATIENTS_MAX ? (long)count : -1;
}

/* Whole numbers up to here are exact as a double: all seeds of problem files. */
static const double largest_seed = 9007199254740992.0;

static uint64_t seed_of(const cJSON *object)
{
  char digits[32];
  double seed = 0;
  const bool told =
      copy_string(object, "seed", digits, sizeof digits) && number_parse(digits, &seed);
  return told && seed >= 0 && seed < largest_seed ? (uint64_t)seed : 0;
}

/* More risks than there is room for leave a claim that agrees with nothing. */
static void read_risks(const cJSON *risks, claimed_patients *out)
{
  const cJSON *risk;
  cJSON_ArrayForEach(risk, risks)
  {
    const int i = out->n_risks++;
    if (i >= ASSESSMENT_VALUES_MAX) {
      out->n_risks = -1;
      return;
    }
    out->risk[i] = (cohort_risk){.limit = (int)count_of(risk, "limit") - 1,
                                 .window = (int)count_of(risk, "dose"),
                                 .value = number_or_nan(risk, "value"),
                                 .holds = cJSON_IsTrue(member(risk, "holds")),
                                 .count = count_of(risk, "patients"),
                                 .of = count_of(risk, "of")};
  }
}

static void read_patients(const cJSON *cohort, claimed_patients *out)
{
  const cJSON *given = cJSON_GetArrayItem(member(cohort, "regimens"), 0);
  out->given = cJSON_IsObject(cohort);
  out->fresh = cJSON_IsTrue(member(cohort, "fresh"));
  out->drawn = count_of(cohort, "drawn");
  out->seed = seed_of(cohort);
  out->tolerance = number_or_nan(cohort, "tolerance");
  out->goal = number_or_nan(given, "goal_value");
  out->holds = cJSON_IsTrue(member(given, "every_limit_holds"));
  read_risks(member(given, "risks"), out);
  out->plausible = count_of(cohort, "plausible");
  out->failures = count_of(member(given, "failures"), "patients");
  out->responses = count_of(member(given, "response"), "patients");
  out->any_limit = count_of(member(given, "any_limit_exceeded"), "patients");
  out->goal_median = number_or_nan(member(given, "goal"), "median");
}

static bool read_claims(const cJSON *root, study_claims *claims)
{
  claims->has_regimen = cJSON_IsObject(member(root, "regimen"));
  if (!claims->has_regimen) {
    return true;
  }
  const cJSON *goal_claim = member(root, "goal");
  claims->goal = number_or_nan(goal_claim, "verified");
  read_patients(member(root, "cohort"), &claims->patients);
  claims->tolerance = number_or_nan(root, "verification_tolerance");
  claims->holds = cJSON_IsTrue(member(root, claims->patients.given
                                                ? "every_limit_holds_in_the_reference_patient"
                                                : "every_limit_holds"));
  return isfinite(claims->tolerance) && claims->tolerance > 0 &&
         read_design(member(root, "design"), claims) && read_values(member(root, "limits"), claims);
}

static bool read_root(const cJSON *root, stored_result *out)
{
  char format[64];
  study_claims *claims = &out->claims;
  out->finished = cJSON_IsTrue(member(root, "finished"));
  return copy_string(root, "format", format, sizeof format) && strcmp(format, RESULT_FORMAT) == 0 &&
         copy_string(root, "identity", out->identity, sizeof out->identity) &&
         copy_string(root, "verb", claims->verb, sizeof claims->verb) &&
         read_status(root, claims) && read_files(member(root, "files"), claims) &&
         read_claims(root, claims);
}

static void use_allocator(void)
{
  cJSON_Hooks hooks = {allocate, release};
  cJSON_InitHooks(&hooks);
}

static bool parse(const char *directory, const char *bytes, size_t length, stored_result *out,
                  stepdose_error *error)
{
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, use_allocator);
  cJSON *root = cJSON_ParseWithLengthOpts(bytes, length + 1, NULL, true);
  if (root == NULL) { /* its hash is right, so it is the JSON that was written */
    return error_no_memory(error, "reading a result");
  }
  bool done = read_root(root, out);
  cJSON_Delete(root);
  return done || invalid(directory, "lacks something that this version expects", error);
}

/* A run that was killed has its problem and no result. */
static bool has_result(const char *directory, stepdose_error *error)
{
  if (run_directory_has(directory, RUN_FILE_RESULT) ||
      !run_directory_has(directory, RUN_FILE_PROBLEM)) {
    return true;
  }
  error_set(error, STEPDOSE_INPUT_OUTPUT, "the same command that began it continues it",
            "this run is not finished: there is no %s", run_files[RUN_FILE_RESULT].name);
  error_place(error, directory, 0, 0, NULL);
  return false;
}

stored_result *stored_result_read(const char *directory, stepdose_error *error)
{
  char *bytes = NULL;
  size_t length = 0;
  if (!has_result(directory, error) ||
      !run_directory_read(directory, RUN_FILE_RESULT, &bytes, &length, error)) {
    return NULL;
  }
  stored_result *out = allocate_zeroed(1, sizeof *out);
  bool done = out != NULL || error_no_memory(error, "reading a result");
  done = done && check_own_hash(directory, bytes, length, error) &&
         parse(directory, bytes, length, out, error);
  release(bytes);
  if (!done) {
    release(out);
    return NULL;
  }
  snprintf(out->claims.directory, sizeof out->claims.directory, "%s", directory);
  return out;
}
