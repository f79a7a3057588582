/* Constants of one patient that the hosseini2020 kernel uses, computed once from the parameters.
 * Rates per day, cells as counts, drug in ug/kg (mosunetuzumab) and ug/m2 (blinatumomab). */
#ifndef MODEL_HOSSEINI2020_DERIVED_H
#define MODEL_HOSSEINI2020_DERIVED_H

#include "model/hosseini2020_structure.h"

/* One value per site. */
#define HOSSEINI2020_SITE_CONSTANTS(X)                                                             \
  X(ACTIVATION_MAX)   /* largest activated fraction */                                             \
  X(DRUG_PARTITION)   /* drug at the site over drug in blood */                                    \
  X(DRUG_PARTITION_N) /* the same to the power of ndrugactT */                                     \
  X(BLIN_PARTITION)   /* the same for blinatumomab */                                              \
  X(KILL_KM_N)        /* half-maximal activated T:B ratio to the power of nkill */                 \
  X(BLIN_KILL_KM_N)                                                                                \
  X(KILL_RATE)      /* largest killing rate times VmB */                                           \
  X(REST_REFERENCE) /* resting T cells at homeostasis */                                           \
  X(REST_DEATH)     /* death rate of those above it */                                             \
  X(ACT_DEATH)      /* death rate of activated cells */                                            \
  X(ACT_DEATH_2)    /* quadratic part: activation-induced cell death, per cell */                  \
  X(REST_IN)        /* traffic from blood and to blood, resting and post-activated cells */        \
  X(REST_OUT)                                                                                      \
  X(ACT_IN) /* the same for activated cells */                                                     \
  X(ACT_OUT)                                                                                       \
  X(B_IN) /* B cells from blood into the site (marrow: to blood, reversed) */                      \
  X(B_OUT)                                                                                         \
  X(B_REFERENCE)     /* B cells at homeostasis */                                                  \
  X(B_PROLIFERATION) /* rate of return to it */                                                    \
  X(IL6_SOURCE)      /* IL-6 per day in pg/mL of blood, per (activated T x B) cell pair */         \
  X(BLIN_IL6_SOURCE)

/* clang-format off */
#define HOSSEINI2020_CONSTANTS(X)                                                                  \
  /* drugs in blood */                                                                             \
  X(CENTRAL_VOLUME) X(CUTOFF) X(CLEARANCE) X(SATURABLE_MAX) X(SATURABLE_KM) X(TO_PERIPHERAL)       \
  X(FROM_PERIPHERAL) X(ABSORPTION) X(BIOAVAILABILITY) X(BLIN_NG_PER_ML) X(BLIN_CLEARANCE)          \
  X(MARGINATION_DECAY) X(MARGINATION_OF_ACT)                                                       \
  /* activation and kill: exponents, and half-maximal values to their power */                     \
  X(RATIO_EXPONENT) X(RATIO_KM) X(BLIN_RATIO_KM) X(DRUG_EXPONENT) X(DRUG_KM) X(DRUG_KILL_KM)       \
  X(KILL_EXPONENT) X(BLIN_KILL_EXPONENT) X(BLIN_EXPONENT) X(BLIN_DRUG_KM) X(BLIN_IL6_KM)           \
  X(BLIN_KILL_KM)                                                                                  \
  /* T cells */                                                                                    \
  X(ACTIVATION_RATE) X(DEACTIVATION) X(ACT0_ON) X(PROLIFERATION) X(ACT0_TO_REST) X(ACT0_DEATH)     \
  X(T_GENERATION) X(T_GENERATION_BASE) X(T_REFERENCE) X(REST_LOSS) X(BLOOD_VOLUME)                 \
  /* B cells, tumour, IL-6 */                                                                      \
  X(B_LOSS_IN_BLOOD) X(B_DEATH) X(B_MATURATION) X(NEGATIVE_SUPPLY) X(NEGATIVE_REFERENCE)           \
  X(NEGATIVE_PROLIFERATION) X(B_TOTAL_REFERENCE) X(TUMOR_GROWTH) X(IL6_DECAY)
/* clang-format on */

enum {
#define X(name) name##_, name = name##_, name##_END_ = name + SITES - 1,
  HOSSEINI2020_SITE_CONSTANTS(X)
#undef X
#define X(name) name,
      HOSSEINI2020_CONSTANTS(X)
#undef X
          HOSSEINI2020_DERIVED
};

#endif
