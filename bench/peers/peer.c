/* Common to all C peers: runs the workload segment by segment, times it with daily outputs, and
 * takes the errors from a second, dense run that is not timed. */
#include "peer.h"

#include "base/allocate.h"
#include "score.h"

#include <string.h>

typedef struct course {
  const peer_solver *solver;
  void *opened;
  workload *w;
  peer_system system;
  double *states; /* (1 + times x SYSTEM_N), row 0 is day 0 */
} course;

static bool run_course(void *context)
{
  course *c = context;
  const workload *w = c->w;
  memcpy(c->states, w->initial, sizeof w->initial);
  for (int s = 0; s < WORKLOAD_SEGMENTS; s++) {
    const workload_segment *g = &w->segment[s];
    double y[SYSTEM_N];
    memcpy(y, c->states + (long)g->first * SYSTEM_N, sizeof y);
    y[MARGINATION] += g->margination;
    c->system.drug_rate = g->drug_rate;
    if (!c->solver->run(c->opened, g->start, g->last - g->first, w->times.day + g->first,
                        w->times.daily + g->first, y, c->states + (g->first + 1L) * SYSTEM_N)) {
      return false;
    }
  }
  return true;
}

/* Opens everything for one solver and output grid, calls use, closes it. */
static bool with_course(const peer_solver *solver, double tolerance, bool dense,
                        bool (*use)(course *c, void *result), void *result)
{
  workload w;
  if (!workload_open(&w, dense)) {
    return false;
  }
  course c = {.solver = solver,
              .w = &w,
              .states = allocate_zeroed((size_t)(w.times.n + 1) * SYSTEM_N, sizeof(double))};
  system_open(&c.system, w.kernels, w.derived);
  bool good = c.states && (c.opened = solver->open(&c.system, &w, tolerance));
  good = good && use(&c, result);
  if (c.opened) {
    solver->close(c.opened);
  }
  release(c.states);
  workload_close(&w);
  return good;
}

static bool measure_time(course *c, void *microseconds)
{
  *(double *)microseconds = w1_microseconds(run_course, c);
  return !isnan(*(double *)microseconds);
}

static bool find_answer(course *c, void *answer)
{
  double *day = allocate_zeroed((size_t)c->w->times.n + 1, sizeof(double));
  const bool good = day && run_course(c);
  if (good) {
    memcpy(day + 1, c->w->times.day, (size_t)c->w->times.n * sizeof(double));
    score_answer(c->w->kernels, c->w->derived, c->w->times.n + 1, SYSTEM_N, day, c->states, answer);
  }
  release(day);
  return good;
}

typedef struct comparison {
  const peer_solver *solver;
  w1_answer reference;
} comparison;

static bool measure(void *context, double tolerance)
{
  const comparison *c = context;
  w1_answer answer;
  double microseconds;
  if (!with_course(c->solver, tolerance, true, find_answer, &answer) ||
      !with_course(c->solver, tolerance, false, measure_time, &microseconds)) {
    fprintf(stderr, "%s failed at tolerance %g\n", c->solver->name, tolerance);
    return false;
  }
  w1_print(c->solver->name, tolerance, microseconds, w1_compare(&answer, &c->reference));
  return true;
}

int peer_main(int argc, char **argv, int n_solvers, const peer_solver *solvers)
{
  static comparison c;
  int code = w1_reference(&c.reference) ? 0 : 1;
  for (int i = 0; i < n_solvers && code == 0; i++) {
    c.solver = &solvers[i];
    code =
        w1_each_tolerance(argc, argv, solvers[i].n_tolerances, solvers[i].tolerance, measure, &c);
  }
  return code;
}
