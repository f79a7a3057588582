/* One regimen for all patients, or one for each stratum of them, chosen by a covariate that is
 * known before treatment: is the second worth it?
 *
 * A regimen is proposed for all patients, and one for each stratum alone, to whose search the
 * common one is given. All are then judged by the same patients, whom no search and no verification
 * round has seen: differences are those of one patient with himself under two regimens. */
#ifndef STUDY_STRATA_H
#define STUDY_STRATA_H

#include "study/propose.h"
#include "study/stratum_count.h"

/* Where the regimen of a stratum comes from: X(ID, name in files, meaning). */
#define STRATA_SOURCES(X)                                                                          \
  X(SEARCHED, "searched", "found by a search for the patients of the stratum alone")               \
  X(COMMON, "common", "the common one: the search for the stratum found none that is better")      \
  X(NONE, "none", "the common one: no regimen was found that keeps every limit in the stratum")

typedef enum stratum_source {
#define X(id, name, meaning) STRATUM_##id,
  STRATA_SOURCES(X)
#undef X
      STRATUM_SOURCE_COUNT
} stratum_source;

typedef struct stratum_source_row {
  const char *name, *meaning;
} stratum_source_row;
extern const stratum_source_row stratum_sources[STRATUM_SOURCE_COUNT];

/* Patients of a stratum below which nothing is searched for them. */
enum { STRATA_PATIENTS_LEAST = 8 };

/* The goal under the regimen of the stratum and under the common one, in the same patients. */
typedef struct strata_gain {
  int patients;
  double common, own; /* by the goal's statistic; within one stratum worst_stratum is the mean */
  double gain;        /* own - common */
  double low, high; /* COHORT_CONFIDENCE, by resampling patients; 0 to 0 where the regimens agree */
} strata_gain;

typedef struct stratum_answer {
  int stratum;                   /* of the population */
  stepdose_problem *problem;     /* restricted to it; owned, see stratum_problem_open */
  int limit[PROBLEM_LIMITS_MAX]; /* (problem->n_limits): their index in the whole problem */
  stratum_source source;
  schedule doses;
  stepdose_status status; /* of its own search */
  int searched_patients;  /* of the stratum, in the search */
  long evaluations, failures;
  int rounds;                           /* of verification */
  double searched_own, searched_common; /* goal in the patients of the search; NAN: none found */
  /* The stratum's regimen, and last the common one (the same outcome where they are one). */
  cohort_study *judged;
  strata_gain gain;
} stratum_answer;

typedef struct study_strata {
  const stepdose_problem *problem; /* borrowed */
  stepdose_status status;
  search_end end;         /* of all searches together */
  stratum_counts found;   /* among the patients of the search */
  study_proposal *common; /* for all patients */
  cohort_study *judged;   /* the common regimen in all patients who judge; NULL: cut short before */
  int n;                  /* strata that were come to */
  stratum_answer stratum[POPULATION_STRATA_MAX];
  strata_gain overall; /* patients of any compared stratum, each with the regimen of the first one
                          that he is in */
} study_strata;

/* Refuses what study_can_propose refuses; the reference patient, a population without strata, or
 * one of a single stratum already; a molecule that is designed too; and (OUT_OF_RANGE) a stratum
 * with fewer than STRATA_PATIENTS_LEAST plausible patients in the search, or among those who
 * judge. */
bool study_can_strata(const stepdose_problem *problem, stepdose_error *error);
/* run->directory: regimen.csv is that of the common regimen in the end. */
study_strata *study_strata_run(const stepdose_problem *problem, const study_run *run,
                               stepdose_error *error);
void study_strata_free(study_strata *s);

const cohort_outcome *stratum_own(const stratum_answer *a);
const cohort_outcome *stratum_common(const stratum_answer *a);

/* --- parts, one file each --- */

/* strata_problem.c: the problem of one stratum, sharing all but the population's description with
 * the given one. Limits that count a stratum without a patient in common are left out;
 * kept (PROBLEM_LIMITS_MAX) tells where the others stand in the given problem. */
stepdose_problem *stratum_problem_open(const stepdose_problem *problem, int stratum,
                                       int kept[PROBLEM_LIMITS_MAX], stepdose_error *error);
void stratum_problem_free(stepdose_problem *p);
/* Adds a starting point, in the place of the last schedule where there is no room. */
void stratum_problem_start(stepdose_problem *p, const schedule *doses);

/* strata_gain.c */
bool strata_gain_of(stratum_answer *a, stepdose_error *error);
bool strata_gain_overall(study_strata *s, stepdose_error *error);

#endif
