/* The part of result.json that only a comparison of changes has. */
#include "report/result_parts.h"

#include "report/report.h"

#include <math.h>

static void write_figure(json_writer *w, const study_whatif *s, const whatif_outcome *o, int f)
{
  char name[WHATIF_NAME_SIZE];
  const whatif_figure *figure = &o->figure[f];
  const int k = f - WHATIF_LIMITS;
  whatif_figure_name(s, f, name);
  json_open_object(w, NULL);
  json_string(w, "figure", name);
  json_string(w, "unit", whatif_figure_unit(s, o, f));
  json_number(w, "value", figure->value);
  if (k >= 0 && o->limit_now[k] >= 0) {
    json_number(w, "bound", o->bound[k]);
    json_truth(w, "holds", o->limit_holds[k]);
  }
  json_number(w, "difference", figure->difference);
  json_number(w, "difference_low", figure->low);
  json_number(w, "difference_high", figure->high);
  json_close_object(w);
}

static void write_outcome(json_writer *w, const study_whatif *s, const whatif_outcome *o)
{
  json_open_object(w, NULL);
  json_string(w, "change", o->change != NULL ? o->change->name : "unchanged");
  json_truth(w, "searched", o->searched);
  if (o->searched) {
    json_string(w, "status", stepdose_status_name(o->status));
  }
  json_truth(w, "simulated", o->simulated);
  if (o->has_regimen && !o->simulated) {
    json_string(w, "failure", o->failure);
  }
  if (o->simulated) {
    json_truth(w, "every_limit_holds", o->holds);
    json_integer(w, "patients", o->n_patients);
    json_truth(w, "paired", o->paired);
    write_doses(w, "doses", &o->doses);
    json_open_array(w, "figures");
    for (int f = 0; f < WHATIF_LIMITS + s->problem->n_limits; f++) {
      write_figure(w, s, o, f);
    }
    json_close_array(w);
  }
  json_close_object(w);
}

static void write_breaking(json_writer *w, const char *key, const study_whatif *s, int k)
{
  if (k >= 0) {
    json_string(w, key, s->problem->limits[k].pointer);
  } else {
    json_null(w, key);
  }
}

static void write_ranges(json_writer *w, const study_whatif *s)
{
  json_open_array(w, "dose_ranges");
  for (int i = 0; i < s->n_ranges; i++) {
    const whatif_range *r = &s->range[i];
    json_open_object(w, NULL);
    json_integer(w, "first_dose", r->first);
    json_integer(w, "last_dose", r->last);
    json_number(w, "amount", r->amount);
    json_number(w, "lowest", r->lowest);
    write_breaking(w, "breaks_below", s, r->low_limit);
    json_number(w, "highest", r->highest);
    write_breaking(w, "breaks_above", s, r->high_limit);
    json_close_object(w);
  }
  json_close_array(w);
}

static void write_shadows(json_writer *w, const study_whatif *s)
{
  json_open_object(w, "shadow_prices");
  json_number(w, "bounds_moved_percent", s->changes->shadow_percent);
  json_number(w, "goal", s->shadow_goal);
  json_number(w, "slope_not_explained", s->shadow_residual);
  json_open_array(w, "limits");
  for (int i = 0; i < s->n_shadows; i++) {
    const whatif_shadow *x = &s->shadow[i];
    json_open_object(w, NULL);
    write_limit_name(w, &s->problem->limits[x->limit]);
    json_number(w, "margin", x->margin);
    json_number(w, "goal_per_percent_by_search", x->by_search);
    json_number(w, "goal_per_percent_by_multiplier", x->by_multiplier);
    json_number(w, "goal_tighter", x->goal_tighter);
    json_number(w, "goal_wider", x->goal_wider);
    json_close_object(w);
  }
  json_close_array(w);
  json_close_object(w);
}

void write_whatif_parts(json_writer *w, const study_whatif *s)
{
  json_open_object(w, "whatif");
  json_string(w, "regimen", s->base->regimen_name);
  json_open_array(w, "changes");
  for (int i = 0; i < s->n_outcomes; i++) {
    write_outcome(w, s, &s->outcome[i]);
  }
  json_close_array(w);
  write_ranges(w, s);
  if (s->shadows_known) {
    write_shadows(w, s);
  }
  json_close_object(w);
}
