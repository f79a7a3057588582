/* The order in which a design map is searched: a coarse grid of molecules first, then those between
 * them from what their neighbours found, those without a feasible regimen once more, last sweeps in
 * which every molecule tries its neighbours' regimens. A stage reads only what stages before it
 * found: the same result for any number of threads. */
#include "study/map_parts.h"

#include <string.h>

enum { COARSE_STRIDE = 4, SWEEPS_MAX = 3 };

/* Evaluations of one search, per variable and besides. */
enum { COLD_BASE = 120, COLD_EACH = 60, WARM_BASE = 40, WARM_EACH = 40 };

static int variables_most(const map_work *w)
{
  int most = 0;
  for (int i = 0; i < w->n_branches; i++) {
    regimen_evaluation *e = regimen_evaluation_open(&w->seat[0].problem, i, -1, 0, NULL);
    most = e != NULL && e->n_variables > most ? e->n_variables : most;
    regimen_evaluation_close(e);
  }
  return most;
}

static long budget(const map_work *w, long base, long each)
{
  long wanted = base + each * variables_most(w);
  long allowed = w->problem->search.evaluations_max;
  return wanted < allowed ? wanted : allowed;
}

/* The points of a Latin hypercube have no order: every fourth of them are spread as all are. */
static bool on_stride(const map_work *w, long point, int stride)
{
  int place[MAP_GRID_AXES_MAX];
  if (w->map->sampled) {
    return point % stride == 0;
  }
  map_place(w->map, point, place);
  return place[0] % stride == 0 && place[1] % stride == 0;
}

static void list_jobs(map_work *w, long point)
{
  for (int b = 0; b < w->n_branches; b++) {
    w->job[w->n_jobs++] = point * w->n_branches + b;
  }
}

/* Nothing that this stage writes is read by it. */
static bool run_stage(map_work *w, stepdose_error *error)
{
  size_t size = (size_t)(w->map->n_points * w->n_branches) * sizeof *w->best;
  memcpy(w->next, w->best, size);
  progress_stage(w->run->progress, w->stage.name, w->n_jobs * w->stage.budget);
  side_by_side_run(w->side, w->n_jobs, map_search, w);
  memcpy(w->best, w->next, size);
  for (long i = 0; i < w->n_jobs && !study_cut_short(w->end); i++) {
    w->solved[w->job[i] / w->n_branches] = true;
  }
  w->n_jobs = 0;
  if (w->broken && error != NULL) {
    *error = w->error;
  }
  return !w->broken;
}

static bool run_strides(map_work *w, stepdose_error *error)
{
  for (int stride = COARSE_STRIDE; stride > 0; stride /= 2) {
    bool first = stride == COARSE_STRIDE;
    w->stage = (map_stage){.name = first ? "coarse map" : "mapping",
                           .budget = first ? budget(w, COLD_BASE, COLD_EACH)
                                           : budget(w, WARM_BASE, WARM_EACH),
                           .cold = first,
                           .reach = stride};
    for (long i = 0; i < w->map->n_points; i++) {
      if (!w->solved[i] && on_stride(w, i, stride)) {
        list_jobs(w, i);
      }
    }
    if (!run_stage(w, error)) {
      return false;
    }
  }
  return true;
}

static bool is_feasible(const map_work *w, long point)
{
  for (int b = 0; b < w->n_branches; b++) {
    if (w->best[point * w->n_branches + b].feasible) {
      return true;
    }
  }
  return false;
}

/* Where neighbours led to nothing feasible, everything is tried once more before that is said. */
static bool run_second_look(map_work *w, stepdose_error *error)
{
  w->stage = (map_stage){
      .name = "looking again", .budget = budget(w, COLD_BASE, COLD_EACH), .cold = true, .reach = 1};
  for (long i = 0; i < w->map->n_points; i++) {
    if (!is_feasible(w, i) && !on_stride(w, i, COARSE_STRIDE)) {
      list_jobs(w, i);
    }
  }
  return run_stage(w, error);
}

static bool some_better(const map_work *w)
{
  for (long i = 0; i < w->map->n_points * w->n_branches; i++) {
    if (map_is_better(&w->best[i], &w->before[i])) {
      return true;
    }
  }
  return false;
}

/* Until no molecule gains from its neighbours. */
static bool run_sweeps(map_work *w, stepdose_error *error)
{
  size_t size = (size_t)(w->map->n_points * w->n_branches) * sizeof *w->before;
  bool changing = w->map->n_points > 1;
  for (int sweep = 0; sweep < SWEEPS_MAX && changing && !study_cut_short(w->end); sweep++) {
    w->stage = (map_stage){.name = "comparing neighbours",
                           .budget = budget(w, WARM_BASE, WARM_EACH),
                           .only_gain = true,
                           .reach = 1};
    for (long i = 0; i < w->map->n_points; i++) {
      list_jobs(w, i);
    }
    memcpy(w->before, w->best, size);
    if (!run_stage(w, error)) {
      return false;
    }
    changing = some_better(w);
  }
  return true;
}

bool map_run_stages(map_work *w, stepdose_error *error)
{
  return run_strides(w, error) && run_second_look(w, error) && run_sweeps(w, error);
}

bool map_run_repair(map_work *w, stepdose_error *error)
{
  w->stage = (map_stage){.name = "repairing", .budget = budget(w, WARM_BASE, WARM_EACH)};
  for (long i = 0; i < w->map->n_points; i++) {
    if (w->safety[i] > 0) {
      list_jobs(w, i);
    }
  }
  return run_stage(w, error);
}
