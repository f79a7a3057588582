/* What a Latin hypercube of molecules promises. */
#include "base/file.h"
#include "study/map_fixtures.h"
#include "study/map_parts.h"

#include <string.h>

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))
#define COARSE "/regimen/dose_grid_mg=[0.1,1,5,20,60]"

/* Two affinities on logarithmic scales, a volume on a linear one, a list. */
#define FOUR                                                                                       \
  "/design={\"KdrugactT\":{\"min\":13,\"max\":1300},\"KdrugB\":{\"min\":0.13,\"max\":13},"         \
  "\"Vc_tdb\":{\"min\":2000,\"max\":4000},\"kTact\":[2,5,20]}"
#define TWO "/design={\"KdrugactT\":{\"min\":13,\"max\":1300},\"KdrugB\":{\"min\":0.13,\"max\":13}}"

static const char *const four[] = {COARSE, FOUR, "/search/map_samples=12", "/horizon_days=63"};
static const char *const quick[] = {COARSE, FOUR, "/search/map_samples=30",
                                    "/search/evaluations_max=1"};

/* Where a value lies in its range, in strata. */
static int stratum_of(const design_variable *d, double value, int n)
{
  const double low = d->values.low, high = d->values.high;
  const double share =
      d->logarithmic ? log(value / low) / log(high / low) : (value - low) / (high - low);
  return (int)floor(n * share);
}

Test(map_sample, every_property_has_one_molecule_in_each_stratum_of_its_range)
{
  char directory[64];
  stepdose_problem *problem = fixture_problem(FIXTURE_MAIN, quick, COUNT(quick));
  study_map *m = fixture_map(problem, fixture_directory(directory), 2);
  cr_assert(m->sampled && m->n_points == 30 && m->n_axes == 4);
  cr_assert(problem->design[0].logarithmic && !problem->design[2].logarithmic);
  for (int k = 0; k < 3; k++) {
    int found[30] = {0};
    for (long i = 0; i < m->n_points; i++) {
      const int s = stratum_of(&problem->design[k], m->point[i].design[k], 30);
      cr_assert(s >= 0 && s < 30);
      found[s]++;
    }
    for (int s = 0; s < 30; s++) {
      cr_expect_eq(found[s], 1, "%s: %d molecules in stratum %d", problem->design[k].name, found[s],
                   s);
    }
  }
  int choices[3] = {0};
  for (long i = 0; i < m->n_points; i++) {
    const double value = m->point[i].design[3];
    cr_expect(value == 2 || value == 5 || value == 20);
    choices[value == 2 ? 0 : value == 5 ? 1 : 2]++;
  }
  cr_expect(choices[0] == 10 && choices[1] == 10 && choices[2] == 10, "entries of a list: %d %d %d",
            choices[0], choices[1], choices[2]);
  study_map_free(m);
  stepdose_problem_free(problem);
  fixture_remove(directory);
}

Test(map_sample, holds_the_best_of_all_regimens_of_each_molecule)
{
  char directory[64];
  stepdose_problem *problem = fixture_problem(FIXTURE_MAIN, four, COUNT(four));
  study_map *m = fixture_map(problem, fixture_directory(directory), 2);
  cr_expect_eq(m->status, STEPDOSE_STATUS_VERIFIED);
  fixture_compare("four properties", m);
  study_map_free(m);
  stepdose_problem_free(problem);
  fixture_remove(directory);
}

/* More regimens than one search may try: most molecules must still have their best. */
Test(map_sample, comes_close_to_the_best_of_all_where_it_cannot_try_everything)
{
  char directory[64];
  stepdose_error error;
  const bool fixed[] = {true, true};
  const char *const changes[] = {"/regimen/dose_grid_mg=[0.05,0.1,0.2,0.5,1,2,5,10,20,60]", TWO,
                                 "/search/map_samples=16"};
  int equal = 0, feasible = 0;
  double worst = 0;
  stepdose_problem *problem = fixture_problem(FIXTURE_MAIN, changes, COUNT(changes));
  study_map *m = fixture_map(problem, fixture_directory(directory), 2);
  cohort_engine *engine = cohort_engine_open(problem->model, 2, 0, &error);
  cr_assert(engine != NULL, "%s", error.message);
  for (long i = 0; i < m->n_points; i++) {
    brute_best all = brute_force(problem, m->point[i].design, fixed, engine);
    cr_expect_eq(all.feasible, fixture_holds(&m->point[i]), "molecule %ld", i);
    const double loss = all.feasible ? all.goal - m->point[i].searched : 0;
    worst = fmax(worst, loss);
    equal += all.feasible && loss <= 1e-6;
    feasible += all.feasible;
  }
  printf("%d of %d molecules have the best of all, the worst loses %g\n", equal, feasible, worst);
  cr_expect(worst <= 0.1, "%g", worst);
  cr_expect(feasible >= 8 && equal >= feasible - 2, "%d of %d", equal, feasible);
  cohort_engine_close(engine);
  study_map_free(m);
  stepdose_problem_free(problem);
  fixture_remove(directory);
}

static bool same_points(const study_map *a, const study_map *b)
{
  bool same = a->n_points == b->n_points && a->n_axes == b->n_axes;
  for (long i = 0; same && i < a->n_points; i++) {
    const map_point *x = &a->point[i], *y = &b->point[i];
    same = memcmp(x->design, y->design, 4 * sizeof *x->design) == 0 && x->goal == y->goal &&
           x->status == y->status && x->evaluations == y->evaluations &&
           schedule_same(&x->doses, &y->doses);
  }
  return same;
}

Test(map_sample, has_the_same_bits_for_any_number_of_threads)
{
  char directory[64];
  const char *const changes[] = {COARSE, FOUR, "/search/map_samples=10", "/horizon_days=28",
                                 "/search/evaluations_max=40"};
  stepdose_problem *problem = fixture_problem(FIXTURE_MAIN, changes, COUNT(changes));
  study_map *one = fixture_map(problem, fixture_directory(directory), 1);
  study_map *two = fixture_map(problem, directory, 2);
  problem->search.seed++;
  study_map *other = fixture_map(problem, directory, 2);
  cr_expect(same_points(one, two));
  cr_expect(memcmp(one->at, other->at, (size_t)(one->n_points * one->n_axes) * sizeof(double)) != 0,
            "another seed has the same molecules");
  study_map_free(one);
  study_map_free(two);
  study_map_free(other);
  stepdose_problem_free(problem);
  fixture_remove(directory);
}

/* Made by hand: five of six molecules count. The tied ranks 1, 2.5, 2.5, 4, 5 against 1 to 5 give
 * 9.5 / sqrt(9.5 x 10). */
Test(map_sample, influence_is_the_rank_correlation_over_molecules_that_have_a_regimen)
{
  enum { N = 6, AXES = 4 };
  double at[N * AXES] = {1, -1,  7, 1, 2, -8,   7, 2, 3,  -27, 7,  2,
                         4, -64, 7, 3, 5, -125, 7, 9, 99, 99,  99, -99};
  static map_point point[N];
  study_map m = {.sampled = true, .n_axes = AXES, .n_points = N, .at = at, .point = point};
  const double expected[] = {1, -1, NAN, 9.5 / sqrt(95)};
  for (int i = 0; i < N; i++) {
    point[i] = (map_point){.status = i < N - 1 ? MAP_VERIFIED : MAP_INFEASIBLE, .goal = exp(i)};
  }
  for (int k = 0; k < AXES; k++) {
    m.axis[k].influence = NAN;
  }
  cr_assert(map_find_influence(&m));
  for (int k = 0; k < AXES; k++) {
    cr_expect(isnan(expected[k]) ? isnan(m.axis[k].influence)
                                 : fabs(m.axis[k].influence - expected[k]) < 1e-15,
              "axis %d: %g", k, m.axis[k].influence);
    m.axis[k].influence = NAN;
  }
  point[0].status = MAP_FAILED;
  cr_assert(map_find_influence(&m));
  cr_expect(isnan(m.axis[0].influence), "four molecules are too few");
}

static int count(const char *bytes, const char *part)
{
  int n = 0;
  for (const char *at = strstr(bytes, part); at != NULL; at = strstr(at + 1, part)) {
    n++;
  }
  return n;
}

static char *read_file(const char *directory, const char *name)
{
  char path[128];
  char *bytes = NULL;
  size_t length = 0;
  snprintf(path, sizeof path, "%s/%s", directory, name);
  cr_assert(file_read(path, (size_t)1 << 30, &bytes, &length, NULL), "%s", path);
  return bytes;
}

/* Limits so tight that some molecules have no regimen: each molecule is one mark of the figure, and
 * those without are told by their shape. */
Test(map_sample, a_run_is_reproduced_from_its_files_and_shows_every_molecule)
{
  char directory[64];
  stepdose_error error;
  const char *const changes[] = {COARSE, TWO, "/search/map_samples=20", "/limits/0/max_pg_mL=400",
                                 "/search/evaluations_max=60"};
  stepdose_settings settings = stepdose_settings_default();
  stepdose_problem *problem = fixture_problem(FIXTURE_MAIN, changes, COUNT(changes));
  stepdose_result *result = stepdose_map(problem, &settings, fixture_directory(directory), &error);
  cr_assert(result != NULL, "%s", error.message);
  char *table = read_file(directory, "design_map.csv");
  char *page = read_file(directory, "report.html");
  const int blocked = count(table, ",infeasible,");
  cr_expect(blocked > 0 && blocked < 20, "%d of 20 have no regimen: the test says little", blocked);
  cr_expect_eq(count(table, "\n"), 21);
  cr_expect_eq(count(page, "<circle class=\"molecule\""), 20 - blocked);
  cr_expect_eq(count(page, "<title>molecule "), 20);
  cr_expect(strstr(stepdose_result_summary(result), "rank correlation") != NULL);
  stepdose_result_free(result);
  result = stepdose_verify(directory, &settings, &error);
  cr_assert(result != NULL, "%s", error.message);
  cr_expect_eq(stepdose_result_status(result), STEPDOSE_STATUS_REPRODUCED, "%s",
               stepdose_result_summary(result));
  stepdose_result_free(result);
  stepdose_problem_free(problem);
  fixture_remove(directory);
  free(table);
  free(page);
}
