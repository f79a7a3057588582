/* Drawn values go into the effective problem as overrides of its calibration, so that everything
 * that depends on them is read as from a file. */
#include "study/parameter_draws.h"

#include "base/allocate.h"
#include "base/error.h"
#include "base/number.h"

#include <stdio.h>
#include <string.h>

enum { OVERRIDE_SIZE = 96 };

struct parameter_draws {
  const stepdose_problem *problem;
  fit_draws *draws;
};

static fit_distribution distribution_of(const problem_calibration *c)
{
  fit_distribution of = {.n = c->n_parameters, .covariance = c->covariance};
  for (int j = 0; j < c->n_parameters; j++) {
    const calibrated_parameter *p = &c->parameter[j];
    of.scale[j] = p->scale == EVIDENCE_LOG10 ? FIT_SCALE_LOG10 : FIT_SCALE_LINEAR;
    of.value[j] = p->value;
    of.low[j] = p->low;
    of.high[j] = p->high;
  }
  return of;
}

static bool has_calibration(const stepdose_problem *problem, stepdose_error *error)
{
  if (problem->calibration != NULL) {
    return true;
  }
  error_set(error, STEPDOSE_CONTRADICTION, "name one in \"calibration\"",
            "without a calibration there is nothing to draw");
  error_place(error, problem->path, 0, 0, NULL);
  return false;
}

parameter_draws *parameter_draws_open(const stepdose_problem *problem, uint64_t seed,
                                      stepdose_error *error)
{
  if (!has_calibration(problem, error)) {
    return NULL;
  }
  const fit_distribution of = distribution_of(problem->calibration);
  parameter_draws *d = allocate_zeroed(1, sizeof *d);
  if (d == NULL) {
    error_no_memory(error, "drawing parameters");
    return NULL;
  }
  d->problem = problem;
  d->draws = fit_draws_open(&of, seed, error);
  if (d->draws == NULL) {
    parameter_draws_close(d);
    return NULL;
  }
  return d;
}

void parameter_draws_close(parameter_draws *d)
{
  if (d != NULL) {
    fit_draws_close(d->draws);
    release(d);
  }
}

stepdose_problem *parameter_draw(const parameter_draws *d, long index, stepdose_error *error)
{
  const stepdose_problem *p = d->problem;
  const int n = p->calibration->n_parameters;
  double value[FIT_PARAMETERS_MAX];
  char override[FIT_PARAMETERS_MAX][OVERRIDE_SIZE];
  const char *overrides[FIT_PARAMETERS_MAX];
  fit_draw(d->draws, index, value); /* on a bound, where nothing else is allowed */
  for (int j = 0; j < n; j++) {
    char digits[NUMBER_TEXT_SIZE];
    number_format_full(value[j], digits);
    snprintf(override[j], OVERRIDE_SIZE, "/calibration/parameters/%d/value=%s", j, digits);
    overrides[j] = override[j];
  }
  return problem_read_text(p->path, p->effective, strlen(p->effective), overrides, (size_t)n,
                           error);
}
