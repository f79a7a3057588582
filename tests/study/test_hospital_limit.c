/* A limit on days in hospital in a search: kept, and not more than kept. */
#include "study/fixtures.h"
#include "study/front_brute.h"
#include "study/propose.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))
#define DAYS 2

static const char *const changes[] = {
    "/regimen/dose_grid_mg=[0.1,0.4,1,3,10,20,60]",
    "/regimen/number_of_steps={\"min\":1,\"max\":3}", "/search/evaluations_max=2000",
    "/search/starts=3", "/limits/-={\"objective\":\"treatment_burden\",\"hospital_days_max\":2}"};

static bool peaks_hold(const endpoints *e)
{
  bool hold = e->il6[0].value <= 1100;
  for (int w = 1; w < e->n_windows; w++) {
    hold = hold && e->il6[w].value <= 50;
  }
  return hold;
}

static bool judge(const endpoints *e, double value[FRONT_GOALS_MAX])
{
  value[0] = -e->log10_kill_average;
  return peaks_hold(e) && e->hospital_days <= DAYS;
}

static bool judge_without_limit(const endpoints *e, double value[FRONT_GOALS_MAX])
{
  value[0] = -e->log10_kill_average;
  return peaks_hold(e);
}

static double best_of(const front_brute *all)
{
  cr_assert_eq(all->n_front, 1);
  return -all->all[all->front[0]].goal[0];
}

Test(hospital_limit, the_proposal_keeps_it_and_is_the_best_that_does)
{
  char directory[64];
  stepdose_error error;
  stepdose_problem *problem = fixture_problem(FIXTURE_MAIN, changes, COUNT(changes));
  const study_run run = {.directory = fixture_directory(directory), .threads = 2};
  study_proposal *p = study_propose(problem, &run, &error);
  front_brute all = front_of(problem, 1, judge);
  front_brute wider = front_of(problem, 1, judge_without_limit);
  cr_assert(p != NULL, "%s", error.message);
  cr_expect_eq(p->status, STEPDOSE_STATUS_VERIFIED);
  cr_expect_leq(p->verified.found.hospital_days, DAYS);
  printf("%ld regimens: %.6f, %.6f with the limit, %.6f proposed (%g days)\n", all.n,
         best_of(&wider), best_of(&all), p->searched.goal, p->verified.found.hospital_days);
  cr_expect(fabs(p->searched.goal - best_of(&all)) <= 1e-9 * fabs(best_of(&all)));
  cr_expect_gt(best_of(&wider), best_of(&all), "the limit asks for nothing");
  front_brute_free(&all);
  front_brute_free(&wider);
  study_proposal_free(p);
  stepdose_problem_free(problem);
  fixture_remove(directory);
}
