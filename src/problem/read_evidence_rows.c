/* Rows of evidence: what was observed, in whom, and when. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "problem/evidence_reader.h"

const evidence_endpoint_row evidence_endpoints[EVIDENCE_ENDPOINT_COUNT] = {
#define X(id, name, unit, scale, time, output, meaning)                                            \
  {name, unit, meaning, EVIDENCE_##scale, EVIDENCE_##time, output},
    EVIDENCE_ENDPOINTS(X)
#undef X
};

const evidence_statistic_row evidence_statistics[EVIDENCE_STATISTIC_COUNT] = {
#define X(id, name, share, meaning) {name, meaning, share},
    EVIDENCE_STATISTICS(X)
#undef X
};

const char *const evidence_use_names[EVIDENCE_USE_COUNT] = {
#define X(id, name, meaning) name,
    EVIDENCE_USES(X)
#undef X
};

const char *const evidence_bound_names[EVIDENCE_BOUND_COUNT] = {
#define X(id, name, meaning) name,
    EVIDENCE_BOUNDS(X)
#undef X
};

/* --- names ------------------------------------------------------------------------------------ */

static void copy_or(char *to, size_t size, const cJSON *item, const char *missing)
{
  snprintf(to, size, "%s", item != NULL ? item->valuestring : missing);
}

static bool read_case_of_row(evidence_reader *er, const cJSON *object, evidence_row *row)
{
  const evidence *e = er->e;
  const char *names[EVIDENCE_CASES_MAX];
  for (int i = 0; i < e->n_cases; i++) {
    names[i] = e->cases[i].name;
  }
  row->of_case = reader_choose(&er->r, json_get(object, "case"), "case", names, e->n_cases);
  if (row->of_case < 0) {
    return false;
  }
  const evidence_case *c = &e->cases[row->of_case];
  copy_or(row->drug, sizeof row->drug, json_get(object, "drug"), c->problem->molecule_name);
  copy_or(row->group, sizeof row->group, json_get(object, "group"), c->name);
  copy_or(row->source, sizeof row->source, json_get(object, "source"), "");
  return true;
}

/* --- the quantity ----------------------------------------------------------------------------- */

static bool read_endpoint(evidence_reader *er, const cJSON *object, evidence_row *row)
{
  const char *names[EVIDENCE_ENDPOINT_COUNT];
  const cJSON *item = json_get(object, "endpoint");
  const model *m = er->e->cases[row->of_case].problem->model;
  for (int i = 0; i < EVIDENCE_ENDPOINT_COUNT; i++) {
    names[i] = evidence_endpoints[i].name;
  }
  const int found = reader_choose(&er->r, item, "endpoint", names, EVIDENCE_ENDPOINT_COUNT);
  if (found < 0) {
    return false;
  }
  row->endpoint = (evidence_endpoint)found;
  row->scale = evidence_endpoints[found].scale;
  return evidence_endpoints[found].output < m->n_outputs ||
         reader_fail(&er->r, item, CONTRADICTION, "choose a model that has it",
                     "model %s does not give \"%s\"", m->name, item->valuestring);
}

static bool refuse_key(evidence_reader *er, const cJSON *object, const char *key, const char *why)
{
  const cJSON *item = json_get(object, key);
  return item == NULL ||
         reader_fail_key(&er->r, item, CONTRADICTION, "leave it out", "\"%s\" %s", key, why);
}

static bool need_key(evidence_reader *er, const cJSON *object, const char *key, const char *why)
{
  return json_get(object, key) != NULL ||
         json_fail_missing(&er->r.json, object, key, er->r.error, "add it", "\"%s\" %s", key, why);
}

static bool read_grade(evidence_reader *er, const cJSON *object, evidence_row *row)
{
  if (row->endpoint != EVIDENCE_CRS_PROBABILITY) {
    return refuse_key(er, object, "grade_at_least", "belongs to crs_probability");
  }
  row->grade = (int)reader_number_or(object, "grade_at_least", 0);
  return need_key(er, object, "grade_at_least", "is needed with crs_probability");
}

static bool read_window(evidence_reader *er, const cJSON *object, evidence_row *row)
{
  const evidence_case *c = &er->e->cases[row->of_case];
  const int doses = schedule_engager_doses(&c->doses);
  row->window = (int)reader_number_or(object, "window", 0);
  return (refuse_key(er, object, "day", "belongs to endpoints on a day") &&
          refuse_key(er, object, "to_day", "belongs to means over days")) &&
         (row->window <= doses ||
          reader_fail(&er->r, json_get(object, "window"), OUT_OF_RANGE,
                      "name a dose that the case has",
                      "the case \"%.64s\" has %d doses before its horizon", c->name, doses));
}

static bool check_day(evidence_reader *er, const cJSON *item)
{
  const double horizon = er->e->cases[er->e->rows[er->e->n_rows].of_case].problem->horizon_days;
  return item->valuedouble <= horizon ||
         reader_fail(&er->r, item, OUT_OF_RANGE, "choose a day of the case, or a later horizon",
                     "the day is after the horizon of the case, day %g", horizon);
}

static bool read_days(evidence_reader *er, const cJSON *object, evidence_row *row)
{
  const bool range = evidence_endpoints[row->endpoint].time == EVIDENCE_OVER_DAYS;
  const cJSON *day = json_get(object, "day");
  const cJSON *to_day = json_get(object, "to_day");
  if (!refuse_key(er, object, "window", "belongs to endpoints of a dose or the course") ||
      !need_key(er, object, "day", "is needed with this endpoint") ||
      !(range ? need_key(er, object, "to_day", "is needed with this endpoint")
              : refuse_key(er, object, "to_day", "belongs to means over days")) ||
      !check_day(er, range ? to_day : day)) {
    return false;
  }
  row->day = day->valuedouble;
  row->to_day = range ? to_day->valuedouble : row->day;
  return !range || row->to_day > row->day ||
         reader_fail(&er->r, to_day, EMPTY_RANGE, "choose a day after \"day\"",
                     "no days lie between \"day\" and \"to_day\"");
}

static bool read_time(evidence_reader *er, const cJSON *object, evidence_row *row)
{
  return evidence_endpoints[row->endpoint].time == EVIDENCE_IN_WINDOW ? read_window(er, object, row)
                                                                      : read_days(er, object, row);
}

static bool check_statistic(evidence_reader *er, const cJSON *item, const evidence_row *row)
{
  const evidence_case *c = &er->e->cases[row->of_case];
  if (row->statistic != EVIDENCE_REFERENCE && c->problem->reference_patient) {
    return reader_fail(&er->r, item, CONTRADICTION,
                       "use \"reference\", or ask for virtual patients in the case",
                       "the case \"%.64s\" has one patient", c->name);
  }
  return row->endpoint != EVIDENCE_RESPONSE || isnan(evidence_statistics[row->statistic].share) ||
         reader_fail(&er->r, item, CONTRADICTION, "use \"mean\"",
                     "a patient responds or not: the %s of that is 0 or 1", item->valuestring);
}

static bool read_statistic(evidence_reader *er, const cJSON *object, evidence_row *row)
{
  const char *names[EVIDENCE_STATISTIC_COUNT];
  const cJSON *item = json_get(object, "statistic");
  for (int i = 0; i < EVIDENCE_STATISTIC_COUNT; i++) {
    names[i] = evidence_statistics[i].name;
  }
  const int found = reader_choose(&er->r, item, "statistic", names, EVIDENCE_STATISTIC_COUNT);
  row->statistic = (evidence_statistic)found;
  return found >= 0 && check_statistic(er, item, row);
}

bool evidence_is_ratio(const cJSON *object)
{
  return json_get(object, "of") != NULL || json_get(object, "of_window") != NULL;
}

/* --- what was seen ---------------------------------------------------------------------------- */

static bool check_unit(evidence_reader *er, const cJSON *object, const evidence_row *row)
{
  const bool ratio = evidence_is_ratio(object);
  const char *unit = ratio ? "1" : evidence_endpoints[row->endpoint].unit;
  const cJSON *item = json_get(object, "unit");
  char remedy[64];
  snprintf(remedy, sizeof remedy, "convert the number and write \"%s\"", unit);
  return strcmp(item->valuestring, unit) == 0 ||
         reader_fail(&er->r, item, UNITS_MISMATCH, remedy, "%s is in \"%s\", not in \"%.32s\"",
                     ratio ? "a ratio" : evidence_endpoints[row->endpoint].name, unit,
                     item->valuestring);
}

static bool read_words(evidence_reader *er, const cJSON *object, evidence_row *row)
{
  const int use =
      reader_choose(&er->r, json_get(object, "use"), "use", evidence_use_names, EVIDENCE_USE_COUNT);
  const int bound = use < 0 ? -1
                            : reader_choose(&er->r, json_get(object, "bound"), "bound",
                                            evidence_bound_names, EVIDENCE_BOUND_COUNT);
  row->use = (evidence_use)use;
  row->bound = (evidence_bound)bound;
  return bound >= 0;
}

static bool read_observed(evidence_reader *er, const cJSON *object, evidence_row *row)
{
  const cJSON *item = json_get(object, "observed");
  const cJSON *asked = json_get(object, "asked_within");
  if (evidence_is_ratio(object)) {
    row->scale = EVIDENCE_LOG10;
  }
  row->observed = item->valuedouble;
  row->asked = NAN;
  if (row->scale == EVIDENCE_LOG10 && row->observed <= 0) {
    return reader_fail(&er->r, item, OUT_OF_RANGE, "a positive number is needed",
                       "\"observed\" has no logarithm");
  }
  if (asked == NULL) {
    return true;
  }
  row->asked = row->scale == EVIDENCE_LOG10 ? log10(asked->valuedouble) : asked->valuedouble;
  return row->asked >= 0 ||
         reader_fail(&er->r, asked, OUT_OF_RANGE, "a factor of at least 1 is needed",
                     "no number lies within this factor of another");
}

bool read_evidence_row(evidence_reader *er, const cJSON *object)
{
  evidence_row *row = &er->e->rows[er->e->n_rows];
  row->of = row->of_other_case = -1;
  if (!evidence_name_is_free(er, json_get(object, "name"), "row", er->e->rows,
                             sizeof er->e->rows[0], er->e->n_rows)) {
    return false;
  }
  snprintf(row->name, sizeof row->name, "%s", reader_string(object, "name"));
  const bool done = read_case_of_row(er, object, row) && read_endpoint(er, object, row) &&
                    read_grade(er, object, row) && read_time(er, object, row) &&
                    read_statistic(er, object, row) && read_words(er, object, row) &&
                    check_unit(er, object, row) && read_observed(er, object, row) &&
                    read_evidence_scatter(er, object, row);
  er->e->n_rows += done;
  return done;
}

/* --- ratios ----------------------------------------------------------------------------------- */

bool evidence_divisor(const evidence *e, const evidence_row *row, evidence_row *below)
{
  if (row->of < 0 && row->of_other_case < 0) {
    return false;
  }
  *below = row->of >= 0 ? e->rows[row->of] : *row;
  if (row->of < 0) {
    below->of_case = row->of_other_case;
    below->window = row->of_window > 0 ? row->of_window : row->window;
  }
  below->of = below->of_other_case = -1;
  return true;
}

static bool check_rows(evidence_reader *er, const cJSON *item, const evidence_row *row)
{
  const evidence_row *other = &er->e->rows[row->of];
  const char *unit = evidence_endpoints[row->endpoint].unit;
  if (other == row || other->of >= 0 || other->of_other_case >= 0) {
    return reader_fail(&er->r, item, CONTRADICTION, "name a row without \"of\", or a case",
                       "\"%.64s\" is itself a ratio", other->name);
  }
  return strcmp(unit, evidence_endpoints[other->endpoint].unit) == 0 ||
         reader_fail(&er->r, item, UNITS_MISMATCH, "compare quantities of one unit",
                     "\"%.64s\" is in \"%s\", this row in \"%s\"", other->name,
                     evidence_endpoints[other->endpoint].unit, unit);
}

static bool check_of_window(evidence_reader *er, const cJSON *object, const evidence_row *row)
{
  const cJSON *item = json_get(object, "of_window");
  return item == NULL || (row->of < 0 && row->window > 0) ||
         reader_fail_key(&er->r, item, CONTRADICTION,
                         "give \"window\", and in \"of\" nothing or a case",
                         "there is no dose to compare \"of_window\" with");
}

/* The other case must have the same quantity. */
static bool check_case(evidence_reader *er, const cJSON *object, const evidence_row *row)
{
  const cJSON *item = json_get(object, row->of_window > 0 ? "of_window" : "of");
  const evidence_case *c = &er->e->cases[row->of_other_case];
  const stepdose_problem *p = c->problem;
  evidence_row below = *row;
  const bool same =
      !evidence_divisor(er->e, row, &below) ||
      (below.window <= schedule_engager_doses(&c->doses) && below.to_day <= p->horizon_days &&
       evidence_endpoints[below.endpoint].output < p->model->n_outputs &&
       (below.statistic == EVIDENCE_REFERENCE || !p->reference_patient));
  return same || reader_fail(&er->r, item, CONTRADICTION,
                             "name a case with this dose, day, output and patients",
                             "the case \"%.64s\" does not have what is compared", c->name);
}

static bool check_ratio(evidence_reader *er, const cJSON *object, const evidence_row *row)
{
  return check_of_window(er, object, row) &&
         (row->of < 0 || check_rows(er, json_get(object, "of"), row)) &&
         (row->of_other_case < 0 || check_case(er, object, row));
}

static int find_row(const evidence *e, const char *name)
{
  for (int i = 0; i < e->n_rows; i++) {
    if (strcmp(e->rows[i].name, name) == 0) {
      return i;
    }
  }
  return -1;
}

static bool read_ratio(evidence_reader *er, const cJSON *object, evidence_row *row)
{
  const evidence *e = er->e;
  const char *names[EVIDENCE_CASES_MAX];
  const cJSON *of = json_get(object, "of");
  row->of_window = (int)reader_number_or(object, "of_window", 0);
  if (of == NULL) {
    row->of_other_case = row->of_case;
    return true;
  }
  row->of = find_row(e, of->valuestring);
  if (row->of >= 0) {
    return true;
  }
  for (int i = 0; i < e->n_cases; i++) {
    names[i] = e->cases[i].name;
  }
  row->of_other_case = reader_choose(&er->r, of, "row or case", names, e->n_cases);
  return row->of_other_case >= 0;
}

/* Which rows are ratios must be known before any of them is checked. */
bool read_evidence_ratios(evidence_reader *er, const cJSON *list)
{
  evidence_row *row = er->e->rows;
  for (const cJSON *object = list->child; object != NULL; object = object->next, row++) {
    if (evidence_is_ratio(object) && !read_ratio(er, object, row)) {
      return false;
    }
  }
  row = er->e->rows;
  for (const cJSON *object = list->child; object != NULL; object = object->next, row++) {
    if (!check_ratio(er, object, row)) {
      return false;
    }
  }
  return true;
}
