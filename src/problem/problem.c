/* Reading a problem, from the file to typed data. */
#include "problem/problem.h"

#include <stdio.h>
#include <string.h>

#include "base/allocate.h"
#include "base/file.h"
#include "problem/calibration.h"
#include "problem/reader.h"

void problem_free(stepdose_problem *problem)
{
  if (problem == NULL) {
    return;
  }
  release(problem->parameters);
  population_description_free(problem->population);
  problem_calibration_free(problem->calibration);
  release(problem->effective);
  release(problem->origins);
  release(problem);
}

static void reader_close(reader *r)
{
  cJSON_Delete(r->root);
  release(r->origins);
  json_reader_close(&r->json);
}

static bool read_name(reader *r)
{
  stepdose_problem *p = r->problem;
  const cJSON *title = json_get(r->root, "title");
  char *stem = file_stem(r->path);
  if (stem == NULL) {
    return error_no_memory(r->error, "reading the problem");
  }
  snprintf(p->path, sizeof p->path, "%s", r->path);
  snprintf(p->name, sizeof p->name, "%s", stem);
  release(stem);
  if (title != NULL) {
    snprintf(p->title, sizeof p->title, "%s", title->valuestring);
  } else {
    snprintf(p->title, sizeof p->title, "%.120s in %.120s", p->molecule_name, p->indication_name);
  }
  p->horizon_days = reader_number(r->root, "horizon_days");
  p->tolerance = reader_number(r->root, "tolerance");
  return true;
}

/* A name that is no engine would be noticed only when a search has begun. */
static bool check_engine(reader *r, const cJSON *item)
{
  static const char *const names[] = {"auto",
#define X(name, meaning, algorithm, local, constraints) name,
                                      PROBLEM_ENGINES(X)
#undef X
  };
  const size_t n = sizeof names / sizeof names[0];
  for (size_t i = 0; i < n; i++) {
    if (strcmp(item->valuestring, names[i]) == 0) {
      return true;
    }
  }
  return reader_unknown(r, item, "search engine", names, n);
}

static bool read_search(reader *r)
{
  const cJSON *object = json_get(r->root, "search");
  search_settings *s = &r->problem->search;
  s->seed = (uint64_t)reader_number(object, "seed");
  s->starts = (int)reader_number(object, "starts");
  s->evaluations_max = (long)reader_number(object, "evaluations_max");
  s->minutes_max = reader_number(object, "minutes_max");
  s->near_optimal_loss = reader_number(object, "near_optimal_loss");
  s->map_points = (int)reader_number(object, "map_points");
  s->map_samples = (int)reader_number_or(object, "map_samples", 0);
  snprintf(s->engine, sizeof s->engine, "%s", reader_string(object, "engine"));
  return check_engine(r, json_get(object, "engine"));
}

static bool check_root(reader *r)
{
  if (!cJSON_IsObject(r->root)) {
    return reader_fail(r, r->root, WRONG_TYPE, "a problem is an object: { \"format\": ... }",
                       "the file does not hold an object");
  }
  return reader_check(r, r->root, OBJECT_PROBLEM);
}

static bool read_problem_premedication(reader *r)
{
  cJSON *item = cJSON_GetObjectItemCaseSensitive(r->root, "premedication");
  regimen_space *space = &r->problem->regimen;
  return read_premedication(r, item, space->premedication, &space->n_premedication) &&
         check_premedication_room(r, item, space);
}

/* From the tree to the problem; each part may rely on those before it. */
static bool read_problem(reader *r, const char *const *overrides, size_t n_overrides)
{
  for (size_t i = 0; i < n_overrides; i++) {
    if (!reader_override(r, overrides[i])) {
      return false;
    }
  }
  if (!check_root(r) || !read_parameters(r) || !read_name(r)) {
    return false;
  }
  return read_search(r) && read_regimen(r, json_get(r->root, "regimen"), &r->problem->regimen) &&
         read_problem_premedication(r) && read_goal(r) && read_hospital(r) && read_limits(r) &&
         read_pareto(r) &&
         read_verification(r) && read_strata_compared(r) && warn_of_one_patient(r) && read_comparators(r) &&
         read_sensitivity(r) && read_restart(r) && write_effective(r);
}

/* Takes the tree that the caller has just read, or NULL where that failed. */
static stepdose_problem *finish(reader *r, cJSON *root, const char *const *overrides,
                                size_t n_overrides, stepdose_error *error)
{
  stepdose_problem *problem = NULL;
  bool done = false;
  r->root = root;
  if (root != NULL) {
    problem = allocate_zeroed(1, sizeof *problem);
    r->problem = problem;
    done = problem != NULL ? read_problem(r, overrides, n_overrides)
                           : error_no_memory(r->error, "reading the problem");
  }
  if (!done) {
    problem_free(problem);
    problem = NULL;
  }
  if (error != NULL) {
    *error = *r->error;
  }
  reader_close(r);
  return problem;
}

stepdose_problem *problem_read(const char *path, const char *const *overrides, size_t n_overrides,
                               stepdose_error *error)
{
  stepdose_error own = {.code = STEPDOSE_OK};
  reader r = {.path = path, .error = &own};
  cJSON *root = json_read_file(&r.json, path, &own);
  return finish(&r, root, overrides, n_overrides, error);
}

stepdose_problem *problem_read_text(const char *path, const char *bytes, size_t length,
                                    const char *const *overrides, size_t n_overrides,
                                    stepdose_error *error)
{
  stepdose_error own = {.code = STEPDOSE_OK};
  reader r = {.path = path, .error = &own};
  cJSON *root = json_read_text(&r.json, path, bytes, length, 0, &own);
  return finish(&r, root, overrides, n_overrides, error);
}

static bool refuse_choice(reader *r, const cJSON *item)
{
  return item == NULL || cJSON_IsNumber(item) ||
         reader_fail(r, item, WRONG_TYPE, "a fixed number is needed",
                     "a regimen that is to be given leaves \"%s\" open", item->string);
}

/* Every quantity of a regimen that is given must be one number. */
static bool refuse_choices(reader *r, const cJSON *object)
{
  const cJSON *maintenance = json_get(object, "maintenance");
  const cJSON *step = json_get(object, "steps")->child;
  for (; step != NULL; step = step->next) {
    for (const cJSON *item = step->child; item != NULL; item = item->next) {
      if (!refuse_choice(r, item)) {
        return false;
      }
    }
  }
  const cJSON *item = maintenance != NULL ? maintenance->child : NULL;
  for (; item != NULL; item = item->next) {
    if (!refuse_choice(r, item)) {
      return false;
    }
  }
  return refuse_choice(r, json_get(object, "number_of_steps"));
}

/* The regimen object of a file: the file itself, or its only member. */
static bool read_given(reader *r, cJSON *file, schedule *doses)
{
  cJSON *inner = cJSON_GetObjectItemCaseSensitive(file, "regimen");
  cJSON *object = inner != NULL ? inner : file;
  const regimen_space *of_problem = &r->problem->regimen;
  regimen_space space;
  if (!cJSON_IsObject(file)) {
    return reader_fail(r, file, WRONG_TYPE, "a regimen is an object: { \"route\": ... }",
                       "the file does not hold an object");
  }
  if (!reader_check(r, file, inner != NULL ? OBJECT_REGIMEN_FILE : OBJECT_REGIMEN) ||
      !refuse_choices(r, object) || !read_regimen(r, object, &space)) {
    return false;
  }
  space.n_premedication = of_problem->n_premedication;
  memcpy(space.premedication, of_problem->premedication, sizeof space.premedication);
  return space_schedule(&space, r->problem->horizon_days, doses) ||
         reader_fail(r, object, OUT_OF_RANGE, "give fewer doses, or less premedication",
                     "with the problem's premedication there are too many doses");
}

bool problem_read_regimen(const stepdose_problem *problem, const char *path, schedule *doses,
                          stepdose_error *error)
{
  stepdose_error own = {.code = STEPDOSE_OK};
  reader r = {.path = path, .error = &own};
  stepdose_problem *copy = allocate(sizeof *copy); /* takes the warnings */
  cJSON *file = json_read_file(&r.json, path, &own);
  bool done = file != NULL && copy != NULL;
  if (done) {
    *copy = *problem;
    r.problem = copy;
    /* the routes of the molecule are in the effective problem */
    r.root = json_read_text(&r.json, problem->path, problem->effective, strlen(problem->effective),
                            0, &own);
    done = r.root != NULL && read_given(&r, file, doses);
  } else if (copy == NULL) {
    error_no_memory(&own, "reading a regimen");
  }
  cJSON_Delete(file);
  reader_close(&r);
  release(copy);
  if (error != NULL) {
    *error = own;
  }
  return done;
}
