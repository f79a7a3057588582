/* The summary of a front: what a step along it to one percent less of a cost takes. */
#include "report/columns.h"
#include "report/report.h"

#include <string.h>

enum { INDENT = 2, DIGITS = 4 };

static void exchange_row(columns *t, const study_pareto *s, long i, int k)
{
  const pareto_point *p = &s->front[i];
  const pareto_exchange *x = &p->exchange[k];
  columns_row(t);
  columns_add(t, "%ld%s", i + 1, i == s->chosen ? "*" : "");
  columns_add_number(t, p->cost[k], DIGITS);
  if (x->to < 0) {
    for (int c = 0; c < 4; c++) {
      columns_add(t, "-");
    }
    return;
  }
  columns_add_number(t, s->front[x->to].cost[k], DIGITS);
  columns_add_number(t, x->lost, 3);
  columns_add_number(t, x->lost * x->step / x->saved, 3);
  columns_add(t, "%ld", x->to + 1);
}

void summary_exchange(const study_pareto *s, int k, text *out)
{
  columns *t = columns_open();
  const limit_kind_row *row = &problem_limit_kinds[study_pareto_cost(s, k)->kind];
  const bool fraction = strcmp(row->unit, "fraction") == 0;
  text_append(out, "\nWhat %s less of (%d) costs%s\n",
              fraction ? "one percentage point" : "one percent", k + 1,
              s->problem->reference_patient ? "" : ", patients of the search");
  columns_row(t);
  columns_add(t, "point");
  columns_add(t, "from");
  columns_add(t, "to");
  columns_add(t, "%s lost", problem_measures[s->goals->goal.measure].unit);
  columns_add(t, fraction ? "per point" : "per percent");
  columns_add(t, "by point");
  for (int i = 0; i < s->n_shown; i++) {
    exchange_row(t, s, s->shown[i], k);
  }
  columns_print(t, INDENT, out);
  columns_free(t);
}
