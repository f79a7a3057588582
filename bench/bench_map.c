/* The design map: how long it takes, and how far its regimens are from the best of all on the grid.
 *
 *     bench_map                      affinity x affinity on hosseini2020, beside trying all
 * regimens bench_map PROBLEM [POINTER=VALUE ...] [--all]   another problem; --all: trying all as
 * well */
#include "bench.h"
#include "study/brute_force.h"
#include "study/map.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char own_problem[] = STEPDOSE_SOURCE_DIR "/problems/mosunetuzumab-dlbcl.json";
static const char *const own_design[] = {
    "/design={\"KdrugactT\":{\"min\":13,\"max\":1300},\"KdrugB\":{\"min\":0.13,\"max\":13}}"};

enum { CHANGES_MAX = 16 };

/* Points whose goal is below the best by more than these. */
static const double gaps[] = {1e-3, 0.01, 0.05, 0.2, 0.5};
enum { GAPS = sizeof gaps / sizeof gaps[0] };

typedef struct comparison {
  long feasible, missed, wrongly_feasible, beyond[GAPS];
  double largest, sum;
} comparison;

static bool holds(const map_point *p)
{
  return p->status == MAP_VERIFIED || p->status == MAP_IN_SAMPLE_ONLY;
}

static void compare(const map_point *p, const brute_best *all, comparison *c)
{
  c->feasible += all->feasible;
  c->missed += all->feasible && !holds(p);
  c->wrongly_feasible += !all->feasible && holds(p);
  if (all->feasible && holds(p)) {
    double gap = fmax(all->goal - p->searched, 0);
    c->largest = fmax(c->largest, gap);
    c->sum += gap;
    for (int g = 0; g < GAPS; g++) {
      c->beyond[g] += gap > gaps[g];
    }
  }
}

static void compare_all(const study_map *m, int threads)
{
  stepdose_error error;
  comparison c = {0};
  long regimens = 0;
  bool fixed[PROBLEM_DESIGN_MAX] = {false};
  for (int i = 0; i < m->n_axes; i++) {
    fixed[m->axis[i].design] = true;
  }
  cohort_engine *engine = cohort_engine_open(m->problem->model, threads, 0, &error);
  double start = bench_seconds();
  for (long i = 0; engine != NULL && i < m->n_points; i++) {
    brute_best all = brute_force(m->problem, m->point[i].design, fixed, engine);
    regimens += all.regimens;
    compare(&m->point[i], &all, &c);
  }
  cohort_engine_close(engine);
  printf("all regimens: %ld simulations, %.1f s\n", regimens, bench_seconds() - start);
  printf(
      "%ld molecules have a feasible regimen; the map misses %ld of them, and calls %ld feasible "
      "that are not\n",
      c.feasible, c.missed, c.wrongly_feasible);
  printf("gap of the goal: largest %.4g, mean %.4g;", c.largest,
         c.sum / fmax((double)(c.feasible - c.missed), 1));
  for (int g = 0; g < GAPS; g++) {
    printf(" %ld above %g%s", c.beyond[g], gaps[g], g + 1 < GAPS ? "," : "\n");
  }
}

int main(int argc, char **argv)
{
  const char *changes[CHANGES_MAX] = {own_design[0]};
  const char *path = argc > 1 ? argv[1] : own_problem;
  size_t n = argc > 1 ? 0 : 1;
  bool all = argc == 1;
  for (int i = 2; i < argc && n < CHANGES_MAX; i++) {
    if (strcmp(argv[i], "--all") == 0) {
      all = true;
    } else {
      changes[n++] = argv[i];
    }
  }
  stepdose_error error;
  char directory[] = "/tmp/bench-map-XXXXXX";
  int threads = (int)sysconf(_SC_NPROCESSORS_ONLN);
  stepdose_problem *problem = stepdose_problem_read(path, changes, n, &error);
  if (problem == NULL || mkdtemp(directory) == NULL) {
    fprintf(stderr, "%s: %s\n", path, error.message);
    return 1;
  }
  study_run run = {.directory = directory, .threads = threads};
  double start = bench_seconds();
  double cpu_start = bench_cpu_seconds();
  study_map *m = study_map_design(problem, &run, &error);
  if (m == NULL) {
    fprintf(stderr, "%s\n", error.message);
    return 1;
  }
  printf("%s: %ld molecules, %ld evaluations (%ld failed), %.1f s, %.1f s of processors, "
         "%d threads\n",
         problem->name, m->n_points, m->evaluations, m->failures, bench_seconds() - start,
         bench_cpu_seconds() - cpu_start, threads);
  if (all) {
    compare_all(m, threads);
  }
  study_map_free(m);
  stepdose_problem_free(problem);
  char regimen[64];
  snprintf(regimen, sizeof regimen, "%s/regimen.csv", directory);
  remove(regimen);
  rmdir(directory);
  return 0;
}
