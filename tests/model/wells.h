/* Wells with T cells, target cells and drug, at random. */
#ifndef TESTS_MODEL_WELLS_H
#define TESTS_MODEL_WELLS_H

#include "base/random.h"
#include "model/binding.h"

#include <math.h>

/* Uniform on a logarithmic scale. */
static inline double between(random_stream *s, double low, double high)
{
  return low * pow(high / low, random_uniform(s));
}

static inline binding_well random_well(random_stream *s, int target_arms)
{
  return (binding_well){.target_nM = between(s, 1e-3, 10),
                        .cd3_nM = between(s, 1e-3, 10),
                        .kd_target_nM = between(s, 1e-2, 1e2),
                        .kd_cd3_nM = between(s, 0.1, 1e3),
                        .cooperativity = between(s, 0.2, 5),
                        .target_arms = target_arms,
                        .second_arm = between(s, 1, 1e4)};
}

#endif
