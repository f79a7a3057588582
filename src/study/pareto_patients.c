/* The points that are shown, in virtual patients whom the search has not seen: how sure benefit and
 * costs are, and whether the limits that are kept hold. */
#include "study/pareto_parts.h"

#include "base/allocate.h"
#include "optimize/bootstrap.h"

#include <math.h>

enum { RESAMPLES = 400 };

/* Patients who count, their benefit, and the strata they belong to. */
typedef struct benefits {
  const goal *goal;
  int n, n_strata;
  const weighted_value *value; /* (n) */
  const bool *member;          /* (n x n_strata) */
  weighted_value *scratch;     /* (n) */
} benefits;

/* A bootstrap_statistic. */
static void goal_of(const void *context, const double *weight, double *value)
{
  const benefits *b = context;
  for (int i = 0; i < b->n; i++) {
    b->scratch[i] = (weighted_value){b->value[i].value, b->value[i].weight * weight[i]};
  }
  *value = risk_goal(b->goal, b->n, b->scratch, b->n_strata, b->member);
}

/* Those of weight 0 are left out; a patient who could not be simulated does as badly as the worst
 * of the others. Returns how many count. */
static int list_benefits(const cohort_study *c, weighted_value *value, bool *member)
{
  const cohort_outcome *o = &c->outcome[0];
  const int n_strata = c->problem->population->n_strata;
  double worst = INFINITY;
  int n = 0;
  for (int i = 0; i < c->n_patients; i++) {
    const bool known = c->weight[i] > 0 && !o->failed[i];
    worst = known ? fmin(worst, o->goal[i]) : worst;
  }
  for (int i = 0; i < c->n_patients; i++) {
    if (!(c->weight[i] > 0)) {
      continue;
    }
    for (int s = 0; s < n_strata; s++) {
      member[n * n_strata + s] = c->member[(long)i * n_strata + s];
    }
    value[n++] = (weighted_value){o->failed[i] ? worst : o->goal[i], c->weight[i]};
  }
  return n;
}

static bool describe_benefit(const cohort_study *c, pareto_interval *out, stepdose_error *error)
{
  const size_t n = (size_t)c->n_patients + 1;
  const int n_strata = c->problem->population->n_strata;
  weighted_value *value = allocate_zeroed(2 * n, sizeof *value);
  bool *member = allocate_zeroed(n * (size_t)n_strata + 1, sizeof *member);
  bool done = (value != NULL && member != NULL) || error_no_memory(error, "judging a front");
  if (done) {
    benefits b = {.goal = &c->problem->goal,
                  .n = list_benefits(c, value, member),
                  .n_strata = n_strata,
                  .value = value,
                  .member = member,
                  .scratch = value + n};
    const bootstrap resampling = {.rows = b.n,
                                  .each = cohort_study_each(c),
                                  .n_values = 1,
                                  .resamples = RESAMPLES,
                                  .level = COHORT_CONFIDENCE,
                                  .seed = c->seed,
                                  .statistic = goal_of,
                                  .context = &b};
    out->value = c->outcome[0].goal_value;
    done = bootstrap_intervals(&resampling, &out->low, &out->high, error);
  }
  release(value);
  release(member);
  return done;
}

/* Of limit k in the window where it is worst; a cost without a window is none. */
static pareto_interval interval_of(const cohort_outcome *o, int k)
{
  const int worst = cohort_outcome_worst(o, k);
  if (worst < 0) {
    return (pareto_interval){0, 0, 0};
  }
  const cohort_risk *r = &o->risk[worst];
  return (pareto_interval){r->value, r->low, r->high};
}

static bool keeps_limits(const study_pareto *s, const cohort_outcome *o)
{
  bool holds = o->n_rows > 0;
  for (int r = 0; r < o->n_risks; r++) {
    holds = holds && (o->risk[r].limit >= s->n_kept || o->risk[r].holds);
  }
  return holds;
}

static bool describe(study_pareto *s, const cohort_study *c, pareto_point *p, pareto_fresh *out,
                     stepdose_error *error)
{
  const cohort_outcome *o = &c->outcome[0];
  out->simulated = o->n_rows > 0;
  p->checked = true;
  p->holds = keeps_limits(s, o);
  for (int k = 0; k < s->n_costs; k++) {
    out->cost[k] = interval_of(o, s->n_kept + k);
  }
  for (int k = 0; k < s->n_kept; k++) {
    out->risk[k] = interval_of(o, k).value;
  }
  return !out->simulated || describe_benefit(c, &out->benefit, error);
}

/* Patients of `problem` under point p. NULL: *error, or the user has stopped (w->end tells). */
static cohort_study *simulate(pareto_work *w, const stepdose_problem *problem,
                              const pareto_point *p, bool fresh, stepdose_error *error)
{
  stepdose_error why;
  double *parameters = allocate_zeroed((size_t)problem->model->n_parameters, sizeof *parameters);
  if (parameters == NULL) {
    error_no_memory(error, "simulating a front");
    return NULL;
  }
  regimen_design_parameters(problem, p->design, parameters);
  cohort_request request = cohort_request_of(problem, "chosen", &p->doses);
  request.parameters = parameters;
  request.threads = w->run->threads;
  request.progress = w->run->quiet;
  if (fresh) {
    request.alone = true;
    request.patients = problem->verification.patients;
    request.seed = problem->verification.seed;
    request.tolerance = problem->tolerance / STUDY_TIGHTER;
  }
  cohort_study *c = cohort_study_run(&request, &why);
  release(parameters);
  if (c == NULL && why.code == STEPDOSE_LIMIT_REACHED) {
    w->end = SEARCH_END_STOPPED;
  } else if (c == NULL && error != NULL) {
    *error = why;
  }
  return c;
}

static bool simulate_shown(pareto_work *w, int shown, stepdose_error *error)
{
  study_pareto *s = w->study;
  pareto_point *p = &s->front[s->shown[shown]];
  cohort_study *c = simulate(w, s->goals, p, true, error);
  if (c == NULL) {
    return w->end == SEARCH_END_STOPPED;
  }
  const bool done = describe(s, c, p, &s->fresh[shown], error);
  cohort_study_free(c);
  return done;
}

/* a is as good in all goals, and better in one. */
static bool surpasses(int n_costs, const pareto_fresh *a, const pareto_fresh *b)
{
  bool as_good = a->simulated && b->simulated && a->benefit.value >= b->benefit.value;
  bool better = a->benefit.value > b->benefit.value;
  for (int k = 0; k < n_costs; k++) {
    as_good = as_good && a->cost[k].value <= b->cost[k].value;
    better = better || a->cost[k].value < b->cost[k].value;
  }
  return as_good && better;
}

static void find_surpassed(study_pareto *s)
{
  for (int i = 0; i < s->n_shown; i++) {
    s->fresh[i].surpassed = false;
    for (int k = 0; k < s->n_shown; k++) {
      s->fresh[i].surpassed =
          s->fresh[i].surpassed || surpasses(s->n_costs, &s->fresh[k], &s->fresh[i]);
    }
  }
}

/* What the answer does in the patients of the problem, as a simulation of it says it. */
static bool simulate_chosen(pareto_work *w, stepdose_error *error)
{
  study_pareto *s = w->study;
  s->patients = simulate(w, s->problem, &s->front[s->chosen], false, error);
  return s->patients != NULL || w->end == SEARCH_END_STOPPED;
}

bool pareto_simulate_patients(pareto_work *w, stepdose_error *error)
{
  study_pareto *s = w->study;
  if (s->problem->reference_patient) {
    return true;
  }
  progress_stage(w->run->progress, "simulating fresh patients", s->n_shown);
  bool done = true;
  for (int i = 0; done && i < s->n_shown && w->end != SEARCH_END_STOPPED; i++) {
    done = simulate_shown(w, i, error);
    progress_step(w->run->progress, 1);
  }
  find_surpassed(s);
  done = done && (w->end == SEARCH_END_STOPPED || simulate_chosen(w, error));
  s->end = w->end;
  return done;
}
