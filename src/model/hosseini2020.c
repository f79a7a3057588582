/* hosseini2020: tables, constants of a patient, and initial state. The rates are in the kernel. */
#include "model/hosseini2020.h"

#include "model/hosseini2020_derived.h"
#include "model/kernels.h"
#include "model/width.h"

#include <math.h>

#define ARRAY_SIZE(a) ((int)(sizeof(a) / sizeof((a)[0])))

#define TABLE_SOURCE "Hosseini 2020 Supp. Table 2"
#define PROJECT_SOURCE "Hosseini 2020 Supplementary Software"

enum {
#define X(name, unit, value, low, high, cohort_low, cohort_high, source, meaning) P_##name,
#include "model/hosseini2020_parameters.def"
#undef X
  PARAMETERS
};

#define TABLE(row) TABLE_SOURCE " row " #row
#define PROJECT(entry) PROJECT_SOURCE ", " entry
#define ASSUMED(why) "assumed: " why
static const model_parameter parameter_table[PARAMETERS] = {
#define X(name, unit, value, low, high, cohort_low, cohort_high, source, meaning)                  \
  {#name, unit, value, low, high, cohort_low, cohort_high, source, meaning},
#include "model/hosseini2020_parameters.def"
#undef X
};
#undef TABLE
#undef PROJECT
#undef ASSUMED

/* Scales: below about a thousand T cells (of 1e9 and more), one B or tumour cell, 1e-3 pg/mL, or a
 * thousandth of a half-maximal drug concentration, a state influences nothing that is reported. */
#define CELLS_OF_SITES(prefix)                                                                     \
  {prefix "_blood", "cells", 1e3}, {prefix "_spleen", "cells", 1e3},                               \
      {prefix "_nodes", "cells", 1e3}, {prefix "_marrow", "cells", 1e3},                           \
  {                                                                                                \
    prefix "_tumor", "cells", 1e3                                                                  \
  }
static const model_state state_table[HOSSEINI2020_STATES] = {
    {"drug_depot", "ug/kg", 1e-4},
    {"drug_central", "ug/kg", 1e-4},
    {"drug_peripheral", "ug/kg", 1e-4},
    {"blinatumomab", "ug/m2", 1e-5},
    {"margination", "1", 1e-3},
    CELLS_OF_SITES("t_resting"),
    CELLS_OF_SITES("t_activated"),
    CELLS_OF_SITES("t_post_activated"),
    {"b_blood", "cells", 1.0},
    {"b_spleen", "cells", 1.0},
    {"b_nodes", "cells", 1.0},
    {"b_marrow", "cells", 1.0},
    {"tumor", "cells", 1.0},
    {"b_marrow_cd20_negative", "cells", 1.0},
    {"il6_blood", "pg/mL", 1e-3},
    {"il6_tissue", "pg/mL", 1e-3},
};

static const model_preset_value all_column[] = {{"Trpbref_perml", 2e5},
                                                {"Trpbo_perml", 2e5},
                                                {"Bpbref_perml", 7e4},
                                                {"Bpbo_perml", 7e4},
                                                {"tumor_on", 0}};
static const model_preset_value human_column[] = {{"tumor_on", 0}};
static const model_preset_value project_dlbcl[] = {{"Bpbref_perml", 2.5e5}, {"Bpbo_perml", 2.5e5}};
static const model_preset_value project_tumor[] = {
    {"Vtumor", 100}, {"KTrptumor", 100}, {"KBptumor", 1600}};
static const model_preset_value project_blinatumomab[] = {{"KdrugB_blin", 0.015}};
static const model_preset_value project_clearance[] = {{"Cl_tdb", 1.5}};
static const model_preset_value project_il6[] = {{"kIL6prod", 1}};
static const model_preset_value project_sc_average[] = {{"kabs_TDB", 0.35}, {"fbio_TDB", 0.5}};

#define PRESET(name, meaning, source, values)                                                      \
  {                                                                                                \
    name, meaning, source, ARRAY_SIZE(values), values                                              \
  }
static const model_preset preset_table[] = {
    {"DLBCL", "DLBCL patient: the default values", TABLE_SOURCE ", DLBCL column", 0, NULL},
    PRESET("ALL", "ALL patient, no tumour compartment", TABLE_SOURCE ", ALL column", all_column),
    PRESET("human", "healthy human, no tumour", TABLE_SOURCE ", Human column", human_column),
    PRESET("project_dlbcl", "blood B cells of the project's DLBCL patient",
           PROJECT_SOURCE ", variant 25", project_dlbcl),
    PRESET("project_tumor", "tumour of the project's DLBCL patient", PROJECT_SOURCE ", variant 28",
           project_tumor),
    PRESET("project_blinatumomab", "blinatumomab potency of the base project",
           PROJECT_SOURCE ", base project", project_blinatumomab),
    PRESET("project_clearance", "clearance before the human value replaced it",
           PROJECT_SOURCE ", variant 20", project_clearance),
    PRESET("project_il6", "IL-6 production of the base project", PROJECT_SOURCE ", base project",
           project_il6),
    PRESET("project_sc_average", "subcutaneous absorption, average",
           PROJECT_SOURCE ", variants 29-33", project_sc_average),
};

static double dose_scale(route r, const double *p)
{
  return r == ROUTE_CIV ? 1.0 : 1000.0 / p[P_dose_body_weight]; /* mg -> ug/kg */
}

static void dose_jump(const double *p, double *state)
{
  state[MARGINATION] +=
      p[P_finj] * p[P_injection_effect_per_dose] + p[P_fdrug] * p[P_drug_effect_per_dose];
}

/* What the table gives per site, in the order of sites; blood has partition 1 with itself. */
typedef struct site_values {
  double volume, t_partition, b_partition, drug_partition, on;
} site_values;

static void sites_of(const double *p, site_values site[SITES])
{
  const double tumor = p[P_tumor_on];
  site[SITE_BLOOD] = (site_values){p[P_Vpb], 1, 1, 1, 1};
  site[SITE_SPLEEN] = (site_values){p[P_Vtissue], p[P_KTrp], p[P_KBp], p[P_Kp], p[P_tissue1on]};
  site[SITE_NODES] = (site_values){p[P_Vtissue2], p[P_KTrp2], p[P_KBp2], p[P_Kp2], p[P_tissue2on]};
  site[SITE_MARROW] = (site_values){p[P_Vtissue3], p[P_KTrp3], p[P_KBp3], p[P_tissue3on] * p[P_Kp3],
                                    p[P_tissue3on]};
  site[SITE_TUMOR] =
      (site_values){p[P_Vtumor], p[P_KTrptumor], p[P_KBptumor], tumor * p[P_Kptumor], tumor};
}

static void derive_t_traffic(const double *p, const site_values *v, int s, double *d)
{
  d[REST_IN + s] = v->on * p[P_kTrexit] * v->t_partition;
  d[REST_OUT + s] = v->on * p[P_kTrexit] * p[P_Vpb] / v->volume;
  d[ACT_IN + s] = v->on * p[P_kTaexit] * v->t_partition * p[P_fTap];
  d[ACT_OUT + s] = v->on * p[P_kTaexit] * p[P_Vpb] / v->volume;
}

static void derive_b_traffic(const double *p, const site_values *v, int s, double *d)
{
  double rate = v->on * p[P_fBexit] * p[P_kTaexit];
  if (s == SITE_TUMOR) {
    rate *= p[P_Bcell_tumor_trafficking_on];
  } else if (s == SITE_MARROW) {
    rate = v->on * p[P_fBtissue3_v1] * p[P_kBtiss3exit];
  }
  d[B_IN + s] = rate * v->b_partition;
  d[B_OUT + s] = rate * p[P_Vpb] / v->volume;
  d[B_REFERENCE + s] = v->b_partition * p[P_Bpbref_perml] * v->volume;
  d[B_PROLIFERATION + s] = p[P_kBprolif];
  if (s == SITE_BLOOD) {
    d[B_PROLIFERATION + s] *= p[P_tissue3on] * p[P_fBtissue3_v1] * p[P_kBapop_cll];
  }
}

static void derive_site(const double *p, const site_values *v, int s, double *d)
{
  const bool blood = s == SITE_BLOOD;
  const double tissue_death = blood ? 1 : p[P_fapop_v24];
  const double kill_km_factor = blood ? 1 : p[P_fKmTB_kill];
  d[ACTIVATION_MAX + s] = p[P_VmT] * (blood ? 1 : p[P_fTact]);
  d[DRUG_PARTITION + s] = v->drug_partition;
  d[DRUG_PARTITION_N + s] = pow(v->drug_partition, p[P_ndrugactT]);
  d[BLIN_PARTITION + s] = v->drug_partition * (s == SITE_TUMOR ? p[P_blin_in_tumor] : 1);
  d[KILL_KM_N + s] = pow(p[P_KmTB_kill] * kill_km_factor, p[P_nkill]);
  d[BLIN_KILL_KM_N + s] = pow(p[P_KmTB_kill_blin] * kill_km_factor, p[P_nkill_blin]);
  d[KILL_RATE + s] = p[P_VmB] * p[P_kBkill] * (blood ? 1 : p[P_fBkill]);
  d[REST_REFERENCE + s] = p[P_Trpbref_perml] * v->volume * v->t_partition;
  d[REST_DEATH + s] = tissue_death * p[P_fTrapop] * p[P_kTaapop];
  d[ACT_DEATH + s] = tissue_death * p[P_kTaapop];
  d[ACT_DEATH_2 + s] = d[ACT_DEATH + s] * p[P_fAICD] / d[REST_REFERENCE + s];
  derive_t_traffic(p, v, s, d);
  derive_b_traffic(p, v, s, d);
  /* (act/V) * (B/V / reference density) in pg/mL of the site, then its share in blood */
  const double share = blood ? 1 : p[P_IL6_tiss_contribution] * v->volume / p[P_Vpb];
  d[IL6_SOURCE + s] = share * p[P_kIL6prod] / v->volume / d[B_REFERENCE + s];
  d[BLIN_IL6_SOURCE + s] = d[IL6_SOURCE + s];
  if (s == SITE_MARROW) {
    d[BLIN_IL6_SOURCE + s] /= 1 + p[P_B19no20_B1920_ratio];
  }
}

static void derive_drugs(const double *p, double *d)
{
  d[CENTRAL_VOLUME] = p[P_Vc_tdb];
  d[CUTOFF] = p[P_pk_cutoff];
  d[CLEARANCE] = p[P_Cl_tdb];
  d[SATURABLE_MAX] = p[P_Vm_tdb] / p[P_BW];
  d[SATURABLE_KM] = p[P_Km_tdb];
  d[TO_PERIPHERAL] = p[P_Cld_tdb] / p[P_Vc_tdb];
  d[FROM_PERIPHERAL] = p[P_Cld_tdb] / p[P_Vp_tdb];
  d[ABSORPTION] = p[P_kabs_TDB];
  d[BIOAVAILABILITY] = p[P_fbio_TDB];
  d[BLIN_NG_PER_ML] = 1000 / p[P_Vz_blin];
  d[BLIN_CLEARANCE] = p[P_Cl_blin] / p[P_Vz_blin];
  d[MARGINATION_DECAY] = log(2) / p[P_tinjhalf];
  d[MARGINATION_OF_ACT] = p[P_fa0];
  d[RATIO_EXPONENT] = p[P_S];
  d[RATIO_KM] = pow(p[P_KmBT_act], p[P_S]);
  d[BLIN_RATIO_KM] = pow(p[P_KmBT_act_blin], p[P_S]);
  d[DRUG_EXPONENT] = p[P_ndrugactT];
  d[DRUG_KM] = pow(p[P_KdrugactT], p[P_ndrugactT]);
  d[DRUG_KILL_KM] = p[P_KdrugB];
  d[KILL_EXPONENT] = p[P_nkill];
  d[BLIN_KILL_EXPONENT] = p[P_nkill_blin];
  d[BLIN_EXPONENT] = p[P_ndrugactT_blin];
  d[BLIN_DRUG_KM] = pow(p[P_KdrugactT_blin], p[P_ndrugactT_blin]);
  d[BLIN_IL6_KM] = p[P_KdrugactT_blin];
  d[BLIN_KILL_KM] = p[P_KdrugB_blin];
  d[IL6_DECAY] = log(2) / (p[P_thalfIL6] / 60 / 24);
}

static void derive_cells(const double *p, double *d)
{
  d[ACTIVATION_RATE] = p[P_kTact];
  d[DEACTIVATION] = p[P_kTact] * p[P_fTadeact];
  d[ACT0_ON] = p[P_act0on];
  d[PROLIFERATION] = p[P_act0on] * p[P_fTaprolif] * p[P_kTprolif];
  d[ACT0_TO_REST] = p[P_act0on] * p[P_fTa0deact];
  d[ACT0_DEATH] = p[P_fTa0apop] * p[P_kTaapop];
  d[T_GENERATION] = p[P_kTgen];
  d[T_GENERATION_BASE] = p[P_fTgenbl];
  d[T_REFERENCE] = p[P_Trpbref_perml] * p[P_Vpb];
  d[REST_LOSS] = p[P_kTgen] * p[P_fTgenbl];
  d[BLOOD_VOLUME] = p[P_Vpb];
  d[B_DEATH] = p[P_kBapop] * p[P_kBapop_cll];
  d[B_LOSS_IN_BLOOD] = (1 - p[P_tissue3on] * p[P_fBtissue3_v1]) * d[B_DEATH];
  d[B_MATURATION] = p[P_kBapop] / p[P_kBmat_kBapop_ratio];
  d[NEGATIVE_REFERENCE] = d[B_REFERENCE + SITE_MARROW] * p[P_B19no20_B1920_ratio];
  d[NEGATIVE_SUPPLY] = d[NEGATIVE_REFERENCE] * (p[P_kBapop] + d[B_MATURATION]);
  d[NEGATIVE_PROLIFERATION] = p[P_kBprolif];
  d[B_TOTAL_REFERENCE] = p[P_Bpbref_perml] * p[P_Vpb] +
                         p[P_Bpbo_perml] * (p[P_KBp] * p[P_Vtissue] + p[P_KBp2] * p[P_Vtissue2]);
  d[TUMOR_GROWTH] = p[P_kBtumorprolif];
}

static bool derive(const double *p, double *d, stepdose_error *error)
{
  site_values site[SITES];
  sites_of(p, site);
  for (int s = 0; s < SITES; s++) {
    derive_site(p, &site[s], s, d);
  }
  derive_drugs(p, d);
  derive_cells(p, d);
  return model_constants_finite(d, HOSSEINI2020_DERIVED, error);
}

/* The drug-free steady state in closed form; only the tumour grows. */
static void initial_state(const double *p, double *y)
{
  site_values site[SITES];
  sites_of(p, site);
  for (int i = 0; i < HOSSEINI2020_STATES; i++) {
    y[i] = 0;
  }
  for (int s = 0; s < SITES; s++) {
    const double present = s == SITE_TUMOR ? p[P_tumor_on] : 1;
    y[REST + s] = present * site[s].t_partition * p[P_Trpbo_perml] * site[s].volume;
    y[B + s] = present * site[s].b_partition * p[P_Bpbo_perml] * site[s].volume;
  }
  y[REST + SITE_BLOOD] *= 1 - p[P_depleteTpb];
  y[B + SITE_BLOOD] *= 1 - p[P_depleteBpb];
  y[B + SITE_MARROW] = p[P_Bpbref_perml] * p[P_KBp3] * p[P_Vtissue3];
  y[B_CD20_NEGATIVE] = p[P_B19no20_B1920_ratio] * y[B + SITE_MARROW];
}

WIDTH_DECLARE(model_kernels, hosseini2020_kernels);

static const model_kernels *kernels(int lanes) { return WIDTH_CHOOSE(lanes, hosseini2020_kernels); }

const model hosseini2020 = {
    .name = "hosseini2020",
    .title = "Mosunetuzumab and blinatumomab in B-cell malignancies",
    .source = "Hosseini et al. 2020, npj Syst Biol Appl 6:28, doi 10.1038/s41540-020-00145-7",
    .n_parameters = PARAMETERS,
    .n_states = HOSSEINI2020_STATES,
    .n_outputs = OUTPUT_COUNT,
    .n_tissues = 0,
    .parameters = parameter_table,
    .states = state_table,
    .n_presets = ARRAY_SIZE(preset_table),
    .presets = preset_table,
    .routes = {[ROUTE_IV] = {true, TDB_CENTRAL},
               [ROUTE_SC] = {true, TDB_DEPOT},
               [ROUTE_CIV] = {true, BLIN}},
    .dose_scale = dose_scale,
    .dose_jump = dose_jump,
    .n_derived = HOSSEINI2020_DERIVED,
    .derive = derive,
    .initial_state = initial_state,
    .kernels = kernels,
    .fitting = NULL,
};
