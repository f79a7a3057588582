/* Where the best regimen lies exactly at a limit, the error of the integrator decides on which
 * side: one more search asks for a regimen that keeps the limits with more than that error to
 * spare. */
#include "study/propose.h"

/* Tightened by more than the best candidate failed by: the next one lies elsewhere. */
static const double excess_factor = 3;

bool study_repair(study_proposal *p, const study_run *run, candidate from, double excess,
                  candidate *found, stepdose_error *error)
{
  study_question asked = {.branch = from.branch,
                          .relaxed_limit = -1,
                          .tightened = 1,
                          .share = STUDY_REPAIR_SHARE,
                          .start = from.point};
  p->safety = excess_factor * excess;
  for (int k = 0; k < p->problem->n_limits; k++) {
    asked.safety[k] = p->safety;
  }
  if (!study_search_branch(p->problem, run, &asked, &p->repaired, error)) {
    return false;
  }
  const search_outcome *o = &p->repaired.outcome;
  study_add_up(p, o);
  p->evaluations_repair += o->evaluations;
  *found = (candidate){from.branch, o->has_final ? &o->final : NULL};
  return true;
}
