/* The grid of a design map: its axes are the first two design variables that leave a choice. */
#include "study/map_parts.h"

#include <math.h>

static bool leaves_choice(const design_variable *d)
{
  regimen_variable v;
  return regimen_variable_open(&d->values, NULL, &v);
}

/* Place i of n, from the first to the last of `levels`. */
static double spread_level(const regimen_variable *v, int i, int n)
{
  return v->level[(int)lround((double)i * (v->n_levels - 1) / (n - 1))];
}

static double spread_value(const regimen_variable *v, bool logarithmic, int i, int n)
{
  double share = (double)i / (n - 1);
  if (i == n - 1) {
    return v->high;
  }
  return logarithmic ? v->low * pow(v->high / v->low, share) : v->low + (v->high - v->low) * share;
}

/* Choices are all shown; of a range as many values as the problem asks for. */
static void open_axis(const stepdose_problem *problem, int design, map_axis *axis)
{
  const design_variable *d = &problem->design[design];
  regimen_variable v;
  regimen_variable_open(&d->values, NULL, &v);
  *axis = (map_axis){.design = design, .n = problem->search.map_points};
  if (d->values.n_choices > 0 || (v.n_levels > 0 && v.n_levels < axis->n)) {
    axis->n = v.n_levels;
  }
  for (int i = 0; i < axis->n; i++) {
    axis->value[i] = v.n_levels > 0 ? spread_level(&v, i, axis->n)
                                    : spread_value(&v, d->logarithmic, i, axis->n);
  }
}

void map_open_axes(study_map *m)
{
  m->n_axes = 0;
  m->n_points = 1;
  for (int i = 0; i < m->problem->n_design && m->n_axes < MAP_AXES_MAX; i++) {
    if (leaves_choice(&m->problem->design[i])) {
      open_axis(m->problem, i, &m->axis[m->n_axes]);
      m->n_points *= m->axis[m->n_axes++].n;
    }
  }
}

void map_place(const study_map *m, long point, int place[MAP_AXES_MAX])
{
  place[0] = (int)(point % m->axis[0].n);
  place[1] = (int)(point / m->axis[0].n);
}

long study_map_size(const stepdose_problem *problem)
{
  study_map m = {.problem = problem};
  map_open_axes(&m);
  return m.n_axes > 0 ? m.n_points : 0;
}

bool study_can_map(const stepdose_problem *problem, stepdose_error *error)
{
  if (!study_can_propose(problem, error)) {
    return false;
  }
  if (study_map_size(problem) > 0) {
    return true;
  }
  error_set(error, STEPDOSE_CONTRADICTION,
            "add \"design\" with a range or choices for one or two parameters of the molecule",
            "the problem leaves nothing of the molecule open: there is nothing to map");
  error_place(error, problem->path, 0, 0, "/design");
  return false;
}
