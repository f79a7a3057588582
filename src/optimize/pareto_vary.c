/* Variation: simulated binary crossover and polynomial mutation, both within bounds: K. Deb,
 * R. B. Agrawal, Complex Systems 9 (1995) 115; K. Deb, S. Tiwari, Eur. J. Oper. Res. 185 (2008)
 * 1062, doi 10.1016/j.ejor.2006.06.042.
 *
 * Everything moves in the unit interval. A list of levels is cut into cells of equal width, and a
 * gene stands for the level of its cell: there, a mutation moves at least to the next level. */
#include "optimize/pareto_state.h"

#include "optimize/neighbours.h"
#include "optimize/scale.h"

#include <math.h>

/* Distribution index and probabilities as in the literature. */
static const double CROSSOVER_INDEX = 15;
static const double CROSSOVER_PROBABILITY = 0.9, EXCHANGE_PROBABILITY = 0.5;

/* A mutation's distribution index is 10 .. 1000, evenly in its logarithm: coarse steps to find a
 * front, fine ones to come close to it. */
static const double MUTATION_INDEX_LOW = 10, MUTATION_INDEX_RANGE = 100;

/* Of the mutations. */
static const double JUMP_SHARE = 0.05;

static double gene_of(const search_variable *v, double value)
{
  return v->n_levels > 0 ? (search_grid_nearest(v, value) + 0.5) / v->n_levels
                         : search_scale_to_unit(v, value);
}

static int level_of(const search_variable *v, double gene)
{
  int level = (int)floor(gene * v->n_levels);
  return level < 0 ? 0 : (level < v->n_levels ? level : v->n_levels - 1);
}

static double value_of(const search_variable *v, double gene)
{
  return v->n_levels > 0 ? v->level[level_of(v, gene)] + 0.0 : search_scale_from_unit(v, gene);
}

void pareto_snap(const pareto_task *task, const double *from, double *value)
{
  for (int i = 0; i < task->n_variables; i++) {
    const search_variable *v = &task->variable[i];
    value[i] = v->n_levels > 0 ? v->level[search_grid_nearest(v, from[i])] + 0.0
                               : fmin(fmax(from[i], v->low), v->high) + 0.0;
  }
}

void pareto_from_unit(const pareto_task *task, const double *u, double *value)
{
  for (int i = 0; i < task->n_variables; i++) {
    value[i] = value_of(&task->variable[i], u[i]);
  }
}

/* Spread of two children about their parents; `room` is the distance from the nearer parent to its
 * bound over half the distance of the parents. */
static double spread(double u, double room)
{
  double alpha = 2 - pow(1 + room, -(CROSSOVER_INDEX + 1));
  double beta = u <= 1 / alpha ? u * alpha : 1 / (2 - u * alpha);
  return pow(beta, 1 / (CROSSOVER_INDEX + 1));
}

static void cross(random_stream *stream, double *a, double *b)
{
  double low = fmin(*a, *b), high = fmax(*a, *b), distance = high - low;
  double u = random_uniform(stream), first = random_uniform(stream);
  if (distance <= 1e-14) {
    return;
  }
  double below = (low + high - spread(u, 2 * low / distance) * distance) / 2;
  double above = (low + high + spread(u, 2 * (1 - high) / distance) * distance) / 2;
  below = fmin(fmax(below, 0), 1);
  above = fmin(fmax(above, 0), 1);
  *a = first < 0.5 ? below : above;
  *b = first < 0.5 ? above : below;
}

/* Polynomial mutation of a gene in [0, 1]. */
static double mutate(double gene, double u, double index)
{
  double moved;
  if (u < 0.5) {
    double rest = pow(1 - gene, index + 1);
    moved = gene + pow(2 * u + (1 - 2 * u) * rest, 1 / (index + 1)) - 1;
  } else {
    double rest = pow(gene, index + 1);
    moved = gene + 1 - pow(2 * (1 - u) + 2 * (u - 0.5) * rest, 1 / (index + 1));
  }
  return fmin(fmax(moved, 0), 1);
}

/* To another level: the mutation's own, or the next one on its side. */
static double mutate_level(const search_variable *v, double gene, double u, double index)
{
  int from = level_of(v, gene), to = level_of(v, mutate(gene, u, index));
  if (to == from) {
    to += u < 0.5 ? -1 : 1;
  }
  if (to < 0 || to >= v->n_levels) {
    to = from + (to < 0 ? 1 : -1);
  }
  to = to < 0 || to >= v->n_levels ? from : to;
  return (to + 0.5) / v->n_levels;
}

/* To either bound, or anywhere: across a gap that small steps do not cross. */
static double jump(double u) { return u < 0.25 ? 0 : (u < 0.5 ? 1 : 2 * u - 1); }

/* One gene in n_variables mutates. */
static double child_value(pareto_state *state, const search_variable *v, double gene)
{
  double chance = random_uniform(&state->stream) * state->task->n_variables;
  double u = random_uniform(&state->stream);
  double index = MUTATION_INDEX_LOW * pow(MUTATION_INDEX_RANGE, random_uniform(&state->stream));
  if (chance < JUMP_SHARE) {
    gene = jump(u);
  } else if (chance < 1) {
    gene = v->n_levels > 0 ? mutate_level(v, gene, u, index) : mutate(gene, u, index);
  }
  return value_of(v, gene);
}

void pareto_vary(pareto_state *state, const double *a, const double *b, double *child_a,
                 double *child_b)
{
  bool crossing = random_uniform(&state->stream) < CROSSOVER_PROBABILITY;
  for (int i = 0; i < state->task->n_variables; i++) {
    const search_variable *v = &state->task->variable[i];
    double gene_a = gene_of(v, a[i]), gene_b = gene_of(v, b[i]);
    if (random_uniform(&state->stream) < EXCHANGE_PROBABILITY && crossing) {
      cross(&state->stream, &gene_a, &gene_b);
    }
    child_a[i] = child_value(state, v, gene_a);
    child_b[i] = child_value(state, v, gene_b);
  }
}
