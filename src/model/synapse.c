/* synapse: tables, doses and initial state. The rates are in the kernel. Layouts depend on the
 * number of normal tissues, so this file is compiled for the largest number and, by
 * synapse_plain.c, for none (SYNAPSE_TISSUES), like the kernel. */
#include "model/synapse.h"

#include "model/kernels.h"
#include "model/synapse_constants.h"
#include "model/width.h"

#define ARRAY_SIZE(a) ((int)(sizeof(a) / sizeof((a)[0])))

#if SYNAPSE_TISSUES > 0
#define HOSSEINI(rows) "Hosseini 2020 Supp. Table 2, rows " #rows
#define FITTED "fitted: docs/synapse.md"
#define ASSUMED(why) "assumed: " why
const model_parameter synapse_parameter_table[PARAMETERS] = {
#define X(name, unit, value, low, high, cohort_low, cohort_high, source, meaning)                  \
  {#name, unit, value, low, high, cohort_low, cohort_high, source, meaning},
#include "model/synapse_parameters.def"
#undef X
};
#undef HOSSEINI
#undef FITTED
#undef ASSUMED
#else
extern const model_parameter synapse_parameter_table[PARAMETERS];
#endif

/* Scales: a state smaller than this influences nothing that is reported; see hosseini2020.c. */
static const model_state state_table[SYNAPSE_STATES] = {
    [DEPOT] = {"depot", "nmol", 1e-6},
    [LYMPH] = {"lymph", "nmol", 1e-6},
    [GIVEN_CENTRAL] = {"drug_central", "nmol", 1e-6},
    [GIVEN_PERIPHERAL] = {"drug_peripheral", "nmol", 1e-6},
    [CUT_CENTRAL] = {"unmasked_central", "nmol", 1e-6},
    [CUT_PERIPHERAL] = {"unmasked_peripheral", "nmol", 1e-6},
    [CLEARANCE_EXTRA] = {"clearance_extra", "L/day", 1e-3},
    [MARGINATION] = {"margination", "1", 1e-3},
    [DRUG + SITE_LYMPHOID] = {"drug_lymphoid", "nM", 1e-7},
    [DRUG + SITE_TUMOR] = {"drug_tumor", "nM", 1e-7},
    [REST + SITE_BLOOD] = {"t_resting_blood", "cells", 1e3},
    [REST + SITE_LYMPHOID] = {"t_resting_lymphoid", "cells", 1e3},
    [REST + SITE_TUMOR] = {"t_resting_tumor", "cells", 1e3},
    [ACT + SITE_BLOOD] = {"t_activated_blood", "cells", 1e3},
    [ACT + SITE_LYMPHOID] = {"t_activated_lymphoid", "cells", 1e3},
    [ACT + SITE_TUMOR] = {"t_activated_tumor", "cells", 1e3},
    [POST + SITE_BLOOD] = {"t_post_activated_blood", "cells", 1e3},
    [POST + SITE_LYMPHOID] = {"t_post_activated_lymphoid", "cells", 1e3},
    [POST + SITE_TUMOR] = {"t_post_activated_tumor", "cells", 1e3},
    [TARGET_BLOOD] = {"target_blood", "cells", 1},
    [TARGET_LYMPHOID] = {"target_lymphoid", "cells", 1},
    [TUMOR] = {"tumor", "cells", 1},
    [TUMOR_LOW] = {"tumor_low_antigen", "cells", 1},
    [DYING] = {"tumor_dying", "cells", 1},
    [REFRACTORY + SITE_BLOOD] = {"refractory_blood", "1", 1e-4},
    [REFRACTORY + SITE_LYMPHOID] = {"refractory_lymphoid", "1", 1e-4},
    [REFRACTORY + SITE_TUMOR] = {"refractory_tumor", "1", 1e-4},
    [IL6] = {"il6", "pg/mL", 1e-2},
    [IFN] = {"ifn_gamma", "pg/mL", 1e-2},
    [DRIVE] = {"crs_drive", "pg/mL", 1e-2},
    [DEXAMETHASONE] = {"dexamethasone", "mg", 1e-4},
    [DEXAMETHASONE_EFFECT] = {"dexamethasone_effect", "ug/L", 1e-2},
    [TOCILIZUMAB] = {"tocilizumab", "mg", 1e-3},
    [TOCILIZUMAB_PERIPHERAL] = {"tocilizumab_peripheral", "mg", 1e-3},
    [DEPLETER] = {"obinutuzumab", "mg", 1e-3},
#if SYNAPSE_TISSUES > 0
#define TISSUE_STATES(n)                                                                           \
  [DRUG + SITE_TISSUE + n -                                                                        \
      1] = {"drug_tissue" #n, "nM", 1e-7},                                                         \
      [REST + SITE_TISSUE + n - 1] = {"t_resting_tissue" #n, "cells", 1e3},                        \
      [ACT + SITE_TISSUE + n - 1] = {"t_activated_tissue" #n, "cells", 1e3},                       \
      [POST + SITE_TISSUE + n - 1] = {"t_post_activated_tissue" #n, "cells", 1e3},                 \
      [REFRACTORY + SITE_TISSUE + n - 1] = {"refractory_tissue" #n, "1", 1e-4},                    \
      [HEALTH + n - 1] = {"health_tissue" #n, "1", 1e-4}
    TISSUE_STATES(1),
    TISSUE_STATES(2),
    TISSUE_STATES(3),
    TISSUE_STATES(4),
#endif
};

/* What is switched off to come back to hosseini2020; docs/synapse.md gives the agreement. */
static const model_preset_value hosseini_limit[] = {
    {"hosseini_source", 1},
    {"refractory_build_per_day", 0},
    {"il6_production_pg_per_cell_day", 14},
    {"il6_baseline_pg_mL", 0},
    {"lymphoid_spill_over", 4e-4},
    {"tumor_spill_over", 4e-4},
    {"blood_target_cells_per_mL", 5e5},
    {"internalisation_per_day", 0},
    {"lymphoid_drug_entry_per_day", 1e4},
    {"tumor_drug_entry_per_day", 1e4},
    {"lymphoid_drug_partition", 0.083},
    {"tumor_drug_partition", 0.05},
    {"tumor_seeding_per_day", 0.2},
    {"activation_exponent", 0.8},
};
static const model_preset preset_table[] = {
    {"hosseini_limit",
     "hosseini2020 as far as trimers allow: its source of IL-6, no tissue sink, no refractory "
     "cells",
     "Hosseini 2020 Supp. Table 2, DLBCL column", ARRAY_SIZE(hosseini_limit), hosseini_limit},
};

static double dose_scale(route r, const double *p)
{
  switch (r) {
  case ROUTE_IV:
  case ROUTE_SC:
    return 1000 / p[P_molecular_weight_kDa]; /* mg -> nmol */
  case ROUTE_CIV:
    return p[P_body_surface_m2] / p[P_molecular_weight_kDa]; /* ug/m2 -> nmol */
  default:
    return 1; /* premedication: mg */
  }
}

static void dose_jump(const double *p, double *state)
{
  state[MARGINATION] += p[P_margination_per_dose];
}

/* The drug-free steady state in closed form; only the tumour grows. */
static void initial_state(const double *p, double *y)
{
  site_values site[SITES];
  sites_of(p, site);
  for (int i = 0; i < SYNAPSE_STATES; i++) {
    y[i] = 0;
  }
  for (int s = 0; s < SITES; s++) {
    y[REST + s] = p[P_blood_t_cells_per_mL] * site[s].volume * site[s].t_partition;
  }
  const double tumor = site[SITE_TUMOR].target_cells, low = p[P_antigen_low_fraction];
  y[CLEARANCE_EXTRA] = p[P_clearance_extra_L_per_day];
  y[TARGET_BLOOD] = site[SITE_BLOOD].target_cells;
  y[TARGET_LYMPHOID] = site[SITE_LYMPHOID].target_cells;
  y[TUMOR] = (1 - low) * tumor;
  y[TUMOR_LOW] = low * tumor;
  y[IL6] = p[P_il6_baseline_pg_mL];
  for (int n = 0; n < SYNAPSE_TISSUES; n++) {
    y[HEALTH + n] = 1;
  }
}

WIDTH_DECLARE(model_kernels, SYNAPSE_KERNELS);

static const model_kernels *kernels(int lanes) { return WIDTH_CHOOSE(lanes, SYNAPSE_KERNELS); }

/* A normal tissue without T cells is absent. */
static const model *fitting(const double *p)
{
  const double t_cells[] = {p[P_tissue1_t_partition], p[P_tissue2_t_partition],
                            p[P_tissue3_t_partition], p[P_tissue4_t_partition]};
  bool any = false;
  for (int n = 0; n < MODEL_TISSUES_MAX; n++) {
    any = any || t_cells[n] > 0;
  }
  return any ? &synapse : &synapse_plain;
}

#if SYNAPSE_TISSUES > 0
const model synapse = {
    .n_outputs = OUTPUTS_MAX,
#else
const model synapse_plain = {
    .n_outputs = OUTPUT_ACTIVATED_TISSUE1,
#endif
    .name = "synapse",
    .title = "T-cell engagers by trimers per synapse, with normal tissue",
    .source = "docs/synapse.md; cell network of Hosseini et al. 2020",
    .n_parameters = PARAMETERS,
    .n_states = SYNAPSE_STATES,
    .n_tissues = SYNAPSE_TISSUES,
    .parameters = synapse_parameter_table,
    .states = state_table,
    .n_presets = ARRAY_SIZE(preset_table),
    .presets = preset_table,
    .routes = {[ROUTE_IV] = {true, GIVEN_CENTRAL},
               [ROUTE_SC] = {true, DEPOT},
               [ROUTE_CIV] = {true, GIVEN_CENTRAL},
               [ROUTE_DEXAMETHASONE] = {true, DEXAMETHASONE},
               [ROUTE_TOCILIZUMAB] = {true, TOCILIZUMAB},
               [ROUTE_DEPLETER] = {true, DEPLETER}},
    .dose_scale = dose_scale,
    .dose_jump = dose_jump,
    .n_derived = SYNAPSE_DERIVED,
    .derive = derive,
    .initial_state = initial_state,
    .kernels = kernels,
    .fitting = fitting,
};
