/* The summary of rules after a missed or delayed dose: windows as labels state them, and what
 * happens at their ends. */
#include "base/number.h"
#include "report/columns.h"
#include "report/report.h"
#include "report/words.h"

#include <math.h>
#include <stdio.h>

enum { INDENT = 2 };

static const char *const measure_words[RESTART_MEASURE_COUNT] = {
    [RESTART_CRS_GRADE1] = "CRS of any grade (%)",
    [RESTART_CRS_GRADE2] = "CRS of grade 2 or higher (%)",
    [RESTART_DRIVE] = "rise of the CRS signal (pg/mL)",
    [RESTART_IL6] = "IL-6 peak (pg/mL)",
};

static const char *const rule_words[RESTART_RULE_COUNT] = {
    [RULE_CONTINUE] = "continue",
    [RULE_REPEAT] = "repeat",
    [RULE_STEP_BACK] = "step back",
    [RULE_RESTART] = "restart",
};

/* As a person reads it: probabilities in percent. */
static double shown(const study_restart *r, double value)
{
  return restart_measures[r->problem->restart.judged_by].probability ? 100 * value : value;
}

/* --- windows ---------------------------------------------------------------------------------- */

static void add_last_dose(columns *t, const study_restart *r, const restart_dose *d)
{
  char amount[NUMBER_TEXT_SIZE];
  number_format_rounded(d->amount, 4, amount);
  columns_add(t, "%d: %s %s", d->number, amount,
              route_unit(r->schedule.engager[d->number - 1].route));
}

/* "-" where a less disruptive rule reaches as far. */
static void add_until(columns *t, const study_restart *r, const restart_window *window, int rule)
{
  const double until = window->until[rule];
  const double before = rule > 0 ? window->until[rule - 1] : (double)NAN;
  if (isnan(until) || until <= before) {
    columns_add(t, "-");
  } else {
    columns_add(t, "%g%s", until, until >= r->problem->restart.gap_days_max ? "+" : "");
  }
}

static void write_windows(const study_restart *r, bool by_drug, text *out)
{
  columns *t = columns_open();
  columns_row(t);
  columns_add(t, "last dose given");
  columns_add(t, "next due after");
  for (int rule = 0; rule < RESTART_RULE_COUNT; rule++) {
    columns_add(t, "%s to", rule_words[rule]);
  }
  for (int i = 0; i < r->n_doses; i++) {
    const restart_dose *d = &r->dose[i];
    columns_row(t);
    add_last_dose(t, r, d);
    columns_add_number(t, d->interval, 4);
    for (int rule = 0; rule < RESTART_RULE_COUNT; rule++) {
      add_until(t, r, by_drug ? &d->by_drug : &d->by_risk, rule);
    }
  }
  columns_print(t, INDENT, out);
  columns_free(t);
  text_append(out, "\n");
}

/* --- what happens at their ends --------------------------------------------------------------- */

/* Where no rule holds, the most careful one is shown. */
static void gap_row(columns *t, const study_restart *r, const restart_dose *d,
                    const restart_gap *gap)
{
  const bool none = gap->by_risk == RESTART_RULE_COUNT;
  const int rule = none ? RULE_RESTART : gap->by_risk;
  const int m = (int)r->problem->restart.judged_by;
  columns_row(t);
  add_last_dose(t, r, d);
  columns_add_number(t, gap->days, 4);
  columns_add(t, "%s", none ? "none" : rule_words[rule]);
  columns_add_number(t, shown(r, gap->rule[rule].risk[m].resumed), 3);
  columns_add_number(t, shown(r, gap->rule[rule].risk[m].largest), 3);
  columns_add_number(t, shown(r, gap->planned[m]), 3);
  columns_add_number(t, gap->rule[rule].kill_lost, 3);
  columns_add(t, "%d of %d", gap->progressed, gap->counted);
}

static bool tells_something(const restart_dose *d, int g)
{
  const bool last = g + 1 == d->n_gaps;
  return g == 0 || last || d->gap[g].by_risk != d->gap[g - 1].by_risk ||
         d->gap[g].by_risk != d->gap[g + 1].by_risk;
}

static void write_ends(const study_restart *r, text *out)
{
  columns *t = columns_open();
  columns_row(t);
  columns_add(t, "last dose given");
  columns_add(t, "gap");
  columns_add(t, "rule");
  columns_add(t, "resumed");
  columns_add(t, "largest");
  columns_add(t, "as planned");
  columns_add(t, "kill lost");
  columns_add(t, "progressed");
  for (int i = 0; i < r->n_doses; i++) {
    for (int g = 0; g < r->dose[i].n_gaps; g++) {
      if (tells_something(&r->dose[i], g)) {
        gap_row(t, r, &r->dose[i], &r->dose[i].gap[g]);
      }
    }
  }
  columns_print(t, INDENT, out);
  columns_free(t);
  text_append(out, "\n");
}

/* --- the whole -------------------------------------------------------------------------------- */

static void write_rules(text *out)
{
  for (int rule = 0; rule < RESTART_RULE_COUNT; rule++) {
    words_line(out, rule == 0 ? "Rules" : "", "%s: %s", rule_words[rule],
               restart_rules[rule].meaning);
  }
}

static void write_criterion(const study_restart *r, text *out)
{
  const restart_settings *s = &r->problem->restart;
  const bool points = restart_measures[s->judged_by].probability;
  words_line(out, "Criterion",
             "after no dose from the resumed one on more %s than after the worst dose of the "
             "uninterrupted schedule, plus %g %s",
             measure_words[s->judged_by], s->tolerance_percent, points ? "points" : "%");
  words_line(out, "Patients",
             "%d plausible; those whose tumour has progressed before the last dose do not count",
             r->n_included);
}

void summary_restart(const report_run *run, const study_simulation *s, text *out)
{
  const study_restart *r = run->restart;
  const int m = (int)r->problem->restart.judged_by;
  summary_question(run->problem, out);
  words_line(out, "Result", "%s: rules after a missed or delayed dose of %s",
             stepdose_status_name(run->status), s->regimen_name);
  write_rules(out);
  write_criterion(r, out);
  text_append(out, "\nDays since the last dose up to which a rule will do, by risk\n");
  write_windows(r, false, out);
  text_append(out, "The same by the drug left: at least what is there as planned before as large a "
                   "dose\n");
  write_windows(r, true, out);
  text_append(out, "At the ends of the windows by risk: %s\n", measure_words[m]);
  write_ends(r, out);
  text_append(out, "  resumed: after the resumed dose; largest: after any from there on; as "
                   "planned: the worst dose\n  of the uninterrupted schedule; kill lost: log10, "
                   "time average;\n  progressed: during the gap, of the patients who count (all "
                   "rules and gaps: restart.csv)\n\n");
  if (run->patients != NULL) {
    summary_onsets(&run->patients->outcome[0], out);
  }
  summary_warnings(run->problem, out);
  summary_end(out);
}
