/* Who judges the rounds of a proposal: patients of their own each time. */
#include "base/allocate.h"
#include "population/population.h"
#include "study/propose.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

/* more: of the request for patients. */
static stepdose_problem *read_asking(const char *file, const char *more, uint64_t seed, int rounds)
{
  char people[192], verification[64];
  stepdose_error e;
  const char *const changes[] = {people, verification};
  snprintf(people, sizeof people,
           "/population={\"file\": \"populations/%s.json\", \"patients\": 4096, \"seed\": %llu%s}",
           file, (unsigned long long)seed, more);
  snprintf(verification, sizeof verification, "/verification={\"rounds\": %d}", rounds);
  stepdose_problem *p =
      problem_read(STEPDOSE_SOURCE_DIR "/problems/mosunetuzumab-dlbcl.json", changes, 2, &e);
  cr_assert(p != NULL, "%s %s", e.pointer, e.message);
  return p;
}

static void expect_all_different(const stepdose_problem *p, uint64_t most, const char *name)
{
  uint64_t seen[16] = {p->population_seed};
  int n = 1;
  for (int round = 0; round <= p->verification.rounds; round++) {
    const uint64_t seed = study_fresh_seed(p, round);
    for (int i = 0; i < n; i++) {
      cr_expect(seed != seen[i], "%s, seed %d, round %d: seed %d again", name,
                (int)p->population_seed, round, (int)seed);
    }
    cr_expect(seed <= most, "%s: seed %llu", name, (unsigned long long)seed);
    seen[n++] = seed;
  }
}

#define RESAMPLED ", \"resample\": true"

/* Five sets of weights are shipped, for the seeds 1 to 5: one is searched, one judges first, three
 * are left, resampled or not. */
static const struct {
  const char *population, *more;
  uint64_t most_seed;
  int asked, rounds;
} cases[] = {{"dlbcl-virtual-weighted", "", 5, 3, 3},
             {"dlbcl-virtual-weighted", "", 5, 10, 3},
             {"dlbcl-virtual-weighted", "", 5, 0, 0},
             {"dlbcl-virtual-weighted", RESAMPLED, POPULATION_SEED_MOST, 3, 3},
             {"dlbcl-virtual-weighted", RESAMPLED, POPULATION_SEED_MOST, 10, 3},
             {"dlbcl-virtual", "", POPULATION_SEED_MOST, 10, 10}};
enum { CASES = sizeof cases / sizeof cases[0] };

Test(fresh_seeds, every_round_has_patients_whom_nobody_has_seen)
{
  for (int i = 0; i < CASES; i++) {
    for (uint64_t seed = 1; seed <= 5; seed++) {
      stepdose_problem *p = read_asking(cases[i].population, cases[i].more, seed, cases[i].asked);
      const int warned = cases[i].asked > cases[i].rounds;
      cr_expect(p->verification.rounds == cases[i].rounds, "case %d: %d rounds", i,
                p->verification.rounds);
      int warnings = 0;
      for (int k = 0; k < p->n_warnings; k++) {
        warnings += strstr(p->warnings[k], "patients of their own") != NULL;
      }
      cr_expect(warnings == warned, "case %d: %d warnings", i, warnings);
      expect_all_different(p, cases[i].most_seed, cases[i].population);
      problem_free(p);
    }
  }
}

enum { PEOPLE = 128 };

/* Covariates (PEOPLE x population_covariates) of the first patients of a seed; release() them. */
static double *draw_people(const stepdose_problem *p, uint64_t seed)
{
  const size_t size = (size_t)population_covariates(p->population);
  double *covariates = allocate_zeroed(PEOPLE * size, sizeof *covariates);
  stepdose_error e;
  population *people = population_open(p->population, p->model, seed, &e);
  cr_assert(people != NULL &&
                population_draw(people, p->parameters, 0, PEOPLE, NULL, NULL, covariates, &e),
            "%s", e.message);
  population_close(people);
  return covariates;
}

/* People of both seeds, told by all that is known of them. */
static int count_common(const stepdose_problem *p, uint64_t a, uint64_t b)
{
  const size_t size = (size_t)population_covariates(p->population) * sizeof(double);
  char *first = (char *)draw_people(p, a), *second = (char *)draw_people(p, b);
  int common = 0;
  for (size_t i = 0; i < PEOPLE; i++) {
    for (size_t k = 0; k < PEOPLE; k++) {
      common += memcmp(first + i * size, second + k * size, size) == 0;
    }
  }
  release(first);
  release(second);
  return common;
}

/* Over the largest seed and back to the smallest, too. */
Test(fresh_seeds, no_person_of_the_search_or_of_another_round_judges)
{
  static const uint64_t seeds[] = {1, 4, 5, 20, POPULATION_SEED_MOST - 1, POPULATION_SEED_MOST};
  for (size_t s = 0; s < sizeof seeds / sizeof seeds[0]; s++) {
    stepdose_problem *p = read_asking("dlbcl-virtual-weighted", RESAMPLED, seeds[s], 3);
    uint64_t seen[8] = {seeds[s]};
    for (int round = 0; round <= p->verification.rounds; round++) {
      const uint64_t seed = study_fresh_seed(p, round);
      for (int k = 0; k <= round; k++) {
        cr_expect_eq(count_common(p, seed, seen[k]), 0, "seed %llu, round %d: %llu, %llu",
                     (unsigned long long)seeds[s], round, (unsigned long long)seed,
                     (unsigned long long)seen[k]);
      }
      seen[round + 1] = seed;
    }
    /* what the test looks for is there where sets return */
    cr_expect_gt(count_common(p, 20, 25), 0);
    problem_free(p);
  }
}

Test(fresh_seeds, after_the_largest_seed_comes_the_smallest)
{
  stepdose_problem *p = read_asking("dlbcl-virtual", "", POPULATION_SEED_MOST, 2);
  cr_expect(study_fresh_seed(p, 0) == 0 && study_fresh_seed(p, 1) == 1);
  problem_free(p);
}
