/* Does a run directory still say what it computed? Hashes, then an independent simulation of the
 * written regimen. */
#ifndef STUDY_VERIFY_H
#define STUDY_VERIFY_H

#include "base/hash.h"
#include "study/assessment.h"
#include "study/checks.h"
#include "study/cohort_risk.h"

enum { STUDY_CLAIMED_FILES_MAX = 32 };

/* Agreement asked of goal and limit values, relative (of the goal: of its own size, at least 1).
 * The same binary on the same processor gives the same bits; another one differs by rounding that
 * the stiff phases amplify. */
#define STUDY_AGREEMENT 1e-5

/* What a result file claims about virtual patients under its regimen. */
typedef struct claimed_patients {
  bool given; /* false: it has none */
  bool fresh; /* patients whom a search has not seen, else those of the problem */
  long drawn, plausible, failures, responses, any_limit; /* -1: not told */
  uint64_t seed;
  double tolerance;         /* of the integrator */
  double goal_median, goal; /* goal: by the statistic of the problem */
  bool holds;               /* claims that every risk holds */
  int n_risks;
  cohort_risk risk[ASSESSMENT_VALUES_MAX]; /* limit, window, value, count, of, holds */
} claimed_patients;

/* What a result file claims, as read from it. */
typedef struct study_claims {
  char directory[PROBLEM_PATH_SIZE];
  char verb[32];
  stepdose_status status;
  int n_files;
  struct {
    char name[64];
    char sha256[HASH_TEXT_SIZE];
  } file[STUDY_CLAIMED_FILES_MAX];
  bool has_regimen;
  int n_design; /* parameters that the run chose */
  struct {
    char name[64];
    double value;
  } design[PROBLEM_DESIGN_MAX];
  bool holds;       /* claims that every limit holds, of the reference patient */
  double tolerance; /* of the verification run */
  double goal;
  int n_values;
  assessed_value value[ASSESSMENT_VALUES_MAX];
  claimed_patients patients;
} study_claims;

/* False only where verifying itself failed (memory); a file that is missing or was changed is a
 * check that does not agree. */
bool study_verify(const study_claims *claims, study_checks *out, stepdose_error *error);

/* verify_patients.c; problem and doses as read from the files of the run, parameters
 * (n_parameters) of the molecule that the result claims */
bool study_verify_patients(const claimed_patients *claimed, const stepdose_problem *problem,
                           const double *parameters, const schedule *doses, study_checks *out,
                           stepdose_error *error);

#endif
