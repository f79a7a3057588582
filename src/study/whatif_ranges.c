/* How far can a dose go, the others kept, before a limit breaks, and which: each dose is made
 * larger, or smaller, step by step until some margin changes sign, then bisected on a logarithmic
 * scale. A limit that breaks and holds again within one step is not seen. */
#include "base/allocate.h"
#include "base/number.h"
#include "optimize/workers.h"
#include "study/whatif.h"

#include <math.h>
#include <string.h>

static const double step_factor = 1.35;
static const double precision = 1e-3; /* relative, of the dose */

typedef struct range_work {
  const stepdose_problem *problem;
  const schedule *doses;
  whatif_range *range;
  int n_workers;
  cohort_evaluation *patients;    /* NULL: the reference patient */
  simulate_workspace **workspace; /* (n_workers) */
  assessment *scratch;            /* (n_workers) */
} range_work;

/* --- margins ---------------------------------------------------------------------------------- */

/* The limit with the largest margin, and that margin; HUGE_VAL where nothing can be simulated. */
typedef struct verdict {
  int limit;
  double margin;
} verdict;

static verdict judge_one(const range_work *w, int worker, const schedule *doses)
{
  const stepdose_problem *p = w->problem;
  assessment *a = &w->scratch[worker];
  verdict v = {-1, -HUGE_VAL};
  assess(p, w->workspace[worker], doses, p->tolerance, NULL, a);
  for (int i = 0; i < a->n_values; i++) {
    if (!(a->value[i].margin <= v.margin)) {
      v = (verdict){a->value[i].limit, a->value[i].margin};
    }
  }
  return a->simulated ? v : (verdict){-1, HUGE_VAL};
}

static verdict judge_patients(const range_work *w, int worker, const schedule *doses)
{
  const stepdose_problem *p = w->problem;
  cohort_findings found;
  verdict v = {-1, -HUGE_VAL};
  if (!cohort_evaluation_run(w->patients, worker, doses, p->parameters, &found, NULL)) {
    return (verdict){-1, HUGE_VAL};
  }
  for (int k = 0; k < p->n_limits; k++) {
    limit_value margins[OBJECTIVE_VALUES_MAX];
    const int n = cohort_evaluation_margins(w->patients, worker, &found, k, margins);
    for (int i = 0; i < n; i++) {
      if (!(margins[i].value <= v.margin)) {
        v = (verdict){k, margins[i].value};
      }
    }
  }
  return v;
}

/* The doses of the range times `factor`. */
static verdict judge(const range_work *w, int worker, const whatif_range *r, double factor)
{
  schedule doses = *w->doses;
  int number = 0;
  for (int i = 0; i < doses.n_doses; i++) {
    if (route_is_engager(doses.doses[i].route)) {
      number++;
      doses.doses[i].amount *= number >= r->first && number <= r->last ? factor : 1;
    }
  }
  return w->patients != NULL ? judge_patients(w, worker, &doses) : judge_one(w, worker, &doses);
}

/* --- one end of one range --------------------------------------------------------------------- */

/* holds, breaks: factors between which the end lies. */
static double bisect(const range_work *w, int worker, const whatif_range *r, double holds,
                     double breaks, int *limit_index)
{
  while (fabs(log(breaks / holds)) > precision) {
    const double middle = sqrt(holds * breaks);
    const verdict v = judge(w, worker, r, middle);
    if (v.margin <= 0) {
      holds = middle;
    } else {
      breaks = middle;
      *limit_index = v.limit;
    }
  }
  return holds;
}

static double find_end(const range_work *w, int worker, const whatif_range *r, bool upward,
                       int *limit_index)
{
  const double step = upward ? step_factor : 1 / step_factor;
  double holds = 1;
  *limit_index = -1;
  for (double factor = step; fabs(log(factor)) < log(WHATIF_RANGE_FACTOR * step_factor);
       factor *= step) {
    const verdict v = judge(w, worker, r, factor);
    if (!(v.margin <= 0)) {
      *limit_index = v.limit;
      return bisect(w, worker, r, holds, factor, limit_index);
    }
    holds = factor;
  }
  return holds;
}

/* Job i: the upper end of range i / 2, or its lower end. */
static void run_job(void *context, int worker, long index)
{
  const range_work *w = context;
  whatif_range *r = &w->range[index / 2];
  const verdict v = judge(w, worker, r, 1);
  if (!(v.margin <= 0)) {
    *(index % 2 ? &r->lowest : &r->highest) = NAN;
    *(index % 2 ? &r->low_limit : &r->high_limit) = v.limit;
  } else if (index % 2 == 0) {
    r->highest = r->amount * find_end(w, worker, r, true, &r->high_limit);
  } else {
    r->lowest = r->amount * find_end(w, worker, r, false, &r->low_limit);
  }
}

/* --- all of them ------------------------------------------------------------------------------ */

/* Doses of equal amounts that follow each other are one range. */
static int list_ranges(const schedule *engager, whatif_range *range)
{
  int n = 0;
  for (int i = 0; i < engager->n_doses && i < SCHEDULE_WINDOWS_MAX; i++) {
    const double amount = engager->doses[i].amount;
    if (n > 0 && number_same(amount, range[n - 1].amount)) {
      range[n - 1].last = i + 1;
    } else {
      range[n++] = (whatif_range){.first = i + 1, .last = i + 1, .amount = amount};
    }
  }
  return n;
}

static bool open_work(range_work *w, stepdose_error *error)
{
  const size_t n = (size_t)w->n_workers;
  if (!w->problem->reference_patient) {
    w->patients = cohort_evaluation_open(w->problem, w->n_workers, error);
    return w->patients != NULL;
  }
  w->workspace = allocate_zeroed(n, sizeof *w->workspace);
  w->scratch = allocate_zeroed(n, sizeof *w->scratch);
  bool done = (w->workspace != NULL && w->scratch != NULL) ||
              error_no_memory(error, "finding ranges of doses");
  for (int i = 0; done && i < w->n_workers; i++) {
    w->workspace[i] = simulate_workspace_open(w->problem->model, error);
    done = w->workspace[i] != NULL;
  }
  return done;
}

static void close_work(range_work *w)
{
  for (int i = 0; w->workspace != NULL && i < w->n_workers; i++) {
    if (w->workspace[i] != NULL) {
      simulate_workspace_close(w->workspace[i]);
    }
  }
  cohort_evaluation_close(w->patients);
  release(w->workspace);
  release(w->scratch);
}

bool whatif_find_ranges(study_whatif *s, const study_run *run, stepdose_error *error)
{
  schedule engager;
  schedule_of_engager(&s->base->doses, &engager);
  s->n_ranges = s->problem->n_limits > 0 ? list_ranges(&engager, s->range) : 0;
  const int jobs = 2 * s->n_ranges;
  range_work w = {.problem = s->problem,
                  .doses = &s->base->doses,
                  .range = s->range,
                  .n_workers = run->threads < jobs ? run->threads : jobs};
  if (jobs == 0) {
    return true;
  }
  progress_stage(run->progress, "finding ranges of doses", jobs);
  const bool done = open_work(&w, error);
  if (done) {
    search_workers_run(w.n_workers, jobs, run_job, &w);
  }
  close_work(&w);
  return done;
}
