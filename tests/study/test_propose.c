/* What a proposal promises, on shipped problems with a small search. */
#include "regimen/event_table.h"
#include "study/fixtures.h"
#include "study/propose.h"

#include <math.h>
#include <string.h>

#define SMALL "/search/evaluations_max=500", "/search/starts=3"
#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static study_proposal *propose(const stepdose_problem *problem, const char *directory)
{
  stepdose_error error;
  study_run run = {.directory = directory, .threads = 2};
  study_proposal *p = study_propose(problem, &run, &error);
  cr_assert(p != NULL, "%s", error.message);
  return p;
}

static const char *const small[] = {SMALL};
static const char *const days[] = {"/search/evaluations_max=2000", "/search/starts=3"};
static const char *const any_steps[] = {"/search/evaluations_max=2000", "/search/starts=3",
                                        "/regimen/number_of_steps={\"min\":1,\"max\":3}"};
static const char *const no_limits[] = {SMALL, "/limits=[]"};

static const struct problem_case {
  const char *name, *path;
  const char *const *changes;
  size_t n_changes;
} feasible_cases[] = {
    {"main", FIXTURE_MAIN, small, COUNT(small)},
    {"days", FIXTURE_DAYS, days, COUNT(days)},
    {"number of steps free", FIXTURE_MAIN, any_steps, COUNT(any_steps)},
    {"no limits", FIXTURE_MAIN, no_limits, COUNT(no_limits)},
};

Test(study, a_verified_proposal_holds_when_its_file_is_simulated_anew)
{
  for (size_t i = 0; i < COUNT(feasible_cases); i++) {
    const struct problem_case *c = &feasible_cases[i];
    char directory[64];
    char path[128];
    schedule doses;
    stepdose_error error;
    assessment *anew = malloc(sizeof *anew);
    stepdose_problem *problem = fixture_problem(c->path, c->changes, c->n_changes);
    study_proposal *p = propose(problem, fixture_directory(directory));
    simulate_workspace *workspace = simulate_workspace_open(problem->model, &error);
    snprintf(path, sizeof path, "%s/regimen.csv", directory);
    cr_expect(p->status == STEPDOSE_STATUS_VERIFIED, "%s: %s", c->name,
              stepdose_status_name(p->status));
    cr_assert(event_table_read(path, problem, &doses, &error), "%s: %s", c->name, error.message);
    assess(problem, workspace, &doses, problem->tolerance / STUDY_TIGHTER, NULL, anew);
    cr_expect(assessment_holds(anew), "%s: margin %g", c->name, anew->worst_margin);
    cr_expect(anew->goal == p->verified.goal, "%s: goal %.17g, claimed %.17g", c->name, anew->goal,
              p->verified.goal);
    for (int k = 0; k < problem->n_limits; k++) {
      int worst = assessment_worst(anew, k);
      cr_expect(worst < 0 || anew->value[worst].value <= problem->limits[k].bound,
                "%s: limit %d is exceeded", c->name, k);
    }
    simulate_workspace_close(workspace);
    study_proposal_free(p);
    stepdose_problem_free(problem);
    fixture_remove(directory);
    free(anew);
  }
}

Test(study, without_a_grid_the_proposal_still_holds_at_the_tighter_tolerance)
{
  char directory[64];
  stepdose_problem *problem = fixture_problem(FIXTURE_MAIN, small, COUNT(small));
  problem->regimen.n_levels = 0;
  study_proposal *p = propose(problem, fixture_directory(directory));
  cr_expect(p->status == STEPDOSE_STATUS_VERIFIED, "%s after %d candidates, margin %g",
            stepdose_status_name(p->status), p->tried, p->verified.worst_margin);
  /* continuous optimum of landscape.md, benchmark L1: 1.898; it must beat the grid's 1.688 */
  cr_expect(p->verified.goal > 1.80, "goal %g", p->verified.goal);
  study_proposal_free(p);
  stepdose_problem_free(problem);
  fixture_remove(directory);
}

Test(study, near_optimal_regimens_are_within_the_loss_sorted_and_different)
{
  char directory[64];
  const char *const changes[] = {SMALL, "/search/near_optimal_loss=0.2"};
  stepdose_problem *problem = fixture_problem(FIXTURE_DAYS, changes, COUNT(changes));
  study_proposal *p = propose(problem, fixture_directory(directory));
  cr_assert(p->n_near > 1, "only %d near-optimal regimens", p->n_near);
  for (int i = 0; i < p->n_near; i++) {
    const near_regimen *n = &p->near[i];
    double loss = p->searched.goal - n->point->goal;
    cr_expect(loss <= 0.2 + 1e-9, "regimen %d: loss %g", i, loss);
    cr_expect(i == 0 || p->near[i - 1].verified.goal >= n->verified.goal, "regimen %d: order", i);
    cr_expect(n->less_drug == (n->verified.found.total_mg < p->verified.found.total_mg - 1e-6),
              "regimen %d: less drug", i);
    cr_expect(memcmp(&n->doses, &p->doses, sizeof p->doses) != 0, "regimen %d: the proposal", i);
  }
  study_proposal_free(p);
  stepdose_problem_free(problem);
  fixture_remove(directory);
}

Test(study, an_infeasible_problem_says_which_limit_blocks_and_what_it_would_have_to_be)
{
  char directory[64];
  stepdose_problem *problem = fixture_problem(FIXTURE_TIGHT, small, COUNT(small));
  study_proposal *p = propose(problem, fixture_directory(directory));
  cr_expect(p->status == STEPDOSE_STATUS_INFEASIBLE);
  cr_expect(study_blocking_limit(p) == 0, "blocking limit %d", study_blocking_limit(p));
  cr_assert(p->n_relaxations == problem->n_limits);
  /* landscape.md section 1: the smallest dose, 0.05 mg, has a first peak of 92 pg/mL */
  cr_expect(p->relaxation[0].possible);
  cr_expect(fabs(p->relaxation[0].bound_needed - 92) < 1, "%g", p->relaxation[0].bound_needed);
  cr_expect(!p->relaxation[1].possible, "later peaks alone cannot make it feasible");
  int later = assessment_worst(&p->verified, 1);
  cr_expect(later >= 0 && p->verified.value[later].margin <= 0,
            "the least violating regimen exceeds a second limit without need");
  study_proposal_free(p);
  stepdose_problem_free(problem);
  fixture_remove(directory);
}

Test(study, a_relaxed_problem_becomes_feasible_just_above_the_bound_that_is_needed)
{
  char directory[64];
  char change[64];
  stepdose_problem *tight = fixture_problem(FIXTURE_TIGHT, small, COUNT(small));
  study_proposal *p = propose(tight, fixture_directory(directory));
  double needed = p->relaxation[0].bound_needed;
  const double factor[] = {0.999, 1.001};
  for (int i = 0; i < 2; i++) {
    const char *const changes[] = {SMALL, change};
    snprintf(change, sizeof change, "/limits/0/max_pg_mL=%.10g", needed * factor[i]);
    stepdose_problem *moved = fixture_problem(FIXTURE_TIGHT, changes, COUNT(changes));
    study_proposal *q = propose(moved, directory);
    cr_expect(q->feasible == (i == 1), "bound %g x %g: %s", needed, factor[i],
              stepdose_status_name(q->status));
    study_proposal_free(q);
    stepdose_problem_free(moved);
  }
  study_proposal_free(p);
  stepdose_problem_free(tight);
  fixture_remove(directory);
}

Test(study, doses_at_an_end_of_their_range_are_named)
{
  char directory[64];
  const char *const changes[] = {SMALL, "/limits/0/max_pg_mL=92.6", "/limits/1/max_pg_mL=100000"};
  stepdose_problem *problem = fixture_problem(FIXTURE_MAIN, changes, COUNT(changes));
  study_proposal *p = propose(problem, fixture_directory(directory));
  /* landscape.md section 1: with the first peak alone limited the optimum is a corner:
   * smallest first dose, all others largest; here the limit leaves 0.05 mg only */
  cr_assert(p->status == STEPDOSE_STATUS_VERIFIED, "%s", stepdose_status_name(p->status));
  cr_assert(p->corner.n_bounds == 4, "%d bounds", p->corner.n_bounds);
  for (int i = 0; i < p->corner.n_bounds; i++) {
    cr_expect(p->corner.bound[i].lowest == (i == 0), "%s", p->corner.bound[i].variable->name);
  }
  cr_expect(fabs(p->verified.goal - 2.849) < 0.01, "goal %g, landscape.md: 2.849",
            p->verified.goal);
  study_proposal_free(p);
  stepdose_problem_free(problem);
  fixture_remove(directory);
}

Test(study, a_wish_to_stop_ends_the_run_as_interrupted)
{
  char directory[64];
  volatile int stop = 1;
  stepdose_error error;
  stepdose_settings settings = {.stop = &stop};
  progress *watched = progress_open(&settings);
  stepdose_problem *problem = fixture_problem(FIXTURE_MAIN, small, COUNT(small));
  study_run run = {.directory = fixture_directory(directory), .threads = 1, .progress = watched};
  study_proposal *p = study_propose(problem, &run, &error);
  cr_assert(p != NULL, "%s", error.message);
  cr_expect(p->status == STEPDOSE_STATUS_INTERRUPTED, "%s", stepdose_status_name(p->status));
  study_proposal_free(p);
  stepdose_problem_free(problem);
  progress_close(watched);
  fixture_remove(directory);
}

Test(study, the_number_of_threads_does_not_change_a_bit)
{
  char directory[64];
  stepdose_problem *problem = fixture_problem(FIXTURE_MAIN, small, COUNT(small));
  study_proposal *found[3];
  fixture_directory(directory);
  for (int i = 0; i < 3; i++) {
    stepdose_error error;
    study_run run = {.directory = directory, .threads = i + 1};
    found[i] = study_propose(problem, &run, &error);
    cr_assert(found[i] != NULL, "%s", error.message);
    cr_expect(memcmp(&found[i]->doses, &found[0]->doses, sizeof found[0]->doses) == 0);
    cr_expect(found[i]->verified.goal == found[0]->verified.goal);
    cr_expect(found[i]->evaluations == found[0]->evaluations,
              "%d threads: %ld evaluations, not %ld", i + 1, found[i]->evaluations,
              found[0]->evaluations);
  }
  for (int i = 0; i < 3; i++) {
    study_proposal_free(found[i]);
  }
  stepdose_problem_free(problem);
  fixture_remove(directory);
}
