/* The populations of synapse with covariates beside those that the model was calibrated with: they
 * vary more things, and what they add should not undo the calibration. Arms, rows and comparisons
 * are those of the training table. */
#include "study/synapse_training.inc"

#include <criterion/criterion.h>

enum { PATIENTS = 256, THREADS = 2 };

/* Points by which a percentage of patients may differ from that of the calibrated population: with
 * 256 patients either is known to about 1.5. The design allows 10 between model and trial. */
#define POINTS 6.0

/* The population with covariates of an indication; NULL: there is none. */
static const char *with_covariates(const char *indication)
{
  static const char *const stems[] = {"dlbcl", "fl", "multiple-myeloma", "sclc"};
  for (size_t i = 0; i < sizeof stems / sizeof stems[0]; i++) {
    if (strcmp(indication, stems[i]) == 0) {
      return stems[i];
    }
  }
  return NULL;
}

static void run_arm(training_laboratory *lab, training_arm arm, const char *people,
                    training_outcome *o)
{
  training_case c;
  stepdose_error error = {.code = STEPDOSE_OK};
  arm.people = people;
  cr_assert(training_open(&c, &arm, &error), "%s: %s %s", arm.molecule, error.pointer,
            error.message);
  cr_assert(training_run(lab, &c, o, &error), "%s, %s: %s", arm.molecule, arm.regimen,
            error.message);
  training_close(&c);
}

static bool is_of_patients(const training_row *row)
{
  return row->item.quantity >= QUANTITY_CRS_DOSE;
}

/* IL-6 rows are of the typical patient, who is the same. */
Test(synapse_covariates, rows_of_the_training_table_stay_near_the_calibrated_ones, .timeout = 240)
{
  training_laboratory lab = {.threads = THREADS, .patients = PATIENTS};
  training_outcome *calibrated = allocate_zeroed(2 * ARM_COUNT, sizeof *calibrated);
  training_outcome *covariates = &calibrated[ARM_COUNT];
  cr_assert_not_null(calibrated);
  for (int a = ARM_MOSUN; a < ARM_COUNT; a++) {
    const training_arm *arm = &training_arms[a];
    run_arm(&lab, *arm, arm->people, &calibrated[a]);
    run_arm(&lab, *arm, with_covariates(arm->indication), &covariates[a]);
  }
  cr_log_info("observed; calibrated population; with covariates\n");
  for (int i = 0; i < TRAINING_ROWS; i++) {
    const training_row *row = &training_rows[i];
    if (!is_of_patients(row)) {
      continue;
    }
    const double before = training_value(calibrated, &row->item);
    const double now = training_value(covariates, &row->item);
    cr_log_info("  %-14s %-22s dose %d %6.1f %6.1f %6.1f\n", training_arms[row->item.arm].molecule,
                training_quantity_names[row->item.quantity], row->item.dose + 1, row->observed,
                before, now);
    const double worse = fabs(training_error(row, now)) - fabs(training_error(row, before));
    cr_expect(fabs(worse) < POINTS, "%s, %s at dose %d: %.1f, calibrated %.1f",
              training_arms[row->item.arm].molecule, training_quantity_names[row->item.quantity],
              row->item.dose + 1, now, before);
  }
  training_laboratory_close(&lab);
  release(calibrated);
}

typedef struct comparison {
  training_arm step;
  const char *flat;
} comparison;

static const comparison comparisons[] = {
#define STEP(molecule, indication, people, route, premedication, regimen, flat, fitted, observed)  \
  {{molecule, indication, people, route, premedication, regimen}, flat},
#include "study/synapse_comparisons.def"
#undef STEP
};
enum { COMPARISONS = sizeof comparisons / sizeof comparisons[0] };

Test(synapse_covariates, step_up_stays_milder_than_flat_dosing, .timeout = 240)
{
  static const training_quantity quantities[] = {QUANTITY_DRIVE_MEDIAN, QUANTITY_DRIVE_HIGH,
                                                 QUANTITY_CRS_ANY, QUANTITY_CRS_GRADE2};
  training_laboratory lab = {.threads = THREADS, .patients = PATIENTS};
  training_outcome *step = allocate_zeroed(2, sizeof *step);
  training_outcome *flat = &step[1];
  for (int i = 0; i < COMPARISONS; i++) {
    const comparison *c = &comparisons[i];
    const char *people = with_covariates(c->step.indication);
    training_arm flat_arm = c->step;
    flat_arm.regimen = c->flat;
    if (people == NULL) {
      continue;
    }
    run_arm(&lab, c->step, people, step);
    run_arm(&lab, flat_arm, people, flat);
    for (int q = 0; q < 4; q++) {
      const double a = step->value[quantities[q]][0], b = flat->value[quantities[q]][0];
      cr_expect(a < b, "%s, %s: %s is %.4g, flat %.4g", c->step.molecule, c->step.regimen,
                training_quantity_names[quantities[q]], a, b);
    }
  }
  training_laboratory_close(&lab);
  release(step);
}
