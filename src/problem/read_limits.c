/* Limits: kind, bound and window. One object may set several bounds of its objective. */
#include <stdio.h>
#include <string.h>

#include "problem/reader.h"

const limit_kind_row problem_limit_kinds[LIMIT_KIND_COUNT] = {
#define X(id, objective, key, unit, low, high, window, output, meaning)                            \
  [LIMIT_##id] = {objective, key, unit, meaning, low, high, window, output},
    PROBLEM_LIMIT_KINDS(X)
#undef X
};

const char *const problem_window_names[WINDOW_KIND_COUNT] = {
#define X(id, name, meaning) [WINDOW_##id] = name,
    PROBLEM_WINDOWS(X)
#undef X
};

static bool refuse_model(reader *r, const cJSON *item, const char *what)
{
  return reader_fail(r, item, CONTRADICTION,
                     "leave it out, limit \"il6_peak\" instead, or choose a model that gives it",
                     "model %s does not give what a limit on \"%s\" compares",
                     r->problem->model->name, what);
}

/* By the largest model of a family: one that has been chosen because nothing can happen in normal
 * tissue gives less. */
static bool is_offered(const reader *r, const limit_kind_row *row)
{
  const model *largest = model_find(r->problem->model->name);
  return row->output < (largest != NULL ? largest : r->problem->model)->n_outputs;
}

bool check_limit_offered(reader *r, const cJSON *item, limit_kind kind)
{
  const limit_kind_row *row = &problem_limit_kinds[kind];
  return is_offered(r, row) || refuse_model(r, item, row->key);
}

/* An objective of which the model gives nothing is refused by its name. */
static bool check_offered(reader *r, const cJSON *item)
{
  for (int i = 0; i < LIMIT_KIND_COUNT; i++) {
    const limit_kind_row *row = &problem_limit_kinds[i];
    if (strcmp(row->objective, item->valuestring) == 0 && is_offered(r, row)) {
      return true;
    }
  }
  return refuse_model(r, item, item->valuestring);
}

bool read_limit_objective(reader *r, const cJSON *item)
{
  const char *names[LIMIT_KIND_COUNT];
  size_t n = 0;
  for (int i = 0; i < LIMIT_KIND_COUNT; i++) {
    const char *name = problem_limit_kinds[i].objective;
    if (strcmp(name, item->valuestring) == 0) {
      return check_offered(r, item);
    }
    if (n == 0 || strcmp(names[n - 1], name) != 0) {
      names[n++] = name;
    }
  }
  return reader_unknown(r, item, "objective", names, n);
}

static bool find_window(reader *r, const cJSON *item, window_kind *window)
{
  for (int i = 0; i < WINDOW_DAYS; i++) {
    if (strcmp(problem_window_names[i], item->valuestring) == 0) {
      *window = (window_kind)i;
      return true;
    }
  }
  return reader_unknown(r, item, "window", problem_window_names, WINDOW_DAYS);
}

/* Index of the interval in the request; equal intervals are collected once. */
static bool request_interval(reader *r, const cJSON *item, limit *l)
{
  endpoint_request *request = &r->problem->request;
  int i = 0;
  while (i < request->n_intervals && (request->interval[i].from_day != l->from_day ||
                                      request->interval[i].to_day != l->to_day)) {
    i++;
  }
  if (i == ENDPOINT_INTERVALS_MAX) {
    return reader_fail(r, item, OUT_OF_RANGE, "at most 16 different windows of days are allowed",
                       "there are too many windows of days");
  }
  if (i == request->n_intervals) {
    request->interval[i].from_day = l->from_day;
    request->interval[i].to_day = l->to_day;
    request->n_intervals++;
  }
  l->interval = i;
  return true;
}

static bool read_days(reader *r, const cJSON *item, limit *l)
{
  l->window = WINDOW_DAYS;
  l->from_day = reader_number(item, "from_day");
  l->to_day = reader_number(item, "to_day");
  if (l->from_day >= l->to_day) {
    return reader_fail(r, item, EMPTY_RANGE, "\"from_day\" must be before \"to_day\"",
                       "the window of days is empty");
  }
  if (l->to_day > r->problem->horizon_days) {
    return reader_fail(r, json_get(item, "to_day"), OUT_OF_RANGE,
                       "days up to the horizon are allowed",
                       "the window of days ends after the horizon");
  }
  return request_interval(r, item, l);
}

bool read_limit_window(reader *r, cJSON *object, limit *l)
{
  const limit_kind_row *row = &problem_limit_kinds[l->kind];
  const cJSON *item = json_get(object, "window");
  l->window = WINDOW_COURSE;
  if (!row->takes_window) {
    return true; /* check_limit_keys tells whether it may be there */
  }
  if (item == NULL) {
    return reader_add(r, object, "window", "\"course\"", "default");
  }
  return cJSON_IsObject(item) ? read_days(r, item, l) : find_window(r, item, &l->window);
}

bool limit_same_quantity(const limit *a, const limit *b)
{
  bool same_days =
      a->window != WINDOW_DAYS || (a->from_day == b->from_day && a->to_day == b->to_day);
  return a->kind == b->kind && a->window == b->window && same_days && a->place == b->place &&
         (a->kind != LIMIT_CRS_PROBABILITY || a->grade == b->grade);
}

static bool add_limit(reader *r, const cJSON *item, const limit *l)
{
  stepdose_problem *p = r->problem;
  const char *remedy = p->reference_patient
                           ? "keep one of them"
                           : "keep one of them; a wider bound says more only where it allows fewer "
                             "patients beyond it";
  for (int i = 0; i < p->n_limits; i++) {
    if (limit_same_quantity(&p->limits[i], l) && !limits_bound_apart(&p->limits[i], l)) {
      return reader_fail(r, item, CONTRADICTION, remedy,
                         "\"%s\" of this window is already limited by %s", item->string,
                         p->limits[i].pointer);
    }
  }
  if (p->n_limits == PROBLEM_LIMITS_MAX) {
    return reader_fail(r, item, OUT_OF_RANGE, "at most 24 limits are allowed",
                       "there are too many limits");
  }
  p->limits[p->n_limits++] = *l;
  return true;
}

static bool refuse_bound_of_other(reader *r, const cJSON *item, const char *objective,
                                  const limit_kind_row *row)
{
  char remedy[160];
  size_t used = (size_t)snprintf(remedy, sizeof remedy, "\"%s\" takes:", objective);
  for (int i = 0; i < LIMIT_KIND_COUNT; i++) {
    if (strcmp(problem_limit_kinds[i].objective, objective) == 0 && used < sizeof remedy) {
      used +=
          (size_t)snprintf(remedy + used, sizeof remedy - used, " %s", problem_limit_kinds[i].key);
    }
  }
  return reader_fail_key(r, item, UNKNOWN_KEY, remedy, "\"%s\" belongs to a limit on \"%s\"",
                         row->key, row->objective);
}

/* "probability_max" is a bound of CRS only, and there it is the risk of a drive without a grade. */
static bool is_risk(const cJSON *object, const char *objective, limit_kind kind)
{
  return kind == LIMIT_CRS_PROBABILITY &&
         (strcmp(problem_limit_kinds[kind].objective, objective) != 0 ||
          (json_get(object, "grade_at_least") == NULL &&
           json_get(object, problem_limit_kinds[LIMIT_CRS_DRIVE].key) != NULL));
}

/* Where the bound of a kind stands; damage may be bounded by its grade. */
static const cJSON *bound_of(const cJSON *object, const char *objective, limit_kind kind)
{
  const limit_kind_row *row = &problem_limit_kinds[kind];
  const cJSON *item = is_risk(object, objective, kind) ? NULL : json_get(object, row->key);
  bool by_grade = kind == LIMIT_DAMAGE && item == NULL && strcmp(row->objective, objective) == 0;
  return by_grade ? json_get(object, "grade_at_least") : item;
}

/* One bound: a limit, or one for each tissue. */
static bool read_bound(reader *r, cJSON *object, const cJSON *item, limit base)
{
  limit limits[MODEL_TISSUES_MAX];
  int n = 0;
  if (!check_limit_offered(r, item, base.kind) ||
      (base.kind == LIMIT_HOSPITAL_DAYS && !need_hospital(r))) {
    return false;
  }
  base.bound = item->valuedouble;
  if (!read_limit_window(r, object, &base) || !read_risk(r, object, &base) ||
      !read_stratum_of_limit(r, object, &base) || !read_limit_parts(r, object, &base, limits, &n)) {
    return false;
  }
  for (int i = 0; i < n; i++) {
    if (!add_limit(r, item, &limits[i])) {
      return false;
    }
  }
  return !limit_is_burden(base.kind) || check_burden(r, item, &base);
}

/* The first kind of an objective that takes the keys of the limit (object NULL: any). */
static int first_kind(const reader *r, const char *objective, const cJSON *object)
{
  int i = 0;
  while (i < LIMIT_KIND_COUNT && (strcmp(problem_limit_kinds[i].objective, objective) != 0 ||
                                  !is_offered(r, &problem_limit_kinds[i]) ||
                                  (object != NULL && !limit_takes_keys(object, (limit_kind)i)))) {
    i++;
  }
  return i;
}

static bool missing_bound(reader *r, const cJSON *object, const char *objective)
{
  int meant = first_kind(r, objective, object);
  int kind = meant < LIMIT_KIND_COUNT ? meant : first_kind(r, objective, NULL);
  return json_fail_missing(&r->json, object, problem_limit_kinds[kind].key, r->error,
                           "add what must not be exceeded", "the limit has no bound");
}

static bool read_limit(reader *r, cJSON *object, int index)
{
  limit base = {.interval = -1};
  const cJSON *objective = json_get(object, "objective");
  unsigned kinds = 0;
  snprintf(base.pointer, sizeof base.pointer, "/limits/%d", index);
  if (!read_limit_objective(r, objective)) {
    return false;
  }
  for (int i = 0; i < LIMIT_KIND_COUNT; i++) {
    const cJSON *item = bound_of(object, objective->valuestring, (limit_kind)i);
    if (item == NULL) {
      continue;
    }
    if (strcmp(problem_limit_kinds[i].objective, objective->valuestring) != 0) {
      return refuse_bound_of_other(r, item, objective->valuestring, &problem_limit_kinds[i]);
    }
    base.kind = (limit_kind)i;
    if (!read_bound(r, object, item, base)) {
      return false;
    }
    kinds |= 1U << i;
  }
  return kinds == 0 ? missing_bound(r, object, objective->valuestring)
                    : check_limit_keys(r, object, kinds);
}

bool read_limits(reader *r)
{
  cJSON *list = cJSON_GetObjectItemCaseSensitive(r->root, "limits");
  int index = 0;
  for (cJSON *item = list->child; item != NULL; item = item->next) {
    if (!read_limit(r, item, index++)) {
      return false;
    }
  }
  return true;
}
