/* From the objective that a problem names to its functions. */
#include "objectives/rows.h"

#include <math.h>
#include <string.h>

static const objective_row *const objectives[] = {
#define X(name) &objective_##name,
    OBJECTIVES(X)
#undef X
};

static const objective_row *objective_find(const char *name)
{
  for (size_t i = 0; i < sizeof objectives / sizeof objectives[0]; i++) {
    if (strcmp(objectives[i]->name, name) == 0) {
      return objectives[i];
    }
  }
  return NULL;
}

/* A measure or limit that no objective offers yields NAN, which a search counts as a failure. */
double objective_goal(const goal *g, const endpoints *e, double horizon_days)
{
  const objective_row *row = objective_find(problem_measures[g->measure].objective);
  if (row == NULL || row->goal == NULL) {
    return NAN;
  }
  return row->goal(g, e, horizon_days);
}

int objective_limit_values(const limit *l, const endpoints *e, limit_value *values)
{
  const objective_row *row = objective_find(problem_limit_kinds[l->kind].objective);
  if (row == NULL || row->limit_values == NULL) {
    values[0] = (limit_value){NAN, NAN, 0};
    return 1;
  }
  return row->limit_values(l, e, values);
}

double objective_margin(const limit *l, double value)
{
  const objective_row *row = objective_find(problem_limit_kinds[l->kind].objective);
  if (row == NULL || row->margin == NULL) {
    return NAN;
  }
  return row->margin(l, value);
}

double objective_value_at(const limit *l, double margin)
{
  const objective_row *row = objective_find(problem_limit_kinds[l->kind].objective);
  if (row == NULL || row->value_at == NULL) {
    return NAN;
  }
  return row->value_at(l, margin);
}
