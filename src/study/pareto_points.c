/* The points of a front: simulated again at the tighter tolerance, what a step along the front
 * costs, which of them are shown, and which one is written as the answer. */
#include "study/pareto_parts.h"

#include "base/allocate.h"
#include "optimize/workers.h"

#include <math.h>
#include <string.h>

/* Points that do not hold give way to those behind them, which are simulated in their turn. */
enum { ROUNDS_MAX = 64 };

/* One percent: of a fraction a percentage point. */
static const double one_percent = 0.01;

/* What the tighter tolerance says of a point. */
typedef struct second_look {
  bool done;
  double benefit, cost[PROBLEM_COSTS_MAX];
  double excess; /* largest margin of what is kept; <= 0 holds, INFINITY: failed */
} second_look;

/* What one worker needs. */
typedef struct verifier {
  simulate_workspace *workspace;
  assessment *found;
  double *parameters;
} verifier;

typedef struct verification {
  pareto_work *work;
  second_look *look;  /* (found.n_points) */
  verifier *verifier; /* (threads) */
} verification;

static void decode(const pareto_work *w, long point, schedule *doses, double *design)
{
  const study_pareto *s = w->study;
  const regimen_evaluation *e = w->branch[s->branch_of[point]].evaluation;
  const double *value = s->found.point[point].value;
  regimen_decode(&e->branch, value, doses);
  regimen_evaluation_design(e, value, design);
}

/* --- at the tighter tolerance ----------------------------------------------------------------- */

static void judge(const study_pareto *s, const assessment *a, second_look *out)
{
  *out = (second_look){.done = true, .benefit = a->goal};
  for (int k = 0; k < s->n_costs; k++) {
    const int worst = assessment_worst(a, s->n_kept + k);
    out->cost[k] = worst >= 0 ? a->value[worst].value : 0;
  }
  out->excess = a->simulated && isfinite(a->goal) ? -(double)INFINITY : (double)INFINITY;
  for (int i = 0; i < a->n_values; i++) {
    const double margin = a->value[i].margin;
    if (a->value[i].limit < s->n_kept) {
      out->excess = fmax(out->excess, isnan(margin) ? (double)INFINITY : margin);
    }
  }
}

static void look_again(void *context, int worker, long index)
{
  const verification *v = context;
  const study_pareto *s = v->work->study;
  const verifier *own = &v->verifier[worker];
  const long point = s->found.front[index];
  schedule doses;
  double design[PROBLEM_DESIGN_MAX];
  if (v->look[point].done) {
    return;
  }
  decode(v->work, point, &doses, design);
  regimen_design_parameters(s->goals, design, own->parameters);
  assess_with(s->goals, own->parameters, own->workspace, &doses,
              s->goals->tolerance / STUDY_TIGHTER, NULL, own->found);
  judge(s, own->found, &v->look[point]);
}

/* Points that break a limit leave the front. Returns how many. */
static long drop_broken(const verification *v)
{
  study_pareto *s = v->work->study;
  long dropped = 0;
  for (long i = 0; i < s->found.n_front; i++) {
    const long point = s->found.front[i];
    if (v->look[point].excess > 0) {
      s->found.point[point].violation = v->look[point].excess;
      dropped++;
    }
  }
  return dropped;
}

static bool verify_front(const verification *v, stepdose_error *error)
{
  study_pareto *s = v->work->study;
  bool again = true;
  for (int round = 0; again && round < ROUNDS_MAX; round++) {
    search_workers_run(v->work->run->threads, s->found.n_front, look_again, (void *)v);
    const long dropped = drop_broken(v);
    s->n_given_way += dropped;
    again = dropped > 0;
    if (again && !pareto_sum_up(&s->found, false, error)) {
      return false;
    }
  }
  return true;
}

static bool open_verifier(const stepdose_problem *problem, verifier *own, stepdose_error *error)
{
  own->found = allocate_zeroed(1, sizeof *own->found);
  own->parameters = allocate_zeroed((size_t)problem->model->n_parameters, sizeof(double));
  if (own->found == NULL || own->parameters == NULL) {
    return error_no_memory(error, "verifying a front");
  }
  own->workspace = simulate_workspace_open(problem->model, error);
  return own->workspace != NULL;
}

static void close_verifier(verifier *own)
{
  if (own->workspace != NULL) {
    simulate_workspace_close(own->workspace);
  }
  release(own->found);
  release(own->parameters);
}

/* The reference patient alone: cohorts are simulated again with fresh patients. */
static bool verify(const verification *v, stepdose_error *error)
{
  const int threads = v->work->run->threads;
  bool done = true;
  for (int i = 0; done && i < threads; i++) {
    done = open_verifier(v->work->goals, &v->verifier[i], error);
  }
  done = done && verify_front(v, error);
  for (int i = 0; i < threads; i++) {
    close_verifier(&v->verifier[i]);
  }
  return done;
}

/* --- the points ------------------------------------------------------------------------------- */

static void describe(const pareto_work *w, const second_look *look, long found, pareto_point *p)
{
  const study_pareto *s = w->study;
  const regimen_evaluation *e = w->branch[s->branch_of[found]].evaluation;
  const double *objective = s->found.objective + found * w->n_objectives;
  *p = (pareto_point){.found = found,
                      .branch = s->branch_of[found],
                      .n_steps = e->branch.n_steps,
                      .benefit = -objective[0],
                      .verified_benefit = look->done ? look->benefit : (double)NAN,
                      .checked = look->done,
                      .holds = look->done && look->excess <= 0};
  decode(w, found, &p->doses, p->design);
  for (int k = 0; k < s->n_costs; k++) {
    p->cost[k] = objective[1 + k];
    p->verified_cost[k] = look->done ? look->cost[k] : (double)NAN;
  }
  for (int k = 0; k < s->n_kept; k++) {
    p->margin[k] = regimen_limit_margin(e, &s->found.point[found], k);
  }
}

/* As little of cost k as is asked for, and not more of any other. */
static bool is_step_down(const study_pareto *s, const pareto_point *from, const pareto_point *to,
                         int k, double step)
{
  bool lower = to->cost[k] <= from->cost[k] - step;
  for (int j = 0; j < s->n_costs; j++) {
    lower = lower && (j == k || to->cost[j] <= from->cost[j]);
  }
  return lower;
}

static void find_exchange(const study_pareto *s, pareto_point *from, int k)
{
  const bool fraction =
      strcmp(problem_limit_kinds[study_pareto_cost(s, k)->kind].unit, "fraction") == 0;
  const double step = fraction ? one_percent : one_percent * from->cost[k];
  pareto_exchange *x = &from->exchange[k];
  *x = (pareto_exchange){.to = -1, .step = step, .saved = NAN, .lost = NAN};
  for (long i = 0; step > 0 && i < s->found.n_front; i++) {
    const pareto_point *to = &s->front[i];
    if (is_step_down(s, from, to, k, step) &&
        (x->to < 0 || to->benefit > s->front[x->to].benefit)) {
      x->to = i;
    }
  }
  if (x->to >= 0) {
    x->saved = from->cost[k] - s->front[x->to].cost[k];
    x->lost = from->benefit - s->front[x->to].benefit;
  }
}

static bool describe_points(const pareto_work *w, const second_look *look, stepdose_error *error)
{
  study_pareto *s = w->study;
  s->front = allocate_zeroed((size_t)s->found.n_front + 1, sizeof *s->front);
  if (s->front == NULL) {
    return error_no_memory(error, "describing a front");
  }
  for (long i = 0; i < s->found.n_front; i++) {
    describe(w, &look[s->found.front[i]], s->found.front[i], &s->front[i]);
  }
  for (long i = 0; i < s->found.n_front; i++) {
    for (int k = 0; k < s->n_costs; k++) {
      find_exchange(s, &s->front[i], k);
    }
  }
  return true;
}

/* --- which are shown -------------------------------------------------------------------------- */

static double scaled(const study_pareto *s, long i, int objective)
{
  const pareto_outcome *o = &s->found;
  const double range = o->nadir[objective] - o->ideal[objective];
  const double value = o->objective[o->front[i] * o->n_objectives + objective];
  return range > 0 ? (value - o->ideal[objective]) / range : 0;
}

static double distance(const study_pareto *s, long i, long j)
{
  double sum = 0;
  for (int k = 0; k < s->found.n_objectives; k++) {
    const double d = scaled(s, i, k) - scaled(s, j, k);
    sum += d * d;
  }
  return sum;
}

static bool is_shown(const study_pareto *s, long i)
{
  bool shown = false;
  for (int k = 0; k < s->n_shown; k++) {
    shown = shown || s->shown[k] == i;
  }
  return shown;
}

static void show(study_pareto *s, long i)
{
  if (i >= 0 && !is_shown(s, i) && s->n_shown < PARETO_SHOWN) {
    s->shown[s->n_shown++] = i;
  }
}

/* The point of the front with the best value of an objective. */
static long end_of(const study_pareto *s, int objective)
{
  long best = -1;
  for (long i = 0; i < s->found.n_front; i++) {
    if (best < 0 || scaled(s, i, objective) < scaled(s, best, objective)) {
      best = i;
    }
  }
  return best;
}

/* The point that is farthest from all that are shown; -1: none is left. */
static long farthest(const study_pareto *s)
{
  long found = -1;
  double largest = 0;
  for (long i = 0; i < s->found.n_front; i++) {
    double nearest = INFINITY;
    for (int k = 0; k < s->n_shown; k++) {
      nearest = fmin(nearest, distance(s, i, s->shown[k]));
    }
    if (nearest > largest) {
      largest = nearest;
      found = i;
    }
  }
  return found;
}

static void sort_shown(study_pareto *s)
{
  for (int i = 1; i < s->n_shown; i++) {
    const long moved = s->shown[i];
    int at = i;
    for (; at > 0 && s->shown[at - 1] > moved; at--) {
      s->shown[at] = s->shown[at - 1];
    }
    s->shown[at] = moved;
  }
}

static void choose_shown(study_pareto *s)
{
  show(s, s->chosen);
  for (int k = 0; k < s->found.n_objectives; k++) {
    show(s, end_of(s, k));
  }
  for (long next = farthest(s); next >= 0 && s->n_shown < PARETO_SHOWN; next = farthest(s)) {
    show(s, next);
  }
  sort_shown(s);
}

bool pareto_describe_front(pareto_work *w, stepdose_error *error)
{
  study_pareto *s = w->study;
  verification v = {
      .work = w,
      .look = allocate_zeroed((size_t)s->found.n_points + 1, sizeof *v.look),
      .verifier = allocate_zeroed((size_t)w->run->threads, sizeof *v.verifier),
  };
  bool done = v.look != NULL && v.verifier != NULL;
  if (!done) {
    error_no_memory(error, "verifying a front");
  }
  done = done && (!s->goals->reference_patient || verify(&v, error)) &&
         describe_points(w, v.look, error);
  if (done && s->found.n_front > 0) {
    s->has_knee = s->found.knee >= 0;
    s->chosen = s->has_knee ? s->found.knee : s->found.n_front / 2;
    choose_shown(s);
  }
  release(v.look);
  release(v.verifier);
  return done;
}
