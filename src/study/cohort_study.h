/* One regimen, and the schedules beside it, in every virtual patient of a problem's population.
 *
 * Patients are drawn and simulated in blocks; what is kept of each are the rows of his endpoints,
 * the worst value of each limit, and, of the given regimen, his course at whole days. Everything is
 * stored by patient and summed up in that order: the same bits for any number of threads. */
#ifndef STUDY_COHORT_STUDY_H
#define STUDY_COHORT_STUDY_H

#include "base/progress.h"
#include "population/population.h"
#include "study/cohort_onset.h"
#include "study/cohort_risk.h"
#include "study/endpoint_rows.h"

enum {
  COHORT_REGIMENS_MAX = 1 + PROBLEM_COMPARATORS_MAX,
  COHORT_FAILURES_NAMED = 20, /* patients */
  COHORT_COURSES_SHOWN = 12   /* patients whose courses are kept one by one */
};

/* Courses take at most this much memory; days are left out where they would take more. */
#define COHORT_COURSE_BYTES 512e6

/* A limit over the patients. A patient who could not be simulated counts as one who exceeds it. */
typedef struct cohort_limit {
  cohort_share exceeded; /* in any of its windows */
  cohort_share
      window[SCHEDULE_WINDOWS_MAX]; /* by dose; of no patient where it has no such window */
  cohort_figure worst;              /* of each patient's value with the largest margin */
} cohort_limit;

/* A regimen in all patients. Rows and limits of patients who were not simulated are NAN. */
typedef struct cohort_outcome {
  const char *name;
  const schedule *doses;
  bool *failed; /* (n_patients) */
  long failures;
  double failed_weight; /* of them */
  int n_named;
  int named[COHORT_FAILURES_NAMED]; /* the first patients that failed, from 1 on */
  char first_failure[512];
  int n_rows;            /* 0: nobody could be simulated */
  endpoint_row *row;     /* (n_rows): names, windows, units */
  peak *cell;            /* (n_patients x n_rows) */
  cohort_figure *figure; /* (n_rows) */
  double *goal;          /* (n_patients) */
  cohort_figure goal_figure;
  double goal_value;  /* by the statistic of the problem's goal; those who failed as the worst */
  int n_risks;        /* 0: nobody could be simulated */
  cohort_risk *risk;  /* (n_risks): every limit in each of its windows */
  double *risk_value; /* (n_patients x n_risks) */
  double *worst;      /* (n_patients x n_limits): value with the largest margin */
  int *exceeded;      /* (n_patients): limits that he exceeds, of those with risk_of_each_patient */
  cohort_limit limit[PROBLEM_LIMITS_MAX];
  cohort_share any_limit; /* patients who exceed any of these */
  cohort_share response;  /* who cannot be simulated does not respond */
  long grown;             /* patients whose tumour is larger at the end than at the start */
  int n_onsets;           /* doses that CRS can follow; 0: the model knows of none */
  cohort_onset *onset;    /* (n_onsets + 1): the course, then by dose */
} cohort_outcome;

typedef struct cohort_study {
  const stepdose_problem *problem;
  uint64_t seed;
  double tolerance;
  int n_patients, n_included; /* drawn; plausible, which are simulated */
  int n_covariates, n_set;
  int *set; /* (n_set): parameters that the population sets */
  population_acceptance acceptance;
  population_worth worth;
  int in_stratum[POPULATION_STRATA_MAX]; /* plausible patients */
  double *weight;                        /* (n_patients) */
  double *covariate;                     /* (n_patients x n_covariates) */
  bool *member;                          /* (n_patients x n_strata) */
  double *set_value;                     /* (n_patients x n_set) */
  int n_outcomes;
  cohort_outcome outcome[COHORT_REGIMENS_MAX]; /* the given regimen first */
  int n_days, every_days;
  double *day;           /* (n_days): of courses */
  cohort_figure *course; /* (n_days x n_outputs), of the given regimen */
  int n_shown;           /* the first patients who were simulated, */
  int shown[COHORT_COURSES_SHOWN]; /* from 0 on, */
  double *shown_course;            /* and their courses (n_shown x n_days x n_outputs) */
} cohort_study;

typedef struct cohort_request {
  const stepdose_problem *problem;
  const char *name;
  const schedule *doses;    /* the given regimen */
  const double *parameters; /* (n_parameters) that patients are drawn around; NULL: the problem's */
  int patients;             /* the first of the population */
  uint64_t seed;            /* of the patients */
  double tolerance;         /* of the integrator */
  bool alone;               /* without the schedules of the molecule */
  int threads;
  progress *progress; /* may be NULL */
} cohort_request;

/* The patients of the problem itself, at its tolerance, by one thread per processor. */
cohort_request cohort_request_of(const stepdose_problem *problem, const char *name,
                                 const schedule *doses);

/* Everything is borrowed. A patient who cannot be simulated is counted; LIMIT_REACHED if the user
 * stops. */
cohort_study *cohort_study_run(const cohort_request *request, stepdose_error *error);
void cohort_study_free(cohort_study *c);

/* Every risk of a regimen holds, and it could be simulated. */
bool cohort_outcome_holds(const cohort_outcome *o);
/* How much of a person of his own each patient is: below 1 where resampling has some twice. */
double cohort_study_each(const cohort_study *c);
/* Every limit tells what of the patients it bounds: else no regimen is judged by them. */
bool cohort_can_judge(const stepdose_problem *problem);
/* Index of the risk with the largest margin of limit k, -1 where it has none. */
int cohort_outcome_worst(const cohort_outcome *o, int k);
/* Goal, or value in the window of a risk, of every patient with his weight (0: does not count);
 * values (n_patients). Who could not be simulated does as badly as the worst of the others, or is
 * far beyond the limit. */
void cohort_goal_values(const cohort_study *c, const cohort_outcome *o, weighted_value *values);
void cohort_risk_values(const cohort_study *c, const cohort_outcome *o, int risk,
                        weighted_value *values);

/* --- parts, one file each --- */

/* cohort_study.c: room for everything that is kept */
cohort_study *cohort_study_open(const cohort_request *request, stepdose_error *error);

/* cohort_outcome.c */
bool cohort_outcome_open(cohort_study *c, cohort_outcome *o, stepdose_error *error);
void cohort_outcome_free(cohort_outcome *o);
bool cohort_outcome_add(cohort_study *c, cohort_outcome *o, int patient, const double *parameters,
                        const endpoints *e, stepdose_error *error);
void cohort_outcome_fail(const cohort_study *c, cohort_outcome *o, int patient, const char *why);
/* cohort_judge.c: goal and risks of an outcome that has all patients */
bool cohort_outcome_judge(const cohort_study *c, cohort_outcome *o, stepdose_error *error);
bool cohort_outcome_sum_up(const cohort_study *c, cohort_outcome *o, stepdose_error *error);

#endif
