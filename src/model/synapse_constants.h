/* Constants of one patient of synapse from its parameters: see synapse_derived.h. Part of
 * synapse.c, which is the only file that includes it. */
#ifndef MODEL_SYNAPSE_CONSTANTS_H
#define MODEL_SYNAPSE_CONSTANTS_H

#include "model/binding.h"
#include "model/model.h"
#include "model/synapse_derived.h"

#include <math.h>

enum {
#define X(name, unit, value, low, high, cohort_low, cohort_high, source, meaning) P_##name,
#include "model/synapse_parameters.def"
#undef X
  PARAMETERS
};

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
  return model_constants_finite(d, SYNAPSE_DERIVED, error);
}

#endif
