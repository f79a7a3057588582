/* Points of a fit: places, evaluations, objective. */
#include "optimize/fit_state.h"

#include "base/allocate.h"
#include "base/error.h"

#include <math.h>
#include <string.h>

/* --- places ------------------------------------------------------------------------------------
 */

double fit_place_of(const fit_state *s, int parameter, double value)
{
  const fit_parameter *p = &s->task->parameter[parameter];
  return (fit_scaled(p->scale, value) - s->low[parameter]) / s->width[parameter];
}

/* The bounds themselves are given back bit by bit. */
double fit_value_at(const fit_state *s, int parameter, double place)
{
  const fit_parameter *p = &s->task->parameter[parameter];
  return place <= 0   ? p->low
         : place >= 1 ? p->high
                      : fit_unscaled(p->scale, s->low[parameter] + place * s->width[parameter]);
}

static void place_parameter(fit_state *s, int j)
{
  const fit_parameter *p = &s->task->parameter[j];
  s->low[j] = fit_scaled(p->scale, p->low);
  s->width[j] = fit_scaled(p->scale, p->high) - s->low[j];
  if (p->prior_sd > 0) {
    s->centre[j] = fit_place_of(s, j, p->prior);
    s->pull[j] = pow(s->width[j] / p->prior_sd, 2);
  }
}

bool fit_state_open(fit_state *s, const fit_task *task, stepdose_error *error)
{
  const size_t k = (size_t)task->n_parameters, m = (size_t)task->n_rows;
  *s = (fit_state){.task = task, .error = error};
  s->room = 2 * task->n_parameters + 1;
  s->room = s->room < 64 ? 64 : s->room;
  s->weight = allocate_zeroed(m, sizeof *s->weight);
  s->point = allocate_zeroed((size_t)s->room * k, sizeof *s->point);
  s->value = allocate_zeroed((size_t)s->room * 2 * m, sizeof *s->value);
  s->failed = allocate_zeroed((size_t)s->room, sizeof *s->failed);
  if (s->weight == NULL || s->point == NULL || s->value == NULL || s->failed == NULL) {
    return error_no_memory(error, "preparing a fit");
  }
  for (int j = 0; j < task->n_parameters; j++) {
    place_parameter(s, j);
  }
  for (int i = 0; i < task->n_rows; i++) {
    s->weight[i] = fit_row_usable(&task->row[i]) ? task->row[i].weight : 0;
  }
  return true;
}

void fit_state_close(fit_state *s)
{
  release(s->weight);
  release(s->point);
  release(s->value);
  release(s->failed);
}

bool fit_state_ended(const fit_state *s) { return s->broken || s->end != SEARCH_END_CONVERGED; }

/* --- evaluations -------------------------------------------------------------------------------
 */

/* What stands against n evaluations more. */
static search_end limit_met(const fit_state *s, long n)
{
  const fit_task *task = s->task;
  if (s->end == SEARCH_END_CONVERGED && task->evaluations_max > 0 &&
      s->evaluations + n > task->evaluations_max) {
    return SEARCH_END_EVALUATIONS;
  }
  if (s->end == SEARCH_END_CONVERGED && task->seconds_max > 0 &&
      progress_seconds(task->progress) > task->seconds_max) {
    return SEARCH_END_TIME;
  }
  return s->end;
}

bool fit_evaluate(fit_state *s, long n, const double *place)
{
  const fit_task *task = s->task;
  const batch calls = {.n_inputs = task->n_parameters,
                       .n_outputs = 2 * task->n_rows,
                       .evaluate = task->evaluate,
                       .context = task->context,
                       .size = task->batch,
                       .progress = task->progress};
  long done = 0;
  s->end = limit_met(s, n);
  if (fit_state_ended(s)) {
    return false;
  }
  for (long i = 0; i < n * task->n_parameters; i++) {
    s->point[i] = fit_value_at(s, (int)(i % task->n_parameters), place[i]);
  }
  s->broken = !batch_run(&calls, n, s->point, s->value, s->failed, &done, s->error);
  s->end = done < n ? SEARCH_END_STOPPED : s->end;
  s->evaluations += done;
  for (long i = 0; i < done; i++) {
    s->failures += s->failed[i];
  }
  return !fit_state_ended(s);
}

void fit_read_etas(const fit_state *s, long i, double *eta, double *error)
{
  const int m = s->task->n_rows;
  const double *value = &s->value[i * 2 * m];
  for (int r = 0; r < m; r++) {
    const fit_row *row = &s->task->row[r];
    eta[r] = isfinite(value[r]) ? fit_row_eta(row, value[r]) : (double)NAN;
    error[r] = isnan(eta[r]) || isnan(value[m + r]) ? 0 : fabs(value[m + r]);
  }
}

/* --- objective ---------------------------------------------------------------------------------
 */

void fit_strengths(const fit_state *s, const fit_point *p, double *strength)
{
  for (int r = 0; r < s->task->n_rows; r++) {
    strength[r] = fit_row_strength(&s->task->row[r], p->eta[r], p->error[r]);
  }
}

double fit_prior_part(const fit_state *s, const double *place)
{
  double sum = 0;
  for (int j = 0; j < s->task->n_parameters; j++) {
    sum += s->pull[j] * pow(place[j] - s->centre[j], 2);
  }
  return sum;
}

double fit_objective_told(const fit_state *s, const fit_point *p, const double *strength)
{
  double sum = fit_prior_part(s, p->place);
  for (int r = 0; r < s->task->n_rows; r++) {
    if (s->weight[r] > 0 && !isnan(p->eta[r])) {
      sum += s->weight[r] * fit_row_term(&s->task->row[r], p->eta[r], strength[r]).deviance;
    }
  }
  return sum;
}

double fit_objective(const fit_state *s, const fit_point *p, const double *strength)
{
  double missing = 0;
  for (int r = 0; r < s->task->n_rows; r++) {
    if (s->weight[r] > 0 && isnan(p->eta[r])) {
      missing += s->weight[r] * FIT_NOT_PREDICTED;
    }
  }
  return fit_objective_told(s, p, strength) + missing;
}
