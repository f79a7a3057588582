/* Problems and studies of rules after a missed dose, small enough for tests. */
#ifndef TESTS_STUDY_RESTART_FIXTURES_H
#define TESTS_STUDY_RESTART_FIXTURES_H

#include "study/fixtures.h"
#include "study/restart.h"

#define FIXTURE_TECLISTAMAB STEPDOSE_SOURCE_DIR "/problems/synapse-teclistamab-myeloma.json"
#define FIXTURE_ELRANATAMAB STEPDOSE_SOURCE_DIR "/problems/synapse-elranatamab-myeloma.json"
#define FIXTURE_EPCORITAMAB STEPDOSE_SOURCE_DIR "/problems/synapse-epcoritamab-dlbcl.json"

/* Few patients (0: the reference patient), few gaps. `further`: one more change, or NULL. */
static inline stepdose_problem *fixture_gaps(const char *path, int patients, int gap_days_max,
                                             int gap_days_step, int doses_max, const char *further)
{
  char people[64], gaps[160];
  const char *const changes[] = {people, gaps, further};
  if (patients == 0) {
    snprintf(people, sizeof people, "/population=reference");
  } else {
    snprintf(people, sizeof people, "/population/patients=%d", patients);
  }
  snprintf(gaps, sizeof gaps,
           "/restart={\"gap_days_max\":%d,\"gap_days_step\":%d,\"doses_max\":%d}", gap_days_max,
           gap_days_step, doses_max);
  return fixture_problem(path, changes, further != NULL ? 3 : 2);
}

static inline const schedule *fixture_approved(const stepdose_problem *problem)
{
  return &problem->comparators[0].doses;
}

static inline study_restart *fixture_rules(const stepdose_problem *problem, int threads)
{
  stepdose_error error = {.code = STEPDOSE_OK};
  study_restart *r = study_restart_run(problem, fixture_approved(problem), threads, NULL, &error);
  cr_assert(r != NULL, "%s", error.message);
  return r;
}

static inline const restart_gap *fixture_gap(const study_restart *r, int number, double days)
{
  for (int i = 0; i < r->n_doses; i++) {
    for (int g = 0; r->dose[i].number == number && g < r->dose[i].n_gaps; g++) {
      if (r->dose[i].gap[g].days == days) {
        return &r->dose[i].gap[g];
      }
    }
  }
  cr_assert_fail("no gap of %g days after dose %d", days, number);
  return NULL;
}

#endif
