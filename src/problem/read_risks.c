/* Limits over virtual patients: what of the patients a limit bounds, and which of them it counts.
 */
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "problem/reader.h"

const char *const problem_risk_keys[RISK_COUNT] = {
#define X(id, key, low, high, meaning) [RISK_##id] = key,
    PROBLEM_RISKS(X)
#undef X
};

bool limit_is_burden(limit_kind kind)
{
  return strcmp(problem_limit_kinds[kind].objective, "treatment_burden") == 0;
}

static bool has_key(limit_risk risk) { return problem_risk_keys[risk][0] != '\0'; }

/* "probability_max" is the bound of one of them and the risk of the other. */
static bool refuse_both_meanings(reader *r, const cJSON *object, const limit *l)
{
  const cJSON *item = json_get(object, problem_risk_keys[RISK_PROBABILITY]);
  return l->kind != LIMIT_CRS_DRIVE || item == NULL || json_get(object, "grade_at_least") == NULL ||
         reader_fail_key(r, item, CONTRADICTION,
                         "write two limits: one with \"grade_at_least\" and \"probability_max\", "
                         "one with \"max_drive_pg_mL\" and its own \"probability_max\"",
                         "\"probability_max\" could belong to the grade or to the drive");
}

bool read_risk(reader *r, const cJSON *object, limit *l)
{
  const cJSON *said = NULL;
  for (int i = 0; i < RISK_COUNT; i++) {
    const cJSON *item = has_key((limit_risk)i) ? json_get(object, problem_risk_keys[i]) : NULL;
    if (item == NULL) {
      continue;
    }
    if (said != NULL) {
      return reader_fail_key(r, item, CONTRADICTION, "keep one of them, or write two limits",
                             "\"%s\" and \"%s\" both say what of the patients is bounded",
                             said->string, item->string);
    }
    said = item;
    l->risk = (limit_risk)i;
    l->share = item->valuedouble;
  }
  if (l->kind == LIMIT_CRS_PROBABILITY || limit_is_burden(l->kind)) {
    l->risk = RISK_MEAN;
    l->share = 0;
  }
  return refuse_both_meanings(r, object, l);
}

bool read_stratum_of_limit(reader *r, const cJSON *object, limit *l)
{
  const cJSON *item = json_get(object, "stratum");
  l->stratum = item == NULL ? LIMIT_ALL_PATIENTS : LIMIT_STRATUM_IGNORED;
  if (item == NULL || r->problem->reference_patient) {
    return true;
  }
  return read_stratum_name(r, item, &l->stratum) && check_counts_anybody(r, item, l->stratum);
}

/* A largest share beyond a bound is a quantile. */
static double level(const limit *l)
{
  return l->risk == RISK_PROBABILITY ? 1 - l->share : l->share;
}

static bool has_level(const limit *l) { return l->risk != RISK_NONE && l->risk != RISK_MEAN; }

static bool below(double a, double b) { return a < b && !number_same(a, b); }

bool limits_bound_apart(const limit *a, const limit *b)
{
  if (a->stratum != b->stratum || a->stratum == LIMIT_STRATUM_IGNORED) {
    return true; /* also where it is not known which */
  }
  if (!has_level(a) || !has_level(b)) {
    return false;
  }
  if ((a->risk == RISK_TAIL_MEAN) != (b->risk == RISK_TAIL_MEAN)) {
    return true;
  }
  const limit *tighter = a->bound < b->bound ? a : b;
  const limit *wider = tighter == a ? b : a;
  return below(tighter->bound, wider->bound) && below(level(tighter), level(wider));
}

/* Appends a name, once. */
static void add_name(char *names, size_t size, const char *name)
{
  char quoted[64];
  const size_t used = strlen(names);
  snprintf(quoted, sizeof quoted, "\"%s\"", name);
  if (strstr(names, quoted) == NULL) {
    snprintf(names + used, size - used, "%s%s", used > 0 ? ", " : "", quoted);
  }
}

/* The keys of limits, goal and verification that only patients give a meaning to. */
static void names_without_meaning(const reader *r, char *names, size_t size)
{
  const stepdose_problem *p = r->problem;
  for (int i = 0; i < p->n_limits; i++) {
    if (has_level(&p->limits[i])) {
      add_name(names, size, problem_risk_keys[p->limits[i].risk]);
    }
    if (p->limits[i].stratum == LIMIT_STRATUM_IGNORED) {
      add_name(names, size, "stratum");
    }
  }
  if (p->goal.statistic != STATISTIC_MEAN) {
    add_name(names, size, "statistic");
  }
  if (json_get(r->root, "verification") != NULL) {
    add_name(names, size, "verification");
  }
}

bool warn_of_one_patient(reader *r)
{
  char names[128] = "";
  if (!r->problem->reference_patient) {
    return true;
  }
  names_without_meaning(r, names, sizeof names);
  return names[0] == '\0' || reader_warn(r,
                                         "the reference patient alone is not a population: his own "
                                         "values are compared and maximized, without %s",
                                         names);
}
