/* What is maximized, and the days on which the tumour is read for it. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "problem/reader.h"

static const double last_days_default = 21; /* one cycle */

const measure_row problem_measures[MEASURE_COUNT] = {
#define X(id, objective, name, unit, exploitable, meaning)                                         \
  [MEASURE_##id] = {objective, name, unit, meaning, exploitable},
    PROBLEM_MEASURES(X)
#undef X
};

const char *const problem_statistic_names[STATISTIC_COUNT] = {
#define X(id, name, meaning) [STATISTIC_##id] = name,
    PROBLEM_STATISTICS(X)
#undef X
};

static bool reads_one_day(measure m)
{
  return m == MEASURE_CHANGE_PERCENT_AT_DAY || m == MEASURE_RESPONSE_RATE ||
         m == MEASURE_LOG10_KILL_AT_DAY;
}

static bool find_objective(reader *r, const cJSON *item)
{
  const char *names[MEASURE_COUNT];
  size_t n = 0;
  for (int i = 0; i < MEASURE_COUNT; i++) {
    const char *name = problem_measures[i].objective;
    if (strcmp(name, item->valuestring) == 0) {
      return true;
    }
    if (n == 0 || strcmp(names[n - 1], name) != 0) {
      names[n++] = name;
    }
  }
  return reader_unknown(r, item, "goal", names, n);
}

static bool find_measure(reader *r, const cJSON *item, measure *found)
{
  const char *names[MEASURE_COUNT];
  for (int i = 0; i < MEASURE_COUNT; i++) {
    names[i] = problem_measures[i].name;
    if (strcmp(names[i], item->valuestring) == 0) {
      *found = (measure)i;
      return true;
    }
  }
  return reader_unknown(r, item, "measure", names, MEASURE_COUNT);
}

/* The quantiles of a measure that is 0 or 1 in each patient say nothing. */
static bool check_measure_of(reader *r, const cJSON *item, const goal *g)
{
  const bool ranks = g->statistic == STATISTIC_MEDIAN || g->statistic == STATISTIC_QUANTILE;
  return g->measure != MEASURE_RESPONSE_RATE || !ranks ||
         reader_fail(r, item, CONTRADICTION, "use \"mean\" or \"worst_stratum\"",
                     "a patient responds or not: \"%s\" of that is 0 or 1", item->valuestring);
}

static bool check_strata(reader *r, const cJSON *item, const goal *g)
{
  const stepdose_problem *p = r->problem;
  return g->statistic != STATISTIC_WORST_STRATUM || p->reference_patient ||
         p->population->n_strata > 0 ||
         reader_fail(r, item, CONTRADICTION,
                     "use another statistic, or name \"strata\" in the population",
                     "the population has no strata");
}

static bool read_share(reader *r, const cJSON *object, goal *g)
{
  const cJSON *item = json_get(object, "share");
  if (g->statistic != STATISTIC_QUANTILE) {
    return item == NULL || reader_fail_key(r, item, CONTRADICTION, "leave it out",
                                           "statistic \"%s\" does not use \"share\"",
                                           problem_statistic_names[g->statistic]);
  }
  if (item == NULL) {
    return json_fail_missing(&r->json, object, "share", r->error,
                             "add the share of patients who may do worse: 0.1, for example",
                             "it is not told which quantile is maximized");
  }
  g->share = item->valuedouble;
  return true;
}

static bool read_statistic(reader *r, const cJSON *object, goal *g)
{
  const cJSON *item = json_get(object, "statistic");
  const int found = reader_choose(r, item, "statistic", problem_statistic_names, STATISTIC_COUNT);
  if (found < 0) {
    return false;
  }
  g->statistic = (goal_statistic)found;
  return check_measure_of(r, item, g) && check_strata(r, item, g) && read_share(r, object, g);
}

/* A key that the measure does not use would be a wish that is not heard. */
static bool refuse_unused(reader *r, const cJSON *item, const char *measure_name)
{
  return item == NULL ||
         reader_fail_key(r, item, CONTRADICTION, "leave it out",
                         "measure \"%s\" does not use \"%s\"", measure_name, item->string);
}

/* A day of the goal; what the file leaves out is added to it, so that the effective problem says
 * it. */
static bool read_goal_day(reader *r, cJSON *object, const char *key, double fallback, double *value)
{
  char text_of_fallback[NUMBER_TEXT_SIZE];
  number_format(fallback, text_of_fallback);
  if (json_get(object, key) == NULL && !reader_add(r, object, key, text_of_fallback, "default")) {
    return false;
  }
  const cJSON *item = json_get(object, key);
  *value = item->valuedouble;
  if (*value > r->problem->horizon_days) {
    return reader_fail(r, item, OUT_OF_RANGE, "days up to the horizon are allowed",
                       "\"%s\" lies beyond the horizon", key);
  }
  return true;
}

static bool read_goal_object(reader *r, cJSON *object, goal *g)
{
  double horizon = r->problem->horizon_days;
  if (!find_objective(r, json_get(object, "objective")) ||
      !find_measure(r, json_get(object, "measure"), &g->measure) || !read_statistic(r, object, g)) {
    return false;
  }
  const char *name = problem_measures[g->measure].name;
  bool done = reads_one_day(g->measure) ? read_goal_day(r, object, "day", horizon, &g->day)
                                        : refuse_unused(r, json_get(object, "day"), name);
  if (!done) {
    return false;
  }
  if (g->measure == MEASURE_SMALLEST_LOG10_KILL_LAST_DAYS) {
    return read_goal_day(r, object, "last_days", fmin(last_days_default, horizon), &g->last_days);
  }
  return refuse_unused(r, json_get(object, "last_days"), name);
}

static bool warn_exploitable(reader *r, const goal *g)
{
  const measure_row *row = &problem_measures[g->measure];
  return !row->exploitable ||
         reader_warn(r,
                     "%s reads one single day and can be gamed by timing: a regimen that lets the "
                     "tumour stand for weeks and collapse just before that day scores best; "
                     "time_averaged_log10_kill cannot be gamed so",
                     row->name);
}

bool problem_has_tumor(const stepdose_problem *problem)
{
  static const char *const switches[] = {"tumor_on", "tumor_cells_per_mL"};
  for (size_t i = 0; i < sizeof switches / sizeof switches[0]; i++) {
    int index = model_parameter_index(problem->model, switches[i]);
    if (index >= 0 && !(problem->parameters[index] > 0)) {
      return false;
    }
  }
  return true;
}

/* Whether the goal has a meaning is judged where it is used: simulation does not need it. */
static bool warn_no_tumor(reader *r)
{
  return reader_warn(r,
                     "%.120s has no tumour: regimens can be simulated, but there is "
                     "nothing to maximize",
                     r->problem->indication_name);
}

static goal default_goal(double horizon_days)
{
  return (goal){.measure = MEASURE_TIME_AVERAGED_LOG10_KILL,
                .day = horizon_days,
                .last_days = fmin(last_days_default, horizon_days)};
}

bool read_one_goal(reader *r, cJSON *object, goal *g)
{
  *g = default_goal(r->problem->horizon_days);
  return read_goal_object(r, object, g);
}

void problem_request_goal(const goal *g, endpoint_request *request)
{
  request->last_days = g->last_days;
  request->n_days = reads_one_day(g->measure) ? 1 : 0;
  request->day[0] = g->day;
}

bool read_goal(reader *r)
{
  stepdose_problem *p = r->problem;
  goal *g = &p->goal;
  cJSON *object = cJSON_GetObjectItemCaseSensitive(r->root, "maximize");
  *g = default_goal(p->horizon_days);
  if (object == NULL && problem_has_tumor(p)) {
    if (!reader_add(r, r->root, "maximize", "{\"objective\":\"tumor_control\"}", "default")) {
      return false;
    }
    object = cJSON_GetObjectItemCaseSensitive(r->root, "maximize");
    if (!reader_check(r, object, OBJECT_GOAL)) {
      return false;
    }
  }
  if (object != NULL && !read_one_goal(r, object, g)) {
    return false;
  }
  p->request = (endpoint_request){.horizon_days = p->horizon_days,
                                  .activated_above = ENDPOINT_ACTIVATED_ABOVE,
                                  .until_progression = !p->reference_patient};
  problem_request_goal(g, &p->request);
  return problem_has_tumor(p) ? warn_exploitable(r, g) : warn_no_tumor(r);
}
