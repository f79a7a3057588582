/* Design maps for their tests, and their comparison with trying all regimens. */
#ifndef TESTS_STUDY_MAP_FIXTURES_H
#define TESTS_STUDY_MAP_FIXTURES_H

#include "study/brute_force.h"
#include "study/fixtures.h"
#include "study/map.h"

static inline study_map *fixture_map(const stepdose_problem *problem, const char *directory,
                                     int threads)
{
  stepdose_error error;
  study_run run = {.directory = directory, .threads = threads};
  study_map *m = study_map_design(problem, &run, &error);
  cr_assert(m != NULL, "%s", error.message);
  return m;
}

static inline bool fixture_holds(const map_point *p)
{
  return p->status == MAP_VERIFIED || p->status == MAP_IN_SAMPLE_ONLY;
}

static inline void fixture_compare(const char *name, const study_map *m)
{
  stepdose_error error;
  bool fixed[PROBLEM_DESIGN_MAX] = {false};
  int feasible = 0;
  cohort_engine *engine = cohort_engine_open(m->problem->model, 2, 0, &error);
  cr_assert(engine != NULL, "%s", error.message);
  for (int i = 0; i < m->n_axes; i++) {
    fixed[m->axis[i].design] = true;
  }
  for (long i = 0; i < m->n_points; i++) {
    const map_point *p = &m->point[i];
    brute_best all = brute_force(m->problem, p->design, fixed, engine);
    cr_expect(fixture_holds(p) == all.feasible, "%s, point %ld: %s, but of %ld regimens %s", name,
              i, map_status_name(p->status), all.regimens,
              all.feasible ? "one holds" : "none holds");
    if (all.feasible) {
      cr_expect(fabs(p->searched - all.goal) <= 1e-6,
                "%s, point %ld: %.9g, the best of all is %.9g", name, i, p->searched, all.goal);
    } else {
      cr_expect(p->violation <= all.violation + 1e-6 && p->violation > 0,
                "%s, point %ld: violation %.9g, the least of all is %.9g", name, i, p->violation,
                all.violation);
    }
    feasible += all.feasible;
  }
  cr_expect(feasible > 0, "%s: nothing is feasible, the comparison says little", name);
  cohort_engine_close(engine);
}

#endif
