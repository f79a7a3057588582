/* Slopes of predictions by parameters: by differences, or carried along a step; and what they say
 * of the objective. */
#include "optimize/fit_state.h"

#include "base/allocate.h"
#include "base/error.h"

#include <math.h>
#include <string.h>

static const double DIFFERENCE = 1e-5;

/* Where one parameter is looked at. */
typedef struct difference {
  double up, down;     /* places of the parameter */
  long at_up, at_down; /* number of the evaluation; -1: it is the point itself */
} difference;

static difference difference_of(const fit_search *w, const fit_state *s, int j)
{
  const double share = s->task->difference > 0 ? s->task->difference : DIFFERENCE;
  const double here = w->here.place[j];
  const bool upwards = here + share <= 1, downwards = here - share >= 0;
  difference d = {here, here, -1, -1};
  if (upwards) {
    d.up = here + share;
  }
  if (downwards && (w->central || !upwards)) {
    d.down = here - share;
  }
  return d;
}

static void slope_of(fit_search *w, const fit_state *s, int j, const difference *d, double *eta[2],
                     double *scratch)
{
  const int m = s->task->n_rows, k = s->task->n_parameters;
  const double *up = w->here.eta, *down = w->here.eta, *here = w->here.eta;
  if (d->at_up >= 0) {
    fit_read_etas(s, d->at_up, eta[0], scratch);
    up = eta[0];
  }
  if (d->at_down >= 0) {
    fit_read_etas(s, d->at_down, eta[1], scratch);
    down = eta[1];
  }
  for (int r = 0; r < m; r++) {
    double slope = (up[r] - down[r]) / (d->up - d->down);
    if (isnan(up[r])) {
      slope = (here[r] - down[r]) / (w->here.place[j] - d->down);
    } else if (isnan(down[r])) {
      slope = (up[r] - here[r]) / (d->up - w->here.place[j]);
    }
    w->slope[r * k + j] = isfinite(slope) ? slope : 0;
  }
}

static void add_place(double *place, long n, int k, const double *here, int j, double value)
{
  memcpy(&place[n * k], here, (size_t)k * sizeof *place);
  place[n * k + j] = value;
}

static bool evaluate_differences(fit_search *w, fit_state *s, difference *d, double *place)
{
  const int k = s->task->n_parameters;
  long n = 0;
  for (int j = 0; j < k; j++) {
    d[j] = difference_of(w, s, j);
    if (d[j].up > w->here.place[j]) {
      add_place(place, n, k, w->here.place, j, d[j].up);
      d[j].at_up = n++;
    }
    if (d[j].down < w->here.place[j]) {
      add_place(place, n, k, w->here.place, j, d[j].down);
      d[j].at_down = n++;
    }
  }
  return fit_evaluate(s, n, place);
}

bool fit_search_differentiate(fit_search *w, fit_state *s)
{
  const int k = s->task->n_parameters, m = s->task->n_rows;
  difference d[FIT_PARAMETERS_MAX];
  double *place = allocate((size_t)s->room * (size_t)k * sizeof *place);
  double *etas = allocate_zeroed(3 * (size_t)m, sizeof *etas);
  bool done = place != NULL && etas != NULL;
  if (!done) {
    s->broken = true;
    (void)error_no_memory(s->error, "differentiating a fit");
  }
  done = done && evaluate_differences(w, s, d, place);
  for (int j = 0; j < k && done; j++) {
    double *eta[2] = {etas, etas + m};
    slope_of(w, s, j, &d[j], eta, etas + 2 * m);
  }
  release(place);
  release(etas);
  w->has_slope = w->fresh = done;
  if (done) {
    fit_search_sum_up(w, s);
  }
  return done;
}

/* Gradient and information of rows and priors. */
void fit_search_sum_up(fit_search *w, const fit_state *s)
{
  const int k = s->task->n_parameters;
  memset(w->information, 0, (size_t)k * (size_t)k * sizeof *w->information);
  for (int j = 0; j < k; j++) {
    w->gradient[j] = s->pull[j] * (s->centre[j] - w->here.place[j]);
    w->information[j * k + j] = s->pull[j];
  }
  for (int r = 0; r < s->task->n_rows; r++) {
    if (s->weight[r] <= 0 || isnan(w->here.eta[r])) {
      continue;
    }
    const fit_term t = fit_row_term(&s->task->row[r], w->here.eta[r], w->strength[r]);
    const double *slope = &w->slope[r * k];
    for (int j = 0; j < k; j++) {
      w->gradient[j] += s->weight[r] * t.slope * slope[j];
      for (int l = 0; l <= j; l++) {
        w->information[j * k + l] += s->weight[r] * t.information * slope[j] * slope[l];
      }
    }
  }
  for (int j = 0; j < k; j++) {
    for (int l = 0; l < j; l++) {
      w->information[l * k + j] = w->information[j * k + l];
    }
  }
}

/* Broyden: the smallest change of the slopes that explains what the step from there to here did. */
void fit_search_carry(fit_search *w, const fit_state *s)
{
  const int k = s->task->n_parameters;
  double length = 0;
  for (int j = 0; j < k; j++) {
    length += pow(w->here.place[j] - w->there.place[j], 2);
  }
  for (int r = 0; r < s->task->n_rows && length > 0; r++) {
    double *slope = &w->slope[r * k], surprise = w->here.eta[r] - w->there.eta[r];
    for (int j = 0; j < k; j++) {
      surprise -= slope[j] * (w->here.place[j] - w->there.place[j]);
    }
    for (int j = 0; j < k && isfinite(surprise); j++) {
      slope[j] += surprise * (w->here.place[j] - w->there.place[j]) / length;
    }
  }
  w->fresh = false;
  fit_search_sum_up(w, s);
}
