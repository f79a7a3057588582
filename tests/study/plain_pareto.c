/* The same front with one, two and four threads: the same bits, and nothing for a thread sanitizer
 * to report; of one patient and of many. A plain program, as Criterion does not run under one. */
#include "base/hash.h"
#include "study/pareto_study.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const char *const one_patient[] = {
    "/regimen/dose_grid_mg=[0.05,0.1,0.2,0.4,0.8,1.6,3,5,10,20,60]", "/horizon_days=42",
    "/pareto={\"evaluations_max\":320}"};
static const char *const many_patients[] = {"/regimen/dose_grid_mg=[0.2,1,3,10,60]",
                                            "/horizon_days=28",
                                            "/regimen/maintenance/doses=1",
                                            "/population/patients=6",
                                            "/verification/patients=12",
                                            "/pareto={\"evaluations_max\":40}"};

static const struct {
  const char *path;
  const char *const *changes;
  size_t n_changes;
} cases[] = {
    {STEPDOSE_SOURCE_DIR "/problems/mosunetuzumab-dlbcl.json", one_patient,
     sizeof one_patient / sizeof one_patient[0]},
    {STEPDOSE_SOURCE_DIR "/problems/synapse-mosunetuzumab-dlbcl-population.json", many_patients,
     sizeof many_patients / sizeof many_patients[0]},
};

static uint64_t bits_of_point(const study_pareto *s, const pareto_point *p)
{
  uint64_t bits = hash_64(&p->benefit, sizeof p->benefit);
  bits = 31 * bits + hash_64(p->cost, (size_t)s->n_costs * sizeof *p->cost);
  bits = 31 * bits + hash_64(&p->verified_benefit, sizeof p->verified_benefit);
  for (int i = 0; i < p->doses.n_doses; i++) {
    bits = 31 * bits + hash_64(&p->doses.doses[i].amount, sizeof(double));
  }
  return bits;
}

/* 0 if there is no front. */
static uint64_t bits_of_front(const stepdose_problem *problem, const char *directory, int threads)
{
  stepdose_error error;
  const study_run run = {.directory = directory, .threads = threads};
  study_pareto *s = study_pareto_run(problem, &run, &error);
  if (s == NULL) {
    printf("%s\n", error.message);
    return 0;
  }
  uint64_t bits = (uint64_t)s->found.n_front;
  for (long i = 0; i < s->found.n_front; i++) {
    bits = 1000003 * bits + bits_of_point(s, &s->front[i]);
  }
  for (int i = 0; i < s->n_shown; i++) {
    bits = 1000003 * bits + hash_64(&s->fresh[i].benefit, sizeof s->fresh[i].benefit);
    bits = 1000003 * bits + hash_64(&s->fresh[i].cost[0], sizeof s->fresh[i].cost[0]);
  }
  for (int g = 0; g < s->found.n_generations; g++) {
    bits = 31 * bits + hash_64(&s->found.generation[g], sizeof s->found.generation[g]);
  }
  bits = 31 * bits + (uint64_t)s->evaluations;
  study_pareto_free(s);
  return bits;
}

static int compare(const stepdose_problem *problem, const char *directory)
{
  const int threads[] = {1, 2, 4};
  const uint64_t first = bits_of_front(problem, directory, threads[0]);
  int failed = first == 0;
  for (int i = 1; i < 3; i++) {
    const uint64_t bits = bits_of_front(problem, directory, threads[i]);
    if (bits != first) {
      printf("%d threads: %016llx, one thread: %016llx\n", threads[i], (unsigned long long)bits,
             (unsigned long long)first);
      failed = 1;
    }
  }
  return failed;
}

int main(void)
{
  char directory[] = "/tmp/stepdose-plain-pareto-XXXXXX";
  char regimen[64];
  int failed = mkdtemp(directory) == NULL;
  for (size_t i = 0; i < sizeof cases / sizeof cases[0] && !failed; i++) {
    stepdose_error error;
    stepdose_problem *problem =
        stepdose_problem_read(cases[i].path, cases[i].changes, cases[i].n_changes, &error);
    if (problem == NULL) {
      printf("%s: %s\n", cases[i].path, error.message);
      return 1;
    }
    failed = compare(problem, directory);
    stepdose_problem_free(problem);
  }
  snprintf(regimen, sizeof regimen, "%s/regimen.csv", directory);
  remove(regimen);
  rmdir(directory);
  return failed;
}
