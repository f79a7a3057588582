/* What a search decided about one candidate: see decisions.h. */
#include "report/decisions.h"

int decisions_of(const regimen_evaluation *e, const double *value, const char *name[DECISIONS_MAX],
                 double decided[DECISIONS_MAX])
{
  int n = 0;
  for (int i = 0; i < e->n_variables; i++) {
    name[n] = e->variable[i].name;
    decided[n++] = value[i];
  }
  for (int i = 0; i < e->problem->n_design; i++) {
    if (e->design[i].variable < 0) {
      name[n] = e->problem->design[i].name;
      decided[n++] = e->design[i].fixed;
    }
  }
  return n;
}
