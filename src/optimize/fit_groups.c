/* Fits without one group of rows, and what they say of the rows left out. */
#include "optimize/fit_state.h"

#include "base/allocate.h"
#include "base/error.h"

#include <math.h>
#include <string.h>

static void set_group(fit_state *s, int group, bool counts)
{
  for (int r = 0; r < s->task->n_rows; r++) {
    const fit_row *row = &s->task->row[r];
    if (row->group == group && fit_row_usable(row)) {
      s->weight[r] = counts ? row->weight : 0;
    }
  }
}

static bool informs_nothing(const fit_state *s, int group)
{
  for (int r = 0; r < s->task->n_rows; r++) {
    if (s->task->row[r].group == group && s->weight[r] > 0) {
      return false;
    }
  }
  return true;
}

/* The prediction of a row by a fit that has not seen it. */
static fit_prediction prediction_of(const fit_search *w, const fit_state *s, int r,
                                    const double *covariance)
{
  const fit_row *row = &s->task->row[r];
  const double eta = w->here.eta[r], sd = fit_eta_sd(w, s, r, covariance);
  const double strength = fit_row_strength(row, eta, hypot(w->here.error[r], sd));
  return (fit_prediction){.predicted = fit_row_predicted(row, eta),
                          .error = w->here.error[r],
                          .sd = sd,
                          .sigmas = fit_row_sigmas(row, eta, strength)};
}

/* A parameter without prior that nothing but the group informs stays where the group had put it:
 * it is borrowed. */
static bool find_borrowed(const fit_search *w, const fit_state *s, int group, double *information,
                          bool *borrowed, fit_outcome *outcome)
{
  const int k = s->task->n_parameters;
  fit_data_information(w, s, information);
  for (int j = 0; j < k; j++) {
    borrowed[j] = s->task->parameter[j].prior_sd <= 0 && information[j * k + j] < 1;
    if (borrowed[j] &&
        !fit_warn(outcome, FIT_WARNING_BORROWED, group, j, information[j * k + j], s->error)) {
      return false;
    }
  }
  return true;
}

/* A row that a borrowed parameter moves cannot be predicted without having been seen. */
static bool rests_on(const fit_search *w, int k, int r, const bool *borrowed)
{
  bool any = false;
  for (int j = 0; j < k; j++) {
    any = any || (borrowed[j] && fabs(w->slope[r * k + j]) > 0);
  }
  return any;
}

static void store(const fit_search *w, const fit_state *s, int group, const double *covariance,
                  const bool *borrowed, fit_outcome *outcome)
{
  fit_left_out *left = &outcome->left_out[group];
  left->done = true;
  left->objective = fit_objective_told(s, &w->here, w->strength);
  for (int j = 0; j < s->task->n_parameters; j++) {
    left->value[j] = fit_value_at(s, j, w->here.place[j]);
  }
  for (int r = 0; r < s->task->n_rows; r++) {
    if (s->task->row[r].group == group && !rests_on(w, s->task->n_parameters, r, borrowed)) {
      outcome->left_out_value[r] = prediction_of(w, s, r, covariance);
    }
  }
}

static bool leave_out(const fit_search *best, fit_state *s, fit_search *w, int group,
                      double *covariance, fit_outcome *outcome)
{
  fit_search_copy(w, best, s);
  w->central = false;
  w->objective = fit_objective(s, &w->here, w->strength);
  fit_search_run(w, s, NULL, true);
  /* a search that was cut short leaves slopes that were only carried along */
  if (!fit_state_ended(s) && !w->fresh) {
    w->has_slope = fit_search_differentiate(w, s);
  }
  if (fit_state_ended(s) || !w->has_slope) {
    return !s->broken;
  }
  fit_search_sum_up(w, s);
  bool borrowed[FIT_PARAMETERS_MAX] = {false};
  const bool done = fit_covariance(w, s, covariance, s->error) &&
                    find_borrowed(w, s, group, w->matrix, borrowed, outcome);
  if (done) {
    store(w, s, group, covariance, borrowed, outcome);
  }
  return done;
}

bool fit_leave_out_all(const fit_search *best, fit_state *s, fit_search *w, fit_outcome *outcome)
{
  const size_t k = (size_t)s->task->n_parameters;
  double *covariance = allocate_zeroed(k * k, sizeof *covariance);
  bool done = covariance != NULL || error_no_memory(s->error, "leaving out groups of a fit");
  for (int g = 0; g < s->task->n_groups && done && !fit_state_ended(s); g++) {
    if (informs_nothing(s, g)) {
      continue;
    }
    set_group(s, g, false);
    done = leave_out(best, s, w, g, covariance, outcome);
    set_group(s, g, true);
  }
  release(covariance);
  return done;
}
