/* A fit from its task to its outcome: see fit.h. */
#include "optimize/fit.h"

#include "base/allocate.h"
#include "base/error.h"
#include "base/sobol.h"
#include "optimize/fit_state.h"

#include <float.h>
#include <math.h>
#include <string.h>

enum { REFITS = 3 }; /* times that a better optimum met by a profile is searched from */

static const double PRIOR_REACH = 2; /* screened points lie within so many standard deviations */

/* A fit at work. */
typedef struct fit_desk {
  fit_state state;
  fit_search best, other;
  double *screened; /* (screened x n_parameters) places */
  double *worth;    /* (screened) objective; INFINITY: taken as a start */
} fit_desk;

/* --- beginning ---------------------------------------------------------------------------------
 */

static bool invalid(stepdose_error *error, const char *what)
{
  return error_set(error, STEPDOSE_INTERNAL, "please report this", "a fit with %s", what);
}

static bool check_parameter(const fit_parameter *p, stepdose_error *error)
{
  const double low = fit_scaled(p->scale, p->low), high = fit_scaled(p->scale, p->high);
  return (low < high && isfinite(low) && isfinite(high) && isfinite(p->start)) ||
         error_set(error, STEPDOSE_OUT_OF_RANGE, "bounds must increase and exist on its scale",
                   "%s cannot be fitted between %g and %g from %g", p->name, p->low, p->high,
                   p->start);
}

static bool check_task(const fit_task *task, stepdose_error *error)
{
  if (task->n_parameters < 1 || task->n_parameters > FIT_PARAMETERS_MAX || task->n_rows < 1 ||
      task->n_groups < 0 || task->n_groups > FIT_GROUPS_MAX || task->screened < 0 ||
      task->starts < 0) {
    return invalid(error, "sizes that cannot be");
  }
  for (int j = 0; j < task->n_parameters; j++) {
    if (!check_parameter(&task->parameter[j], error)) {
      return false;
    }
  }
  return true;
}

static void desk_close(fit_desk *d)
{
  fit_state_close(&d->state);
  fit_search_close(&d->best);
  fit_search_close(&d->other);
  release(d->screened);
  release(d->worth);
}

static bool desk_open(fit_desk *d, const fit_task *task, stepdose_error *error)
{
  const size_t n = task->screened > 0 ? (size_t)task->screened : 1;
  if (!fit_state_open(&d->state, task, error)) {
    return false;
  }
  d->screened = allocate_zeroed(n * (size_t)task->n_parameters, sizeof *d->screened);
  d->worth = allocate_zeroed(n, sizeof *d->worth);
  return (fit_search_open(&d->best, &d->state) && fit_search_open(&d->other, &d->state) &&
          d->screened != NULL && d->worth != NULL) ||
         error_no_memory(error, "preparing a fit");
}

static bool outcome_open(const fit_task *task, fit_outcome *o, stepdose_error *error)
{
  const size_t k = (size_t)task->n_parameters, m = (size_t)task->n_rows;
  *o = (fit_outcome){
      .n_parameters = task->n_parameters, .n_rows = task->n_rows, .n_groups = task->n_groups};
  o->estimate = allocate_zeroed(k, sizeof *o->estimate);
  o->covariance = allocate_zeroed(k * k, sizeof *o->covariance);
  o->prediction = allocate_zeroed(m, sizeof *o->prediction);
  o->start = allocate_zeroed((size_t)task->starts + 1, sizeof *o->start);
  o->left_out = allocate_zeroed((size_t)task->n_groups + 1, sizeof *o->left_out);
  o->left_out_value = allocate_zeroed(m, sizeof *o->left_out_value);
  if (o->estimate == NULL || o->covariance == NULL || o->prediction == NULL || o->start == NULL ||
      o->left_out == NULL || o->left_out_value == NULL) {
    return error_no_memory(error, "preparing a fit");
  }
  for (int j = 0; j < task->n_parameters; j++) {
    o->estimate[j].low = o->estimate[j].high = NAN;
  }
  for (int r = 0; r < task->n_rows; r++) {
    o->left_out_value[r] = (fit_prediction){NAN, NAN, NAN, NAN};
  }
  return true;
}

void fit_outcome_free(fit_outcome *outcome)
{
  release(outcome->estimate);
  release(outcome->covariance);
  release(outcome->prediction);
  release(outcome->direction);
  release(outcome->start);
  release(outcome->left_out);
  release(outcome->left_out_value);
  release(outcome->warning);
  *outcome = (fit_outcome){0};
}

/* --- starts ------------------------------------------------------------------------------------
 */

static double screened_place(const fit_state *s, int j, double u)
{
  const double sd = s->pull[j] > 0 ? 1 / sqrt(s->pull[j]) : HUGE_VAL;
  const double low = fmin(fmax(s->centre[j] - PRIOR_REACH * sd, 0), 1);
  const double high = fmin(fmax(s->centre[j] + PRIOR_REACH * sd, 0), 1);
  return low + u * (high - low);
}

static bool draw_screened(fit_desk *d, const fit_task *task, stepdose_error *error)
{
  const int k = task->n_parameters;
  sobol *sequence = sobol_open(k, true, task->seed, error);
  if (sequence == NULL) {
    return false;
  }
  for (long i = 0; i < task->screened; i++) {
    double *place = &d->screened[i * k];
    sobol_point(sequence, (uint64_t)i, place);
    for (int j = 0; j < k; j++) {
      place[j] = screened_place(&d->state, j, place[j]);
    }
  }
  sobol_close(sequence);
  return true;
}

static void judge_screened(fit_desk *d, long first, long n)
{
  fit_state *s = &d->state;
  fit_search *w = &d->other;
  const int k = s->task->n_parameters;
  for (long i = 0; i < n; i++) {
    memcpy(w->here.place, &d->screened[(first + i) * k], (size_t)k * sizeof(double));
    fit_read_etas(s, i, w->here.eta, w->here.error);
    fit_strengths(s, &w->here, w->strength);
    d->worth[first + i] = fit_objective(s, &w->here, w->strength);
  }
}

static bool screen(fit_desk *d, stepdose_error *error)
{
  fit_state *s = &d->state;
  const long all = s->task->screened;
  if (all > 0 && !draw_screened(d, s->task, error)) {
    return false;
  }
  for (long i = 0; i < all; i++) {
    d->worth[i] = INFINITY;
  }
  progress_stage(s->task->progress, "screening", all);
  for (long done = 0; done < all;) {
    const long n = all - done < s->room ? all - done : s->room;
    if (!fit_evaluate(s, n, &d->screened[done * s->task->n_parameters])) {
      break;
    }
    judge_screened(d, done, n);
    done += n;
  }
  return !s->broken;
}

/* The best screened point that was not taken yet; NULL: none. */
static const double *next_screened(fit_desk *d)
{
  const long all = d->state.task->screened;
  long best = -1;
  for (long i = 0; i < all; i++) {
    if (isfinite(d->worth[i]) && (best < 0 || d->worth[i] < d->worth[best])) {
      best = i;
    }
  }
  if (best >= 0) {
    d->worth[best] = INFINITY;
  }
  return best >= 0 ? &d->screened[best * d->state.task->n_parameters] : NULL;
}

static bool predicts_something(const fit_search *w, const fit_state *s)
{
  for (int r = 0; r < s->task->n_rows; r++) {
    if (s->weight[r] > 0 && !isnan(w->here.eta[r])) {
      return true;
    }
  }
  return false;
}

/* Searches from a place with w and keeps it if it is the best so far. */
static void search_from(fit_desk *d, const double *place, fit_outcome *o)
{
  fit_state *s = &d->state;
  fit_search *w = &d->other;
  fit_start *start = &o->start[o->n_starts];
  const long before = s->evaluations;
  w->has_slope = w->central = false;
  if (!fit_search_move(w, s, place)) {
    return;
  }
  start->from = fit_objective_told(s, &w->here, w->strength);
  if (o->n_starts == 0) {
    o->start_objective = start->from;
  }
  if (predicts_something(w, s)) {
    fit_search_run(w, s, NULL, true);
  }
  start->to = fit_objective_told(s, &w->here, w->strength);
  start->converged = w->converged;
  start->evaluations = s->evaluations - before;
  for (int j = 0; j < o->n_parameters; j++) {
    start->value[j] = fit_value_at(s, j, w->here.place[j]);
  }
  if (o->n_starts == 0 || w->objective < d->best.objective) {
    fit_search_copy(&d->best, w, s);
  }
  o->n_starts++;
}

static bool check_first(const fit_desk *d, const fit_outcome *o, stepdose_error *error)
{
  if (o->n_starts == 0) {
    return error_set(error, STEPDOSE_LIMIT_REACHED, "the same command starts again",
                     "stopped before the values to begin with were evaluated");
  }
  return predicts_something(&d->best, &d->state) ||
         error_set(error, STEPDOSE_SIMULATION_FAILED,
                   "look at what the values to begin with predict",
                   "no row can be predicted to begin with");
}

static bool search_all(fit_desk *d, fit_outcome *o, stepdose_error *error)
{
  fit_state *s = &d->state;
  const fit_task *task = s->task;
  double place[FIT_PARAMETERS_MAX];
  for (int j = 0; j < task->n_parameters; j++) {
    place[j] = fmin(fmax(fit_place_of(s, j, task->parameter[j].start), 0), 1);
  }
  progress_stage(task->progress, "fitting", task->evaluations_max);
  search_from(d, place, o);
  if (s->broken || !check_first(d, o, error) || !screen(d, error)) {
    return false;
  }
  progress_stage(task->progress, "fitting", task->evaluations_max);
  for (int i = 0; i < task->starts && !fit_state_ended(s); i++) {
    const double *from = next_screened(d);
    if (from == NULL) {
      break;
    }
    search_from(d, from, o);
  }
  return !s->broken;
}

/* --- the optimum -------------------------------------------------------------------------------
 */

/* Slopes by differences to both sides: for the last digits, and for the covariance. */
static bool polish(fit_desk *d, fit_outcome *o, stepdose_error *error)
{
  fit_state *s = &d->state;
  fit_search *best = &d->best;
  best->has_slope = false;
  best->central = true;
  fit_search_run(best, s, NULL, true);
  if (s->broken) {
    return false;
  }
  o->converged = best->converged;
  if (!best->has_slope) {
    return true;
  }
  fit_search_sum_up(best, s);
  return fit_covariance(best, s, o->covariance, error);
}

static bool profile(fit_desk *d, fit_outcome *o, stepdose_error *error)
{
  fit_state *s = &d->state;
  if (!s->task->profiles || !d->best.has_slope) {
    return true;
  }
  progress_stage(s->task->progress, "profiles", s->task->evaluations_max);
  for (int i = 0; fit_profile_all(&d->best, s, &d->other, o) && i < REFITS; i++) {
    if (!polish(d, o, error)) {
      return false;
    }
  }
  return !s->broken;
}

static void describe_estimates(const fit_desk *d, fit_outcome *o)
{
  const int k = o->n_parameters;
  for (int j = 0; j < k; j++) {
    fit_estimate *e = &o->estimate[j];
    const double place = d->best.here.place[j];
    e->value = fit_value_at(&d->state, j, place);
    e->sd = d->best.has_slope ? sqrt(o->covariance[j * k + j]) : (double)NAN;
    e->at_low = place <= 0;
    e->at_high = place >= 1;
  }
}

static void describe_rows(const fit_desk *d, fit_outcome *o)
{
  const fit_search *best = &d->best;
  for (int r = 0; r < o->n_rows; r++) {
    const fit_row *row = &d->state.task->row[r];
    fit_prediction *p = &o->prediction[r];
    p->predicted = fit_row_predicted(row, best->here.eta[r]);
    p->error = best->here.error[r];
    p->sd = best->has_slope ? fit_eta_sd(best, &d->state, r, o->covariance) : (double)NAN;
    p->sigmas = fit_row_sigmas(row, best->here.eta[r], best->strength[r]);
  }
}

static bool judge(fit_desk *d, fit_outcome *o, stepdose_error *error)
{
  fit_state *s = &d->state;
  o->objective = fit_objective_told(s, &d->best.here, d->best.strength);
  o->prior_part = fit_prior_part(s, d->best.here.place);
  describe_estimates(d, o);
  if (d->best.has_slope && !fit_directions(&d->best, s, o, error)) {
    return false;
  }
  if (s->task->leave_out && d->best.has_slope && s->task->n_groups > 0) {
    progress_stage(s->task->progress, "leaving out", s->task->evaluations_max);
    if (!fit_leave_out_all(&d->best, s, &d->other, o)) {
      return false;
    }
  }
  describe_rows(d, o);
  return fit_warn_all(s, o);
}

bool fit_run(const fit_task *task, fit_outcome *outcome, stepdose_error *error)
{
  fit_desk d = {0};
  *outcome = (fit_outcome){0};
  const bool done = check_task(task, error) && outcome_open(task, outcome, error) &&
                    desk_open(&d, task, error) && search_all(&d, outcome, error) &&
                    polish(&d, outcome, error) && profile(&d, outcome, error) &&
                    judge(&d, outcome, error);
  outcome->evaluations = d.state.evaluations;
  outcome->failures = d.state.failures;
  outcome->end = d.state.end;
  desk_close(&d);
  if (!done) {
    fit_outcome_free(outcome);
  }
  return done;
}
