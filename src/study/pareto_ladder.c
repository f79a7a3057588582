/* First regimens of a branch: flat and rising schedules from the smallest doses to the largest.
 * Neither benefit nor harm need rise with the dose, and a front may fall into pieces that a search
 * from one of them does not reach: a step on each is what these are for. */
#include "study/pareto_parts.h"

#include <math.h>
#include <string.h>

enum { RUNGS = 9, SHAPES = 2, BUDGET_EACH = 4 };

static bool is_dose(const regimen_evaluation *e, int i)
{
  return i < e->branch.n_variables && strcmp(e->variable[i].unit, "day") != 0;
}

/* The value at share u of the range, or of the levels. */
static double value_at(const regimen_variable *v, double u)
{
  if (v->n_levels > 0) {
    return v->level[(int)lround(u * (v->n_levels - 1))];
  }
  return v->logarithmic ? v->low * pow(v->high / v->low, u) : v->low + u * (v->high - v->low);
}

/* All doses at share u, or rising to it. Days and molecule as in `base`. */
static void place_doses(const regimen_evaluation *e, const double *base, bool rising, double u,
                        double *value)
{
  int n_doses = 0;
  int dose_number = 0;
  for (int i = 0; i < e->n_variables; i++) {
    n_doses += is_dose(e, i);
  }
  for (int i = 0; i < e->n_variables; i++) {
    const regimen_variable *v = &e->variable[i];
    if (is_dose(e, i)) {
      dose_number++;
      value[i] = value_at(v, rising ? u * dose_number / n_doses : u);
    } else if (v->n_levels > 0) {
      value[i] = v->level[v->n_levels / 2];
    } else {
      value[i] = base[i];
    }
  }
}

bool pareto_climb(pareto_branch *b, stepdose_error *error)
{
  const regimen_evaluation *e = b->evaluation;
  double starts[STUDY_STARTS_MAX * SEARCH_VARIABLES_MAX];
  double value[SHAPES * RUNGS * SEARCH_VARIABLES_MAX];
  const double *base = starts + (long)(study_starts(e, starts) - 1) * e->n_variables;
  const long affordable = b->budget / BUDGET_EACH / SHAPES;
  const int rungs = affordable < RUNGS ? (int)affordable : RUNGS;
  long n = 0;
  for (int k = 0; k < rungs; k++) {
    for (int rising = 0; rising < SHAPES; rising++) {
      const double u = rungs > 1 ? (double)k / (rungs - 1) : 0;
      place_doses(e, base, rising > 0, u, value + n++ * e->n_variables);
    }
  }
  return pareto_simulate_new(b, n, value, error) && pareto_check(b, error);
}
