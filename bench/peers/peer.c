/* Common to all C peers: runs the workload segment by segment, times it with daily outputs, and
 * takes the errors from a second, dense run that is not timed. */
#include "peer.h"

#include "base/allocate.h"
#include "bench/cohort_w1.h"
#include "score.h"

#include <string.h>

/* One patient, one solver. It must not move: the solver points into it. */
typedef struct course {
  const peer_solver *solver;
  void *opened;
  workload work;
  peer_system system;
  double *states; /* (1 + times x SYSTEM_N), row 0 is day 0 */
} course;

static void close_course(course *c)
{
  if (c->opened) {
    c->solver->close(c->opened);
  }
  release(c->states);
  workload_close(&c->work);
  *c = (course){0};
}

/* parameters, dense: as for workload_open. */
static bool open_course(course *c, const peer_solver *solver, const double *parameters, bool dense,
                        double tolerance)
{
  *c = (course){.solver = solver};
  if (!workload_open(&c->work, parameters, dense)) {
    return false;
  }
  c->states = allocate_zeroed((size_t)(c->work.times.n + 1) * SYSTEM_N, sizeof(double));
  system_open(&c->system, c->work.kernels, c->work.derived);
  c->opened = c->states ? solver->open(&c->system, &c->work, tolerance) : NULL;
  if (!c->opened) {
    close_course(c);
    return false;
  }
  return true;
}

static bool run_course(void *context)
{
  course *c = context;
  const workload *w = &c->work;
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

static bool score_course(course *c, w1_answer *answer)
{
  const int n = c->work.times.n;
  double *day = allocate_zeroed((size_t)n + 1, sizeof(double));
  const bool good = day && run_course(c);
  if (good) {
    memcpy(day + 1, c->work.times.day, (size_t)n * sizeof(double));
    score_answer(c->work.kernels, c->work.derived, n + 1, SYSTEM_N, day, c->states, answer);
  }
  release(day);
  return good;
}

static bool find_answer(const peer_solver *solver, const double *parameters, bool dense,
                        double tolerance, w1_answer *answer)
{
  course c;
  if (!open_course(&c, solver, parameters, dense, tolerance)) {
    return false;
  }
  const bool good = score_course(&c, answer);
  close_course(&c);
  return good;
}

/* --- the reference patient -------------------------------------------------------------------- */

typedef struct comparison {
  const peer_solver *solver;
  w1_answer reference;
} comparison;

static double patient_microseconds(const peer_solver *solver, double tolerance)
{
  course c;
  if (!open_course(&c, solver, NULL, false, tolerance)) {
    return NAN;
  }
  const double microseconds = w1_microseconds(run_course, &c);
  close_course(&c);
  return microseconds;
}

static bool measure(void *context, double tolerance)
{
  const comparison *c = context;
  w1_answer answer;
  double microseconds = NAN;
  if (find_answer(c->solver, NULL, true, tolerance, &answer)) {
    microseconds = patient_microseconds(c->solver, tolerance);
  }
  if (isnan(microseconds)) {
    fprintf(stderr, "%s failed at tolerance %g\n", c->solver->name, tolerance);
    return false;
  }
  w1_print(c->solver->name, tolerance, microseconds, w1_compare(&answer, &c->reference));
  return true;
}

static int each_solver(int argc, char **argv, int n_solvers, const peer_solver *solvers)
{
  static comparison c;
  int code = w1_reference(&c.reference) ? 0 : 1;
  puts(W1_CSV_HEADER);
  for (int i = 0; i < n_solvers && code == 0; i++) {
    c.solver = &solvers[i];
    code =
        w1_each_tolerance(argc, argv, solvers[i].n_tolerances, solvers[i].tolerance, measure, &c);
  }
  return code;
}

/* --- a sample of the cohort ------------------------------------------------------------------- */

typedef struct sample {
  const peer_solver *solver;
  cohort *patients;
  w1_answer reference[COHORT_PEER_SAMPLE];
  int n_open;
  course course[COHORT_PEER_SAMPLE];
} sample;

static const double *parameters_of(const sample *s, int i)
{
  return cohort_parameters(s->patients, cohort_w1_spread(i, COHORT_PEER_SAMPLE, COHORT_PATIENTS));
}

static bool sample_errors(const sample *s, double tolerance, cohort_error *summary)
{
  w1_error error[COHORT_PEER_SAMPLE];
  w1_answer answer;
  for (int i = 0; i < COHORT_PEER_SAMPLE; i++) {
    if (!find_answer(s->solver, parameters_of(s, i), true, tolerance, &answer)) {
      return false;
    }
    error[i] = w1_compare(&answer, &s->reference[i]);
  }
  *summary = cohort_w1_summary(COHORT_PEER_SAMPLE, error);
  return true;
}

static bool run_sample(void *context)
{
  sample *s = context;
  for (int i = 0; i < s->n_open; i++) {
    if (!run_course(&s->course[i])) {
      return false;
    }
  }
  return true;
}

/* Of one patient; the solvers are made before the clock starts. */
static double sample_microseconds(sample *s, double tolerance)
{
  bool good = true;
  for (s->n_open = 0; good && s->n_open < COHORT_PEER_SAMPLE;) {
    good = open_course(&s->course[s->n_open], s->solver, parameters_of(s, s->n_open), false,
                       tolerance);
    s->n_open += good;
  }
  double microseconds = NAN;
  if (good) {
    microseconds = w1_microseconds(run_sample, s) / s->n_open;
  }
  for (int i = 0; i < s->n_open; i++) {
    close_course(&s->course[i]);
  }
  return microseconds;
}

static bool measure_sample(void *context, double tolerance)
{
  sample *s = context;
  cohort_error error;
  double microseconds = NAN;
  if (sample_errors(s, tolerance, &error)) {
    microseconds = sample_microseconds(s, tolerance);
  }
  if (isnan(microseconds)) {
    fprintf(stderr, "%s failed at tolerance %g\n", s->solver->name, tolerance);
    return false;
  }
  cohort_w1_print(s->solver->name, tolerance, microseconds, error);
  return true;
}

static int each_solver_on_sample(int argc, char **argv, int n_solvers, const peer_solver *solvers)
{
  static sample s;
  s.patients = cohort_w1_patients();
  int code = s.patients && cohort_w1_reference(s.patients, COHORT_PEER_SAMPLE, s.reference) ? 0 : 1;
  puts(COHORT_CSV_HEADER);
  for (int i = 0; i < n_solvers && code == 0; i++) {
    s.solver = &solvers[i];
    code = w1_each_tolerance(argc, argv, solvers[i].n_tolerances, solvers[i].tolerance,
                             measure_sample, &s);
  }
  cohort_close(s.patients);
  return code;
}

int peer_main(int argc, char **argv, int n_solvers, const peer_solver *solvers)
{
  if (argc > 1 && strcmp(argv[1], "--cohort") == 0) {
    return each_solver_on_sample(argc - 1, argv + 1, n_solvers, solvers);
  }
  return each_solver(argc, argv, n_solvers, solvers);
}
