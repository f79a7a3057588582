/* Feasible points of all branches within the stated loss of the best one, best first. */
#include "study/propose.h"

#include "base/allocate.h"
#include "base/number.h"

#include <math.h>
#include <stdlib.h>

/* Goals that differ by less are the same for the choice between branches: fewer steps then win. */
static const double same_goal = 1e-9;

static double best_goal(const study_proposal *p)
{
  double best = -HUGE_VAL;
  for (int b = 0; b < p->n_branches; b++) {
    const search_outcome *o = &p->branch[b].outcome;
    best = o->has_final ? fmax(best, o->final.goal) : best;
  }
  return best;
}

static int compare(const void *left, const void *right)
{
  const candidate *a = left;
  const candidate *b = right;
  if (a->point->goal != b->point->goal) {
    return a->point->goal > b->point->goal ? -1 : 1;
  }
  if (a->branch != b->branch) {
    return a->branch < b->branch ? -1 : 1;
  }
  return a->point->evaluation < b->point->evaluation ? -1 : 1;
}

bool study_is_tightened(const study_proposal *p)
{
  return p->patients != NULL && p->repaired.searched;
}

static void add_branch(candidate_list *list, int branch, const search_outcome *o, double least_goal)
{
  if (!o->has_final) {
    return;
  }
  list->at[list->n++] = (candidate){branch, &o->final};
  for (long i = 0; i < o->n_near; i++) {
    bool is_final = o->near[i]->evaluation == o->final.evaluation;
    if (!is_final && o->near[i]->goal >= least_goal) {
      list->at[list->n++] = (candidate){branch, o->near[i]};
    }
  }
}

/* Among those that are as good as the first, the one with fewest steps goes first. */
static void settle_tie(candidate_list *list)
{
  long first = 0;
  for (long i = 1; i < list->n; i++) {
    bool tied = list->at[0].point->goal - list->at[i].point->goal <= same_goal;
    first = tied && list->at[i].branch < list->at[first].branch ? i : first;
  }
  candidate winner = list->at[first];
  for (long i = first; i > 0; i--) {
    list->at[i] = list->at[i - 1];
  }
  if (list->n > 0) {
    list->at[0] = winner;
  }
}

/* A run that ended before the grid was searched has at best points off it: the best so far. */
static void add_off_grid(const study_proposal *p, candidate_list *list)
{
  for (int b = 0; b < p->n_branches; b++) {
    const search_outcome *o = &p->branch[b].outcome;
    for (long i = 0; i < o->n_points; i++) {
      if (!o->points[i].failed && o->points[i].violation <= 0) {
        list->at[list->n++] = (candidate){b, &o->points[i]};
      }
    }
  }
}

bool study_candidates(const study_proposal *p, candidate_list *list, stepdose_error *error)
{
  size_t room = 2 + (size_t)p->repaired.outcome.n_near;
  for (int b = 0; b < p->n_branches; b++) {
    room += (size_t)(p->branch[b].outcome.n_near + p->branch[b].outcome.n_points) + 1;
  }
  *list = (candidate_list){.at = allocate_zeroed(room, sizeof(candidate))};
  if (list->at == NULL) {
    return error_no_memory(error, "listing near-optimal regimens");
  }
  const double loss = p->problem->search.near_optimal_loss;
  for (int b = 0; b < p->n_branches && !study_is_tightened(p); b++) {
    add_branch(list, b, &p->branch[b].outcome, best_goal(p) - loss);
  }
  if (study_is_tightened(p)) {
    const search_outcome *o = &p->repaired.outcome;
    add_branch(list, p->chosen_branch, o, o->final.goal - loss);
  }
  if (list->n == 0 && p->end != SEARCH_END_CONVERGED) {
    add_off_grid(p, list);
  }
  qsort(list->at, (size_t)list->n, sizeof *list->at, compare);
  settle_tie(list);
  return true;
}

bool study_on_grid(const regimen_evaluation *e, const search_point *point)
{
  for (int i = 0; i < e->n_variables; i++) {
    const regimen_variable *v = &e->variable[i];
    bool found = v->n_levels == 0;
    for (int l = 0; l < v->n_levels && !found; l++) {
      found = number_same(point->value[i], v->level[l]);
    }
    if (!found) {
      return false;
    }
  }
  return true;
}

void study_decode(const study_proposal *p, candidate c, schedule *doses, double *design)
{
  const regimen_evaluation *e = p->branch[c.branch].evaluation;
  regimen_decode(&e->branch, c.point->value, doses);
  regimen_evaluation_design(e, c.point->value, design);
}

void study_assess(const study_proposal *p, simulate_workspace *workspace, const schedule *doses,
                  const double *design, double tolerance, trajectory *samples, assessment *out)
{
  regimen_design_parameters(p->problem, design, p->parameters);
  assess_with(p->problem, p->parameters, workspace, doses, tolerance, samples, out);
}
