/* Which rule holds after a gap, and up to which gap: see restart.h. */
#include "study/restart.h"

#include <math.h>

const restart_rule_row restart_rules[RESTART_RULE_COUNT] = {
#define X(id, name, meaning) {name, meaning},
    RESTART_RULES(X)
#undef X
};

/* Written so that what is no number does not hold. */
static bool risk_holds(const restart_settings *s, double planned, double found)
{
  const double more = s->tolerance_percent / 100;
  const bool probability = restart_measures[s->judged_by].probability;
  return found <= (probability ? planned + more : planned * (1 + more));
}

static bool drug_holds(double tolerance_percent, double left, double needed)
{
  return left >= needed * (1 - tolerance_percent / 100);
}

void restart_judge(const restart_settings *settings, restart_gap *gap)
{
  const restart_measure m = settings->judged_by;
  gap->by_risk = gap->by_drug = RESTART_RULE_COUNT;
  for (int r = RESTART_RULE_COUNT - 1; r >= 0; r--) {
    restart_outcome *o = &gap->rule[r];
    o->risk_holds = risk_holds(settings, gap->planned[m], o->risk[m].largest);
    o->drug_holds = drug_holds(settings->tolerance_percent, gap->drug_left, o->drug_needed);
    gap->by_risk = o->risk_holds ? r : gap->by_risk;
    gap->by_drug = o->drug_holds ? r : gap->by_drug;
  }
}

/* The longest gap up to which a rule not more disruptive than r holds: its index, or -1. */
static int last_that_holds(const restart_dose *after, int r)
{
  int i = 0;
  while (i < after->n_gaps && after->gap[i].by_risk <= r) {
    i++;
  }
  return i - 1;
}

void restart_find_window(restart_dose *after)
{
  for (int r = 0; r < RESTART_RULE_COUNT; r++) {
    const int last = last_that_holds(after, r);
    after->by_risk.until[r] = last >= 0 ? after->gap[last].days : (double)NAN;
  }
}

double restart_open_day(const restart_dose *after)
{
  for (int r = 0; r < RESTART_RULE_COUNT; r++) {
    const int last = last_that_holds(after, r);
    if (last >= 0 && last + 1 < after->n_gaps) {
      const double next = floor(after->gap[last].days) + 1;
      if (next < after->gap[last + 1].days) {
        return next;
      }
    }
  }
  return NAN;
}

void restart_drug_window(double tolerance_percent, double interval, int n, const double *left,
                         const double *needed, restart_window *window)
{
  const int first = (int)ceil(interval);
  for (int r = 0; r < RESTART_RULE_COUNT; r++) {
    int day = first;
    bool holds = true;
    while (holds && day < n) {
      holds = false;
      for (int rule = 0; rule <= r; rule++) {
        holds = holds || drug_holds(tolerance_percent, left[day], needed[rule]);
      }
      day += holds;
    }
    window->until[r] = day > first ? day - 1 : (double)NAN;
  }
}
