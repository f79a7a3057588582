/* Why nothing is feasible: for every limit alone, the smallest bound that would let a regimen exist
 * while all other limits and rules are kept. Found by a search that minimises that limit's largest
 * margin; over virtual patients that is the smallest bound at the same share, and the share needed
 * at the same bound is that of the regimen so found. */
#include "study/propose.h"

#include <math.h>
#include <string.h>

/* The best answer so far to the question of one limit. */
typedef struct relaxed_best {
  int branch;
  double margin; /* of the limit in question; HUGE_VAL: none */
  double value[SEARCH_VARIABLES_MAX];
} relaxed_best;

static bool keeps_all_but(const regimen_evaluation *e, const search_point *point, int k)
{
  for (int i = 0; i < e->n_constraints; i++) {
    if (e->constraint[i].limit != k && point->constraint[i] > SEARCH_TOLERANCE) {
      return false;
    }
  }
  return true;
}

/* The main search has already met regimens that keep all limits but one: the answer cannot be
 * worse. */
static const search_point *best_known(const study_branch *b, int k)
{
  const search_point *best = NULL;
  double least = HUGE_VAL;
  for (long i = 0; i < b->outcome.n_points; i++) {
    const search_point *point = &b->outcome.points[i];
    bool usable = !point->failed && study_on_grid(b->evaluation, point) &&
                  keeps_all_but(b->evaluation, point, k);
    double margin = usable ? regimen_limit_margin(b->evaluation, point, k) : HUGE_VAL;
    if (margin < least) {
      least = margin;
      best = point;
    }
  }
  return best;
}

static void offer(relaxed_best *best, int branch, double margin, const double *value)
{
  if (margin < best->margin) {
    *best = (relaxed_best){.branch = branch, .margin = margin};
    memcpy(best->value, value, sizeof best->value);
  }
}

/* The patients of the search are simulated again, alone: the wish to stop is heard between the
 * limits, and here it would lose the run. */
static bool describe_in_patients(study_proposal *p, const study_run *run, relaxation *out,
                                 stepdose_error *error)
{
  const limit *l = &p->problem->limits[out->limit];
  study_run unseen = *run;
  unseen.progress = NULL;
  cohort_request request = cohort_request_of(p->problem, "relaxed", &out->doses);
  request.alone = true;
  cohort_study *c = study_in_patients(p, &unseen, out->design, request, error);
  if (c == NULL) {
    return false;
  }
  const cohort_outcome *o = &c->outcome[0];
  study_note_risks(p->problem, o, out->risk, out->margin);
  out->goal = o->goal_value;
  out->possible = cohort_outcome_worst(o, out->limit) >= 0;
  out->bound_needed = out->risk[out->limit];
  out->bound_at_share =
      l->risk == RISK_PROBABILITY ? objective_value_at(l, out->margin[out->limit]) : (double)NAN;
  cohort_study_free(c);
  return true;
}

static bool describe(study_proposal *p, const study_run *run, const relaxed_best *best,
                     simulate_workspace *workspace, relaxation *out, stepdose_error *error)
{
  if (best->margin >= HUGE_VAL) {
    return true;
  }
  const regimen_evaluation *e = p->branch[best->branch].evaluation;
  regimen_decode(&e->branch, best->value, &out->doses);
  regimen_evaluation_design(e, best->value, out->design);
  study_assess(p, workspace, &out->doses, out->design, p->problem->tolerance / STUDY_TIGHTER, NULL,
               &out->at);
  if (!p->problem->reference_patient) {
    return describe_in_patients(p, run, out, error);
  }
  int worst = assessment_worst(&out->at, out->limit);
  out->possible = worst >= 0;
  if (out->possible) {
    out->bound_needed = out->at.value[worst].value;
  }
  return true;
}

static bool relax_branch(study_proposal *p, const study_run *run, int b, relaxation *out,
                         relaxed_best *best, stepdose_error *error)
{
  study_branch searched;
  study_question asked = {.branch = b,
                          .relaxed_limit = out->limit,
                          .share = STUDY_RELAX_SHARE / p->n_branches,
                          .start = best_known(&p->branch[b], out->limit)};
  if (asked.start != NULL) {
    double margin = regimen_limit_margin(p->branch[b].evaluation, asked.start, out->limit);
    offer(best, b, margin, asked.start->value);
  }
  if (!study_search_branch(p->problem, run, &asked, &searched, error)) {
    return false;
  }
  const search_outcome *o = &searched.outcome;
  out->evaluations += o->evaluations;
  p->evaluations_relax += o->evaluations;
  study_add_up(p, o);
  if (o->has_final) {
    offer(best, b, -o->final.goal, o->final.value);
  }
  study_branch_close(&searched);
  return true;
}

static bool relax_limit(study_proposal *p, const study_run *run, simulate_workspace *workspace,
                        relaxation *out, stepdose_error *error)
{
  /* These searches have another goal: their best values would confuse who watches the progress. */
  study_run unseen = *run;
  unseen.progress = run->quiet;
  relaxed_best best = {.margin = HUGE_VAL};
  for (int b = 0; b < p->n_branches; b++) {
    if (!relax_branch(p, &unseen, b, out, &best, error)) {
      return false;
    }
  }
  return describe(p, run, &best, workspace, out, error);
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
