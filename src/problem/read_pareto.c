/* The goals between which a front is drawn, and how it is searched. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "problem/reader.h"

/* Of the patients whose quantile is minimized where nothing else is said. */
static const char quantile_default[] = "0.9";

static const struct {
  limit_kind kind;
  const char *measure;
  double scale;
} costs[] = {
#define X(id, measure, scale) {LIMIT_##id, measure, scale},
    PROBLEM_COSTS(X)
#undef X
};
enum { COSTS = sizeof costs / sizeof costs[0] };

static int row_of(limit_kind kind)
{
  int i = 0;
  while (i < COSTS && costs[i].kind != kind) {
    i++;
  }
  return i;
}

double problem_cost_scale(limit_kind kind)
{
  int i = row_of(kind);
  return i < COSTS ? costs[i].scale : (double)NAN;
}

const char *problem_cost_measure(limit_kind kind)
{
  int i = row_of(kind);
  return i < COSTS ? costs[i].measure : "";
}

static bool is_of(int i, const char *objective)
{
  return strcmp(problem_limit_kinds[costs[i].kind].objective, objective) == 0;
}

/* A measure that is left out is added, so that the effective problem says it. */
static bool add_measure(reader *r, cJSON *object, const char *objective)
{
  char json[64];
  int i = 0;
  while (i + 1 < COSTS && !is_of(i, objective)) {
    i++;
  }
  snprintf(json, sizeof json, "\"%s\"", costs[i].measure);
  return json_get(object, "measure") != NULL || reader_add(r, object, "measure", json, "default");
}

static bool find_measure(reader *r, const cJSON *object, const char *objective, limit_kind *kind)
{
  const char *names[COSTS];
  size_t n = 0;
  const cJSON *item = json_get(object, "measure");
  for (int i = 0; i < COSTS; i++) {
    if (!is_of(i, objective)) {
      continue;
    }
    names[n++] = costs[i].measure;
    if (strcmp(costs[i].measure, item->valuestring) == 0) {
      *kind = costs[i].kind;
      return check_limit_offered(r, item, *kind);
    }
  }
  return reader_unknown(r, item, "measure", names, n);
}

/* The grade is that of a probability: damage itself is what is minimized. */
static bool check_grade(reader *r, const cJSON *object, limit_kind kind)
{
  const cJSON *grade = json_get(object, "grade_at_least");
  if (kind == LIMIT_CRS_PROBABILITY && grade == NULL) {
    return json_fail_missing(&r->json, object, "grade_at_least", r->error,
                             "add the grade, 1 to 4, whose probability is minimized",
                             "a probability of cytokine release syndrome is that of a grade");
  }
  return kind != LIMIT_DAMAGE || grade == NULL ||
         reader_fail_key(r, grade, CONTRADICTION, "leave it out",
                         "damage is minimized as it is, whatever its grade");
}

/* Upper quantiles of the patients, as harm is bounded there; where all of them share the value, or
 * it is a probability, their mean. */
static bool read_cost_risk(reader *r, cJSON *object, limit *cost)
{
  bool many = !r->problem->reference_patient;
  bool by_patient = cost->kind != LIMIT_CRS_PROBABILITY && !limit_is_burden(cost->kind);
  bool said = json_get(object, "quantile") != NULL || json_get(object, "cvar") != NULL;
  if (many && by_patient && !said &&
      !reader_add(r, object, "quantile", quantile_default, "default")) {
    return false;
  }
  return read_risk(r, object, cost) && read_stratum_of_limit(r, object, cost);
}

/* Of several tissues one has to be named: each would be a goal of its own. */
static bool read_cost_parts(reader *r, cJSON *object, limit *cost)
{
  limit parts[MODEL_TISSUES_MAX];
  int n = 0;
  const double scale = problem_cost_scale(cost->kind);
  cost->bound = cost->kind == LIMIT_DAMAGE ? 1 - scale : scale; /* read_limit_parts takes health */
  if (!read_limit_parts(r, object, cost, parts, &n)) {
    return false;
  }
  if (n != 1) {
    return reader_fail(r, json_get(object, "tissue"), CONTRADICTION,
                       "name one of them, or make each a goal of its own",
                       "a goal is the damage to one tissue, and the indication names %d", n);
  }
  *cost = parts[0];
  return check_limit_keys(r, object, 1U << cost->kind);
}

static bool check_new(reader *r, const cJSON *object, const limit *cost)
{
  const pareto_settings *s = &r->problem->pareto;
  for (int i = 0; i < s->n_costs; i++) {
    const limit *other = &s->cost[i];
    if (limit_same_quantity(other, cost) && other->stratum == cost->stratum) {
      return reader_fail(r, object, CONTRADICTION, "keep one of them",
                         "the same is already minimized by %s", other->pointer);
    }
    if (other->kind == LIMIT_DAYS_ABOVE && cost->kind == LIMIT_DAYS_ABOVE &&
        other->above != cost->above) {
      return reader_fail(r, object, CONTRADICTION, "use the same share in all goals",
                         "days are already counted above another share by %s", other->pointer);
    }
  }
  return true;
}

static bool read_cost(reader *r, cJSON *object, int index)
{
  pareto_settings *s = &r->problem->pareto;
  limit cost = {.interval = -1, .stratum = -1};
  const cJSON *objective = json_get(object, "objective");
  snprintf(cost.pointer, sizeof cost.pointer, "/pareto/goals/%d/minimize", index);
  if (!read_limit_objective(r, objective) || !add_measure(r, object, objective->valuestring) ||
      !find_measure(r, object, objective->valuestring, &cost.kind) ||
      (cost.kind == LIMIT_HOSPITAL_DAYS && !need_hospital(r)) ||
      !check_grade(r, object, cost.kind) || !read_limit_window(r, object, &cost) ||
      !read_cost_risk(r, object, &cost) || !read_cost_parts(r, object, &cost) ||
      !check_new(r, object, &cost)) {
    return false;
  }
  if (s->n_costs == PROBLEM_COSTS_MAX) {
    return reader_fail(r, object, OUT_OF_RANGE, "keep the most important ones",
                       "a front minimizes at most %d goals", (int)PROBLEM_COSTS_MAX);
  }
  s->cost[s->n_costs++] = cost;
  return true;
}

/* One to maximize, one or more to minimize. */
static bool read_goals(reader *r, cJSON *list)
{
  bool has_benefit = false;
  int index = 0;
  for (cJSON *item = list->child; item != NULL; item = item->next, index++) {
    cJSON *benefit = cJSON_GetObjectItemCaseSensitive(item, "maximize");
    cJSON *cost = cJSON_GetObjectItemCaseSensitive(item, "minimize");
    if ((benefit == NULL) == (cost == NULL) || (benefit != NULL && has_benefit)) {
      return reader_fail(
          r, item, CONTRADICTION, "one goal has \"maximize\", each of the others \"minimize\"",
          benefit != NULL && has_benefit ? "a front maximizes one goal only"
                                         : "a goal of a front is either maximized or minimized");
    }
    has_benefit = has_benefit || benefit != NULL;
    if (!(benefit != NULL ? read_one_goal(r, benefit, &r->problem->pareto.benefit)
                          : read_cost(r, cost, index))) {
      return false;
    }
  }
  return (has_benefit && r->problem->pareto.n_costs > 0) ||
         reader_fail(r, list, CONTRADICTION,
                     "give one goal with \"maximize\" and one to three with \"minimize\"",
                     "a front needs something to gain and something to spare");
}

static bool read_numbers(reader *r, const cJSON *object, pareto_settings *s)
{
  s->population_size = (int)reader_number(object, "population_size");
  s->evaluations_max = (long)reader_number(object, "evaluations_max");
  s->seed = (uint64_t)reader_number_or(object, "seed", (double)s->seed);
  return s->population_size % 2 == 0 ||
         reader_fail(r, json_get(object, "population_size"), OUT_OF_RANGE, "use an even number",
                     "\"population_size\" is %d, but regimens are bred in pairs",
                     s->population_size);
}

bool read_pareto(reader *r)
{
  pareto_settings *s = &r->problem->pareto;
  const cJSON *object = json_get(r->root, "pareto");
  *s = (pareto_settings){.benefit = r->problem->goal,
                         .population_size = PROBLEM_PARETO_POPULATION,
                         .evaluations_max = PROBLEM_PARETO_EVALUATIONS,
                         .seed = r->problem->search.seed};
  if (object == NULL) {
    return true;
  }
  cJSON *goals = cJSON_GetObjectItemCaseSensitive(object, "goals");
  return read_numbers(r, object, s) && (goals == NULL || read_goals(r, goals));
}
