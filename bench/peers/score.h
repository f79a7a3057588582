/* From the states that a peer returned to its answer. The one implementation: C peers, R and Python
 * all use it. */
#ifndef PEERS_SCORE_H
#define PEERS_SCORE_H

#include "bench/w1.h"

/* day (n), increasing; state (n x n_states), row by row; the first row is day 0. Fills the outputs
 * of whole days, and the largest IL-6: vertex of the parabola through the three outputs around it.
 */
void score_answer(const model_kernels *kernels, const double *derived, int n, int n_states,
                  const double *day, const double *state, w1_answer *answer);

#endif
