/* What a problem file says arrives in the typed problem. Variants are made with overrides. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "problem/problem.h"

#define PROBLEMS STEPDOSE_SOURCE_DIR "/problems/"
#define DLBCL PROBLEMS "mosunetuzumab-dlbcl.json"
#define DAYS PROBLEMS "mosunetuzumab-dlbcl-days.json"
#define BLINATUMOMAB PROBLEMS "blinatumomab-nhl.json"

/* Reads with up to four overrides (NULL ends them); the problem must be valid. */
static stepdose_problem *read_with(const char *path, const char *const overrides[4])
{
  stepdose_error e = {.code = STEPDOSE_OK};
  size_t n = 0;
  while (n < 4 && overrides[n] != NULL) {
    n++;
  }
  stepdose_problem *p = problem_read(path, overrides, n, &e);
  cr_assert_not_null(p, "%s: %s: %s", path, e.pointer, e.message);
  return p;
}

static const char *const as_is[4] = {NULL};

static double parameter(const stepdose_problem *p, const char *name)
{
  return p->parameters[model_parameter_index(p->model, name)];
}

Test(problem, a_problem_is_read_as_written)
{
  stepdose_problem *p = read_with(DLBCL, as_is);
  const regimen_space *s = &p->regimen;
  cr_expect_str_eq(p->name, "mosunetuzumab-dlbcl");
  cr_expect_str_eq(p->model->name, "hosseini2020");
  cr_expect_str_eq(p->molecule_name, "mosunetuzumab");
  cr_expect_str_eq(p->indication_name, "DLBCL");
  cr_expect(p->reference_patient && p->patients == 1);
  cr_expect_eq(p->horizon_days, 84);
  cr_expect(s->route == ROUTE_IV && s->infusion_h == 4 && s->n_steps == 3 && s->has_maintenance);
  for (int i = 0; i < 3; i++) {
    cr_expect(s->step[i].day.low == 7 * i && s->step[i].day.high == 7 * i, "step %d", i);
    cr_expect(s->step[i].amount.low == 0.05 && s->step[i].amount.high == 60, "step %d", i);
  }
  cr_expect(s->maintenance.first_day.low == 21 && s->maintenance.every_days.low == 21);
  cr_expect(s->maintenance.doses == 3 && s->maintenance.amount.high == 60);
  cr_expect(s->n_levels == 17 && s->level[0] == 0.05 && s->level[16] == 60);
  cr_expect_eq(s->order, DOSE_ORDER_UNTIL_TARGET);
  cr_expect(isinf(s->step_ratio_max) && !s->number_of_steps.given && !s->gap_days.given);
  cr_expect(p->n_limits == 2 && p->limits[0].kind == LIMIT_IL6_PEAK);
  cr_expect(p->limits[0].window == WINDOW_FIRST_DOSE && p->limits[0].bound == 1100);
  cr_expect(p->limits[1].window == WINDOW_LATER_DOSES && p->limits[1].bound == 50);
  cr_expect_str_eq(p->limits[1].pointer, "/limits/1");
  cr_expect_eq(p->n_warnings, 0, "%s", p->warnings[0]);
  problem_free(p);
}

Test(problem, what_is_left_out_has_the_documented_default)
{
  static const char *const bare[4] = {"/search={}"};
  stepdose_problem *p = read_with(DLBCL, bare);
  cr_expect(p->search.seed == 1 && p->search.starts == 8 && p->search.evaluations_max == 3000);
  cr_expect(p->search.minutes_max == 30 && p->search.near_optimal_loss == 0.05);
  cr_expect_str_eq(p->search.engine, "auto");
  cr_expect_eq(p->tolerance, SIMULATE_TOLERANCE);
  cr_expect_eq(p->goal.measure, MEASURE_TIME_AVERAGED_LOG10_KILL);
  cr_expect(p->request.horizon_days == 84 && p->request.last_days == 21 && p->request.n_days == 0);
  problem_free(p);
}

Test(problem, free_days_and_gaps_are_read)
{
  stepdose_problem *p = read_with(DAYS, as_is);
  const regimen_space *s = &p->regimen;
  cr_expect(s->step[1].day.low == 2 && s->step[1].day.high == 14 && s->step[1].day.grid == 1);
  cr_expect(s->gap_days.given && s->gap_days.low == 2 && s->gap_days.high == 14);
  cr_expect(p->n_limits == 3 && p->limits[2].kind == LIMIT_TOTAL_MG && p->limits[2].bound == 100);
  problem_free(p);
}

Test(problem, choices_and_numbers_of_steps_are_read)
{
  static const char *const set[4] = {"/regimen/steps/1/dose_mg=[1, 2, 10]",
                                     "/regimen/number_of_steps={\"min\": 1, \"max\": 3}",
                                     "/regimen/step_ratio_max=10"};
  stepdose_problem *p = read_with(DLBCL, set);
  const decision *amount = &p->regimen.step[1].amount;
  cr_expect(amount->n_choices == 3 && amount->choice[2] == 10);
  cr_expect(amount->low == 1 && amount->high == 10);
  cr_expect(p->regimen.number_of_steps.low == 1 && p->regimen.number_of_steps.high == 3);
  cr_expect_eq(p->regimen.step_ratio_max, 10);
  problem_free(p);
}

Test(problem, a_continuous_infusion_has_rates_until_the_next)
{
  stepdose_problem *p = read_with(BLINATUMOMAB, as_is);
  const schedule *trial = &p->comparators[0].doses;
  static const dose expected[3] = {
      {0, 5, 7, ROUTE_CIV}, {7, 15, 7, ROUTE_CIV}, {14, 60, 42, ROUTE_CIV}};
  cr_expect(p->regimen.route == ROUTE_CIV && p->regimen.infusion_h == 0);
  cr_assert_eq(trial->n_doses, 3);
  for (int i = 0; i < 3; i++) {
    const dose *d = &trial->doses[i];
    cr_expect(d->day == expected[i].day && d->amount == expected[i].amount &&
                  d->duration_days == expected[i].duration_days && d->route == ROUTE_CIV,
              "dose %d: day %g, %g for %g days", i, d->day, d->amount, d->duration_days);
  }
  problem_free(p);
}

Test(problem, comparators_end_at_the_horizon)
{
  static const char *const set[4] = {"/horizon_days=30"};
  stepdose_problem *p = read_with(DLBCL, set);
  cr_assert_geq(p->n_comparators, 1);
  cr_expect_eq(p->comparators[0].doses.n_doses, 4, "days 0, 7, 14, 21");
  cr_expect(p->comparators[0].approved);
  cr_expect_eq(p->comparators[0].doses.doses[0].duration_days, 4.0 / 24);
  problem_free(p);
}

/* Which of several sources of one value counts: the later in this table. */
Test(problem, the_more_particular_source_of_a_parameter_counts)
{
  static const struct {
    const char *set[4];
    const char *name;
    double value;
  } cases[] = {
      {{NULL}, "Bpbref_perml", 5e5},
      {{"/model_preset=[\"project_dlbcl\"]"}, "Bpbref_perml", 2.5e5},
      {{"/model_preset=[\"project_dlbcl\"]",
        "/parameters/Bpbref_perml={\"value\":3e5,\"unit\":\"cells/mL\",\"source\":\"test\"}"},
       "Bpbref_perml",
       3e5},
      {{"/indication/parameters/Vpb={\"value\":4000,\"unit\":\"mL\",\"source\":\"test\"}"},
       "Vpb",
       4000},
      {{"/indication/parameters/VmT={\"value\":0.1,\"unit\":\"1\",\"source\":\"test\"}"},
       "VmT",
       0.9},
      {{"/model_preset=[\"project_tumor\", \"project_il6\"]"}, "KBptumor", 1600},
      {{"/model_preset=[\"project_tumor\", \"project_il6\"]"}, "kIL6prod", 1},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    stepdose_problem *p = read_with(DLBCL, cases[i].set);
    cr_expect_eq(parameter(p, cases[i].name), cases[i].value, "case %zu: %s is %g", i,
                 cases[i].name, parameter(p, cases[i].name));
    problem_free(p);
  }
}

Test(problem, measures_request_the_days_that_they_read)
{
  static const char *const change[4] = {"/maximize={\"objective\":\"tumor_control\",\"measure\":"
                                        "\"change_percent_at_day\",\"day\":42}"};
  static const char *const last[4] = {
      "/maximize={\"objective\":\"tumor_control\",\"measure\":\"smallest_log10_kill_last_days\","
      "\"last_days\":14}"};
  stepdose_problem *p = read_with(DLBCL, change);
  cr_expect(p->request.n_days == 1 && p->request.day[0] == 42 && p->goal.day == 42);
  cr_expect(p->n_warnings == 1 && strstr(p->warnings[0], "gamed") != NULL);
  problem_free(p);
  p = read_with(DLBCL, last);
  cr_expect(p->request.n_days == 0 && p->request.last_days == 14 && p->n_warnings == 0);
  problem_free(p);
}

Test(problem, every_exploitable_measure_is_warned_about)
{
  for (int i = 0; i < MEASURE_COUNT; i++) {
    char set[160];
    snprintf(set, sizeof set, "/maximize={\"objective\":\"%s\",\"measure\":\"%s\"}",
             problem_measures[i].objective, problem_measures[i].name);
    const char *const overrides[4] = {set};
    stepdose_problem *p = read_with(DLBCL, overrides);
    cr_expect_eq(p->goal.measure, (measure)i);
    cr_expect_eq(p->n_warnings > 0, problem_measures[i].exploitable, "%s", set);
    problem_free(p);
  }
}

Test(problem, windows_of_days_are_requested_once)
{
  static const char *const set[4] = {
      "/limits/"
      "-={\"objective\":\"il6_peak\",\"window\":{\"from_day\":0,\"to_day\":21},\"max_pg_mL\":9}",
      "/limits/-={\"objective\":\"immune_activation\",\"window\":{\"from_day\":0,\"to_day\":21},"
      "\"activated_cd8_fraction_max\":0.3}",
      "/limits/"
      "-={\"objective\":\"il6_peak\",\"window\":{\"from_day\":21,\"to_day\":84},\"max_pg_mL\":9}"};
  stepdose_problem *p = read_with(DLBCL, set);
  cr_expect(p->n_limits == 5 && p->request.n_intervals == 2);
  cr_expect(p->limits[2].interval == 0 && p->limits[3].interval == 0 && p->limits[4].interval == 1);
  cr_expect(p->request.interval[1].from_day == 21 && p->request.interval[1].to_day == 84);
  problem_free(p);
}

Test(problem, one_limit_object_may_set_several_bounds)
{
  static const char *const set[4] = {"/limits/"
                                     "-={\"objective\":\"treatment_burden\",\"total_mg_max\":100,"
                                     "\"visits_max\":8,\"doses_max\":9}"};
  stepdose_problem *p = read_with(DLBCL, set);
  cr_assert_eq(p->n_limits, 5);
  for (int i = 2; i < 5; i++) {
    cr_expect_str_eq(p->limits[i].pointer, "/limits/2");
  }
  cr_expect(p->limits[2].kind == LIMIT_TOTAL_MG && p->limits[4].kind == LIMIT_DOSES);
  problem_free(p);
}

/* A limit exactly at the smallest possible burden can be met; a hair below it cannot. */
Test(problem, the_smallest_burden_is_exact)
{
  static const struct {
    const char *bound;
    bool possible;
  } cases[] = {
      /* 0.05 mg on days 0, 7, 14, 21, 42, 63 */
      {"\"total_mg_max\": 0.3", true}, {"\"total_mg_max\": 0.29", false},
      {"\"visits_max\": 6", true},     {"\"visits_max\": 5", false},
      {"\"doses_max\": 6", true},      {"\"doses_max\": 5", false},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    char set[128];
    stepdose_error e = {.code = STEPDOSE_OK};
    snprintf(set, sizeof set, "/limits/-={\"objective\": \"treatment_burden\", %s}",
             cases[i].bound);
    const char *const overrides[] = {set};
    stepdose_problem *p = problem_read(DLBCL, overrides, 1, &e);
    cr_expect_eq(p != NULL, cases[i].possible, "%s: %s", cases[i].bound, e.message);
    cr_expect_eq(e.code, cases[i].possible ? STEPDOSE_OK : STEPDOSE_CONTRADICTION);
    problem_free(p);
  }
}

Test(problem, a_population_file_stands_for_its_reference_patient)
{
  static const char *const path[4] = {"/population=populations/dlbcl.json"};
  static const char *const request[4] = {"/population={\"file\": \"populations/dlbcl.json\"}"};
  stepdose_problem *p = read_with(DLBCL, path);
  cr_expect(p->reference_patient && strcmp(p->population_name, "DLBCL, reference patient") == 0);
  problem_free(p);
  p = read_with(DLBCL, request);
  cr_expect(p->reference_patient && strcmp(p->population_name, "DLBCL, reference patient") == 0);
  problem_free(p);
}

/* A problem of an indication without tumour; `more` are further members. */
static stepdose_problem *read_without_tumour(const char *indication, const char *rate,
                                             const char *more, stepdose_error *e)
{
  char bytes[700];
  *e = (stepdose_error){.code = STEPDOSE_OK};
  snprintf(bytes, sizeof bytes,
           "{\"format\": \"stepdose-problem-1\", \"model\": \"hosseini2020\", "
           "\"molecule\": \"molecules/blinatumomab.json\", \"horizon_days\": 28, "
           "\"indication\": \"indications/%s.json\", \"regimen\": {\"route\": \"civ\", "
           "\"steps\": [{\"day\": 0, \"dose_ug_m2_day\": %s}]}%s}",
           indication, rate, more);
  return problem_read_text(PROBLEMS "x.json", bytes, strlen(bytes), NULL, 0, e);
}

static bool is_warned(const stepdose_problem *p, const char *words)
{
  for (int i = 0; i < p->n_warnings; i++) {
    if (strstr(p->warnings[i], words) != NULL) {
      return true;
    }
  }
  return false;
}

/* Whether a goal is needed depends on what is done with the problem: reading warns, with free doses
 * and with a goal too. */
Test(problem, without_a_tumour_a_problem_is_read_with_a_warning)
{
  static const char *const indications[] = {"b-all", "healthy-human"};
  static const struct {
    const char *rate, *more;
    bool goal;
  } cases[] = {
      {"15", "", false},
      {"{\"min\": 5, \"max\": 60}", "", false},
      {"15", ", \"maximize\": {\"objective\": \"tumor_control\"}", true},
      {"{\"min\": 5, \"max\": 60}",
       ", \"maximize\": {\"objective\": \"tumor_control\", \"measure\": \"response_rate\"}", true},
  };
  for (size_t i = 0; i < 2 * sizeof cases / sizeof cases[0]; i++) {
    const char *name = indications[i % 2];
    size_t c = i / 2;
    stepdose_error e;
    stepdose_problem *p = read_without_tumour(name, cases[c].rate, cases[c].more, &e);
    cr_assert_not_null(p, "%s, case %zu: %s: %s", name, c, e.pointer, e.message);
    cr_expect(!problem_has_tumor(p) && parameter(p, "tumor_on") == 0, "%s, case %zu", name, c);
    cr_expect(is_warned(p, "no tumour") && !is_warned(p, "gamed"), "%s, case %zu", name, c);
    cr_expect_eq(strstr(p->effective, "\"maximize\"") != NULL, cases[c].goal, "%s, case %zu", name,
                 c);
    problem_free(p);
  }
}

Test(problem, a_problem_with_a_tumour_says_so)
{
  stepdose_problem *p = read_with(DLBCL, as_is);
  cr_expect(problem_has_tumor(p) && !is_warned(p, "no tumour"));
  problem_free(p);
}

Test(problem, engines_of_the_table_are_accepted_and_no_other)
{
  static const struct {
    const char *name, *suggestion; /* NULL: accepted */
  } cases[] = {
#define X(name, meaning, algorithm, local, constraints) {name, NULL},
      PROBLEM_ENGINES(X)
#undef X
          {"auto", NULL},
      {"foo", "allowed: auto"},
      {"cobila", "did you mean \"cobyla\""},
      {"slsqpp", "did you mean \"slsqp\""},
      {"simplex", "allowed: auto"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    char set[80];
    const char *const overrides[] = {set};
    stepdose_error e = {.code = STEPDOSE_OK};
    snprintf(set, sizeof set, "/search/engine=%s", cases[i].name);
    stepdose_problem *p = problem_read(DLBCL, overrides, 1, &e);
    if (cases[i].suggestion == NULL) {
      cr_assert_not_null(p, "%s: %s", cases[i].name, e.message);
      cr_expect_str_eq(p->search.engine, cases[i].name);
      problem_free(p);
      continue;
    }
    cr_expect_null(p, "%s was accepted", cases[i].name);
    cr_expect_eq(e.code, STEPDOSE_UNKNOWN_NAME);
    cr_expect_str_eq(e.pointer, "/search/engine");
    cr_expect_not_null(strstr(e.remedy, cases[i].suggestion), "%s: %s", cases[i].name, e.remedy);
  }
}
