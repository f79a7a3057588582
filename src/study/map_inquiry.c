/* One molecule of a design map under inquiry: its seat, and the evaluation of its regimens. */
#include "study/map_parts.h"

#include <math.h>
#include <string.h>

void map_take_seat(const map_work *w, map_seat *seat, long point)
{
  const stepdose_problem *whole = w->problem;
  const study_map *m = w->map;
  stepdose_problem *at = &seat->problem;
  memcpy(at->parameters, whole->parameters, (size_t)whole->model->n_parameters * sizeof(double));
  at->n_design = 0;
  for (int i = 0, axis = 0; i < whole->n_design; i++) {
    const design_variable *d = &whole->design[i];
    if (axis < m->n_axes && m->axis[axis].design == i) {
      at->parameters[d->parameter] = m->at[point * m->n_axes + axis];
      axis++;
    } else {
      at->design[at->n_design++] = *d;
    }
  }
}

bool map_is_better(const map_best *a, const map_best *b)
{
  if (!a->evaluated || !b->evaluated) {
    return a->evaluated && !b->evaluated;
  }
  if (a->feasible != b->feasible) {
    return a->feasible;
  }
  return a->feasible ? a->goal > b->goal : a->violation < b->violation;
}

/* Searches with tightened limits must not answer from the records of others. */
static int journal_id(const map_inquiry *q)
{
  const map_work *w = q->work;
  int repair = w->safety[q->point] > 0;
  return (int)((q->point * w->n_branches + q->branch) * 2 + repair);
}

static bool simulate(map_inquiry *q, const double *value, double *goal_value, double *constraint,
                     stepdose_error *error)
{
  map_seat *seat = q->seat;
  const stepdose_problem *problem = &seat->problem;
  schedule doses;
  endpoints found;
  regimen_evaluation_decode(q->evaluation, value, &doses, seat->parameters);
  if (!problem->model->derive(seat->parameters, seat->derived, error)) {
    return false;
  }
  const stream_task task = {
      .parameters = seat->parameters, .derived = seat->derived, .doses = &doses, .result = &found};
  if (!side_by_side_simulate(q->work->side, &task)) {
    return error_set(error, STEPDOSE_SIMULATION_FAILED, STUDY_FAILED_REMEDY,
                     "the simulation failed");
  }
  regimen_evaluation_judge(q->evaluation, value, &found, goal_value, constraint);
  return true;
}

/* The journal is asked here, as searches side by side share it. */
bool map_evaluate(void *inquiry, int worker, const double *value, double *goal_value,
                  double *constraint, stepdose_error *error)
{
  map_inquiry *q = inquiry;
  const regimen_evaluation *e = q->evaluation;
  search_journal *journal = q->work->run->journal;
  bool failed = false;
  (void)worker;
  progress_step(q->work->run->progress, 1);
  if (journal != NULL && journal_find(journal, journal_id(q), e->n_variables, value,
                                      e->n_constraints, goal_value, constraint, &failed)) {
    atomic_fetch_add(&q->work->journal_answers, 1);
    return !failed || error_set(error, STEPDOSE_SIMULATION_FAILED, "", "failed before");
  }
  failed = !simulate(q, value, goal_value, constraint, error);
  if (journal != NULL) {
    if (failed) {
      *goal_value = 0;
      memset(constraint, 0, (size_t)e->n_constraints * sizeof *constraint);
    }
    journal_add(journal, journal_id(q), e->n_variables, value, e->n_constraints, *goal_value,
                constraint, failed);
  }
  return !failed;
}

void map_offer(map_inquiry *q, const double *value, map_best *best)
{
  map_best offered = {.evaluated = true};
  double constraint[SEARCH_CONSTRAINTS_MAX];
  q->evaluations++;
  if (!map_evaluate(q, 0, value, &offered.goal, constraint, NULL) || !isfinite(offered.goal)) {
    atomic_fetch_add(&q->work->failures, 1);
    return;
  }
  for (int i = 0; i < q->evaluation->n_constraints; i++) {
    double exceeded = constraint[i] > SEARCH_TOLERANCE ? constraint[i] : 0;
    offered.violation = isnan(constraint[i]) ? HUGE_VAL : fmax(offered.violation, exceeded);
  }
  offered.feasible = offered.violation <= 0;
  memcpy(offered.value, value, (size_t)q->evaluation->n_variables * sizeof *value);
  *best = map_is_better(&offered, best) ? offered : *best;
}
