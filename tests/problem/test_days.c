/* Days of doses: which can follow each other, and which freedom is warned about. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "problem/problem.h"

#define DLBCL STEPDOSE_SOURCE_DIR "/problems/mosunetuzumab-dlbcl.json"

static stepdose_problem *read_regimen_with(const char *regimen, stepdose_error *e)
{
  char set[400];
  const char *const overrides[] = {set};
  *e = (stepdose_error){.code = STEPDOSE_OK};
  snprintf(set, sizeof set,
           "/regimen={\"route\": \"sc\", \"maintenance\": {\"first_day\": 21, \"every_days\": 21, "
           "\"doses\": 3, \"dose_mg\": 30}, %s}",
           regimen);
  return problem_read(DLBCL, overrides, 1, e);
}

/* Steps that can only be less than a day apart are refused, and told why; a day is enough. */
Test(problem, steps_can_be_a_day_apart_but_not_less)
{
  static const struct {
    const char *regimen;
    stepdose_code code;
    const char *pointer;
  } cases[] = {
      {"\"steps\": [{\"day\": 0, \"dose_mg\": 1}, {\"day\": 1, \"dose_mg\": 1}]", STEPDOSE_OK, ""},
      {"\"steps\": [{\"day\": 0.1, \"dose_mg\": 1}, {\"day\": 1.1, \"dose_mg\": 1}]", STEPDOSE_OK,
       ""},
      {"\"steps\": [{\"day\": 0, \"dose_mg\": 1}, {\"day\": 0.9, \"dose_mg\": 1}]",
       STEPDOSE_OUT_OF_RANGE, "/regimen/steps/1/day"},
      {"\"steps\": [{\"day\": {\"min\": 0, \"max\": 0.5}, \"dose_mg\": 1}, {\"day\": {\"min\": 0, "
       "\"max\": 7}, \"dose_mg\": 1}]",
       STEPDOSE_OK, ""},
      {"\"steps\": [{\"day\": {\"min\": 0.5, \"max\": 3}, \"dose_mg\": 1}, {\"day\": {\"min\": 0, "
       "\"max\": 1}, \"dose_mg\": 1}]",
       STEPDOSE_OUT_OF_RANGE, "/regimen/steps/1/day"},
      {"\"steps\": [{\"day\": 20.5, \"dose_mg\": 1}]", STEPDOSE_OUT_OF_RANGE,
       "/regimen/maintenance/first_day"},
      {"\"steps\": [{\"day\": 0, \"dose_mg\": 1}], \"gap_days\": {\"min\": 1, \"max\": 30}",
       STEPDOSE_OK, ""},
      {"\"steps\": [{\"day\": 0, \"dose_mg\": 1}], \"gap_days\": {\"min\": 0, \"max\": 30}",
       STEPDOSE_OUT_OF_RANGE, "/regimen/gap_days/min"},
      {"\"steps\": [{\"day\": 0, \"dose_mg\": 1}], \"gap_days\": 0.5", STEPDOSE_OUT_OF_RANGE,
       "/regimen/gap_days"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    stepdose_error e;
    stepdose_problem *p = read_regimen_with(cases[i].regimen, &e);
    cr_expect_eq(e.code, cases[i].code, "%s: %s", cases[i].regimen, e.message);
    cr_expect_str_eq(e.pointer, cases[i].pointer, "%s: %s", cases[i].regimen, e.pointer);
    cr_expect(e.code == STEPDOSE_OK || strstr(e.remedy, "count as one dose") != NULL, "%s: %s",
              cases[i].regimen, e.remedy);
    problem_free(p);
  }
}

Test(problem, free_days_without_a_gap_are_warned_about)
{
  static const char *const set[] = {"/regimen/steps/1/day={\"min\": 2, \"max\": 13}"};
  stepdose_error e = {.code = STEPDOSE_OK};
  stepdose_problem *p = problem_read(DLBCL, set, 1, &e);
  cr_assert_not_null(p, "%s", e.message);
  cr_expect(p->n_warnings == 1 && strstr(p->warnings[0], "gap_days") != NULL);
  problem_free(p);
}
