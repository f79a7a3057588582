/* How long after a dose patients fall ill: see cohort_onset.h. */
#include "study/cohort_onset.h"

#include "base/allocate.h"

#include <math.h>
#include <string.h>

static int row_of(const onset_table *t, const char *name, int window)
{
  for (int k = 0; k < t->n_rows; k++) {
    if (t->row[k].window == window && strcmp(t->row[k].name, name) == 0) {
      return k;
    }
  }
  return -1;
}

int cohort_onset_doses(const onset_table *t)
{
  int n = 0;
  while (row_of(t, "crs_onset_h", n + 1) >= 0) {
    n++;
  }
  return n;
}

/* Hours of each patient after a dose, weighted by his risk; those who cannot fall ill count
 * nothing.
 */
static void list_patients(const onset_table *t, int window, weighted_value *out)
{
  const int hours = row_of(t, "crs_onset_h", window);
  const int risk = row_of(t, "crs_probability_grade1", window);
  for (int i = 0; i < t->n_patients; i++) {
    const peak *cell = t->cell + (long)i * t->n_rows;
    const bool rose = !isnan(cell[hours].value) && cell[risk].value > 0;
    out[i] = (weighted_value){cell[hours].value, rose ? t->weight[i] * cell[risk].value : 0};
  }
}

static double share_of(const onset_table *t, int window)
{
  const int risk = row_of(t, "crs_probability_grade1", window);
  double ill = 0, all = 0;
  for (int i = 0; i < t->n_patients; i++) {
    const double p = t->cell[(long)i * t->n_rows + risk].value;
    if (t->weight[i] > 0 && !isnan(p)) {
      ill += t->weight[i] * p;
      all += t->weight[i];
    }
  }
  return all > 0 ? ill / all : (double)NAN;
}

bool cohort_onset_of(const onset_table *t, cohort_onset *onset, stepdose_error *error)
{
  const int n = cohort_onset_doses(t);
  const size_t patients = (size_t)t->n_patients;
  weighted_value *one = allocate_zeroed(patients + 1, sizeof *one);
  weighted_value *all = allocate_zeroed(patients * (size_t)n + 1, sizeof *all);
  const bool done = one != NULL && all != NULL;
  onset[0] = (cohort_onset){.dose = 0};
  for (int d = 1; done && d <= n; d++) {
    weighted_value *part = all + (size_t)(d - 1) * patients;
    list_patients(t, d, part);
    memcpy(one, part, patients * sizeof *one);
    onset[d] = (cohort_onset){d, share_of(t, d), cohort_figure_of(t->n_patients, one)};
    onset[0].ill += onset[d].ill;
  }
  if (done) {
    onset[0].hours = cohort_figure_of(n * t->n_patients, all);
  }
  release(one);
  release(all);
  return done || error_no_memory(error, "summing up onsets");
}
