/* Fitted values in the place of those of molecule, indication and population. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "problem/calibration.h"
#include "problem/evidence.h"

#define SYNAPSE STEPDOSE_SOURCE_DIR "/problems/synapse-mosunetuzumab-dlbcl.json"
#define HASH "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define HEAD                                                                                       \
  "\"format\": \"stepdose-parameters-1\", \"title\": \"made\", \"version\": \"0.1.0\", "           \
  "\"evidence\": \"made.json\", \"evidence_sha256\": \"" HASH                                      \
  "\", \"seed\": 1, \"patients\": 0, \"objective\": 1"
#define FIRST(name, scale, low, high)                                                              \
  "{\"name\": \"" name "\", \"scale\": \"" scale "\", \"low\": " low ", \"high\": " high

static const char whole[] = "/calibration={" HEAD ", \"parameters\": ["
    /* one of every molecule */
    FIRST("production", "log", "0.1", "100") ", \"value\": 5, \"sd\": 0.1, \"sets\": ["
                                             "{\"name\": \"il6_production_pg_per_cell_day\"}]},"
    /* one of another molecule */
    FIRST("anchor", "log", "0.1",
          "100") ", \"value\": 7, \"sd\": 0.1, \"sets\": ["
                 "{\"name\": \"potency_anchor\", \"molecule\": \"epcoritamab\"}]},"
    /* two targets for the same number */
    FIRST("entry", "linear", "0.1", "20") ", \"value\": 4, \"sd\": 0.1, \"sets\": ["
                                          "{\"name\": \"lymphoid_drug_entry_per_day\"}, {\"name\": "
                                          "\"lymphoid_drug_entry_per_day\", "
                                          "\"molecule\": \"mosunetuzumab\", \"factor\": 2.5}]},"
    /* a number of a law */
    FIRST("spread", "linear", "0.1",
          "2") ", \"value\": 0.5, \"sd\": 0.1, \"sets\": ["
               "{\"name\": \"population.trimers_needed.sd_ln\", \"factor\": 2}]}"
               "], \"covariance\": [4,1,0,0, 1,1,0,0, 0,0,1,0, 0,0,0,1]}";

static const char patients[] = "/population={\"file\": \"populations/synapse-nhl.json\", "
                               "\"patients\": 8, \"seed\": 1}";

static stepdose_problem *read_with(const char *first, const char *second, const char *third,
                                   stepdose_error *error)
{
  const char *changes[] = {first, second, third};
  return problem_read(SYNAPSE, changes, third != NULL ? 3 : second != NULL ? 2 : 1, error);
}

static double value_of(const stepdose_problem *p, const char *name)
{
  return p->parameters[model_parameter_index(p->model, name)];
}

static double spread_of(const stepdose_problem *p)
{
  const int i = population_covariate_index(p->population, "trimers_needed");
  return p->population->coordinate[i].number[POPULATION_SD_LN];
}

Test(calibration_file, values_go_to_their_targets)
{
  stepdose_error error = {.code = STEPDOSE_OK};
  stepdose_problem *before = read_with(patients, NULL, NULL, &error);
  stepdose_problem *p = read_with(patients, whole, NULL, &error);
  cr_assert(before != NULL && p != NULL, "%s: %s", error.pointer, error.message);
  cr_expect_eq(value_of(p, "il6_production_pg_per_cell_day"), 5);
  cr_expect_eq(value_of(p, "potency_anchor"), value_of(before, "potency_anchor"));
  cr_expect_eq(value_of(p, "lymphoid_drug_entry_per_day"), 10); /* the last target counts */
  cr_expect_eq(spread_of(p), 1);
  cr_expect_neq(spread_of(before), 1);
  const problem_calibration *c = p->calibration;
  cr_assert(c != NULL && c->n_parameters == 4);
  cr_expect_str_eq(c->title, "made");
  cr_expect_str_eq(c->evidence_hash, HASH);
  cr_expect(c->covariance[0] == 4 && c->covariance[1] == 1 &&
            c->parameter[1].scale == EVIDENCE_LOG10);
  problem_free(before);
  problem_free(p);
}

Test(calibration_file, values_of_the_problem_itself_count_more)
{
  stepdose_error error = {.code = STEPDOSE_OK};
  stepdose_problem *p =
      read_with(patients, whole,
                "/parameters={\"il6_production_pg_per_cell_day\": {\"value\": 3, \"unit\": "
                "\"pg/(cell day)\", \"source\": \"test\"}}",
                &error);
  cr_assert(p != NULL, "%s: %s; %s", error.pointer, error.message, error.remedy);
  cr_expect_eq(value_of(p, "il6_production_pg_per_cell_day"), 3);
  problem_free(p);
}

Test(calibration_file, the_effective_problem_needs_no_other_file_and_can_be_drawn_anew)
{
  stepdose_error error = {.code = STEPDOSE_OK};
  const char *change = "/calibration/parameters/0/value=6";
  stepdose_problem *p = read_with(patients, whole, NULL, &error);
  cr_assert_not_null(p);
  stepdose_problem *again =
      problem_read_text("again.json", p->effective, strlen(p->effective), NULL, 0, &error);
  cr_assert(again != NULL, "%s: %s", error.pointer, error.message);
  cr_expect_str_eq(again->hash, p->hash);
  cr_expect_eq(memcmp(again->parameters, p->parameters,
                      (size_t)p->model->n_parameters * sizeof *p->parameters),
               0);
  cr_expect_eq(spread_of(again), 1);
  stepdose_problem *other =
      problem_read_text("again.json", p->effective, strlen(p->effective), &change, 1, &error);
  cr_assert(other != NULL, "%s: %s", error.pointer, error.message);
  cr_expect_eq(value_of(other, "il6_production_pg_per_cell_day"), 6);
  problem_free(other);
  problem_free(again);
  problem_free(p);
}

Test(calibration_file, what_cannot_be_meant_is_refused_where_it_stands)
{
  static const struct {
    const char *change;
    stepdose_code code;
    const char *pointer;
  } cases[] = {
      {"/calibration/parameters/0/value=1000", STEPDOSE_OUT_OF_RANGE,
       "/calibration/parameters/0/value"},
      {"/calibration/parameters/0/scale=cubic", STEPDOSE_UNKNOWN_NAME,
       "/calibration/parameters/0/scale"},
      {"/calibration/parameters/0/low=-1", STEPDOSE_OUT_OF_RANGE,
       "/calibration/parameters/0/value"},
      {"/calibration/covariance=[1,2,3]", STEPDOSE_OUT_OF_RANGE, "/calibration/covariance"},
      {"/calibration/covariance=[4,1,0,0, 2,1,0,0, 0,0,1,0, 0,0,0,1]", STEPDOSE_CONTRADICTION,
       "/calibration/covariance"},
      {"/calibration/covariance=[-4,0,0,0, 0,1,0,0, 0,0,1,0, 0,0,0,1]", STEPDOSE_CONTRADICTION,
       "/calibration/covariance"},
      {"/calibration/covariance=[1,5,0,0, 5,1,0,0, 0,0,1,0, 0,0,0,1]", STEPDOSE_CONTRADICTION,
       "/calibration/covariance"}, /* a correlation of 5 */
      {"/calibration/covariance=[0,1,0,0, 1,1,0,0, 0,0,1,0, 0,0,0,1]", STEPDOSE_CONTRADICTION,
       "/calibration/covariance"}, /* with what does not vary */
      {"/calibration/covariance=[1,0.9,-0.9,0, 0.9,1,0.9,0, -0.9,0.9,1,0, 0,0,0,1]",
       STEPDOSE_CONTRADICTION, "/calibration/covariance"}, /* which contradict each other */
      {"/calibration/format=stepdose-parameters-2", STEPDOSE_FORMAT_UNSUPPORTED,
       "/calibration/format"},
      {"/calibration/parameters/2/sets/1/factor=1000000", STEPDOSE_OUT_OF_RANGE,
       "/calibration/parameters/2/value"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    stepdose_error error = {.code = STEPDOSE_OK};
    stepdose_problem *p = read_with(patients, whole, cases[i].change, &error);
    cr_expect_null(p, "%s was accepted", cases[i].change);
    cr_expect_eq(error.code, cases[i].code, "%s: %s", cases[i].change, error.message);
    cr_expect_str_eq(error.pointer, cases[i].pointer, "%s: %s", cases[i].change, error.pointer);
    problem_free(p);
  }
}

Test(calibration_file, a_singular_covariance_is_one)
{
  static const char *const singular[] = {
      "/calibration/covariance=[4,2,0,0, 2,1,0,0, 0,0,0,0, 0,0,0,1]",
      "/calibration/covariance=[1,1,1,1, 1,1,1,1, 1,1,1,1, 1,1,1,1]",
      "/calibration/covariance=[0,0,0,0, 0,0,0,0, 0,0,0,0, 0,0,0,0]"};
  for (size_t i = 0; i < sizeof singular / sizeof singular[0]; i++) {
    stepdose_error error = {.code = STEPDOSE_OK};
    stepdose_problem *p = read_with(patients, whole, singular[i], &error);
    cr_expect_not_null(p, "%s: %s", singular[i], error.message);
    problem_free(p);
  }
}

static bool is_warned(const stepdose_problem *p, const char *words)
{
  bool found = false;
  for (int i = 0; i < p->n_warnings; i++) {
    found = found || strstr(p->warnings[i], words) != NULL;
  }
  return found;
}

Test(calibration_file, it_is_told_how_many_of_its_values_have_a_place)
{
  stepdose_error error = {.code = STEPDOSE_OK};
  stepdose_problem *some = read_with(patients, whole, NULL, &error); /* not epcoritamab's */
  cr_assert(some != NULL, "%s: %s", error.pointer, error.message);
  cr_expect(is_warned(some, "3 of its 4"));
  stepdose_problem *alone = read_with(whole, NULL, NULL, &error); /* no law either */
  cr_assert(alone != NULL, "%s: %s", error.pointer, error.message);
  cr_expect(is_warned(alone, "2 of its 4"));
  problem_free(some);
  problem_free(alone);
}

Test(calibration_file, one_without_a_value_for_the_problem_is_refused)
{
  static const char *const problems[] = {"mosunetuzumab-dlbcl", "mosunetuzumab-dlbcl-population",
                                         "blinatumomab-nhl"};
  const char *const named[] = {"/calibration=calibrations/synapse.json"};
  for (size_t i = 0; i < sizeof problems / sizeof problems[0]; i++) {
    char path[256];
    stepdose_error error = {.code = STEPDOSE_OK};
    snprintf(path, sizeof path, "%s/problems/%s.json", STEPDOSE_SOURCE_DIR, problems[i]);
    stepdose_problem *p = problem_read(path, named, 1, &error);
    cr_expect(p == NULL && error.code == STEPDOSE_CONTRADICTION, "%s: %s", problems[i],
              error.message);
    cr_expect_not_null(strstr(error.message, "hosseini2020"), "%s: %s", problems[i], error.message);
    problem_free(p);
  }
}

/* The shipped fit belongs to the shipped evidence: who changes rows, molecules or indications has
 * to fit again (docs/calibration.md tells how). */
Test(calibration_file, the_shipped_one_is_of_the_shipped_evidence)
{
  stepdose_error error = {.code = STEPDOSE_OK};
  static const char named[] = "/calibration=calibrations/synapse.json";
  stepdose_problem *p = read_with(patients, named, NULL, &error);
  cr_assert(p != NULL, "%s: %s", error.pointer, error.message);
  evidence *e = evidence_read(STEPDOSE_SOURCE_DIR "/problems/evidence/synapse.json", 0, &error);
  cr_assert(e != NULL, "%s: %s", error.pointer, error.message);
  cr_expect_str_eq(p->calibration->evidence_hash, e->hash);
  cr_expect_eq(p->calibration->n_parameters, e->n_parameters);
  evidence_free(e);
  problem_free(p);
}
