/* Hours from a dose to CRS over patients: on tables whose answer is known, and against what is
 * published. */
#include "base/file.h"
#include "study/cohort_onset.h"
#include "study/cohort_study.h"
#include "study/fixtures.h"

#include <math.h>

enum { PATIENTS = 4, ROWS = 4 };

static const endpoint_row rows[ROWS] = {{.name = "crs_onset_h", .window = 1},
                                        {.name = "crs_probability_grade1", .window = 1},
                                        {.name = "crs_onset_h", .window = 2},
                                        {.name = "crs_probability_grade1", .window = 2}};

/* hours and risks of the patients after doses 1 and 2 */
static void fill(double hours1[PATIENTS], double risk1[PATIENTS], double hours2[PATIENTS],
                 double risk2[PATIENTS], peak cell[PATIENTS * ROWS])
{
  for (int i = 0; i < PATIENTS; i++) {
    cell[i * ROWS] = (peak){hours1[i], NAN};
    cell[i * ROWS + 1] = (peak){risk1[i], NAN};
    cell[i * ROWS + 2] = (peak){hours2[i], NAN};
    cell[i * ROWS + 3] = (peak){risk2[i], NAN};
  }
}

static double equal[PATIENTS] = {0.25, 0.25, 0.25, 0.25}, none[PATIENTS];
static const double weights[PATIENTS] = {1, 1, 1, 1};

Test(cohort_onset, patients_count_with_their_risk)
{
  double hours[PATIENTS] = {10, 20, 30, 40}, late[PATIENTS] = {0.02, 0.02, 0.02, 0.94};
  double other[PATIENTS] = {50, 60, 70, 80};
  peak cell[PATIENTS * ROWS];
  cohort_onset onset[3];
  const onset_table t = {PATIENTS, ROWS, weights, rows, cell};
  cr_assert_eq(cohort_onset_doses(&t), 2);

  fill(hours, equal, other, late, cell);
  cr_assert(cohort_onset_of(&t, onset, NULL));
  cr_expect(onset[1].hours.at[COHORT_MEDIAN] == 20 && onset[1].hours.at[COHORT_P95] == 40);
  cr_expect(fabs(onset[1].ill - 0.25) < 1e-15 && onset[1].dose == 1);
  cr_expect(onset[2].hours.at[COHORT_MEDIAN] == 80, "who is at risk decides");
  cr_expect(fabs(onset[2].hours.at[COHORT_MEAN] - (0.02 * 180 + 0.94 * 80)) < 1e-12);

  /* the course: 1 event after dose 1 for each after dose 2 */
  cr_expect(fabs(onset[0].ill - 0.5) < 1e-15);
  cr_expect(onset[0].hours.at[COHORT_MEDIAN] == 40 && onset[0].hours.at[COHORT_P95] == 80);
}

Test(cohort_onset, who_cannot_fall_ill_does_not_count)
{
  double hours[PATIENTS] = {10, 20, NAN, 40}, risk[PATIENTS] = {0.5, 0.5, 0.5, 0};
  peak cell[PATIENTS * ROWS];
  cohort_onset onset[3];
  const onset_table t = {PATIENTS, ROWS, weights, rows, cell};
  fill(hours, risk, hours, none, cell);
  cr_assert(cohort_onset_of(&t, onset, NULL));
  cr_expect(onset[1].hours.at[COHORT_P95] == 20, "%g", onset[1].hours.at[COHORT_P95]);
  cr_expect(onset[2].ill == 0 && isnan(onset[2].hours.at[COHORT_MEDIAN]));
}

Test(cohort_onset, weights_of_patients_count)
{
  static const double heavy[PATIENTS] = {0, 1, 1, 6};
  double hours[PATIENTS] = {10, 20, 30, 40};
  peak cell[PATIENTS * ROWS];
  cohort_onset onset[3];
  const onset_table t = {PATIENTS, ROWS, heavy, rows, cell};
  fill(hours, equal, hours, none, cell);
  cr_assert(cohort_onset_of(&t, onset, NULL));
  cr_expect(onset[1].hours.at[COHORT_P5] == 20 && onset[1].hours.at[COHORT_MEDIAN] == 40);
}

/* --- what is published ------------------------------------------------------------------------ */

/* "27 h (0.1-167)": median and range. */
static bool read_published(double *median, double *low, double *high)
{
  const char *directory = getenv("STEPDOSE_EVIDENCE");
  char *path =
      file_join(directory != NULL ? directory : STEPDOSE_EVIDENCE_DIR, "clinical/crs_by_dose.csv");
  char *bytes = NULL;
  size_t length = 0;
  const bool there = file_read(path, 1 << 20, &bytes, &length, NULL);
  const char *row = there ? strstr(bytes, "\ntalquetamab,0.01/0.06/0.4(/0.8),") : NULL;
  const char *end = row != NULL ? strstr(row, " from last dose") : NULL;
  const char *onset = end;
  while (onset != NULL && onset > row && *onset != ',') {
    onset--;
  }
  const bool read = onset != NULL && sscanf(onset, ",%lf h (%lf-%lf)", median, low, high) == 3;
  free(bytes);
  free(path);
  cr_assert(!there || read, "the row of talquetamab is not as expected");
  return read;
}

#define TALQUETAMAB                                                                                \
  "{\"format\":\"stepdose-problem-1\",\"model\":\"synapse\","                                      \
  "\"molecule\":\"molecules/synapse/talquetamab.json\","                                           \
  "\"indication\":\"indications/synapse/multiple-myeloma.json\","                                  \
  "\"population\":{\"file\":\"populations/synapse-myeloma.json\",\"patients\":64,\"seed\":1},"     \
  "\"horizon_days\":28,\"premedication\":{\"drug\":\"dexamethasone\",\"dose_mg\":16,"              \
  "\"with_doses\":\"steps\"},\"regimen\":{\"route\":\"sc\",\"steps\":["                            \
  "{\"day\":0,\"dose_mg\":0.7},{\"day\":3,\"dose_mg\":4.2},{\"day\":6,\"dose_mg\":28}],"           \
  "\"maintenance\":{\"first_day\":13,\"every_days\":7,\"doses\":2,\"dose_mg\":28}}}"

/* Nothing of it was used in any fit. What is asked: every onset within the published range, and the
 * median within a factor of 2.5; the figures are printed. */
Test(cohort_onset, of_talquetamab_lies_within_the_published_range)
{
  double median = 0, low = 0, high = 0;
  stepdose_error error;
  if (!read_published(&median, &low, &high)) {
    cr_skip_test("the evidence is not here");
  }
  stepdose_problem *p = problem_read_text(STEPDOSE_SOURCE_DIR "/problems/onset.json", TALQUETAMAB,
                                          sizeof TALQUETAMAB - 1, NULL, 0, &error);
  cr_assert(p != NULL, "%s %s", error.pointer, error.message);
  cohort_request request = cohort_request_of(p, "approved", &p->comparators[0].doses);
  request.alone = true;
  cohort_study *c = cohort_study_run(&request, &error);
  cr_assert(c != NULL, "%s", error.message);
  const cohort_outcome *o = &c->outcome[0];
  const double *hours = o->onset[0].hours.at;
  printf(
      "talquetamab, hours to CRS: median %.0f, 5 %% %.0f, 95 %% %.0f; published median %g (%g to "
      "%g)\n",
      hours[COHORT_MEDIAN], hours[COHORT_P5], hours[COHORT_P95], median, low, high);
  cr_expect(o->n_onsets >= 5 && o->onset[0].ill > 0.5);
  cr_expect(hours[COHORT_P5] >= low && hours[COHORT_P95] <= high);
  cr_expect(hours[COHORT_MEDIAN] <= 2.5 * median && hours[COHORT_MEDIAN] >= median / 2.5);
  cohort_study_free(c);
  stepdose_problem_free(p);
}
