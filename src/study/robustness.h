/* The robustness card: what becomes of a regimen where not all goes as planned, and whether it is
 * then still better than the approved schedule of the molecule under the same change. */
#ifndef STUDY_ROBUSTNESS_H
#define STUDY_ROBUSTNESS_H

#include "study/whatif.h"

enum {
  ROBUSTNESS_ROWS_MAX = 32,
  ROBUSTNESS_PATIENTS = 128, /* the first ones of the problem, at most */
  ROBUSTNESS_DRAWS = 64,     /* of fitted values: a share is known to 12 points */
  ROBUSTNESS_REASON_SIZE = 256
};

/* One regimen under one change. */
typedef struct robust_figure {
  bool simulated;
  double goal; /* by its statistic; NAN: not simulated */
  int n_broken;
  int broken[PROBLEM_LIMITS_MAX]; /* of the limits of the changed problem; only of n_listed */
  bool holds;
} robust_figure;

typedef struct robust_row {
  char name[PROBLEM_NAME_SIZE];
  robust_figure own, approved;
  double goal_lost; /* by the regimen, to itself unchanged; NAN: another model */
  bool better;      /* than the approved schedule: it alone keeps the limits, or both or neither do
                       and its goal is larger; false where there is none */
} robust_row;

typedef struct robustness_card {
  int patients;         /* 1: the reference patient */
  const char *approved; /* name of that schedule (borrowed from the problem); NULL: there is none,
                           or it is the regimen itself */
  int n_limits;
  int n_rows;
  robust_row row[ROBUSTNESS_ROWS_MAX]; /* the first: nothing is changed */
  /* draws of the fitted values of the problem's calibration */
  int n_draws;                            /* simulated ones; 0: see why_no_draws */
  double limit_holds[PROBLEM_LIMITS_MAX]; /* share of the draws in which each limit holds, */
  double all_hold, better;                /* all of them; in which the regimen is better */
  char why_no_draws[ROBUSTNESS_REASON_SIZE];
  char why_no_variant[ROBUSTNESS_REASON_SIZE]; /* of the other model; "": it is the last row */
} robustness_card;

/* doses: the regimen, by the molecule with this design (problem->n_design; NULL: as the problem has
 * it). A change that does not fit the regimen (a continuous infusion cannot be missed) has no row.
 * NULL: *error; LIMIT_REACHED if the user stops. The caller releases. */
robustness_card *robustness_run(const stepdose_problem *problem, const schedule *doses,
                                const double *design, const study_run *run, stepdose_error *error);
void robustness_free(robustness_card *card);

/* --- parts, one file each --- */

/* robustness_problem.c: problems that the card asks about. Each is NULL with *error on failure. */

/* The problem with the design fixed to these values; the caller frees. */
stepdose_problem *robustness_fix_design(const stepdose_problem *problem, const double *design,
                                        stepdose_error *error);
/* The reference patient of the same molecule and indication by the other model that has them, from
 * the files that it has beside the problem's own (molecules/synapse/X.json, molecules/X.json), or
 * beside the problem; the caller frees. */
stepdose_problem *robustness_variant(const stepdose_problem *problem, stepdose_error *error);
/* A problem of its own memory where that is changed: tumours `factor` times as large in volume at
 * the same density. robustness_burden_free releases it. */
stepdose_problem *robustness_burden(const stepdose_problem *problem, double factor,
                                    stepdose_error *error);
void robustness_burden_free(stepdose_problem *changed);

#endif
