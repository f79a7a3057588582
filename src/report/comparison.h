/* Several finished runs on one page: what was asked of each, and what came out. */
#ifndef REPORT_COMPARISON_H
#define REPORT_COMPARISON_H

#include "report/page_run.h"
#include "report/words_risk.h"

#define COMPARISON_PAGE "comparison.html"

enum {
  COMPARED_RUNS_MAX = 64,
  COMPARED_LIMITS_MAX = 32,
  COMPARED_WHY_SIZE = 192,
  COMPARED_PATIENTS_SIZE = 224
};

/* One limit as one run has it; the worst window of it. */
typedef struct compared_value {
  const limit *asked;             /* borrowed; NULL: that run has no such limit */
  double value, low, high, bound; /* NAN: none */
  bool holds;
} compared_value;

typedef struct compared_run {
  page_run *run;    /* owned */
  const char *path; /* as the user named it; borrowed */
  char *link;       /* from the comparison to the page of the run; owned */
  double goal, total_mg, visits, hospital_days; /* NAN: not told */
  page_doses doses;
  char patients[COMPARED_PATIENTS_SIZE]; /* who is behind its values */
  bool other_patients;                   /* than behind those of the first, set beside it or not */
  char why_apart[COMPARED_WHY_SIZE];     /* why it cannot be set beside the first; "": it can */
} compared_run;

/* One limit that any run has, in all of them. */
typedef struct compared_limit {
  const limit *asked; /* of the first that has it */
  compared_value of[COMPARED_RUNS_MAX];
} compared_limit;

typedef struct comparison {
  int n, n_limits;
  bool more_limits; /* than there is room for */
  compared_run run[COMPARED_RUNS_MAX];
  compared_limit limit[COMPARED_LIMITS_MAX];
} comparison;

/* Writes the page `path` that compares n runs (2..COMPARED_RUNS_MAX), given by their directories.
 * USAGE: the same run twice, too few or too many; RUN_EXISTS: at `path` there is something else
 * than such a page; RESULT_INVALID: a run that is not finished, or that was changed; INPUT_OUTPUT.
 */
bool comparison_write(const char *const *directories, int n, const char *path,
                      stepdose_error *error);

/* --- parts, one file each --- */

/* comparison_read.c */
comparison *comparison_read(const char *const *directories, int n, const char *path,
                            stepdose_error *error);
void comparison_free(comparison *c);
/* "1: runs/first" */
void comparison_name(const comparison *c, int i, char name[WORDS_SIZE]);
bool comparison_beside(const comparison *c, int i); /* it can be set beside the first */
/* Limits of that run are about virtual patients, not about the reference patient. */
bool comparison_of_patients(const page_run *run);

/* comparison_differences.c: fields in which the problems differ */
void comparison_differences(const comparison *c, text *out);

/* comparison_figures.c: risk against control */
void comparison_figures(const comparison *c, text *out);

#endif
