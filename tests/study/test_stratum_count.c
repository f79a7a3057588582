/* Who is in which strata, and the refusal of problems that count people who are not there. */
#include "study/cohort_fixtures.h"
#include "study/strata.h"

#include <math.h>
#include <string.h>

#define FIXTURE_POPULATION STEPDOSE_SOURCE_DIR "/problems/mosunetuzumab-dlbcl-population.json"
#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

/* Of everybody, of nobody, and of the few with the largest tumours. */
#define STRATA                                                                                     \
  "/population/file/strata=["                                                                      \
  "{\"name\": \"all\", \"of\": \"tumor_burden\", \"from\": 0},"                                    \
  "{\"name\": \"nobody\", \"of\": \"tumor_burden\", \"below\": 1},"                                \
  "{\"name\": \"largest\", \"of\": \"tumor_burden\", \"from\": 1e11}]"
#define LIMIT_ON(stratum)                                                                          \
  "/limits=[{\"objective\": \"il6_peak\", \"window\": \"first_dose\", \"max_pg_mL\": 1000, "       \
  "\"probability_max\": 0.1, \"stratum\": \"" stratum "\"}]"

static stepdose_problem *read_with(const char *change, const char *more)
{
  const char *const changes[] = {STRATA, change, more};
  return fixture_problem(FIXTURE_POPULATION, changes, more != NULL ? 3 : 2);
}

Test(stratum_count, counts_are_those_of_the_patients_who_are_simulated)
{
  stepdose_problem *p = read_with("/population/patients=64", NULL);
  stratum_counts found;
  stepdose_error e;
  cr_assert(stratum_count(p, p->population_seed, p->patients, &found, &e), "%s", e.message);
  cohort_study *c = fixture_cohort(p, p->patients, 2);
  for (int s = 0; s < 3; s++) {
    cr_expect_eq(found.both[s][s], c->in_stratum[s], "stratum %d: %d, %d", s, found.both[s][s],
                 c->in_stratum[s]);
    cr_expect_eq(found.both[0][s], found.both[s][s], "everybody is in the first");
    cr_expect_eq(found.both[1][s], 0, "nobody is in the second");
  }
  cohort_study_free(c);
  stepdose_problem_free(p);
}

Test(stratum_count, a_limit_or_goal_that_counts_nobody_is_refused_before_anything_is_searched)
{
  static const struct {
    const char *change, *more, *pointer; /* NULL: nothing is refused */
  } cases[] = {
      {LIMIT_ON("all"), NULL, NULL},
      {LIMIT_ON("nobody"), NULL, "/limits/0"},
      {LIMIT_ON("nobody"), "/population=reference", NULL},
      {"/maximize/statistic=worst_stratum", NULL, "/maximize"},
      {"/maximize/statistic=worst_stratum", "/population/stratum=all", NULL},
      {"/maximize/statistic=mean", NULL, NULL},
      {"/pareto={\"goals\": [{\"maximize\": {\"objective\": \"tumor_control\", \"measure\": "
       "\"time_averaged_log10_kill\"}}, {\"minimize\": {\"objective\": \"il6_peak\", \"window\": "
       "\"first_dose\", \"stratum\": \"nobody\"}}]}",
       NULL, "/pareto/goals/1/minimize"},
  };
  for (size_t i = 0; i < COUNT(cases); i++) {
    stepdose_error e = {.code = STEPDOSE_OK};
    stepdose_problem *p = read_with(cases[i].change, cases[i].more);
    const bool can = study_can_count(p, &e);
    cr_expect_eq(can, cases[i].pointer == NULL, "case %zu: %s", i, e.message);
    cr_expect_eq(study_can_propose(p, &e), can, "case %zu: %s", i, e.message);
    cr_expect(can || (e.code == STEPDOSE_OUT_OF_RANGE && strcmp(e.pointer, cases[i].pointer) == 0 &&
                      strstr(e.message, "\"nobody\"") != NULL),
              "case %zu: %s: %s", i, e.pointer, e.message);
    stepdose_problem_free(p);
  }
}

/* Among 512 patients there are some with a largest tumour, among the first 4 of the next seed not.
 */
Test(stratum_count, a_limit_that_counts_nobody_of_the_verification_is_refused)
{
  static const char *const fresh[] = {"/verification={\"patients\": 4}",
                                      "/verification={\"patients\": 2048}"};
  for (int i = 0; i < 2; i++) {
    const char *const changes[] = {STRATA, LIMIT_ON("largest"), "/population/patients=512",
                                   fresh[i]};
    stepdose_error e = {.code = STEPDOSE_OK};
    stepdose_problem *p = fixture_problem(FIXTURE_POPULATION, changes, COUNT(changes));
    cr_expect(study_can_count(p, &e), "%s", e.message);
    cr_expect_eq(study_can_propose(p, &e), i == 1, "%s", e.message);
    cr_expect(i == 1 || (strcmp(e.pointer, "/limits/0") == 0 &&
                         strstr(e.message, "verification") != NULL),
              "%s: %s", e.pointer, e.message);
    stepdose_problem_free(p);
  }
}

Test(stratum_count, too_few_patients_for_regimens_by_stratum_are_refused_before_the_search)
{
  static const struct {
    const char *change, *of;
  } cases[] = {{"/population/patients=8", "of the search"},
               {"/verification={\"patients\": 8}", "of the verification"}};
  for (size_t i = 0; i < COUNT(cases); i++) {
    stepdose_error e = {.code = STEPDOSE_OK};
    stepdose_problem *p = fixture_problem(FIXTURE_POPULATION, &cases[i].change, 1);
    cr_expect_not(study_can_strata(p, &e), "case %zu", i);
    cr_expect(e.code == STEPDOSE_OUT_OF_RANGE && strstr(e.message, cases[i].of) != NULL &&
                  strstr(e.message, "tumor burden") != NULL,
              "case %zu: %s", i, e.message);
    stepdose_problem_free(p);
  }
}

/* Where nobody counts nothing is known, and nothing is said to hold. */
Test(stratum_count, a_risk_of_nobody_is_no_number_and_its_share_may_be_anything)
{
  static const limit_risk risks[] = {RISK_PROBABILITY, RISK_QUANTILE, RISK_TAIL_MEAN, RISK_MEAN};
  for (size_t i = 0; i < COUNT(risks); i++) {
    weighted_value values[8] = {{0, 0}};
    const limit l = {.kind = risks[i] == RISK_MEAN ? LIMIT_CRS_PROBABILITY : LIMIT_IL6_PEAK,
                     .bound = 0.5,
                     .risk = risks[i],
                     .share = 0.5};
    cohort_risk found;
    stepdose_error e;
    cr_assert(cohort_risk_of(&l, 0, 0, 1, 1, COUNT(values), values, &found, &e), "%s", e.message);
    cr_expect(isnan(found.value) && !found.holds && found.of == 0, "risk %zu: %g", i, found.value);
    const bool is_share = risks[i] == RISK_PROBABILITY || risks[i] == RISK_MEAN;
    cr_expect(is_share ? found.low <= 0 && found.high >= 1 : isnan(found.low) && isnan(found.high),
              "risk %zu: %g to %g", i, found.low, found.high);
  }
}

/* As in a first search on few of the patients: nobody there is no failure of the regimens, but
 * nothing is verified by nobody either. */
Test(stratum_count, a_search_goes_on_where_a_limit_counts_nobody_and_verifies_nothing)
{
  const char *const changes[] = {STRATA, LIMIT_ON("nobody"), "/population/patients=16",
                                 "/verification={\"patients\": 16, \"rounds\": 0}",
                                 "/search/evaluations_max=20"};
  char directory[64];
  stepdose_error e;
  stepdose_problem *problem = fixture_problem(FIXTURE_POPULATION, changes, COUNT(changes));
  const study_run run = {.directory = fixture_directory(directory), .threads = 2};
  study_proposal *p = study_propose(problem, &run, &e);
  cr_assert(p != NULL, "%s", e.message);
  cr_expect(p->evaluations > 0 && p->failures == 0 && p->has_regimen, "%ld of %ld failed",
            p->failures, p->evaluations);
  cr_expect_not(p->holds, "nobody says so");
  cr_expect_neq(p->status, STEPDOSE_STATUS_VERIFIED);
  study_proposal_free(p);
  stepdose_problem_free(problem);
  fixture_remove(directory);
}
