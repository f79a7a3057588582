/* The regimens of several branches as the points of one outcome. */
#include "study/pareto_parts.h"

#include "base/allocate.h"

#include <math.h>

static bool open_outcome(const pareto_work *w, const pareto_branch *branch, int n,
                         pareto_outcome *out, int **branch_of, stepdose_error *error)
{
  size_t points = 1;
  size_t checks = 1;
  for (int b = 0; b < n; b++) {
    points += (size_t)branch[b].known.n;
    checks += (size_t)branch[b].n_checks;
  }
  *out = (pareto_outcome){.n_objectives = w->n_objectives, .knee = -1};
  out->point = allocate_zeroed(points, sizeof *out->point);
  out->objective = allocate_zeroed(points * (size_t)w->n_objectives, sizeof *out->objective);
  out->generation = allocate_zeroed(checks, sizeof *out->generation);
  int *of = branch_of != NULL ? allocate_zeroed(points, sizeof *of) : NULL;
  if (out->point == NULL || out->objective == NULL || out->generation == NULL ||
      (branch_of != NULL && of == NULL)) {
    pareto_outcome_free(out);
    release(of);
    return error_no_memory(error, "putting a front together");
  }
  if (branch_of != NULL) {
    *branch_of = of;
  }
  return true;
}

static void add_checks(const pareto_branch *b, long before, pareto_outcome *out)
{
  for (int i = 0; i < b->n_checks; i++) {
    const long evaluations = before + b->check[i];
    const int n = out->n_generations;
    if (n == 0 || out->generation[n - 1].evaluations < evaluations) {
      out->generation[out->n_generations++] = (pareto_generation){.evaluations = evaluations};
    }
  }
}

static void add_points(const pareto_work *w, const pareto_branch *b, pareto_outcome *out)
{
  for (long i = 0; i < b->known.n; i++) {
    search_point *p = &out->point[out->n_points];
    *p = b->known.point[i];
    p->evaluation = out->n_points;
    out->failures += p->failed;
    pareto_objectives(w, b->evaluation, p, out->objective + out->n_points * w->n_objectives);
    out->n_points++;
  }
}

bool pareto_merge(const pareto_work *w, const pareto_branch *branch, int n, pareto_outcome *out,
                  int **branch_of, stepdose_error *error)
{
  if (!open_outcome(w, branch, n, out, branch_of, error)) {
    return false;
  }
  for (int b = 0; b < n; b++) {
    const long before = out->n_points;
    add_checks(&branch[b], before, out);
    add_points(w, &branch[b], out);
    for (long i = before; branch_of != NULL && i < out->n_points; i++) {
      (*branch_of)[i] = b;
    }
  }
  if (pareto_sum_up(out, false, error)) {
    return true;
  }
  pareto_outcome_free(out);
  if (branch_of != NULL) {
    release(*branch_of);
    *branch_of = NULL;
  }
  return false;
}
