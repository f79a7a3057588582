/* The part of result.json that only a design map has; its points stand in design_map.csv. */
#include "report/result_parts.h"

static void write_values(json_writer *w, const map_axis *axis)
{
  json_open_array(w, "values");
  for (int i = 0; i < axis->n; i++) {
    json_number(w, NULL, axis->value[i]);
  }
  json_close_array(w);
}

static void write_axis(json_writer *w, const study_map *m, const map_axis *axis)
{
  const design_variable *d = &m->problem->design[axis->design];
  json_open_object(w, NULL);
  json_string(w, "design", d->name);
  json_string(w, "unit", m->problem->model->parameters[d->parameter].unit);
  json_truth(w, "logarithmic", d->logarithmic);
  if (m->sampled) {
    json_number(w, "from", d->values.low);
    json_number(w, "to", d->values.high);
    json_number(w, "rank_correlation", axis->influence);
  } else {
    write_values(w, axis);
  }
  json_close_object(w);
}

static void write_best(json_writer *w, const study_map *m)
{
  if (m->best < 0) {
    json_null(w, "best_point");
    return;
  }
  const map_point *best = &m->point[m->best];
  json_integer(w, "best_point", m->best + 1);
  write_bounds(w, m->n_bounds, m->bound);
  if (best->blocking >= 0) {
    json_string(w, "blocking_limit", m->problem->limits[best->blocking].pointer);
  }
}

void write_map_parts(json_writer *w, const study_map *m)
{
  json_open_object(w, "map");
  if (m->sampled) {
    json_open_object(w, "latin_hypercube");
    json_integer(w, "molecules", m->n_points);
    write_seed(w, "seed", m->problem->search.seed);
    json_close_object(w);
  }
  json_open_array(w, "axes");
  for (int i = 0; i < m->n_axes; i++) {
    write_axis(w, m, &m->axis[i]);
  }
  json_close_array(w);
  json_integer(w, "points", m->n_points);
  json_open_object(w, "points_by_status");
  for (int s = 0; s < MAP_STATUS_COUNT; s++) {
    json_integer(w, map_status_name((map_status)s), study_map_count(m, (map_status)s));
  }
  json_close_object(w);
  write_best(w, m);
  json_integer(w, "evaluations", m->evaluations);
  json_integer(w, "failed_simulations", m->failures);
  json_string(w, "end", search_end_name(m->end));
  json_close_object(w);
}
