/* Binding at a synapse, for lanes of patients: how many drug molecules sit on the target cell, and
 * how many of them are also held by CD3 of a T cell. Quasi-equilibrium with a given concentration
 * of free drug; few receptors are in trimers (src/model/binding.h has the forms without that).
 * docs/binding.md derives both; the derivatives are sums of terms of one sign, without
 * cancellation.
 */
#ifndef MODEL_BINDING_LANE_H
#define MODEL_BINDING_LANE_H

#include "model/lane.h"

/* Bound drug molecules per target receptor, first and second derivative by q. */
typedef struct occupancy {
  lane value, slope, curvature;
} occupancy;

/* A molecule with `valency` (1 or 2) target arms of dissociation constant K [nM] at free drug C:
 *   q        C/K, from 0 to 1e12
 *   cis      avidity of the second arm once the first is bound, (local concentration of receptors
 *            within its reach)/K, from 0 to 1e9; 0 for valency 1
 *   w        share of free receptors, root of (1 + valency q) w + 2 q cis w^2 = 1
 * value = valency q w (held by one arm) + q cis w^2 (held by two arms). */
static inline occupancy binding_occupancy(lane q, lane valency, lane cis)
{
  const lane one = lane_set(1.0), two = lane_set(2.0);
  const lane m = one + valency * q;
  const lane root = lane_sqrt(m * m + lane_set(8.0) * q * cis);
  const lane below = one / root;
  const lane w = two / (m + root);
  const lane pair = cis * w; /* two-armed for each one-armed, but for a factor */
  const lane gain = valency + pair * m;
  const lane bend = valency * (valency + pair * (m + two)) + lane_set(4.0) * pair * pair +
                    gain * (valency * m + lane_set(4.0) * cis) * below;
  return (occupancy){.value = q * w * (valency + pair),
                     .slope = w * gain * below,
                     .curvature = -w * bend * below * below};
}

/* Trimers per synapse and their derivative by the free drug. */
typedef struct trimer_count {
  lane value, slope; /* trimers, trimers/nM */
} trimer_count;

/* CD3 of one T cell shared between being free, bound to free drug, and bound to drug on the target:
 *   bound, bound_slope   drug molecules on a target cell, its derivative by the free drug [1/nM]
 *   drug                 free drug [nM], from 0
 *   per_bound            effective concentration of one bound molecule over KD of CD3
 *   cd3_affinity         1/KD of CD3 [1/nM]
 *   cd3                  CD3 receptors of a T cell
 * The slope is negative where free drug occupies CD3 faster than the target (the hook). */
static inline trimer_count binding_trimers(lane bound, lane bound_slope, lane drug, lane per_bound,
                                           lane cd3_affinity, lane cd3)
{
  const lane one = lane_set(1.0);
  const lane without = one + drug * cd3_affinity;
  const lane k = per_bound * bound, k_slope = per_bound * bound_slope;
  const lane below = one / (without + k);
  return (trimer_count){.value = cd3 * k * below,
                        .slope = cd3 * (k_slope * without - k * cd3_affinity) * below * below};
}

#endif
