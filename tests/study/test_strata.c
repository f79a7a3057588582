/* What regimens by stratum promise: a stratum that holds everybody wants what everybody wants, a
 * stratum never loses for the patients it was searched with, and nobody who judges was searched
 * with. */
#include "optimize/journal.h"
#include "study/cohort_fixtures.h"
#include "study/strata.h"

#include <math.h>
#include <string.h>

#define FIXTURE_POPULATION STEPDOSE_SOURCE_DIR "/problems/mosunetuzumab-dlbcl-population.json"
#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

/* Few patients, a short search: what is tested are properties, not the optimum. */
#define FEW                                                                                        \
  "/population/patients=48", "/search/evaluations_max=100", "/search/starts=1",                    \
      "/verification={\"patients\":128,\"rounds\":0}"

/* One stratum, of everybody. */
#define EVERYBODY "/population/file/strata=[{\"name\":\"all\",\"of\":\"tumor_burden\",\"from\":0}]"

static study_strata *compare(const stepdose_problem *problem, const char *directory, int threads)
{
  stepdose_error error;
  const study_run run = {.directory = directory, .threads = threads};
  study_strata *s = study_strata_run(problem, &run, &error);
  cr_assert(s != NULL, "%s", error.message);
  cr_assert(s->judged != NULL && s->n == problem->n_compared);
  return s;
}

Test(strata, a_stratum_of_everybody_wants_the_common_regimen)
{
  const char *const changes[] = {EVERYBODY, FEW};
  char directory[64];
  stepdose_problem *problem = fixture_problem(FIXTURE_POPULATION, changes, COUNT(changes));
  study_strata *s = compare(problem, fixture_directory(directory), 2);
  const stratum_answer *a = &s->stratum[0];
  cr_assert_eq(s->n, 1);
  cr_expect_eq(a->searched_patients, s->common->patients->seen->n_included);
  cr_expect_eq(a->gain.patients, s->judged->n_included);
  cr_expect_eq(a->searched_common, s->common->patients->seen->outcome[0].goal_value);
  cr_expect_eq(a->gain.common, s->judged->outcome[0].goal_value, "%.17g, %.17g", a->gain.common,
               s->judged->outcome[0].goal_value);
  cr_expect(a->gain.gain == s->overall.gain && a->gain.low == s->overall.low);
  study_strata_free(s);
  stepdose_problem_free(problem);
  fixture_remove(directory);
}

/* Restricted to a stratum of everybody nothing is restricted. */
Test(strata, a_proposal_for_a_stratum_of_everybody_is_the_proposal_for_all)
{
  const char *const changes[] = {EVERYBODY, FEW, "/population/stratum=all"};
  study_proposal *p[2];
  stepdose_problem *problem[2];
  for (int i = 0; i < 2; i++) {
    char directory[64];
    stepdose_error error;
    problem[i] = fixture_problem(FIXTURE_POPULATION, changes, COUNT(changes) - 1 + (size_t)i);
    const study_run run = {.directory = fixture_directory(directory), .threads = 2};
    p[i] = study_propose(problem[i], &run, &error);
    cr_assert(p[i] != NULL, "%s", error.message);
    fixture_remove(directory);
  }
  cr_expect(schedule_same(&p[0]->doses, &p[1]->doses));
  cr_expect(p[0]->evaluations == p[1]->evaluations && p[0]->status == p[1]->status);
  cr_expect_eq(p[0]->patients->fresh->outcome[0].goal_value,
               p[1]->patients->fresh->outcome[0].goal_value);
  for (int i = 0; i < 2; i++) {
    study_proposal_free(p[i]);
    stepdose_problem_free(problem[i]);
  }
}

/* The common regimen in the patients of the stratum's search (round -1) or of a round. */
static cohort_study *common_in(const stratum_answer *a, int round)
{
  stepdose_error error;
  const stepdose_problem *p = a->problem;
  cohort_request request = cohort_request_of(p, "common", stratum_common(a)->doses);
  request.alone = true;
  if (round >= 0) {
    request.patients = p->verification.patients;
    request.seed = study_fresh_seed(p, round);
    request.tolerance = p->tolerance / STUDY_TIGHTER;
  }
  cohort_study *c = cohort_study_run(&request, &error);
  cr_assert(c != NULL, "%s", error.message);
  return c;
}

/* Unless patients of the search, or those who verified the stratum's own, refuse the common one. */
static void expect_no_loss(const stratum_answer *a)
{
  const char *name = a->problem->population->stratum[a->stratum].name;
  cohort_study *seen = common_in(a, -1);
  cohort_study *fresh = common_in(a, 0);
  const double common = seen->outcome[0].goal_value;
  const bool allowed =
      cohort_outcome_holds(&seen->outcome[0]) && cohort_outcome_holds(&fresh->outcome[0]);
  cr_expect_eq(a->searched_common, common);
  if (a->source == STRATUM_SEARCHED) {
    cr_expect(a->searched_own >= common || !allowed, "%s: %.12g under its own, %.12g", name,
              a->searched_own, common);
  } else {
    cr_expect(schedule_same(&a->doses, stratum_common(a)->doses), "%s", name);
    cr_expect(a->gain.gain == 0 && a->gain.low == 0 && a->gain.high == 0, "%s", name);
  }
  cohort_study_free(fresh);
  cohort_study_free(seen);
}

static void expect_same(const study_strata *a, const study_strata *b, int threads)
{
  cr_expect(schedule_same(&a->common->doses, &b->common->doses), "%d threads", threads);
  cr_expect(a->status == b->status && memcmp(&a->overall, &b->overall, sizeof a->overall) == 0,
            "%d threads: gains %.17g, %.17g", threads, a->overall.gain, b->overall.gain);
  for (int i = 0; i < a->n; i++) {
    cr_expect(schedule_same(&a->stratum[i].doses, &b->stratum[i].doses), "%d threads", threads);
    cr_expect(a->stratum[i].evaluations == b->stratum[i].evaluations);
  }
}

/* Gains of the strata, weighted by their sizes, are the gain over all: nobody is in two of them. */
static void expect_whole(const study_strata *s)
{
  double gain = 0;
  int patients = 0;
  for (int i = 0; i < s->n; i++) {
    patients += s->stratum[i].gain.patients;
    gain += s->stratum[i].gain.gain * s->stratum[i].gain.patients;
  }
  cr_expect(patients == s->overall.patients && patients == s->judged->n_included);
  cr_expect_float_eq(s->overall.gain, gain / patients, 1e-12);
  cr_expect_float_eq(s->overall.common, s->judged->outcome[0].goal_value, 1e-12);
}

Test(strata, no_stratum_loses_and_threads_do_not_matter, .timeout = 300)
{
  const char *const changes[] = {FEW};
  study_strata *s[2];
  stepdose_problem *problem = fixture_problem(FIXTURE_POPULATION, changes, COUNT(changes));
  for (int i = 0; i < 2; i++) {
    char directory[64];
    s[i] = compare(problem, fixture_directory(directory), i + 1);
    fixture_remove(directory);
  }
  cr_assert(s[0]->n == 2 && problem->goal.statistic == STATISTIC_MEAN);
  for (int i = 0; i < s[0]->n; i++) {
    expect_no_loss(&s[0]->stratum[i]);
  }
  expect_whole(s[0]);
  expect_same(s[0], s[1], 2);
  cr_expect(s[0]->judged->seed != problem->population_seed &&
            s[0]->judged->seed != s[0]->common->patients->fresh->seed);
  for (int i = 0; i < 2; i++) {
    study_strata_free(s[i]);
  }
  stepdose_problem_free(problem);
}

/* Searches of strata have variables and journal alike, but other patients: an answer from another
 * stratum's record would change the regimen. */
Test(strata, searches_of_strata_are_kept_apart_in_the_journal, .timeout = 300)
{
  const char *const changes[] = {FEW, "/search/evaluations_max=40"};
  char directory[64], path[96];
  stepdose_error error;
  stepdose_problem *problem = fixture_problem(FIXTURE_POPULATION, changes, COUNT(changes));
  study_strata *plain = compare(problem, fixture_directory(directory), 2);
  study_run run = {.directory = directory, .threads = 2};
  snprintf(path, sizeof path, "%s/journal.bin", directory);
  for (int again = 0; again < 2; again++) {
    run.journal = journal_open(path, problem->hash, &error);
    cr_assert(run.journal != NULL, "%s", error.message);
    study_strata *s = study_strata_run(problem, &run, &error);
    cr_assert(s != NULL && journal_close(run.journal, &error), "%s", error.message);
    expect_same(plain, s, 2);
    cr_expect((s->common->journal_answers > 0) == (again > 0));
    study_strata_free(s);
  }
  study_strata_free(plain);
  stepdose_problem_free(problem);
  fixture_remove(directory);
}

Test(strata, what_cannot_be_compared_is_refused)
{
  static const struct {
    const char *change, *pointer;
  } cases[] = {
      {"/population=reference", "/population"},
      {"/population/file/strata=[]", "/population"},
      {"/population/stratum=low tumor burden", "/population/stratum"},
  };
  for (size_t i = 0; i < COUNT(cases); i++) {
    stepdose_error error = {.code = STEPDOSE_OK};
    stepdose_problem *problem = fixture_problem(FIXTURE_POPULATION, &cases[i].change, 1);
    cr_expect_not(study_can_strata(problem, &error), "%s", cases[i].change);
    cr_expect(error.code == STEPDOSE_CONTRADICTION && strcmp(error.pointer, cases[i].pointer) == 0,
              "%s: %s", cases[i].change, error.message);
    stepdose_problem_free(problem);
  }
}

/* Limits of patients who are not there cannot be judged. */
Test(strata, a_limit_on_another_stratum_is_left_out_of_the_problem_of_a_stratum)
{
  stepdose_problem *problem = fixture_risks(64);
  stepdose_error error;
  for (int stratum = 0; stratum < 2; stratum++) {
    int kept[PROBLEM_LIMITS_MAX];
    stepdose_problem *p = stratum_problem_open(problem, stratum, kept, &error);
    cr_assert(p != NULL, "%s", error.message);
    cr_expect_eq(p->n_limits, stratum == 0 ? 3 : 4); /* the second counts high tumour burden */
    for (int k = 0; k < p->n_limits; k++) {
      cr_expect(strcmp(p->limits[k].pointer, problem->limits[kept[k]].pointer) == 0);
    }
    cr_expect(p->population != problem->population && problem->population->only_stratum == 0);
    stratum_problem_free(p);
  }
  stepdose_problem_free(problem);
}
