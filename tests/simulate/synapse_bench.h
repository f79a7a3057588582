/* One patient of synapse with two normal tissues that carry the target, and how to run it. */
#ifndef TESTS_SIMULATE_SYNAPSE_BENCH_H
#define TESTS_SIMULATE_SYNAPSE_BENCH_H

#include "simulate/simulate.h"

#include <criterion/criterion.h>
#include <string.h>

enum { SYNAPSE_BENCH_PARAMETERS = 512 };

typedef struct synapse_bench {
  const model *m;
  double parameters[SYNAPSE_BENCH_PARAMETERS];
  simulate_workspace *w;
  endpoint_request request;
  simulate_settings settings;
} synapse_bench;

static inline void synapse_bench_set(synapse_bench *b, const char *name, double value)
{
  const int i = model_parameter_index(b->m, name);
  cr_assert_geq(i, 0, "%s", name);
  b->parameters[i] = value;
}

static inline void synapse_bench_open(synapse_bench *b)
{
  stepdose_error error;
  memset(b, 0, sizeof *b);
  b->m = model_find("synapse");
  cr_assert_not_null(b->m);
  cr_assert_leq(b->m->n_parameters, SYNAPSE_BENCH_PARAMETERS);
  model_parameter_defaults(b->m, b->parameters);
  synapse_bench_set(b, "tissue1_t_partition", 5);
  synapse_bench_set(b, "tissue1_target_cells_per_mL", 1e6);
  synapse_bench_set(b, "tissue2_t_partition", 20);
  synapse_bench_set(b, "tissue2_target_cells_per_mL", 1e5);
  b->w = simulate_workspace_open(b->m, &error);
  cr_assert_not_null(b->w, "%s", error.message);
  b->request = (endpoint_request){.horizon_days = 42, .last_days = 7, .activated_above = 0.1};
  b->settings = simulate_settings_default();
}

/* Endpoints comparable as bytes; samples may be NULL. */
static inline endpoints synapse_bench_run(synapse_bench *b, const schedule *doses,
                                          trajectory *samples)
{
  endpoints e;
  stepdose_error error;
  memset(&e, 0, sizeof e);
  cr_assert(
      simulate_patient(b->w, b->parameters, doses, &b->request, &b->settings, &e, samples, &error),
      "%s", error.message);
  return e;
}

#endif
