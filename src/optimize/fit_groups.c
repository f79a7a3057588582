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

/* A parameter without prior that nothing but the group informs stays where the group had put it. */
static bool warn_borrowed(const fit_search *w, const fit_state *s, int group, double *information,
                          fit_outcome *outcome)
{
  const int k = s->task->n_parameters;
  fit_data_information(w, s, information);
  for (int j = 0; j < k; j++) {
    const bool alone = s->task->parameter[j].prior_sd <= 0 && information[j * k + j] < 1;
    if (alone &&
        !fit_warn(outcome, FIT_WARNING_BORROWED, group, j, information[j * k + j], s->error)) {
      return false;
    }
  }
  return true;
}

static void store(const fit_search *w, const fit_state *s, int group, const double *covariance,
                  fit_outcome *outcome)
{
  fit_left_out *left = &outcome->left_out[group];
  left->done = true;
  left->objective = fit_objective_told(s, &w->here, w->strength);
  for (int j = 0; j < s->task->n_parameters; j++) {
    left->value[j] = fit_value_at(s, j, w->here.place[j]);
  }
  for (int r = 0; r < s->task->n_rows; r++) {
    if (s->task->row[r].group == group) {
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
  if (fit_state_ended(s) || !w->has_slope) {
    return !s->broken;
  }
  fit_search_sum_up(w, s);
  const bool done =
      fit_covariance(w, s, covariance, s->error) && warn_borrowed(w, s, group, w->matrix, outcome);
  if (done) {
    store(w, s, group, covariance, outcome);
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
