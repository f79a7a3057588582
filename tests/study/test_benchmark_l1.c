/* Benchmark L1 (the shipped main problem): doses on days 0, 7, 14 and every 21 days from day 21,
 * first IL-6 peak <= 1100, later ones <= 50 pg/mL. Best known, from a study with another program
 * (fixed-step RK4, all 4845 regimens of the grid): continuous optimum 1.898, on the grid 1/10/10/10
 * mg with 1.688. Feasibility is checked by the independent oracle. */
#include "simulate/oracle.inc"
#include "study/fixtures.h"
#include "study/propose.h"

#include <math.h>

enum { SEEDS = 10, SAMPLES = 8401 };

static study_proposal *propose(const stepdose_problem *problem, const char *directory)
{
  stepdose_error error;
  const study_run run = {.directory = directory, .threads = 2};
  study_proposal *p = study_propose(problem, &run, &error);
  cr_assert(p != NULL, "%s", error.message);
  return p;
}

static void expect_best_known(const study_proposal *p, int seed)
{
  static const double mg[] = {1, 10, 10, 10, 10, 10};
  const search_outcome *o = &p->branch[p->chosen_branch].outcome;
  cr_expect_eq(p->status, STEPDOSE_STATUS_VERIFIED, "seed %d", seed);
  cr_expect(fabs(o->continuous.goal / 1.898 - 1) < 0.005, "seed %d: continuous %.5f", seed,
            o->continuous.goal);
  cr_expect(fabs(p->verified.goal - 1.688) < 0.002, "seed %d: on the grid %.5f", seed,
            p->verified.goal);
  cr_assert_eq(p->doses.n_doses, 6, "seed %d", seed);
  for (int i = 0; i < 6; i++) {
    cr_expect_eq(p->doses.doses[i].amount, mg[i], "seed %d, dose %d: %.17g mg", seed, i + 1,
                 p->doses.doses[i].amount);
  }
  cr_expect(o->neighbours_complete, "seed %d", seed);
}

/* Largest IL-6 of the oracle before and after day 7, on a grid of 0.01 days; between grid points
 * the first peak is at most 0.2 % higher. */
static void expect_feasible_for_the_oracle(const stepdose_problem *problem, const schedule *doses)
{
  static double day[SAMPLES], value[SAMPLES * OUTPUT_COUNT];
  double first = 0, later = 0;
  for (int i = 0; i < SAMPLES; i++) {
    day[i] = i * 0.01;
  }
  cr_assert(oracle_run(problem->parameters, doses, SAMPLES, day, 1e-8, value));
  for (int i = 0; i < SAMPLES; i++) {
    const double il6 = value[i * OUTPUT_COUNT + OUTPUT_IL6];
    first = day[i] < 7 ? fmax(first, il6) : first;
    later = day[i] >= 7 ? fmax(later, il6) : later;
  }
  cr_expect_lt(first * 1.002, 1100, "oracle: first peak %g", first);
  cr_expect_lt(later * 1.002, 50, "oracle: later peaks %g", later);
}

Test(benchmark_l1, every_seed_finds_the_best_known_regimen)
{
  for (int seed = 1; seed <= SEEDS; seed++) {
    char change[64], directory[64];
    snprintf(change, sizeof change, "/search/seed=%d", seed);
    const char *const changes[] = {change};
    stepdose_problem *problem = fixture_problem(FIXTURE_MAIN, changes, 1);
    study_proposal *p = propose(problem, fixture_directory(directory));
    expect_best_known(p, seed);
    if (seed == 1) {
      expect_feasible_for_the_oracle(problem, &p->doses);
    }
    study_proposal_free(p);
    problem_free(problem);
    fixture_remove(directory);
  }
}
