/* One patient: a point of the unit cube, correlated scores, laws, products, parameters. */
#include "population/population.h"

#include <math.h>
#include <string.h>

#include "base/allocate.h"
#include "base/error.h"
#include "base/quantile.h"
#include "population/laws.h"
#include "population/points.h"
#include "population/resampling.h"
#include "population/weights.h"

/* The stream that the shift of resampling is drawn from. */
static const uint64_t RESAMPLING_STREAM = UINT64_C(0x726573616d706c65);

struct population {
  const population_description *description;
  const model *model;
  const population_weight_set *set; /* NULL: all patients count alike */
  resampling resampled;             /* where the description says so */
  population_points points;
  /* Cholesky factor of the correlations (n_coordinates x n_coordinates) */
  double factor[POPULATION_COORDINATES_MAX * POPULATION_COORDINATES_MAX];
  bool correlated[POPULATION_COORDINATES_MAX];
};

static bool prepare_weights(population *p, uint64_t seed, stepdose_error *error)
{
  const population_description *d = p->description;
  random_stream random = random_open(seed, RESAMPLING_STREAM);
  const int set = population_set_of(d, seed);
  p->set = set >= 0 ? &d->weight_set[set] : NULL;
  if (d->n_weight_sets > 0 && p->set == NULL) {
    return error_set(error, STEPDOSE_OUT_OF_RANGE,
                     "use a seed of the population file, or ask for \"resample\": true",
                     "the population has no weights for patients of seed %llu",
                     (unsigned long long)seed);
  }
  return !d->resampled || resampling_open(&p->resampled, p->set->n_patients, p->set->weight,
                                          random_uniform(&random), error);
}

static bool prepare(population *p, uint64_t seed, stepdose_error *error)
{
  const population_description *d = p->description;
  if (!prepare_weights(p, seed, error) ||
      !population_points_open(&p->points, d->sampling, d->n_coordinates,
                              p->set != NULL ? p->set->seed : seed, error)) {
    return false;
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

void population_close(population *p)
{
  if (p != NULL) {
    population_points_close(&p->points);
    resampling_close(&p->resampled);
    release(p);
  }
}

/* Patients that a seed has. */
static long size_of(const population *p)
{
  return p->set != NULL && !p->description->resampled ? p->set->n_patients
                                                      : POPULATION_PATIENTS_MAX;
}

/* The number of a patient among those who are drawn by the laws. */
static long drawn_number(const population *p, long index)
{
  return p->description->resampled ? resampling_patient(&p->resampled, index) : index;
}

/* What a plausible patient counts. */
static double weight_of(const population *p, long index)
{
  return p->set != NULL && !p->description->resampled ? p->set->weight[index] : 1;
}

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
  population_point(&p->points, drawn_number(p, index), u);
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

static bool is_asked_for(const population *p, const double *covariates)
{
  const int only = p->description->only_stratum - 1;
  return only < 0 || population_in_stratum(p, only, covariates);
}

bool population_draw(const population *p, const double *base, long first, int count,
                     double *parameters, double *weights, double *covariates, stepdose_error *error)
{
  const size_t n_parameters = (size_t)p->model->n_parameters;
  const size_t n_covariates = (size_t)population_covariates(p->description);
  double own[POPULATION_COVARIATES_MAX];
  if (first < 0 || count < 0 || first > size_of(p) - (long)count) {
    return error_set(error, STEPDOSE_OUT_OF_RANGE, "take another seed for further patients",
                     "patients %ld to %ld are asked for; a population has %ld", first + 1,
                     first + count, size_of(p));
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
      const bool counts = is_plausible(p, c) && is_asked_for(p, c);
      weights[i] = counts ? weight_of(p, first + i) : 0;
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

/* Adds up the weights of those who are the same. */
static void sum_up(const population *p, int count, const double *weights, double *of_drawn)
{
  for (int i = 0; i < count; i++) {
    of_drawn[drawn_number(p, i)] += weights[i];
  }
}

static double largest(int n, const double *values)
{
  double most = 0;
  for (int i = 0; i < n; i++) {
    most = fmax(most, values[i]);
  }
  return most;
}

bool population_worth_of(const population *p, int count, const double *weights,
                         population_worth *out, stepdose_error *error)
{
  const int n = p->set != NULL ? p->set->n_patients : count;
  double *of_drawn = allocate_zeroed((size_t)n + 1, sizeof *of_drawn);
  if (of_drawn == NULL) {
    return error_no_memory(error, "weighing patients");
  }
  sum_up(p, count, weights, of_drawn);
  *out = (population_worth){.effective = weights_effective_size(n, of_drawn), .acceptance = 1};
  for (int i = 0; i < n; i++) {
    out->different += of_drawn[i] > 0;
  }
  if (p->set != NULL) {
    out->acceptance = 1 / largest(n, p->set->weight); /* their mean is 1 */
  }
  release(of_drawn);
  return true;
}
