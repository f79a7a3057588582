/* What the limits of a problem say of a regimen in a cohort: for each limit in each of its windows
 * the risk, how sure it is, and whether it holds. */
#ifndef STUDY_COHORT_RISK_H
#define STUDY_COHORT_RISK_H

#include "objectives/risk.h"
#include "study/cohort_statistics.h"

typedef struct cohort_risk {
  int limit;     /* index into problem->limits */
  int window;    /* dose number from 1; 0: course, range of days, or burden */
  double value;  /* risk_value */
  double bound;  /* risk_bound */
  double margin; /* risk_margin: the scale that searches use */
  bool holds;    /* value <= bound, but for what the search takes as equal too */
  /* Interval of `value` with COHORT_CONFIDENCE, NAN where there is none. Of a share: exact (Clopper
   * and Pearson), by the effective number of patients where they are weighted. Of a mean CRS
   * probability: of as many patients with or without the event as would know it as well (Korn and
   * Graubard). Of a quantile: by ranks. Of a tail mean: by resampling patients. */
  double low, high;
  /* Patients beyond the bound; of a mean probability the expected number, rounded. Of those who
   * count; else of is 0. */
  long count, of;
} cohort_risk;

/* values (n): of each patient in this window, with his weight (0: does not count), by patient; used
 * up. each: how much of a person of his own everybody is: 1, less where some are there twice, as
 * resampled patients are. seed: of the patients; tail means are resampled by it. False: no memory.
 */
bool cohort_risk_of(const limit *l, int index, int window, double each, uint64_t seed, int n,
                    weighted_value *values, cohort_risk *out, stepdose_error *error);
/* `each` of patients with these weights (n) who are worth so many of equal weight. */
double cohort_risk_each(int n, const double *weights, double worth);

#endif
