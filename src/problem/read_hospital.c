/* Stays in hospital: after which doses, and for how long. */
#include <math.h>
#include <stdio.h>

#include "problem/reader.h"

static bool read_stay(reader *r, const cJSON *object, hospital_stay *stay)
{
  static const char *const names[STAY_AFTER_COUNT] = {
#define X(id, name, meaning) name,
      SCHEDULE_STAYS_AFTER(X)
#undef X
  };
  const cJSON *after = json_get(object, "after_doses");
  const int found = reader_choose(r, after, "group of doses", names, STAY_AFTER_COUNT);
  *stay = (hospital_stay){.after = (stay_after)(found < 0 ? 0 : found),
                          .hours = reader_number(object, "hours")};
  return found >= 0;
}

bool read_hospital(reader *r)
{
  hospital_rule *rule = &r->problem->request.hospital;
  const cJSON *item = json_get(r->root, "hospital");
  if (item == NULL || cJSON_IsObject(item)) {
    return item == NULL || read_stay(r, item, &rule->stay[rule->n_stays++]);
  }
  for (const cJSON *object = item->child; object != NULL; object = object->next) {
    if (!read_stay(r, object, &rule->stay[rule->n_stays++])) {
      return false;
    }
  }
  return true;
}

bool need_hospital(reader *r)
{
  if (r->problem->request.hospital.n_stays > 0) {
    return true;
  }
  if (!reader_add(r, r->root, "hospital", "{}", "default") ||
      !reader_check(r, cJSON_GetObjectItemCaseSensitive(r->root, "hospital"), OBJECT_STAY) ||
      !read_hospital(r)) {
    return false;
  }
  return reader_warn(r,
                     "days in hospital are counted by a convention of labels (teclistamab): %g h "
                     "after each dose up to the first target dose; say \"hospital\" for another",
                     r->problem->request.hospital.stay[0].hours);
}

/* Every regimen has a dose, but perhaps none before its first target dose. */
double least_hospital_days(const hospital_rule *rule)
{
  double hours = 0;
  for (int i = 0; i < rule->n_stays; i++) {
    const bool certain = rule->stay[i].after != STAY_AFTER_BEFORE_TARGET;
    hours = certain ? fmax(hours, rule->stay[i].hours) : hours;
  }
  return hours / 24;
}
