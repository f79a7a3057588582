/* Samples: marginals, correlations, bounds, and any patient alone. */
#include "tests/population/fixtures.h"

enum { PATIENTS = 4096, SEED = 7 };

typedef double probability(double x);

static double standard_normal(double z) { return 0.5 * erfc(-z / sqrt(2)); }

/* Closed forms of P(X <= x), written down without the code that samples. */
static double lognormal(double x) { return standard_normal(log(x / 5.4) / 0.578); }

static double split_lognormal(double x)
{
  const double ln = log(x / 21.5);
  return standard_normal(ln / (ln > 0 ? 0.65 : 2.2));
}

static double normal(double x) { return standard_normal((x + 3) / 2); }

static double uniform(double x) { return (x - 2) / 5; }

static double log_uniform(double x) { return log(x / 4) / log(20); }

static double power(double x) { return pow(x / 0.15, 1 / 4.2); }

static double triangular_log(double x)
{
  const double t =
      x > 0.25 ? log(x / 0.25) / (0.4 * log(0.4 / 0.25)) : -log(x / 0.25) / (0.4 * log(0.1 / 0.25));
  return t < 0 ? (1 + t) * (1 + t) / 2 : 1 - (1 - t) * (1 - t) / 2;
}

static double beta(double x)
{
  const double s = (x - 10) / 20;
  return s * s * (6 - 8 * s + 3 * s * s);
}

enum { LAWS = 8 };

static probability *const closed_form[LAWS] = {
    lognormal, split_lognormal, normal, uniform, log_uniform, power, triangular_log, beta};

static population_description *make_laws(population_sampling sampling)
{
  population_description *d = allocate_zeroed(1, sizeof *d);
  d->sampling = sampling;
  population_coordinate *c = fixture_add(d, POPULATION_LAW_LOGNORMAL);
  c->number[POPULATION_MEDIAN] = 5.4, c->number[POPULATION_SD_LN] = 0.578;
  c = fixture_add(d, POPULATION_LAW_SPLIT_LOGNORMAL);
  c->number[POPULATION_MEDIAN] = 21.5;
  c->number[POPULATION_SD_LN_ABOVE] = 0.65, c->number[POPULATION_SD_LN_BELOW] = 2.2;
  c = fixture_add(d, POPULATION_LAW_NORMAL);
  c->number[POPULATION_MEAN] = -3, c->number[POPULATION_SD] = 2;
  c = fixture_add(d, POPULATION_LAW_UNIFORM);
  c->number[POPULATION_LOW] = 2, c->number[POPULATION_HIGH] = 7;
  c = fixture_add(d, POPULATION_LAW_LOG_UNIFORM);
  c->number[POPULATION_LOW] = 4, c->number[POPULATION_HIGH] = 80;
  c = fixture_add(d, POPULATION_LAW_POWER);
  c->number[POPULATION_HIGH] = 0.15, c->number[POPULATION_EXPONENT] = 4.2;
  c = fixture_add(d, POPULATION_LAW_TRIANGULAR_LOG);
  c->number[POPULATION_MEDIAN] = 0.25, c->number[POPULATION_WIDTH] = 0.4;
  c->number[POPULATION_LOW] = 0.1, c->number[POPULATION_HIGH] = 0.4;
  c = fixture_add(d, POPULATION_LAW_BETA);
  c->number[POPULATION_ALPHA] = 2, c->number[POPULATION_BETA] = 3;
  c->number[POPULATION_LOW] = 10, c->number[POPULATION_HIGH] = 30;
  return d;
}

/* Kolmogorov and Smirnov: largest distance of the empirical distribution from the closed form. */
static double distance(const double *covariates, int law)
{
  static double u[PATIENTS];
  static weighted_number sorted[PATIENTS];
  double largest = 0;
  for (int i = 0; i < PATIENTS; i++) {
    u[i] = closed_form[law](covariates[i * LAWS + law]);
    sorted[i] = (weighted_number){u[i], 1};
  }
  qsort(sorted, PATIENTS, sizeof sorted[0], weighted_by_value);
  for (int i = 0; i < PATIENTS; i++) {
    largest = fmax(largest, fabs(sorted[i].value - (double)i / PATIENTS));
    largest = fmax(largest, fabs(sorted[i].value - (i + 1.0) / PATIENTS));
  }
  return largest;
}

/* Sobol points put exactly one of n = 4096 patients into each n-th of every law: no distance above
 * 1/n. Of independent ones 1.95/sqrt(n) is exceeded once in a thousand. */
Test(population, every_law_has_its_closed_form_as_marginal)
{
  const double bound[POPULATION_SAMPLING_COUNT] = {1.0 / PATIENTS + 1e-9, 1.95 / sqrt(PATIENTS)};
  for (int s = 0; s < POPULATION_SAMPLING_COUNT; s++) {
    population_description *d = make_laws((population_sampling)s);
    population *p = fixture_open(d, SEED);
    double *covariates = fixture_covariates(p, d, 0, PATIENTS);
    for (int law = 0; law < LAWS; law++) {
      const double found = distance(covariates, law);
      cr_log_info("%s, %s: distance %.2e\n", s == 0 ? "Sobol" : "random", population_laws[law].name,
                  found);
      cr_expect(found <= bound[s], "%s, sampling %d: distance %g", population_laws[law].name, s,
                found);
    }
    release(covariates);
    population_close(p);
    release(d);
  }
}

/* 4096 even points: every value appears as often as its weight says, up to one patient. */
Test(population, an_empirical_law_gives_its_values_by_weight)
{
  static const population_row table[] = {{3, 1}, {-1, 5}, {7, 0}, {2, 2}};
  population_description *d = allocate_zeroed(1, sizeof *d);
  fixture_add(d, POPULATION_LAW_EMPIRICAL)->n_rows = 4;
  memcpy(d->row, table, sizeof table);
  population *p = fixture_open(d, SEED);
  double *covariates = fixture_covariates(p, d, 0, PATIENTS);
  for (int row = 0; row < 4; row++) {
    int n = 0;
    for (int i = 0; i < PATIENTS; i++) {
      n += covariates[i] == table[row].value;
    }
    cr_expect(abs(n - (int)(PATIENTS * table[row].weight / 8)) <= 1, "%g appears %d times",
              table[row].value, n);
  }
  release(covariates);
  population_close(p);
  release(d);
}

static double correlation(const double *x, const double *y, int n, int stride)
{
  double sx = 0, sy = 0, sxx = 0, syy = 0, sxy = 0;
  for (int i = 0; i < n; i++) {
    const double a = log(x[i * stride]), b = log(y[i * stride]);
    sx += a, sy += b, sxx += a * a, syy += b * b, sxy += a * b;
  }
  return (n * sxy - sx * sy) / sqrt((n * sxx - sx * sx) * (n * syy - sy * sy));
}

/* Three lognormal quantities of which each pair is correlated, and a fourth that is not. */
Test(population, scores_have_their_correlations_and_keep_their_marginals)
{
  static const population_correlation wanted[] = {{0, 1, 0.88}, {2, 0, -0.5}, {1, 2, -0.3}};
  for (int s = 0; s < POPULATION_SAMPLING_COUNT; s++) {
    population_description *d = allocate_zeroed(1, sizeof *d);
    d->sampling = (population_sampling)s;
    for (int j = 0; j < 4; j++) {
      population_coordinate *c = fixture_add(d, POPULATION_LAW_LOGNORMAL);
      c->number[POPULATION_MEDIAN] = 5, c->number[POPULATION_SD_LN] = 0.5;
    }
    memcpy(d->correlation, wanted, sizeof wanted);
    d->n_correlations = 3;
    population *p = fixture_open(d, SEED);
    double *x = fixture_covariates(p, d, 0, PATIENTS);
    const double bound = s == POPULATION_SOBOL ? 0.01 : 4 / sqrt(PATIENTS);
    for (int k = 0; k < 3; k++) {
      const population_correlation *w = &wanted[k];
      const double found = correlation(x + w->first, x + w->second, PATIENTS, 4);
      cr_expect(fabs(found - w->value) < bound, "%g instead of %g", found, w->value);
      cr_expect(fabs(correlation(x + w->first, x + 3, PATIENTS, 4)) < bound, "with the fourth");
    }
    for (int j = 0; j < 4; j++) {
      double column[PATIENTS];
      for (int i = 0; i < PATIENTS; i++) {
        column[i] = x[i * 4 + j];
      }
      const double median = weighted_quantile(PATIENTS, column, NULL, 0.5);
      const double p90 = weighted_quantile(PATIENTS, column, NULL, 0.9);
      cr_expect(fabs(log(median / 5)) < 2 * bound, "median of %d: %g", j, median);
      cr_expect(fabs(log(p90 / 5) / 0.5 - 1.2816) < 3 * bound, "90 %% of %d: %g", j, p90);
    }
    release(x);
    population_close(p);
    release(d);
  }
}

Test(population, contradicting_correlations_are_refused)
{
  population_description *d = allocate_zeroed(1, sizeof *d);
  stepdose_error error = {.code = STEPDOSE_OK};
  for (int j = 0; j < 3; j++) {
    fixture_add(d, POPULATION_LAW_NORMAL)->number[POPULATION_SD] = 1;
  }
  population_close(fixture_open(d, 1));
  d->n_correlations = 3;
  d->correlation[0] = (population_correlation){0, 1, 0.9};
  d->correlation[1] = (population_correlation){1, 2, 0.9};
  d->correlation[2] = (population_correlation){0, 2, -0.9};
  cr_expect_null(population_open(d, model_find("hosseini2020"), 1, &error));
  cr_expect_eq(error.code, STEPDOSE_CONTRADICTION, "%s", error.message);
  release(d);
}

Test(population, without_memory_nothing_is_opened)
{
  population_description *d = make_laws(POPULATION_SOBOL);
  stepdose_error error = {.code = STEPDOSE_OK};
  allocate_fail_after(0, 0);
  cr_expect_null(population_open(d, model_find("hosseini2020"), SEED, &error));
  allocate_fail_after(-1, 0);
  cr_expect_eq(error.code, STEPDOSE_NO_MEMORY, "%s", error.message);
  release(d);
}

Test(population, any_patient_is_the_same_alone_and_in_company)
{
  static const long alone[] = {0, 1, 5, 255, 1000, 4095};
  for (int s = 0; s < POPULATION_SAMPLING_COUNT; s++) {
    population_description *d = make_laws((population_sampling)s);
    population *p = fixture_open(d, SEED);
    population *again = fixture_open(d, SEED);
    population *other = fixture_open(d, SEED + 1);
    double *all = fixture_covariates(p, d, 0, PATIENTS);
    for (size_t k = 0; k < sizeof alone / sizeof alone[0]; k++) {
      double *one = fixture_covariates(again, d, alone[k], 1);
      double *different = fixture_covariates(other, d, alone[k], 1);
      cr_expect(memcmp(one, all + alone[k] * LAWS, LAWS * sizeof *one) == 0, "patient %ld",
                alone[k]);
      cr_expect(memcmp(one, different, LAWS * sizeof *one) != 0, "seeds do not matter");
      release(one);
      release(different);
    }
    release(all);
    population_close(p);
    population_close(again);
    population_close(other);
    release(d);
  }
}

static population_description *make_cube(int n, population_sampling sampling)
{
  population_description *d = allocate_zeroed(1, sizeof *d);
  d->sampling = sampling;
  for (int j = 0; j < n; j++) {
    fixture_add(d, POPULATION_LAW_UNIFORM)->number[POPULATION_HIGH] = 1;
  }
  return d;
}

/* Beyond 40 coordinates the points come from elsewhere: every n-th of each still holds one of n. */
Test(population, many_coordinates_are_as_even_and_any_patient_is_the_same_alone)
{
  enum { N = 1024 };
  population_description *d = make_cube(POPULATION_COORDINATES_MAX, POPULATION_SOBOL);
  population *p = fixture_open(d, SEED);
  double *x = fixture_covariates(p, d, 0, N);
  for (int j = 0; j < POPULATION_COORDINATES_MAX; j++) {
    bool taken[N] = {false};
    for (int i = 0; i < N; i++) {
      const int box = (int)(x[i * POPULATION_COORDINATES_MAX + j] * N);
      cr_expect(!taken[box], "coordinate %d: two points in part %d", j, box);
      taken[box] = true;
    }
  }
  double *one = fixture_covariates(p, d, N - 1, 1);
  cr_expect(memcmp(one, x + (N - 1) * POPULATION_COORDINATES_MAX,
                   POPULATION_COORDINATES_MAX * sizeof *one) == 0);
  release(one);
  release(x);
  population_close(p);
  release(d);
}

Test(population, there_are_65536_patients_of_a_seed)
{
  population_description *d = make_laws(POPULATION_SOBOL);
  population *p = fixture_open(d, SEED);
  double base[256], weight;
  stepdose_error error = {.code = STEPDOSE_OK};
  model_parameter_defaults(model_find("hosseini2020"), base);
  cr_expect(population_draw(p, base, 65535, 1, NULL, &weight, NULL, &error), "the last one");
  cr_expect(!population_draw(p, base, 65535, 2, NULL, NULL, NULL, &error), "one more");
  cr_expect_eq(error.code, STEPDOSE_OUT_OF_RANGE);
  cr_expect(!population_draw(p, base, -1, 1, NULL, NULL, NULL, &error), "before the first");
  population_close(p);
  release(d);
}

/* Sobol's first two coordinates are a (0, m, 2)-net, scrambled or not: each of n equal boxes of any
 * shape holds one point. */
Test(population, scrambled_points_stay_a_net)
{
  enum { BITS = 10, N = 1 << BITS };
  population_description *d = make_cube(2, POPULATION_SOBOL);
  for (uint64_t seed = 0; seed < 5; seed++) {
    population *p = fixture_open(d, seed);
    double *x = fixture_covariates(p, d, 0, N);
    for (int wide = 0; wide <= BITS; wide++) {
      bool taken[N] = {false};
      for (int i = 0; i < N; i++) {
        const int column = (int)(x[2 * i] * (1 << wide));
        const int box = (column << (BITS - wide)) + (int)(x[2 * i + 1] * (1 << (BITS - wide)));
        cr_expect(!taken[box], "seed %d: two points in one of %d x %d boxes", (int)seed, 1 << wide,
                  1 << (BITS - wide));
        taken[box] = true;
      }
    }
    release(x);
    population_close(p);
  }
  release(d);
}

/* The mean over [0, 1]^34 of a product in which, as in the recipe, few coordinates count, is 1. */
static double error_of_mean(population_sampling sampling, int seeds, int n)
{
  enum { DIMENSIONS = 34 };
  population_description *d = make_cube(DIMENSIONS, sampling);
  double squares = 0;
  for (int seed = 0; seed < seeds; seed++) {
    population *p = fixture_open(d, (uint64_t)seed);
    double *x = fixture_covariates(p, d, 0, n);
    double mean = 0;
    for (int i = 0; i < n; i++) {
      double product = 1;
      for (int j = 0; j < DIMENSIONS; j++) {
        product *= 1 + (x[i * DIMENSIONS + j] - 0.5) / ((j + 1) * (j + 1));
      }
      mean += product / n;
    }
    squares += (mean - 1) * (mean - 1);
    release(x);
    population_close(p);
  }
  release(d);
  return sqrt(squares / seeds);
}

Test(population, sobol_patients_are_worth_many_random_ones)
{
  enum { SEEDS = 20, N = 1024 };
  const double even = error_of_mean(POPULATION_SOBOL, SEEDS, N);
  const double random = error_of_mean(POPULATION_PSEUDO_RANDOM, SEEDS, N);
  cr_log_info("error of a mean over %d patients, %d seeds: Sobol %.2e, random %.2e\n", N, SEEDS,
              even, random);
  /* variance of the product: 0.10, so 0.010 for independent patients */
  cr_expect(random > 0.005 && random < 0.02, "random: %g", random);
  cr_expect(even < random / 10, "Sobol: %g, random: %g", even, random);
}
