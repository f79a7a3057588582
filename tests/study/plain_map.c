/* The same design map with one, two and four threads: the same bits, and nothing for a thread
 * sanitizer to report. A plain program, as Criterion does not run under one. */
#include "base/hash.h"
#include "study/map.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char problem_file[] = STEPDOSE_SOURCE_DIR "/problems/mosunetuzumab-dlbcl.json";
static const char *const changes[] = {
    "/regimen/dose_grid_mg=[0.1,1,5,20,60]", "/search/map_points=3", "/horizon_days=28",
    "/search/evaluations_max=30",
    "/design={\"KdrugactT\":{\"min\":13,\"max\":1300},\"KdrugB\":{\"min\":0.13,\"max\":13},"
    "\"kTact\":{\"min\":2,\"max\":20}}"};

static uint64_t bits_of_point(const map_point *p, int n_design, int n_limits)
{
  uint64_t bits = hash_64(&p->status, sizeof p->status);
  bits = 31 * bits + hash_64(&p->goal, sizeof p->goal);
  bits = 31 * bits + hash_64(&p->searched, sizeof p->searched);
  bits = 31 * bits + hash_64(p->design, (size_t)n_design * sizeof *p->design);
  bits = 31 * bits + hash_64(p->margin, (size_t)n_limits * sizeof *p->margin);
  bits = 31 * bits + hash_64(&p->evaluations, sizeof p->evaluations);
  for (int i = 0; i < p->doses.n_doses; i++) {
    bits = 31 * bits + hash_64(&p->doses.doses[i].amount, sizeof(double));
  }
  return bits;
}

/* 0 if the map could not be made. */
static uint64_t bits_of_map(const stepdose_problem *problem, const char *directory, int threads)
{
  stepdose_error error;
  study_run run = {.directory = directory, .threads = threads};
  study_map *m = study_map_design(problem, &run, &error);
  uint64_t bits = 0;
  if (m == NULL) {
    printf("%s\n", error.message);
    return 0;
  }
  for (long i = 0; i < m->n_points; i++) {
    bits = 1000003 * bits + bits_of_point(&m->point[i], problem->n_design, problem->n_limits);
  }
  study_map_free(m);
  return bits;
}

int main(void)
{
  const int threads[] = {1, 2, 4};
  char directory[] = "/tmp/stepdose-plain-map-XXXXXX";
  char regimen[64];
  stepdose_error error;
  stepdose_problem *problem =
      stepdose_problem_read(problem_file, changes, sizeof changes / sizeof changes[0], &error);
  if (problem == NULL || mkdtemp(directory) == NULL) {
    printf("%s: %s\n", problem_file, problem == NULL ? error.message : "no directory");
    return 1;
  }
  uint64_t first = bits_of_map(problem, directory, threads[0]);
  int failed = first == 0;
  for (int i = 1; i < 3; i++) {
    uint64_t bits = bits_of_map(problem, directory, threads[i]);
    if (bits != first) {
      printf("%d threads: %016llx, one thread: %016llx\n", threads[i], (unsigned long long)bits,
             (unsigned long long)first);
      failed = 1;
    }
  }
  snprintf(regimen, sizeof regimen, "%s/regimen.csv", directory);
  remove(regimen);
  rmdir(directory);
  stepdose_problem_free(problem);
  return failed;
}
