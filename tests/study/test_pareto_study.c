/* The front between goals against simulating everything: the same where the grid is small, and
 * close to it where only a part is simulated. */
#include "study/front_brute.h"
#include "study/pareto_fixtures.h"

#include "optimize/hypervolume.h"

/* The shipped problem: kill against the IL-6 of the first dose, later ones limited to 50 pg/mL. */
static bool judge_main(const endpoints *e, double value[FRONT_GOALS_MAX])
{
  bool holds = true;
  for (int w = 1; w < e->n_windows; w++) {
    holds = holds && e->il6[w].value <= 50;
  }
  value[0] = -e->log10_kill_average;
  value[1] = e->il6[0].value;
  return holds;
}

/* Kill at the end against the largest IL-6 and visits, total drug limited to 100 mg. */
static bool judge_visits(const endpoints *e, double value[FRONT_GOALS_MAX])
{
  value[0] = -e->log10_kill_smallest_last;
  value[1] = e->il6_course.value;
  value[2] = e->n_visits;
  return e->total_mg <= 100;
}

/* Kill, the largest IL-6, days in hospital: 48 h after the first dose, 24 h after other step-up
 * doses; the days of steps 2 and 3 are open, so that stays may overlap. */
static bool judge_hospital(const endpoints *e, double value[FRONT_GOALS_MAX])
{
  value[0] = -e->log10_kill_average;
  value[1] = e->il6_course.value;
  value[2] = e->hospital_days;
  return true;
}

/* Kill, activated CD8 of later doses, total drug, IL-6 of days 0 to 7. */
static bool judge_four(const endpoints *e, double value[FRONT_GOALS_MAX])
{
  value[0] = -e->log10_kill_average;
  value[1] = 0;
  for (int w = 1; w < e->n_windows; w++) {
    value[1] = fmax(value[1], e->activated_cd8[w].value);
  }
  value[2] = e->total_mg;
  value[3] = e->il6_interval[0].value;
  return true;
}

static const char *const no_changes[] = {COARSE};
static const char *const visits[] = {
    "/regimen/dose_grid_mg=[0.1,0.4,1,5,20,60]", "/regimen/number_of_steps={\"min\":1,\"max\":3}",
    "/limits=[{\"objective\":\"treatment_burden\",\"total_mg_max\":100}]",
    "/pareto={\"goals\":["
    "{\"minimize\":{\"objective\":\"il6_peak\"}},"
    "{\"maximize\":{\"objective\":\"tumor_control\",\"measure\":\"smallest_log10_kill_last_days\"}}"
    ",{\"minimize\":{\"objective\":\"treatment_burden\",\"measure\":\"visits\"}}]}"};
static const char *const hospital[] = {
    "/regimen/dose_grid_mg=[0.1,0.4,1,5,20,60]",
    "/regimen/steps/1/day=[1,7]",
    "/regimen/steps/2/day=[8,14]",
    "/limits=[]",
    "/hospital=[{\"hours\":48,\"after_doses\":\"first\"},"
    "{\"hours\":24,\"after_doses\":\"until_first_target_dose\"}]",
    "/pareto={\"goals\":["
    "{\"minimize\":{\"objective\":\"il6_peak\"}},{\"maximize\":{\"objective\":\"tumor_control\"}},"
    "{\"minimize\":{\"objective\":\"treatment_burden\",\"measure\":\"hospital_days\"}}]}"};
static const char *const four[] = {
    COARSE, "/limits=[]",
    "/pareto={\"goals\":[{\"maximize\":{\"objective\":\"tumor_control\"}},"
    "{\"minimize\":{\"objective\":\"immune_activation\",\"window\":\"later_doses\"}},"
    "{\"minimize\":{\"objective\":\"treatment_burden\",\"measure\":\"total_mg\"}},"
    "{\"minimize\":{\"objective\":\"il6_peak\",\"window\":{\"from_day\":0,\"to_day\":7}}}]}"};

static const struct {
  const char *name;
  const char *const *changes;
  size_t n_changes;
  int n_goals;
  front_judge *judge;
  int bounded; /* evaluations of the search that does not try everything */
} cases[] = {
    {"kill and first peak", no_changes, COUNT(no_changes), 2, judge_main, 300},
    {"number of steps, visits", visits, COUNT(visits), 3, judge_visits, 100},
    {"days, hospital days", hospital, COUNT(hospital), 3, judge_hospital, 250},
    {"four goals", four, COUNT(four), 4, judge_four, 500},
};

static stepdose_problem *read_case(size_t i)
{
  return fixture_problem(FIXTURE_MAIN, cases[i].changes, cases[i].n_changes);
}

/* The point of the front with these goals, or -1. */
static long find(const study_pareto *s, const double *value)
{
  for (long i = 0; i < s->found.n_front; i++) {
    bool found = fixture_same(s->front[i].benefit, -value[0]);
    for (int k = 0; k < s->n_costs; k++) {
      found = found && fixture_same(s->front[i].cost[k], value[1 + k]);
    }
    if (found) {
      return i;
    }
  }
  return -1;
}

Test(pareto_study, of_a_small_grid_is_the_front_of_all_regimens)
{
  for (size_t i = 0; i < COUNT(cases); i++) {
    char directory[64];
    stepdose_problem *problem = read_case(i);
    study_pareto *s = fixture_front(problem, fixture_directory(directory));
    front_brute all = front_of(problem, cases[i].n_goals, cases[i].judge);
    printf("%s: %ld of %ld regimens\n", cases[i].name, all.n_front, all.n);
    cr_expect_eq(s->end, SEARCH_END_CONVERGED, "%s", cases[i].name);
    cr_expect_eq(s->status, STEPDOSE_STATUS_VERIFIED, "%s", cases[i].name);
    cr_expect_eq(s->evaluations, all.n, "%s: %ld, not %ld", cases[i].name, s->evaluations, all.n);
    cr_expect_eq(s->found.n_front + s->n_given_way, all.n_front, "%s: %ld, not %ld", cases[i].name,
                 s->found.n_front, all.n_front);
    cr_expect_geq(all.n_front, 8, "%s: the comparison says little", cases[i].name);
    long missing = 0;
    for (long k = 0; k < all.n_front; k++) {
      missing += find(s, all.all[all.front[k]].goal) < 0;
    }
    cr_expect_leq(missing, s->n_given_way, "%s: %ld points are missing", cases[i].name, missing);
    front_brute_free(&all);
    study_pareto_free(s);
    stepdose_problem_free(problem);
    fixture_remove(directory);
  }
}

static double volume_of(const front_brute *all, const double *reference)
{
  double *points = malloc((size_t)(all->n_front * all->n_goals) * sizeof *points);
  hypervolume *h = hypervolume_open(all->n_goals, all->n_front, NULL);
  cr_assert(points != NULL && h != NULL);
  for (long i = 0; i < all->n_front; i++) {
    memcpy(points + i * all->n_goals, all->all[all->front[i]].goal,
           (size_t)all->n_goals * sizeof *points);
  }
  const double volume = hypervolume_of(h, all->n_front, points, reference);
  hypervolume_close(h);
  free(points);
  return volume;
}

static double found_volume(const study_pareto *s, const double *reference)
{
  double *points = malloc((size_t)(s->found.n_front * s->found.n_objectives) * sizeof *points);
  hypervolume *h = hypervolume_open(s->found.n_objectives, s->found.n_front, NULL);
  cr_assert(points != NULL && h != NULL);
  for (long i = 0; i < s->found.n_front; i++) {
    double *p = points + i * s->found.n_objectives;
    p[0] = -s->front[i].benefit;
    memcpy(p + 1, s->front[i].cost, (size_t)s->n_costs * sizeof *p);
  }
  const double volume = hypervolume_of(h, s->found.n_front, points, reference);
  hypervolume_close(h);
  free(points);
  return volume;
}

/* Beyond the worst of the whole front by a tenth of its range. */
static void reference_of(const front_brute *all, double *reference)
{
  for (int k = 0; k < all->n_goals; k++) {
    double low = INFINITY, high = -INFINITY;
    for (long i = 0; i < all->n_front; i++) {
      low = fmin(low, all->all[all->front[i]].goal[k]);
      high = fmax(high, all->all[all->front[i]].goal[k]);
    }
    reference[k] = high + 0.1 * (high - low);
  }
}

static double volume_share(size_t i, int seed, const front_brute *all)
{
  char directory[64];
  double reference[FRONT_GOALS_MAX];
  stepdose_problem *problem = read_case(i);
  problem->pareto.seed = (uint64_t)seed;
  problem->pareto.evaluations_max = cases[i].bounded;
  study_pareto *s = fixture_front(problem, fixture_directory(directory));
  reference_of(all, reference);
  const double share = found_volume(s, reference) / volume_of(all, reference);
  printf("%s, seed %d: %.4f of the volume, %ld of %ld regimens simulated\n", cases[i].name, seed,
         share, s->evaluations, all->n);
  cr_expect(s->evaluations <= cases[i].bounded && 2 * s->evaluations <= all->n, "%s",
            cases[i].name);
  study_pareto_free(s);
  stepdose_problem_free(problem);
  fixture_remove(directory);
  return share;
}

/* Half of the regimens or fewer are simulated. */
Test(pareto_study, of_a_bounded_search_has_the_volume_of_the_whole_within_one_per_cent)
{
  for (size_t i = 0; i < COUNT(cases); i++) {
    stepdose_problem *problem = read_case(i);
    front_brute all = front_of(problem, cases[i].n_goals, cases[i].judge);
    for (int seed = 1; seed <= 2; seed++) {
      const double share = volume_share(i, seed, &all);
      cr_expect(share >= 0.99 && share <= 1 + 1e-9, "%s, seed %d: %g", cases[i].name, seed, share);
    }
    front_brute_free(&all);
    stepdose_problem_free(problem);
  }
}

/* The shipped problem as it is: 4845 regimens, of which an eighth is simulated. */
Test(pareto_study, of_the_shipped_problem_is_found_with_an_eighth_of_its_regimens)
{
  char directory[64];
  double reference[FRONT_GOALS_MAX];
  const char *const changes[] = {"/pareto={\"evaluations_max\":600}"};
  stepdose_problem *problem = fixture_problem(FIXTURE_MAIN, changes, 1);
  front_brute all = front_of(problem, 2, judge_main);
  study_pareto *s = fixture_front(problem, fixture_directory(directory));
  reference_of(&all, reference);
  const double share = found_volume(s, reference) / volume_of(&all, reference);
  printf("%.4f of the volume, %ld of %ld points\n", share, s->found.n_front, all.n_front);
  cr_assert_geq(all.n, 8 * s->evaluations);
  cr_expect(share >= 0.99 && share <= 1 + 1e-9, "%g", share);
  front_brute_free(&all);
  study_pareto_free(s);
  stepdose_problem_free(problem);
  fixture_remove(directory);
}
