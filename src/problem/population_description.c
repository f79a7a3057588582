/* Tables of laws, and look-ups in a description of patients. */
#include "problem/population_description.h"

#include <string.h>

#include "base/allocate.h"
#include "base/cholesky.h"

const population_law_row population_laws[POPULATION_LAW_COUNT] = {
#define X(id, name, takes, positive, meaning) {name, meaning, takes, positive},
    POPULATION_LAWS(X)
#undef X
};

const char *const population_sampling_names[POPULATION_SAMPLING_COUNT] = {
#define X(id, name, meaning) name,
    POPULATION_SAMPLINGS(X)
#undef X
};

const char *const population_number_keys[POPULATION_NUMBER_COUNT] = {
#define X(id, key, low, high, meaning) key,
    POPULATION_NUMBERS(X)
#undef X
};

void population_description_free(population_description *d)
{
  for (int k = 0; d != NULL && k < d->n_weight_sets; k++) {
    release(d->weight_set[k].weight);
  }
  release(d);
}

int population_covariates(const population_description *d)
{
  return d->n_coordinates + d->n_derived;
}

int population_covariate_index(const population_description *d, const char *name)
{
  for (int i = 0; i < population_covariates(d); i++) {
    if (strcmp(d->quantity[i].name, name) == 0) {
      return i;
    }
  }
  return -1;
}

int population_set_of(const population_description *d, uint64_t seed)
{
  if (d->resampled) {
    return (int)(seed % (uint64_t)d->n_weight_sets);
  }
  for (int k = 0; k < d->n_weight_sets; k++) {
    if (d->weight_set[k].seed == seed) {
      return k;
    }
  }
  return -1;
}

bool population_strangers(const population_description *d, uint64_t a, uint64_t b)
{
  const int set = population_set_of(d, a);
  return set >= 0 ? set != population_set_of(d, b) : a != b;
}

/* After the largest seed resampled patients go on with the small seed of the set whose turn it is.
 */
uint64_t population_next_seed(const population_description *d, uint64_t seed)
{
  const int set = population_set_of(d, seed);
  if (set >= 0 && !d->resampled) {
    return d->weight_set[(set + 1) % d->n_weight_sets].seed;
  }
  if (seed < POPULATION_SEED_MOST) {
    return seed + 1;
  }
  return d->resampled ? (seed + 1) % (uint64_t)d->n_weight_sets : 0;
}

uint64_t population_seeds(const population_description *d)
{
  return d->n_weight_sets > 0 ? (uint64_t)d->n_weight_sets : POPULATION_SEED_MOST;
}

bool population_strata_apart(const population_description *d, int a, int b)
{
  const population_stratum *first = &d->stratum[a];
  const population_stratum *second = &d->stratum[b];
  return first->covariate == second->covariate &&
         (first->high <= second->low || second->high <= first->low);
}

bool population_correlation_factor(const population_description *d, double *factor)
{
  const int n = d->n_coordinates;
  memset(factor, 0, (size_t)(n * n) * sizeof *factor);
  for (int i = 0; i < n; i++) {
    factor[i * n + i] = 1;
  }
  for (int k = 0; k < d->n_correlations; k++) {
    const population_correlation *c = &d->correlation[k];
    const int row = c->first > c->second ? c->first : c->second;
    factor[row * n + c->first + c->second - row] = c->value;
  }
  return cholesky_factor(n, factor);
}
