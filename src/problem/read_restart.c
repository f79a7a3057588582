/* How rules after a missed or delayed dose are judged: see restart_description.h. */
#include <string.h>

#include "problem/reader.h"

const restart_measure_row restart_measures[RESTART_MEASURE_COUNT] = {
#define X(id, name, unit, drive, probability, meaning) {name, unit, meaning, drive, probability},
    RESTART_MEASURES(X)
#undef X
};

static bool has_drive(const stepdose_problem *p) { return p->model->n_outputs > OUTPUT_CRS_DRIVE; }

static bool read_measure(reader *r, const cJSON *item)
{
  static const char *const names[] = {
#define X(id, name, unit, drive, probability, meaning) name,
      RESTART_MEASURES(X)
#undef X
  };
  restart_settings *s = &r->problem->restart;
  s->judged_by = has_drive(r->problem) ? RESTART_CRS_GRADE2 : RESTART_IL6;
  if (strcmp(item->valuestring, "auto") == 0) {
    return true;
  }
  const int chosen =
      reader_choose(r, item, "measure of a restart rule", names, RESTART_MEASURE_COUNT);
  s->judged_by = chosen >= 0 ? (restart_measure)chosen : s->judged_by;
  if (chosen >= 0 && restart_measures[chosen].needs_drive && !has_drive(r->problem)) {
    return reader_fail(r, item, CONTRADICTION, "judge by il6_peak, or choose another model",
                       "the model \"%s\" has no CRS drive", r->problem->model->name);
  }
  return chosen >= 0;
}

static bool read_section(reader *r, const cJSON *object)
{
  restart_settings *s = &r->problem->restart;
  s->gap_days_max = (int)reader_number(object, "gap_days_max");
  s->gap_days_step = (int)reader_number(object, "gap_days_step");
  s->doses_max = (int)reader_number(object, "doses_max");
  s->tolerance_percent = reader_number(object, "tolerance_percent");
  return read_measure(r, json_get(object, "judged_by"));
}

/* A problem without the section is as one with an empty section. */
bool read_restart(reader *r)
{
  const cJSON *given = json_get(r->root, "restart");
  if (given != NULL) {
    return read_section(r, given);
  }
  cJSON *empty = cJSON_CreateObject();
  if (empty == NULL) {
    return error_no_memory(r->error, "reading the problem");
  }
  const bool done = reader_check(r, empty, OBJECT_RESTART) && read_section(r, empty);
  cJSON_Delete(empty);
  return done;
}
