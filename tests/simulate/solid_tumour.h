/* Patients and regimens that several tests of synapse share. */
#ifndef TESTS_SIMULATE_SOLID_TUMOUR_H
#define TESTS_SIMULATE_SOLID_TUMOUR_H

#include "simulate/bench.h"

#include <math.h>

static const double FOUR_HOURS = 4.0 / 24;

/* n doses of an infusion a week apart. */
static inline schedule weekly(int n, double mg)
{
  schedule s = {.n_doses = n};
  for (int i = 0; i < n; i++) {
    s.doses[i] = (dose){7.0 * i, mg, FOUR_HOURS, ROUTE_IV};
  }
  return s;
}

/* A solid tumour of 4e9 cells whose target is absent from blood, and a normal tissue with
 * `receptors` of the target on its cells. */
static inline void solid_tumour(bench *b, double tumor_receptors, double receptors)
{
  static const struct {
    const char *name;
    double value;
  } values[] = {{"blood_target_cells_per_mL", 0}, {"tumor_volume_mL", 20},
                {"tumor_cells_per_mL", 2e8},      {"tumor_t_partition", 125},
                {"tissue1_volume_mL", 300},       {"tissue1_target_cells_per_mL", 1e8},
                {"tissue1_t_partition", 10},      {"tumor_growth_per_day", 0.025}};
  open_bench(b, "synapse");
  for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
    set(b, values[i].name, values[i].value);
  }
  set(b, "tumor_receptors_per_cell", tumor_receptors);
  set(b, "tissue1_receptors_per_cell", receptors);
  b->request.horizon_days = 42;
  b->request.last_days = 7;
}

#endif
