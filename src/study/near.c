/* The near-optimal set: other regimens within the stated loss, each verified in the reference
 * patient, with the one that needs least drug and the one that needs fewest visits always among
 * them. Over virtual patients they are told by what those of the search said. */
#include "study/propose.h"

#include "base/allocate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Regimens whose doses (and molecules whose design values) all differ by less than this share, and
 * whose days by less than this part of a day, are the same for a person. */
static const double same_dose = 0.01, same_day = 0.1;

static bool alike(const study_proposal *p, candidate a, candidate b)
{
  const regimen_evaluation *e = p->branch[a.branch].evaluation;
  if (a.branch != b.branch) {
    return false;
  }
  for (int i = 0; i < e->n_variables; i++) {
    double x = a.point->value[i];
    double y = b.point->value[i];
    bool is_day = i < e->branch.n_variables && strcmp(e->variable[i].unit, "day") == 0;
    double difference = is_day ? same_day : same_dose * fmax(fabs(x), fabs(y));
    if (fabs(x - y) > difference) {
      return false;
    }
  }
  return true;
}

/* Leaves of the list what differs for a person from the proposed regimen and from all better ones.
 */
static void keep_different(const study_proposal *p, candidate_list *list)
{
  long kept = 0;
  for (long i = 0; i < list->n; i++) {
    bool is_new = !alike(p, list->at[i], (candidate){p->chosen_branch, p->chosen});
    for (long k = 0; k < kept && is_new; k++) {
      is_new = !alike(p, list->at[i], list->at[k]);
    }
    if (is_new) {
      list->at[kept++] = list->at[i];
    }
  }
  list->n = kept;
}

static bool is_listed(const study_proposal *p, candidate c)
{
  for (int i = 0; i < p->n_near; i++) {
    if (p->near[i].point == c.point) {
      return true;
    }
  }
  return false;
}

static double total_mg(const study_proposal *p, candidate c)
{
  schedule doses;
  double design[PROBLEM_DESIGN_MAX];
  study_decode(p, c, &doses, design);
  return schedule_total_mg(&doses);
}

static double visits(const study_proposal *p, candidate c)
{
  schedule doses;
  double design[PROBLEM_DESIGN_MAX];
  study_decode(p, c, &doses, design);
  return schedule_visits(&doses, p->problem->horizon_days);
}

typedef double burden(const study_proposal *p, candidate c);

/* The first of the list (so the best goal) among those with the smallest burden. */
static candidate smallest(const study_proposal *p, const candidate_list *list, burden *of)
{
  candidate best = list->at[0];
  for (long i = 1; i < list->n; i++) {
    best = of(p, list->at[i]) < of(p, best) ? list->at[i] : best;
  }
  return best;
}

/* Points of a search that kept something to spare say so in their margins. */
static void note_margins(const study_proposal *p, candidate c, double *margin)
{
  const bool repaired = study_is_tightened(p);
  const regimen_evaluation *e = repaired ? p->repaired.evaluation : p->branch[c.branch].evaluation;
  for (int k = 0; k < p->problem->n_limits; k++) {
    margin[k] = regimen_limit_margin(e, c.point, k) - (repaired ? e->safety[k] : 0);
  }
}

static void add(study_proposal *p, candidate c, simulate_workspace *workspace)
{
  if (p->n_near >= STUDY_NEAR_LISTED || is_listed(p, c)) {
    return;
  }
  near_regimen *n = &p->near[p->n_near++];
  n->branch = c.branch;
  n->point = c.point;
  study_decode(p, c, &n->doses, n->design);
  study_assess(p, workspace, &n->doses, n->design, p->problem->tolerance / STUDY_TIGHTER, NULL,
               &n->verified);
  note_margins(p, c, n->margin);
  const endpoints *proposed = &p->verified.found;
  n->less_drug = n->verified.found.total_mg < proposed->total_mg * (1 - 1e-9);
  n->fewer_visits = n->verified.found.n_visits < proposed->n_visits;
}

static int better_in_patients(const void *left, const void *right)
{
  const near_regimen *a = left;
  const near_regimen *b = right;
  if (a->point->goal != b->point->goal) {
    return a->point->goal > b->point->goal ? -1 : 1;
  }
  return a->point->evaluation < b->point->evaluation ? -1 : 1;
}

static int better_first(const void *left, const void *right)
{
  const near_regimen *a = left;
  const near_regimen *b = right;
  if (a->verified.goal != b->verified.goal) {
    return a->verified.goal > b->verified.goal ? -1 : 1;
  }
  return a->point->evaluation < b->point->evaluation ? -1 : 1;
}

bool study_list_near(study_proposal *p, simulate_workspace *workspace, stepdose_error *error)
{
  candidate_list list;
  if (!study_candidates(p, &list, error)) {
    return false;
  }
  keep_different(p, &list);
  p->n_near_found = list.n;
  if (list.n > 0) {
    add(p, smallest(p, &list, total_mg), workspace);
    add(p, smallest(p, &list, visits), workspace);
    for (long i = 0; i < list.n; i++) {
      add(p, list.at[i], workspace);
    }
    qsort(p->near, (size_t)p->n_near, sizeof *p->near,
          p->patients != NULL ? better_in_patients : better_first);
  }
  release(list.at);
  return true;
}
