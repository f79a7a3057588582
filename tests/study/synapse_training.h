/* What model synapse was calibrated to: arms of trials, what was observed in them, and what the
 * model says. The test prints and judges the table; problems/evidence/synapse.json has the same rows
 * for `stepdose calibrate`.
 * Arms are read from the shipped files by the ordinary reader. */
#ifndef TESTS_STUDY_SYNAPSE_TRAINING_H
#define TESTS_STUDY_SYNAPSE_TRAINING_H

#include "objectives/objective.h"
#include "population/population.h"
#include "simulate/cohort.h"

enum { TRAINING_PATIENTS_MAX = 1024, TRAINING_DOSES = 8, TRAINING_DAYS = 28 };

/* --- arms ------------------------------------------------------------------------------------ */

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
  "{\"name\": \"first dose " #mg " mg\", \"approved\": false, \"source\": \"phase 1\", "           \
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
  X(BLIN, "blinatumomab", "dlbcl", "nhl", "civ", NO_PREMEDICATION,                                 \
    "trial step-up 5/15/60 ug/m2/d")                                                               \
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

/* --- what the model says of an arm ----------------------------------------------------------- */

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

/* --- what was observed ----------------------------------------------------------------------- */

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

static const training_row training_rows[] = {
#define ROW(group, arm, quantity, dose, over, observed, prototype, sd, file, quote, fields)        \
  {GROUP_##group,                                                                                  \
   {ARM_##arm, QUANTITY_##quantity, dose, ARM_##over},                                             \
   observed,                                                                                       \
   prototype,                                                                                      \
   sd,                                                                                             \
   file,                                                                                           \
   quote,                                                                                          \
   fields},
#include "study/synapse_training_rows.def"
#undef ROW
};

enum { TRAINING_ROWS = sizeof training_rows / sizeof training_rows[0] };

/* --- running --------------------------------------------------------------------------------- */

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
