/* Verifies a proposal with virtual patients whom its search has not seen. The best of many regimens
 * is best for those patients in part by chance (the optimiser's curse): where fresh patients break
 * a limit that those of the search kept, that limit is tightened and the search repeated. Each
 * attempt is judged by patients of its own, so that nothing is fitted to those who judge. */
#include "study/propose.h"

#include "base/allocate.h"
#include "base/error.h"

#include <math.h>
#include <string.h>

/* A limit is tightened by more than it failed by: the next patients differ again. */
static const double excess_factor = 1.25;

uint64_t study_fresh_seed(const stepdose_problem *problem, int round)
{
  uint64_t seed = problem->verification.seed;
  for (int i = 0; i < round; i++) {
    seed = population_next_seed(problem->population, seed);
    if (!population_strangers(problem->population, seed, problem->population_seed)) {
      seed = population_next_seed(problem->population, seed);
    }
  }
  return seed;
}

cohort_study *study_in_patients(study_proposal *p, const study_run *run, const double *design,
                                cohort_request request, stepdose_error *error)
{
  regimen_design_parameters(p->problem, design, p->parameters);
  request.parameters = p->parameters;
  request.threads = run->threads;
  request.progress = study_cut_short(p->end) ? NULL : run->progress;
  return cohort_study_run(&request, error);
}

static cohort_request fresh_request(const study_proposal *p, uint64_t seed)
{
  cohort_request request = cohort_request_of(p->problem, "proposed", &p->doses);
  request.patients = p->problem->verification.patients;
  request.seed = seed;
  request.tolerance = p->problem->tolerance / STUDY_TIGHTER;
  request.alone = true;
  return request;
}

void study_note_risks(const stepdose_problem *problem, const cohort_outcome *o, double *risk,
                      double *margin)
{
  for (int k = 0; k < problem->n_limits; k++) {
    const int worst = cohort_outcome_worst(o, k);
    risk[k] = worst >= 0 ? o->risk[worst].value : (double)NAN;
    margin[k] = worst >= 0 ? o->risk[worst].margin : -HUGE_VAL;
  }
}

static void note_round(const study_proposal *p, const double *safety, patients_round *r)
{
  const patients_answer *a = p->patients;
  *r = (patients_round){.seed = a->fresh->seed,
                        .doses = p->doses,
                        .searched_goal = a->seen->outcome[0].goal_value,
                        .fresh_goal = a->fresh->outcome[0].goal_value,
                        .holds = cohort_outcome_holds(&a->fresh->outcome[0])};
  memcpy(r->safety, safety, sizeof r->safety);
  study_note_risks(p->problem, &a->seen->outcome[0], r->searched, r->searched_margin);
  study_note_risks(p->problem, &a->fresh->outcome[0], r->fresh, r->fresh_margin);
}

/* One candidate in the patients of the search and in fresh ones. */
static bool try_candidate(study_proposal *p, const study_run *run, simulate_workspace *workspace,
                          candidate c, const double *safety, stepdose_error *error)
{
  patients_answer *a = p->patients;
  if (!study_take(p, run, workspace, c, error)) {
    return false;
  }
  cohort_study_free(a->seen);
  cohort_study_free(a->fresh);
  a->fresh = NULL;
  cohort_request seen = cohort_request_of(p->problem, "proposed", &p->doses);
  seen.alone = true;
  a->seen = study_in_patients(p, run, p->design, seen, error);
  if (a->seen == NULL) {
    return false;
  }
  const cohort_request fresh = fresh_request(p, study_fresh_seed(p->problem, a->n_rounds));
  a->fresh = study_in_patients(p, run, p->design, fresh, error);
  if (a->fresh == NULL) {
    return false;
  }
  note_round(p, safety, &a->round[a->n_rounds]);
  p->holds = a->round[a->n_rounds++].holds;
  p->tried++;
  return true;
}

/* Only what fresh patients found exceeded is tightened further. */
static void tighten_limits(const study_proposal *p, study_question *asked)
{
  const patients_round *last = &p->patients->round[p->patients->n_rounds - 1];
  for (int k = 0; k < p->problem->n_limits; k++) {
    asked->safety[k] = last->safety[k] + excess_factor * fmax(last->fresh_margin[k], 0);
  }
}

static bool keeps_tightened(const regimen_evaluation *e, const search_point *point,
                            const double *safety)
{
  bool keeps = !point->failed;
  for (int i = 0; i < e->n_constraints; i++) {
    const int of = e->constraint[i].limit;
    keeps = keeps && point->constraint[i] + (of >= 0 ? safety[of] : 0) <= 0;
  }
  return keeps;
}

/* Of everything that the first search looked at, the best that keeps the limits as they are now: it
 * may lie far from the last answer. NULL: nothing does. */
static const search_point *best_kept(const study_branch *first, const double *safety)
{
  const search_point *best = NULL;
  for (long i = 0; i < first->outcome.n_points; i++) {
    const search_point *point = &first->outcome.points[i];
    if (keeps_tightened(first->evaluation, point, safety) &&
        (best == NULL || point->goal > best->goal)) {
      best = point;
    }
  }
  return best;
}

/* *found.point stays NULL where the tightened limits leave nothing, or the run was cut short. */
static bool search_again(study_proposal *p, const study_run *run, candidate from,
                         study_question *asked, candidate *found, stepdose_error *error)
{
  study_branch searched;
  *found = (candidate){from.branch, NULL};
  asked->branch = from.branch;
  asked->relaxed_limit = -1;
  asked->tightened = p->patients->n_rounds;
  asked->share = STUDY_TIGHTENED_SHARE;
  asked->start = from.point;
  tighten_limits(p, asked);
  asked->other_start = best_kept(&p->branch[from.branch], asked->safety);
  if (!study_search_branch(p->problem, run, asked, &searched, error)) {
    return false;
  }
  study_add_up(p, &searched.outcome);
  p->evaluations_repair += searched.outcome.evaluations;
  if (searched.outcome.has_final) {
    study_branch_close(&p->repaired);
    p->repaired = searched;
    found->point = &p->repaired.outcome.final;
  } else {
    study_branch_close(&searched);
  }
  return true;
}

/* With the schedules of the molecule beside it, in the same patients. */
static bool add_comparators(study_proposal *p, const study_run *run, stepdose_error *error)
{
  patients_answer *a = p->patients;
  if (p->problem->n_design > 0 || p->problem->n_comparators == 0) {
    return true;
  }
  cohort_request request = fresh_request(p, a->fresh->seed);
  request.alone = false;
  cohort_study *beside = study_in_patients(p, run, p->design, request, error);
  if (beside == NULL) {
    return false;
  }
  cohort_study_free(a->fresh);
  a->fresh = beside;
  return true;
}

static bool go_on(const study_proposal *p)
{
  return !p->holds && !study_cut_short(p->end) &&
         p->patients->n_rounds <= p->problem->verification.rounds;
}

bool study_verify_fresh(study_proposal *p, const study_run *run, simulate_workspace *workspace,
                        candidate c, bool tighten, stepdose_error *error)
{
  study_question asked = {0};
  p->patients = allocate_zeroed(1, sizeof *p->patients);
  if (p->patients == NULL) {
    return error_no_memory(error, "verifying with virtual patients");
  }
  if (!try_candidate(p, run, workspace, c, asked.safety, error)) {
    return false;
  }
  while (tighten && go_on(p)) {
    candidate found;
    if (!search_again(p, run, c, &asked, &found, error)) {
      return false;
    }
    if (found.point == NULL) {
      break;
    }
    c = found;
    if (!try_candidate(p, run, workspace, c, asked.safety, error)) {
      return false;
    }
  }
  return add_comparators(p, run, error);
}

void study_patients_free(patients_answer *a)
{
  if (a != NULL) {
    cohort_study_free(a->seen);
    cohort_study_free(a->fresh);
    release(a);
  }
}
