/* One regimen, simulated once at a stated tolerance and judged: goal, and every limit in every
 * window. */
#ifndef STUDY_ASSESSMENT_H
#define STUDY_ASSESSMENT_H

#include "objectives/objective.h"

/* Verification is this many times tighter than the search. */
#define STUDY_TIGHTER 100.0

/* What to do about a simulation that failed. */
#define STUDY_FAILED_REMEDY "check doses and parameters; report this if they are plausible"

enum { ASSESSMENT_VALUES_MAX = PROBLEM_LIMITS_MAX * SCHEDULE_WINDOWS_MAX };

typedef struct assessed_value {
  int limit;     /* index into problem->limits */
  int window;    /* dose number from 1; 0: course, range of days, or burden */
  double day;    /* when it was reached; NAN for burden */
  double value;  /* in the unit of the limit */
  double margin; /* objective_margin: <= 0 holds */
} assessed_value;

typedef struct assessment {
  bool simulated; /* false: the integration failed, `failure` tells how */
  char failure[512];
  double tolerance; /* relative, of the integrator */
  endpoints found;
  double goal;
  int n_values;
  assessed_value value[ASSESSMENT_VALUES_MAX];
  double worst_margin; /* largest margin of all values; -INFINITY where there is no limit */
} assessment;

/* A failed simulation is not a failure of this function's caller: out->simulated tells. */
void assess(const stepdose_problem *problem, simulate_workspace *workspace, const schedule *doses,
            double tolerance, trajectory *samples, assessment *out);

/* The same with other parameters of the model than the problem's own. */
void assess_with(const stepdose_problem *problem, const double *parameters,
                 simulate_workspace *workspace, const schedule *doses, double tolerance,
                 trajectory *samples, assessment *out);

bool assessment_holds(const assessment *a); /* simulated, and every limit holds */

/* Index of the value with the largest margin of limit k; -1 where the limit has no window here. */
int assessment_worst(const assessment *a, int k);

/* What a person calls a margin: the share of the bound that is left in percent; < 0: exceeded. */
double assessment_percent_left(const limit *l, double value);

#endif
