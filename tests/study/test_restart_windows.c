/* Which rule holds, and up to which gap: on gaps whose answer is known. */
#include "study/restart_fixtures.h"

#include <math.h>

static const restart_settings by_probability = {.gap_days_max = 100,
                                                .gap_days_step = 7,
                                                .tolerance_percent = 1,
                                                .judged_by = RESTART_CRS_GRADE2};

/* One gap with the same numbers for all measures. */
static restart_gap gap_with(double planned, const double risk[RESTART_RULE_COUNT], double left,
                            const double needed[RESTART_RULE_COUNT])
{
  restart_gap gap = {.drug_left = left};
  for (int m = 0; m < RESTART_MEASURE_COUNT; m++) {
    gap.planned[m] = planned;
  }
  for (int r = 0; r < RESTART_RULE_COUNT; r++) {
    gap.rule[r].drug_needed = needed[r];
    for (int m = 0; m < RESTART_MEASURE_COUNT; m++) {
      gap.rule[r].risk[m] = (restart_risk){0, risk[r]};
    }
  }
  return gap;
}

Test(restart_windows, the_least_disruptive_rule_that_holds_is_chosen)
{
  static const double needed[RESTART_RULE_COUNT] = {5, 5, 1, 0};
  static const struct {
    const char *name;
    restart_measure judged_by;
    double planned, risk[RESTART_RULE_COUNT], left;
    int by_risk, by_drug;
  } cases[] = {
      {"all hold", RESTART_CRS_GRADE2, 0.2, {0.1, 0.1, 0.1, 0.1}, 9, RULE_CONTINUE, RULE_CONTINUE},
      {"a point more",
       RESTART_CRS_GRADE2,
       0.2,
       {0.2099, 0, 0, 0},
       4.96,
       RULE_CONTINUE,
       RULE_CONTINUE},
      {"more than a point",
       RESTART_CRS_GRADE2,
       0.2,
       {0.2101, 0.2101, 0.2, 0.2},
       4.94,
       RULE_STEP_BACK,
       RULE_STEP_BACK},
      {"a percent of a peak",
       RESTART_IL6,
       200,
       {201.9, 0, 0, 0},
       0.98,
       RULE_CONTINUE,
       RULE_RESTART},
      {"more than a percent of a peak",
       RESTART_DRIVE,
       200,
       {202.1, 202.1, 203, 150},
       0,
       RULE_RESTART,
       RULE_RESTART},
      {"none", RESTART_CRS_GRADE1, 0.2, {0.3, 0.3, 0.3, 0.3}, 0, RESTART_RULE_COUNT, RULE_RESTART},
      {"no patient counts",
       RESTART_CRS_GRADE2,
       NAN,
       {NAN, NAN, NAN, NAN},
       NAN,
       RESTART_RULE_COUNT,
       RESTART_RULE_COUNT},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    restart_settings s = by_probability;
    s.judged_by = cases[i].judged_by;
    restart_gap gap = gap_with(cases[i].planned, cases[i].risk, cases[i].left, needed);
    restart_judge(&s, &gap);
    cr_expect(gap.by_risk == cases[i].by_risk && gap.by_drug == cases[i].by_drug,
              "%s: by risk %d, by drug %d", cases[i].name, gap.by_risk, gap.by_drug);
  }
}

enum { GAPS_MAX = 8 };

/* Gaps after a dose, with what holds after each; 4 is none. */
static restart_dose dose_with(int n, const double *days, const int *by_risk,
                              restart_gap gap[GAPS_MAX])
{
  for (int i = 0; i < n; i++) {
    gap[i] = (restart_gap){.days = days[i], .by_risk = by_risk[i]};
  }
  return (restart_dose){.interval = days[0], .n_gaps = n, .gap = gap};
}

Test(restart_windows, reach_as_far_as_every_shorter_gap_holds)
{
  static const struct {
    const char *name;
    int n;
    double days[GAPS_MAX];
    int by_risk[GAPS_MAX];
    double until[RESTART_RULE_COUNT];
    double open; /* day to look at next */
  } cases[] = {
      {"always continue", 3, {3, 7, 14}, {0, 0, 0}, {14, 14, 14, 14}, NAN},
      {"one after the other", 5, {3, 7, 14, 21, 28}, {0, 0, 1, 2, 3}, {7, 14, 21, 28}, 8},
      {"known to the day", 4, {3, 7, 8, 9}, {0, 0, 1, 3}, {7, 8, 8, 9}, NAN},
      {"what holds again later does not count",
       5,
       {3, 7, 8, 21, 28},
       {0, 0, 3, 0, 0},
       {7, 7, 7, 28},
       NAN},
      {"none holds from some day on", 4, {3, 7, 14, 15}, {0, 0, 2, 4}, {7, 7, 14, 14}, 8},
      {"never", 2, {7, 14}, {4, 4}, {NAN, NAN, NAN, NAN}, NAN},
      {"restart at once", 2, {7, 14}, {3, 3}, {NAN, NAN, NAN, 14}, NAN},
      {"an interval that is no whole day", 2, {3.5, 7}, {0, 1}, {3.5, 7, 7, 7}, 4},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    restart_gap gap[GAPS_MAX];
    restart_dose d = dose_with(cases[i].n, cases[i].days, cases[i].by_risk, gap);
    restart_find_window(&d);
    for (int r = 0; r < RESTART_RULE_COUNT; r++) {
      const double expected = cases[i].until[r], found = d.by_risk.until[r];
      cr_expect(found == expected || (isnan(found) && isnan(expected)), "%s, rule %d: %g",
                cases[i].name, r, found);
    }
    const double open = restart_open_day(&d);
    cr_expect(open == cases[i].open || (isnan(open) && isnan(cases[i].open)), "%s: looks at %g",
              cases[i].name, open);
  }
}

/* 100 ug/mL halved every 7 days; 25 needed to continue or repeat, 1 to step back. */
Test(restart_windows, by_drug_end_where_the_drug_falls_below_what_is_needed)
{
  static const double needed[RESTART_RULE_COUNT] = {25, 25, 1, 0};
  double left[101];
  restart_window w;
  for (int i = 0; i <= 100; i++) {
    left[i] = 100 * pow(0.5, i / 7.0);
  }
  restart_drug_window(0, 7, 101, left, needed, &w);
  cr_expect(w.until[RULE_CONTINUE] == 14 && w.until[RULE_REPEAT] == 14 &&
                w.until[RULE_STEP_BACK] == 46 && w.until[RULE_RESTART] == 100,
            "%g %g %g %g", w.until[0], w.until[1], w.until[2], w.until[3]);
  restart_drug_window(50, 7, 101, left, needed, &w);
  cr_expect(w.until[RULE_CONTINUE] == 21 && w.until[RULE_STEP_BACK] == 53);
  restart_drug_window(0, 20, 101, left, needed, &w);
  cr_expect(isnan(w.until[RULE_CONTINUE]) && w.until[RULE_STEP_BACK] == 46);
}
