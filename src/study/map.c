/* The design map, as a list of steps: see map.h. */
#include "study/map_parts.h"

#include "base/allocate.h"

#include <math.h>
#include <string.h>

const char *map_status_name(map_status s)
{
  static const char *const name[MAP_STATUS_COUNT] = {
#define X(id, text, meaning) text,
      MAP_STATUSES(X)
#undef X
  };
  return s >= 0 && s < MAP_STATUS_COUNT ? name[s] : "unknown";
}

/* --- room for the work ------------------------------------------------------------------------ */

static bool open_seat(const stepdose_problem *problem, map_seat *seat)
{
  size_t n = (size_t)problem->model->n_parameters;
  seat->problem = *problem;
  seat->problem.parameters = allocate_zeroed(n, sizeof(double));
  seat->parameters = allocate_zeroed(n, sizeof(double));
  seat->derived = allocate_zeroed((size_t)problem->model->n_derived, sizeof(double));
  return seat->problem.parameters != NULL && seat->parameters != NULL && seat->derived != NULL;
}

static bool open_seats(map_work *w)
{
  int width = side_by_side_width(w->side);
  w->seat = allocate_zeroed((size_t)width, sizeof *w->seat);
  for (int i = 0; i < width && w->seat != NULL; i++) {
    w->n_seats = i + 1;
    if (!open_seat(w->problem, &w->seat[i])) {
      return false;
    }
  }
  return w->seat != NULL;
}

static bool open_tables(map_work *w)
{
  size_t n_points = (size_t)w->map->n_points;
  size_t n = n_points * (size_t)w->n_branches;
  w->best = allocate_zeroed(n, sizeof *w->best);
  w->next = allocate_zeroed(n, sizeof *w->next);
  w->before = allocate_zeroed(n, sizeof *w->before);
  w->job = allocate_zeroed(n, sizeof *w->job);
  w->solved = allocate_zeroed(n_points, sizeof *w->solved);
  w->safety = allocate_zeroed(n_points, sizeof *w->safety);
  return w->best != NULL && w->next != NULL && w->before != NULL && w->job != NULL &&
         w->solved != NULL && w->safety != NULL;
}

static void close_work(map_work *w)
{
  for (int i = 0; i < w->n_seats; i++) {
    release(w->seat[i].problem.parameters);
    release(w->seat[i].parameters);
    release(w->seat[i].derived);
  }
  release(w->seat);
  release(w->best);
  release(w->next);
  release(w->before);
  release(w->job);
  release(w->solved);
  release(w->safety);
  side_by_side_close(w->side);
  pthread_mutex_destroy(&w->lock);
}

static bool open_work(map_work *w, study_map *m, const study_run *run, stepdose_error *error)
{
  const stepdose_problem *problem = m->problem;
  *w = (map_work){.problem = problem, .run = run, .map = m, .end = SEARCH_END_CONVERGED};
  pthread_mutex_init(&w->lock, NULL);
  w->settings = simulate_settings_default();
  w->settings.relative_tolerance = problem->tolerance;
  w->side = side_by_side_open(problem->model, run->threads, &problem->request, &w->settings, error);
  if (w->side == NULL) {
    return false;
  }
  if (!open_seats(w)) {
    return error_no_memory(error, "preparing the map");
  }
  map_take_seat(w, &w->seat[0], 0);
  w->n_branches = regimen_evaluation_branches(&w->seat[0].problem);
  return open_tables(w) || error_no_memory(error, "preparing the map");
}

/* --- the steps -------------------------------------------------------------------------------- */

static bool search_and_assess(map_work *w, stepdose_error *error)
{
  long n_to_repair = 0;
  if (!map_run_stages(w, error) || !map_assess_points(w, true, &n_to_repair, error)) {
    return false;
  }
  if (n_to_repair == 0 || study_cut_short(w->end)) {
    return true;
  }
  return map_run_repair(w, error) && map_assess_points(w, false, &n_to_repair, error);
}

static void add_up(const map_work *w, study_map *m)
{
  m->end = w->end;
  m->failures = atomic_load(&w->failures);
  m->journal_answers = atomic_load(&w->journal_answers);
  for (long i = 0; i < m->n_points; i++) {
    m->evaluations += m->point[i].evaluations;
  }
}

/* Better for the map as a whole: verified before feasible before least violating. */
static bool is_better(const map_point *a, const map_point *b)
{
  static const int rank[MAP_STATUS_COUNT] = {
      [MAP_VERIFIED] = 3, [MAP_IN_SAMPLE_ONLY] = 2, [MAP_INFEASIBLE] = 1, [MAP_UNFINISHED] = 1};
  if (rank[a->status] != rank[b->status]) {
    return rank[a->status] > rank[b->status];
  }
  return rank[a->status] >= 2 ? a->goal > b->goal : a->violation < b->violation;
}

static void find_best(study_map *m)
{
  m->best = -1;
  for (long i = 0; i < m->n_points; i++) {
    bool simulated = m->point[i].status != MAP_FAILED && !isnan(m->point[i].searched);
    if (simulated && (m->best < 0 || is_better(&m->point[i], &m->point[m->best]))) {
      m->best = i;
    }
  }
  map_status found = m->best >= 0 ? m->point[m->best].status : MAP_UNFINISHED;
  m->feasible = found == MAP_VERIFIED || found == MAP_IN_SAMPLE_ONLY;
}

/* From its file, as a proposal. */
static bool describe_best(study_map *m, const study_run *run, stepdose_error *error)
{
  const stepdose_problem *problem = m->problem;
  const map_point *best = &m->point[m->best];
  double *parameters = allocate_zeroed((size_t)problem->model->n_parameters, sizeof *parameters);
  if (parameters == NULL) {
    return error_no_memory(error, "verifying the map");
  }
  regimen_design_parameters(problem, best->design, parameters);
  simulate_workspace *workspace = simulate_workspace_open(problem->model, error);
  bool done = workspace != NULL &&
              study_write_regimen(problem, run->directory, &best->doses, &m->doses, error) &&
              sampled_run_open(&m->samples, problem->model, problem->horizon_days, error);
  if (done) {
    assess_with(problem, parameters, workspace, &m->doses, problem->tolerance, NULL, &m->searched);
    assess_with(problem, parameters, workspace, &m->doses, problem->tolerance / STUDY_TIGHTER,
                &m->samples.samples, &m->verified);
  }
  if (workspace != NULL) {
    simulate_workspace_close(workspace);
  }
  release(parameters);
  return done;
}

/* Decisions of the best point: those of its regimen, in the order in which every molecule has them,
 * and of the whole design. */
static bool find_bounds(map_work *w, study_map *m, stepdose_error *error)
{
  const map_point *p = &m->point[m->best];
  int branch = map_best_branch(w, m->best);
  map_take_seat(w, &w->seat[0], m->best);
  int steps = branch / regimen_combinations(&w->seat[0].problem);
  regimen_evaluation *e =
      regimen_evaluation_open(m->problem, steps * regimen_combinations(m->problem), -1, 0, error);
  if (e == NULL) {
    return false;
  }
  double value[SEARCH_VARIABLES_MAX];
  const map_best *best = &w->best[m->best * w->n_branches + branch];
  memcpy(value, best->value, (size_t)e->branch.n_variables * sizeof *value);
  for (int i = 0; i < m->problem->n_design; i++) {
    if (e->design[i].variable >= 0) {
      value[e->design[i].variable] = p->design[i];
    }
  }
  m->n_bounds = study_bounds(e, value, m->bound);
  regimen_evaluation_close(e);
  return true;
}

static stepdose_status judge(const study_map *m)
{
  if (study_cut_short(m->end)) {
    return STEPDOSE_STATUS_INTERRUPTED;
  }
  if (!m->feasible) {
    return STEPDOSE_STATUS_INFEASIBLE;
  }
  return assessment_holds(&m->verified) ? STEPDOSE_STATUS_VERIFIED
                                        : STEPDOSE_STATUS_FEASIBLE_IN_SAMPLE_ONLY;
}

/* A search side by side keeps no reasons: one simulation tells. */
static bool say_why_nothing(const study_map *m, stepdose_error *error)
{
  double starts[STUDY_STARTS_MAX * SEARCH_VARIABLES_MAX];
  double constraint[SEARCH_CONSTRAINTS_MAX];
  double goal_value;
  regimen_evaluation *e = regimen_evaluation_open(m->problem, 0, -1, 1, error);
  if (e == NULL) {
    return false;
  }
  study_starts(e, starts);
  if (regimen_evaluate(e, 0, starts, &goal_value, constraint, error)) {
    error_set(error, STEPDOSE_SIMULATION_FAILED, STUDY_FAILED_REMEDY,
              "no regimen of any molecule of the map could be simulated");
  }
  regimen_evaluation_close(e);
  return false;
}

long study_map_count(const study_map *m, map_status status)
{
  long n = 0;
  for (long i = 0; i < m->n_points; i++) {
    n += m->point[i].status == status;
  }
  return n;
}

static bool run_steps(study_map *m, map_work *w, const study_run *run, stepdose_error *error)
{
  if (!search_and_assess(w, error)) {
    return false;
  }
  add_up(w, m);
  find_best(m);
  if (!map_find_influence(m)) {
    return error_no_memory(error, "describing the map");
  }
  if (m->best >= 0) {
    return describe_best(m, run, error) && find_bounds(w, m, error);
  }
  return study_cut_short(m->end) || say_why_nothing(m, error);
}

study_map *study_map_design(const stepdose_problem *problem, const study_run *run,
                            stepdose_error *error)
{
  study_map *m = allocate_zeroed(1, sizeof *m);
  map_work *w = allocate_zeroed(1, sizeof *w);
  if (m != NULL) {
    m->problem = problem;
    map_open_axes(m);
    m->point = allocate_zeroed((size_t)m->n_points, sizeof *m->point);
  }
  bool done = m != NULL && w != NULL && m->point != NULL && map_open_molecules(m);
  if (!done) {
    error_no_memory(error, "preparing the map");
  } else {
    done = open_work(w, m, run, error) && run_steps(m, w, run, error);
    close_work(w);
  }
  release(w);
  if (!done) {
    study_map_free(m);
    return NULL;
  }
  m->status = judge(m);
  return m;
}

void study_map_free(study_map *m)
{
  if (m != NULL) {
    sampled_run_free(&m->samples);
    release(m->point);
    release(m->at);
    release(m->share);
    release(m);
  }
}
