/* What model synapse was calibrated to: arms of trials, what was observed in them, and what the
 * model says. The test prints and judges the table; bench/fit_synapse.c fits to the same rows.
 * Arms are read from the shipped files by the ordinary reader. */
#ifndef TESTS_STUDY_SYNAPSE_TRAINING_H
#define TESTS_STUDY_SYNAPSE_TRAINING_H

#include "objectives/objective.h"
#include "population/population.h"
#include "simulate/cohort.h"

enum { TRAINING_PATIENTS_MAX = 1024, TRAINING_DOSES = 8, TRAINING_DAYS = 28 };

/* --- arms --------------------------------------------------------------------------------------- */

/* Premedication as clinical/schedules.csv tells it, an hour before each dose of the first 28 days.
 * Assumed: 20 mg where only "steroid" is said, 16 mg for talquetamab as for teclistamab. */
#define DEXAMETHASONE(mg)                                                                          \
  "{\"drug\": \"dexamethasone\", \"dose_mg\": " #mg ", \"with_doses\": \"all\"}"
#define DEXAMETHASONE_AFTER(mg, hours)                                                             \
  "{\"drug\": \"dexamethasone\", \"dose_mg\": " #mg                                                \
  ", \"with_doses\": \"all\", \"hours_before\": -" #hours "}"
#define DEXAMETHASONE_ON(mg, on_day)                                                               \
  "{\"drug\": \"dexamethasone\", \"dose_mg\": " #mg ", \"day\": " #on_day "}"
#define NO_PREMEDICATION ""
/* Epcoritamab: prednisolone 100 mg on four days from each dose of cycle 1 (assumed: 15 mg of
 * dexamethasone each). */
#define PREDNISOLONE_4_DAYS                                                                        \
  DEXAMETHASONE(15)                                                                                \
  ", " DEXAMETHASONE_AFTER(15, 23) ", " DEXAMETHASONE_AFTER(15, 47) ", " DEXAMETHASONE_AFTER(15, 71)
#define WITH_OBINUTUZUMAB                                                                          \
  DEXAMETHASONE(20) ", {\"drug\": \"obinutuzumab\", \"dose_mg\": 1000, \"day\": -7}"
/* Odronextamab: also on the day after each step, 3, 10 and 17 of the label. */
#define ODRONEXTAMAB_STEROID                                                                       \
  DEXAMETHASONE(20)                                                                                \
  ", " DEXAMETHASONE_ON(20, 2) ", " DEXAMETHASONE_ON(20, 9) ", " DEXAMETHASONE_ON(20, 16)
/* Tarlatamab: on days 1 and 8 of the label only, whatever is given then. */
#define TARLATAMAB_STEROID DEXAMETHASONE_ON(8, -0.04) ", " DEXAMETHASONE_ON(8, 6.96)

typedef struct training_arm {
  const char *molecule, *indication, *people; /* files; people: populations/synapse-<people>.json */
  const char *route;
  const char *premedication; /* entries of the problem's list */
  const char *regimen;       /* name of a comparator of the molecule; or a comparator as in files */
} training_arm;

#define FIRST_DOSE(mg)                                                                             \
  "{\"name\": \"first dose " #mg " mg\", \"approved\": false, \"source\": \"phase 1\", "               \
  "\"doses\": [{\"day\": 0, \"route\": \"iv\", \"dose_mg\": " #mg ", \"infusion_h\": 4}]}"

/* X(ID, molecule, indication, people, route, premedication, regimen). All three molecules that act
 * on B cells are fitted in the same indication. Blinatumomab: no premedication is on record. */
#define TRAINING_ARMS(X)                                                                           \
  X(MOSUN_0_05, "mosunetuzumab", "dlbcl", "nhl", "iv", DEXAMETHASONE(20), FIRST_DOSE(0.05))        \
  X(MOSUN_0_2, "mosunetuzumab", "dlbcl", "nhl", "iv", DEXAMETHASONE(20), FIRST_DOSE(0.2))          \
  X(MOSUN_0_4, "mosunetuzumab", "dlbcl", "nhl", "iv", DEXAMETHASONE(20), FIRST_DOSE(0.4))          \
  X(MOSUN_0_8, "mosunetuzumab", "dlbcl", "nhl", "iv", DEXAMETHASONE(20), FIRST_DOSE(0.8))          \
  X(MOSUN_1_6, "mosunetuzumab", "dlbcl", "nhl", "iv", DEXAMETHASONE(20), FIRST_DOSE(1.6))          \
  X(MOSUN_2_8, "mosunetuzumab", "dlbcl", "nhl", "iv", DEXAMETHASONE(20), FIRST_DOSE(2.8))          \
  X(MOSUN, "mosunetuzumab", "dlbcl", "nhl", "iv", DEXAMETHASONE(20), "approved 1/2/60/60/30 mg")   \
  X(MOSUN_FLAT, "mosunetuzumab", "dlbcl", "nhl", "iv", DEXAMETHASONE(20), "flat 60 mg")            \
  X(EPCO, "epcoritamab", "dlbcl", "nhl", "sc", PREDNISOLONE_4_DAYS, "approved 0.16/0.8/48/48 mg")  \
  X(EPCO_FLAT, "epcoritamab", "dlbcl", "nhl", "sc", PREDNISOLONE_4_DAYS, "flat 48 mg weekly")      \
  X(BLIN, "blinatumomab", "dlbcl", "nhl", "civ", NO_PREMEDICATION, "trial step-up 5/15/60 ug/m2/d") \
  X(BLIN_FLAT, "blinatumomab", "dlbcl", "nhl", "civ", NO_PREMEDICATION, "flat 60 ug/m2/d")         \
  X(TALQ, "talquetamab", "multiple-myeloma", "myeloma", "sc", DEXAMETHASONE(16),                   \
    "approved biweekly 0.01/0.06/0.4/0.8 mg/kg")                                                   \
  X(TALQ_WEEKLY, "talquetamab", "multiple-myeloma", "myeloma", "sc", DEXAMETHASONE(16),            \
    "approved weekly 0.01/0.06/0.4 mg/kg")                                                         \
  X(TALQ_FLAT, "talquetamab", "multiple-myeloma", "myeloma", "sc", DEXAMETHASONE(16),              \
    "flat 0.8 mg/kg biweekly")

typedef enum training_arm_id {
#define X(id, molecule, indication, people, route, premedication, regimen) ARM_##id,
  TRAINING_ARMS(X)
#undef X
      ARM_COUNT
} training_arm_id;

static const training_arm training_arms[ARM_COUNT] = {
#define X(id, molecule, indication, people, route, premedication, regimen)                         \
  {molecule, indication, people, route, premedication, regimen},
    TRAINING_ARMS(X)
#undef X
};

/* --- what the model says of an arm -------------------------------------------------------------- */

/* X(ID, name). IL-6 of the typical patient [pg/mL], by dose; the rest of the virtual patients:
 * probability [%] of any cytokine release syndrome by dose, of any and of grade 2 or higher over
 * all doses, and the largest rise of its drive after any dose [pg/mL]. */
#define TRAINING_QUANTITIES(X)                                                                     \
  X(IL6_PEAK, "IL-6 peak")                                                                         \
  X(IL6_6_H, "IL-6 at 6 h")                                                                        \
  X(IL6_24_H, "IL-6 at 24 h")                                                                      \
  X(IL6_4_DAYS, "IL-6 at 4 days")                                                                  \
  X(IL6_FIRST_DAY, "IL-6, mean to 0.6 d")                                                          \
  X(CRS_DOSE, "any CRS at a dose")                                                                 \
  X(CRS_ANY, "any CRS")                                                                            \
  X(CRS_GRADE2, "CRS of grade 2 or more")                                                          \
  X(DRIVE_MEDIAN, "median drive")                                                                  \
  X(DRIVE_HIGH, "90th percentile of drive")

typedef enum training_quantity {
#define X(id, name) QUANTITY_##id,
  TRAINING_QUANTITIES(X)
#undef X
      QUANTITY_COUNT
} training_quantity;

static const char *const training_quantity_names[QUANTITY_COUNT] = {
#define X(id, name) name,
    TRAINING_QUANTITIES(X)
#undef X
};

typedef struct training_outcome {
  int n_doses;                                  /* of engager, within the days followed */
  double value[QUANTITY_COUNT][TRAINING_DOSES]; /* over all doses: element 0 */
  double patient_il6[TRAINING_PATIENTS_MAX][TRAINING_DOSES]; /* peaks */
} training_outcome;

/* --- what was observed -------------------------------------------------------------------------- */

/* Rows of the table of the prototype's design, each of one or several numbers: X(ID, name, IL-6 or
 * percent). Errors: absolute log10 ratio of IL-6, points of percentages; of a row their root mean
 * square. */
#define TRAINING_GROUPS(X)                                                                         \
  X(MOSUN_FIRST, "mosunetuzumab, first-dose IL-6 peak", IL6)                                       \
  X(EPCO_IL6, "epcoritamab, IL-6", IL6)                                                            \
  X(BLIN_STEPS, "blinatumomab steps, first-day IL-6", IL6)                                         \
  X(BLIN_FLAT, "blinatumomab flat, first-day IL-6", IL6)                                           \
  X(TALQ_DOSES, "talquetamab, CRS by dose", PERCENT)                                               \
  X(TALQ_REPEAT, "talquetamab weekly, CRS at second 0.4 mg/kg: at most", AT_MOST)                  \
  X(TALQ_ANY, "talquetamab, any CRS", PERCENT)                                                     \
  X(EPCO_ANY, "epcoritamab, any CRS", PERCENT)                                                     \
  X(MOSUN_ANY, "mosunetuzumab, any CRS", PERCENT)                                                  \
  X(GRADE2, "CRS of grade 2 or higher", PERCENT)

typedef enum training_scale { SCALE_IL6, SCALE_PERCENT, SCALE_AT_MOST } training_scale;

typedef enum training_group {
#define X(id, name, scale) GROUP_##id,
  TRAINING_GROUPS(X)
#undef X
      GROUP_COUNT
} training_group;

static const struct {
  const char *name;
  training_scale scale;
} training_groups[GROUP_COUNT] = {
#define X(id, name, scale) {name, SCALE_##scale},
    TRAINING_GROUPS(X)
#undef X
};

/* One number that the model gives: value[quantity][dose] of an arm, or its ratio to that of the arm
 * `over` (itself: no ratio). */
typedef struct training_item {
  training_arm_id arm;
  training_quantity quantity;
  int dose;
  training_arm_id over;
} training_item;

/* prototype: what the prototype of the design predicted. sd: of the error in the fit (log10 or
 * points); 0: not fitted. quote: words of the evidence file, the last `fields` numbers of which add
 * up to `observed` (0: the row says otherwise). */
typedef struct training_row {
  training_group group;
  training_item item;
  double observed, prototype, sd;
  const char *file, *quote;
  int fields;
} training_row;

#define IL6_FILE "clinical/il6.csv"
#define EPCO_FILE "observed/epcoritamab_il6_Hutchings2021_Fig4.csv"
#define CRS_FILE "clinical/crs_by_dose.csv"
#define FIRST_PEAK "first-dose IL-6 peak,C1D1,"

/* clang-format off */
static const training_row training_rows[] = {
    {GROUP_MOSUN_FIRST, {ARM_MOSUN_0_05, QUANTITY_IL6_PEAK, 0, ARM_MOSUN_0_05}, 4.7, 19, 0.3, IL6_FILE, FIRST_PEAK "0.05 mg,1,4.7", 1},
    {GROUP_MOSUN_FIRST, {ARM_MOSUN_0_2, QUANTITY_IL6_PEAK, 0, ARM_MOSUN_0_2}, 12.8, 33, 0.25, IL6_FILE, FIRST_PEAK "0.2 mg,1,12.8", 1},
    {GROUP_MOSUN_FIRST, {ARM_MOSUN_0_4, QUANTITY_IL6_PEAK, 0, ARM_MOSUN_0_4}, 33.6, 42, 0.2, IL6_FILE, FIRST_PEAK "0.4 mg,7,33.6", 1},
    {GROUP_MOSUN_FIRST, {ARM_MOSUN_0_8, QUANTITY_IL6_PEAK, 0, ARM_MOSUN_0_8}, 64.6, 50, 0.2, IL6_FILE, FIRST_PEAK "0.8 mg,23,64.6", 1},
    {GROUP_MOSUN_FIRST, {ARM_MOSUN_1_6, QUANTITY_IL6_PEAK, 0, ARM_MOSUN_1_6}, 87.1, 59, 0.2, IL6_FILE, FIRST_PEAK "1.6 mg,5,87.1", 1},
    {GROUP_MOSUN_FIRST, {ARM_MOSUN_2_8, QUANTITY_IL6_PEAK, 0, ARM_MOSUN_2_8}, 44.8, 65, 0.15, IL6_FILE, FIRST_PEAK "2.8 mg,7,44.8", 1},
    /* 6 h: between 0.7 (the limit of quantification, then seen) and 1.8 (seen before the dose) */
    {GROUP_EPCO_IL6, {ARM_EPCO, QUANTITY_IL6_6_H, 0, ARM_EPCO}, 1.3, 5.8, 0.3, EPCO_FILE, "\n0.25,0.7", 0},
    {GROUP_EPCO_IL6, {ARM_EPCO, QUANTITY_IL6_24_H, 0, ARM_EPCO}, 1.99, 9.3, 0.2, IL6_FILE, "day 1,0.16 mg priming,,1.99", 1},
    {GROUP_EPCO_IL6, {ARM_EPCO, QUANTITY_IL6_24_H, 1, ARM_EPCO}, 1.72, 2.3, 0.2, IL6_FILE, "day 8,0.8 mg intermediate,,1.72", 1},
    {GROUP_EPCO_IL6, {ARM_EPCO, QUANTITY_IL6_24_H, 2, ARM_EPCO}, 17.47, 13.9, 0.15, IL6_FILE, "day 15,first full dose (12-60 mg cohorts),,17.47", 1},
    {GROUP_EPCO_IL6, {ARM_EPCO, QUANTITY_IL6_4_DAYS, 2, ARM_EPCO}, 9.1, 11.5, 0, EPCO_FILE, "\n18,9.1", 1},
    {GROUP_EPCO_IL6, {ARM_EPCO, QUANTITY_IL6_24_H, 3, ARM_EPCO}, 2.06, 3.0, 0.2, IL6_FILE, "day 22,second full dose,,2.06", 1},
    {GROUP_BLIN_STEPS, {ARM_BLIN, QUANTITY_IL6_FIRST_DAY, 0, ARM_BLIN}, 100, 68, 0.15, IL6_FILE, "day 0-0.6 (5 ug/m2/d),5 ug/m2/d,25,100", 1},
    {GROUP_BLIN_STEPS, {ARM_BLIN, QUANTITY_IL6_FIRST_DAY, 1, ARM_BLIN}, 51, 32, 0.15, IL6_FILE, "day 7-7.6 (step to 15),15 ug/m2/d,12,51", 1},
    {GROUP_BLIN_STEPS, {ARM_BLIN, QUANTITY_IL6_FIRST_DAY, 2, ARM_BLIN}, 42, 17, 0.15, IL6_FILE, "day 14-14.6 (step to 60),60 ug/m2/d,6,42", 1},
    {GROUP_BLIN_FLAT, {ARM_BLIN_FLAT, QUANTITY_IL6_FIRST_DAY, 0, ARM_BLIN_FLAT}, 504, 335, 0.1, IL6_FILE, "day 0-0.6 (60),60 ug/m2/d,36,504", 1},
    {GROUP_BLIN_FLAT, {ARM_BLIN_FLAT, QUANTITY_IL6_FIRST_DAY, 0, ARM_BLIN}, 5.04, 4.9, 0.04, IL6_FILE, "day 0-0.6 (60),60 ug/m2/d,36,504", 0}, /* over 100 */
    {GROUP_TALQ_DOSES, {ARM_TALQ, QUANTITY_CRS_DOSE, 0, ARM_TALQ}, 29, 32.5, 3, CRS_FILE, "step1,0.01 mg/kg,29", 1},
    {GROUP_TALQ_DOSES, {ARM_TALQ, QUANTITY_CRS_DOSE, 1, ARM_TALQ}, 44, 36.9, 3, CRS_FILE, "step2,0.06 mg/kg,44", 1},
    {GROUP_TALQ_DOSES, {ARM_TALQ, QUANTITY_CRS_DOSE, 2, ARM_TALQ}, 33, 33.0, 3, CRS_FILE, "step3,0.4 mg/kg,33", 1},
    {GROUP_TALQ_DOSES, {ARM_TALQ, QUANTITY_CRS_DOSE, 3, ARM_TALQ}, 12, 12.1, 3, CRS_FILE, "full1,0.8 mg/kg,12", 1},
    {GROUP_TALQ_REPEAT, {ARM_TALQ_WEEKLY, QUANTITY_CRS_DOSE, 3, ARM_TALQ_WEEKLY}, 3, 3.0, 1, CRS_FILE, "each remaining C1 dose,,3", 1},
    {GROUP_TALQ_ANY, {ARM_TALQ, QUANTITY_CRS_ANY, 0, ARM_TALQ}, 76, 74, 1.5, CRS_FILE, "overall,,76", 1},
    {GROUP_EPCO_ANY, {ARM_EPCO, QUANTITY_CRS_ANY, 0, ARM_EPCO}, 51, 45, 2.5, CRS_FILE, "LBCL EPCORE NHL-1,157,overall,,51.0", 1},
    {GROUP_MOSUN_ANY, {ARM_MOSUN, QUANTITY_CRS_ANY, 0, ARM_MOSUN}, 39, 53, 4, CRS_FILE, "NHL label pool,218*,overall,,39", 1},
    {GROUP_MOSUN_ANY, {ARM_MOSUN, QUANTITY_CRS_ANY, 0, ARM_MOSUN}, 26.1, 53, 6, CRS_FILE, "DLBCL expansion,88,overall,,26.1", 1},
    {GROUP_GRADE2, {ARM_TALQ, QUANTITY_CRS_GRADE2, 0, ARM_TALQ}, 18.5, 22, 2, CRS_FILE, "overall,,76,57,17,1.5,0", 3},
    {GROUP_GRADE2, {ARM_MOSUN, QUANTITY_CRS_GRADE2, 0, ARM_MOSUN}, 17.5, 11, 2.5, CRS_FILE, "overall,,39,28,15,2,0.5", 3},
};
/* clang-format on */

enum { TRAINING_ROWS = sizeof training_rows / sizeof training_rows[0] };

/* --- running ------------------------------------------------------------------------------------ */

/* An arm as read. */
typedef struct training_case {
  stepdose_problem *problem; /* limits: any CRS and grade 2 over the course, any by dose */
  schedule doses;
} training_case;

/* One model's threads and scratch. */
typedef struct training_engine {
  const model *m;
  cohort_engine *cohort;
  simulate_workspace *typical;
} training_engine;

/* The members of the model's family, opened when needed. */
typedef struct training_laboratory {
  int threads, patients, n_engines;
  training_engine engine[2];
} training_laboratory;

#endif
