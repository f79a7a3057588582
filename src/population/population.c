/* One patient: a point of the unit cube, correlated scores, laws, products, parameters. */
#include "population/population.h"

#include <math.h>
#include <string.h>

#include "base/allocate.h"
#include "base/error.h"
#include "base/quantile.h"
#include "population/laws.h"
#include "population/points.h"

struct population {
  const population_description *description;
  const model *model;
  population_points points;
  /* Cholesky factor of the correlations (n_coordinates x n_coordinates) */
  double factor[POPULATION_COORDINATES_MAX * POPULATION_COORDINATES_MAX];
  bool correlated[POPULATION_COORDINATES_MAX];
};

static bool prepare(population *p, uint64_t seed, stepdose_error *error)
{
  const population_description *d = p->description;
  if (!population_points_open(&p->points, d->sampling, d->n_coordinates, seed)) {
    return error_set(error, STEPDOSE_OUT_OF_RANGE, "sample pseudo-randomly",
                     "there are no Sobol points of %d coordinates", d->n_coordinates);
  }
  if (!population_correlation_factor(d, p->factor)) {
    return error_set(error, STEPDOSE_CONTRADICTION, "bring correlations nearer to 0",
                     "the matrix of correlations is not positive definite");
  }
  for (int k = 0; k < d->n_correlations; k++) {
    p->correlated[d->correlation[k].first] = p->correlated[d->correlation[k].second] = true;
  }
  return true;
}

population *population_open(const population_description *d, const model *m, uint64_t seed,
                            stepdose_error *error)
{
  population *p = allocate_zeroed(1, sizeof *p);
  if (p == NULL) {
    error_no_memory(error, "sampling patients");
    return NULL;
  }
  p->description = d;
  p->model = m;
  if (!prepare(p, seed, error)) {
    population_close(p);
    return NULL;
  }
  return p;
}

void population_close(population *p) { release(p); }

/* Scores with their correlations; coordinates without any keep the exact bits of their point. */
static void correlate(const population *p, double *u, double *z)
{
  const int n = p->description->n_coordinates;
  double own[POPULATION_COORDINATES_MAX];
  for (int j = 0; j < n; j++) {
    own[j] = z[j] = normal_quantile(u[j]);
  }
  for (int j = 0; j < n; j++) {
    if (p->correlated[j]) {
      z[j] = 0;
      for (int k = 0; k <= j; k++) {
        z[j] += p->factor[j * n + k] * own[k];
      }
      u[j] = normal_probability(z[j]);
    }
  }
}

static double within(double value, double low, double high)
{
  return value < low ? low : value > high ? high : value;
}

static double multiply(const population_product *product, const double *covariates,
                       const double *base)
{
  double value = product->factor;
  for (int i = 0; i < product->n_factors; i++) {
    const population_factor *f = &product->factors[i];
    value *= pow(f->is_parameter ? base[f->index] : covariates[f->index], f->power);
  }
  return value;
}

static void draw_covariates(const population *p, const double *base, long index, double *covariates)
{
  const population_description *d = p->description;
  double u[POPULATION_COORDINATES_MAX];
  double z[POPULATION_COORDINATES_MAX];
  population_point(&p->points, index, u);
  correlate(p, u, z);
  for (int j = 0; j < population_covariates(d); j++) {
    const population_quantity *q = &d->quantity[j];
    const int product = j - d->n_coordinates;
    const double value = product < 0 ? population_law_value(d, j, u[j], z[j])
                                     : multiply(&d->product[product], covariates, base);
    covariates[j] = within(value, q->at_least, q->at_most);
  }
}

/* A value that is no number leaves the parameter as the problem has it; the weight is 0 then. */
static void set_parameters(const population *p, const double *covariates, double *parameters)
{
  const population_description *d = p->description;
  for (int j = 0; j < population_covariates(d); j++) {
    const population_quantity *q = &d->quantity[j];
    for (int k = 0; k < q->n_sets && !isnan(covariates[j]); k++) {
      const model_parameter *row = &p->model->parameters[q->sets[k]];
      parameters[q->sets[k]] = within(covariates[j], row->low, row->high);
    }
  }
}

static bool model_accepts(const population *p, const double *covariates)
{
  const population_description *d = p->description;
  for (int j = 0; j < population_covariates(d); j++) {
    const population_quantity *q = &d->quantity[j];
    if (!isfinite(covariates[j])) {
      return false;
    }
    for (int k = 0; k < q->n_sets; k++) {
      const model_parameter *row = &p->model->parameters[q->sets[k]];
      if (covariates[j] < row->low || covariates[j] > row->high) {
        return false;
      }
    }
  }
  return true;
}

static bool in_range(const population_range *range, const double *covariates)
{
  const double value = covariates[range->covariate];
  return value >= range->low && value <= range->high;
}

static bool is_plausible(const population *p, const double *covariates)
{
  const population_description *d = p->description;
  bool plausible = model_accepts(p, covariates);
  for (int k = 0; k < d->n_ranges; k++) {
    plausible = plausible && in_range(&d->range[k], covariates);
  }
  return plausible;
}

bool population_draw(const population *p, const double *base, long first, int count,
                     double *parameters, double *weights, double *covariates, stepdose_error *error)
{
  const size_t n_parameters = (size_t)p->model->n_parameters;
  const size_t n_covariates = (size_t)population_covariates(p->description);
  double own[POPULATION_COVARIATES_MAX];
  if (first < 0 || count < 0 || first > POPULATION_PATIENTS_MAX - (long)count) {
    return error_set(error, STEPDOSE_OUT_OF_RANGE, "take another seed for further patients",
                     "patients %ld to %ld are asked for; a population has %d", first + 1,
                     first + count, POPULATION_PATIENTS_MAX);
  }
  for (int i = 0; i < count; i++) {
    double *c = covariates != NULL ? covariates + (size_t)i * n_covariates : own;
    draw_covariates(p, base, first + i, c);
    if (parameters != NULL) {
      double *row = parameters + (size_t)i * n_parameters;
      memcpy(row, base, n_parameters * sizeof *row);
      set_parameters(p, c, row);
    }
    if (weights != NULL) {
      weights[i] = is_plausible(p, c) ? 1 : 0;
    }
  }
  return true;
}

void population_count_accepted(const population *p, int count, const double *covariates,
                               population_acceptance *a)
{
  const population_description *d = p->description;
  for (int i = 0; i < count; i++) {
    const double *c = covariates + (size_t)i * (size_t)population_covariates(d);
    a->drawn++;
    a->accepted += is_plausible(p, c);
    a->outside_model += !model_accepts(p, c);
    for (int k = 0; k < d->n_ranges; k++) {
      a->outside[k] += !in_range(&d->range[k], c);
    }
  }
}

bool population_in_stratum(const population *p, int s, const double *covariates)
{
  const population_stratum *stratum = &p->description->stratum[s];
  const double value = covariates[stratum->covariate];
  return value >= stratum->low && value < stratum->high;
}
