/* What a problem says of its sensitivity study: inputs with their ranges, and what is left out. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "problem/problem.h"

#define MAIN STEPDOSE_SOURCE_DIR "/problems/mosunetuzumab-dlbcl.json"
#define SOLID STEPDOSE_SOURCE_DIR "/problems/synapse-cea-solid.json"

static const char *const patients =
    "/population={\"file\":\"populations/dlbcl-virtual.json\",\"patients\":512,\"seed\":9}";

static stepdose_problem *read_with(const char *path, const char *section, const char *further,
                                   stepdose_error *error)
{
  char change[1024];
  const char *changes[] = {change, further};
  snprintf(change, sizeof change, "/sensitivity=%s", section);
  return problem_read(path, changes, further != NULL ? 2 : 1, error);
}

static stepdose_problem *read_main(const char *section, const char *further)
{
  stepdose_error error = {.code = STEPDOSE_OK};
  stepdose_problem *p = read_with(MAIN, section, further, &error);
  cr_assert(p != NULL, "%s: %s", section, error.message);
  return p;
}

static bool same_number(double a, double b) { return a == b || (isnan(a) && isnan(b)); }

static void expect_same(const sensitivity_settings *a, const sensitivity_settings *b,
                        const char *what)
{
  cr_assert(a->n_inputs == b->n_inputs && a->n_outputs == b->n_outputs, "%s", what);
  cr_expect(a->method == b->method && a->samples == b->samples && a->patients == b->patients &&
                a->seed == b->seed && a->factor == b->factor && a->by_group == b->by_group &&
                a->second_order == b->second_order && a->evaluations == b->evaluations &&
                a->every_dose == b->every_dose,
            "%s", what);
  for (int i = 0; i < a->n_inputs; i++) {
    const sensitivity_described *x = &a->input[i];
    const sensitivity_described *y = &b->input[i];
    cr_expect(strcmp(x->name, y->name) == 0 && strcmp(x->group, y->group) == 0 &&
                  x->kind == y->kind && x->index == y->index && x->last == y->last &&
                  same_number(x->low, y->low) && same_number(x->high, y->high) &&
                  x->logarithmic == y->logarithmic,
              "%s: %s", what, x->name);
  }
}

static const sensitivity_described *find(const stepdose_problem *p, const char *name)
{
  for (int i = 0; i < p->sensitivity.n_inputs; i++) {
    if (strcmp(p->sensitivity.input[i].name, name) == 0) {
      return &p->sensitivity.input[i];
    }
  }
  return NULL;
}

Test(sensitivity_section, a_problem_without_it_is_as_one_with_an_empty_one)
{
  stepdose_error error;
  stepdose_problem *without = problem_read(MAIN, NULL, 0, &error);
  stepdose_problem *empty = read_main("{}", NULL);
  cr_assert_not_null(without);
  expect_same(&without->sensitivity, &empty->sensitivity, "no section");
  cr_expect_eq(without->sensitivity.method, SENSITIVITY_MORRIS);
  cr_expect_eq(without->sensitivity.samples, 64);
  cr_expect_eq(without->sensitivity.patients, 0);
  cr_expect_eq(without->sensitivity.seed, without->search.seed);
  cr_expect(without->sensitivity.every_dose);
  problem_free(without);
  problem_free(empty);
}

/* Published bounds where there are any, else a factor; switches and absent mechanisms are not
 * varied by themselves. */
Test(sensitivity_section, inputs_that_are_not_named_are_those_that_the_files_give)
{
  stepdose_problem *p = read_main("{\"factor\":3}", NULL);
  const sensitivity_described *clearance = find(p, "Cl_tdb");
  const sensitivity_described *exponent = find(p, "ndrugactT");
  const sensitivity_described *share = find(p, "VmB");
  const sensitivity_described *growth = find(p, "kBtumorprolif");
  cr_assert(clearance != NULL && exponent != NULL && share != NULL && growth != NULL);
  cr_expect_float_eq(clearance->low, 5.4 / 3, 1e-12);
  cr_expect_float_eq(clearance->high, 5.4 * 3, 1e-12);
  cr_expect(clearance->logarithmic);
  cr_expect_str_eq(clearance->group, "molecule");
  cr_expect_eq(exponent->low, 0.7, "published: %g", exponent->low);
  cr_expect_eq(exponent->high, 0.9, "published: %g", exponent->high);
  cr_expect_eq(share->high, 1, "what the model accepts: %g", share->high);
  cr_expect_str_eq(growth->group, "patient");
  cr_expect_null(find(p, "tumor_on"), "a switch");
  cr_expect_null(find(p, "Vm_tdb"), "absent");
  cr_expect_null(find(p, "kBapop"), "given by no file");
  problem_free(p);
}

Test(sensitivity_section, virtual_patients_are_varied_by_their_coordinates)
{
  stepdose_problem *p = read_main("{}", patients);
  const sensitivity_described *clearance = find(p, "clearance");
  const sensitivity_described *apoptosis = find(p, "kBapop");
  cr_assert(clearance != NULL && apoptosis != NULL);
  cr_expect_null(find(p, "Cl_tdb"), "patients have their own");
  cr_expect_eq(clearance->kind, SENSITIVITY_OF_COORDINATE);
  cr_expect(clearance->low == 0.5 && clearance->high == 2, "factors");
  cr_expect_float_eq(apoptosis->low, 0.01 / 0.02, 1e-12, "published bounds as factors");
  cr_expect_eq(p->sensitivity.patients, SENSITIVITY_PATIENTS);
  cr_expect_eq(p->sensitivity.seed, 9);
  problem_free(p);
}

Test(sensitivity_section, the_ranges_of_a_design_are_inputs)
{
  stepdose_error error;
  stepdose_problem *p = problem_read(SOLID, NULL, 0, &error);
  int found = 0;
  cr_assert_not_null(p);
  for (int i = 0; i < p->n_design; i++) {
    const design_variable *v = &p->design[i];
    const sensitivity_described *d = find(p, v->name);
    cr_expect_eq(d != NULL, v->values.n_choices == 0, "%s", v->name);
    cr_expect(d == NULL || (d->low == v->values.low && d->high == v->values.high), "%s", v->name);
    found += d != NULL;
  }
  cr_expect(found > 0);
  problem_free(p);
}

Test(sensitivity_section, what_is_named_is_read)
{
  static const char section[] =
      "{\"method\":\"sobol\",\"samples\":32,\"patients\":16,\"seed\":4,\"by_group\":true,"
      "\"second_order\":true,\"outputs\":[\"goal\",\"il6_peak.1\"],\"inputs\":["
      "{\"of\":\"Cl_tdb\",\"min\":2,\"max\":9,\"scale\":\"linear\",\"group\":\"exposure\"},"
      "{\"of\":\"dose_1\"},{\"of\":\"dose_3_to_6\",\"max\":60},{\"of\":\"blood_b\",\"max\":4},"
      "{\"of\":\"Vm_tdb\",\"min\":0,\"max\":5}]}";
  stepdose_problem *p = read_main(section, patients);
  const sensitivity_settings *s = &p->sensitivity;
  const sensitivity_described *of = s->input;
  cr_assert(s->n_inputs == 5 && s->n_outputs == 2 && !s->every_dose);
  cr_expect(s->method == SENSITIVITY_SOBOL && s->samples == 32 && s->patients == 16);
  cr_expect(s->seed == 4 && s->by_group && s->second_order);
  cr_expect(of[0].low == 2 && of[0].high == 9 && !of[0].logarithmic);
  cr_expect_str_eq(of[0].group, "exposure");
  cr_expect(of[1].kind == SENSITIVITY_OF_DOSES && of[1].index == 1 && of[1].last == 1);
  cr_expect(of[2].index == 3 && of[2].last == 6 && isnan(of[2].low) && of[2].high == 60);
  cr_expect(of[3].kind == SENSITIVITY_OF_COORDINATE && of[3].low == 0.5 && of[3].high == 4);
  cr_expect(of[4].low == 0 && !of[4].logarithmic, "a range from 0 has no logarithm");
  problem_free(p);
}

Test(sensitivity_section, the_effective_problem_reads_back_to_the_same_study)
{
  static const char *const sections[] = {
      "{}", "{\"method\":\"local\",\"inputs\":[{\"of\":\"dose_2_to_3\",\"min\":1,\"max\":9}]}",
      "{\"samples\":16,\"outputs\":[\"goal\"],\"inputs\":[{\"of\":\"Cl_tdb\",\"group\":\"x\"}]}"};
  for (size_t i = 0; i < sizeof sections / sizeof sections[0]; i++) {
    stepdose_error error;
    stepdose_problem *p = read_main(sections[i], patients);
    stepdose_problem *again =
        problem_read_text("again.json", p->effective, strlen(p->effective), NULL, 0, &error);
    cr_assert(again != NULL, "%s: %s", sections[i], error.message);
    expect_same(&p->sensitivity, &again->sensitivity, sections[i]);
    cr_expect_str_eq(p->hash, again->hash, "%s", sections[i]);
    problem_free(p);
    problem_free(again);
  }
}

Test(sensitivity_section, what_makes_no_sense_is_refused_where_it_stands)
{
  static const struct {
    const char *section;
    stepdose_code code;
    const char *pointer;
  } cases[] = {
      {"{\"method\":\"fast\"}", STEPDOSE_UNKNOWN_NAME, "/sensitivity/method"},
      {"{\"method\":\"local\",\"samples\":8}", STEPDOSE_CONTRADICTION, "/sensitivity/samples"},
      {"{\"method\":\"local\",\"by_group\":true}", STEPDOSE_CONTRADICTION, "/sensitivity/by_group"},
      {"{\"second_order\":true}", STEPDOSE_CONTRADICTION, "/sensitivity/second_order"},
      {"{\"patients\":8}", STEPDOSE_CONTRADICTION, "/sensitivity/patients"},
      {"{\"samples\":3}", STEPDOSE_OUT_OF_RANGE, "/sensitivity/samples"},
      {"{\"inputs\":[{\"of\":\"Cl_tbd\"}]}", STEPDOSE_UNKNOWN_NAME, "/sensitivity/inputs/0/of"},
      {"{\"inputs\":[{\"of\":\"dose_0\"}]}", STEPDOSE_UNKNOWN_NAME, "/sensitivity/inputs/0/of"},
      {"{\"inputs\":[{\"of\":\"dose_2_to_1\"}]}", STEPDOSE_UNKNOWN_NAME,
       "/sensitivity/inputs/0/of"},
      {"{\"inputs\":[{\"of\":\"clearance\"}]}", STEPDOSE_UNKNOWN_NAME, "/sensitivity/inputs/0/of"},
      {"{\"inputs\":[{\"of\":\"VmT\"},{\"of\":\"VmT\"}]}", STEPDOSE_CONTRADICTION,
       "/sensitivity/inputs/1/of"},
      {"{\"inputs\":[{\"of\":\"dose_2\"},{\"of\":\"dose_1_to_3\"}]}", STEPDOSE_CONTRADICTION,
       "/sensitivity/inputs/1/of"},
      {"{\"inputs\":[{\"of\":\"VmT\",\"min\":0.5,\"max\":0.5}]}", STEPDOSE_EMPTY_RANGE,
       "/sensitivity/inputs/0"},
      {"{\"inputs\":[{\"of\":\"VmT\",\"max\":2}]}", STEPDOSE_OUT_OF_RANGE,
       "/sensitivity/inputs/0/max"},
      {"{\"inputs\":[{\"of\":\"dose_1\",\"min\":0}]}", STEPDOSE_OUT_OF_RANGE,
       "/sensitivity/inputs/0/min"},
      {"{\"inputs\":[{\"of\":\"Vm_tdb\"}]}", STEPDOSE_MISSING_KEY, "/sensitivity/inputs/0"},
      {"{\"inputs\":[{\"of\":\"Vm_tdb\",\"min\":0,\"max\":1,\"scale\":\"log\"}]}",
       STEPDOSE_CONTRADICTION, "/sensitivity/inputs/0/scale"},
      {"{\"inputs\":[]}", STEPDOSE_EMPTY_RANGE, "/sensitivity/inputs"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    stepdose_error error = {.code = STEPDOSE_OK};
    stepdose_problem *p = read_with(MAIN, cases[i].section, NULL, &error);
    cr_expect(p == NULL && error.code == cases[i].code, "%s: %s", cases[i].section,
              stepdose_code_name(error.code));
    cr_expect_str_eq(error.pointer, cases[i].pointer, "%s: %s", cases[i].section, error.pointer);
    cr_expect(error.remedy[0] != '\0', "%s has no remedy", cases[i].section);
    problem_free(p);
  }
}

Test(sensitivity_section, counts_are_no_inputs)
{
  stepdose_error error;
  stepdose_problem *p =
      read_with(SOLID, "{\"inputs\":[{\"of\":\"cd3_valency\",\"min\":1,\"max\":2}]}", NULL, &error);
  cr_expect(p == NULL && error.code == STEPDOSE_OUT_OF_RANGE, "%s", error.message);
  problem_free(p);
}
