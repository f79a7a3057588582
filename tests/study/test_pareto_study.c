/* What the front between goals promises: it is the one that trying everything finds, or close to it
 * where that is not tried; its points hold, and what is told about steps along it is true. */
#include "study/cohort_fixtures.h"
#include "study/front_brute.h"

#include "base/allocate.h"
#include "base/file.h"
#include "optimize/hypervolume.h"
#include "study/pareto_study.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))
#define COARSE "/regimen/dose_grid_mg=[0.05,0.1,0.2,0.4,0.8,1.6,3,5,10,20,60]"
#define SYNAPSE STEPDOSE_SOURCE_DIR "/problems/synapse-mosunetuzumab-dlbcl.json"
#define SOLID STEPDOSE_SOURCE_DIR "/problems/synapse-cea-solid.json"
#define SYNAPSE_PATIENTS STEPDOSE_SOURCE_DIR "/problems/synapse-mosunetuzumab-dlbcl-population.json"

static study_pareto *front(const stepdose_problem *problem, const char *directory)
{
  stepdose_error error;
  const study_run run = {.directory = directory, .threads = 2};
  cr_assert(study_can_pareto(problem, &error), "%s", error.message);
  study_pareto *s = study_pareto_run(problem, &run, &error);
  cr_assert(s != NULL, "%s", error.message);
  return s;
}

/* --- against trying everything ---------------------------------------------------------------- */

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
    {"four goals", four, COUNT(four), 4, judge_four, 500},
};

static stepdose_problem *read_case(size_t i)
{
  return fixture_problem(FIXTURE_MAIN, cases[i].changes, cases[i].n_changes);
}

static bool same(double a, double b) { return fabs(a - b) <= 1e-9 * fmax(fabs(a), fabs(b)); }

/* The point of the front with these goals, or -1. */
static long find(const study_pareto *s, const double *value)
{
  for (long i = 0; i < s->found.n_front; i++) {
    bool found = same(s->front[i].benefit, -value[0]);
    for (int k = 0; k < s->n_costs; k++) {
      found = found && same(s->front[i].cost[k], value[1 + k]);
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
    study_pareto *s = front(problem, fixture_directory(directory));
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
  study_pareto *s = front(problem, fixture_directory(directory));
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
  study_pareto *s = front(problem, fixture_directory(directory));
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

/* --- what holds of every front ---------------------------------------------------------------- */

static bool covers(const study_pareto *s, const pareto_point *a, const pareto_point *b)
{
  bool as_good = a->benefit >= b->benefit;
  for (int k = 0; k < s->n_costs; k++) {
    as_good = as_good && a->cost[k] <= b->cost[k];
  }
  return as_good;
}

static void expect_front(const study_pareto *s, const char *name)
{
  for (long i = 0; i < s->found.n_front; i++) {
    const pareto_point *p = &s->front[i];
    cr_expect(p->checked && p->holds, "%s: point %ld does not hold", name, i);
    cr_expect(i == 0 || p->benefit <= s->front[i - 1].benefit, "%s: point %ld", name, i);
    cr_expect(fabs(p->verified_benefit - p->benefit) <= 1e-3, "%s: point %ld", name, i);
    for (int k = 0; k < s->n_kept; k++) {
      cr_expect_leq(p->margin[k], SEARCH_TOLERANCE, "%s: point %ld", name, i);
    }
    for (long j = 0; j < s->found.n_front; j++) {
      cr_expect(j == i || !covers(s, &s->front[j], p), "%s: %ld covers %ld", name, j, i);
    }
  }
}

static void expect_shown(const study_pareto *s, const char *name)
{
  bool chosen = false;
  cr_expect(s->n_shown == (s->found.n_front < PARETO_SHOWN ? s->found.n_front : PARETO_SHOWN),
            "%s: %d shown", name, s->n_shown);
  cr_expect(s->shown[0] == 0 && s->shown[s->n_shown - 1] < s->found.n_front, "%s", name);
  for (int i = 0; i < s->n_shown; i++) {
    cr_expect(i == 0 || s->shown[i] > s->shown[i - 1], "%s", name);
    chosen = chosen || s->shown[i] == s->chosen;
  }
  cr_expect(chosen, "%s: the chosen point is not shown", name);
}

/* The best that is left of the benefit with at least one percent less, by looking at all. */
static void expect_exchange(const study_pareto *s, const char *name)
{
  for (long i = 0; i < s->found.n_front; i++) {
    for (int k = 0; k < s->n_costs; k++) {
      const pareto_point *p = &s->front[i];
      const char *unit = problem_limit_kinds[study_pareto_cost(s, k)->kind].unit;
      const double step = strcmp(unit, "fraction") == 0 ? 0.01 : 0.01 * p->cost[k];
      double best = -INFINITY;
      for (long j = 0; j < s->found.n_front; j++) {
        const pareto_point *q = &s->front[j];
        bool reached = step > 0 && p->cost[k] - q->cost[k] >= step * (1 - 1e-12);
        for (int l = 0; l < s->n_costs; l++) {
          reached = reached && (l == k || q->cost[l] <= p->cost[l]);
        }
        best = reached ? fmax(best, q->benefit) : best;
      }
      const pareto_exchange *x = &p->exchange[k];
      cr_expect((x->to >= 0) == isfinite(best), "%s: point %ld, cost %d", name, i, k);
      cr_expect(x->to < 0 || same(x->lost, p->benefit - best), "%s: %g, not %g", name, x->lost,
                p->benefit - best);
      cr_expect(x->to < 0 || x->saved >= step * (1 - 1e-12), "%s: saves %g", name, x->saved);
    }
  }
}

static void expect_trace(const study_pareto *s, const char *name)
{
  const pareto_generation *g = s->found.generation;
  const int n = s->found.n_generations;
  cr_assert_gt(n, 0);
  for (int i = 1; i < n; i++) {
    cr_expect(g[i].evaluations > g[i - 1].evaluations, "%s", name);
    cr_expect(g[i].hypervolume >= g[i - 1].hypervolume * (1 - 1e-12), "%s", name);
  }
  cr_expect_eq(g[n - 1].evaluations, s->evaluations, "%s", name);
  cr_expect(same(g[n - 1].hypervolume, s->found.hypervolume), "%s", name);
}

Test(pareto_study, points_hold_and_what_is_told_of_them_is_true)
{
  static const char *const days[] = {
      "/pareto={\"goals\":[{\"maximize\":{\"objective\":\"tumor_control\"}},"
      "{\"minimize\":{\"objective\":\"il6_peak\",\"window\":\"first_dose\"}},"
      "{\"minimize\":{\"objective\":\"treatment_burden\",\"measure\":\"total_mg\"}}],"
      "\"evaluations_max\":400}"};
  static const char *const solid[] = {
      "/horizon_days=42", "/pareto={\"goals\":[{\"maximize\":{\"objective\":\"tumor_control\"}},"
                          "{\"minimize\":{\"objective\":\"off_tumor\",\"tissue\":\"gut\"}}],"
                          "\"evaluations_max\":300}"};
  static const char *const few_doses[] = {"/regimen/dose_grid_mg=[0.05,1,10,60]",
                                          "/pareto={\"evaluations_max\":300}"};
  const struct {
    const char *name, *path;
    const char *const *changes;
    size_t n_changes;
  } fronts[] = {{"days", FIXTURE_DAYS, days, COUNT(days)},
                {"solid tumour", SOLID, solid, COUNT(solid)},
                {"few doses", FIXTURE_MAIN, few_doses, COUNT(few_doses)}};
  for (size_t i = 0; i < COUNT(fronts); i++) {
    char directory[64];
    stepdose_problem *problem =
        fixture_problem(fronts[i].path, fronts[i].changes, fronts[i].n_changes);
    study_pareto *s = front(problem, fixture_directory(directory));
    printf("%s: %ld points, %ld evaluations\n", fronts[i].name, s->found.n_front, s->evaluations);
    cr_expect_leq(s->evaluations, problem->pareto.evaluations_max, "%s", fronts[i].name);
    expect_front(s, fronts[i].name);
    expect_shown(s, fronts[i].name);
    expect_exchange(s, fronts[i].name);
    expect_trace(s, fronts[i].name);
    study_pareto_free(s);
    stepdose_problem_free(problem);
    fixture_remove(directory);
  }
}

Test(pareto_study, a_limit_that_is_a_goal_is_not_kept_and_the_others_are)
{
  char directory[64];
  const char *const changes[] = {COARSE};
  stepdose_problem *problem = fixture_problem(FIXTURE_MAIN, changes, 1);
  study_pareto *s = front(problem, fixture_directory(directory));
  cr_assert(s->n_costs == 1 && s->n_kept == 1 && s->kept[0] == 1);
  cr_expect(study_pareto_cost(s, 0)->kind == LIMIT_IL6_PEAK &&
            study_pareto_cost(s, 0)->window == WINDOW_FIRST_DOSE);
  cr_expect_gt(s->front[0].cost[0], problem->limits[0].bound, "the front ends at the bound");
  cr_expect_lt(s->front[s->found.n_front - 1].cost[0], problem->limits[0].bound);
  study_pareto_free(s);
  stepdose_problem_free(problem);
  fixture_remove(directory);
}

/* --- where there is no front ------------------------------------------------------------------ */

Test(pareto_study, where_nothing_keeps_the_limits_there_is_no_front)
{
  const char *const changes[] = {COARSE, "/limits/1/max_pg_mL=0.001"};
  for (int bounded = 0; bounded < 2; bounded++) {
    char directory[64];
    stepdose_problem *problem = fixture_problem(FIXTURE_MAIN, changes, COUNT(changes));
    problem->pareto.evaluations_max = bounded ? 60 : problem->pareto.evaluations_max;
    study_pareto *s = front(problem, fixture_directory(directory));
    cr_expect_eq(s->found.n_front, 0);
    cr_expect_eq(s->chosen, -1);
    cr_expect_eq(s->status, bounded ? STEPDOSE_STATUS_INTERRUPTED : STEPDOSE_STATUS_INFEASIBLE,
                 "only who has tried everything can tell: %s", stepdose_status_name(s->status));
    study_pareto_free(s);
    stepdose_problem_free(problem);
    fixture_remove(directory);
  }
}

Test(pareto_study, a_problem_with_nothing_to_minimize_is_refused)
{
  const char *const limits[] = {
      "/limits=[]", "/limits=[{\"objective\":\"treatment_burden\",\"total_mg_max\":100}]"};
  for (size_t i = 0; i < COUNT(limits); i++) {
    stepdose_error error;
    stepdose_problem *problem = fixture_problem(FIXTURE_MAIN, &limits[i], 1);
    cr_expect(!study_can_pareto(problem, &error), "%s", limits[i]);
    cr_expect(error.code == STEPDOSE_CONTRADICTION && strcmp(error.pointer, "/pareto") == 0);
    stepdose_problem_free(problem);
  }
}

/* --- virtual patients ------------------------------------------------------------------------- */

/* Each value of the search is what a study of the same patients says. */
static void compare_with_study(const study_pareto *s, const pareto_point *p)
{
  stepdose_error error;
  cohort_request request = cohort_request_of(s->goals, "point", &p->doses);
  request.threads = 2;
  request.alone = true;
  cohort_study *c = cohort_study_run(&request, &error);
  cr_assert(c != NULL, "%s", error.message);
  const cohort_outcome *o = &c->outcome[0];
  const int worst = cohort_outcome_worst(o, s->n_kept);
  cr_expect(fabs(p->benefit - o->goal_value) <= 1e-9, "%.12g, not %.12g", p->benefit,
            o->goal_value);
  cr_expect(fabs(p->cost[0] - o->risk[worst].value) <= 1e-9, "%.12g, not %.12g", p->cost[0],
            o->risk[worst].value);
  cohort_study_free(c);
}

Test(pareto_study, of_virtual_patients_has_intervals_from_fresh_ones)
{
  char directory[64];
  const char *const changes[] = {"/population/patients=12",
                                 "/verification/patients=48",
                                 "/horizon_days=42",
                                 "/regimen/maintenance/doses=1",
                                 "/regimen/dose_grid_mg=[0.2,3,60]",
                                 "/search/evaluations_max=100"};
  stepdose_problem *problem = fixture_problem(SYNAPSE_PATIENTS, changes, COUNT(changes));
  study_pareto *s = front(problem, fixture_directory(directory));
  cr_assert(s->n_shown >= 3, "%d points say little", s->n_shown);
  for (int i = 0; i < s->n_shown; i++) {
    const pareto_point *p = &s->front[s->shown[i]];
    const pareto_fresh *f = &s->fresh[i];
    cr_assert(p->checked && f->simulated);
    cr_expect(f->benefit.low < f->benefit.value && f->benefit.value < f->benefit.high,
              "point %d: %g in %g to %g", i, f->benefit.value, f->benefit.low, f->benefit.high);
    cr_expect(f->cost[0].low < f->cost[0].high && f->cost[0].low <= 1 && f->cost[0].high >= 0);
    cr_expect(f->benefit.value != p->benefit, "the patients are not fresh");
    compare_with_study(s, p);
  }
  cr_assert(s->patients != NULL);
  cr_expect_eq(s->patients->n_patients, 12);
  study_pareto_free(s);
  stepdose_problem_free(problem);
  fixture_remove(directory);
}

/* --- runs ------------------------------------------------------------------------------------- */

static const char *const run_changes[] = {COARSE, "/pareto={\"evaluations_max\":150}"};

static char *read_front(const char *directory)
{
  char path[128];
  char *bytes = NULL;
  size_t length = 0;
  stepdose_error error;
  snprintf(path, sizeof path, "%s/pareto.csv", directory);
  cr_assert(file_read(path, 1 << 24, &bytes, &length, &error), "%s", error.message);
  return bytes;
}

static stepdose_result *draw(const stepdose_problem *problem, const char *directory,
                             const stepdose_settings *settings)
{
  stepdose_error error;
  stepdose_result *result = stepdose_pareto(problem, settings, directory, &error);
  cr_assert(result != NULL, "%s", error.message);
  return result;
}

static volatile int stop;

static void stop_early(void *context, const stepdose_progress *p)
{
  (void)context;
  stop = stop || p->done > 30;
}

Test(pareto_study, a_run_that_was_stopped_goes_on_to_the_same_front)
{
  char whole[64], broken_off[64];
  stepdose_settings settings = stepdose_settings_default();
  stepdose_problem *problem = fixture_problem(FIXTURE_MAIN, run_changes, COUNT(run_changes));
  settings.overwrite = true;
  stepdose_result_free(draw(problem, fixture_directory(whole), &settings));
  settings.overwrite = false;
  fixture_directory(broken_off);
  settings.stop = &stop;
  settings.progress = stop_early;
  stepdose_result *first = draw(problem, broken_off, &settings);
  cr_assert_eq(stepdose_result_status(first), STEPDOSE_STATUS_INTERRUPTED);
  stop = 0;
  settings.progress = NULL;
  stepdose_result *second = draw(problem, broken_off, &settings);
  cr_expect_eq(stepdose_result_status(second), STEPDOSE_STATUS_VERIFIED);
  char *expected = read_front(whole);
  char *found = read_front(broken_off);
  cr_expect(strcmp(expected, found) == 0, "the fronts differ");
  release(expected);
  release(found);
  stepdose_result_free(first);
  stepdose_result_free(second);
  stepdose_problem_free(problem);
  fixture_remove(whole);
  fixture_remove(broken_off);
}

Test(pareto_study, another_seed_takes_another_way)
{
  char directory[64];
  stepdose_problem *problem = fixture_problem(FIXTURE_DAYS, NULL, 0);
  long first = 0;
  problem->pareto.evaluations_max = 150;
  for (uint64_t seed = 1; seed <= 2; seed++) {
    problem->pareto.seed = seed;
    study_pareto *s = front(problem, fixture_directory(directory));
    const long hash = (long)(s->found.hypervolume * 1e6);
    cr_expect(seed == 1 || hash != first);
    first = hash;
    study_pareto_free(s);
    fixture_remove(directory);
  }
  stepdose_problem_free(problem);
}

Test(pareto_study, a_failed_allocation_anywhere_is_a_named_error)
{
  enum { SWEEP = 20 };
  char directory[64];
  stepdose_error error;
  stepdose_settings settings = stepdose_settings_default();
  /* enough for every part of the search */
  const char *const changes[] = {COARSE, "/pareto={\"evaluations_max\":310}", "/horizon_days=28"};
  settings.overwrite = true;
  settings.threads = 1;
  stepdose_problem *problem = fixture_problem(FIXTURE_MAIN, changes, COUNT(changes));
  fixture_directory(directory);
  long before = allocate_count();
  stepdose_result_free(draw(problem, directory, &settings));
  const long needed = allocate_count() - before;
  for (int i = 0; i < SWEEP; i++) {
    const long n = needed * i / SWEEP;
    allocate_fail_after(n, i % 2);
    stepdose_result *result = stepdose_pareto(problem, &settings, directory, &error);
    allocate_fail_after(-1, 0);
    cr_expect(result != NULL || error.code == STEPDOSE_NO_MEMORY, "allocation %ld of %ld: %s: %s",
              n, needed, stepdose_code_name(error.code), error.message);
    stepdose_result_free(result);
  }
  stepdose_problem_free(problem);
  fixture_remove(directory);
}
