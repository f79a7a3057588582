/* What a proposal over virtual patients promises: the same patients for every candidate, fresh ones
 * for the verdict, and an answer to those who break it. Benchmarks L2 and L3 at full size: bench.
 */
#include "study/cohort_fixtures.h"
#include "study/propose.h"

#include <math.h>
#include <string.h>

#define FIXTURE_POPULATION STEPDOSE_SOURCE_DIR "/problems/mosunetuzumab-dlbcl-population.json"
#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

/* Few patients, a short search: what is tested are properties, not the optimum. */
#define FEW "/population/patients=32", "/search/evaluations_max=160", "/search/starts=2"

static study_proposal *propose(const stepdose_problem *problem, const char *directory, int threads)
{
  stepdose_error error;
  const study_run run = {.directory = directory, .threads = threads};
  study_proposal *p = study_propose(problem, &run, &error);
  cr_assert(p != NULL, "%s", error.message);
  cr_assert(p->patients != NULL && p->patients->n_rounds > 0);
  return p;
}

static const patients_round *last_round(const study_proposal *p)
{
  return &p->patients->round[p->patients->n_rounds - 1];
}

/* The search's own verdict on its best point and that of a cohort simulated by itself. */
Test(propose_patients, what_the_search_saw_is_what_its_patients_say)
{
  const char *const changes[] = {FEW, "/verification={\"patients\":128,\"rounds\":0}"};
  char directory[64];
  stepdose_problem *problem = fixture_problem(FIXTURE_POPULATION, changes, COUNT(changes));
  study_proposal *p = propose(problem, fixture_directory(directory), 2);
  const patients_round *r = last_round(p);
  const regimen_evaluation *e = p->branch[p->chosen_branch].evaluation;
  cr_assert(p->feasible);
  cr_expect_float_eq(r->searched_goal, p->chosen->goal, 1e-9 * fabs(p->chosen->goal),
                     "%.12g, %.12g", r->searched_goal, p->chosen->goal);
  for (int k = 0; k < problem->n_limits; k++) {
    const double margin = regimen_limit_margin(e, p->chosen, k);
    cr_expect_float_eq(r->searched_margin[k], margin, 1e-9, "limit %d: %.12g, %.12g", k,
                       r->searched_margin[k], margin);
  }
  study_proposal_free(p);
  stepdose_problem_free(problem);
  fixture_remove(directory);
}

Test(propose_patients, nobody_who_judges_was_searched_with)
{
  const char *const changes[] = {FEW, "/verification={\"patients\":128,\"rounds\":3}"};
  char directory[64];
  stepdose_problem *problem = fixture_problem(FIXTURE_POPULATION, changes, COUNT(changes));
  study_proposal *p = propose(problem, fixture_directory(directory), 2);
  const cohort_study *seen = p->patients->seen;
  const cohort_study *fresh = p->patients->fresh;
  cr_expect(seen->n_patients == 32 && fresh->n_patients == 128);
  cr_expect(fresh->tolerance < seen->tolerance);
  for (int i = 0; i < p->patients->n_rounds; i++) {
    cr_expect(p->patients->round[i].seed != problem->population_seed);
    for (int j = 0; j < i; j++) {
      cr_expect(p->patients->round[i].seed != p->patients->round[j].seed, "rounds %d, %d", i, j);
    }
  }
  for (int i = 0; i < seen->n_patients; i++) {
    for (int j = 0; j < fresh->n_patients; j++) {
      cr_expect(seen->covariate[(long)i * seen->n_covariates] !=
                    fresh->covariate[(long)j * fresh->n_covariates],
                "patient %d of the search is patient %d of the verification", i, j);
    }
  }
  study_proposal_free(p);
  stepdose_problem_free(problem);
  fixture_remove(directory);
}

/* With few patients the best regimen for them is too bold for others. Several populations: in some
 * of them the first answer must fail, or there is nothing to repair. */
Test(propose_patients, a_failure_in_fresh_patients_is_found_and_repaired, .timeout = 600)
{
  int failed_at_first = 0;
  int repaired = 0;
  int held = 0;
  for (int seed = 1; seed <= 4; seed++) {
    char own[64];
    char directory[64];
    snprintf(own, sizeof own, "/population/seed=%d", 10 * seed);
    const char *const changes[] = {own, FEW, "/verification={\"patients\":192,\"rounds\":6}"};
    stepdose_problem *problem = fixture_problem(FIXTURE_POPULATION, changes, COUNT(changes));
    study_proposal *p = propose(problem, fixture_directory(directory), 2);
    const patients_round *first = &p->patients->round[0];
    const patients_round *last = last_round(p);
    failed_at_first += !first->holds;
    repaired += !first->holds && last->holds;
    held += last->holds;
    cr_expect((p->status == STEPDOSE_STATUS_VERIFIED) == (p->feasible && last->holds) ||
                  p->status == STEPDOSE_STATUS_INTERRUPTED,
              "seed %d: %s", seed, stepdose_status_name(p->status));
    for (int k = 0; k < problem->n_limits; k++) {
      cr_expect(!last->holds || problem->limits[k].risk != RISK_PROBABILITY ||
                    last->fresh[k] <= problem->limits[k].share,
                "seed %d, limit %d: %g", seed, k, last->fresh[k]);
    }
    cr_expect(last->holds || p->patients->n_rounds > 1, "seed %d: no attempt was made", seed);
    study_proposal_free(p);
    stepdose_problem_free(problem);
    fixture_remove(directory);
  }
  cr_expect(failed_at_first > 0, "nothing failed: the test shows nothing");
  cr_expect(repaired > 0 && held >= 3, "%d failed at first, %d repaired, %d of 4 held",
            failed_at_first, repaired, held);
}

Test(propose_patients, threads_do_not_change_the_answer)
{
  const char *const changes[] = {FEW, "/verification={\"patients\":128,\"rounds\":1}"};
  char directory[3][64];
  study_proposal *p[3];
  stepdose_problem *problem = fixture_problem(FIXTURE_POPULATION, changes, COUNT(changes));
  for (int i = 0; i < 3; i++) {
    p[i] = propose(problem, fixture_directory(directory[i]), i + 1);
  }
  for (int i = 1; i < 3; i++) {
    const patients_round *a = last_round(p[0]);
    const patients_round *b = last_round(p[i]);
    cr_expect(a->searched_goal == b->searched_goal && a->fresh_goal == b->fresh_goal,
              "%d threads: %.17g, %.17g", i + 1, a->fresh_goal, b->fresh_goal);
    cr_expect(
        memcmp(a->fresh_margin, b->fresh_margin, (size_t)problem->n_limits * sizeof(double)) == 0);
    cr_expect(p[0]->evaluations == p[i]->evaluations);
  }
  for (int i = 0; i < 3; i++) {
    study_proposal_free(p[i]);
    fixture_remove(directory[i]);
  }
  stepdose_problem_free(problem);
}

Test(propose_patients, forms_of_one_risk_agree_on_who_may_pass)
{
  static const char *const limits[] = {
      "/limits/0={\"objective\":\"il6_peak\",\"window\":\"first_dose\",\"max_pg_mL\":1000,"
      "\"probability_max\":0.1}",
      "/limits/0={\"objective\":\"il6_peak\",\"window\":\"first_dose\",\"max_pg_mL\":1000,"
      "\"quantile\":0.9}",
      "/limits/0={\"objective\":\"il6_peak\",\"window\":\"first_dose\",\"max_pg_mL\":1000,"
      "\"cvar\":0.9}"};
  double risk_margin_of[3];
  for (int i = 0; i < 3; i++) {
    stepdose_error error;
    const char *const changes[] = {"/population/patients=64", limits[i]};
    stepdose_problem *problem = fixture_problem(FIXTURE_POPULATION, changes, 2);
    cohort_request request = cohort_request_of(problem, "approved", &problem->comparators[0].doses);
    cohort_study *c = cohort_study_run(&request, &error);
    cr_assert(c != NULL, "%s", error.message);
    risk_margin_of[i] = c->outcome[0].risk[cohort_outcome_worst(&c->outcome[0], 0)].margin;
    cohort_study_free(c);
    stepdose_problem_free(problem);
  }
  cr_expect(risk_margin_of[0] == risk_margin_of[1], "a share of 10 %% is the 90 %% quantile");
  cr_expect(risk_margin_of[2] > risk_margin_of[1], "the tail is worse than its quantile");
}
