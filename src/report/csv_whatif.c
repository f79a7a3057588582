/* whatif.csv: one row for each figure of each regimen under each problem. */
#include "report/report.h"

#include <math.h>
#include <stdio.h>

static void append_number(text *out, double value)
{
  text_append(out, ",");
  csv_number(out, value);
}

static void append_truth(text *out, bool value)
{
  text_append(out, ",%s", value ? "TRUE" : "FALSE");
}

void whatif_figure_name(const study_whatif *w, int figure, char name[WHATIF_NAME_SIZE])
{
  const limit *l = &w->problem->limits[figure < WHATIF_LIMITS ? 0 : figure - WHATIF_LIMITS];
  if (figure < WHATIF_LIMITS) {
    snprintf(name, WHATIF_NAME_SIZE, "%s", whatif_figure_rows[figure].name);
  } else {
    snprintf(name, WHATIF_NAME_SIZE, "limit_%d_%s", figure - WHATIF_LIMITS + 1,
             problem_limit_kinds[l->kind].objective);
  }
}

const char *whatif_figure_unit(const study_whatif *w, const whatif_outcome *o, int figure)
{
  if (figure == WHATIF_GOAL) {
    return problem_measures[study_whatif_problem(w, o)->goal.measure].unit;
  }
  if (figure < WHATIF_LIMITS) {
    return whatif_figure_rows[figure].unit;
  }
  const limit *l = &w->problem->limits[figure - WHATIF_LIMITS];
  const bool share = l->risk == RISK_PROBABILITY && !w->problem->reference_patient;
  return share ? "fraction" : problem_limit_kinds[l->kind].unit;
}

static void append_figure(const study_whatif *w, const whatif_outcome *o, int f, text *out)
{
  char name[WHATIF_NAME_SIZE];
  const whatif_figure *figure = &o->figure[f];
  const int k = f - WHATIF_LIMITS;
  csv_text(out, o->change != NULL ? o->change->name : "unchanged");
  append_truth(out, o->searched);
  whatif_figure_name(w, f, name);
  text_append(out, ",%s,%s", name, whatif_figure_unit(w, o, f));
  append_number(out, figure->value);
  append_number(out, k >= 0 ? o->bound[k] : (double)NAN);
  if (k >= 0 && o->limit_now[k] >= 0) {
    append_truth(out, o->limit_holds[k]);
  } else {
    text_append(out, ",NA");
  }
  append_number(out, figure->difference);
  append_number(out, figure->low);
  append_number(out, figure->high);
  text_append(out, ",%d", o->n_patients);
  append_truth(out, o->paired);
  text_append(out, "\n");
}

void csv_whatif(const study_whatif *w, text *out)
{
  text_append(out, "change,searched,figure,unit,value,bound,holds,difference,difference_low,"
                   "difference_high,patients,paired\n");
  for (int i = 0; i < w->n_outcomes; i++) {
    for (int f = 0; w->outcome[i].simulated && f < WHATIF_LIMITS + w->problem->n_limits; f++) {
      append_figure(w, &w->outcome[i], f, out);
    }
  }
}
