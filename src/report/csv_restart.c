/* restart.csv: one row for each dose, time since it, and rule. */
#include "report/report.h"

#include <math.h>

static void append_truth(text *out, bool value)
{
  text_append(out, ",%s", value ? "TRUE" : "FALSE");
}

static void append_number(text *out, double value)
{
  text_append(out, ",");
  csv_number(out, value);
}

static void append_header(text *out)
{
  text_append(out, "last_dose,last_day,last_amount,gap_days,rule,resumed_dose,same_as,patients,"
                   "progressed_in_gap,left_out,failed");
  for (int m = 0; m < RESTART_MEASURE_COUNT; m++) {
    const char *name = restart_measures[m].name;
    text_append(out, ",%s_resumed,%s_largest,%s_planned", name, name, name);
  }
  text_append(out, ",crs_any_grade1,crs_any_grade1_planned,crs_any_grade2,crs_any_grade2_planned,"
                   "kill_lost_log10,drug_left_ug_mL,drug_needed_ug_mL,holds_by_risk,holds_by_drug,"
                   "recommended_by_risk,recommended_by_drug\n");
}

static void append_risks(const restart_gap *gap, const restart_outcome *o, text *out)
{
  for (int m = 0; m < RESTART_MEASURE_COUNT; m++) {
    append_number(out, o->risk[m].resumed);
    append_number(out, o->risk[m].largest);
    append_number(out, gap->planned[m]);
  }
  for (int g = 0; g < 2; g++) {
    append_number(out, o->any[g]);
    append_number(out, gap->planned_any[g]);
  }
}

static void append_rule(const restart_dose *after, const restart_gap *gap, int rule, text *out)
{
  const restart_outcome *o = &gap->rule[rule];
  text_append(out, "%d", after->number);
  append_number(out, after->day);
  append_number(out, after->amount);
  append_number(out, gap->days);
  text_append(out, ",%s,%d,%s,%d,%d,%d,%d", restart_rules[rule].name, o->from,
              restart_rules[o->same_as].name, gap->counted, gap->progressed, gap->left_out,
              gap->failed);
  append_risks(gap, o, out);
  append_number(out, o->kill_lost);
  append_number(out, gap->drug_left);
  append_number(out, o->drug_needed);
  append_truth(out, o->risk_holds);
  append_truth(out, o->drug_holds);
  append_truth(out, gap->by_risk == rule);
  append_truth(out, gap->by_drug == rule);
  text_append(out, "\n");
}

void csv_restart(const study_restart *r, text *out)
{
  append_header(out);
  for (int i = 0; i < r->n_doses; i++) {
    for (int g = 0; g < r->dose[i].n_gaps; g++) {
      for (int rule = 0; rule < RESTART_RULE_COUNT; rule++) {
        append_rule(&r->dose[i], &r->dose[i].gap[g], rule, out);
      }
    }
  }
}
