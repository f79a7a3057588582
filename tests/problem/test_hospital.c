/* The rule for days in hospital: what files say, what is taken where they say nothing. */
#include <criterion/criterion.h>
#include <string.h>

#include "problem/problem.h"

#define DLBCL STEPDOSE_SOURCE_DIR "/problems/mosunetuzumab-dlbcl.json"
#define LIMIT "/limits/-={\"objective\":\"treatment_burden\",\"hospital_days_max\":4}"

static stepdose_problem *read_with(const char *const *set, size_t n)
{
  stepdose_error e = {.code = STEPDOSE_OK};
  stepdose_problem *p = problem_read(DLBCL, set, n, &e);
  cr_assert_not_null(p, "%s: %s", e.pointer, e.message);
  return p;
}

Test(hospital_rule, is_read_as_written)
{
  const char *const set[] = {"/hospital=[{\"hours\":48,\"after_doses\":\"first\"},"
                             "{\"hours\":24,\"after_doses\":\"before_first_target_dose\","
                             "\"source\":\"elranatamab, US label\"}]"};
  stepdose_problem *p = read_with(set, 1);
  const hospital_rule *rule = &p->request.hospital;
  cr_assert_eq(rule->n_stays, 2);
  cr_expect(rule->stay[0].after == STAY_AFTER_FIRST && rule->stay[0].hours == 48);
  cr_expect(rule->stay[1].after == STAY_AFTER_BEFORE_TARGET && rule->stay[1].hours == 24);
  problem_free(p);
}

Test(hospital_rule, has_defaults_for_what_is_left_out)
{
  const char *const set[] = {"/hospital={\"hours\":24}", LIMIT};
  stepdose_problem *p = read_with(set, 2);
  cr_expect_eq(p->request.hospital.n_stays, 1);
  cr_expect_eq(p->request.hospital.stay[0].after, STAY_AFTER_UNTIL_TARGET);
  cr_expect_eq(p->request.hospital.stay[0].hours, 24);
  problem_free(p);
}

static bool is_warned(const stepdose_problem *p)
{
  for (int i = 0; i < p->n_warnings; i++) {
    if (strstr(p->warnings[i], "days in hospital") != NULL) {
      return true;
    }
  }
  return false;
}

/* By a limit or a goal of a front: then the convention is taken, told, and part of the effective
 * problem. */
Test(hospital_rule, is_a_convention_that_is_told_where_days_are_asked_for_without_it)
{
  static const char *const asking[] = {
      LIMIT, "/pareto={\"goals\":[{\"maximize\":{\"objective\":\"tumor_control\"}},"
             "{\"minimize\":{\"objective\":\"treatment_burden\",\"measure\":\"hospital_days\"}}]}"};
  for (size_t i = 0; i < 2; i++) {
    stepdose_error e;
    stepdose_problem *p = read_with(&asking[i], 1);
    cr_expect_eq(p->request.hospital.n_stays, 1, "%s", asking[i]);
    cr_expect_eq(p->request.hospital.stay[0].hours, 48);
    cr_expect_eq(p->request.hospital.stay[0].after, STAY_AFTER_UNTIL_TARGET);
    cr_expect(is_warned(p), "%s", asking[i]);
    stepdose_problem *again =
        problem_read_text(DLBCL, p->effective, strlen(p->effective), NULL, 0, &e);
    cr_assert_not_null(again, "%s", e.message);
    cr_expect_str_eq(again->hash, p->hash);
    cr_expect(!is_warned(again), "the effective problem says its rule");
    problem_free(again);
    problem_free(p);
  }
}

Test(hospital_rule, is_none_where_nobody_asks)
{
  stepdose_problem *p = read_with(NULL, 0);
  cr_expect_eq(p->request.hospital.n_stays, 0);
  cr_expect(!is_warned(p));
  problem_free(p);
}

Test(hospital_rule, is_refused_where_it_means_nothing)
{
  static const struct {
    const char *set[2];
    stepdose_code code;
    const char *pointer;
  } cases[] = {
      {{"/hospital={\"after_doses\":\"steps\"}"}, STEPDOSE_UNKNOWN_NAME, "/hospital/after_doses"},
      {{"/hospital={\"hours\":0}"}, STEPDOSE_OUT_OF_RANGE, "/hospital/hours"},
      {{"/hospital={\"days\":2}"}, STEPDOSE_UNKNOWN_KEY, "/hospital/days"},
      {{"/hospital=[]"}, STEPDOSE_EMPTY_RANGE, "/hospital"},
      {{"/hospital=48"}, STEPDOSE_WRONG_TYPE, "/hospital"},
      {{"/hospital=[{},{},{},{},{}]"}, STEPDOSE_OUT_OF_RANGE, "/hospital"},
      /* every regimen has a first dose */
      {{"/hospital={\"hours\":48,\"after_doses\":\"first\"}",
        "/limits/-={\"objective\":\"treatment_burden\",\"hospital_days_max\":1.9}"},
       STEPDOSE_CONTRADICTION,
       "/limits/2/hospital_days_max"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    stepdose_error e = {.code = STEPDOSE_OK};
    stepdose_problem *p = problem_read(DLBCL, cases[i].set, cases[i].set[1] != NULL ? 2 : 1, &e);
    cr_expect_null(p, "%s", cases[i].set[0]);
    cr_expect_eq(e.code, cases[i].code, "%s: %s", cases[i].set[0], e.message);
    cr_expect_str_eq(e.pointer, cases[i].pointer);
    problem_free(p);
  }
}

/* A regimen may consist of its target dose alone. */
Test(hospital_rule, may_be_bounded_below_any_stay_that_a_regimen_can_do_without)
{
  const char *const set[] = {
      "/hospital={\"hours\":48,\"after_doses\":\"before_first_target_dose\"}",
      "/limits/-={\"objective\":\"treatment_burden\",\"hospital_days_max\":0.5}"};
  stepdose_problem *p = read_with(set, 2);
  cr_expect_eq(p->limits[2].kind, LIMIT_HOSPITAL_DAYS);
  problem_free(p);
}
