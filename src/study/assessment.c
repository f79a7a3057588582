/* One regimen, simulated once and judged: see assessment.h. */
#include "study/assessment.h"

#include <math.h>
#include <stdio.h>

static void judge_limits(const stepdose_problem *problem, assessment *out)
{
  for (int k = 0; k < problem->n_limits; k++) {
    const limit *l = &problem->limits[k];
    limit_value values[OBJECTIVE_VALUES_MAX];
    int n = objective_limit_values(l, &out->found, values);
    for (int i = 0; i < n && out->n_values < ASSESSMENT_VALUES_MAX; i++) {
      double margin = objective_margin(l, values[i].value);
      out->value[out->n_values++] =
          (assessed_value){k, values[i].window, values[i].day, values[i].value, margin};
      /* A margin that is no number must not pass for one that holds. */
      out->worst_margin = fmax(out->worst_margin, isnan(margin) ? HUGE_VAL : margin);
    }
  }
}

void assess_with(const stepdose_problem *problem, const double *parameters,
                 simulate_workspace *workspace, const schedule *doses, double tolerance,
                 trajectory *samples, assessment *out)
{
  stepdose_error error;
  simulate_settings settings = simulate_settings_default();
  settings.relative_tolerance = tolerance;
  *out = (assessment){.tolerance = tolerance, .goal = NAN, .worst_margin = -INFINITY};
  out->simulated = simulate_patient(workspace, parameters, doses, &problem->request, &settings,
                                    &out->found, samples, &error);
  if (!out->simulated) {
    snprintf(out->failure, sizeof out->failure, "%s", error.message);
    return;
  }
  out->goal = objective_goal(&problem->goal, &out->found, problem->horizon_days);
  judge_limits(problem, out);
}

void assess(const stepdose_problem *problem, simulate_workspace *workspace, const schedule *doses,
            double tolerance, trajectory *samples, assessment *out)
{
  assess_with(problem, problem->parameters, workspace, doses, tolerance, samples, out);
}

bool assessment_holds(const assessment *a)
{
  return a->simulated && isfinite(a->goal) && a->worst_margin <= 0;
}

int assessment_worst(const assessment *a, int k)
{
  int worst = -1;
  for (int i = 0; i < a->n_values; i++) {
    if (a->value[i].limit == k && (worst < 0 || a->value[i].margin > a->value[worst].margin)) {
      worst = i;
    }
  }
  return worst;
}

double assessment_percent_left(const limit *l, double value)
{
  return 100 * (l->bound - value) / l->bound;
}
