/* One regimen on a growing cohort: 25, 100, 400, then all patients, always the same first ones
 * (common random numbers). After each stage exact bounds tell whether the rest could still change
 * the verdict; if not, the rest is not simulated. A verdict is that of the whole cohort, reached
 * early or not. */
#ifndef OPTIMIZE_GROWING_H
#define OPTIMIZE_GROWING_H

#include "simulate/cohort.h"

enum { GROWING_LIMITS_MAX = 24 };

/* How patients are judged. Functions see one patient's endpoints; they must be pure. A patient
 * whose simulation failed breaks every limit and counts with the worst goal. */
typedef struct growing_rule {
  void *context;
  int n_limits;
  bool (*breaks)(void *context, int limit, const endpoints *e);
  int allowed[GROWING_LIMITS_MAX]; /* patients that may break each limit */
  double (*goal)(void *context, const endpoints *e);
  /* Largest and smallest goal that patient p could reach under any regimen. */
  double (*best_goal)(void *context, int patient);
  double (*worst_goal)(void *context, int patient);
  double incumbent; /* mean goal that a regimen must exceed to matter; -INFINITY: none yet */
} growing_rule;

typedef enum growing_verdict {
  GROWING_COMPLETE, /* every patient was simulated; limits hold and the goal exceeds the incumbent's
                     */
  GROWING_OVER_LIMIT, /* more patients break limit `limit` than are allowed */
  GROWING_NO_BETTER   /* the mean goal cannot exceed the incumbent's */
} growing_verdict;

typedef struct growing_outcome {
  growing_verdict verdict;
  int simulated;                    /* patients, the first ones of the cohort */
  int limit;                        /* of GROWING_OVER_LIMIT, else -1 */
  int breaking[GROWING_LIMITS_MAX]; /* among those simulated */
  double mean_goal;                 /* over those simulated */
  int failures;
} growing_outcome;

/* result, failed (n_patients): filled for those simulated. False: *error (stopped). */
bool growing_run(cohort_engine *e, const cohort *c, const schedule *regimen,
                 const cohort_call *call, const growing_rule *rule, endpoints *result, bool *failed,
                 growing_outcome *outcome, stepdose_error *error);

#endif
