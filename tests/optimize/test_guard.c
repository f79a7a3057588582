/* Engines that do not come back, do not stop, or break down: injected ones and the real hang. */
#include <criterion/criterion.h>

#include "optimize/problems.h"

#include "optimize/engines.h"
#include "optimize/guard.h"

#include <time.h>

/* What an ended engine had allocated is lost; all else is still for the sanitizer to find. */
__attribute__((visibility("default"))) const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void) { return "leak:libnlopt"; }

static volatile int for_ever = 1;

/* Works for a while, then spins without calling back. */
static nlopt_result spin(nlopt_opt opt, double *x, double *value)
{
  (void)nlopt_set_maxeval(opt, 20);
  (void)nlopt_optimize(opt, x, value);
  while (for_ever) {
  }
  return NLOPT_SUCCESS;
}

/* Spins before the first call. */
static nlopt_result spin_at_once(nlopt_opt opt, double *x, double *value)
{
  (void)opt;
  (void)x;
  (void)value;
  while (for_ever) {
  }
  return NLOPT_SUCCESS;
}

/* Takes no force_stop for an answer and calls back for ever. */
static nlopt_result go_on(nlopt_opt opt, double *x, double *value)
{
  while (for_ever) {
    (void)nlopt_optimize(opt, x, value);
  }
  return NLOPT_SUCCESS;
}

static nlopt_result fail(nlopt_opt opt, double *x, double *value)
{
  (void)nlopt_set_maxeval(opt, 20);
  (void)nlopt_optimize(opt, x, value);
  return NLOPT_FAILURE;
}

static nlopt_result end_in_roundoff(nlopt_opt opt, double *x, double *value)
{
  (void)nlopt_optimize(opt, x, value);
  return NLOPT_ROUNDOFF_LIMITED;
}

/* Returns a point that it never evaluated, with a value of its own making. */
static nlopt_result lie(nlopt_opt opt, double *x, double *value)
{
  (void)nlopt_optimize(opt, x, value);
  x[0] = NAN;
  *value = -1e300;
  return NLOPT_SUCCESS;
}

typedef struct misbehaviour {
  const char *name;
  nlopt_result (*optimise)(nlopt_opt, double *, double *);
  search_end end;
  bool finds_optimum;
} misbehaviour;

static const misbehaviour CASES[] = {
    {"spin", spin, SEARCH_END_ENGINE_HUNG, false},
    {"spin at once", spin_at_once, SEARCH_END_ENGINE_HUNG, false},
    {"go on", go_on, SEARCH_END_EVALUATIONS, true},
    {"fail", fail, SEARCH_END_ENGINE_FAILED, false},
    {"roundoff", end_in_roundoff, SEARCH_END_CONVERGED, true},
    {"lie", lie, SEARCH_END_CONVERGED, true},
};

Test(optimize_guard, misbehaving_engines_are_ended_and_what_they_found_is_kept)
{
  for (size_t c = 0; c < sizeof CASES / sizeof CASES[0]; c++) {
    search_engine engine = {.row = {CASES[c].name, "misbehaves"},
                            .algorithm = NLOPT_LN_COBYLA,
                            .local = NLOPT_NUM_ALGORITHMS,
                            .constraints = true,
                            .optimise = CASES[c].optimise};
    search_engine_inject(&engine);
    counter count = {.inner = linear_over_ball};
    search_task task = task_of(&PROBLEMS[1], CASES[c].name);
    task.evaluate = counted;
    task.context = &count;
    task.hang_seconds = 0.1;
    search_outcome o;
    cr_assert(search_run(&task, &o, NULL), "%s", CASES[c].name);
    cr_assert_eq(o.n_starts, 3);
    for (int k = 0; k < o.n_starts; k++) {
      const search_start_report *r = &o.start_report[k];
      cr_expect_eq(r->end, CASES[c].end, "%s, start %d: %s", CASES[c].name, k,
                   search_end_name(r->end));
      cr_expect(isfinite(r->best.goal) && isfinite(r->best.value[0]), "%s", CASES[c].name);
      cr_expect(!CASES[c].finds_optimum || fabs(r->best.goal - 19) < 1e-4, "%s: %g",
                CASES[c].name, r->best.goal);
    }
    cr_expect(o.has_final, "%s", CASES[c].name);
    cr_expect_eq(atomic_load(&count.calls), o.evaluations, "%s", CASES[c].name);
    cr_expect(o.evaluations <= task.evaluations_max, "%s", CASES[c].name);
    search_outcome_free(&o);
    search_engine_inject(NULL);
  }
}

Test(optimize_guard, a_hung_engine_costs_no_more_than_a_second_once_the_time_is_up)
{
  search_engine engine = {.row = {"spin", "spins"},
                          .algorithm = NLOPT_LN_COBYLA,
                          .local = NLOPT_NUM_ALGORITHMS,
                          .constraints = true,
                          .optimise = spin};
  search_engine_inject(&engine);
  search_task task = task_of(&PROBLEMS[1], "spin");
  task.starts = 1;
  task.hang_seconds = 60;
  task.seconds_max = 0.2;
  search_outcome o;
  struct timespec began, ended;
  (void)clock_gettime(CLOCK_MONOTONIC, &began);
  cr_assert(search_run(&task, &o, NULL));
  (void)clock_gettime(CLOCK_MONOTONIC, &ended);
  cr_expect(ended.tv_sec - began.tv_sec < 20);
  cr_expect_eq(o.end, SEARCH_END_TIME);
  cr_expect_eq(o.start_report[0].end, SEARCH_END_TIME);
  cr_expect(o.has_continuous);
  search_outcome_free(&o);
  search_engine_inject(NULL);
}

/* The published reproducer of NLopt issue 370: maxeval 667 returns, 668 never does (2.7.1). */
static double freezing_goal(unsigned n, const double *x, double *gradient, void *context)
{
  (void)n;
  (void)gradient;
  search_guard_enter(context);
  double base = 2 - cos(x[0]) + x[1] * x[1];
  search_guard_leave(context);
  return base * base;
}

typedef struct freezing_run {
  int maxeval;
  nlopt_result code;
} freezing_run;

static void freeze(search_guard *guard, void *context)
{
  freezing_run *run = context;
  double x[2] = {0, 0}, value = 0;
  nlopt_opt opt = nlopt_create(NLOPT_LN_COBYLA, 2);
  (void)nlopt_set_min_objective(opt, freezing_goal, guard);
  (void)nlopt_set_maxeval(opt, run->maxeval);
  search_guard_leave(guard);
  nlopt_result code = nlopt_optimize(opt, x, &value);
  search_guard_enter(guard);
  run->code = code;
  nlopt_destroy(opt);
}

static bool not_ending(void *context)
{
  (void)context;
  return false;
}

Test(optimize_guard, the_published_hang_of_cobyla_is_ended)
{
  freezing_run returns = {.maxeval = 667}, hangs = {.maxeval = 668};
  search_guard_job job = {freeze, not_ending, &returns, 0.3};
  cr_expect_eq(search_guard_run(&job), SEARCH_GUARD_RETURNED);
  cr_expect_eq(returns.code, NLOPT_MAXEVAL_REACHED);
  int major, minor, bugfix;
  nlopt_version(&major, &minor, &bugfix);
  if (major != 2 || minor > 7) {
    cr_skip_test("NLopt %d.%d.%d: the hang is that of 2.7", major, minor, bugfix);
  }
  job.context = &hangs;
  cr_expect_eq(search_guard_run(&job), SEARCH_GUARD_HUNG);
}

static void sleep_in_our_code(search_guard *guard, void *context)
{
  (void)context;
  search_guard_leave(guard);
  search_guard_enter(guard);
  volatile double burnt = 0;
  struct timespec t = {0};
  while (t.tv_sec == 0 && t.tv_nsec < 300000000L) {
    burnt = burnt + 1;
    (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  }
  search_guard_leave(guard);
  search_guard_enter(guard);
}

Test(optimize_guard, a_long_simulation_is_not_a_hang)
{
  search_guard_job job = {sleep_in_our_code, not_ending, NULL, 0.05};
  cr_expect_eq(search_guard_run(&job), SEARCH_GUARD_RETURNED);
}
