/* Who of the virtual patients belongs to which strata, counted before anything is simulated, and
 * the refusal of problems that count people who are not there. */
#ifndef STUDY_STRATUM_COUNT_H
#define STUDY_STRATUM_COUNT_H

#include "problem/problem.h"

/* Plausible patients who are in stratum a and in stratum b of the population; in a: both[a][a]. */
typedef struct stratum_counts {
  int both[POPULATION_STRATA_MAX][POPULATION_STRATA_MAX];
} stratum_counts;

/* Of the first `patients` of a seed; only those of the only stratum, where one alone counts. False:
 * *error. */
bool stratum_count(const stepdose_problem *problem, uint64_t seed, int patients,
                   stratum_counts *out, stepdose_error *error);

/* Refuses (OUT_OF_RANGE, at the limit or goal) a problem of which a limit, or a cost of its front,
 * counts a stratum, or a goal the worst of all strata, of which nobody is plausible among the
 * patients of the problem. The reference patient alone has no strata. */
bool study_can_count(const stepdose_problem *problem, stepdose_error *error);
/* The same for the patients of each round of the verification; and (CONTRADICTION, at the
 * population) one whose weights leave nobody to verify. */
bool study_can_verify(const stepdose_problem *problem, stepdose_error *error);

#endif
