/* Lagrange multipliers of a constrained search at a point that should be its optimum: how the
 * slopes of the goal are made up of those of the active constraints. They tell what the optimum
 * gains where a constraint is given way, without a further search. */
#ifndef OPTIMIZE_MULTIPLIERS_H
#define OPTIMIZE_MULTIPLIERS_H

#include "optimize/search.h"

/* Slopes are central differences over twice this share of a variable's range (of its logarithm,
 * where it is searched so); one-sided at a bound. */
#define MULTIPLIER_STEP 1e-3

/* lambda (task->n_constraints): >= 0, change of the goal per unit by which a constraint gives way;
 * 0 where it lies below -active. Non-negative least squares over the variables that are not on a
 * bound; of constraints that move alike the multiplier is shared between them. *residual: the share
 * of the goal's slope (norms) that is not explained; 0: a stationary point, NAN: no variable is
 * free. False: *error, also where a simulation fails. */
bool search_multipliers(const search_task *task, const double *value, double active, double *lambda,
                        double *residual, stepdose_error *error);

#endif
