/* A regimen with fixed numbers, given as a file. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "problem/problem.h"

#define PROBLEMS STEPDOSE_SOURCE_DIR "/problems/"

static bool read_regimen_text(const char *problem_file, const char *bytes, schedule *doses,
                              stepdose_error *e)
{
  char path[] = "/tmp/stepdose-regimen-XXXXXX";
  int descriptor = mkstemp(path);
  cr_assert_geq(descriptor, 0);
  cr_assert_eq(write(descriptor, bytes, strlen(bytes)), (ssize_t)strlen(bytes));
  close(descriptor);
  stepdose_problem *p = problem_read(problem_file, NULL, 0, e);
  cr_assert_not_null(p, "%s", e->message);
  bool done = problem_read_regimen(p, path, doses, e);
  problem_free(p);
  unlink(path);
  return done;
}

#define MOSUNETUZUMAB PROBLEMS "mosunetuzumab-dlbcl.json"
#define BLINATUMOMAB PROBLEMS "blinatumomab-nhl.json"
#define LABEL                                                                                      \
  "{\"route\": \"iv\", \"infusion_h\": 4, \"steps\": [{\"day\": 0, \"dose_mg\": 1}, "              \
  "{\"day\": 7, \"dose_mg\": 2}], \"maintenance\": {\"first_day\": 21, \"every_days\": 21, "       \
  "\"doses\": 5, \"dose_mg\": 60}}"

Test(problem, a_fixed_regimen_is_a_list_of_doses)
{
  static const double days[] = {0, 7, 21, 42, 63};
  static const double amounts[] = {1, 2, 60, 60, 60};
  static const char *const texts[] = {LABEL, "{\"regimen\": " LABEL "}"};
  for (int form = 0; form < 2; form++) {
    stepdose_error e = {.code = STEPDOSE_OK};
    schedule s;
    cr_assert(read_regimen_text(MOSUNETUZUMAB, texts[form], &s, &e), "%s: %s", e.pointer,
              e.message);
    cr_assert_eq(s.n_doses, 5, "doses on or after the horizon are not given");
    for (int i = 0; i < 5; i++) {
      const dose *d = &s.doses[i];
      cr_expect(d->day == days[i] && d->amount == amounts[i] && d->route == ROUTE_IV, "dose %d", i);
      cr_expect_eq(d->duration_days, 4.0 / 24);
    }
  }
}

Test(problem, a_fixed_continuous_infusion_lasts_to_the_horizon)
{
  stepdose_error e = {.code = STEPDOSE_OK};
  schedule s;
  cr_assert(
      read_regimen_text(BLINATUMOMAB,
                        "{\"route\": \"civ\", \"steps\": [{\"day\": 0, \"dose_ug_m2_day\": 5}, "
                        "{\"day\": 10, \"dose_ug_m2_day\": 60}]}",
                        &s, &e),
      "%s", e.message);
  cr_assert_eq(s.n_doses, 2);
  cr_expect(s.doses[0].duration_days == 10 && s.doses[1].duration_days == 46);
}

Test(problem, regimens_that_cannot_be_given_are_refused)
{
  static const struct {
    const char *bytes;
    stepdose_code code;
    const char *pointer;
  } cases[] = {
      {"[]", STEPDOSE_WRONG_TYPE, ""},
      {"{\"steps\": []}", STEPDOSE_MISSING_KEY, "/route"},
      {"{\"regimen\": {\"route\": \"sc\", \"steps\": [{\"day\": 0, \"dose_mg\": 1}]}, \"x\": 1}",
       STEPDOSE_UNKNOWN_KEY, "/x"},
      {"{\"route\": \"sc\", \"steps\": [{\"day\": 0, \"dose_mg\": {\"min\": 1, \"max\": 2}}]}",
       STEPDOSE_WRONG_TYPE, "/steps/0/dose_mg"},
      {"{\"route\": \"sc\", \"steps\": [{\"day\": [0, 1], \"dose_mg\": 1}]}", STEPDOSE_WRONG_TYPE,
       "/steps/0/day"},
      {"{\"route\": \"sc\", \"steps\": [{\"day\": 90, \"dose_mg\": 1}]}", STEPDOSE_OUT_OF_RANGE,
       "/steps/0/day"},
      {"{\"route\": \"sc\", \"steps\": [{\"day\": 1, \"dose_mg\": 1}, {\"day\": 1, \"dose_mg\": "
       "1}]}",
       STEPDOSE_STEPS_OUT_OF_ORDER, "/steps/1/day"},
      {"{\"route\": \"civ\", \"steps\": [{\"day\": 0, \"dose_ug_m2_day\": 5}]}",
       STEPDOSE_CONTRADICTION, "/route"},
      {"{\"route\": \"sc\",", STEPDOSE_JSON_SYNTAX, "/route"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    stepdose_error e = {.code = STEPDOSE_OK};
    schedule s;
    cr_expect_not(read_regimen_text(MOSUNETUZUMAB, cases[i].bytes, &s, &e), "%s", cases[i].bytes);
    cr_expect_eq(e.code, cases[i].code, "%s: %s: %s", cases[i].bytes, stepdose_code_name(e.code),
                 e.message);
    cr_expect_str_eq(e.pointer, cases[i].pointer, "%s: %s", cases[i].bytes, e.pointer);
    cr_expect_geq(e.line, 1);
  }
}

/* A regimen in the place of the problem's own gets the problem's premedication: with its steps. */
Test(problem, a_given_regimen_gets_the_premedication_of_the_problem)
{
  static const route routes[] = {
      ROUTE_DEPLETER, ROUTE_DEXAMETHASONE, ROUTE_IV, ROUTE_DEXAMETHASONE, ROUTE_IV, ROUTE_IV};
  stepdose_error e = {.code = STEPDOSE_OK};
  schedule s;
  cr_assert(
      read_regimen_text(STEPDOSE_SOURCE_DIR "/tests/data/problem/tissues.json",
                        "{\"route\": \"iv\", \"infusion_h\": 4, \"steps\": [{\"day\": 0, "
                        "\"dose_mg\": 1}, {\"day\": 7, \"dose_mg\": 2}], \"maintenance\": "
                        "{\"first_day\": 21, \"every_days\": 21, \"doses\": 1, \"dose_mg\": 60}}",
                        &s, &e),
      "%s: %s", e.pointer, e.message);
  cr_assert_eq(s.n_doses, 6);
  for (int i = 0; i < 6; i++) {
    cr_expect_eq(s.doses[i].route, routes[i], "dose %d: %s", i, route_word(s.doses[i].route));
  }
  cr_expect(s.doses[0].day == -7 && s.doses[1].day == -1.0 / 24);
}

Test(problem, a_missing_regimen_file_is_an_input_error)
{
  stepdose_error e = {.code = STEPDOSE_OK};
  schedule s;
  stepdose_problem *p = problem_read(MOSUNETUZUMAB, NULL, 0, &e);
  cr_assert_not_null(p);
  cr_expect_not(problem_read_regimen(p, "/nowhere/regimen.json", &s, &e));
  cr_expect_eq(e.code, STEPDOSE_INPUT_OUTPUT);
  problem_free(p);
  cr_expect_null(problem_read("/nowhere/problem.json", NULL, 0, &e));
  cr_expect_eq(e.code, STEPDOSE_INPUT_OUTPUT);
}
