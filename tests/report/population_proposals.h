/* Proposals over a few virtual patients: one dose on a grid, one limit, 16 patients in the search
 * and 256 fresh ones. The patients of seed 9 are kinder than most: the best dose for them is too
 * much for others. */
#ifndef TESTS_REPORT_POPULATION_PROPOSALS_H
#define TESTS_REPORT_POPULATION_PROPOSALS_H

#include "study/fixtures.h"

#define SMALL_LIMIT                                                                                \
  "{\"objective\":\"il6_peak\",\"window\":{\"from_day\":7,\"to_day\":21},\"max_pg_mL\":%.17g,"     \
  "\"probability_max\":%.17g}"

enum { SMALL_PATIENTS = 16, SMALL_FRESH = 256, SMALL_SEED = 9 };

static inline stepdose_problem *small_problem(double max_pg_mL, double share, int rounds)
{
  char limits[256], verification[96];
  const char *const changes[] = {
      "/horizon_days=42",
      "/population/patients=16",
      "/population/seed=9",
      "/regimen/steps=[{\"day\":0,\"dose_mg\":0.8},"
      "{\"day\":7,\"dose_mg\":{\"min\":0.4,\"max\":60}}]",
      "/regimen/maintenance={\"first_day\":21,\"every_days\":21,\"doses\":1,\"dose_mg\":60}",
      "/regimen/dose_grid_mg=[0.4,0.8,1.6,3,6,10,20,40,60]",
      "/search/evaluations_max=60",
      "/search/starts=1",
      "/search/near_optimal_loss=0.5",
      limits,
      verification};
  snprintf(limits, sizeof limits, "/limits=[" SMALL_LIMIT "]", max_pg_mL, share);
  snprintf(verification, sizeof verification, "/verification={\"patients\":256,\"rounds\":%d}",
           rounds);
  return fixture_problem(STEPDOSE_SOURCE_DIR "/problems/mosunetuzumab-dlbcl-population.json",
                         changes, sizeof changes / sizeof changes[0]);
}

/* The caller frees. */
static inline stepdose_result *small_proposal(const stepdose_problem *problem,
                                              const char *directory)
{
  stepdose_error error = {.code = STEPDOSE_OK};
  stepdose_settings settings = stepdose_settings_default();
  settings.threads = 2;
  stepdose_result *result = stepdose_propose(problem, &settings, directory, &error);
  cr_assert(result != NULL, "%s", error.message);
  return result;
}

#endif
