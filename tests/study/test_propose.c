/* What a proposal promises, on shipped problems with a small search. */
#include "base/file.h"
#include "regimen/event_table.h"
#include "study/cost.h"
#include "study/fixtures.h"
#include "study/propose.h"
#include "study/simulate_study.h"

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

Test(study, a_budget_too_small_to_find_anything_is_not_called_infeasible)
{
  static const int budgets[] = {1, 2, 5, 10, 20};
  char directory[64];
  fixture_directory(directory);
  for (size_t i = 0; i < COUNT(budgets); i++) {
    char change[64];
    const char *const changes[] = {change};
    snprintf(change, sizeof change, "/search/evaluations_max=%d", budgets[i]);
    stepdose_problem *problem = fixture_problem(FIXTURE_MAIN, changes, 1);
    study_proposal *p = propose(problem, directory);
    /* landscape.md: 1/10/10/10 mg meets the limits, so that the problem is feasible */
    cr_expect(p->status == STEPDOSE_STATUS_INTERRUPTED, "%d evaluations: %s", budgets[i],
              stepdose_status_name(p->status));
    cr_expect(p->has_regimen, "%d evaluations: nothing to show", budgets[i]);
    cr_expect(p->budget_used_up, "%d evaluations", budgets[i]);
    study_proposal_free(p);
    stepdose_problem_free(problem);
  }
  fixture_remove(directory);
}

Test(study, a_problem_of_which_nothing_can_be_simulated_is_an_error_with_day_and_state)
{
  const char *const changes[] = {SMALL, FIXTURE_CANNOT_BE_SIMULATED};
  char directory[64];
  stepdose_error error;
  stepdose_problem *problem = fixture_problem(FIXTURE_MAIN, changes, COUNT(changes));
  const study_run run = {.directory = fixture_directory(directory), .threads = 2};
  cr_expect(study_propose(problem, &run, &error) == NULL);
  cr_expect(error.code == STEPDOSE_SIMULATION_FAILED, "%s", error.message);
  cr_expect(strstr(error.message, "day 21.0") != NULL, "%s", error.message);
  cr_expect(strstr(error.message, "state tumor") != NULL, "%s", error.message);
  cr_expect(stepdose_code_exit(error.code) == 2);
  stepdose_problem_free(problem);
  fixture_remove(directory);
}

Test(study, all_evaluations_are_counted_and_stay_within_what_check_says)
{
  static const char *const paths[] = {FIXTURE_MAIN, FIXTURE_TIGHT, FIXTURE_DAYS};
  char directory[64];
  fixture_directory(directory);
  for (size_t i = 0; i < COUNT(paths); i++) {
    stepdose_error error;
    study_cost cost;
    long branches = 0;
    stepdose_problem *problem = fixture_problem(paths[i], small, COUNT(small));
    problem->regimen.n_levels = i == 0 ? 0 : problem->regimen.n_levels; /* needs a repair */
    study_proposal *p = propose(problem, directory);
    cr_assert(study_estimate_cost(problem, 1, &cost, &error), "%s", error.message);
    for (int b = 0; b < p->n_branches; b++) {
      branches += p->branch[b].outcome.evaluations;
    }
    long beyond = p->evaluations_relax + p->evaluations_repair;
    cr_expect(p->evaluations == branches + beyond, "%s: %ld", paths[i], p->evaluations);
    cr_expect(branches <= cost.evaluations_most, "%s: %ld", paths[i], branches);
    cr_expect(beyond <= cost.evaluations_beyond, "%s: %ld of %ld", paths[i], beyond,
              cost.evaluations_beyond);
    cr_expect((p->evaluations_relax > 0) == (i == 1), "%s", paths[i]);
    cr_expect((p->evaluations_repair > 0) == (i == 0), "%s", paths[i]);
    study_proposal_free(p);
    stepdose_problem_free(problem);
  }
  fixture_remove(directory);
}

/* The shipped problem of free days uses up its budget, but the neighbourhood of its answer is
 * whole.
 */
Test(study, a_used_up_budget_is_told_also_where_the_answer_is_verified)
{
  char directory[64];
  stepdose_problem *problem = fixture_problem(FIXTURE_DAYS, NULL, 0);
  study_proposal *p = propose(problem, fixture_directory(directory));
  cr_expect(p->status == STEPDOSE_STATUS_VERIFIED, "%s", stepdose_status_name(p->status));
  cr_expect(p->evaluations == problem->search.evaluations_max, "%ld", p->evaluations);
  cr_expect(p->budget_used_up);
  study_proposal_free(p);
  stepdose_problem_free(problem);
  fixture_remove(directory);
}

/* With days that have no grid thousands of regimens differ by seconds: a list of them says nothing.
 */
Test(study, near_optimal_regimens_differ_by_more_than_an_hour_or_a_hundredth_of_a_dose)
{
  char directory[64];
  const char *const changes[] = {"/search/evaluations_max=1500", "/search/near_optimal_loss=0.2",
                                 "/regimen/steps/0/day={\"min\":0,\"max\":3}",
                                 "/regimen/steps/1/day={\"min\":2,\"max\":14}",
                                 "/regimen/steps/2/day={\"min\":4,\"max\":28}"};
  stepdose_problem *problem = fixture_problem(FIXTURE_DAYS, changes, COUNT(changes));
  study_proposal *p = propose(problem, fixture_directory(directory));
  cr_assert(p->n_near > 0 && p->n_near_found >= p->n_near, "%d of %ld", p->n_near, p->n_near_found);
  for (int i = 0; i < p->n_near; i++) {
    for (int j = -1; j < i; j++) {
      const schedule *a = &p->near[i].doses;
      const schedule *b = j < 0 ? &p->doses : &p->near[j].doses;
      bool differ = a->n_doses != b->n_doses;
      for (int d = 0; d < a->n_doses && !differ; d++) {
        differ = fabs(a->doses[d].day - b->doses[d].day) > 1.0 / 24 ||
                 fabs(a->doses[d].amount / b->doses[d].amount - 1) > 0.01;
      }
      cr_expect(differ, "regimens %d and %d are the same for a person", i, j);
    }
  }
  study_proposal_free(p);
  stepdose_problem_free(problem);
  fixture_remove(directory);
}

Test(study, without_a_tumour_there_is_nothing_to_propose)
{
  const char *const changes[] = {"/indication=indications/healthy-human.json"};
  char directory[64];
  stepdose_error error;
  stepdose_settings settings = stepdose_settings_default();
  stepdose_problem *problem = fixture_problem(FIXTURE_MAIN, changes, 1);
  char run[80];
  snprintf(run, sizeof run, "%s/run", fixture_directory(directory));
  cr_expect(stepdose_propose(problem, &settings, run, &error) == NULL);
  cr_expect(error.code == STEPDOSE_CONTRADICTION, "%s", error.message);
  cr_expect_str_eq(error.pointer, "/maximize");
  cr_expect(!file_exists(run));
  stepdose_problem_free(problem);
  fixture_remove(directory);
}

/* The molecule's schedules are all intravenous: none may stand for a subcutaneous problem. */
Test(study, a_schedule_by_another_route_does_not_stand_for_the_problem)
{
  stepdose_error error;
  stepdose_problem *problem = fixture_problem(FIXTURE_MAIN, NULL, 0);
  study_simulation *s = study_simulate(problem, NULL, &error);
  cr_expect(s != NULL && s->doses.doses[0].route == ROUTE_IV, "%s", error.message);
  study_simulation_free(s);
  problem->regimen.route = ROUTE_SC;
  cr_expect(study_simulate(problem, NULL, &error) == NULL);
  cr_expect(error.code == STEPDOSE_USAGE, "%s", error.message);
  stepdose_problem_free(problem);
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
    cr_expect(p->corner.bound[i].lowest == (i == 0), "%s", p->corner.bound[i].variable.name);
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
