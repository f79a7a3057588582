/* Reads the runs of a comparison, and tells which can be set beside the first: see comparison.h. */
#include "report/comparison.h"

#include "base/allocate.h"
#include "base/error.h"
#include "base/file.h"
#include "study/cohort_study.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

void comparison_name(const comparison *c, int i, char name[WORDS_SIZE])
{
  char path[WORDS_SIZE];
  const size_t length = strlen(c->run[i].path);
  const size_t room = WORDS_SIZE - 16;
  snprintf(path, sizeof path, "%s%s", length > room ? "..." : "",
           c->run[i].path + (length > room ? length - room : 0));
  snprintf(name, WORDS_SIZE, "%d: %.50s", i + 1, path);
}

bool comparison_beside(const comparison *c, int i) { return c->run[i].why_apart[0] == 0; }

/* --- which runs can be compared --------------------------------------------------------------- */

/* Patients decide where the limits tell of them. */
bool comparison_of_patients(const page_run *run)
{
  return page_given_outcome(run) != NULL && cohort_can_judge(run->problem);
}

static bool same_goal(const goal *a, const goal *b, bool patients)
{
  const bool same_measure =
      a->measure == b->measure && a->day == b->day &&
      (a->measure != MEASURE_SMALLEST_LOG10_KILL_LAST_DAYS || a->last_days == b->last_days);
  return same_measure && (!patients || (a->statistic == b->statistic && a->share == b->share));
}

static void find_why_apart(const page_run *first, compared_run *c)
{
  const stepdose_problem *a = first->problem;
  const stepdose_problem *b = c->run->problem;
  const bool patients = page_given_outcome(first) != NULL;
  char one[WORDS_SIZE], other[WORDS_SIZE];
  if (c->doses.n == 0) {
    snprintf(c->why_apart, sizeof c->why_apart, "it holds no regimen");
  } else if (a->horizon_days != b->horizon_days) {
    snprintf(c->why_apart, sizeof c->why_apart, "another horizon: %g days, not %g", b->horizon_days,
             a->horizon_days);
  } else if (patients != (page_given_outcome(c->run) != NULL)) {
    snprintf(c->why_apart, sizeof c->why_apart, "%s",
             patients ? "the reference patient, not virtual patients"
                      : "virtual patients, not the reference patient");
  } else if (!same_goal(&a->goal, &b->goal, patients)) {
    words_measure(&b->goal, one);
    words_statistic(&b->goal, other);
    snprintf(c->why_apart, sizeof c->why_apart, "another goal: %s%s%s", one, patients ? ", " : "",
             patients ? other : "");
  } else if (a->model != b->model) {
    snprintf(c->why_apart, sizeof c->why_apart, "another model: %s", b->model->name);
  }
}

/* --- patients --------------------------------------------------------------------------------- */

/* A search is told in fresh patients, not in those of its problem. */
static void describe_patients(compared_run *c)
{
  const cJSON *cohort = page_member(c->run->result, "cohort");
  if (page_given_outcome(c->run) == NULL) {
    snprintf(c->patients, sizeof c->patients, "reference patient");
  } else {
    snprintf(c->patients, sizeof c->patients, "%.0f of \"%.100s\", seed %.32s%s",
             page_number(cohort, "drawn"), page_string(cohort, "population"),
             page_string(cohort, "seed"), page_true(cohort, "fresh") ? " (fresh)" : "");
  }
}

/* Who patient i of a seed is: "" of the reference patient. */
static bool fingerprint(const page_run *run, char hash[HASH_TEXT_SIZE], stepdose_error *error)
{
  hash[0] = 0;
  return page_given_outcome(run) == NULL || run->problem->population == NULL ||
         population_fingerprint(run->problem->population, run->problem->model, hash) ||
         error_no_memory(error, "comparing runs");
}

static bool find_other_patients(const page_run *first, compared_run *c, stepdose_error *error)
{
  const cJSON *a = page_member(first->result, "cohort");
  const cJSON *b = page_member(c->run->result, "cohort");
  char one[HASH_TEXT_SIZE], other[HASH_TEXT_SIZE];
  if (!fingerprint(first, one, error) || !fingerprint(c->run, other, error)) {
    return false;
  }
  const bool both = page_given_outcome(first) != NULL && page_given_outcome(c->run) != NULL;
  const bool same = page_number(a, "drawn") == page_number(b, "drawn") &&
                    strcmp(page_string(a, "seed"), page_string(b, "seed")) == 0 &&
                    strcmp(one, other) == 0;
  c->other_patients = both && !same;
  return true;
}

/* --- limits ----------------------------------------------------------------------------------- */

/* Both bound the same quantity, though perhaps by another number. */
static bool same_quantity(const limit *a, const limit *b, bool patients)
{
  const bool same_value = a->kind == b->kind && a->window == b->window && a->grade == b->grade &&
                          a->above == b->above && strcmp(a->place_name, b->place_name) == 0;
  const bool same_days =
      a->window != WINDOW_DAYS || (a->from_day == b->from_day && a->to_day == b->to_day);
  if (!same_value || !same_days || !patients) {
    return same_value && same_days;
  }
  return a->risk == b->risk && a->stratum == b->stratum &&
         (a->risk == RISK_PROBABILITY ? a->bound == b->bound : a->share == b->share);
}

/* The row of the limit; NULL: there is no room for a new one. */
static compared_limit *row_of(comparison *c, const limit *l, bool patients)
{
  for (int k = 0; k < c->n_limits; k++) {
    if (same_quantity(c->limit[k].asked, l, patients)) {
      return &c->limit[k];
    }
  }
  if (c->n_limits == COMPARED_LIMITS_MAX) {
    c->more_limits = true;
    return NULL;
  }
  compared_limit *added = &c->limit[c->n_limits++];
  added->asked = l;
  return added;
}

/* Of virtual patients: the risk with the largest margin. */
static compared_value worst_risk(const page_run *run, int k)
{
  compared_value found = {&run->problem->limits[k], NAN, NAN, NAN, NAN, true};
  const cJSON *risk;
  double worst = -INFINITY;
  cJSON_ArrayForEach(risk, page_member(page_given_outcome(run), "risks"))
  {
    const double margin = page_number(risk, "margin");
    if (page_number(risk, "limit") == k + 1 && (margin > worst || isnan(found.value))) {
      worst = margin;
      found.value = page_number(risk, "value");
      found.low = page_number(risk, "low");
      found.high = page_number(risk, "high");
      found.bound = page_number(risk, "bound");
      found.holds = page_true(risk, "holds");
    }
  }
  return found;
}

static compared_value worst_value(const page_run *run, int k)
{
  const cJSON *claim = cJSON_GetArrayItem(page_member(run->result, "limits"), k);
  const limit *l = &run->problem->limits[k];
  return (compared_value){l,        page_number(page_member(claim, "worst"), "value"),
                          NAN,      NAN,
                          l->bound, page_true(claim, "holds")};
}

static void add_limits(comparison *c, int i)
{
  const page_run *run = c->run[i].run;
  const bool patients = comparison_of_patients(run);
  for (int k = 0; k < run->problem->n_limits; k++) {
    compared_limit *row = row_of(c, &run->problem->limits[k], patients);
    if (row != NULL && row->of[i].asked == NULL) {
      row->of[i] = patients ? worst_risk(run, k) : worst_value(run, k);
    }
  }
}

/* --- reading ---------------------------------------------------------------------------------- */

static bool refuse(const char *directory, stepdose_code code, const char *what, const char *remedy,
                   stepdose_error *error)
{
  error_set(error, code, remedy, "%s", what);
  error_place(error, directory, 0, 0, NULL);
  return false;
}

static bool check_run(const comparison *c, int i, stepdose_error *error)
{
  const char *directory = c->run[i].path;
  if (!c->run[i].run->stored->finished) {
    return refuse(directory, STEPDOSE_RESULT_INVALID,
                  "this run is not finished, and is not compared",
                  "finish it: the same command continues it", error);
  }
  for (int other = 0; other < i; other++) {
    if (strcmp(c->run[other].run->stored->identity, c->run[i].run->stored->identity) == 0) {
      char words[COMPARED_WHY_SIZE];
      snprintf(words, sizeof words, "this is the same run as %.150s", c->run[other].path);
      return refuse(directory, STEPDOSE_USAGE, words, "name each run once", error);
    }
  }
  return true;
}

static bool read_one(comparison *c, const char *directory, const char *from, stepdose_error *error)
{
  compared_run *added = &c->run[c->n];
  added->path = directory;
  added->run = page_run_read_answer(directory, error);
  if (added->run == NULL) {
    return false;
  }
  const int i = c->n++;
  const cJSON *regimen = page_member(added->run->result, "regimen");
  char *page = run_directory_path(directory, RUN_FILE_REPORT);
  added->link = page != NULL ? file_relative(from, page, error) : NULL;
  if (page == NULL) {
    error_no_memory(error, "comparing runs");
  }
  release(page);
  added->goal = page_goal_reached(added->run);
  added->total_mg = page_number(regimen, "total_mg");
  added->visits = page_number(regimen, "visits");
  added->hospital_days = page_number(regimen, "hospital_days");
  page_doses_read(page_member(regimen, "doses"), &added->doses);
  return added->link != NULL && check_run(c, i, error);
}

static bool read_runs(comparison *c, const char *const *directories, int n, const char *path,
                      stepdose_error *error)
{
  char *from = file_directory(path);
  bool done = from != NULL || error_no_memory(error, "comparing runs");
  for (int i = 0; done && i < n; i++) {
    done = read_one(c, directories[i], from, error);
  }
  release(from);
  return done;
}

comparison *comparison_read(const char *const *directories, int n, const char *path,
                            stepdose_error *error)
{
  comparison *c = allocate_zeroed(1, sizeof *c);
  if (c == NULL) {
    error_no_memory(error, "comparing runs");
    return NULL;
  }
  if (!read_runs(c, directories, n, path, error)) {
    comparison_free(c);
    return NULL;
  }
  for (int i = 0; i < c->n; i++) {
    find_why_apart(c->run[0].run, &c->run[i]);
    describe_patients(&c->run[i]);
    add_limits(c, i);
    if (!find_other_patients(c->run[0].run, &c->run[i], error)) {
      comparison_free(c);
      return NULL;
    }
  }
  return c;
}

void comparison_free(comparison *c)
{
  for (int i = 0; c != NULL && i < c->n; i++) {
    page_run_free(c->run[i].run);
    release(c->run[i].link);
  }
  release(c);
}
