/* A problem with other values of its calibration: what the evidence leaves open, drawn. For "the
 * probability that a limit holds" one asks the same question of many draws. */
#ifndef STUDY_PARAMETER_DRAWS_H
#define STUDY_PARAMETER_DRAWS_H

#include "optimize/fit_draw.h"
#include "problem/calibration.h"

typedef struct parameter_draws parameter_draws;

/* Borrows the problem, which names a calibration (else CONTRADICTION). NULL: *error. */
parameter_draws *parameter_draws_open(const stepdose_problem *problem, uint64_t seed,
                                      stepdose_error *error);
void parameter_draws_close(parameter_draws *d);

/* Draw `index` (0, 1, ...): the problem as it would be with these fitted values, the same for the
 * same seed. What the problem itself fixes in "parameters" stays. NULL: *error. The caller frees.
 */
stepdose_problem *parameter_draw(const parameter_draws *d, long index, stepdose_error *error);

#endif
