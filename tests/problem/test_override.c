/* --set POINTER=VALUE. */
#include <criterion/criterion.h>
#include <string.h>

#include "problem/problem.h"

#define DLBCL STEPDOSE_SOURCE_DIR "/problems/mosunetuzumab-dlbcl.json"

static stepdose_problem *read_one(const char *set, stepdose_error *e)
{
  *e = (stepdose_error){.code = STEPDOSE_OK};
  return problem_read(DLBCL, &set, 1, e);
}

Test(problem, overrides_that_cannot_hold_are_refused_in_place)
{
  static const struct {
    const char *set;
    stepdose_code code;
    const char *pointer;
    int column; /* of the value in the argument, or of the pointer */
  } cases[] = {
      {"horizon_days=63", STEPDOSE_USAGE, "", 1},
      {"/horizon_days", STEPDOSE_USAGE, "", 1},
      {"=63", STEPDOSE_USAGE, "", 1},
      {"/horizon_days=sixty", STEPDOSE_WRONG_TYPE, "/horizon_days", 15},
      {"/horizon_days=", STEPDOSE_WRONG_TYPE, "/horizon_days", 15},
      {"/horizon_days=-1", STEPDOSE_OUT_OF_RANGE, "/horizon_days", 15},
      {"/horizon_days=1e999", STEPDOSE_NOT_FINITE, "/horizon_days", 15},
      {"/horizon_days={\"a\":1,\"a\":2}", STEPDOSE_JSON_DUPLICATE_KEY, "/a", 22},
      {"/horizons=63", STEPDOSE_UNKNOWN_KEY, "/horizons", 11},
      {"/limits/7=1", STEPDOSE_OUT_OF_RANGE, "/limits/7", 1},
      {"/limits/01=1", STEPDOSE_OUT_OF_RANGE, "/limits/01", 1},
      {"/limits/x/max_pg_mL=1", STEPDOSE_OUT_OF_RANGE, "/limits/x/max_pg_mL", 1},
      {"/horizon_days/x=1", STEPDOSE_WRONG_TYPE, "/horizon_days/x", 1},
      {"/molecule=molecules/none.json", STEPDOSE_FILE_REFERENCE, "/molecule", 11},
      {"/molecule/parameters/VmT/value=9", STEPDOSE_OUT_OF_RANGE, "/molecule/parameters/VmT/value",
       32},
      {"/title=\xFF", STEPDOSE_JSON_SYNTAX, "/title", 8},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    stepdose_error e;
    stepdose_problem *p = read_one(cases[i].set, &e);
    cr_expect_null(p, "%s was accepted", cases[i].set);
    cr_expect_eq(e.code, cases[i].code, "%s: %s: %s", cases[i].set, stepdose_code_name(e.code),
                 e.message);
    cr_expect_str_eq(e.pointer, cases[i].pointer, "%s: %s", cases[i].set, e.pointer);
    cr_expect_str_eq(e.file, "--set", "%s: %s", cases[i].set, e.file);
    cr_expect(e.line == 1 && e.column == cases[i].column, "%s: %d:%d", cases[i].set, e.line,
              e.column);
    problem_free(p);
  }
}

Test(problem, an_override_replaces_adds_or_makes_a_value)
{
  stepdose_error e;
  stepdose_problem *p = read_one("/horizon_days=70", &e);
  cr_assert_not_null(p, "%s", e.message);
  cr_expect_eq(p->horizon_days, 70);
  problem_free(p);
  p = read_one("/search/seed=99", &e);
  cr_assert_not_null(p, "%s", e.message);
  cr_expect_eq(p->search.seed, 99);
  problem_free(p);
  p = read_one("/tolerance=1e-7", &e);
  cr_assert_not_null(p, "%s", e.message);
  cr_expect_eq(p->tolerance, 1e-7);
  problem_free(p);
  p = read_one("/population=reference", &e);
  cr_assert_not_null(p, "%s", e.message);
  problem_free(p);
  p = read_one("/title=a plain text, with \"quotes\"", &e);
  cr_assert_not_null(p, "%s", e.message);
  cr_expect_str_eq(p->title, "a plain text, with \"quotes\"");
  problem_free(p);
}

/* Values inside the files that a problem refers to can be changed too; their origin says so. */
Test(problem, an_override_reaches_into_referred_files)
{
  stepdose_error e;
  stepdose_problem *p = read_one("/molecule/parameters/VmT/value=0.8", &e);
  cr_assert_not_null(p, "%s", e.message);
  cr_expect_eq(p->parameters[model_parameter_index(p->model, "VmT")], 0.8);
  const char *line = strstr(p->origins, "/molecule/parameters/VmT ");
  cr_assert_not_null(line);
  const char *end = strchr(line, '\n');
  const char *origin = strstr(line, "--set");
  cr_expect(origin != NULL && origin < end);
  problem_free(p);
}

Test(problem, the_last_of_two_overrides_counts)
{
  static const char *const set[] = {"/horizon_days=70", "/horizon_days=77"};
  stepdose_problem *p = problem_read(DLBCL, set, 2, NULL);
  cr_assert_not_null(p);
  cr_expect_eq(p->horizon_days, 77);
  problem_free(p);
}
