/* Profile likelihood intervals: each parameter is moved from the optimum, all others are fitted
 * again, until the objective has risen by the quantile of chi-square with one degree of freedom
 * (Venzon and Moolgavkar, Applied Statistics 37:87, 1988). The root of the rise is a straight line
 * in the parameter where the likelihood is normal, and is what is solved for. */
#include "optimize/fit_state.h"

#include "base/quantile.h"

#include <math.h>
#include <string.h>

/* Distances that are tried on a side; times that slopes are taken anew there. */
enum { TRIES = 12, DIFFERENCES = 1 };

static const double LEVEL = 0.95;
/* Of the root: one per cent of half an interval; no more than the tolerance of searches allows. */
static const double NEAR_ENOUGH = 0.02;
static const double BETTER = 0.05; /* fall of the objective that is another optimum */

typedef struct profile {
  const fit_search *best;
  fit_state *state;
  fit_search *search;
  const double *covariance;
  int parameter;
  double side, limit; /* +1 or -1; the farthest distance from the optimum, in places */
  double root_wanted, near_enough;
  bool better;
} profile;

typedef struct bracket {
  double inner, inner_root, outer, outer_root; /* distances; outer_root NAN: none is known */
} bracket;

/* Where the others go with the parameter if the likelihood is normal. */
static void guess_first(const profile *p, double distance, double *place)
{
  const int k = p->state->task->n_parameters, j = p->parameter;
  const double *width = p->state->width;
  const double variance = p->covariance[j * k + j] / (width[j] * width[j]);
  for (int l = 0; l < k; l++) {
    const double with = p->covariance[j * k + l] / (width[j] * width[l]) / variance;
    const double moved = p->best->here.place[l] + with * p->side * distance;
    place[l] = fmin(fmax(moved, 0), 1);
  }
  place[j] = p->best->here.place[j] + p->side * distance;
  place[j] = fmin(fmax(place[j], 0), 1);
}

/* On the ray from the optimum through where the last distance ended. */
static void guess_next(const profile *p, double distance, double *place)
{
  const double *from = p->best->here.place, *last = p->search->here.place;
  const double stretch = distance / fabs(last[p->parameter] - from[p->parameter]);
  for (int l = 0; l < p->state->task->n_parameters; l++) {
    place[l] = fmin(fmax(from[l] + stretch * (last[l] - from[l]), 0), 1);
  }
}

/* Root of the rise of the objective at a distance; NAN: ended, or something better was found. */
static double root_at(profile *p, double distance, bool first)
{
  double place[FIT_PARAMETERS_MAX];
  bool fixed[FIT_PARAMETERS_MAX] = {false};
  fixed[p->parameter] = true;
  if (first) {
    fit_search_copy(p->search, p->best, p->state);
    p->search->differences = DIFFERENCES;
    guess_first(p, distance, place);
  } else {
    guess_next(p, distance, place);
  }
  if (!fit_search_move(p->search, p->state, place)) {
    return NAN;
  }
  fit_search_run(p->search, p->state, fixed, false);
  const double rise = p->search->objective - p->best->objective;
  p->better = rise < -BETTER;
  return p->better || fit_state_ended(p->state) ? (double)NAN : sqrt(fmax(rise, 0));
}

static double next_distance(const profile *p, const bracket *b)
{
  if (isnan(b->outer_root)) {
    const double stretched = b->inner_root > 0 ? p->root_wanted / b->inner_root : 2;
    return fmin(b->inner * fmin(fmax(stretched, 1.05), 2.5), p->limit);
  }
  const double share = (p->root_wanted - b->inner_root) / (b->outer_root - b->inner_root);
  return b->inner + fmin(fmax(share, 0.05), 0.95) * (b->outer - b->inner);
}

/* Distance of the interval's end; NAN: not found. *open: at the bound the fit is still in it. */
static double find_end(profile *p, double first, bool *open)
{
  bracket b = {0, 0, p->limit, NAN};
  double distance = fmin(first, p->limit);
  *open = p->limit <= 0;
  for (int i = 0; i < TRIES && !*open; i++) {
    const double root = root_at(p, distance, i == 0);
    if (isnan(root)) {
      return NAN;
    }
    if (fabs(root - p->root_wanted) < p->near_enough) {
      return distance;
    }
    if (root < p->root_wanted) {
      b.inner = distance;
      b.inner_root = root;
    } else {
      b.outer = distance;
      b.outer_root = root;
    }
    *open = b.inner >= p->limit;
    distance = next_distance(p, &b);
  }
  return *open ? p->limit : distance;
}

static double profile_side(profile *p, double side, bool *open)
{
  const int k = p->state->task->n_parameters, j = p->parameter;
  const double here = p->best->here.place[j];
  const double sd = sqrt(p->covariance[j * k + j]) / p->state->width[j];
  p->side = side;
  p->limit = side > 0 ? 1 - here : here;
  const double distance = find_end(p, p->root_wanted * sd, open);
  return isnan(distance) ? (double)NAN : fit_value_at(p->state, j, here + side * distance);
}

bool fit_profile_all(fit_search *best, fit_state *s, fit_search *w, fit_outcome *outcome)
{
  const double level = s->task->level > 0 ? s->task->level : LEVEL;
  profile p = {.best = best,
               .state = s,
               .search = w,
               .covariance = outcome->covariance,
               .root_wanted = normal_quantile((1 + level) / 2),
               .near_enough = fmax(NEAR_ENOUGH, sqrt(s->task->tolerance))};
  for (p.parameter = 0; p.parameter < s->task->n_parameters && !p.better; p.parameter++) {
    fit_estimate *e = &outcome->estimate[p.parameter];
    e->low = profile_side(&p, -1, &e->low_open);
    if (!p.better) {
      e->high = profile_side(&p, 1, &e->high_open);
    }
  }
  if (p.better) {
    fit_search_copy(best, w, s);
  }
  return p.better;
}
