/* Model synapse against the trials: the training table beside the prototype's, the shape of
 * epcoritamab's IL-6, and step-up against flat dosing for every shipped molecule that is stepped
 * up. Prototype: the model's first draft, whose table is in docs/synapse.md. */
#include "study/synapse_training.inc"

#include "base/file.h"
#include "objectives/crs.h"

#include <criterion/criterion.h>

enum { PATIENTS = 64, THREADS = 2 };

static training_laboratory laboratory(void)
{
  return (training_laboratory){.threads = THREADS, .patients = PATIENTS};
}

static void run_arm(training_laboratory *lab, const training_arm *arm, training_outcome *o)
{
  training_case c;
  stepdose_error error = {.code = STEPDOSE_OK};
  cr_assert(training_open(&c, arm, &error), "%s: %s %s", arm->molecule, error.pointer,
            error.message);
  cr_assert(training_run(lab, &c, o, &error), "%s, %s: %s", arm->molecule, arm->regimen,
            error.message);
  training_close(&c);
}

/* Of all arms; release() it. */
static training_outcome *run_training(void)
{
  training_outcome *outcomes = allocate_zeroed(ARM_COUNT, sizeof *outcomes);
  training_laboratory lab = laboratory();
  cr_assert_not_null(outcomes);
  for (int a = 0; a < ARM_COUNT; a++) {
    run_arm(&lab, &training_arms[a], &outcomes[a]);
  }
  training_laboratory_close(&lab);
  return outcomes;
}

/* --- the table ------------------------------------------------------------------------------- */

/* A newline of a quote is not for reading. */
static const char *words(const char *quote) { return quote + (quote[0] == '\n'); }

static void print_row(const training_row *row, double predicted)
{
  const double ours = fabs(training_error(row, predicted));
  const double before = fabs(training_error(row, row->prototype));
  cr_log_info("  %-22s %8.3g %9.3g %8.3g   %5.2f %5.2f%s  %s: %s\n",
              training_quantity_names[row->item.quantity], row->observed, row->prototype, predicted,
              before, ours, ours > before ? " !" : "  ", row->file, words(row->quote));
}

/* Root mean square of a group's errors. */
static double group_error(training_group group, const training_outcome *outcomes)
{
  double sum = 0;
  int n = 0;
  for (int i = 0; i < TRAINING_ROWS; i++) {
    const training_row *row = &training_rows[i];
    if (row->group == group) {
      const double predicted =
          outcomes != NULL ? training_value(outcomes, &row->item) : row->prototype;
      sum += pow(training_error(row, predicted), 2);
      n++;
    }
  }
  return sqrt(sum / n);
}

static void print_group(training_group group, const training_outcome *outcomes)
{
  cr_log_info("%s: prototype %.3f, here %.3f %s\n", training_groups[group].name,
              group_error(group, NULL), group_error(group, outcomes),
              training_groups[group].scale == SCALE_IL6 ? "(log10)" : "points");
  for (int i = 0; i < TRAINING_ROWS; i++) {
    if (training_rows[i].group == group) {
      print_row(&training_rows[i], training_value(outcomes, &training_rows[i].item));
    }
  }
}

static void print_by_dose(const training_arm *arm, const training_outcome *o, const char *observed)
{
  char line[128] = "";
  for (int w = 0; w < o->n_doses; w++) {
    const size_t used = strlen(line);
    snprintf(line + used, sizeof line - used, " %.1f", o->value[QUANTITY_CRS_DOSE][w]);
  }
  cr_log_info("%s, %s: CRS by dose%s; any %.1f, grade 2 or higher %.1f %%%s%s\n", arm->molecule,
              arm->regimen, line, o->value[QUANTITY_CRS_ANY][0], o->value[QUANTITY_CRS_GRADE2][0],
              observed[0] != '\0' ? "; observed: " : "", observed);
}

/* "!": a single number further off than the prototype's; rows count as a whole. */
Test(synapse_training, every_row_of_the_table_is_reproduced_or_improved)
{
  training_outcome *outcomes = run_training();
  cr_log_info("observed, prototype, here; errors of prototype and here; source\n");
  for (int g = 0; g < GROUP_COUNT; g++) {
    print_group((training_group)g, outcomes);
    const double before = group_error((training_group)g, NULL);
    const double ours = group_error((training_group)g, outcomes);
    cr_expect(ours <= before, "%s: %.3f, the prototype had %.3f", training_groups[g].name, ours,
              before);
  }
  for (int a = ARM_MOSUN; a < ARM_COUNT; a++) {
    print_by_dose(&training_arms[a], &outcomes[a], "");
  }
  release(outcomes);
}

/* Relevant reactions of mosunetuzumab begin with the first 60 mg, of epcoritamab with the first
 * 48 mg; the repeated dose is quiet (clinical/schedules.csv, crs_by_dose.csv, il6.csv). */
Test(synapse_training, the_first_full_dose_is_the_one_that_matters)
{
  static const training_arm_id arms[] = {ARM_MOSUN, ARM_EPCO};
  training_laboratory lab = laboratory();
  training_outcome *o = allocate_zeroed(1, sizeof *o);
  for (int a = 0; a < 2; a++) {
    run_arm(&lab, &training_arms[arms[a]], o);
    const double *crs = o->value[QUANTITY_CRS_DOSE];
    cr_expect(crs[2] > crs[0] && crs[2] > crs[1] && crs[2] > crs[3],
              "%s: %.1f, %.1f, %.1f, %.1f %% by dose", training_arms[arms[a]].molecule, crs[0],
              crs[1], crs[2], crs[3]);
  }
  training_laboratory_close(&lab);
  release(o);
}

/* --- epcoritamab ----------------------------------------------------------------------------- */

static double median_peak(const training_outcome *o, int which)
{
  double il6[PATIENTS];
  for (int i = 0; i < PATIENTS; i++) {
    il6[i] = o->patient_il6[i][which];
  }
  return training_quantile(il6, PATIENTS, 0.5);
}

/* Hutchings 2021 Fig 4: 1.99 pg/mL a day after the priming dose, 17.5 after the first full one,
 * 2.06 after the second. */
Test(synapse_training, epcoritamab_il6_rises_fourfold_and_falls_fourfold)
{
  training_laboratory lab = laboratory();
  training_outcome *o = allocate_zeroed(1, sizeof *o);
  int individually = 0;
  run_arm(&lab, &training_arms[ARM_EPCO], o);
  const double *typical = o->value[QUANTITY_IL6_PEAK];
  cr_expect_geq(typical[2], 4 * typical[0], "%.2f, then %.2f", typical[0], typical[2]);
  cr_expect_geq(typical[2], 4 * typical[3], "%.2f, then %.2f", typical[2], typical[3]);
  const double priming = median_peak(o, 0), full = median_peak(o, 2), second = median_peak(o, 3);
  cr_expect_geq(full, 4 * priming, "medians: %.2f, then %.2f", priming, full);
  cr_expect_geq(full, 4 * second, "medians: %.2f, then %.2f", full, second);
  for (int i = 0; i < PATIENTS; i++) {
    const double *il6 = o->patient_il6[i];
    individually += il6[2] >= 4 * il6[0] && il6[2] >= 4 * il6[3];
  }
  cr_log_info("IL-6 peaks at 0.16, first 48, second 48 mg: typical %.3g, %.3g, %.3g pg/mL; "
              "median of %d patients %.3g, %.3g, %.3g; both fourfold in %d\n",
              typical[0], typical[2], typical[3], PATIENTS, priming, full, second, individually);
  training_laboratory_close(&lab);
  release(o);
}

/* --- one biology ----------------------------------------------------------------------------- */

/* What a molecule file may say of the patient: where its target is, and how fast a molecule of its
 * size gets into tissue. */
static bool belongs_to_the_molecule(const char *name)
{
  return strstr(name, "_receptors_per_cell") != NULL || strstr(name, "_drug_entry_per_day") != NULL;
}

/* From the trimers that T cells need on, the table of parameters is the patient's. */
static bool belongs_to_the_patient(const model *m, int parameter)
{
  const int first = model_parameter_index(m, "activation_trimers");
  return parameter >= first && !belongs_to_the_molecule(m->parameters[parameter].name);
}

Test(synapse_training, b_cell_molecules_share_one_biology)
{
  static const training_arm_id arms[] = {ARM_MOSUN, ARM_EPCO, ARM_BLIN, ARM_BLIN_FLAT};
  training_case first, other;
  stepdose_error error;
  cr_assert(training_open(&first, &training_arms[arms[0]], &error), "%s", error.message);
  for (int a = 1; a < 4; a++) {
    const training_arm *arm = &training_arms[arms[a]];
    int compared = 0;
    cr_expect_str_eq(arm->indication, training_arms[arms[0]].indication, "%s", arm->molecule);
    cr_assert(training_open(&other, arm, &error), "%s", error.message);
    const model *m = first.problem->model;
    for (int i = 0; i < m->n_parameters; i++) {
      if (belongs_to_the_patient(m, i)) {
        cr_expect_eq(first.problem->parameters[i], other.problem->parameters[i], "%s: %s",
                     arm->molecule, m->parameters[i].name);
        compared++;
      }
    }
    cr_expect_gt(compared, 80);
    training_close(&other);
  }
  training_close(&first);
}

/* --- the probability ----------------------------------------------------------------------------
 */

/* 1 - E[prod (1 - P_w)] of objectives/crs.h by fine steps over the patient's own shift. */
static double defined_probability(const crs_coefficients *c, int grade, int n, const double *drive)
{
  const double step = 0.01;
  double sum = 0, total = 0;
  for (double z = -8; z <= 8; z += step) {
    double none = 1;
    for (int w = 0; w < n; w++) {
      const double x = log10(drive[w]) + c->patient_sd * z;
      none /= 1 + exp(c->intercept[grade - 1] + c->slope * x);
    }
    sum += exp(-z * z / 2) * (1 - none);
    total += exp(-z * z / 2);
  }
  return sum / total;
}

/* The fit would otherwise be one to errors of the quadrature. */
Test(synapse_training, probabilities_are_those_of_their_definition)
{
  static const double course[][4] = {{200, 1, 1, 1}, {50, 200, 500, 20}, {300, 300, 300, 300}};
  training_case c;
  stepdose_error error;
  double worst = 0;
  cr_assert(training_open(&c, &training_arms[ARM_MOSUN], &error), "%s", error.message);
  for (int l = TRAINING_LIMIT_ANY; l <= TRAINING_LIMIT_GRADE2; l++) {
    const limit *of = &c.problem->limits[l];
    for (double factor = 0.05; factor < 20; factor *= 1.1) {
      for (int k = 0; k < 3; k++) {
        double drive[4];
        for (int w = 0; w < 4; w++) {
          drive[w] = factor * course[k][w];
        }
        worst = fmax(worst, fabs(crs_probability(&of->crs, of->grade, 4, drive) -
                                 defined_probability(&of->crs, of->grade, 4, drive)));
      }
    }
  }
  cr_expect_lt(worst, 0.01, "off by %.3f at slope * patient_sd = %.2f", worst,
               c.problem->limits[0].crs.slope * c.problem->limits[0].crs.patient_sd);
  training_close(&c);
}

/* --- the observations ------------------------------------------------------------------------ */

/* Sum of the last n numbers of a comma-separated text. */
static double sum_of_fields(const char *quote, int n)
{
  const char *end = quote + strlen(quote);
  double sum = 0;
  for (; n > 0; n--) {
    do {
      end--;
    } while (end > quote && *end != ',');
    sum += strtod(end + 1, NULL);
  }
  return sum;
}

Test(synapse_training, observations_are_quotations)
{
  const char *directory = getenv("STEPDOSE_EVIDENCE");
  for (int i = 0; i < TRAINING_ROWS; i++) {
    const training_row *row = &training_rows[i];
    char *path = file_join(directory != NULL ? directory : STEPDOSE_EVIDENCE_DIR, row->file);
    char *bytes = NULL;
    size_t length = 0;
    if (!file_read(path, 1 << 20, &bytes, &length, NULL)) {
      release(path);
      cr_skip_test("the evidence is not here");
    }
    cr_expect_not_null(strstr(bytes, row->quote), "%s does not say %s", path, words(row->quote));
    cr_expect(row->fields == 0 ||
                  fabs(sum_of_fields(row->quote, row->fields) - row->observed) < 1e-9,
              "%g is not in %s", row->observed, words(row->quote));
    release(bytes);
    release(path);
  }
}

/* --- step-up against flat -------------------------------------------------------------------- */

typedef struct comparison {
  training_arm step;
  const char *flat;
  bool fitted;
  const char *observed; /* by dose, of regimens that were not fitted */
} comparison;

/* Every stepped regimen of the library and its flat counterpart, under the same premedication.
 * b-all has no population of its own. */
static const comparison comparisons[] = {
#define STEP(molecule, indication, people, route, premedication, regimen, flat, fitted, observed)  \
  {{molecule, indication, people, route, premedication, regimen}, flat, fitted, observed},
#include "study/synapse_comparisons.def"
#undef STEP
};

enum { COMPARISONS = sizeof comparisons / sizeof comparisons[0] };

static void expect_lower(const comparison *c, const training_outcome *step,
                         const training_outcome *flat)
{
  static const training_quantity quantities[] = {QUANTITY_DRIVE_MEDIAN, QUANTITY_DRIVE_HIGH,
                                                 QUANTITY_CRS_ANY, QUANTITY_CRS_GRADE2};
  char line[160] = "";
  for (int q = 0; q < 4; q++) {
    const double a = step->value[quantities[q]][0], b = flat->value[quantities[q]][0];
    const size_t used = strlen(line);
    cr_expect(a < b, "%s, %s: %s is %.4g, flat %.4g", c->step.molecule, c->step.regimen,
              training_quantity_names[quantities[q]], a, b);
    snprintf(line + used, sizeof line - used, " %8.3g %8.3g%s", a, b, a < b ? "  " : " !");
  }
  cr_log_info("%-14s %-42s%s%s\n", c->step.molecule, c->step.regimen, line,
              c->step.premedication[0] == '\0' ? " no premedication" : "");
}

/* Lower over 28 days: the largest rise of the drive after any dose, in the median and the 90th
 * percentile of the patients; the probability of any CRS, and of grade 2 or higher. */
Test(synapse_training, step_up_is_milder_than_flat_dosing, .timeout = 120)
{
  training_laboratory lab = laboratory();
  training_outcome *step = allocate_zeroed(2 * COMPARISONS, sizeof *step);
  training_outcome *flat = &step[COMPARISONS];
  training_arm flat_arm[COMPARISONS];
  cr_log_info("step-up and flat: drive, median and 90 %%; any CRS %%; grade 2 or higher %%\n");
  for (int i = 0; i < COMPARISONS; i++) {
    flat_arm[i] = comparisons[i].step;
    flat_arm[i].regimen = comparisons[i].flat;
    run_arm(&lab, &comparisons[i].step, &step[i]);
    run_arm(&lab, &flat_arm[i], &flat[i]);
    expect_lower(&comparisons[i], &step[i], &flat[i]);
  }
  cr_log_info("not used in the fit, printed only:\n");
  for (int i = 0; i < COMPARISONS; i++) {
    if (!comparisons[i].fitted) {
      print_by_dose(&comparisons[i].step, &step[i], comparisons[i].observed);
    }
  }
  training_laboratory_close(&lab);
  release(step);
}
