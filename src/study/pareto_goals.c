/* The goals of a front as a problem that can be searched: the benefit is its goal, costs are limits
 * that nothing is compared with. */
#include "study/pareto_parts.h"

#include "base/allocate.h"

#include <math.h>
#include <string.h>

/* Of a share of patients beyond a bound the bound itself can be made small: it is a quantile. */
static limit cost_of_limit(const limit *l)
{
  limit cost = *l;
  cost.bound = problem_cost_scale(l->kind);
  cost.risk = l->risk == RISK_PROBABILITY ? RISK_QUANTILE : l->risk;
  cost.share = l->risk == RISK_PROBABILITY ? 1 - l->share : l->share;
  return cost;
}

/* The first limit that is no burden, -1: there is none. */
static int default_cost(const stepdose_problem *problem)
{
  for (int k = 0; k < problem->n_limits; k++) {
    const limit_kind kind = problem->limits[k].kind;
    if (!limit_is_burden(kind) && isfinite(problem_cost_scale(kind))) {
      return k;
    }
  }
  return -1;
}

/* costs: room for PROBLEM_COSTS_MAX; how many. */
static int list_costs(const stepdose_problem *problem, limit *costs)
{
  const pareto_settings *asked = &problem->pareto;
  const int first = default_cost(problem);
  memcpy(costs, asked->cost, sizeof asked->cost);
  if (asked->n_costs > 0 || first < 0) {
    return asked->n_costs;
  }
  costs[0] = cost_of_limit(&problem->limits[first]);
  return 1;
}

static bool is_goal(const limit *l, const limit *costs, int n_costs)
{
  for (int k = 0; k < n_costs; k++) {
    if (limit_same_quantity(l, &costs[k]) && l->stratum == costs[k].stratum) {
      return true;
    }
  }
  return false;
}

bool study_can_pareto(const stepdose_problem *problem, stepdose_error *error)
{
  limit costs[PROBLEM_COSTS_MAX];
  if (!study_can_propose(problem, error)) {
    return false;
  }
  if (list_costs(problem, costs) == 0) {
    error_set(error, STEPDOSE_CONTRADICTION,
              "give \"goals\" in \"pareto\", or a limit on what is to be made small",
              "there is nothing to weigh against the goal: the problem has no limit but burdens");
    error_place(error, problem->path, 0, 0, "/pareto");
    return false;
  }
  return true;
}

static bool has_room(const stepdose_problem *problem, const study_pareto *s, int n_costs,
                     stepdose_error *error)
{
  if (s->n_kept + n_costs <= PROBLEM_LIMITS_MAX) {
    return true;
  }
  error_set(error, STEPDOSE_OUT_OF_RANGE, "use fewer limits or goals",
            "limits and goals together are more than %d", (int)PROBLEM_LIMITS_MAX);
  error_place(error, problem->path, 0, 0, "/limits");
  return false;
}

bool pareto_open_goals(study_pareto *s, stepdose_error *error)
{
  const stepdose_problem *problem = s->problem;
  limit costs[PROBLEM_COSTS_MAX];
  const int n_costs = list_costs(problem, costs);
  stepdose_problem *goals = allocate(sizeof *goals);
  if (goals == NULL) {
    return error_no_memory(error, "preparing a front");
  }
  s->goals = goals;
  *goals = *problem;
  goals->goal = problem->pareto.benefit;
  problem_request_goal(&goals->goal, &goals->request);
  for (int k = 0; k < problem->n_limits; k++) {
    if (!is_goal(&problem->limits[k], costs, n_costs)) {
      goals->limits[s->n_kept] = problem->limits[k];
      s->kept[s->n_kept++] = k;
    }
  }
  s->n_costs = n_costs;
  if (!has_room(problem, s, n_costs, error)) {
    return false;
  }
  memcpy(goals->limits + s->n_kept, costs, (size_t)n_costs * sizeof *costs);
  goals->n_limits = s->n_kept + n_costs;
  return true;
}

const limit *study_pareto_cost(const study_pareto *s, int k)
{
  return &s->goals->limits[s->n_kept + k];
}

void pareto_objectives(const pareto_work *w, const regimen_evaluation *e, const search_point *p,
                       double *objective)
{
  const study_pareto *s = w->study;
  objective[0] = p->failed ? (double)NAN : -p->goal;
  for (int k = 0; k < s->n_costs; k++) {
    const double margin = regimen_limit_margin(e, p, s->n_kept + k);
    objective[1 + k] =
        p->failed ? (double)NAN : objective_value_at(study_pareto_cost(s, k), margin);
  }
}

bool pareto_is_kept(const pareto_work *w, const regimen_evaluation *e, int i)
{
  return e->constraint[i].limit < w->study->n_kept;
}
