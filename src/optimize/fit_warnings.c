/* What to be careful about in a fit. */
#include "optimize/fit_state.h"

#include "base/allocate.h"
#include "base/error.h"

#include <math.h>

static const double HARDLY = 0.8, CORRELATED = 0.95;
/* Rise of the objective within which another optimum is a rival: chi-square with one degree of
 * freedom at 95 %; and how many standard deviations away it has to lie. */
static const double RIVAL_RISE = 3.84, RIVAL_SIGMAS = 3;

const char *fit_warning_name(fit_warning_kind kind)
{
  static const char *const names[] = {
#define X(id, name, meaning) name,
      FIT_WARNINGS(X)
#undef X
  };
  return names[kind];
}

bool fit_warn(fit_outcome *outcome, fit_warning_kind kind, int first, int second, double value,
              stepdose_error *error)
{
  const size_t n = (size_t)outcome->n_warnings;
  fit_warning *grown = reallocate(outcome->warning, (n + 1) * sizeof *grown);
  if (grown == NULL) {
    return error_no_memory(error, "judging a fit");
  }
  outcome->warning = grown;
  outcome->warning[outcome->n_warnings++] = (fit_warning){kind, first, second, value};
  return true;
}

static bool warn_parameter(const fit_state *s, int j, fit_outcome *o)
{
  const fit_estimate *e = &o->estimate[j];
  const double share = e->sd / fit_unit(s, j);
  return (!(e->at_low || e->at_high) ||
          fit_warn(o, FIT_WARNING_AT_BOUND, j, -1, e->value, s->error)) &&
         (!(share > HARDLY) || fit_warn(o, FIT_WARNING_HARDLY_INFORMED, j, -1, share, s->error)) &&
         (!(e->low_open || e->high_open) ||
          fit_warn(o, FIT_WARNING_OPEN_INTERVAL, j, -1, e->value, s->error));
}

static bool warn_correlations(const fit_state *s, fit_outcome *o)
{
  const int k = o->n_parameters;
  for (int j = 0; j < k; j++) {
    for (int l = 0; l < j; l++) {
      const double r = o->covariance[j * k + l] / (o->estimate[j].sd * o->estimate[l].sd);
      if (fabs(r) > CORRELATED && !fit_warn(o, FIT_WARNING_CORRELATED, l, j, r, s->error)) {
        return false;
      }
    }
  }
  return true;
}

/* A start that ended about as well, but elsewhere: told by the parameter that is farthest off. */
static bool warn_start(const fit_state *s, int start, fit_outcome *o)
{
  const double rise = o->start[start].to - o->objective;
  int farthest = -1;
  double most = RIVAL_SIGMAS;
  for (int j = 0; j < o->n_parameters && rise < RIVAL_RISE; j++) {
    const fit_scale scale = s->task->parameter[j].scale;
    const double away =
        fit_scaled(scale, o->start[start].value[j]) - fit_scaled(scale, o->estimate[j].value);
    if (fabs(away) > most * o->estimate[j].sd) {
      most = fabs(away) / o->estimate[j].sd;
      farthest = j;
    }
  }
  return farthest < 0 || fit_warn(o, FIT_WARNING_OTHER_OPTIMUM, start, farthest, rise, s->error);
}

static bool warn_row(const fit_state *s, int r, fit_outcome *o)
{
  return s->task->row[r].weight <= 0 || isfinite(o->prediction[r].sigmas) ||
         fit_warn(o, FIT_WARNING_NOT_PREDICTED, r, -1, NAN, s->error);
}

bool fit_warn_all(const fit_state *s, fit_outcome *o)
{
  bool done = o->converged || fit_warn(o, FIT_WARNING_NOT_CONVERGED, -1, -1, NAN, s->error);
  for (int r = 0; r < o->n_rows && done; r++) {
    done = warn_row(s, r, o);
  }
  for (int j = 0; j < o->n_parameters && done; j++) {
    done = warn_parameter(s, j, o);
  }
  done = done && warn_correlations(s, o);
  for (int i = 0; i < o->n_starts && done; i++) {
    done = warn_start(s, i, o);
  }
  return done;
}
