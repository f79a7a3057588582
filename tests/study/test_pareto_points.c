/* What holds of every point of a front: limits, what is shown, what a step along it costs, how sure
 * it is in virtual patients. */
#include "study/pareto_fixtures.h"

#define SOLID STEPDOSE_SOURCE_DIR "/problems/synapse-cea-solid.json"
#define SYNAPSE_PATIENTS STEPDOSE_SOURCE_DIR "/problems/synapse-mosunetuzumab-dlbcl-population.json"

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
      cr_expect(x->to < 0 || fixture_same(x->lost, p->benefit - best), "%s: %g, not %g", name,
                x->lost, p->benefit - best);
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
  cr_expect(fixture_same(g[n - 1].hypervolume, s->found.hypervolume), "%s", name);
}

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
static const struct {
  const char *name, *path;
  const char *const *changes;
  size_t n_changes;
} fronts[] = {{"days", FIXTURE_DAYS, days, COUNT(days)},
              {"solid tumour", SOLID, solid, COUNT(solid)},
              {"few doses", FIXTURE_MAIN, few_doses, COUNT(few_doses)}};

Test(pareto_points, points_hold_and_what_is_told_of_them_is_true)
{
  for (size_t i = 0; i < COUNT(fronts); i++) {
    char directory[64];
    stepdose_problem *problem =
        fixture_problem(fronts[i].path, fronts[i].changes, fronts[i].n_changes);
    study_pareto *s = fixture_front(problem, fixture_directory(directory));
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

Test(pareto_points, a_limit_that_is_a_goal_is_not_kept_and_the_others_are)
{
  char directory[64];
  const char *const changes[] = {COARSE};
  stepdose_problem *problem = fixture_problem(FIXTURE_MAIN, changes, 1);
  study_pareto *s = fixture_front(problem, fixture_directory(directory));
  cr_assert(s->n_costs == 1 && s->n_kept == 1 && s->kept[0] == 1);
  cr_expect(study_pareto_cost(s, 0)->kind == LIMIT_IL6_PEAK &&
            study_pareto_cost(s, 0)->window == WINDOW_FIRST_DOSE);
  cr_expect_gt(s->front[0].cost[0], problem->limits[0].bound, "the front ends at the bound");
  cr_expect_lt(s->front[s->found.n_front - 1].cost[0], problem->limits[0].bound);
  study_pareto_free(s);
  stepdose_problem_free(problem);
  fixture_remove(directory);
}

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

Test(pareto_points, of_virtual_patients_has_intervals_from_fresh_ones)
{
  char directory[64];
  const char *const changes[] = {"/population/patients=12",
                                 "/verification/patients=48",
                                 "/horizon_days=42",
                                 "/regimen/maintenance/doses=1",
                                 "/regimen/dose_grid_mg=[0.2,3,60]",
                                 "/search/evaluations_max=100"};
  stepdose_problem *problem = fixture_problem(SYNAPSE_PATIENTS, changes, COUNT(changes));
  study_pareto *s = fixture_front(problem, fixture_directory(directory));
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
  for (int i = 0; i < s->n_shown; i++) {
    bool surpassed = false;
    for (int k = 0; k < s->n_shown; k++) {
      const double gained = s->fresh[k].benefit.value - s->fresh[i].benefit.value;
      const double saved = s->fresh[i].cost[0].value - s->fresh[k].cost[0].value;
      surpassed = surpassed || (gained >= 0 && saved >= 0 && gained + saved > 0);
    }
    cr_expect_eq(s->fresh[i].surpassed, surpassed, "point %d", i);
  }
  cr_assert(s->patients != NULL);
  cr_expect_eq(s->patients->n_patients, 12);
  study_pareto_free(s);
  stepdose_problem_free(problem);
  fixture_remove(directory);
}
