/* The public function that searches the best regimen. */
#include "verbs/run_frame.h"

#include "study/robustness.h"

/* Who stops the run while the card is made gets the proposal without it. */
static bool add_card(study_proposal *p, const study_run *run, stepdose_error *error)
{
  stepdose_error why = {.code = STEPDOSE_OK};
  if (!p->feasible || study_cut_short(p->end)) {
    return true;
  }
  p->card = robustness_run(p->problem, &p->doses, p->design, run, &why);
  if (p->card == NULL && why.code != STEPDOSE_LIMIT_REACHED) {
    *error = why;
    return false;
  }
  return true;
}

static void *run_propose(const stepdose_problem *problem, const char *input, const study_run *run,
                         stepdose_error *error)
{
  (void)input;
  study_proposal *p = study_propose(problem, run, error);
  if (p != NULL && !add_card(p, run, error)) {
    study_proposal_free(p);
    return NULL;
  }
  return p;
}

static void free_proposal(void *made) { study_proposal_free(made); }

static stepdose_status proposal_status(const void *made)
{
  return ((const study_proposal *)made)->status;
}

static bool proposal_cut_short(const void *made)
{
  return study_cut_short(((const study_proposal *)made)->end);
}

static bool write_proposal(const report_run *run, const void *made, char **summary,
                           stepdose_error *error)
{
  return report_proposal(run, made, summary, error);
}

stepdose_result *stepdose_propose(const stepdose_problem *problem,
                                  const stepdose_settings *settings, const char *directory,
                                  stepdose_error *error)
{
  static const run_study study = {
      "propose",          study_can_propose, run_propose, free_proposal, proposal_status,
      proposal_cut_short, write_proposal,    NULL,        NULL};
  return run_study_verb(&study, problem, NULL, settings, directory, error);
}
