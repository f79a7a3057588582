/* Picks the regimen: the best candidate that holds when it is read back from its file and simulated
 * at a tighter tolerance; else the least violating one. */
#include "study/propose.h"

#include "base/allocate.h"

#include <math.h>

/* A limit that fails by no more than this (log10) may fail by the error of the integrator: worth
 * another candidate. A larger failure is no matter of tolerance. */
static const double hair = 0.01;

/* Violations (log10, or share of the bound) that differ by less are the same. */
static const double same_violation = 1e-6;

bool study_take(study_proposal *p, const study_run *run, simulate_workspace *workspace, candidate c,
                stepdose_error *error)
{
  schedule decoded;
  study_decode(p, c, &decoded, p->design);
  if (!study_write_regimen(p->problem, run->directory, &decoded, &p->doses, error)) {
    return false;
  }
  p->chosen_branch = c.branch;
  p->chosen = c.point;
  study_assess(p, workspace, &p->doses, p->design, p->problem->tolerance / STUDY_TIGHTER, NULL,
               &p->verified);
  p->holds = assessment_holds(&p->verified);
  return true;
}

/* Distance of a point from its nearest limit (log10 or share of the bound) in the search. */
static double slack(const study_proposal *p, candidate c)
{
  double worst = -HUGE_VAL;
  for (int k = 0; k < p->problem->n_limits; k++) {
    worst = fmax(worst, regimen_limit_margin(p->branch[c.branch].evaluation, c.point, k));
  }
  return -worst;
}

/* A limit that fails by a hair at the tight tolerance sends us to the next best candidate that has
 * at least that hair to spare. *excess: the hair by which the best one failed. */
static bool verify_in_order(study_proposal *p, const study_run *run, simulate_workspace *workspace,
                            const candidate_list *list, double *excess, stepdose_error *error)
{
  double slack_asked = -HUGE_VAL;
  for (long i = 0; i < list->n && p->tried < STUDY_VERIFY_TRIES && !p->holds; i++) {
    if (slack(p, list->at[i]) < slack_asked) {
      continue;
    }
    if (!study_take(p, run, workspace, list->at[i], error)) {
      return false;
    }
    double failed_by = p->verified.simulated ? p->verified.worst_margin : HUGE_VAL;
    *excess = p->tried++ == 0 ? failed_by : *excess;
    slack_asked = fmax(slack_asked, fmin(failed_by, hair));
    progress_step(run->progress, 1);
  }
  return true;
}

static bool verify_repaired(study_proposal *p, const study_run *run, simulate_workspace *workspace,
                            candidate from, double excess, stepdose_error *error)
{
  candidate repaired = {0};
  if (!study_repair(p, run, from, excess, &repaired, error)) {
    return false;
  }
  if (repaired.point == NULL) {
    return true;
  }
  p->tried++;
  return study_take(p, run, workspace, repaired, error);
}

static bool verify_best(study_proposal *p, const study_run *run, simulate_workspace *workspace,
                        const candidate_list *list, stepdose_error *error)
{
  double excess = 0;
  if (!verify_in_order(p, run, workspace, list, &excess, error)) {
    return false;
  }
  bool by_a_hair = !p->holds && excess > 0 && excess <= hair;
  if (by_a_hair && !verify_repaired(p, run, workspace, list->at[0], excess, error)) {
    return false;
  }
  return p->holds || study_take(p, run, workspace, list->at[0], error);
}

static double sum_of_violations(const search_point *point, int n_constraints)
{
  double sum = 0;
  for (int i = 0; i < n_constraints; i++) {
    sum += fmax(point->constraint[i], 0);
  }
  return sum;
}

/* Points whose worst limit is exceeded equally are told apart by all limits together, then by goal:
 * the smallest dose may already decide the worst limit, and must not excuse a second one. */
static bool less_violating(const search_point *a, double sum_a, const search_point *b, double sum_b)
{
  if (fabs(a->violation - b->violation) > same_violation) {
    return a->violation < b->violation;
  }
  return fabs(sum_a - sum_b) > same_violation ? sum_a < sum_b : a->goal > b->goal;
}

/* Among points on the grid, or among all where none was evaluated on it. */
static bool least_violating_of(const study_proposal *p, bool on_grid, candidate *least)
{
  double least_sum = HUGE_VAL;
  least->point = NULL;
  for (int b = 0; b < p->n_branches; b++) {
    const regimen_evaluation *e = p->branch[b].evaluation;
    const search_outcome *o = &p->branch[b].outcome;
    for (long i = 0; i < o->n_points; i++) {
      const search_point *point = &o->points[i];
      if (point->failed || (on_grid && !study_on_grid(e, point))) {
        continue;
      }
      double sum = sum_of_violations(point, e->n_constraints);
      if (least->point == NULL || less_violating(point, sum, least->point, least_sum)) {
        *least = (candidate){b, point};
        least_sum = sum;
      }
    }
  }
  return least->point != NULL;
}

static bool least_violating(const study_proposal *p, candidate *least)
{
  return least_violating_of(p, true, least) || least_violating_of(p, false, least);
}

static bool describe_chosen(study_proposal *p, simulate_workspace *workspace, stepdose_error *error)
{
  study_assess(p, workspace, &p->doses, p->design, p->problem->tolerance, NULL, &p->searched);
  if (!p->verified.simulated) {
    return true;
  }
  if (!sampled_run_open(&p->samples, p->problem->model, p->problem->horizon_days, error)) {
    return false;
  }
  study_assess(p, workspace, &p->doses, p->design, p->verified.tolerance, &p->samples.samples,
               &p->verified);
  return true;
}

bool study_choose(study_proposal *p, const study_run *run, simulate_workspace *workspace,
                  stepdose_error *error)
{
  candidate_list list;
  candidate chosen = {0};
  if (!study_candidates(p, &list, error)) {
    return false;
  }
  bool done = true;
  p->feasible = list.n > 0;
  p->has_regimen = p->feasible || least_violating(p, &chosen);
  if (p->feasible) {
    chosen = list.at[0];
  }
  if (p->has_regimen && !p->problem->reference_patient) {
    done = study_verify_fresh(p, run, workspace, chosen, p->feasible, error);
  } else if (p->feasible) {
    done = verify_best(p, run, workspace, &list, error);
  } else if (p->has_regimen) {
    done = study_take(p, run, workspace, chosen, error);
  }
  p->off_grid = p->has_regimen && !study_on_grid(p->branch[chosen.branch].evaluation, chosen.point);
  release(list.at);
  return done && (!p->has_regimen || describe_chosen(p, workspace, error));
}
