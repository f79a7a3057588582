/* Properties of the molecule that are searched together with the regimen. */
#include "base/file.h"
#include "report/run_directory.h"
#include "study/brute_force.h"
#include "study/fixtures.h"
#include "study/propose.h"

#include <string.h>

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))
#define COARSE "/regimen/dose_grid_mg=[0.1,1,5,20,60]"

/* all molecules of the two cases of the joint search */
static const double affinities[] = {13, 73, 133, 193, 253};
static const double other_affinities[] = {0.4, 4};
static const char *const joint_choices[] = {
    COARSE, "/design={\"KdrugactT\":[13,73,133,193,253],\"KdrugB\":[0.4,4]}",
    "/search/evaluations_max=2000", "/search/starts=2"};
static const char *const joint_range[] = {
    COARSE, "/design={\"KdrugactT\":{\"min\":13,\"max\":253},\"KdrugB\":[0.4,4]}",
    "/search/evaluations_max=2000", "/search/starts=2"};
static const char *const free_range[] = {
    COARSE, "/design={\"KdrugactT\":{\"min\":13,\"max\":1300},\"KdrugB\":[0.4,4]}",
    "/search/evaluations_max=400", "/search/starts=2"};

static double best_of_all(const stepdose_problem *problem, double *best_design)
{
  const bool fixed[] = {true, true};
  stepdose_error error;
  double best = -INFINITY;
  cohort_engine *engine = cohort_engine_open(problem->model, 2, 0, &error);
  cr_assert(engine != NULL, "%s", error.message);
  for (size_t i = 0; i < COUNT(affinities) * COUNT(other_affinities); i++) {
    const double design[] = {affinities[i % COUNT(affinities)],
                             other_affinities[i / COUNT(affinities)]};
    brute_best found = brute_force(problem, design, fixed, engine);
    cr_expect(found.regimens == 70, "%ld regimens: not all that never fall", found.regimens);
    if (found.feasible && found.goal > best) {
      best = found.goal;
      memcpy(best_design, design, sizeof design);
    }
  }
  cohort_engine_close(engine);
  return best;
}

/* grid: of the first design variable; 0: it is a list */
static void compare_joint(const char *name, const char *const *changes, double grid)
{
  char directory[64];
  double design[2] = {0};
  stepdose_error error;
  stepdose_problem *problem = fixture_problem(FIXTURE_MAIN, changes, COUNT(joint_range));
  problem->design[0].values.grid = grid;
  study_run run = {.directory = fixture_directory(directory), .threads = 2};
  study_proposal *p = study_propose(problem, &run, &error);
  cr_assert(p != NULL, "%s", error.message);
  double best = best_of_all(problem, design);
  cr_expect(p->status == STEPDOSE_STATUS_VERIFIED, "%s: %s", name, stepdose_status_name(p->status));
  cr_expect(fabs(p->searched.goal - best) <= 1e-6, "%s: found %.9g, the best of all is %.9g", name,
            p->searched.goal, best);
  cr_expect(p->design[0] == design[0] && p->design[1] == design[1],
            "%s: molecule %g, %g; the best of all is %g, %g", name, p->design[0], p->design[1],
            design[0], design[1]);
  study_proposal_free(p);
  stepdose_problem_free(problem);
  fixture_remove(directory);
}

Test(design, the_joint_search_finds_the_best_of_all_molecules_and_regimens)
{
  compare_joint("a list", joint_choices, 0);
  compare_joint("a range with a grid", joint_range, 60);
}

Test(design, each_combination_of_choices_is_a_branch_that_keeps_it)
{
  stepdose_error error;
  const char *const changes[] = {
      "/design={\"KdrugB\":[0.4,1,4],\"KdrugactT\":{\"min\":13,\"max\":1300},"
      "\"Vm_tdb\":[0,1]}",
      "/regimen/number_of_steps={\"min\":2,\"max\":3}"};
  stepdose_problem *problem = fixture_problem(FIXTURE_MAIN, changes, COUNT(changes));
  double *parameters = malloc((size_t)problem->model->n_parameters * sizeof *parameters);
  double start[STUDY_STARTS_MAX * SEARCH_VARIABLES_MAX];
  int branches = regimen_evaluation_branches(problem);
  cr_assert(branches == 12, "%d branches", branches);
  for (int b = 0; b < branches; b++) {
    const double choice_b[] = {0.4, 1, 4};
    schedule doses;
    double design[PROBLEM_DESIGN_MAX];
    regimen_evaluation *e = regimen_evaluation_open(problem, b, -1, 0, &error);
    cr_assert(e != NULL, "%s", error.message);
    cr_expect(e->branch.n_steps == 2 + b / 6, "branch %d: %d steps", b, e->branch.n_steps);
    cr_expect(e->n_variables == e->branch.n_variables + 1, "branch %d", b);
    study_starts(e, start);
    start[e->branch.n_variables] = 77;
    regimen_evaluation_decode(e, start, &doses, parameters);
    regimen_evaluation_design(e, start, design);
    cr_expect(design[0] == choice_b[b / 2 % 3] && design[1] == 77 && design[2] == b % 2,
              "branch %d: %g, %g, %g", b, design[0], design[1], design[2]);
    for (int i = 0; i < problem->n_design; i++) {
      cr_expect(parameters[problem->design[i].parameter] == design[i], "branch %d, %s", b,
                problem->design[i].name);
    }
    regimen_evaluation_close(e);
  }
  free(parameters);
  stepdose_problem_free(problem);
}

Test(design, too_many_combinations_are_refused_with_their_number)
{
  stepdose_error error;
  const char *const changes[] = {"/design={\"KdrugB\":[0.4,0.5,0.6,0.7,0.8,0.9,1,2,4],"
                                 "\"KdrugactT\":[13,20,30,40,50,60,70,80]}"};
  stepdose_problem *problem = fixture_problem(FIXTURE_MAIN, changes, 1);
  cr_expect(!study_can_propose(problem, &error));
  cr_expect(error.code == STEPDOSE_OUT_OF_RANGE && strstr(error.message, "72") != NULL, "%s",
            error.message);
  stepdose_problem_free(problem);
}

static char *read_whole(const char *directory, const char *name)
{
  char path[128];
  char *bytes = NULL;
  size_t length = 0;
  snprintf(path, sizeof path, "%s/%s", directory, name);
  cr_assert(file_read(path, (size_t)1 << 30, &bytes, &length, NULL), "%s", path);
  return bytes;
}

/* The value of the first parameter of the design in result.json. */
static double written_affinity(const char *directory)
{
  char *result = read_whole(directory, "result.json");
  const char *key = strstr(result, "\n  \"design\": {\n    \"KdrugactT\": {\n      \"value\": ");
  cr_assert(key != NULL, "result.json does not carry the design");
  double value = strtod(strstr(key, "\"value\": ") + strlen("\"value\": "), NULL);
  free(result);
  return value;
}

Test(design, a_run_carries_its_molecule_and_is_reproduced_with_it)
{
  char directory[64];
  stepdose_error error;
  stepdose_settings settings = stepdose_settings_default();
  stepdose_problem *problem = fixture_problem(FIXTURE_MAIN, free_range, COUNT(free_range));
  fixture_directory(directory);
  stepdose_result *result = stepdose_propose(problem, &settings, directory, &error);
  cr_assert(result != NULL, "%s", error.message);
  double affinity = written_affinity(directory);
  double as_in_file = problem->parameters[problem->design[0].parameter];
  cr_expect(fabs(affinity - as_in_file) > 1, "nothing was chosen: %g, in the file %g", affinity,
            as_in_file);
  char *history = read_whole(directory, "history.csv");
  *strchr(history, '\n') = 0;
  cr_expect(strstr(history, ",KdrugactT,") != NULL && strstr(history, ",KdrugB,") != NULL, "%s",
            history);
  cr_expect(strstr(stepdose_result_summary(result), "design of the molecule") != NULL);
  free(history);
  stepdose_result_free(result);
  result = stepdose_verify(directory, &settings, &error);
  cr_assert(result != NULL, "%s", error.message);
  cr_expect(stepdose_result_status(result) == STEPDOSE_STATUS_REPRODUCED, "%s",
            stepdose_result_summary(result));
  stepdose_result_free(result);
  stepdose_problem_free(problem);
  fixture_remove(directory);
}

/* verify must simulate the molecule that is claimed: with another one the goal is another. */
Test(design, verify_notices_a_claim_of_another_molecule)
{
  char directory[64];
  stepdose_error error;
  study_checks checks;
  stepdose_settings settings = stepdose_settings_default();
  stepdose_problem *problem = fixture_problem(FIXTURE_MAIN, free_range, COUNT(free_range));
  fixture_directory(directory);
  stepdose_result_free(stepdose_propose(problem, &settings, directory, &error));
  stored_result *stored = stored_result_read(directory, &error);
  cr_assert(stored != NULL && stored->claims.n_design == 2, "%s", error.message);
  cr_assert(study_verify(&stored->claims, &checks, &error) && checks.all_agree);
  const double wrong[] = {stored->claims.design[0].value * 1.5, 1e-3, 2e6};
  for (size_t i = 0; i < COUNT(wrong); i++) {
    stored->claims.design[0].value = wrong[i];
    cr_assert(study_verify(&stored->claims, &checks, &error), "%s", error.message);
    cr_expect(!checks.all_agree, "KdrugactT = %g was not noticed", wrong[i]);
  }
  free(stored);
  stepdose_problem_free(problem);
  fixture_remove(directory);
}
