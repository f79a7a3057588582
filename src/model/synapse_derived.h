/* Constants of one patient that the synapse kernel uses, computed once from the parameters.
 * Rates per day, cells as counts, drug in nM and nmol. */
#ifndef MODEL_SYNAPSE_DERIVED_H
#define MODEL_SYNAPSE_DERIVED_H

#include "model/synapse_structure.h"

/* One value per site. */
#define SYNAPSE_SITE_CONSTANTS(X)                                                                  \
  X(AFFINITY)       /* 1/K of the target arms, gating and soluble target included [1/nM] */        \
  X(CIS)            /* gain of the second arm, see binding_lane.h; 0 with one arm */               \
  X(RECEPTORS)      /* per target cell */                                                          \
  X(BOUND_PER_CELL) /* receptors of one cell, as concentration at the site [nM] */                 \
  X(TARGET_SCALE)   /* target cells per unit of the target's state */                              \
  X(ENTRY)          /* drug entry */                                                               \
  X(ENTRY_ACTIVE)   /* the same times partition */                                                 \
  X(ENTRY_CUT)      /* active drug from masked drug in blood, cut at the site */                   \
  X(MASKED_LEVEL)   /* masked drug at the site, as active drug, per drug given in blood */         \
  X(ACTIVATION_MAX)                                                                                \
  X(KILL_RATE)                                                                                     \
  X(KILL_HALF_N)    /* ratio of half-maximal killing to the power of the exponent */               \
  X(REST_REFERENCE) /* resting T cells at homeostasis */                                           \
  X(ACT_DEATH_2)    /* activation-induced death, per cell */                                       \
  X(REST_IN)        /* traffic from blood and to blood, resting and post-activated cells */        \
  X(REST_OUT)                                                                                      \
  X(ACT_IN) /* the same for activated cells */                                                     \
  X(ACT_OUT)                                                                                       \
  X(IL6_WEIGHT)   /* IL-6 in blood per day and responding T cell [pg/mL/day] */                    \
  X(DRIVE_WEIGHT) /* the same for the CRS drive, over the decay of IL-6 [pg/mL] */                 \
  X(IFN_WEIGHT)                                                                                    \
  X(COUNT_SOURCE) /* Hosseini's source: 1 / target cells at the start */                           \
  X(DEPLETION)    /* largest rate of a depleting antibody */                                       \
  X(REPAIR)       /* of normal tissue */

/* clang-format off */
#define SYNAPSE_CONSTANTS(X)                                                                       \
  /* drug in blood */                                                                              \
  X(UG_PER_ML) X(INVERSE_CENTRAL) X(CLEARANCE) X(CUT_CLEARANCE) X(SATURABLE) X(SATURABLE_KM)       \
  X(TO_PERIPHERAL) X(FROM_PERIPHERAL) X(ABSORPTION) X(ABSORBED) X(CLEARANCE_FADES)                 \
  X(CUT_IN_BLOOD) X(ACTIVE_SHARE) X(GIVEN_ACTIVE) X(SOLUBLE_LOSS) X(SOLUBLE_KM)                    \
  X(TARGET_LOSS) X(INTERNALISATION)                                                                \
  /* synapse */                                                                                    \
  X(VALENCY) X(PER_BOUND) X(CD3_AFFINITY) X(CD3) X(FC_GAMMA) X(TRIMERS_0_2)                        \
  X(ACTIVATION_N) X(ACTIVATION_0) X(ACTIVATION_HALF_N)                                             \
  X(CYTOKINE_N) X(CYTOKINE_0) X(CYTOKINE_HALF_N) X(KILL_TRIMERS)                                   \
  X(LOW_RECEPTORS) X(LOW_BOUND_PER_CELL) X(LOW_CIS)                                                \
  /* T cells */                                                                                    \
  X(RATIO_N) X(RATIO_HALF_N) X(KILL_N) X(ACTIVATION_RATE) X(REACTIVATION) X(DEACTIVATION)          \
  X(PROLIFERATION) X(ACT_DEATH) X(REST_DEATH) X(POST_TO_REST) X(POST_DEATH) X(EXHAUSTION)          \
  X(T_GENERATION) X(T_REFERENCE) X(MARGINATION_DECAY) X(MARGINATION_OF_ACT) X(BLOOD_VOLUME)        \
  /* target cells and tumour */                                                                    \
  X(BLOOD_REFERENCE) X(LYMPHOID_REFERENCE) X(BLOOD_PER_LYMPHOID) X(REGROWTH) X(SUPPLY)             \
  X(RELEASE) X(UPTAKE) X(SEED_IN) X(SEED_OUT) X(GROWTH) X(GROWTH_LOGISTIC) X(GROWTH_GOMPERTZ)      \
  X(CAPACITY) X(DYING_CLEARANCE)                                                                   \
  /* cytokines */                                                                                  \
  X(SOURCE_N) X(SOURCE_SCALE) X(REFRACTORY_BUILD) X(REFRACTORY_RECOVERY) X(IL6_DECAY)              \
  X(IL6_BASELINE) X(DRIVE_RATE) X(IFN_DECAY) X(BY_COUNT)                                           \
  /* premedication */                                                                              \
  X(DEX_DECAY) X(DEX_UG_PER_L) X(DEX_DELAY) X(DEX_IC50) X(DEX_IMAX) X(TOCI_DECAY) X(TOCI_VMAX)     \
  X(TOCI_KM) X(TOCI_OUT) X(TOCI_IN) X(TOCI_HALF) X(TOCI_SIGNAL) X(TOCI_CLEARANCE)                  \
  X(DEPLETER_DECAY) X(DEPLETER_HALF)
/* clang-format on */

/* The kernels that take these constants: synapse0_kernels or synapse4_kernels, of each width. */
#define SYNAPSE_KERNELS__(tissues) synapse##tissues##_kernels
#define SYNAPSE_KERNELS_(tissues) SYNAPSE_KERNELS__(tissues)
#define SYNAPSE_KERNELS SYNAPSE_KERNELS_(SYNAPSE_TISSUES)

enum {
#define X(name) name##_, name = name##_, name##_END_ = name + SITES - 1,
  SYNAPSE_SITE_CONSTANTS(X)
#undef X
#define X(name) name,
      SYNAPSE_CONSTANTS(X)
#undef X
          SYNAPSE_DERIVED
};

#endif
