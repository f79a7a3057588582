/* The effective problem says everything: it reads back to itself without other files, and does not
 * depend on how the file was written. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "problem/problem.h"

#define PROBLEMS STEPDOSE_SOURCE_DIR "/problems/"
#define DLBCL PROBLEMS "mosunetuzumab-dlbcl.json"
#define TISSUES STEPDOSE_SOURCE_DIR "/tests/data/problem/tissues.json"
#define PATIENTS STEPDOSE_SOURCE_DIR "/tests/data/problem/patients.json"

static const struct {
  const char *path;
  const char *set[2];
} cases[] = {
    {DLBCL, {NULL, NULL}},
    {PROBLEMS "mosunetuzumab-dlbcl-days.json", {NULL, NULL}},
    {PROBLEMS "mosunetuzumab-dlbcl-tight.json", {NULL, NULL}},
    {PROBLEMS "blinatumomab-nhl.json", {NULL, NULL}},
    {DLBCL,
     {"/model_preset=[\"project_dlbcl\", \"project_il6\"]", "/regimen/steps/0/dose_mg=[0.1, 0.2]"}},
    {DLBCL, {"/population=populations/dlbcl.json", "/title=\xC3\xA9 \\ \"quoted\""}},
    {DLBCL, {"/population={\"file\": \"populations/dlbcl.json\"}", "/limits=[]"}},
    {DLBCL,
     {"/limits/0/window={\"from_day\": 0.1, \"to_day\": 21.7}",
      "/maximize={\"objective\": \"tumor_control\", \"measure\": \"response_rate\"}"}},
    {DLBCL,
     {"/parameters={\"Vpb\": {\"value\": 4321.1, \"unit\": \"mL\", \"source\": \"test\", "
      "\"assumed\": true}}",
      "/regimen/number_of_steps={\"min\": 2, \"max\": 3}"}},
    {DLBCL, {"/design={\"VmT\": 0.8, \"KdrugactT\": {\"min\": 1, \"max\": 300}}", "/title=fixed"}},
    {PATIENTS, {NULL, NULL}},
    {PATIENTS, {"/population=reference", "/verification={\"seed\": 5}"}},
    {PROBLEMS "mosunetuzumab-dlbcl-population.json",
     {"/verification={\"rounds\": 0, \"seed\": 2}", "/maximize/statistic=worst_stratum"}},
    {TISSUES, {NULL, NULL}},
    {TISSUES,
     {"/premedication={\"drug\": \"tocilizumab\", \"dose_mg\": 560, \"with_doses\": \"all\"}",
      "/indication/health_grades=[0.9, 0.75, 0.5, 0.25]"}},
    {TISSUES,
     {"/indication={\"format\": \"stepdose-indication-1\", \"name\": \"bare\", \"model\": "
      "\"synapse\", \"tissues\": [\"gut\"]}",
      "/parameters={}"}},
};

enum { N_CASES = sizeof cases / sizeof cases[0] };

static stepdose_problem *read_case(size_t i)
{
  stepdose_error e = {.code = STEPDOSE_OK};
  size_t n = cases[i].set[0] != NULL ? 2 : 0;
  stepdose_problem *p = problem_read(cases[i].path, cases[i].set, n, &e);
  cr_assert_not_null(p, "case %zu: %s: %s", i, e.pointer, e.message);
  return p;
}

Test(problem, the_effective_problem_reads_back_to_itself)
{
  for (size_t i = 0; i < N_CASES; i++) {
    stepdose_error e = {.code = STEPDOSE_OK};
    stepdose_problem *p = read_case(i);
    /* a path without neighbours: no other file can be opened from there */
    stepdose_problem *again =
        problem_read_text("/nowhere/problem.json", p->effective, strlen(p->effective), NULL, 0, &e);
    cr_assert_not_null(again, "case %zu: %s: %s", i, e.pointer, e.message);
    cr_expect_str_eq(again->hash, p->hash, "case %zu", i);
    cr_expect_str_eq(again->effective, p->effective, "case %zu", i);
    cr_expect_eq(memcmp(again->parameters, p->parameters,
                        (size_t)p->model->n_parameters * sizeof *p->parameters),
                 0, "case %zu", i);
    cr_expect_eq(memcmp(again->limits, p->limits, sizeof p->limits), 0, "case %zu", i);
    cr_expect_eq(memcmp(&again->verification, &p->verification, sizeof p->verification), 0,
                 "case %zu", i);
    cr_expect_eq(memcmp(&again->goal, &p->goal, sizeof p->goal), 0, "case %zu", i);
    cr_expect_eq(memcmp(again->design, p->design, sizeof p->design), 0, "case %zu", i);
    cr_expect_eq(memcmp(again->tissue, p->tissue, sizeof p->tissue), 0, "case %zu", i);
    cr_expect_eq(memcmp(again->comparators, p->comparators, sizeof p->comparators), 0, "case %zu",
                 i);
    cr_expect_eq(memcmp(again->regimen.premedication, p->regimen.premedication,
                        sizeof p->regimen.premedication),
                 0, "case %zu", i);
    cr_expect_eq(again->model, p->model, "case %zu: the same member of the family", i);
    cr_expect(again->horizon_days == p->horizon_days && again->tolerance == p->tolerance);
    cr_expect_eq(again->n_comparators, p->n_comparators);
    problem_free(again);
    problem_free(p);
  }
}

Test(problem, different_problems_have_different_hashes)
{
  char hashes[N_CASES][65];
  for (size_t i = 0; i < N_CASES; i++) {
    stepdose_problem *p = read_case(i);
    snprintf(hashes[i], sizeof hashes[i], "%s", p->hash);
    for (size_t j = 0; j < i; j++) {
      cr_expect_str_neq(hashes[i], hashes[j], "cases %zu and %zu", i, j);
    }
    problem_free(p);
  }
}

Test(problem, the_hash_does_not_depend_on_order_and_spaces)
{
  static const char *const texts[] = {
      "\"horizon_days\": 84, \"model\": \"hosseini2020\"",
      "\"model\":\"hosseini2020\",\n\n\t\"horizon_days\":8.4e1",
  };
  char hashes[2][65];
  for (int i = 0; i < 2; i++) {
    stepdose_error e = {.code = STEPDOSE_OK};
    char bytes[600];
    snprintf(
        bytes, sizeof bytes,
        "{%s, \"format\": \"stepdose-problem-1\", \"molecule\": \"molecules/mosunetuzumab.json\", "
        "\"indication\": \"indications/dlbcl.json\", \"regimen\": {\"route\": \"sc\", "
        "\"steps\": [{\"day\": 0, \"dose_mg\": 5}]}}",
        texts[i]);
    stepdose_problem *p = problem_read_text(DLBCL, bytes, strlen(bytes), NULL, 0, &e);
    cr_assert_not_null(p, "%s: %s", e.pointer, e.message);
    snprintf(hashes[i], sizeof hashes[i], "%s", p->hash);
    problem_free(p);
  }
  cr_expect_str_eq(hashes[0], hashes[1]);
}

/* Every parameter of the model stands once in the list for people, with its origin. */
Test(problem, origins_name_every_parameter)
{
  stepdose_problem *p = read_case(4);
  for (int i = 0; i < p->model->n_parameters; i++) {
    char needle[80];
    snprintf(needle, sizeof needle, "parameters/%s ", p->model->parameters[i].name);
    cr_expect_not_null(strstr(p->origins, needle), "%s", needle);
  }
  cr_expect_not_null(strstr(p->origins, "preset project_il6"));
  cr_expect_not_null(strstr(p->origins, "/tolerance"));
  cr_expect_not_null(strstr(p->origins, "default"));
  cr_expect_not_null(strstr(p->origins, "--set"));
  problem_free(p);
}
