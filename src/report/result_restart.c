/* The part of result.json that only rules after a missed dose have; all gaps stand in restart.csv.
 */
#include "report/result_parts.h"

#include <math.h>

static void write_settings(json_writer *w, const restart_settings *s)
{
  json_string(w, "judged_by", restart_measures[s->judged_by].name);
  json_string(w, "judged_by_means", restart_measures[s->judged_by].meaning);
  json_number(w, "tolerance_percent", s->tolerance_percent);
  json_integer(w, "gap_days_max", s->gap_days_max);
  json_number(w, "followed_days_after_first_full_dose", RESTART_FOLLOW_DAYS);
  json_open_array(w, "rules");
  for (int r = 0; r < RESTART_RULE_COUNT; r++) {
    json_open_object(w, NULL);
    json_string(w, "rule", restart_rules[r].name);
    json_string(w, "means", restart_rules[r].meaning);
    json_close_object(w);
  }
  json_close_array(w);
}

/* The longest gap in days up to which each rule, or one less disruptive, holds. */
static void write_window(json_writer *w, const char *key, const restart_window *window)
{
  json_open_object(w, key);
  for (int r = 0; r < RESTART_RULE_COUNT; r++) {
    json_number(w, restart_rules[r].name, window->until[r]);
  }
  json_close_object(w);
}

void write_restart_parts(json_writer *w, const study_restart *r)
{
  json_open_object(w, "restart");
  write_settings(w, &r->problem->restart);
  json_integer(w, "first_full_dose", r->schedule.first_full + 1);
  json_integer(w, "patients", r->n_included);
  json_open_array(w, "windows");
  for (int i = 0; i < r->n_doses; i++) {
    const restart_dose *d = &r->dose[i];
    json_open_object(w, NULL);
    json_integer(w, "last_dose", d->number);
    json_number(w, "day", d->day);
    json_number(w, "amount", d->amount);
    json_number(w, "planned_days", d->interval);
    write_window(w, "until_days_by_risk", &d->by_risk);
    write_window(w, "until_days_by_drug_left", &d->by_drug);
    json_close_object(w);
  }
  json_close_array(w);
  json_close_object(w);
}
