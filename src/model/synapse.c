/* synapse: tables, constants of a patient, and initial state. The rates are in the kernel. Layouts
 * depend on the number of normal tissues, so this file is compiled for the largest number and, by
 * synapse_plain.c, for none (SYNAPSE_TISSUES), like the kernel. */
#include "model/synapse.h"

#include "model/binding.h"
#include "model/kernels.h"
#include "model/synapse_derived.h"
#include "model/width.h"

#include <math.h>

#define ARRAY_SIZE(a) ((int)(sizeof(a) / sizeof((a)[0])))

enum {
#define X(name, unit, value, low, high, cohort_low, cohort_high, source, meaning) P_##name,
#include "model/synapse_parameters.def"
#undef X
  PARAMETERS
};

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

/* What the parameters give for each site, in the order of sites. Target cells as count, or per unit
 * of health in normal tissue. */
typedef struct site_values {
  double volume, t_partition, receptors, second_antigen, partition, entry, activation;
  double spill_over, drive_weight, cleavage, target_cells, kill_factor, repair;
} site_values;

#define COMMON_VALUES(prefix)                                                                      \
  .volume = p[P_##prefix##_volume_mL], .receptors = p[P_##prefix##_receptors_per_cell],            \
  .second_antigen = p[P_##prefix##_second_antigen_per_cell]
#define OUTSIDE_VALUES(prefix)                                                                     \
  COMMON_VALUES(prefix),                                                                           \
      .t_partition = p[P_##prefix##_t_partition], .partition = p[P_##prefix##_drug_partition],     \
      .entry = p[P_##prefix##_drug_entry_per_day],                                                 \
      .activation = p[P_##prefix##_activation_factor], .spill_over = p[P_##prefix##_spill_over],   \
      .drive_weight = p[P_##prefix##_drive_weight],                                                \
      .cleavage = p[P_##prefix##_mask_cleavage_per_day]
#define TISSUE_VALUES(prefix)                                                                      \
  OUTSIDE_VALUES(prefix),                                                                          \
      .kill_factor = p[P_##prefix##_kill_factor], .repair = p[P_##prefix##_repair_per_day],        \
      .target_cells = p[P_##prefix##_target_cells_per_mL] * p[P_##prefix##_volume_mL]

static void sites_of(const double *p, site_values site[SITES])
{
  const double in_blood = p[P_blood_target_cells_per_mL];
  site[SITE_BLOOD] = (site_values){COMMON_VALUES(blood),
                                   .t_partition = 1,
                                   .activation = 1,
                                   .spill_over = 1,
                                   .drive_weight = 1,
                                   .kill_factor = 1,
                                   .target_cells = in_blood * p[P_blood_volume_mL]};
  site[SITE_LYMPHOID] = (site_values){OUTSIDE_VALUES(lymphoid), .kill_factor = 1,
                                      .target_cells = in_blood * p[P_lymphoid_target_partition] *
                                                      p[P_lymphoid_volume_mL]};
  site[SITE_TUMOR] = (site_values){OUTSIDE_VALUES(tumor), .kill_factor = p[P_tumor_kill_factor],
                                   .target_cells = p[P_tumor_cells_per_mL] * p[P_tumor_volume_mL]};
#if SYNAPSE_TISSUES > 0
  site[SITE_TISSUE] = (site_values){TISSUE_VALUES(tissue1)};
  site[SITE_TISSUE + 1] = (site_values){TISSUE_VALUES(tissue2)};
  site[SITE_TISSUE + 2] = (site_values){TISSUE_VALUES(tissue3)};
  site[SITE_TISSUE + 3] = (site_values){TISSUE_VALUES(tissue4)};
#endif
}

static const double RECEPTORS_PER_NMOL = 6.02214076e14;
static const double DAYS_PER_MINUTE = 1.0 / 1440;
static const double TOCILIZUMAB_KDA = 148;

/* Effective dissociation constant of a target arm: internalisation bounds what affinity can gain,
 * the second antigen of a gated molecule must be there, soluble target competes. */
static double effective_kd(const double *p, const site_values *v)
{
  const double present =
      v->second_antigen / (v->second_antigen + p[P_second_antigen_half_per_cell]);
  const double gate = 1 + p[P_second_antigen_gain] * (1 - present);
  return binding_effective_kd(p[P_kd_target_nM], p[P_internalisation_per_day],
                              p[P_target_on_rate_per_nM_day]) *
             gate +
         p[P_soluble_target_nM];
}

static double cis_gain(const double *p, double receptors, double kd)
{
  return p[P_target_valency] > 1 ? binding_cis(p[P_cis_avidity], receptors, kd) : 0;
}

static void derive_binding(const double *p, const site_values *v, int s, double *d)
{
  const double kd = effective_kd(p, v);
  const double entry = v->entry * v->partition, masked = p[P_masked_fraction];
  const double leaving = v->entry + v->cleavage > 0 ? v->entry + v->cleavage : 1;
  d[AFFINITY + s] = 1 / kd;
  d[CIS + s] = cis_gain(p, v->receptors, kd);
  d[RECEPTORS + s] = v->receptors;
  d[BOUND_PER_CELL + s] = v->receptors / (v->volume * 1e-3 * RECEPTORS_PER_NMOL);
  d[TARGET_SCALE + s] = s >= SITE_TISSUE ? v->target_cells : 1;
  d[ENTRY + s] = v->entry;
  d[ENTRY_ACTIVE + s] = entry;
  d[ENTRY_CUT + s] = masked * v->cleavage * entry / leaving;
  d[MASKED_LEVEL + s] = masked * entry / leaving / p[P_mask_factor];
}

static void derive_t_traffic(const double *p, const site_values *v, int s, double *d)
{
  const double many = s == SITE_LYMPHOID ? p[P_lymphoid_traffic] : 1;
  const double rest = many * p[P_resting_exit_per_day], act = many * p[P_activated_exit_per_day];
  const double present = v->t_partition > 0 ? 1 : 0;
  d[REST_IN + s] = rest * v->t_partition;
  d[REST_OUT + s] = present * rest * p[P_blood_volume_mL] / v->volume;
  d[ACT_IN + s] = act * v->t_partition * p[P_activated_partition];
  d[ACT_OUT + s] = present * act * p[P_blood_volume_mL] / v->volume;
}

static void derive_site(const double *p, const site_values *v, int s, double *d)
{
  const bool blood = s == SITE_BLOOD;
  const double rest = p[P_blood_t_cells_per_mL] * v->volume * v->t_partition;
  const double present = v->t_partition > 0 ? 1 / p[P_blood_volume_mL] : 0;
  const double released = present * p[P_il6_production_pg_per_cell_day];
  derive_binding(p, v, s, d);
  derive_t_traffic(p, v, s, d);
  d[ACTIVATION_MAX + s] = p[P_activation_max] * v->activation;
  d[KILL_RATE + s] =
      p[P_kill_rate_per_day] * p[P_kill_max] * v->kill_factor * (blood ? 1 : p[P_kill_rate_tissue]);
  d[KILL_HALF_N + s] =
      pow(p[P_kill_ratio_half] * (blood ? 1 : p[P_kill_ratio_half_tissue]), p[P_kill_exponent]);
  d[REST_REFERENCE + s] = rest;
  d[ACT_DEATH_2 + s] =
      p[P_death_activated_per_day] * p[P_death_by_activation] / (rest > 1 ? rest : 1);
  d[IL6_WEIGHT + s] = released * v->spill_over;
  d[DRIVE_WEIGHT + s] =
      released * v->drive_weight * p[P_il6_half_life_min] * DAYS_PER_MINUTE / log(2);
  d[IFN_WEIGHT + s] = present * p[P_ifn_production_pg_per_cell_day] * v->spill_over;
  d[COUNT_SOURCE + s] = v->target_cells > 0 ? 1 / v->target_cells : 0;
  d[REPAIR + s] = v->repair;
}

/* Linear clearance: geometric between that of a molecule without Fc part and that of an antibody.
 */
static double linear_clearance(const double *p)
{
  const double recycled = p[P_fc_recycling];
  return pow(p[P_clearance_L_per_day], recycled) *
         pow(p[P_clearance_without_fc_L_per_day], 1 - recycled);
}

static void derive_drug(const double *p, double *d)
{
  const double volume = p[P_central_volume_L], masked = p[P_masked_fraction];
  const double kd = binding_effective_kd(p[P_kd_target_nM], p[P_internalisation_per_day],
                                         p[P_target_on_rate_per_nM_day]);
  d[UG_PER_ML] = p[P_molecular_weight_kDa] * 1e-3;
  d[INVERSE_CENTRAL] = 1 / volume;
  d[CLEARANCE] = linear_clearance(p);
  d[CUT_CLEARANCE] = p[P_cut_clearance_L_per_day] / volume;
  d[SATURABLE] = p[P_saturable_clearance_nM_per_day];
  d[SATURABLE_KM] = p[P_saturable_km_nM];
  d[TO_PERIPHERAL] = p[P_exchange_L_per_day] / volume;
  d[FROM_PERIPHERAL] = p[P_exchange_L_per_day] / p[P_peripheral_volume_L];
  d[ABSORPTION] = p[P_absorption_per_day];
  d[ABSORBED] = p[P_bioavailability] * p[P_absorption_per_day];
  d[CLEARANCE_FADES] = log(2) / p[P_clearance_half_life_day];
  d[CUT_IN_BLOOD] = masked * p[P_mask_cleavage_blood_per_day];
  d[ACTIVE_SHARE] = 1 - masked + masked / p[P_mask_factor];
  d[GIVEN_ACTIVE] = 1 - masked;
  d[SOLUBLE_LOSS] = p[P_soluble_complex_clearance_per_day] * p[P_soluble_target_nM];
  d[SOLUBLE_KM] = kd;
  d[INTERNALISATION] = p[P_internalisation_per_day];
  /* bound drug is counted in nM at the site: nmol in blood */
  d[TARGET_LOSS] = p[P_internalisation_per_day] * p[P_blood_volume_mL] * 1e-3;
}

static void derive_synapse(const double *p, const site_values *tumor, double *d)
{
  const double s0 = 1e-3; /* trimers: below it, powers become linear */
  const double low = tumor->receptors * p[P_antigen_low_factor];
  const double cd3 =
      binding_cd3_affinity(p[P_kd_cd3_nM], (int)p[P_cd3_valency],
                           binding_cis(p[P_cis_avidity], p[P_cd3_per_t_cell], p[P_kd_cd3_nM]));
  d[VALENCY] = p[P_target_valency];
  d[CD3_AFFINITY] = cd3;
  d[PER_BOUND] = p[P_trimer_scale_nM] * p[P_potency_anchor] * cd3;
  d[CD3] = p[P_cd3_per_t_cell];
  d[FC_GAMMA] = p[P_fc_gamma_binding];
  d[TRIMERS_0_2] = s0 * s0;
  d[ACTIVATION_N] = p[P_activation_exponent];
  d[ACTIVATION_0] = pow(s0, p[P_activation_exponent]);
  d[ACTIVATION_HALF_N] = pow(p[P_activation_trimers], p[P_activation_exponent]);
  d[CYTOKINE_N] = p[P_cytokine_exponent];
  d[CYTOKINE_0] = pow(s0, p[P_cytokine_exponent]);
  d[CYTOKINE_HALF_N] = pow(p[P_cytokine_trimers], p[P_cytokine_exponent]);
  d[KILL_TRIMERS] = p[P_kill_trimers];
  d[LOW_RECEPTORS] = low;
  d[LOW_BOUND_PER_CELL] = low / (tumor->volume * 1e-3 * RECEPTORS_PER_NMOL);
  d[LOW_CIS] = cis_gain(p, low, effective_kd(p, tumor));
}

static void derive_cells(const double *p, double *d)
{
  d[RATIO_N] = p[P_ratio_exponent];
  d[RATIO_HALF_N] = pow(p[P_ratio_half], p[P_ratio_exponent]);
  d[KILL_N] = p[P_kill_exponent];
  d[ACTIVATION_RATE] = p[P_activation_rate_per_day];
  d[REACTIVATION] = 1 - p[P_exhausted_share];
  d[DEACTIVATION] = p[P_activation_rate_per_day] * p[P_deactivation];
  d[PROLIFERATION] = p[P_proliferation_per_day];
  d[ACT_DEATH] = p[P_death_activated_per_day];
  d[REST_DEATH] = p[P_death_resting] * p[P_death_activated_per_day];
  d[POST_TO_REST] = p[P_return_to_rest_per_day];
  d[POST_DEATH] = p[P_death_post_activated] * p[P_death_activated_per_day];
  d[EXHAUSTION] = p[P_exhaustion_per_day];
  d[T_GENERATION] = p[P_t_generation_per_day];
  d[T_REFERENCE] = p[P_blood_t_cells_per_mL] * p[P_blood_volume_mL];
  d[MARGINATION_DECAY] = log(2) / p[P_margination_half_life_day];
  d[MARGINATION_OF_ACT] = p[P_margination_of_activated];
  d[BLOOD_VOLUME] = p[P_blood_volume_mL];
}

static void derive_targets(const double *p, const site_values *site, double *d)
{
  const double partition = fmax(p[P_lymphoid_target_partition], 1e-9);
  const double blood = site[SITE_BLOOD].target_cells, tumor = site[SITE_TUMOR].target_cells;
  const double seeding = p[P_tumor_seeding_per_day] * p[P_blood_volume_mL] / p[P_tumor_volume_mL];
  const int law = (int)p[P_tumor_growth_law];
  const double growth = p[P_tumor_growth_per_day];
  d[BLOOD_REFERENCE] = blood;
  d[LYMPHOID_REFERENCE] = site[SITE_LYMPHOID].target_cells;
  d[BLOOD_PER_LYMPHOID] = p[P_blood_volume_mL] / (partition * p[P_lymphoid_volume_mL]);
  d[REGROWTH] = p[P_target_regrowth_per_day];
  d[SUPPLY] = p[P_blood_supply_per_day];
  d[RELEASE] = p[P_target_release_per_day];
  d[UPTAKE] = p[P_target_uptake_per_day];
  /* of the cells with antigen only, so that nothing settles before treatment */
  d[SEED_IN] = blood > 0 ? (1 - p[P_antigen_low_fraction]) * tumor / blood : 0;
  d[SEED_OUT] = blood > 0 ? seeding : 0;
  d[GROWTH] = law == 2 ? 0 : growth;
  d[GROWTH_LOGISTIC] = law == 1 ? -growth : 0;
  d[GROWTH_GOMPERTZ] = law == 2 ? -growth : 0; /* of log(cells/capacity) */
  d[CAPACITY] = p[P_tumor_capacity_cells];
  d[DYING_CLEARANCE] = p[P_dying_clearance_per_day];
  d[DEPLETION + SITE_BLOOD] = p[P_depleter_kill_blood_per_day];
  d[DEPLETION + SITE_LYMPHOID] = p[P_depleter_kill_lymphoid_per_day];
  d[DEPLETION + SITE_TUMOR] = p[P_depleter_kill_tumor_per_day];
}

static void derive_cytokines(const double *p, double *d)
{
  const double reference = p[P_blood_t_cells_per_mL] * p[P_blood_volume_mL];
  d[SOURCE_N] = p[P_source_exponent];
  d[SOURCE_SCALE] = pow(reference, 1 - p[P_source_exponent]);
  d[REFRACTORY_BUILD] = p[P_refractory_build_per_day];
  d[REFRACTORY_RECOVERY] = p[P_refractory_recovery_per_day];
  d[IL6_DECAY] = log(2) / (p[P_il6_half_life_min] * DAYS_PER_MINUTE);
  d[IL6_BASELINE] = p[P_il6_baseline_pg_mL];
  d[DRIVE_RATE] = p[P_drive_rate_per_day];
  d[IFN_DECAY] = log(2) / (p[P_ifn_half_life_h] / 24);
  d[BY_COUNT] = p[P_hosseini_source];
}

static void derive_premedication(const double *p, double *d)
{
  d[DEX_DECAY] = p[P_dexamethasone_clearance_L_per_day] / p[P_dexamethasone_volume_L];
  d[DEX_UG_PER_L] = 1000 / p[P_dexamethasone_volume_L];
  d[DEX_DELAY] = log(2) / p[P_dexamethasone_effect_half_life_day];
  d[DEX_IC50] = p[P_dexamethasone_ic50_ug_L];
  d[DEX_IMAX] = p[P_dexamethasone_imax];
  d[TOCI_DECAY] = p[P_tocilizumab_clearance_L_per_day] / p[P_tocilizumab_central_L];
  d[TOCI_VMAX] = p[P_tocilizumab_vmax_mg_per_day];
  d[TOCI_KM] = p[P_tocilizumab_km_mg_L] * p[P_tocilizumab_central_L];
  d[TOCI_OUT] = p[P_tocilizumab_exchange_L_per_day] / p[P_tocilizumab_central_L];
  d[TOCI_IN] = p[P_tocilizumab_exchange_L_per_day] / p[P_tocilizumab_peripheral_L];
  d[TOCI_HALF] = p[P_tocilizumab_kd_nM] * TOCILIZUMAB_KDA * 1e-3 *
                 p[P_tocilizumab_central_L]; /* mg in blood */
  d[TOCI_SIGNAL] = p[P_il6_signal_share];
  d[TOCI_CLEARANCE] = p[P_il6_receptor_clearance];
  d[DEPLETER_DECAY] = p[P_depleter_clearance_L_per_day] / p[P_depleter_volume_L];
  d[DEPLETER_HALF] = p[P_depleter_ec50_mg_L] * p[P_depleter_volume_L];
}

static bool derive(const double *p, double *d, stepdose_error *error)
{
  site_values site[SITES];
  sites_of(p, site);
  for (int i = 0; i < SYNAPSE_DERIVED; i++) {
    d[i] = 0;
  }
  for (int s = 0; s < SITES; s++) {
    derive_site(p, &site[s], s, d);
  }
  derive_drug(p, d);
  derive_synapse(p, &site[SITE_TUMOR], d);
  derive_cells(p, d);
  derive_targets(p, site, d);
  derive_cytokines(p, d);
  derive_premedication(p, d);
  for (int i = 0; i < SYNAPSE_DERIVED; i++) {
    if (!isfinite(d[i])) {
      return error_set(error, STEPDOSE_SIMULATION_FAILED, "check the parameters for extreme values",
                       "the parameters give a rate constant that is not finite");
    }
  }
  return true;
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

/* synapse<tissues>_kernels_w<lanes> */
#define KERNELS_(tissues, lanes) synapse##tissues##_kernels_w##lanes
#define KERNELS(tissues, lanes) KERNELS_(tissues, lanes)
#define KERNELS_OF(lanes) KERNELS(SYNAPSE_TISSUES, lanes)

extern const model_kernels KERNELS_OF(1), KERNELS_OF(2);
#ifdef STEPDOSE_WIDE_LANES
extern const model_kernels KERNELS_OF(4), KERNELS_OF(8);
#endif

static const model_kernels *kernels(int lanes)
{
  if (!width_runs(lanes)) {
    return NULL;
  }
  switch (lanes) {
  case 1:
    return &KERNELS_OF(1);
  case 2:
    return &KERNELS_OF(2);
#ifdef STEPDOSE_WIDE_LANES
  case 4:
    return &KERNELS_OF(4);
  case 8:
    return &KERNELS_OF(8);
#endif
  default:
    return NULL;
  }
}

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
