/* What a problem with normal tissues says: names of parameters, premedication, design, limits. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "problem/problem.h"

#define TISSUES STEPDOSE_SOURCE_DIR "/tests/data/problem/tissues.json"
#define DLBCL STEPDOSE_SOURCE_DIR "/problems/mosunetuzumab-dlbcl.json"

/* Reads with up to three overrides (NULL ends them). */
static stepdose_problem *read_with(const char *path, const char *const overrides[3])
{
  stepdose_error e = {.code = STEPDOSE_OK};
  size_t n = 0;
  if (model_find("synapse") == NULL) {
    cr_skip_test("there is no model synapse");
  }
  while (n < 3 && overrides[n] != NULL) {
    n++;
  }
  stepdose_problem *p = problem_read(path, overrides, n, &e);
  cr_assert_not_null(p, "%s: %s: %s", path, e.pointer, e.message);
  return p;
}

static const char *const as_is[3] = {NULL};

static double parameter(const stepdose_problem *p, const char *name)
{
  int index = model_parameter_index(p->model, name);
  cr_assert_geq(index, 0, "%s", name);
  return p->parameters[index];
}

static bool warns(const stepdose_problem *p, const char *of)
{
  for (int i = 0; i < p->n_warnings; i++) {
    if (strstr(p->warnings[i], of) != NULL) {
      return true;
    }
  }
  return false;
}

Test(tissues, parameters_are_given_by_the_names_of_tissues)
{
  stepdose_problem *p = read_with(TISSUES, as_is);
  cr_assert_eq(p->n_tissues, 3);
  cr_expect_str_eq(p->tissue[0], "skin");
  cr_expect_str_eq(p->tissue[1], "gut");
  cr_expect(parameter(p, "tissue1_receptors_per_cell") == 1000);
  cr_expect(parameter(p, "tissue1_target_cells_per_mL") == 1e7);
  cr_expect(parameter(p, "tissue2_receptors_per_cell") == 20000);
  cr_expect(parameter(p, "tissue2_target_cells_per_mL") == 1e8);
  cr_expect(parameter(p, "tissue2_volume_mL") == 800);
  problem_free(p);
}

Test(tissues, what_a_molecule_knows_of_other_tissues_is_not_used_and_not_listed)
{
  stepdose_problem *p = read_with(TISSUES, as_is);
  for (int k = 1; k <= MODEL_TISSUES_MAX; k++) {
    char name[64];
    snprintf(name, sizeof name, "tissue%d_receptors_per_cell", k);
    cr_expect(parameter(p, name) != 3000, "%s", name);
  }
  cr_expect_null(strstr(p->effective, "lung"));
  cr_expect_null(strstr(p->origins, "tissue4"));
  cr_expect_not_null(strstr(p->origins, "parameters/gut.receptors_per_cell"));
  cr_expect_not_null(strstr(p->origins, "/parameters/liver.volume_mL"));
  problem_free(p);
}

Test(tissues, a_tissue_whose_density_nobody_gives_is_free_of_target)
{
  stepdose_problem *p = read_with(TISSUES, as_is);
  cr_expect(parameter(p, "tissue3_receptors_per_cell") == 0);
  cr_expect(warns(p, "no target density is given for liver"));
  cr_expect_not(warns(p, "given for gut"));
  cr_expect(warns(p, "no T cells are given for skin"));
  cr_expect(warns(p, "gut.target_cells_per_mL"), "assumed values by the name of the tissue");
  problem_free(p);
}

/* The model that is simulated has tissues only where there are T cells, or may be. */
Test(tissues, the_smallest_model_that_fits_is_chosen)
{
  static const char *const none[3] = {"/indication/parameters={}", "/molecule/parameters={}",
                                      "/design={}"};
  static const char *const designed[3] = {
      "/indication/parameters={}", "/molecule/parameters={}",
      "/design={\"gut.t_partition\": {\"min\": 0, \"max\": 1}}"};
  stepdose_problem *all = read_with(TISSUES, as_is);
  stepdose_problem *plain = read_with(TISSUES, none);
  stepdose_problem *may_have = read_with(TISSUES, designed);
  cr_expect_geq(all->model->n_tissues, 2);
  cr_expect_eq(plain->model->n_tissues, 0);
  cr_expect_lt(plain->model->n_states, all->model->n_states);
  cr_expect_geq(may_have->model->n_tissues, 2);
  cr_expect_eq(plain->n_tissues, 3, "the names stay");
  cr_expect_eq(plain->n_limits, all->n_limits, "and what is limited there");
  problem_free(may_have);
  problem_free(plain);
  problem_free(all);
}

Test(premedication, it_is_read_as_written)
{
  stepdose_problem *p = read_with(TISSUES, as_is);
  const premedication *m = p->regimen.premedication;
  cr_assert_eq(p->regimen.n_premedication, 2);
  cr_expect(m[0].drug == ROUTE_DEPLETER && m[0].dose_mg == 1000 && m[0].on_day && m[0].day == -7);
  cr_expect(m[1].drug == ROUTE_DEXAMETHASONE && m[1].dose_mg == 20 && !m[1].on_day);
  cr_expect(m[1].with == WITH_DOSES_STEPS && m[1].hours_before == 1, "an hour is the default");
  problem_free(p);
}

Test(premedication, one_object_is_a_list_of_one)
{
  static const char *const one[3] = {
      "/premedication={\"drug\": \"tocilizumab\", \"dose_mg\": 560, \"with_doses\": \"first\", "
      "\"hours_before\": -2}"};
  stepdose_problem *p = read_with(TISSUES, one);
  const premedication *m = p->regimen.premedication;
  cr_assert_eq(p->regimen.n_premedication, 1);
  cr_expect(m->drug == ROUTE_TOCILIZUMAB && m->with == WITH_DOSES_FIRST && m->hours_before == -2);
  problem_free(p);
}

/* Steps of a comparator are its doses up to the first of the largest amount. */
Test(premedication, comparators_have_their_own_or_that_of_the_problem)
{
  static const dose first[] = {
      {-7, 1000, 0, ROUTE_DEPLETER}, {-1.0 / 24, 20, 0, ROUTE_DEXAMETHASONE},
      {0, 1, 4.0 / 24, ROUTE_IV},    {7 - 1.0 / 24, 20, 0, ROUTE_DEXAMETHASONE},
      {7, 60, 4.0 / 24, ROUTE_IV},   {14, 60, 4.0 / 24, ROUTE_IV}};
  stepdose_problem *p = read_with(TISSUES, as_is);
  const schedule *s = &p->comparators[0].doses;
  cr_assert(p->n_comparators == 3 && s->n_doses == 6);
  for (int i = 0; i < 6; i++) {
    const dose *d = &s->doses[i];
    cr_expect(d->day == first[i].day && d->amount == first[i].amount && d->route == first[i].route,
              "dose %d: %s on day %g", i, route_word(d->route), d->day);
  }
  cr_expect_eq(p->comparators[1].doses.n_doses, 1, "an empty list is none");
  s = &p->comparators[2].doses;
  cr_expect(s->n_doses == 2 && s->doses[0].route == ROUTE_TOCILIZUMAB && s->doses[0].day == -1);
  problem_free(p);
}

Test(design, numbers_are_applied_and_ranges_become_variables)
{
  stepdose_problem *p = read_with(TISSUES, as_is);
  static const struct {
    const char *name;
    double low, high;
    int n_choices;
    bool logarithmic;
  } expected[] = {{"kd_cd3_nM", 1, 1000, 0, true},
                  {"target_valency", 1, 2, 2, false},
                  {"gut.receptors_per_cell", 1000, 10000, 0, false}};
  cr_expect(parameter(p, "fc_recycling") == 0, "a fixed number");
  cr_expect(parameter(p, "kd_cd3_nM") == 40, "a variable keeps its value");
  cr_assert_eq(p->n_design, 3);
  for (int i = 0; i < 3; i++) {
    const design_variable *v = &p->design[i];
    cr_expect_str_eq(v->name, expected[i].name);
    cr_expect(v->values.low == expected[i].low && v->values.high == expected[i].high, "%s",
              v->name);
    cr_expect_eq(v->values.n_choices, expected[i].n_choices, "%s", v->name);
    cr_expect_eq(v->logarithmic, expected[i].logarithmic, "%s", v->name);
  }
  cr_expect_str_eq(p->model->parameters[p->design[2].parameter].name, "tissue2_receptors_per_cell");
  problem_free(p);
}

Test(design, it_needs_no_new_model)
{
  static const char *const sets[3] = {
      "/design={\"KdrugactT\": {\"min\": 100, \"max\": 300}, \"VmT\": 0.8, \"Vpb\": [4000]}"};
  stepdose_problem *p = read_with(DLBCL, sets);
  cr_assert_eq(p->n_design, 1);
  cr_expect_str_eq(p->design[0].name, "KdrugactT");
  cr_expect_not(p->design[0].logarithmic);
  cr_expect(parameter(p, "VmT") == 0.8);
  cr_expect(parameter(p, "Vpb") == 4000, "one choice is a fixed number");
  problem_free(p);
}

Test(limits_of_synapse, they_are_read_as_written)
{
  stepdose_problem *p = read_with(TISSUES, as_is);
  const limit *l = p->limits;
  cr_assert_eq(p->n_limits, 10, "%d limits", p->n_limits);
  cr_expect(l[0].kind == LIMIT_CRS_PROBABILITY && l[0].grade == 2 && l[0].bound == 0.1);
  cr_expect(l[0].window == WINDOW_COURSE && l[1].window == WINDOW_EACH_DOSE && l[1].grade == 1);
  cr_expect(l[2].kind == LIMIT_CRS_DRIVE && l[2].bound == 200 && l[2].window == WINDOW_DAYS);
  for (int k = 0; k < 3; k++) {
    cr_expect(l[3 + k].kind == LIMIT_DAMAGE && l[3 + k].place == k && l[3 + k].grade == 2);
    cr_expect(fabs(l[3 + k].bound - 0.4) < 1e-15, "damage below grade 2, which begins at 0.6");
    cr_expect_str_eq(l[3 + k].place_name, p->tissue[k]);
    cr_expect_str_eq(l[3 + k].pointer, "/limits/3");
  }
  cr_expect(l[6].kind == LIMIT_ACTIVATED_CD8 && l[6].window == WINDOW_COURSE);
  cr_expect(l[7].kind == LIMIT_ACTIVATED_SITE && l[7].place == PROBLEM_SITE_TISSUE + 1);
  cr_expect(l[8].kind == LIMIT_DAYS_ABOVE && l[8].bound == 5 && l[8].above == 0.3);
  cr_expect(l[9].kind == LIMIT_DAYS_ABOVE && l[9].place == PROBLEM_SITE_TUMOR);
  cr_expect(p->request.activated_above == 0.3);
  problem_free(p);
}

Test(limits_of_synapse, coefficients_come_from_the_parameters)
{
  stepdose_problem *p = read_with(TISSUES, as_is);
  const crs_coefficients *c = &p->limits[0].crs;
  for (int g = 0; g < PROBLEM_GRADES; g++) {
    char name[32];
    snprintf(name, sizeof name, "crs_intercept_grade%d", g + 1);
    cr_expect(c->intercept[g] == parameter(p, name), "%s", name);
  }
  cr_expect(c->slope == parameter(p, "crs_slope_per_decade") && c->slope > 0);
  cr_expect(c->patient_sd == parameter(p, "crs_patient_sd_decades"));
  problem_free(p);
}

Test(limits_of_synapse, days_are_counted_above_the_share_that_is_asked_for)
{
  static const char *const sets[3] = {
      "/limits=[{\"objective\": \"immune_activation\", \"site\": \"blood\", \"days_above_max\": 3, "
      "\"above\": 0.15}]"};
  static const char *const none[3] = {"/limits=[]"};
  stepdose_problem *p = read_with(TISSUES, sets);
  cr_expect(p->request.activated_above == 0.15);
  problem_free(p);
  p = read_with(TISSUES, none);
  cr_expect(p->request.activated_above == ENDPOINT_ACTIVATED_ABOVE);
  problem_free(p);
}

/* Thresholds that nobody has declared are said to be assumed, wherever a grade relies on them. */
Test(limits_of_synapse, assumed_grades_are_warned_about)
{
  static const char *const assumed[3] = {"/indication/health_grades=[0.9, 0.75, 0.5, 0.25]"};
  static const char *const health[3] = {
      "/indication/health_grades=[0.9, 0.75, 0.5, 0.25]",
      "/limits=[{\"objective\": \"off_tumor\", \"tissue\": \"gut\", \"health_min\": 0.75}]"};
  stepdose_problem *p = read_with(TISSUES, as_is);
  cr_expect_not(warns(p, "assumed thresholds"));
  problem_free(p);
  p = read_with(TISSUES, assumed);
  cr_expect(warns(p, "assumed thresholds"));
  cr_expect(p->limits[3].bound == 0.25, "grade 2 begins below 0.75");
  problem_free(p);
  p = read_with(TISSUES, health);
  cr_expect_not(warns(p, "assumed thresholds"), "health needs no grades");
  cr_expect(p->n_limits == 1 && p->limits[0].bound == 0.25 && p->limits[0].grade == 0);
  problem_free(p);
}

Test(tissues, a_tumour_without_cells_is_none)
{
  static const char *const sets[3] = {"/parameters/tumor_cells_per_mL={\"value\": 0, \"unit\": "
                                      "\"cells/mL\", \"source\": \"test\"}"};
  stepdose_problem *with = read_with(TISSUES, as_is);
  stepdose_problem *without = read_with(TISSUES, sets);
  cr_expect(problem_has_tumor(with) && !problem_has_tumor(without));
  cr_expect(warns(without, "has no tumour"));
  problem_free(without);
  problem_free(with);
}

/* A name that is nearly right is suggested in its own notation. */
Test(tissues, misspelt_names_are_corrected)
{
  static const struct {
    const char *set, *remedy;
  } cases[] = {
      {"/design={\"gut.receptor_per_cell\": 5}", "did you mean \"gut.receptors_per_cell\"?"},
      {"/design={\"kd_cd_nM\": 5}", "did you mean \"kd_cd3_nM\"?"},
      {"/limits/3/tissue=guts", "did you mean \"gut\"?"},
      {"/limits/5/site=tumour", "did you mean \"tumor\"?"},
      {"/premedication/0/drug=dexametasone", "did you mean \"dexamethasone\"?"},
      {"/design={\"colon.kill_factor\": 5}", "name the tissue under \"tissues\""},
      {"/design={\"tissue2_kill_factor\": 5}", "<tissue>.<parameter>"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    stepdose_error e = {.code = STEPDOSE_OK};
    const char *const sets[] = {cases[i].set};
    cr_expect_null(problem_read(TISSUES, sets, 1, &e), "%s was accepted", cases[i].set);
    cr_expect_eq(e.code, STEPDOSE_UNKNOWN_NAME, "%s: %s", cases[i].set, e.message);
    cr_expect_not_null(strstr(e.remedy, cases[i].remedy), "%s: %s", cases[i].set, e.remedy);
  }
}
