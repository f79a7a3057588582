/* The goals of a front: what a file says of them, and what is taken where it says nothing. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "base/allocate.h"
#include "base/file.h"
#include "problem/problem.h"

#define PROBLEMS STEPDOSE_SOURCE_DIR "/problems/"
#define DLBCL PROBLEMS "mosunetuzumab-dlbcl.json"
#define SOLID PROBLEMS "synapse-cea-solid.json"
#define PATIENTS PROBLEMS "mosunetuzumab-dlbcl-population.json"
#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static stepdose_problem *read_with(const char *path, const char *override)
{
  stepdose_error e = {.code = STEPDOSE_OK};
  stepdose_problem *p = problem_read(path, &override, override != NULL, &e);
  cr_assert_not_null(p, "%s: %s: %s", override, e.pointer, e.message);
  return p;
}

Test(pareto_settings, without_them_the_defaults_hold)
{
  stepdose_problem *p = read_with(DLBCL, "/search/seed=77");
  cr_expect_eq(p->pareto.n_costs, 0);
  cr_expect_eq(p->pareto.population_size, 100);
  cr_expect_eq(p->pareto.evaluations_max, 6000);
  cr_expect_eq(p->pareto.seed, 77, "the seed of the search");
  cr_expect_eq(p->pareto.benefit.measure, p->goal.measure);
  problem_free(p);
}

Test(pareto_settings, are_read_as_written)
{
  stepdose_problem *p = read_with(
      SOLID, "/pareto={\"seed\":5,\"population_size\":40,\"evaluations_max\":123,\"goals\":["
             "{\"minimize\":{\"objective\":\"crs\",\"grade_at_least\":3,\"window\":\"each_dose\"}},"
             "{\"maximize\":{\"objective\":\"tumor_control\",\"measure\":\"log10_kill_at_day\","
             "\"day\":30}},"
             "{\"minimize\":{\"objective\":\"off_tumor\",\"tissue\":\"gut\"}},"
             "{\"minimize\":{\"objective\":\"immune_activation\",\"measure\":\"days_above\","
             "\"site\":\"blood\",\"above\":0.25}}]}");
  const pareto_settings *s = &p->pareto;
  cr_expect(s->seed == 5 && s->population_size == 40 && s->evaluations_max == 123);
  cr_expect(s->benefit.measure == MEASURE_LOG10_KILL_AT_DAY && s->benefit.day == 30);
  cr_assert_eq(s->n_costs, 3);
  cr_expect(s->cost[0].kind == LIMIT_CRS_PROBABILITY && s->cost[0].grade == 3);
  cr_expect(s->cost[0].window == WINDOW_EACH_DOSE && s->cost[0].crs.slope > 0);
  cr_expect(s->cost[1].kind == LIMIT_DAMAGE && strcmp(s->cost[1].place_name, "gut") == 0);
  cr_expect_eq(s->cost[1].bound, 1);
  cr_expect(s->cost[2].kind == LIMIT_DAYS_ABOVE && s->cost[2].above == 0.25);
  cr_expect_eq(p->request.activated_above, 0.25);
  cr_expect_str_eq(s->cost[1].pointer, "/pareto/goals/2/minimize");
  cr_expect_neq(p->goal.measure, s->benefit.measure, "the problem keeps its own goal");
  problem_free(p);
}

/* Each kind by its measure, and the first of its objective without. */
static const struct {
  const char *said;
  limit_kind kind;
} costs[] = {
    {"\"objective\":\"il6_peak\"", LIMIT_IL6_PEAK},
    {"\"objective\":\"crs\",\"grade_at_least\":1", LIMIT_CRS_PROBABILITY},
    {"\"objective\":\"crs\",\"measure\":\"drive_pg_mL\"", LIMIT_CRS_DRIVE},
    {"\"objective\":\"off_tumor\",\"tissue\":\"gut\"", LIMIT_DAMAGE},
    {"\"objective\":\"immune_activation\"", LIMIT_ACTIVATED_CD8},
    {"\"objective\":\"immune_activation\",\"measure\":\"activated_fraction\",\"site\":\"tumor\"",
     LIMIT_ACTIVATED_SITE},
    {"\"objective\":\"treatment_burden\"", LIMIT_TOTAL_MG},
    {"\"objective\":\"treatment_burden\",\"measure\":\"visits\"", LIMIT_VISITS},
    {"\"objective\":\"treatment_burden\",\"measure\":\"doses\"", LIMIT_DOSES},
    {"\"objective\":\"treatment_burden\",\"measure\":\"hospital_days\"", LIMIT_HOSPITAL_DAYS},
};

Test(pareto_settings, every_measure_names_a_kind_and_has_a_scale)
{
  for (size_t i = 0; i < COUNT(costs); i++) {
    char override[256];
    snprintf(override, sizeof override,
             "/pareto={\"goals\":[{\"maximize\":{\"objective\":\"tumor_control\"}},"
             "{\"minimize\":{%s}}]}",
             costs[i].said);
    stepdose_problem *p = read_with(SOLID, override);
    cr_assert_eq(p->pareto.n_costs, 1, "%s", costs[i].said);
    cr_expect_eq(p->pareto.cost[0].kind, costs[i].kind, "%s", costs[i].said);
    cr_expect_gt(p->pareto.cost[0].bound, 0, "%s", costs[i].said);
    problem_free(p);
  }
  for (int k = 0; k < LIMIT_KIND_COUNT; k++) {
    cr_expect(problem_cost_scale((limit_kind)k) > 0, "%s has no scale", problem_limit_kinds[k].key);
    cr_expect(problem_cost_measure((limit_kind)k)[0] != '\0', "%s", problem_limit_kinds[k].key);
  }
}

Test(pareto_settings, over_patients_a_quantile_is_minimized_unless_all_share_the_value)
{
  stepdose_problem *p = read_with(
      PATIENTS,
      "/pareto={\"goals\":[{\"maximize\":{\"objective\":\"tumor_control\"}},"
      "{\"minimize\":{\"objective\":\"il6_peak\"}},"
      "{\"minimize\":{\"objective\":\"il6_peak\",\"window\":\"first_dose\",\"cvar\":0.8}},"
      "{\"minimize\":{\"objective\":\"treatment_burden\"}}]}");
  const pareto_settings *s = &p->pareto;
  cr_assert_eq(s->n_costs, 3);
  cr_expect(s->cost[0].risk == RISK_QUANTILE && s->cost[0].share == 0.9);
  cr_expect(s->cost[1].risk == RISK_TAIL_MEAN && s->cost[1].share == 0.8);
  cr_expect(s->cost[2].risk == RISK_MEAN);
  problem_free(p);
}

/* What was left out is said, so that a later version with other defaults reads the same. */
Test(pareto_settings, the_effective_problem_reads_back_to_the_same)
{
  stepdose_error e;
  stepdose_problem *p =
      read_with(PATIENTS, "/pareto={\"goals\":[{\"maximize\":{\"objective\":\"tumor_control\"}},"
                          "{\"minimize\":{\"objective\":\"il6_peak\"}}]}");
  cr_expect_not_null(strstr(p->effective, "\"measure\": \"peak_pg_mL\""));
  cr_expect_not_null(strstr(p->effective, "\"evaluations_max\": 6000"));
  stepdose_problem *again =
      problem_read_text(p->path, p->effective, strlen(p->effective), NULL, 0, &e);
  cr_assert_not_null(again, "%s", e.message);
  cr_expect_str_eq(again->hash, p->hash);
  cr_expect_eq(again->pareto.cost[0].share, p->pareto.cost[0].share);
  problem_free(p);
  problem_free(again);
}
