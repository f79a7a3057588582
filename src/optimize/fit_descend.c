/* One search of a fit: Fisher scoring with the damping of Levenberg and Marquardt (as chosen by
 * Madsen, Nielsen, Tingleff, Methods for non-linear least squares problems, 2004, 3.2), each step
 * within the box. Slopes by differences; along the way they are carried by Broyden's update (1965)
 * and taken anew when steps with carried slopes gain nothing. */
#include "optimize/fit_state.h"

#include "base/allocate.h"
#include "base/cholesky.h"

#include <math.h>
#include <string.h>

/* Steps in a row that gain nothing, on slopes that are carried along, before they are taken anew.
 */
enum { ITERATIONS_MAX = 60, REJECTIONS = 2 };

static const double TOLERANCE = 1e-12;
/* Of profiles: an error of the objective that moves the end of an interval by less than 0.1 %. */
static const double FRUGAL_TOLERANCE = 5e-3;
static const double DAMPING_FIRST = 1e-3, DAMPING_LEAST = 1e-9, DAMPING_MOST = 1e12;
/* A search that ends under more damping than this ends because no step gains, not at a minimum. */
static const double DAMPING_AT_MINIMUM = 1e3;
static const double GAIN_ACCEPTED = 1e-4;

/* --- memory ------------------------------------------------------------------------------------
 */

bool fit_search_open(fit_search *w, const fit_state *s)
{
  const size_t k = (size_t)s->task->n_parameters, m = (size_t)s->task->n_rows;
  w->here.eta = allocate_zeroed(m, sizeof(double));
  w->here.error = allocate_zeroed(m, sizeof(double));
  w->there.eta = allocate_zeroed(m, sizeof(double));
  w->there.error = allocate_zeroed(m, sizeof(double));
  w->strength = allocate_zeroed(m, sizeof(double));
  w->slope = allocate_zeroed(m * k, sizeof(double));
  w->gradient = allocate_zeroed(k, sizeof(double));
  w->information = allocate_zeroed(k * k, sizeof(double));
  w->matrix = allocate_zeroed(k * k, sizeof(double));
  w->step = allocate_zeroed(k, sizeof(double));
  return w->here.eta != NULL && w->here.error != NULL && w->there.eta != NULL &&
         w->there.error != NULL && w->strength != NULL && w->slope != NULL && w->gradient != NULL &&
         w->information != NULL && w->matrix != NULL && w->step != NULL;
}

void fit_search_close(fit_search *w)
{
  double *const blocks[] = {w->here.eta, w->here.error, w->there.eta,   w->there.error, w->strength,
                            w->slope,    w->gradient,   w->information, w->matrix,      w->step};
  for (size_t i = 0; i < sizeof blocks / sizeof blocks[0]; i++) {
    release(blocks[i]);
  }
}

static void copy_point(fit_point *to, const fit_point *from, const fit_state *s)
{
  const size_t m = (size_t)s->task->n_rows * sizeof(double);
  memcpy(to->place, from->place, sizeof to->place);
  memcpy(to->eta, from->eta, m);
  memcpy(to->error, from->error, m);
}

void fit_search_copy(fit_search *to, const fit_search *from, const fit_state *s)
{
  const size_t k = (size_t)s->task->n_parameters, m = (size_t)s->task->n_rows;
  copy_point(&to->here, &from->here, s);
  memcpy(to->strength, from->strength, m * sizeof(double));
  memcpy(to->slope, from->slope, m * k * sizeof(double));
  to->objective = from->objective;
  to->has_slope = from->has_slope;
  to->fresh = false;
}

/* --- a step ------------------------------------------------------------------------------------
 */

/* Solves for the parameters that are not held; what the others do is given. */
static bool solve_free(fit_search *w, int k, const bool *held)
{
  int free[FIT_PARAMETERS_MAX], n = 0;
  double b[FIT_PARAMETERS_MAX];
  for (int j = 0; j < k; j++) {
    if (!held[j]) {
      free[n++] = j;
    }
  }
  for (int a = 0; a < n; a++) {
    const double *row = &w->information[free[a] * k];
    b[a] = w->gradient[free[a]];
    for (int j = 0; j < k; j++) {
      b[a] -= held[j] ? row[j] * w->step[j] : 0;
    }
    for (int c = 0; c <= a; c++) {
      w->matrix[a * n + c] = row[free[c]];
    }
    w->matrix[a * n + a] += w->damping * (1 + row[free[a]]);
  }
  if (!cholesky_factor(n, w->matrix)) {
    return false;
  }
  cholesky_solve(n, w->matrix, b);
  for (int a = 0; a < n; a++) {
    w->step[free[a]] = b[a];
  }
  return true;
}

/* Those that would leave the box go to its edge, and the others are solved again. */
static bool hold_at_edges(fit_search *w, int k, bool *held)
{
  bool any = false;
  for (int j = 0; j < k; j++) {
    const double there = w->here.place[j] + w->step[j];
    if (!held[j] && (there < 0 || there > 1)) {
      w->step[j] = (there < 0 ? 0 : 1) - w->here.place[j];
      held[j] = any = true;
    }
  }
  return any;
}

/* The gain that the quadratic model promises for w->step; negative: there is no step. */
static double find_step(fit_search *w, const fit_state *s, const bool *fixed)
{
  const int k = s->task->n_parameters;
  bool held[FIT_PARAMETERS_MAX];
  double gain = 0;
  for (int j = 0; j < k; j++) {
    held[j] = fixed != NULL && fixed[j];
    w->step[j] = 0;
  }
  do {
    if (!solve_free(w, k, held)) {
      return -1;
    }
  } while (hold_at_edges(w, k, held));
  for (int j = 0; j < k; j++) {
    double curved = 0;
    for (int l = 0; l < k; l++) {
      curved += w->information[j * k + l] * w->step[l];
    }
    gain += w->step[j] * (2 * w->gradient[j] - curved);
  }
  return gain;
}

/* --- the search --------------------------------------------------------------------------------
 */

static bool look_there(fit_search *w, fit_state *s)
{
  for (int j = 0; j < s->task->n_parameters; j++) {
    w->there.place[j] = fmin(fmax(w->here.place[j] + w->step[j], 0), 1);
  }
  if (!fit_evaluate(s, 1, w->there.place)) {
    return false;
  }
  fit_read_etas(s, 0, w->there.eta, w->there.error);
  return true;
}

static void go_there(fit_search *w, const fit_state *s)
{
  const fit_point kept = w->here;
  w->here = w->there;
  w->there = kept;
  fit_strengths(s, &w->here, w->strength);
  w->objective = fit_objective(s, &w->here, w->strength);
}

bool fit_search_move(fit_search *w, fit_state *s, const double *place)
{
  for (int j = 0; j < s->task->n_parameters; j++) {
    w->step[j] = place[j] - w->here.place[j];
  }
  if (!look_there(w, s)) {
    return false;
  }
  go_there(w, s);
  if (w->has_slope) {
    fit_search_carry(w, s);
  }
  return true;
}

static void more_damping(fit_search *w)
{
  w->damping = fmin(w->damping * w->growth, DAMPING_MOST);
  w->growth *= 2;
}

/* Strengths are those of the point that a step leaves, on both sides of the comparison. */
static void judge(fit_search *w, const fit_state *s, double promised)
{
  const double gained = w->objective - fit_objective(s, &w->there, w->strength);
  const double ratio = gained / promised;
  if (ratio > GAIN_ACCEPTED) {
    go_there(w, s);
    fit_search_carry(w, s);
    w->damping *= fmax(1.0 / 3, 1 - pow(2 * fmin(ratio, 2) - 1, 3));
    w->damping = fmax(w->damping, DAMPING_LEAST);
    w->growth = 2;
    w->rejections = 0;
    return;
  }
  more_damping(w);
  if (!w->fresh && ++w->rejections > REJECTIONS && w->differences > 0) {
    w->has_slope = false;
  } else if (!w->fresh) {
    fit_search_carry(w, s); /* what a step did that gained nothing is known too */
  }
}

/* What is promised is too little to go on: an end, unless the slopes were only carried along. */
static bool end_here(fit_search *w, bool thorough)
{
  if (thorough && !w->fresh) {
    w->has_slope = false;
    return false;
  }
  w->converged = w->damping <= DAMPING_AT_MINIMUM;
  return true;
}

/* One iteration; false: the search is at its end. */
static bool iterate(fit_search *w, fit_state *s, const bool *fixed, bool thorough)
{
  const double least = s->task->tolerance > 0 ? s->task->tolerance : TOLERANCE;
  const double enough = thorough ? least : fmax(least, FRUGAL_TOLERANCE);
  if (!w->has_slope) {
    w->rejections = 0;
    w->differences--;
    if (!fit_search_differentiate(w, s)) {
      return false;
    }
  }
  const double promised = find_step(w, s, fixed);
  if (promised < 0 && w->damping < DAMPING_MOST) {
    more_damping(w);
    return true;
  }
  if (!(promised >= enough)) {
    return !end_here(w, thorough);
  }
  if (!look_there(w, s)) {
    return false;
  }
  judge(w, s, promised);
  return true;
}

void fit_search_run(fit_search *w, fit_state *s, const bool *fixed, bool thorough)
{
  const int most = s->task->iterations_max > 0 ? s->task->iterations_max : ITERATIONS_MAX;
  w->damping = DAMPING_FIRST;
  w->growth = 2;
  w->rejections = 0;
  w->differences = thorough ? most : w->differences;
  w->converged = false;
  if (w->has_slope) {
    fit_search_sum_up(w, s);
  }
  for (w->iterations = 0; w->iterations < most && iterate(w, s, fixed, thorough);) {
    w->iterations++;
  }
  w->converged = w->converged && !fit_state_ended(s);
}
