/* Limits and goals over virtual patients: what a file says of them arrives in the typed problem.
 * What is refused, and where: problems/invalid. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "problem/problem.h"

#define PATIENTS STEPDOSE_SOURCE_DIR "/tests/data/problem/patients.json"
#define COHORT STEPDOSE_SOURCE_DIR "/problems/mosunetuzumab-dlbcl-population.json"
#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static stepdose_problem *read_with(const char *path, const char *const *changes, size_t n)
{
  stepdose_error e = {.code = STEPDOSE_OK};
  stepdose_problem *p = problem_read(path, changes, n, &e);
  cr_assert_not_null(p, "%s: %s: %s", path, e.pointer, e.message);
  return p;
}

static bool warns(const stepdose_problem *p, const char *of)
{
  for (int i = 0; i < p->n_warnings; i++) {
    if (strstr(p->warnings[i], of) != NULL) {
      return true;
    }
  }
  return false;
}

/* The limits of tests/data/problem/patients.json, one line for each bound and tissue. */
static const struct {
  limit_kind kind;
  double bound;
  limit_risk risk;
  double share;
  int stratum;
} expected[] = {
    {LIMIT_CRS_PROBABILITY, 0.1, RISK_MEAN, 0, LIMIT_ALL_PATIENTS},
    {LIMIT_CRS_PROBABILITY, 0.3, RISK_MEAN, 0, 0},
    {LIMIT_CRS_DRIVE, 100, RISK_PROBABILITY, 0.2, LIMIT_ALL_PATIENTS},
    {LIMIT_CRS_DRIVE, 400, RISK_PROBABILITY, 0.05, LIMIT_ALL_PATIENTS},
    {LIMIT_CRS_DRIVE, 100, RISK_TAIL_MEAN, 0.5, LIMIT_ALL_PATIENTS},
    {LIMIT_IL6_PEAK, 1000, RISK_QUANTILE, 0.9, LIMIT_ALL_PATIENTS},
    {LIMIT_IL6_PEAK, 1000, RISK_QUANTILE, 0.75, 0},
    {LIMIT_DAMAGE, 0.5, RISK_PROBABILITY, 0.02, LIMIT_ALL_PATIENTS}, /* health of grade 3: 0.5 */
    {LIMIT_DAMAGE, 0.5, RISK_PROBABILITY, 0.02, LIMIT_ALL_PATIENTS},
    {LIMIT_DAMAGE, 0.2, RISK_TAIL_MEAN, 0.9, 1},
    {LIMIT_ACTIVATED_CD8, 0.5, RISK_PROBABILITY, 0.1, LIMIT_ALL_PATIENTS},
    {LIMIT_ACTIVATED_SITE, 0.4, RISK_PROBABILITY, 0.1, LIMIT_ALL_PATIENTS},
    {LIMIT_ACTIVATED_CD8, 0.9, RISK_NONE, 0, LIMIT_ALL_PATIENTS},
    {LIMIT_TOTAL_MG, 100, RISK_MEAN, 0, LIMIT_ALL_PATIENTS},
};

static void expect_limits(const stepdose_problem *p, bool one_patient)
{
  cr_assert_eq(p->n_limits, (int)COUNT(expected));
  for (size_t i = 0; i < COUNT(expected); i++) {
    const limit *l = &p->limits[i];
    const bool ignored = one_patient && expected[i].stratum >= 0;
    cr_expect(l->kind == expected[i].kind && fabs(l->bound - expected[i].bound) < 1e-15,
              "limit %zu: kind %d, bound %g", i, (int)l->kind, l->bound);
    cr_expect(l->risk == expected[i].risk && l->share == expected[i].share,
              "limit %zu: risk %d, share %g", i, (int)l->risk, l->share);
    cr_expect_eq(l->stratum, ignored ? LIMIT_STRATUM_IGNORED : expected[i].stratum,
                 "limit %zu: stratum %d", i, l->stratum);
  }
}

Test(risks, each_limit_has_the_risk_and_the_patients_that_it_names)
{
  stepdose_problem *p = read_with(PATIENTS, NULL, 0);
  expect_limits(p, false);
  cr_expect(!warns(p, "reference patient"));
  problem_free(p);
}

Test(risks, a_problem_of_patients_is_one_of_the_reference_patient_too)
{
  static const char *const reference[] = {"/population=reference"};
  stepdose_problem *p = read_with(PATIENTS, reference, 1);
  int n = 0;
  expect_limits(p, true);
  for (int i = 0; i < p->n_warnings; i++) {
    n += strstr(p->warnings[i], "the reference patient alone") != NULL;
  }
  cr_expect_eq(n, 1, "warned %d times", n);
  cr_expect(warns(p, "\"stratum\", \"probability_max\", \"cvar\", \"quantile\", \"statistic\""),
            "%s", p->warnings[p->n_warnings - 1]);
  problem_free(p);
}

/* Nothing is said in vain where only the probability of one patient is bounded. */
Test(risks, a_probability_of_one_patient_is_not_warned_about)
{
  static const char *const changes[] = {
      "/population=reference", "/maximize={\"objective\": \"tumor_control\"}",
      "/limits=[{\"objective\": \"crs\", \"grade_at_least\": 2, \"probability_max\": 0.1}]"};
  stepdose_problem *p = read_with(PATIENTS, changes, COUNT(changes));
  cr_expect(!warns(p, "reference patient alone"));
  problem_free(p);
}

/* Peaks of patients who progress count up to then; one patient is followed to the end. */
Test(risks, virtual_patients_are_looked_at_until_they_progress)
{
  static const char *const reference[] = {"/population=reference"};
  stepdose_problem *p = read_with(PATIENTS, NULL, 0);
  cr_expect(p->request.until_progression);
  problem_free(p);
  p = read_with(PATIENTS, reference, 1);
  cr_expect(!p->request.until_progression);
  problem_free(p);
}

/* Two limits on the same values of the same patients, written as "bound, risk". */
static const struct {
  const char *first, *second;
  bool allowed;
} pairs[] = {
    {"1000, \"probability_max\": 0.1", "2000, \"probability_max\": 0.01", true},
    {"2000, \"probability_max\": 0.01", "1000, \"probability_max\": 0.1", true},
    {"1000, \"probability_max\": 0.01", "2000, \"probability_max\": 0.1", false},
    {"1000, \"probability_max\": 0.1", "2000, \"probability_max\": 0.1", false},
    {"1000, \"probability_max\": 0.1", "1000, \"probability_max\": 0.2", false},
    {"1000, \"probability_max\": 0.1", "1000, \"probability_max\": 0.1", false},
    {"1000, \"quantile\": 0.9", "2000, \"quantile\": 0.99", true},
    {"1000, \"quantile\": 0.99", "2000, \"quantile\": 0.9", false},
    {"1000, \"probability_max\": 0.1", "1000, \"quantile\": 0.9", false}, /* the same */
    {"1000, \"probability_max\": 0.3", "1000, \"quantile\": 0.7", false},
    {"1000, \"probability_max\": 0.1", "2000, \"quantile\": 0.95", true},
    {"1000, \"probability_max\": 0.1", "1000, \"cvar\": 0.9", true},
    {"1000, \"cvar\": 0.5", "2000, \"cvar\": 0.9", true},
    {"1000, \"cvar\": 0.9", "2000, \"cvar\": 0.5", false},
    {"1000", "2000, \"probability_max\": 0.1", false},
    {"1000", "2000", false},
    {"1000, \"quantile\": 0.9, \"stratum\": \"low tumor burden\"", "1000, \"quantile\": 0.9", true},
    {"1000, \"quantile\": 0.9, \"stratum\": \"low tumor burden\"",
     "500, \"quantile\": 0.9, \"stratum\": \"high tumor burden\"", true},
    {"1000, \"quantile\": 0.9, \"stratum\": \"low tumor burden\"",
     "500, \"quantile\": 0.9, \"stratum\": \"low tumor burden\"", false},
};

Test(risks, two_limits_on_the_same_say_different_things_or_one_is_refused)
{
  for (size_t i = 0; i < COUNT(pairs); i++) {
    char limits[400];
    stepdose_error e = {.code = STEPDOSE_OK};
    const char *changes[] = {limits};
    snprintf(limits, sizeof limits,
             "/limits=[{\"objective\": \"il6_peak\", \"max_pg_mL\": %s}, "
             "{\"objective\": \"il6_peak\", \"max_pg_mL\": %s}]",
             pairs[i].first, pairs[i].second);
    stepdose_problem *p = problem_read(COHORT, changes, 1, &e);
    cr_expect_eq(p != NULL, pairs[i].allowed, "%s and %s: %s", pairs[i].first, pairs[i].second,
                 e.message);
    cr_expect_eq(e.code, pairs[i].allowed ? STEPDOSE_OK : STEPDOSE_CONTRADICTION);
    cr_expect(p != NULL || strcmp(e.pointer, "/limits/1/max_pg_mL") == 0, "%s", e.pointer);
    problem_free(p);
  }
}

/* What is allowed for patients is not refused for the reference patient. */
Test(risks, limits_of_patients_are_never_refused_for_the_reference_patient)
{
  for (size_t i = 0; i < COUNT(pairs); i++) {
    char limits[400];
    const char *changes[] = {"/population=reference", limits};
    snprintf(limits, sizeof limits,
             "/limits=[{\"objective\": \"il6_peak\", \"max_pg_mL\": %s}, "
             "{\"objective\": \"il6_peak\", \"max_pg_mL\": %s}]",
             pairs[i].first, pairs[i].second);
    if (pairs[i].allowed) {
      problem_free(read_with(COHORT, changes, 2));
    }
  }
}

Test(risks, an_unknown_stratum_is_told_the_nearest)
{
  static const char *const changes[] = {"/limits/0/stratum=heavily B-depletd"};
  stepdose_error e = {.code = STEPDOSE_OK};
  cr_expect_null(problem_read(COHORT, changes, 1, &e));
  cr_expect_eq(e.code, STEPDOSE_UNKNOWN_NAME);
  cr_expect_str_eq(e.pointer, "/limits/0/stratum");
  cr_expect_not_null(strstr(e.remedy, "did you mean \"heavily B-depleted\"?"), "%s", e.remedy);
}

Test(risks, every_statistic_of_the_goal_is_read)
{
  static const struct {
    const char *words;
    goal_statistic statistic;
    double share;
  } cases[] = {
      {"\"statistic\": \"mean\"", STATISTIC_MEAN, 0},
      {"\"statistic\": \"median\"", STATISTIC_MEDIAN, 0},
      {"\"statistic\": \"quantile\", \"share\": 0.1", STATISTIC_QUANTILE, 0.1},
      {"\"statistic\": \"worst_stratum\"", STATISTIC_WORST_STRATUM, 0},
      {"\"measure\": \"response_rate\"", STATISTIC_MEAN, 0},
      {"\"measure\": \"response_rate\", \"statistic\": \"worst_stratum\"", STATISTIC_WORST_STRATUM,
       0},
  };
  for (size_t i = 0; i < COUNT(cases); i++) {
    char set[200];
    const char *changes[] = {set, "/population=reference"};
    snprintf(set, sizeof set, "/maximize={\"objective\": \"tumor_control\", %s}", cases[i].words);
    for (size_t n = 1; n <= 2; n++) { /* of the patients, of the reference patient */
      stepdose_problem *p = read_with(COHORT, changes, n);
      cr_expect(p->goal.statistic == cases[i].statistic && p->goal.share == cases[i].share, "%s",
                cases[i].words);
      cr_expect_eq(warns(p, "gamed"), p->goal.measure == MEASURE_RESPONSE_RATE, "%s",
                   cases[i].words);
      problem_free(p);
    }
  }
}
