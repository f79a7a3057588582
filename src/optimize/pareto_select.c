/* Selection of NSGA-II: K. Deb, A. Pratap, S. Agarwal, T. Meyarivan, IEEE Trans. Evol. Comput. 6
 * (2002) 182, doi 10.1109/4235.996017. The last front that only partly survives is thinned one by
 * one where it is densest, by the distances to as many neighbours as there are objectives, which
 * keeps it even in three and four objectives too: S. Kukkonen, K. Deb, PPSN IX (2006) 553,
 * doi 10.1007/11844297_56. */
#include "optimize/pareto_state.h"

#include <math.h>
#include <stdlib.h>

bool pareto_dominates(int n_objectives, const pareto_score *a, const pareto_score *b)
{
  if (a->excess > 0 || b->excess > 0) {
    return a->excess < b->excess;
  }
  bool better = false;
  for (int k = 0; k < n_objectives; k++) {
    if (a->objective[k] > b->objective[k]) {
      return false;
    }
    better = better || a->objective[k] < b->objective[k];
  }
  return better;
}

static const pareto_score *score_of(const pareto_state *state, int member)
{
  return &state->score[state->member[member].point];
}

static bool dominates(const pareto_state *state, int a, int b)
{
  return pareto_dominates(state->task->n_objectives, score_of(state, a), score_of(state, b));
}

static void count_dominators(pareto_state *state)
{
  for (int i = 0; i < state->n_members; i++) {
    state->dominators[i] = 0;
    state->member[i].rank = -1;
    state->member[i].crowding = 0;
  }
  for (int i = 0; i < state->n_members; i++) {
    for (int j = 0; j < state->n_members; j++) {
      state->dominators[j] += dominates(state, i, j);
    }
  }
}

/* Members that no unranked member dominates: how many. They get this rank. */
static int next_front(pareto_state *state, int rank)
{
  int n = 0;
  for (int i = 0; i < state->n_members; i++) {
    if (state->member[i].rank < 0 && state->dominators[i] == 0) {
      state->place[n].member = i;
      n++;
    }
  }
  for (int k = 0; k < n; k++) {
    int i = state->place[k].member;
    state->member[i].rank = rank;
    for (int j = 0; j < state->n_members; j++) {
      state->dominators[j] -= dominates(state, i, j);
    }
  }
  return n;
}

/* Ties go by age, so that the order is one and the same. */
static int by_objective(const void *a, const void *b)
{
  const pareto_place *x = a, *y = b;
  if (x->objective != y->objective) {
    return x->objective < y->objective ? -1 : 1;
  }
  return (x->point > y->point) - (x->point < y->point);
}

/* Adds, for one objective, the distance of both neighbours in the front of n members. */
static void add_crowding(pareto_state *state, int n, int objective)
{
  pareto_place *place = state->place;
  for (int k = 0; k < n; k++) {
    place[k].objective = score_of(state, place[k].member)->objective[objective];
    place[k].point = state->member[place[k].member].point;
  }
  qsort(place, (size_t)n, sizeof *place, by_objective);
  double range = place[n - 1].objective - place[0].objective;
  state->member[place[0].member].crowding = INFINITY;
  state->member[place[n - 1].member].crowding = INFINITY;
  for (int k = 1; k < n - 1 && range > 0; k++) {
    double distance = (place[k + 1].objective - place[k - 1].objective) / range;
    state->member[place[k].member].crowding += distance;
  }
}

static int by_worth(const void *a, const void *b)
{
  const pareto_member *x = a, *y = b;
  if (x->rank != y->rank) {
    return x->rank < y->rank ? -1 : 1;
  }
  if (x->crowding != y->crowding) {
    return x->crowding > y->crowding ? -1 : 1;
  }
  return (x->point > y->point) - (x->point < y->point);
}

/* A front that is to be thinned: members first .. first + n - 1. */
typedef struct front {
  pareto_state *state;
  int first, n;
  double range[PARETO_OBJECTIVES_MAX];
} front;

static double objective_of(const front *f, int i, int k)
{
  return score_of(f->state, f->first + i)->objective[k];
}

/* The best member of each objective stays whatever happens. */
static void keep_ends(front *f)
{
  for (int i = 0; i < f->n; i++) {
    f->state->spacing[i] = (pareto_spacing){0};
  }
  for (int k = 0; k < f->state->task->n_objectives; k++) {
    int best = 0, worst = 0;
    for (int i = 1; i < f->n; i++) {
      best = objective_of(f, i, k) < objective_of(f, best, k) ? i : best;
      worst = objective_of(f, i, k) > objective_of(f, worst, k) ? i : worst;
    }
    f->range[k] = objective_of(f, worst, k) - objective_of(f, best, k);
    f->state->spacing[best].kept = true;
  }
}

/* Square of the distance, each objective in units of its range. */
static double distance(const front *f, int i, int j)
{
  double sum = 0;
  for (int k = 0; k < f->state->task->n_objectives; k++) {
    double d = objective_of(f, i, k) - objective_of(f, j, k);
    sum += f->range[k] > 0 ? d * d / (f->range[k] * f->range[k]) : 0;
  }
  return sum;
}

static void measure_spacing(const front *f, int i)
{
  double nearest[PARETO_OBJECTIVES_MAX];
  int m = f->state->task->n_objectives;
  for (int k = 0; k < PARETO_OBJECTIVES_MAX; k++) {
    nearest[k] = INFINITY;
  }
  for (int j = 0; j < f->n; j++) {
    double d = j == i || f->state->spacing[j].gone ? (double)INFINITY : distance(f, i, j);
    for (int k = 0; k < m && d < nearest[m - 1]; k++) { /* in order: what is pushed out moves on */
      double larger = fmax(nearest[k], d);
      nearest[k] = fmin(nearest[k], d);
      d = larger;
    }
  }
  pareto_spacing *s = &f->state->spacing[i];
  s->reach = nearest[m - 1];
  s->vicinity = 1;
  for (int k = 0; k < m; k++) {
    s->vicinity *= nearest[k];
  }
}

/* The one that is to go; -1: none may. */
static int densest(const front *f)
{
  int found = -1;
  for (int i = 0; i < f->n; i++) {
    const pareto_spacing *s = &f->state->spacing[i];
    if (!s->gone && !s->kept && (found < 0 || s->vicinity < f->state->spacing[found].vicinity)) {
      found = i;
    }
  }
  return found;
}

static void drop(front *f, int out)
{
  f->state->spacing[out].gone = true;
  for (int i = 0; i < f->n; i++) {
    const pareto_spacing *s = &f->state->spacing[i];
    if (!s->gone && distance(f, i, out) <= s->reach) {
      measure_spacing(f, i);
    }
  }
}

/* Leaves `room` of the front, which is the end of the members. */
static void thin(front *f, int room)
{
  keep_ends(f);
  for (int i = 0; i < f->n; i++) {
    measure_spacing(f, i);
  }
  int out = densest(f);
  for (int left = f->n; left > room && out >= 0; left--) {
    drop(f, out);
    out = densest(f);
  }
  int kept = f->first;
  for (int i = 0; i < f->n; i++) {
    if (!f->state->spacing[i].gone) {
      f->state->member[kept] = f->state->member[f->first + i];
      kept++;
    }
  }
}

/* Members are in the order of their worth. Infeasible ones are told apart by excess and age. */
static void cut(pareto_state *state)
{
  if (state->n_members <= state->population) {
    return;
  }
  int rank = state->member[state->population].rank;
  front last = {.state = state};
  while (state->member[last.first].rank < rank) {
    last.first++;
  }
  while (last.first + last.n < state->n_members &&
         state->member[last.first + last.n].rank == rank) {
    last.n++;
  }
  if (score_of(state, last.first)->excess <= 0 && last.first < state->population) {
    thin(&last, state->population - last.first);
  }
  state->n_members = state->population;
}

void pareto_survive(pareto_state *state)
{
  count_dominators(state);
  int ranked = 0;
  for (int rank = 0; ranked < state->n_members; rank++) {
    int n = next_front(state, rank);
    bool feasible = score_of(state, state->place[0].member)->excess <= 0;
    for (int k = 0; k < state->task->n_objectives && feasible; k++) {
      add_crowding(state, n, k);
    }
    ranked += n;
  }
  qsort(state->member, (size_t)state->n_members, sizeof *state->member, by_worth);
  cut(state);
}

int pareto_tournament(pareto_state *state)
{
  uint64_t n = (uint64_t)state->n_members;
  int a = (int)(random_bits(&state->stream) % n), b = (int)(random_bits(&state->stream) % n);
  const pareto_member *x = &state->member[a], *y = &state->member[b];
  bool second = y->rank < x->rank || (y->rank == x->rank && y->crowding > x->crowding);
  return second ? b : a;
}
