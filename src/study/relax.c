/* Why nothing is feasible: for every limit alone, the smallest bound that would let a regimen exist
 * while all other limits and rules are kept. Found by a search that minimises that limit's largest
 * margin. */
#include "study/propose.h"

#include <math.h>

/* Each of these searches answers one simpler question, so it gets this share of the evaluations. */
static const double share_of_evaluations = 0.25;

static void describe(const study_proposal *p, const study_branch *searched,
                     simulate_workspace *workspace, relaxation *out)
{
  regimen_decode(&searched->evaluation->branch, searched->outcome.final.value, &out->doses);
  assess(p->problem, workspace, &out->doses, p->problem->tolerance / STUDY_TIGHTER, NULL, &out->at);
  int worst = assessment_worst(&out->at, out->limit);
  out->possible = worst >= 0;
  if (out->possible) {
    out->bound_needed = out->at.value[worst].value;
  }
}

static bool relax_limit(study_proposal *p, const study_run *run, simulate_workspace *workspace,
                        relaxation *out, stepdose_error *error)
{
  /* These searches have another goal: their best values would confuse who watches the progress. */
  study_run unseen = *run;
  unseen.progress = run->quiet;
  double best_goal = -HUGE_VAL;
  double share = share_of_evaluations / p->n_branches;
  for (int b = 0; b < p->n_branches; b++) {
    study_branch searched;
    if (!study_search_branch(p->problem, &unseen, b, out->limit, share, &searched, error)) {
      return false;
    }
    out->evaluations += searched.outcome.evaluations;
    if (study_cut_short(searched.outcome.end)) {
      p->end = searched.outcome.end;
    }
    if (searched.outcome.has_final && searched.outcome.final.goal > best_goal) {
      best_goal = searched.outcome.final.goal;
      describe(p, &searched, workspace, out);
    }
    study_branch_close(&searched);
  }
  return true;
}

bool study_relax(study_proposal *p, const study_run *run, simulate_workspace *workspace,
                 stepdose_error *error)
{
  progress_stage(run->progress, "explaining", p->problem->n_limits);
  for (int k = 0; k < p->problem->n_limits && !study_cut_short(p->end); k++) {
    p->relaxation[k].limit = k;
    if (!relax_limit(p, run, workspace, &p->relaxation[k], error)) {
      return false;
    }
    p->n_relaxations = k + 1;
    progress_step(run->progress, 1);
  }
  return true;
}
