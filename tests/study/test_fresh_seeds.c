/* Who judges the rounds of a proposal: patients of their own each time. */
#include "problem/problem.h"
#include "study/propose.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static stepdose_problem *read_asking(const char *file, uint64_t seed, int rounds)
{
  char people[160], verification[64];
  stepdose_error e;
  const char *const changes[] = {people, verification};
  snprintf(people, sizeof people,
           "/population={\"file\": \"populations/%s.json\", \"patients\": 4096, \"seed\": %llu}",
           file, (unsigned long long)seed);
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

/* Weights are shipped for the seeds 1 to 5: one is searched, one judges first, three are left. */
Test(fresh_seeds, every_round_has_patients_whom_nobody_has_seen)
{
  static const struct {
    const char *population;
    uint64_t most_seed;
    int asked, rounds;
  } cases[] = {{"dlbcl-virtual-weighted", 5, 3, 3},
               {"dlbcl-virtual-weighted", 5, 10, 3},
               {"dlbcl-virtual-weighted", 5, 0, 0},
               {"dlbcl-virtual", POPULATION_SEED_MOST, 10, 10}};
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    for (uint64_t seed = 1; seed <= 5; seed++) {
      stepdose_problem *p = read_asking(cases[i].population, seed, cases[i].asked);
      const int warned = cases[i].asked > cases[i].rounds;
      cr_expect(p->verification.rounds == cases[i].rounds, "%s: %d rounds", cases[i].population,
                p->verification.rounds);
      int warnings = 0;
      for (int k = 0; k < p->n_warnings; k++) {
        warnings += strstr(p->warnings[k], "patients of their own") != NULL;
      }
      cr_expect(warnings == warned, "%s: %d warnings", cases[i].population, warnings);
      expect_all_different(p, cases[i].most_seed, cases[i].population);
      problem_free(p);
    }
  }
}

Test(fresh_seeds, after_the_largest_seed_comes_the_smallest)
{
  stepdose_problem *p = read_asking("dlbcl-virtual", POPULATION_SEED_MOST, 2);
  cr_expect(study_fresh_seed(p, 0) == 0 && study_fresh_seed(p, 1) == 1);
  problem_free(p);
}
