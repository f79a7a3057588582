/* What goes on in hosseini2020 without drug: T cells, B cells, tumour, drugs in blood. Part of
 * hosseini2020_kernel.c, which is the only file that includes it. */
#ifndef MODEL_HOSSEINI2020_HOMEOSTASIS_H
#define MODEL_HOSSEINI2020_HOMEOSTASIS_H

#include "model/hosseini2020_derived.h"

#include "model/kernel_terms.h"

/* Deactivation, proliferation, death and homeostasis of T cells at one site. */
static inline void add_t_cells(const lane *k, const lane *y, lane *rate, lane *jac, int s)
{
  const lane back = k[DEACTIVATION], on = k[ACT0_ON], two = lane_set(2.0);
  const lane act = y[ACT + s], act0 = y[ACT0 + s];
  const lane excess = y[REST + s] - AT(REST_REFERENCE, s), none = lane_set(0.0);
  const lane to_act0 = k[PROLIFERATION] + on * back;
  const lane act_loss = back + on * back + AT(ACT_DEATH, s);
  const lane act0_loss = k[ACT0_TO_REST] + k[ACT0_DEATH];
  rate[REST + s] +=
      back * act + k[ACT0_TO_REST] * act0 - AT(REST_DEATH, s) * lane_max(excess, none);
  rate[ACT + s] -= (act_loss + AT(ACT_DEATH_2, s) * act) * act;
  rate[ACT0 + s] += to_act0 * act - act0_loss * act0;
  if (jac) {
    J(REST + s, ACT + s) += back;
    J(REST + s, ACT0 + s) += k[ACT0_TO_REST];
    J(REST + s, REST + s) -= AT(REST_DEATH, s) * lane_above(excess, none);
    J(ACT + s, ACT + s) -= act_loss + two * AT(ACT_DEATH_2, s) * act;
    J(ACT0 + s, ACT + s) += to_act0;
    J(ACT0 + s, ACT0 + s) -= act0_loss;
  }
}

/* One-way flux max(0, gain*y[from] - brake*y[against]) out of `from`, into `to`. */
static inline void add_one_way(const lane *y, lane *rate, lane *jac, int from, int to, int against,
                               lane gain, lane brake)
{
  const lane none = lane_set(0.0), drive = gain * y[from] - brake * y[against];
  const lane flux = lane_max(drive, none);
  rate[from] -= flux;
  rate[to] += flux;
  if (jac) {
    const lane open = lane_above(drive, none);
    J(from, from) -= open * gain;
    J(from, against) += open * brake;
    J(to, from) += open * gain;
    J(to, against) -= open * brake;
  }
}

/* Homeostatic regrowth: rate * max(0, reference - cells). */
static inline void add_regrowth(const lane *y, lane *rate, lane *jac, int i, lane per_day,
                                lane reference)
{
  const lane deficit = reference - y[i], none = lane_set(0.0);
  rate[i] += per_day * lane_max(deficit, none);
  if (jac) {
    J(i, i) -= per_day * lane_above(deficit, none);
  }
}

static inline void add_b_cells(const lane *k, const lane *y, lane *rate, lane *jac)
{
  const int blood = B + SITE_BLOOD, marrow = B + SITE_MARROW, tumor = B + SITE_TUMOR;
  const int negative = B_CD20_NEGATIVE;
  const lane none = lane_set(0.0), one = lane_set(1.0);
  for (int s = SITE_SPLEEN; s < SITES; s++) {
    if (s == SITE_MARROW) {
      add_one_way(y, rate, jac, marrow, blood, blood, AT(B_OUT, s), AT(B_IN, s));
    } else {
      add_one_way(y, rate, jac, blood, B + s, B + s, AT(B_IN, s), AT(B_OUT, s));
    }
  }
  for (int s = 0; s < SITE_TUMOR; s++) {
    add_regrowth(y, rate, jac, B + s, AT(B_PROLIFERATION, s), AT(B_REFERENCE, s));
  }
  add_regrowth(y, rate, jac, negative, k[NEGATIVE_PROLIFERATION], k[NEGATIVE_REFERENCE]);

  const lane mature = k[B_MATURATION] * y[negative];
  const lane peripheral = y[blood] + y[B + SITE_SPLEEN] + y[B + SITE_NODES];
  const lane deficit = one - peripheral / k[B_TOTAL_REFERENCE];
  const lane five = lane_set(5.0); /* marrow supply rises up to sixfold when B cells are gone */
  rate[blood] -= k[B_LOSS_IN_BLOOD] * y[blood];
  rate[marrow] += mature - k[B_DEATH] * y[marrow];
  rate[negative] += k[NEGATIVE_SUPPLY] * (one + five * lane_max(deficit, none)) - mature -
                    k[B_DEATH] * y[negative];
  rate[tumor] += k[TUMOR_GROWTH] * y[tumor];
  if (jac) {
    const lane supply =
        k[NEGATIVE_SUPPLY] * five * lane_above(deficit, none) / k[B_TOTAL_REFERENCE];
    J(blood, blood) -= k[B_LOSS_IN_BLOOD];
    J(marrow, negative) += k[B_MATURATION];
    J(marrow, marrow) -= k[B_DEATH];
    J(negative, negative) -= k[B_MATURATION] + k[B_DEATH];
    for (int s = SITE_BLOOD; s <= SITE_NODES; s++) {
      J(negative, B + s) -= supply;
    }
    J(tumor, tumor) += k[TUMOR_GROWTH];
  }
}

/* Generation of resting T cells in blood when T cells are missing there, and their baseline loss.
 */
static inline void add_t_generation(const lane *k, const lane *y, lane *rate, lane *jac)
{
  const lane none = lane_set(0.0), one = lane_set(1.0), two = lane_set(2.0);
  const lane reference = k[T_REFERENCE]; /* cells in blood */
  const lane deficit = lane_max(one - (y[REST] + y[ACT] + y[ACT0]) / reference, none);
  rate[REST] += k[T_GENERATION] * reference * (k[T_GENERATION_BASE] + deficit * deficit) -
                k[REST_LOSS] * y[REST];
  if (jac) {
    const lane slope = two * k[T_GENERATION] * deficit;
    J(REST, REST) -= slope + k[REST_LOSS];
    J(REST, ACT) -= slope;
    J(REST, ACT0) -= slope;
  }
}

static inline void add_drugs_in_blood(const lane *k, const lane *y, lane *rate, lane *jac)
{
  const lane one = lane_set(1.0);
  const lane c = y[TDB_CENTRAL] / k[CENTRAL_VOLUME];
  const lane room = one / (k[SATURABLE_KM] + c);
  const lane loss = (k[CLEARANCE] + k[SATURABLE_MAX] * room) / k[CENTRAL_VOLUME];
  const lane out = k[TO_PERIPHERAL], in = k[FROM_PERIPHERAL];
  const lane absorbed = k[ABSORPTION] * k[BIOAVAILABILITY];
  const lane exchange = out * y[TDB_CENTRAL] - in * y[TDB_PERIPHERAL];
  rate[TDB_DEPOT] -= k[ABSORPTION] * y[TDB_DEPOT];
  rate[TDB_CENTRAL] += absorbed * y[TDB_DEPOT] - loss * y[TDB_CENTRAL] - exchange;
  rate[TDB_PERIPHERAL] += exchange;
  rate[BLIN] -= k[BLIN_CLEARANCE] * y[BLIN];
  rate[MARGINATION] -= k[MARGINATION_DECAY] * y[MARGINATION];
  rate[IL6_BLOOD] -= k[IL6_DECAY] * y[IL6_BLOOD];
  rate[IL6_TISSUE] -= k[IL6_DECAY] * y[IL6_TISSUE];
  if (jac) {
    J(TDB_DEPOT, TDB_DEPOT) -= k[ABSORPTION];
    J(TDB_CENTRAL, TDB_DEPOT) += absorbed;
    J(TDB_CENTRAL, TDB_CENTRAL) -=
        loss + out - k[SATURABLE_MAX] * room * room * c / k[CENTRAL_VOLUME];
    J(TDB_CENTRAL, TDB_PERIPHERAL) += in;
    J(TDB_PERIPHERAL, TDB_CENTRAL) += out;
    J(TDB_PERIPHERAL, TDB_PERIPHERAL) -= in;
    J(BLIN, BLIN) -= k[BLIN_CLEARANCE];
    J(MARGINATION, MARGINATION) -= k[MARGINATION_DECAY];
    J(IL6_BLOOD, IL6_BLOOD) -= k[IL6_DECAY];
    J(IL6_TISSUE, IL6_TISSUE) -= k[IL6_DECAY];
  }
}

#endif
