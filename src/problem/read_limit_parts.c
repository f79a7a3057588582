/* What a limit says besides its bound and window: grade, tissue, site, share. */
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "problem/reader.h"

static double coefficient(const model *m, const double *parameters, const char *name)
{
  int index = model_parameter_index(m, name);
  return index < 0 ? 0 : parameters[index];
}

int problem_crs_intercept(const model *m, int grade)
{
  char name[32];
  snprintf(name, sizeof name, "crs_intercept_grade%d", grade);
  return model_parameter_index(m, name);
}

void problem_crs_coefficients(const model *m, const double *parameters, crs_coefficients *c)
{
  for (int g = 0; g < PROBLEM_GRADES; g++) {
    const int index = problem_crs_intercept(m, g + 1);
    const double own = index < 0 ? 0 : parameters[index];
    c->intercept[g] = g > 0 && c->intercept[g - 1] < own ? c->intercept[g - 1] : own;
  }
  c->slope = coefficient(m, parameters, "crs_slope_per_decade");
  c->patient_sd = coefficient(m, parameters, "crs_patient_sd_decades");
}

static bool read_probability(reader *r, const cJSON *object, limit *l)
{
  const cJSON *grade = json_get(object, "grade_at_least");
  if (grade == NULL) {
    return json_fail_missing(&r->json, object, "grade_at_least", r->error,
                             "add the grade, 1 to 4, that the probability is about",
                             "\"probability_max\" needs \"grade_at_least\"");
  }
  if (l->window == WINDOW_DAYS) {
    return reader_fail(r, json_get(object, "window"), CONTRADICTION,
                       "use a window of doses or the course, or limit \"max_drive_pg_mL\"",
                       "a probability belongs to doses, not to a range of days");
  }
  l->grade = (int)grade->valuedouble;
  problem_crs_coefficients(r->problem->model, r->problem->parameters, &l->crs);
  return true;
}

static bool find_tissue(reader *r, const cJSON *item, int *found)
{
  const stepdose_problem *p = r->problem;
  const char *names[MODEL_TISSUES_MAX + 1] = {"any"};
  for (int k = 0; k < p->n_tissues; k++) {
    names[k + 1] = p->tissue[k];
    if (strcmp(p->tissue[k], item->valuestring) == 0) {
      *found = k;
      return true;
    }
  }
  *found = -1;
  return strcmp(item->valuestring, "any") == 0 ||
         reader_unknown(r, item, "tissue", names, (size_t)p->n_tissues + 1);
}

/* Health that must not be undercut, from a grade. */
static bool health_of_grade(reader *r, const cJSON *object, limit *l)
{
  const stepdose_problem *p = r->problem;
  const cJSON *grade = json_get(object, "grade_at_least");
  if (grade == NULL) {
    return true;
  }
  if (json_get(object, "health_min") != NULL) {
    return reader_fail_key(r, grade, CONTRADICTION, "keep one of them",
                           "\"health_min\" and \"grade_at_least\" bound the same");
  }
  l->grade = (int)grade->valuedouble;
  l->bound = p->health_grades[l->grade - 1];
  if (health_grades_assumed(p)) {
    return reader_warn(r,
                       "grades of damage to normal tissue are counted by assumed thresholds of "
                       "health: %g, %g, %g, %g",
                       p->health_grades[0], p->health_grades[1], p->health_grades[2],
                       p->health_grades[3]);
  }
  return true;
}

/* One limit for each tissue that is meant. */
static bool read_damage(reader *r, cJSON *object, limit l, limit *limits, int *n)
{
  const stepdose_problem *p = r->problem;
  int tissue = -1;
  if (p->n_tissues == 0) {
    return reader_fail(r, json_get(object, "objective"), CONTRADICTION,
                       "leave it out, or name \"tissues\" in the indication",
                       "the indication names no normal tissue");
  }
  if ((json_get(object, "tissue") == NULL &&
       !reader_add(r, object, "tissue", "\"any\"", "default")) ||
      !find_tissue(r, json_get(object, "tissue"), &tissue) || !health_of_grade(r, object, &l)) {
    return false;
  }
  l.bound = 1 - l.bound; /* damage */
  for (int k = 0; k < p->n_tissues; k++) {
    if (tissue < 0 || tissue == k) {
      limits[*n] = l;
      limits[*n].place = k;
      snprintf(limits[*n].place_name, sizeof limits[*n].place_name, "%s", p->tissue[k]);
      *n += 1;
    }
  }
  return true;
}

static bool read_site(reader *r, const cJSON *object, limit *l)
{
  const stepdose_problem *p = r->problem;
  const char *names[PROBLEM_SITE_TISSUE + MODEL_TISSUES_MAX] = {
#define X(id, name) name,
      PROBLEM_SITES(X)
#undef X
  };
  const cJSON *item = json_get(object, "site");
  int n = PROBLEM_SITE_TISSUE + p->n_tissues;
  for (int k = 0; k < p->n_tissues; k++) {
    names[PROBLEM_SITE_TISSUE + k] = p->tissue[k];
  }
  if (item == NULL) {
    return json_fail_missing(&r->json, object, "site", r->error,
                             "add \"site\": blood, lymphoid, tumor or a tissue of the indication",
                             "it is not told where activated T cells are counted");
  }
  for (int i = 0; i < n; i++) {
    if (strcmp(names[i], item->valuestring) == 0) {
      l->place = i;
      snprintf(l->place_name, sizeof l->place_name, "%s", names[i]);
      return true;
    }
  }
  return reader_unknown(r, item, "site", names, (size_t)n);
}

/* Days are counted above one share only: the request has one. */
static bool read_above(reader *r, cJSON *object, limit *l)
{
  stepdose_problem *p = r->problem;
  char text_of_default[NUMBER_TEXT_SIZE];
  number_format(ENDPOINT_ACTIVATED_ABOVE, text_of_default);
  if (json_get(object, "above") == NULL &&
      !reader_add(r, object, "above", text_of_default, "default")) {
    return false;
  }
  const cJSON *item = json_get(object, "above");
  l->above = item->valuedouble;
  for (int i = 0; i < p->n_limits; i++) {
    const limit *other = &p->limits[i];
    if (other->kind == LIMIT_DAYS_ABOVE && other->above != l->above) {
      return reader_fail(r, item, CONTRADICTION, "use the same share in all limits",
                         "days are already counted above another share by %s", other->pointer);
    }
  }
  p->request.activated_above = l->above;
  return true;
}

bool read_limit_parts(reader *r, cJSON *object, const limit *base, limit limits[MODEL_TISSUES_MAX],
                      int *n)
{
  limit l = *base;
  bool done = true;
  if (l.kind == LIMIT_DAMAGE) {
    return read_damage(r, object, l, limits, n);
  }
  if (l.kind == LIMIT_CRS_PROBABILITY) {
    done = read_probability(r, object, &l);
  } else if (l.kind == LIMIT_ACTIVATED_SITE || l.kind == LIMIT_DAYS_ABOVE) {
    done = read_site(r, object, &l) && (l.kind != LIMIT_DAYS_ABOVE || read_above(r, object, &l));
  }
  limits[(*n)++] = l;
  return done;
}

/* Burdens are the same for all patients. */
#define OF_PATIENTS                                                                                \
  ~((1U << LIMIT_TOTAL_MG) | (1U << LIMIT_VISITS) | (1U << LIMIT_DOSES) |                          \
    (1U << LIMIT_HOSPITAL_DAYS))

/* Keys that belong to some bounds only. */
static const struct {
  const char *key;
  unsigned kinds;
} keys_of_bounds[] = {
    {"grade_at_least", (1U << LIMIT_CRS_PROBABILITY) | (1U << LIMIT_DAMAGE)},
    {"tissue", 1U << LIMIT_DAMAGE},
    {"site", (1U << LIMIT_ACTIVATED_SITE) | (1U << LIMIT_DAYS_ABOVE)},
    {"above", 1U << LIMIT_DAYS_ABOVE},
    {"probability_max", OF_PATIENTS},
    {"quantile", OF_PATIENTS},
    {"cvar", OF_PATIENTS},
    {"stratum", OF_PATIENTS},
};

/* A key of the limit that belongs to none of these kinds; NULL: there is none. */
static const cJSON *foreign_key(const cJSON *object, unsigned kinds)
{
  for (size_t i = 0; i < sizeof keys_of_bounds / sizeof keys_of_bounds[0]; i++) {
    const cJSON *item = json_get(object, keys_of_bounds[i].key);
    if (item != NULL && (kinds & keys_of_bounds[i].kinds) == 0) {
      return item;
    }
  }
  return NULL;
}

bool limit_takes_keys(const cJSON *object, limit_kind kind)
{
  return foreign_key(object, 1U << kind) == NULL;
}

/* Damage may be bounded by its grade. */
static const char *key_of_bound(const cJSON *object, limit_kind kind)
{
  const char *key = problem_limit_kinds[kind].key;
  return kind == LIMIT_DAMAGE && json_get(object, key) == NULL ? "grade_at_least" : key;
}

/* "course" may stand beside bounds without window: it is what they mean. */
static bool check_window_used(reader *r, const cJSON *object, unsigned kinds)
{
  const cJSON *item = json_get(object, "window");
  bool course =
      cJSON_IsString(item) && strcmp(item->valuestring, problem_window_names[WINDOW_COURSE]) == 0;
  const char *without = NULL;
  bool used = false;
  for (int i = 0; i < LIMIT_KIND_COUNT; i++) {
    if ((kinds & (1U << i)) != 0) {
      used = used || problem_limit_kinds[i].takes_window;
      without = problem_limit_kinds[i].takes_window ? without : key_of_bound(object, (limit_kind)i);
    }
  }
  return item == NULL || without == NULL || (used && course) ||
         reader_fail_key(r, item, UNKNOWN_KEY, "leave it out, or write a limit of its own for it",
                         "\"%s\" of \"%s\" has no \"window\": it counts the whole horizon", without,
                         reader_string(object, "objective"));
}

bool check_limit_keys(reader *r, const cJSON *object, unsigned kinds)
{
  const cJSON *foreign = foreign_key(object, kinds);
  if (foreign != NULL) {
    return reader_fail_key(r, foreign, UNKNOWN_KEY, "leave it out",
                           "\"%s\" does not belong to this limit", foreign->string);
  }
  return check_window_used(r, object, kinds);
}
