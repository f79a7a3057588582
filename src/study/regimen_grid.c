/* All candidates on the grid of one branch: see regimen_grid.h. */
#include "study/regimen_grid.h"

#include <math.h>

double regimen_grid_size(const regimen_evaluation *e)
{
  double size = 1;
  for (int i = 0; i < e->n_variables; i++) {
    size *= e->variable[i].n_levels > 0 ? e->variable[i].n_levels : HUGE_VAL;
  }
  return size;
}

static bool keeps_rules(const regimen_branch *branch, const double *values)
{
  double rule[REGIMEN_RULES_MAX];
  regimen_rules(branch, values, rule);
  for (int i = 0; i < branch->n_rules; i++) {
    if (rule[i] > 0) {
      return false;
    }
  }
  return true;
}

bool regimen_grid_next(const regimen_evaluation *e, long *code, double *value)
{
  long size = (long)regimen_grid_size(e);
  while (*code < size) {
    long digits = (*code)++;
    for (int i = 0; i < e->n_variables; i++) {
      const regimen_variable *v = &e->variable[i];
      value[i] = v->level[digits % v->n_levels];
      digits /= v->n_levels;
    }
    if (keeps_rules(&e->branch, value)) {
      return true;
    }
  }
  return false;
}

bool regimen_grid_is_small(const regimen_evaluation *e, long budget)
{
  const double most_before_the_rules = 1e5;
  double value[SEARCH_VARIABLES_MAX];
  long kept = 0;
  if (regimen_grid_size(e) > most_before_the_rules) {
    return false;
  }
  for (long code = 0; kept <= budget && regimen_grid_next(e, &code, value);) {
    kept++;
  }
  return kept <= budget;
}
