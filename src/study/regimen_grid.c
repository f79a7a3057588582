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
