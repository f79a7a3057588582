/* Limits: kind, bound and window. One object may set several bounds of its objective. */
#include <stdio.h>
#include <string.h>

#include "problem/reader.h"

const limit_kind_row problem_limit_kinds[LIMIT_KIND_COUNT] = {
#define X(id, objective, key, unit, low, high, window, meaning)                                    \
  [LIMIT_##id] = {objective, key, unit, meaning, low, high, window},
    PROBLEM_LIMIT_KINDS(X)
#undef X
};

const char *const problem_window_names[WINDOW_KIND_COUNT] = {
#define X(id, name, meaning) [WINDOW_##id] = name,
    PROBLEM_WINDOWS(X)
#undef X
};

/* Objectives of the format that need risk by grade. */
static const char *const objectives_not_offered[] = {"crs", "off_tumor"};

static bool find_objective(reader *r, const cJSON *item)
{
  const char *names[LIMIT_KIND_COUNT];
  size_t n = 0;
  for (size_t i = 0; i < sizeof objectives_not_offered / sizeof objectives_not_offered[0]; i++) {
    if (strcmp(objectives_not_offered[i], item->valuestring) == 0) {
      return reader_fail(r, item, UNKNOWN_NAME, "limit \"il6_peak\" instead, or leave it out",
                         "objective \"%s\" is part of the format but not offered by this version",
                         item->valuestring);
    }
  }
  for (int i = 0; i < LIMIT_KIND_COUNT; i++) {
    const char *name = problem_limit_kinds[i].objective;
    if (strcmp(name, item->valuestring) == 0) {
      return true;
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

static bool read_window(reader *r, cJSON *object, const limit_kind_row *row, limit *l)
{
  const cJSON *item = json_get(object, "window");
  l->window = WINDOW_COURSE;
  if (!row->takes_window) {
    return item == NULL ||
           reader_fail_key(r, item, UNKNOWN_KEY, "leave it out: it counts the whole horizon",
                           "a limit on \"%s\" has no \"window\"", row->objective);
  }
  if (item == NULL) {
    return reader_add(r, object, "window", "\"course\"", "default");
  }
  return cJSON_IsObject(item) ? read_days(r, item, l) : find_window(r, item, &l->window);
}

static bool same_limit(const limit *a, const limit *b)
{
  bool same_days =
      a->window != WINDOW_DAYS || (a->from_day == b->from_day && a->to_day == b->to_day);
  return a->kind == b->kind && a->window == b->window && same_days;
}

static bool add_limit(reader *r, const cJSON *item, const limit *l)
{
  stepdose_problem *p = r->problem;
  for (int i = 0; i < p->n_limits; i++) {
    if (same_limit(&p->limits[i], l)) {
      return reader_fail(r, item, CONTRADICTION, "keep one of them",
                         "\"%s\" of this window is already limited by %s", item->string,
                         p->limits[i].pointer);
    }
  }
  if (p->n_limits == PROBLEM_LIMITS_MAX) {
    return reader_fail(r, item, OUT_OF_RANGE, "at most 24 limits are allowed",
                       "there are too many limits");
  }
  p->limits[p->n_limits++] = *l;
  return problem_limit_kinds[l->kind].takes_window || check_burden(r, item, l);
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

static bool read_bounds(reader *r, cJSON *object, const char *objective, limit base, int *found)
{
  for (int i = 0; i < LIMIT_KIND_COUNT; i++) {
    const limit_kind_row *row = &problem_limit_kinds[i];
    const cJSON *item = json_get(object, row->key);
    if (item == NULL) {
      continue;
    }
    if (strcmp(row->objective, objective) != 0) {
      return refuse_bound_of_other(r, item, objective, row);
    }
    base.kind = (limit_kind)i;
    base.bound = item->valuedouble;
    if (!read_window(r, object, row, &base) || !add_limit(r, item, &base)) {
      return false;
    }
    *found += 1;
  }
  return true;
}

static bool read_limit(reader *r, cJSON *object, int index)
{
  limit base = {.interval = -1};
  const cJSON *objective = json_get(object, "objective");
  int found = 0;
  snprintf(base.pointer, sizeof base.pointer, "/limits/%d", index);
  if (!find_objective(r, objective) ||
      !read_bounds(r, object, objective->valuestring, base, &found)) {
    return false;
  }
  for (int i = 0; found == 0 && i < LIMIT_KIND_COUNT; i++) {
    if (strcmp(problem_limit_kinds[i].objective, objective->valuestring) == 0) {
      return json_fail_missing(&r->json, object, problem_limit_kinds[i].key, r->error,
                               "add what must not be exceeded", "the limit has no bound");
    }
  }
  return true;
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
