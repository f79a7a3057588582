/* Terms that the kernels of all models share. Included by a kernel only, after its generated solver
 * (jacobian_index) and the states of its model. */
#ifndef MODEL_KERNEL_TERMS_H
#define MODEL_KERNEL_TERMS_H

#include "model/lane.h"

/* Stands for zero in the base of a power: x^n and its slope stay finite for any exponent. */
#define TINY 1e-30

/* Entry of the Jacobian: the structure says which there are. */
#define J(i, j) jac[jacobian_index[i][j]]

/* Constant of a site. */
#define AT(constant, site) k[(constant) + (site)]

/* One T-cell pool between blood and site s: in * (1 + boost*margination) * blood - out * tissue. */
static inline void add_traffic(const lane *y, lane *rate, lane *jac, int pool, int s, lane in,
                               lane out, lane boost)
{
  const lane pull = in * (lane_set(1.0) + boost * y[MARGINATION]);
  const lane flux = pull * y[pool] - out * y[pool + s];
  rate[pool] -= flux;
  rate[pool + s] += flux;
  if (jac) {
    const lane by_margination = in * boost * y[pool];
    J(pool, pool) -= pull;
    J(pool, pool + s) += out;
    J(pool, MARGINATION) -= by_margination;
    J(pool + s, pool) += pull;
    J(pool + s, pool + s) -= out;
    J(pool + s, MARGINATION) += by_margination;
  }
}

/* log10 of a number of cells, floored at one. */
static inline lane log10_of_cells(lane cells)
{
  return lane_log(lane_max(cells, lane_set(1.0))) * lane_set(0.43429448190325182765);
}

#endif
