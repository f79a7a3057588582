/* Grades of cytokine release syndrome include the higher ones: intercepts that say otherwise. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "base/random.h"
#include "problem/calibration.h"

#define SYNAPSE STEPDOSE_SOURCE_DIR "/problems/synapse-mosunetuzumab-dlbcl.json"
#define INTERCEPT(grade, value)                                                                    \
  "\"crs_intercept_grade" grade "\": {\"value\": " value ", \"unit\": \"1\", \"source\": "         \
  "\"test\"}"

static stepdose_problem *read_with(const char *change, stepdose_error *error)
{
  return problem_read(SYNAPSE, &change, 1, error);
}

/* Shipped: -10.2, -12.51, -15.39, -18.27. */
Test(grades, an_intercept_that_rises_with_the_grade_is_refused_where_it_is_written)
{
  static const struct {
    const char *change, *pointer; /* NULL: accepted */
  } cases[] = {
      {"/parameters={" INTERCEPT("1", "-15") "}", "/parameters/crs_intercept_grade1"},
      {"/parameters={" INTERCEPT("2", "-5") "}", "/parameters/crs_intercept_grade2"},
      {"/parameters={" INTERCEPT("4", "-15.3") "}", "/parameters/crs_intercept_grade4"},
      {"/parameters={" INTERCEPT("3", "-14") "," INTERCEPT("2", "-14.5") "}",
       "/parameters/crs_intercept_grade3"},
      {"/design={\"crs_intercept_grade2\": -9}", "/design/crs_intercept_grade2"},
      {"/parameters={" INTERCEPT("2", "-10.2") "}", NULL},
      {"/parameters={" INTERCEPT("1", "-15") "," INTERCEPT("2", "-15") "," INTERCEPT("3",
                                                                                     "-15.5") "}",
       NULL},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    stepdose_error e = {.code = STEPDOSE_OK};
    stepdose_problem *p = read_with(cases[i].change, &e);
    if (cases[i].pointer == NULL) {
      cr_expect_not_null(p, "%s: %s: %s", cases[i].change, e.pointer, e.message);
    } else {
      cr_expect(p == NULL && e.code == STEPDOSE_CONTRADICTION, "%s: %s", cases[i].change,
                e.message);
      cr_expect_str_eq(e.pointer, cases[i].pointer, "%s: %s", cases[i].change, e.pointer);
      cr_expect(e.line > 0 && strstr(e.remedy, "of at most") != NULL, "%s: %s", cases[i].change,
                e.remedy);
    }
    problem_free(p);
  }
}

/* Draws of what a fit leaves open may cross. */
Test(grades, a_calibration_that_crosses_is_told_and_counts_as_nested)
{
  static const char change[] =
      "/calibration={\"format\": \"stepdose-parameters-1\", \"title\": \"made\", \"version\": "
      "\"0.1.0\", \"evidence\": \"made.json\", \"evidence_sha256\": "
      "\"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\", \"seed\": 1, "
      "\"patients\": 0, \"objective\": 1, \"parameters\": [{\"name\": \"g2\", \"scale\": "
      "\"linear\", \"low\": -50, \"high\": 0, \"value\": -9, \"sd\": 1, \"sets\": [{\"name\": "
      "\"crs_intercept_grade2\"}]}], \"covariance\": [1]}";
  stepdose_error e = {.code = STEPDOSE_OK};
  stepdose_problem *p = read_with(change, &e);
  crs_coefficients c;
  cr_assert(p != NULL, "%s: %s", e.pointer, e.message);
  bool told = false;
  for (int i = 0; i < p->n_warnings; i++) {
    told = told || strstr(p->warnings[i], "grade 2 or higher more probable");
  }
  cr_expect(told, "no warning tells it");
  problem_crs_coefficients(p->model, p->parameters, &c);
  cr_expect(c.intercept[0] == -10.2 && c.intercept[1] == -10.2, "%g, %g", c.intercept[0],
            c.intercept[1]);
  problem_free(p);
}

Test(grades, coefficients_are_nested_whatever_the_parameters_are)
{
  stepdose_error e = {.code = STEPDOSE_OK};
  stepdose_problem *p = read_with("/horizon_days=84", &e);
  cr_assert_not_null(p);
  random_stream stream = random_open(7, 0);
  int crossed = 0;
  for (int repeat = 0; repeat < 200; repeat++) {
    double own[PROBLEM_GRADES];
    crs_coefficients c;
    for (int g = 0; g < PROBLEM_GRADES; g++) {
      own[g] = -10 - 2 * g + 3 * random_normal(&stream);
      p->parameters[problem_crs_intercept(p->model, g + 1)] = own[g];
    }
    problem_crs_coefficients(p->model, p->parameters, &c);
    cr_expect(c.intercept[0] == own[0], "repeat %d", repeat);
    for (int g = 1; g < PROBLEM_GRADES; g++) {
      const bool crosses = own[g] > c.intercept[g - 1];
      crossed += crosses;
      cr_expect(c.intercept[g] == (crosses ? c.intercept[g - 1] : own[g]), "repeat %d, grade %d",
                repeat, g + 1);
    }
  }
  cr_expect(crossed > 20 && crossed < 580, "%d", crossed);
  problem_free(p);
}
