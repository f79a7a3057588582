/* How a run ended, in one sentence: what its status means for this run, and why it ended. */
#include "report/ending.h"

#include <stdio.h>

const char *ending_of_search(const study_proposal *p)
{
  if (p->end == SEARCH_END_TIME) {
    return "time limit reached";
  }
  if (p->end == SEARCH_END_STOPPED) {
    return "stopped on request";
  }
  if (!p->budget_used_up) {
    return search_end_name(p->end);
  }
  return p->end == SEARCH_END_CONVERGED
             ? "evaluation budget used up; best of its grid neighbourhood"
             : "evaluation budget used up";
}

static void interrupted(const study_proposal *p, char out[ENDING_SIZE])
{
  long searched = p->evaluations - p->evaluations_repair - p->evaluations_relax;
  const char *why = ending_of_search(p);
  if (!p->has_regimen) {
    snprintf(out, ENDING_SIZE, "%s before any regimen had been simulated", why);
  } else if (!p->feasible) {
    snprintf(out, ENDING_SIZE,
             "%s; no regimen that meets every limit was found within %ld evaluation%s, which does "
             "not show that there is none",
             why, searched, searched == 1 ? "" : "s");
  } else if (p->off_grid) {
    snprintf(out, ENDING_SIZE, "%s before a regimen on the grid of doses and days was found", why);
  } else {
    snprintf(out, ENDING_SIZE, "%s before the search was complete; the best so far was written",
             why);
  }
}

/* What `verified` and `feasible-in-sample-only` rest on where the search was over patients. */
static bool judged_by_patients(const report_run *run, const study_proposal *p,
                               char out[ENDING_SIZE])
{
  const bool verified = run->status == STEPDOSE_STATUS_VERIFIED;
  if (p == NULL || p->patients == NULL ||
      !(verified || run->status == STEPDOSE_STATUS_FEASIBLE_IN_SAMPLE_ONLY)) {
    return false;
  }
  const int n = p->patients->fresh->n_patients;
  if (verified && run->problem->n_limits == 0) {
    snprintf(out, ENDING_SIZE,
             "no limits were set; the goal is that of an independent run from the written file, "
             "with %d fresh patients",
             n);
  } else if (verified) {
    snprintf(
        out, ENDING_SIZE,
        "every limit holds in an independent run from the written file, with %d fresh patients "
        "and a %g times tighter tolerance",
        n, STUDY_TIGHTER);
  } else {
    snprintf(out, ENDING_SIZE,
             "the limits held in the %d patients of the search but not in %d fresh ones",
             p->patients->seen->n_patients, n);
  }
  return true;
}

void ending_meaning(const report_run *run, const study_proposal *p, char out[ENDING_SIZE])
{
  bool no_limits = run->problem->n_limits == 0;
  if (judged_by_patients(run, p, out)) {
    return;
  }
  if (run->status == STEPDOSE_STATUS_INTERRUPTED && p != NULL) {
    interrupted(p, out);
  } else if (run->status == STEPDOSE_STATUS_VERIFIED && no_limits) {
    snprintf(out, ENDING_SIZE,
             "no limits were set; an independent run from the written file reaches the goal");
  } else if (run->status == STEPDOSE_STATUS_INFEASIBLE && p != NULL && p->budget_used_up) {
    snprintf(out, ENDING_SIZE,
             "%s, and none of the neighbours on the grid comes nearer (evaluation budget used up)",
             stepdose_status_meaning(run->status));
  } else {
    snprintf(out, ENDING_SIZE, "%s", stepdose_status_meaning(run->status));
  }
}

const char *ending_next_after(stepdose_status status, search_end end)
{
  if (status != STEPDOSE_STATUS_INTERRUPTED) {
    return NULL;
  }
  return study_cut_short(end)
             ? "the same command goes on from here"
             : "allow more evaluations: raise /search/evaluations_max (--set works too)";
}

const char *ending_next(const report_run *run, const study_proposal *p)
{
  return ending_next_after(run->status, p->end);
}
