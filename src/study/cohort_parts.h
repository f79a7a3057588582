/* Findings in a cohort that only reports ask for: cytokine release syndrome by grade and dose with
 * intervals, and every risk in each stratum. */
#ifndef STUDY_COHORT_PARTS_H
#define STUDY_COHORT_PARTS_H

#include "study/cohort_study.h"

/* Expected share of the patients with cytokine release syndrome of a grade or higher. Who could not
 * be simulated counts as ill. */
typedef struct crs_share {
  int grade;        /* 1 .. PROBLEM_GRADES */
  int window;       /* dose number from 1; 0: the course */
  cohort_risk risk; /* as of a limit on this probability; bound, margin and holds mean nothing */
} crs_share;

enum { CRS_SHARES_MAX = PROBLEM_GRADES * (SCHEDULE_WINDOWS_MAX + 1) };

/* out: room for CRS_SHARES_MAX; by grade, the doses and then the course. *n 0: the model knows of
 * none. False: no memory. */
bool cohort_crs_shares(const cohort_study *c, const cohort_outcome *o, int *n, crs_share *out,
                       stepdose_error *error);

/* What the limits would say if they counted one stratum alone. */
typedef struct stratum_findings {
  int patients;                    /* plausible ones */
  double goal;                     /* by the goal's statistic; worst_stratum: the mean */
  double risk[PROBLEM_LIMITS_MAX]; /* of the window that is worst for all patients; NAN: none, or
                                      the limit counts another stratum */
} stratum_findings;

/* out (population->n_strata). False: no memory. */
bool cohort_by_stratum(const cohort_study *c, const cohort_outcome *o, stratum_findings *out,
                       stepdose_error *error);

#endif
