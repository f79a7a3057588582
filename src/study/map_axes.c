/* The molecules of a design map: of a grid over the first two design variables that leave a choice,
 * or of a Latin hypercube over all of them. */
#include "study/map_parts.h"

#include "base/allocate.h"
#include "base/latin_hypercube.h"

#include <math.h>

static bool leaves_choice(const design_variable *d)
{
  regimen_variable v;
  return regimen_variable_open(&d->values, NULL, &v);
}

/* --- axes ------------------------------------------------------------------------------------- */

/* Place i of n, from the first to the last of `levels`. */
static double spread_level(const regimen_variable *v, int i, int n)
{
  return v->level[(int)lround((double)i * (v->n_levels - 1) / (n - 1))];
}

static double spread_value(const regimen_variable *v, bool logarithmic, double share)
{
  if (share >= 1) {
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
  *axis = (map_axis){.design = design, .n = problem->search.map_points, .influence = NAN};
  if (d->values.n_choices > 0 || (v.n_levels > 0 && v.n_levels < axis->n)) {
    axis->n = v.n_levels;
  }
  for (int i = 0; i < axis->n; i++) {
    axis->value[i] = v.n_levels > 0 ? spread_level(&v, i, axis->n)
                                    : spread_value(&v, d->logarithmic, (double)i / (axis->n - 1));
  }
}

void map_open_axes(study_map *m)
{
  const stepdose_problem *problem = m->problem;
  m->sampled = problem->search.map_samples > 0;
  m->n_axes = 0;
  m->n_points = m->sampled ? problem->search.map_samples : 1;
  for (int i = 0; i < problem->n_design; i++) {
    if (!leaves_choice(&problem->design[i])) {
      continue;
    }
    if (m->sampled) {
      m->axis[m->n_axes++] = (map_axis){.design = i, .influence = NAN};
    } else if (m->n_axes < MAP_GRID_AXES_MAX) {
      open_axis(problem, i, &m->axis[m->n_axes]);
      m->n_points *= m->axis[m->n_axes++].n;
    }
  }
}

/* --- molecules -------------------------------------------------------------------------------- */

void map_place(const study_map *m, long point, int place[MAP_GRID_AXES_MAX])
{
  place[0] = (int)(point % m->axis[0].n);
  place[1] = (int)(point / m->axis[0].n);
}

static void fill_grid(study_map *m)
{
  for (long i = 0; i < m->n_points; i++) {
    int place[MAP_GRID_AXES_MAX];
    map_place(m, i, place);
    for (int k = 0; k < m->n_axes; k++) {
      m->at[i * m->n_axes + k] = m->axis[k].value[place[k]];
    }
  }
}

/* Of choices each gets as many strata as the others, up to one. */
static double sampled_value(const stepdose_problem *problem, const map_axis *axis, double share)
{
  const design_variable *d = &problem->design[axis->design];
  regimen_variable v;
  regimen_variable_open(&d->values, NULL, &v);
  return v.n_levels > 0 ? v.level[(int)floor(share * v.n_levels)]
                        : spread_value(&v, d->logarithmic, share);
}

static bool fill_sample(study_map *m)
{
  m->share = allocate_zeroed((size_t)(m->n_points * m->n_axes), sizeof *m->share);
  if (m->share == NULL ||
      !latin_hypercube(m->problem->search.seed, (int)m->n_points, m->n_axes, m->share)) {
    return false;
  }
  for (long i = 0; i < m->n_points * m->n_axes; i++) {
    m->at[i] = sampled_value(m->problem, &m->axis[i % m->n_axes], m->share[i]);
  }
  return true;
}

bool map_open_molecules(study_map *m)
{
  m->at = allocate_zeroed((size_t)(m->n_points * m->n_axes), sizeof *m->at);
  if (m->at == NULL) {
    return false;
  }
  if (m->sampled) {
    return fill_sample(m);
  }
  fill_grid(m);
  return true;
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
