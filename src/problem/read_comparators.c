/* Regimens that are shown beside the answer: those of the molecule, then those of the problem. */
#include <stdio.h>

#include "problem/reader.h"

static bool read_dose(reader *r, const cJSON *object, schedule *doses)
{
  dose *d = &doses->doses[doses->n_doses];
  double infusion_h = 0;
  if (!read_route(r, json_get(object, "route"), &d->route) ||
      !check_dose_key(r, object, d->route) || !read_infusion(r, object, d->route, &infusion_h)) {
    return false;
  }
  d->day = reader_number(object, "day");
  d->amount = reader_number(object, route_key(d->route));
  d->duration_days = infusion_h / 24;
  if (doses->n_doses > 0 && d->day <= d[-1].day) {
    return reader_fail(r, json_get(object, "day"), STEPS_OUT_OF_ORDER, "order the doses by day",
                       "the day is not later than that of the dose before it");
  }
  doses->n_doses++;
  return true;
}

static bool check_until(reader *r, const cJSON *object, const schedule *doses, double *until)
{
  const cJSON *item = json_get(object, "until_day");
  const dose *last = &doses->doses[doses->n_doses - 1];
  *until = r->problem->horizon_days;
  if (item == NULL) {
    return true;
  }
  if (last->route != ROUTE_CIV) {
    return reader_fail_key(r, item, CONTRADICTION, "leave it out",
                           "\"until_day\" ends a continuous infusion, but the last dose is none");
  }
  if (item->valuedouble <= last->day) {
    return reader_fail(r, item, STEPS_OUT_OF_ORDER, "a day after the last dose is needed",
                       "the infusion ends before its last rate begins");
  }
  *until = item->valuedouble < *until ? item->valuedouble : *until;
  return true;
}

/* Its own premedication, or that of the problem. */
static bool add_premedication(reader *r, const cJSON *object, schedule *doses)
{
  const stepdose_problem *p = r->problem;
  cJSON *own = cJSON_GetObjectItemCaseSensitive(object, "premedication");
  premedication list[PROBLEM_PREMEDICATION_MAX];
  const premedication *given = own != NULL ? list : p->regimen.premedication;
  int n = p->regimen.n_premedication;
  if (own != NULL && !read_premedication(r, own, list, &n)) {
    return false;
  }
  return problem_premedicate(given, n, problem_steps_end(doses), p->horizon_days, doses) ||
         reader_fail(r, object, OUT_OF_RANGE, "give fewer doses, or less premedication",
                     "with premedication the comparator has too many doses");
}

static bool read_comparator(reader *r, const cJSON *object)
{
  stepdose_problem *p = r->problem;
  double until = 0;
  if (p->n_comparators == PROBLEM_COMPARATORS_MAX) {
    return reader_fail(r, object, OUT_OF_RANGE,
                       "at most 8 comparators are allowed, with those of the molecule",
                       "there are too many comparators");
  }
  comparator *c = &p->comparators[p->n_comparators];
  snprintf(c->name, sizeof c->name, "%s", reader_string(object, "name"));
  snprintf(c->source, sizeof c->source, "%s", reader_string(object, "source"));
  c->approved = reader_flag(object, "approved");
  for (const cJSON *item = json_get(object, "doses")->child; item != NULL; item = item->next) {
    if (!read_dose(r, item, &c->doses)) {
      return false;
    }
  }
  if (!check_until(r, object, &c->doses, &until)) {
    return false;
  }
  schedule_close(&c->doses, until);
  if (c->doses.n_doses == 0) {
    return reader_warn(r, "comparator \"%.80s\" has no dose before the horizon and is left out",
                       c->name);
  }
  p->n_comparators++;
  return add_premedication(r, object, &c->doses);
}

bool read_comparators(reader *r)
{
  const cJSON *lists[] = {json_get(json_get(r->root, "molecule"), "comparators"),
                          json_get(r->root, "comparators")};
  for (int i = 0; i < 2; i++) {
    const cJSON *item = lists[i] != NULL ? lists[i]->child : NULL;
    for (; item != NULL; item = item->next) {
      if (!read_comparator(r, item)) {
        return false;
      }
    }
  }
  return true;
}
