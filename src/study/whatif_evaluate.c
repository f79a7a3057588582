/* One regimen under one problem: what it does in each patient, and what is compared: see whatif.h.
 */
#include "base/allocate.h"
#include "base/number.h"
#include "optimize/bootstrap.h"
#include "study/whatif.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { RESAMPLES = 400 };

const whatif_figure_row whatif_figure_rows[WHATIF_FIXED_COUNT] = {
#define X(id, name, unit, meaning) {name, unit, meaning},
    WHATIF_FIGURES(X)
#undef X
};

static const char *const row_names[WHATIF_FIXED_COUNT] = {
    [WHATIF_RESPONSE] = "response",
    [WHATIF_CRS_GRADE1] = "crs_probability_grade1",
    [WHATIF_CRS_GRADE2] = "crs_probability_grade2",
};

/* --- which limit is which --------------------------------------------------------------------- */

static bool same_limit(const limit *a, const limit *b)
{
  return limit_same_quantity(a, b) && a->stratum == b->stratum && a->risk == b->risk;
}

/* The same place counts first: two limits may bound one quantity for different shares of patients.
 */
static int find_limit(const stepdose_problem *problem, const limit *wanted, int k)
{
  if (k < problem->n_limits && same_limit(&problem->limits[k], wanted)) {
    return k;
  }
  int found = -1;
  for (int j = problem->n_limits - 1; j >= 0; j--) {
    found = same_limit(&problem->limits[j], wanted) ? j : found;
  }
  for (int j = problem->n_limits - 1; j >= 0 && found < 0; j--) {
    found = limit_same_quantity(&problem->limits[j], wanted) ? j : found;
  }
  return found;
}

/* --- values by patient ------------------------------------------------------------------------ */

static weighted_value *values_of(const whatif_sample *s, int figure)
{
  return s->value + (long)figure * s->n;
}

static bool open_sample(const stepdose_problem *base, const stepdose_problem *problem,
                        whatif_sample *s, stepdose_error *error)
{
  const bool one = problem->reference_patient;
  *s = (whatif_sample){.base = base, .problem = problem, .n = one ? 1 : problem->patients};
  s->seed = one ? 0 : problem->population_seed;
  const int n_strata = one ? 0 : problem->population->n_strata;
  s->value = allocate_zeroed((size_t)WHATIF_FIGURES_MAX * (size_t)s->n, sizeof *s->value);
  s->member = allocate_zeroed((size_t)s->n * (size_t)n_strata + 1, sizeof *s->member);
  for (int k = 0; k < base->n_limits; k++) {
    s->limit_now[k] = find_limit(problem, &base->limits[k], k);
  }
  const bool known =
      one || population_fingerprint(problem->population, problem->model, s->population);
  return (s->value != NULL && s->member != NULL && known) ||
         error_no_memory(error, "comparing regimens");
}

void whatif_sample_free(whatif_sample *s)
{
  release(s->value);
  release(s->member);
  *s = (whatif_sample){0};
}

static int find_row(int n_rows, const endpoint_row *rows, const char *name)
{
  for (int i = 0; i < n_rows; i++) {
    if (rows[i].window == 0 && strcmp(rows[i].name, name) == 0) {
      return i;
    }
  }
  return -1;
}

/* Who could not be simulated does not respond, and counts for nothing else. */
static void take_row(const cohort_study *c, int figure, whatif_sample *s)
{
  const cohort_outcome *o = &c->outcome[0];
  const int row = find_row(o->n_rows, o->row, row_names[figure]);
  s->known[figure] = row >= 0;
  for (int i = 0; row >= 0 && i < s->n; i++) {
    const double value = o->cell[(long)i * o->n_rows + row].value;
    const bool counts = figure == WHATIF_RESPONSE || !o->failed[i];
    const bool none = o->failed[i] || !(c->weight[i] > 0);
    values_of(s, figure)[i] = (weighted_value){none ? 0 : value, counts ? c->weight[i] : 0};
    s->known[figure] = s->known[figure] && (none || !isnan(value));
  }
}

static bool risks_hold(const cohort_outcome *o, int k)
{
  bool holds = true;
  for (int r = 0; r < o->n_risks; r++) {
    holds = holds && (o->risk[r].limit != k || o->risk[r].holds);
  }
  return holds;
}

static void take_limit(const cohort_study *c, int k, whatif_sample *s, whatif_outcome *out)
{
  const cohort_outcome *o = &c->outcome[0];
  const int now = s->limit_now[k];
  const int worst = now >= 0 ? cohort_outcome_worst(o, now) : -1;
  s->known[WHATIF_LIMITS + k] = worst >= 0;
  if (worst >= 0) {
    cohort_risk_values(c, o, worst, values_of(s, WHATIF_LIMITS + k));
    out->limit_holds[k] = risks_hold(o, now);
  }
}

static void take_patients(const cohort_study *c, whatif_sample *s, whatif_outcome *out)
{
  s->each = cohort_study_each(c);
  const cohort_outcome *o = &c->outcome[0];
  out->simulated = o->n_rows > 0;
  if (!out->simulated) {
    snprintf(out->failure, sizeof out->failure, "%s", o->first_failure);
    return;
  }
  memcpy(s->member, c->member, (size_t)s->n * (size_t)c->problem->population->n_strata);
  s->known[WHATIF_GOAL] = true;
  cohort_goal_values(c, o, values_of(s, WHATIF_GOAL));
  for (int f = WHATIF_RESPONSE; f < WHATIF_FIXED_COUNT; f++) {
    take_row(c, f, s);
  }
  for (int k = 0; k < s->base->n_limits; k++) {
    take_limit(c, k, s, out);
  }
  for (int k = 0; k < s->problem->n_limits; k++) {
    out->n_broken += !risks_hold(o, k);
  }
}

static bool evaluate_patients(const schedule *doses, const cohort_study *known,
                              const study_run *run, whatif_sample *s, whatif_outcome *out,
                              stepdose_error *error)
{
  cohort_study *own = NULL;
  if (known == NULL) {
    cohort_request request = cohort_request_of(s->problem, "changed", doses);
    request.alone = true;
    request.threads = run->threads;
    request.progress = run->progress;
    own = cohort_study_run(&request, error);
  }
  const cohort_study *c = known != NULL ? known : own;
  if (c != NULL) {
    take_patients(c, s, out);
  }
  cohort_study_free(own);
  return c != NULL;
}

/* --- the reference patient -------------------------------------------------------------------- */

static void take_one(whatif_sample *s, int figure, double value)
{
  s->known[figure] = !isnan(value);
  values_of(s, figure)[0] = (weighted_value){value, 1};
}

static bool take_rows_of_one(const assessment *a, whatif_sample *s, stepdose_error *error)
{
  endpoint_row *rows = allocate(ENDPOINT_ROWS_MAX * sizeof *rows);
  if (rows == NULL) {
    return error_no_memory(error, "comparing regimens");
  }
  const int n = endpoint_rows(s->problem, s->problem->parameters, &a->found, rows);
  for (int f = WHATIF_RESPONSE; f < WHATIF_FIXED_COUNT; f++) {
    const int row = find_row(n, rows, row_names[f]);
    take_one(s, f, row >= 0 ? rows[row].found.value : (double)NAN);
  }
  release(rows);
  return true;
}

static bool one_holds(const assessment *a, int k)
{
  const int worst = assessment_worst(a, k);
  return worst < 0 || a->value[worst].margin <= 0;
}

static bool take_assessment(const assessment *a, whatif_sample *s, whatif_outcome *out,
                            stepdose_error *error)
{
  out->simulated = a->simulated;
  if (!a->simulated) {
    snprintf(out->failure, sizeof out->failure, "%s", a->failure);
    return true;
  }
  take_one(s, WHATIF_GOAL, a->goal);
  for (int k = 0; k < s->base->n_limits; k++) {
    const int now = s->limit_now[k];
    const int worst = now >= 0 ? assessment_worst(a, now) : -1;
    take_one(s, WHATIF_LIMITS + k, worst >= 0 ? a->value[worst].value : (double)NAN);
    out->limit_holds[k] = now < 0 || one_holds(a, now);
  }
  for (int k = 0; k < s->problem->n_limits; k++) {
    out->n_broken += !one_holds(a, k);
  }
  return take_rows_of_one(a, s, error);
}

static bool evaluate_one(const schedule *doses, whatif_sample *s, whatif_outcome *out,
                         stepdose_error *error)
{
  assessment *a = allocate_zeroed(1, sizeof *a);
  simulate_workspace *workspace = simulate_workspace_open(s->problem->model, error);
  bool done = workspace != NULL && (a != NULL || error_no_memory(error, "comparing regimens"));
  if (done) {
    assess(s->problem, workspace, doses, s->problem->tolerance, NULL, a);
    done = take_assessment(a, s, out, error);
  }
  if (workspace != NULL) {
    simulate_workspace_close(workspace);
  }
  release(a);
  return done;
}

/* --- figures ---------------------------------------------------------------------------------- */

/* weight (n): how often each patient counts, NULL: once. scratch (n). */
static double figure_of(const whatif_sample *s, int figure, const double *weight,
                        weighted_value *scratch)
{
  const stepdose_problem *p = s->problem;
  for (int i = 0; i < s->n; i++) {
    scratch[i] = values_of(s, figure)[i];
    scratch[i].weight *= weight != NULL ? weight[i] : 1;
  }
  if (p->reference_patient) {
    return scratch[0].value;
  }
  if (figure == WHATIF_GOAL) {
    return risk_goal(&p->goal, s->n, scratch, p->population->n_strata, s->member);
  }
  if (figure < WHATIF_LIMITS) {
    return risk_mean(s->n, scratch);
  }
  return risk_value(&p->limits[s->limit_now[figure - WHATIF_LIMITS]], s->n, scratch);
}

static bool fill_figures(const whatif_sample *s, whatif_outcome *out, stepdose_error *error)
{
  weighted_value *scratch = allocate_zeroed((size_t)s->n, sizeof *scratch);
  if (scratch == NULL) {
    return error_no_memory(error, "comparing regimens");
  }
  for (int f = 0; f < WHATIF_FIGURES_MAX; f++) {
    const double value = s->known[f] ? figure_of(s, f, NULL, scratch) : (double)NAN;
    out->figure[f] = (whatif_figure){value, NAN, NAN, NAN};
  }
  release(scratch);
  return true;
}

static void note_bounds(const whatif_sample *s, whatif_outcome *out)
{
  for (int k = 0; k < s->base->n_limits; k++) {
    const int now = s->limit_now[k];
    const limit *l = now >= 0 ? &s->problem->limits[now] : NULL;
    const bool one = s->problem->reference_patient;
    out->limit_now[k] = now;
    out->bound[k] = l == NULL ? (double)NAN : one ? l->bound : risk_bound(l);
    out->limit_holds[k] = true;
  }
}

bool whatif_evaluate(const stepdose_problem *base, const stepdose_problem *problem,
                     const schedule *doses, const cohort_study *patients, const study_run *run,
                     whatif_sample *sample, whatif_outcome *out, stepdose_error *error)
{
  if (!open_sample(base, problem, sample, error)) {
    return false;
  }
  out->doses = *doses;
  out->has_regimen = true;
  out->n_patients = sample->n;
  note_bounds(sample, out);
  const bool done = problem->reference_patient
                        ? evaluate_one(doses, sample, out, error)
                        : evaluate_patients(doses, patients, run, sample, out, error);
  out->holds = out->simulated && out->n_broken == 0;
  return done && fill_figures(sample, out, error);
}

/* --- differences ------------------------------------------------------------------------------ */

typedef struct pair {
  const whatif_sample *base, *own;
  weighted_value *scratch;
} pair;

/* The same measure of the same days, and of many patients the same statistic. */
static bool same_goal(const stepdose_problem *a, const stepdose_problem *b)
{
  const goal *x = &a->goal;
  const goal *y = &b->goal;
  const bool one_day = problem_measures[x->measure].exploitable;
  const bool same_days =
      one_day ? number_same(x->day, y->day) : number_same(a->horizon_days, b->horizon_days);
  const bool same_last = x->measure != MEASURE_SMALLEST_LOG10_KILL_LAST_DAYS ||
                         number_same(x->last_days, y->last_days);
  const bool same_statistic = x->statistic == y->statistic && (x->statistic != STATISTIC_QUANTILE ||
                                                               number_same(x->share, y->share));
  return x->measure == y->measure && same_days && same_last &&
         (same_statistic || (a->reference_patient && b->reference_patient));
}

static bool same_patients(const whatif_sample *a, const whatif_sample *b)
{
  return a->n == b->n && a->seed == b->seed && strcmp(a->population, b->population) == 0 &&
         a->problem->reference_patient == b->problem->reference_patient;
}

/* Both have it, and it is the same quantity. */
static bool in_both(const pair *p, int figure)
{
  return p->base->known[figure] && p->own->known[figure] &&
         (figure != WHATIF_GOAL || same_goal(p->base->problem, p->own->problem));
}

static void differences(const void *context, const double *weight, double *value)
{
  const pair *p = context;
  for (int f = 0; f < WHATIF_FIGURES_MAX; f++) {
    value[f] = in_both(p, f) ? figure_of(p->own, f, weight, p->scratch) -
                                   figure_of(p->base, f, weight, p->scratch)
                             : (double)NAN;
  }
}

static bool find_intervals(const pair *p, whatif_outcome *out, stepdose_error *error)
{
  double low[WHATIF_FIGURES_MAX], high[WHATIF_FIGURES_MAX];
  const bootstrap b = {.rows = p->own->n,
                       .each = p->own->each,
                       .n_values = WHATIF_FIGURES_MAX,
                       .resamples = RESAMPLES,
                       .level = COHORT_CONFIDENCE,
                       .seed = p->own->seed,
                       .statistic = differences,
                       .context = p};
  if (!bootstrap_intervals(&b, low, high, error)) {
    return false;
  }
  for (int f = 0; f < WHATIF_FIGURES_MAX; f++) {
    out->figure[f].low = low[f];
    out->figure[f].high = high[f];
  }
  return true;
}

bool whatif_compare(const whatif_sample *of, const whatif_outcome *base, const whatif_sample *own,
                    whatif_outcome *out, stepdose_error *error)
{
  pair p = {of, own, NULL};
  for (int f = 0; f < WHATIF_FIGURES_MAX; f++) {
    out->figure[f].difference =
        in_both(&p, f) ? out->figure[f].value - base->figure[f].value : (double)NAN;
  }
  out->same_goal = same_goal(of->problem, own->problem);
  out->paired = same_patients(of, own);
  if (!out->paired || own->n < 2) {
    return true;
  }
  p.scratch = allocate_zeroed((size_t)own->n, sizeof *p.scratch);
  const bool done = p.scratch != NULL ? find_intervals(&p, out, error)
                                      : error_no_memory(error, "comparing regimens");
  release(p.scratch);
  return done;
}
