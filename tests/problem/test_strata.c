/* Strata that a problem names: patients of one alone, and those that are compared. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "base/allocate.h"
#include "population/population.h"
#include "problem/problem.h"

#define COHORT STEPDOSE_SOURCE_DIR "/problems/mosunetuzumab-dlbcl-population.json"
#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static stepdose_problem *read_with(const char *change, stepdose_error *error)
{
  const char *const changes[] = {change};
  *error = (stepdose_error){.code = STEPDOSE_OK};
  return problem_read(COHORT, changes, change != NULL ? 1 : 0, error);
}

static stepdose_problem *read_well(const char *change)
{
  stepdose_error e;
  stepdose_problem *p = read_with(change, &e);
  cr_assert_not_null(p, "%s: %s", e.pointer, e.message);
  return p;
}

/* Who is in no other stratum keeps his parameters and loses his weight alone. */
Test(strata, patients_of_a_stratum_are_those_of_all_with_the_weight_0_for_the_others)
{
  static const char *const names[] = {"low tumor burden", "high tumor burden",
                                      "heavily B-depleted"};
  enum { PATIENTS = 256 };
  stepdose_problem *all = read_well(NULL);
  for (size_t s = 0; s < COUNT(names); s++) {
    char change[96];
    stepdose_error e;
    snprintf(change, sizeof change, "/population/stratum=%s", names[s]);
    stepdose_problem *one = read_well(change);
    const stepdose_problem *both[] = {all, one};
    const size_t n_covariates = (size_t)population_covariates(all->population);
    double weight[2][PATIENTS];
    double *covariate[2];
    population *people[2];
    int counted = 0;
    for (int i = 0; i < 2; i++) {
      covariate[i] = allocate_zeroed(PATIENTS * n_covariates, sizeof(double));
      people[i] = population_open(both[i]->population, all->model, 3, &e);
      cr_assert(people[i] != NULL && population_draw(people[i], all->parameters, 0, PATIENTS, NULL,
                                                     weight[i], covariate[i], &e));
    }
    cr_expect(memcmp(covariate[0], covariate[1], PATIENTS * n_covariates * sizeof(double)) == 0);
    for (int i = 0; i < PATIENTS; i++) {
      const bool in =
          population_in_stratum(people[0], (int)s, covariate[0] + (size_t)i * n_covariates);
      cr_expect(weight[1][i] == (in ? weight[0][i] : 0), "%s: patient %d", names[s], i);
      counted += weight[1][i] > 0;
    }
    cr_expect(counted > 0 && counted < PATIENTS, "%s: %d", names[s], counted);
    for (int i = 0; i < 2; i++) {
      population_close(people[i]);
      release(covariate[i]);
    }
    problem_free(one);
  }
  problem_free(all);
}

Test(strata, the_effective_problem_keeps_both)
{
  const char *const changes[] = {"/population/stratum=high tumor burden",
                                 "/strata_compared=[\"heavily B-depleted\"]"};
  stepdose_error e = {.code = STEPDOSE_OK};
  stepdose_problem *p = problem_read(COHORT, changes, 2, &e);
  cr_assert_not_null(p, "%s", e.message);
  stepdose_problem *again =
      problem_read_text(p->path, p->effective, strlen(p->effective), NULL, 0, &e);
  cr_assert_not_null(again, "%s", e.message);
  cr_expect(again->population->only_stratum == 2 && again->n_compared == 1 &&
            again->compared[0] == 2);
  cr_expect_str_eq(p->hash, again->hash);
  problem_free(again);
  problem_free(p);
}

Test(strata, what_cannot_be_meant_is_refused_at_its_place)
{
  static const struct {
    const char *change;
    stepdose_code code;
    const char *pointer, *said;
  } cases[] = {
      {"/population/stratum=hihg tumor burden", STEPDOSE_UNKNOWN_NAME, "/population/stratum",
       "high tumor burden"},
      {"/population={\"file\": \"populations/dlbcl-virtual.json\", \"stratum\": "
       "\"low tumor burden\"}",
       STEPDOSE_CONTRADICTION, "/population/stratum", "patients"},
      {"/population/file/strata=[]", STEPDOSE_OK, "", ""},
      {"/strata_compared=[\"high tumour burden\"]", STEPDOSE_UNKNOWN_NAME, "/strata_compared/0",
       "high tumor burden"},
      {"/strata_compared=[\"low tumor burden\", \"low tumor burden\"]", STEPDOSE_CONTRADICTION,
       "/strata_compared/1", "once"},
      {"/strata_compared=[]", STEPDOSE_EMPTY_RANGE, "/strata_compared", ""},
      {"/strata_compared=\"low tumor burden\"", STEPDOSE_WRONG_TYPE, "/strata_compared", ""},
  };
  for (size_t i = 0; i < COUNT(cases); i++) {
    stepdose_error e;
    stepdose_problem *p = read_with(cases[i].change, &e);
    cr_expect((p == NULL) == (cases[i].code != STEPDOSE_OK), "%s: read or refused",
              cases[i].change);
    if (p == NULL) {
      cr_expect(e.code == cases[i].code && strcmp(e.pointer, cases[i].pointer) == 0 &&
                    strstr(e.remedy, cases[i].said) != NULL,
                "%s: %d at %s: %s; %s", cases[i].change, (int)e.code, e.pointer, e.message,
                e.remedy);
    }
    problem_free(p);
  }
}

Test(strata, without_strata_none_can_be_named)
{
  static const char *const asked[] = {"/population/stratum=low tumor burden",
                                      "/strata_compared=[\"low tumor burden\"]"};
  for (size_t i = 0; i < COUNT(asked); i++) {
    const char *const changes[] = {"/population/file/strata=[]", asked[i]};
    stepdose_error e = {.code = STEPDOSE_OK};
    cr_expect_null(problem_read(COHORT, changes, 2, &e));
    cr_expect(e.code == STEPDOSE_CONTRADICTION, "%s: %s", asked[i], e.message);
  }
}

/* A limit that nobody who is asked for could break would hold whatever is given. */
Test(strata, a_limit_that_counts_nobody_is_refused)
{
  static const struct {
    const char *only, *counted;
    bool read;
  } cases[] = {{"low tumor burden", "high tumor burden", false},
               {"low tumor burden", "low tumor burden", true},
               {"low tumor burden", "heavily B-depleted", true}};
  for (size_t i = 0; i < COUNT(cases); i++) {
    char only[96], counted[256];
    const char *const changes[] = {only, counted};
    stepdose_error e = {.code = STEPDOSE_OK};
    snprintf(only, sizeof only, "/population/stratum=%s", cases[i].only);
    snprintf(counted, sizeof counted,
             "/limits=[{\"objective\": \"il6_peak\", \"max_pg_mL\": 500, \"quantile\": 0.9, "
             "\"stratum\": \"%s\"}]",
             cases[i].counted);
    stepdose_problem *p = problem_read(COHORT, changes, 2, &e);
    cr_expect((p != NULL) == cases[i].read, "%s, %s: %s", cases[i].only, cases[i].counted,
              e.message);
    cr_expect(p != NULL ||
              (e.code == STEPDOSE_CONTRADICTION && strcmp(e.pointer, "/limits/0/stratum") == 0));
    problem_free(p);
  }
}

Test(strata, those_without_a_common_patient_are_compared_or_else_the_first_two)
{
  static const struct {
    const char *change;
    int n, compared[POPULATION_STRATA_MAX];
  } cases[] = {
      {NULL, 2, {0, 1}}, /* low and high burden; some of both are B-depleted */
      {"/population/file/strata/1/from=1e10", 2, {0, 1}}, /* all overlap */
      {"/population/file/strata/1={\"name\": \"b\", \"of\": \"blood_b\", \"from\": 1}", 2, {0, 1}},
      {"/population/file/strata/2={\"name\": \"c\", \"of\": \"tumor_burden\", \"below\": 1e9}",
       2,
       {0, 1}},
      {"/population/file/strata=[{\"name\": \"a\", \"of\": \"blood_b\", \"below\": 1e4}]", 1, {0}},
      {"/strata_compared=[\"heavily B-depleted\", \"low tumor burden\"]", 2, {2, 0}},
      {"/population=reference", 0, {0}},
  };
  for (size_t i = 0; i < COUNT(cases); i++) {
    const char *name = cases[i].change != NULL ? cases[i].change : "as shipped";
    stepdose_problem *p = read_well(cases[i].change);
    cr_assert_eq(p->n_compared, cases[i].n, "%s: %d", name, p->n_compared);
    for (int k = 0; k < p->n_compared; k++) {
      cr_expect_eq(p->compared[k], cases[i].compared[k], "%s: %d", name, p->compared[k]);
    }
    problem_free(p);
  }
}
