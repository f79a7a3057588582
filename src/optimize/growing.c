/* One regimen on a growing cohort. */
#include "optimize/growing.h"

#include <string.h>

/* Sizes after which the question is asked again; then all patients. */
static const int stages[] = {25, 100, 400};
enum { STAGES = sizeof stages / sizeof stages[0] };

/* Sums over the patients simulated so far, in their order: the same for any number of threads. */
typedef struct tally {
  double goal_sum;
  double best_left; /* sum of the best goals of patients not yet simulated */
  int failures;
  int breaking[GROWING_LIMITS_MAX];
} tally;

static void count_patient(const growing_rule *rule, int p, const endpoints *e, bool failed,
                          tally *t)
{
  t->best_left -= rule->best_goal(rule->context, p);
  t->goal_sum += failed ? rule->worst_goal(rule->context, p) : rule->goal(rule->context, e);
  t->failures += failed;
  for (int k = 0; k < rule->n_limits; k++) {
    t->breaking[k] += failed || rule->breaks(rule->context, k, e);
  }
}

/* The first limit that is already broken by too many, or -1. */
static int broken_limit(const growing_rule *rule, const tally *t)
{
  for (int k = 0; k < rule->n_limits; k++) {
    if (t->breaking[k] > rule->allowed[k]) {
      return k;
    }
  }
  return -1;
}

/* Sums are rounded: a regimen is given up only if it is worse by more than rounding can explain. */
static bool cannot_win(const growing_rule *rule, const tally *t, int n)
{
  const double best_possible = (t->goal_sum + t->best_left) / n;
  const double size = rule->incumbent < 0 ? -rule->incumbent : rule->incumbent;
  return best_possible < rule->incumbent - 1e-9 * (1 + size);
}

static growing_verdict judge(const growing_rule *rule, const tally *t, int done, int n, int *limit)
{
  *limit = broken_limit(rule, t);
  if (*limit >= 0) {
    return GROWING_OVER_LIMIT;
  }
  if (done == n) {
    return t->goal_sum / n > rule->incumbent ? GROWING_COMPLETE : GROWING_NO_BETTER;
  }
  return cannot_win(rule, t, n) ? GROWING_NO_BETTER : GROWING_COMPLETE;
}

bool growing_run(cohort_engine *e, const cohort *c, const schedule *regimen,
                 const cohort_call *call, const growing_rule *rule, endpoints *result, bool *failed,
                 growing_outcome *outcome, stepdose_error *error)
{
  const int n = cohort_patients(c);
  tally t = {0};
  *outcome = (growing_outcome){.limit = -1};
  for (int p = 0; p < n; p++) {
    t.best_left += rule->best_goal(rule->context, p);
  }
  for (int stage = 0; outcome->simulated < n; stage++) {
    const int done = outcome->simulated;
    const int until = stage < STAGES && stages[stage] < n ? stages[stage] : n;
    cohort_report report;
    if (!cohort_run(e, c, done, until - done, 1, regimen, call, result, failed, &report, error)) {
      return false;
    }
    for (int p = done; p < until; p++) {
      count_patient(rule, p, &result[p], failed[p], &t);
    }
    outcome->simulated = until;
    outcome->verdict = judge(rule, &t, until, n, &outcome->limit);
    if (outcome->verdict != GROWING_COMPLETE) {
      break;
    }
  }
  memcpy(outcome->breaking, t.breaking, sizeof t.breaking);
  outcome->mean_goal = outcome->simulated ? t.goal_sum / outcome->simulated : 0;
  outcome->failures = t.failures;
  return true;
}
