/* Weights of a population file: what is read, what is refused, and that requests agree with them.
 */
#include "base/allocate.h"
#include "problem/problem.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define MAIN STEPDOSE_SOURCE_DIR "/problems/mosunetuzumab-dlbcl.json"
#define FILE_NAME "populations/dlbcl-virtual.json"

/* Three weighted patients of seed 9 for the shipped laws, and a request for them. */
static const char laws_of_dlbcl[] = "\"laws\": \"%s\", \"source\": \"test\", \"weight\": [1, 0, 5]";
#define WEIGHTED "/population={\"file\": \"" FILE_NAME "\", \"patients\": 3, \"seed\": 9}"

static stepdose_problem *read_with(const char *const *changes, size_t n, stepdose_error *error)
{
  *error = (stepdose_error){.code = STEPDOSE_OK};
  return problem_read(MAIN, changes, n, error);
}

/* The fingerprint of the shipped laws. */
static void find_laws(char laws[HASH_TEXT_SIZE])
{
  static const char *const changes[] = {WEIGHTED};
  stepdose_error e;
  stepdose_problem *p = read_with(changes, 1, &e);
  cr_assert(p != NULL, "%s %s", e.pointer, e.message);
  cr_assert(population_fingerprint(p->population, p->model, laws));
  problem_free(p);
}

/* A change that adds one set of weights. */
static void add_weights(const char *seed_and_patients, char change[512])
{
  char laws[HASH_TEXT_SIZE];
  char rest[256];
  find_laws(laws);
  snprintf(rest, sizeof rest, laws_of_dlbcl, laws);
  snprintf(change, 512, "/population/file/weights=[{%s, %s}]", seed_and_patients, rest);
}

Test(problem, weights_are_typed_data_of_mean_one)
{
  char weights[512];
  add_weights("\"seed\": 9, \"patients\": 3", weights);
  const char *const changes[] = {WEIGHTED, weights};
  stepdose_error e;
  stepdose_problem *p = read_with(changes, 2, &e);
  cr_assert(p != NULL, "%s %s", e.pointer, e.message);
  const population_description *d = p->population;
  cr_assert(d->n_weight_sets == 1 && !d->resampled);
  const population_weight_set *set = &d->weight_set[0];
  cr_expect(set->seed == 9 && set->n_patients == 3);
  cr_expect(set->weight[0] == 0.5 && set->weight[1] == 0 && set->weight[2] == 2.5);
  problem_free(p);
}

Test(problem, weights_read_back_from_the_effective_problem)
{
  char weights[512];
  add_weights("\"seed\": 9, \"patients\": 3", weights);
  const char *const changes[] = {WEIGHTED, weights, "/population/resample=true",
                                 "/population/seed=77"};
  stepdose_error e;
  stepdose_problem *p = read_with(changes, 4, &e);
  cr_assert(p != NULL, "%s %s", e.pointer, e.message);
  stepdose_problem *again =
      problem_read_text(MAIN, p->effective, strlen(p->effective), NULL, 0, &e);
  cr_assert(again != NULL, "%s %s", e.pointer, e.message);
  cr_expect_str_eq(again->hash, p->hash);
  cr_expect(again->population->resampled && again->population->n_weight_sets == 1 &&
            again->population->weight_set[0].weight[2] == 2.5 && again->population_seed == 77);
  problem_free(again);
  problem_free(p);
}

typedef struct refusal {
  const char *set;        /* seed and patients of the weights */
  const char *changes[2]; /* after that; NULL: none */
  stepdose_code code;
  const char *pointer_end;
} refusal;

#define SET "\"seed\": 9, \"patients\": 3"

static const refusal refusals[] = {
    {"\"seed\": 9, \"patients\": 4", {NULL}, STEPDOSE_CONTRADICTION, "/weights/0/weight"},
    {SET, {"/population/seed=8"}, STEPDOSE_OUT_OF_RANGE, "/population/seed"},
    {SET, {"/population/patients=2"}, STEPDOSE_OUT_OF_RANGE, "/population/patients"},
    {SET,
     {"/population/resample=true", "/population/patients=4"},
     STEPDOSE_OUT_OF_RANGE,
     "/population/patients"},
    {SET, {"/population/resample=1"}, STEPDOSE_WRONG_TYPE, "/population/resample"},
    {SET, {"/population/file/weights/0/weight/1=-1"}, STEPDOSE_OUT_OF_RANGE, "/weight/1"},
    {SET, {"/population/file/weights/0/weight/1=many"}, STEPDOSE_WRONG_TYPE, "/weight/1"},
    {SET,
     {"/population/file/weights/0/weight=[0, 0, 0]"},
     STEPDOSE_EMPTY_RANGE,
     "/weights/0/weight"},
    {SET, {"/population/file/weights=[]"}, STEPDOSE_EMPTY_RANGE, "/weights"},
    {SET, {"/population/file/weights/0/laws=abc"}, STEPDOSE_OUT_OF_RANGE, "/laws"},
    {SET, {"/population/file/coordinates/0/median=125001"}, STEPDOSE_CONTRADICTION, "/laws"},
    {SET, {"/population/file/sampling=pseudo_random"}, STEPDOSE_CONTRADICTION, "/laws"},
    {SET, {"/population/file/derived/2/factor=2"}, STEPDOSE_CONTRADICTION, "/laws"},
    {SET, {"/population/file/correlations/0/value=0.5"}, STEPDOSE_CONTRADICTION, "/laws"},
};

Test(problem, weights_are_refused_where_they_are_wrong)
{
  for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
    const refusal *f = &refusals[i];
    char weights[512];
    add_weights(f->set, weights);
    const char *const changes[] = {WEIGHTED, weights, f->changes[0], f->changes[1]};
    const size_t n = f->changes[0] == NULL ? 2 : f->changes[1] == NULL ? 3 : 4;
    stepdose_error e;
    stepdose_problem *p = read_with(changes, n, &e);
    const char *what = f->changes[0] != NULL ? f->changes[0] : f->set;
    const size_t length = strlen(e.pointer), end = strlen(f->pointer_end);
    cr_expect_null(p, "%s was accepted", what);
    cr_expect_eq(e.code, f->code, "%s: %s: %s", what, stepdose_code_name(e.code), e.message);
    cr_expect(length >= end && strcmp(e.pointer + length - end, f->pointer_end) == 0,
              "%s: pointer %s", what, e.pointer);
    cr_expect(e.message[0] != '\0' && e.remedy[0] != '\0', "%s: no message or remedy", what);
    problem_free(p);
  }
}

/* Who counts where does not change who the patients are. */
Test(problem, weights_hold_for_other_ranges_and_strata)
{
  char weights[512];
  add_weights("\"seed\": 9, \"patients\": 3", weights);
  const char *const changes[] = {
      WEIGHTED, weights, "/population/file/strata=[]",
      "/population/file/plausible=[{\"of\": \"blood_b\", \"max\": 1e6, \"source\": \"test\"}]"};
  stepdose_error e;
  stepdose_problem *p = read_with(changes, 4, &e);
  cr_expect(p != NULL, "%s %s", e.pointer, e.message);
  problem_free(p);
}

Test(problem, resampling_needs_weights)
{
  static const char *const changes[] = {WEIGHTED, "/population/resample=true"};
  static const char *const without[] = {WEIGHTED, "/population/resample=false"};
  stepdose_error e;
  cr_expect_null(read_with(changes, 2, &e));
  cr_expect_eq(e.code, STEPDOSE_CONTRADICTION, "%s", e.message);
  stepdose_problem *p = read_with(without, 2, &e);
  cr_expect(p != NULL && !p->population->resampled, "%s", e.message);
  problem_free(p);
}

Test(problem, weights_that_find_no_memory_are_refused_cleanly, .timeout = 120)
{
  char weights[512];
  int n = 0;
  add_weights("\"seed\": 9, \"patients\": 3", weights);
  const char *const changes[] = {WEIGHTED, weights};
  stepdose_error e;
  for (long first = 0;; first += 37, n++) {
    allocate_fail_after(first, 1);
    stepdose_problem *p = read_with(changes, 2, &e);
    allocate_fail_after(-1, 0);
    if (p != NULL) {
      problem_free(p);
      break;
    }
    cr_assert_eq(e.code, STEPDOSE_NO_MEMORY, "allocation %ld: %s", first, e.message);
  }
  cr_expect(n > 20, "%d failures", n);
}

/* Fresh patients: of the next set, all of them; resampled ones of the next seed, no more than there
 * are weighted ones. */
Test(problem, verification_of_weighted_patients_has_other_people)
{
  static const struct {
    int patients;
    uint64_t seed;
    const char *more;
    int fresh;
    uint64_t fresh_seed;
  } cases[] = {{4096, 1, "", 4096, 2},
               {4096, 5, "", 4096, 1},
               {256, 9, ", \"resample\": true", 1024, 10},
               {2048, 9, ", \"resample\": true", 4096, 10}};
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    char request[256];
    const char *const changes[] = {request};
    stepdose_error e;
    snprintf(request, sizeof request,
             "/population={\"file\": \"populations/dlbcl-virtual-weighted.json\", \"patients\": "
             "%d, \"seed\": %d%s}",
             cases[i].patients, (int)cases[i].seed, cases[i].more);
    stepdose_problem *p = read_with(changes, 1, &e);
    cr_assert(p != NULL, "case %zu: %s %s", i, e.pointer, e.message);
    cr_expect(p->verification.patients == cases[i].fresh, "case %zu: %d patients", i,
              p->verification.patients);
    cr_expect(p->verification.seed == cases[i].fresh_seed, "case %zu: seed %d", i,
              (int)p->verification.seed);
    problem_free(p);
  }
}

/* Everybody is in the search: what only simulates needs nobody else. */
Test(problem, one_set_of_weights_leaves_nobody_to_verify)
{
  char weights[512];
  add_weights("\"seed\": 9, \"patients\": 3", weights);
  static const char *const requests[] = {"/population/resample=false", "/population/resample=true"};
  for (int i = 0; i < 2; i++) {
    const char *const changes[] = {WEIGHTED, weights, requests[i], "/verification={\"seed\": 10}"};
    stepdose_error e;
    stepdose_problem *p = read_with(changes, 3, &e);
    cr_assert(p != NULL, "%s %s", e.pointer, e.message);
    cr_expect_eq(p->verification.patients, 0);
    cr_expect_null(read_with(changes, 4, &e), "%s", requests[i]);
    cr_expect(e.code == STEPDOSE_CONTRADICTION && strcmp(e.pointer, "/verification") == 0, "%s: %s",
              e.pointer, e.message);
    problem_free(p);
  }
}
