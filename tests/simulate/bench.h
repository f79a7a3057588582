/* One patient of one model, ready to be simulated: for tests that change a parameter and look. */
#ifndef TESTS_SIMULATE_BENCH_H
#define TESTS_SIMULATE_BENCH_H

#include "simulate/simulate.h"

#include <criterion/criterion.h>
#include <string.h>

enum { BENCH_PARAMETERS_MAX = 512 };

typedef struct bench {
  const model *m;
  double parameters[BENCH_PARAMETERS_MAX];
  simulate_workspace *w;
  endpoint_request request;
  simulate_settings settings;
  stepdose_error error;
} bench;

static inline void open_bench(bench *b, const char *name)
{
  memset(b, 0, sizeof *b);
  b->m = model_find(name);
  cr_assert_leq(b->m->n_parameters, BENCH_PARAMETERS_MAX);
  model_parameter_defaults(b->m, b->parameters);
  b->w = simulate_workspace_open(b->m, &b->error);
  cr_assert_not_null(b->w);
  b->request = (endpoint_request){.horizon_days = 84, .last_days = 21, .activated_above = 0.3};
  b->settings = simulate_settings_default();
}

static inline void close_bench(bench *b) { simulate_workspace_close(b->w); }

static inline void set(bench *b, const char *name, double value)
{
  const int i = model_parameter_index(b->m, name);
  cr_assert_geq(i, 0, "%s", name);
  b->parameters[i] = value;
}

static inline void apply_preset(bench *b, const char *name)
{
  const model_preset *preset = model_preset_find(b->m, name);
  cr_assert_not_null(preset, "%s", name);
  for (int i = 0; i < preset->n_values; i++) {
    set(b, preset->values[i].parameter, preset->values[i].value);
  }
}

static inline endpoints run(bench *b, const schedule *doses, trajectory *t)
{
  endpoints e;
  memset(&e, 0, sizeof e); /* comparable as bytes, also where a schedule has fewer windows */
  cr_assert(
      simulate_patient(b->w, b->parameters, doses, &b->request, &b->settings, &e, t, &b->error),
      "%s", b->error.message);
  return e;
}

#endif
