/* What fit_synapse.c fits: values with bounds and priors, the parameters that they set, and what
 * the predictions must have in order. What was observed: tests/study/synapse_training.h. */
#ifndef BENCH_FIT_SYNAPSE_H
#define BENCH_FIT_SYNAPSE_H

#include "study/synapse_training.h"

#include <stddef.h>

/* --- what is fitted -------------------------------------------------------------------------- */

/* X(ID, name, low, high, logarithmic, centre and standard deviation of its prior: decades if
 * logarithmic; 0: none). The last six are no parameters of the model: spread of patients [decades],
 * their sensitivity to the drive, and its logistic curves (middle of any CRS in log10 pg/mL; grade
 * 2 lies so many decades higher). */
#define FIT_VALUES(X)                                                                              \
  X(IL6_PRODUCTION, "il6_production", 1e-3, 1e3, true, 0.5, 0)                                     \
  X(REFRACTORY_BUILD, "refractory_build", 0.1, 50, true, 3, 0.5)                                   \
  X(REFRACTORY_RECOVERY, "refractory_recovery", 0.003, 0.1, true, 0.0155, 0.2)                     \
  X(SPILL_OVER, "spill_over", 1e-4, 5, true, 0.05, 1)                                              \
  X(DRIVE_WEIGHT, "drive_weight", 1e-3, 20, true, 0.2, 1)                                          \
  X(MARROW_DRIVE_WEIGHT, "marrow_drive_weight", 1e-4, 100, true, 0.1, 1)                           \
  X(DRIVE_RATE, "drive_rate", 0.5, 20, true, 4, 0.3)                                               \
  X(LYMPHOID_ENTRY, "lymphoid_entry", 0.05, 30, true, 2, 0.4)                                      \
  X(TUMOR_ENTRY, "tumor_entry", 0.05, 30, true, 2.7, 0.5)                                          \
  X(MARROW_ENTRY, "marrow_entry", 0.02, 30, true, 1, 0.4)                                          \
  X(BLOOD_TARGETS, "blood_targets", 1e3, 1e6, true, 2e4, 0.5)                                      \
  X(CYTOKINE_TRIMERS, "cytokine_trimers", 0.24, 7200, true, 24, 0.7)                               \
  X(CYTOKINE_EXPONENT, "cytokine_exponent", 0.5, 4, false, 1, 0.4)                                 \
  X(SOURCE_EXPONENT, "source_exponent", 0.05, 1, false, 0.5, 0.3)                                  \
  X(EPCORITAMAB_ANCHOR, "epcoritamab_anchor", 1e-4, 100, true, 0.1, 0.5)                           \
  X(TALQUETAMAB_ANCHOR, "talquetamab_anchor", 1e-4, 1e3, true, 0.5, 1.2)                           \
  X(BLINATUMOMAB_ANCHOR, "blinatumomab_anchor", 1e-3, 1e5, true, 150, 0.5)                         \
  X(STEROID_MAX, "steroid_max", 0.05, 0.97, false, 0.75, 0.15)                                     \
  X(STEROID_HALF, "steroid_half", 0.3, 300, true, 10, 0.4)                                         \
  X(SD_TRIMERS, "sd_trimers", 0.05, 1.5, false, 0.6, 0.3)                                          \
  X(SD_BLOOD_TARGETS, "sd_blood_targets", 0.1, 1.5, false, 0.6, 0.15)                              \
  X(SD_CRS, "sd_crs", 0.001, 1.5, false, 0.3, 0.2)                                                 \
  X(CRS_SLOPE, "crs_slope", 0.3, 12, false, 3, 1.5)                                                \
  X(CRS_MIDDLE, "crs_middle", -1, 4, false, 1.5, 2)                                                \
  X(GRADE2_SHIFT, "grade2_shift", 0.05, 4, false, 1, 0.5)

typedef enum fit_id {
#define X(id, name, low, high, logarithmic, prior, sd) FIT_##id,
  FIT_VALUES(X)
#undef X
      FIT_COUNT
} fit_id;

static const struct {
  const char *name;
  double low, high;
  bool logarithmic;
  double prior, prior_sd;
} fit_values[FIT_COUNT] = {
#define X(id, name, low, high, logarithmic, prior, sd) {name, low, high, logarithmic, prior, sd},
    FIT_VALUES(X)
#undef X
};

#define ANY_ARM NULL
#define NHL "dlbcl"
#define MYELOMA "multiple-myeloma"

/* Parameters that a value sets, of the molecule or indication named; blinatumomab enters tissue 2.5
 * times as fast. Of several rows for one parameter the last holds. */
static const struct {
  fit_id value;
  const char *parameter, *molecule, *indication;
  double factor;
} fit_targets[] = {
    {FIT_IL6_PRODUCTION, "il6_production_pg_per_cell_day", ANY_ARM, ANY_ARM, 1},
    {FIT_REFRACTORY_BUILD, "refractory_build_per_day", ANY_ARM, ANY_ARM, 1},
    {FIT_REFRACTORY_RECOVERY, "refractory_recovery_per_day", ANY_ARM, ANY_ARM, 1},
    {FIT_SPILL_OVER, "lymphoid_spill_over", ANY_ARM, ANY_ARM, 1},
    {FIT_SPILL_OVER, "tissue1_spill_over", ANY_ARM, ANY_ARM, 1},
    {FIT_SPILL_OVER, "tumor_spill_over", ANY_ARM, NHL, 1},
    {FIT_DRIVE_WEIGHT, "lymphoid_drive_weight", ANY_ARM, ANY_ARM, 1},
    {FIT_DRIVE_WEIGHT, "tissue1_drive_weight", ANY_ARM, ANY_ARM, 1},
    {FIT_DRIVE_WEIGHT, "tumor_drive_weight", ANY_ARM, NHL, 1},
    {FIT_MARROW_DRIVE_WEIGHT, "tumor_drive_weight", ANY_ARM, MYELOMA, 1},
    {FIT_DRIVE_RATE, "drive_rate_per_day", ANY_ARM, ANY_ARM, 1},
    {FIT_LYMPHOID_ENTRY, "lymphoid_drug_entry_per_day", ANY_ARM, ANY_ARM, 1},
    {FIT_LYMPHOID_ENTRY, "lymphoid_drug_entry_per_day", "blinatumomab", ANY_ARM, 2.5},
    {FIT_TUMOR_ENTRY, "tumor_drug_entry_per_day", ANY_ARM, NHL, 1},
    {FIT_TUMOR_ENTRY, "tumor_drug_entry_per_day", "blinatumomab", NHL, 2.5},
    {FIT_MARROW_ENTRY, "tumor_drug_entry_per_day", ANY_ARM, MYELOMA, 1},
    {FIT_BLOOD_TARGETS, "blood_target_cells_per_mL", ANY_ARM, NHL, 1},
    {FIT_CYTOKINE_TRIMERS, "cytokine_trimers", ANY_ARM, ANY_ARM, 1},
    {FIT_CYTOKINE_EXPONENT, "cytokine_exponent", ANY_ARM, ANY_ARM, 1},
    {FIT_SOURCE_EXPONENT, "source_exponent", ANY_ARM, ANY_ARM, 1},
    {FIT_EPCORITAMAB_ANCHOR, "potency_anchor", "epcoritamab", ANY_ARM, 1},
    {FIT_TALQUETAMAB_ANCHOR, "potency_anchor", "talquetamab", ANY_ARM, 1},
    {FIT_BLINATUMOMAB_ANCHOR, "potency_anchor", "blinatumomab", ANY_ARM, 1},
    {FIT_STEROID_MAX, "dexamethasone_imax", ANY_ARM, ANY_ARM, 1},
    {FIT_STEROID_HALF, "dexamethasone_ic50_ug_L", ANY_ARM, ANY_ARM, 1},
};

enum { FIT_TARGETS = sizeof fit_targets / sizeof fit_targets[0] };

/* below, times `ratio` or plus `points`, should lie under above; sd as of rows. */
typedef struct fit_order {
  training_item below, above;
  double ratio, points, sd;
} fit_order;

#define OF(arm, quantity, dose)                                                                    \
  {                                                                                                \
    ARM_##arm, QUANTITY_##quantity, dose, ARM_##arm                                                \
  }
#define STEP_UP_PAYS(step, flat)                                                                   \
  {OF(step, CRS_ANY, 0), OF(flat, CRS_ANY, 0), 0, 1, 0.12},                                        \
      {OF(step, CRS_GRADE2, 0), OF(flat, CRS_GRADE2, 0), 0, 0.5, 0.15},                            \
      {OF(step, DRIVE_MEDIAN, 0), OF(flat, DRIVE_MEDIAN, 0), 1, 0, 0.03},                          \
  {                                                                                                \
    OF(step, DRIVE_HIGH, 0), OF(flat, DRIVE_HIGH, 0), 1, 0, 0.03                                   \
  }

static const fit_order fit_orders[] = {
    {OF(EPCO, IL6_PEAK, 0), OF(EPCO, IL6_PEAK, 2), 5, 0, 0.03},
    {OF(EPCO, IL6_PEAK, 3), OF(EPCO, IL6_PEAK, 2), 5, 0, 0.03},
    {OF(MOSUN, IL6_PEAK, 3), OF(MOSUN, IL6_PEAK, 2), 1 / 0.3, 0, 0.05},
    {OF(EPCO, CRS_DOSE, 0), OF(EPCO, CRS_DOSE, 2), 0, 5, 2},
    {OF(EPCO, CRS_DOSE, 1), OF(EPCO, CRS_DOSE, 2), 0, 5, 2},
    {OF(MOSUN, CRS_DOSE, 0), OF(MOSUN, CRS_DOSE, 2), 0, 2, 2},
    {OF(MOSUN, CRS_DOSE, 3), OF(MOSUN, CRS_DOSE, 2), 0, 0, 2},
    STEP_UP_PAYS(MOSUN, MOSUN_FLAT),
    STEP_UP_PAYS(EPCO, EPCO_FLAT),
    STEP_UP_PAYS(TALQ, TALQ_FLAT),
    STEP_UP_PAYS(BLIN, BLIN_FLAT),
};

enum {
  FIT_ORDERS = sizeof fit_orders / sizeof fit_orders[0],
  FIT_RESIDUALS_MAX = TRAINING_ROWS + FIT_ORDERS + FIT_COUNT
};

#endif
