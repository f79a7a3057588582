/* Many regimens of a front, simulated together: of the reference patient in the lanes of all
 * threads, of virtual patients one regimen for each thread. */
#include "study/pareto_parts.h"

#include "base/allocate.h"
#include "optimize/workers.h"

#include <stdio.h>
#include <string.h>

/* Regimens that are simulated together. */
typedef struct crowd {
  pareto_branch *branch;
  long n;
  search_point *point;
  stepdose_error *why; /* (n) */
} crowd;

static bool is_listed(const crowd *c, const double *value)
{
  const size_t size = (size_t)c->branch->evaluation->n_variables * sizeof *value;
  for (long i = 0; i < c->n; i++) {
    if (memcmp(c->point[i].value, value, size) == 0) {
      return true;
    }
  }
  return false;
}

static void list_new(crowd *c, long n, const double *value)
{
  const regimen_evaluation *e = c->branch->evaluation;
  for (long i = 0; i < n && c->n < pareto_budget_left(c->branch); i++) {
    const double *one = value + i * e->n_variables;
    if (pareto_keeps_rules(e, one) && search_points_find(&c->branch->known, one) < 0 &&
        !is_listed(c, one)) {
      memcpy(c->point[c->n++].value, one, (size_t)e->n_variables * sizeof *one);
    }
  }
}

/* Patients of a cohort fill the lanes of a thread: each thread has regimens of its own. */
static void simulate_one(void *context, int worker, long index)
{
  const crowd *c = context;
  pareto_simulate(c->branch, worker, &c->point[index], &c->why[index]);
}

/* The reference patient under many regimens, in the lanes of all threads. */
typedef struct lanes {
  long n;           /* tasks: regimens that the journal does not know */
  long *point;      /* (n) of the crowd */
  double *constant; /* (n x (n_parameters + n_derived)) */
  schedule *doses;
  endpoints *found;
  stream_task *task;
  bool *failed;
} lanes;

static void close_lanes(lanes *l)
{
  release(l->point);
  release(l->constant);
  release(l->doses);
  release(l->found);
  release(l->task);
  release(l->failed);
}

static bool open_lanes(const crowd *c, lanes *l, stepdose_error *error)
{
  const model *m = c->branch->work->goals->model;
  const size_t n = (size_t)c->n + 1;
  *l = (lanes){.point = allocate_zeroed(n, sizeof *l->point),
               .constant = allocate_zeroed(n * (size_t)(m->n_parameters + m->n_derived),
                                           sizeof *l->constant),
               .doses = allocate_zeroed(n, sizeof *l->doses),
               .found = allocate_zeroed(n, sizeof *l->found),
               .task = allocate_zeroed(n, sizeof *l->task),
               .failed = allocate_zeroed(n, sizeof *l->failed)};
  return (l->point != NULL && l->constant != NULL && l->doses != NULL && l->found != NULL &&
          l->task != NULL && l->failed != NULL) ||
         error_no_memory(error, "simulating regimens of a front");
}

static void list_tasks(const crowd *c, lanes *l)
{
  const regimen_evaluation *e = c->branch->evaluation;
  const model *m = e->problem->model;
  for (long i = 0; i < c->n; i++) {
    double *parameters = l->constant + l->n * (m->n_parameters + m->n_derived);
    if (pareto_recall(c->branch, &c->point[i])) {
      continue;
    }
    regimen_evaluation_decode(e, c->point[i].value, &l->doses[l->n], parameters);
    if (!m->derive(parameters, parameters + m->n_parameters, &c->why[i])) {
      pareto_record(c->branch, &c->point[i], false, &c->why[i]);
      continue;
    }
    l->task[l->n] = (stream_task){.parameters = parameters,
                                  .derived = parameters + m->n_parameters,
                                  .doses = &l->doses[l->n],
                                  .result = &l->found[l->n]};
    l->point[l->n++] = i;
  }
}

static void judge_tasks(const crowd *c, const lanes *l, const cohort_report *report)
{
  for (long t = 0; t < l->n; t++) {
    search_point *p = &c->point[l->point[t]];
    stepdose_error *why = &c->why[l->point[t]];
    if (l->failed[t]) {
      *why = report->first_error;
    } else {
      regimen_evaluation_judge(c->branch->evaluation, p->value, &l->found[t], &p->goal,
                               p->constraint);
    }
    pareto_record(c->branch, p, !l->failed[t], why);
  }
}

static bool simulate_in_lanes(const crowd *c, stepdose_error *error)
{
  const stepdose_problem *goals = c->branch->work->goals;
  lanes l;
  cohort_report report;
  simulate_settings settings = simulate_settings_default();
  settings.relative_tolerance = goals->tolerance;
  const cohort_call call = {.request = &goals->request, .settings = &settings};
  bool done = open_lanes(c, &l, error);
  if (done) {
    list_tasks(c, &l);
    done = cohort_run_tasks(c->branch->engine, l.n, l.task, 1, &call, l.failed, &report, error);
  }
  if (done) {
    judge_tasks(c, &l, &report);
  }
  close_lanes(&l);
  return done;
}

static bool simulate_all(crowd *c, stepdose_error *error)
{
  if (c->n > 0 && c->branch->engine != NULL) {
    return simulate_in_lanes(c, error);
  }
  search_workers_run(c->branch->work->run->threads, c->n, simulate_one, c);
  return true;
}

static bool keep_all(const crowd *c, stepdose_error *error)
{
  study_pareto *s = c->branch->work->study;
  for (long i = 0; i < c->n; i++) {
    if (c->point[i].failed && s->first_failure[0] == 0) {
      snprintf(s->first_failure, sizeof s->first_failure, "%s", c->why[i].message);
    }
    if (!pareto_keep(c->branch, &c->point[i], error)) {
      return false;
    }
  }
  return true;
}

bool pareto_simulate_new(pareto_branch *b, long n, const double *value, stepdose_error *error)
{
  crowd c = {.branch = b,
             .point = allocate_zeroed((size_t)n + 1, sizeof *c.point),
             .why = allocate_zeroed((size_t)n + 1, sizeof *c.why)};
  bool done = c.point != NULL && c.why != NULL;
  if (!done) {
    error_no_memory(error, "simulating regimens of a front");
  } else {
    list_new(&c, n, value);
    done = simulate_all(&c, error) && keep_all(&c, error);
  }
  release(c.point);
  release(c.why);
  return done;
}
