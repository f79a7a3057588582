/* One patient of synapse with two normal tissues that carry the target. */
#ifndef TESTS_SIMULATE_SYNAPSE_BENCH_H
#define TESTS_SIMULATE_SYNAPSE_BENCH_H

#include "simulate/bench.h"

static inline void open_synapse_bench(bench *b)
{
  open_bench(b, "synapse");
  set(b, "tissue1_t_partition", 5);
  set(b, "tissue1_target_cells_per_mL", 1e6);
  set(b, "tissue2_t_partition", 20);
  set(b, "tissue2_target_cells_per_mL", 1e5);
  b->request = (endpoint_request){.horizon_days = 42, .last_days = 7, .activated_above = 0.1};
}

#endif
